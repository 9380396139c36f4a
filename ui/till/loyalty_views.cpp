// The sections of the loyalty settings that show: the week as it is drafted (L17), dealers and their goods (L12), and what the draft
// would have given over past receipts.
#include <algorithm>

#include "node/base/error.h"
#include "node/calendar.h"
#include "node/dealers.h"
#include "node/preview.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/kit/task.h"
#include "ui/till/loyalty_sections.h"
#include "ui/till/open_beside.h"

namespace paprsek::ui {
namespace {

// ------------------------------------------------------------------------------------------------ the calendar (L17)

class CalendarSection final : public LoyaltySection {
public:
    CalendarSection(Desk& desk, Draft& draft) : desk_(desk), draft_(draft) {}
    void load() override { week_ = node::week_of(draft_.policy); }

    void draw(Ui& ui, Rect rect) override {
        const Theme& t = ui.theme;
        draw_legend(ui, rect.cut_top(30, space::s));
        Rect heads = rect.cut_top(40, space::xs);
        const Rect hours = rect.cut_left(44, space::s);
        heads.cut_left(44 + space::s);
        for (int hour = 0; hour <= 24; hour += 3) {
            const float y = rect.y + rect.h * static_cast<float>(hour) / 24;
            ui.canvas.line({rect.x, y}, {rect.right(), y}, t.line);
            const Rect label{hours.x, std::clamp(y - 9, rect.y, rect.bottom() - 18), hours.w, 18};
            ui.canvas.number(label, std::to_string(hour) + ":00", Type::caption, t.ink_soft);
        }
        for (int day = 0; day < 7; ++day) {
            Rect head = heads.cell(day, 7, 0, 1, space::xs);
            const bool points = draft_.policy.mode_on(static_cast<node::Weekday>(day)) == node::Mode::points;
            ui.canvas.text(head.cut_top(20), day_name(day), Type::caption_strong, t.ink, Align::centre);
            ui.canvas.text(head, points ? tr("points") : tr("spend"), Type::caption, t.ink_soft, Align::centre);
        }
        // Words last: those of a short hour stand out of its block, above and below.
        for (const bool words : {false, true})
            for (const node::CalendarEntry& entry : week_) draw_entry(ui, rect, entry, words);
    }

private:
    void draw_legend(Ui& ui, Rect rect) {
        const auto item = [&](Color color, Color edge, const char* words) {
            const Rect square = rect.cut_left(18, space::s).middle(16, 16);
            ui.canvas.fill(square, color, 4);
            ui.canvas.outline(square, edge, 4);
            ui.canvas.text(rect.cut_left(ui.canvas.width(words, Type::caption) + 2, space::l), words, Type::caption, ui.theme.ink_soft);
        };
        item(ui.theme.accent_soft, ui.theme.accent, tr("Points are multiplied"));
        item(ui.theme.go_soft, ui.theme.go, tr("Discount for everybody"));
    }

    /// Left half the points, right half the discount, so that an hour with both shows both.
    void draw_entry(Ui& ui, Rect rect, const node::CalendarEntry& entry, bool in_words) {
        const Theme& t = ui.theme;
        Rect column = rect.cell(static_cast<int>(entry.day), 7, 0, 1, space::xs);
        const float top = column.y + rect.h * static_cast<float>(entry.from) / 1440, bottom = column.y + rect.h * static_cast<float>(entry.to) / 1440;
        const Rect block{column.x, top, column.w, bottom - top};
        const bool times = entry.multiplier != node::Rate::of(1'000'000), discount = !entry.discount.is_zero();
        const auto part = [&](Rect where, Color soft, Color strong, const std::string& words) {
            if (!in_words) {
                ui.canvas.fill(where.inset(1), soft, radius::small);
                // The edges of a short hour would strike its words out.
                if (where.h > ui.canvas.line_height(Type::caption) + 4)
                    ui.canvas.outline(where.inset(1), strong, radius::small);
                else
                    ui.canvas.fill(Rect(where.inset(1)).cut_left(3), strong);
                return;
            }
            const float height = std::max(where.h, ui.canvas.line_height(Type::caption));
            const float y = std::clamp(where.centre().y - height / 2, rect.y, rect.bottom() - height);
            ui.canvas.text({where.x + 3, y, where.w - 6, height}, words, where.w < 60 ? Type::caption : Type::caption_strong, t.ink, Align::centre);
        };
        if (times) part(discount ? block.cell(0, 2, 0, 1, 0) : block, t.accent_soft, t.accent, "× " + desk_.words.typed(entry.multiplier));
        if (discount) part(times ? block.cell(1, 2, 0, 1, 0) : block, t.go_soft, t.go, "−" + desk_.words.percent(entry.discount));
    }

    Desk& desk_;
    Draft& draft_;
    std::vector<node::CalendarEntry> week_;
};

// ------------------------------------------------------------------------------------------------ dealers (L12)

class DealersSection final : public LoyaltySection {
public:
    DealersSection(Desk& desk, Draft&) : desk_(desk), reading_(desk.background) {}

    void load() override {
        constexpr int products_max = 2000;
        reading_.ask([](node::Node& branch) { return node::dealer_rows(branch.database(), products_max); });
    }
    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = reading_.poll(); });
        return changed;
    }
    bool settled() const override { return !reading_.waiting(); }
    bool key(const KeyPress& press) override { return list_.handle(press, count()); }

    void draw(Ui& ui, Rect rect) override {
        ui.canvas.paragraph(rect.cut_top(36, space::s),
                            tr("A customer's category and a product's discount for it make the price. The category stands in the customer's data, the discount "
                               "with the product."),
                            Type::caption, ui.theme.ink_soft);
        if (count() == 0) {
            if (!reading_.waiting())
                empty_state(ui, rect, Icon::tags, tr("No product has a dealer discount"), tr("Products get them one by one, or by an import."));
            return;
        }
        const Column columns[] = {
            {tr("Dealer"), 96, 0}, {tr("Product"), 0, 1}, {tr("Code"), 116, 0}, {tr("Price"), 80, 0, Align::right}, {tr("Discount"), 80, 0, Align::right}};
        table(ui, rect, list_, columns, count(), {.row_height = 38}, [&](int i, auto cells) {
            const node::DealerRow& row = reading_.result()[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], row.dealer, Type::strong, ui.theme.accent);
            ui.canvas.text(cells[1], row.name, Type::body, ui.theme.ink);
            ui.canvas.number(cells[2], row.product, Type::caption, ui.theme.ink_soft, Align::left);
            ui.canvas.number(cells[3], desk_.words.bare_money(row.price), Type::body, ui.theme.ink);
            ui.canvas.number(cells[4], desk_.words.percent(row.percent), Type::strong, ui.theme.ink);
        });
    }

private:
    int count() const { return reading_.answered() ? static_cast<int>(reading_.result().size()) : 0; }
    Desk& desk_;
    ListState list_;
    Reading<std::vector<node::DealerRow>> reading_;
};

// ------------------------------------------------------------------------------------------------ the preview

struct PreviewRow {
    std::string label;
    std::int64_t receipts = 0;
    node::Money was, would;
    node::Points was_points, would_points;
};
struct PreviewResult {
    PreviewRow total;
    std::vector<PreviewRow> days, customers;
};

PreviewRow report_row(const node::Json& json, std::string label) {
    const auto money = [](const node::Json& figures) { return node::parse<node::Money>(figures.at("net").get<std::string>()).value_or(node::Money{}); };
    const auto points = [](const node::Json& figures) { return node::parse<node::Points>(figures.at("points").get<std::string>()).value_or(node::Points{}); };
    const node::Json &was = json.at("was"), &would = json.at("would");
    return {std::move(label), json.at("receipts").get<std::int64_t>(), money(was), money(would), points(was), points(would)};
}

class PreviewSection final : public LoyaltySection {
public:
    PreviewSection(Desk& desk, Draft& draft) : desk_(desk), draft_(draft) {
        const node::Date today = desk.node.zone().local(desk.node.clock().now()).date;
        constexpr int days = 30;
        form_.add_text(tr("From the day"), {.length_max = 14}, desk_.words.date(node::Date{today.days - days}));
        form_.add_text(tr("To the day"), {.length_max = 14}, desk_.words.date(today));
        form_.focus(0);
    }

    bool settled() const override { return !work_.running(); }

    bool tick() override {
        bool changed = work_.running();
        desk_.guarded([&] {
            if (auto done = work_.take()) {
                if (done->has_value()) result_ = std::move(**done);
                changed = true;
            }
        });
        return changed;
    }

    std::vector<Action> actions() override {
        if (work_.running()) return {{tr("Stop"), Icon::times, GLFW_KEY_ESCAPE, [this] { work_.progress()->cancel(); }}};
        return {{customers_ ? tr("By day") : tr("By customer"), Icon::users, GLFW_KEY_F11, [this] { customers_ = !customers_; }},
                {tr("Count it"), Icon::search, GLFW_KEY_ENTER, [this] { start(); }, false, Tone::go}};
    }

    bool key(const KeyPress& press) override {
        if (work_.running()) {
            if (press.is(GLFW_KEY_ESCAPE)) work_.progress()->cancel();
            return press.is(GLFW_KEY_ESCAPE) || press.enter();
        }
        // Tab walks through the fields; up and down move in what was counted.
        const bool moves = press.key == GLFW_KEY_UP || press.key == GLFW_KEY_DOWN;
        if (result_ && moves) return list_.handle(press, static_cast<int>(customers_ ? result_->customers.size() : result_->days.size()));
        return form_.key(press);
    }

    void draw(Ui& ui, Rect rect) override {
        ui.canvas.paragraph(rect.cut_top(36, space::s),
                            tr("Past receipts of this till, priced by the settings as they stand here, saved or not. Nothing is booked."), Type::caption,
                            ui.theme.ink_soft);
        form_.draw(ui, rect.cut_top(form_.height(2), space::m), 2, !work_.running());
        if (work_.running()) {
            progress_bar(ui, rect.cut_top(10, space::m), work_.progress()->share());
            ui.redraw_at(ui.now + 0.1);
        }
        if (!result_) {
            if (!work_.running()) empty_state(ui, rect, Icon::search, tr("Try on past sales"), tr("Choose the days, then Enter."));
            return;
        }
        draw_total(ui, rect.cut_top(64, space::m));
        draw_rows(ui, rect, customers_ ? result_->customers : result_->days);
    }

private:
    using Answer = std::optional<PreviewResult>;  ///< nothing: it was stopped

    void start() {
        const auto from = Words::parse_day(form_.text(0)), to = Words::parse_day(form_.text(1));
        if (!from || !to || *to < *from) {
            form_.focus(!from ? 0 : 1);
            const std::string example = desk_.words.date(*node::parse_date("2026-03-31"));
            desk_.toasts.show(Tone::danger, Icon::exclamation, fill_in(tr("A day is written {}, the first one first."), {example}));
            return;
        }
        work_.start([folder = desk_.node.folder(), policy = node::policy_json(draft_.policy), from, to](Progress& progress) -> Answer {
            const auto branch = open_beside(folder);
            const auto tell = [&](std::int64_t done, std::int64_t all) {
                progress.steps(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(all));
                return !progress.cancelled();
            };
            const node::Json json = node::preview_policy(*branch, policy, "preview", from, to, tell);
            if (progress.cancelled()) return std::nullopt;
            PreviewResult result;
            result.total = report_row(json.at("total"), {});
            for (const node::Json& each : json.at("days")) result.days.push_back(report_row(each, each.at("day").get<std::string>()));
            for (const node::Json& each : json.at("customers")) {
                const node::Json& who = each.at("customer");
                result.customers.push_back(report_row(each, who.is_string() ? who.get<std::string>() : who.dump()));
            }
            return result;
        });
    }

    std::string difference(node::Money was, node::Money would) const {
        return was == would ? std::string("0") : (would > was ? "+" : "") + desk_.words.bare_money(would - was);
    }
    std::string difference(node::Points was, node::Points would) const {
        return was == would ? std::string("0") : (would > was ? "+" : "") + desk_.words.points_column(would - was);
    }

    void draw_total(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const PreviewRow& total = result_->total;
        const auto figure = [&](int column, const char* label, const std::string& value, Color ink) {
            const Rect cell = rect.cell(column, 4, 0, 1, space::s);
            ui.canvas.fill(cell, t.sunken, radius::control);
            labelled(ui, cell.inset(space::m, space::s), label, value, Type::title, ink);
        };
        figure(0, tr("Receipts"), desk_.words.count(total.receipts), t.ink);
        figure(1, tr("Customers paid"), desk_.words.bare_money(total.was), t.ink);
        figure(2, tr("They would have paid"), desk_.words.bare_money(total.would) + "  (" + difference(total.was, total.would) + ")", t.accent);
        figure(3, tr("Points"), difference(total.was_points, total.would_points), t.accent);
    }

    void draw_rows(Ui& ui, Rect rect, const std::vector<PreviewRow>& rows) {
        if (rows.empty()) {
            empty_state(ui, rect, Icon::search, tr("No receipt in these days"), tr("Choose other days."));
            return;
        }
        const Theme& t = ui.theme;
        const Column columns[] = {{customers_ ? tr("Customer") : tr("Day"), 0, 1}, {tr("Receipts"), 70, 0, Align::right},   {tr("Paid"), 100, 0, Align::right},
                                  {tr("Would pay"), 100, 0, Align::right},         {tr("Difference"), 90, 0, Align::right}, {tr("Points"), 80, 0, Align::right},
                                  {tr("Would get"), 80, 0, Align::right}};
        table(ui, rect, list_, columns, static_cast<int>(rows.size()), {.row_height = 34}, [&](int i, auto cells) {
            const PreviewRow& row = rows[static_cast<std::size_t>(i)];
            const auto day = node::parse_date(row.label);
            ui.canvas.text(cells[0], !customers_ && day ? desk_.words.date(*day) : row.label, Type::strong, t.ink);
            ui.canvas.number(cells[1], desk_.words.count(row.receipts), Type::body, t.ink_soft);
            ui.canvas.number(cells[2], desk_.words.bare_money(row.was), Type::body, t.ink_soft);
            ui.canvas.number(cells[3], desk_.words.bare_money(row.would), Type::body, t.ink);
            ui.canvas.number(cells[4], difference(row.was, row.would), Type::strong, row.would < row.was ? t.warn : t.ink);
            ui.canvas.number(cells[5], desk_.words.points_column(row.was_points), Type::body, t.ink_soft);
            ui.canvas.number(cells[6], desk_.words.points_column(row.would_points), Type::body, t.accent);
        });
    }

    Desk& desk_;
    Draft& draft_;
    Form form_;
    ListState list_;
    bool customers_ = false;
    std::optional<PreviewResult> result_;
    Task<Answer> work_;
};

}  // namespace

std::unique_ptr<LoyaltySection> make_calendar_section(Desk& desk, Draft& draft) { return std::make_unique<CalendarSection>(desk, draft); }
std::unique_ptr<LoyaltySection> make_dealers_section(Desk& desk, Draft& draft) { return std::make_unique<DealersSection>(desk, draft); }
std::unique_ptr<LoyaltySection> make_preview_section(Desk& desk, Draft& draft) { return std::make_unique<PreviewSection>(desk, draft); }

}  // namespace paprsek::ui
