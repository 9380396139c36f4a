#include "ui/kit/form.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "ui/kit/locale.h"

namespace paprsek::ui {
namespace {

constexpr float label_height = 18;
constexpr float field_height = 42;
constexpr float form_row_height = label_height + 4 + field_height;
constexpr float row_gap = space::m;
constexpr float switch_width = 40;
bool is_narrow_switch(float width) { return width < 150; }
float room_of_switch(float width) { return width - switch_width - (is_narrow_switch(width) ? 3 * space::xs : 2 * space::s + space::m); }

}  // namespace

bool switch_of(Ui& ui, Rect rect, std::string_view label, bool on, bool focused, bool enabled, bool small) {
    const Theme& t = ui.theme;
    const bool hover = enabled && ui.hovered(rect);
    if (focused) ui.canvas.outline(rect, t.accent, radius::control, 2);
    else if (hover) ui.canvas.fill(rect, mix(t.surface, t.accent, 0.06F), radius::control);
    const bool narrow = is_narrow_switch(rect.w);
    Rect inside = rect.inset(narrow ? space::xs : space::s, 0);
    const Rect track = inside.cut_left(switch_width, narrow ? space::xs : space::m).middle(switch_width, 22);
    const Color fill = !enabled ? t.line : on ? t.accent : t.ink_faint;
    ui.canvas.fill(track, fill, track.h / 2);
    ui.canvas.circle({on ? track.right() - 11 : track.x + 11, track.centre().y}, 8, t.surface);
    const Color ink = enabled ? t.ink : t.ink_faint;
    const float line = ui.canvas.line_height(Type::caption);
    if (!small && ui.canvas.width(label, Type::body) <= inside.w)
        ui.canvas.text(inside, label, Type::body, ink);
    else if (ui.canvas.width(label, Type::caption) <= inside.w || rect.h < 2 * line)
        ui.canvas.text(inside, label, Type::caption, ink);
    else  // in two lines
        ui.canvas.paragraph({inside.x, rect.centre().y - line, inside.w, 2 * line + 1}, label, Type::caption, ink);
    return enabled && ui.clicked(rect);
}

int options_bar(Ui& ui, Rect rect, const std::vector<std::string>& options, std::size_t chosen, bool focused, bool enabled) {
    const Theme& t = ui.theme;
    if (focused) ui.canvas.fill(rect.inset(-3), t.accent.alpha(0.20F), radius::control + 3);
    ui.canvas.fill(rect, t.sunken, radius::control);
    ui.canvas.outline(rect, focused ? t.accent : t.line, radius::control, focused ? 2.0F : 1.0F);
    const int count = static_cast<int>(options.size());
    const float room = count == 0 ? 0 : rect.inset(4).cell(0, count, 0, 1, 4).w - 8;
    // All of them smaller where one is too long.
    const bool small = std::any_of(options.begin(), options.end(), [&](const std::string& text) { return ui.canvas.width(text, Type::strong) > room; });
    int clicked = -1;
    for (int i = 0; i < count; ++i) {
        const Rect cell = rect.inset(4).cell(i, count, 0, 1, 4);
        const bool is_chosen = static_cast<std::size_t>(i) == chosen;
        if (is_chosen) ui.canvas.fill(cell, enabled ? t.accent : t.ink_faint, radius::small);
        else if (enabled && ui.hovered(cell)) ui.canvas.fill(cell, mix(t.surface, t.accent, 0.10F), radius::small);
        ui.canvas.text(cell.inset(4, 0), options[static_cast<std::size_t>(i)],
                       is_chosen ? (small ? Type::caption_strong : Type::strong) : small ? Type::caption : Type::body,
                       is_chosen ? t.on_accent : enabled ? t.ink : t.ink_faint, Align::centre);
        if (enabled && ui.clicked(cell)) clicked = i;
    }
    return clicked;
}

std::size_t Form::add_text(std::string label, FormText look, std::string_view value) {
    Field field;
    field.label = std::move(label);
    field.input = TextField(look.accepts, look.length_max);
    field.input.set(value);
    field.text_before = value;
    field.look = std::move(look);
    fields_.push_back(std::move(field));
    return fields_.size() - 1;
}

std::size_t Form::add_choice(std::string label, std::vector<std::string> options, std::size_t chosen) {
    Field field;
    field.kind = Kind::choice;
    field.label = std::move(label);
    field.options = std::move(options);
    field.chosen = field.chosen_before = chosen;
    fields_.push_back(std::move(field));
    return fields_.size() - 1;
}

std::size_t Form::add_flag(std::string label, bool on) {
    Field field;
    field.kind = Kind::flag;
    field.label = std::move(label);
    field.on = field.on_before = on;
    fields_.push_back(std::move(field));
    return fields_.size() - 1;
}

void Form::clear() {
    fields_.clear();
    focused_ = 0;
}

void Form::set_text(std::size_t field, std::string_view text) { fields_[field].input.set(text); }

void Form::set_shown(std::size_t field, bool shown) {
    fields_[field].shown = shown;
    set_enabled(field, shown);
}

void Form::set_enabled(std::size_t field, bool enabled) {
    fields_[field].enabled = enabled;
    if (!enabled && field == focused_) move(1);
}

bool Form::changed(std::size_t field) const {
    const Field& at = fields_[field];
    return at.input.text() != at.text_before || at.chosen != at.chosen_before || at.on != at.on_before;
}

bool Form::changed() const {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (changed(i)) return true;
    }
    return false;
}

void Form::settle() {
    for (Field& field : fields_) {
        field.text_before = field.input.text();
        field.chosen_before = field.chosen;
        field.on_before = field.on;
    }
}

void Form::focus(std::size_t field) {
    assert(field < fields_.size());
    fields_[focused_].input.set(fields_[focused_].input.text());
    focused_ = field;
    fields_[field].input.propose(fields_[field].input.text());
}

bool Form::move(int by) {
    const auto count = static_cast<int>(fields_.size());
    for (int step = 1; step <= count; ++step) {
        const int at = (static_cast<int>(focused_) + by * step % count + count) % count;
        if (!fields_[static_cast<std::size_t>(at)].enabled) continue;
        focus(static_cast<std::size_t>(at));
        return true;
    }
    return false;
}

bool Form::scan(std::string_view text) {
    if (fields_.empty() || fields_[focused_].kind != Kind::text || !fields_[focused_].enabled) return false;
    fields_[focused_].input.set(text.substr(0, fields_[focused_].look.length_max));
    return true;
}

bool Form::key(const KeyPress& press) {
    if (fields_.empty() || press.control || press.alt) return !fields_.empty() && fields_[focused_].input.handle(press);
    if (press.key == GLFW_KEY_TAB) return move(press.shift ? -1 : 1);
    if (press.key == GLFW_KEY_DOWN) return move(1);
    if (press.key == GLFW_KEY_UP) return move(-1);
    Field& field = fields_[focused_];
    if (!field.enabled) return false;
    const bool right = press.key == GLFW_KEY_RIGHT || press.key == GLFW_KEY_SPACE;
    switch (field.kind) {
        case Kind::text: return field.input.handle(press);
        case Kind::flag:
            if (!right && press.key != GLFW_KEY_LEFT) return false;
            field.on = !field.on;
            return true;
        case Kind::choice: {
            if (!right && press.key != GLFW_KEY_LEFT) return false;
            const std::size_t count = field.options.size();
            if (count > 0) field.chosen = (field.chosen + (right ? 1 : count - 1)) % count;
            return true;
        }
    }
    return false;
}

float Form::height(int columns) const {
    const auto shown = static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), [](const Field& field) { return field.shown; }));
    const auto rows = (shown + static_cast<std::size_t>(columns) - 1) / static_cast<std::size_t>(columns);
    return rows == 0 ? 0 : static_cast<float>(rows) * (form_row_height + row_gap) - row_gap;
}

/// All of them where one is too long.
bool Form::small_switches(Ui& ui, float width) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const Field& field) {
        return field.kind == Kind::flag && field.shown && ui.canvas.width(field.label, Type::body) > room_of_switch(width);
    });
}

bool Form::draw_field(Ui& ui, Rect rect, std::size_t index, bool is_focused, bool small_switches) {
    Field& field = fields_[index];
    const bool here = is_focused && index == focused_;
    if (field.kind == Kind::flag) {
        rect.cut_top(label_height + 4);
        if (!switch_of(ui, rect, field.label, field.on, here, field.enabled, small_switches)) return false;
        field.on = !field.on;
        focus(index);
        return true;
    }
    Rect head = rect.cut_top(label_height, 4);
    if (here && (field.input.full() || field.input.unfit())) {
        const char* const not_taken = field.input.full() ? tr("No room for more") : tr("Figures only");
        const Rect beside = head.cut_right(ui.canvas.width(not_taken, Type::caption_strong), space::s);
        ui.canvas.text(beside, not_taken, Type::caption_strong, ui.theme.danger, Align::right);
    }
    ui.canvas.text(head, field.label, Type::caption, here ? ui.theme.accent : ui.theme.ink_soft);
    if (field.kind == Kind::choice) {
        const int clicked = options_bar(ui, rect, field.options, field.chosen, here, field.enabled);
        if (clicked < 0) return false;
        field.chosen = static_cast<std::size_t>(clicked);
        focus(index);
        return true;
    }
    // Figures of a unit stand at the right, like amounts.
    const bool amount = field.look.accepts == TextField::Accepts::amount || (field.look.accepts == TextField::Accepts::digits && !field.look.suffix.empty());
    const FieldLook look{.placeholder = field.look.placeholder,
                         .focused = here,
                         .suffix = field.look.suffix,
                         .align = amount ? Align::right : Align::left,
                         .secret = field.look.secret};
    if (!text_field(ui, rect, field.input, look) || !field.enabled) return false;
    const std::size_t caret = field.input.caret();
    focus(index);
    if (!field.look.secret && !field.input.empty()) field.input.move_caret(caret);
    return true;
}

bool Form::draw(Ui& ui, Rect rect, int columns, bool is_focused) {
    bool touched = false;
    const bool small = small_switches(ui, rect.cell(0, columns, 0, 1, space::l).w);
    for (int place = 0; Field& field : fields_) {
        if (!field.shown) continue;
        const int column = place % columns;
        const auto row = static_cast<float>(place++ / columns);
        const Rect line{rect.x, rect.y + row * (form_row_height + row_gap), rect.w, form_row_height};
        touched = draw_field(ui, line.cell(column, columns, 0, 1, space::l), static_cast<std::size_t>(&field - fields_.data()), is_focused, small) || touched;
    }
    return touched;
}

}  // namespace paprsek::ui
