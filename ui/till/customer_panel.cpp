// F1: the customer, by number, card or name; and, when one is chosen, what is known of them.
#include <algorithm>

#include "node/customers.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

bool all_digits(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class CustomerPanel final : public Panel {
public:
    explicit CustomerPanel(Desk& desk) : desk_(desk) {
        search();
        load_account();
    }

    bool key(const KeyPress& press) override {
        if (press.is(GLFW_KEY_DELETE) && field_.empty() && desk_.view().customer) {
            log_out();
            return true;
        }
        if (press.enter()) {
            choose();
            return true;
        }
        if (list_.handle(press, static_cast<int>(found_.size()))) {
            moved_ = true;
            return true;
        }
        if (press.card_prefix()) return true;  // F1, `;` and a card is the same as F1 and a card
        if (!field_.handle(press)) return false;
        search();
        return true;
    }

    bool scan(const std::string& text) override {
        log_in(text.starts_with(';') ? text.substr(1) : text);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::user, tr("Customer"), tr("Number, card or name"), "Esc"}, closed);
        if (closed) desk_.close();
        text_field(ui, inside.cut_top(50, space::m), field_,
                   {.placeholder = tr("Scan a card, or type"), .icon = Icon::id_card, .focused = true, .type = Type::title});
        if (desk_.view().customer && field_.empty()) draw_known(ui, inside);
        else draw_list(ui, inside);
    }

private:
    void search() {
        constexpr int shown_max = 100;
        desk_.guarded([&] { found_ = node::search_customers(desk_.node.database(), field_.text(), shown_max); });
        list_ = {};
        moved_ = false;
        if (!found_.empty() && !field_.empty()) list_.selected = 0;
    }

    void load_account() {
        account_.clear();
        if (const auto& customer = desk_.view().customer)
            desk_.guarded([&] { account_ = node::open_items(desk_.node.database(), customer->id); });
    }

    void log_in(const std::string& number_or_card) {
        desk_.act([this, number_or_card] { return desk_.till.log_in(number_or_card); }, [this] { desk_.close(); });
    }

    void log_out() {
        desk_.act([&] { return desk_.till.log_out(); });
        load_account();
    }

    /// Digits are a number or a card, whatever the list shows, unless a row was chosen in it.
    void choose() {
        const std::string typed = field_.text();
        if (!typed.empty() && !moved_ && all_digits(typed)) {
            log_in(typed);
        } else if (list_.selected >= 0 && list_.selected < static_cast<int>(found_.size())) {
            const node::FoundCustomer& found = found_[static_cast<std::size_t>(list_.selected)];
            log_in(found.number ? std::to_string(*found.number) : found.card);
        } else if (!typed.empty()) {
            log_in(typed);
        } else {
            desk_.close();
        }
    }

    void draw_list(Ui& ui, Rect inside) {
        const Rect foot = inside.cut_bottom(46, space::s);
        const bool can = list_.selected >= 0 || !field_.empty();
        if (button(ui, foot,
                   {.label = tr("Choose this customer"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid, .enabled = can})) {
            choose();
            return;
        }
        if (found_.empty()) {
            empty_state(ui, inside, Icon::user, tr("Nobody found"), tr("Enter looks the number or card up, or makes a new customer."));
            return;
        }
        const Column columns[] = {{tr("No."), 52, 0, Align::right}, {tr("Name"), 0, 1}, {tr("Card"), 140, 0}};
        const ListEvents events = table(ui, inside, list_, columns, static_cast<int>(found_.size()), {}, [&](int i, auto cells) {
            const node::FoundCustomer& found = found_[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], found.number ? std::to_string(*found.number) : "–", Type::strong, ui.theme.ink_soft);
            ui.canvas.text(cells[1], found.name.empty() ? tr("Card without a name") : found.name.c_str(), Type::strong,
                           found.name.empty() ? ui.theme.ink_faint : ui.theme.ink);
            ui.canvas.number(cells[2], found.card, Type::caption, ui.theme.ink_soft, Align::left);
        });
        if (events.clicked >= 0) moved_ = true;
        if (events.activated >= 0) choose();
    }

    void draw_known(Ui& ui, Rect inside) {
        const Theme& t = ui.theme;
        const node::ViewCustomer customer = *desk_.view().customer;
        const Rect foot = inside.cut_bottom(46, space::s);
        Rect head = inside.cut_top(56, space::m);
        const Rect badge = head.cut_left(56, space::m);
        ui.canvas.circle(badge.centre(), 28, t.danger);
        ui.canvas.icon(badge, Icon::user, IconSize::medium, t.on_danger);
        ui.canvas.text(head.cut_top(30), customer.name.empty() ? customer.shown : customer.name, Type::title, t.ink);
        std::string below = customer.number ? fill_in(tr("Number {}"), {std::to_string(*customer.number)}) + " · " : "";
        below += customer.last_purchase ? fill_in(tr("last purchase {}"), {desk_.words.date(*customer.last_purchase)})
                                        : std::string(tr("no purchase yet"));
        ui.canvas.text(head, below, Type::caption, t.ink_soft);

        Rect figures = inside.cut_top(70, space::m);
        const auto figure = [&](int column, const char* label, const std::string& value, Color ink) {
            const Rect cell = figures.cell(column, 3, 0, 1, space::s);
            ui.canvas.fill(cell, t.sunken, radius::control);
            labelled(ui, cell.inset(space::m, space::s), label, value, Type::title, ink);
        };
        figure(0, tr("Points"), desk_.words.points(customer.points), t.accent);
        figure(1, tr("Spend"), desk_.words.bare_money(customer.spend), t.ink);
        figure(2, tr("On account"), desk_.words.bare_money(customer.debt), customer.debt.is_zero() ? t.ink_faint : t.warn);

        draw_account(ui, inside, customer);
        if (button(ui, foot.cell(0, 2, 0, 1, space::s), {.label = tr("Log out"), .key = "Del", .icon = Icon::times})) log_out();
        if (button(ui, foot.cell(1, 2, 0, 1, space::s),
                   {.label = tr("Go on selling"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid}))
            desk_.close();
    }

    void draw_account(Ui& ui, Rect inside, const node::ViewCustomer& customer) {
        if (account_.empty()) {
            const char* sentence =
                customer.charge ? tr("May pay later: purchases can be charged to the account.") : tr("Pays at once: no account is open.");
            empty_state(ui, inside, Icon::check, tr("Nothing unpaid"), sentence);
            return;
        }
        ui.canvas.text(inside.cut_top(24, space::xs), tr("Unpaid items"), Type::strong, ui.theme.ink);
        const Column columns[] = {{tr("When"), 82, 0}, {tr("Item"), 0, 1}, {tr("Unpaid"), 90, 0, Align::right}};
        table(ui, inside, account_list_, columns, static_cast<int>(account_.size()), {.row_height = 36}, [&](int i, auto cells) {
            const node::AccountItem& item = account_[static_cast<std::size_t>(i)];
            ui.canvas.text(cells[0], desk_.words.date(item.at), Type::caption, ui.theme.ink_soft);
            ui.canvas.text(cells[1], item.name, Type::body, ui.theme.ink);
            ui.canvas.number(cells[2], desk_.words.bare_money(item.open()), Type::strong, ui.theme.ink);
        });
    }

    Desk& desk_;
    TextField field_;
    ListState list_, account_list_;
    bool moved_ = false;
    std::vector<node::FoundCustomer> found_;
    std::vector<node::AccountItem> account_;
};

}  // namespace

std::unique_ptr<Panel> make_customer_panel(Desk& desk) { return std::make_unique<CustomerPanel>(desk); }

}  // namespace paprsek::ui
