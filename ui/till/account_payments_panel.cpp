// Payments made on accounts (A6): of one customer or of all, year by year, this year first; with their sum, and each with the receipts
// that it paid and its slip.
#include <algorithm>

#include "node/account_reports.h"
#include "node/reports.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/table_view.h"
#include "ui/till/people.h"
#include "ui/till/save_file.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

struct PaymentRow {
    std::int64_t seq = 0;
    std::optional<node::Instant> at;
    std::string who, cashier, receipts;
    node::Money amount;
};

class AccountPaymentsPanel final : public Panel {
public:
    explicit AccountPaymentsPanel(Desk& desk)
        : desk_(desk), customer_(record_of(desk, desk.subject)), all_(!customer_), saving_(desk), reading_(desk.background) {
        this_year_ = year_ = std::stoi(node::print(desk.node.zone().local(desk.node.clock().now()).date).substr(0, 4));
        load();
    }

    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return !reading_.waiting() && saving_.settled(); }

    bool tick() override {
        bool changed = saving_.tick();
        desk_.guarded([&] {
            if (!reading_.poll()) return;
            changed = true;
            list_ = {};
            if (!rows().empty()) list_.selected = 0;
        });
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (saving_.key(press)) return true;
        if (press.key == GLFW_KEY_LEFT || press.key == GLFW_KEY_RIGHT) {
            turn(press.key == GLFW_KEY_LEFT ? -1 : 1);
            return true;
        }
        return act_by_key(actions(), press) || list_.handle(press, static_cast<int>(rows().size()));
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string who = all_ || !customer_ ? std::string(tr("All customers")) : title_of(*customer_);
        Rect inside = sheet(ui, area, {Icon::history, tr("Account payments"), who, "Esc"}, closed);
        if (closed) desk_.back();
        if (saving_.choosing()) {
            saving_.draw(ui, inside);
            return;
        }
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        draw_head(ui, inside.cut_top(46, space::m));
        if (rows().empty()) {
            if (!reading_.waiting()) empty_state(ui, inside, Icon::money, tr("No payment in this year"), tr("Left and right turn to another year."));
            return;
        }
        const Theme& t = ui.theme;
        const Column columns[] = {
            {tr("When"), 140, 0}, {tr("Customer"), 0, 1}, {tr("For the receipts"), 0, 1.2F}, {tr("Served by"), 120, 0}, {tr("Amount"), 120, 0, Align::right}};
        const ListEvents events = table(ui, inside, list_, columns, static_cast<int>(rows().size()), {}, [&](int i, auto cells) {
            const PaymentRow& row = rows()[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], row.at ? desk_.words.date_time(*row.at) : "", Type::caption, t.ink_soft);
            ui.canvas.text(cells[1], row.who, Type::strong, t.ink);
            ui.canvas.text(cells[2], row.receipts, Type::caption, t.ink_soft);
            ui.canvas.text(cells[3], row.cashier, Type::caption, t.ink_soft);
            ui.canvas.number(cells[4], desk_.words.bare_money(row.amount), Type::strong, t.ink);
        });
        if (events.activated >= 0) show();
    }

private:
    const std::vector<PaymentRow>& rows() const {
        static const std::vector<PaymentRow> none;
        return reading_.answered() ? reading_.result() : none;
    }

    void load() {
        const node::Date first = *node::parse_date(std::to_string(year_) + "-01-01"), next = *node::parse_date(std::to_string(year_ + 1) + "-01-01");
        const node::Span span{desk_.node.zone().start_of(first), desk_.node.zone().start_of(next)};
        reading_.ask([span, customer = all_ ? std::nullopt : customer_](node::Node& branch) {
            std::vector<PaymentRow> list;
            for (const node::Json& json : node::payments(branch, customer, span)) {
                PaymentRow row;
                row.seq = json.at("seq").get<std::int64_t>();
                row.at = node::parse_instant(json.at("at").get<std::string>());
                row.cashier = json.value("cashier", "");
                row.receipts = json.value("receipts", "");
                row.amount = node::parse<node::Money>(json.at("amount").get<std::string>()).value_or(node::Money{});
                const node::Json number = json.value("number", node::Json());
                const node::Json cards = json.value("cards", node::Json::array());
                row.who = json.value("customer", "");
                if (row.who.empty()) row.who = number.is_number() ? number.dump() : cards.empty() ? "" : cards.front().get<std::string>();
                list.push_back(std::move(row));
            }
            return list;
        });
    }

    void turn(int by) {
        constexpr int first_year = 1990;
        year_ = std::clamp(year_ + by, first_year, this_year_);
        load();
    }

    node::Money sum() const {
        node::Money sum;
        for (const PaymentRow& row : rows()) sum += row.amount;
        return sum;
    }

    std::vector<Action> actions() {
        const bool any = !rows().empty();
        return {{all_ ? tr("This customer alone") : tr("All customers"), all_ ? Icon::user : Icon::users, GLFW_KEY_F3,
                 [this] {
                     all_ = !all_;
                     load();
                 },
                 false, Tone::neutral, ButtonLook::outline, customer_.has_value()},
                {tr("Save the list"), Icon::download, GLFW_KEY_F11, [this] { save(); }, false, Tone::neutral, ButtonLook::outline, any},
                {tr("Show the slip"), Icon::print, GLFW_KEY_ENTER, [this] { show(); }, false, Tone::accent, ButtonLook::solid, any}};
    }

    void show() {
        if (list_.selected < 0 || list_.selected >= static_cast<int>(rows().size())) return;
        desk_.slip = node::print(desk_.node.info().node) + "/" + std::to_string(rows()[static_cast<std::size_t>(list_.selected)].seq);
        desk_.open(PanelName::slip);
    }

    void save() {
        node::ReportRange range;
        range.from = node::parse_date(std::to_string(year_) + "-01-01");
        range.to = node::parse_date(std::to_string(year_) + "-12-31");
        if (!all_ && customer_) range.customer = handle_of(*customer_);
        saving_.begin(file_stem(tr("Payments of accounts")) + "-" + std::to_string(year_) + ".pdf",
                      [range, figures = desk_.words.figures()](node::Node& branch, const std::filesystem::path& file) {
                          save_table(in_words(node::report_table(branch, "payments", range), figures), file, figures);
                      });
    }

    void draw_head(Ui& ui, Rect rect) {
        const Rect before = rect.cut_left(120, space::s);
        const Rect year = rect.cut_left(110, space::s);
        const Rect after = rect.cut_left(120, space::l);
        const Rect places[] = {before, after};
        const bool more = year_ < this_year_;
        const int clicked = button_row(ui, places, {{.label = tr("Before"), .key = "←"}, {.label = tr("After"), .key = "→", .enabled = more}});
        if (clicked >= 0) turn(clicked == 0 ? -1 : 1);
        ui.canvas.number(year, std::to_string(year_), Type::figure, ui.theme.ink, Align::centre);
        labelled(ui, rect, tr("Paid in all"), desk_.words.money(sum()), Type::title, ui.theme.go, Align::right);
    }

    Desk& desk_;
    std::optional<node::CustomerRecord> customer_;
    bool all_;
    int this_year_ = 0, year_ = 0;
    ListState list_;
    SaveFile saving_;
    Reading<std::vector<PaymentRow>> reading_;
};

}  // namespace

std::unique_ptr<Panel> make_account_payments_panel(Desk& desk) { return std::make_unique<AccountPaymentsPanel>(desk); }

}  // namespace paprsek::ui
