// Canonical objects written straight: the same bytes as from a Json.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "node/base/json.h"

using namespace paprsek::node;

namespace {

std::string both(const std::string& text, std::int64_t number, bool flag, const std::vector<std::string>& list) {
    CanonicalObject object;
    object.flag("flag", flag);
    object.texts("list", list);
    object.integer("number", number);
    object.text("text", text);
    return object.finish();
}

}  // namespace

TEST_CASE("a canonical object has the bytes of the same Json, whatever its texts hold") {
    for (const std::string text : {"", "plain", "Kůň \"Ţară\"", "back\\slash", "line\nend\ttab\x01\x1f\x7f", "\xF0\x9F\x8D\x8E"})
        CHECK(both(text, -7, true, {text, "b", text}) ==
              canonical(Json{{"text", text}, {"number", -7}, {"flag", true}, {"list", {text, "b", text}}}));
    CHECK(rc::check([](const std::string& bytes, std::int64_t number, bool flag) {
        std::string text;
        for (const char c : bytes) text += static_cast<char>(c & 0x7f);
        RC_ASSERT(both(text, number, flag, {}) == canonical(Json{{"text", text}, {"number", number}, {"flag", flag}, {"list", Json::array()}}));
    }));
    CHECK(CanonicalObject().finish() == "{}");
}

TEST_CASE("a canonical object takes no text that is not UTF-8") {
    CHECK_THROWS_AS(both("a\xFF", 1, true, {}), Json::exception);
    CHECK_THROWS_AS(both("\xC5", 1, true, {}), Json::exception);
    CHECK_THROWS_AS(both("", 1, true, {"ok", "\xED\xA0\x80"}), Json::exception);
}
