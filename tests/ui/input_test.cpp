// The input queue without a display: what the callbacks feed, what the screens get.
#include "ui/kit/input.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ui/kit/utf8.h"

namespace {

using namespace paprsek::ui;

// What the Czech layout gives on the digit keys.
char32_t czech(char digit) {
    static constexpr char32_t row[] = {U'é', U'+', U'ě', U'š', U'č', U'ř', U'ž', U'ý', U'á', U'í'};
    return row[digit - '0'];
}

struct Keyboard {
    InputQueue queue;
    double now = 10;
    bool czech_layout = false;

    // One key at `now`, delivered while the program waits.
    void press(int key, char32_t character = 0, int mods = 0) {
        queue.reading(now - 0.003);
        queue.key(key, mods, false, now);
        if (character != 0) queue.character(character, now);
        queue.polled(now);
    }
    void digit(char c) { press(c, czech_layout ? czech(c) : static_cast<char32_t>(c)); }
    void type(const std::string& digits, double gap) {
        for (const char c : digits) {
            digit(c);
            now += gap;
        }
    }
    void scan(const std::string& digits, double gap = 0.005) {
        type(digits, gap);
        press(GLFW_KEY_ENTER);
        now += gap;
    }
    // Lets the time pass that ends a burst.
    void rest() {
        now += 0.1;
        queue.reading(now);
        queue.polled(now);
    }
    std::vector<std::string> all() {
        std::vector<std::string> events;
        while (auto event = queue.next()) {
            if (const Scan* scan = std::get_if<Scan>(&*event)) {
                events.push_back("scan " + scan->text);
            } else {
                const KeyPress& key = std::get<KeyPress>(*event);
                std::string name = key.enter() ? "Enter" : "";
                if (key.character != 0) utf8_append(name, key.character);
                events.push_back(name.empty() ? "key " + std::to_string(key.key) : name);
            }
        }
        return events;
    }
};

}  // namespace

TEST_CASE("twenty scans at 5 ms a key are twenty scans, in order") {
    for (const bool czech_layout : {false, true}) {
        Keyboard keyboard;
        keyboard.czech_layout = czech_layout;
        std::vector<std::string> expected;
        for (int i = 0; i < 20; ++i) {
            const std::string code = std::to_string(8594001021200 + i);
            keyboard.scan(code);
            expected.push_back("scan " + code);
        }
        CHECK(keyboard.all() == expected);
    }
}

TEST_CASE("scans that wait while a slow frame is drawn stay whole and apart") {
    Keyboard keyboard;
    keyboard.queue.polled(keyboard.now);
    keyboard.now += 0.4;  // the frame
    keyboard.queue.reading(keyboard.now);
    for (const char* code : {"8594001021239", "8594001021246"}) {
        for (const char* c = code; *c != 0; ++c) {
            keyboard.queue.key(*c, 0, false, keyboard.now);
            keyboard.queue.character(static_cast<char32_t>(*c), keyboard.now);
        }
        keyboard.queue.key(GLFW_KEY_ENTER, 0, false, keyboard.now);
    }
    keyboard.queue.polled(keyboard.now);
    CHECK(keyboard.all() == std::vector<std::string>{"scan 8594001021239", "scan 8594001021246"});
}

TEST_CASE("a scan cut in two by a slow frame is one scan") {
    Keyboard keyboard;
    keyboard.type("8594001", 0.005);
    CHECK(keyboard.all().empty());
    keyboard.now += 0.2;  // a frame begins after the last key; the rest arrives while it is drawn
    keyboard.queue.reading(keyboard.now);
    for (const char* c = "021239"; *c != 0; ++c) {
        keyboard.queue.key(*c, 0, false, keyboard.now);
        keyboard.queue.character(static_cast<char32_t>(*c), keyboard.now);
    }
    keyboard.queue.key(GLFW_KEY_ENTER, 0, false, keyboard.now);
    keyboard.queue.polled(keyboard.now);
    CHECK(keyboard.all() == std::vector<std::string>{"scan 8594001021239"});
}

TEST_CASE("Enter pressed within one frame is kept") {
    Keyboard keyboard;
    keyboard.type("12", 0.15);
    keyboard.press(GLFW_KEY_ENTER);
    CHECK(keyboard.all() == std::vector<std::string>{"1", "2", "Enter"});
}

TEST_CASE("typing is not a scan") {
    Keyboard keyboard;
    SUBCASE("by its pace") {
        keyboard.type("8594001021239", 0.08);
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all().size() == 14);
    }
    SUBCASE("by its length: a hasty amount stays in its field") {
        keyboard.type("500", 0.01);
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all() == std::vector<std::string>{"5", "0", "0", "Enter"});
    }
    SUBCASE("by its letters: a hasty search") {
        for (const char c : std::string("rohlik")) keyboard.press(c - 'a' + 'A', static_cast<char32_t>(c)), keyboard.now += 0.01;
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all().size() == 7);
    }
    SUBCASE("a key held down") {
        for (int i = 0; i < 10; ++i) {
            keyboard.queue.reading(keyboard.now - 0.003);
            keyboard.queue.key(GLFW_KEY_9, 0, true, keyboard.now);
            keyboard.queue.character('9', keyboard.now);
            keyboard.queue.polled(keyboard.now);
            keyboard.now += 0.03;
        }
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all().size() == 11);
    }
}

TEST_CASE("a lone key is given out when nothing follows, and says when") {
    Keyboard keyboard;
    keyboard.digit('7');
    CHECK(keyboard.all().empty());
    REQUIRE(keyboard.queue.due().has_value());
    CHECK(*keyboard.queue.due() - keyboard.now < 0.05);
    keyboard.rest();
    CHECK(keyboard.all() == std::vector<std::string>{"7"});
    CHECK_FALSE(keyboard.queue.due().has_value());
}

TEST_CASE("a function key is given out at once, behind what was held") {
    Keyboard keyboard;
    keyboard.digit('3');
    keyboard.press(GLFW_KEY_F12);
    CHECK(keyboard.all() == std::vector<std::string>{"3", "key " + std::to_string(GLFW_KEY_F12)});
}

TEST_CASE("typing before a scan is typing") {
    Keyboard keyboard;
    keyboard.digit('3');
    keyboard.now += 0.1;
    keyboard.press(GLFW_KEY_KP_MULTIPLY, '*');
    keyboard.now += 0.1;
    keyboard.scan("8594001021239");
    CHECK(keyboard.all() == std::vector<std::string>{"3", "*", "scan 8594001021239"});
}

TEST_CASE("a star that a slow frame glues to a scan was typed") {
    Keyboard keyboard;
    keyboard.digit('3');
    keyboard.now += 0.005;
    keyboard.press(GLFW_KEY_8, '*', GLFW_MOD_SHIFT);
    keyboard.now += 0.005;
    keyboard.scan("8594001021239");
    CHECK(keyboard.all() == std::vector<std::string>{"3", "*", "scan 8594001021239"});
}

TEST_CASE("the card prefix is known by position and by character") {
    Keyboard keyboard;
    SUBCASE("Czech: the key under Esc gives a semicolon") { keyboard.press(GLFW_KEY_GRAVE_ACCENT, ';'); }
    SUBCASE("US: the key under Esc gives a grave accent") { keyboard.press(GLFW_KEY_GRAVE_ACCENT, '`'); }
    SUBCASE("US: the semicolon's own key") { keyboard.press(GLFW_KEY_SEMICOLON, ';'); }
    keyboard.rest();
    const auto event = keyboard.queue.next();
    REQUIRE(event.has_value());
    CHECK(std::get<KeyPress>(*event).card_prefix());
}

TEST_CASE("on the Czech layout the semicolon's US position is a letter") {
    Keyboard keyboard;
    keyboard.press(GLFW_KEY_SEMICOLON, U'ů');
    keyboard.rest();
    CHECK_FALSE(std::get<KeyPress>(*keyboard.queue.next()).card_prefix());
}

TEST_CASE("a prefix sent with the scan stays its first character") {
    Keyboard keyboard;
    keyboard.press(GLFW_KEY_GRAVE_ACCENT, '`');
    keyboard.now += 0.005;
    keyboard.scan("2900000000018");
    CHECK(keyboard.all() == std::vector<std::string>{"scan ;2900000000018"});
}

TEST_CASE("letters and signs of a code are read by position where the digits are") {
    Keyboard keyboard;
    keyboard.czech_layout = true;
    keyboard.press(GLFW_KEY_Y, U'z', GLFW_MOD_SHIFT);  // the Czech layout swaps Y and Z
    keyboard.now += 0.005;
    keyboard.press(GLFW_KEY_MINUS, U'=');
    keyboard.now += 0.005;
    keyboard.scan("123456");
    CHECK(keyboard.all() == std::vector<std::string>{"scan Y-123456"});
}

TEST_CASE("a character whose key event was swallowed is still a key") {
    Keyboard keyboard;
    keyboard.digit('1');
    keyboard.queue.character('1', keyboard.now);
    keyboard.rest();
    CHECK(keyboard.all() == std::vector<std::string>{"1", "1"});
}
