// Under rights nobody holds more than there is, with every fact that is still offline, so that no balance goes below zero by spending.
#include "node/rights.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tests/sim/chain.h"

namespace paprsek::sim {
namespace {

struct Part {
    std::int64_t points = 0, credit = 0;
};

}  // namespace

void Chain::check_rights() {
    node::Database hq(folder_.file("hq") + "/hq.db", {.create = false, .read_only = true, .vfs = hq_.disk.vfs()});
    std::map<std::string, std::string> main_of;
    std::map<std::string, Part> rest;  // balance less all rights
    std::map<std::string, bool> has_limit;
    std::set<std::pair<int, std::int64_t>> live;  // branch and epoch of the ledgers that are sold in
    auto customers = hq.query("SELECT c.id, ifnull(m.id, c.id), c.credit, c.charge FROM customer c LEFT JOIN customer m ON m.row = c.main");
    while (customers.step()) {
        main_of[customers.text(0)] = customers.text(1);
        if (customers.text(0) != customers.text(1)) continue;
        rest[customers.text(0)].credit += customers.integer(2);
        has_limit[customers.text(0)] = customers.integer(2) > 0 && customers.flag(3);
    }
    const auto known = [&](const std::string& id) -> Part& {
        const auto found = main_of.find(id);
        return rest[found == main_of.end() ? id : found->second];
    };
    auto own = hq.query(
        "SELECT c.id, m.points, m.debt FROM movement m JOIN customer c ON c.row = m.customer JOIN chain k ON k.id = m.fact >> 32 JOIN node n ON n.id = k.node "
        "WHERE n.branch = 0");
    for (; own.step(); known(own.text(0)).credit -= own.integer(2)) known(own.text(0)).points += own.integer(1);
    for (auto& branch : branches_) {
        node::Node& node = *branch->machine.program;
        node::Database& database = node.database();
        for (auto row = database.query("SELECT customer, points, debt FROM own_balance"); row.step();) {
            known(row.text(0)).points += row.integer(1);
            known(row.text(0)).credit -= row.integer(2);
        }
        live.emplace(branch->name.branch, node.epoch());
        const node::RightsStanding standing = node::rights_standing(node);
        for (auto row = database.query("SELECT customer FROM own_balance UNION SELECT customer FROM right_granted"); row.step();) {
            const node::Right right = node::right_of(node, standing, row.text(0));
            known(row.text(0)).points -= right.points.raw();
            known(row.text(0)).credit -= right.credit.raw();
            const bool taken_back =
                right.points < node::Points{} &&
                !database.integer("SELECT 1 FROM movement WHERE customer = ? AND points < 0 AND kind IN ('refund', 'correction', 'referral') LIMIT 1",
                                  row.text(0));
            if (taken_back) broken(fmt::format("{} has spent beyond its right of customer {}: {}", print(branch->name), row.text(0), print(right.points)));
        }
    }
    // What refunds and corrections took where no right counted yet took it from the reserve, which it may leave below zero (rule 10).
    const std::string takes = "points < 0 AND kind IN ('refund', 'correction', 'referral')";
    for (auto& branch : branches_) {
        const auto begun = node::rights_standing(*branch->machine.program).begun;
        auto taken = branch->machine.program->database().query(
            "SELECT customer, sum(points) FROM movement WHERE seq BETWEEN 1 AND ? AND " + takes + " GROUP BY customer", begun.value_or(INT64_MAX));
        while (taken.step()) known(taken.text(0)).points -= taken.integer(1);
    }
    auto taken = hq.query(
        "SELECT n.branch, k.epoch, c.id, sum(m.points) FROM movement m JOIN chain k ON k.id = m.fact >> 32 JOIN node n ON n.id = k.node "
        "JOIN customer c ON c.row = m.customer LEFT JOIN right_holder h ON h.node = k.node AND h.epoch = k.epoch "
        "WHERE (h.begun IS NULL OR m.fact & 4294967295 < h.begun) AND m." + takes + " GROUP BY 1, 2, 3");
    while (taken.step())
        if (!live.contains({static_cast<int>(taken.integer(0)), taken.integer(1)})) known(taken.text(2)).points -= taken.integer(3);
    // Both copies of a disk hold the same right, and neither can know of the other: what the second spent by it until it was told so,
    // before its own rights began, nobody had to give.
    if (settings_.accidents == Accidents::clones) {
        auto twice = hq.query(
            "SELECT c.id, sum(m.points), -sum(m.debt) FROM movement m JOIN chain k ON k.id = m.fact >> 32 JOIN customer c ON c.row = m.customer "
            "LEFT JOIN right_holder h ON h.node = k.node AND h.epoch = k.epoch WHERE k.base > 0 AND (h.begun IS NULL OR m.fact & 4294967295 < h.begun) "
            "AND NOT (m." + takes + ") GROUP BY k.id, c.id");
        while (twice.step()) {
            known(twice.text(0)).points -= std::min(std::int64_t{0}, twice.integer(1));
            known(twice.text(0)).credit -= std::min(std::int64_t{0}, twice.integer(2));
        }
    }
    // What a lost ledger held is nobody's to give before a person writes it off; a correction may have left it below zero.
    auto frozen = hq.query(
        "SELECT n.branch, h.epoch, c.id, sum(m.points), sum(m.credit) FROM ("
        "SELECT k.node, k.epoch, m.customer, m.points, -m.debt AS credit, m.fact & 4294967295 AS seq, NULL AS begun FROM movement m "
        "JOIN chain k ON k.id = m.fact >> 32 UNION ALL "
        "SELECT node, epoch, customer, points_granted - points_returned, credit_granted - credit_returned, NULL, begun FROM right_moved) m "
        "JOIN right_holder h ON h.node = m.node AND h.epoch = m.epoch AND NOT h.written_off AND (m.begun = h.begun OR m.seq > h.begun) "
        "JOIN node n ON n.id = h.node JOIN customer c ON c.row = m.customer GROUP BY 1, 2, 3");
    while (frozen.step()) {
        if (live.contains({static_cast<int>(frozen.integer(0)), frozen.integer(1)})) continue;
        known(frozen.text(2)).points -= frozen.integer(3);
        known(frozen.text(2)).credit -= frozen.integer(4);
    }
    for (const auto& [customer, part] : rest) {
        if (part.points < 0) broken(fmt::format("of customer {} the rights exceed the balance by {} hundredths of a point", customer, -part.points));
        if (has_limit[customer] && part.credit < 0) broken(fmt::format("of customer {} the rights exceed the credit by {}", customer, -part.credit));
    }
}

}  // namespace paprsek::sim
