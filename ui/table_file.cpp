#include "ui/table_file.h"

#include "node/base/text.h"
#include "sync/files.h"

namespace paprsek::ui {

std::string file_stem(std::string_view words) {
    std::string stem;
    for (const char c : node::fold(words)) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        if (kept && (c != '.' || !stem.empty())) stem += c;
        else if (!stem.empty() && stem.back() != '-') stem += '-';
    }
    while (stem.ends_with('-') || stem.ends_with('.')) stem.pop_back();
    return stem;
}

namespace {

/// "2026-03-02T10:15:00+01:00" is nothing to a spreadsheet and ugly on paper: "2026-03-02 10:15", which sorts as it should.
void write_times_plainly(node::Table& table) {
    constexpr std::size_t day_ends = 10, minute_ends = 16, least = 19;
    for (node::Json& row : table.rows)
        for (auto& [key, value] : row.items()) {
            if (!value.is_string()) continue;
            std::string text = value.get<std::string>();
            if (text.size() < least || text[day_ends] != 'T' || !node::parse_instant(text)) continue;
            text.resize(minute_ends);
            text[day_ends] = ' ';
            value = text;
        }
}

}  // namespace

void save_table(node::Table table, const std::filesystem::path& file, const NumberStyle& figures) {
    const std::string ending = file.extension();
    write_times_plainly(table);
    const bool comma = figures.decimal == ",";
    if (ending == ".pdf")
        node::write_pages(table, file);
    else if (ending == ".xlsx")
        node::write_spreadsheet(table, file);
    else
        sync::write_atomically(file, sync::bytes_of(node::print_csv(table, {comma ? ';' : ',', comma ? ',' : '.', true})));
}

}  // namespace paprsek::ui
