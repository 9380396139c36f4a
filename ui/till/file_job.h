// "Save as …" and "Open …" of a screen: the file is chosen over the screen, the work runs beside the window, its outcome is a sentence.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "ui/kit/file_chooser.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

class FileJob {
public:
    /// On the worker's thread, with a node of its own; returns what to say. Throws node::Error, which is said, too.
    using Work = std::function<std::string(node::Node&, const std::filesystem::path&, Progress&)>;

    explicit FileJob(Desk& desk) : desk_(desk) {}
    /// `title` heads the chooser.
    void begin(std::string title, FileChooser::Request request, Work work);
    /// Without asking for a file.
    void start(const std::filesystem::path& file, Work work);

    bool choosing() const { return choosing_; }
    bool running() const { return task_.running(); }
    /// True where the key was used: while a file is being chosen, all of them.
    bool key(const KeyPress& press);
    /// True asks for a frame.
    bool tick();
    bool settled() const { return !choosing_ || chooser_.settled(); }
    /// While choosing: draws over the whole area. False where there is nothing to draw.
    bool draw(Ui& ui, Rect area);
    /// A strip with progress and a way to stop it; nothing while nothing runs.
    void draw_progress(Ui& ui, Rect rect);
    /// The work ended well, since last asked.
    bool take_done() { return std::exchange(done_, false); }

private:
    Desk& desk_;
    FileChooser chooser_;
    bool choosing_ = false, done_ = false;
    std::string title_;
    Work work_;
    Task<std::string> task_;
};

}  // namespace paprsek::ui
