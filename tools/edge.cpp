#include "tools/edge.h"

#include <utf8proc.h>

#include <algorithm>
#include <vector>

namespace paprsek::tools {
namespace {

using node::Json;

std::string cell(const Json& value) {
    if (value.is_null()) return "";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_array()) {
        std::string text;
        for (const Json& item : value) text += (text.empty() ? "" : " ") + cell(item);
        return text;
    }
    return value.dump();
}

/// Places that the text takes on a terminal.
std::size_t width(const std::string& text) {
    std::size_t places = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    for (utf8proc_ssize_t at = 0, size = static_cast<utf8proc_ssize_t>(text.size()); at < size;) {
        utf8proc_int32_t codepoint = 0;
        const auto step = utf8proc_iterate(bytes + at, size - at, &codepoint);
        if (step <= 0) return text.size();
        places += static_cast<std::size_t>(utf8proc_charwidth(codepoint));
        at += step;
    }
    return places;
}

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789.-") == std::string::npos && text.size() < 16;
}

void print_rows(const Json& list, std::ostream& out) {
    std::vector<std::string> columns;
    for (const Json& row : list)
        for (const auto& [key, value] : row.items())
            if (std::find(columns.begin(), columns.end(), key) == columns.end() && !value.is_object()) columns.push_back(key);
    std::vector<std::vector<std::string>> cells = {columns};
    for (const Json& row : list) {
        cells.emplace_back();
        for (const std::string& column : columns) cells.back().push_back(row.contains(column) ? cell(row[column]) : "");
    }
    std::vector<std::size_t> widths(columns.size(), 0);
    for (const auto& row : cells)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    for (const auto& row : cells) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string blanks(widths[i] - width(row[i]), ' ');
            line += (i ? "  " : "") + (is_number(row[i]) ? blanks + row[i] : row[i] + blanks);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    }
}

}  // namespace

void print_table(const Json& json, std::ostream& out) {
    const bool rows = json.is_array() && std::all_of(json.begin(), json.end(), [](const Json& row) { return row.is_object(); });
    if (rows && !json.empty()) {
        print_rows(json, out);
    } else if (rows) {
        out << "(nothing)\n";
    } else if (json.is_object()) {
        for (const auto& [key, value] : json.items()) out << key << ": " << (value.is_structured() ? value.dump(2) : cell(value)) << '\n';
    } else {
        out << json.dump(2) << '\n';
    }
}

}  // namespace paprsek::tools
