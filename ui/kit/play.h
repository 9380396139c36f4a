// A window worked by a file of steps, which takes pictures of what it shows and tells what was wrong with it (tools/tour).
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/input.h"
#include "ui/kit/inspection.h"

namespace paprsek::ui {

// One step a line, a word and what it takes; empty lines and those that begin with # are passed over.
//   screen ID          as --screen names it
//   key F12 Tab Esc    keys one after the other, Ctrl+ and Shift+ before them
//   type TEXT          as if typed
//   scan CODE          as if scanned
//   touch TEXT         what stands on the screen with this text, English, and in the language it is shown in; ~TEXT: as it is
//   click X Y          in logical units
//   drop FILE
//   themes light dark  which pictures are taken from now on …
//   sizes 1024x768 3840x2160@2   … and in which windows; @: the zoom
//   picture NAME       one of each; NAME.THEME.SIZE.png
//   look NAME          judges the same, and saves no picture
struct Step {
    enum class Does { screen, key, type, scan, touch, click, drop, themes, sizes, picture, look };
    Does does;
    std::string text;
};
struct PlaySize {
    int width, height;
    float zoom = 1;
    std::string name;
};

// Throws std::runtime_error naming file and line.
std::vector<Step> parse_play(std::string_view text, const std::string& name);
std::optional<KeyPress> key_from(std::string_view name);
std::vector<KeyPress> keys_of(std::string_view text);

// What a play works on: the window.
class Stage {
public:
    virtual ~Stage() = default;
    virtual bool show(const std::string& screen) = 0;
    virtual void press(const KeyPress& press) = 0;
    virtual void scan(const std::string& text) = 0;
    virtual void click(Point logical) = 0;
    virtual void drop(const std::filesystem::path& file) = 0;
    virtual void set_look(ThemeName theme, const PlaySize& size) = 0;
    virtual void save(const std::filesystem::path& picture) = 0;
    virtual const Inspection& inspection() const = 0;
};

class Play {
public:
    // Throws std::runtime_error where the file cannot be read, or the folder for the pictures not made.
    Play(const std::filesystem::path& file, std::filesystem::path pictures);
    // The next step, once the window shows what the last one did; false: it was the last. Throws std::runtime_error where it cannot be done.
    bool next(Stage& stage);
    // Something of it is saved as a picture; else nobody has to paint.
    bool paints() const;

private:
    void act(Stage& stage, const Step& step);
    void touch(Stage& stage, const std::string& text);
    void take(Stage& stage);
    std::string picture_name() const;

    std::filesystem::path pictures_;
    std::vector<Step> steps_;
    std::size_t at_ = 0;
    std::vector<ThemeName> themes_{ThemeName::light};
    std::vector<PlaySize> sizes_;
    std::size_t look_ = 0;    // of the picture that is being taken: theme and size
    bool dressed_ = false;    // the window has been asked for it
};

}  // namespace paprsek::ui
