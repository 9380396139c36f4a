#include "ui/kit/input.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "ui/kit/utf8.h"

namespace paprsek::ui {
namespace {

bool is_modifier(int key) { return key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER; }

// Only printing keys and Enter can be part of a scan; anything else ends a burst at once.
bool may_be_scanned(const KeyPress& press) {
    if (press.control || press.alt || press.repeat) return false;
    const bool printing = press.key >= GLFW_KEY_SPACE && press.key <= GLFW_KEY_WORLD_2;
    const bool pad = press.key >= GLFW_KEY_KP_0 && press.key <= GLFW_KEY_KP_EQUAL;
    return printing || pad || press.key == GLFW_KEY_ENTER || press.character != 0;
}

// What the US layout prints on a key.
char us_character(int key, bool shift) {
    if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z) return static_cast<char>(shift ? key : std::tolower(key));
    static constexpr std::array<std::array<char, 3>, 22> printed{{
            {GLFW_KEY_0, '0', ')'}, {GLFW_KEY_1, '1', '!'}, {GLFW_KEY_2, '2', '@'}, {GLFW_KEY_3, '3', '#'}, {GLFW_KEY_4, '4', '$'},
            {GLFW_KEY_5, '5', '%'}, {GLFW_KEY_6, '6', '^'}, {GLFW_KEY_7, '7', '&'}, {GLFW_KEY_8, '8', '*'}, {GLFW_KEY_9, '9', '('},
            {GLFW_KEY_MINUS, '-', '_'}, {GLFW_KEY_EQUAL, '=', '+'}, {GLFW_KEY_LEFT_BRACKET, '[', '{'}, {GLFW_KEY_RIGHT_BRACKET, ']', '}'},
            {GLFW_KEY_BACKSLASH, '\\', '|'}, {GLFW_KEY_SEMICOLON, ';', ':'}, {GLFW_KEY_APOSTROPHE, '\'', '"'}, {GLFW_KEY_COMMA, ',', '<'},
            {GLFW_KEY_PERIOD, '.', '>'}, {GLFW_KEY_SLASH, '/', '?'}, {GLFW_KEY_SPACE, ' ', ' '}, {GLFW_KEY_GRAVE_ACCENT, ';', '~'},
    }};
    for (const auto& row : printed) {
        if (row[0] == key) return row[shift ? 2 : 1];
    }
    return 0;
}

bool looks_like_scan(const std::string& text) {
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return text.size() >= InputQueue::scan_length_min && digits * 2 >= static_cast<std::ptrdiff_t>(text.size());
}

}  // namespace

std::optional<char> KeyPress::digit() const {
    if (control || alt) return std::nullopt;
    if (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_9) return static_cast<char>('0' + (key - GLFW_KEY_KP_0));
    if (character >= '0' && character <= '9') return static_cast<char>(character);
    if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9 && !shift) return static_cast<char>(key);
    return std::nullopt;
}

std::string scan_text(const KeyPress* first, const KeyPress* last) {
    // A digit key that gave another character shows a layout with the digits on Shift, under which a scanner set to US types blindly.
    const bool by_position = std::any_of(first, last, [](const KeyPress& press) {
        return press.key >= GLFW_KEY_0 && press.key <= GLFW_KEY_9 && !press.shift && press.character != static_cast<char32_t>(press.key);
    });
    std::string text;
    for (const KeyPress* press = first; press != last; ++press) {
        if (const auto digit = press->digit()) {
            text.push_back(*digit);
        } else if (text.empty() && press->card_prefix()) {
            text.push_back(';');
        } else if (const char printed = us_character(press->key, press->shift); printed != 0 && (by_position || press->character == 0)) {
            text.push_back(printed);
        } else if (press->character != 0) {
            utf8_append(text, press->character);
        }
    }
    return text;
}

void InputQueue::key(int key, int mods, bool repeat, double now) {
    if (is_modifier(key)) return;
    KeyPress press;
    press.key = key;
    press.shift = (mods & GLFW_MOD_SHIFT) != 0;
    press.control = (mods & GLFW_MOD_CONTROL) != 0;
    press.alt = (mods & GLFW_MOD_ALT) != 0;
    press.repeat = repeat;
    press.at = now;
    press.earliest = earliest(now);
    held_.push_back(press);
    awaits_character_ = true;
}

void InputQueue::character(char32_t codepoint, double now) {
    if (awaits_character_ && !held_.empty()) {
        // AltGr arrives as Ctrl+Alt on some systems; a key that gave a character is not a shortcut.
        held_.back().character = codepoint;
        held_.back().control = false;
        held_.back().alt = false;
        awaits_character_ = false;
        return;
    }
    // GLFW 3.3 drops the second key event of one key within a millisecond as a duplicate of the input method, but not its character.
    KeyPress press;
    press.character = codepoint;
    press.at = now;
    press.earliest = earliest(now);
    held_.push_back(press);
}

// A key that comes while the queue is waited on comes at once. One that was there when the reading began was pressed at any
// time since the reading before: a slow frame lay between.
double InputQueue::earliest(double now) const {
    constexpr double prompt = 0.002;
    return now - reading_since_ > prompt ? now : polled_at_;
}

void InputQueue::reading(double now) { reading_since_ = now; }

void InputQueue::polled(double now) {
    polled_at_ = now;
    awaits_character_ = false;
}

void InputQueue::release(std::size_t count) {
    for (; count > 0; --count) {
        ready_.emplace_back(std::move(held_.front()));
        held_.pop_front();
    }
}

void InputQueue::settle() {
    while (!held_.empty()) {
        // The burst is the longest head in which no pause is certain: after a slow frame many keys come at once, so a pause
        // counts only where even the earliest possible time of the later key is too late.
        std::size_t length = 0;
        bool ended = false;
        while (length < held_.size() && !ended) {
            const KeyPress& press = held_[length];
            if (!may_be_scanned(press) || (length > 0 && press.earliest - held_[length - 1].at > scan_gap)) break;
            ended = press.enter();
            ++length;
        }
        if (length == 0) {
            release(1);
        } else if (ended) {
            const auto last = held_.begin() + static_cast<std::ptrdiff_t>(length) - 1;
            // A star is no part of a code: it was typed, and a slow frame hid the pause behind it.
            const auto star =
                std::find_if(std::make_reverse_iterator(last), held_.rend(), [](const KeyPress& press) { return press.character == '*'; });
            if (star != held_.rend()) {
                release(static_cast<std::size_t>(star.base() - held_.begin()));
                continue;
            }
            const std::vector<KeyPress> burst(held_.begin(), last);
            const std::string text = scan_text(burst.data(), burst.data() + burst.size());
            if (looks_like_scan(text)) {
                held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(length));
                ready_.emplace_back(Scan{text});
            } else {
                release(length);
            }
        } else if (length < held_.size() || polled_at_ - held_.back().at > scan_gap) {
            release(length);
        } else {
            return;
        }
    }
}

std::optional<InputEvent> InputQueue::next() {
    if (ready_.empty()) settle();
    if (ready_.empty()) return std::nullopt;
    InputEvent event = std::move(ready_.front());
    ready_.pop_front();
    return event;
}

std::optional<double> InputQueue::due() const {
    if (!ready_.empty()) return polled_at_;
    if (held_.empty()) return std::nullopt;
    return held_.back().at + scan_gap + 0.001;
}

}  // namespace paprsek::ui
