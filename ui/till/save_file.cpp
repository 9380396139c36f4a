#include "ui/till/save_file.h"

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

}  // namespace paprsek::ui
