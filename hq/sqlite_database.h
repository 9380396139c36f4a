// HQ's store in one SQLite file, as the store's SQL meets it.
#pragma once
#include "hq/sql.h"
#include "node/base/database.h"

namespace paprsek::hq {

class SqliteDatabase final : public SqlDatabase {
public:
    /// Opens HQ's file and runs its migrations; `create` makes a missing one. An empty path is a scratch file that goes with the object.
    SqliteDatabase(const std::string& path, bool create, const char* vfs);
    ~SqliteDatabase() override;

    const std::string& name() const override;
    void begin_writing() override;
    void begin_reading() override;
    void commit() override;
    void rollback() noexcept override;
    std::unique_ptr<SqlPrepared> prepare(std::string_view sql) override;

private:
    std::unique_ptr<SqlPrepared> walking(std::string_view sql) override;
    node::Database database_;
};

}  // namespace paprsek::hq
