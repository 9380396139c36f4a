// Settling an account (A4): unpaid items above (grey), what is paid now below (yellow). Enter or a double click moves an item over, with a
// part of its quantity; the same below moves it back. Then it is paid, and the slip is shown.
#include <algorithm>

#include "node/account.h"
#include "node/pricing.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

/// An unpaid item, and how much of it is paid now.
struct OpenRow {
    node::AccountItem item;
    node::Quantity chosen;
    node::Quantity open() const { return item.quantity - item.settled_quantity; }
    node::Quantity left() const { return open() - chosen; }
};

class SettlePanel final : public Panel {
public:
    explicit SettlePanel(Desk& desk) : desk_(desk), customer_(record_of(desk, desk.subject)) { load(); }

    Cover cover() const override { return Cover::whole; }
    bool finishes() const override { return true; }
    /// Back from the slip: done, where nothing more is unpaid.
    void returned() override {
        load();
        if (rows_.empty()) desk_.back();
    }

    bool key(const KeyPress& press) override {
        switch (stage_) {
            case Stage::choosing:
                return choosing_key(press);
            case Stage::quantity:
                return quantity_key(press);
            case Stage::paying:
                return paying_key(press);
        }
        return false;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string who = customer_ ? title_of(*customer_) : std::string(tr("Nobody chosen"));
        Rect inside = sheet(ui, area, {Icon::money, tr("Settle the account"), who, "Esc"}, closed);
        if (closed && !step_back()) desk_.back();
        if (rows_.empty()) {
            empty_state(ui, inside, Icon::check, tr("Nothing unpaid"), tr("What is charged to the account will stand here."));
            return;
        }
        const Rect foot = inside.cut_bottom(48, space::m);
        draw_actions(ui, foot, actions());
        draw_bottom(ui, inside.cut_bottom(58, space::m));
        Rect upper = inside.cut_top((inside.h - space::m) / 2, space::m);
        draw_rows(ui, upper, false);
        draw_rows(ui, inside, true);
    }

private:
    enum class Stage { choosing, quantity, paying };

    void load() {
        rows_.clear();
        if (!customer_) return;
        desk_.guarded([&] {
            for (node::AccountItem& item : node::open_items(desk_.node.database(), customer_->terms.id)) rows_.push_back({std::move(item), {}});
        });
        select_first();
    }

    void select_first() {
        upper_list_.selected = shown(false).empty() ? -1 : 0;
        lower_list_.selected = -1;
        below_ = false;
    }

    /// Indices of the rows of a table: above what is left open, below what is chosen. A credit has no quantity: it is chosen whole.
    std::vector<std::size_t> shown(bool below) const {
        std::vector<std::size_t> list;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (below ? !rows_[i].chosen.is_zero() : !rows_[i].left().is_zero()) list.push_back(i);
        }
        return list;
    }

    node::Money price(const OpenRow& row, node::Quantity quantity) const {
        if (quantity.is_zero()) return {};
        return quantity == row.open() ? row.item.open() : node::price_of_settling(row.item, quantity);
    }
    node::Money sum() const {
        node::Money sum;
        for (const OpenRow& row : rows_) sum += price(row, row.chosen);
        return sum;
    }

    /// What cash has to cover: the sum, rounded as all cash is.
    node::Money cash_due() const {
        const node::Policy& policy = desk_.policy();
        return node::settle(sum(), {}, policy.cash_rounding, nullptr, policy.tenders).cash_due;
    }

    ListState& list_of(bool below) { return below ? lower_list_ : upper_list_; }
    OpenRow* selected() {
        const std::vector<std::size_t> rows = shown(below_);
        const int at = list_of(below_).selected;
        return at >= 0 && at < static_cast<int>(rows.size()) ? &rows_[rows[static_cast<std::size_t>(at)]] : nullptr;
    }

    /// Enter on a piece moves it; where there is more than one, the quantity is asked for, all of it proposed.
    void begin_move(const std::optional<KeyPress>& typed = {}) {
        OpenRow* row = selected();
        if (row == nullptr) return;
        const node::Quantity most = below_ ? row->chosen : row->left();
        if (most == node::one_piece || most < node::Quantity{}) {
            if (!typed) move(*row, most);
            return;
        }
        quantity_.propose(desk_.words.typed(most));
        if (typed) quantity_.handle(*typed);
        stage_ = Stage::quantity;
    }

    void move(OpenRow& row, node::Quantity quantity) {
        row.chosen = below_ ? row.chosen - quantity : row.chosen + quantity;
        settle_selection();
    }

    void confirm_quantity() {
        OpenRow* row = selected();
        if (row == nullptr) return;
        const node::Quantity most = below_ ? row->chosen : row->left();
        const auto quantity = quantity_.empty() ? most : Words::parse_typed<node::Quantity>(quantity_.text());
        if (!quantity || *quantity <= node::Quantity{} || *quantity > most) {
            desk_.toasts.show(Tone::danger, Icon::exclamation, fill_in(tr("Between 0 and {}."), {desk_.words.quantity(most)}));
            quantity_.propose(desk_.words.typed(most));
            return;
        }
        stage_ = Stage::choosing;
        move(*row, *quantity);
    }

    void settle_selection() {
        for (const bool below : {false, true}) {
            const int count = static_cast<int>(shown(below).size());
            ListState& state = list_of(below);
            state.selected = count == 0 ? -1 : std::clamp(state.selected, 0, count - 1);
        }
        if (selected() == nullptr) below_ = !below_;
        if (selected() == nullptr) below_ = false;
    }

    void choose_all(bool all) {
        for (OpenRow& row : rows_) row.chosen = all ? row.open() : node::Quantity{};
        below_ = all;
        settle_selection();
    }

    std::vector<Action> actions() {
        const bool any = !shown(true).empty();
        switch (stage_) {
            case Stage::choosing:
                return {{below_ ? tr("Put back") : tr("Pay this one"), below_ ? Icon::arrow_up : Icon::angle_down, GLFW_KEY_ENTER, [this] { begin_move(); },
                         false, Tone::neutral, ButtonLook::outline, selected() != nullptr},
                        {tr("Select all"), Icon::check, GLFW_KEY_F3, [this] { choose_all(true); }, false, Tone::neutral, ButtonLook::outline,
                         !shown(false).empty()},
                        {tr("None"), Icon::undo, GLFW_KEY_F5, [this] { choose_all(false); }, false, Tone::neutral, ButtonLook::outline, any},
                        {tr("Payments made"), Icon::history, GLFW_KEY_U, [this] { desk_.open(PanelName::account_payments); }, true},
                        {tr("Pay"), Icon::money, GLFW_KEY_F12, [this] { begin_payment(); }, false, Tone::go, ButtonLook::solid, any}};
            case Stage::quantity:
                return {{tr("Leave it"), Icon::times, GLFW_KEY_ESCAPE, [this] { stage_ = Stage::choosing; }},
                        {below_ ? tr("Put back") : tr("Pay this many"), Icon::check, GLFW_KEY_ENTER, [this] { confirm_quantity(); }, false, Tone::accent,
                         ButtonLook::solid}};
            case Stage::paying:
                return {{tr("Back to the items"), Icon::arrow_up, GLFW_KEY_ESCAPE, [this] { stage_ = Stage::choosing; }},
                        {tr("Card"), Icon::credit_card, GLFW_KEY_C,
                         [this] {
                             pay({{node::TenderKind::card, sum()}});
                         }},
                        {cash_.empty() ? tr("Exact cash") : tr("Take cash"), Icon::money, GLFW_KEY_ENTER, [this] { pay_cash(); }, false, Tone::go,
                         ButtonLook::solid}};
        }
        return {};
    }

    bool step_back() {
        if (stage_ != Stage::quantity && stage_ != Stage::paying) return false;
        stage_ = Stage::choosing;
        return true;
    }

    bool choosing_key(const KeyPress& press) {
        if (rows_.empty()) return false;
        if (act_by_key(actions(), press)) return true;
        if (press.is(GLFW_KEY_TAB)) {
            below_ = !below_;
            settle_selection();
            return true;
        }
        if (press.digit() && selected() != nullptr) {  // as where a receipt is divided: the quantity is typed, and Enter takes it over
            begin_move(press);
            return true;
        }
        return list_of(below_).handle(press, static_cast<int>(shown(below_).size()));
    }

    bool quantity_key(const KeyPress& press) { return act_by_key(actions(), press) || quantity_.handle(press); }

    bool paying_key(const KeyPress& press) {
        if (press.is(GLFW_KEY_F12)) {
            pay_cash();
            return true;
        }
        return act_by_key(actions(), press) || cash_.handle(press);
    }

    void begin_payment() {
        cash_.clear();
        stage_ = Stage::paying;
    }

    void pay_cash() {
        if (cash_.empty()) {
            pay({});
            return;
        }
        const auto given = Words::parse_typed<node::Money>(cash_.text());
        if (!given)
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
        else
            pay({{node::TenderKind::cash, *given}});
    }

    void pay(const std::vector<node::Tender>& tenders) {
        std::vector<node::Till::SettleItem> items;
        for (const OpenRow& row : rows_) {
            if (row.chosen.is_zero()) continue;
            const bool whole = row.chosen == row.open();
            items.push_back(
                {node::print_receipt_number(desk_.node.info().node, row.item.receipt), row.item.line, whole ? std::nullopt : std::optional(row.chosen)});
        }
        const auto result = std::make_shared<node::Till::ActResult>();
        desk_.act([this, items, tenders, result] { return desk_.till.settle_account(handle_of(*customer_), items, tenders, *result); },
                  [this, result] { show_slip(*result); });
    }

    void show_slip(const node::Till::ActResult& result) {
        stage_ = Stage::choosing;
        const std::string paid = desk_.words.money(result.fact.amount + result.fact.rounding);
        desk_.toasts.show(Tone::go, Icon::check,
                          result.fact.change.is_zero() ? fill_in(tr("{} is paid"), {paid})
                                                       : fill_in(tr("{} is paid, change {}"), {paid, desk_.words.money(result.fact.change)}));
        desk_.slip = node::print(desk_.node.info().node) + "/" + std::to_string(result.seq);
        desk_.open(PanelName::slip);
    }

    void draw_rows(Ui& ui, Rect rect, bool below) {
        const Theme& t = ui.theme;
        // Grey above, yellow below, as users of such tills know it; the words say the same where colours do not.
        ui.canvas.fill(rect, below ? t.warn_soft : t.sunken, radius::control);
        ui.canvas.outline(rect, below == below_ ? t.accent : t.line, radius::control, below == below_ ? 2.0F : 1.0F);
        Rect inside = rect.inset(space::s);
        ui.canvas.text(inside.cut_top(22).inset(space::m, 0), below ? tr("Paid now") : tr("Unpaid"), Type::caption_strong, below ? t.warn : t.ink_soft);
        const std::vector<std::size_t> rows = shown(below);
        if (rows.empty()) {
            const char* const empty = below ? tr("Enter or a double click brings an item here; F3 brings all.") : tr("Everything is chosen to be paid.");
            ui.canvas.text(inside, empty, Type::body, t.ink_soft, Align::centre);
            return;
        }
        const Column columns[] = {{tr("When"), 90, 0},
                                  {tr("Receipt"), 100, 0},
                                  {tr("Item"), 0, 1},
                                  {tr("Served by"), 110, 0},
                                  {tr("Quantity"), 80, 0, Align::right},
                                  {tr("Amount"), 110, 0, Align::right}};
        const ListEvents events =
            table(ui, inside, list_of(below), columns, static_cast<int>(rows.size()), {.row_height = 40, .zebra = false, .focused = below == below_},
                  [&](int i, auto cells) {
                      const OpenRow& row = rows_[rows[static_cast<std::size_t>(i)]];
                      const node::Quantity quantity = below ? row.chosen : row.left();
                      const node::Money amount = below ? price(row, row.chosen) : row.item.open() - price(row, row.chosen);
                      ui.canvas.text(cells[0], desk_.words.date(row.item.at), Type::caption, t.ink_soft);
                      ui.canvas.text(cells[1], node::print_receipt_number(desk_.node.info().node, row.item.receipt), Type::caption, t.ink_soft);
                      ui.canvas.text(cells[2], row.item.name.empty() ? tr("Credit") : row.item.name.c_str(), Type::strong, t.ink);
                      ui.canvas.text(cells[3], row.item.cashier, Type::caption, t.ink_soft);
                      ui.canvas.number(cells[4], desk_.words.quantity(quantity), Type::body, t.ink);
                      ui.canvas.number(cells[5], desk_.words.bare_money(amount), Type::strong, t.ink);
                  });
        if (events.clicked >= 0 && stage_ == Stage::choosing) below_ = below;
        if (events.activated >= 0 && stage_ == Stage::choosing) begin_move();
    }

    void draw_bottom(Ui& ui, Rect rect) {
        const Theme& t = ui.theme;
        const Rect total = rect.cut_right(std::max(260.0F, rect.w * 0.34F), space::l);
        ui.canvas.fill(total, t.strip, radius::card);
        labelled(ui, total.inset(20, space::s), tr("To pay"), desk_.words.money(sum()), Type::figure, t.on_strip, Align::right, t.on_strip_soft);
        if (stage_ == Stage::quantity) {
            const OpenRow* row = selected();
            Rect line = rect.middle(rect.w, 50);
            const Rect field = line.cut_right(200, space::m);
            if (row != nullptr) ui.canvas.text(line, fill_in(tr("How many of {}?"), {row->item.name}), Type::strong, t.ink, Align::right);
            text_field(ui, field, quantity_, {.focused = true, .type = Type::title, .suffix = "×", .align = Align::right});
        } else if (stage_ == Stage::paying) {
            Rect line = rect.middle(rect.w, 50);
            const Rect field = line.cut_right(260, space::m);
            const auto given = cash_.empty() ? std::nullopt : Words::parse_typed<node::Money>(cash_.text());
            const node::Money due = cash_due();
            const bool enough = given && *given >= due;
            const std::string words = cash_.empty() ? fill_in(tr("Enter takes {} in cash"), {desk_.words.money(due)})
                                      : enough      ? fill_in(tr("Change {}"), {desk_.words.money(*given - due)})
                                                    : std::string(tr("Not enough yet"));
            ui.canvas.text(line, words, Type::title, enough ? t.go : t.ink_soft, Align::right);
            text_field(ui, field, cash_,
                       {.placeholder = tr("Amount given"),
                        .icon = Icon::money,
                        .focused = true,
                        .type = Type::title,
                        .suffix = desk_.words.currency_sign(),
                        .align = Align::right});
        } else {
            ui.canvas.paragraph(rect.inset(space::s, space::l),
                                tr("Tab switches between the tables. F3 takes all items; Enter moves one there or back."), Type::caption,
                                t.ink_soft);
        }
    }

    Desk& desk_;
    std::optional<node::CustomerRecord> customer_;
    std::vector<OpenRow> rows_;
    ListState upper_list_, lower_list_;
    bool below_ = false;
    Stage stage_ = Stage::choosing;
    TextField quantity_{TextField::Accepts::amount, 12};
    TextField cash_{TextField::Accepts::amount, 14};
};

}  // namespace

std::unique_ptr<Panel> make_settle_panel(Desk& desk) { return std::make_unique<SettlePanel>(desk); }

}  // namespace paprsek::ui
