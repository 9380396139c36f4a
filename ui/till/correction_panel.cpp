// Points and spend corrected by hand, with a reason (L4): what they shall be is typed, the difference is booked.
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class CorrectionPanel final : public Panel {
public:
    explicit CorrectionPanel(Desk& desk) : desk_(desk), customer_(record_of(desk, desk.subject)) {
        if (!customer_) return;
        form_.add_text(tr("New points"), {.accepts = TextField::Accepts::amount, .length_max = 14}, desk_.words.typed(customer_->terms.points));
        form_.add_text(tr("New spend"), {.accepts = TextField::Accepts::amount, .length_max = 14, .suffix = desk_.words.currency_sign()},
                       desk_.words.typed(customer_->terms.spend));
        form_.add_text(tr("Why"), {.length_max = 200, .placeholder = tr("The reason is kept with the correction")});
        form_.focus(points);
    }

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override { return customer_ && (act_by_key(actions(), press) || form_.key(press)); }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string who = customer_ ? title_of(*customer_) : std::string(tr("Nobody chosen"));
        Rect inside = sheet(ui, area, {Icon::pencil, tr("Correct points and spend"), who, "Esc"}, closed);
        if (closed) desk_.back();
        if (!customer_) {
            empty_state(ui, inside, Icon::user, tr("Nobody chosen"), tr("Choose a customer first: F1, or the list of customers."));
            return;
        }
        draw_actions(ui, inside.cut_bottom(46, space::m), actions());
        inside = inside.middle(std::min(inside.w, 720.0F), inside.h);
        form_.draw(ui, inside.cut_top(form_.height(1), space::l), 1);
        Rect figures = inside.cut_top(74, space::m);
        const auto difference = [&](int column, const char* label, const std::string& text, Color ink) {
            const Rect cell = figures.cell(column, 2, 0, 1, space::m);
            ui.canvas.fill(cell, ui.theme.sunken, radius::control);
            labelled(ui, cell.inset(space::l, space::s), label, text, Type::title, ink);
        };
        const auto by_points = points_difference();
        const auto by_spend = spend_difference();
        const auto shown = [&](bool known, const std::string& text) { return !known ? std::string(tr("not an amount")) : text.empty() ? "0" : text; };
        difference(0, tr("Points change by"), shown(by_points.has_value(), by_points ? signed_points(desk_.words, *by_points) : ""), ui.theme.accent);
        difference(1, tr("Spend changes by"), shown(by_spend.has_value(), by_spend ? signed_money(desk_.words, *by_spend) : ""), ui.theme.accent);
        ui.canvas.paragraph(inside.cut_top(44), tr("A correction is a movement of its own: nothing is deleted, and the history shows who made it and why."),
                            Type::caption, ui.theme.ink_soft);
    }

private:
    enum Field : std::size_t { points, spend, reason };

    std::optional<node::Points> points_difference() const {
        const auto wanted = Words::parse_typed<node::Points>(form_.text(points));
        return wanted ? std::optional(*wanted - customer_->terms.points) : std::nullopt;
    }
    std::optional<node::Money> spend_difference() const {
        const auto wanted = Words::parse_typed<node::Money>(form_.text(spend));
        return wanted ? std::optional(*wanted - customer_->terms.spend) : std::nullopt;
    }

    std::vector<Action> actions() {
        return {{tr("Book the correction"), Icon::check, GLFW_KEY_ENTER, [this] { book(); }, false, Tone::accent, ButtonLook::solid}};
    }

    void book() {
        const auto by_points = points_difference();
        const auto by_spend = spend_difference();
        if (!by_points || !by_spend) {
            form_.focus(by_points ? spend : points);
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
            return;
        }
        if (form_.text(reason).empty()) form_.focus(reason);
        const auto command = [this, points = *by_points, spend = *by_spend, why = form_.text(reason)] {
            node::Till::ActResult result;
            return desk_.till.correct(handle_of(*customer_), points, spend, why, result);
        };
        desk_.act(command, [this] {
            desk_.toasts.show(Tone::go, Icon::check, tr("The correction is booked"));
            desk_.back();
        });
    }

    Desk& desk_;
    std::optional<node::CustomerRecord> customer_;
    Form form_;
};

}  // namespace

std::unique_ptr<Panel> make_correction_panel(Desk& desk) { return std::make_unique<CorrectionPanel>(desk); }

}  // namespace paprsek::ui
