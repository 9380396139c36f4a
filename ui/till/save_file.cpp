#include "ui/till/save_file.h"

#include "node/base/text.h"
#include "sync/exchange.h"
#include "sync/files.h"
#include "ui/till/table_view.h"

namespace paprsek::ui {

void SaveFile::begin(const std::string& file_name, Write write) {
    write_ = std::move(write);
    choosing_ = true;
    chooser_.begin({FileChooser::Mode::save, std::filesystem::path(file_name).extension(), file_name, {}, desk_.file_times()});
}

bool SaveFile::key(const KeyPress& press) {
    if (!choosing_) return false;
    if (press.is(GLFW_KEY_ESCAPE))
        choosing_ = false;
    else
        chooser_.handle(press);
    return true;
}

bool SaveFile::tick() {
    bool changed = choosing_ && chooser_.tick();
    if (choosing_) {
        if (const auto file = chooser_.take()) {
            choosing_ = false;
            changed = true;
            writing_.ask([write = write_, file = *file](node::Node& branch) {
                write(branch, file);
                return file.filename().string();
            });
        }
    }
    desk_.guarded([&] {
        if (!writing_.poll()) return;
        changed = true;
        desk_.toasts.show(Tone::go, Icon::check, fill_in(tr("Saved: {}"), {writing_.result()}));
    });
    return changed;
}

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
