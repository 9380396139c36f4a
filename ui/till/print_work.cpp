#include "ui/till/print_work.h"

#include "fiscal/worker.h"

namespace paprsek::ui {
namespace {

bool has_printer(const Desk& desk) { return desk.printer != nullptr && desk.printer->state().line != fiscal::PrinterState::Line::none; }

}  // namespace

void print_slip(Desk& desk, const std::string& slip, const std::string& customer) {
    if (!has_printer(desk)) {
        desk.toasts.show(Tone::warn, Icon::print, tr("This till has no printer. The slip can be saved as PDF."));
        return;
    }
    desk.printer->print_slip(slip, customer);
}

void open_drawer(Desk& desk) {
    if (has_printer(desk)) desk.printer->wish(fiscal::Wish::drawer);
    else desk.toasts.show(Tone::warn, Icon::inbox, tr("This till has no printer to open the drawer. Open it by its key."));
}

}  // namespace paprsek::ui
