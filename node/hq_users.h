// Users whom headquarters keep (T11, C2): they come down as state to the branches where they work, beside those that a branch made
// itself. Where both have a user of one name, headquarters' is meant and the branch's cannot log in until it is renamed; where one
// PIN fits both, nobody is logged in by it alone. Only headquarters change their users, and who is gone there is locked out here with
// the next exchange.
//
// Threads and transactions: as Database.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/state.h"
#include "node/users.h"

namespace paprsek::node {

/// Of headquarters, by the id.
bool is_kept_at_hq(const User& user);
/// Users of the branch whose names headquarters' users have.
std::vector<User> hidden_users(Database& database);

/// Row of state of kind "user"; nothing = the user does not work in the branch that reads it.
StateRow user_state_row(const std::string& id, const User* user, std::int64_t version);
/// Throws Error (refused) on a row that does not have the form. Call within a transaction.
void apply_user(Database& database, const StateRow& row);

/// The state is read from the start: whom HQ does not name again until the end is gone. Call within a transaction.
void begin_users_anew(Database& database);
void end_users_anew(Database& database);

}  // namespace paprsek::node
