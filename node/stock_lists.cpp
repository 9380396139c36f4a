#include "node/stock_lists.h"

#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/search.h"

namespace paprsek::node {
namespace {

/// What a row's folded name must hold, for LIKE with '\' as escape: each word in its order.
std::string like_pattern(std::string_view text) {
    std::string pattern = "%";
    for (const char c : search_text(text)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c == ' ' ? '%' : c;
    }
    return pattern + '%';
}

/// The product whose code the text is, else empty.
std::string product_of_code(Database& database, std::string_view text) {
    const std::string code = normalise_code(trim(text));
    if (code.empty()) return {};
    return database.text("SELECT p.key FROM product_code c JOIN product p ON p.id = c.product WHERE c.code = ?", code).value_or("");
}

std::optional<Money> amount_of(Wide sum) {
    constexpr Wide most = Money::max_value;
    return sum <= most && sum >= -most ? std::optional(Money::of_wide(sum)) : std::nullopt;
}

Wide value_of_line(Quantity quantity, std::int64_t cost) { return divide_rounded(Wide{quantity.raw()} * cost, 10'000'000); }

void read_totals(Database& database, std::string_view stock, StockSheet& sheet) {
    Wide value = 0;
    for (auto rows = database.query("SELECT quantity, average FROM stock_level WHERE stock = ? AND quantity <> 0", stock); rows.step();) {
        const auto quantity = rows.decimal<Quantity>(0);
        ++sheet.products;
        sheet.below_zero += quantity < Quantity{} ? 1 : 0;
        if (!rows.is_null(1)) value += value_of_line(quantity, rows.integer(1));
    }
    sheet.value = amount_of(value);
}

StockRow stock_row(Statement& rows) {
    StockRow row{rows.text(0), rows.text(1), rows.text(2), {rows.decimal<Quantity>(3), std::nullopt}, std::nullopt};
    if (!rows.is_null(4)) row.level.average = rows.decimal<Rate>(4);
    row.value = worth_of(row.level);
    return row;
}

}  // namespace

StockSheet stock_sheet(Database& database, std::string_view stock, std::string_view text, StockFilter filter, int limit) {
    StockSheet sheet;
    read_totals(database, stock, sheet);
    if (filter == StockFilter::all && !trim(text).empty()) {
        for (const FoundProduct& found : search_products(database, text, limit + 1)) {
            StockRow row{found.key, found.name, found.group, stock_level(database, stock, found.key), std::nullopt};
            row.value = worth_of(row.level);
            sheet.rows.push_back(std::move(row));
        }
    } else {
        auto rows = database.query(
            "SELECT l.product, ifnull(p.name, l.product), ifnull(p.grp, ''), l.quantity, l.average FROM stock_level l LEFT JOIN product p ON p.key = "
            "l.product WHERE l.stock = ?1 AND iif(?2, l.quantity < 0, l.quantity <> 0 OR l.average IS NOT NULL) AND (?3 = '%%' OR l.product = ?4 OR p.search "
            "LIKE ?3 ESCAPE '\\') ORDER BY ifnull(p.search, l.product), l.product LIMIT ?5",
            stock, filter == StockFilter::below_zero, like_pattern(text), product_of_code(database, text), limit + 1);
        while (rows.step()) sheet.rows.push_back(stock_row(rows));
    }
    sheet.more = sheet.rows.size() > static_cast<std::size_t>(limit);
    if (sheet.more) sheet.rows.pop_back();
    return sheet;
}

std::vector<StockDocument> stock_documents(Node& node, StockDocuments which, Span span, int limit) {
    Database& database = node.database();
    const NodeName self = node.info().node;
    std::vector<StockDocument> list;
    auto rows = database.query(
        "SELECT a.seq, a.at, substr(a.kind, 7), a.stock, a.cashier, a.reason, a.document, ifnull(a.branch, 0), ifnull(a.source, '') FROM stock_act a WHERE "
        "a.at "
        ">= ?1 AND a.at < ?2 AND (NOT ?3 OR a.kind IN ('stock.sent', 'stock.arrived')) ORDER BY a.seq DESC LIMIT ?4",
        span.from, span.to, which == StockDocuments::transfers, limit);
    while (rows.step()) {
        StockDocument act;
        act.seq = rows.integer(0);
        act.name = print(FactName{self, act.seq});
        act.at = rows.instant(1);
        act.kind = rows.text(2);
        act.stock = rows.text(3);
        act.cashier = rows.text(4);
        act.reason = rows.text(5);
        act.document = rows.text(6);
        act.to = static_cast<int>(rows.integer(7));
        act.from = rows.text(8);
        Wide value = 0;
        for (const StockLine& line : stock_document_lines(database, act.seq)) {
            ++act.lines;
            if (line.cost) value += value_of_line(line.quantity, line.cost->raw());
        }
        act.value = amount_of(value);
        if (act.kind == "sent") {
            const auto taken = database.integer("SELECT seq FROM stock_act WHERE source = ?", act.name);
            if (taken) act.arrived = print(FactName{self, *taken});
            act.on_the_way = !taken && act.to == self.branch;
        }
        list.push_back(std::move(act));
    }
    return list;
}

std::vector<StockLine> stock_document_lines(Database& database, std::int64_t seq) {
    std::vector<StockLine> lines;
    auto rows = database.query("SELECT product, name, quantity, ifnull(expected, 0), cost FROM stock_movement WHERE seq = ? ORDER BY line", seq);
    while (rows.step()) {
        StockLine line{rows.text(0), rows.text(1), rows.decimal<Quantity>(2), rows.decimal<Quantity>(3), std::nullopt};
        if (!rows.is_null(4)) line.cost = rows.decimal<Rate>(4);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::optional<StocktakeSheet> stocktake_head(Database& database, std::string_view stock) {
    auto list = database.query("SELECT at, cashier, grp FROM stocktake WHERE stock = ?", stock);
    if (!list.step()) return std::nullopt;
    StocktakeSheet sheet;
    sheet.at = list.instant(0);
    sheet.cashier = list.text(1);
    sheet.group = list.text(2);
    return sheet;
}

std::optional<StocktakeSheet> stocktake_sheet(Database& database, std::string_view stock) {
    auto sheet = stocktake_head(database, stock);
    if (!sheet) return std::nullopt;
    Wide difference = 0;
    auto rows = database.query(
        "SELECT t.expected, t.counted, ifnull(l.average, p.cost * 10000) FROM stocktake_line t LEFT JOIN stock_level l ON l.stock = t.stock AND l.product = "
        "t.product LEFT JOIN product p ON p.key = t.product WHERE t.stock = ?",
        stock);
    while (rows.step()) {
        ++sheet->products;
        if (rows.is_null(1)) {
            sheet->missing += rows.integer(0) != 0 ? 1 : 0;
            continue;
        }
        ++sheet->counted;
        const Quantity by = rows.decimal<Quantity>(1) - rows.decimal<Quantity>(0);
        if (by.is_zero()) continue;
        ++sheet->differing;
        if (!rows.is_null(2)) difference += value_of_line(by, rows.integer(2));
    }
    sheet->difference = amount_of(difference);
    return sheet;
}

std::vector<StocktakeRow> stocktake_rows(Database& database, std::string_view stock, std::string_view text, StocktakeFilter filter, int limit) {
    std::vector<StocktakeRow> list;
    auto rows = database.query(
        "SELECT t.product, t.name, t.expected, t.counted FROM stocktake_line t LEFT JOIN product p ON p.key = t.product WHERE t.stock = ?1 AND CASE ?2 WHEN 1 "
        "THEN t.counted IS NULL WHEN 2 THEN t.counted IS NOT NULL AND t.counted <> t.expected ELSE 1 END AND (?3 = '%%' OR t.product = ?4 OR p.search LIKE ?3 "
        "ESCAPE '\\') ORDER BY ifnull(p.search, t.name), t.product LIMIT ?5",
        stock, filter, like_pattern(text), product_of_code(database, text), limit);
    while (rows.step()) {
        StocktakeRow row{rows.text(0), rows.text(1), rows.decimal<Quantity>(2), std::nullopt};
        if (!rows.is_null(3)) row.counted = rows.decimal<Quantity>(3);
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace paprsek::node
