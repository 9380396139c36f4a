// The catalogue of a shop that stood alone, on its way into the chain that the shop joins (PRODUCT.md C5): facts of kind
// catalogue.imported with what "brought", behind the fact that says that the node joined.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/state.h"

namespace paprsek::node {

struct Brought {
    std::vector<GroupRow> groups;
    std::vector<ProductRow> products;
};

/// Bodies of the facts that hold the branch's own groups and products, none where it has none; each well below the bound of a body.
std::vector<std::string> brought_bodies(Database& database);

/// Nothing where the fact tells of an ordinary import. Throws Error (refused) on a body that does not have the form; fields that are
/// not known are passed over.
Brought parse_brought(std::string_view body);

}  // namespace paprsek::node
