// paprsek users: the cashiers of a branch node.
#pragma once
#include <string>

#include "node/base/error.h"

namespace paprsek::tools {

struct UsersOptions {
    std::string action = "list";  ///< list, add, pin, badge, role, rename or remove
    std::string name;             ///< whom; a new user's name
    std::string role, badge, new_name;
    std::string pin_file;         ///< the first line is the PIN; "-" = standard input
};

/// Whoever may work in the node's folder may do all this. Throws Error (refused) with the session's sentence, Error (usage) where an
/// option is missing.
node::Exit users(const std::string& folder, const UsersOptions& options, bool json);

}  // namespace paprsek::tools
