#include "ui/kit/list.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace paprsek::ui {
namespace {

constexpr float head_height = 34;

/// Of more rows than there is room for, only whole ones are in sight: each is a little lower or higher than asked.
float fitted_height(const ListLook& look, float room, int rows) {
    if (look.bare || look.row_height * static_cast<float>(rows) <= room) return look.row_height;
    constexpr float lowest = 0.9F;
    return room / std::max(1.0F, std::floor(room / (look.row_height * lowest)));
}

void scroll_by_pointer(Ui& ui, Rect rect, ListState& state, float row_height, float scroll_max) {
    constexpr float wheel_step = 66;
    const float step = std::max(1.0F, std::round(wheel_step / row_height)) * row_height;
    if (ui.hovered(rect) && ui.pointer.wheel != 0) state.scroll -= ui.pointer.wheel * step;
    const bool grabbed = !ui.pointer_off() && rect.contains(ui.pointer.pressed_at);
    if (grabbed && ui.pointer.pressed) state.grabbed_scroll = state.scroll;
    if (grabbed && ui.pointer.down && ui.pointer.dragged > Ui::drag_slack)
        state.scroll = state.grabbed_scroll - (ui.pointer.at.y - ui.pointer.pressed_at.y);
    state.scroll = std::clamp(state.scroll, 0.0F, scroll_max);
}

void reveal_selected(ListState& state, float row_height, float height) {
    if (!state.reveal || state.selected < 0) return;
    const float top = static_cast<float>(state.selected) * row_height;
    state.scroll = std::clamp(state.scroll, top + row_height - height, top);
    state.reveal = false;
}

void draw_scroll_bar(Ui& ui, Rect rect, const ListState& state, float content) {
    const float length = std::max(28.0F, rect.h * rect.h / content);
    const float top = (rect.h - length) * state.scroll / (content - rect.h);
    ui.canvas.fill({rect.right() - 7, rect.y + top, 4, length}, ui.theme.ink_faint.alpha(0.6F), 2);
}

}  // namespace

bool ListState::handle(const KeyPress& press, int rows, int page) {
    int target = selected;
    switch (press.key) {
        case GLFW_KEY_UP: target = selected < 0 ? rows - 1 : selected - 1; break;
        case GLFW_KEY_DOWN: target = selected + 1; break;
        case GLFW_KEY_PAGE_UP: target = selected - page; break;
        case GLFW_KEY_PAGE_DOWN: target = selected + page; break;
        case GLFW_KEY_HOME: target = 0; break;
        case GLFW_KEY_END: target = rows - 1; break;
        default: return false;
    }
    if (press.control || press.alt) return false;
    if (rows > 0) select(std::clamp(target, 0, rows - 1));
    return true;
}

ListEvents list(Ui& ui, Rect rect, ListState& state, int rows, const ListLook& look, const std::function<void(int, Rect)>& row) {
    const float row_height = fitted_height(look, rect.h, rows);
    const float content = row_height * static_cast<float>(rows);
    state.selected = std::min(state.selected, rows - 1);
    if (std::exchange(state.height, rect.h) != rect.h) state.reveal = true;
    scroll_by_pointer(ui, rect, state, row_height, std::max(0.0F, content - rect.h));
    reveal_selected(state, row_height, rect.h);
    state.scroll = std::clamp(state.scroll, 0.0F, std::max(0.0F, content - rect.h));

    ListEvents events;
    const Canvas::Clip clip(ui.canvas, rect);
    constexpr float nothing = 0.01F;  // of a row that only rounding brings into sight
    const int first = static_cast<int>(state.scroll / row_height + nothing);
    const int last = std::min(rows, static_cast<int>(std::ceil((state.scroll + rect.h) / row_height - nothing)));
    const bool scrolling = ui.pointer.dragged > Ui::drag_slack;
    const float bar = content > rect.h + 1 ? 10.0F : 0.0F;
    for (int i = first; i < last; ++i) {
        const Rect at{rect.x, rect.y + static_cast<float>(i) * row_height - state.scroll, rect.w, row_height};
        const bool in_sight = ui.hovered(rect);
        if (look.zebra && i % 2 == 1) ui.canvas.fill(at, ui.theme.sunken);
        if (i == state.selected && !look.bare) {
            const float share = ui.theme.name == ThemeName::contrast ? 0.25F : 0.6F;  // its lines are as bright as its letters
            ui.canvas.fill({at.x, at.y, at.w - bar, at.h}, look.focused ? ui.theme.accent_soft : mix(ui.theme.surface, ui.theme.line, share), radius::small);
            if (look.focused) ui.canvas.fill({at.x, at.y + 6, 3, at.h - 12}, ui.theme.accent, 1.5F);
        } else if (in_sight && ui.hovered(at) && !look.bare) {
            ui.canvas.fill(at, mix(ui.theme.surface, ui.theme.accent, 0.06F), radius::small);
        }
        row(i, at);
        if (!in_sight || scrolling) continue;
        if (ui.clicked(at)) {
            events.clicked = i;
            state.selected = i;
            if (ui.pointer.twice) events.activated = i;
        }
        if (ui.pointer.right_released && ui.hovered(at)) events.context = i;
    }
    if (content > rect.h + 1) draw_scroll_bar(ui, rect, state, content);
    return events;
}

std::vector<Rect> column_cells(std::span<const Column> columns, Rect row) {
    constexpr float side = space::m;
    constexpr float gap = space::m;
    float fixed = 2 * side + gap * static_cast<float>(columns.size() - 1);
    float weights = 0;
    for (const Column& column : columns) {
        fixed += column.width;
        weights += column.weight;
    }
    const float room = std::max(0.0F, row.w - fixed);
    float x = row.x + side;
    std::vector<Rect> cells;
    cells.reserve(columns.size());
    for (const Column& column : columns) {
        const float width = column.width + (weights > 0 ? room * column.weight / weights : 0);
        cells.push_back({x, row.y, width, row.h});
        x += width + gap;
    }
    return cells;
}

ListEvents table(Ui& ui, Rect rect, ListState& state, std::span<const Column> columns, int rows, const ListLook& look,
                                  const std::function<void(int, std::span<const Rect>)>& row) {
    const Rect head = rect.cut_top(head_height);
    const std::vector<Rect> titles = column_cells(columns, head);
    for (std::size_t i = 0; i < columns.size(); ++i)
        ui.canvas.text(titles[i], columns[i].title, Type::caption_strong, ui.theme.ink_soft, columns[i].align);
    ui.canvas.line({head.x, head.bottom() - 1}, {head.right(), head.bottom() - 1}, ui.theme.line);
    return list(ui, rect, state, rows, look, [&](int i, Rect at) { row(i, column_cells(columns, at)); });
}

}  // namespace paprsek::ui
