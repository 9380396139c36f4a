#include "node/users.h"

#include <algorithm>

#include "node/base/text.h"
#include "node/hq_users.h"

namespace paprsek::node {
namespace {

constexpr const char* failures_setting = "pin_failures";
constexpr const char* failed_at_setting = "pin_failed_at";

constexpr const char* select_users = "SELECT id, name, role, ifnull(badge, ''), pin FROM known_user ";

std::vector<User> read_users(Statement rows) {
    std::vector<User> users;
    while (rows.step()) users.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
    return users;
}

std::optional<User> first(std::vector<User> users) { return users.empty() ? std::nullopt : std::optional(std::move(users.front())); }

}  // namespace

bool has_users(Database& database) { return database.integer("SELECT 1 FROM known_user LIMIT 1").has_value(); }

std::vector<User> all_users(Database& database) { return read_users(database.query(std::string(select_users) + "ORDER BY folded, id")); }

std::optional<User> user_by_name(Database& database, std::string_view name) {
    return first(read_users(database.query(std::string(select_users) + "WHERE folded = ?", fold(trim(name)))));
}

std::optional<User> user_by_badge(Database& database, std::string_view badge) {
    if (badge.empty()) return std::nullopt;
    return first(read_users(database.query(std::string(select_users) + "WHERE badge = ?", badge)));
}

std::vector<User> users_by_pin(Database& database, std::string_view pin, std::string_view name) {
    std::vector<User> users, found;
    if (!is_pin(pin)) return found;
    if (name.empty())
        users = all_users(database);
    else if (auto named = user_by_name(database, name))
        users.push_back(std::move(*named));
    for (const bool at_hq : {true, false}) {  // among those of one side PINs differ
        const auto fits = [&](const User& user) { return is_kept_at_hq(user) == at_hq && !user.pin.empty() && pin_fits(pin, user.pin); };
        if (const auto user = std::find_if(users.begin(), users.end(), fits); user != users.end()) found.push_back(*user);
    }
    return found;
}

Permissions permissions_of(const Policy& policy, std::string_view role) {
    if (role == administrator_role) return Permissions::all();
    for (const Role& known : policy.roles)
        if (known.name == role) return known.may;
    return {};
}

PinAttempts pin_attempts(Node& node) {
    PinAttempts attempts;
    attempts.failures = static_cast<int>(std::stoll(node.setting(failures_setting).value_or("0")));
    attempts.last = Instant{std::stoll(node.setting(failed_at_setting).value_or("0"))};
    return attempts;
}

void set_pin_attempts(Node& node, const PinAttempts& attempts) {
    node.set_setting(failures_setting, std::to_string(attempts.failures));
    node.set_setting(failed_at_setting, std::to_string(attempts.last.ms));
}

}  // namespace paprsek::node
