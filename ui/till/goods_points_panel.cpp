// L6: points of all products at once, by price, by margin, or by the policy again.
#include "node/fill_points.h"
#include "ui/kit/actions.h"
#include "ui/kit/form.h"
#include "ui/till/beside_view.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

constexpr node::PointsBy ways[] = {node::PointsBy::policy, node::PointsBy::price, node::PointsBy::margin};

class GoodsPointsPanel final : public Panel {
public:
    explicit GoodsPointsPanel(Desk& desk) : desk_(desk) {
        by_ = form_.add_choice(tr("Points of a product"), {tr("by the rules"), tr("equal to its price"), tr("equal to its margin")}, 1);
        which_ = form_.add_choice(tr("For which products"), {tr("without points of their own"), tr("of all")}, 0);
        form_.focus(by_);
    }

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override {
        return beside_key(desk_, press) || question_.key(press) || act_by_key(actions(), press) || form_.key(press);
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::tags, tr("Points of goods"), tr("Fill in or recalculate, for all products of all stocks"), "Esc"}, closed);
        if (closed) desk_.back();
        const Rect foot = inside.cut_bottom(46, space::m);
        if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, actions());
        inside = inside.middle(std::min(inside.w, 760.0F), inside.h);
        form_.draw(ui, inside.cut_top(form_.height(1), space::l), 1);
        ui.canvas.paragraph(inside.cut_top(66), sentence(), Type::body, ui.theme.ink_soft);
    }

private:
    bool all() const { return form_.chosen(which_) == 1; }

    std::string sentence() const {
        if (form_.chosen(by_) == 0)
            return all() ? tr("Points that were set by hand are taken off: every product, new ones too, earns by the rules again.")
                         : tr("Products without points of their own earn by the rules already, new ones too: nothing is to be done.");
        return all() ? tr("Points that were set by hand are counted anew as well.")
                     : tr("Points that were set by hand stay. A product that comes later earns by the rules.");
    }

    std::vector<Action> actions() {
        return {{all() ? tr("Recalculate") : tr("Fill in"), Icon::check, GLFW_KEY_ENTER, [this] { ask(); }, false, Tone::accent, ButtonLook::solid}};
    }

    void ask() {
        if (all())
            question_.ask(tr("Count the points of all products anew?"), tr("Recalculate"), Tone::warn, [this] { run(); });
        else
            run();
    }

    void run() {
        const auto report = std::make_shared<node::ImportReport>();
        const auto command = [by = ways[form_.chosen(by_)], all = all(), report](node::Till& session, node::Node& branch, Progress&) {
            if (auto outcome = session.demand(node::Permission::manage_stock); !outcome.ok()) return outcome;
            *report = node::fill_points(branch, by, all);
            return node::Outcome{};
        };
        desk_.act_beside(tr("Counting the points of products"), command, [&desk = desk_, report] {
            desk.goods_changed = true;
            desk.toasts.show(Tone::go, Icon::check,
                             fill_in(tr("Points changed: {} of {} products"), {desk.words.count(report->changed), desk.words.count(report->rows)}));
        });
    }

    Desk& desk_;
    Form form_;
    std::size_t by_ = 0, which_ = 0;
    Question question_;
};

}  // namespace

std::unique_ptr<Panel> make_goods_points_panel(Desk& desk) { return std::make_unique<GoodsPointsPanel>(desk); }

}  // namespace paprsek::ui
