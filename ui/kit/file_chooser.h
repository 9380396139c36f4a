// Chooses a file to open or a place to save, by keyboard, mouse or finger. Sticks come first in the list of places,
// because files travel on them. Folders are read on a worker: a network drive that hangs does not stop the till.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/kit/list.h"
#include "ui/kit/task.h"
#include "ui/kit/text_field.h"
#include "ui/kit/ui.h"

namespace paprsek::ui {

class FileChooser {
public:
    enum class Mode { open, save };

    struct Request {
        Mode mode = Mode::open;
        std::string extension;  // shown alone, e.g. ".paprsek"; empty = all files
        std::string file_name;  // proposed, for saving
        std::filesystem::path folder;  // begins here; empty = the first stick, else the home folder
        std::function<std::string(std::int64_t)> when = {};  // writes a time, of Unix seconds; empty = by the computer's own zone
    };

    void begin(Request request);
    // True where the key was used.
    bool handle(const KeyPress& press);
    // Takes over what the worker read. True asks for a frame.
    bool tick();
    void draw(Ui& ui, Rect rect);

    // What was chosen, once.
    std::optional<std::filesystem::path> take();
    const Request& request() const { return request_; }
    bool settled() const { return !reading_.running(); }

private:
    struct Entry {
        std::string name;
        bool folder = false;
        std::uintmax_t bytes = 0;
        std::int64_t modified = 0;  // Unix seconds
    };
    struct Listing {
        std::filesystem::path folder;
        std::vector<Entry> entries;
        std::string error;
    };
    struct Place {
        std::filesystem::path folder;
        std::string name;
        Icon icon;
    };

    static Listing read(const std::filesystem::path& folder, const std::string& extension);
    static std::vector<Place> find_places();
    void open_folder(const std::filesystem::path& folder);
    void go_up();
    void activate(int row);
    void confirm();
    void draw_places(Ui& ui, Rect rect);
    void draw_entries(Ui& ui, Rect rect);
    void draw_foot(Ui& ui, Rect rect);

    Request request_;
    std::vector<Place> places_;
    Listing listing_;
    ListState list_;
    TextField name_;
    Task<Listing> reading_;
    std::optional<std::filesystem::path> wanted_;
    std::optional<std::filesystem::path> chosen_;
    bool replace_asked_ = false;
};

}  // namespace paprsek::ui
