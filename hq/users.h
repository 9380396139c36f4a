// Users whom headquarters keep: who works at the tills, in every branch or in some (T11, C2). Each change is a fact of HQ's own
// (user.set) with the texts beside it, and goes down as state to the branches that it concerns; node/hq_users.h says how they stand there
// beside a branch's own.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hq/store.h"
#include "node/base/random.h"
#include "node/pin.h"
#include "node/policy.h"

namespace paprsek::hq {

/// What becomes of a user. What is not given stays.
struct UserChange {
    std::string name;                   ///< whom; of a new one the name
    bool add = false, remove = false;
    std::optional<std::string> rename, role, pin, badge;  ///< an empty pin or badge takes it away
    std::optional<std::vector<int>> branches;             ///< none in it: every branch
};

/// Those who are not removed, by name.
std::vector<UserRecord> all_users(Store& store);
/// Books the change; the user afterwards. Throws Error (refused), with nothing changed, where it does not fit. Durable on return.
UserRecord change_user(Store& store, const node::Policy& policy, const UserChange& change, const node::PinCost& cost, node::Random& random, node::Instant now);

/// The row of the user for a branch; gone where he does not work there.
node::StateRow state_row_of(const UserRecord& user, int branch, std::int64_t version);

}  // namespace paprsek::hq
