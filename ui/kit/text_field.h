// A one-line text field: its state and editing, fed key by key from the input queue. Drawing it is in widgets.h.
#pragma once
#include <string>
#include <string_view>

#include "ui/kit/input.h"

namespace paprsek::ui {

class TextField {
public:
    enum class Accepts {
        anything,
        code,    // no blanks; digit keys count by position, whatever the layout
        digits,  // digit keys by position, nothing else
        amount,  // digits and one decimal separator, '.' or ','; a minus before them stands there to be seen, and is refused or not by the screen
    };

    explicit TextField(Accepts accepts = Accepts::anything, std::size_t length_max = 200) : accepts_(accepts), length_max_(length_max) {}

    // Takes the key if it edits or moves; false leaves it to the screen (Enter, Esc, Tab, F-keys, up and down).
    bool handle(const KeyPress& press);

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    Accepts accepts() const { return accepts_; }
    std::size_t caret() const { return caret_; }  // a byte index at the beginning of a character
    void set(std::string_view text);              // caret to the end
    // A proposal: shown as selected, replaced by the first character typed, kept by moving the caret.
    void propose(std::string_view text);
    bool proposed() const { return selected_; }
    // What was typed last had no room: whoever draws the field says so.
    bool full() const { return full_; }
    // It was a letter, and the field holds figures: the same.
    bool unfit() const { return unfit_; }
    void clear() { set(""); }
    void move_caret(std::size_t byte_index);

    // What is drawn: of an amount with a gap between thousands, which nobody types and nobody deletes.
    std::string shown() const;
    // A byte index of text() in shown(), and back.
    std::size_t to_shown(std::size_t index) const;
    std::size_t from_shown(std::size_t index) const;

private:
    Accepts accepts_;
    std::size_t length_max_;
    std::string text_;
    std::size_t caret_ = 0;
    bool selected_ = false;
    bool full_ = false;
    bool unfit_ = false;

    std::size_t gaps_before(std::size_t index) const;
    void insert(char32_t character);
    void erase(std::size_t from, std::size_t to);
    bool navigate(const KeyPress& press);
    char32_t accepted(const KeyPress& press) const;
};

}  // namespace paprsek::ui
