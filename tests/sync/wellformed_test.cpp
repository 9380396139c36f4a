#include "sync/wellformed.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>
#include <string>

namespace paprsek::sync {

TEST_CASE("objects that are well formed, and those that are not") {
    for (const char* good : {"{}", R"({"a":1})", R"({"a":[1,{"b":"}"}]})", R"({"a":"\"{[\\"})", R"({"jméno":"Kůň ț €𝄞"})", R"({"a":"\u0000"})"})
        CHECK_MESSAGE(well_formed_object(good, 32), good);
    for (const char* bad : {"",
                            "{",
                            "}",
                            "[]",
                            "1",
                            "{}{}",
                            "{} ",
                            " {}",
                            "{]",
                            R"({"a":[})",
                            R"({"a":[}])",
                            R"({"a)",
                            R"({"a\)",
                            R"({"a":"b\)",
                            "{\"a\":\"\n\"}",
                            "{\"a\":\t1}",
                            "{\"a\":\"\x7f\x80\"}",
                            "{\"\xC0\x80\":1}",
                            "{\"\xED\xA0\x80\":1}",
                            "{\"\xF5\x80\x80\x80\":1}",
                            "{\"\xE2\x82\":1}",
                            "{\xC5\x99:1}",
                            "{\"\xF4\x90\x80\x80\":1}",
                            "{\"\xE0\x9F\xBF\":1}",
                            "{\"\xF0\x8F\xBF\xBF\":1}"})
        CHECK_MESSAGE(!well_formed_object(bad, 32), bad);
    CHECK_FALSE(well_formed_object(std::string_view("{\"a\":\"\0\"}", 9), 32));
}

TEST_CASE("nesting is counted") {
    const auto nested = [](int depth) {
        return "{\"a\":" + std::string(static_cast<std::size_t>(depth - 1), '[') + std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
    };
    CHECK(well_formed_object(nested(32), 32));
    CHECK_FALSE(well_formed_object(nested(33), 32));
    CHECK_FALSE(well_formed_object(nested(1'000'000), 32));
}

TEST_CASE("kinds") {
    CHECK(well_formed_kind("sale"));
    CHECK(well_formed_kind("day.closed_2"));
    CHECK(well_formed_kind(std::string(40, 'a')));
    for (const std::string& bad : {std::string(), std::string("Sale"), std::string("a b"), std::string("a\tb"), std::string("ř"), std::string(41, 'a')})
        CHECK_FALSE(well_formed_kind(bad));
}

TEST_CASE("what the JSON library prints is well formed, what it cannot read within an object's outer form is not taken for more") {
    CHECK(rc::check("canonical objects are well formed", [](const std::map<std::string, std::vector<std::string>>& fields) {
        nlohmann::json json = nlohmann::json::object();
        for (const auto& [key, values] : fields) json[key] = values;
        // Texts that are not UTF-8 are replaced on printing, as canonical JSON holds UTF-8 only.
        const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        RC_ASSERT(well_formed_object(text, 2));
        RC_ASSERT(!well_formed_object(std::string_view(text).substr(0, text.size() - 1), 2));
        RC_ASSERT(!well_formed_object(text + "}", 2));
    }));
}

}  // namespace paprsek::sync
