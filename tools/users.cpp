#include "tools/users.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "node/hq_users.h"
#include "node/till.h"
#include "tools/edge.h"

namespace paprsek::tools {
namespace {

using node::Exit;
using node::Json;

Json json_of(const node::Policy& policy, const node::User& user) {
    return {{"name", user.name}, {"role", user.role}, {"badge", user.badge.empty() ? Json(nullptr) : Json(user.badge)}, {"pin", !user.pin.empty()},
            {"may", permissions_of(policy, user.role).names()}};
}

Exit list(node::Node& node, bool json) {
    Json all = Json::array();
    const auto add = [&](const node::User& user, bool hidden) {
        all.push_back(json_of(node.policy(), user));
        all.back()["kept_at"] = node::is_kept_at_hq(user) ? "headquarters" : "branch";
        if (hidden) all.back()["hidden"] = true;
        if (json) return;
        all.back().erase("may");
        all.back()["hidden"] = hidden ? "by headquarters' user of that name: rename or remove" : "";
    };
    for (const node::User& user : node::all_users(node.database())) add(user, false);
    for (const node::User& user : node::hidden_users(node.database())) add(user, true);
    if (all.empty() && !json)
        std::cout << "There are no users: everybody may do everything. The first one becomes the administrator.\n";
    else
        print(all, json);
    return Exit::ok;
}

node::UserChange change_of(const UsersOptions& options) {
    const std::string& action = options.action;
    const auto need = [&](const std::string& value, const char* option) {
        if (value.empty()) throw node::Error(Exit::usage, "users " + action, fmt::format("{} is missing", option));
    };
    need(options.name, "NAME");
    node::UserChange change;
    change.name = options.name;
    change.add = action == "add";
    change.remove = action == "remove";
    if (action == "pin") need(options.pin_file, "--pin-file");
    if (action == "role") need(options.role, "--role");
    if (action == "badge") need(options.badge, "--badge");
    if (action == "rename") need(options.new_name, "--to");
    if (!options.role.empty()) change.role = options.role;
    if (!options.badge.empty()) change.badge = options.badge == "none" ? "" : options.badge;
    if (!options.new_name.empty()) change.rename = options.new_name;
    if (!options.pin_file.empty()) {
        change.pin = first_line(options.pin_file);
        if (change.pin->empty()) node::refuse("PIN", "is empty", "the first line of --pin-file is taken");
    }
    return change;
}

}  // namespace

Exit users(const std::string& folder, const UsersOptions& options, bool json) {
    const auto opened = node::Node::open(folder, node::system_clock(), node::system_random());
    if (options.action == "list") return list(*opened, json);
    const std::string_view actions[] = {"add", "pin", "badge", "role", "rename", "remove"};
    if (std::find(std::begin(actions), std::end(actions), options.action) == std::end(actions))
        throw node::Error(Exit::usage, "users " + options.action, "is not known", "list, add, pin, badge, role, rename or remove");
    node::Till till(*opened, node::Keep::at_payment);
    till.set_cashier("");
    node::User user;
    const node::Outcome outcome = till.change_user(change_of(options), user);
    if (!outcome.ok()) {
        if (json) std::cout << Json{{"refused", print(outcome.refusal)}, {"message", outcome.message}}.dump() << '\n';
        node::refuse("user " + options.name, outcome.message);
    }
    if (json)
        print(json_of(opened->policy(), user), true);
    else if (options.action == "remove")
        std::cout << fmt::format("{} can no longer log in.\n", user.name);
    else
        std::cout << fmt::format("{} is {}.\n", user.name, user.role);
    return Exit::ok;
}

}  // namespace paprsek::tools
