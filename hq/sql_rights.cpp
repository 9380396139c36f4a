// Rights of nodes in HQ's store.
#include <fmt/format.h>

#include <map>
#include <set>

#include "hq/rights.h"
#include "hq/sql_statements.h"

namespace paprsek::hq {
namespace {

/// The customer itself and those that were merged into it.
constexpr const char* with_aliases = "(SELECT ?1 UNION ALL SELECT row FROM customer WHERE main = ?1)";

node::Right right_of(const SqlRows& row, int column) { return {row.decimal<node::Points>(column), row.decimal<node::Money>(column + 1)}; }

}  // namespace

void SqlStore::set_rights_era(std::int64_t node, std::string_view era) { database_->post("UPDATE node SET rights_era = ? WHERE id = ?", era, node); }

void SqlStore::set_right_holder(const RightHolder& holder) {
    database_->post(
        "INSERT INTO right_holder VALUES (?, ?, ?, ?, ?) ON CONFLICT (node, epoch) DO UPDATE SET begun = excluded.begun, era = excluded.era, "
        "written_off = excluded.written_off",
        holder.node, holder.epoch, holder.begun, holder.era, holder.written_off);
}

std::vector<RightHolder> SqlStore::right_holders() {
    std::vector<RightHolder> holders;
    for (auto row = database_->query("SELECT node, epoch, begun, era, written_off FROM right_holder ORDER BY node, epoch"); row.step();)
        holders.push_back({row.integer(0), row.integer(1), row.integer(2), row.text(3), row.flag(4)});
    return holders;
}

void SqlStore::move_right(std::int64_t customer, const RightHolder& holder, const node::Right& granted, const node::Right& returned) {
    database_->post(
        "INSERT INTO right_moved VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (customer, node, epoch, begun) DO UPDATE SET "
        "points_granted = right_moved.points_granted + excluded.points_granted, credit_granted = right_moved.credit_granted + excluded.credit_granted, "
        "points_returned = right_moved.points_returned + excluded.points_returned, "
        "credit_returned = right_moved.credit_returned + excluded.credit_returned",
        customer, holder.node, holder.epoch, holder.begun, granted.points, granted.credit, returned.points, returned.credit);
}

std::vector<HeldRight> SqlStore::held_rights(std::int64_t customer) {
    const std::string of = customer ? fmt::format("WHERE m.customer IN {}", with_aliases) : "WHERE ?1 = 0";
    const std::string sql = fmt::format(
        "SELECT who, node, epoch, sum(points), sum(credit) FROM ("
        "SELECT coalesce(c.main, c.row) AS who, h.node AS node, h.epoch AS epoch, m.points AS points, -m.debt AS credit FROM movement m "
        "JOIN chain k ON k.id = m.fact >> 32 JOIN right_holder h ON h.node = k.node AND h.epoch = k.epoch AND h.begun < (m.fact & {1}) AND h.written_off = 0 "
        "JOIN customer c ON c.row = m.customer {0} UNION ALL "
        "SELECT coalesce(c.main, c.row), h.node, h.epoch, m.points_granted - m.points_returned, m.credit_granted - m.credit_returned FROM right_moved m "
        "JOIN right_holder h ON h.node = m.node AND h.epoch = m.epoch AND h.begun = m.begun AND h.written_off = 0 "
        "JOIN customer c ON c.row = m.customer {0}) moved GROUP BY who, node, epoch HAVING sum(points) <> 0 OR sum(credit) <> 0 ORDER BY who, node, epoch",
        of, max_seq);
    std::vector<HeldRight> held;
    for (auto row = database_->query(sql, customer); row.step();) held.push_back({row.integer(0), row.integer(1), row.integer(2), right_of(row, 3)});
    return held;
}

std::vector<std::int64_t> SqlStore::set_wants(std::int64_t node, std::span<const RightWant> wants, node::Instant at) {
    std::set<std::int64_t> before, changed;
    for (auto row = database_->query("SELECT customer FROM right_wanted WHERE node = ?", node); row.step();) before.insert(row.integer(0));
    for (const RightWant& want : wants) {
        database_->post(
            "INSERT INTO right_wanted VALUES (?, ?, ?, ?, ?) ON CONFLICT (node, customer) DO UPDATE SET points = excluded.points, credit = excluded.credit",
            node, want.customer, want.needed.points, want.needed.credit, at);
        if (!before.erase(want.customer)) changed.insert(want.customer);
    }
    for (const std::int64_t customer : before) {
        database_->post("DELETE FROM right_wanted WHERE node = ? AND customer = ?", node, customer);
        changed.insert(customer);
    }
    return {changed.begin(), changed.end()};
}

bool SqlStore::has_wants(std::int64_t node) { return database_->integer("SELECT 1 FROM right_wanted WHERE node = ? LIMIT 1", node).has_value(); }

std::vector<RightWant> SqlStore::wants(std::int64_t customer) {
    std::vector<RightWant> wants;
    for (auto row = database_->query("SELECT node, points, credit FROM right_wanted WHERE customer = ? ORDER BY at, node", customer); row.step();)
        wants.push_back({row.integer(0), customer, right_of(row, 1)});
    return wants;
}

std::int64_t SqlStore::home_of(std::int64_t customer) {
    return database_
        ->integer(
            "SELECT coalesce((SELECT node FROM right_wanted WHERE customer = ?1 ORDER BY at DESC, node LIMIT 1), "
            "(SELECT k.node FROM customer c JOIN chain k ON k.id = c.last_fact >> 32 WHERE c.row = ?1))",
            customer)
        .value_or(0);
}

std::vector<std::int64_t> SqlStore::customers_at_home(std::int64_t node) {
    std::vector<std::int64_t> customers;
    auto row = database_->query(
        "SELECT row FROM customer WHERE main IS NULL AND (points > 0 OR credit > debt) AND last_fact <> 0 "
        "AND (?1 = 0 OR last_fact >> 32 IN (SELECT id FROM chain WHERE node = ?1)) ORDER BY row",
        node);
    while (row.step()) customers.push_back(row.integer(0));
    return customers;
}

void SqlStore::touch_customers(std::span<const std::int64_t> rows) {
    for (const std::int64_t row : rows) database_->post("UPDATE customer SET version = ? WHERE row = ? AND main IS NULL", next_version(), row);
}

/// A row a holder, the reserve last: a customer's points add up to the balance, the credit to limit − debt.
std::vector<node::Json> SqlStore::right_rows(std::int64_t customer) {
    std::map<std::int64_t, std::vector<HeldRight>> held;
    for (HeldRight& each : held_rights(customer)) held[each.customer].push_back(each);
    std::map<std::int64_t, node::NodeName> names;
    for (const NodeRecord& node : nodes()) names[node.id] = node.node;
    std::map<std::int64_t, std::int64_t> epochs;  // of each node's ledger as it is
    for (const auto& [id, name] : names)
        epochs[id] =
            database_
                ->integer("SELECT k.epoch FROM standing s JOIN chain k ON k.id = s.chain JOIN node n ON n.id = s.node AND n.key IS NOT NULL WHERE n.id = ?", id)
                .value_or(0);
    std::vector<node::Json> rows;
    std::vector<std::int64_t> customers;
    auto row = database_->query(
        "SELECT row FROM customer c WHERE main IS NULL AND (?1 = 0 OR row = ?1) ORDER BY number IS NULL, number, "
        "coalesce((SELECT min(code) FROM customer_card WHERE customer = c.row), ''), id",
        customer);
    while (row.step()) {
        const std::int64_t who = row.integer(0);
        const Account balances = account(who);
        const CustomerRecord record = this->customer(who);
        const std::vector<HeldRight>& parts = held[who];
        const Reserve reserve = reserve_of(balances, record, parts);
        if (parts.empty() && reserve.available == node::Right{}) continue;
        const auto add = [&](const std::string& holder, node::Json epoch, const char* state, const node::Right& right) {
            rows.push_back({{"number", record.number ? node::Json(*record.number) : node::Json()},
                            {"name", record.name},
                            {"cards", cards(who)},
                            {"holder", holder},
                            {"epoch", std::move(epoch)},
                            {"state", state},
                            {"points", node::print(right.points)},
                            {"credit", node::print(reserve.credit ? right.credit : node::Money{})}});
        };
        for (const HeldRight& each : parts) add(print(names.at(each.node)), each.epoch, epochs[each.node] == each.epoch ? "held" : "frozen", each.right);
        add("HQ", {}, "reserve", reserve.rest);
    }
    return rows;
}

/// Nothing where the holder has never had to do with the customer.
std::optional<node::RightRow> SqlStore::right_row(std::int64_t customer, const RightReader& reader) {
    const RightHolder& holder = reader.holder;
    node::RightRow result;
    auto granted = database_->query(
        fmt::format(
            "SELECT coalesce(sum(points_granted), 0), coalesce(sum(credit_granted), 0), count(*) FROM right_moved WHERE customer IN {} AND node = ?2 AND "
            "epoch = ?3 AND begun = ?4",
            with_aliases),
        customer, holder.node, holder.epoch, holder.begun);
    granted.step();
    result.points = granted.decimal<node::Points>(0);
    result.credit = granted.decimal<node::Money>(1);
    result.home = home_of(customer) == holder.node;
    const bool moved = granted.integer(2) > 0 || result.home ||
                       database_
                           ->integer(fmt::format("SELECT 1 FROM movement WHERE customer IN {} AND fact BETWEEN ?2 AND ?3 LIMIT 1", with_aliases), customer,
                                     fact_id(reader.chain, holder.begun), fact_id(reader.chain, max_seq))
                           .has_value();
    if (!moved) return std::nullopt;
    result.customer = database_->text("SELECT id FROM customer WHERE row = ?", customer).value_or("");
    result.epoch = holder.epoch;
    result.begun = holder.begun;
    return result;
}

}  // namespace paprsek::hq
