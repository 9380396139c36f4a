#include "hq/sqlite_database.h"

#include <fmt/format.h>

#include "node/base/error.h"

namespace paprsek::hq {
namespace {

class SqlitePrepared final : public SqlPrepared {
public:
    SqlitePrepared(node::Database& database, std::string_view sql) : database_(database) {
        check(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
    }
    ~SqlitePrepared() override { sqlite3_finalize(statement_); }
    SqlitePrepared(const SqlitePrepared&) = delete;
    SqlitePrepared& operator=(const SqlitePrepared&) = delete;

    void bind(int index, std::int64_t value) override { check(sqlite3_bind_int64(statement_, index, value)); }
    void bind(int index, std::string_view text, Bound bound) override {
        check(sqlite3_bind_text64(statement_, index, text.data() ? text.data() : "", text.size(), lifetime(bound), SQLITE_UTF8));
    }
    void bind(int index, std::span<const unsigned char> bytes, Bound bound) override {
        check(sqlite3_bind_blob64(statement_, index, bytes.data() ? bytes.data() : &none, bytes.size(), lifetime(bound)));
    }
    void bind_null(int index, SqlType) override { check(sqlite3_bind_null(statement_, index)); }

    bool step() override {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        check(code);
        sqlite3_reset(statement_);
        return false;
    }
    std::int64_t run() override {
        while (step()) {
        }
        return sqlite3_changes64(database_.handle());
    }
    void post() override {
        check(sqlite3_step(statement_));
        sqlite3_reset(statement_);
    }
    void reset() noexcept override {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }

    int columns() override { return sqlite3_column_count(statement_); }
    bool is_null(int column) override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) override { return sqlite3_column_int64(statement_, column); }
    std::string_view view(int column) override {
        const void* data = sqlite3_column_blob(statement_, column);
        return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

private:
    static constexpr unsigned char none = 0;
    static sqlite3_destructor_type lifetime(Bound bound) { return bound == Bound::kept ? SQLITE_STATIC : SQLITE_TRANSIENT; }
    void check(int code) {
        if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) [[unlikely]]
            fail(code);
    }
    [[noreturn]] void fail(int code) {
        const char* sql = statement_ ? sqlite3_sql(statement_) : "";
        sqlite3_reset(statement_);
        database_.raise(code, sql);
    }
    node::Database& database_;
    sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

SqliteDatabase::SqliteDatabase(const std::string& path, bool create, const char* vfs)
    // Most of what HQ writes is facts, one behind the other: pages twice as large are half as many to write.
    : database_(path, {.create = create, .read_only = false, .vfs = vfs, .page_bytes = 8192}) {
    // A merge touches customers all over the file: what it changes (128 MiB of pages) stays in memory until it commits, and the log is
    // carried over in large portions, or every page is written twice per thousand sales. What is not changed comes from the system's
    // own cache as fast; more of it here only takes memory that has to be made and walked through.
    const std::int64_t page_bytes = database_.integer("PRAGMA page_size").value();
    database_.execute(fmt::format("PRAGMA cache_spill={}", (128 << 20) / page_bytes));
    database_.execute(fmt::format("PRAGMA wal_autocheckpoint={}", (80 << 20) / page_bytes));
    database_.migrate(schema::hq_migrations());
}

SqliteDatabase::~SqliteDatabase() { forget_statements(); }

const std::string& SqliteDatabase::name() const { return database_.path(); }

void SqliteDatabase::begin_writing() { database_.run("BEGIN IMMEDIATE"); }

void SqliteDatabase::begin_reading() { database_.run("BEGIN"); }

void SqliteDatabase::commit() { database_.run("COMMIT"); }

void SqliteDatabase::rollback() noexcept {
    // SQLite may have rolled back by itself (disk full).
    if (!sqlite3_get_autocommit(database_.handle())) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

std::unique_ptr<SqlPrepared> SqliteDatabase::prepare(std::string_view sql) { return std::make_unique<SqlitePrepared>(database_, sql); }

std::unique_ptr<SqlPrepared> SqliteDatabase::walking(std::string_view) { return nullptr; }

}  // namespace paprsek::hq
