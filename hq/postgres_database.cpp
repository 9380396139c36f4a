#include "hq/postgres_database.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <deque>
#include <utility>

#include "node/base/error.h"

namespace paprsek::hq {
namespace {

// Of the server's types those that our statements bind and answer with.
constexpr Oid oid_bool = 16, oid_bytea = 17, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23, oid_numeric = 1700, oid_text = 25;

/// Statements that are on their way before their answers are read: what the server has to say of them fits into its buffers.
constexpr std::size_t most_on_the_way = 256;
constexpr int rows_a_portion = 500;
constexpr std::size_t shown_sql = 200;
/// A writer waits for another one this long; a bundle of a year takes a while.
constexpr const char* lock_timeout = "60s";

struct Free {
    void operator()(PGresult* result) const { PQclear(result); }
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Result = std::unique_ptr<PGresult, Free>;

std::int64_t big_endian(const char* bytes, int length) {
    std::uint64_t value = 0;
    for (int i = 0; i < length; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    if (length < 8 && value >> (8 * length - 1)) value -= std::uint64_t{1} << (8 * length);
    return static_cast<std::int64_t>(value);
}

/// A whole number in PostgreSQL's decimal form, as its sums are: digits to the base of 10,000. Nothing where it is too large.
std::optional<std::int64_t> whole_numeric(const char* bytes) {
    const auto part = [&](int index) { return big_endian(bytes + 2 * index, 2); };
    const std::int64_t digits = part(0), weight = part(1);
    const bool negative = part(2) != 0;
    std::int64_t value = 0;
    for (std::int64_t i = 0; i <= weight; ++i) {
        const std::int64_t digit = i < digits ? part(static_cast<int>(4 + i)) : 0;
        if (__builtin_mul_overflow(value, std::int64_t{10'000}, &value) || __builtin_sub_overflow(value, digit, &value)) return std::nullopt;
    }
    if (negative) return value;
    return value == INT64_MIN ? std::nullopt : std::optional(-value);
}

// A PostgreSQL text holds every character but zero, and a JSON text may say even that: "\u0000". Zero and one stand as two characters
// each, and all texts keep the order of their bytes.
constexpr char mark = 1;
bool needs_marks(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == 0 || c == mark; });
}
std::string marked(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == 0 || c == mark) result += mark;
        result += c == 0 ? char{1} : c == mark ? char{2} : c;
    }
    return result;
}
std::string unmarked(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) result += text[i] == mark && ++i < text.size() ? static_cast<char>(text[i] - 1) : text[i];
    return result;
}

/// `?` and `?1` as the server writes them: $1, $2 …
std::string with_dollars(std::string_view sql) {
    std::string text;
    int next = 1;
    bool quoted = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql[i] == '\'') quoted = !quoted;
        if (quoted || sql[i] != '?') {
            text += sql[i];
            continue;
        }
        text += '$';
        if (i + 1 == sql.size() || sql[i + 1] < '0' || sql[i + 1] > '9') text += std::to_string(next++);
    }
    return text;
}

std::string first_line(const char* text) {
    std::string line = text ? text : "";
    line = line.substr(0, line.find('\n'));
    return line.empty() ? "no answer" : line;
}

std::unique_ptr<PQconninfoOption, Free> parts_of(const std::string& address) {
    char* why = nullptr;
    std::unique_ptr<PQconninfoOption, Free> parts(PQconninfoParse(address.c_str(), &why));
    PQfreemem(why);  // repeats the address with its password
    bool readable = parts != nullptr;
    for (const PQconninfoOption* each = parts.get(); readable && each->keyword; ++each)
        if (each->keyword == std::string_view("port") && each->val)
            readable = std::string_view(each->val).find_first_not_of("0123456789,") == std::string_view::npos;
    if (!readable) node::refuse("postgresql://…", "is no address of a database that can be read", "write postgresql://USER@HOST:PORT/DATABASE");
    return parts;
}

}  // namespace

bool is_postgres_address(std::string_view text) { return text.starts_with("postgresql://") || text.starts_with("postgres://"); }

std::string print_postgres_address(const std::string& address) {
    const auto parts = parts_of(address);
    const auto part = [&](std::string_view wanted) -> std::string {
        for (const PQconninfoOption* each = parts.get(); each->keyword; ++each)
            if (each->keyword == wanted) return each->val ? each->val : "";
        return "";
    };
    std::string host = part("host"), text = "postgresql://", beside;
    if (const std::string user = part("user"); !user.empty()) text += user + "@";
    // A socket's folder stands behind the question mark, as it would have to be typed.
    if (host.starts_with("/")) beside = "?host=" + std::exchange(host, "");
    text += host.find(':') == std::string::npos || host.find(',') != std::string::npos ? host : "[" + host + "]";
    if (const std::string port = part("port"); !port.empty()) {
        if (beside.empty())
            text += ":" + port;
        else
            beside += "&port=" + port;
    }
    return text + "/" + part("dbname") + beside;
}

// ------------------------------------------------------------------------------------------------------ the session

struct PostgresDatabase::Session {
    explicit Session(const std::string& wanted) : address(wanted), name(print_postgres_address(wanted)) {}
    ~Session() { PQfinish(connection); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void close() noexcept;
    void connect();
    void settle();
    void ensure();
    void script(const std::string& sql);
    void send(const std::string& sql);
    Result answers(bool committing = false);
    void sent(int code, std::string_view sql);
    void begin(const std::string& sql);
    void rollback() noexcept;
    [[noreturn]] void lost(bool committing = false);
    [[noreturn]] void raise(const PGresult* result, std::string_view sql);

    std::string address, name;
    PGconn* connection = nullptr;
    bool open = false;  ///< a transaction
    std::int64_t connections = 0;
    std::int64_t transactions = 0;
    std::int64_t generation = 0;  ///< statements of an older one have to be prepared again
    std::int64_t names = 0;
    std::vector<std::string> on_the_way;  ///< statements whose answers were not read yet
};

void PostgresDatabase::Session::close() noexcept {
    on_the_way.clear();
    ++generation;
    PQfinish(std::exchange(connection, nullptr));
}

void PostgresDatabase::Session::lost(bool committing) {
    const std::string why = first_line(PQerrorMessage(connection));
    close();
    if (committing)
        node::fail(name, "the connection broke while it was booked, and whether it is booked is not known: " + why,
                   "do it again: what is there already counts once");
    node::fail(name, "the connection broke: " + why, open ? "nothing was booked; try again" : "is the server running?");
}

void PostgresDatabase::Session::raise(const PGresult* result, std::string_view sql) {
    const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string_view state = field ? field : "";
    const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string why = first_line(primary ? primary : PQresultErrorMessage(result));
    if (state == "55P03") node::fail(name, "another program holds it", "close the other one or try again");
    if (state == "40001" || state == "40P01") node::fail(name, "another program wrote at the same time: " + why, "nothing was booked; try again");
    if (state == "53100") node::fail(name, "the server's disk is full", "make room; nothing was booked");
    if (state == "25006") node::fail(name, "takes no changes: it is a copy of another server", "name the server that is written to");
    if (state == "42501") node::fail(name, why, "may this user write there?");
    node::fail(name, why + " while running " + std::string(sql.substr(0, shown_sql)));
}

void PostgresDatabase::Session::connect() {
    close();
    ++connections;
    // What stands before the address it may say otherwise, what stands behind it may not.
    constexpr std::array<const char*, 8> keys = {"connect_timeout",           "keepalives_idle", "keepalives_interval", "keepalives_count",
                                                 "fallback_application_name", "dbname",          "client_encoding",     nullptr};
    const std::array<const char*, 8> values = {"10", "30", "10", "3", "paprsek-hq", address.c_str(), "UTF8", nullptr};
    connection = PQconnectdbParams(keys.data(), values.data(), 1);
    if (PQstatus(connection) != CONNECTION_OK) {
        const std::string why = first_line(PQerrorMessage(connection));
        close();
        node::fail(name, "cannot be reached: " + why, "is the server running, and are user, password and database right?");
    }
    PQsetNoticeProcessor(
        connection, [](void*, const char*) {}, nullptr);
    try {
        settle();
    } catch (const node::Error&) {
        close();
        throw;
    }
}

void PostgresDatabase::Session::settle() {
    const char* told = PQparameterStatus(connection, "server_encoding");
    const std::string encoding = told ? told : "SQL_ASCII";
    if (encoding != "UTF8")
        node::refuse(name, fmt::format("keeps its texts as {}", encoding), "make the database by: createdb --encoding UTF8 --template template0");
    // An acknowledged fact is on the disk, whatever the server's settings say.
    script(fmt::format(
        "SET search_path = paprsek; SET lock_timeout = '{}'; SET idle_in_transaction_session_timeout = '10min'; SET statement_timeout = 0; SET jit = off; "
        "SET standard_conforming_strings = on; SET bytea_output = hex; "
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')",
        lock_timeout));
    if (PQenterPipelineMode(connection) != 1) lost();
}

/// Before anything that begins: a server that went away meanwhile may be there again.
void PostgresDatabase::Session::ensure() {
    if (open) {
        if (!connection) node::fail(name, "the connection broke", "nothing was booked; try again");
        return;
    }
    // One that went says why and then closes: what is heard is read to its end.
    bool there = connection != nullptr;
    for (int heard = 0; there && heard < 4; ++heard) {
        pollfd socket{PQsocket(connection), POLLIN, 0};
        if (::poll(&socket, 1, 0) <= 0) break;
        there = PQconsumeInput(connection) == 1 && PQstatus(connection) == CONNECTION_OK;
    }
    if (!there) connect();
}

/// Several statements without parameters, none of whose rows matter; not while others are on their way.
void PostgresDatabase::Session::script(const std::string& sql) {
    assert(on_the_way.empty());
    const bool piped = PQpipelineStatus(connection) != PQ_PIPELINE_OFF;
    if (piped && PQexitPipelineMode(connection) != 1) lost();
    const Result result(PQexec(connection, sql.c_str()));
    if (PQstatus(connection) != CONNECTION_OK) lost();
    if (piped && PQenterPipelineMode(connection) != 1) lost();
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) raise(result.get(), sql);
}

void PostgresDatabase::Session::sent(int code, std::string_view sql) {
    if (code != 1) lost();
    on_the_way.emplace_back(sql.substr(0, shown_sql));
}

void PostgresDatabase::Session::send(const std::string& sql) {
    sent(PQsendQueryParams(connection, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1), sql);
}

/// Reads what the server says to all that is on its way; the answer to the last of it.
Result PostgresDatabase::Session::answers(bool committing) {
    if (PQpipelineSync(connection) != 1) lost(committing);
    Result last, fault;
    std::string faulty;
    for (const std::string& sql : on_the_way) {
        Result result(PQgetResult(connection));
        if (!result || PQstatus(connection) != CONNECTION_OK) lost(committing);
        const ExecStatusType status = PQresultStatus(result.get());
        while (PGresult* more = PQgetResult(connection)) PQclear(more);
        if (status == PGRES_FATAL_ERROR && !fault) {
            fault = std::move(result);
            faulty = sql;
        } else {
            last = std::move(result);
        }
    }
    on_the_way.clear();
    const Result end(PQgetResult(connection));
    if (!end || PQstatus(connection) != CONNECTION_OK) lost(committing);
    assert(PQresultStatus(end.get()) == PGRES_PIPELINE_SYNC);
    if (!fault) return last;
    // A server that goes says so first.
    const char* state = PQresultErrorField(fault.get(), PG_DIAG_SQLSTATE);
    if (state && std::string_view(state).starts_with("57P")) lost(committing);
    ++generation;  // of those on their way nobody knows which are prepared
    raise(fault.get(), faulty);
}

void PostgresDatabase::Session::begin(const std::string& sql) {
    assert(!open);
    ensure();
    send(sql);
    open = true;
    ++transactions;
}

/// Never throws; where the server cannot be told, the connection goes, and the transaction with it.
void PostgresDatabase::Session::rollback() noexcept {
    open = false;
    // Behind a statement that failed on its way the first is not heard.
    for (int i = 0; i < 2 && connection && (i == 0 || PQtransactionStatus(connection) != PQTRANS_IDLE); ++i) {
        try {
            send("ROLLBACK");
            answers();
        } catch (const node::Error&) {
            continue;
        }
    }
    if (connection && PQtransactionStatus(connection) != PQTRANS_IDLE) close();
}

// ------------------------------------------------------------------------------------------------------- statements

/// A statement that the server keeps prepared; of a walk the rows come by a cursor, a portion a way.
struct PostgresDatabase::Running final : SqlPrepared {
    Running(Session& the_session, std::string_view text, bool by_cursor) : session(the_session), sql(with_dollars(text)), walk(by_cursor) {}
    ~Running() override { reset(); }

    struct Parameter {
        Oid type = 0;
        enum { null, number, kept, copied } is = null;
        std::string_view text{};
        std::array<char, 8> digits{};
        std::string copy{};
        std::string_view value() const { return is == number ? std::string_view(digits.data(), digits.size()) : is == copied ? copy : text; }
    };
    Parameter& at(int index, Oid type) {
        const auto place = static_cast<std::size_t>(index) - 1;
        if (place >= parameters.size()) parameters.resize(place + 1);
        parameters[place].type = type;
        return parameters[place];
    }
    static void set(Parameter& parameter, std::string_view bytes, Bound bound) {
        parameter.is = bound == Bound::kept ? Parameter::kept : Parameter::copied;
        if (bound == Bound::kept)
            parameter.text = bytes;
        else
            parameter.copy = bytes;
    }
    void bind(int index, std::int64_t value) override {
        Parameter& parameter = at(index, oid_int8);
        parameter.is = Parameter::number;
        for (std::size_t i = 8; i-- > 0; value >>= 8) parameter.digits[i] = static_cast<char>(value);
    }
    void bind(int index, std::string_view text, Bound bound) override {
        if (needs_marks(text))
            set(at(index, oid_text), marked(text), Bound::copied);
        else
            set(at(index, oid_text), text, bound);
    }
    void bind(int index, std::span<const unsigned char> bytes, Bound bound) override {
        set(at(index, oid_bytea), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, bound);
    }
    void bind_null(int index, SqlType type) override {
        at(index, type == SqlType::integer ? oid_int8 : type == SqlType::text ? oid_text : oid_bytea).is = Parameter::null;
    }

    /// On its way to the server.
    void start() {
        session.ensure();
        const auto count = static_cast<int>(parameters.size());
        types.clear();
        values.clear();
        lengths.clear();
        formats.assign(parameters.size(), 1);
        for (const Parameter& each : parameters) {
            const std::string_view value = each.value();
            types.push_back(each.type);
            values.push_back(each.is == Parameter::null ? nullptr : value.data() ? value.data() : "");
            lengths.push_back(static_cast<int>(value.size()));
        }
        if (walk) {
            cursor = fmt::format("walk_{}", ++session.names);
            transaction = session.transactions;
            const std::string declare = fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor, sql);
            session.sent(PQsendQueryParams(session.connection, declare.c_str(), count, types.data(), values.data(), lengths.data(), formats.data(), 1), sql);
            return fetch();
        }
        if (prepared != session.generation) {
            name = fmt::format("s{}", ++session.names);
            session.sent(PQsendPrepare(session.connection, name.c_str(), sql.c_str(), count, types.data()), sql);
            prepared = session.generation;
        }
        session.sent(PQsendQueryPrepared(session.connection, name.c_str(), count, values.data(), lengths.data(), formats.data(), 1), sql);
    }
    void fetch() { session.send(fmt::format("FETCH {} FROM {}", rows_a_portion, cursor)); }
    void ask() {
        start();
        result = session.answers();
        row = -1;
    }

    bool step() override {
        decoded.clear();
        if (!result) ask();
        if (++row < PQntuples(result.get())) return true;
        if (walk && row == rows_a_portion) {
            session.ensure();
            fetch();
            result = session.answers();
            row = 0;
            if (PQntuples(result.get()) > 0) return true;
        }
        reset();
        return false;
    }
    std::int64_t run() override {
        start();
        const Result done = session.answers();
        std::int64_t rows = 0;
        for (const char c : std::string_view(PQcmdTuples(done.get()))) rows = rows * 10 + (c - '0');
        return rows;
    }
    void post() override {
        assert(session.open);
        start();
        if (session.on_the_way.size() >= most_on_the_way) session.answers();
    }
    void reset() noexcept override {
        result.reset();
        decoded.clear();
        const bool there = !cursor.empty() && session.open && session.connection && transaction == session.transactions;
        if (there && PQtransactionStatus(session.connection) == PQTRANS_INTRANS) {
            try {
                session.send("CLOSE " + cursor);
            } catch (const node::Error&) {
                // The connection has gone, and the cursor with it: the next statement says so.
            }
        }
        cursor.clear();
    }

    int columns() override {
        if (!result) ask();
        return PQnfields(result.get());
    }
    bool is_null(int column) override { return PQgetisnull(result.get(), row, column) != 0; }
    std::int64_t integer(int column) override {
        if (is_null(column)) return 0;
        const char* value = PQgetvalue(result.get(), row, column);
        switch (PQftype(result.get(), column)) {
            case oid_int8:
                return big_endian(value, 8);
            case oid_int4:
                return big_endian(value, 4);
            case oid_int2:
                return big_endian(value, 2);
            case oid_bool:
                return value[0] != 0;
            case oid_numeric:
                if (const auto sum = whole_numeric(value)) return *sum;
                node::fail(session.name, "holds a sum that is too large");
            default:
                assert(!"a column that is a number");
        }
        return 0;
    }
    std::string_view view(int column) override {
        if (is_null(column)) return {};
        const std::string_view value(PQgetvalue(result.get(), row, column), static_cast<std::size_t>(PQgetlength(result.get(), row, column)));
        switch (PQftype(result.get(), column)) {
            case oid_bytea:
                return value;
            case oid_int8:
            case oid_int4:
            case oid_int2:
            case oid_bool:
            case oid_numeric:
                return decoded.emplace_back(std::to_string(integer(column)));
            default:
                return value.find(mark) == std::string_view::npos ? value : std::string_view(decoded.emplace_back(unmarked(value)));
        }
    }

    Session& session;
    std::string sql, name, cursor;
    bool walk;
    std::int64_t prepared = -1, transaction = 0;
    std::vector<Parameter> parameters;
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    Result result;
    int row = -1;
    std::deque<std::string> decoded;  ///< of this row: views stand in them
};

// ------------------------------------------------------------------------------------------------------- database

PostgresDatabase::PostgresDatabase(const std::string& address, bool create, std::span<const schema::Migration> migrations)
    : session_(std::make_unique<Session>(address)) {
    session_->connect();
    migrate(migrations, create);
}

PostgresDatabase::~PostgresDatabase() { forget_statements(); }

const std::string& PostgresDatabase::name() const { return session_->name; }

std::int64_t PostgresDatabase::connections() const { return session_->connections; }

/// As node::Database::migrate, but for the copy: what to keep of a server's database is its administrator's to say.
void PostgresDatabase::migrate(std::span<const schema::Migration> migrations, bool create) {
    const auto known = static_cast<std::int64_t>(migrations.size());
    const bool there = integer("SELECT 1 WHERE to_regclass('paprsek.migration') IS NOT NULL").has_value();
    if (!there && !create) node::refuse(name(), "is no HQ: this database holds none", "make one by: paprsek-hq init");
    const std::int64_t done = there ? integer("SELECT version FROM migration").value_or(0) : 0;
    if (done > known) node::refuse(name(), "was written by a newer version of Paprsek", "update this program first");
    if (done == known) return;
    session_->script("BEGIN");
    try {
        if (!there)
            session_->script(
                "CREATE SCHEMA IF NOT EXISTS paprsek; CREATE TABLE IF NOT EXISTS migration (version BIGINT NOT NULL);"
                "INSERT INTO migration SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM migration)");
        session_->script("LOCK TABLE migration IN EXCLUSIVE MODE");
        // Another process may have been faster.
        for (std::int64_t i = integer("SELECT version FROM migration").value_or(0); i < known; ++i)
            session_->script(std::string(migrations[static_cast<std::size_t>(i)].sql));
        run("UPDATE migration SET version = ?", known);
        session_->script("COMMIT");
    } catch (const node::Error&) {
        session_->rollback();
        throw;
    }
}

void PostgresDatabase::begin_writing() {
    try {
        session_->begin("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        session_->send("SELECT version FROM state_version FOR UPDATE");
        session_->answers();
    } catch (const node::Error&) {
        session_->rollback();
        throw;
    }
}

void PostgresDatabase::begin_reading() { session_->begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }

void PostgresDatabase::commit() {
    session_->send("COMMIT");
    const Result done = session_->answers(true);
    if (std::string_view(PQcmdStatus(done.get())) != "COMMIT") node::fail(name(), "took back what was written", "nothing was booked; try again");
    session_->open = false;
}

void PostgresDatabase::rollback() noexcept {
    if (session_->open) session_->rollback();
}

std::unique_ptr<SqlPrepared> PostgresDatabase::prepare(std::string_view sql) { return std::make_unique<Running>(*session_, sql, false); }

std::unique_ptr<SqlPrepared> PostgresDatabase::walking(std::string_view sql) {
    return session_->open ? std::make_unique<Running>(*session_, sql, true) : nullptr;
}

}  // namespace paprsek::hq
