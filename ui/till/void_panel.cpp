// Shift+Del: the whole receipt is struck out, with the reason that the trace will name (T5).
#include "ui/till/screens.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

constexpr const char* reasons[] = {mark("The customer left"), mark("Rung up by mistake"), mark("The customer has no money"), mark("Training")};

class VoidPanel final : public Panel {
public:
    explicit VoidPanel(Desk& desk) : desk_(desk) {}

    Cover cover() const override { return Cover::tiles; }

    bool key(const KeyPress& press) override {
        if (press.enter() || (press.key == GLFW_KEY_DELETE && press.shift)) {
            confirm();
            return true;
        }
        if (press.is(GLFW_KEY_DOWN) || press.is(GLFW_KEY_TAB)) {
            next_ = (next_ + 1) % static_cast<int>(std::size(reasons));
            field_.propose(tr(reasons[next_]));
            return true;
        }
        return field_.handle(press);
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string lines =
            fill_in(tr("Lines: {} · {}"), {desk_.words.count(static_cast<std::int64_t>(desk_.view().lines.size())), desk_.words.money(desk_.view().due)});
        Rect inside = sheet(ui, area, {Icon::trash, tr("Strike out the receipt?"), lines, "Esc"}, closed);
        if (closed) desk_.close();
        if (button(ui, inside.cut_bottom(48, space::s),
                   {.label = tr("Strike it out"), .key = "Enter", .icon = Icon::trash, .tone = Tone::danger, .look = ButtonLook::solid}))
            confirm();
        if (const auto& given = desk_.view().given; !given.empty())
            notice(ui, inside.cut_top(60, space::m), Tone::warn, Icon::money,
                   fill_in(tr("Paid already, and to be given back: {}."), {parts_text(given, desk_.words)}));
        text_field(ui, inside.cut_top(50, space::m), field_, {.placeholder = tr("Why? (may stay empty)"), .focused = true});
        const Rect block{inside.x, inside.y, inside.w, std::min(inside.h, 96.0F)};
        std::vector<Rect> places;
        std::vector<Button> looks;
        for (int i = 0; i < static_cast<int>(std::size(reasons)); ++i) {
            places.push_back(block.cell(i % 2, 2, i / 2, 2, space::s));
            looks.push_back({.label = tr(reasons[i]), .key = i == 0 && next_ < 0 ? "↓" : "", .selected = i == next_, .type = Type::body});
        }
        if (const int clicked = button_row(ui, places, std::move(looks)); clicked >= 0) {
            next_ = clicked;
            field_.propose(tr(reasons[clicked]));
        }
    }

private:
    void confirm() {
        desk_.act([this, reason = field_.text()] { return desk_.till.void_receipt(reason); },
                  [this] {
                      desk_.selected_line = -1;
                      desk_.toasts.show(Tone::neutral, Icon::trash, tr("The whole receipt was taken off."));
                      desk_.close();
                  });
    }

    Desk& desk_;
    TextField field_{TextField::Accepts::anything, 120};
    int next_ = -1;
};

}  // namespace

std::unique_ptr<Panel> make_void_panel(Desk& desk) { return std::make_unique<VoidPanel>(desk); }

}  // namespace paprsek::ui
