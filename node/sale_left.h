// The sale that a refund is of (T9), with what came back of it before: an own one, or one of another till of the chain as far as
// headquarters has handed it down (node/foreign_receipts.h). Threads and transactions: as Database.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/facts.h"
#include "node/node.h"
#include "node/till.h"

namespace paprsek::node {

struct SaleLeft {
    std::string shown;  ///< its number
    Instant at;
    ReceiptFact sale;
    std::vector<ReceiptFact> refunds;  ///< as far as they are known here
    std::optional<FactPlace> sold;     ///< of another till
};

/// `receipt` as its slip says it, "3.1-000017". Refused where it is not here; `wanted` is then what headquarters has to be asked for, empty
/// where that would not help.
Outcome find_sale(Node& node, std::string_view receipt, SaleLeft& found, std::string& wanted);
/// For a screen that shows what is left before anything is given back. Digits alone are a number of this till. What is not here is asked
/// for with the next exchange, as a refund would; durable then.
Outcome look_up_sale(Node& node, std::string_view receipt, SaleLeft& found);

}  // namespace paprsek::node
