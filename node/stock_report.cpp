#include "node/stock_report.h"

#include <map>

#include "node/base/error.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/stock_levels.h"
#include "node/stock_lists.h"

namespace paprsek::node {
Json stock_report(Node& node, Span span) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT t.product, ifnull(nullif(max(t.name), ''), ifnull((SELECT name FROM product WHERE key = t.product), t.product)), t.stock, sum(sold), sum(net), "
        "sum(cost), sum(received), sum(adjusted), sum(sent), ifnull(l.quantity, 0), l.average FROM ("
        "SELECT ifnull(s.stock, '') AS stock, l.product, l.name, l.quantity AS sold, l.net, l.cost, 0 AS received, 0 AS adjusted, 0 AS sent FROM receipt_line "
        "l "
        "JOIN receipt r ON r.number = l.receipt LEFT JOIN receipt_stock s ON s.receipt = l.receipt WHERE l.product IS NOT NULL AND r.at >= ?1 AND r.at < ?2 "
        "UNION ALL SELECT a.stock, m.product, m.name, 0, 0, 0, iif(a.kind IN ('stock.received', 'stock.arrived'), m.quantity, 0), "
        "iif(a.kind IN ('stock.adjusted', 'stock.counted'), m.quantity, 0), iif(a.kind = 'stock.sent', -m.quantity, 0) FROM stock_movement m JOIN stock_act a "
        "ON a.seq = m.seq WHERE a.at >= ?1 AND a.at < ?2 "
        "UNION ALL SELECT stock, product, '', 0, 0, 0, 0, 0, 0 FROM stock_level WHERE quantity <> 0) t "
        "LEFT JOIN stock_level l ON l.stock = t.stock AND l.product = t.product GROUP BY t.product, t.stock ORDER BY t.product, t.stock",
        span.from, span.to);
    while (rows.step()) {
        const auto quantity = [&](int column) { return print(rows.decimal<Quantity>(column)); };
        const auto net = rows.decimal<Money>(4), cost = rows.decimal<Money>(5);
        StockLevel level{rows.decimal<Quantity>(9), std::nullopt};
        if (!rows.is_null(10)) level.average = rows.decimal<Rate>(10);
        const auto worth = worth_of(level);
        Json row = {{"code", rows.text(0)},
                    {"name", rows.text(1)},
                    {"stock_name", rows.text(2)},
                    {"sold", quantity(3)},
                    {"received", quantity(6)},
                    {"adjusted", quantity(7)},
                    {"sent", quantity(8)},
                    {"stock", print(level.quantity)},
                    {"average", level.average ? Json(print(*level.average)) : Json(nullptr)},
                    {"value", worth ? Json(print(*worth)) : Json(nullptr)},
                    {"net", print(net)},
                    {"cost", print(cost)},
                    {"margin", print(net - cost)}};
        if (level.quantity < Quantity{}) row["negative"] = true;
        list.push_back(std::move(row));
    }
    return list;
}

Json stock_acts(Node& node, Span span) {
    Json list = Json::array();
    for (const StockDocument& act : stock_documents(node, StockDocuments::all, span)) {
        Json row = {{"at", node.zone().print(act.at)}, {"kind", act.kind}, {"stock_name", act.stock}, {"seq", act.seq},        {"document", act.document},
                    {"cashier", act.cashier},          {"reason", act.reason}, {"lines", act.lines},  {"name", act.name}};
        if (act.to) row["branch"] = act.to;
        if (!act.from.empty()) row["document"] = act.from;
        if (act.value) row["value"] = print(*act.value);
        if (act.kind == "sent") row["state"] = !act.arrived.empty() ? "arrived by " + act.arrived : act.on_the_way ? "on its way" : "sent";
        list.push_back(std::move(row));
    }
    return list;
}

Json stock_moves(Node& node, const std::string& code, Span span) {
    Database& database = node.database();
    const auto product = find_product(database, normalise_code(code));
    const std::string key = product ? product->key : normalise_code(code);
    if (!product && !database.integer("SELECT 1 FROM stock_level WHERE product = ?", key)) refuse(code, "is not in the catalogue");
    Json list = Json::array();
    std::map<std::string, Quantity> left;  // by stock; from the beginning, whatever the span
    auto rows = database.query(
        "SELECT r.at, iif(r.refund_of IS NULL, 'sale', 'refund'), ifnull(s.stock, ''), r.number, r.seq, -l.quantity, '', r.cashier, '' FROM receipt_line l "
        "JOIN "
        "receipt r ON r.number = l.receipt LEFT JOIN receipt_stock s ON s.receipt = l.receipt WHERE l.product = ?1 "
        "UNION ALL SELECT a.at, substr(a.kind, 7), a.stock, NULL, a.seq, m.quantity, coalesce(a.source, nullif(a.document, ''), 'to ' || a.branch, ''), "
        "a.cashier, "
        "a.reason FROM stock_movement m JOIN stock_act a ON a.seq = m.seq WHERE m.product = ?1 ORDER BY 5",
        key);
    while (rows.step()) {
        const auto change = rows.decimal<Quantity>(5);
        const Quantity now = left[rows.text(2)] += change;
        const Instant at = rows.instant(0);
        if (at < span.from || !(at < span.to)) continue;
        Json row = {{"at", node.zone().print(at)}, {"kind", rows.text(1)},   {"stock_name", rows.text(2)}, {"seq", rows.integer(4)}, {"document", rows.text(6)},
                    {"cashier", rows.text(7)},     {"reason", rows.text(8)}, {"qty", print(change)},       {"left", print(now)}};
        if (const auto number = rows.optional_integer(3)) row["document"] = print_receipt_number(node.info().node, *number);
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace paprsek::node
