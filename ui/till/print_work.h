// Slips printed again from the window: on a worker, by the printer that the till is set to.
#pragma once
#include <string>

#include "node/node.h"

namespace paprsek::ui {

/// Prints the slip (fiscal::slip_of) as a copy. Throws node::Error where there is no printer that prints copies, or it did not.
/// Returns what to say.
std::string print_slip_again(node::Node& node, const std::string& slip);

/// Opens the drawer that hangs on the till's printer. Throws node::Error where there is none, or it did not open.
std::string open_drawer(node::Node& node);

}  // namespace paprsek::ui
