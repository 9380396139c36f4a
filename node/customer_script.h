// Customers by hand as lines of a sell script (schema of lines: README.md "Customers").
#pragma once
#include <optional>
#include <vector>

#include "node/base/json.h"
#include "node/customer_desk.h"

namespace paprsek::node {

/// Whether the line is customer_add, customer_edit, customer_show, customer_merge, customer_unmerge, customer_erase, customer_cards,
/// reset or reset_undo.
bool is_customer_act(Fields& line);
/// What the cashier has to be allowed to do, before it is played.
std::vector<Permission> needed_for_act(Fields& line);
/// Plays such a line; `answer` stays empty where it was refused. Booked and durable on return.
Outcome play_customers(Node& node, const Hand& by, Fields& line, std::optional<Json>& answer);

/// The fields of a change, as customer_add and customer_edit have them.
CustomerChange read_change(Fields& fields);

}  // namespace paprsek::node
