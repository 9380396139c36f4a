// paprsek device: the printer of a branch node, and what waits to be printed.
#pragma once
#include <cstdint>
#include <string>

#include "node/base/error.h"

namespace paprsek::tools {

struct DeviceOptions {
    std::string action = "status";  ///< find, set, test, status, x, z, pending, resolve, print, collect, drawer or clock
    std::string address, profile, mode, file, password;
    std::string cashier, reason;
    std::string as;        ///< resolve: printed, again or given-up
    std::int64_t seq = 0;  ///< resolve: of what
    bool print_first = false, stay = false;
};

/// Throws Error (refused) with a sentence where the printer or the ledger says no, Error (usage) where an option is missing.
node::Exit device(const std::string& folder, const DeviceOptions& options, bool json);

}  // namespace paprsek::tools
