// A row of the catalogue as the rules take it.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "node/pricing.h"
#include "node/state.h"

namespace paprsek::hq {

/// As a branch's catalogue has it (node/catalogue.h), with the groups above its own; `group` finds one by its folded name.
node::Product product_of(const node::ProductRow& row, const std::function<std::optional<node::GroupRow>(const std::string&)>& group);

}  // namespace paprsek::hq
