#include "node/printing.h"

#include <algorithm>
#include <array>

#include "node/base/error.h"
#include "node/base/json.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

constexpr std::size_t max_print_text = 200;
constexpr const char* settings_name = "device";

void put_text(Json& json, const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
}

/// A body from outside: bounded, and of the types that the kind has. Fields not known are passed over.
class PrintBody {
public:
    PrintBody(std::string_view body, std::string what) : what_(std::move(what)), json_(Json::parse(body, nullptr, false)) {
        if (!json_.is_object()) refuse(what_, "the body is not JSON");
    }
    std::string text(const char* key) const {
        const auto found = json_.find(key);
        if (found == json_.end()) return {};
        if (!found->is_string() || found->get_ref<const std::string&>().size() > max_print_text) bad(key);
        return found->get<std::string>();
    }
    std::int64_t integer(const char* key) const {
        const auto found = json_.find(key);
        if (found == json_.end()) return 0;
        if (!found->is_number_integer()) bad(key);
        return found->get<std::int64_t>();
    }
    Money money(const char* key) const {
        const std::int64_t raw = integer(key);
        if (raw > Money::max_value || raw < -Money::max_value) bad(key);
        return Money::of(raw);
    }
    bool flag(const char* key) const {
        const auto found = json_.find(key);
        if (found != json_.end() && !found->is_boolean()) bad(key);
        return found != json_.end() && found->get<bool>();
    }
    bool has(const char* key) const { return json_.contains(key); }
    [[noreturn]] void bad(const char* key) const { refuse(what_, std::string("\"") + key + "\" does not have the form of this kind of fact"); }

private:
    std::string what_;
    Json json_;
};

bool one_of(const std::string& text, std::initializer_list<const char*> names) { return std::find(names.begin(), names.end(), text) != names.end(); }

}  // namespace

std::string body_of(const DeviceFact& fact) {
    Json json = {{"profile", fact.profile}, {"mode", fact.mode}};
    if (fact.fiscal) json["fiscal"] = true;
    put_text(json, "cashier", fact.cashier);
    return canonical(json);
}

std::string body_of(const PrintedFact& fact) {
    Json json = {{"of", fact.of}, {"how", fact.how}};
    put_text(json, "device", fact.device);
    if (fact.document) json["document"] = fact.document;
    if (!fact.total.is_zero()) json["total"] = fact.total.raw();
    put_text(json, "cashier", fact.cashier);
    put_text(json, "reason", fact.reason);
    return canonical(json);
}

std::string body_of(const DeviceClosedFact& fact) {
    Json json = {{"expected", fact.expected.raw()}};
    if (fact.of) json["of"] = fact.of;
    put_text(json, "device", fact.device);
    if (fact.number) json["number"] = fact.number;
    if (fact.total) json["total"] = fact.total->raw();
    return canonical(json);
}

DeviceFact parse_device_fact(std::string_view text) {
    const PrintBody body(text, "a till's printer");
    DeviceFact fact{body.text("profile"), body.text("mode"), body.flag("fiscal"), body.text("cashier")};
    if (fact.profile.empty()) body.bad("profile");
    if (!one_of(fact.mode, {"asynchronous", "synchronous", "ecr"})) body.bad("mode");
    return fact;
}

PrintedFact parse_printed(std::string_view text) {
    const PrintBody body(text, "a print");
    PrintedFact fact{body.integer("of"),  body.text("how"),     body.text("device"), body.integer("document"),
                     body.money("total"), body.text("cashier"), body.text("reason")};
    if (fact.of <= 0) body.bad("of");
    if (!one_of(fact.how, {"printed", "collected", "by_hand", "given_up", "nothing"})) body.bad("how");
    return fact;
}

DeviceClosedFact parse_device_closed(std::string_view text) {
    const PrintBody body(text, "a closing of the printer");
    DeviceClosedFact fact{body.integer("of"), body.text("device"), body.integer("number"), {}, body.money("expected")};
    if (body.has("total")) fact.total = body.money("total");
    if (fact.of < 0) body.bad("of");
    return fact;
}

// ------------------------------------------------------------------------------------------------ projection

void project_printing(Database& database, const schema::Fact& fact) {
    if (fact.kind == kind::device_set) {
        const DeviceFact device = parse_device_fact(fact.body);
        database.run("DELETE FROM print_device");
        if (device.profile != "none")
            database.run("INSERT INTO print_device (one, seq, profile, mode, fiscal) VALUES (1, ?, ?, ?, ?)", fact.seq, device.profile, device.mode,
                         device.fiscal);
        return;
    }
    if (fact.kind == kind::receipt_printed) {
        const PrintedFact printed = parse_printed(fact.body);
        database.run("DELETE FROM print_due WHERE seq = ?", printed.of);
        database.run("INSERT OR IGNORE INTO print_done (of, seq, at, how, device, document, total) VALUES (?, ?, ?, ?, ?, ?, ?)", printed.of, fact.seq, fact.at,
                     printed.how, printed.device, printed.document, printed.total);
        return;
    }
    if (fact.kind == kind::device_closed) {
        const DeviceClosedFact closed = parse_device_closed(fact.body);
        database.run("DELETE FROM print_due WHERE seq = ?", closed.of);
        database.run("INSERT INTO device_day (seq, at, of, number, total, expected) VALUES (?, ?, ?, ?, ?, ?)", fact.seq, fact.at,
                     closed.of ? std::optional(closed.of) : std::nullopt, closed.number, closed.total, closed.expected);
        return;
    }
    static constexpr std::array receipts = {kind::sale, kind::refund};
    static constexpr std::array moves = {kind::deposit, kind::settlement, kind::cash, kind::day_closed};
    const bool receipt = std::find(receipts.begin(), receipts.end(), fact.kind) != receipts.end();
    const bool move = std::find(moves.begin(), moves.end(), fact.kind) != moves.end();
    if (receipt || move) database.run("INSERT INTO print_due (seq) SELECT ? FROM print_device WHERE fiscal OR ?", fact.seq, receipt);
}

// ------------------------------------------------------------------------------------------------ device

std::optional<DeviceFact> device_in_force(Database& database) {
    auto row = database.query("SELECT profile, mode, fiscal FROM print_device");
    if (!row.step()) return std::nullopt;
    return DeviceFact{row.text(0), row.text(1), row.flag(2), {}};
}

void set_device(Node& node, const DeviceFact& device, std::string_view local_json) {
    Transaction transaction(node.database());
    DeviceFact before = device_in_force(node.database()).value_or(DeviceFact{});
    before.cashier = device.cashier;
    if (before != device) node.ledger().append(kind::device_set, body_of(device), node.clock().now());
    node.set_setting(settings_name, local_json);
    transaction.commit();
}

std::string device_settings(Node& node) { return node.setting(settings_name).value_or(""); }

// ------------------------------------------------------------------------------------------------ what is due

std::vector<std::int64_t> prints_due(Database& database, std::size_t most) {
    std::vector<std::int64_t> due;
    auto rows =
        database.query("SELECT seq FROM print_due d WHERE NOT EXISTS (SELECT 1 FROM print_job j WHERE j.seq = d.seq AND person) ORDER BY seq LIMIT ?", most);
    while (rows.step()) due.push_back(rows.integer(0));
    return due;
}

std::optional<std::int64_t> oldest_print_due(Database& database) { return database.integer("SELECT min(seq) FROM print_due"); }

PendingPrints pending_prints(Database& database) {
    PendingPrints pending;
    const std::int64_t due = database.integer("SELECT count(*) FROM print_due").value_or(0);
    pending.person = database.integer("SELECT count(*) FROM print_job WHERE person").value_or(0);
    pending.waiting = std::max<std::int64_t>(0, due - pending.person);
    return pending;
}

std::optional<PrintJob> print_job(Database& database, std::int64_t seq) {
    auto row = database.query("SELECT seq, person, body FROM print_job WHERE seq = ?", seq);
    if (!row.step()) return std::nullopt;
    return PrintJob{row.integer(0), row.flag(1), row.text(2)};
}

std::vector<PrintJob> prints_for_person(Database& database) {
    std::vector<PrintJob> jobs;
    auto rows = database.query("SELECT seq, person, body FROM print_job WHERE person ORDER BY seq");
    while (rows.step()) jobs.push_back({rows.integer(0), rows.flag(1), rows.text(2)});
    return jobs;
}

void keep_job(Database& database, const PrintJob& job) {
    Transaction transaction(database);
    database.run("INSERT OR REPLACE INTO print_job (seq, person, body) VALUES (?, ?, ?)", job.seq, job.person, job.body);
    transaction.commit();
}

void drop_job(Database& database, std::int64_t seq) {
    Transaction transaction(database);
    database.run("DELETE FROM print_job WHERE seq = ?", seq);
    transaction.commit();
}

void rename_job(Database& database, std::int64_t from, std::int64_t to) {
    Transaction transaction(database);
    database.run("UPDATE OR REPLACE print_job SET seq = ? WHERE seq = ?", to, from);
    transaction.commit();
}

std::int64_t book_printed(Node& node, const PrintedFact& printed) {
    Transaction transaction(node.database());
    if (!node.database().integer("SELECT 1 FROM print_due WHERE seq = ?", printed.of)) return 0;
    const std::int64_t seq = node.ledger().append(kind::receipt_printed, body_of(printed), node.clock().now());
    node.database().run("DELETE FROM print_job WHERE seq = ?", printed.of);
    transaction.commit();
    return seq;
}

std::int64_t book_device_closed(Node& node, const DeviceClosedFact& closed) {
    Transaction transaction(node.database());
    if (closed.of && !node.database().integer("SELECT 1 FROM print_due WHERE seq = ?", closed.of)) return 0;
    const std::int64_t seq = node.ledger().append(kind::device_closed, body_of(closed), node.clock().now());
    if (closed.of) node.database().run("DELETE FROM print_job WHERE seq = ?", closed.of);
    transaction.commit();
    return seq;
}

std::int64_t book_collected(Node& node, const ReceiptFact& sale, PrintedFact printed) {
    Transaction transaction(node.database());
    const std::int64_t seq = node.ledger().append(kind::sale, body_of(sale), node.clock().now());
    printed.of = seq;
    printed.how = "collected";
    node.ledger().append(kind::receipt_printed, body_of(printed), node.clock().now());
    transaction.commit();
    return seq;
}

std::vector<std::int64_t> printed_in_device_day(Database& database) {
    std::vector<std::int64_t> seqs;
    auto rows = database.query("SELECT of FROM print_done WHERE total <> 0 AND seq > (SELECT ifnull(max(seq), 0) FROM device_day) ORDER BY of");
    while (rows.step()) seqs.push_back(rows.integer(0));
    return seqs;
}

Money printed_since_device_closed(Database& database) {
    return Money::of(database.integer("SELECT ifnull(sum(total), 0) FROM print_done WHERE seq > (SELECT ifnull(max(seq), 0) FROM device_day)").value_or(0));
}

std::vector<DeviceDay> device_days(Database& database, std::size_t most) {
    std::vector<DeviceDay> days;
    auto rows = database.query("SELECT seq, at, ifnull(of, 0), number, total, expected FROM device_day ORDER BY seq DESC LIMIT ?", most);
    while (rows.step()) {
        DeviceDay day{rows.integer(0), rows.instant(1), {}};
        day.closed.of = rows.integer(2);
        day.closed.number = rows.integer(3);
        if (const auto total = rows.optional_integer(4)) day.closed.total = Money::of(*total);
        day.closed.expected = rows.decimal<Money>(5);
        days.push_back(std::move(day));
    }
    return days;
}

}  // namespace paprsek::node
