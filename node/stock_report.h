// What lies in the stocks, what moved it and what it is worth: `report stock`, `report stock-acts` and `report stock-moves` (T13, T14). Queries only.
#pragma once
#include <string>

#include "node/base/json.h"
#include "node/node.h"
#include "node/sales_reports.h"

namespace paprsek::node {

/// A row a product and stock: sold, received, adjusted and sent within the span; `stock`, `average` and `value` as they are now.
/// Goods below zero bear "negative".
Json stock_report(Node& node, Span span);
/// A row an act of stock, the newest first, with its value; of one that sent goods what became of it as far as this till knows.
Json stock_acts(Node& node, Span span);
/// All that moved one product, in the order of the ledger, with what lay in its stock after each, as on a bank statement. Throws Error (refused) on a code
/// that is not in the catalogue and never moved.
Json stock_moves(Node& node, const std::string& code, Span span);

}  // namespace paprsek::node
