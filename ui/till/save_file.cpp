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

void save_table(const node::Table& table, const std::filesystem::path& file, const NumberStyle& figures) {
    const std::string ending = file.extension();
    node::Table said = in_words(table, figures);
    write_times_plainly(said);
    const bool comma = figures.decimal == ",";
    if (ending == ".pdf")
        node::write_pages(said, file);
    else if (ending == ".xlsx")
        node::write_spreadsheet(said, file);
    else
        sync::write_atomically(file, sync::bytes_of(node::print_csv(said, {comma ? ';' : ',', comma ? ',' : '.', true})));
}

}  // namespace paprsek::ui
