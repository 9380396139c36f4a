#include "node/aliases.h"

#include <utility>
#include <vector>

#include "node/facts.h"
#include "node/loyalty_facts.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

/// The customers whom a fact names, each with the kind of its movement.
std::vector<Movement> movements_named(const std::string& what, const std::string& body) {
    if (what == kind::sale || what == kind::refund) return movements_of(parse_receipt(what, body));
    if (is_balances_kind(what)) return movements_of(what, parse_balances(what, body));
    return movements_of(what, parse_act(body));
}

void add_movement(Database& database, const std::string& customer, std::int64_t seq, std::string_view what, Points points, Money spend, Money debt) {
    database.run(
        "INSERT INTO movement (customer, seq, kind, points, spend, debt) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (customer, seq, kind) DO UPDATE SET points = "
        "points + excluded.points, spend = spend + excluded.spend, debt = debt + excluded.debt",
        customer, seq, what, points, spend, debt);
}

/// Sums of a customer's own movements, as they stand now.
void sum_own_balance(Database& database, const std::string& customer) {
    database.run("DELETE FROM own_balance WHERE customer = ?", customer);
    database.run(
        "INSERT INTO own_balance (customer, points, spend, debt, last) SELECT m.customer, sum(m.points), sum(m.spend), sum(m.debt), "
        "max(CASE WHEN m.kind = 'sale' THEN r.at END) FROM movement m LEFT JOIN receipt r ON r.seq = m.seq WHERE m.customer = ? GROUP BY m.customer",
        customer);
}

/// What was given back counts for whom the fact names. What was granted to both is nobody's until HQ says it anew with either row.
void part_rights(Database& database, const std::string& alias, const std::string& customer) {
    std::vector<std::pair<std::int64_t, std::int64_t>> parted;
    auto rows = database.query("SELECT r.seq, r.place, f.kind, f.body FROM right_returned r JOIN own_fact f ON f.seq = r.seq WHERE r.customer = ?", customer);
    while (rows.step()) {
        const RightFact fact = parse_right(rows.text(2), rows.text(3));
        if (fact.rights.at(static_cast<std::size_t>(rows.integer(1) - 1)).customer == alias) parted.emplace_back(rows.integer(0), rows.integer(1));
    }
    for (const auto& [seq, place] : parted) database.run("UPDATE right_returned SET customer = ? WHERE seq = ? AND place = ?", alias, seq, place);
    database.run("DELETE FROM right_granted WHERE customer = ?", customer);
}

/// One fact may move both, and then stands with each as far as it names it.
void part_movements(Database& database, const std::string& alias, const std::string& customer) {
    auto rows = database.query(
        "SELECT m.seq, m.kind, f.kind, f.body FROM movement m JOIN any_fact f ON f.seq = m.seq WHERE m.customer = ?",
        customer);
    struct Part {
        std::int64_t seq = 0;
        Movement movement;
        bool shared = false;  ///< the fact moves the customer, too
    };
    std::vector<Part> parts;
    while (rows.step()) {
        Part part{rows.integer(0), {}, false};
        for (const Movement& movement : movements_named(rows.text(2), rows.text(3))) {
            if (movement.kind != rows.view(1)) continue;
            if (movement.customer == alias)
                part.movement = movement;
            else
                part.shared = part.shared || main_customer(database, movement.customer) == customer;
        }
        if (!part.movement.customer.empty()) parts.push_back(std::move(part));
    }
    for (const auto& [seq, movement, shared] : parts) {
        add_movement(database, alias, seq, movement.kind, movement.points, movement.spend, movement.debt);
        if (shared)
            database.run("UPDATE movement SET points = points - ?, spend = spend - ?, debt = debt - ? WHERE customer = ? AND seq = ? AND kind = ?",
                         movement.points, movement.spend, movement.debt, customer, seq, movement.kind);
        else
            database.run("DELETE FROM movement WHERE customer = ? AND seq = ? AND kind = ?", customer, seq, movement.kind);
        if (movement.kind != "sale" && movement.kind != "refund") continue;
        database.run("UPDATE account_item SET customer = ? WHERE customer = ? AND receipt IN (SELECT number FROM receipt WHERE seq = ?)", alias, customer, seq);
        database.run("UPDATE receipt SET customer = ? WHERE seq = ?", alias, seq);
    }
}

}  // namespace

std::string main_customer(Database& database, const std::string& customer) {
    if (customer.empty()) return customer;
    return database.text("SELECT customer FROM customer_alias WHERE alias = ?", customer).value_or(customer);
}

void join_alias(Database& database, const std::string& alias, const std::string& customer) {
    if (database.integer("SELECT 1 FROM customer_alias WHERE alias = ? AND customer = ?", alias, customer)) return;
    database.run("INSERT OR REPLACE INTO customer_alias (alias, customer) VALUES (?, ?)", alias, customer);
    database.run("DELETE FROM expiry_lots WHERE customer IN (?, ?)", alias, customer);
    database.run("UPDATE customer_alias SET customer = ? WHERE customer = ?", customer, alias);
    database.run(
        "INSERT INTO movement (customer, seq, kind, points, spend, debt) SELECT ?, seq, kind, points, spend, debt FROM movement WHERE customer = ? ON CONFLICT "
        "(customer, seq, kind) DO UPDATE SET points = points + excluded.points, spend = spend + excluded.spend, debt = debt + excluded.debt",
        customer, alias);
    database.run("DELETE FROM movement WHERE customer = ?", alias);
    database.run("UPDATE account_item SET customer = ? WHERE customer = ?", customer, alias);
    database.run("UPDATE receipt SET customer = ? WHERE customer = ?", customer, alias);
    auto own = database.query("SELECT points, spend, debt, last FROM own_balance WHERE customer = ?", alias);
    if (own.step())
        database.run(
            "INSERT INTO own_balance (customer, points, spend, debt, last) VALUES (?, ?, ?, ?, ?) ON CONFLICT (customer) DO UPDATE SET points = points + "
            "excluded.points, spend = spend + excluded.spend, debt = debt + excluded.debt, last = ifnull(max(last, excluded.last), ifnull(excluded.last, "
            "last))",
            customer, own.integer(0), own.integer(1), own.integer(2), own.optional_integer(3));
    database.run("DELETE FROM own_balance WHERE customer = ?", alias);
    database.run("UPDATE right_returned SET customer = ? WHERE customer = ?", customer, alias);
    // What was granted to both stands in the row that follows the customer's, of the same version.
    database.run("DELETE FROM right_granted WHERE customer = ?", alias);
    database.run("DELETE FROM right_wish WHERE customer = ?", alias);
    database.run("DELETE FROM customer_card WHERE customer = ?", alias);
    database.run("DELETE FROM customer WHERE id = ?", alias);
}

void part_alias(Database& database, const std::string& alias, const std::string& customer) {
    database.run("DELETE FROM customer_alias WHERE alias = ?", alias);
    database.run("DELETE FROM expiry_lots WHERE customer IN (?, ?)", alias, customer);
    part_movements(database, alias, customer);
    part_rights(database, alias, customer);
    sum_own_balance(database, alias);
    sum_own_balance(database, customer);
}

void forget_texts(Database& database, const std::string& customer, std::int64_t own_seq) {
    database.run(
        "DELETE FROM personal WHERE digest IN (SELECT json_extract(f.body, '$.digest') FROM own_fact f WHERE f.kind = 'customer.set' AND f.seq <= ?2 AND "
        "(json_extract(f.body, '$.customer') = ?1 OR json_extract(f.body, '$.customer') IN (SELECT alias FROM customer_alias WHERE customer = ?1)))",
        customer, own_seq);
    database.run(
        "DELETE FROM personal WHERE digest IN (SELECT json_extract(f.body, '$.digest') FROM recovered_fact f WHERE f.kind = 'customer.set' AND "
        "(json_extract(f.body, '$.customer') = ?1 OR json_extract(f.body, '$.customer') IN (SELECT alias FROM customer_alias WHERE customer = ?1)))",
        customer);
}

void forget_erased(Database& database, const std::string& customer, std::int64_t own_seq) {
    const bool known = database.integer("SELECT 1 FROM customer WHERE id = ? AND (name || phone || email || address || note) <> ''", customer).has_value();
    if (known) forget_texts(database, customer, own_seq);
}

}  // namespace paprsek::node
