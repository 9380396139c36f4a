// Slips printed from the window, and its drawer: by the thread that drives the till's printer. The window waits for nothing; what came of
// it is told by printer_watch.h.
#pragma once
#include <string>

#include "ui/till/desk.h"

namespace paprsek::ui {

/// The slip (fiscal::slip_of) as a copy, or "statement", "brief-statement" of the customer. It waits for a printer that cannot now.
void print_slip(Desk& desk, const std::string& slip, const std::string& customer = {});

/// Opens the drawer that hangs on the till's printer.
void open_drawer(Desk& desk);

}  // namespace paprsek::ui
