#include "node/balances.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "node/aliases.h"
#include "node/base/text.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

/// Customers whose movements are read at a time: some milliseconds.
constexpr std::size_t slice_customers = 200;

bool in_transaction(Database& database) { return sqlite3_get_autocommit(database.handle()) == 0; }

std::vector<MovementRow> movements_of(Node& node, const std::string& customer) {
    std::vector<MovementRow> rows;
    auto query = node.database().query(
        "SELECT ifnull(r.at, (SELECT at FROM own_fact WHERE seq = m.seq)) AS at, m.seq, m.kind, m.points, r.number FROM movement m LEFT JOIN receipt r ON "
        "r.seq = m.seq WHERE m.customer = ? ORDER BY at, m.seq, m.kind DESC",
        customer);
    while (query.step()) {
        MovementRow row{query.instant(0), query.integer(1), query.text(2), query.decimal<Points>(3), {}};
        if (const auto number = query.optional_integer(4)) row.receipt = print_receipt_number(node.info().node, *number);
        if (row.needs_body()) row.body = node.database().text("SELECT body FROM own_fact WHERE seq = ?", row.fact).value();
        rows.push_back(std::move(row));
    }
    return rows;
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

Outcome check_alone(Node& node) {
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
    if (auto outcome = check_alone(node); !outcome.ok()) return outcome;
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
    if (auto outcome = check_alone(node); !outcome.ok()) return outcome;
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
    return expiry_of(points_movements(movements_of(node, customer)), *months, through_now(node, *months), node.zone());
}

bool settle_expiry(Node& node, const std::string& customer) {
    const auto months = expires_here(node);
    if (!months) return false;
    std::optional<Transaction> transaction;
    if (!in_transaction(node.database())) transaction.emplace(node.database());
    const auto expiry = expiry_of(node, customer);
    if (expiry->due.is_zero()) return false;
    append_expiry(node, {{customer, -expiry->due, Money{}}}, through_now(node, *months));
    if (transaction) transaction->commit();
    return true;
}

std::int64_t expire_points(Node& node) {
    const auto months = expires_here(node);
    if (!months) return 0;
    std::vector<std::string> customers;
    for (auto rows = node.database().query("SELECT customer FROM own_balance ORDER BY customer"); rows.step();) customers.push_back(rows.text(0));
    std::int64_t due = 0;
    for (std::size_t i = 0; i < customers.size(); i += slice_customers) {
        Transaction transaction(node.database());
        std::vector<BalancesFact::Entry> entries;
        for (std::size_t k = i; k < std::min(i + slice_customers, customers.size()); ++k) {
            const std::string customer = main_customer(node.database(), customers[k]);
            if (customer != customers[k]) continue;
            if (const auto expiry = expiry_of(node, customer); !expiry->due.is_zero()) entries.push_back({customer, -expiry->due, Money{}});
        }
        due += static_cast<std::int64_t>(entries.size());
        append_expiry(node, std::move(entries), through_now(node, *months));
        transaction.commit();
    }
    return due;
}

}  // namespace paprsek::node
