// What lies in the stocks of a branch and what it cost: levels, the weighted average, and how facts move both (T13).
//
// A node knows its own facts: where a branch has several tills, the branch's level is the sum that HQ reports.
// The average is set by goods in and arrivals alone. A refund takes the sale's cost back and leaves it, so that sale and refund restore
// what was there; an adjustment or a count finds goods that were paid for long ago.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/stock_fact.h"

namespace paprsek::node {

struct StockLevel {
    Quantity quantity;            ///< below zero where more was sold than was booked in
    std::optional<Rate> average;  ///< cost of a piece; none until goods of known cost came in
};

/// A quantity at a cost of a piece, rounded to the minor unit. Throws Overflow.
Money value_of(Quantity quantity, Rate cost);
/// Goods at their average; nothing where nobody knows it, or where the value is out of range: lists show what they can.
std::optional<Money> worth_of(const StockLevel& level);
/// The average after goods in: (max(on hand, 0) × average + in × cost) ÷ (max(on hand, 0) + in). `in` > 0.
Rate average_after(const StockLevel& before, Quantity in, Rate cost);

StockLevel stock_level(Database& database, std::string_view stock, std::string_view product);
/// The main stock, and every other that goods were ever booked to; sorted, '' first.
std::vector<std::string> stock_names(Database& database);

/// The cost of each line with a product, by the average of the stock that it is sold from; where the stock knows none, the
/// catalogue's stays. Points are computed before and keep to the catalogue (PRODUCT.md rule 4).
void cost_by_average(Database& database, ReceiptFact& sale);

/// Projections: called by node/projection.cpp within its transaction.
void project_goods(Database& database, const ReceiptFact& receipt);
void project_stock(Database& database, const schema::Fact& fact, const StockFact& stock);

}  // namespace paprsek::node
