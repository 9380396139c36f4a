#include <CLI/CLI.hpp>
#include <charconv>

#include "ui/kit/shell.h"

namespace paprsek::ui {
namespace {

void parse_size(const std::string& text, ShellOptions& options) {
    const std::size_t cross = text.find('x');
    int width = 0;
    int height = 0;
    if (cross != std::string::npos) {
        std::from_chars(text.data(), text.data() + cross, width);
        std::from_chars(text.data() + cross + 1, text.data() + text.size(), height);
    }
    constexpr int size_min = 320;
    constexpr int size_max = 16384;
    if (width < size_min || height < size_min || width > size_max || height > size_max)
        throw CLI::ValidationError("--size", "'" + text + "' is not a size such as 1366x768");
    options.width = width;
    options.height = height;
}

}  // namespace

void add_shell_options(CLI::App& command_line, ShellOptions& options) {
    command_line.add_option_function<std::string>(
            "--screenshot", [&options](const std::string& file) { options.screenshot = file; }, "Draw, save the picture as PNG, and exit");
    command_line.add_option_function<std::string>(
            "--play", [&options](const std::string& file) { options.play = file; }, "Do the steps of this file, take its pictures, and exit");
    command_line.add_option("--pictures", options.pictures, "Folder for the pictures of --play");
    command_line.add_option_function<std::string>(
            "--drawn", [&options](const std::string& file) { options.drawn = file; }, "Keep in this file what text stands where in the window");
    command_line.add_option_function<std::string>(
            "--size", [&options](const std::string& text) { parse_size(text, options); }, "Size of the window, e.g. 1366x768");
    command_line.add_option_function<std::string>(
            "--theme",
            [&options](const std::string& name) {
                const auto found = theme_from(name);
                if (!found) throw CLI::ValidationError("--theme", "'" + name + "' is not light, dark or contrast");
                options.theme = *found;
            },
            "light, dark or contrast");
    command_line.add_option("--zoom", options.zoom, "Size of everything, 1 = as designed")->check(CLI::Range(0.5, 3.0));
    command_line.add_option_function<std::string>(
            "--frame-times", [&options](const std::string& file) { options.frame_times = file; },
            "Write what each frame took into this CSV file, for whoever looks into a slow till");
    command_line.add_flag("--fullscreen", options.fullscreen, "Take the whole screen");
}

}  // namespace paprsek::ui
