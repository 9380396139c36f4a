// F7: what waits for HQ and since when, and exchange by file. The work runs beside the window; selling goes on meanwhile.
#include "node/base/error.h"
#include "ui/kit/file_chooser.h"
#include "ui/till/screens.h"
#include "ui/till/exchange_work.h"

namespace paprsek::ui {
namespace {

constexpr const char* bundle_extension = ".bundle";

class SyncPanel final : public Panel {
public:
    explicit SyncPanel(Desk& desk) : desk_(desk) {}

    Cover cover() const override { return Cover::side; }
    bool settled() const override { return !choosing_ || chooser_.settled(); }

    bool key(const KeyPress& press) override {
        if (choosing_) {
            if (press.is(GLFW_KEY_ESCAPE)) {
                choosing_ = false;
                return true;
            }
            return chooser_.handle(press);
        }
        if (press.is(GLFW_KEY_ESCAPE) && work_.running()) {
            work_.progress()->cancel();
            return true;
        }
        if (press.character == 'e' || press.character == 'E' || press.enter()) {
            choose(FileChooser::Mode::save);
            return true;
        }
        if (press.character == 'i' || press.character == 'I') {
            choose(FileChooser::Mode::open);
            return true;
        }
        return false;
    }

    bool drop(const std::vector<std::filesystem::path>& files) override {
        if (!files.empty()) start(files.front(), false);
        return true;
    }

    bool tick() override {
        bool changed = choosing_ && chooser_.tick();
        if (choosing_) {
            if (const auto file = chooser_.take()) {
                choosing_ = false;
                start(*file, chooser_.request().mode == FileChooser::Mode::save);
                changed = true;
            }
        }
        try {
            if (auto done = work_.take()) {
                finished(*done);
                changed = true;
            }
        } catch (const node::Error& error) {
            fault_ = error.what();
            done_.reset();
            changed = true;
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        if (choosing_) {
            const bool saving = chooser_.request().mode == FileChooser::Mode::save;
            const Rect inside = sheet(ui, area, {saving ? Icon::upload : Icon::download, saving ? tr("Export to file…") : tr("Import reply…"),
                                                 saving ? tr("Onto a stick, for HQ") : tr("The file that HQ gave back"), "Esc"}, closed);
            chooser_.draw(ui, inside);
            if (closed) choosing_ = false;
            return;
        }
        Rect inside =
            sheet(ui, area, {Icon::exchange, tr("Exchange with HQ"), desk_.status.hq_name.value_or(tr("This shop stands alone")), "Esc"}, closed);
        if (closed) desk_.close();
        draw_figures(ui, inside.cut_top(150, space::m));
        draw_actions(ui, inside.cut_top(76, space::m));
        draw_outcome(ui, inside);
    }

private:
    void choose(FileChooser::Mode mode) {
        if (work_.running()) return;
        // Opening shows every file: people rename what they carry.
        FileChooser::Request request{mode, mode == FileChooser::Mode::save ? bundle_extension : "", "", {}};
        if (mode == FileChooser::Mode::save) request.file_name = export_file_name(node::print(desk_.node.info().node));
        chooser_.begin(request);
        choosing_ = true;
    }

    void start(const std::filesystem::path& file, bool exporting) {
        if (work_.running()) return;
        fault_.clear();
        done_.reset();
        work_.start([folder = desk_.node.folder(), file, exporting](Progress& progress) {
            return exporting ? export_to_file(folder, file, progress) : import_reply(folder, file, progress);
        });
    }

    void finished(const ExchangeDone& done) {
        done_ = done;
        desk_.refresh_status();
        if (!done.exported) desk_.guarded([&] { desk_.till.refresh(); });
        fault_ = done.trouble;
        if (done.stopped) desk_.toasts.show(Tone::neutral, Icon::ban, tr("Stopped. Nothing is lost; do it again when you like."));
        else if (fault_.empty())
            desk_.toasts.show(Tone::go, Icon::check, done.exported ? tr("The file is whole. Take the stick to HQ.") : tr("HQ's reply is in."));
    }

    void draw_figures(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const NodeStatus& status = desk_.status;
        const node::Instant now = desk_.node.clock().now();
        const auto age = [&](const std::optional<node::Instant>& instant) {
            return instant ? format_age((now.ms - instant->ms) / 1000) : std::string("–");
        };
        const auto figure = [&](int column, int row, const char* label, const std::string& value, Color ink) {
            const Rect cell = rect.cell(column, 2, row, 2, space::s);
            ui.canvas.fill(cell, t.sunken, radius::control);
            labelled(ui, cell.inset(space::m, space::s), label, value, Type::title, ink);
        };
        const bool waits = status.hq_name && status.unsent > 0;
        figure(0, 0, tr("Not at HQ yet"), status.hq_name ? desk_.words.count(status.unsent) : "–", waits ? t.warn : t.go);
        figure(1, 0, tr("The oldest waits since"), waits ? age(status.unsent_since) : "–", t.ink);
        figure(0, 1, tr("HQ last confirmed"), status.receipt_at ? age(status.receipt_at) : std::string(tr("never")), t.ink);
        figure(1, 1, tr("Prices and customers of"), status.state_at ? desk_.words.date_time(*status.state_at) : std::string(tr("this shop")), t.ink);
    }

    void draw_actions(Ui& ui, Rect rect) {
        const bool joined = desk_.status.hq_name.has_value() && !work_.running();
        if (button(ui, rect.cell(0, 2, 0, 1, space::m),
                   {.label = tr("Export to file…"),
                    .key = "E",
                    .icon = Icon::upload,
                    .tone = Tone::accent,
                    .look = ButtonLook::solid,
                    .enabled = joined}))
            choose(FileChooser::Mode::save);
        if (button(ui, rect.cell(1, 2, 0, 1, space::m), {.label = tr("Import reply…"), .key = "I", .icon = Icon::download, .enabled = joined}))
            choose(FileChooser::Mode::open);
    }

    void draw_outcome(Ui& ui, Rect rect) {
        if (work_.running()) {
            ui.canvas.text(rect.cut_top(28), tr("Working… you can go on selling."), Type::body, ui.theme.ink_soft);
            progress_bar(ui, rect.cut_top(8, space::m), work_.progress()->share());
            if (button(ui, rect.cut_top(46).cut_left(200), {.label = tr("Stop"), .key = "Esc", .icon = Icon::ban})) work_.progress()->cancel();
            return;
        }
        if (!fault_.empty()) {
            notice(ui, rect.cut_top(76), Tone::danger, Icon::warning, fault_);
            return;
        }
        if (!done_) {
            const char* sentence = desk_.status.hq_name ? tr("No network is needed: a stick does. You can drop HQ's file into this window.")
                                                        : tr("Join the chain first: HQ hands out an invitation.");
            empty_state(ui, rect, Icon::usb, tr("Carry it by hand"), sentence);
            return;
        }
        if (done_->stopped) return;
        const std::string name = done_->file.filename().string();
        std::string text = done_->exported
                               ? fill_in(tr("{} holds {} facts. Nothing is forgotten until HQ confirms it."), {name, desk_.words.count(done_->facts)})
                               : fill_in(tr("HQ holds our facts up to {}. Taken over: {} changes."),
                                         {desk_.words.count(done_->receipt), desk_.words.count(done_->rows)});
        if (done_->left > 0) text += std::string(" ") + tr("There is more: exchange once again.");
        notice(ui, rect.cut_top(70), Tone::go, Icon::check_circle, text);
    }

    Desk& desk_;
    FileChooser chooser_;
    bool choosing_ = false;
    Task<ExchangeDone> work_;
    std::optional<ExchangeDone> done_;
    std::string fault_;
};

}  // namespace

std::unique_ptr<Panel> make_sync_panel(Desk& desk) { return std::make_unique<SyncPanel>(desk); }

}  // namespace paprsek::ui
