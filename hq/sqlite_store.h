// HQ's store in one SQLite file: the default, nothing to install.
#pragma once
#include "hq/sql_store.h"
#include "hq/sqlite_database.h"

namespace paprsek::hq {

class SqliteStore final : public SqlStore {
public:
    /// Opens HQ's file and runs its migrations; `create` makes a missing one. An empty path is a scratch store that goes
    /// with the object.
    SqliteStore(const std::string& path, bool create, const char* vfs = nullptr) : SqlStore(std::make_unique<SqliteDatabase>(path, create, vfs)) {}
};

}  // namespace paprsek::hq
