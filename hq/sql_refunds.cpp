// Refunds by their sales, and who hears of which receipts, in HQ's store.
#include <optional>

#include "hq/sql_statements.h"
#include "node/base/error.h"

namespace paprsek::hq {

std::optional<FactId> SqlStore::find_sale(std::int64_t chain, std::int64_t through, std::int64_t number) {
    // Numbers grow along a chain: no index of them is kept for the few that are looked for.
    FactId low = fact_id(chain, 1), high = fact_id(chain, through);
    while (low <= high) {
        const FactId middle = low + (high - low) / 2;
        auto row = database_->query("SELECT fact, number, refund FROM sale WHERE fact BETWEEN ? AND ? ORDER BY fact LIMIT 1", middle, high);
        if (!row.step() || row.integer(1) > number)
            high = middle - 1;
        else if (row.integer(1) < number)
            low = row.integer(0) + 1;
        else
            return row.flag(2) ? std::nullopt : std::optional(row.integer(0));
    }
    return std::nullopt;
}

node::FactPlace SqlStore::place_of(FactId fact) {
    auto row = database_->query("SELECT n.branch, n.till, c.epoch FROM chain c JOIN node n ON n.id = c.node WHERE c.id = ?", chain_of(fact));
    if (!row.step()) node::fail(database_->name(), "names a chain that it does not hold", "run verify");
    return {{static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1))}, row.integer(2), seq_of(fact)};
}

void SqlStore::add_refund(const node::FactPlace& sold, FactId refund) {
    database_->post("INSERT INTO refund_of VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING", sold.node.branch, sold.node.till, sold.epoch, sold.seq, refund);
}

void SqlStore::wait_for_sale(const node::FactPlace& sold) {
    database_->post("UPDATE refund_of SET early = 1 WHERE branch = ? AND till = ? AND epoch = ? AND seq = ?", sold.node.branch, sold.node.till, sold.epoch,
                    sold.seq);
}

std::vector<FactId> SqlStore::refunds_of(const node::FactPlace& sold) {
    std::vector<FactId> refunds;
    auto row = database_->query("SELECT refund FROM refund_of WHERE branch = ? AND till = ? AND epoch = ? AND seq = ? ORDER BY refund", sold.node.branch,
                                sold.node.till, sold.epoch, sold.seq);
    while (row.step()) refunds.push_back(row.integer(0));
    return refunds;
}

bool SqlStore::has_early_refunds() { return database_->integer("SELECT 1 FROM refund_of WHERE early <> 0 LIMIT 1").has_value(); }

bool SqlStore::settle_early_refunds(const node::FactPlace& sold) {
    return database_->run("UPDATE refund_of SET early = 0 WHERE branch = ? AND till = ? AND epoch = ? AND seq = ? AND early <> 0", sold.node.branch,
                          sold.node.till, sold.epoch, sold.seq) > 0;
}

std::vector<FactId> SqlStore::all_refunds() {
    std::vector<FactId> refunds;
    for (auto row = database_->query("SELECT fact FROM sale WHERE refund <> 0 ORDER BY fact"); row.step();) refunds.push_back(row.integer(0));
    return refunds;
}

void SqlStore::hold_receipt(std::int64_t node, const node::FactPlace& sold) {
    database_->post("INSERT INTO receipt_held VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (node, branch, till, epoch, seq) DO UPDATE SET version = excluded.version",
                    node, sold.node.branch, sold.node.till, sold.epoch, sold.seq, next_version());
}

void SqlStore::touch_receipt(const node::FactPlace& sold) {
    constexpr const char* held = "SELECT 1 FROM receipt_held WHERE branch = ? AND till = ? AND epoch = ? AND seq = ? LIMIT 1";
    if (!database_->integer(held, sold.node.branch, sold.node.till, sold.epoch, sold.seq)) return;
    database_->post("UPDATE receipt_held SET version = ? WHERE branch = ? AND till = ? AND epoch = ? AND seq = ?", next_version(), sold.node.branch,
                    sold.node.till, sold.epoch, sold.seq);
}

void SqlStore::set_receipt_wants(std::int64_t node, const std::vector<std::string>& receipts) {
    database_->post("DELETE FROM receipt_wanted WHERE node = ?", node);
    for (const std::string& receipt : receipts) database_->post("INSERT INTO receipt_wanted VALUES (?, ?) ON CONFLICT DO NOTHING", node, receipt);
}

std::vector<std::string> SqlStore::receipt_wants(std::int64_t node) {
    return texts("SELECT receipt FROM receipt_wanted WHERE node = ? ORDER BY receipt", node);
}

}  // namespace paprsek::hq
