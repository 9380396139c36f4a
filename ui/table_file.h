// A report as a file that people take with them.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "node/paper/table.h"
#include "ui/kit/locale.h"

namespace paprsek::ui {

/// A file's name from words: "Tržby podle dne" → "trzby-podle-dne"; letters without marks, for sticks and mails of any age.
std::string file_stem(std::string_view words);

/// Writes a report in words (in_words) as its file's ending says: .pdf, .xlsx, else CSV, which the spreadsheet of somebody who writes figures so opens by
/// a double click: a semicolon between fields where the decimals have a comma.
void save_table(node::Table table, const std::filesystem::path& file, const NumberStyle& figures);

}  // namespace paprsek::ui
