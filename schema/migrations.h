// The numbered SQL migrations of the two stores, compiled in. Migration N of a store is row N−1 of its span;
// PRAGMA user_version says how many have run. node/base/database.h runs them.
#pragma once
#include <span>
#include <string_view>

namespace paprsek::schema {

struct Migration {
    std::string_view name;  ///< file name without ending, such as "001_ledger"
    std::string_view sql;
};

std::span<const Migration> branch_migrations();
std::span<const Migration> hq_migrations();
/// Of an HQ on a PostgreSQL server (hq/postgres_database.h).
std::span<const Migration> hq_postgres_migrations();

}  // namespace paprsek::schema
