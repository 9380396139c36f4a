// A picture of black and white dots on the graphics card. Made and dropped on the window's thread.
#pragma once
#include <functional>
#include <span>
#include <vector>

namespace paprsek::ui {

class Picture {
public:
    // `row(y)` is asked once for every row: its dots in bits, the leftmost one the highest, black is 1.
    Picture(int width, int height, const std::function<std::span<const unsigned char>(int)>& row);
    ~Picture();
    Picture(const Picture&) = delete;
    Picture& operator=(const Picture&) = delete;

    int width() const { return width_; }
    int height() const { return height_; }

    // A long picture is several textures, one under another: cards have a limit.
    static constexpr int strip_rows = 1024;
    const std::vector<unsigned>& strips() const { return strips_; }

private:
    int width_, height_;
    std::vector<unsigned> strips_;
};

}  // namespace paprsek::ui
