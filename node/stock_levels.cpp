#include "node/stock_levels.h"

#include <algorithm>

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

void move(Database& database, std::string_view stock, std::string_view product, Quantity change) {
    database.run(
        "INSERT INTO stock_level (stock, product, quantity) VALUES (?, ?, ?) ON CONFLICT (stock, product) DO UPDATE SET quantity = quantity + "
        "excluded.quantity",
        stock, product, change);
}

}  // namespace

Money value_of(Quantity quantity, Rate cost) { return Money::of_wide(divide_rounded(Wide{quantity.raw()} * cost.raw(), 10'000'000)); }

std::optional<Money> worth_of(const StockLevel& level) try {
    return level.average ? std::optional(value_of(level.quantity, *level.average)) : std::nullopt;
} catch (const Overflow&) {
    return std::nullopt;
}

Rate average_after(const StockLevel& before, Quantity in, Rate cost) {
    const Wide held = before.average ? std::max<std::int64_t>(before.quantity.raw(), 0) : 0;
    return Rate::of_wide(divide_rounded(held * (before.average ? before.average->raw() : 0) + Wide{in.raw()} * cost.raw(), held + in.raw()));
}

StockLevel stock_level(Database& database, std::string_view stock, std::string_view product) {
    StockLevel level;
    auto row = database.query("SELECT quantity, average FROM stock_level WHERE stock = ? AND product = ?", stock, product);
    if (!row.step()) return level;
    level.quantity = row.decimal<Quantity>(0);
    if (!row.is_null(1)) level.average = row.decimal<Rate>(1);
    return level;
}

std::vector<std::string> stock_names(Database& database) {
    std::vector<std::string> names = {""};
    for (;;) {  // a step a stock, whatever it holds
        const auto next = database.text("SELECT stock FROM stock_level WHERE stock > ? ORDER BY stock LIMIT 1", names.back());
        if (!next) return names;
        names.push_back(*next);
    }
}

void cost_by_average(Database& database, ReceiptFact& sale) {
    for (BookedLine& line : sale.lines) {
        if (line.product.empty()) continue;
        auto row = database.query("SELECT average FROM stock_level WHERE stock = ? AND product = ?", sale.stock, line.product);
        if (row.step() && !row.is_null(0)) line.cost = value_of(line.quantity, row.decimal<Rate>(0));
    }
}

void project_goods(Database& database, const ReceiptFact& receipt) {
    if (!receipt.stock.empty()) database.run("INSERT INTO receipt_stock (receipt, stock) VALUES (?, ?)", receipt.number, receipt.stock);
    for (const BookedLine& line : receipt.lines)
        if (!line.product.empty()) move(database, receipt.stock, line.product, receipt.refund ? line.quantity : -line.quantity);
}

void project_stock(Database& database, const schema::Fact& fact, const StockFact& stock) {
    const auto branch = stock.to ? std::optional(stock.to) : std::nullopt;
    const auto source = stock.from ? std::optional(print(*stock.from)) : std::nullopt;
    database.run("INSERT INTO stock_act (seq, at, kind, stock, cashier, reason, document, branch, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", fact.seq,
                 fact.at, fact.kind, stock.stock, stock.cashier, stock.reason, stock.document, branch, source);
    const bool brings_cost = fact.kind == kind::stock_received || fact.kind == kind::stock_arrived;
    int number = 0;
    for (const StockLine& line : stock.lines) {
        const Quantity change = change_of(fact.kind, line);
        const auto expected = fact.kind == kind::stock_counted ? std::optional(line.expected) : std::nullopt;
        database.run("INSERT INTO stock_movement (seq, line, product, name, quantity, cost, expected) VALUES (?, ?, ?, ?, ?, ?, ?)", fact.seq, ++number,
                     line.product, line.name, change, line.cost, expected);
        std::optional<Rate> average;
        if (brings_cost && line.cost) average = average_after(stock_level(database, stock.stock, line.product), line.quantity, *line.cost);
        move(database, stock.stock, line.product, change);
        if (average) database.run("UPDATE stock_level SET average = ? WHERE stock = ? AND product = ?", *average, stock.stock, line.product);
    }
}

}  // namespace paprsek::node
