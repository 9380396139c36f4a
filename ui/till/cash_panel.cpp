// Cash and closing (T11, T12): cash in and out, the drawer, shifts with a count by note and coin, X at any time, the day's Z, past Zs.
#include <algorithm>
#include <map>

#include "fiscal/from_fact.h"
#include "node/cashbook.h"
#include "node/parked.h"
#include "node/reports.h"
#include "ui/kit/form.h"
#include "ui/till/file_job.h"
#include "ui/till/paper.h"
#include "ui/till/print_work.h"
#include "ui/till/save_file.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

enum class Work { cash_in, cash_out, drawer, open_shift, close_shift, x, z, past };

struct CashEntry {
    Work work;
    const char* label;
    Icon icon;
    char key;
};
constexpr CashEntry cash_entries[] = {
    {Work::cash_in, mark("Cash in"), Icon::plus_circle, '1'},       {Work::cash_out, mark("Cash out"), Icon::minus, '2'},
    {Work::drawer, mark("Open the drawer"), Icon::inbox, '3'},      {Work::open_shift, mark("Open a shift"), Icon::clock, '4'},
    {Work::close_shift, mark("Close the shift"), Icon::check, '5'}, {Work::x, mark("X: how it stands"), Icon::file, '6'},
    {Work::z, mark("Close the day (Z)"), Icon::moon, '7'},          {Work::past, mark("Past closings"), Icon::history, '8'},
};

class CashPanel final : public Panel {
public:
    explicit CashPanel(Desk& desk)
        : desk_(desk), files_(desk), slip_(desk.background), closings_(desk.background), notes_(node::denominations(desk.node.info().currency)) {
        look();
        show_slip("x");
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !slip_.waiting() && !closings_.waiting() && files_.settled(); }
    /// A drawer counted by the piece is ten minutes' work.
    bool unsaved() const override {
        return form_.changed() || std::any_of(typed_.begin(), typed_.end(), [](const auto& each) { return each.second.changed(); });
    }
    void returned() override { look(); }

    bool key(const KeyPress& press) override {
        if (files_.key(press)) return true;
        if (inside_) return key_inside(press);
        if (press.enter()) {
            enter();
            return true;
        }
        if (press.is(GLFW_KEY_UP) || press.is(GLFW_KEY_DOWN) || press.is(GLFW_KEY_TAB)) {
            const int count = static_cast<int>(std::size(cash_entries));
            choose((chosen_ + (press.key == GLFW_KEY_UP ? count - 1 : 1)) % count);
            return true;
        }
        if (const auto digit = press.digit(); digit && !press.control) {
            for (int i = 0; i < static_cast<int>(std::size(cash_entries)); ++i) {
                if (cash_entries[i].key != *digit) continue;
                choose(i);
                enter();
            }
            return true;
        }
        if (slip_key(press)) return true;
        return press.character != 0;
    }

    bool tick() override {
        bool changed = files_.tick();
        desk_.guarded([&] {
            if (slip_.poll()) {
                changed = true;
                paper_.show(slip_.result());
            }
            if (closings_.poll()) {
                changed = true;
                list_.select(closings_.result().empty() ? -1 : 0);
                show_chosen_closing();
            }
        });
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::money, tr("Cash and closing"), standing(), "Esc"}, closed);
        if (closed) {
            if (inside_)
                leave();
            else
                desk_.back();
        }
        Rect left = inside.cut_left(std::clamp(inside.w * 0.25F, 220.0F, 290.0F), space::l);
        for (int i = 0; i < static_cast<int>(std::size(cash_entries)); ++i) {
            const CashEntry& entry = cash_entries[i];
            const Button look{.label = tr(entry.label),
                              .key = std::string_view(&entry.key, 1),
                              .icon = entry.icon,
                              .enabled = can(entry.work),
                              .selected = i == chosen_,
                              .align = Align::left};
            if (button(ui, left.cut_top(48, space::s), look)) {
                choose(i);
                enter();
            }
        }
        const Work work = cash_entries[chosen_].work;
        if (booked_)
            draw_slip(ui, inside);
        else if (work == Work::cash_in || work == Work::cash_out)
            draw_movement(ui, inside);
        else if (!can(work))
            empty_state(ui, inside, cash_entries[chosen_].icon, tr(cash_entries[chosen_].label), why_not());
        else if (counts(work))
            draw_count(ui, inside);
        else if (work == Work::past)
            draw_past(ui, inside);
        else if (work == Work::drawer)
            empty_state(ui, inside, Icon::inbox, tr("Open the drawer"), tr("Enter opens it, as 3 does. Cash that goes in or out is booked by 1 and 2."));
        else
            draw_slip(ui, inside);
    }

private:
    static bool counts(Work work) { return work == Work::open_shift || work == Work::close_shift || work == Work::z; }

    bool can(Work work) const {
        if (work == Work::open_shift) return !shift_;
        if (work == Work::close_shift) return shift_.has_value();
        return true;
    }

    /// Why what is chosen cannot be done now.
    std::string why_not() const {
        if (!shift_) return tr("No shift is open: open one first, with a count of the drawer.");
        if (shift_->cashier.empty()) return fill_in(tr("Shift {} is open: close it first."), {std::to_string(shift_->number)});
        return fill_in(tr("Shift {} of {} is open: close it first."), {std::to_string(shift_->number), shift_->cashier});
    }

    std::string standing() const {
        const std::string drawer = fill_in(tr("Expected in the drawer: {}"), {desk_.words.money(expected_)});
        if (!shift_) return drawer;
        return drawer + " · " + fill_in(tr("shift {} of {}, since {}"), {std::to_string(shift_->number), shift_->cashier, desk_.words.date_time(shift_->at)});
    }

    void look() {
        desk_.guarded([&] {
            expected_ = node::drawer(desk_.node.database());
            shift_ = node::open_shift(desk_.node.database());
            aside_ = node::count_parked(desk_.node.database()) + (desk_.view().lines.empty() ? 0 : 1);
        });
    }

    void choose(int entry) {
        if (form_.changed()) typed_[cash_entries[chosen_].work] = std::move(form_);
        form_.clear();
        chosen_ = entry;
        inside_ = booked_ = false;
        const Work work = cash_entries[chosen_].work;
        if (auto typed = typed_.extract(work)) {
            form_ = std::move(typed.mapped());
            return;
        }
        if (work == Work::past)
            closings_.ask([](node::Node& branch) { return closings_of(branch); });
        else if (!counts(work) && work != Work::cash_in && work != Work::cash_out)
            show_slip("x");
        if (work == Work::cash_in || work == Work::cash_out) {
            amount_ = form_.add_text(tr("Amount"), {.accepts = TextField::Accepts::amount, .length_max = 14, .suffix = desk_.words.currency_sign()});
            const char* const example = work == Work::cash_in ? tr("e.g. change from the bank") : tr("e.g. taken to the bank");
            reason_ = form_.add_text(tr("What for?"), {.length_max = 120, .placeholder = example});
        }
        if (counts(work)) {
            for (const node::Money& note : notes_)
                form_.add_text(desk_.words.whole_money(note), {.accepts = TextField::Accepts::digits, .length_max = 6, .suffix = "×"});
            sum_ = form_.add_text(tr("Or just the total"), {.accepts = TextField::Accepts::amount, .length_max = 14, .suffix = desk_.words.currency_sign()});
        }
    }

    void enter() {
        const Work work = cash_entries[chosen_].work;
        if (!can(work)) return;
        if (booked_) choose(chosen_);  // once more of the same
        if (work == Work::drawer)
            open_drawer_now();
        else
            inside_ = counts(work) || work == Work::cash_in || work == Work::cash_out || work == Work::past;
        if (inside_ && form_.empty() && work != Work::past) choose_again();
    }
    void choose_again() {
        choose(chosen_);
        inside_ = true;
    }

    void leave() { inside_ = false; }

    bool key_inside(const KeyPress& press) {
        if (press.is(GLFW_KEY_ESCAPE)) {
            leave();
            return true;
        }
        const Work work = cash_entries[chosen_].work;
        if (work == Work::past) {
            if (list_.handle(press, closings_.answered() ? static_cast<int>(closings_.result().size()) : 0)) {
                show_chosen_closing();
                return true;
            }
            return slip_key(press) || press.character != 0;
        }
        if (press.enter() || press.is(GLFW_KEY_F12)) {
            confirm();
            return true;
        }
        if (counts(work) && press.is(GLFW_KEY_F5)) {
            as_the_books_say();
            return true;
        }
        return form_.key(press) || press.character != 0;
    }

    bool slip_key(const KeyPress& press) {
        if (press.is(GLFW_KEY_F3))
            save();
        else if (press.is(GLFW_KEY_F5))
            print();
        else
            return paper_.key(press);
        return true;
    }

    void open_drawer_now() { open_drawer(desk_); }

    // What was counted.

    std::optional<node::Till::CashCount> counted(bool tell) {
        node::Till::CashCount count;
        bool any = false;
        for (std::size_t i = 0; i < notes_.size(); ++i) {
            const std::string& text = form_.text(i);
            if (text.empty()) continue;
            count.pieces[notes_[i]] = std::stoll(text);
            any = true;
        }
        if (!form_.text(sum_).empty()) {
            const auto sum = Words::parse_typed<node::Money>(form_.text(sum_));
            if (!sum) {
                if (tell) desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
                return std::nullopt;
            }
            count.counted = *sum;
            any = true;
        }
        if (!any) {
            if (tell) desk_.toasts.show(Tone::danger, Icon::exclamation, tr("Count the drawer first, by pieces or as a sum. F5 takes what the books say."));
            return std::nullopt;
        }
        return count;
    }

    /// Nothing while nothing is typed.
    std::optional<node::Money> counted_sum() {
        node::Money sum;
        bool pieces = false;
        desk_.guarded([&] {
            for (std::size_t i = 0; i < notes_.size(); ++i) {
                if (form_.text(i).empty()) continue;
                pieces = true;
                sum += node::times(notes_[i], node::Quantity::of(std::stoll(form_.text(i)) * 1000));
            }
        });
        if (!pieces) return Words::parse_typed<node::Money>(form_.text(sum_));
        return sum;
    }

    void as_the_books_say() {
        for (std::size_t i = 0; i < notes_.size(); ++i) form_.set_text(i, "");
        form_.set_text(sum_, desk_.words.typed(expected_));
        form_.focus(sum_);
    }

    void confirm() {
        const Work work = cash_entries[chosen_].work;
        if (work == Work::cash_in || work == Work::cash_out) return move_cash(work == Work::cash_out);
        const auto count = counted(true);
        if (!count) return;
        if (work == Work::open_shift) {
            const auto opened = std::make_shared<node::Till::ShiftOpened>();
            desk_.act([this, count = *count, opened] { return desk_.till.open_shift(count, *opened); },
                      [this, opened] { done(opened->seq, tr("The shift is open.")); });
            return;
        }
        const bool day = work == Work::z;
        const auto closed = std::make_shared<node::Till::Closed>();
        std::string doing = day ? tr("Closing the day") : tr("Closing the shift");
        // Whoever has to approve it reads what it is about.
        if (const auto sum = counted_sum(); sum && *sum != expected_) doing = fill_in(tr("{}: difference {}"), {doing, desk_.words.money(*sum - expected_)});
        desk_.act_beside(
            std::move(doing),
            [day, count = *count, closed](node::Till& session, node::Node&, Progress&) {
                return day ? session.close_day(count, *closed) : session.close_shift(count, *closed);
            },
            [&desk = desk_, day, closed, show = alive_.only([this, closed] { show_booked(closed->seq); })] {
                desk.toasts.show(Tone::go, Icon::check, day ? tr("The day is closed.") : tr("The shift is closed."));
                show();
            });
    }

    void move_cash(bool out) {
        const auto amount = Words::parse_typed<node::Money>(form_.text(amount_));
        if (!amount || *amount <= node::Money{}) {
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
            return form_.focus(amount_);
        }
        const auto result = std::make_shared<node::Till::ActResult>();
        const bool well =
            desk_.act([this, by = out ? -*amount : *amount, reason = form_.text(reason_), result] { return desk_.till.move_cash(by, reason, *result); },
                      [this, out, result] { done(result->seq, out ? tr("Cash out is booked.") : tr("Cash in is booked.")); });
        if (!well && form_.text(reason_).empty()) form_.focus(reason_);
    }

    /// The slip of what was booked lies on the right, ready to print.
    void done(std::int64_t seq, const char* sentence) {
        desk_.toasts.show(Tone::go, Icon::check, sentence);
        show_booked(seq);
    }

    void show_booked(std::int64_t seq) {
        look();
        form_.clear();
        // What lies in the drawer has been counted; an amount that somebody began to type is still his.
        std::erase_if(typed_, [](const auto& each) { return counts(each.first); });
        inside_ = false;
        booked_ = true;
        show_slip(node::print(desk_.node.info().node) + "/" + std::to_string(seq));
    }

    // Slips.

    /// What was booked just now has not been issued before.
    fiscal::Issue issue() const { return booked_ ? fiscal::Issue::original : fiscal::Issue::copy; }

    void show_slip(const std::string& name) {
        slip_name_ = name;
        paper_.clear();
        slip_.ask([name, issue = issue()](node::Node& branch) { return fiscal::picture_of(fiscal::slip_of(branch, name, fiscal::form_of(branch), issue)); });
    }

    void print() { print_slip(desk_, slip_name_); }

    void save() {
        const std::string file = file_stem(std::string(tr("Slip")) + "-" + slip_name_) + ".pdf";
        files_.begin(tr("Save the slip as PDF"), {FileChooser::Mode::save, ".pdf", file, {}},
                     [name = slip_name_, issue = issue()](node::Node& branch, const std::filesystem::path& to, Progress&) {
                         fiscal::write_pdf(fiscal::slip_of(branch, name, fiscal::form_of(branch), issue), to);
                         return fill_in(tr("Saved: {}"), {to.filename().string()});
                     });
    }

    struct PastClosing {
        std::int64_t number = 0;
        node::Instant at;
        std::string cashier, total, difference;
    };

    static std::vector<PastClosing> closings_of(node::Node& branch) {
        std::vector<PastClosing> past;
        const node::Json report = node::report(branch, "closing", {});
        for (const node::Json& row : report["closed"]) {
            const auto text = [&](const char* key) { return row.contains(key) ? node::cell_text(row[key]) : std::string(); };
            PastClosing closing;
            closing.number = row.value("number", std::int64_t{0});
            closing.at = node::parse_instant(text("at")).value_or(node::Instant{});
            closing.cashier = text("cashier");
            closing.total = text("counted");
            closing.difference = text("difference");
            past.push_back(std::move(closing));
        }
        std::reverse(past.begin(), past.end());
        return past;
    }

    void show_chosen_closing() {
        if (!closings_.answered() || list_.selected < 0 || list_.selected >= static_cast<int>(closings_.result().size())) return;
        show_slip("z" + std::to_string(closings_.result()[static_cast<std::size_t>(list_.selected)].number));
    }

    // The picture.

    void draw_movement(Ui& ui, Rect inside) {
        const bool out = cash_entries[chosen_].work == Work::cash_out;
        if (form_.empty()) return;
        Rect column = inside.cut_left(std::min(inside.w, 520.0F));
        ui.canvas.text(column.cut_top(34, space::s), out ? tr("Cash leaves the drawer") : tr("Cash comes into the drawer"), Type::title, ui.theme.ink);
        if (form_.draw(ui, column.cut_top(form_.height(), space::l), 1, inside_)) inside_ = true;
        const Rect ok = column.cut_top(50);
        if (button(ui, ok,
                   {.label = out ? tr("Book cash out") : tr("Book cash in"), .key = "Enter", .tone = out ? Tone::warn : Tone::go, .look = ButtonLook::solid}))
            confirm();
    }

    void draw_count(Ui& ui, Rect inside) {
        if (form_.empty()) return;
        const Theme& t = ui.theme;
        const Work work = cash_entries[chosen_].work;
        const char* title = work == Work::z            ? tr("Count the drawer and close the day")
                            : work == Work::open_shift ? tr("Count the drawer and open the shift")
                                                       : tr("Count the drawer and close the shift");
        ui.canvas.text(inside.cut_top(34, space::s), title, Type::title, t.ink);
        Rect foot = inside.cut_bottom(50, space::m);
        const Rect ok = foot.cut_right(std::min(280.0F, foot.w * 0.45F), space::s);
        const char* label = work == Work::z ? tr("Close the day") : work == Work::open_shift ? tr("Open the shift") : tr("Close the shift");
        if (button(ui, ok, {.label = label, .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid})) return confirm();
        if (button(ui, foot.cut_left(std::min(280.0F, foot.w)), {.label = tr("As expected"), .key = "F5"})) as_the_books_say();
        Rect figures = inside.cut_bottom(66, space::m);
        const std::optional<node::Money> sum = counted_sum();
        const node::Money difference = sum.value_or(expected_) - expected_;
        const bool over = difference > node::Money{};
        const auto figure = [&](int column, const char* name, const std::string& value, Color ink) {
            const Rect cell = figures.cell(column, 3, 0, 1, space::s);
            ui.canvas.fill(cell, t.sunken, radius::control);
            labelled(ui, cell.inset(space::m, space::s), name, value, Type::title, ink);
        };
        figure(0, tr("Expected"), desk_.words.money(expected_), t.ink);
        figure(1, tr("Counted"), sum ? desk_.words.money(*sum) : "–", t.ink);
        figure(2, difference < node::Money{} ? tr("Short") : over ? tr("Over") : tr("Difference"),
               sum ? (over ? "+" : "") + desk_.words.money(difference) : "–",
               !sum ? t.ink_faint : difference.is_zero() ? t.go : t.danger);
        if (work == Work::z && aside_ > 0) {
            const char* const stays = tr_n("{} receipt is not paid yet, here, put aside or at a table: it stays open after the closing.",
                                           "{} receipts are not paid yet, here, put aside or at a table: they stay open after the closing.", aside_);
            notice(ui, inside.cut_top(48, space::s), Tone::warn, Icon::coffee, fill_in(stays, {desk_.words.count(aside_)}));
        }
        const int columns = inside.h < form_.height(4) ? 5 : 4;
        if (form_.draw(ui, inside, columns, inside_)) inside_ = true;
    }

    void draw_slip(Ui& ui, Rect inside) {
        Rect foot = inside.cut_bottom(46, space::m);
        if (files_.running()) {
            files_.draw_progress(ui, foot);
        } else {
            if (button(ui, foot.cell(0, 2, 0, 1, space::s), {.label = tr("As PDF"), .key = "F3", .icon = Icon::file})) save();
            if (button(ui, foot.cell(1, 2, 0, 1, space::s), {.label = tr("Print"), .key = "F5", .icon = Icon::print})) print();
        }
        ui.canvas.fill(inside, ui.theme.sunken, radius::card);
        if (!paper_.empty())
            paper_.draw(ui, inside.inset(space::m));
        else
            empty_state(ui, inside, Icon::file, tr("One moment…"), tr("The slip is being put together."));
    }

    void draw_past(Ui& ui, Rect inside) {
        const int rows = closings_.answered() ? static_cast<int>(closings_.result().size()) : 0;
        if (rows == 0) {
            empty_state(ui, inside, Icon::history, closings_.waiting() ? tr("One moment…") : tr("No day was closed yet"),
                        tr("Each closing stays here for good."));
            return;
        }
        draw_slip(ui, inside.cut_right(std::max(400.0F, inside.w * 0.56F), space::m));
        const Column columns[] = {{tr("Z"), 36, 0, Align::right}, {tr("When"), 0, 1}, {tr("Difference"), 80, 0, Align::right}};
        const ListEvents events = table(ui, inside, list_, columns, rows, {.row_height = 46, .focused = inside_}, [&](int i, auto cells) {
            const PastClosing& closing = closings_.result()[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], std::to_string(closing.number), Type::strong, ui.theme.ink);
            Rect name = cells[1].inset(0, 4);
            ui.canvas.text(name.cut_top(name.h / 2), desk_.words.date_time(closing.at), Type::body, ui.theme.ink);
            ui.canvas.text(name, closing.cashier, Type::caption, ui.theme.ink_faint);
            const auto difference = node::parse<node::Money>(closing.difference).value_or(node::Money{});
            ui.canvas.number(cells[2], desk_.words.bare_money(difference), Type::body, difference.is_zero() ? ui.theme.ink_faint : ui.theme.danger);
        });
        if (events.clicked >= 0) {
            inside_ = true;
            show_chosen_closing();
        }
    }

    Desk& desk_;
    Alive alive_;
    FileJob files_;
    Reading<fiscal::Bitmap> slip_;
    Reading<std::vector<PastClosing>> closings_;
    std::span<const node::Money> notes_;
    Paper paper_;
    std::string slip_name_ = "x";
    node::Money expected_;
    std::optional<node::Shift> shift_;
    int chosen_ = 5;  // X
    bool inside_ = false;
    bool booked_ = false;     ///< the slip of what was booked just now is shown
    std::int64_t aside_ = 0;  ///< receipts that are not paid
    Form form_;
    std::map<Work, Form> typed_;  ///< what else was begun
    std::size_t amount_ = 0, reason_ = 0, sum_ = 0;
    ListState list_;
};

}  // namespace

std::unique_ptr<Panel> make_cash_panel(Desk& desk) { return std::make_unique<CashPanel>(desk); }

}  // namespace paprsek::ui
