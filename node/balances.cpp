#include "node/balances.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "node/aliases.h"
#include "node/base/text.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

/// Customers whose movements are read at a time: some milliseconds.
constexpr std::size_t reset_at_once = 200;

bool in_transaction(Database& database) { return sqlite3_get_autocommit(database.handle()) == 0; }

/// Movements of facts after `after`, through `last`.
std::vector<MovementRow> stored_movements(Database& database, NodeName node, const std::string& customer, std::int64_t after, std::int64_t last = INT64_MAX) {
    std::vector<MovementRow> rows;
    auto query = database.query(
        "SELECT ifnull(r.at, (SELECT at FROM own_fact WHERE seq = m.seq)) AS at, m.seq, m.kind, m.points, r.number FROM movement m LEFT JOIN receipt r ON "
        "r.seq = m.seq WHERE m.customer = ? AND m.seq > ? AND m.seq <= ? ORDER BY at, m.seq, m.kind DESC",
        customer, after, last);
    while (query.step()) {
        MovementRow row{query.instant(0), query.integer(1), query.text(2), query.decimal<Points>(3), {}};
        if (const auto number = query.optional_integer(4)) row.receipt = print_receipt_number(node, *number);
        if (row.needs_body()) row.body = database.text("SELECT body FROM own_fact WHERE seq = ?", row.fact).value();
        rows.push_back(std::move(row));
    }
    return rows;
}

struct Reckoned {
    PointLots lots;
    std::int64_t seq = INT64_MIN;  ///< the newest movement …
    Instant at{INT64_MIN};         ///< … and the latest instant
    std::size_t read = 0;          ///< movements that had to be looked at
    void note(const std::vector<MovementRow>& rows) {
        read = rows.size();
        for (const MovementRow& row : rows) {
            seq = std::max(seq, row.fact);
            at = std::max(at, row.at);
        }
    }
};

/// From all movements through fact `last`.
Reckoned reckon_anew(Database& database, NodeName node, const TimeZone& zone, const std::string& customer, int months, std::int64_t last = INT64_MAX) {
    const auto rows = stored_movements(database, node, customer, INT64_MIN, last);
    Reckoned reckoned{node::lots_of(points_movements(rows), months, zone)};
    reckoned.note(rows);
    return reckoned;
}

/// From where it stood when it was kept last, if what came since leaves that as it was.
Reckoned reckon(Node& node, const std::string& customer, int months) {
    Database& database = node.database();
    const NodeName name = node.info().node;
    auto kept = database.query("SELECT seq, at, lots FROM expiry_lots WHERE customer = ? AND months = ?", customer, months);
    auto lots = kept.step() ? PointLots::parse(kept.view(2), months, node.zone()) : std::nullopt;
    if (!lots) return reckon_anew(database, name, node.zone(), customer, months);
    const Instant until = kept.instant(1);
    const auto rows = stored_movements(database, name, customer, kept.integer(0));
    if (std::any_of(rows.begin(), rows.end(), [&](const MovementRow& row) { return row.changes_the_past() || row.at < until; }))
        return reckon_anew(database, name, node.zone(), customer, months);
    for (const PointsMovement& movement : points_movements(rows)) lots->move(movement);
    Reckoned reckoned{std::move(*lots), kept.integer(0), until};
    reckoned.note(rows);
    return reckoned;
}

/// So that the next log-in reads little; few movements are as quickly read as that. Within a transaction.
void keep_lots(Database& database, const std::string& customer, int months, const Reckoned& reckoned) {
    constexpr std::size_t enough = 100;
    if (reckoned.read < enough) return;
    database.run("INSERT OR REPLACE INTO expiry_lots (customer, months, seq, at, lots) VALUES (?, ?, ?, ?, ?)", customer, months, reckoned.seq, reckoned.at,
                 reckoned.lots.text());
}

/// Where points expire and this branch books it: after how many months.
std::optional<int> expires_here(Node& node) {
    const auto months = node.policy().points_expire_months;
    return months && !node.enrolment() ? months : std::nullopt;
}

Date through_now(Node& node, int months) { return expired_through(node.zone().local(node.clock().now()).date, months); }

/// Within a transaction.
void append_expiry(Node& node, std::vector<BalancesFact::Entry> entries, Date through) {
    BalancesFact head;
    head.through = print(through);
    const Instant now = node.clock().now();
    for (BalancesFact& fact : facts_of(entries, head)) {
        fact.clock_back_ms = node.ledger().clock_back_ms(now);
        node.ledger().append(kind::points_expired, body_of(fact), now);
    }
}

Outcome check_not_enrolled(Node& node) {
    if (!node.enrolment()) return {};
    return refused(Refusal::kept_at_hq, "In a chain headquarters sets the balances of all customers: paprsek-hq customers HQ reset.");
}

}  // namespace

std::string_view print(ResetOf what) { return what == ResetOf::accounts ? "accounts" : what == ResetOf::points ? "points" : "spend"; }

std::optional<ResetOf> parse_reset(std::string_view text) {
    for (const ResetOf what : {ResetOf::accounts, ResetOf::points, ResetOf::spend})
        if (print(what) == text) return what;
    return std::nullopt;
}

std::string reset_phrase(ResetOf what, std::int64_t customers) {
    if (what == ResetOf::accounts) return fmt::format("wipe {} accounts", customers);
    return fmt::format("zero the {} of {} customers", print(what), customers);
}

bool confirms(std::string_view typed, const std::string& phrase) { return fold(trim(typed)) == phrase; }

void note_reset(ResetSummary& summary, std::vector<BalancesFact::Entry>& entries, ResetOf what, const std::string& customer, Points points, Money spend) {
    if (what == ResetOf::spend) points = Points{};
    if (what == ResetOf::points) spend = Money{};
    if (points.is_zero() && spend.is_zero()) return;
    ++summary.customers;
    summary.points += points;
    summary.spend += spend;
    entries.push_back({customer, -points, -spend});
}

std::vector<BalancesFact> facts_of(const std::vector<BalancesFact::Entry>& entries, const BalancesFact& head) {
    std::vector<BalancesFact> facts;
    for (std::size_t i = 0; i < entries.size(); i += max_balance_entries) {
        facts.push_back(head);
        facts.back().entries.assign(entries.begin() + static_cast<std::ptrdiff_t>(i),
                                    entries.begin() + static_cast<std::ptrdiff_t>(std::min(i + max_balance_entries, entries.size())));
    }
    return facts;
}

Outcome reset_balances(Node& node, const Hand& by, ResetOf what, std::string_view confirm, ResetSummary& summary) try {
    if (auto outcome = check_not_enrolled(node); !outcome.ok()) return outcome;
    Transaction transaction(node.database());
    std::vector<BalancesFact::Entry> entries;
    for (auto rows = node.database().query("SELECT customer, points, spend FROM own_balance ORDER BY customer"); rows.step();)
        note_reset(summary, entries, what, rows.text(0), rows.decimal<Points>(1), rows.decimal<Money>(2));
    if (entries.empty())
        return refused(Refusal::nothing_to_reset, fmt::format("No customer has any {}.", what == ResetOf::spend ? "spend" : "points or spend"));
    summary.phrase = reset_phrase(what, summary.customers);
    if (!confirms(confirm, summary.phrase))
        return refused(Refusal::confirm_reset, fmt::format("{} customers have {} points and a spend of {}: this books all of it away. "
                                                           "To do so, confirm by \"{}\".",
                                                           summary.customers, print(summary.points), print(summary.spend), summary.phrase));
    BalancesFact head;
    head.batch = fmt::format("{}/{}", print(node.info().node), node.ledger().head().seq + 1);
    head.cashier = by.cashier;
    head.approvals = by.approvals;
    const Instant now = node.clock().now();
    for (BalancesFact& fact : facts_of(entries, head)) {
        fact.clock_back_ms = node.ledger().clock_back_ms(now);
        node.ledger().append(kind::balances_reset, body_of(fact), now);
        ++summary.facts;
    }
    summary.batch = head.batch;
    transaction.commit();
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

Outcome undo_reset(Node& node, const Hand& by, ResetSummary& summary) try {
    if (auto outcome = check_not_enrolled(node); !outcome.ok()) return outcome;
    Transaction transaction(node.database());
    std::set<std::string> undone;
    std::vector<BalancesFact> facts;  // of the newest batch that is not undone, its last fact first
    auto rows = node.database().query("SELECT kind, body FROM own_fact WHERE kind IN ('balances.reset', 'balances.restored') ORDER BY seq DESC");
    while (rows.step()) {
        BalancesFact fact = parse_balances(rows.view(0), rows.view(1));
        if (rows.view(0) == kind::balances_restored)
            undone.insert(fact.batch);
        else if (!undone.contains(fact.batch) && (facts.empty() || facts.front().batch == fact.batch))
            facts.push_back(std::move(fact));
    }
    if (facts.empty()) return refused(Refusal::nothing_to_reset, "No reset is there that could be undone.");
    const Instant now = node.clock().now();
    for (BalancesFact& fact : facts) {
        for (BalancesFact::Entry& entry : fact.entries) {
            entry = {entry.customer, -entry.points, -entry.spend};
            ++summary.customers;
            summary.points += entry.points;
            summary.spend += entry.spend;
        }
        fact.cashier = by.cashier;
        fact.approvals = by.approvals;
        fact.clock_back_ms = node.ledger().clock_back_ms(now);
        node.ledger().append(kind::balances_restored, body_of(fact), now);
        ++summary.facts;
    }
    summary.batch = facts.front().batch;
    transaction.commit();
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

std::optional<Expiry> expiry_of(Node& node, const std::string& customer) {
    const auto months = expires_here(node);
    if (!months) return std::nullopt;
    return reckon(node, customer, *months).lots.as_of(through_now(node, *months));
}

bool settle_expiry(Node& node, const std::string& customer) {
    const auto months = expires_here(node);
    if (!months) return false;
    std::optional<Transaction> transaction;
    if (!in_transaction(node.database())) transaction.emplace(node.database());
    const Reckoned reckoned = reckon(node, customer, *months);
    keep_lots(node.database(), customer, *months, reckoned);
    const Points due = reckoned.lots.as_of(through_now(node, *months)).due;
    if (!due.is_zero()) append_expiry(node, {{customer, -due, Money{}}}, through_now(node, *months));
    if (transaction) transaction->commit();
    return !due.is_zero();
}

std::int64_t expire_points(Node& node) {
    const auto months = expires_here(node);
    if (!months) return 0;
    std::vector<std::string> customers;
    for (auto rows = node.database().query("SELECT customer FROM own_balance ORDER BY customer"); rows.step();) customers.push_back(rows.text(0));
    std::int64_t due = 0;
    for (std::size_t i = 0; i < customers.size(); i += reset_at_once) {
        Transaction transaction(node.database());
        std::vector<BalancesFact::Entry> entries;
        for (std::size_t k = i; k < std::min(i + reset_at_once, customers.size()); ++k) {
            const std::string customer = main_customer(node.database(), customers[k]);
            if (customer != customers[k]) continue;
            const Reckoned reckoned = reckon(node, customer, *months);
            keep_lots(node.database(), customer, *months, reckoned);
            if (const Points gone = reckoned.lots.as_of(through_now(node, *months)).due; !gone.is_zero()) entries.push_back({customer, -gone, Money{}});
        }
        due += static_cast<std::int64_t>(entries.size());
        append_expiry(node, std::move(entries), through_now(node, *months));
        transaction.commit();
    }
    return due;
}

std::vector<std::string> check_expiry_lots(Database& database, NodeName node, const TimeZone& zone) {
    std::vector<std::string> faults;
    for (auto kept = database.query("SELECT customer, months, seq, at, lots FROM expiry_lots ORDER BY customer"); kept.step();) {
        const Reckoned anew = reckon_anew(database, node, zone, kept.text(0), static_cast<int>(kept.integer(1)), kept.integer(2));
        if (anew.lots.text() == kept.view(4) && anew.at == kept.instant(3)) continue;
        faults.push_back(fmt::format("expiry_lots: holds {}|{} where the movements say {}", kept.text(0), kept.text(4), anew.lots.text()));
        break;
    }
    return faults;
}

}  // namespace paprsek::node
