// Reports (T14): what, of which days, by what; a table on the screen, and the same as CSV, spreadsheet or PDF. Read beside the window.
#include <algorithm>
#include <tuple>

#include "node/reports.h"
#include "ui/kit/form.h"
#include "ui/period.h"
#include "ui/till/file_job.h"
#include "ui/till/save_file.h"
#include "ui/till/screens.h"
#include "ui/table_view.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

struct Kind {
    const char* kind;  ///< of node::report
    const char* by;    ///< grouping, of sales
    const char* label;
    bool days = true, customer = false, tender = false;
};
constexpr Kind report_kinds[] = {
    {"sales", "day", mark("Sales by day")},
    {"sales", "hour", mark("Sales by hour")},
    {"sales", "weekday", mark("Sales by weekday")},
    {"sales", "cashier", mark("Sales by cashier")},
    {"sales", "product", mark("Sales by product")},
    {"sales", "group", mark("Sales by group")},
    {"sales", "vat", mark("Sales by VAT")},
    {"sales", "tender", mark("Sales by tender")},
    {"ranking", "", mark("Customers by spend")},
    {"purchases", "", mark("What a customer bought"), true, true},
    {"payments", "", mark("Payments of accounts"), true, false},
    {"accounts", "", mark("Unpaid accounts"), false, false},
    {"closing", "", mark("Closings")},
    {"closing", "", mark("Receipts by tender"), true, false, true},
    {"stock", "", mark("Stock")},
    {"traces", "", mark("Struck out and changed")},
};
class ReportsPanel final : public Panel {
public:
    explicit ReportsPanel(Desk& desk) : desk_(desk), files_(desk), table_(desk.background) {
        for (const node::TenderRule& rule : desk.policy().tenders) tenders_.push_back(rule.name);
        list_.selected = 0;
        today_ = desk.node.zone().local(desk.node.clock().now()).date;
        set_period(Period::week);
        ask();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !table_.waiting() && files_.settled(); }

    bool key(const KeyPress& press) override {
        if (files_.key(press)) return true;
        if (press.is(GLFW_KEY_F3)) return save(0);
        if (press.is(GLFW_KEY_F5)) return save(1);
        if (press.is(GLFW_KEY_F11)) return save(2);
        if (press.is(GLFW_KEY_TAB)) {
            at_ = static_cast<At>((static_cast<int>(at_) + (press.shift ? 2 : 1)) % 3);
            return true;
        }
        if (press.enter()) {
            ask();
            return true;
        }
        switch (at_) {
            case At::choice:
                if (!list_.handle(press, static_cast<int>(std::size(report_kinds)))) return press.character != 0;
                ask();
                return true;
            case At::days:
                return key_days(press);
            case At::table:
                return view_.key(press) || press.character != 0;
        }
        return false;
    }

    bool tick() override {
        bool changed = files_.tick();
        desk_.guarded([&] {
            if (!table_.poll()) return;
            changed = true;
            view_.show(std::move(table_.result()));
        });
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (files_.draw(ui, area)) return;
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::list, tr("Reports"), shown_, "Esc"}, closed);
        if (closed) desk_.back();
        Rect left = inside.cut_left(std::clamp(inside.w * 0.24F, 204.0F, 270.0F), space::l);
        draw_kinds(ui, left);
        draw_days(ui, inside.cut_top(kind().days ? 48 : 0, kind().days ? space::s : 0));
        if (extra()) draw_extra(ui, inside.cut_top(44, space::s));
        draw_foot(ui, inside.cut_bottom(46, space::s));
        draw_table(ui, inside);
    }

private:
    enum class At { choice, days, table };

    const Kind& kind() const { return report_kinds[std::clamp(list_.selected, 0, static_cast<int>(std::size(report_kinds)) - 1)]; }
    bool extra() const { return kind().customer || kind().tender || period_ == Period::free; }

    void set_period(Period period) {
        period_ = period;
        std::tie(from_, to_) = days_of(period, today_);
        if (period != Period::free) {
            days_[0].set(desk_.words.date(from_));
            days_[1].set(desk_.words.date(to_));
        }
    }

    bool key_days(const KeyPress& press) {
        if (press.is(GLFW_KEY_LEFT) || press.is(GLFW_KEY_RIGHT)) {
            if (kind().tender && period_ != Period::free && press.shift) return true;
            set_period(beside(period_, press.key == GLFW_KEY_LEFT ? -1 : 1));
            if (period_ != Period::free) ask();
            return true;
        }
        if (press.is(GLFW_KEY_UP) || press.is(GLFW_KEY_DOWN)) {
            if (kind().tender && period_ != Period::free) {
                tender_ = (tender_ + 1) % tenders_.size();
                ask();
            } else {
                field_ = (field_ + 1) % 3;
            }
            return true;
        }
        if (kind().customer && (period_ != Period::free || field_ == 2)) return customer_.handle(press) || press.character != 0;
        if (period_ == Period::free) return days_[field_ % 2].handle(press) || press.character != 0;
        return press.character != 0;
    }

    std::optional<node::ReportRange> range() {
        node::ReportRange range;
        if (period_ == Period::free) {
            const auto from = Words::parse_day(days_[0].text());
            const auto to = Words::parse_day(days_[1].text());
            if (!from || !to || *to < *from) {
                desk_.toasts.show(Tone::danger, Icon::exclamation, tr("Write days as 2. 3. 2026, the first one not after the last."));
                return std::nullopt;
            }
            from_ = *from;
            to_ = *to;
        }
        if (kind().days) {
            range.from = from_;
            range.to = to_;
        }
        range.by = kind().by;
        if (kind().customer) {
            if (customer_.empty()) return std::nullopt;
            range.customer = customer_.text();
        }
        if (kind().tender) range.tender = tenders_[tender_];
        return range;
    }

    void ask() {
        view_.clear();
        shown_ = tr(kind().label);
        if (kind().days) {
            const node::TimeZone& zone = desk_.node.zone();
            const std::string first = desk_.words.date(zone.start_of(from_)), last = desk_.words.date(zone.start_of(to_));
            shown_ = fill_in("{} · {}", {tr(kind().label), first == last ? first : first + " – " + last});
        }
        const auto asked = range();
        if (!asked) return;
        asked_ = *asked;
        table_.ask([kind = std::string(kind().kind), asked = *asked, words = desk_.words](node::Node& branch) {
            return shown_table(in_words(node::report_table(branch, kind, asked), words.figures()), words, branch.zone());
        });
    }

    bool save(int form) {
        static constexpr const char* endings[] = {".pdf", ".xlsx", ".csv"};
        if (view_.empty()) return true;
        std::string name = file_stem(tr(kind().label));
        if (kind().days) name += "-" + node::print(from_) + (from_ == to_ ? "" : "-" + node::print(to_));
        files_.begin(tr("Save the report"), {FileChooser::Mode::save, endings[form], name + endings[form], {}},
                     [kind = std::string(kind().kind), asked = asked_, figures = desk_.words.figures()](
                         node::Node& branch, const std::filesystem::path& file, Progress& progress) {
                         const node::Table table = node::report_table(branch, kind, asked);
                         if (progress.cancelled()) return std::string(tr("Stopped."));
                         save_table(in_words(table, figures), file, figures);
                         return fill_in(tr("Saved: {}"), {file.filename().string()});
                     });
        return true;
    }

    void draw_kinds(Ui& ui, Rect rect) {
        const bool here = at_ == At::choice;
        const ListEvents events =
            list(ui, rect, list_, static_cast<int>(std::size(report_kinds)), {.row_height = 40, .zebra = false, .focused = here}, [&](int i, Rect row) {
                ui.canvas.text(row.inset(space::s, 0), tr(report_kinds[i].label), i == list_.selected ? Type::strong : Type::body, ui.theme.ink);
            });
        if (events.clicked < 0) return;
        at_ = At::choice;
        ask();
    }

    void draw_days(Ui& ui, Rect rect) {
        if (!kind().days) return;
        key_cap(ui, rect.cut_right(40), "Tab", ui.theme.ink_faint, ui.theme.ink_faint.alpha(0.5F));
        const int clicked = options_bar(ui, rect, period_labels(), static_cast<std::size_t>(period_), at_ == At::days);
        if (clicked < 0) return;
        at_ = At::days;
        set_period(static_cast<Period>(clicked));
        if (period_ != Period::free) ask();
    }

    void draw_extra(Ui& ui, Rect rect) {
        const bool here = at_ == At::days;
        const auto field = [&](TextField& text, Rect cell, const char* placeholder, std::size_t index) {
            const bool focused = here && (kind().customer && period_ != Period::free ? index == 2 : field_ == index);
            if (text_field(ui, cell, text, {.placeholder = placeholder, .focused = focused})) {
                at_ = At::days;
                field_ = index;
            }
        };
        if (kind().tender) {
            std::vector<std::string> options;
            for (const std::string& tender : tenders_) options.push_back(tender_label(tender));
            Rect bar = period_ == Period::free ? rect.cut_left(rect.w * 0.5F, space::s) : rect;
            if (const int clicked = options_bar(ui, bar, options, tender_, here); clicked >= 0) {
                tender_ = static_cast<std::size_t>(clicked);
                ask();
            }
        }
        if (kind().customer)
            field(customer_, period_ == Period::free ? rect.cut_right(rect.w * 0.4F, space::s) : rect, tr("Number or card of the customer, then Enter"), 2);
        if (period_ != Period::free) return;
        field(days_[0], rect.cell(0, 2, 0, 1, space::s), tr("First day"), 0);
        field(days_[1], rect.cell(1, 2, 0, 1, space::s), tr("Last day, then Enter"), 1);
    }

    void draw_foot(Ui& ui, Rect foot) {
        if (files_.running()) return files_.draw_progress(ui, foot);
        const bool can = !view_.empty();
        if (button(ui, foot.cell(0, 3, 0, 1, space::s), {.label = tr("PDF"), .key = "F3", .icon = Icon::file, .enabled = can})) save(0);
        if (button(ui, foot.cell(1, 3, 0, 1, space::s), {.label = tr("Spreadsheet"), .key = "F5", .icon = Icon::list, .enabled = can})) save(1);
        if (button(ui, foot.cell(2, 3, 0, 1, space::s), {.label = tr("CSV"), .key = "F11", .icon = Icon::download, .enabled = can})) save(2);
    }

    void draw_table(Ui& ui, Rect rect) {
        if (table_.waiting()) {
            Rect bar = rect.middle(std::min(rect.w, 420.0F), 60);
            ui.canvas.text(bar.cut_top(30), tr("Adding up… another choice or Esc gives this one up."), Type::body, ui.theme.ink_soft, Align::centre);
            progress_bar(ui, bar.cut_top(8), std::nullopt);
            return;
        }
        if (view_.empty()) {
            const bool wants = kind().customer && customer_.empty();
            empty_state(ui, rect, wants ? Icon::user : Icon::list, wants ? tr("Whose purchases?") : tr("Nothing in these days"),
                        wants ? tr("Tab goes to the field; type the number or card and press Enter.") : tr("Choose other days above."));
            return;
        }
        if (view_.draw(ui, rect, at_ == At::table).clicked >= 0) at_ = At::table;
    }

    Desk& desk_;
    FileJob files_;
    Reading<ShownTable> table_;
    TableView view_;
    ListState list_;
    At at_ = At::choice;
    node::Date today_, from_, to_;
    Period period_ = Period::week;
    std::size_t field_ = 0, tender_ = 0;
    TextField days_[2] = {TextField(TextField::Accepts::anything, 14), TextField(TextField::Accepts::anything, 14)};
    TextField customer_{TextField::Accepts::code, 60};
    std::vector<std::string> tenders_;
    node::ReportRange asked_;
    std::string shown_;
};

}  // namespace

std::unique_ptr<Panel> make_reports_panel(Desk& desk) { return std::make_unique<ReportsPanel>(desk); }

}  // namespace paprsek::ui
