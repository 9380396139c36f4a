// L14: a customer pays cash in, and has it as points. The slip is shown.
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class DepositPanel final : public Panel {
public:
    explicit DepositPanel(Desk& desk) : desk_(desk), customer_(record_of(desk, desk.subject)) {
        amount_ = form_.add_text(tr("Paid in, in cash"),
                                 {.accepts = TextField::Accepts::amount, .length_max = 14, .suffix = desk_.words.currency_sign()});
        form_.focus(amount_);
    }

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override { return customer_ && (act_by_key(actions(), press) || form_.key(press)); }

    /// Back from the slip.
    void returned() override { desk_.back(); }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string who = customer_ ? title_of(*customer_) : std::string(tr("Nobody chosen"));
        Rect inside = sheet(ui, area, {Icon::money, tr("Pay in"), who, "Esc"}, closed);
        if (closed) desk_.back();
        if (!customer_) {
            empty_state(ui, inside, Icon::user, tr("Nobody chosen"), tr("Choose a customer first: F1, or the list of customers."));
            return;
        }
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        inside = inside.middle(std::min(inside.w, 560.0F), inside.h);
        form_.draw(ui, inside.cut_top(form_.height(1), space::l), 1);
        const Rect now = inside.cut_top(74, space::m);
        ui.canvas.fill(now, ui.theme.sunken, radius::control);
        labelled(ui, now.inset(space::l, space::s), tr("Points now"), desk_.words.points(customer_->terms.points), Type::title, ui.theme.accent);
        ui.canvas.paragraph(inside.cut_top(44),
                            fill_in(tr("One point is worth {}. The money goes into the drawer, the points can be spent at once."),
                                    {desk_.words.typed(desk_.policy().point_value) + " " + desk_.words.currency_sign()}),
                            Type::caption, ui.theme.ink_soft);
    }

private:
    std::vector<Action> actions() {
        return {{tr("Take the cash"), Icon::check, GLFW_KEY_ENTER, [this] { book(); }, false, Tone::go, ButtonLook::solid}};
    }

    void book() {
        const auto amount = Words::parse_typed<node::Money>(form_.text(amount_));
        if (!amount || *amount <= node::Money{}) {
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
            return;
        }
        const auto result = std::make_shared<node::Till::ActResult>();
        desk_.act([this, by = *amount, result] { return desk_.till.deposit(handle_of(*customer_), by, *result); }, [this, result] { show(*result); });
    }

    void show(const node::Till::ActResult& result) {
        desk_.acted(result.drawer);
        desk_.toasts.show(Tone::go, Icon::check,
                          fill_in(tr("{} is paid in: {} points"), {desk_.words.money(result.fact.amount), desk_.words.points(result.fact.points)}));
        desk_.slip = node::print(desk_.node.info().node) + "/" + std::to_string(result.seq);
        desk_.open(PanelName::slip);
    }

    Desk& desk_;
    std::optional<node::CustomerRecord> customer_;
    Form form_;
    std::size_t amount_ = 0;
};

}  // namespace

std::unique_ptr<Panel> make_deposit_panel(Desk& desk) { return std::make_unique<DepositPanel>(desk); }

}  // namespace paprsek::ui
