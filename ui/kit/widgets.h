// The widgets. Each draws itself into a rectangle and returns what the pointer did; none keeps state of its own.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/text_field.h"
#include "ui/kit/ui.h"

namespace paprsek::ui {

enum class Tone { neutral, accent, go, warn, danger };
// The strong colour of a tone, what is readable on it, and its pale background.
Color tone_color(const Theme& theme, Tone tone);
Color tone_on(const Theme& theme, Tone tone);
Color tone_soft(const Theme& theme, Tone tone);

// A raised panel. Returns its inside.
Rect card(Ui& ui, Rect rect, float padding = space::l);

enum class ButtonLook {
    solid,    // the one main action of a panel
    outline,  // other actions
    quiet,    // no border until hovered
    strip,    // on the dark title strip
};

struct Button {
    std::string label = {};     // its own: a button that has a name outlives the words that were put together for it
    std::string_view key = {};  // printed on it: every action by pointer has its key
    Icon icon = Icon::none;
    Tone tone = Tone::neutral;
    ButtonLook look = ButtonLook::outline;
    bool enabled = true;
    bool selected = false;
    Type type = Type::strong;
    Align align = Align::centre;
    bool above = false;  // the label stands above its key, where the button is high enough
};
// True where it was clicked and is enabled.
bool button(Ui& ui, Rect rect, const Button& look);

// Buttons beside each other, of which a long label makes no single one smaller: icons, size and place of the words are alike for all but
// the solid ones, which stand out. The index of the one that was clicked, or -1.
int button_row(Ui& ui, std::span<const Rect> places, std::vector<Button> looks);
// The same in one row of equal parts.
int button_row(Ui& ui, Rect rect, std::vector<Button> looks);
// What a button takes for its label and key without an icon.
float button_width(Ui& ui, const Button& look);

// A small key cap as the shop set its keys (keymap.h), right-aligned in `rect`. Returns its width.
float key_cap(Ui& ui, Rect rect, std::string_view key, Color ink, Color border, Align align = Align::right);

// A pill that states something.
float chip(Ui& ui, Point left_middle, std::string_view text, Tone tone, Icon icon = Icon::none);
float chip_width(Ui& ui, std::string_view text, Icon icon = Icon::none);

// A pill that chooses something.
bool choice_chip(Ui& ui, Rect rect, std::string_view text, bool selected);

struct FieldLook {
    std::string_view placeholder = {};
    Icon icon = Icon::none;
    bool focused = false;
    Type type = Type::body;
    std::string_view suffix = {};  // unit or currency, at the right
    Align align = Align::left;
    Tone tone = Tone::accent;
    bool secret = false;  // dots instead of characters
};
// True where it was clicked: the screen gives it the keys. A focused one that was touched has a button for the touch keys at its end.
bool text_field(Ui& ui, Rect rect, TextField& field, const FieldLook& look);

// `share` from 0 to 1; without it a band that travels, while the length of the work is not known.
void progress_bar(Ui& ui, Rect rect, std::optional<float> share, Tone tone = Tone::accent);

// A caption close above a value, both in the middle of the height.
void labelled(Ui& ui, Rect rect, std::string_view label, std::string_view value, Type type, Color ink, Align align = Align::left);
void labelled(Ui& ui, Rect rect, std::string_view label, std::string_view value, Type type, Color ink, Align align, Color label_ink);

// Icon, title and a sentence in the middle of an empty region.
void empty_state(Ui& ui, Rect rect, Icon icon, std::string_view title, std::string_view sentence);

// A sentence with an icon on the tone's pale background.
void notice(Ui& ui, Rect rect, Tone tone, Icon icon, std::string_view sentence);

// Digits, 00, decimal separator, backspace and the given extra key. A touched key comes back as the key press it stands for.
std::optional<KeyPress> number_pad(Ui& ui, Rect rect);

// For a PIN: digits, backspace and Enter. As number_pad().
std::optional<KeyPress> pin_pad(Ui& ui, Rect rect);
// How many digits of a PIN are there, never which.
void pin_dots(Ui& ui, Rect rect, std::size_t digits, bool wrong);

// A panel over `area` with a heading and a way out. Returns its inside; `closed` becomes true where the way out was clicked.
struct SheetLook {
    Icon icon = Icon::none;
    std::string_view title = {};
    std::string_view subtitle = {};
    std::string_view way_out = "Esc";
};
Rect sheet(Ui& ui, Rect area, const SheetLook& look, bool& closed);

}  // namespace paprsek::ui
