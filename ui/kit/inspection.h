// What a frame drew, text by text, for those who judge a window without eyes: tools/tour finds words that were cut, lie on each other,
// lie outside the window, can hardly be read or are no letters, and a test finds the button that it wants to touch. Nothing of it is kept where nobody asks.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/geometry.h"
#include "ui/kit/theme.h"

namespace paprsek::ui {

class Inspection {
public:
    struct Text {
        Rect at;            // its letters, logical units
        Rect clip;          // what of it could be seen
        std::string shown;  // with the ellipsis where it was cut; one line of a paragraph
        std::string whole;
        bool cut = false;
        Color ink;
        bool icon = false;  // "icon:F11C", by its code point (icons.h): to be found, not to be judged
    };
    struct Fault {
        enum class Kind { cut, overlap, outside, faint, garbled };
        Kind kind;
        std::string text;
        std::string detail;
        bool words = false;  // of the window's own words (locale.h), not of the shop's data
    };

    // A new frame in a window of this size.
    void begin(Rect window);
    void fill(Rect rect, Rect clip, Color color);
    void text(Text drawn);

    // In the order of drawing; what was painted over later is not among them.
    std::vector<Text> texts() const;
    std::vector<Fault> faults() const;
    // The middle of what was drawn last with this text as a whole, and can be seen.
    bool find(std::string_view whole, Point& middle) const;

private:
    // A text (index) or a filled rectangle, as they came.
    struct Act {
        Rect rect;
        Color color;
        int text = -1;
    };
    bool painted_over(std::size_t act, Rect part) const;
    Color under(std::size_t act) const;
    void find_overlaps(std::vector<Fault>& faults) const;

    Rect window_;
    std::vector<Act> acts_;
    std::vector<Text> texts_;
};

std::string_view name_of(Inspection::Fault::Kind kind);
// How well `ink` is told from `paper`: 1 not at all, 21 black on white (WCAG 2).
double contrast(Color ink, Color paper);

}  // namespace paprsek::ui
