// HQ's side of rights (node/rights.h): the reserve, and to whom it is granted.
//
// Of each customer: reserve = balance − what each holder holds. HQ grants from it, first to nodes whose cashiers wanted more, oldest
// first; then to the node where the customer is at home, up to its share. A right below zero (a refund) counts as none, so that
// nobody is granted what another has overdrawn.
//
// Nothing is granted before each joined node's rights began in this era (a right.begun that names it, or joined in it): a node that
// still spends by another rule, or holds grants that a restored HQ does not know, could spend what lies in the reserve. An
// era begins when the policy turns to rights, and when HQ notices that it was restored.
#pragma once
#include <string>
#include <vector>

#include "hq/store.h"
#include "node/policy.h"

namespace paprsek::hq {

/// The era in force; empty: the policy does not say rights.
std::string rights_era(Store& store, const node::Policy& policy);
/// A new era begins. Within a writing transaction.
void begin_era(Store& store, std::int64_t hq_epoch);

/// Joined nodes whose rights have not begun in this era: until they do, nothing is granted.
std::vector<node::NodeName> not_begun(Store& store, const std::string& era);

/// The holder that the node's ledger is now, as its last bundle said; none where it has not begun in its epoch.
std::optional<RightReader> current_holder(Store& store, std::int64_t node);

/// HQ's reserve of a customer; what it may grant of it.
struct Reserve {
    node::Right rest;       ///< balance − Σ rights: below zero where more was spent than is there
    node::Right grantable;  ///< not negative
    node::Right available;  ///< to spend in the whole chain: points, and limit − debt
    bool credit = false;    ///< the customer charges to an account with a limit
};
Reserve reserve_of(const Account& account, const CustomerRecord& customer, const std::vector<HeldRight>& held);

/// Grants rights of these customers (rows; some may stand twice or be aliases) by one fact a node. Within a writing transaction. The
/// number of grants.
std::int64_t grant_rights(Store& store, const node::Policy& policy, const std::string& era, std::vector<std::int64_t> customers, node::Instant now);

}  // namespace paprsek::hq
