#include "tools/hq_users.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "tools/edge.h"

namespace paprsek::tools {
namespace {

using node::Exit;
using node::Json;

/// Never the PIN's hash.
Json json_of(const hq::UserRecord& user) {
    return {{"name", user.name},
            {"role", user.role},
            {"badge", user.badge.empty() ? Json(nullptr) : Json(user.badge)},
            {"pin", !user.pin.empty()},
            {"branches", user.branches.empty() ? Json("all") : Json(user.branches)}};
}

Exit list(hq::Headquarters& hq, const std::vector<int>& branches, bool json) {
    Json all = Json::array();
    for (const hq::UserRecord& user : hq.users()) {
        const auto works_in = [&](int branch) { return std::find(user.branches.begin(), user.branches.end(), branch) != user.branches.end(); };
        const bool shown = branches.empty() || user.branches.empty() || std::any_of(branches.begin(), branches.end(), works_in);
        if (shown) all.push_back(json_of(user));
    }
    if (all.empty() && !json)
        std::cout << "Headquarters keep no users: each branch has its own.\n";
    else
        print(all, json);
    return Exit::ok;
}

hq::UserChange change_of(const HqUsersOptions& options) {
    const std::string& action = options.action;
    const auto need = [&](bool given, const char* option) {
        if (!given) throw node::Error(Exit::usage, "users " + action, fmt::format("{} is missing", option));
    };
    need(!options.name.empty(), "NAME");
    if (options.everywhere && !options.branches.empty()) throw node::Error(Exit::usage, "users " + action, "--branch and --everywhere exclude each other");
    hq::UserChange change;
    change.name = options.name;
    change.add = action == "add";
    change.remove = action == "remove";
    if (action == "pin") need(!options.pin_file.empty(), "--pin-file");
    if (action == "role") need(!options.role.empty(), "--role");
    if (action == "badge") need(!options.badge.empty(), "--badge");
    if (action == "rename") need(!options.new_name.empty(), "--to");
    if (action == "branches") need(options.everywhere || !options.branches.empty(), "--branch or --everywhere");
    if (!options.role.empty()) change.role = options.role;
    if (!options.badge.empty()) change.badge = options.badge == "none" ? "" : options.badge;
    if (!options.new_name.empty()) change.rename = options.new_name;
    if (options.everywhere || !options.branches.empty()) change.branches = options.branches;
    if (!options.pin_file.empty()) {
        change.pin = first_line(options.pin_file);
        if (change.pin->empty()) node::refuse("PIN", "is empty", "the first line of --pin-file is taken");
    }
    return change;
}

}  // namespace

Exit hq_users(hq::Headquarters& hq, const HqUsersOptions& options, bool json) {
    if (options.action == "list") return list(hq, options.branches, json);
    const std::string_view actions[] = {"add", "pin", "badge", "role", "rename", "branches", "remove"};
    if (std::find(std::begin(actions), std::end(actions), options.action) == std::end(actions))
        throw node::Error(Exit::usage, "users " + options.action, "is not known", "list, add, pin, badge, role, rename, branches or remove");
    const hq::UserRecord user = hq.change_user(change_of(options));
    if (json)
        print(json_of(user), true);
    else if (user.removed)
        std::cout << fmt::format("{} can no longer log in, at each branch from its next exchange on.\n", user.name);
    else
        std::cout << fmt::format("{} is {} {}; branches hear of it with their next exchange.\n", user.name, user.role,
                                 user.branches.empty() ? std::string("in every branch") : fmt::format("in branch {}", fmt::join(user.branches, ", ")));
    return Exit::ok;
}

}  // namespace paprsek::tools
