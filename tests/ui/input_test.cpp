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

TEST_CASE("a code in which the machine stalled is one scan, wherever that was") {
    const std::string code = "8594001021239";
    for (const bool czech_layout : {false, true}) {
        for (std::size_t at = 3; at <= code.size(); ++at) {
            CAPTURE(at);
            Keyboard keyboard;
            keyboard.czech_layout = czech_layout;
            keyboard.type(code.substr(0, at), 0.005);
            keyboard.now += 0.12;
            CHECK(keyboard.all().empty());
            keyboard.scan(code.substr(at));
            keyboard.scan("8594001021246");
            CHECK(keyboard.all() == std::vector<std::string>{"scan " + code, "scan 8594001021246"});
        }
    }
}

TEST_CASE("a code with two stalls in it is one scan, and says so") {
    Keyboard keyboard;
    keyboard.type("8594", 0.005);
    keyboard.now += 0.2;
    keyboard.type("00102", 0.008);
    keyboard.now += 0.05;
    keyboard.scan("1239");
    CHECK(keyboard.all() == std::vector<std::string>{"scan 8594001021239"});
    const auto burst = keyboard.queue.take_burst();
    REQUIRE(burst.has_value());
    CHECK(burst->verdict == Burst::Verdict::scan);
    CHECK(burst->fragments == 3);
    CHECK(burst->keys.size() == 14);
    CHECK(burst->text == "8594001021239");
    CHECK_FALSE(keyboard.queue.take_burst().has_value());
}

TEST_CASE("where a slow frame blurs the pace before a stall, the check digit tells that it is one code") {
    Keyboard keyboard;
    keyboard.queue.polled(keyboard.now);
    keyboard.now += 0.4;  // the window's first frames
    keyboard.queue.reading(keyboard.now);
    const auto at_once = [&](const std::string& digits) {
        for (const char c : digits) {
            keyboard.queue.key(c, 0, false, keyboard.now);
            keyboard.queue.character(static_cast<char32_t>(c), keyboard.now);
        }
        keyboard.queue.polled(keyboard.now);
    };
    SUBCASE("together they are a whole code") {
        at_once("200940");
        keyboard.now += 0.1;
        keyboard.scan("7121965");
        CHECK(keyboard.all() == std::vector<std::string>{"scan 2009407121965"});
    }
    SUBCASE("a number that was typed, and a scan of no check digit") {
        at_once("200940");
        keyboard.now += 0.1;
        keyboard.scan("7121966");
        CHECK(keyboard.all() == std::vector<std::string>{"2", "0", "0", "9", "4", "0", "scan 7121966"});
    }
    SUBCASE("a number that was typed, and goes on being typed") {
        at_once("200940");
        keyboard.now += 0.1;
        keyboard.type("7121965", 0.08);
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all().size() == 14);
    }
}

TEST_CASE("what a hand types around a scan is not joined with it") {
    Keyboard keyboard;
    SUBCASE("two keys rolled over each other, then a scan") {
        keyboard.type("12", 0.012);
        keyboard.now += 0.1;
        keyboard.scan("8594001021239");
        CHECK(keyboard.all() == std::vector<std::string>{"1", "2", "scan 8594001021239"});
    }
    SUBCASE("three keys at once: the code behind them is whole") {
        keyboard.type("123", 0.01);
        keyboard.now += 0.1;
        keyboard.scan("8594001021239");
        CHECK(keyboard.all() == std::vector<std::string>{"1", "2", "3", "scan 8594001021239"});
    }
    SUBCASE("a scanner without Enter, then a hand") {
        keyboard.type("859400", 0.005);
        keyboard.now += 0.1;
        keyboard.type("1021239", 0.09);
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all().size() == 14);
    }
    SUBCASE("a hand, then a scan") {
        keyboard.type("7777", 0.09);
        keyboard.scan("8594001021239");
        CHECK(keyboard.all() == std::vector<std::string>{"7", "7", "7", "7", "scan 8594001021239"});
    }
    SUBCASE("a short amount, and Enter after a while") {
        keyboard.type("1250", 0.01);
        keyboard.now += 0.15;
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all() == std::vector<std::string>{"1", "2", "5", "0", "Enter"});
    }
    SUBCASE("hurried typing of a long number: gaps of 40 ms and more") {
        double gap = 0.04;
        for (const char c : std::string("8594001021239")) {
            keyboard.digit(c);
            keyboard.now += gap;
            gap = gap > 0.06 ? 0.04 : gap + 0.01;
        }
        keyboard.press(GLFW_KEY_ENTER);
        CHECK(keyboard.all().size() == 14);
    }
    SUBCASE("keys that a slow frame brings at once are no machine's pace") {
        keyboard.queue.polled(keyboard.now);
        keyboard.now += 0.4;
        keyboard.queue.reading(keyboard.now);
        for (const char c : std::string("859")) {
            keyboard.queue.key(c, 0, false, keyboard.now);
            keyboard.queue.character(static_cast<char32_t>(c), keyboard.now);
        }
        keyboard.queue.polled(keyboard.now);
        keyboard.now += 0.1;
        keyboard.scan("400102", 0.005);
        CHECK(keyboard.all() == std::vector<std::string>{"8", "5", "9", "scan 400102"});
    }
}

TEST_CASE("a swift fragment is held no longer than a machine may stall, and says when") {
    Keyboard keyboard;
    keyboard.type("8594", 0.005);
    CHECK(keyboard.all().empty());
    REQUIRE(keyboard.queue.due().has_value());
    CHECK(*keyboard.queue.due() - keyboard.now < 0.31);
    keyboard.now += 0.32;
    keyboard.queue.reading(keyboard.now);
    keyboard.queue.polled(keyboard.now);
    CHECK(keyboard.all() == std::vector<std::string>{"8", "5", "9", "4"});
    CHECK_FALSE(keyboard.queue.due().has_value());
}

TEST_CASE("what became of each burst is told") {
    Keyboard keyboard;
    const auto verdict = [&] {
        keyboard.all();
        std::optional<Burst> last;
        while (auto burst = keyboard.queue.take_burst()) last = std::move(burst);
        REQUIRE(last.has_value());
        return last->verdict;
    };
    keyboard.scan("8594001021239");
    CHECK(verdict() == Burst::Verdict::scan);
    keyboard.scan("123");
    CHECK(verdict() == Burst::Verdict::too_short);
    for (const char c : std::string("rohlik")) keyboard.press(c - 'a' + 'A', static_cast<char32_t>(c)), keyboard.now += 0.01;
    keyboard.press(GLFW_KEY_ENTER);
    CHECK(verdict() == Burst::Verdict::few_digits);
    keyboard.type("12", 0.01);
    keyboard.press(GLFW_KEY_F12);
    keyboard.all();
    const auto burst = keyboard.queue.take_burst();
    REQUIRE(burst.has_value());
    CHECK(burst->verdict == Burst::Verdict::other_key);
    CHECK(burst->text == "12");
    CHECK(verdict() == Burst::Verdict::typed);  // F12
    keyboard.type("12", 0.01);
    keyboard.rest();
    CHECK(verdict() == Burst::Verdict::no_enter);
    keyboard.type("3", 0.01);
    keyboard.press(GLFW_KEY_KP_MULTIPLY, '*');
    keyboard.now += 0.01;
    keyboard.scan("123");
    keyboard.queue.next();
    CHECK(keyboard.queue.take_burst()->verdict == Burst::Verdict::starred);
}
