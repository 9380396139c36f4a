// F12: payment. Enter takes exact cash, or the amount given; cards and accounts have a key each.
#include <set>

#include "ui/till/screens.h"

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
    explicit PaymentPanel(Desk& desk) : desk_(desk) {}

    Cover cover() const override { return Cover::tiles; }

    bool key(const KeyPress& press) override {
        if (press.enter() || press.is(GLFW_KEY_F12)) {
            confirm();
            return true;
        }
        if (press.character == 'c' || press.character == 'C') {
            pay_card();
            return true;
        }
        if ((press.character == 'a' || press.character == 'A') && may_charge()) {
            pay_account();
            return true;
        }
        return field_.handle(press);
    }

    void draw(Ui& ui, Rect area) override {
        const Theme& t = ui.theme;
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::money, tr("Payment"), subtitle(), "Esc"}, closed);
        if (closed) desk_.close();
        const node::Money due = desk_.view().cash_due;
        Rect other = inside.cut_bottom(48);
        inside.cut_bottom(space::m);
        Rect notes = inside.cut_bottom(48, space::m);
        Rect figures = inside.cut_top(std::max(64.0F, inside.h - 66), space::s);
        const Rect due_cell = figures.cell(0, 2, 0, 1, space::m);
        const std::string due_text = desk_.words.money(due);
        const bool roomy = figures.h > 100 && ui.canvas.width(due_text, Type::total) < due_cell.w;
        labelled(ui, due_cell, tr("To pay in cash"), due_text, roomy ? Type::total : Type::figure, t.ink);
        const auto given = amount();
        const bool enough = given && *given >= due;
        const char* label = !field_.empty() && !enough ? tr("Still missing") : tr("Change");
        const node::Money difference = given ? (enough ? *given - due : due - *given) : node::Money{};
        labelled(ui, figures.cell(1, 2, 0, 1, space::m), label, desk_.words.money(difference),
                 roomy && ui.canvas.width(desk_.words.money(difference), Type::total) < due_cell.w ? Type::total : Type::figure,
                 field_.empty() ? t.ink_faint
                 : enough       ? t.go
                                : t.danger,
                 Align::right);
        Rect row = inside.cut_top(54);
        const Rect ok = row.cut_right(std::min(210.0F, row.w * 0.4F), space::s);
        text_field(ui, row, field_,
                   {.placeholder = tr("Amount given"),
                    .icon = Icon::money,
                    .focused = true,
                    .type = Type::title,
                    .suffix = desk_.words.currency_sign(),
                    .align = Align::right});
        if (button(ui, ok,
                   {.label = field_.empty() ? tr("Exact cash") : tr("Take cash"), .key = "Enter", .tone = Tone::go, .look = ButtonLook::solid}))
            confirm();

        const auto likely = likely_notes(due, desk_.node.info().currency);
        for (std::size_t i = 0; i < likely.size(); ++i) {
            const Button look{.label = desk_.words.bare_money(likely[i])};
            if (button(ui, notes.cell(static_cast<int>(i), 4, 0, 1, space::s), look)) field_.propose(desk_.words.typed(likely[i]));
        }
        draw_other_ways(ui, other);
    }

private:
    bool may_charge() const { return desk_.view().customer && desk_.view().customer->charge; }

    std::string subtitle() const {
        if (may_charge()) return fill_in(tr("{} may pay later: A charges the account"), {desk_.view().customer->name});
        return tr("Enter takes it as exact cash");
    }

    /// What the customer gave; nothing where the field does not hold an amount.
    std::optional<node::Money> amount() const { return field_.empty() ? std::nullopt : Words::parse_typed<node::Money>(field_.text()); }

    void draw_other_ways(Ui& ui, Rect rect) {
        const int count = may_charge() ? 2 : 1;
        const std::string by_card = fill_in(tr("Card  {}"), {desk_.words.money(desk_.view().due)});
        if (button(ui, rect.cell(0, count, 0, 1, space::s), {.label = by_card, .key = "C", .icon = Icon::credit_card})) pay_card();
        if (count < 2) return;
        if (button(ui, rect.cell(1, count, 0, 1, space::s), {.label = tr("To account"), .key = "A", .icon = Icon::id_card, .tone = Tone::warn}))
            pay_account();
    }

    void confirm() {
        if (field_.empty()) {
            pay({});
            return;
        }
        const auto given = amount();
        if (!given) desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
        else pay({{node::TenderKind::cash, *given}});
    }

    void pay_card() { pay({{node::TenderKind::card, desk_.view().due}}); }
    void pay_account() { pay({{node::TenderKind::account, desk_.view().due}}); }

    void pay(const std::vector<node::Tender>& tenders) {
        const auto booked = std::make_shared<node::Booked>();
        desk_.act([this, tenders, booked] { return desk_.till.pay(tenders, *booked); },
                  [this, booked] {
                      desk_.sold(std::move(*booked));
                      desk_.open(PanelName::receipt);
                  });
    }

    Desk& desk_;
    TextField field_{TextField::Accepts::amount, 14};
};

}  // namespace

std::unique_ptr<Panel> make_payment_panel(Desk& desk) { return std::make_unique<PaymentPanel>(desk); }

}  // namespace paprsek::ui
