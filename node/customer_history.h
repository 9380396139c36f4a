// What a branch knows of a customer, for people and programs: data, balances, and the history as a bank statement. Queries only.
#pragma once
#include <optional>

#include "node/base/json.h"
#include "node/customers.h"
#include "node/node.h"

namespace paprsek::node {

struct HistoryRange {
    std::optional<Instant> from, to;  ///< from ≤ at < to
    int most = 100;                   ///< movements, the newest ones
};
/// Data, balances, what the points are worth, who brought whom, who is one with the customer. Expiring points where this branch
/// stands alone and the policy lets points expire (node/expiry.h).
Json customer_json(Node& node, const CustomerRecord& customer);
/// Each movement of this node with its document, and what the balances were after it; before them one row of what came before or was
/// booked elsewhere ("brought_forward"), so that the last row's balances are the customer's. Oldest first.
Json customer_history(Node& node, const CustomerRecord& customer, const HistoryRange& range);
/// Who was brought by whom, and what came to the referrer at this node. Those who were brought, by referrer.
Json referrals(Node& node);

}  // namespace paprsek::node
