#include "ui/brand.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace paprsek::ui {

void draw_mark(Ui& ui, Rect rect) {
    const Point middle = rect.centre();
    const float size = std::min(rect.w, rect.h);
    ui.canvas.circle(middle, size * 0.19F, ui.theme.brand);
    constexpr int rays = 8;
    for (int i = 0; i < rays; ++i) {
        const float angle = 2 * std::numbers::pi_v<float> * (static_cast<float>(i) + 0.5F) / rays;
        const float x = std::cos(angle);
        const float y = std::sin(angle);
        ui.canvas.line({middle.x + x * size * 0.28F, middle.y + y * size * 0.28F}, {middle.x + x * size * 0.47F, middle.y + y * size * 0.47F},
                       ui.theme.brand, size * 0.07F);
    }
}

}  // namespace paprsek::ui
