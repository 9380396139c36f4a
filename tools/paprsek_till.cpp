// paprsek-till NODE: the till's window.
#include <filesystem>
#include <string>
#include <vector>

#include "fiscal/worker.h"
#include "node/node.h"
#include "node/till.h"
#include "tools/edge.h"
#include "ui/kit/shell.h"
#include "ui/kit/task.h"
#include "ui/till/screens.h"
#include "ui/till/till_app.h"

namespace {

std::string screen_help() {
    std::string names = "Begin with a panel open: till";
    for (const paprsek::ui::Screen& screen : paprsek::ui::screens()) names += ", " + std::string(screen.id);
    return names;
}

/// Until the first user is made, whoever the caller names.
void log_in(paprsek::node::Node& branch, paprsek::node::Till& till, const std::string& cashier, const std::string& pin_file) {
    using namespace paprsek;
    if (!node::has_users(branch.database())) {
        till.set_cashier(cashier);
        return;
    }
    if (!cashier.empty()) node::refuse("--cashier", "this till has users", "they log in by PIN or badge; --pin-file takes a PIN");
    if (pin_file.empty()) return;
    const node::Outcome outcome = till.log_in_cashier({tools::first_line(pin_file), "", ""});
    if (!outcome.ok()) node::refuse("--pin-file", outcome.message, "");
}

}  // namespace

int main(int argc, char** argv) {
    using namespace paprsek;
    CLI::App command_line{"The till's window"};
    std::string folder;
    std::string cashier;
    std::string pin_file;
    std::string screen = "till";
    std::vector<std::string> codes;
    std::filesystem::path reply;
    ui::ShellOptions options;
    command_line.add_option("node", folder, "Folder of the branch node")->required();
    command_line.add_option("--cashier", cashier, "Who serves, while the till has no users");
    command_line.add_option("--pin-file", pin_file, "Log in with the PIN in the first line of this file");
    command_line.add_option("--screen", screen, screen_help());
    command_line.add_option("--enter", codes, "Enter this code first, as if it had been scanned (may be repeated)");
    command_line.add_option("--import", reply, "Import this reply of HQ first, as if it had been dropped");
    ui::add_shell_options(command_line, options);
    return tools::run(command_line, argc, argv, [&] {
        const auto panel = ui::panel_from(screen);
        if (!panel) node::refuse("--screen", "'" + screen + "' is no panel", "paprsek-till --help names them");
        const auto branch = node::Node::open(folder, node::system_clock(), node::system_random());
        node::Till till(*branch, node::Keep::every_command);
        log_in(*branch, till, cashier, pin_file);
        fiscal::PrinterWorker printer(*branch, {.folder = folder, .changed = [] { ui::wake(); }});
        till.set_printer(&printer);
        printer.start();
        options.title = branch->info().name + " · Paprsek";
        ui::TillApp app(*branch, till, options, &printer);
        for (const std::string& code : codes) app.scan(code);
        app.open(*panel);
        if (!reply.empty()) app.drop({reply});
        ui::run(options, app);
        return node::Exit::ok;
    });
}
