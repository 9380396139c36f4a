// Draws into one Dear ImGui draw list in logical units; everything is snapped to physical pixels, so edges stay sharp.
#pragma once
#include <string_view>

#include "ui/kit/fonts.h"
#include "ui/kit/geometry.h"
#include "ui/kit/icons.h"
#include "ui/kit/theme.h"

struct ImDrawList;

namespace paprsek::ui {

class Inspection;
class Picture;

enum class Align { left, centre, right };

class Canvas {
public:
    // What is drawn is told to `inspection` as well, where there is one.
    Canvas(ImDrawList& list, const Fonts& fonts, float scale, Inspection* inspection = nullptr)
            : list_(list), fonts_(fonts), scale_(scale), inspection_(inspection) {}

    void fill(Rect rect, Color color, float corner = 0);
    void outline(Rect rect, Color color, float corner, float thickness = 1);
    void line(Point from, Point to, Color color, float thickness = 1);
    void circle(Point centre, float radius, Color color);
    // A soft shadow below a raised card.
    void shadow(Rect rect, float corner, Color color, float height);

    // One line, vertically centred in `rect`, ended by an ellipsis where it does not fit. Returns the width drawn.
    float text(Rect rect, std::string_view utf8, Type type, Color color, Align align = Align::left);
    // The same with figures of equal width, so that right-aligned columns stand under each other. A figure that is cut is another
    // figure: what does not fit is written smaller first.
    float number(Rect rect, std::string_view utf8, Type type, Color color, Align align = Align::right);
    // Wrapped at words from the top of `rect`, as many lines as fit; the last one ends in an ellipsis where more would come.
    // Returns the height taken.
    float paragraph(Rect rect, std::string_view utf8, Type type, Color color, Align align = Align::left);
    // How high it would be in a rectangle so wide.
    float paragraph_height(float width, std::string_view utf8, Type type) const;
    float width(std::string_view utf8, Type type) const;
    float number_width(std::string_view utf8, Type type) const;
    float line_height(Type type) const;
    // In the middle of `rect`.
    void icon(Rect rect, Icon icon, IconSize size, Color color);

    // As broad as `rect`, from its top; what is longer is cut off.
    void picture(Rect rect, const Picture& picture);

    float scale() const { return scale_; }

    // Clips what is drawn while it lives.
    class Clip {
    public:
        Clip(Canvas& canvas, Rect rect);
        ~Clip();
        Clip(const Clip&) = delete;
        Clip& operator=(const Clip&) = delete;

    private:
        Canvas& canvas_;
    };

private:
    float snap(float value) const;
    // Where the first line of a paragraph ends.
    std::size_t wrapped_at(float width, std::string_view utf8, Type type) const;
    Rect clipped() const;
    // `whole` is what the line belongs to.
    float line_of(Rect rect, std::string_view utf8, std::string_view whole, Type type, Color color, Align align);
    void tell(Rect line, float wide, Type type, Color color, std::string_view shown, std::string_view whole, bool cut);
    ImDrawList& list_;
    const Fonts& fonts_;
    float scale_;
    Inspection* inspection_;
};

}  // namespace paprsek::ui
