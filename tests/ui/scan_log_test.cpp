// What the scan inspector remembers, and what it must not.
#include "ui/till/scan_log.h"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace paprsek;
using ui::Burst;
using ui::KeyPress;
using ui::ScanLog;

Burst burst(const std::string& text, Burst::Verdict verdict, double at = 10, double gap = 0.005) {
    Burst made;
    made.verdict = verdict;
    made.text = text;
    for (const char c : text) {
        KeyPress press = ui::pressed(c >= 'a' ? c - 'a' + 'A' : c, static_cast<char32_t>(c));
        press.at = press.earliest = at;
        at += gap;
        made.keys.push_back(press);
    }
    return made;
}

constexpr node::Instant noon{1'772'449'200'000};

}  // namespace

TEST_CASE("scans are kept, the newest first and so many; what came of one is told of it") {
    ScanLog log;
    for (std::size_t i = 0; i < ScanLog::kept_max + 5; ++i) CHECK(log.add(burst(std::to_string(859400102100 + i), Burst::Verdict::scan), noon, false));
    CHECK(log.entries().size() == ScanLog::kept_max);
    CHECK(log.count() == ScanLog::kept_max + 5);
    CHECK(log.entries().front().burst.text == "859400102134");
    log.tell("On the receipt", false);
    CHECK(log.entries().front().came_of_it == "On the receipt");
    CHECK(log.entries()[1].came_of_it.empty());
}

TEST_CASE("what people type is not kept, but for what might have been a code") {
    ScanLog log;
    CHECK_FALSE(log.add(burst("7", Burst::Verdict::typed), noon, false));
    CHECK_FALSE(log.add(burst("novakova", Burst::Verdict::few_digits), noon, false));
    CHECK_FALSE(log.add(burst("250", Burst::Verdict::too_short), noon, false));
    CHECK(log.entries().empty());
    CHECK(log.add(burst("85940010", Burst::Verdict::no_enter), noon, false));
    log.tell("", false);
    CHECK(log.entries().size() == 1);
}

TEST_CASE("while the inspector is open, slowly typed keys become one entry, which tells its longest pause") {
    ScanLog log;
    double at = 10;
    for (const char c : std::string("859")) {
        CHECK(log.add(burst(std::string(1, c), Burst::Verdict::typed, at), noon, true));
        at += 0.08;
    }
    REQUIRE(log.entries().size() == 1);
    CHECK(log.entries().front().burst.text == "859");
    CHECK(ScanLog::longest_pause(log.entries().front().burst) == doctest::Approx(0.08));
    CHECK(log.add(burst("4", Burst::Verdict::typed, at + 1), noon, true));  // after a rest it is something else
    CHECK(log.entries().size() == 2);
    Burst enter;
    enter.keys.push_back(ui::pressed(GLFW_KEY_ENTER));
    enter.keys.back().at = enter.keys.back().earliest = at + 1.08;
    CHECK(log.add(enter, noon, true));  // ends what was typed
    enter.keys.back().at = enter.keys.back().earliest = at + 1.16;
    CHECK_FALSE(log.add(enter, noon, true));  // ends nothing
    Burst arrow;
    arrow.keys.push_back(ui::pressed(GLFW_KEY_DOWN));
    CHECK_FALSE(log.add(arrow, noon, true));
    CHECK(log.entries().size() == 2);
}
