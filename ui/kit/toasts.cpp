#include "ui/kit/toasts.h"

#include <algorithm>

namespace paprsek::ui {

void Toasts::show(Tone tone, Icon icon, std::string text) {
    constexpr std::size_t shown_max = 3;
    if (!toasts_.empty() && toasts_.back().text == text) toasts_.pop_back();
    toasts_.push_back({tone, icon, std::move(text), 0});
    while (toasts_.size() > shown_max) toasts_.pop_front();
}

void Toasts::draw(Ui& ui, Rect area) {
    std::erase_if(toasts_, [&](const Toast& toast) { return toast.ends != 0 && toast.ends <= ui.now; });
    float bottom = area.bottom() - space::m;
    for (auto toast = toasts_.rbegin(); toast != toasts_.rend(); ++toast) {
        const bool serious = toast->tone == Tone::danger || toast->tone == Tone::warn;
        if (toast->ends == 0) toast->ends = ui.now + (serious ? 7.0 : 3.5);
        const float width = std::min(area.w - 2 * space::l, ui.canvas.width(toast->text, Type::strong) + 72);
        const Rect pill{area.x + (area.w - width) / 2, bottom - 46, width, 46};
        ui.canvas.shadow(pill, 12, ui.theme.shadow, 12);
        ui.canvas.fill(pill, ui.theme.strip, 12);
        ui.canvas.outline(pill, ui.theme.strip_line, 12);
        Rect inside = pill.inset(space::m, 0);
        const Rect badge = inside.cut_left(28, space::m).middle(28, 28);
        ui.canvas.circle(badge.centre(), 14, tone_color(ui.theme, toast->tone));
        ui.canvas.icon(badge, toast->icon, IconSize::small, tone_on(ui.theme, toast->tone));
        ui.canvas.text(inside, toast->text, Type::strong, ui.theme.on_strip);
        if (ui.clicked(pill)) toast->ends = ui.now;
        ui.redraw_at(toast->ends);
        bottom -= 46 + space::s;
    }
}

}  // namespace paprsek::ui
