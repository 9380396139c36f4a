// paprsek-hq-console HQ: the window of headquarters.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "tools/edge.h"
#include "ui/hq/hq_app.h"
#include "ui/kit/locale.h"
#include "ui/kit/shell.h"

int main(int argc, char** argv) {
    using namespace paprsek;
    CLI::App command_line{"The window of headquarters"};
    std::string folder;
    std::string screen = "branches";
    std::vector<std::filesystem::path> files;
    ui::ShellOptions options;
    // Tables of many columns, read sitting: smaller than at the till.
    options.logical_min = {1240, 720};
    options.logical_max = {1920, 1200};
    command_line.add_option("hq", folder, "Folder of headquarters, or postgresql://USER@HOST:PORT/DATABASE")->required();
    command_line.add_option("--screen", screen, "Begin with a page: branches, inbox, balances, exceptions, catalogue, customers, policy, reports");
    command_line.add_option("--import", files, "Import these files first, as if they had been dropped");
    std::string language;
    command_line.add_option("--language", language, "cs, ro or en; else as the system says")->check(CLI::IsMember({"cs", "ro", "en"}));
    ui::add_shell_options(command_line, options);
    return tools::run(command_line, argc, argv, [&] {
        const char* const spoken = std::getenv("LANG");
        ui::set_language(!language.empty() ? language : spoken == nullptr ? "" : spoken);
        const auto page = ui::page_from(screen);
        if (!page) node::refuse("--screen", "'" + screen + "' is no page", "paprsek-hq-console --help names them");
        hq::Status status = ui::Console::open(folder)->status();
        options.title = status.info.name + " · Paprsek";
        ui::HqApp app(folder, std::move(status), options);
        if (files.empty()) app.open(*page);
        else app.import(files);
        ui::run(options, app);
        return node::Exit::ok;
    });
}
