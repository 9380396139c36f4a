// Imports of a branch that stands alone: the same files that HQ takes (node/imports.h), booked here. A branch that has
// joined a chain gets its catalogue and customers from HQ, so these refuse there.
#pragma once
#include <string>

#include "node/imports.h"
#include "node/node.h"

namespace paprsek::node {

/// Groups, products or prices, told apart by the header. All or nothing; durable on return. Repeating it changes nothing. Throws RowErrors
/// (node/row_faults.h) with all wrong rows. A `preview` says what would happen and changes nothing.
ImportReport import_catalogue(Node& node, const std::string& path, bool preview = false);
/// Customers by number or card; opening balances are booked as movements, a repeated import books the difference.
ImportReport import_customers(Node& node, const std::string& path, bool preview = false);

}  // namespace paprsek::node
