// The printer: how it is, what waits for it and why, what a person has to say about it, its day, and which one it is.
#include <algorithm>

#include "ui/till/printer_evidence.h"
#include "ui/till/printer_setup.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

using fiscal::PendingPrint;
using fiscal::PrinterState;
using fiscal::Wish;
using Resolution = fiscal::PrintQueue::Resolution;

constexpr std::size_t most_shown = 200;
constexpr double read_again_s = 1.5;

struct Resolving {
    std::int64_t seq = 0;
    Resolution resolution = Resolution::printed;
};

class PrinterPanel final : public Panel {
public:
    explicit PrinterPanel(Desk& desk) : desk_(desk), setup_(desk), pending_(desk.background) {
        ask();
        if (desk_.printer != nullptr) desk_.printer->wish(Wish::look);
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return pending_.answered() && !pending_.waiting(); }

    bool key(const KeyPress& press) override {
        if (in_setup_) {
            if (press.is(GLFW_KEY_ESCAPE)) in_setup_ = false;
            else setup_.key(press);
            return true;
        }
        if (resolving_) return resolving_key(press);
        if (list_.handle(press, static_cast<int>(rows().size()))) return true;
        if (press.is(GLFW_KEY_ESCAPE)) {
            if (!sure_about_z_ && !desk_.printer_answers->report) return false;
            put_away();
            return true;
        }
        return letter(press) || press.character != 0;  // nothing typed here reaches the receipt
    }

    bool scan(const std::string& text) override {
        if (!in_setup_ && !resolving_) return false;
        desk_.toasts.show(Tone::neutral, Icon::barcode, fill_in(tr("Not taken while you write here: {}"), {text}));
        return true;
    }

    bool tick() override {
        bool changed = false;
        try {
            changed = pending_.poll();
        } catch (const std::exception& error) {
            desk_.toasts.show(Tone::danger, Icon::warning, error.what());
        }
        if (told_ != desk_.printer_answers->told) {
            told_ = desk_.printer_answers->told;
            ask();
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (ui.now - asked_at_ > read_again_s && !pending_.waiting()) {
            asked_at_ = ui.now;
            ask();
        }
        ui.redraw_at(ui.now + read_again_s);
        const PrinterState state = desk_.printer != nullptr ? desk_.printer->state() : PrinterState{};
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::print, in_setup_ ? tr("Set up the printer") : tr("Printer"), subtitle(state), "Esc"}, closed);
        if (in_setup_) {
            if (closed || setup_.draw(ui, inside)) in_setup_ = false;
            return;
        }
        if (closed) desk_.back();
        draw_state(ui, inside.cut_left(std::min(420.0F, inside.w * 0.36F), space::xl), state);
        draw_answer(ui, inside);
        draw_pending(ui, inside, state);
    }

private:
    // ---------------------------------------------------------------------------------------- acts

    const std::vector<PendingPrint>& rows() const {
        static const std::vector<PendingPrint> none;
        return pending_.answered() ? pending_.result() : none;
    }
    const PendingPrint* selected() const {
        const auto& all = rows();
        return list_.selected >= 0 && list_.selected < static_cast<int>(all.size()) ? &all[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    void ask() {
        pending_.ask([](node::Node& branch) { return fiscal::pending_list(branch, most_shown); });
    }

    void put_away() {
        sure_about_z_ = false;
        desk_.printer_answers->report.reset();
    }

    /// Does it where the cashier may, or a second person lends it.
    void with(node::Permission permission, std::function<void()> act) {
        desk_.act([this, permission] { return desk_.till.demand(permission); }, std::move(act));
    }

    void wish(Wish wish) {
        if (desk_.printer != nullptr) desk_.printer->wish(wish);
    }

    void report_z() {
        if (!sure_about_z_) {
            put_away();
            sure_about_z_ = true;
            return;
        }
        sure_about_z_ = false;
        with(node::Permission::close_day, [this] { wish(Wish::report_z); });
    }

    void collect() {
        if (desk_.printer == nullptr) return;
        with(node::Permission::close_day, [this] { desk_.printer->collect(desk_.view().cashier); });
    }

    void set_up() {
        put_away();
        setup_.begin();
        in_setup_ = true;
    }

    void begin_resolving(Resolution resolution) {
        const PendingPrint* pending = selected();
        if (pending == nullptr || !pending->person) return;
        resolving_ = {pending->seq, resolution};
        reason_.clear();
    }

    void finish_resolving() {
        if (resolving_->resolution != Resolution::again && reason_.empty()) {
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("Write a few words: how do you know?"));
            return;
        }
        const Resolving resolving = *std::exchange(resolving_, std::nullopt);
        if (desk_.printer == nullptr) return;
        with(node::Permission::close_day, [this, resolving, reason = reason_.text()] {
            desk_.printer->resolve(resolving.seq, resolving.resolution, desk_.view().cashier, reason);
        });
    }

    bool letter(const KeyPress& press) {
        if (press.control || press.alt) return false;
        const PrinterState state = desk_.printer != nullptr ? desk_.printer->state() : PrinterState{};
        const bool device = state.line != PrinterState::Line::none;
        const bool fiscal = device && state.profile != nullptr && state.profile->fiscal;
        if (press.digit() == '1') begin_resolving(Resolution::printed);
        else if (press.digit() == '2') begin_resolving(Resolution::again);
        else if (press.digit() == '3') begin_resolving(Resolution::given_up);
        else if (press.key == GLFW_KEY_S) set_up();
        else if (press.key == GLFW_KEY_L && device) wish(Wish::look);
        else if (press.key == GLFW_KEY_T && device) wish(Wish::test_page);
        else if (press.key == GLFW_KEY_D && device) wish(Wish::drawer);
        else if (press.key == GLFW_KEY_K && state.slips > 0) wish(Wish::drop_slips);
        else if (press.key == GLFW_KEY_C && fiscal) wish(Wish::clock);
        else if (press.key == GLFW_KEY_X && fiscal) wish(Wish::report_x);
        else if (press.key == GLFW_KEY_Z && fiscal) report_z();
        else if (press.key == GLFW_KEY_E && fiscal && state.setting.mode == fiscal::Mode::ecr) collect();
        else return false;
        return true;
    }

    bool resolving_key(const KeyPress& press) {
        if (press.is(GLFW_KEY_ESCAPE)) resolving_.reset();
        else if (press.enter()) finish_resolving();
        else reason_.handle(press);
        return true;
    }

    // ---------------------------------------------------------------------------------------- how it is

    static std::string subtitle(const PrinterState& state) {
        if (state.line == PrinterState::Line::none || state.profile == nullptr) return tr("Receipts on the screen");
        return tr(std::string(state.profile->shown).c_str());
    }

    void draw_state(Ui& ui, Rect area, const PrinterState& state) {
        const Theme& t = ui.theme;
        const Tone tone = printer_tone(state);
        Rect head = area.cut_top(112, space::m);
        ui.canvas.fill(head, tone == Tone::neutral ? t.sunken : tone_soft(t, tone), radius::card);
        Rect text = head.inset(space::l, space::m);
        const Rect mark = text.cut_left(44, space::m);
        const Color ink = tone == Tone::neutral ? t.ink_soft : tone_color(t, tone);
        ui.canvas.icon({mark.x, mark.y, mark.w, 44}, state.ready() ? Icon::check_circle : Icon::print, IconSize::large, ink);
        ui.canvas.text(text.cut_top(28), printer_title(state), Type::title, ink);
        ui.canvas.paragraph(text, printer_sentence(state), Type::caption, t.ink);
        draw_buttons(ui, area.cut_bottom(buttons_height(state), space::m), state);
        draw_facts(ui, area, state);
    }

    void draw_facts(Ui& ui, Rect area, const PrinterState& state) {
        if (state.line == PrinterState::Line::none) return;
        const auto fact = [&](const char* label, const std::string& value, Color ink) {
            if (value.empty() || area.h < 26) return;
            Rect line = area.cut_top(27);
            ui.canvas.text(line.cut_left(128, space::s), label, Type::caption, ui.theme.ink_soft);
            ui.canvas.text(line, value, Type::caption_strong, ink);
        };
        const Color ink = ui.theme.ink;
        fact(tr("Model"), tr(state.identity.model.c_str()), ink);
        fact(tr("Serial number"), state.identity.serial, ink);
        fact(tr("Firmware"), state.identity.firmware, ink);
        fact(tr("Connected at"), state.setting.address, ink);
        if (state.profile != nullptr && state.profile->fiscal) fact(tr("It prints"), mode_words(state.setting.mode), ink);
        if (state.line == PrinterState::Line::away) draw_its_words(ui, area, line_reason(state.why, state.setting.address));
        if (state.setting.print_first) fact(tr("Selling"), tr("only where it can print at once"), ink);
        std::string letters;
        for (std::size_t i = 0; i < state.rates.size(); ++i)
            if (state.rates[i])
                letters += (letters.empty() ? "" : "   ") + std::string(1, static_cast<char>('A' + i)) + " " + desk_.words.percent(*state.rates[i]);
        fact(tr("VAT letters"), letters, state.forbidden ? ui.theme.danger : ink);
        if (state.clock_off_s) {
            const std::int64_t off = std::abs(*state.clock_off_s), minutes = off / 60;
            const bool right = off <= state.setting.clock_tolerance_s;
            const std::string by = desk_.words.count(minutes);
            fact(tr("Its clock"), right ? std::string(tr("right")) : fill_in(*state.clock_off_s > 0 ? tr("{} min ahead") : tr("{} min behind"), {by}),
                 right ? ui.theme.go : ui.theme.danger);
        }
    }

    static void draw_its_words(Ui& ui, Rect& area, const std::string& words) {
        if (area.h < 70) return;
        Rect line = area.cut_top(66);
        ui.canvas.text(line.cut_left(128, space::s).cut_top(27), tr("What is wrong"), Type::caption, ui.theme.ink_soft);
        line.cut_top(5);
        ui.canvas.paragraph(line, words, Type::caption_strong, ui.theme.ink);
    }

    static float buttons_height(const PrinterState& state) {
        const bool fiscal = state.profile != nullptr && state.profile->fiscal;
        return fiscal ? 4 * 48 + 3 * space::s : state.line == PrinterState::Line::none ? 48 : 2 * 48 + space::s;
    }

    void draw_buttons(Ui& ui, Rect area, const PrinterState& state) {
        const bool there = state.line == PrinterState::Line::connected;
        const bool fiscal = state.profile != nullptr && state.profile->fiscal;
        std::vector<Button> buttons;
        const auto add = [&](const char* label, const char* key, Icon icon, bool enabled) {
            buttons.push_back({.label = label, .key = key, .icon = icon, .enabled = enabled, .align = Align::left});
        };
        if (state.line != PrinterState::Line::none) {
            add(tr("Test page"), "T", Icon::file, there);
            add(tr("Open drawer"), "D", Icon::inbox, there);
            add(tr("Check again"), "L", Icon::refresh, true);
        }
        if (fiscal) {
            add(tr("Set its clock"), "C", Icon::clock, there);
            add(tr("X report"), "X", Icon::list, there);
            add(sure_about_z_ ? tr("Really: Z") : tr("Z report"), "Z", Icon::history, there);
            if (sure_about_z_) {
                buttons.back().tone = Tone::danger;
                buttons.back().look = ButtonLook::solid;
            }
            if (state.setting.mode == fiscal::Mode::ecr) add(tr("Collect sales"), "E", Icon::download, there);
        }
        add(tr("Set up…"), "S", Icon::cog, true);
        const int count = static_cast<int>(buttons.size()), columns = count == 1 ? 1 : 2, all = (count + columns - 1) / columns;
        std::vector<Rect> places;
        for (int i = 0; i < count; ++i) places.push_back(area.cell(i % columns, columns, i / columns, all, space::s));
        if (const int clicked = button_row(ui, places, buttons); clicked >= 0) letter(pressed(buttons[static_cast<std::size_t>(clicked)].key[0]));
    }

    // ---------------------------------------------------------------------------------------- its day

    void draw_answer(Ui& ui, Rect& area) {
        if (sure_about_z_) {
            notice(ui, area.cut_bottom(70, space::m), Tone::warn, Icon::warning,
                   tr("Z closes the printer's day for good. The till's own closing does it by itself. Press Z again, or Esc."));
            return;
        }
        const PrinterAnswers& answers = *desk_.printer_answers;
        if (!answers.report) return;
        const Theme& t = ui.theme;
        Rect box = area.cut_bottom(150, space::m);
        ui.canvas.fill(box, t.sunken, radius::card);
        Rect inside = box.inset(space::l, space::m);
        Rect head = inside.cut_top(28, space::xs);
        const std::string title = answers.z ? fill_in(tr("Z report {}"), {desk_.words.count(answers.report->report.closures)}) : std::string(tr("X report"));
        if (button(ui, head.cut_right(34), {.icon = Icon::times, .look = ButtonLook::quiet})) {
            put_away();
            return;
        }
        ui.canvas.text(head, title, Type::strong, t.ink);
        const node::Money difference = answers.report->difference();
        const auto figure = [&](int column, const char* label, node::Money sum, Color ink) {
            labelled(ui, inside.cell(column, 3, 0, 1, space::m), label, desk_.words.money(sum), Type::title, ink);
        };
        figure(0, tr("By the printer's memory"), answers.report->report.total(), t.ink);
        figure(1, tr("Printed by this till"), answers.report->expected, t.ink);
        figure(2, tr("Difference"), difference, difference.is_zero() ? t.go : t.danger);
    }

    // ---------------------------------------------------------------------------------------- what waits

    void draw_pending(Ui& ui, Rect area, const PrinterState& state) {
        const Theme& t = ui.theme;
        const auto& all = rows();
        const std::string count = desk_.words.count(static_cast<std::int64_t>(all.size()));
        const bool none = state.line == PrinterState::Line::none;
        const std::string heading = all.empty() ? std::string(none ? "" : tr("Waiting to be printed")) : fill_in(tr("Waiting to be printed: {}"), {count});
        ui.canvas.text(area.cut_top(28, space::xs), heading, Type::strong, t.ink);
        if (state.slips > 0) {
            Rect row = area.cut_top(46, space::s);
            if (button(ui, row.cut_right(190, space::s), {.label = tr("Forget them"), .key = "K", .icon = Icon::trash})) wish(Wish::drop_slips);
            const auto slips = static_cast<std::int64_t>(state.slips);
            notice(ui, row, Tone::warn, Icon::print,
                   fill_in(tr_n("{} slip waits for the printer.", "{} slips wait for the printer.", slips), {desk_.words.count(slips)}));
        }
        if (all.empty()) {
            const char* all_done = state.slips > 0 ? tr("All receipts are printed") : tr("Everything is printed");
            empty_state(ui, area, none ? Icon::print : Icon::check_circle, none ? tr("There is no printer") : all_done,
                        none ? tr("F6 shows the last receipt.") : tr("What cannot be printed at once is kept here and printed later, exactly once."));
            return;
        }
        if (list_.selected < 0) list_.selected = 0;
        list_.selected = std::min(list_.selected, static_cast<int>(all.size()) - 1);
        if (const PendingPrint* chosen = selected())
            draw_chosen(ui, area.cut_bottom(chosen->person ? std::max(250.0F, area.h * 0.58F) : 84, space::m), *chosen);
        const Column columns[] = {{tr("What"), 0, 1}, {tr("Since"), 118, 0}, {tr("Total"), 84, 0, Align::right}, {tr("State"), 120, 0, Align::right}};
        table(ui, area, list_, columns, static_cast<int>(all.size()), {.focused = !resolving_}, [&](int i, auto cells) {
            const PendingPrint& row = all[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], pending_title(row), Type::strong, t.ink);
            ui.canvas.text(cells[1], row.at ? desk_.words.date_time(*row.at) : std::string(), Type::caption, t.ink_soft);
            if (row.total) ui.canvas.number(cells[2], desk_.words.bare_money(*row.total), Type::strong, t.ink);
            ui.canvas.text(cells[3], row.person ? tr("needs your word") : row.job.sent >= 0 ? tr("begun") : tr("waits"), Type::caption_strong,
                           row.person ? t.danger : t.ink_soft, Align::right);
        });
    }

    void draw_chosen(Ui& ui, Rect area, const PendingPrint& chosen) {
        const Theme& t = ui.theme;
        ui.canvas.fill(area, chosen.person ? t.danger_soft : t.sunken, radius::card);
        Rect inside = area.inset(space::l, space::m);
        if (!chosen.person) {
            const char* sentence = tr("It is printed by itself as soon as the printer can. Nothing is lost, and nothing is printed twice.");
            ui.canvas.paragraph(inside, sentence, Type::body, t.ink_soft);
            return;
        }
        ui.canvas.text(inside.cut_top(26), fill_in(tr("{}: is it on paper?"), {pending_title(chosen)}), Type::strong, t.ink);
        inside.cut_top(ui.canvas.paragraph(inside, driver_sentence(chosen.job.why), Type::caption, t.ink_soft), space::s);
        const Rect foot = inside.cut_bottom(48, space::m);
        if (resolving_) draw_reason(ui, foot);
        else draw_words(ui, foot);
        if (!chosen.job.journal.empty()) draw_journal(ui, inside.cut_right(inside.w * 0.42F, space::l), chosen.job.journal);
        draw_evidence(ui, inside, chosen.job);
    }

    void draw_words(Ui& ui, Rect foot) {
        const int clicked = button_row(ui, foot,
                                       {{.label = tr("It is on paper"), .key = "1", .icon = Icon::check, .tone = Tone::go},
                                        {.label = tr("Print it again"), .key = "2", .icon = Icon::print, .tone = Tone::accent},
                                        {.label = tr("Never print it"), .key = "3", .icon = Icon::ban, .tone = Tone::danger}});
        static constexpr Resolution words[] = {Resolution::printed, Resolution::again, Resolution::given_up};
        if (clicked >= 0) begin_resolving(words[clicked]);
    }

    void draw_reason(Ui& ui, Rect foot) {
        const Rect ok = foot.cut_right(220, space::s);
        const bool again = resolving_->resolution == Resolution::again;
        const char* label = again ? tr("Print it again") : resolving_->resolution == Resolution::printed ? tr("It is on paper") : tr("Never print it");
        const char* hint = again ? tr("Enter prints it once more") : tr("How do you know? (Esc goes back)");
        text_field(ui, foot, reason_, {.placeholder = hint, .icon = Icon::pencil, .focused = true});
        if (button(ui, ok, {.label = label, .key = "Enter", .tone = again ? Tone::accent : Tone::go, .look = ButtonLook::solid})) finish_resolving();
    }

    void draw_evidence(Ui& ui, Rect area, const fiscal::Job& job) {
        const Theme& t = ui.theme;
        const auto rows = evidence_rows(job, desk_.words);
        if (rows.empty()) {
            ui.canvas.paragraph(area, tr("This printer remembers nothing: look at the paper that came out of it."), Type::body, t.ink);
            return;
        }
        const auto line = [&](const std::string& what, const std::string& before, const std::string& after, Color ink, Type type) {
            if (area.h < 22) return;
            Rect row = area.cut_top(23);
            const Rect right = row.cut_right(std::min(130.0F, row.w * 0.28F), space::s);
            const Rect middle = row.cut_right(std::min(130.0F, row.w * 0.36F), space::s);
            ui.canvas.text(row, what, Type::caption, t.ink_soft);
            ui.canvas.text(middle, before, type, t.ink_soft, Align::right);
            ui.canvas.text(right, after, type, ink, Align::right);
        };
        line("", tr("before it"), tr("found then"), t.ink_soft, Type::caption);
        for (const EvidenceRow& row : rows) line(row.what, row.before, row.after, row.changed ? t.danger : t.ink, Type::caption_strong);
    }

    /// The newest lines of the printer's own record.
    void draw_journal(Ui& ui, Rect area, const std::string& journal) {
        const Theme& t = ui.theme;
        ui.canvas.text(area.cut_top(22), tr("The printer's last document"), Type::caption_strong, t.ink_soft);
        ui.canvas.fill(area, t.surface, radius::small);
        Rect inside = area.inset(space::s, space::xs);
        std::vector<std::string_view> lines;
        for (std::string_view rest = journal; !rest.empty();) {
            const auto end = std::min(rest.find('\n'), rest.size());
            lines.push_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        const auto room = static_cast<std::size_t>(std::max(1.0F, inside.h / 18));
        for (std::size_t i = lines.size() > room ? lines.size() - room : 0; i < lines.size(); ++i)
            ui.canvas.text(inside.cut_top(18), lines[i], Type::caption, t.ink);
    }

    Desk& desk_;
    PrinterSetup setup_;
    Reading<std::vector<PendingPrint>> pending_;
    double asked_at_ = 0;
    int told_ = 0;
    ListState list_;
    bool in_setup_ = false, sure_about_z_ = false;
    std::optional<Resolving> resolving_;
    TextField reason_{TextField::Accepts::anything, 120};
};

}  // namespace

std::unique_ptr<Panel> make_printer_panel(Desk& desk) { return std::make_unique<PrinterPanel>(desk); }

}  // namespace paprsek::ui
