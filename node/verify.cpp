#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "node/aliases.h"
#include "node/balances.h"
#include "node/base/json.h"
#include "node/ledger.h"
#include "node/state_digest.h"

namespace paprsek::node {
namespace {

struct StoredTable {
    const char* name;
    const char* columns;
    const char* order;
};
// All that is rebuilt from facts alone. Customers and catalogue are state and stand beside it.
constexpr StoredTable projections[] = {
    {"epoch", "number, first_seq", "number"},
    {"receipt", "number, seq, at, refund_of, cashier, customer, net, redeemed, rounding, total, points, taken", "number"},
    {"receipt_line", "receipt, line, product, code, name, quantity, gross, net, cost, vat", "receipt, line"},
    {"payment", "seq, tender, amount", "seq, tender"},
    {"movement", "customer, seq, kind, points, spend, debt", "customer, seq, kind"},
    {"own_balance", "customer, points, spend, debt, last", "customer"},
    {"account_item", "customer, receipt, line, name, at, cashier, quantity, amount, settled_quantity, settled", "customer, receipt, line"},
    {"cash_movement", "seq, at, amount, kind, reason", "seq"},
    {"clock_step", "seq, at, back_ms", "seq"},
    {"trace", "seq, line, kind, at, cashier, area, place, code, name, quantity, price, list, amount, entered, reason", "seq, line, kind"},
    {"z_report", "number, seq, at, body", "number"},
    {"right_begun", "seq, era", "seq"},
    {"right_returned", "seq, place, customer, points, credit", "seq, place"},
    {"shift", "number, seq, at, cashier, counted", "number"},
    {"shift_report", "number, seq, at, body", "number"},
    {"drawer", "one, amount", "one"},
    {"print_device", "one, seq, profile, mode, fiscal", "one"},
    {"print_due", "seq", "seq"},
    {"print_done", "of, seq, at, how, device, document, total", "of"},
    {"device_day", "seq, at, of, number, total, expected", "seq"},
    {"user", "id, name, role, badge, pin, removed, digest, set_at", "id"},
    {"stock_level", "stock, product, quantity, average", "stock, product"},
    {"receipt_stock", "receipt, stock", "receipt"},
    {"stock_act", "seq, at, kind, stock, cashier, reason, document, branch, source", "seq"},
    {"stock_movement", "seq, line, product, name, quantity, cost, expected", "seq, line"},
};
// A branch that never had an HQ has these from its own facts too.
constexpr StoredTable own_state[] = {
    {"customer", "id, number, name, dealer, discount, charge, credit, referrer, phone, email, address, note, hq_points, hq_spend, hq_debt", "id"},
    {"customer_card", "code, customer", "code"},
    {"policy", "version, body", "version"},
};
constexpr std::size_t max_faults = 20;

std::string row_text(Statement& row, int columns) {
    std::string text;
    for (int i = 0; i < columns; ++i) text += (i ? "|" : "") + row.optional_text(i).value_or("-");
    return text;
}

void compare(Database& stored, Database& rebuilt, const StoredTable& table, std::vector<std::string>& faults) {
    const std::string sql = fmt::format("SELECT {} FROM {} ORDER BY {}", table.columns, table.name, table.order);
    auto left = stored.query(sql), right = rebuilt.query(sql);
    int columns = 1;
    for (const char* c = table.columns; *c; ++c) columns += *c == ',';
    for (bool more_left = left.step(), more_right = right.step(); more_left || more_right; more_left = left.step(), more_right = right.step()) {
        const std::string is = more_left ? row_text(left, columns) : "nothing", should = more_right ? row_text(right, columns) : "nothing";
        if (is == should) continue;
        faults.push_back(fmt::format("{}: holds {} where the facts say {}", table.name, is, should));
        return;
    }
}

/// The facts beside the ledger (node/recovery.h), each projected after the own facts that it came back after.
class Recovered {
public:
    Recovered(Database& database, NodeName node, Database& scratch, Verification& result)
        : database_(database), node_(node), scratch_(scratch), result_(result),
          rows_(database.query("SELECT place, epoch, seq, at, kind, body, hash, own_head FROM recovered_fact ORDER BY place")), more_(rows_.step()) {}

    /// Those that came back before own fact `seq` was written.
    void before(std::int64_t seq) {
        for (; more_ && rows_.integer(7) < seq; more_ = rows_.step()) check();
    }

private:
    void check() {
        schema::Fact fact{rows_.integer(2), rows_.integer(3), rows_.text(4), rows_.text(5), {}};
        const std::int64_t epoch = rows_.integer(1);
        const std::string name = fmt::format("recovered fact {} of epoch {}", fact.seq, epoch);
        if (!continues(fact)) result_.faults.push_back(name + ": its hash fits no fact before it");
        try {
            project_recovered(scratch_, fact, epoch, rows_.integer(0));
        } catch (const std::exception& e) {
            result_.faults.push_back(name + ": " + e.what());
        }
    }
    /// The fact before it is the ledger's or another recovered one; which of them, the hash tells.
    bool continues(const schema::Fact& fact) {
        const auto fits = [&](std::string_view bytes) {
            schema::Hash previous{};
            std::copy_n(bytes.begin(), std::min(bytes.size(), previous.size()), previous.begin());
            const schema::Hash hash = schema::chain(previous, fact.seq, fact.at, fact.kind, fact.body);
            return std::equal(hash.begin(), hash.end(), rows_.view(6).begin(), rows_.view(6).end(),
                              [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); });
        };
        const schema::Hash genesis = schema::genesis(print(node_));
        if (fact.seq == 1) return fits({reinterpret_cast<const char*>(genesis.data()), genesis.size()});
        for (auto previous = database_.query("SELECT hash FROM any_fact WHERE seq = ?1 UNION ALL SELECT hash FROM recovered_fact WHERE seq = ?1", fact.seq - 1);
             previous.step();)
            if (fits(previous.view(0))) return true;
        return false;
    }
    Database& database_;
    NodeName node_;
    Database& scratch_;
    Verification& result_;
    Statement rows_;
    bool more_;
};

/// Who was merged with whom by facts of a branch that stands alone.
class Merges {
public:
    explicit Merges(Database& scratch) : scratch_(scratch) {}
    void note(const MergeFact& merge) {
        if (merge.into.empty()) return tree_.unmerge(merge.from);
        tree_.merge(merge.from, merge.into);
        scratch_.run("DELETE FROM customer_card WHERE customer = ?", merge.from);
        scratch_.run("DELETE FROM customer WHERE id = ?", merge.from);
    }
    void compare(Database& database, std::vector<std::string>& faults) const {
        std::map<std::string, std::string> held;
        for (auto rows = database.query("SELECT alias, customer FROM customer_alias"); rows.step();) held[rows.text(0)] = rows.text(1);
        if (held != tree_.aliases()) faults.push_back("customer_alias: holds other merges than the facts say");
    }

private:
    Database& scratch_;
    MergeTree tree_;
};

/// The chain, and every fact into the scratch store.
void check_chain(Database& database, NodeName node, Database& scratch, Merges& merges, Verification& result,
                 const std::function<void(std::int64_t)>& progress) {
    schema::Hash previous = schema::genesis(print(node));
    Recovered recovered(database, node, scratch, result);
    Ledger(database, node).read(1, INT64_MAX, [&](const schema::Fact& fact) {
        ++result.facts;
        if (fact.seq != result.facts) result.faults.push_back(fmt::format("fact {}: stands where fact {} should", fact.seq, result.facts));
        if (schema::chain(previous, fact.seq, fact.at, fact.kind, fact.body) != fact.hash)
            result.faults.push_back(fmt::format("fact {} ({}): its hash does not fit what it says and the facts before it", fact.seq, fact.kind));
        previous = fact.hash;
        recovered.before(fact.seq);
        try {
            // Who is one with whom in the end stands in the scratch store from the beginning (verify() below).
            if (fact.kind == schema::kind::customer_merged || fact.kind == schema::kind::customer_unmerged)
                merges.note(parse_merge(fact.kind, fact.body));
            else
                project(scratch, fact);
        } catch (const std::exception& e) {
            result.faults.push_back(fmt::format("fact {} ({}): {}", fact.seq, fact.kind, e.what()));
        }
        if (progress && result.facts % 1000 == 0) progress(result.facts);
        return result.faults.size() < max_faults;
    });
    recovered.before(INT64_MAX);
    // Where later epochs begin, no fact says: it is what HQ and this node agreed on.
    for (auto rows = database.query("SELECT number, first_seq FROM epoch WHERE number > 1"); rows.step();)
        scratch.run("INSERT INTO epoch (number, first_seq) VALUES (?, ?)", rows.integer(0), rows.integer(1));
}

/// Personal texts stand beside the chain; their digest is in it.
void check_personal(Database& database, Database& scratch, std::vector<std::string>& faults) {
    for (auto texts = database.query("SELECT digest, body FROM personal"); texts.step() && faults.size() < max_faults;) {
        if (digest_of(texts.view(1)) != texts.view(0)) faults.push_back(fmt::format("personal texts {}: are not those that their digest names", texts.view(0)));
        scratch.run("INSERT INTO personal (digest, body) VALUES (?, ?)", texts.view(0), texts.view(1));
    }
}

/// What own movements the balances of HQ include already.
void check_included(Database& database, std::vector<std::string>& faults) {
    auto wrong = database.query(
        "SELECT id FROM customer c WHERE (included_points, included_spend, included_debt) IS NOT (SELECT ifnull(sum(points), 0), ifnull(sum(spend), 0), "
        "ifnull(sum(debt), 0) FROM movement WHERE customer = c.id AND seq <= c.hq_seq) LIMIT 20");
    while (wrong.step()) faults.push_back(fmt::format("customer {}: the balance does not fit HQ's and this node's movements", wrong.view(0)));
}

}  // namespace

Verification verify(Database& database, NodeName node, const std::function<void(std::int64_t)>& progress) {
    Verification result;
    // One transaction, so that a till selling meanwhile does not look like a fault.
    Transaction snapshot(database);
    const auto damage = database.text("PRAGMA quick_check(1)").value_or("no answer");
    if (damage != "ok") result.faults.push_back("ledger.db: the file is damaged: " + damage);

    Database scratch(":memory:", {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    scratch.migrate(schema::branch_migrations());
    Transaction rebuilding(scratch);
    for (auto alias = database.query("SELECT alias, customer FROM customer_alias"); alias.step();)
        scratch.run("INSERT INTO customer_alias (alias, customer) VALUES (?, ?)", alias.view(0), alias.view(1));
    check_personal(database, scratch, result.faults);
    Merges merges(scratch);
    check_chain(database, node, scratch, merges, result, progress);
    if (result.ok())
        for (const StoredTable& table : projections) compare(database, scratch, table, result.faults);
    if (result.ok() && !database.integer("SELECT 1 FROM fact WHERE kind = 'node.enrolled' LIMIT 1")) {
        for (const StoredTable& table : own_state) compare(database, scratch, table, result.faults);
        merges.compare(database, result.faults);
    }
    check_included(database, result.faults);
    if (const auto made = database.text("SELECT body FROM fact WHERE seq = 1 AND kind = ?", schema::kind::node_created))
        for (std::string& fault : check_expiry_lots(database, node, TimeZone(parse_json(*made, "ledger.db").value("time_zone", "UTC"))))
            result.faults.push_back(std::move(fault));
    for (std::string& fault : check_state_digest(database, max_faults)) result.faults.push_back(std::move(fault));
    return result;
}

}  // namespace paprsek::node
