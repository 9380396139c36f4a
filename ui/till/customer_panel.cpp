// F1: the customer, by number, card or name. One who is chosen has the whole screen: figures, how they may pay, what is unpaid, and
// the history as a bank statement. What is set here is kept on OK, on the way back and with the next customer (A1).
#include <algorithm>
#include <utility>

#include "node/codes.h"
#include "node/customers.h"
#include "node/lookup.h"
#include "node/referrals.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/kit/list.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

bool all_digits(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What the screen shows of the one who is chosen.
struct Account {
    std::optional<node::CustomerRecord> record;  ///< none: a new card, registered with the receipt
    std::vector<node::AccountItem> items;
    std::vector<MovementRow> history;
    node::ReferralTies ties;
};

class CustomerPanel final : public Panel {
public:
    explicit CustomerPanel(Desk& desk) : desk_(desk), searching_(desk.background), reading_(desk.background) {
        if (desk.view().customer)
            load();
        else
            search();
        if (!desk.new_card.empty() && !desk.view().customer) offer_registration(std::exchange(desk.new_card, {}));
    }

    Cover cover() const override { return desk_.view().customer ? Cover::whole : Cover::side; }
    bool settled() const override { return !searching_.waiting() && !reading_.waiting(); }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] {
            if (searching_.poll()) {
                changed = true;
                list_ = {};
                moved_ = false;
                if (!found().empty() && !field_.empty()) list_.selected = meant();
            }
            if (reading_.poll()) {
                changed = true;
                take_account();
            }
        });
        return changed;
    }

    void leaving() override { save_terms(); }
    void returned() override {
        if (desk_.view().customer)
            load();
        else
            search();
    }

    bool key(const KeyPress& press) override {
        if (question_.key(press)) return true;
        if (known() && field_.empty()) return account_key(press);
        if (press.enter()) {
            choose();
            return true;
        }
        if (list_.handle(press, static_cast<int>(found().size()))) {
            moved_ = true;
            return true;
        }
        if (press.card_prefix()) return true;  // F1, `;` and a card is the same as F1 and a card
        if (known() && press.is(GLFW_KEY_ESCAPE)) {
            field_.clear();  // back to the one who is chosen
            return true;
        }
        if (act_by_key(list_actions(), press)) return true;
        if (!field_.handle(press)) return false;
        search();
        return true;
    }

    bool scan(const std::string& text) override {
        // Goods are rung up from here, too (T3); anything else is somebody's card.
        bool goods = false;
        desk_.guarded([&] { goods = node::read_code(desk_.node.database(), desk_.policy(), text).kind == node::CodeReading::Kind::product; });
        if (goods && !text.starts_with(';')) return false;
        log_in(text.starts_with(';') ? text.substr(1) : text);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const bool account = known() && field_.empty();
        const char* subtitle = account ? tr("Changes are saved when you leave") : tr("Number, card or name");
        Rect inside = sheet(ui, area, {Icon::user, account ? tr("Customer account") : tr("Customer"), subtitle, "Esc"}, closed);
        if (closed) {
            if (known() && !account)
                field_.clear();
            else
                desk_.close();
        }
        if (known()) {
            draw_account(ui, inside);
            return;
        }
        draw_field(ui, inside.cut_top(50, space::m));
        draw_list(ui, inside);
    }

private:
    enum class Zone { search, charge, limit, rows };

    bool known() const { return desk_.view().customer.has_value(); }

    // ------------------------------------------------------------------ choosing

    const std::vector<node::FoundCustomer>& found() const {
        static const std::vector<node::FoundCustomer> nobody;
        return searching_.answered() ? searching_.result() : nobody;
    }

    void search() {
        constexpr int shown_max = 100;
        searching_.ask([text = field_.text()](node::Node& branch) { return node::search_customers(branch.database(), text, shown_max); });
    }

    void log_in(const std::string& number_or_card) {
        if (!save_terms()) return;
        const auto command = [this, number_or_card] {
            last_ = desk_.till.log_in(number_or_card);
            return last_;
        };
        last_ = {};
        if (desk_.act(command, [this] { desk_.close(); })) return;
        const bool is_card = !node::as_customer_number(number_or_card);
        if (is_card && (last_.refusal == node::Refusal::unknown_customer || last_.refusal == node::Refusal::details_demanded))
            offer_registration(number_or_card);
    }

    /// L3: nobody has this card. The next screen has it filled in.
    void offer_registration(const std::string& card) {
        field_.clear();
        question_.ask(fill_in(tr("Nobody has the card {}. Register a new customer with it?"), {card}), tr("Register"), Tone::accent, [this, card] {
            desk_.new_card = card;
            desk_.subject.clear();
            desk_.open(PanelName::person);
        });
    }

    void log_out() {
        if (!save_terms()) return;
        desk_.act([&] { return desk_.till.log_out(); });
        account_ = {};
        search();
    }

    /// Digits are a number or a card, whatever the list shows, unless a row was chosen in it.
    /// Whom Enter would take: a number that was typed is a customer's own before it is the beginning of a card.
    int meant() const {
        if (!all_digits(field_.text())) return 0;
        const auto same = [&](const node::FoundCustomer& customer) { return customer.number && std::to_string(*customer.number) == field_.text(); };
        const auto at = std::find_if(found().begin(), found().end(), same);
        return at == found().end() ? 0 : static_cast<int>(at - found().begin());
    }

    void choose() {
        const std::string typed = field_.text();
        if (!typed.empty() && !moved_ && all_digits(typed)) {
            log_in(typed);
        } else if (!searching_.waiting() && list_.selected >= 0 && list_.selected < static_cast<int>(found().size())) {
            const node::FoundCustomer& customer = found()[static_cast<std::size_t>(list_.selected)];
            log_in(customer.number ? std::to_string(*customer.number) : customer.card);
        } else if (!typed.empty()) {
            log_in(typed);
        } else {
            desk_.close();
        }
    }

    std::vector<Action> list_actions() {
        return {
            {tr("New customer"), Icon::plus, GLFW_KEY_INSERT,
             [this] {
                 desk_.subject.clear();
                 desk_.open(PanelName::person);
             }},
            {tr("Choose"), Icon::check, GLFW_KEY_ENTER, [this] { choose(); }, false, Tone::accent, ButtonLook::solid, list_.selected >= 0 || !field_.empty()}};
    }

    void draw_field(Ui& ui, Rect rect) {
        const bool focused = !(known() && field_.empty()) || zone_ == Zone::search;
        const char* placeholder = known() ? tr("Another customer: scan a card, or type") : tr("Scan a card, or type");
        if (text_field(ui, rect, field_, {.placeholder = placeholder, .icon = Icon::id_card, .focused = focused, .type = Type::title})) zone_ = Zone::search;
    }

    void draw_list(Ui& ui, Rect inside) {
        const Rect foot = inside.cut_bottom(46, space::s);
        if (question_.open()) {
            draw_offer(ui, foot, inside);
        } else {
            draw_actions(ui, foot, list_actions());
        }
        if (found().empty()) {
            if (searching_.waiting()) return;
            empty_state(ui, inside, Icon::user, field_.empty() ? tr("No customer yet") : tr("Nobody found"),
                        tr("Enter looks the number or card up, or makes a new customer."));
            return;
        }
        const Column columns[] = {{tr("No."), 44, 0, Align::right}, {tr("Name"), 0, 1}, {tr("Card"), 112, 0}};
        const ListEvents events = table(ui, inside, list_, columns, static_cast<int>(found().size()), {}, [&](int i, auto cells) {
            const node::FoundCustomer& customer = found()[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], customer.number ? std::to_string(*customer.number) : "–", Type::strong, ui.theme.ink_soft);
            ui.canvas.text(cells[1], customer.name.empty() ? tr("Card without a name") : customer.name.c_str(), Type::strong,
                           customer.name.empty() ? ui.theme.ink_faint : ui.theme.ink);
            ui.canvas.number(cells[2], customer.card, Type::caption, ui.theme.ink_soft, Align::left);
        });
        if (events.clicked >= 0) moved_ = true;
        if (events.activated >= 0) choose();
    }

    /// The sentence above, the answers below: the side is narrow.
    void draw_offer(Ui& ui, Rect foot, Rect& inside) { question_.draw(ui, foot, inside.cut_bottom(64, space::s)); }

    // ------------------------------------------------------------------ the account

    void load() {
        const std::string id = desk_.view().customer->id;
        constexpr int movements_max = 200;
        reading_.ask([id](node::Node& branch) {
            Account account;
            account.record = node::customer_by_id(branch.database(), id);
            if (!account.record) return account;
            account.items = node::open_items(branch.database(), account.record->terms.id);
            account.history = movement_rows(branch, *account.record, movements_max);
            account.ties = node::referral_ties(branch.database(), *account.record);
            return account;
        });
    }

    void take_account() {
        if (!known()) return;
        account_ = reading_.result();
        if (account_.record && !terms_touched_) {
            charge_ = account_.record->terms.charge;
            const node::Money limit = account_.record->terms.limit;
            limit_.set(limit.is_zero() ? std::string() : desk_.words.typed(limit));
        }
        if (!tab_chosen_) show_history_ = account_.items.empty();
        history_list_.select(static_cast<int>(account_.history.size()) - 1);
        items_list_.selected = account_.items.empty() ? -1 : 0;
    }

    /// A1: what was set, where something was. False where the limit is no amount, which stays in its field.
    bool read_terms(std::optional<node::CustomerChange>& wanted) {
        if (!terms_touched_ || !account_.record) return true;
        const auto limit = limit_.empty() ? node::Money{} : Words::parse_typed<node::Money>(limit_.text());
        if (!limit) {
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("The account's limit is not an amount."));
            return false;
        }
        node::CustomerChange change;
        change.customer = account_.record->terms.id;
        if (charge_ != account_.record->terms.charge) change.charge = charge_;
        if (*limit != account_.record->terms.limit) change.limit = *limit;
        if (change.charge || change.limit) wanted = std::move(change);
        return true;
    }

    void terms_kept(const node::CustomerBooked& booked) {
        terms_touched_ = false;
        account_.record = booked.customer;
        desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("Kept for {}"), {title_of(booked.customer)}));
    }

    /// On the way out, where there is nobody to ask for an approval. True where nothing was wrong.
    bool save_terms() {
        std::optional<node::CustomerChange> wanted;
        if (!read_terms(wanted)) return false;
        terms_touched_ = false;
        if (!wanted) return true;
        node::CustomerBooked booked;
        if (!desk_.act([&] { return change_customer(desk_, *wanted, booked); })) return false;
        terms_kept(booked);
        return true;
    }

    /// By OK: a second person may lend what the cashier may not do.
    void save_terms_and_close() {
        std::optional<node::CustomerChange> wanted;
        if (!read_terms(wanted)) return;
        if (!wanted) {
            terms_touched_ = false;
            return desk_.close();
        }
        const auto booked = std::make_shared<node::CustomerBooked>();
        desk_.act([this, change = *wanted, booked] { return change_customer(desk_, change, *booked); },
                  [this, booked] {
                      terms_kept(*booked);
                      desk_.close();
                  });
    }

    void toggle_charge() {
        charge_ = !charge_;
        terms_touched_ = true;
    }

    std::vector<Action> account_actions() {
        const bool registered = account_.record.has_value();
        const auto go = [this](PanelName panel) {
            return [this, panel] {
                if (!save_terms()) return;
                desk_.subject = account_.record ? account_.record->terms.id : std::string();
                if (!account_.record) desk_.new_card = desk_.view().customer->shown;
                desk_.open(panel);
            };
        };
        std::vector<Action> list = {
                {tr("Off the receipt"), Icon::times, GLFW_KEY_DELETE, [this] { log_out(); }},
                {registered ? tr("Data") : tr("Register"), Icon::pencil, GLFW_KEY_F3, go(PanelName::person)},
                {tr("Settle"), Icon::money, GLFW_KEY_F5, go(PanelName::settle), false, Tone::neutral, ButtonLook::outline, !account_.items.empty()},
                {tr("Statement"), Icon::file, GLFW_KEY_F11, go(PanelName::statement), false, Tone::neutral, ButtonLook::outline, registered},
                {tr("Payments made"), Icon::history, GLFW_KEY_U, go(PanelName::account_payments), true, Tone::neutral, ButtonLook::outline, registered}};
        // Where points are money that was paid in (L14).
        if (desk_.policy().redemption_is == node::RedemptionIs::payment)
            list.push_back({tr("Pay in"), Icon::money, GLFW_KEY_W, go(PanelName::deposit), true, Tone::neutral, ButtonLook::outline, registered});
        list.push_back({tr("OK"), Icon::check, GLFW_KEY_ENTER, [this] { save_terms_and_close(); }, false, Tone::accent, ButtonLook::solid});
        return list;
    }

    bool account_key(const KeyPress& press) {
        if (press.key == GLFW_KEY_TAB && !press.control && !press.alt) {
            walk(press.shift ? -1 : 1);
            return true;
        }
        if (zone_ == Zone::charge && press.is(GLFW_KEY_SPACE)) {
            toggle_charge();
            return true;
        }
        if (zone_ == Zone::limit && !press.is(GLFW_KEY_ESCAPE) && limit_.handle(press)) {
            terms_touched_ = true;
            return true;
        }
        if (press.control && press.key == GLFW_KEY_R) {
            open_referral();
            return true;
        }
        if (act_by_key(account_actions(), press)) return true;
        if (zone_ != Zone::limit && (press.key == GLFW_KEY_LEFT || press.key == GLFW_KEY_RIGHT) && !press.control) {
            choose_tab(!show_history_);
            return true;
        }
        if (show_history_ ? history_list_.handle(press, static_cast<int>(account_.history.size()))
                          : items_list_.handle(press, static_cast<int>(account_.items.size())))
            return true;
        if (press.card_prefix()) return true;
        if (zone_ == Zone::limit || !field_.handle(press)) return false;
        zone_ = Zone::search;
        search();
        return true;
    }

    void walk(int by) {
        const int zones = charge_ ? 4 : 3;
        int at = static_cast<int>(zone_);
        if (!charge_ && at == 3) at = 2;
        at = (at + by + zones) % zones;
        if (!charge_ && at == 2) at = 3;
        zone_ = static_cast<Zone>(at);
        if (zone_ == Zone::limit) limit_.propose(std::string(limit_.text()));  // what is typed takes its place
    }

    void choose_tab(bool history) {
        show_history_ = history;
        tab_chosen_ = true;
    }

    void open_referral() {
        if (!account_.record || !save_terms()) return;
        desk_.subject = account_.record->terms.id;
        desk_.open(PanelName::referral);
    }

    void draw_account(Ui& ui, Rect inside) {
        const Rect foot = inside.cut_bottom(46, space::m);
        if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, field_.empty() ? account_actions() : list_actions());
        Rect left = inside.cut_left(std::max(390.0F, inside.w * 0.38F), space::l);
        draw_field(ui, left.cut_top(46, space::m));
        draw_who(ui, left);
        if (field_.empty())
            draw_papers(ui, inside);
        else
            draw_found(ui, inside);
    }

    void draw_found(Ui& ui, Rect rect) {
        if (found().empty()) {
            empty_state(ui, rect, Icon::user, field_.empty() ? tr("No customer yet") : tr("Nobody found"),
                        tr("Enter looks the number or card up, or makes a new customer."));
            return;
        }
        const Column columns[] = {{tr("No."), 44, 0, Align::right}, {tr("Name"), 0, 1}, {tr("Card"), 112, 0}};
        const ListEvents events = table(ui, rect, list_, columns, static_cast<int>(found().size()), {}, [&](int i, auto cells) {
            const node::FoundCustomer& customer = found()[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], customer.number ? std::to_string(*customer.number) : "–", Type::strong, ui.theme.ink_soft);
            ui.canvas.text(cells[1], customer.name.empty() ? tr("Card without a name") : customer.name.c_str(), Type::strong, ui.theme.ink);
            ui.canvas.number(cells[2], customer.card, Type::caption, ui.theme.ink_soft, Align::left);
        });
        if (events.clicked >= 0) moved_ = true;
        if (events.activated >= 0) choose();
    }

    void draw_who(Ui& ui, Rect left) {
        const Theme& t = ui.theme;
        const node::ViewCustomer customer = *desk_.view().customer;
        Rect head = left.cut_top(52, space::m);
        const Rect badge = head.cut_left(52, space::m);
        ui.canvas.circle(badge.centre(), 26, t.danger);
        ui.canvas.icon(badge, Icon::user, IconSize::medium, t.on_danger);
        ui.canvas.text(head.cut_top(28), customer.name.empty() ? customer.shown : customer.name, Type::title, t.ink);
        ui.canvas.text(head, account_.record ? line_of(desk_.words, *account_.record) : std::string(tr("New: registered with this receipt")), Type::caption,
                       t.ink_soft);
        Rect figures = left.cut_top(66, space::s);
        const auto figure = [&](int column, const char* label, const std::string& value, Color ink) {
            const Rect cell = figures.cell(column, 3, 0, 1, space::s);
            ui.canvas.fill(cell, t.sunken, radius::control);
            labelled(ui, cell.inset(space::m, space::s), label, value, Type::title, ink);
        };
        figure(0, tr("Points"), desk_.words.points(customer.points), t.accent);
        const float room = figures.cell(0, 3, 0, 1, space::s).w - 2 * space::m;
        const auto amount = [&](node::Money money) {  // its currency only where there is room for it
            const std::string whole = desk_.words.money(money);
            return ui.canvas.width(whole, Type::title) <= room ? whole : desk_.words.bare_money(money);
        };
        figure(1, tr("Spend"), amount(customer.spend), t.ink);
        figure(2, tr("Debt"), amount(customer.debt), customer.debt.is_zero() ? t.ink_faint : t.warn);
        Rect fresh = left.cut_top(40, space::m);
        ui.canvas.icon(Rect(fresh.cut_left(18, space::s)).cut_top(18), Icon::clock, IconSize::small, t.ink_faint);
        ui.canvas.paragraph(fresh, freshness_of(desk_, customer.spendable), Type::caption, t.ink_soft);
        if (!account_.record) return;
        draw_terms(ui, left);
        draw_ties(ui, left);
    }

    void draw_terms(Ui& ui, Rect& left) {
        if (switch_of(ui, left.cut_top(44, space::xs), tr("Charge purchases to the account, no cash"), charge_, zone_ == Zone::charge)) {
            toggle_charge();
            zone_ = Zone::charge;
        }
        Rect row = left.cut_top(44, space::m);
        if (!charge_) {
            ui.canvas.text(row.inset(space::s, 0), tr("Pays at once. Space or a touch lets the customer pay later."), Type::caption, ui.theme.ink_faint);
            return;
        }
        ui.canvas.text(row.cut_left(row.w * 0.5F, space::s).inset(space::s, 0), tr("The account's limit"), Type::body, ui.theme.ink);
        if (text_field(ui, row, limit_,
                       {.placeholder = tr("No limit"), .focused = zone_ == Zone::limit, .suffix = desk_.words.currency_sign(), .align = Align::right}))
            zone_ = Zone::limit;
    }

    /// L15: a red dot where somebody brought the customer, or the customer brought somebody.
    void draw_ties(Ui& ui, Rect left) {
        if (!desk_.policy().referral && account_.ties.empty()) return;
        const node::ReferralTies& ties = account_.ties;
        std::string words = ties.empty() ? std::string(tr("Who brought this customer?")) : std::string();
        if (!ties.referrer.empty()) words = fill_in(tr("Brought by {}"), {ties.referrer});
        if (ties.brought > 0) words += (words.empty() ? "" : " · ") + fill_in(tr("Customers brought: {}"), {desk_.words.count(ties.brought)});
        const Rect rect = left.cut_top(44);
        if (button(ui, rect, {.label = words, .key = "Ctrl R", .icon = Icon::sitemap, .type = Type::body, .align = Align::left})) open_referral();
        if (!ties.empty()) ui.canvas.circle({rect.x + space::m + 17, rect.centre().y - 8}, 5, ui.theme.danger);
    }

    void draw_papers(Ui& ui, Rect rect) {
        const std::vector<std::string> tabs{fill_in(tr("Unpaid: {}"), {desk_.words.count(static_cast<std::int64_t>(account_.items.size()))}), tr("History")};
        const int clicked = options_bar(ui, rect.cut_top(42, space::s), tabs, show_history_ ? 1 : 0, zone_ == Zone::rows);
        if (clicked >= 0) choose_tab(clicked == 1);
        if (reading_.waiting() && !reading_.answered()) return;
        if (show_history_)
            draw_history(ui, rect);
        else
            draw_items(ui, rect);
    }

    void draw_items(Ui& ui, Rect rect) {
        if (account_.items.empty()) {
            empty_state(ui, rect, Icon::check, tr("Nothing unpaid"),
                        charge_ ? tr("Purchases can be charged to the account: payment asks.") : tr("Pays at once: no account is open."));
            return;
        }
        const Column columns[] = {{tr("When"), 84, 0}, {tr("Item"), 0, 1}, {tr("Quantity"), 70, 0, Align::right}, {tr("Unpaid"), 92, 0, Align::right}};
        table(ui, rect, items_list_, columns, static_cast<int>(account_.items.size()), {.row_height = 36, .focused = zone_ == Zone::rows},
              [&](int i, auto cells) {
                  const node::AccountItem& item = account_.items[static_cast<std::size_t>(i)];
                  ui.canvas.text(cells[0], desk_.words.date(item.at), Type::caption, ui.theme.ink_soft);
                  ui.canvas.text(cells[1], item.name.empty() ? tr("Credit") : item.name.c_str(), Type::body, ui.theme.ink);
                  ui.canvas.number(cells[2], desk_.words.quantity(item.quantity - item.settled_quantity), Type::body, ui.theme.ink_soft);
                  ui.canvas.number(cells[3], desk_.words.bare_money(item.open()), Type::strong, ui.theme.ink);
              });
    }

    void draw_history(Ui& ui, Rect rect) {
        if (account_.history.size() <= 1) {
            empty_state(ui, rect, Icon::history, tr("No movement yet"), tr("Purchases, points and payments will stand here, one under another."));
            return;
        }
        const Column columns[] = {{tr("When"), 84, 0},
                                  {tr("Movement"), 0, 1},
                                  {tr("Points"), 84, 0, Align::right},
                                  {tr("Balance"), 84, 0, Align::right},
                                  {tr("Account"), 84, 0, Align::right}};
        table(ui, rect, history_list_, columns, static_cast<int>(account_.history.size()), {.row_height = 44, .focused = zone_ == Zone::rows},
              [&](int i, auto cells) {
                  const MovementRow& row = account_.history[static_cast<std::size_t>(i)];
                  if (row.at) {
                      Rect when = cells[0].inset(0, 4);
                      ui.canvas.text(when.cut_top(when.h / 2), desk_.words.date(*row.at), Type::caption, ui.theme.ink_soft);
                      ui.canvas.text(when, desk_.words.time(*row.at), Type::caption, ui.theme.ink_faint);
                  }
                  Rect what = cells[1].inset(0, 4);
                  ui.canvas.text(what.cut_top(what.h / 2), movement_name(row.kind), Type::strong, ui.theme.ink);
                  ui.canvas.text(what, row.document + (row.remark.empty() ? "" : " · " + row.remark), Type::caption, ui.theme.ink_faint);
                  ui.canvas.number(cells[2], signed_points(desk_.words, row.points), Type::body, row.points < node::Points{} ? ui.theme.danger : ui.theme.go);
                  ui.canvas.number(cells[3], desk_.words.points_column(row.points_after), Type::strong, ui.theme.ink);
                  ui.canvas.number(cells[4], signed_money(desk_.words, row.debt), Type::body, ui.theme.warn);
              });
    }

    Desk& desk_;
    TextField field_;
    TextField limit_{TextField::Accepts::amount, 14};
    ListState list_, items_list_, history_list_;
    bool moved_ = false, show_history_ = false, tab_chosen_ = false;
    bool charge_ = false, terms_touched_ = false;
    Zone zone_ = Zone::search;
    Question question_;
    node::Outcome last_;  ///< of the last log-in
    Account account_;
    Reading<std::vector<node::FoundCustomer>> searching_;
    Reading<Account> reading_;
};

}  // namespace

std::unique_ptr<Panel> make_customer_panel(Desk& desk) { return std::make_unique<CustomerPanel>(desk); }

}  // namespace paprsek::ui
