// F11: the reports across branches (C6), by days, branch and customer; on the screen, and as PDF, spreadsheet or CSV.
#include "ui/hq/file_ask.h"
#include "ui/hq/report_words.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/period.h"
#include "ui/table_file.h"
#include "ui/table_view.h"

namespace paprsek::ui {
namespace {

/// More are in the file: nobody reads them, and a window that holds them would not stay quick.
constexpr std::size_t most_rows = 5000;

struct ReportAsked {
    std::size_t kind = 0;
    hq::ReportFilter filter;
    std::string subtitle;
};

struct ReportAnswer {
    ShownTable table;
    std::int64_t rows = 0;  ///< of the report
};

node::Table read_report(const std::string& folder, const ReportAsked& asked, const Words& words) {
    const ReportKind& kind = report_list()[asked.kind];
    return report_table(kind, Console::open(folder)->report(kind.kind, asked.filter), asked.subtitle, words);
}

class ReportsPage final : public Page {
public:
    explicit ReportsPage(Console& console) : console_(console), zone_(console.status.info.time_zone) {
        list_.selected = 0;
        set_period(Period::month);
    }

    void enter() override {
        if (!asked_) ask();
    }
    bool settled() const override { return !reading_.running() && !wanted_ && !writing_.running() && asking_.settled(); }

    bool key(const KeyPress& press) override {
        if (asking_.key(press) || act_by_key(actions(), press)) return true;
        if (press.is(GLFW_KEY_TAB)) {
            walk(press.shift ? -1 : 1);
            return true;
        }
        if (press.enter()) {
            ask();
            return true;
        }
        if (press.is(GLFW_KEY_ESCAPE)) {
            at_ = At::choice;
            return true;
        }
        switch (at_) {
            case At::choice:
                if (!list_.handle(press, static_cast<int>(report_list().size()))) return false;
                ask();
                return true;
            case At::period:
                if (!press.is(GLFW_KEY_LEFT) && !press.is(GLFW_KEY_RIGHT)) return false;
                choose_period(beside(period_, press.key == GLFW_KEY_LEFT ? -1 : 1));
                return true;
            case At::first:
            case At::last:
                if (!days_[at_ == At::last].handle(press)) return false;
                period_ = Period::free;
                return true;
            case At::branch: return branch_.handle(press);
            case At::customer: return customer_.handle(press);
            case At::table: return view_.key(press);
        }
        return false;
    }

    /// A card that is scanned narrows a report that goes by customer.
    bool scan(const std::string& text) override {
        if (asking_.open() || !kind().customer) return asking_.open();
        customer_.set(text);
        ask();
        return true;
    }

    bool tick() override {
        bool changed = asking_.tick();
        if (const auto file = asking_.take()) {
            save(*file);
            changed = true;
        }
        try {
            if (auto answer = reading_.take()) {
                changed = true;
                if (!wanted_) {
                    rows_ = answer->rows;
                    view_.show(std::move(answer->table));
                }
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        try {
            if (const auto saved = writing_.take()) {
                console_.toasts.show(Tone::go, Icon::check, fill_in(tr("Saved: {}"), {*saved}));
                changed = true;
            }
        } catch (const node::Error& error) {
            console_.toasts.show(Tone::danger, Icon::warning, sentence_of(error));
            changed = true;
        }
        if (wanted_ && !reading_.running()) {
            wanted_ = false;
            reading_.start([where = console_.folder, asked = *asked_, words = console_.words, zone = zone_](Progress&) {
                node::Table table = read_report(where, asked, words);
                ReportAnswer answer;
                answer.rows = static_cast<std::int64_t>(table.rows.size());
                if (table.rows.size() > most_rows) {
                    const auto sums = node::sums_of(table);
                    for (std::size_t c = 0; c < sums.size(); ++c)
                        if (!sums[c].empty()) table.totals[table.columns[c].key] = sums[c];
                    table.rows.resize(most_rows);
                }
                answer.table = shown_table(std::move(table), words, zone);
                return answer;
            });
        }
        return changed;
    }

    void draw(Ui& ui, Rect area) override {
        if (asking_.draw(ui, area)) return;
        Rect inside = card(ui, area);
        draw_kinds(ui, inside.cut_left(std::clamp(inside.w * 0.24F, 216.0F, 300.0F), space::l));
        if (kind().days) draw_days(ui, inside.cut_top(42, space::s));
        const bool narrow = inside.w < 760;
        if (kind().days || kind().branch || kind().customer) draw_fields(ui, inside.cut_top(44, space::s), !narrow || !kind().days);
        if (kind().days && kind().customer && narrow) draw_customer(ui, inside.cut_top(44, space::s));
        draw_actions(ui, inside.cut_bottom(46, space::s), actions());
        draw_table(ui, inside);
    }

private:
    enum class At { choice, period, first, last, branch, customer, table };

    const ReportKind& kind() const {
        return report_list()[static_cast<std::size_t>(std::clamp(list_.selected, 0, static_cast<int>(report_list().size()) - 1))];
    }
    bool is_there(At at) const {
        switch (at) {
            case At::period:
            case At::first:
            case At::last: return kind().days;
            case At::branch: return kind().branch;
            case At::customer: return kind().customer;
            case At::choice:
            case At::table: return true;
        }
        return true;
    }
    void walk(int by) {
        constexpr int count = static_cast<int>(At::table) + 1;
        do at_ = static_cast<At>((static_cast<int>(at_) + by + count) % count);
        while (!is_there(at_));
    }

    void set_period(Period period) {
        period_ = period;
        if (period == Period::free) return;
        const auto [from, to] = days_of(period, zone_.local(console_.now()).date);
        days_[0].set(console_.words.date(from));
        days_[1].set(console_.words.date(to));
    }
    void choose_period(Period period) {
        set_period(period);
        if (period != Period::free) ask();
        else at_ = At::first;
    }

    /// Says what is wrong with what was typed; nothing where it is right.
    std::optional<ReportAsked> asked() {
        ReportAsked asked{static_cast<std::size_t>(&kind() - report_list().data()), {}, {}};
        const auto no = [&](At at, const std::string& why) {
            at_ = at;
            console_.toasts.show(Tone::danger, Icon::exclamation, why);
            return std::nullopt;
        };
        asked.subtitle = console_.status.info.name;
        if (kind().days) {
            const auto from = Words::parse_day(days_[0].text()), to = Words::parse_day(days_[1].text());
            if (!from || !to || *to < *from) {
                const std::string example = console_.words.date(*node::parse_date("2026-03-31"));
                return no(from ? At::last : At::first, fill_in(tr("A day is written {}, the first one first."), {example}));
            }
            asked.filter.from = *from;
            asked.filter.to = *to;
            asked.subtitle += ", " + console_.words.date(*from) + " – " + console_.words.date(*to);
        }
        if (kind().branch && !branch_.empty()) {
            const auto& nodes = console_.status.nodes;
            const int wanted = branch_.text().size() > 4 ? 0 : std::stoi(branch_.text());
            if (std::none_of(nodes.begin(), nodes.end(), [&](const hq::NodeStatus& each) { return each.node.branch == wanted; }))
                return no(At::branch, fill_in(tr("There is no branch {}."), {branch_.text()}));
            asked.filter.branch = wanted;
            asked.subtitle += ", " + fill_in(tr("branch {}"), {std::to_string(wanted)});
        }
        if (kind().customer) asked.filter.customer = customer_.text();
        return asked;
    }

    void ask() {
        view_.clear();
        auto now = asked();
        if (!now) return;
        asked_ = std::move(now);
        rows_ = 0;
        wanted_ = true;
    }

    void choose_place(const std::string& ending) {
        std::string name = file_stem(tr(kind().label));
        if (asked_->filter.from) name += "-" + node::print(*asked_->filter.from) + "-" + node::print(*asked_->filter.to);
        asking_.begin(tr("Save the report"), tr("Choose where, and a name"), {FileChooser::Mode::save, ending, name + ending, {}});
    }

    void save(const std::filesystem::path& file) {
        writing_.start([where = console_.folder, file, asked = *asked_, words = console_.words](Progress&) {
            save_table(read_report(where, asked, words), file, words.figures());
            return file.filename().string();
        });
    }

    std::vector<Action> actions() {
        const bool can = !view_.empty() && !writing_.running();
        const auto action = [&](const char* label, Icon icon, int key, const char* ending) {
            return Action{label, icon, key, [this, ending] { choose_place(ending); }, true, Tone::neutral, ButtonLook::outline, can};
        };
        return {action(tr("PDF"), Icon::file, GLFW_KEY_P, ".pdf"), action(tr("Spreadsheet"), Icon::list, GLFW_KEY_E, ".xlsx"),
                action(tr("CSV"), Icon::download, GLFW_KEY_S, ".csv")};
    }

    void draw_kinds(Ui& ui, Rect rect) {
        const auto all = report_list();
        const ListLook look{.row_height = 42, .zebra = false, .focused = at_ == At::choice};
        const ListEvents events = list(ui, rect, list_, static_cast<int>(all.size()), look, [&](int i, Rect row) {
            ui.canvas.text(row.inset(space::s, 0), tr(all[static_cast<std::size_t>(i)].label), i == list_.selected ? Type::strong : Type::body, ui.theme.ink);
        });
        if (events.clicked < 0) return;
        at_ = At::choice;
        ask();
    }

    void draw_days(Ui& ui, Rect rect) {
        key_cap(ui, rect.cut_right(40), "Tab", ui.theme.ink_faint, ui.theme.ink_faint.alpha(0.5F));
        const int clicked = options_bar(ui, rect, period_labels(), static_cast<std::size_t>(period_), at_ == At::period);
        if (clicked < 0) return;
        at_ = At::period;
        choose_period(static_cast<Period>(clicked));
    }

    void draw_customer(Ui& ui, Rect rect) {
        if (text_field(ui, rect, customer_, {.placeholder = tr("All customers"), .focused = at_ == At::customer})) at_ = At::customer;
    }

    void draw_fields(Ui& ui, Rect rect, bool with_customer) {
        struct Place {
            At at;
            TextField* field;
            const char* placeholder;
        };
        std::vector<Place> places;
        if (kind().days) places = {{At::first, &days_[0], tr("First day")}, {At::last, &days_[1], tr("Last day")}};
        if (kind().branch) places.push_back({At::branch, &branch_, tr("All branches")});
        if (kind().customer && with_customer) places.push_back({At::customer, &customer_, tr("All customers")});
        if (button(ui, rect.cut_right(130, space::s), {.label = tr("Show"), .key = "Enter", .tone = Tone::accent})) ask();
        constexpr float day_width = 122;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const Place& place = places[i];
            const bool day = place.at == At::first || place.at == At::last;
            const Rect cell = day ? rect.cut_left(day_width, space::s) : rect.cut_left(i + 1 == places.size() ? rect.w : (rect.w - space::s) / 2, space::s);
            if (text_field(ui, cell, *place.field, {.placeholder = place.placeholder, .focused = at_ == place.at})) at_ = place.at;
        }
    }

    void draw_table(Ui& ui, Rect rect) {
        if (reading_.running() || wanted_) {
            Rect bar = rect.middle(std::min(rect.w, 420.0F), 60);
            ui.canvas.text(bar.cut_top(30), tr("Adding up…"), Type::body, ui.theme.ink_soft, Align::centre);
            progress_bar(ui, bar.cut_top(8), std::nullopt);
            return;
        }
        if (view_.empty()) {
            empty_state(ui, rect, Icon::list, tr("Nothing to show"), tr(kind().nothing));
            return;
        }
        if (rows_ > static_cast<std::int64_t>(most_rows))
            notice(ui, rect.cut_top(36, space::s), Tone::accent, Icon::info_circle,
                   fill_in(tr("The first {} of {} rows; a file has all of them."), {console_.words.count(most_rows), console_.words.count(rows_)}));
        if (view_.draw(ui, rect, at_ == At::table).clicked >= 0) at_ = At::table;
    }

    Console& console_;
    node::TimeZone zone_;
    ListState list_;
    At at_ = At::choice;
    Period period_ = Period::month;
    TextField days_[2] = {TextField(TextField::Accepts::anything, 14), TextField(TextField::Accepts::anything, 14)};
    TextField branch_{TextField::Accepts::digits, 5}, customer_{TextField::Accepts::code, 60};
    std::optional<ReportAsked> asked_;
    TableView view_;
    std::int64_t rows_ = 0;
    FileAsk asking_;
    Task<ReportAnswer> reading_;
    Task<std::string> writing_;
    bool wanted_ = false;
};

}  // namespace

std::unique_ptr<Page> make_reports_page(Console& console) { return std::make_unique<ReportsPage>(console); }

}  // namespace paprsek::ui
