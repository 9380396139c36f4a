#include "ui/kit/widgets.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include "ui/kit/keymap.h"
#include "ui/kit/locale.h"
#include "ui/kit/utf8.h"

namespace paprsek::ui {

Color tone_color(const Theme& theme, Tone tone) {
    switch (tone) {
        case Tone::neutral: return theme.ink_soft;
        case Tone::accent: return theme.accent;
        case Tone::go: return theme.go;
        case Tone::warn: return theme.warn;
        case Tone::danger: return theme.danger;
    }
    return theme.ink;
}

Color tone_on(const Theme& theme, Tone tone) {
    switch (tone) {
        case Tone::neutral: return theme.surface;
        case Tone::accent: return theme.on_accent;
        case Tone::go: return theme.on_go;
        case Tone::warn: return theme.surface;
        case Tone::danger: return theme.on_danger;
    }
    return theme.surface;
}

Color tone_soft(const Theme& theme, Tone tone) {
    switch (tone) {
        // The lines of high contrast are white: half of that is a grey on which nothing stands out.
        case Tone::neutral: return mix(theme.sunken, theme.line, theme.name == ThemeName::contrast ? 0.2F : 0.5F);
        case Tone::accent: return theme.accent_soft;
        case Tone::go: return theme.go_soft;
        case Tone::warn: return theme.warn_soft;
        case Tone::danger: return theme.danger_soft;
    }
    return theme.sunken;
}

Rect card(Ui& ui, Rect rect, float padding) {
    ui.canvas.shadow(rect, radius::card, ui.theme.shadow, 9);
    ui.canvas.fill(rect, ui.theme.surface, radius::card);
    if (ui.theme.name != ThemeName::light) ui.canvas.outline(rect, ui.theme.line, radius::card);
    return rect.inset(padding);
}

namespace {

struct ButtonColors {
    Color fill;
    Color border;
    Color ink;
    Color cap;
};

ButtonColors button_colors(const Ui& ui, const Button& look, bool hover, bool held) {
    const Theme& t = ui.theme;
    const Color tone = tone_color(t, look.tone);
    const Color none = t.surface.alpha(0);
    if (!look.enabled) {
        const bool strip = look.look == ButtonLook::strip;
        const Color ink = strip ? t.on_strip_soft.alpha(0.7F) : t.ink_faint;
        const Color at_rest = mix(t.surface, t.line, t.name == ThemeName::contrast ? 0.2F : 0.6F);
        // White lines as bright as those of what can be pressed would say that this can be, too.
        const Color border = t.name == ThemeName::contrast ? mix(t.surface, t.line, 0.35F) : t.line;
        const Color faint = t.name == ThemeName::contrast ? mix(t.surface, t.line, 0.6F) : ink;
        return {look.look == ButtonLook::solid ? at_rest : none, look.look == ButtonLook::outline ? border : none, faint, faint};
    }
    switch (look.look) {
        case ButtonLook::solid: {
            const Color on = tone_on(t, look.tone);
            const Color fill = held ? mix(tone, t.strip, 0.30F) : hover ? mix(tone, t.strip, 0.14F) : tone;
            return {fill, none, on, on.alpha(0.8F)};
        }
        case ButtonLook::strip: {
            const Color fill = held ? t.on_strip.alpha(0.20F) : hover || look.selected ? t.on_strip.alpha(0.12F) : none;
            return {fill, t.strip_line, t.on_strip, t.on_strip_soft};
        }
        case ButtonLook::outline:
        case ButtonLook::quiet: break;
    }
    const Color ink = look.tone == Tone::neutral ? t.ink : tone;
    const Color at_rest = look.look == ButtonLook::quiet ? none : t.surface;
    Color fill = held ? mix(t.surface, tone, 0.20F) : hover ? mix(t.surface, tone, 0.09F) : at_rest;
    if (look.selected) fill = t.accent_soft;
    const Color border = look.selected ? t.accent : look.look == ButtonLook::quiet ? none : hover ? mix(t.line, tone, 0.45F) : t.line;
    return {fill, border, look.selected ? t.accent : ink, t.ink_faint};
}

constexpr float icon_beside = 28;  ///< an icon and the gap behind it

/// A label that is too long for its button is written without the icon where that does, else smaller, and then without it: a word that is
/// cut says nothing, and one that can be read from afar says more than an icon.
Button fitted(Ui& ui, float width, Button look) {
    const auto words = [&] { return ui.canvas.width(look.label, look.type); };
    const auto taken = [&] { return words() + (look.icon == Icon::none ? 0.0F : icon_beside); };
    if (look.label.empty()) return look;
    if (taken() > width && words() <= width) look.icon = Icon::none;
    if ((look.type == Type::strong || look.type == Type::body) && taken() > width) look.type = Type::caption_strong;
    if (look.type == Type::caption_strong && taken() > width) look.icon = Icon::none;
    return look;
}

/// A word that has no room beside its key stands above it: a word that is broken in two says nothing either.
bool broken(Ui& ui, std::string_view label, Type type, float room) {
    while (!label.empty()) {
        const std::size_t end = std::min(label.find(' '), label.size());
        if (ui.canvas.width(label.substr(0, end), type) > room) return true;
        label.remove_prefix(std::min(end + 1, label.size()));
    }
    return false;
}

void draw_stacked(Ui& ui, Rect rect, const Button& look, const ButtonColors& colors) {
    const float line = ui.canvas.line_height(Type::caption_strong), cap = 20;
    Rect pair = rect.inset(space::xs, 0).middle(rect.w - 2 * space::xs, line + cap);
    ui.canvas.text(pair.cut_top(line), look.label, Type::caption_strong, colors.ink, Align::centre);
    key_cap(ui, pair, look.key, colors.cap, colors.cap.alpha(0.5F), Align::centre);
}

Rect inside_of_button(Rect rect) { return rect.inset(std::min(space::m, rect.w * 0.12F), 0); }

/// The key cap of a button so wide, with the gap before it.
float cap_of(Ui& ui, float wide, std::string_view key) {
    constexpr float narrow = 130;
    return key.empty() ? 0 : ui.canvas.width(shown_key(key), Type::caption_strong) + 14 + (wide < narrow ? space::xs : space::s);
}

void draw_face(Ui& ui, Rect rect, const Button& wanted, const ButtonColors& colors) {
    Rect inside = inside_of_button(rect);
    const float cap_width = cap_of(ui, rect.w, wanted.key);
    const Button look = fitted(ui, inside.w - cap_width, wanted);
    const float text_width = ui.canvas.width(look.label, look.type);
    const float icon_width = look.icon == Icon::none ? 0 : look.label.empty() ? 20.0F : icon_beside;
    const bool high = rect.h >= ui.canvas.line_height(look.type) + 22;
    const bool above = look.above || broken(ui, look.label, look.type, inside.w - cap_width - icon_width);
    if (cap_width > 0 && high && above) return draw_stacked(ui, rect, look, colors);
    if (cap_width > 0) {  // the label stands in the middle of what its key leaves
        key_cap(ui, inside, look.key, colors.cap, colors.cap.alpha(0.5F));
        inside.cut_right(cap_width);
    }
    float left = look.align == Align::left ? inside.x : inside.x + std::max(0.0F, (inside.w - text_width - icon_width) / 2);
    if (icon_width > 0) {
        ui.canvas.icon({left, rect.y, 20, rect.h}, look.icon, IconSize::small, colors.ink);
        left += icon_width;
    }
    const float room = inside.right() - left, line = ui.canvas.line_height(look.type);
    if (text_width > room && rect.h >= 2 * line + space::s)  // in two lines
        ui.canvas.paragraph({left, rect.y + (rect.h - 2 * line) / 2, room, 2 * line + 1}, look.label, look.type, colors.ink);
    else
        ui.canvas.text({left, rect.y, room, rect.h}, look.label, look.type, colors.ink);
}

}  // namespace

bool button(Ui& ui, Rect rect, const Button& look) {
    const bool hover = look.enabled && ui.hovered(rect);
    const ButtonColors colors = button_colors(ui, look, hover, look.enabled && ui.held(rect));
    if (colors.fill.a > 0) ui.canvas.fill(rect, colors.fill, radius::control);
    if (colors.border.a > 0) ui.canvas.outline(rect, colors.border, radius::control);
    draw_face(ui, rect, look, colors);
    return look.enabled && ui.clicked(rect);
}

int button_row(Ui& ui, std::span<const Rect> places, std::vector<Button> looks) {
    assert(places.size() == looks.size());
    const auto room = [&](std::size_t i) { return inside_of_button(places[i]).w - cap_of(ui, places[i].w, looks[i].key); };
    const auto words = [&](std::size_t i) { return ui.canvas.width(looks[i].label, looks[i].type); };
    const auto any = [&](const std::function<bool(std::size_t)>& holds) {
        for (std::size_t i = 0; i < looks.size(); ++i)
            if (looks[i].look != ButtonLook::solid && holds(i)) return true;
        return false;
    };
    const auto for_all = [&](const std::function<void(Button&)>& change) {
        for (Button& look : looks)
            if (look.look != ButtonLook::solid) change(look);
    };
    const auto icon = [&](std::size_t i) { return looks[i].icon == Icon::none ? 0.0F : icon_beside; };
    // Words that can be read from afar come before icons.
    if (any([&](std::size_t i) { return words(i) + icon(i) > room(i); })) for_all([](Button& look) { look.icon = Icon::none; });
    if (any([&](std::size_t i) { return words(i) > room(i); })) for_all([](Button& look) { look.type = Type::caption_strong; });
    if (any([&](std::size_t i) { return broken(ui, looks[i].label, looks[i].type, room(i)); })) for_all([](Button& look) { look.above = true; });
    // In the middle only where each has air on both sides: draw_face() moves aside the words that would lie below their key.
    if (any([&](std::size_t i) { return words(i) + icon(i) + cap_of(ui, places[i].w, looks[i].key) + space::l > room(i); }))
        for_all([](Button& look) { look.align = Align::left; });
    int clicked = -1;
    for (std::size_t i = 0; i < looks.size(); ++i)
        if (button(ui, places[i], looks[i])) clicked = static_cast<int>(i);
    return clicked;
}

int button_row(Ui& ui, Rect rect, std::vector<Button> looks) {
    std::vector<Rect> places;
    const int count = static_cast<int>(looks.size());
    for (int i = 0; i < count; ++i) places.push_back(rect.cell(i, count, 0, 1, space::s));
    return button_row(ui, places, std::move(looks));
}

float button_width(Ui& ui, const Button& look) { return ui.canvas.width(look.label, look.type) + cap_of(ui, 1000, look.key) + 2 * space::m; }

float key_cap(Ui& ui, Rect rect, std::string_view cap_text, Color ink, Color border, Align align) {
    const std::string key = shown_key(cap_text);
    ui.keys_shown.emplace_back(cap_text);
    const float width = ui.canvas.width(key, Type::caption_strong) + 12;
    const float height = 18;
    float x = rect.x;
    if (align == Align::right) x = rect.right() - width;
    if (align == Align::centre) x = rect.x + (rect.w - width) / 2;
    const Rect cap{x, rect.y + (rect.h - height) / 2, width, height};
    ui.canvas.outline(cap, border, 4);
    ui.canvas.text(cap, key, Type::caption_strong, ink, Align::centre);
    return width;
}

float chip_width(Ui& ui, std::string_view text, Icon icon) {
    return ui.canvas.width(text, Type::caption_strong) + (icon == Icon::none ? 0.0F : 20.0F) + 20;
}

float chip(Ui& ui, Point left_middle, std::string_view text, Tone tone, Icon icon) {
    const float height = 24;
    const Rect pill{left_middle.x, left_middle.y - height / 2, chip_width(ui, text, icon), height};
    const Color ink = tone_color(ui.theme, tone);
    ui.canvas.fill(pill, tone_soft(ui.theme, tone), height / 2);
    Rect inside = pill.inset(10, 0);
    if (icon != Icon::none) ui.canvas.icon(inside.cut_left(14, 6), icon, IconSize::small, ink);
    ui.canvas.text(inside, text, Type::caption_strong, ink);
    return pill.w;
}

bool choice_chip(Ui& ui, Rect rect, std::string_view text, bool selected) {
    const Theme& t = ui.theme;
    const bool hover = ui.hovered(rect);
    const Color fill = selected ? t.ink : hover ? mix(t.surface, t.accent, 0.10F) : t.surface;
    ui.canvas.fill(rect, fill, rect.h / 2);
    if (!selected) ui.canvas.outline(rect, t.line, rect.h / 2);
    ui.canvas.text(rect.inset(10, 0), text, Type::strong, selected ? t.surface : t.ink_soft, Align::centre);
    return ui.clicked(rect);
}

namespace {

std::string dots_for(const std::string& text) {
    std::string dots;
    for (std::size_t i = 0; i < text.size(); i = utf8_next(text, i)) dots += "\u2022";
    return dots;
}

/// The button that brings the touch keys; what is left of `inside` is the text's. True where it was touched.
bool touch_keys_button(Ui& ui, Rect rect, Rect& inside, const TextField& field) {
    const bool figures = field.accepts() == TextField::Accepts::amount || field.accepts() == TextField::Accepts::digits;
    constexpr float room_min = 110;  // the text comes first; a narrower one has its button below
    ui.focus_field({&field, rect, figures, rect.w >= room_min});
    if (!ui.by_touch || (figures && ui.pad_in_sight) || rect.w < room_min) return false;
    const Rect place = inside.cut_right(34, 2).inset(0, 4);
    if (ui.hovered(place)) ui.canvas.fill(place, ui.theme.accent_soft, radius::small);
    ui.canvas.icon(place, Icon::keyboard, IconSize::medium, ui.theme.accent);
    if (!ui.clicked(place)) return false;
    ui.ask_touch_keys();
    return true;
}

}  // namespace

bool text_field(Ui& ui, Rect rect, TextField& field, const FieldLook& look) {
    const Theme& t = ui.theme;
    const bool hover = ui.hovered(rect);
    const Color tone = tone_color(t, look.tone);
    if (look.focused) ui.canvas.fill(rect.inset(-3), tone.alpha(0.20F), radius::control + 3);
    ui.canvas.fill(rect, look.focused ? t.surface : t.sunken, radius::control);
    ui.canvas.outline(rect, look.focused ? tone : hover ? t.ink_faint : t.line, radius::control, look.focused ? 2.0F : 1.0F);

    Rect inside = rect.inset(space::m, 0);
    if (look.icon != Icon::none) ui.canvas.icon(inside.cut_left(22, space::s), look.icon, IconSize::medium, look.focused ? tone : t.ink_faint);
    if (!look.suffix.empty()) {
        // A unit is not louder than the figure that it belongs to, which may not be there yet.
        const float width = ui.canvas.width(look.suffix, Type::body);
        ui.canvas.text(inside.cut_right(width, space::s), look.suffix, Type::body, t.ink_soft);
    }
    if (look.focused && touch_keys_button(ui, rect, inside, field)) return false;
    const std::string text = look.secret ? dots_for(field.text()) : field.shown();
    const Canvas::Clip clip(ui.canvas, inside.inset(-2, 0));
    const Rect at_rest =
        look.align == Align::right ? Rect{inside.x, inside.y, inside.w - 8, inside.h} : Rect{inside.x + 6, inside.y, inside.w - 6, inside.h};
    if (text.empty()) ui.canvas.text(at_rest, look.placeholder, Type::body, t.ink_faint, look.align);

    // Smaller before it is cut: an address of e-mail in a column of three.
    const bool too_long = look.type == Type::body && ui.canvas.width(text, Type::body) > inside.w - 4;
    const Type type = too_long && ui.canvas.width(text, Type::caption) <= inside.w - 4 ? Type::caption : look.type;
    const float text_width = ui.canvas.width(text, type);
    const float before_caret = ui.canvas.width(std::string_view(text).substr(0, look.secret ? text.size() : field.to_shown(field.caret())), type);
    float left = inside.x;
    if (look.align == Align::right) left = inside.right() - text_width - 2;
    // A long text slides so that the caret stays in sight.
    if (text_width > inside.w - 4) left = inside.x - (look.focused ? std::max(0.0F, before_caret - inside.w + 4) : 0.0F);
    const float line = ui.canvas.line_height(type);
    const float top = rect.y + (rect.h - line) / 2;
    if (field.proposed()) ui.canvas.fill({left - 2, top, text_width + 4, line}, tone.alpha(0.22F), 3);
    ui.canvas.text({left, rect.y, text_width + 100, rect.h}, text, type, t.ink);
    if (look.focused && !field.proposed()) ui.canvas.fill({left + before_caret, top + 1, 2, line - 2}, tone);

    if (!ui.clicked(rect)) return false;
    if (look.secret) return true;
    std::size_t caret = 0;
    while (caret < text.size()) {
        const std::size_t next = utf8_next(text, caret);
        const float middle = (ui.canvas.width(std::string_view(text).substr(0, caret), type) +
                              ui.canvas.width(std::string_view(text).substr(0, next), type)) /
                             2;
        if (left + middle > ui.pointer.at.x) break;
        caret = next;
    }
    field.move_caret(field.from_shown(caret));
    return true;
}

void progress_bar(Ui& ui, Rect rect, std::optional<float> share, Tone tone) {
    const float corner = rect.h / 2;
    ui.canvas.fill(rect, ui.theme.line, corner);
    const Color color = tone_color(ui.theme, tone);
    if (share) {
        if (*share > 0) ui.canvas.fill({rect.x, rect.y, std::max(rect.h, rect.w * std::min(*share, 1.0F)), rect.h}, color, corner);
        return;
    }
    const float length = rect.w * 0.3F;
    const float phase = static_cast<float>(std::fmod(ui.now / 1.4, 1.0));
    const Canvas::Clip clip(ui.canvas, rect);
    ui.canvas.fill({rect.x - length + (rect.w + length) * phase, rect.y, length, rect.h}, color, corner);
    ui.redraw_at(ui.now + 0.033);
}

void labelled(Ui& ui, Rect rect, std::string_view label, std::string_view value, Type type, Color ink, Align align) {
    labelled(ui, rect, label, value, type, ink, align, ui.theme.ink_soft);
}

void labelled(Ui& ui, Rect rect, std::string_view label, std::string_view value, Type type, Color ink, Align align, Color label_ink) {
    constexpr float label_height = 20;
    Rect pair = rect.middle(rect.w, std::min(rect.h, label_height + ui.canvas.line_height(type)));
    ui.canvas.text(pair.cut_top(label_height), label, Type::caption, label_ink, align);
    ui.canvas.text(pair, value, type, ink, align);
}

void empty_state(Ui& ui, Rect rect, Icon icon, std::string_view title, std::string_view sentence) {
    const Rect middle = rect.middle(std::min(rect.w - 2 * space::l, 430.0F), 156);
    Rect rest = middle;
    const Rect badge = rest.cut_top(76, space::m);
    ui.canvas.circle(badge.centre(), 38, tone_soft(ui.theme, Tone::neutral));
    ui.canvas.icon(badge, icon, IconSize::large, ui.theme.ink_faint);
    ui.canvas.text(rest.cut_top(26, 2), title, Type::strong, ui.theme.ink_soft, Align::centre);
    ui.canvas.paragraph(rest.cut_top(40), sentence, Type::caption, ui.theme.ink_soft, Align::centre);
}

void notice(Ui& ui, Rect rect, Tone tone, Icon icon, std::string_view sentence) {
    ui.canvas.fill(rect, tone_soft(ui.theme, tone), radius::control);
    Rect inside = rect.inset(space::m, 0);
    ui.canvas.icon(inside.cut_left(20, space::s), icon, IconSize::small, tone_color(ui.theme, tone));
    const float high = std::min(ui.canvas.paragraph_height(inside.w, sentence, Type::body), rect.h);
    ui.canvas.paragraph({inside.x, rect.y + (rect.h - high) / 2, inside.w, high}, sentence, Type::body, ui.theme.ink);
}

std::optional<KeyPress> number_pad(Ui& ui, Rect rect) {
    struct Key {
        const char* label;
        int key;
        char32_t character;
    };
    static constexpr Key keys[4][4] = {
            {{"7", GLFW_KEY_KP_7, '7'}, {"8", GLFW_KEY_KP_8, '8'}, {"9", GLFW_KEY_KP_9, '9'}, {"⌫", GLFW_KEY_BACKSPACE, 0}},
            {{"4", GLFW_KEY_KP_4, '4'}, {"5", GLFW_KEY_KP_5, '5'}, {"6", GLFW_KEY_KP_6, '6'}, {"×", GLFW_KEY_KP_MULTIPLY, '*'}},
            {{"1", GLFW_KEY_KP_1, '1'}, {"2", GLFW_KEY_KP_2, '2'}, {"3", GLFW_KEY_KP_3, '3'}, {";", GLFW_KEY_GRAVE_ACCENT, ';'}},
            {{"0", GLFW_KEY_KP_0, '0'}, {"0", GLFW_KEY_KP_0, '0'}, {",", GLFW_KEY_KP_DECIMAL, '.'}, {"Enter", GLFW_KEY_KP_ENTER, 0}},
    };
    std::optional<KeyPress> touched;
    ui.pad_in_sight = true;
    for (int row = 0; row < 4; ++row) {
        for (int column = 0; column < 4; ++column) {
            const Key& key = keys[row][column];
            Rect cell = rect.cell(column, 4, row, 4, space::s);
            if (row == 3 && column == 1) continue;
            if (row == 3 && column == 0) cell.w = cell.w * 2 + space::s;  // a wide zero
            Button look{.label = key.label, .type = Type::title};
            if (key.key == GLFW_KEY_KP_DECIMAL) look.label = number_style(language()).decimal;  // as the figures on the screen have it
            if (key.key == GLFW_KEY_BACKSPACE) look = {.icon = Icon::backspace};
            if (key.character == ';') look = {.icon = Icon::id_card};
            if (key.key == GLFW_KEY_KP_ENTER) look = {.label = key.label, .tone = Tone::accent, .look = ButtonLook::solid, .type = Type::strong};
            if (button(ui, cell, look)) touched = pressed(key.key, key.character);
        }
    }
    return touched;
}

std::optional<KeyPress> pin_pad(Ui& ui, Rect rect) {
    constexpr std::string_view digits = "789456123";
    std::optional<KeyPress> touched;
    const auto cell = [&](int column, int row) { return rect.cell(column, 3, row, 4, space::s); };
    const auto digit = [&](int column, int row, std::string_view label) {
        if (button(ui, cell(column, row), {.label = std::string(label), .type = Type::title}))
            touched = pressed(GLFW_KEY_KP_0 + (label[0] - '0'), static_cast<char32_t>(label[0]));
    };
    for (int i = 0; i < 9; ++i) digit(i % 3, i / 3, digits.substr(static_cast<std::size_t>(i), 1));
    digit(1, 3, "0");
    if (button(ui, cell(0, 3), {.icon = Icon::backspace})) touched = pressed(GLFW_KEY_BACKSPACE);
    if (button(ui, cell(2, 3), {.label = "Enter", .tone = Tone::accent, .look = ButtonLook::solid})) touched = pressed(GLFW_KEY_KP_ENTER);
    return touched;
}

void pin_dots(Ui& ui, Rect rect, std::size_t digits, bool wrong) {
    const Theme& t = ui.theme;
    const Color tone = wrong ? t.danger : t.accent;
    ui.canvas.fill(rect, t.sunken, radius::control);
    ui.canvas.outline(rect, tone, radius::control, 2);
    constexpr std::size_t least = 4;  // a PIN has at least as many
    const std::size_t places = std::max(least, digits);
    const float step = std::min(28.0F, (rect.w - 2 * space::l) / static_cast<float>(places));
    float x = rect.centre().x - step * static_cast<float>(places - 1) / 2;
    for (std::size_t i = 0; i < places; ++i, x += step) ui.canvas.circle({x, rect.centre().y}, i < digits ? 7.0F : 4.0F, i < digits ? tone : t.line);
}

Rect sheet(Ui& ui, Rect area, const SheetLook& look, bool& closed) {
    ui.canvas.shadow(area, radius::card, ui.theme.shadow, 14);
    ui.canvas.fill(area, ui.theme.surface, radius::card);
    ui.canvas.outline(area, ui.theme.line, radius::card);
    Rect inside = area.inset(space::l);
    Rect head = inside.cut_top(44, space::m);
    const Rect badge = head.cut_left(44, space::m);
    ui.canvas.fill(badge, ui.theme.accent_soft, radius::control);
    ui.canvas.icon(badge, look.icon, IconSize::medium, ui.theme.accent);
    const float words = ui.canvas.width(tr("Back"), Type::strong), cap = ui.canvas.width(shown_key(look.way_out), Type::caption_strong);
    const float needed = words + cap + 14 + 2 * space::m + 2 * space::s;
    const Rect out = head.cut_right(area.w < 460 ? std::max(96.0F, needed) : std::max(124.0F, needed), space::s);
    if (button(ui, out, {.label = tr("Back"), .key = look.way_out, .look = ButtonLook::quiet})) closed = true;
    // A long title is written smaller, and a long sentence below it in two lines: words that are cut say nothing.
    const Type type = ui.canvas.width(look.title, Type::title) > head.w ? Type::strong : Type::title;
    if (look.subtitle.empty()) {
        ui.canvas.text(head, look.title, type, ui.theme.ink);
    } else if (ui.canvas.width(look.subtitle, Type::caption) > head.w) {
        head = head.inset(0, -3);
        ui.canvas.text(head.cut_top(19), look.title, type == Type::title ? Type::strong : type, ui.theme.ink);
        ui.canvas.paragraph(head, look.subtitle, Type::caption, ui.theme.ink_soft);
    } else {
        ui.canvas.text(head.cut_top(25), look.title, type, ui.theme.ink);
        ui.canvas.text(head, look.subtitle, Type::caption, ui.theme.ink_soft);
    }
    return inside;
}

}  // namespace paprsek::ui
