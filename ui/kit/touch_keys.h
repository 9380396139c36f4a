// Keys on the screen for whoever has none at hand (U1): a number pad for figures, letters with all Czech and Romanian ones for the rest.
// They write into the field in focus, which they never cover, as if typed. One for a window; the shell draws it over everything.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ui/kit/input.h"
#include "ui/kit/ui.h"
#include "ui/kit/widgets.h"

namespace paprsek::ui {

struct TouchKey {
    Rect at;
    std::string label;
    Icon icon = Icon::none;
    KeyPress press;
    enum class Does { type, shift, hide } does = Does::type;
};

enum class Capitals { none, next, all };

// Where the keys lie for a field in a window: below it where there is room, else above; never on it.
Rect touch_keys_place(Rect window, const Ui::Field& field);
// The keys themselves. `czech`: Z and Y change places.
std::vector<TouchKey> number_keys(Rect place);
std::vector<TouchKey> letter_keys(Rect place, Capitals capitals, bool czech);

class TouchKeys {
public:
    // Of a frame that begins: whether the pointer works on the keys, and not on what lies under them.
    bool take(const Pointer& pointer) const;
    // After everything else was drawn. What was touched, to be given to the program as a key.
    std::optional<KeyPress> draw(Ui& ui, Rect window);
    bool open() const { return open_.has_value(); }
    void hide() { open_.reset(); }

private:
    void follow(Ui& ui, Rect window);
    void draw_offer(Ui& ui, Rect window);
    std::optional<KeyPress> touched(const TouchKey& key);

    struct Open {
        const void* screen;
        Rect place;
    };
    std::optional<Open> open_;
    std::optional<Rect> offer_;  // the button below a field that has no room for it
    bool asked_ = false;         // that one was touched
    Capitals capitals_ = Capitals::none;
};

}  // namespace paprsek::ui
