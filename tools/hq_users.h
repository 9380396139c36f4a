// paprsek-hq users: who works at the tills of the chain, kept at headquarters.
#pragma once
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "node/base/error.h"

namespace paprsek::tools {

struct HqUsersOptions {
    std::string action = "list";  ///< list, add, pin, badge, role, rename, branches or remove
    std::string name;             ///< whom; a new user's name
    std::string role, badge, new_name;
    std::string pin_file;         ///< the first line is the PIN; "-" = standard input
    std::vector<int> branches;    ///< where the user works; list: only those of these branches
    bool everywhere = false;
};

/// Whoever may work in HQ's folder may do all this. Throws Error (refused) where it does not fit, Error (usage) where an option is missing.
node::Exit hq_users(hq::Headquarters& hq, const HqUsersOptions& options, bool json);

}  // namespace paprsek::tools
