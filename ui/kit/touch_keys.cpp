#include "ui/kit/touch_keys.h"

#include <string_view>
#include <utility>

#include "ui/kit/locale.h"
#include "ui/kit/utf8.h"

namespace paprsek::ui {
namespace {

constexpr float gap = 6, edge = 10, key_height = 44, stand_off = 8;
constexpr int letter_rows = 6;

/// The rows of letters, and the same with Shift: as many characters.
struct LetterRow {
    std::string_view plain, shifted;
};
constexpr LetterRow digit_row{"1234567890-", "!\"#%&/()=?+"};
constexpr LetterRow accented_row{"ěščřžýáíéúůťďňóăâîșț", "ĚŠČŘŽÝÁÍÉÚŮŤĎŇÓĂÂÎȘȚ"};
constexpr LetterRow upper_row{"qwertyuiop@", "QWERTYUIOP@"}, czech_upper_row{"qwertzuiop@", "QWERTZUIOP@"};
constexpr LetterRow middle_row{"asdfghjkl:;", "ASDFGHJKL:;"};
constexpr LetterRow lower_row{"zxcvbnm,._'", "ZXCVBNM,.*'"}, czech_lower_row{"yxcvbnm,._'", "YXCVBNM,.*'"};

int length_of(std::string_view text) {
    int count = 0;
    for (std::size_t i = 0; i < text.size(); i = utf8_next(text, i)) ++count;
    return count;
}

/// As a keyboard would give it: digits and letters have their places, too.
KeyPress touched(char32_t c) {
    if (c >= '0' && c <= '9') return pressed(GLFW_KEY_KP_0 + static_cast<int>(c - '0'), c);
    return pressed(GLFW_KEY_UNKNOWN, c);
}

TouchKey key_of(Rect at, std::string label, KeyPress press) { return {at, std::move(label), Icon::none, std::move(press), TouchKey::Does::type}; }
TouchKey key_of(Rect at, Icon icon, int key) { return {at, {}, icon, pressed(key), TouchKey::Does::type}; }

void add_row(std::vector<TouchKey>& keys, Rect rect, const LetterRow& row, bool shifted) {
    const std::string_view text = shifted ? row.shifted : row.plain;
    const int count = length_of(text);
    int column = 0;
    for (std::size_t i = 0; i < text.size(); i = utf8_next(text, i))
        keys.push_back(key_of(rect.cell(column++, count, 0, 1, gap), std::string(text.substr(i, utf8_next(text, i) - i)), touched(utf8_decode(text, i))));
}

void draw_key(Ui& ui, const TouchKey& key, Capitals capitals) {
    const bool enter = key.press.key == GLFW_KEY_ENTER;
    const bool shift = key.does == TouchKey::Does::shift;
    Button look{.label = key.label, .icon = key.icon, .selected = shift && capitals != Capitals::none};
    const bool one = length_of(key.label) == 1;
    look.type = one ? Type::title : Type::caption_strong;
    if (enter) look = {.label = key.label, .tone = Tone::accent, .look = ButtonLook::solid, .type = Type::strong};
    button(ui, key.at, look);
}

}  // namespace

Rect touch_keys_place(Rect window, const Ui::Field& field) {
    const float wide = field.figures ? 4 * 76 + 3 * gap + 2 * edge : std::min(window.w - 2 * space::s, 1100.0F);
    const float high = field.figures ? 4 * 54 + 3 * gap + 2 * edge : letter_rows * key_height + (letter_rows - 1) * gap + 2 * edge;
    Rect place{field.at.right() - wide, field.at.bottom() + stand_off, wide, high};
    if (!field.figures) {
        place.x = window.x + (window.w - wide) / 2;
        place.y = window.bottom() - high - space::xs;
        if (place.y < field.at.bottom() + space::xs) place.y = std::max(window.y, std::min(window.y + space::xs, field.at.y - space::xs - high));
    } else if (place.bottom() > window.bottom() - space::xs) {
        place.y = field.at.y - stand_off - high;
    }
    place.x = std::clamp(place.x, window.x + space::xs, std::max(window.x + space::xs, window.right() - wide - space::xs));
    return place;
}

std::vector<TouchKey> number_keys(Rect place) {
    const Rect inside = place.inset(edge);
    const auto cell = [&](int column, int row) { return inside.cell(column, 4, row, 4, gap); };
    std::vector<TouchKey> keys;
    constexpr std::string_view figures = "789456123";
    for (int i = 0; i < 9; ++i) {
        const char figure = figures[static_cast<std::size_t>(i)];
        keys.push_back(key_of(cell(i % 3, i / 3), std::string(1, figure), touched(static_cast<unsigned char>(figure))));
    }
    keys.push_back(key_of(cell(0, 3), "0", touched('0')));
    keys.push_back(key_of(cell(1, 3), number_style(language()).decimal, pressed(GLFW_KEY_KP_DECIMAL, ',')));
    keys.push_back(key_of(cell(3, 0), Icon::backspace, GLFW_KEY_BACKSPACE));
    keys.push_back(key_of(cell(3, 1), tr("Next"), pressed(GLFW_KEY_TAB)));
    keys.push_back({cell(3, 2), tr("Hide"), Icon::none, {}, TouchKey::Does::hide});
    Rect enter = cell(2, 3);
    enter.w = cell(3, 3).right() - enter.x;
    keys.push_back(key_of(enter, "Enter", pressed(GLFW_KEY_ENTER)));
    return keys;
}

std::vector<TouchKey> letter_keys(Rect place, Capitals capitals, bool czech) {
    const Rect inside = place.inset(edge);
    const bool shifted = capitals != Capitals::none;
    const auto row = [&](int i) { return inside.cell(0, 1, i, letter_rows, gap); };
    const float wide = (inside.w - 11 * gap) / 12.5F;  // of the keys with words on them: one and a half letters
    std::vector<TouchKey> keys;
    Rect at = row(0);
    const Rect backspace = at.cut_right(wide * 1.5F, gap);
    add_row(keys, at, digit_row, shifted);
    keys.push_back(key_of(backspace, Icon::backspace, GLFW_KEY_BACKSPACE));
    add_row(keys, row(1), accented_row, shifted);
    at = row(2);
    at.cut_right(wide * 0.75F, gap);
    at.cut_left(wide * 0.75F, gap);
    add_row(keys, at, czech ? czech_upper_row : upper_row, shifted);
    at = row(3);
    const Rect enter = at.cut_right(wide * 1.5F, gap);
    add_row(keys, at, middle_row, shifted);
    keys.push_back(key_of(enter, "Enter", pressed(GLFW_KEY_ENTER)));
    at = row(4);
    const Rect shift = at.cut_left(wide * 1.5F, gap);
    add_row(keys, at, czech ? czech_lower_row : lower_row, shifted);
    keys.push_back({shift, capitals == Capitals::all ? "SHIFT" : "Shift", Icon::none, {}, TouchKey::Does::shift});
    at = row(5);
    keys.push_back({at.cut_left(wide * 1.5F, gap), tr("Hide"), Icon::none, {}, TouchKey::Does::hide});
    keys.push_back(key_of(at.cut_left(wide * 1.5F, gap), tr("Next"), pressed(GLFW_KEY_TAB)));
    keys.push_back(key_of(at.cut_right(wide, gap), Icon::angle_down, GLFW_KEY_DOWN));
    keys.push_back(key_of(at.cut_right(wide, gap), Icon::angle_up, GLFW_KEY_UP));
    keys.push_back(key_of(at.cut_right(wide, gap), Icon::angle_right, GLFW_KEY_RIGHT));
    keys.push_back(key_of(at.cut_right(wide, gap), Icon::angle_left, GLFW_KEY_LEFT));
    keys.push_back(key_of(at, tr("Space"), pressed(GLFW_KEY_SPACE, ' ')));
    return keys;
}

bool TouchKeys::take(const Pointer& pointer) const {
    const Point at = pointer.down || pointer.released ? pointer.pressed_at : pointer.at;
    return (open_ && open_->place.contains(at)) || (offer_ && offer_->contains(at));
}

/// They stay while one goes from field to field of a screen; with another screen, or no field in focus, they go.
void TouchKeys::follow(Ui& ui, Rect window) {
    const auto& field = ui.field();
    const bool asked = std::exchange(asked_, false) || ui.touch_keys_asked();
    const bool others = open_ && open_->screen != ui.screen;
    const bool typed_on = open_ && !ui.by_touch;  // a real key was pressed
    if (!field || typed_on || (asked ? open_.has_value() : others || (open_ && field->figures && ui.pad_in_sight))) return hide();
    if (asked) capitals_ = Capitals::none;
    if (asked || open_) open_ = Open{ui.screen, touch_keys_place(window, *field)};
}

void TouchKeys::draw_offer(Ui& ui, Rect window) {
    offer_.reset();
    const auto& field = ui.field();
    if (open_ || !field || field->has_button || !ui.by_touch || (field->figures && ui.pad_in_sight)) return;
    Rect place{field->at.right() - 48, field->at.bottom() + 2, 48, 36};
    if (place.bottom() > window.bottom()) place.y = field->at.y - 2 - place.h;
    offer_ = place;
    ui.canvas.shadow(place, radius::control, ui.theme.shadow, 6);
    if (button(ui, place, {.icon = Icon::keyboard, .tone = Tone::accent})) asked_ = true;
    if (asked_) ui.redraw_at(ui.now);
}

std::optional<KeyPress> TouchKeys::touched(const TouchKey& key) {
    switch (key.does) {
        case TouchKey::Does::hide: hide(); return std::nullopt;
        case TouchKey::Does::shift:
            capitals_ = capitals_ == Capitals::none ? Capitals::next : capitals_ == Capitals::next ? Capitals::all : Capitals::none;
            return std::nullopt;
        case TouchKey::Does::type: break;
    }
    if (key.press.character > ' ' && capitals_ == Capitals::next) capitals_ = Capitals::none;
    return key.press;
}

std::optional<KeyPress> TouchKeys::draw(Ui& ui, Rect window) {
    follow(ui, window);
    draw_offer(ui, window);
    if (!open_) return std::nullopt;
    const Rect place = open_->place;
    ui.canvas.shadow(place, radius::card, ui.theme.shadow, 14);
    ui.canvas.fill(place, mix(ui.theme.surface, ui.theme.line, 0.35F), radius::card);
    ui.canvas.outline(place, ui.theme.line, radius::card);
    const bool figures = ui.field()->figures;
    std::optional<KeyPress> given;
    for (const TouchKey& key : figures ? number_keys(place) : letter_keys(place, capitals_, language() == "cs")) {
        draw_key(ui, key, capitals_);
        if (ui.clicked(key.at)) given = touched(key);
    }
    return given;
}

}  // namespace paprsek::ui
