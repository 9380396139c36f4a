// A report on the screen: its columns as broad as what stands in them, figures and days as people read them, sums below.
#pragma once
#include <string>
#include <vector>

#include "node/paper/table.h"
#include "ui/kit/list.h"
#include "ui/kit/locale.h"
#include "ui/words.h"

namespace paprsek::ui {

/// A report in the language of the window: title, headings, and what node/ says by a name of its own (days, tenders, acts).
/// `style`: of amounts within a text.
node::Table in_words(node::Table table, const NumberStyle& style);

/// A table with all that stands in it, ready to be drawn.
struct ShownTable {
    node::Table table;  ///< without its rows: what is drawn stands in the cells
    std::vector<std::vector<std::string>> cells;
    std::vector<std::string> sums;
};
/// `table` as in_words() makes it. Takes its time by the rows: for the worker that read them.
ShownTable shown_table(node::Table table, const Words& words, const node::TimeZone& zone);

class TableView {
public:
    void show(ShownTable shown);
    void clear() { shown_ = {}; }
    bool empty() const { return shown_.cells.empty(); }
    int rows() const { return static_cast<int>(shown_.cells.size()); }
    int selected() const { return list_.selected; }
    const node::Table& table() const { return shown_.table; }
    /// What stands in a cell.
    const std::string& text(std::size_t row, std::size_t column) const { return shown_.cells.at(row).at(column); }
    /// Up, Down, Page Up, Page Down, Home, End choose a row; Left and Right the first column in sight, where there is not room for all.
    bool key(const KeyPress& press);
    ListEvents draw(Ui& ui, Rect rect, bool focused = true);

private:
    std::vector<float> widths(Ui& ui) const;
    std::vector<float> fitted(std::vector<float> wide, float room) const;
    std::vector<std::size_t> order(bool fits) const;
    std::vector<std::size_t> in_sight(const std::vector<std::size_t>& order, const std::vector<float>& wide, float room) const;
    void draw_sideways(Ui& ui, Rect row);

    ShownTable shown_;
    ListState list_;
    std::size_t first_ = 0;  ///< column in sight
    bool more_ = false;      ///< some wait between those in sight and the last
};

}  // namespace paprsek::ui
