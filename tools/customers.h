// paprsek customers: customers of a branch node by hand (node/customer_desk.h, node/balances.h).
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "node/base/error.h"
#include "node/customer_desk.h"

namespace paprsek::tools {

struct CustomersOptions {
    std::string action = "list";
    std::string who, into;        ///< number, card or id; of reset: accounts, points or spend
    node::CustomerChange change;
    std::string discount, limit, charge;
    std::string cards_file = "-"; ///< scan: a code a line; "-" = standard input
    std::string confirm;          ///< reset: the phrase
    std::string from, to;         ///< show: days
    bool all = false;             ///< show: the whole history
};
void add_options(CLI::App& command, CustomersOptions& options);

/// Whoever may work in the node's folder may do all this. Throws Error (refused) with the act's sentence, Error (usage) where an
/// option is missing or is none.
node::Exit customers(const std::string& folder, const CustomersOptions& options, bool json);

}  // namespace paprsek::tools
