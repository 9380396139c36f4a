#include "ui/table_file.h"

#include "node/base/text.h"
#include "sync/files.h"
#include "ui/table_view.h"

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

void save_table(const node::Table& table, const std::filesystem::path& file) {
    const std::string ending = file.extension();
    if (ending == ".pdf")
        node::write_pages(in_words(table), file);
    else if (ending == ".xlsx")
        node::write_spreadsheet(in_words(table), file);
    else
        sync::write_atomically(file, sync::bytes_of("\xEF\xBB\xBF" + node::print_csv(table)));  // a spreadsheet knows letters by that mark
}

}  // namespace paprsek::ui
