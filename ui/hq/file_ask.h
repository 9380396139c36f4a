// Choosing a file over a page.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "ui/kit/file_chooser.h"
#include "ui/kit/widgets.h"

namespace paprsek::ui {

class FileAsk {
public:
    void begin(std::string title, std::string sentence, FileChooser::Request request) {
        title_ = std::move(title);
        sentence_ = std::move(sentence);
        chooser_.begin(std::move(request));
        open_ = true;
    }
    bool open() const { return open_; }
    bool settled() const { return !open_ || chooser_.settled(); }
    /// While it is open every key is its own.
    bool key(const KeyPress& press) {
        if (!open_) return false;
        if (press.is(GLFW_KEY_ESCAPE)) open_ = false;
        else chooser_.handle(press);
        return true;
    }
    bool tick() { return open_ && chooser_.tick(); }
    /// The file, once.
    std::optional<std::filesystem::path> take() {
        auto file = open_ ? chooser_.take() : std::nullopt;
        if (file) open_ = false;
        return file;
    }
    void close() { open_ = false; }
    /// False where nothing is asked.
    bool draw(Ui& ui, Rect area) {
        if (!open_) return false;
        bool closed = false;
        const bool saving = chooser_.request().mode == FileChooser::Mode::save;
        const Rect inside = sheet(ui, area, {saving ? Icon::upload : Icon::folder, title_, sentence_, "Esc"}, closed);
        chooser_.draw(ui, inside);
        if (closed) open_ = false;
        return true;
    }

private:
    FileChooser chooser_;
    std::string title_, sentence_;
    bool open_ = false;
};

}  // namespace paprsek::ui
