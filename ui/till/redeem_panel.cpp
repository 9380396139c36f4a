// V: pay with points, those of this receipt included (L9). The most that may be taken is proposed.
#include <algorithm>

#include "ui/kit/actions.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class RedeemPanel final : public Panel {
public:
    explicit RedeemPanel(Desk& desk) : desk_(desk) {
        if (const auto& possible = desk_.view().redeemable) field_.propose(desk_.words.typed(possible->most));
    }

    Cover cover() const override { return Cover::tiles; }

    bool key(const KeyPress& press) override {
        if (press.enter()) {
            confirm();
            return true;
        }
        if (press.is(GLFW_KEY_DELETE) && field_.proposed()) {
            take(node::Money{});
            return true;
        }
        return field_.handle(press);
    }

    void draw(Ui& ui, Rect area) override {
        const Theme& t = ui.theme;
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::gift, tr("Pay with points"), subtitle(), "Esc"}, closed);
        if (closed) desk_.close();
        const auto& possible = desk_.view().redeemable;
        if (!possible) {
            const bool known = desk_.view().customer.has_value();
            empty_state(ui, inside, known ? Icon::cart : Icon::user, known ? tr("Nothing that points may pay") : tr("Whose points?"),
                        known ? tr("Ring up goods first.") : tr("Choose the customer first: F1, or scan the card."));
            return;
        }
        Rect foot = inside.cut_bottom(48);
        inside.cut_bottom(space::m);
        Rect row = inside.cut_bottom(54, space::m);
        draw_bounds(ui, inside.cut_bottom(std::min(64.0F, inside.h * 0.45F), space::xs));
        labelled(ui, inside.cell(0, 3, 0, 1, space::s), tr("All points"), desk_.words.points(possible->available), Type::title, t.accent);
        labelled(ui, inside.cell(1, 3, 0, 1, space::s), tr("They are worth"), desk_.words.money(possible->worth), Type::title, t.ink);
        labelled(ui, inside.cell(2, 3, 0, 1, space::s), tr("Maximum now"), desk_.words.money(possible->most), Type::title, t.go, Align::right);
        text_field(ui, row, field_,
                   {.icon = Icon::gift, .focused = true, .type = Type::title, .suffix = desk_.words.currency_sign(), .align = Align::right});
        draw_actions(ui, foot,
                     {{tr("No points"), Icon::none, GLFW_KEY_DELETE, [this] { take(node::Money{}); }},
                      {tr("Use points"), Icon::none, GLFW_KEY_ENTER, [this] { confirm(); }, false, Tone::go, ButtonLook::solid}});
    }

private:
    std::string subtitle() const {
        const auto& customer = desk_.view().customer;
        if (!customer) return tr("A price reduction from the loyalty account");
        return customer->name.empty() ? customer->shown : customer->name;
    }

    /// What of the points this receipt brings, and what bounds them here (S8).
    void draw_bounds(Ui& ui, Rect rect) {
        const node::TillView& view = desk_.view();
        std::string words;
        if (!view.points.is_zero()) words = fill_in(tr("{} of the points come from this receipt."), {desk_.words.points(view.points)}) + " ";
        if (view.redeemable && view.redeem_wanted > view.redeemable->most)
            words += fill_in(tr("Without the bound of this branch it would be {}."), {desk_.words.money(view.redeem_wanted)}) + " ";
        words += freshness_of(desk_, view.customer->spendable);
        ui.canvas.paragraph(rect, words, Type::caption, ui.theme.ink_soft);
    }

    void confirm() {
        if (field_.empty()) {
            take(std::nullopt);
            return;
        }
        const auto amount = Words::parse_typed<node::Money>(field_.text());
        if (!amount) desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
        else take(*amount);
    }

    void take(std::optional<node::Money> amount) {
        desk_.act([this, amount] { return desk_.till.redeem(amount); },
                  [this] {
                      if (!desk_.view().redeemed.is_zero())
                          desk_.toasts.show(Tone::go, Icon::gift, fill_in(tr("{} paid by points"), {desk_.words.money(desk_.view().redeemed)}));
                      desk_.close();
                  });
    }

    Desk& desk_;
    TextField field_{TextField::Accepts::amount, 14};
};

}  // namespace

std::unique_ptr<Panel> make_redeem_panel(Desk& desk) { return std::make_unique<RedeemPanel>(desk); }

}  // namespace paprsek::ui
