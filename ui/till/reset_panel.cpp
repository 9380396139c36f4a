// Points, spend or whole accounts set to nothing (L16). Two confirmations: what it would do is told, with its sums, and a phrase that
// names it has to be typed. It is booked as a reversal and can be undone.
#include "node/balances.h"
#include "node/base/text.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class ResetPanel final : public Panel {
public:
    explicit ResetPanel(Desk& desk) : desk_(desk) {}

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override {
        if (question_.key(press)) return true;
        if (asked_) {
            if (press.is(GLFW_KEY_ESCAPE))
                asked_ = false;
            else if (!act_by_key(actions(), press))
                phrase_.handle(press);
            return true;
        }
        if (press.key == GLFW_KEY_DOWN || press.key == GLFW_KEY_RIGHT || press.is(GLFW_KEY_TAB)) {
            chosen_ = (chosen_ + 1) % 3;
            return true;
        }
        if (press.key == GLFW_KEY_UP || press.key == GLFW_KEY_LEFT) {
            chosen_ = (chosen_ + 2) % 3;
            return true;
        }
        return act_by_key(actions(), press);
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::ban, tr("Set to zero"), tr("For all customers at once; the administrator alone"), "Esc"}, closed);
        if (closed) {
            if (asked_)
                asked_ = false;
            else
                desk_.back();
        }
        if (desk_.status.hq_name) {
            empty_state(ui, inside, Icon::building, tr("Headquarters does this"), tr("In a chain headquarters sets the balances of all customers."));
            return;
        }
        const Rect foot = inside.cut_bottom(48, space::m);
        if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, actions());
        inside = inside.middle(std::min(inside.w, 780.0F), inside.h);
        const char* names[] = {tr("All points"), tr("All spend"), tr("Points and spend of all accounts")};
        const char* tells[] = {tr("Everybody begins again with no points. Spend and debts stay."),
                               tr("Spend begins again at nothing, with its discounts. Points and debts stay."),
                               tr("Both at once. Customers, cards and debts stay.")};
        for (int i = 0; i < 3; ++i) {
            Rect row = inside.cut_top(64, space::s);
            const bool here = i == chosen_;
            ui.canvas.fill(row, here ? ui.theme.accent_soft : ui.theme.sunken, radius::control);
            if (here) ui.canvas.outline(row, ui.theme.accent, radius::control, 2);
            if (!asked_ && ui.clicked(row)) chosen_ = i;
            Rect words = row.inset(space::l, space::s);
            ui.canvas.text(words.cut_top(words.h / 2), names[i], Type::strong, ui.theme.ink);
            ui.canvas.text(words, tells[i], Type::caption, ui.theme.ink_soft);
        }
        inside.cut_top(space::s);
        if (!asked_) {
            ui.canvas.paragraph(inside, tr("Nothing is deleted: the opposite of each balance is booked, and the last time can be undone by F3."), Type::body,
                                ui.theme.ink_soft);
            return;
        }
        notice(ui, inside.cut_top(52, space::m), Tone::danger, Icon::warning,
               fill_in(tr("{} customers lose {} points and a spend of {}. To do it, type: {}"),
                       {desk_.words.count(summary_.customers), desk_.words.points(summary_.points), desk_.words.money(summary_.spend), phrase()}));
        const std::string wanted = phrase();
        text_field(ui, inside.cut_top(52), phrase_, {.placeholder = wanted, .focused = true, .type = Type::title, .tone = Tone::danger});
    }

private:
    static constexpr node::ResetOf kinds[] = {node::ResetOf::points, node::ResetOf::spend, node::ResetOf::accounts};

    /// What is to be typed, in the language of the window; the session takes its own.
    std::string phrase() const {
        const std::int64_t count = summary_.customers;
        const char* pattern = tr_n("zero the accounts of {} customer", "zero the accounts of {} customers", count);
        if (kinds[chosen_] == node::ResetOf::points) pattern = tr_n("zero the points of {} customer", "zero the points of {} customers", count);
        if (kinds[chosen_] == node::ResetOf::spend) pattern = tr_n("zero the spend of {} customer", "zero the spend of {} customers", count);
        return fill_in(pattern, {std::to_string(count)});
    }

    std::vector<Action> actions() {
        if (asked_)
            return {{tr("Leave it"), Icon::times, GLFW_KEY_ESCAPE, [this] { asked_ = false; }},
                    {tr("Set to zero"), Icon::ban, GLFW_KEY_ENTER, [this] { reset(); }, false, Tone::danger, ButtonLook::solid,
                     node::confirms(phrase_.text(), node::fold(phrase()))}};
        return {{tr("Undo the last zeroing"), Icon::undo, GLFW_KEY_F3, [this] { ask_undo(); }},
                {tr("Show what it does"), Icon::warning, GLFW_KEY_ENTER, [this] { ask(); }, false, Tone::danger, ButtonLook::solid}};
    }

    static node::Outcome run(node::Till& session, node::Node& branch, node::ResetOf what, const std::string& confirm, node::ResetSummary& summary) {
        node::Hand hand;
        if (auto outcome = hand_for(session, {node::Permission::reset_balances}, hand); !outcome.ok()) return outcome;
        return node::reset_balances(branch, hand, what, confirm, summary);
    }

    void ask() {
        const auto summary = std::make_shared<node::ResetSummary>();
        const auto command = [what = kinds[chosen_], summary](node::Till& session, node::Node& branch, Progress&) {
            *summary = {};
            node::Outcome outcome = run(session, branch, what, {}, *summary);
            return outcome.refusal == node::Refusal::confirm_reset ? node::Outcome{} : outcome;
        };
        desk_.act_beside(tr("Adding up all balances"), command, alive_.only([this, summary] {
            summary_ = *summary;
            phrase_.clear();
            asked_ = true;
        }));
    }

    void reset() {
        const auto summary = std::make_shared<node::ResetSummary>();
        // The phrase that was typed is the same in the window's language.
        const auto command = [what = kinds[chosen_], phrase = summary_.phrase, summary](node::Till& session, node::Node& branch, Progress&) {
            *summary = {};
            return run(session, branch, what, phrase, *summary);
        };
        desk_.act_beside(tr("Setting balances to zero"), command, [&desk = desk_, summary, leave = alive_.only([this] { asked_ = false; })] {
            leave();
            desk.toasts.show(Tone::go, Icon::check, fill_in(tr("Booked away for {} customers. F3 undoes it."), {desk.words.count(summary->customers)}));
        });
    }

    void ask_undo() {
        question_.ask(
            tr("Undo the last time that balances were set to zero? They come back exactly, with what was booked since."), tr("Undo it"), Tone::warn, [this] {
                const auto undone = std::make_shared<node::ResetSummary>();
                const auto command = [undone](node::Till& session, node::Node& branch, Progress&) {
                    node::Hand hand;
                    if (auto outcome = hand_for(session, {node::Permission::reset_balances}, hand); !outcome.ok()) return outcome;
                    *undone = {};
                    return node::undo_reset(branch, hand, *undone);
                };
                desk_.act_beside(tr("Taking balances back"), command, [&desk = desk_, undone] {
                    desk.toasts.show(Tone::go, Icon::undo, fill_in(tr("{} customers have their balances back"), {desk.words.count(undone->customers)}));
                });
            });
    }

    Desk& desk_;
    Alive alive_;
    int chosen_ = 0;
    bool asked_ = false;
    node::ResetSummary summary_;
    TextField phrase_;
    Question question_;
};

}  // namespace

std::unique_ptr<Panel> make_reset_panel(Desk& desk) { return std::make_unique<ResetPanel>(desk); }

}  // namespace paprsek::ui
