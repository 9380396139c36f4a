// What the till tells about its open receipts, about what cashiers did by hand, and about codes: JSON documents of the command
// line's contract. Queries only.
#pragma once
#include <string_view>

#include "node/base/json.h"
#include "node/node.h"

namespace paprsek::node {

/// Receipts that stand open, by table, those at none first.
Json parked_report(Node& node);
/// What cashiers struck out or changed by hand (T5), in [from, to).
Json traces_report(Node& node, Instant from, Instant to);
/// What a code means at this till and why (node/lookup.h).
Json explain_code(Node& node, std::string_view code);
/// The tables by area, with what stands at them.
Json tables(Node& node);

}  // namespace paprsek::node
