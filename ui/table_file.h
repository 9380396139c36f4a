// A report as a file that people take with them.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "node/paper/table.h"

namespace paprsek::ui {

/// A file's name from words: "Tržby podle dne" → "trzby-podle-dne"; letters without marks, for sticks and mails of any age.
std::string file_stem(std::string_view words);

/// Writes a report as its file's ending says: .pdf, .xlsx, else CSV.
void save_table(const node::Table& table, const std::filesystem::path& file);

}  // namespace paprsek::ui
