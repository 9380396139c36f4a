// paprsek-till NODE: the till's window.
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fiscal/worker.h"
#include "node/base/log_keeper.h"
#include "node/base/statement_count.h"
#include "node/node.h"
#include "node/till.h"
#include "tools/edge.h"
#include "ui/kit/locale.h"
#include "ui/kit/paths.h"
#include "ui/kit/shell.h"
#include "ui/kit/task.h"
#include "ui/till/first_start.h"
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

/// What the command line asks beside the shell's options.
struct Wishes {
    std::string folder, cashier, pin_file, language;
    std::string screen = "till";
    std::vector<std::string> codes;
    std::filesystem::path reply;
    bool theme = false, zoom = false;  ///< were given, and are not the settings' own
};

/// A node, its session and its window, for as long as the window is open.
class OpenTill final : public paprsek::ui::App {
public:
    OpenTill(const Wishes& wishes, paprsek::ui::ShellOptions& options)
        : node_(paprsek::node::Node::open(wishes.folder, paprsek::node::system_clock(), paprsek::node::system_random())),
          log_keeper_(node_->database()),
          receipt_keeper_(node_->database().path(), [] { paprsek::ui::wake(); }),
          till_(*node_, paprsek::node::Keep::every_command),
          printer_(*node_, {.folder = wishes.folder, .changed = [] { paprsek::ui::wake(); }}),
          app_(*node_, till_, options, settings(wishes, options, fault_), &printer_) {
        node_->database().execute("PRAGMA cache_size=-8000");  // what a till touches in a day is less; reports have a connection of their own
        if (options.frame_times) count_.emplace(node_->database());
        till_.set_keeper(&receipt_keeper_);
        till_.set_printer(&printer_);
        printer_.start();
        app_.tell(fault_);
    }

    paprsek::node::Node& node() { return *node_; }
    paprsek::node::Till& till() { return till_; }
    paprsek::ui::TillApp& app() { return app_; }

    void key(const paprsek::ui::KeyPress& press) override { app_.key(press); }
    void scan(const std::string& text) override { app_.scan(text); }
    void burst(const paprsek::ui::Burst& burst) override { app_.burst(burst); }
    void drop(const std::vector<std::filesystem::path>& files) override { app_.drop(files); }
    bool tick(double now) override { return app_.tick(now); }
    void draw(paprsek::ui::Ui& ui, paprsek::ui::Rect area) override { app_.draw(ui, area); }
    bool settled() const override { return app_.settled(); }
    std::string where() const override { return app_.where(); }
    paprsek::ui::Asked asked() const override { return count_ ? paprsek::ui::Asked{count_->statements(), count_->steps()} : paprsek::ui::Asked{}; }
    bool show(const std::string& screen) override { return app_.show(screen); }

private:
    static paprsek::ui::Settings settings(const Wishes& wishes, paprsek::ui::ShellOptions& options, std::string& fault) {
        paprsek::ui::Settings settings = paprsek::ui::load_settings(wishes.folder, fault);
        if (!wishes.language.empty()) settings.language = wishes.language;
        if (wishes.theme) settings.theme = options.theme;
        if (wishes.zoom) settings.zoom_percent = static_cast<int>(options.zoom * 100 + 0.5F);
        if (options.screenshot || options.play) settings.sound = false;
        options.theme = settings.theme;
        options.zoom = static_cast<float>(settings.zoom_percent) / 100;
        return settings;
    }

    std::string fault_;
    std::unique_ptr<paprsek::node::Node> node_;
    std::optional<paprsek::node::StatementCount> count_;  ///< where frame times are wanted
    paprsek::node::LogKeeper log_keeper_;                 ///< no sale waits for more than itself
    paprsek::node::OpenReceiptKeeper receipt_keeper_;     ///< no scan waits for the disk
    paprsek::node::Till till_;
    paprsek::fiscal::PrinterWorker printer_;
    paprsek::ui::TillApp app_;
};

/// The five questions of an empty folder, and then its till.
void begin(const Wishes& wishes, paprsek::ui::ShellOptions& options) {
    using namespace paprsek;
    const char* const spoken = std::getenv("LANG");
    ui::set_language(!wishes.language.empty() ? wishes.language : spoken == nullptr ? "" : spoken);
    ui::FirstStart start(wishes.folder, ui::share_folder() + "/paprsek/demo", [&](const std::string& pin, const std::string& sentence) {
        auto opened = std::make_unique<OpenTill>(wishes, options);
        opened->till().log_in_cashier({pin, "", ""});
        opened->app().tell(sentence);
        return opened;
    });
    ui::run(options, start);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace paprsek;
    CLI::App command_line{"The till's window"};
    Wishes wishes;
    ui::ShellOptions options;
    command_line.add_option("node", wishes.folder, "Folder of the branch node; in an empty one a new till begins with five questions")->required();
    command_line.add_option("--cashier", wishes.cashier, "Who serves, while the till has no users");
    command_line.add_option("--pin-file", wishes.pin_file, "Log in with the PIN in the first line of this file");
    command_line.add_option("--language", wishes.language, "cs, ro or en")->check(CLI::IsMember({"cs", "ro", "en"}));
    command_line.add_option("--screen", wishes.screen, screen_help());
    command_line.add_option("--enter", wishes.codes, "Enter this code first, as if it had been scanned (may be repeated)");
    command_line.add_option("--import", wishes.reply, "Import this reply of HQ first, as if it had been dropped");
    ui::add_shell_options(command_line, options);
    return tools::run(command_line, argc, argv, [&] {
        const auto panel = ui::panel_from(wishes.screen);
        if (!panel) node::refuse("--screen", "'" + wishes.screen + "' is no panel", "paprsek-till --help names them");
        wishes.theme = command_line.count("--theme") > 0;
        wishes.zoom = command_line.count("--zoom") > 0;
        if (ui::may_be_founded(wishes.folder)) {
            begin(wishes, options);
            return node::Exit::ok;
        }
        OpenTill opened(wishes, options);
        log_in(opened.node(), opened.till(), wishes.cashier, wishes.pin_file);
        options.title = opened.node().info().name + " · Paprsek";
        for (const std::string& code : wishes.codes) opened.scan(code);
        opened.app().open(*panel);
        if (!wishes.reply.empty()) opened.drop({wishes.reply});
        ui::run(options, opened);
        return node::Exit::ok;
    });
}
