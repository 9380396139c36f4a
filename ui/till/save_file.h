// "Save as…" inside a screen: the place is chosen by keys or touch, and the file is written beside the window.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "ui/kit/file_chooser.h"
#include "ui/table_file.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

class SaveFile {
public:
    explicit SaveFile(Desk& desk) : desk_(desk), writing_(desk.background) {}

    /// `write` runs on the worker's thread; what it throws becomes a toast.
    using Write = std::function<void(node::Node& branch, const std::filesystem::path& file)>;
    void begin(const std::string& file_name, Write write);

    /// While a place is being chosen, keys and the screen are the chooser's.
    bool choosing() const { return choosing_; }
    bool settled() const { return !writing_.waiting() && (!choosing_ || chooser_.settled()); }
    bool key(const KeyPress& press);
    bool tick();
    void draw(Ui& ui, Rect rect) { chooser_.draw(ui, rect); }

private:
    Desk& desk_;
    FileChooser chooser_;
    Write write_;
    bool choosing_ = false;
    Reading<std::string> writing_;  ///< the name of what was written
};

}  // namespace paprsek::ui
