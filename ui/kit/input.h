// The input queue: every key press in its order, whole, however slowly frames are drawn, and scanner bursts recognised.
//
// Dear ImGui 1.86 keeps only the state of keys per frame: Enter pressed and released within one frame is lost and the next
// scan is glued on. So the shell's GLFW callbacks feed this queue, and screens are driven from it alone.
// No display is needed to use or test it; times are seconds of one steady clock, passed in. One thread (the window's).
#pragma once
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace paprsek::ui {

// One key press with the character it gave, if any.
struct KeyPress {
    int key = GLFW_KEY_UNKNOWN;  // GLFW token: a position, named by the US layout
    char32_t character = 0;      // by the layout in force
    bool shift = false;
    bool control = false;
    bool alt = false;
    bool repeat = false;
    double at = 0;        // when the callback ran
    double earliest = 0;  // the key cannot have been pressed before; less than `at` where the system's queue was read late
    std::string pasted;   // clipboard text, for the paste keys

    bool is(int token) const { return key == token && !control && !alt; }
    bool enter() const { return is(GLFW_KEY_ENTER) || is(GLFW_KEY_KP_ENTER); }
    // `;` by character, and by position: the key under Esc, whatever the layout makes of it.
    bool card_prefix() const { return !control && !alt && (character == ';' || (key == GLFW_KEY_GRAVE_ACCENT && !shift)); }
    // The digit of a key by position (top row without Shift, or number pad), whatever the layout makes of it.
    std::optional<char> digit() const;
};

// A press as a button on the screen makes it.
inline KeyPress pressed(int key, char32_t character = 0) {
    KeyPress press;
    press.key = key;
    press.character = character;
    return press;
}

// A barcode scanner's burst without its Enter. A card prefix at the start is kept as ';'.
struct Scan {
    std::string text;
};

using InputEvent = std::variant<KeyPress, Scan>;

// Keys that the queue gave out together, and what it took them for: what the scan inspector shows.
struct Burst {
    enum class Verdict {
        scan,
        too_short,   // with Enter, and not enough of it
        few_digits,  // with Enter, and mostly letters: a hasty word
        no_enter,    // quick, and nothing came behind it
        other_key,   // ended by a key that no scanner sends
        starred,     // up to a star: a quantity
        typed,       // a key by itself, a pause around it
    };
    Verdict verdict = Verdict::typed;
    std::vector<KeyPress> keys;
    std::string text;            // as a scan would read it
    std::size_t fragments = 1;   // more: it was put together over pauses of the machine
};

class InputQueue {
public:
    // Longest pause between two keys of one scan. People hold keys about 80 ms and more apart, scanners 1 to 20 ms.
    static constexpr double scan_gap = 0.035;
    // A machine that is busy makes longer pauses inside a code. They are overlooked where the keys on both sides came at a pace that no
    // hand has: at least `swift_keys_min` before the first pause, `swift_gap` apart on the average. Where a slow frame blurs that pace,
    // the check digit decides: only together do the parts make a whole code.
    static constexpr double join_gap = 0.3;
    static constexpr double swift_gap = 0.02;
    static constexpr std::size_t swift_keys_min = 3;
    static constexpr double scan_time_max = 0.5;
    // Shorter bursts are taken as typing: a quickly typed amount must stay in its field.
    static constexpr std::size_t scan_length_min = 6;

    // Feeding, from the callbacks. A character belongs to the key press just before it.
    void key(int key, int mods, bool repeat, double now);
    void character(char32_t codepoint, double now);
    // Around each reading of the system's queue, waiting or not: it begins; it has been read empty.
    void reading(double now);
    void polled(double now);

    // The next event in order, or nothing yet: keys that may be the head of a scan are held back for `scan_gap`, those that no hand types
    // so fast for `join_gap`.
    std::optional<InputEvent> next();
    // What the last events were part of, each once; before the first event of it is acted on. Some are kept.
    std::optional<Burst> take_burst();
    // When held keys have to be looked at again; nothing is held without it.
    std::optional<double> due() const;
    // Keys are on their way that may be a scan, for not longer than a scan takes: drawing now would blur their times.
    bool in_burst(double now) const { return !held_.empty() && now - held_.front().at < scan_time_max; }

private:
    std::deque<KeyPress> held_;
    std::deque<InputEvent> ready_;
    double reading_since_ = 0;
    double polled_at_ = 0;
    bool awaits_character_ = false;

    // The keys at the head of `held_` that may be one scan.
    struct Head {
        std::vector<std::size_t> starts{0};  // of its fragments
        std::size_t length = 0;
        bool ended = false;  // by Enter
        bool open = false;   // all that is held: more may come
    };

    double earliest(double now) const;
    Head head() const;
    // Whether the keys came at a pace that no hand has: for certain, or as far as is known of keys that were read late.
    bool swift(std::size_t from, std::size_t to) const;
    bool perhaps_swift(std::size_t from, std::size_t to) const;
    bool all_swift(const Head& head) const;
    bool may_pause(const Head& head) const;
    void settle();
    void take(const Head& head);
    void release(std::size_t count, Burst::Verdict verdict);
    void note(std::size_t count, Burst::Verdict verdict, std::size_t fragments);
    double patience_ = scan_gap;  // for what is held
    std::deque<Burst> bursts_;
};

// The text of a burst. Where a digit key gave another character (Czech layout), all of it is read by key position.
std::string scan_text(const KeyPress* first, const KeyPress* last);

}  // namespace paprsek::ui
