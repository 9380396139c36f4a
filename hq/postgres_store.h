// HQ's store on a PostgreSQL server, where a chain outgrows one machine.
#pragma once
#include <optional>
#include <string>

#include "hq/postgres_database.h"
#include "hq/sql_store.h"

namespace paprsek::hq {

class PostgresStore final : public SqlStore {
public:
    /// Connects and runs the migrations; `create` makes what is missing in a database that is no HQ.
    PostgresStore(const std::string& address, bool create) : SqlStore(std::make_unique<PostgresDatabase>(address, create)) {}

    /// What stands in files beside hq.db where HQ is a folder.
    std::optional<std::string> secret(std::string_view name) { return database_->text("SELECT value FROM secret WHERE name = ?", name); }
    void add_secret(std::string_view name, std::string_view value) { database_->post("INSERT INTO secret VALUES (?, ?)", name, value); }
};

}  // namespace paprsek::hq
