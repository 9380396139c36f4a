// A product by hand as a line of a sell script (README.md, "product_set").
#pragma once
#include <optional>

#include "node/base/json.h"
#include "node/node.h"
#include "node/till.h"

namespace paprsek::node {

bool is_product_act(Fields& line);
/// Makes a product, or with "product" changes the one of that code; `answer` stays empty where it was refused. Durable on return. The
/// permission is the caller's matter (manage_stock).
Outcome play_product(Node& node, Fields& line, std::optional<Json>& answer);

}  // namespace paprsek::node
