// Tables from a spreadsheet (Office Open XML, .xlsx): what a person would have typed, cell by cell, so that the same checks follow as for
// CSV. Unpacking is libzip's, XML Expat's; this finds the first sheet, its texts, and which numbers are days.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "node/base/csv.h"

namespace paprsek::node {

/// Whether the bytes are a ZIP archive, as a spreadsheet is; a CSV never begins so.
bool is_zip(std::string_view bytes);

/// Rows of the first sheet, `line` being the sheet's row; cells left empty are empty texts, and a row ends with its last cell. A number is
/// written plainly and rounded to 15 digits, as spreadsheets show it; a day as 2026-03-31; true and false as 1 and 0. Refuses (Error naming
/// `name` and the cell) an archive or XML that is broken, a formula's error (#N/A), and what unpacks to more than max_csv_bytes.
std::vector<CsvRow> read_sheet(const std::string& bytes, const std::string& name);

}  // namespace paprsek::node
