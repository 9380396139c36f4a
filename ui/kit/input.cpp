#include "ui/kit/input.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "node/codes.h"
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

bool mostly_digits(const std::string& text) {
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits * 2 >= static_cast<std::ptrdiff_t>(text.size());
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

void InputQueue::note(std::size_t count, Burst::Verdict verdict, std::size_t fragments) {
    constexpr std::size_t kept_max = 64;
    Burst burst;
    burst.verdict = verdict;
    burst.fragments = fragments;
    burst.keys.assign(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
    const bool with_enter = burst.keys.back().enter();
    burst.text = scan_text(burst.keys.data(), burst.keys.data() + count - (with_enter ? 1 : 0));
    if (bursts_.size() == kept_max) bursts_.pop_front();
    bursts_.push_back(std::move(burst));
}

void InputQueue::release(std::size_t count, Burst::Verdict verdict) {
    note(count, count == 1 ? Burst::Verdict::typed : verdict, 1);
    for (; count > 0; --count) {
        ready_.emplace_back(std::move(held_.front()));
        held_.pop_front();
    }
}

bool InputQueue::perhaps_swift(std::size_t from, std::size_t to) const {
    if (to < from + 2) return false;
    return held_[to - 1].earliest - held_[from].at <= static_cast<double>(to - from - 1) * swift_gap;
}

// Of each fragment; an Enter by itself has no pace.
bool InputQueue::all_swift(const Head& head) const {
    for (std::size_t i = 0; i < head.starts.size(); ++i) {
        const std::size_t to = i + 1 < head.starts.size() ? head.starts[i + 1] : head.length;
        const bool lone_enter = to == head.length && head.starts[i] + 1 == to;
        if (!lone_enter && !swift(head.starts[i], to)) return false;
    }
    return true;
}

bool InputQueue::swift(std::size_t from, std::size_t to) const {
    if (to < from + 2) return false;
    return held_[to - 1].at - held_[from].earliest <= static_cast<double>(to - from - 1) * swift_gap;
}

// A pause behind the head's last key may be the machine's.
bool InputQueue::may_pause(const Head& head) const {
    const std::size_t from = head.starts.back();
    return (head.starts.size() > 1 || head.length - from >= swift_keys_min) && perhaps_swift(from, head.length);
}

// A pause counts only where it is certain: after a slow frame many keys come at once, so even the earliest possible time of the later
// key has to be too late.
InputQueue::Head InputQueue::head() const {
    Head head;
    for (std::size_t i = 0; i < held_.size(); ++i) {
        const KeyPress& press = held_[i];
        if (!may_be_scanned(press)) return head;
        const double pause = i > 0 ? press.earliest - held_[i - 1].at : 0;
        if (pause > scan_gap) {
            if (pause > join_gap || !may_pause(head)) return head;
            head.starts.push_back(i);
        }
        head.length = i + 1;
        const std::size_t from = head.starts.back();
        const bool lone_enter = press.enter() && from == i && i >= scan_length_min;
        if (head.starts.size() > 1 && (i > from || press.enter()) && !lone_enter && !perhaps_swift(from, i + 1)) {
            head.length = from;  // a hand types behind the pause: what stands before it is by itself
            head.starts.pop_back();
            return head;
        }
        if (press.enter()) {
            head.ended = true;
            return head;
        }
    }
    head.open = true;
    return head;
}

// A burst with its Enter: a scan, or keys after all.
void InputQueue::take(const Head& head) {
    const auto end = static_cast<std::ptrdiff_t>(head.length) - 1;
    // A star is no part of a code: it was typed, and a slow frame hid the pause behind it.
    const auto star = std::find_if(std::make_reverse_iterator(held_.begin() + end), held_.rend(), [](const KeyPress& press) { return press.character == '*'; });
    if (star != held_.rend()) return release(static_cast<std::size_t>(star.base() - held_.begin()), Burst::Verdict::starred);
    const std::vector<KeyPress> burst(held_.begin(), held_.begin() + end);
    const auto text_from = [&](std::size_t start) { return scan_text(burst.data() + start, burst.data() + burst.size()); };
    const std::string text = text_from(0);
    // A whole code behind a pause needs nothing from before it: that was typed.
    for (std::size_t i = 1; i < head.starts.size() && !node::gtin_check_digit_ok(text); ++i) {
        if (head.starts[i] < burst.size() && node::gtin_check_digit_ok(text_from(head.starts[i]))) return release(head.starts[i], Burst::Verdict::no_enter);
    }
    if (head.starts.size() > 1 && !node::gtin_check_digit_ok(text) && !all_swift(head)) return release(head.starts.back(), Burst::Verdict::no_enter);
    if (text.size() < scan_length_min) return release(head.length, Burst::Verdict::too_short);
    if (!mostly_digits(text)) return release(head.length, Burst::Verdict::few_digits);
    note(head.length, Burst::Verdict::scan, head.starts.size());
    held_.erase(held_.begin(), held_.begin() + end + 1);
    ready_.emplace_back(Scan{text});
}

void InputQueue::settle() {
    while (!held_.empty() && ready_.empty()) {
        const Head found = head();
        if (found.length == 0) {
            release(1, Burst::Verdict::typed);
        } else if (found.ended) {
            take(found);
        } else if (!found.open) {
            const bool paused = found.length == held_.size() || may_be_scanned(held_[found.length]);
            release(found.length, paused ? Burst::Verdict::no_enter : Burst::Verdict::other_key);
        } else {
            patience_ = may_pause(found) ? join_gap : scan_gap;
            if (polled_at_ - held_.back().at <= patience_) return;
            release(found.length, Burst::Verdict::no_enter);
        }
    }
}

std::optional<Burst> InputQueue::take_burst() {
    if (bursts_.empty()) return std::nullopt;
    Burst burst = std::move(bursts_.front());
    bursts_.pop_front();
    return burst;
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
    return held_.back().at + patience_ + 0.001;
}

}  // namespace paprsek::ui
