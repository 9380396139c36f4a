// Scrolled lists and tables: zebra rows, a selection moved by keys, wheel or finger; only rows in sight are drawn.
#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "ui/kit/input.h"
#include "ui/kit/ui.h"

namespace paprsek::ui {

// Kept by the screen between frames.
struct ListState {
    int selected = -1;
    float scroll = 0;  // logical units
    bool reveal = false;  // bring the selected row into sight at the next frame
    float grabbed_scroll = 0;
    float height = 0;  // of the last frame: in a window that became smaller the selected row stays in sight

    // Up, Down, Page Up, Page Down, Home and End. False leaves the key to the screen.
    bool handle(const KeyPress& press, int rows, int page = 8);
    void select(int row) {
        selected = row;
        reveal = true;
    }
};

struct ListLook {
    float row_height = 44;  // about: where not all have room, whole rows fill the list (bare ones keep it)
    bool zebra = true;
    bool focused = true;  // the keys move the selection here
    bool bare = false;    // rows draw their own selection and hover
};

struct ListEvents {
    int clicked = -1;
    int activated = -1;  // double click; by key it is the screen's Enter
    int context = -1;    // right click
};

// Draws each row in sight by `row(index, rectangle)`; the background and the selection are drawn already.
ListEvents list(Ui& ui, Rect rect, ListState& state, int rows, const ListLook& look, const std::function<void(int, Rect)>& row);

struct Column {
    std::string_view title = {};
    float width = 0;  // fixed; or
    float weight = 0;  // a share of what the fixed ones leave
    Align align = Align::left;
};

// The rectangles of one row's cells.
std::vector<Rect> column_cells(std::span<const Column> columns, Rect row);

// A list under a row of column titles. `row(index, cells)`.
ListEvents table(Ui& ui, Rect rect, ListState& state, std::span<const Column> columns, int rows, const ListLook& look,
                                  const std::function<void(int, std::span<const Rect>)>& row);

}  // namespace paprsek::ui
