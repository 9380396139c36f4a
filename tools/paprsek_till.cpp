// paprsek-till NODE: the till's window.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "node/base/error.h"
#include "node/node.h"
#include "node/till.h"
#include "ui/kit/shell.h"
#include "ui/till/till_app.h"

namespace {

int run(int argc, char** argv) {
    using namespace paprsek;
    CLI::App command_line{"The till's window"};
    std::string folder;
    std::string cashier;
    std::string screen = "till";
    std::vector<std::string> codes;
    ui::ShellOptions options;
    command_line.add_option("node", folder, "Folder of the branch node")->required();
    command_line.add_option("--cashier", cashier, "Who serves");
    command_line.add_option("--screen", screen, "Begin with a panel open: till, products, customer, payment, redeem, line, receipt, sync, help");
    command_line.add_option("--enter", codes, "Enter this code first, as if it had been scanned (may be repeated)");
    ui::add_shell_options(command_line, options);
    try {
        command_line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = command_line.exit(error);
        return code == 0 ? 0 : static_cast<int>(node::Exit::usage);
    }
    const auto panel = ui::panel_from(screen);
    if (!panel) {
        std::fprintf(stderr, "paprsek: --screen: '%s' is no panel (see --help)\n", screen.c_str());
        return static_cast<int>(node::Exit::usage);
    }
    const auto branch = node::Node::open(folder, node::system_clock(), node::system_random());
    node::Till till(*branch, node::Keep::every_command);
    till.set_cashier(cashier);
    options.title = branch->info().name + " · Paprsek";
    ui::TillApp app(*branch, till, options);
    for (const std::string& code : codes) app.scan(code);
    app.open(*panel);
    ui::run(options, app);
    return static_cast<int>(node::Exit::ok);
}

}  // namespace

int main(int argc, char** argv) {
    using paprsek::node::Exit;
    try {
        return run(argc, argv);
    } catch (const paprsek::node::Error& error) {
        std::fprintf(stderr, "paprsek: %s\n", error.what());
        return static_cast<int>(error.exit());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "paprsek: %s\n", error.what());
        return static_cast<int>(Exit::operating);
    }
}
