// A table on sheets of A4: the headings again on each, sums at the end, "2/5" below.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "node/paper/canvas.h"
#include "node/paper/table.h"

namespace paprsek::node {
namespace {

constexpr int margin = 36, cell_gap = 8, row_height = 14, head_height = 52, foot_height = 24;
constexpr const char* plain = "Inter 8.5";
constexpr const char* bold = "Inter Bold 8.5";
constexpr int widest_column = 220;

struct Layout {
    std::vector<int> widths;
    int page_width = Pages::a4_short, page_height = Pages::a4_long;
    int rows_a_page() const { return (page_height - 2 * margin - head_height - row_height - foot_height) / row_height; }
};

/// What the columns would like, made narrower where even a sheet across is too narrow: texts give way before numbers.
Layout lay_out(const Table& table, const std::vector<std::vector<std::string>>& cells, Pages& measure) {
    Layout layout;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        int width = measure.width_of(table.columns[i].heading, bold);
        std::string longest;
        for (const auto& row : cells)
            if (row[i].size() > longest.size()) longest = row[i];
        width = std::max(width, std::min(measure.width_of(longest, plain) + 2, widest_column));
        if (!cells.empty()) width = std::max(width, std::min(measure.width_of(cells.back()[i], bold) + 2, widest_column));  // where the sums stand
        layout.widths.push_back(width);
    }
    const int gaps = cell_gap * std::max(0, static_cast<int>(table.columns.size()) - 1);
    const auto room = [&] { return layout.page_width - 2 * margin - gaps; };
    const auto wanted = [&] { return std::accumulate(layout.widths.begin(), layout.widths.end(), 0); };
    if (wanted() > room()) std::swap(layout.page_width, layout.page_height);
    for (const bool texts_only : {true, false}) {
        for (int over = wanted() - room(); over > 0; over = wanted() - room()) {
            int* broadest = nullptr;
            for (std::size_t i = 0; i < layout.widths.size(); ++i)
                if ((!texts_only || table.columns[i].kind == CellKind::text) && layout.widths[i] > 30 && (!broadest || layout.widths[i] > *broadest))
                    broadest = &layout.widths[i];
            if (!broadest) break;
            *broadest -= std::min(over, std::max(1, *broadest / 10));
        }
    }
    return layout;
}

void draw_row(Pages& pages, const Layout& layout, const Table& table, const std::vector<std::string>& cells, int y, const char* font) {
    int x = margin;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!cells[i].empty())
            pages.text(x, y, layout.widths[i], cells[i], font, table.columns[i].kind == CellKind::text ? Pages::Align::left : Pages::Align::right);
        x += layout.widths[i] + cell_gap;
    }
}

}  // namespace

void write_pages(const Table& table, const std::string& path) {
    std::vector<std::vector<std::string>> cells;
    for (const Json& row : table.rows) {
        cells.emplace_back();
        for (const Column& column : table.columns) cells.back().push_back(row.contains(column.key) ? cell_text(row[column.key]) : "");
    }
    const bool summed = cells.size() > 1;
    if (summed) cells.push_back(sums_of(table));
    std::vector<std::string> headings;
    for (const Column& column : table.columns) headings.push_back(column.heading);
    Pages pages(path, Pages::a4_short, Pages::a4_long);
    const Layout layout = lay_out(table, cells, pages);
    pages.set_size(layout.page_width, layout.page_height);
    const int width = layout.page_width - 2 * margin;
    const int table_width = std::accumulate(layout.widths.begin(), layout.widths.end(), cell_gap * (static_cast<int>(layout.widths.size()) - 1));
    const auto a_page = static_cast<std::size_t>(layout.rows_a_page());
    const std::size_t count = std::max<std::size_t>(1, (cells.size() + a_page - 1) / a_page);
    for (std::size_t page = 0; page < count; ++page) {
        if (page) pages.next_page();
        pages.text(margin, margin, width, table.title, "Inter Bold 14");
        pages.text(margin, margin + 22, width, table.subtitle, "Inter 9");
        int y = margin + head_height - 8;
        draw_row(pages, layout, table, headings, y, bold);
        y += row_height;
        pages.line(margin, y, table_width);
        y += 2;
        for (std::size_t i = page * a_page; i < std::min(cells.size(), (page + 1) * a_page); ++i, y += row_height) {
            const bool sums = summed && i + 1 == cells.size();
            if (sums) pages.line(margin, y, table_width);
            draw_row(pages, layout, table, cells[i], y + (sums ? 1 : 0), sums ? bold : plain);
        }
        if (cells.empty()) pages.text(margin, y, width, "(nothing)", plain);
        pages.text(margin, layout.page_height - margin - 10, width, fmt::format("{}/{}", page + 1, count), "Inter 8", Pages::Align::right);
    }
    pages.finish();
}

}  // namespace paprsek::node
