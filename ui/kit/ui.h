// What a screen gets to draw one frame with: the canvas, the colours, the pointer, and requests to the shell.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "ui/kit/canvas.h"
#include "ui/kit/theme.h"

namespace paprsek::ui {

// Mouse or finger, in logical units. A click is a press and a release inside one rectangle, also where both fell into one
// frame; it needs no widget identities.
struct Pointer {
    Point at;
    Point pressed_at;
    bool down = false;
    bool pressed = false;   // this frame
    bool released = false;  // this frame
    bool twice = false;     // the release ends a double click
    bool right_released = false;
    float wheel = 0;        // lines, up is positive
    float dragged = 0;      // how far it has been from pressed_at
};

class Ui {
public:
    Ui(Canvas& drawn_on, const Theme& colours, const Pointer& mouse, double seconds)
            : canvas(drawn_on), theme(colours), pointer(mouse), now(seconds) {}

    Canvas& canvas;
    const Theme& theme;
    Pointer pointer;
    double now;  // seconds of a steady clock

    // A finger that scrolls does not click.
    static constexpr float drag_slack = 10;

    bool hovered(Rect rect) const { return !pointer_off_ && rect.contains(pointer.at); }
    bool held(Rect rect) const { return hovered(rect) && pointer.down && rect.contains(pointer.pressed_at); }
    bool clicked(Rect rect) const {
        return hovered(rect) && pointer.released && rect.contains(pointer.pressed_at) && pointer.dragged < drag_slack * 3;
    }
    bool double_clicked(Rect rect) const { return clicked(rect) && pointer.twice; }

    // While it lives, nothing drawn reacts to the pointer: what lies under a sheet.
    class PointerOff {
    public:
        PointerOff(Ui& ui, bool off) : ui_(ui), before_(ui.pointer_off_) { ui_.pointer_off_ = ui_.pointer_off_ || off; }
        ~PointerOff() { ui_.pointer_off_ = before_; }
        PointerOff(const PointerOff&) = delete;
        PointerOff& operator=(const PointerOff&) = delete;

    private:
        Ui& ui_;
        bool before_;
    };
    bool pointer_off() const { return pointer_off_; }

    // The field that has the keys, as it is drawn in this frame. The touch keys (touch_keys.h) write into it and keep off it.
    struct Field {
        const void* identity = nullptr;
        Rect at;
        bool figures = false;   // takes digits and a decimal separator at most
        bool has_button = true; // for the touch keys, within itself
    };
    void focus_field(const Field& field) { field_ = field; }
    const std::optional<Field>& field() const { return field_; }
    // Last worked by pointer, not by keys: a field that has the keys shows the button that brings the touch keys.
    bool by_touch = false;
    // The largest zoom that this window has room for.
    float zoom_max = 1;
    // Digits stand on this screen already.
    bool pad_in_sight = false;
    // Which screen this is: with another one the touch keys go.
    const void* screen = nullptr;
    // The keys that stand on what has been drawn since this was emptied, as key_cap was given them.
    std::vector<std::string> keys_shown;
    // While it lives, keys that are drawn are spoken of: they do here what they do everywhere.
    class KeysNamed {
    public:
        explicit KeysNamed(Ui& ui) : ui_(ui), before_(ui.keys_shown.size()) {}
        ~KeysNamed() { ui_.keys_shown.resize(before_); }
        KeysNamed(const KeysNamed&) = delete;
        KeysNamed& operator=(const KeysNamed&) = delete;

    private:
        Ui& ui_;
        std::size_t before_;
    };
    void ask_touch_keys() { touch_keys_asked_ = true; }
    bool touch_keys_asked() const { return touch_keys_asked_; }

    // The next frame is wanted by then at the latest: toasts that end, spinners.
    void redraw_at(double seconds) {
        if (!redraw_at_ || seconds < *redraw_at_) redraw_at_ = seconds;
    }
    std::optional<double> redraw_wanted() const { return redraw_at_; }

private:
    bool pointer_off_ = false;
    std::optional<double> redraw_at_;
    std::optional<Field> field_;
    bool touch_keys_asked_ = false;
};

}  // namespace paprsek::ui
