// The users of a till as they stand: reading them, and telling who a PIN or badge belongs to. The branch's own change through the till
// session (Till::change_user), which books who did it; headquarters' come as state (node/hq_users.h).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/node.h"
#include "node/permissions.h"
#include "node/pin.h"

namespace paprsek::node {

struct User {
    std::string id;
    std::string name;
    std::string role;
    std::string badge;      ///< normalised; empty = none
    std::string pin;        ///< as node/pin.h keeps it; empty = none
    friend bool operator==(const User&, const User&) = default;
};

/// Nobody's name needs proof until the first user is made.
bool has_users(Database& database);
/// Those who are not removed, by name.
std::vector<User> all_users(Database& database);
/// Without case and marks.
std::optional<User> user_by_name(Database& database, std::string_view name);
/// `badge` normalised.
std::optional<User> user_by_badge(Database& database, std::string_view badge);
/// Whose PIN it is: nobody's, one user's, or that of one of headquarters and one of the branch (node/hq_users.h). Takes a hash for each
/// user that it tries; `name` not empty tries that one alone.
std::vector<User> users_by_pin(Database& database, std::string_view pin, std::string_view name = {});

/// By the policy in force; a role that it does not name may nothing. The administrator may everything.
Permissions permissions_of(const Policy& policy, std::string_view role);

/// Wrong PINs at this till; they outlive the program.
PinAttempts pin_attempts(Node& node);
/// Call within a transaction.
void set_pin_attempts(Node& node, const PinAttempts& attempts);

}  // namespace paprsek::node
