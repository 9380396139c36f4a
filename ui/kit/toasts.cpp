#include "ui/kit/toasts.h"

#include <algorithm>

namespace paprsek::ui {

void Toasts::show(Tone tone, Icon icon, std::string text) {
    constexpr std::size_t shown_max = 3;
    if (!toasts_.empty() && toasts_.back().text == text) toasts_.pop_back();
    toasts_.push_back({tone, icon, std::move(text), 0});
    while (toasts_.size() > shown_max) toasts_.pop_front();
}

void Toasts::forget_refusals() {
    std::erase_if(toasts_, [](const Toast& toast) { return toast.tone == Tone::danger; });
}

void Toasts::forget_seen_refusals() {
    std::erase_if(toasts_, [](const Toast& toast) { return toast.tone == Tone::danger && toast.ends != 0; });
}

void Toasts::draw(Ui& ui, Rect area) {
    std::erase_if(toasts_, [&](const Toast& toast) { return toast.ends != 0 && toast.ends <= ui.now; });
    constexpr float height = 44;
    const bool low = area.h < 2 * height;
    float bottom = low ? area.y + (area.h + height) / 2 : area.bottom() - space::m;
    for (auto toast = toasts_.rbegin(); toast != toasts_.rend(); ++toast) {
        const bool serious = toast->tone == Tone::danger || toast->tone == Tone::warn;
        if (toast->ends == 0) toast->ends = ui.now + (serious ? 7.0 : 3.5);
        ui.redraw_at(toast->ends);
        if (low && toast != toasts_.rbegin()) continue;
        const Color fill = tone_color(ui.theme, toast->tone);
        const Color ink = tone_on(ui.theme, toast->tone);
        const float width = std::min(area.w - 2 * space::m, ui.canvas.width(toast->text, Type::strong) + 58);
        const Rect pill{low ? area.x + space::m : area.x + (area.w - width) / 2, bottom - height, width, height};
        ui.canvas.shadow(pill, radius::control, ui.theme.shadow, 12);
        ui.canvas.fill(pill, fill, radius::control);
        Rect inside = pill.inset(space::m, 0);
        ui.canvas.icon(inside.cut_left(22, space::s), toast->icon, IconSize::medium, ink);
        const bool fits = ui.canvas.width(toast->text, Type::strong) <= inside.w;
        if (fits) ui.canvas.text(inside, toast->text, Type::strong, ink);
        else if (ui.canvas.width(toast->text, Type::caption_strong) <= inside.w) ui.canvas.text(inside, toast->text, Type::caption_strong, ink);
        else ui.canvas.paragraph(inside.middle(inside.w, 2 * ui.canvas.line_height(Type::caption_strong)), toast->text, Type::caption_strong, ink);
        if (ui.clicked(pill)) toast->ends = ui.now;
        bottom -= height + space::s;
    }
}

}  // namespace paprsek::ui
