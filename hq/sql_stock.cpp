// Stock in HQ's store: rows of its facts, levels, what lies where and what is on its way.
#include <fmt/format.h>

#include "hq/sql_statements.h"

namespace paprsek::hq {
namespace {

std::string quantity(std::int64_t raw) { return node::print(node::Quantity::of(raw)); }

}  // namespace

std::int64_t SqlStore::stock_level(const StockKey& key) {
    HotStatement& find = hot_->find_level;
    find.bind(1, key.branch).bind(2, key.stock).bind(3, key.product);
    if (!find.step()) return 0;
    const std::int64_t level = find.row().integer(0);
    find.reset();
    return level;
}

void SqlStore::write_stock(const Changes& changes) {
    for (const auto& [fact, stock] : changes.sale_stocks) database_->post("INSERT INTO sale_stock VALUES (?, ?)", fact, stock);
    for (const StockActRow& row : changes.stock_acts) {
        const auto from = [&](auto part) { return row.from ? std::optional<std::int64_t>(part(*row.from)) : std::nullopt; };
        database_->post("INSERT INTO stock_act VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row.fact, row.at, row.kind, row.stock, row.cashier, row.reason,
                        row.document, row.branch ? std::optional(row.branch) : std::nullopt, from([](const node::FactName& name) { return name.node.branch; }),
                        from([](const node::FactName& name) { return name.node.till; }), from([](const node::FactName& name) { return name.seq; }));
    }
    for (const StockLineRow& row : changes.stock_lines)
        database_->post("INSERT INTO stock_line VALUES (?, ?, ?, ?, ?)", row.id, row.product, row.name, row.quantity, row.cost);
    for (const auto& [key, level] : changes.stock_levels) hot_->save_level.bind(1, key.branch).bind(2, key.stock).bind(3, key.product).bind(4, level).run();
}

/// Moved within the period; the level as it is now.
std::vector<node::Json> stock_report(SqlDatabase& database, const ReportQuery& query) {
    std::vector<node::Json> rows;
    auto row = period(
        database,
        "SELECT t.branch, p.text, coalesce(c.name, max(w.text), p.text), s.text, sum(t.sold), sum(t.net), sum(t.cost), "
        "sum(t.received), sum(t.adjusted), sum(t.sent), coalesce(l.quantity, 0) FROM ("
        "SELECT n.branch, coalesce(ss.stock, (SELECT id FROM word WHERE text = '')) AS stock, l.product, l.name, l.quantity AS sold, l.net, l.cost, 0 AS "
        "received, "
        "0 AS adjusted, 0 AS sent FROM sale f JOIN chain h ON h.id = f.fact >> 32 JOIN node n ON n.id = h.node JOIN sale_line l ON l.id BETWEEN f.fact << 14 "
        "AND "
        "(f.fact << 14) + 16383 LEFT JOIN sale_stock ss ON ss.fact = f.fact WHERE l.product IS NOT NULL AND f.at >= ?1 AND f.at < ?2 AND (?3 < 0 OR n.branch = "
        "?3) "
        "UNION ALL SELECT n.branch, f.stock, l.product, l.name, 0, 0, 0, "
        "CASE WHEN f.kind IN ('stock.received', 'stock.arrived') THEN l.quantity ELSE 0 END, "
        "CASE WHEN f.kind IN ('stock.adjusted', 'stock.counted') THEN l.quantity ELSE 0 END, "
        "CASE WHEN f.kind = 'stock.sent' THEN -l.quantity ELSE 0 END FROM stock_act f JOIN chain h ON h.id = "
        "f.fact >> 32 JOIN node n ON n.id = h.node JOIN stock_line l ON l.id BETWEEN f.fact << 14 AND (f.fact << 14) + 16383 WHERE f.at >= ?1 AND f.at < ?2 "
        "AND "
        "(?3 < 0 OR n.branch = ?3) "
        "UNION ALL SELECT branch, stock, product, NULL, 0, 0, 0, 0, 0, 0 FROM stock_level WHERE quantity <> 0 AND (?3 < 0 OR branch = ?3)) t "
        "JOIN word p ON p.id = t.product JOIN word s ON s.id = t.stock LEFT JOIN word w ON w.id = t.name LEFT JOIN product c ON c.key = p.text LEFT JOIN "
        "stock_level l ON l.branch = t.branch "
        "AND "
        "l.stock = t.stock AND l.product = t.product GROUP BY t.branch, p.id, p.text, s.id, s.text, c.name, l.quantity ORDER BY t.branch, p.text, s.text",
        query);
    while (row.step()) {
        node::Json json = {{"branch", row.integer(0)},
                           {"code", row.text(1)},
                           {"name", row.text(2)},
                           {"stock_name", row.text(3)},
                           {"sold", quantity(row.integer(4))},
                           {"received", quantity(row.integer(7))},
                           {"adjusted", quantity(row.integer(8))},
                           {"sent", quantity(row.integer(9))},
                           {"stock", quantity(row.integer(10))},
                           {"net", money(row.integer(5))},
                           {"cost", money(row.integer(6))},
                           {"margin", money(row.integer(5) - row.integer(6))}};
        if (row.integer(10) < 0) json["negative"] = true;
        rows.push_back(std::move(json));
    }
    return rows;
}

/// A row a document and product of which another quantity arrived than was sent. "on the way": nothing of the document has
/// arrived; "differs": it has, in another quantity; "not sent": something arrived of which HQ knows no such sending.
std::vector<node::Json> transit_report(SqlDatabase& database, const ReportQuery& query) {
    std::vector<node::Json> rows;
    auto row = period(
        database,
        "WITH moved AS ("
        "SELECT n.branch, n.till, f.fact & 4294967295 AS seq, f.branch AS receiver, f.at, l.product, l.name, -l.quantity AS sent, 0 AS arrived, l.cost "
        "FROM stock_act f JOIN chain h ON h.id = f.fact >> 32 JOIN node n ON n.id = h.node JOIN stock_line l ON l.id BETWEEN f.fact << 14 AND (f.fact << 14) + "
        "16383 WHERE f.kind = 'stock.sent' "
        "UNION ALL SELECT f.from_branch, f.from_till, f.from_seq, n.branch, f.at, l.product, l.name, 0, l.quantity, l.cost FROM stock_act f JOIN chain h ON "
        "h.id "
        "= f.fact >> 32 JOIN node n ON n.id = h.node JOIN stock_line l ON l.id BETWEEN f.fact << 14 AND (f.fact << 14) + 16383 WHERE f.kind = "
        "'stock.arrived'), "
        "goods AS (SELECT branch, till, seq, receiver, min(at) AS at, product, max(name) AS name, sum(sent) AS sent, sum(arrived) AS arrived, max(cost) AS "
        "cost FROM "
        "moved GROUP BY branch, till, seq, receiver, product HAVING sum(sent) <> sum(arrived)) "
        "SELECT g.branch, g.till, g.seq, g.receiver, g.at, p.text, w.text, g.sent, g.arrived, g.cost, EXISTS (SELECT 1 FROM stock_act a JOIN chain h ON h.id = "
        "a.fact >> 32 JOIN node n ON n.id = h.node WHERE a.from_branch = g.branch AND a.from_till = g.till AND a.from_seq = g.seq AND n.branch = g.receiver) "
        "FROM goods g JOIN word p ON p.id = g.product JOIN word w ON w.id = g.name WHERE g.at >= ?1 AND g.at < ?2 AND (?3 < 0 OR g.branch = ?3 OR g.receiver = "
        "?3) "
        "ORDER BY g.at, g.branch, g.till, g.seq, p.text",
        query);
    while (row.step()) {
        const auto missing = node::Quantity::of(row.integer(7) - row.integer(8));
        node::Json json = {{"at", query.zone->print(row.instant(4))},
                           {"document", fmt::format("{}.{}/{}", row.integer(0), row.integer(1), row.integer(2))},
                           {"branch", row.integer(0)},
                           {"to", row.integer(3)},
                           {"code", row.text(5)},
                           {"name", row.text(6)},
                           {"sent", quantity(row.integer(7))},
                           {"arrived", quantity(row.integer(8))},
                           {"missing", node::print(missing)},
                           {"value", nullptr},
                           {"state", !row.flag(10)         ? "on the way"
                                     : row.integer(7) == 0 ? "not sent"
                                                           : "differs"}};
        // At most 10^12 thousandths at 10^14 millionths: what does not fit into an amount stays empty.
        const auto cost = row.optional_integer(9);
        const node::Wide value = cost ? node::divide_rounded(node::Wide{missing.raw()} * *cost, 10'000'000) : 0;
        if (cost && value <= node::Money::max_value && value >= -node::Money::max_value) json["value"] = node::print(node::Money::of_wide(value));
        rows.push_back(std::move(json));
    }
    return rows;
}

}  // namespace paprsek::hq
