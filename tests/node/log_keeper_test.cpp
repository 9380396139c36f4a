#include "node/base/log_keeper.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace paprsek::node {
namespace {

constexpr int row_bytes = 8000;  // about two pages

/// A database with one table, and what stands in its own file, the log left aside.
struct Kept {
    Kept() { database.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, text TEXT)"); }
    void add(int count) {
        for (int i = 0; i < count; ++i) {
            Transaction transaction(database);
            database.run("INSERT INTO row (text) VALUES (?)", std::string(row_bytes, 'x'));
            transaction.commit();
        }
    }
    std::int64_t carried_over() const {
        const std::string copy = folder.file("copy.db");
        std::filesystem::copy_file(folder.file("a.db"), copy, std::filesystem::copy_options::overwrite_existing);
        Database own(copy, {.create = false, .read_only = true, .vfs = nullptr});
        if (!own.integer("SELECT 1 FROM sqlite_master WHERE name = 'row'")) return 0;
        return own.integer("SELECT count(*) FROM row").value_or(0);
    }
    test::TemporaryFolder folder;
    Database database{folder.file("a.db"), {.create = true, .read_only = false, .vfs = nullptr}};
};

}  // namespace

TEST_CASE("a full log is carried over beside the writer, and begins anew") {
    Kept kept;
    LogKeeper keeper(kept.database);
    kept.add(LogKeeper::begin_pages);
    CHECK(keeper.log_pages() > 0);
    keeper.settle();
    CHECK(kept.carried_over() == LogKeeper::begin_pages);
    kept.add(1);
    CHECK(keeper.log_pages() < 10);
    CHECK(kept.carried_over() == LogKeeper::begin_pages);
}

TEST_CASE("a reader keeps the log; nothing is lost, and it is carried over when the reader goes") {
    Kept kept;
    {
        LogKeeper keeper(kept.database);
        kept.add(1);
        keeper.settle();
        {
            Database reader(kept.folder.file("a.db"), {.create = false, .read_only = true, .vfs = nullptr});
            auto snapshot = reader.query("SELECT number FROM row");
            REQUIRE(snapshot.step());
            kept.add(LogKeeper::begin_pages);
            keeper.settle();
            CHECK(kept.carried_over() == 1);
            CHECK_FALSE(snapshot.step());
        }
        keeper.settle();
        CHECK(kept.carried_over() == LogKeeper::begin_pages + 1);
    }
    // Afterwards the database does it by itself, as before.
    CHECK(kept.database.integer("PRAGMA wal_autocheckpoint") == 4000);
    kept.add(2100);
    CHECK(kept.carried_over() > LogKeeper::begin_pages + 1);
    CHECK(kept.database.integer("SELECT count(*) FROM row") == LogKeeper::begin_pages + 2101);
}

}  // namespace paprsek::node
