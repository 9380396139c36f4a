// paprsek-hq-console HQ: the window of headquarters.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "node/base/error.h"
#include "ui/hq/hq_app.h"
#include "ui/kit/shell.h"

namespace {

int run(int argc, char** argv) {
    using namespace paprsek;
    CLI::App command_line{"The window of headquarters"};
    std::string folder;
    std::string screen = "branches";
    std::vector<std::filesystem::path> files;
    ui::ShellOptions options;
    options.logical_max = {1920, 1200};  // tables of many columns; nobody reads this standing
    command_line.add_option("hq", folder, "Folder of headquarters")->required();
    command_line.add_option("--screen", screen, "Begin with a page: branches, inbox, balances");
    command_line.add_option("--import", files, "Import these files first, as if they had been dropped");
    ui::add_shell_options(command_line, options);
    try {
        command_line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = command_line.exit(error);
        return code == 0 ? 0 : static_cast<int>(node::Exit::usage);
    }
    const auto page = ui::page_from(screen);
    if (!page) {
        std::fprintf(stderr, "paprsek: --screen: '%s' is no page (see --help)\n", screen.c_str());
        return static_cast<int>(node::Exit::usage);
    }
    hq::Status status = ui::Console::open(folder)->status();
    options.title = status.info.name + " · Paprsek";
    ui::HqApp app(folder, std::move(status), options);
    if (!files.empty()) app.import(files);
    else app.open(*page);
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
