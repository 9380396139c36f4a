// What customers owe and have paid on account (A5, A6), for the screen, paper and spreadsheets. Queries only.
#pragma once
#include <optional>

#include "node/base/json.h"
#include "node/customers.h"
#include "node/node.h"
#include "node/sales_reports.h"

namespace paprsek::node {

/// Unpaid items of one customer, or of all who have some: when, served by, what, how much (A5, full).
Json statement(Node& node, const std::optional<CustomerRecord>& customer);
/// The same, a row a receipt: day, customer, what is open of it (A5, brief).
Json brief_statement(Node& node, const std::optional<CustomerRecord>& customer);
/// Settlements in that time, the newest first, each with the receipts that it pays (A6).
Json payments(Node& node, const std::optional<CustomerRecord>& customer, Span span);

}  // namespace paprsek::node
