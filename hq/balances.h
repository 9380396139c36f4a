// Many balances at once, for the chain (PRODUCT L16, L18; node/balances.h says what each means). All are facts of HQ's own, and reach
// the branches with the customers' rows.
//
// Where branches spend by rights, HQ takes no more of a customer's points than its reserve holds: what lies with a branch may be
// spent already. What expires of the rest does so once it is given back; a reset leaves it and says so.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "hq/store.h"
#include "node/balances.h"
#include "node/policy.h"

namespace paprsek::hq {

struct ResetDone {
    node::ResetSummary summary;
    std::int64_t held = 0;      ///< customers of whose points branches hold some by right
    node::Points held_points;   ///< that were left therefore
};
/// Refuses (Error) a reset that is not confirmed by its phrase, naming it. Durable on return.
ResetDone reset_balances(Store& store, const node::Policy& policy, node::ResetOf what, const std::string& confirm, node::Instant now);
/// What it would do, and the phrase that confirms it.
ResetDone preview_reset(Store& store, const node::Policy& policy, node::ResetOf what);
/// Undoes HQ's newest reset that is not undone. Refuses (Error) where there is none. Durable on return.
node::ResetSummary undo_reset(Store& store, node::Instant now);

/// Books what is due to expire, or to be given back, of these customers (rows; some may stand twice or be aliases). Within a writing
/// transaction. How many there were.
std::int64_t settle_expiry(Store& store, const node::Policy& policy, const node::TimeZone& zone, std::vector<std::int64_t> customers, node::Instant now);
/// The customers whose turn it is today, some hundred of them: so that one merge after another looks at everybody, once a day.
/// Remembers where it stands; within a writing transaction. Empty when all were looked at.
std::vector<std::int64_t> next_to_expire(Store& store, node::Date today);
/// Whether there are such.
bool expiry_is_due(Store& store, node::Date today);

}  // namespace paprsek::hq
