// SQLite behind a small, typed interface: one connection, prepared statements kept, one transaction class.
//
// Threads: a Database belongs to one thread at a time. Several processes and connections may open one file (WAL);
// writers queue for up to `busy_timeout_ms`. Errors are thrown as Error (operating); a refused constraint too.
// Durable on return: Transaction::commit() with synchronous=FULL.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "node/base/clock.h"
#include "node/base/decimal.h"
#include "schema/migrations.h"

namespace paprsek::node {

class Statement;

class Database {
public:
    struct Options {
        bool create = false;
        bool read_only = false;
        const char* vfs = nullptr;  ///< a test's own disk; nullptr is the system's
        int busy_timeout_ms = 10'000;
        int page_bytes = 4096;      ///< of a file that is made now; one that is there keeps its own
    };

    /// Opens the file; refuses one that is missing unless `create`.
    Database(const std::string& path, Options options);
    explicit Database(const std::string& path) : Database(path, Options{}) {}
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& path() const { return path_; }
    sqlite3* handle() { return db_; }

    /// Runs statements that return nothing (DDL, pragmas); several may stand in `sql`.
    void execute(const std::string& sql);

    /// A prepared statement with its parameters bound. `sql` is kept by content, so a literal is prepared once.
    template <class... Args>
    Statement query(std::string_view sql, const Args&... args);

    /// Runs one statement to its end; returns how many rows it changed.
    template <class... Args>
    std::int64_t run(std::string_view sql, const Args&... args);

    /// First column of the first row, or nothing.
    template <class... Args>
    std::optional<std::int64_t> integer(std::string_view sql, const Args&... args);
    template <class... Args>
    std::optional<std::string> text(std::string_view sql, const Args&... args);

    /// Runs the migrations that this file has not seen, all of them or none. Before, a file that has seen some is copied to
    /// PATH.vN, N the number of those; older such copies go. A file from a newer program is refused.
    void migrate(std::span<const schema::Migration> migrations);

    /// A consistent copy of the whole database while others go on writing. `path` must not exist.
    void backup_to(const std::string& path);

    /// Throws the Error for what SQLite answered while `doing` that.
    [[noreturn]] void raise(int code, std::string_view doing);

private:
    friend class Statement;
    struct Prepared {
        sqlite3_stmt* statement = nullptr;
        bool busy = false;
    };
    Prepared* prepare(std::string_view sql);
    void keep_copy_of(std::int64_t version);

    std::string path_;
    int busy_timeout_ms_;
    sqlite3* db_ = nullptr;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::unique_ptr<Prepared>, Hash, std::equal_to<>> cache_;
    std::vector<std::unique_ptr<Prepared>> extra_;
};

/// A running query. Rows are read by step(); columns count from 0. Returned views live until the next step().
class Statement {
public:
    Statement(Database& database, Database::Prepared* prepared) : database_(&database), prepared_(prepared) {}
    Statement(Statement&& other) noexcept : database_(other.database_), prepared_(other.prepared_), next_(other.next_) {
        other.prepared_ = nullptr;
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    bool step();

    int columns() const { return sqlite3_column_count(get()); }
    bool is_null(int column) const { return sqlite3_column_type(get(), column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(get(), column); }
    bool flag(int column) const { return integer(column) != 0; }
    std::string_view view(int column) const;
    std::string text(int column) const { return std::string(view(column)); }
    std::optional<std::string> optional_text(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;
    template <class D>
    D decimal(int column) const {
        return D::of(integer(column));
    }
    Instant instant(int column) const { return {integer(column)}; }

    template <class T>
    Statement& bind(const T& value) {
        bind_at(next_++, value);
        return *this;
    }

private:
    sqlite3_stmt* get() const { return prepared_->statement; }
    void check(int code) const;
    template <class T>
    void bind_at(int index, const T& value) {
        if constexpr (std::is_same_v<T, std::nullptr_t>) {
            check(sqlite3_bind_null(get(), index));
        } else if constexpr (std::is_same_v<T, bool> || std::is_integral_v<T> || std::is_enum_v<T>) {
            check(sqlite3_bind_int64(get(), index, static_cast<std::int64_t>(value)));
        } else if constexpr (std::is_same_v<T, Instant>) {
            check(sqlite3_bind_int64(get(), index, value.ms));
        } else if constexpr (requires { value.raw(); }) {
            check(sqlite3_bind_int64(get(), index, value.raw()));
        } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
            const std::string_view text = value;
            check(sqlite3_bind_text64(get(), index, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
        } else if constexpr (std::is_convertible_v<const T&, std::span<const unsigned char>>) {
            const std::span<const unsigned char> bytes = value;
            check(sqlite3_bind_blob64(get(), index, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
        } else {
            if (value)
                bind_at(index, *value);  // std::optional
            else
                check(sqlite3_bind_null(get(), index));
        }
    }

    Database* database_;
    Database::Prepared* prepared_;
    int next_ = 1;
};

/// BEGIN IMMEDIATE … COMMIT; rolled back when it goes out of scope uncommitted. Transactions do not nest.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

template <class... Args>
Statement Database::query(std::string_view sql, const Args&... args) {
    Statement statement(*this, prepare(sql));
    (statement.bind(args), ...);
    return statement;
}

template <class... Args>
std::int64_t Database::run(std::string_view sql, const Args&... args) {
    Statement statement = query(sql, args...);
    while (statement.step()) {
    }
    return sqlite3_changes64(db_);
}

template <class... Args>
std::optional<std::int64_t> Database::integer(std::string_view sql, const Args&... args) {
    Statement statement = query(sql, args...);
    if (!statement.step()) return std::nullopt;
    return statement.optional_integer(0);
}

template <class... Args>
std::optional<std::string> Database::text(std::string_view sql, const Args&... args) {
    Statement statement = query(sql, args...);
    if (!statement.step()) return std::nullopt;
    return statement.optional_text(0);
}

}  // namespace paprsek::node
