// Points of all products at once (PRODUCT L6). A product without points of its own earns by the policy, new ones too; this sets the points of
// products by their price or margin, as the catalogue has them now, or gives all of them back to the policy.
#pragma once
#include <optional>
#include <string_view>

#include "node/imports.h"

namespace paprsek::node {

class Node;

enum class PointsBy { policy, price, margin };
std::optional<PointsBy> parse_points_by(std::string_view text);

/// What the product's points become; none = by the policy. By margin: price − cost, not below 0; without a cost 0.
std::optional<Points> points_by(PointsBy by, const ProductRow& row);

/// `all`: those that were set by hand too (recalculate); else only products without points (fill). A branch that stands alone; refuses
/// one that has joined. All or nothing; durable on return.
ImportReport fill_points(Node& node, PointsBy by, bool all);

}  // namespace paprsek::node
