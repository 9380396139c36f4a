#include "node/rights.h"

#include <algorithm>
#include <array>
#include <set>

#include "node/customers.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

/// Setting: through which own fact this node has looked for customers of whom it holds too much.
constexpr const char* looked_setting = "rights_looked";
/// Setting: how many wishes there were.
constexpr const char* wishes_setting = "rights_wishes";
constexpr std::int64_t right_wish_ms = 7 * 86'400'000LL;
/// Customers in one transaction: some milliseconds.
constexpr std::size_t looked_at_once = 100;

std::int64_t count_in(const std::optional<std::string>& text) { return text ? std::stoll(*text) : 0; }

struct Granted {
    Right right;
    /// A customer of whom HQ has said nothing is one whom only this node has met.
    bool home = true;
};

Granted granted_to(Node& node, const RightsStanding& standing, const std::string& customer) {
    auto row = node.database().query("SELECT points, credit, home FROM right_granted WHERE customer = ? AND begun = ? AND epoch = ?", customer,
                                     standing.begun.value_or(0), node.epoch());
    if (!row.step()) return {};
    return {{row.decimal<Points>(0), row.decimal<Money>(1)}, row.flag(2)};
}

Right moved_since(Database& database, std::int64_t begun, const std::string& customer) {
    auto row = database.query(
        "SELECT m.points - r.points, -m.debt - r.credit FROM (SELECT ifnull(sum(points), 0) AS points, ifnull(sum(debt), 0) AS debt FROM movement WHERE "
        "customer = ?1 AND seq > ?2) m, (SELECT ifnull(sum(points), 0) AS points, ifnull(sum(credit), 0) AS credit FROM right_returned WHERE customer = ?1 "
        "AND seq > ?2) r",
        customer, begun);
    row.step();
    return {row.decimal<Points>(0), row.decimal<Money>(1)};
}

std::optional<Right> wished(Database& database, const std::string& customer) {
    auto row = database.query("SELECT points, credit FROM right_wish WHERE customer = ?", customer);
    if (!row.step()) return std::nullopt;
    return Right{row.decimal<Points>(0), row.decimal<Money>(1)};
}

/// What of the customer's right lies above what this node keeps.
Right surplus(Node& node, const RightsStanding& standing, const std::string& customer) {
    const auto record = customer_by_id(node.database(), customer);
    if (!record) return {};
    const CustomerTerms& terms = record->terms;
    const Right right = right_of(node, standing, customer);
    const bool home = granted_to(node, standing, customer).home;
    const Right wish = wished(node.database(), customer).value_or(Right{});
    const Rate reserve = node.policy().offline.reserve;
    const auto over = [&](auto held, auto available, auto wanted) {
        const auto share = home ? share_of(available, reserve) : decltype(available){};
        const auto rest = home ? std::max(available, decltype(available){}) - share : decltype(available){};
        return surplus_of(held, std::max(share, wanted), decltype(held)::of(rest.raw() / 2));
    };
    Right result{over(right.points, terms.points, wish.points), {}};
    if (!terms.limit.is_zero()) result.credit = over(right.credit, terms.charge ? terms.limit - terms.debt : Money{}, wish.credit);
    return result;
}

/// Customers of whom this node may hold more than it keeps: whose rights HQ or a fact has moved since the last look.
std::vector<std::string> moved_customers(Node& node, std::int64_t after, std::int64_t through) {
    std::set<std::string> customers;
    node.ledger().read(after + 1, through, [&](const schema::Fact& fact) {
        std::vector<Movement> movements;
        if (fact.kind == kind::sale || fact.kind == kind::refund)
            movements = movements_of(parse_receipt(fact.kind, fact.body));
        else if (fact.kind == kind::deposit || fact.kind == kind::settlement || fact.kind == kind::correction)
            movements = movements_of(fact.kind, parse_act(fact.body));
        for (const Movement& movement : movements) {
            const auto main = node.database().text("SELECT customer FROM customer_alias WHERE alias = ?", movement.customer);
            customers.insert(main.value_or(movement.customer));
        }
        return true;
    });
    for (auto rows = node.database().query("SELECT customer FROM right_granted WHERE changed = 1"); rows.step();) customers.insert(rows.text(0));
    return {customers.begin(), customers.end()};
}

/// By the ledger's own time: the clock of an exchange may not be the one that the till goes by.
void forget_old_wishes(Node& node, Instant newest) {
    node.database().run("DELETE FROM right_wish WHERE at < ?", Instant{newest.ms - right_wish_ms});
}

/// The word by which HQ's answer to a restored ledger is known: replies from before the restore do not have it.
void draw_word(Node& node) {
    if (node.setting(restored_setting) != fresh_restore) return;
    std::array<unsigned char, 16> bytes{};
    node.random().fill(bytes);
    std::string word;
    for (const unsigned char byte : bytes) {
        word += "0123456789abcdef"[byte >> 4];
        word += "0123456789abcdef"[byte & 15];
    }
    Transaction transaction(node.database());
    node.set_setting(restored_setting, word);
    transaction.commit();
}

}  // namespace

RightsStanding rights_standing(Node& node) {
    RightsStanding standing;
    standing.bound = node.policy().offline.spend == SpendBy::right && node.enrolment().has_value();
    if (!standing.bound) return standing;
    standing.restored = node.setting(restored_setting).has_value();
    if (standing.restored) return standing;
    auto row = node.database().query(
        "SELECT seq, era FROM right_begun WHERE seq >= ifnull((SELECT first_seq FROM epoch ORDER BY number DESC LIMIT 1), 1) ORDER BY seq DESC LIMIT 1");
    if (row.step()) {
        standing.begun = row.integer(0);
        standing.era = row.text(1);
    }
    return standing;
}

Right right_of(Node& node, const RightsStanding& standing, const std::string& customer) {
    if (!standing.bound || !standing.begun) return {};
    const Granted granted = granted_to(node, standing, customer);
    const Right moved = moved_since(node.database(), *standing.begun, customer);
    return {granted.right.points + moved.points, granted.right.credit + moved.credit};
}

void wish(Node& node, const std::string& customer, const Right& needed, Instant at) {
    node.database().run(
        "INSERT INTO right_wish (customer, points, credit, at) VALUES (?, ?, ?, ?) ON CONFLICT (customer) DO UPDATE SET points = max(points, "
        "excluded.points), credit = max(credit, excluded.credit), at = excluded.at",
        customer, needed.points, needed.credit, at);
    note_wish(node);
}

void drop_wish(Node& node, const std::string& customer) { node.database().run("DELETE FROM right_wish WHERE customer = ?", customer); }

void note_wish(Node& node) { node.set_setting(wishes_setting, std::to_string(wishes_made(node) + 1)); }

std::int64_t wishes_made(Node& node) { return count_in(node.setting(wishes_setting)); }

std::vector<RightFact::Entry> wanted_rights(Node& node, std::size_t most) {
    std::vector<RightFact::Entry> wants;
    const RightsStanding standing = rights_standing(node);
    if (!standing.begun) return wants;
    std::vector<RightFact::Entry> wishes;
    for (auto rows = node.database().query("SELECT customer, points, credit FROM right_wish ORDER BY at DESC, customer LIMIT ?", most); rows.step();)
        wishes.push_back({rows.text(0), rows.decimal<Points>(1), rows.decimal<Money>(2)});
    for (RightFact::Entry& each : wishes) {
        const Right right = right_of(node, standing, each.customer);
        if (each.points <= right.points) each.points = Points{};
        if (each.credit <= right.credit) each.credit = Money{};
        if (!each.points.is_zero() || !each.credit.is_zero()) wants.push_back(std::move(each));
    }
    return wants;
}

bool begin_rights(Node& node, const std::string& era) {
    if (era.empty() || era.size() > max_era_bytes) return false;
    const auto due = [&] {
        const RightsStanding standing = rights_standing(node);
        return standing.bound && !standing.restored && !node.is_empty() && standing.era != era;
    };
    if (!due()) return false;
    Transaction transaction(node.database());
    if (!due()) return false;  // another process has taken in the same reply
    RightFact fact;
    fact.era = era;
    node.ledger().append(kind::right_begun, body_of(kind::right_begun, fact), node.clock().now());
    transaction.commit();
    return true;
}

std::int64_t settle_rights(Node& node) {
    draw_word(node);
    const RightsStanding standing = rights_standing(node);
    if (!standing.begun) return 0;
    const std::int64_t looked = std::max(count_in(node.setting(looked_setting)), *standing.begun);
    const Head head = node.ledger().head();
    const std::vector<std::string> customers = moved_customers(node, looked, head.seq);
    std::int64_t returned = 0;
    for (std::size_t i = 0; i < customers.size(); i += looked_at_once) {
        Transaction transaction(node.database());
        // Read within the transaction: a till may have spent meanwhile.
        const RightsStanding now = rights_standing(node);
        if (now.begun != standing.begun) return returned;
        RightFact fact;
        for (std::size_t k = i; k < std::min(i + looked_at_once, customers.size()); ++k) {
            const Right over = surplus(node, now, customers[k]);
            node.database().run("UPDATE right_granted SET changed = 0 WHERE customer = ? AND changed = 1", customers[k]);
            if (over != Right{}) fact.rights.push_back({customers[k], over.points, over.credit});
        }
        if (!fact.rights.empty()) node.ledger().append(kind::right_returned, body_of(kind::right_returned, fact), node.clock().now());
        if (i + looked_at_once >= customers.size()) {
            node.set_setting(looked_setting, std::to_string(head.seq));
            forget_old_wishes(node, head.at);
        }
        transaction.commit();
        returned += static_cast<std::int64_t>(fact.rights.size());
    }
    return returned;
}

std::string restored_word(Node& node) {
    const std::string word = node.setting(restored_setting).value_or("");
    return word == fresh_restore ? std::string() : word;
}

void note_renewed(Node& node, const std::string& word) {
    if (!word.empty() && word == restored_word(node)) node.database().run("DELETE FROM setting WHERE name = ?", restored_setting);
}

}  // namespace paprsek::node
