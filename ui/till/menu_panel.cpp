// F10: everything that the till can do, by section. A key stands on each button: its function key, or a digit or letter here.
#include <algorithm>
#include <vector>

#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

constexpr Section sections[] = {Section::sale, Section::customers, Section::goods, Section::money, Section::setup};
constexpr std::string_view menu_keys = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct Choice {
    const Screen* screen = nullptr;
    char key = 0;  ///< in the menu
};

class MenuPanel final : public Panel {
public:
    explicit MenuPanel(Desk& desk) : desk_(desk) {
        for (const Section section : sections) {
            for (const Screen& screen : screens()) {
                if (screen.section != section || choices_.size() == menu_keys.size()) continue;
                choices_.push_back({&screen, menu_keys[choices_.size()]});
            }
        }
    }

    Cover cover() const override { return Cover::whole; }

    bool key(const KeyPress& press) override {
        const int count = static_cast<int>(choices_.size());
        if (press.enter()) {
            desk_.open(choices_[static_cast<std::size_t>(chosen_)].screen->name);
            return true;
        }
        if (press.key == GLFW_KEY_RIGHT || press.key == GLFW_KEY_DOWN || press.is(GLFW_KEY_TAB)) {
            chosen_ = (chosen_ + 1) % count;
            return true;
        }
        if (press.key == GLFW_KEY_LEFT || press.key == GLFW_KEY_UP) {
            chosen_ = (chosen_ + count - 1) % count;
            return true;
        }
        const char typed = key_of(press);
        const auto found = std::find_if(choices_.begin(), choices_.end(), [&](const Choice& choice) { return typed != 0 && choice.key == typed; });
        if (found == choices_.end()) return press.character != 0;  // nothing typed here reaches the receipt
        desk_.open(found->screen->name);
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        Rect inside = sheet(ui, area, {Icon::list, tr("Menu"), tr("F keys work anywhere, letters and digits only here"), "Esc"}, closed);
        if (closed) desk_.close();
        // A column a section, so that a button stays where it is when another section grows.
        std::vector<Section> filled;
        for (const Section section : sections) {
            if (std::any_of(choices_.begin(), choices_.end(), [&](const Choice& choice) { return choice.screen->section == section; }))
                filled.push_back(section);
        }
        const int count = static_cast<int>(filled.size());
        narrow_ = too_narrow(ui, inside.cell(0, count, 0, 1, space::l).w);
        for (int column = 0; column < count; ++column) {
            const Section section = filled[static_cast<std::size_t>(column)];
            Rect strip = inside.cell(column, count, 0, 1, space::l);
            ui.canvas.text(strip.cut_top(28, space::xs), section_title(section), Type::caption_strong, ui.theme.ink_soft);
            ui.canvas.line({strip.x, strip.y}, {strip.right(), strip.y}, ui.theme.line);
            strip.cut_top(space::s);
            for (std::size_t i = 0; i < choices_.size(); ++i) {
                if (choices_[i].screen->section == section) draw_choice(ui, strip.cut_top(54, space::s), i);
            }
        }
    }

private:
    static char key_of(const KeyPress& press) {
        if (press.control || press.alt) return 0;
        if (const auto digit = press.digit()) return *digit;
        if (press.key >= GLFW_KEY_A && press.key <= GLFW_KEY_Z) return static_cast<char>('A' + (press.key - GLFW_KEY_A));
        return 0;
    }

    static std::string_view cap_of(const Choice& choice) {
        return choice.screen->key.empty() ? std::string_view(&choice.key, 1) : choice.screen->key;
    }

    /// All buttons look alike: where one has no room for icon and label, all are smaller and without.
    bool too_narrow(Ui& ui, float width) const {
        constexpr float icon = 28, margins = 2 * space::m + 14 + space::s;
        return std::any_of(choices_.begin(), choices_.end(), [&](const Choice& choice) {
            const float cap = ui.canvas.width(cap_of(choice), Type::caption_strong);
            return ui.canvas.width(tr(choice.screen->label), Type::strong) + icon + cap + margins > width;
        });
    }

    void draw_choice(Ui& ui, Rect rect, std::size_t index) {
        const Choice& choice = choices_[index];
        const bool here = static_cast<int>(index) == chosen_;
        const Button look{.label = tr(choice.screen->label),
                          .key = cap_of(choice),
                          .icon = narrow_ ? Icon::none : choice.screen->icon,
                          .selected = here,
                          .type = narrow_ ? Type::caption_strong : Type::strong,
                          .align = Align::left};
        const Ui::KeysNamed named(ui);
        if (button(ui, rect, look))
            desk_.open(choice.screen->name);
    }

    Desk& desk_;
    std::vector<Choice> choices_;
    int chosen_ = 0;
    bool narrow_ = false;
};

}  // namespace

std::unique_ptr<Panel> make_menu_panel(Desk& desk) { return std::make_unique<MenuPanel>(desk); }

}  // namespace paprsek::ui
