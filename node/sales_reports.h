// What was sold, by whom, when and to whom (T14): the questions of `report sales --by …`, `ranking` and `purchases`. Queries only.
#pragma once
#include <string>
#include <vector>

#include "node/base/json.h"
#include "node/customers.h"
#include "node/node.h"

namespace paprsek::node {

/// [from, to)
struct Span {
    Instant from, to;
};

/// day, hour, weekday, cashier, product, group, vat, tender.
const std::vector<std::string>& sales_groupings();

/// Rows of one grouping, refunds subtracted. Throws Error (usage) on a grouping that is none.
Json sales_by(Node& node, const std::string& grouping, Span span);
/// Receipts on which anything was paid: each once, also where it was paid in two ways.
std::int64_t receipts_paid(Node& node, Span span);
/// Customers by what they spent here in that time, the best first.
Json ranking(Node& node, Span span);
/// What a customer bought and gave back, line by line, the newest first.
Json purchases(Node& node, const CustomerRecord& customer, Span span);

}  // namespace paprsek::node
