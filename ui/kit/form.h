// A form: labelled fields in columns, worked by keys alone or by pointer. Its state and editing; the screen reads the answers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/text_field.h"
#include "ui/kit/widgets.h"

namespace paprsek::ui {

struct FormText {
    TextField::Accepts accepts = TextField::Accepts::anything;
    std::size_t length_max = 200;
    std::string suffix = {};       // unit or currency
    std::string placeholder = {};
    bool secret = false;           // dots instead of characters
};

// Tab, Down and Shift+Tab, Up walk through the fields; Left, Right and Space change a choice or flag. Enter and Esc are the
// screen's. Fields are named by what add_… returned.
class Form {
public:
    std::size_t add_text(std::string label, FormText look = {}, std::string_view value = {});
    std::size_t add_choice(std::string label, std::vector<std::string> options, std::size_t chosen = 0);
    std::size_t add_flag(std::string label, bool on = false);
    void clear();
    bool empty() const { return fields_.empty(); }

    const std::string& text(std::size_t field) const { return fields_[field].input.text(); }
    std::size_t chosen(std::size_t field) const { return fields_[field].chosen; }
    bool flag(std::size_t field) const { return fields_[field].on; }
    void set_text(std::size_t field, std::string_view text);
    void set_chosen(std::size_t field, std::size_t option) { fields_[field].chosen = option; }
    void set_flag(std::size_t field, bool on) { fields_[field].on = on; }
    void set_enabled(std::size_t field, bool enabled);
    // A field that is not asked for now: it takes no room.
    void set_shown(std::size_t field, bool shown);
    // Something differs from how the fields were filled.
    bool changed() const;
    bool changed(std::size_t field) const;
    // As it stands now is where changed() counts from.
    void settle();

    std::size_t focused() const { return focused_; }
    void focus(std::size_t field);
    // The text of the focused field comes from a scanner.
    bool scan(std::string_view text);
    bool key(const KeyPress& press);

    // Fields fill `columns` row by row, each a label over its field. `focused`: the keys come here. True where something was
    // changed by the pointer, also the focus.
    bool draw(Ui& ui, Rect rect, int columns = 1, bool is_focused = true);
    float height(int columns = 1) const;

private:
    enum class Kind { text, choice, flag };
    struct Field {
        Kind kind = Kind::text;
        std::string label;
        FormText look;
        TextField input;
        std::vector<std::string> options;
        std::size_t chosen = 0;
        bool on = false;
        bool enabled = true;
        bool shown = true;
        std::string text_before;
        std::size_t chosen_before = 0;
        bool on_before = false;
    };
    bool move(int by);
    bool draw_field(Ui& ui, Rect rect, std::size_t index, bool is_focused, bool small_switches);
    bool small_switches(Ui& ui, float width) const;

    std::vector<Field> fields_;
    std::size_t focused_ = 0;
};

// An on/off switch with its sentence, which is written smaller where there is no room, or where `small` says so. True where it was clicked.
bool switch_of(Ui& ui, Rect rect, std::string_view label, bool on, bool focused = false, bool enabled = true, bool small = false);
// One of a few, side by side. The option clicked, or -1.
int options_bar(Ui& ui, Rect rect, const std::vector<std::string>& options, std::size_t chosen, bool focused = false, bool enabled = true);

}  // namespace paprsek::ui
