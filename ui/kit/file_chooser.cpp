#include "ui/kit/file_chooser.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "ui/kit/locale.h"
#include "ui/kit/widgets.h"

namespace paprsek::ui {
namespace fs = std::filesystem;
namespace {

std::string size_text(std::uintmax_t bytes) {
    const NumberStyle style;
    if (bytes < 1024) return fill_in(tr("{} B"), {std::to_string(bytes)});
    const auto tenths = static_cast<std::int64_t>(bytes / 102);  // of 1024 bytes, near enough to read
    if (tenths < 10000) return fill_in(tr("{} kB"), {format_scaled(tenths, 1, style)});
    return fill_in(tr("{} MB"), {format_scaled(tenths / 1024, 1, style)});
}

std::string time_text(std::int64_t unix_seconds) {
    const std::time_t time = unix_seconds;
    std::tm parts{};
    localtime_r(&time, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%d. %m. %Y  %H:%M", &parts);
    return text;
}

std::int64_t unix_seconds(fs::file_time_type time) {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::file_clock::to_sys(time).time_since_epoch()).count();
}

/// Whether a file system of its own begins here.
bool is_mounted(const fs::path& folder) {
    struct stat here {};
    struct stat above {};
    return stat(folder.c_str(), &here) == 0 && S_ISDIR(here.st_mode) && stat(folder.parent_path().c_str(), &above) == 0 &&
           here.st_dev != above.st_dev;
}

}  // namespace

std::vector<FileChooser::Place> FileChooser::find_places() {
    std::vector<Place> places;
    std::error_code error;
    // Desktops mount sticks here or below a folder named after the user.
    for (const char* root : {"/media", "/run/media"}) {
        for (const auto& entry : fs::directory_iterator(root, error)) {
            if (is_mounted(entry.path())) places.push_back({entry.path(), entry.path().filename().string(), Icon::usb});
            for (const auto& below : fs::directory_iterator(entry.path(), error)) {
                if (is_mounted(below.path())) places.push_back({below.path(), below.path().filename().string(), Icon::usb});
            }
        }
    }
    if (const char* home = std::getenv("HOME"); home != nullptr) {
        places.push_back({home, tr("Home"), Icon::home});
        for (const char* name : {"Desktop", "Downloads", "Documents"}) {
            if (fs::is_directory(fs::path(home) / name, error)) places.push_back({fs::path(home) / name, tr(name), Icon::folder});
        }
    }
    places.push_back({"/", tr("Computer"), Icon::hdd});
    return places;
}

FileChooser::Listing FileChooser::read(const fs::path& folder, const std::string& extension) {
    Listing listing{folder, {}, {}};
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) {
        listing.error = error.message();
        return listing;
    }
    constexpr std::size_t entries_max = 10000;
    for (const auto& entry : entries) {
        Entry seen{entry.path().filename().string(), entry.is_directory(error), 0, 0};
        if (seen.name.starts_with('.')) continue;
        if (!seen.folder && !extension.empty() && entry.path().extension() != extension) continue;
        if (!seen.folder) seen.bytes = entry.file_size(error);
        if (error) seen.bytes = 0;
        const auto time = entry.last_write_time(error);
        if (!error) seen.modified = unix_seconds(time);
        listing.entries.push_back(std::move(seen));
        if (listing.entries.size() >= entries_max) break;
    }
    // Folders by name; files with the newest first: it is the one just carried here.
    std::sort(listing.entries.begin(), listing.entries.end(), [](const Entry& a, const Entry& b) {
        if (a.folder != b.folder) return a.folder;
        if (!a.folder && a.modified != b.modified) return a.modified > b.modified;
        return a.name < b.name;
    });
    return listing;
}

void FileChooser::begin(Request request) {
    request_ = std::move(request);
    places_ = find_places();
    chosen_.reset();
    replace_asked_ = false;
    name_.set(request_.file_name);
    open_folder(request_.folder.empty() ? places_.front().folder : request_.folder);
}

void FileChooser::open_folder(const fs::path& folder) {
    if (reading_.running()) {
        wanted_ = folder;
        return;
    }
    wanted_.reset();
    reading_.start([folder, extension = request_.extension](Progress&) { return read(folder, extension); });
}

void FileChooser::go_up() {
    if (listing_.folder.has_parent_path()) open_folder(listing_.folder.parent_path());
}

bool FileChooser::tick() {
    auto read_now = reading_.take();
    if (!read_now) return false;
    listing_ = std::move(*read_now);
    list_ = {};
    if (!listing_.entries.empty()) list_.selected = 0;
    replace_asked_ = false;
    if (wanted_) open_folder(*wanted_);
    return true;
}

void FileChooser::activate(int row) {
    if (row < 0 || row >= static_cast<int>(listing_.entries.size())) return;
    const Entry& entry = listing_.entries[static_cast<std::size_t>(row)];
    if (entry.folder) {
        open_folder(listing_.folder / entry.name);
    } else if (request_.mode == Mode::save) {
        name_.set(entry.name);
    } else {
        chosen_ = listing_.folder / entry.name;
    }
}

void FileChooser::confirm() {
    if (request_.mode == Mode::open) {
        activate(list_.selected);
        return;
    }
    if (name_.empty()) return;
    fs::path file = listing_.folder / name_.text();
    if (!request_.extension.empty() && file.extension() != request_.extension) file += request_.extension;
    std::error_code error;
    if (fs::exists(file, error) && !replace_asked_) {
        replace_asked_ = true;  // a second Enter replaces
        return;
    }
    chosen_ = file;
}

bool FileChooser::handle(const KeyPress& press) {
    if (press.enter()) {
        const auto row = static_cast<std::size_t>(std::max(0, list_.selected));
        const bool on_folder = list_.selected >= 0 && row < listing_.entries.size() && listing_.entries[row].folder;
        if (request_.mode == Mode::open && on_folder) activate(list_.selected);
        else confirm();
        return true;
    }
    if (press.is(GLFW_KEY_RIGHT) && request_.mode == Mode::save) {
        activate(list_.selected);
        return true;
    }
    const bool edits_name = request_.mode == Mode::save && !press.is(GLFW_KEY_LEFT) && !press.is(GLFW_KEY_UP) && !press.is(GLFW_KEY_DOWN);
    if (press.is(GLFW_KEY_LEFT) || (press.key == GLFW_KEY_BACKSPACE && request_.mode == Mode::open)) {
        go_up();
        return true;
    }
    if (list_.handle(press, static_cast<int>(listing_.entries.size()))) return true;
    if (!edits_name || !name_.handle(press)) return false;
    replace_asked_ = false;
    return true;
}

std::optional<fs::path> FileChooser::take() { return std::exchange(chosen_, std::nullopt); }

void FileChooser::draw_places(Ui& ui, Rect rect) {
    for (const Place& place : places_) {
        const Rect row = rect.cut_top(40, 2);
        const bool here = listing_.folder == place.folder;
        const Button look{
            .label = place.name, .icon = place.icon, .look = ButtonLook::quiet, .selected = here, .type = Type::body, .align = Align::left};
        if (button(ui, row, look)) open_folder(place.folder);
    }
}

void FileChooser::draw_entries(Ui& ui, Rect rect) {
    if (!listing_.error.empty()) {
        empty_state(ui, rect, Icon::warning, tr("This folder cannot be read"), listing_.error);
        return;
    }
    if (listing_.entries.empty()) {
        const bool saving = request_.mode == Mode::save;
        empty_state(ui, rect, Icon::folder, saving ? tr("No such file here yet") : tr("Nothing here"),
                    saving ? tr("What is saved here will be the first.") : tr("Choose another folder, or drop a file into this window."));
        return;
    }
    const Column columns[] = {{tr("Name"), 0, 1}, {tr("Size"), 80, 0, Align::right}, {tr("Changed"), 150, 0, Align::right}};
    const auto events = table(ui, rect, list_, columns, static_cast<int>(listing_.entries.size()), {.row_height = 38}, [&](int i, auto cells) {
        const Entry& entry = listing_.entries[static_cast<std::size_t>(i)];
        Rect name = cells[0];
        ui.canvas.icon(name.cut_left(20, space::s), entry.folder ? Icon::folder : Icon::file, IconSize::small,
                       entry.folder ? ui.theme.brand : ui.theme.ink_soft);
        ui.canvas.text(name, entry.name, Type::body, ui.theme.ink);
        if (!entry.folder) ui.canvas.number(cells[1], size_text(entry.bytes), Type::caption, ui.theme.ink_soft);
        ui.canvas.number(cells[2], request_.when ? request_.when(entry.modified) : time_text(entry.modified), Type::caption, ui.theme.ink_soft);
    });
    if (events.activated >= 0) activate(events.activated);
    else if (events.clicked >= 0 && request_.mode == Mode::save) activate(events.clicked);
}

void FileChooser::draw_foot(Ui& ui, Rect rect) {
    const bool saving = request_.mode == Mode::save;
    const Rect action = rect.cut_right(190, space::m);
    const bool possible = saving ? !name_.empty() && listing_.error.empty() : list_.selected >= 0;
    const char* label = !saving ? tr("Open") : replace_asked_ ? tr("Replace it") : tr("Save here");
    if (button(
            ui, action,
            {.label = label, .key = "Enter", .tone = replace_asked_ ? Tone::danger : Tone::accent, .look = ButtonLook::solid, .enabled = possible}))
        confirm();
    if (saving) text_field(ui, rect, name_, {.placeholder = tr("File name"), .icon = Icon::file, .focused = true});
    else ui.canvas.text(rect, tr("Enter opens, Backspace goes up, or drop a file into this window"), Type::caption, ui.theme.ink_soft);
}

void FileChooser::draw(Ui& ui, Rect rect) {
    const Rect foot = rect.cut_bottom(48, space::m);
    Rect path = rect.cut_top(40, space::s);
    if (button(ui, path.cut_left(48, space::s), {.icon = Icon::level_up, .enabled = listing_.folder.has_relative_path()})) go_up();
    ui.canvas.fill(path, ui.theme.sunken, radius::control);
    ui.canvas.text(path.inset(space::m, 0), listing_.folder.string(), Type::body, ui.theme.ink_soft);
    draw_places(ui, rect.cut_left(std::min(170.0F, rect.w * 0.3F), space::m));
    draw_entries(ui, rect);
    if (reading_.running()) progress_bar(ui, {rect.x, rect.y, rect.w, 4}, std::nullopt);
    draw_foot(ui, foot);
}

}  // namespace paprsek::ui
