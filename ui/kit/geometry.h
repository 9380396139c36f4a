// Points and rectangles in logical units: 1 unit is one pixel at scale 1. Screens are laid out by cutting a rectangle
// into strips ("rect cut"), so that regions are fixed and do not depend on what is drawn in them.
#pragma once
#include <algorithm>

namespace paprsek::ui {

struct Point {
    float x = 0;
    float y = 0;
};

struct Rect {
    float x = 0;
    float y = 0;
    float w = 0;
    float h = 0;

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    Point centre() const { return {x + w / 2, y + h / 2}; }
    bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }

    // Smaller by the given amounts on every side; negative ones make it larger.
    Rect inset(float dx, float dy) const { return {x + dx, y + dy, std::max(0.0F, w - 2 * dx), std::max(0.0F, h - 2 * dy)}; }
    Rect inset(float d) const { return inset(d, d); }
    Rect moved(float dx, float dy) const { return {x + dx, y + dy, w, h}; }

    // The largest rectangle of the given size in the middle of this one.
    Rect middle(float width, float height) const { return {x + (w - width) / 2, y + (h - height) / 2, width, height}; }

    // Each cut takes a strip off this rectangle and returns it; `gap` is lost between the strip and the rest.
    Rect cut_left(float amount, float gap = 0) {
        const Rect strip{x, y, std::min(amount, w), h};
        const float taken = std::min(amount + gap, w);
        x += taken;
        w -= taken;
        return strip;
    }
    Rect cut_right(float amount, float gap = 0) {
        const float width = std::min(amount, w);
        const Rect strip{right() - width, y, width, h};
        w -= std::min(amount + gap, w);
        return strip;
    }
    Rect cut_top(float amount, float gap = 0) {
        const Rect strip{x, y, w, std::min(amount, h)};
        const float taken = std::min(amount + gap, h);
        y += taken;
        h -= taken;
        return strip;
    }
    Rect cut_bottom(float amount, float gap = 0) {
        const float height = std::min(amount, h);
        const Rect strip{x, bottom() - height, w, height};
        h -= std::min(amount + gap, h);
        return strip;
    }

    // Cell `column`, `row` of a grid of equal cells laid over this rectangle.
    Rect cell(int column, int columns, int row, int rows, float gap) const {
        const float width = (w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
        const float height = (h - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
        return {x + (width + gap) * static_cast<float>(column), y + (height + gap) * static_cast<float>(row), width, height};
    }
};

}  // namespace paprsek::ui
