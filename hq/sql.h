// The thin layer under HQ's store: prepared statements of whatever database keeps it. The store (hq/sql_store.h) speaks SQL that both
// SQLite and PostgreSQL understand; what differs between them is said in hq/sqlite_database.cpp and hq/postgres_database.cpp.
//
// Places of parameters are `?` or `?1`; columns count from 0. Instants, amounts and flags are integers, hashes and keys bytes.
// Threads: a SqlDatabase belongs to one thread. Errors: node::Error (operating).
#pragma once
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

namespace paprsek::hq {

enum class SqlType { integer, text, bytes };

/// Whether what is bound lives until the statement has run; otherwise it is copied.
enum class Bound { copied, kept };

/// One statement, prepared once and run again and again.
class SqlPrepared {
public:
    virtual ~SqlPrepared() = default;
    virtual void bind(int index, std::int64_t value) = 0;
    virtual void bind(int index, std::string_view text, Bound bound) = 0;
    virtual void bind(int index, std::span<const unsigned char> bytes, Bound bound) = 0;
    /// Nothing, where something of that type could stand.
    virtual void bind_null(int index, SqlType type) = 0;
    /// The next row, or false at the end.
    virtual bool step() = 0;
    /// To the end; how many rows it changed.
    virtual std::int64_t run() = 0;
    /// The same, for a statement that nobody waits for: within a writing transaction, and what goes wrong may be told by a later
    /// statement, at the latest by the commit. Where the database is far away, many go at once.
    virtual void post() = 0;
    /// Ready to be bound again.
    virtual void reset() noexcept = 0;

    virtual int columns() = 0;
    virtual bool is_null(int column) = 0;
    virtual std::int64_t integer(int column) = 0;
    /// Text or bytes; an integer as its digits. Lives until the next step().
    virtual std::string_view view(int column) = 0;

    bool busy = false;  ///< some SqlRows runs it
};

/// A running query. Returned views live until the next step().
class SqlRows {
public:
    explicit SqlRows(SqlPrepared* prepared) : prepared_(prepared) {}
    /// Of a statement that goes with its rows.
    explicit SqlRows(std::unique_ptr<SqlPrepared> prepared) : prepared_(prepared.get()), own_(std::move(prepared)) {}
    SqlRows(SqlRows&& other) noexcept : prepared_(other.prepared_), own_(std::move(other.own_)), next_(other.next_) { other.prepared_ = nullptr; }
    SqlRows(const SqlRows&) = delete;
    SqlRows& operator=(const SqlRows&) = delete;
    ~SqlRows() {
        if (!prepared_) return;
        prepared_->reset();
        prepared_->busy = false;
    }

    bool step() { return prepared_->step(); }
    std::int64_t run() { return prepared_->run(); }
    void post() { prepared_->post(); }
    int columns() const { return prepared_->columns(); }
    bool is_null(int column) const { return prepared_->is_null(column); }
    std::int64_t integer(int column) const { return prepared_->integer(column); }
    bool flag(int column) const { return integer(column) != 0; }
    std::string_view view(int column) const { return prepared_->view(column); }
    std::string text(int column) const { return std::string(view(column)); }
    std::optional<std::string> optional_text(int column) const { return is_null(column) ? std::nullopt : std::optional(text(column)); }
    std::optional<std::int64_t> optional_integer(int column) const { return is_null(column) ? std::nullopt : std::optional(integer(column)); }
    template <class D>
    D decimal(int column) const {
        return D::of(integer(column));
    }
    node::Instant instant(int column) const { return {integer(column)}; }

    template <class T>
    void bind(const T& value) {
        bind_at(next_++, value);
    }

private:
    template <class T>
    void bind_at(int index, const T& value) {
        if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            prepared_->bind(index, static_cast<std::int64_t>(value));
        } else if constexpr (std::is_same_v<T, node::Instant>) {
            prepared_->bind(index, value.ms);
        } else if constexpr (requires { value.raw(); }) {
            prepared_->bind(index, value.raw());
        } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
            prepared_->bind(index, std::string_view(value), Bound::copied);
        } else if constexpr (std::is_convertible_v<const T&, std::span<const unsigned char>>) {
            prepared_->bind(index, std::span<const unsigned char>(value), Bound::copied);
        } else if (value) {  // std::optional
            bind_at(index, *value);
        } else {
            using Inner = typename T::value_type;
            constexpr bool bytes = std::is_convertible_v<const Inner&, std::span<const unsigned char>>;
            constexpr bool text = std::is_convertible_v<const Inner&, std::string_view>;
            prepared_->bind_null(index, text ? SqlType::text : bytes ? SqlType::bytes : SqlType::integer);
        }
    }

    SqlPrepared* prepared_;
    std::unique_ptr<SqlPrepared> own_;
    int next_ = 1;
};

class SqlDatabase {
public:
    SqlDatabase() = default;
    virtual ~SqlDatabase() = default;
    SqlDatabase(const SqlDatabase&) = delete;
    SqlDatabase& operator=(const SqlDatabase&) = delete;

    /// What it is called in messages; never with a password.
    virtual const std::string& name() const = 0;

    /// From here to commit() this is the only writer; others wait.
    virtual void begin_writing() = 0;
    /// From here to rollback() all answers are of one moment.
    virtual void begin_reading() = 0;
    /// Durable on return. Where it throws, `name()` may hold what was written or not; never half of it.
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;

    /// How often it was connected to: what was remembered of it before the last time may be of another one.
    virtual std::int64_t connections() const { return 1; }

    /// A statement of one's own, for a loop that runs hundreds of thousands of times.
    virtual std::unique_ptr<SqlPrepared> prepare(std::string_view sql) = 0;

    /// A prepared statement with its parameters bound. `sql` is kept by content, so a literal is prepared once.
    template <class... Args>
    SqlRows query(std::string_view sql, const Args&... args) {
        SqlRows rows(kept(sql));
        (rows.bind(args), ...);
        return rows;
    }
    /// The same for what may be more rows than memory should hold: within a transaction they are read in portions.
    template <class... Args>
    SqlRows walk(std::string_view sql, const Args&... args) {
        auto own = walking(sql);
        SqlRows rows = own ? SqlRows(std::move(own)) : SqlRows(kept(sql));
        (rows.bind(args), ...);
        return rows;
    }
    /// Runs one statement to its end; returns how many rows it changed.
    template <class... Args>
    std::int64_t run(std::string_view sql, const Args&... args) {
        return query(sql, args...).run();
    }
    /// The same, of which nobody asks for rows: see SqlPrepared::post().
    template <class... Args>
    void post(std::string_view sql, const Args&... args) {
        query(sql, args...).post();
    }
    /// First column of the first row, or nothing.
    template <class... Args>
    std::optional<std::int64_t> integer(std::string_view sql, const Args&... args) {
        SqlRows rows = query(sql, args...);
        if (!rows.step()) return std::nullopt;
        return rows.optional_integer(0);
    }
    template <class... Args>
    std::optional<std::string> text(std::string_view sql, const Args&... args) {
        SqlRows rows = query(sql, args...);
        if (!rows.step()) return std::nullopt;
        return rows.optional_text(0);
    }

protected:
    /// Nothing where query() reads in portions anyway.
    virtual std::unique_ptr<SqlPrepared> walking(std::string_view sql) = 0;
    /// Before what the statements need goes.
    void forget_statements();

private:
    SqlPrepared* kept(std::string_view sql);
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    /// More than one where the same query runs inside itself.
    std::unordered_map<std::string, std::vector<std::unique_ptr<SqlPrepared>>, Hash, std::equal_to<>> kept_;
};

}  // namespace paprsek::hq
