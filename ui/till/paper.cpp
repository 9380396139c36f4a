#include "ui/till/paper.h"

#include <algorithm>
#include <cmath>

namespace paprsek::ui {
namespace {

constexpr float paper_row_height = 20;
constexpr float margin = 18;

}  // namespace

void Paper::show(const fiscal::Bitmap& slip) {
    picture_ = std::make_unique<Picture>(slip.width(), slip.height(), [&](int y) { return slip.row(y); });
    scroll_ = {};
    scroll_.selected = 0;
}

bool Paper::key(const KeyPress& press) { return !empty() && scroll_.handle(press, rows_); }

void Paper::draw(Ui& ui, Rect rect) {
    if (empty()) return;
    // Paper is white in every theme.
    constexpr Color white = Color::hex(0xFFFFFF);
    const float width = std::min(rect.w, 400.0F);
    const float length = (width - 2 * margin) * static_cast<float>(picture_->height()) / static_cast<float>(picture_->width());
    const Rect paper = rect.middle(width, rect.h);
    ui.canvas.shadow(paper, 2, ui.theme.shadow, 8);
    ui.canvas.fill(paper, white);
    ui.canvas.outline(paper, Color::hex(0xE4E0D4), 0);
    rows_ = static_cast<int>(std::ceil(length / paper_row_height));
    const Rect inside = paper.inset(2, space::m);
    // The list scrolls; its rows draw nothing, and the picture lies where the first one is.
    list(ui, inside, scroll_, rows_, {.row_height = paper_row_height, .zebra = false, .focused = false, .bare = true}, [](int, Rect) {});
    const Canvas::Clip clip(ui.canvas, inside);
    ui.canvas.picture({inside.x + margin, inside.y - scroll_.scroll, inside.w - 2 * margin, length}, *picture_);
}

}  // namespace paprsek::ui
