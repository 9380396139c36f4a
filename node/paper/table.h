// A report as people take it with them: rows under headings, as text on a terminal, CSV, a spreadsheet or pages of paper (T14).
// All four show the same values; amounts are the decimal texts of the JSON, never numbers of a machine.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "node/base/json.h"

namespace paprsek::node {

enum class CellKind {
    text,
    number,   ///< a count, an amount, a quantity: to the right
    sum,      ///< as number, and its sum over all rows means something
    quantity  ///< as sum where every row counts pieces; kilograms and pieces have no sum
};

struct Column {
    std::string key;      ///< of the rows' fields
    std::string heading;
    CellKind kind = CellKind::text;
};

struct Table {
    std::string title;
    std::string subtitle;  ///< shop and period; may be empty
    std::vector<Column> columns;
    std::vector<Json> rows;  ///< objects; a field that is missing is an empty cell
    /// By its key, what stands below a column whose cells count one thing more than once: a receipt that was paid in two ways.
    std::map<std::string, std::string> totals = {};
};

/// Columns by their keys, with the headings and kinds that these keys have in every report.
std::vector<Column> columns_of(const std::vector<std::string>& keys);

/// A value as a cell shows it; lists with blanks between.
std::string cell_text(const Json& value);
/// Places that a text takes on a terminal.
std::size_t places_of(const std::string& text);

/// Aligned columns, without title; "(nothing)" where there is no row.
std::string print_text(const Table& table);
/// For programs as it is; for people's spreadsheets with what theirs takes as the separators of fields and of decimals.
struct CsvStyle {
    char separator = ',';
    char decimal = '.';
    bool headings = false;  ///< instead of the keys; and a mark before the text, by which a spreadsheet knows that it is UTF-8
};
/// RFC 4180: UTF-8, the keys as header. A text that a spreadsheet would take for a formula gets a quote before it.
std::string print_csv(const Table& table, const CsvStyle& style = {});

/// Sums of the columns of kind `sum`, and of `quantity` where no row has a part of a piece, exactly, or what `totals` says of them; empty texts
/// for the others and where a cell is no decimal.
std::vector<std::string> sums_of(const Table& table);

/// Both write beside `path` and rename, so that a file is whole or not there. Throw Error (operating) where the disk refuses.
void write_spreadsheet(const Table& table, const std::string& path);  ///< XLSX
void write_pages(const Table& table, const std::string& path);        ///< PDF, A4, upright or across as the columns need

}  // namespace paprsek::node
