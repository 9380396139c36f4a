#include "ui/kit/text_field.h"

#include <algorithm>

#include "ui/kit/utf8.h"

namespace paprsek::ui {
namespace {

constexpr std::string_view thousands_gap = "\u00A0";

}  // namespace

void TextField::set(std::string_view text) {
    text_ = text;
    caret_ = text_.size();
    selected_ = false;
    full_ = false;
    unfit_ = false;
}

void TextField::propose(std::string_view text) {
    set(text);
    selected_ = !text_.empty();
}

void TextField::move_caret(std::size_t byte_index) {
    caret_ = std::min(byte_index, text_.size());
    while (caret_ > 0 && caret_ < text_.size() && utf8_continues(text_[caret_])) --caret_;
    selected_ = false;
}

void TextField::erase(std::size_t from, std::size_t to) {
    text_.erase(from, to - from);
    caret_ = from;
    selected_ = false;
    full_ = false;
    unfit_ = false;
}

// The character to insert for a key; 0 where the field does not take it.
char32_t TextField::accepted(const KeyPress& press) const {
    if (press.control || press.alt) return 0;
    const char32_t c = press.character;
    const auto digit = press.digit();
    switch (accepts_) {
        case Accepts::anything:
            // The number pad gives numbers also where Num Lock is off.
            if (c == 0 && press.key >= GLFW_KEY_KP_0 && press.key <= GLFW_KEY_KP_9) return static_cast<char32_t>(*digit);
            return c >= ' ' && c != 0x7F ? c : 0;
        case Accepts::code: return digit ? static_cast<char32_t>(*digit) : c > ' ' && c != 0x7F ? c : 0;
        case Accepts::digits: return digit ? static_cast<char32_t>(*digit) : 0;
        case Accepts::amount:
            if (digit) return static_cast<char32_t>(*digit);
            if (c == '-') return selected_ || (caret_ == 0 && !text_.starts_with('-')) ? c : 0;
            return (c == '.' || c == ',') && (selected_ || text_.find_first_of(".,") == std::string::npos) ? c : 0;
    }
    return 0;
}

void TextField::insert(char32_t character) {
    if (selected_) erase(0, text_.size());
    std::string bytes;
    utf8_append(bytes, character);
    full_ = text_.size() + bytes.size() > length_max_;
    if (full_) return;
    text_.insert(caret_, bytes);
    caret_ += bytes.size();
}

bool TextField::navigate(const KeyPress& press) {
    switch (press.key) {
        case GLFW_KEY_LEFT: move_caret(utf8_previous(text_, caret_)); return true;
        case GLFW_KEY_RIGHT: move_caret(utf8_next(text_, caret_)); return true;
        case GLFW_KEY_HOME: move_caret(0); return true;
        case GLFW_KEY_END: move_caret(text_.size()); return true;
        default: return false;
    }
}

// Of those at the left of the byte `index`; one stands before every third digit from the separator, but for the first.
std::size_t TextField::gaps_before(std::size_t index) const {
    if (accepts_ != Accepts::amount) return 0;
    const std::size_t whole = std::min(text_.find_first_of(".,"), text_.size());
    std::size_t gaps = 0;
    for (std::size_t i = text_.starts_with('-') ? 2 : 1; i < std::min(index, whole); ++i) gaps += (whole - i) % 3 == 0;
    return gaps;
}

std::string TextField::shown() const {
    std::string shown;
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (gaps_before(i + 1) > gaps_before(i)) shown += thousands_gap;
        shown += text_[i];
    }
    return shown;
}

std::size_t TextField::to_shown(std::size_t index) const { return index + gaps_before(index) * thousands_gap.size(); }

std::size_t TextField::from_shown(std::size_t index) const {
    std::size_t at = 0;
    while (at < text_.size() && to_shown(at + 1) <= index) ++at;
    return at;
}

bool TextField::handle(const KeyPress& press) {
    if (!press.pasted.empty()) {
        for (std::size_t i = 0; i < press.pasted.size(); i = utf8_next(press.pasted, i)) {
            KeyPress typed;
            typed.character = utf8_decode(press.pasted, i);
            if (const char32_t c = accepted(typed); c != 0) insert(c);
        }
        return true;
    }
    if (press.control && press.key == GLFW_KEY_A) {
        selected_ = !text_.empty();
        return true;
    }
    if (press.key == GLFW_KEY_BACKSPACE) {
        if (text_.empty()) return false;
        if (selected_ || press.control) erase(0, selected_ ? text_.size() : caret_);
        else erase(utf8_previous(text_, caret_), caret_);
        return true;
    }
    if (press.is(GLFW_KEY_DELETE) && (selected_ || caret_ < text_.size())) {
        erase(selected_ ? 0 : caret_, selected_ ? text_.size() : utf8_next(text_, caret_));
        return true;
    }
    if (!text_.empty() && navigate(press)) return true;
    const char32_t c = accepted(press);
    unfit_ = c == 0 && press.character > ' ' && !press.control && !press.alt && (accepts_ == Accepts::amount || accepts_ == Accepts::digits);
    if (c == 0) return false;
    insert(c);
    return true;
}

}  // namespace paprsek::ui
