// Tables from outside: CSV in UTF-8 (with or without BOM) or Windows-1250, separated by comma, semicolon or tab, with
// quoted fields that may hold line ends; or a spreadsheet's first sheet (node/base/xlsx.h). Parsing is libcsv's; this finds the encoding and
// the separator and names places.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace paprsek::node {

struct CsvRow {
    std::size_t line = 0;  ///< line of the file at which the row starts, from 1
    std::vector<std::string> fields;
};

struct CsvTable {
    std::string name;  ///< the file's name, for messages
    std::vector<std::string> header;
    std::vector<CsvRow> rows;  ///< wholly empty rows are left out; one wider or narrower than the header is refused where it is read
};

inline constexpr std::size_t max_csv_bytes = 256u << 20;

/// Parses the bytes of a file called `name`. Text comes out in NFC with outer blanks cut. Refuses (Error naming file and
/// line) an unclosed quote, a column named twice, too many bytes.
CsvTable parse_csv(std::string bytes, const std::string& name);
/// Reads the file first; refuses one that is missing or too large.
CsvTable read_csv(const std::string& path);

/// Field access by column name for one table.
class CsvColumns {
public:
    /// Refuses when a `required` column is missing or a column is in neither list.
    CsvColumns(const CsvTable& table, const std::vector<std::string>& required, const std::vector<std::string>& optional);
    /// Empty when the table has no such column. Refuses a row that is wider or narrower than the header.
    const std::string& get(const CsvRow& row, const std::string& column) const;
    bool has(const std::string& column) const { return index_.contains(column); }
    /// "products.csv line 7"
    std::string place(const CsvRow& row) const;

private:
    const CsvTable& table_;
    std::map<std::string, std::size_t> index_;
};

/// Whole file as bytes; refuses a missing or larger one.
std::string read_file(const std::string& path, std::size_t max_bytes);
/// The file's name without its folders.
std::string base_name(const std::string& path);

}  // namespace paprsek::node
