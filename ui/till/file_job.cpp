#include "ui/till/file_job.h"

#include "ui/faults.h"

namespace paprsek::ui {

void FileJob::begin(std::string title, FileChooser::Request request, Work work) {
    if (running()) return;
    title_ = std::move(title);
    work_ = std::move(work);
    request.when = desk_.file_times();
    chooser_.begin(std::move(request));
    choosing_ = true;
}

void FileJob::start(const std::filesystem::path& file, Work work) {
    if (running()) return;
    done_ = false;
    task_.start([folder = desk_.node.folder(), file, work = std::move(work)](Progress& progress) {
        const auto branch = node::Node::open(folder, node::system_clock(), node::system_random());
        return work(*branch, file, progress);
    });
}

bool FileJob::key(const KeyPress& press) {
    if (running() && press.is(GLFW_KEY_ESCAPE)) {
        task_.progress()->cancel();
        return true;
    }
    if (!choosing_) return false;
    if (press.is(GLFW_KEY_ESCAPE))
        choosing_ = false;
    else
        chooser_.handle(press);
    return true;
}

bool FileJob::tick() {
    bool changed = choosing_ && chooser_.tick();
    if (choosing_) {
        if (const auto file = chooser_.take()) {
            choosing_ = false;
            start(*file, std::move(work_));
            changed = true;
        }
    }
    try {
        if (const auto said = task_.take()) {
            done_ = true;
            changed = true;
            if (!said->empty()) desk_.toasts.show(Tone::go, Icon::check, *said);
        }
    } catch (const node::Error& error) {
        changed = true;
        desk_.toasts.show(Tone::danger, Icon::warning, error_text(error));
    }
    return changed;
}

bool FileJob::draw(Ui& ui, Rect area) {
    if (!choosing_) return false;
    bool closed = false;
    const bool saving = chooser_.request().mode == FileChooser::Mode::save;
    const Rect inside =
        sheet(ui, area, {saving ? Icon::upload : Icon::folder, title_, saving ? tr("Choose where, and a name") : tr("Choose the file"), "Esc"}, closed);
    chooser_.draw(ui, inside);
    if (closed) choosing_ = false;
    return true;
}

void FileJob::draw_progress(Ui& ui, Rect rect) {
    if (!running()) return;
    if (button(ui, rect.cut_right(110, space::s), {.label = tr("Stop"), .key = "Esc"})) task_.progress()->cancel();
    progress_bar(ui, rect.middle(rect.w, 8), task_.progress()->share());
}

}  // namespace paprsek::ui
