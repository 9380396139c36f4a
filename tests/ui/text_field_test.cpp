// The text field's editing, without a display.
#include "ui/kit/text_field.h"

#include <doctest/doctest.h>

#include <string>

#include "ui/kit/utf8.h"

namespace {

using namespace paprsek::ui;

bool type(TextField& field, const std::string& text) {
    bool all = true;
    for (std::size_t i = 0; i < text.size(); i = utf8_next(text, i)) all = field.handle(pressed(GLFW_KEY_UNKNOWN, utf8_decode(text, i))) && all;
    return all;
}

}  // namespace

TEST_CASE("typing, moving and erasing work by whole characters") {
    TextField field;
    type(field, "kůň");
    CHECK(field.text() == "kůň");
    field.handle(pressed(GLFW_KEY_LEFT));
    field.handle(pressed(GLFW_KEY_BACKSPACE));
    CHECK(field.text() == "kň");
    field.handle(pressed(GLFW_KEY_DELETE));
    CHECK(field.text() == "k");
    field.handle(pressed(GLFW_KEY_HOME));
    type(field, "ș");
    CHECK(field.text() == "șk");
}

TEST_CASE("an amount is drawn with gaps between thousands, which are not in its text") {
    TextField field(TextField::Accepts::amount);
    const auto shown = [&](const std::string& text) {
        field.set(text);
        return field.shown();
    };
    CHECK(shown("") == "");
    CHECK(shown("123") == "123");
    CHECK(shown("1234") == "1\u00A0234");
    CHECK(shown("1234567,8901") == "1\u00A0234\u00A0567,8901");
    CHECK(shown("123456.50") == "123\u00A0456.50");
    CHECK(field.text() == "123456.50");
    // The caret stays between the same digits, and a click finds it there.
    field.set("1234567,89");
    for (std::size_t at = 0; at <= field.text().size(); ++at) {
        CAPTURE(at);
        CHECK(field.from_shown(field.to_shown(at)) == at);
    }
    CHECK(field.to_shown(1) == 1);
    CHECK(field.to_shown(2) == 4);
    CHECK(field.from_shown(3) == 1);
    TextField code(TextField::Accepts::digits);
    code.set("8594001021239");
    CHECK(code.shown() == "8594001021239");
}

TEST_CASE("keys that do not edit are left to the screen") {
    TextField field;
    for (const int key :
         {GLFW_KEY_ENTER, GLFW_KEY_ESCAPE, GLFW_KEY_F1, GLFW_KEY_F12, GLFW_KEY_UP, GLFW_KEY_DOWN, GLFW_KEY_TAB, GLFW_KEY_BACKSPACE, GLFW_KEY_DELETE})
        CHECK_FALSE(field.handle(pressed(key)));
    type(field, "5");
    CHECK_FALSE(field.handle(pressed(GLFW_KEY_DELETE)));  // with the caret at the end Del voids a line
}

TEST_CASE("an amount takes digits by position and one separator") {
    TextField field(TextField::Accepts::amount);
    field.handle(pressed(GLFW_KEY_1, U'+'));
    field.handle(pressed(GLFW_KEY_KP_2));
    CHECK(type(field, ","));
    CHECK_FALSE(type(field, "."));
    CHECK_FALSE(type(field, "x"));
    type(field, "5");
    CHECK(field.text() == "12,5");
}

TEST_CASE("a minus before an amount stands there, and is no gap between thousands") {
    TextField field(TextField::Accepts::amount);
    type(field, "-123");
    CHECK_FALSE(type(field, "-"));
    CHECK(field.text() == "-123");
    CHECK(field.shown() == "-123");
    type(field, "4");
    CHECK(field.shown() == "-1\u00A0234");
}

TEST_CASE("a proposal is replaced by typing and kept by moving") {
    TextField field(TextField::Accepts::amount);
    field.propose("120.00");
    CHECK(field.proposed());
    SUBCASE("replaced") {
        type(field, "5");
        CHECK(field.text() == "5");
    }
    SUBCASE("kept") {
        field.handle(pressed(GLFW_KEY_END));
        type(field, "5");
        CHECK(field.text() == "120.005");
    }
    SUBCASE("erased") {
        field.handle(pressed(GLFW_KEY_BACKSPACE));
        CHECK(field.empty());
    }
}

TEST_CASE("pasting takes what the field accepts") {
    TextField field(TextField::Accepts::digits);
    KeyPress paste = pressed(GLFW_KEY_V);
    paste.control = true;
    paste.pasted = "85 94-001\n";
    CHECK(field.handle(paste));
    CHECK(field.text() == "8594001");
}

TEST_CASE("a field holds no more than its length") {
    TextField field(TextField::Accepts::anything, 3);
    type(field, "kůň");
    CHECK(field.text() == "ků");
    CHECK(field.full());
    field.handle(pressed(GLFW_KEY_BACKSPACE));
    CHECK_FALSE(field.full());
    type(field, "a");
    CHECK_FALSE(field.full());
}
