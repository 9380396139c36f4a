#include "hq/balances.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hq/booking.h"
#include "hq/rights.h"
#include "node/base/error.h"
#include "node/loyalty_facts.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

constexpr const char* expired_on_setting = "expired_on";    ///< the day on which everybody has been looked at
constexpr const char* expired_row_setting = "expired_row";  ///< through which row, on the day that is under way
constexpr std::size_t slice_customers = 500;

/// What HQ may take of a customer's points: all, or under rights what its reserve holds.
node::Points takeable(Store& store, std::int64_t row, const Account& account, bool rights) {
    const node::Points balance = node::Points::of(account.points);
    if (!rights) return balance;
    return std::min(balance, std::max(node::Points{}, reserve_of(account, store.customer(row), store.held_rights(row)).rest.points));
}

bool by_rights(Store& store, const node::Policy& policy) { return policy.offline.spend == node::SpendBy::right && !store.right_holders().empty(); }

ResetDone gather(Store& store, const node::Policy& policy, node::ResetOf what, std::vector<node::BalancesFact::Entry>& entries) {
    ResetDone done;
    const bool rights = by_rights(store, policy);
    std::int64_t after = 0;
    for (auto rows = store.customers_with_balances(after, slice_customers); !rows.empty(); rows = store.customers_with_balances(after, slice_customers)) {
        for (const std::int64_t row : rows) {
            const Account account = store.account(row);
            const node::Points balance = node::Points::of(account.points), points = takeable(store, row, account, rights);
            if (points < balance && what != node::ResetOf::spend) {
                ++done.held;
                done.held_points += balance - points;
            }
            node::note_reset(done.summary, entries, what, store.customer(row).id, points, node::Money::of(account.spend));
        }
        after = rows.back();
    }
    done.summary.phrase = node::reset_phrase(what, done.summary.customers);
    return done;
}

std::string hq_name(std::int64_t seq) { return fmt::format("{}/{}", node::print(node::hq_node), seq); }

std::vector<node::MovementRow> points_rows(Store& store, std::int64_t customer) {
    std::vector<node::MovementRow> rows;
    for (const AccountMovement& movement : store.movements(customer)) {
        node::MovementRow row{{movement.at}, movement.fact, movement.kind, node::Points::of(movement.points), {}};
        if (movement.receipt) row.receipt = fmt::format("{}-{:06}", node::print(movement.node), movement.receipt);
        if (row.needs_body())
            if (const auto fact = store.fact(movement.fact)) row.body = fact->body;
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

ResetDone preview_reset(Store& store, const node::Policy& policy, node::ResetOf what) {
    StoreSnapshot snapshot(store);
    std::vector<node::BalancesFact::Entry> entries;
    return gather(store, policy, what, entries);
}

ResetDone reset_balances(Store& store, const node::Policy& policy, node::ResetOf what, const std::string& confirm, node::Instant now) {
    Booking booking(store, now);
    std::vector<node::BalancesFact::Entry> entries;
    ResetDone done = gather(store, policy, what, entries);
    if (entries.empty()) node::refuse("reset", "has nothing to take: no customer has any that lies at headquarters");
    if (!node::confirms(confirm, done.summary.phrase))
        node::refuse("reset", fmt::format("is not confirmed: {} customers have {} points and a spend of {}", done.summary.customers,
                                          node::print(done.summary.points), node::print(done.summary.spend)),
                     fmt::format("--confirm \"{}\"", done.summary.phrase));
    node::BalancesFact head;
    head.batch = done.summary.batch = hq_name(booking.next_seq());
    for (const node::BalancesFact& fact : node::facts_of(entries, head)) {
        booking.append(kind::balances_reset, node::body_of(fact));
        ++done.summary.facts;
    }
    booking.commit();
    return done;
}

node::ResetSummary undo_reset(Store& store, node::Instant now) {
    Booking booking(store, now);
    std::set<std::string> undone;
    for (const schema::Fact& fact : store.own_facts(kind::balances_restored)) undone.insert(node::parse_balances(fact.kind, fact.body).batch);
    std::vector<node::BalancesFact> facts;
    const auto resets = store.own_facts(kind::balances_reset);
    for (auto each = resets.rbegin(); each != resets.rend(); ++each) {
        node::BalancesFact fact = node::parse_balances(each->kind, each->body);
        if (!undone.contains(fact.batch) && (facts.empty() || facts.front().batch == fact.batch)) facts.push_back(std::move(fact));
    }
    if (facts.empty()) node::refuse("undo-reset", "finds no reset that could be undone");
    node::ResetSummary summary;
    summary.batch = facts.front().batch;
    for (node::BalancesFact& fact : facts) {
        for (node::BalancesFact::Entry& entry : fact.entries) {
            entry = {entry.customer, -entry.points, -entry.spend};
            ++summary.customers;
            summary.points += entry.points;
            summary.spend += entry.spend;
        }
        booking.append(kind::balances_restored, node::body_of(fact));
        ++summary.facts;
    }
    booking.commit();
    return summary;
}

std::int64_t settle_expiry(Store& store, const node::Policy& policy, const node::TimeZone& zone, std::vector<std::int64_t> customers, node::Instant now) {
    if (!policy.points_expire_months || customers.empty()) return 0;
    std::sort(customers.begin(), customers.end());
    customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
    const int months = *policy.points_expire_months;
    const node::Date through = node::expired_through(zone.local(now).date, months);
    const bool rights = by_rights(store, policy);
    std::vector<node::BalancesFact::Entry> entries;
    for (const std::int64_t row : customers) {
        const Account account = store.account(row);
        if (account.main) continue;
        node::Points due = node::expiry_of(node::points_movements(points_rows(store, row)), months, through, zone).due;
        if (rights && due > node::Points{}) due = std::min(due, std::max(node::Points{}, takeable(store, row, account, true)));
        if (!due.is_zero()) entries.push_back({store.customer(row).id, -due, node::Money{}});
    }
    if (entries.empty()) return 0;
    Projector projector(store, now);
    OwnFacts own(store, projector, now);
    node::BalancesFact head;
    head.through = node::print(through);
    for (const node::BalancesFact& fact : node::facts_of(entries, head)) own.append(kind::points_expired, node::body_of(fact));
    own.finish();
    projector.finish();
    return static_cast<std::int64_t>(entries.size());
}

bool expiry_is_due(Store& store, node::Date today) { return store.setting(expired_on_setting) != node::print(today); }

std::vector<std::int64_t> next_to_expire(Store& store, node::Date today) {
    const std::string day = node::print(today), under_way = store.setting(expired_row_setting).value_or("");
    // "2026-03-31 57": the rest of a day that has gone by is not looked at, for today everybody is.
    const bool goes_on = under_way.starts_with(day + " ");
    const std::int64_t after = goes_on ? std::stoll(under_way.substr(day.size() + 1)) : 0;
    const std::vector<std::int64_t> rows = store.customers_with_balances(after, slice_customers);
    if (rows.size() < slice_customers)
        store.set_setting(expired_on_setting, day);
    else
        store.set_setting(expired_row_setting, fmt::format("{} {}", day, rows.back()));
    return rows;
}

}  // namespace paprsek::hq
