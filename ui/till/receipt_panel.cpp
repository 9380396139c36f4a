// After the sale: the change due, large, and the receipt as the printer writes it. The next scan or key begins the next sale.
#include <algorithm>

#include "fiscal/from_fact.h"
#include "node/receipts.h"
#include "ui/kit/actions.h"
#include "ui/till/paper.h"
#include "ui/till/print_work.h"
#include "ui/till/screens.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

class ReceiptPanel final : public Panel {
public:
    explicit ReceiptPanel(Desk& desk) : desk_(desk), slip_(desk.background) {
        if (!desk.booked) desk.guarded([&] { desk.booked = newest(desk.node); });
        if (!desk.booked) return;
        slip_.ask([name = number()](node::Node& branch) {
            return fiscal::picture_of(fiscal::slip_of(branch, name, fiscal::form_of(branch), fiscal::Issue::original));
        });
    }

    bool finishes() const override { return true; }
    bool settled() const override { return !slip_.waiting(); }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] {
            changed = slip_.poll();
            if (changed) paper_.show(slip_.result());
        });
        return changed;
    }

    bool key(const KeyPress& press) override {
        if (press.is(GLFW_KEY_F12)) {
            desk_.close();
            return true;
        }
        if (act_by_key(actions(), press)) return true;
        if (paper_.key(press)) return true;
        // Whatever else is typed belongs to the next customer.
        if (press.character != 0) desk_.close();
        return false;
    }

    void draw(Ui& ui, Rect area) override {
        const Theme& t = ui.theme;
        bool closed = false;
        const bool back = desk_.booked && desk_.booked->fact.refund;
        const bool owed = desk_.booked && !desk_.booked->fact.pay.empty() &&
                          std::all_of(desk_.booked->fact.pay.begin(), desk_.booked->fact.pay.end(),
                                      [](const node::Tender& tender) { return tender.with == node::TenderKind::account; });
        const char* const title = !desk_.booked ? tr("Last receipt") : back ? tr("Given back") : owed ? tr("On the customer's account") : tr("Paid");
        Rect inside = sheet(ui, area, {Icon::check_circle, title, desk_.booked ? number() : std::string(), "Esc"}, closed);
        if (closed) desk_.close();
        if (!desk_.booked) {
            empty_state(ui, inside, Icon::print, tr("No receipt yet"), tr("The last receipt of this till shows here."));
            return;
        }
        const node::ReceiptFact& fact = desk_.booked->fact;
        const Rect foot = inside.cut_bottom(50, space::m);
        Rect change = inside.cut_top(92, space::m);
        ui.canvas.fill(change, t.go_soft, radius::card);
        change = change.inset(20, space::m);
        labelled(ui, change.cell(0, 2, 0, 1, space::m), tr("Total"), desk_.words.money(fact.total()), Type::title, t.ink);
        const Hand hand = hand_of(fact);
        if (!owed || !hand.amount.is_zero())
            labelled(ui, change.cell(1, 2, 0, 1, space::m), hand.label, desk_.words.money(hand.amount), Type::figure, t.go, Align::right);
        if (!paper_.empty()) paper_.draw(ui, inside);
        draw_actions(ui, foot, actions());
    }

private:
    /// Function keys are the next sale's already, but for the list of those before.
    std::vector<Action> actions() {
        return {{tr("All receipts"), Icon::history, GLFW_KEY_F3, [this] { desk_.open(PanelName::receipts); }},
                {tr("Print again"), Icon::print, GLFW_KEY_P, [this] { print_slip(desk_, number()); }, true, Tone::neutral, ButtonLook::outline,
                 desk_.booked.has_value()},
                {tr("Next customer"), Icon::none, GLFW_KEY_ENTER, [this] { desk_.close(); }, false, Tone::accent, ButtonLook::solid}};
    }
    std::string number() const { return node::print_receipt_number(desk_.node.info().node, desk_.booked->fact.number); }

    /// Of this till, as the ledger has it: after a start nobody has paid here yet.
    static std::optional<node::Booked> newest(node::Node& branch) {
        const std::int64_t number = node::highest_number(branch.database(), "receipt");
        auto found = number ? node::receipt_by_number(branch.database(), branch.info().node, number) : std::nullopt;
        if (!found) return std::nullopt;
        node::Booked booked;
        booked.seq = found->seq;
        booked.at = found->at;
        booked.fact = std::move(found->fact);
        return booked;
    }

    Desk& desk_;
    Reading<fiscal::Bitmap> slip_;
    Paper paper_;
};

}  // namespace

std::unique_ptr<Panel> make_receipt_panel(Desk& desk) { return std::make_unique<ReceiptPanel>(desk); }

}  // namespace paprsek::ui
