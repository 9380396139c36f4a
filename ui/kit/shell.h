// The window: GLFW, an OpenGL 3 context, Dear ImGui to draw with, and an event-driven loop that costs nothing when idle.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ui/kit/frame_times.h"
#include "ui/kit/input.h"
#include "ui/kit/ui.h"

namespace CLI {
class App;
}

namespace paprsek::ui {

struct ShellOptions {
    std::string title = "Paprsek";
    int width = 1366;
    int height = 820;
    bool fullscreen = false;
    ThemeName theme = ThemeName::light;
    float zoom = 1;
    // The layout is made for logical sizes between these: smaller windows are scaled down to fit, larger ones up.
    Point logical_min{1024, 700};
    Point logical_max{1680, 1050};
    // With it, some frames are drawn, the picture is saved as PNG, and run() returns.
    std::optional<std::filesystem::path> screenshot;
    // With it, what each frame took is written there (ui/kit/frame_times.h).
    std::optional<std::filesystem::path> frame_times;
    // With it the steps of this file are done one after the other (play.h), the pictures it asks for go into `pictures`, and run() returns.
    std::optional<std::filesystem::path> play;
    std::filesystem::path pictures = ".";
    // After each frame that shows something else: which text stands where, a line each, "x y width height<tab>text" in pixels.
    std::optional<std::filesystem::path> drawn;
};

// Adds --screenshot FILE, --size WxH, --theme light|dark|contrast, --zoom N, --fullscreen, --frame-times FILE,
// --play FILE, --pictures FOLDER and --drawn FILE.
void add_shell_options(CLI::App& command_line, ShellOptions& options);

// A program in the window. All calls come on the window's thread and must return within a frame.
class App {
public:
    virtual ~App() = default;
    virtual void key(const KeyPress& press) = 0;
    virtual void scan(const std::string& text) = 0;
    // Keys that the queue gave out together and what it took them for, before the first of them comes as a key or a scan.
    virtual void burst(const Burst& burst) = 0;
    virtual void drop(const std::vector<std::filesystem::path>& files) = 0;
    // Called on every wake-up, at least every two seconds: takes results of workers, looks for news. True asks for a frame.
    virtual bool tick(double now) = 0;
    virtual void draw(Ui& ui, Rect area) = 0;
    // Opens the screen of that name; false where there is none.
    virtual bool show(const std::string&) { return false; }
    // False while a screenshot should wait for work that is under way.
    virtual bool settled() const { return true; }
    // For the frame times: what is open, and what the window's own connection was asked so far.
    virtual std::string where() const { return {}; }
    virtual Asked asked() const { return {}; }
};

// Opens the window and runs until it is closed. Throws std::runtime_error where there is no display or no font.
// Ctrl and +, - or 0 change the zoom; the theme follows `options.theme`, which the program may change while running.
void run(ShellOptions& options, App& app);

}  // namespace paprsek::ui
