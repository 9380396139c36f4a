// What a branch reports about itself: status and lists, as JSON documents of the command line's contract. Queries only.
#pragma once
#include <optional>
#include <string>

#include "node/base/json.h"
#include "node/node.h"

namespace paprsek::node {

struct ReportRange {
    std::optional<Date> from, to;          ///< local days, both included
    std::optional<std::string> customer;   ///< number or card, for movements and accounts
    std::optional<std::string> tender = {};  ///< closing: lists the receipts that were paid so
};

/// sales, closing, customers, accounts, stock, movements; refuses another kind.
Json report(Node& node, const std::string& kind, const ReportRange& range);
/// Identity, facts, what HQ has confirmed, how fresh the state is.
Json status(Node& node);

}  // namespace paprsek::node
