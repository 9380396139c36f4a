// F7 (S5): what waits for HQ and since when, exchange by network and by file, and what was exchanged of late. The work runs beside
// the window; selling goes on meanwhile.
#include "ui/kit/file_chooser.h"
#include "ui/kit/list.h"
#include "ui/till/exchange_watch.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

constexpr const char* bundle_extension = ".bundle";

const char* ending_text(sync::Ending ending) {
    switch (ending) {
        case sync::Ending::well: return tr("OK");
        case sync::Ending::stopped: return tr("Stopped");
        case sync::Ending::differs: return tr("Differs");
        case sync::Ending::failed: return tr("Failed");
    }
    return "";
}

Tone ending_tone(sync::Ending ending) {
    switch (ending) {
        case sync::Ending::well: return Tone::go;
        case sync::Ending::stopped: return Tone::neutral;
        case sync::Ending::differs: return Tone::warn;
        case sync::Ending::failed: return Tone::danger;
    }
    return Tone::neutral;
}

const char* road_text(const sync::Exchange& exchange) {
    switch (exchange.way) {
        case sync::Way::out: return tr("File to HQ");
        case sync::Way::in: return tr("HQ's reply by file");
        case sync::Way::both: return exchange.road == sync::Road::network ? tr("Network") : tr("Shared folder");
    }
    return "";
}

class SyncPanel final : public Panel {
public:
    explicit SyncPanel(Desk& desk) : desk_(desk), job_(*desk.exchange), told_(job_.told), history_(desk.background) {
        read_address();
        read_history();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return (!choosing_ || chooser_.settled()) && (history_.answered() || !history_.waiting()); }

    bool key(const KeyPress& press) override {
        if (choosing_) {
            if (press.is(GLFW_KEY_ESCAPE)) {
                choosing_ = false;
                return true;
            }
            return chooser_.handle(press);
        }
        if (press.is(GLFW_KEY_ESCAPE) && job_.work.running()) {
            job_.work.progress()->cancel();
            return true;
        }
        if (!desk_.status.hq_name && (press.enter() || press.character == 'i' || press.character == 'I')) {
            choose_invitation();
            return true;
        }
        if (press.enter()) {
            address_.empty() ? choose(FileChooser::Mode::save) : synchronise();
            return true;
        }
        if (press.character == 'e' || press.character == 'E') {
            choose(FileChooser::Mode::save);
            return true;
        }
        if (press.character == 'i' || press.character == 'I') {
            choose(FileChooser::Mode::open);
            return true;
        }
        return list_.handle(press, static_cast<int>(shown_.size())) || press.character != 0;
    }

    bool drop(const std::vector<std::filesystem::path>& files) override {
        if (files.empty()) return true;
        if (desk_.status.hq_name) start(files.front(), false);
        else join(files.front());
        return true;
    }

    bool tick() override {
        bool changed = choosing_ && chooser_.tick();
        if (choosing_) {
            if (const auto file = chooser_.take()) {
                choosing_ = false;
                if (desk_.status.hq_name) start(*file, chooser_.request().mode == FileChooser::Mode::save);
                else join(*file);
                changed = true;
            }
        }
        return follow_work() || follow_history() || changed;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        if (choosing_) {
            const bool saving = chooser_.request().mode == FileChooser::Mode::save, joined = desk_.status.hq_name.has_value();
            const char* const title = saving ? tr("Export to file…") : joined ? tr("Import reply…") : tr("Join a chain…");
            const char* const below = saving ? tr("Onto a stick, for HQ") : joined ? tr("The file that HQ gave back") : tr("HQ's invitation");
            const Rect inside = sheet(ui, area, {saving ? Icon::upload : Icon::download, title, below, "Esc"}, closed);
            chooser_.draw(ui, inside);
            if (closed) choosing_ = false;
            return;
        }
        Rect inside =
            sheet(ui, area, {Icon::exchange, tr("Exchange with HQ"), desk_.status.hq_name.value_or(tr("This shop stands alone")), "Esc"}, closed);
        if (closed) desk_.back();
        Rect left = inside.cut_left(std::clamp(inside.w * 0.36F, 336.0F, 520.0F), space::xl);
        const bool joined = desk_.status.hq_name.has_value();
        if (joined) draw_figures(ui, left.cut_top(150, space::m));
        draw_actions(ui, left.cut_top(joined ? 166 : 58, space::m));
        draw_outcome(ui, left);
        draw_history(ui, inside);
    }

private:
    void read_address() {
        desk_.guarded([&] {
            if (const auto enrolment = desk_.node.enrolment()) address_ = enrolment->url;
        });
    }

    void read_history() {
        read_at_ = desk_.node.clock().now();
        history_.ask([](node::Node& branch) { return sync::exchanges(branch); });
    }

    /// The agent and the command line exchange as well.
    bool follow_history() {
        constexpr std::int64_t look_every_ms = 4'000;
        const std::int64_t age = desk_.node.clock().now().ms - read_at_.ms;
        if (!history_.waiting() && (age >= look_every_ms || age < 0)) read_history();
        bool changed = false;
        desk_.guarded([&] { changed = history_.poll(); });
        if (!changed || history_.result() == shown_) return false;
        shown_ = history_.result();
        if (list_.selected <= 0) list_.select(shown_.empty() ? -1 : 0);  // whoever reads an older one goes on reading
        return true;
    }

    bool follow_work() {
        if (told_ == job_.told) return false;
        told_ = job_.told;
        read_address();
        read_history();
        return true;
    }

    void choose(FileChooser::Mode mode) {
        if (job_.work.running() || !desk_.status.hq_name) return;
        // Opening shows every file: people rename what they carry.
        FileChooser::Request request{mode, mode == FileChooser::Mode::save ? bundle_extension : "", "", {}, desk_.file_times()};
        if (mode == FileChooser::Mode::save) request.file_name = export_file_name(node::print(desk_.node.info().node));
        chooser_.begin(request);
        choosing_ = true;
    }

    void choose_invitation() {
        if (job_.work.running()) return;
        chooser_.begin({FileChooser::Mode::open, "", "", {}, desk_.file_times()});
        choosing_ = true;
    }

    /// Whose shop it is from then on is not the cashier's to say.
    void join(const std::filesystem::path& file) {
        desk_.act([this] { return desk_.till.demand(node::Permission::change_policy); },
                  [this, file] {
                      begin_exchange(desk_, tr("Joining the chain…"),
                                     [folder = desk_.node.folder(), file](Progress& progress) { return join_by_file(folder, file, progress); });
                  });
    }

    void start(const std::filesystem::path& file, bool exporting) {
        const char* const doing = exporting ? tr("Writing the file…") : tr("Taking HQ's reply over…");
        begin_exchange(desk_, doing, [folder = desk_.node.folder(), file, exporting](Progress& progress) {
            return exporting ? export_to_file(folder, file, progress) : import_reply(folder, file, progress);
        });
    }

    void synchronise() {
        if (address_.empty()) return;
        begin_exchange(desk_, tr("Exchanging with HQ…"), [folder = desk_.node.folder()](Progress& progress) { return exchange_by_network(folder, progress); });
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
            const Rect text = cell.inset(space::m, space::s);
            const Type type = ui.canvas.width(value, Type::title) <= text.w ? Type::title : Type::strong;
            labelled(ui, text, label, value, type, ink);
        };
        const bool waits = status.unsent > 0;
        figure(0, 0, tr("Not at HQ yet"), desk_.words.count(status.unsent), waits ? t.warn : t.go);
        figure(1, 0, tr("The oldest waits"), waits ? age(status.unsent_since) : "–", t.ink);
        figure(0, 1, tr("HQ last confirmed"), status.receipt_at ? desk_.words.date_time(*status.receipt_at) : std::string(tr("never")), t.ink);
        figure(1, 1, tr("Prices and customers of"), status.state_at ? desk_.words.date_time(*status.state_at) : std::string(tr("none yet")), t.ink);
    }

    void draw_actions(Ui& ui, Rect rect) {
        if (!desk_.status.hq_name) {
            const Button look{.label = tr("Join a chain…"), .key = "I", .icon = Icon::download, .tone = Tone::accent, .look = ButtonLook::solid,
                              .enabled = !job_.work.running()};
            if (button(ui, rect.cut_top(58), look)) choose_invitation();
            return;
        }
        const bool joined = desk_.status.hq_name.has_value() && !job_.work.running();
        const bool by_network = !address_.empty(), by_file = desk_.status.hq_name && !by_network;
        if (button(ui, rect.cut_top(58, space::s),
                   {.label = tr("Synchronise now"),
                    .key = "Enter",
                    .icon = Icon::refresh,
                    .tone = Tone::accent,
                    .look = by_network ? ButtonLook::solid : ButtonLook::outline,
                    .enabled = joined && by_network}))
            synchronise();
        if (button(ui, rect.cut_top(46, space::s),
                   {.label = tr("Export to file…"),
                    .key = "E",
                    .icon = Icon::upload,
                    .tone = by_file ? Tone::accent : Tone::neutral,
                    .look = by_file ? ButtonLook::solid : ButtonLook::outline,
                    .enabled = joined}))
            choose(FileChooser::Mode::save);
        if (button(ui, rect.cut_top(46), {.label = tr("Import reply…"), .key = "I", .icon = Icon::download, .enabled = joined}))
            choose(FileChooser::Mode::open);
    }

    void draw_outcome(Ui& ui, Rect rect) {
        if (job_.work.running()) {
            ui.canvas.text(rect.cut_top(24), job_.doing, Type::strong, ui.theme.ink);
            ui.canvas.text(rect.cut_top(24, space::xs), tr("You can go on selling."), Type::body, ui.theme.ink_soft);
            progress_bar(ui, rect.cut_top(8, space::m), job_.work.progress()->share());
            const bool stopping = job_.work.progress()->cancelled();
            if (button(ui, rect.cut_top(46).cut_left(200),
                       {.label = stopping ? tr("Stopping…") : tr("Stop"), .key = "Esc", .icon = Icon::ban, .enabled = !stopping}))
                job_.work.progress()->cancel();
            return;
        }
        if (!job_.fault.empty()) {
            notice(ui, rect.cut_top(std::min(rect.h, 116.0F)), Tone::danger, Icon::warning, job_.fault);
            return;
        }
        if (!job_.done || job_.done->stopped) {
            draw_advice(ui, rect);
            return;
        }
        if (job_.done->differs) {
            notice(ui, rect.cut_top(std::min(rect.h, 116.0F)), Tone::danger, Icon::warning, fault_text(job_.done->told, ""));
            return;
        }
        notice(ui, rect.cut_top(std::min(rect.h, 92.0F), space::s), Tone::go, Icon::check_circle, done_text(*job_.done));
        if (!job_.done->told.empty()) notice(ui, rect.cut_top(std::min(rect.h, 92.0F)), Tone::warn, Icon::info_circle, fault_text(job_.done->told, ""));
    }

    std::string held_text(std::int64_t receipt) const {
        if (receipt == 0) return tr("HQ holds none of our facts yet.");
        return fill_in(tr("HQ holds our facts up to {}."), {desk_.words.count(receipt)});
    }

    std::string done_text(const ExchangeDone& done) const {
        std::string text;
        if (done.kind == ExchangeKind::joined)
            return fill_in(tr("Carry this file to headquarters: {}"), {done.file.string()});
        if (done.kind == ExchangeKind::exported)
            text = fill_in(tr_n("{} holds {} fact. Nothing is forgotten until HQ confirms it.",
                                "{} holds {} facts. Nothing is forgotten until HQ confirms it.", done.facts),
                           {done.file.filename().string(), desk_.words.count(done.facts)});
        else if (done.kind == ExchangeKind::network && done.again)
            text = tr("The file lies in the shared folder; HQ's reply is not there yet.");
        else if (done.kind == ExchangeKind::network && done.facts == 0 && done.rows == 0)
            text = fill_in("{} {}", {tr("Neither side had anything new."), held_text(done.receipt)});
        else
            text = fill_in("{} {}", {held_text(done.receipt), fill_in(tr_n("Taken over: {} change.", "Taken over: {} changes.", done.rows),
                                                                     {desk_.words.count(done.rows)})});
        const bool carried_back = done.kind == ExchangeKind::imported && done.again;
        if (carried_back) return fill_in("{} {}", {text, tr("HQ has to hear of it: export once more.")});
        if (done.left > 0 && !done.again) return fill_in("{} {}", {text, tr("There is more: exchange once again.")});
        return text;
    }

    void draw_advice(Ui& ui, Rect rect) {
        if (!desk_.status.hq_name) {
            empty_state(ui, rect, Icon::building, tr("This shop stands alone"), tr("To join a chain, take the invitation that HQ hands out."));
            return;
        }
        if (!desk_.status.receipt_at && !desk_.status.state_at) {
            empty_state(ui, rect, Icon::usb, tr("HQ has not answered yet"), tr("First carry the file with the answer there (.answer)."));
            return;
        }
        if (address_.empty()) {
            empty_state(ui, rect, Icon::usb, tr("Carry it by hand"), tr("No network is needed: a stick does. You can drop HQ's file into this window."));
            return;
        }
        Rect where = rect.cut_top(44, space::s);
        labelled(ui, where, tr("HQ's address"), address_, Type::body, ui.theme.ink);
        ui.canvas.paragraph(rect, tr("Without network a stick does: both roads carry the same, in any order. You can drop HQ's file into this window."),
                            Type::body, ui.theme.ink_soft);
    }

    void draw_history(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        ui.canvas.text(rect.cut_top(24, space::s), tr("The last exchanges"), Type::caption_strong, t.ink_soft);
        if (shown_.empty()) {
            if (history_.answered()) empty_state(ui, rect, Icon::history, tr("Nothing was exchanged yet"), tr("Each exchange is listed here, by either road."));
            return;
        }
        const bool any = list_.selected >= 0 && list_.selected < static_cast<int>(shown_.size());
        const std::string said = any && !told_beside(list_.selected) ? exchange_text(shown_[static_cast<std::size_t>(list_.selected)]) : std::string();
        const bool long_one = ui.canvas.width(said, Type::body) > 1.8F * (rect.w - 60);
        const Rect detail = said.empty() ? Rect{} : rect.cut_bottom(long_one ? 84 : 56, space::s);
        const Column columns[] = {{tr("When"), 154, 0}, {tr("How"), 0, 1}, {tr("Sent"), 62, 0, Align::right}, {tr("Taken"), 66, 0, Align::right},
                                  {tr("Result"), 104, 0, Align::right}};
        table(ui, rect, list_, columns, static_cast<int>(shown_.size()), {.row_height = 52}, [&](int i, auto cells) {
            const sync::Exchange& each = shown_[static_cast<std::size_t>(i)];
            Rect when = cells[0].inset(0, 5);
            ui.canvas.text(when.cut_top(when.h / 2 + 1), desk_.words.date_time(each.since), Type::strong, t.ink);
            if (each.times > 1)
                ui.canvas.text(when, fill_in(tr("{} times, last {}"), {desk_.words.count(each.times), last_time(each)}), Type::caption, t.ink_faint);
            Rect road = cells[1].inset(0, 5);
            ui.canvas.text(road.cut_top(road.h / 2 + 1), road_text(each), Type::body, t.ink);
            ui.canvas.text(road, each.place, Type::caption, t.ink_faint);
            const auto number = [&](const Rect& cell, std::int64_t count, bool can) {
                ui.canvas.number(cell, can ? desk_.words.count(count) : "–", Type::body, count > 0 ? t.ink : t.ink_faint);
            };
            number(cells[2], each.sent, each.way != sync::Way::in);
            number(cells[3], each.taken, each.way != sync::Way::out);
            const Tone tone = ending_tone(each.ending);
            ui.canvas.text(cells[4], ending_text(each.ending), Type::caption_strong, tone == Tone::neutral ? t.ink_soft : tone_color(t, tone), Align::right);
        });
        if (said.empty()) return;
        const sync::Ending ending = shown_[static_cast<std::size_t>(list_.selected)].ending;
        notice(ui, detail, ending_tone(ending), ending == sync::Ending::well ? Icon::check_circle : Icon::warning, said);
    }

    /// What was exchanged here just now is told at the left, and needs no second telling.
    bool told_beside(int row) const {
        const sync::Exchange& each = shown_[static_cast<std::size_t>(row)];
        const bool well = job_.done && !job_.done->stopped && !job_.done->differs && each.ending == sync::Ending::well;
        return row == 0 && (well || (!job_.fault.empty() && job_.fault == exchange_text(each)));
    }

    /// The day alone where it was another one.
    std::string last_time(const sync::Exchange& exchange) const {
        const bool same_day = desk_.words.date(exchange.since) == desk_.words.date(exchange.at);
        return same_day ? desk_.words.time(exchange.at) : desk_.words.date(exchange.at);
    }

    Desk& desk_;
    std::string address_;  ///< empty = by file only
    FileChooser chooser_;
    bool choosing_ = false;
    ExchangeJob& job_;
    int told_;
    ListState list_;
    std::vector<sync::Exchange> shown_;
    node::Instant read_at_{0};
    Reading<std::vector<sync::Exchange>> history_;
};

}  // namespace

std::unique_ptr<Panel> make_sync_panel(Desk& desk) { return std::make_unique<SyncPanel>(desk); }

}  // namespace paprsek::ui
