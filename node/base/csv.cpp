#include "node/base/csv.h"

#include <csv.h>
#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "node/base/error.h"
#include "node/base/text.h"
#include "node/base/xlsx.h"

namespace paprsek::node {
namespace {

std::string from_windows_1250(std::string bytes, const std::string& name) {
    const iconv_t converter = iconv_open("UTF-8", "WINDOWS-1250");
    if (converter == reinterpret_cast<iconv_t>(-1)) fail(name, "Windows-1250 cannot be converted on this system");
    std::string text(bytes.size() * 3, '\0');
    char* in = bytes.data();
    char* out = text.data();
    std::size_t in_left = bytes.size(), out_left = text.size();
    const std::size_t result = iconv(converter, &in, &in_left, &out, &out_left);
    iconv_close(converter);
    if (result == static_cast<std::size_t>(-1))
        refuse(name, fmt::format("byte {} is neither UTF-8 nor Windows-1250", bytes.size() - in_left + 1), "save the table as CSV UTF-8");
    text.resize(text.size() - out_left);
    return text;
}

/// The separator that stands most often in the header line, outside quotes.
char find_separator(std::string_view text) {
    std::size_t counts[3] = {0, 0, 0};
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') break;
        if (c == ',') ++counts[0];
        if (c == ';') ++counts[1];
        if (c == '\t') ++counts[2];
    }
    if (counts[1] > counts[0] && counts[1] >= counts[2]) return ';';
    return counts[2] > counts[0] ? '\t' : ',';
}

struct Collector {
    std::vector<CsvRow> rows;
    CsvRow row;
    std::size_t line = 1;    // line at which the current row starts
};

void on_field(void* data, std::size_t size, void* user) {
    auto& collector = *static_cast<Collector*>(user);
    const std::string_view raw(static_cast<const char*>(data), size);
    collector.row.fields.push_back(nfc(trim(raw)).value_or(""));  // parse_csv has seen that all of it is UTF-8
}

void on_row(int, void* user) {
    auto& collector = *static_cast<Collector*>(user);
    collector.row.line = collector.line;
    collector.rows.push_back(std::move(collector.row));
    collector.row = {};
}

/// Rows with the line at which each starts: libcsv is fed line by line, so that places can be named.
std::vector<CsvRow> split(const std::string& text, char separator, const std::string& name) {
    csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) != 0) fail(name, "out of memory");
    csv_set_delim(&parser, static_cast<unsigned char>(separator));
    Collector collector;
    std::size_t start = 0, line = 1;
    bool ok = true;
    while (ok && start < text.size()) {
        std::size_t end = text.find('\n', start);
        end = end == std::string::npos ? text.size() : end + 1;
        ok = csv_parse(&parser, text.data() + start, end - start, on_field, on_row, &collector) == end - start;
        ++line;
        if (parser.pstate == 0) collector.line = line;  // no row has begun: the next starts here, blank lines passed over
        start = end;
    }
    ok = ok && csv_fini(&parser, on_field, on_row, &collector) == 0;
    csv_free(&parser);
    if (!ok)
        refuse(fmt::format("{} line {}", name, collector.line), "has a quote that is not closed, or one inside a field",
               "double a quote inside a quoted field");
    return std::move(collector.rows);
}

/// As parse_csv gives them: a row ends where the header does, or further right if something stands there.
std::vector<CsvRow> rows_of_sheet(const std::string& bytes, const std::string& name) {
    std::vector<CsvRow> rows = read_sheet(bytes, name);
    for (CsvRow& row : rows)
        for (std::string& field : row.fields) {
            const auto text = nfc(trim(field));
            if (!text || text->find('\0') != std::string::npos) refuse(fmt::format("{} line {}", name, row.line), "holds what is no text");
            field = *text;
        }
    return rows;
}

std::vector<CsvRow> rows_of_text(std::string bytes, const std::string& name) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
    if (!nfc(bytes)) bytes = from_windows_1250(std::move(bytes), name);
    if (bytes.find('\0') != std::string::npos) refuse(name, "holds a zero byte: it is not a text", "save the table as CSV UTF-8");
    return split(bytes, find_separator(bytes), name);
}

}  // namespace

std::string read_file(const std::string& path, std::size_t max_bytes) {
    std::error_code unknown;  // whatever it is, opening it tells
    if (std::filesystem::is_directory(path, unknown)) refuse(path, "is a folder", "name a file in it");
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) refuse(path, std::strerror(errno ? errno : ENOENT), "check the name");
    const auto size = in.tellg();
    if (size < 0) refuse(path, "is not a file that can be read");
    if (static_cast<std::uint64_t>(size) > max_bytes) refuse(path, fmt::format("is larger than {} MiB", max_bytes >> 20));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    in.seekg(0);
    if (!in.read(bytes.data(), size)) fail(path, "cannot be read to its end");
    return bytes;
}

std::string base_name(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

CsvTable parse_csv(std::string bytes, const std::string& name) {
    if (bytes.size() > max_csv_bytes) refuse(name, fmt::format("is larger than {} MiB", max_csv_bytes >> 20));
    CsvTable table;
    table.name = name;
    const bool sheet = is_zip(bytes);
    std::vector<CsvRow> rows = sheet ? rows_of_sheet(bytes, name) : rows_of_text(std::move(bytes), name);
    std::erase_if(rows, [](const CsvRow& row) { return std::all_of(row.fields.begin(), row.fields.end(), [](const auto& f) { return f.empty(); }); });
    if (rows.empty()) refuse(name, "is empty", "its first line must name the columns");
    table.header = std::move(rows.front().fields);
    rows.erase(rows.begin());
    std::set<std::string> names;
    for (std::string& column : table.header) {
        column = fold(column);
        if (!names.insert(column).second) refuse(name + " line 1", fmt::format("names the column \"{}\" twice", column));
    }
    if (sheet)
        for (CsvRow& row : rows) row.fields.resize(std::max(row.fields.size(), table.header.size()));
    table.rows = std::move(rows);
    return table;
}

CsvTable read_csv(const std::string& path) { return parse_csv(read_file(path, max_csv_bytes), base_name(path)); }

CsvColumns::CsvColumns(const CsvTable& table, const std::vector<std::string>& required, const std::vector<std::string>& optional) : table_(table) {
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        const std::string& column = table.header[i];
        const auto in = [&](const auto& list) { return std::find(list.begin(), list.end(), column) != list.end(); };
        if (!in(required) && !in(optional)) refuse(table.name + " line 1", fmt::format("the column \"{}\" is not known", column));
        index_[column] = i;
    }
    for (const std::string& column : required)
        if (!index_.contains(column)) refuse(table.name + " line 1", fmt::format("the column \"{}\" is missing", column));
}

const std::string& CsvColumns::get(const CsvRow& row, const std::string& column) const {
    static const std::string empty;
    if (row.fields.size() != table_.header.size())
        refuse(place(row), fmt::format("has {} fields where the header has {}", row.fields.size(), table_.header.size()),
               "a field that holds the separator must stand in quotes");
    const auto found = index_.find(column);
    return found == index_.end() ? empty : row.fields[found->second];
}

std::string CsvColumns::place(const CsvRow& row) const { return fmt::format("{} line {}", table_.name, row.line); }

}  // namespace paprsek::node
