// XLSX by libxlsxwriter.
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "node/base/decimal.h"
#include "node/base/error.h"
#include "node/paper/table.h"

namespace paprsek::node {
namespace {

constexpr std::size_t exact_digits = 15;  ///< the file's numbers are binary: a longer one is kept as text

bool fits_a_number(const std::string& text) { return parse<Rate>(text).has_value() && text.size() <= exact_digits; }

int decimals_of(const std::string& text) {
    const auto point = text.find('.');
    return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

void check_written(lxw_error error, const std::string& path) {
    if (error != LXW_NO_ERROR) fail(path, std::string("cannot be written: ") + lxw_strerror(error), "is the disk full?");
}

/// One number format for each count of decimals.
class Formats {
public:
    explicit Formats(lxw_workbook* book) {
        for (int decimals = 0; decimals <= Rate::digits; ++decimals) {
            numbers_[decimals] = workbook_add_format(book);
            format_set_num_format(numbers_[decimals], decimals ? ("#,##0." + std::string(static_cast<std::size_t>(decimals), '0')).c_str() : "#,##0");
        }
        bold = workbook_add_format(book);
        format_set_bold(bold);
        heading = workbook_add_format(book);
        format_set_bold(heading);
        format_set_bottom(heading, LXW_BORDER_THIN);
    }
    lxw_format* number(int decimals) const { return numbers_[std::min(decimals, Rate::digits)]; }
    lxw_format* bold = nullptr;
    lxw_format* heading = nullptr;

private:
    lxw_format* numbers_[Rate::digits + 1] = {};
};

void write_cell(lxw_worksheet* sheet, std::size_t row, std::size_t column, const std::string& text, CellKind kind, const Formats& formats) {
    const auto at = static_cast<lxw_row_t>(row);
    const auto across = static_cast<lxw_col_t>(column);
    if (text.empty()) return;
    if (kind != CellKind::text && fits_a_number(text))
        worksheet_write_number(sheet, at, across, std::strtod(text.c_str(), nullptr), formats.number(decimals_of(text)));
    else
        worksheet_write_string(sheet, at, across, text.substr(0, 32'000).c_str(), nullptr);
}

}  // namespace

void write_spreadsheet(const Table& table, const std::string& path) {
    if (table.rows.size() > 1'000'000) refuse(path, "would have more rows than a spreadsheet takes", "choose fewer days, or CSV");
    const std::string part = path + ".part";
    lxw_workbook* book = workbook_new(part.c_str());
    if (!book) fail(path, "cannot be written", "is there room?");
    lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
    const Formats formats(book);
    worksheet_write_string(sheet, 0, 0, table.title.c_str(), formats.bold);
    worksheet_write_string(sheet, 1, 0, table.subtitle.c_str(), nullptr);
    constexpr std::size_t head = 3;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        worksheet_write_string(sheet, head, static_cast<lxw_col_t>(i), table.columns[i].heading.c_str(), formats.heading);
        widths.push_back(places_of(table.columns[i].heading));
    }
    std::size_t row = head + 1;
    for (const Json& values : table.rows) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const auto found = values.find(table.columns[i].key);
            const std::string text = found == values.end() ? "" : cell_text(*found);
            write_cell(sheet, row, i, text, table.columns[i].kind, formats);
            widths[i] = std::max(widths[i], std::min<std::size_t>(places_of(text), 60));
        }
        ++row;
    }
    const auto sums = sums_of(table);
    for (std::size_t i = 0; i < sums.size() && table.rows.size() > 1; ++i) write_cell(sheet, row, i, sums[i], table.columns[i].kind, formats);
    for (std::size_t i = 0; i < widths.size(); ++i)
        worksheet_set_column(sheet, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), static_cast<int>(widths[i]) + 2, nullptr);
    worksheet_freeze_panes(sheet, head + 1, 0);
    if (!table.rows.empty() && !table.columns.empty())
        worksheet_autofilter(sheet, head, 0, static_cast<lxw_row_t>(head + table.rows.size()), static_cast<lxw_col_t>(table.columns.size() - 1));
    const lxw_error error = workbook_close(book);
    if (error != LXW_NO_ERROR) std::remove(part.c_str());
    check_written(error, path);
    if (std::rename(part.c_str(), path.c_str()) != 0) fail(path, "cannot be written", "is it a folder?");
}

}  // namespace paprsek::node
