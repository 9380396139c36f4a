// The same script over both stores: what it is answered, and the rows that are left, must be the same.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "hq/postgres_store.h"
#include "hq/sqlite_store.h"
#include "tests/store/cluster.h"

namespace paprsek::test {

/// What a store answered, a line each.
class Answers {
public:
    template <class... Args>
    void add(fmt::format_string<Args...> form, Args&&... args) {
        lines.push_back(fmt::format(form, std::forward<Args>(args)...));
    }
    std::vector<std::string> lines;
};

using Script = std::function<void(hq::Store&, Answers&)>;

inline std::vector<std::string> rows_of(hq::Store& store) {
    std::vector<std::string> rows;
    const hq::StoreSnapshot snapshot(store);
    for (const std::string& name : store.projections()) {
        const auto cursor = store.projection(name);
        while (const auto row = cursor->next()) rows.push_back(name + ": " + row->first + " = " + row->second);
    }
    return rows;
}

inline void check_same(const std::vector<std::string>& ours, const std::vector<std::string>& theirs) {
    for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
        if (ours[i] != theirs[i]) {
            CHECK(ours[i] == theirs[i]);
            return;  // what follows would only repeat it
        }
    CHECK(ours.size() == theirs.size());
}

/// The answers of SQLite, which are those of PostgreSQL too.
inline std::vector<std::string> on_both(const Script& script) {
    Answers ours, theirs;
    hq::SqliteStore sqlite("", true);
    script(sqlite, ours);
    hq::PostgresStore postgres(Cluster::shared().empty(), true);
    script(postgres, theirs);
    check_same(ours.lines, theirs.lines);
    check_same(rows_of(sqlite), rows_of(postgres));
    return ours.lines;
}

}  // namespace paprsek::test
