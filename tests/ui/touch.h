// A finger: finds on the screen what says a text, as the program tells it by --drawn, and touches it there.
#pragma once
#include <fstream>
#include <sstream>

#include "tests/ui/shop.h"

namespace paprsek::test {

// The button that brings the touch keys, and the one that takes a letter back (ui/kit/icons.h).
inline constexpr const char* keys_button = "icon:F11C";
inline constexpr const char* backspace_key = "icon:F177";

class Finger {
public:
    Finger(Window& window, std::string drawn) : window_(window), drawn_(std::move(drawn)) {}

    static std::vector<std::string> told(std::vector<std::string> program, const std::string& drawn) {
        program.insert(program.end(), {"--drawn", drawn});
        return program;
    }

    struct Box {
        int x = 0, y = 0, w = 0, h = 0;
        bool clear_of(const Box& other) const { return x + w <= other.x || other.x + other.w <= x || y + h <= other.y || other.y + other.h <= y; }
    };
    // The last one drawn with this text.
    std::optional<Box> find(const std::string& text) const {
        std::ifstream in(drawn_);
        std::optional<Box> found;
        for (std::string line; std::getline(in, line);) {
            const std::size_t tab = line.find('\t');
            if (tab == std::string::npos || line.substr(tab + 1) != text) continue;
            std::istringstream numbers(line.substr(0, tab));
            Box box;
            numbers >> box.x >> box.y >> box.w >> box.h;
            found = box;
        }
        return found;
    }
    bool sees(const std::string& text) const {
        return eventually([&] { return find(text).has_value(); });
    }
    // False where nothing says it. Comes back when the screen has answered: what is touched next may have moved.
    bool touch(const std::string& text) {
        if (!sees(text)) return false;
        const Box box = *find(text);
        const std::string before = all();
        window_.click(box.x + box.w / 2, box.y + box.h / 2);
        for (int i = 0; i < 40 && all() == before; ++i) pause_ms(50);
        return true;
    }
    // Each character is a key of its own on the screen.
    bool touch_each(const std::vector<std::string>& texts) {
        bool all = true;
        for (const std::string& text : texts) all = touch(text) && all;
        return all;
    }

private:
    std::string all() const {
        std::ifstream in(drawn_);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    Window& window_;
    std::string drawn_;
};

}  // namespace paprsek::test
