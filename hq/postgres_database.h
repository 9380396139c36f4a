// A PostgreSQL database as the store's SQL meets it, by libpq alone: its pipeline carries many statements a way, and its binary form
// needs no printing and reading of numbers and bytes.
#pragma once
#include <span>

#include "hq/sql.h"
#include "schema/migrations.h"

namespace paprsek::hq {

/// Whether this names a database server (postgresql://…) rather than a folder.
bool is_postgres_address(std::string_view text);
/// The address without its password, for people. Refuses what cannot be read as one.
std::string print_postgres_address(const std::string& address);

class PostgresDatabase final : public SqlDatabase {
public:
    /// Connects, and runs the migrations that the database has not seen, all of them or none. `create` makes what is missing in a
    /// database that is no HQ; without it that is refused.
    PostgresDatabase(const std::string& address, bool create, std::span<const schema::Migration> migrations = schema::hq_postgres_migrations());
    ~PostgresDatabase() override;

    const std::string& name() const override;
    /// Writers take the row of the one counter of versions first and keep it until they have committed: so versions become visible in
    /// their order, and what a second writer reads is what the first one wrote.
    void begin_writing() override;
    void begin_reading() override;
    void commit() override;
    void rollback() noexcept override;
    std::unique_ptr<SqlPrepared> prepare(std::string_view sql) override;
    std::int64_t connections() const override;

private:
    struct Session;
    struct Running;
    std::unique_ptr<SqlPrepared> walking(std::string_view sql) override;
    void migrate(std::span<const schema::Migration> migrations, bool create);
    std::unique_ptr<Session> session_;
};

}  // namespace paprsek::hq
