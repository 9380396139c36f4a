// F12: payment. Enter takes exact cash, or the amount given; every other tender of the policy has a letter. What is less than due is
// kept as a part, with the open receipt, and the rest asked for (T8). A customer who may pay later is charged by the first Enter (A2).
#include <algorithm>
#include <set>

#include "node/pricing.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

/// Amounts a customer is likely to hand over: the next full note above what is due, each once.
std::vector<node::Money> likely_notes(node::Money due, const std::string& currency) {
    static constexpr std::int64_t crowns[] = {50'00, 100'00, 200'00, 500'00, 1000'00, 2000'00, 5000'00};
    static constexpr std::int64_t others[] = {5'00, 10'00, 20'00, 50'00, 100'00, 200'00, 500'00};
    std::set<std::int64_t> amounts;
    for (const std::int64_t note : currency == "CZK" ? crowns : others) {
        const std::int64_t rounded = (due.raw() + note - 1) / note * note;
        if (rounded > due.raw()) amounts.insert(rounded);
    }
    std::vector<node::Money> notes;
    constexpr std::size_t shown_max = 4;
    for (const std::int64_t amount : amounts) {
        if (notes.size() < shown_max) notes.push_back(node::Money::of(amount));
    }
    return notes;
}

class PaymentPanel final : public Panel {
public:
    explicit PaymentPanel(Desk& desk) : desk_(desk), keys_(tender_keys(desk.policy())), asks_(may_charge()) {}

    Cover cover() const override { return Cover::tiles; }
    bool finishes() const override { return true; }  // F12 twice pays exact

    bool key(const KeyPress& press) override {
        if (press.enter() || press.is(GLFW_KEY_F12)) {
            if (asks_)
                charge();
            else
                give_cash();
            return true;
        }
        if (press.is(GLFW_KEY_ESCAPE) && asks_) {
            asks_ = false;  // asked once: what follows pays otherwise
            return true;
        }
        if (press.is(GLFW_KEY_DELETE) && field_.empty() && !parts().empty()) {
            take_back();
            return true;
        }
        for (const TenderKey& key : keys_) {
            const bool is_it = key.key != 0 && (press.character == static_cast<char32_t>(key.key) || press.character == static_cast<char32_t>(key.key + 32));
            if (is_it && !press.control && !press.alt) {
                give(key);
                return true;
            }
        }
        if (!field_.handle(press)) return false;
        asks_ = false;
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::money, tr("Payment"), subtitle(), "Esc"}, closed);
        if (closed) desk_.close();
        const int rows = (static_cast<int>(keys_.size()) - 1 + 3) / 4;
        draw_tenders(ui, inside.cut_bottom(static_cast<float>(std::min(rows, 2)) * 44 + (rows > 1 ? space::xs : 0), space::s));
        Rect between = inside.cut_bottom(42, space::s);
        if (parts().empty())
            draw_notes(ui, between);
        else
            draw_parts(ui, between);
        draw_figures(ui, inside.cut_top(std::max(58.0F, inside.h - 54 - space::s), space::s));
        Rect row = inside.cut_top(54);
        const Rect ok = row.cut_right(std::min(210.0F, row.w * 0.42F), space::s);
        if (asks_) {
            notice(ui, row, Tone::warn, Icon::id_card, fill_in(tr("Charge it to {}?"), {desk_.view().customer->name}));
            if (button(ui, ok, {.label = tr("Charge account"), .key = "Enter", .tone = Tone::warn, .look = ButtonLook::solid})) charge();
            if (ui.clicked(row)) asks_ = false;
            return;
        }
        text_field(ui, row, field_,
                   {.placeholder = tr("Amount given"),
                    .icon = Icon::money,
                    .focused = true,
                    .type = Type::title,
                    .suffix = desk_.words.currency_sign(),
                    .align = Align::right});
        if (button(ui, ok, {.label = field_.empty() ? tr("Exact cash") : tr("Take cash"), .key = "Enter", .tone = Tone::go, .look = ButtonLook::solid}))
            give_cash();
    }

private:
    /// What was taken already; it stays with the receipt, whatever is opened or pulled out meanwhile.
    const std::vector<node::Tender>& parts() const { return desk_.view().given; }
    void take_back() {
        desk_.act([this] { return desk_.till.return_payment(); }, {});
    }

    bool may_charge() const { return desk_.view().customer && desk_.view().customer->charge; }

    std::string subtitle() const {
        if (asks_) return tr("Enter charges the account; any amount or other key pays now");
        if (!parts().empty()) return tr("Part is paid; Del takes the last part back");
        return tr("An amount and a key pay a part");
    }

    /// How it stands with what was given so far: the rule is the session's own.
    node::Settled standing(const std::vector<node::Tender>& tenders) const {
        return node::settle(desk_.view().due, tenders, desk_.policy().cash_rounding, nullptr, desk_.policy().tenders);
    }
    /// What is still due by card, voucher or account.
    node::Money rest() const { return desk_.view().due - sum_of(parts()); }
    node::Money paid_without_cash() const {
        node::Money sum;
        for (const node::Tender& part : parts())
            if (part.with != node::TenderKind::cash) sum += part.amount;
        return sum;
    }
    /// The same in cash, rounded; below zero where more cash was given by now than is due.
    node::Money cash_rest() const {
        std::vector<node::Tender> others;
        node::Money cash;
        for (const node::Tender& part : parts()) {
            if (part.with == node::TenderKind::cash)
                cash += part.amount;
            else if (part.with != node::TenderKind::account)
                others.push_back(part);
            else
                others.push_back({node::TenderKind::card, part.amount});  // what the account may bear is the session's matter
        }
        return standing(others).cash_due - cash;
    }

    /// What the customer gave; nothing where the field does not hold an amount.
    std::optional<node::Money> amount() const { return field_.empty() ? std::nullopt : Words::parse_typed<node::Money>(field_.text()); }

    void draw_figures(Ui& ui, Rect figures) {
        const Theme& t = ui.theme;
        const Rect due_cell = figures.cell(0, 2, 0, 1, space::m);
        // A line that was struck out after a part had been paid, or points that pay more since. Of cash the rest is change.
        if (const node::Money over = paid_without_cash() - desk_.view().due; over > node::Money{}) {
            labelled(ui, due_cell, tr("Paid too much by"), desk_.words.money(over), Type::figure, t.danger);
            ui.canvas.paragraph(figures.cell(1, 2, 0, 1, space::m), tr("Del gives the last part back."), Type::body, t.ink_soft);
            return;
        }
        const node::Money cash = cash_rest(), due = std::max(cash, node::Money{});
        const std::string due_text = desk_.words.money(due);
        const bool roomy = figures.h > 100 && ui.canvas.width(due_text, Type::total) < due_cell.w;
        const node::Money rounding = cash - rest();
        const std::string label =
            rounding.is_zero() ? std::string(tr("To pay in cash")) : fill_in(tr("In cash, rounded by {}"), {signed_money(desk_.words, rounding)});
        labelled(ui, due_cell, label, due_text, roomy ? Type::total : Type::figure, t.ink);
        const auto given = amount();
        const bool enough = given && *given >= due;
        const char* right = !field_.empty() && !enough ? tr("Still missing") : tr("Change");
        const node::Money difference = given ? (enough ? *given - cash : cash - *given) : due - cash;
        labelled(ui, figures.cell(1, 2, 0, 1, space::m), right, desk_.words.money(difference),
                 roomy && ui.canvas.width(desk_.words.money(difference), Type::total) < due_cell.w ? Type::total : Type::figure,
                 field_.empty() ? t.ink_faint
                 : enough       ? t.go
                                : t.danger,
                 Align::right);
    }

    void draw_notes(Ui& ui, Rect rect) {
        const auto likely = likely_notes(cash_rest(), desk_.node.info().currency);
        for (std::size_t i = 0; i < likely.size(); ++i) {
            const Button look{.label = desk_.words.bare_money(likely[i])};
            if (button(ui, rect.cell(static_cast<int>(i), 4, 0, 1, space::s), look)) {
                asks_ = false;
                field_.propose(desk_.words.typed(likely[i]));
            }
        }
    }

    void draw_parts(Ui& ui, Rect rect) {
        if (button(ui, rect.cut_right(136, space::s), {.label = tr("Take back"), .key = "Del", .type = Type::caption_strong})) {
            take_back();
            return;
        }
        ui.canvas.fill(rect, tone_soft(ui.theme, Tone::go), radius::control);
        Rect inside = rect.inset(space::m, 0);
        ui.canvas.icon(inside.cut_left(18, space::s), Icon::check, IconSize::small, ui.theme.go);
        ui.canvas.text(inside, parts_text(parts(), desk_.words), Type::strong, ui.theme.ink);
    }

    void draw_tenders(Ui& ui, Rect rect) {
        const int count = static_cast<int>(keys_.size()) - 1;
        const int rows = count > 4 ? 2 : 1;
        const int columns = (std::min(count, 8) + rows - 1) / rows;
        const auto due = amount().value_or(rest());
        std::vector<Rect> places;
        std::vector<Button> looks;
        for (int i = 0; i < std::min(count, 8); ++i) {
            const TenderKey& key = keys_[static_cast<std::size_t>(i) + 1];
            const bool account = key.rule.counts_as == node::TenderKind::account;
            std::string label = account ? std::string(tr("Account")) : tender_label(key.rule.name);
            if (columns < 3) label += "  " + desk_.words.money(due);
            places.push_back(rect.cell(i % columns, columns, i / columns, rows, space::xs));
            looks.push_back({.label = std::move(label),
                             .key = std::string_view(&key.key, 1),
                             .icon = places.back().w > 140 ? key.icon : Icon::none,
                             .tone = account && may_charge() ? Tone::warn : Tone::neutral,
                             .enabled = !account || may_charge()});
        }
        if (const int clicked = button_row(ui, places, std::move(looks)); clicked >= 0) give(keys_[static_cast<std::size_t>(clicked) + 1]);
    }

    void give_cash() {
        if (field_.empty()) {
            pay_with({node::TenderKind::cash, std::max(cash_rest(), node::Money{})}, true);
            return;
        }
        if (const auto given = checked_amount()) pay_with({node::TenderKind::cash, *given}, *given >= cash_rest());
    }

    void give(const TenderKey& key) {
        asks_ = false;
        node::Money given = rest();
        if (!field_.empty()) {
            const auto typed = checked_amount();
            if (!typed) return;
            given = *typed;
        }
        const std::string name = key.rule.name == node::print(key.rule.counts_as) ? "" : key.rule.name;
        pay_with({key.rule.counts_as, given, name}, given >= rest());
    }

    void charge() {
        asks_ = false;
        const auto account = std::find_if(keys_.begin(), keys_.end(), [](const TenderKey& key) { return key.rule.counts_as == node::TenderKind::account; });
        if (account != keys_.end()) give(*account);
    }

    std::optional<node::Money> checked_amount() {
        const auto given = amount();
        if (!given) desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
        return given;
    }

    /// The last of it, or a part.
    void pay_with(const node::Tender& tender, bool covers) {
        if (!covers) {
            if (tender.amount.is_zero()) return;
            field_.clear();
            desk_.act([this, tender] { return desk_.till.take_payment(tender); }, {});
            return;
        }
        std::vector<node::Tender> tenders = parts();
        if (!tender.amount.is_zero()) tenders.push_back(tender);
        const auto booked = std::make_shared<node::Booked>();
        desk_.act([this, tenders, booked] { return desk_.till.pay(tenders, *booked); },
                  [this, booked] {
                      desk_.sold(std::move(*booked));
                      desk_.open(PanelName::receipt);
                  });
    }

    Desk& desk_;
    std::vector<TenderKey> keys_;
    bool asks_;
    TextField field_{TextField::Accepts::amount, 14};
};

}  // namespace

std::unique_ptr<Panel> make_payment_panel(Desk& desk) { return std::make_unique<PaymentPanel>(desk); }

}  // namespace paprsek::ui
