// What a branch reports about itself: status and lists, as JSON documents of the command line's contract. Queries only.
#pragma once
#include <optional>
#include <string>

#include "node/base/json.h"
#include "node/node.h"
#include "node/paper/table.h"

namespace paprsek::node {

struct ReportRange {
    std::optional<Date> from, to;          ///< local days, both included
    std::optional<std::string> customer;   ///< number or card, for movements, accounts and purchases
    std::string by;                        ///< of sales: day (as is empty), hour, weekday, cashier, product, group, vat, tender
    std::optional<std::string> tender = {};  ///< closing: lists the receipts that were paid so
    std::string code = {};                 ///< of a product, for stock-moves
};

/// The kinds, for a sentence.
inline constexpr const char* report_kinds =
    "sales, closing, customers, accounts, stock, stock-acts, stock-moves, movements, ranking, rights, purchases, statement, brief-statement, payments, parked "
    "or traces";

/// stock-acts: documents of stock; stock-moves: of one product; ranking: customers by spend; purchases: of one customer; statement,
/// brief-statement and payments: accounts (A5, A6); parked and traces: T7, T5; rights: S8. Refuses another kind.
Json report(Node& node, const std::string& kind, const ReportRange& range);
/// The same as a table with headings, for paper and spreadsheets: closings are a row each, an account's items too.
Table report_table(Node& node, const std::string& kind, const ReportRange& range);
/// Identity, facts, what HQ has confirmed, how fresh the state is.
Json status(Node& node);

}  // namespace paprsek::node
