// What an inspection finds wrong with a frame, and how a play is read. The windows themselves are judged by tools/tour --check.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "ui/kit/inspection.h"
#include "ui/kit/play.h"

namespace {

using namespace paprsek;
using ui::Color;
using ui::Inspection;
using ui::Rect;

constexpr Rect area_of_window{0, 0, 400, 300};
constexpr Color white = Color::hex(0xFFFFFF), black = Color::hex(0), grey = Color::hex(0xBBBBBB);

Inspection::Text text(Rect at, const std::string& words, Color ink = black, bool cut = false) { return {at, area_of_window, words, words, cut, ink, false}; }

Inspection page() {
    Inspection inspection;
    inspection.begin(area_of_window);
    inspection.fill(area_of_window, area_of_window, white);
    return inspection;
}

std::vector<std::string> found(const Inspection& inspection) {
    std::vector<std::string> found;
    for (const Inspection::Fault& fault : inspection.faults()) found.push_back(std::string(ui::name_of(fault.kind)) + " " + fault.text);
    return found;
}

}  // namespace

TEST_CASE("U2, U3: words that are cut, lie on others or outside, are faint or no letters, are found; those that nobody sees are not") {
    Inspection good = page();
    good.text(text({10, 10, 80, 12}, "one"));
    good.text(text({10, 30, 80, 12}, "below"));
    CHECK(found(good).empty());

    Inspection bad = page();
    bad.text(text({10, 10, 80, 12}, "one"));
    bad.text(text({50, 15, 80, 12}, "over it"));
    bad.text(text({380, 60, 80, 12}, "too far"));
    bad.text(text({10, 90, 80, 12}, "shortened", black, true));
    bad.text(text({10, 120, 80, 12}, "pale", grey));
    CHECK(found(bad) == std::vector<std::string>{"outside too far", "cut shortened", "faint pale", "overlap one"});

    Inspection gone = page();
    gone.text(text({10, 10, 80, 12}, "{Y\xB4\x1F"));
    gone.text(text({10, 30, 80, 12}, "Rohl\xC3\xADk 1 234,50 \xE2\x88\x92 5"));
    CHECK(found(gone) == std::vector<std::string>{"garbled {Y??"});

    Inspection covered = page();
    covered.text(text({10, 10, 80, 12}, "below", black, true));
    covered.fill({0, 0, 200, 60}, area_of_window, white);
    covered.text(text({10, 10, 80, 12}, "on the sheet"));
    CHECK(found(covered).empty());
    ui::Point middle;
    CHECK_FALSE(covered.find("below", middle));
    REQUIRE(covered.find("on the sheet", middle));
    CHECK(middle.x == doctest::Approx(50));
}

TEST_CASE("U3: the colours of every look are told apart as WCAG counts") {
    CHECK(ui::contrast(black, white) == doctest::Approx(21));
    CHECK(ui::contrast(grey, grey) == doctest::Approx(1));
    for (const ui::ThemeName name : {ui::ThemeName::light, ui::ThemeName::dark, ui::ThemeName::contrast}) {
        const ui::Theme& theme = ui::theme(name);
        CAPTURE(static_cast<int>(name));
        const double least = name == ui::ThemeName::contrast ? 7 : 4.5;
        for (const Color& paper : {theme.surface, theme.sunken, theme.accent_soft}) {
            CHECK(ui::contrast(theme.ink, paper) >= least);
            CHECK(ui::contrast(theme.ink_soft, paper) >= least);
        }
        CHECK(ui::contrast(theme.ink_faint, theme.surface) >= 3.5);
        CHECK(ui::contrast(theme.on_accent, theme.accent) >= 4.5);
        CHECK(ui::contrast(theme.on_go, theme.go) >= 4.5);
        CHECK(ui::contrast(theme.on_danger, theme.danger) >= 4.5);
    }
}

TEST_CASE("a play is read step by step, and what is none is refused by its line") {
    const auto steps = ui::parse_play("# a comment\n\nkey F12 Ctrl+Z\npicture paid\n", "play");
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].text == "F12 Ctrl+Z");
    CHECK(steps[1].does == ui::Step::Does::picture);
    CHECK_THROWS_WITH_AS(ui::parse_play("key Enter\ndance\n", "play"), "play: line 2: 'dance' is no step", std::runtime_error);
    REQUIRE(ui::key_from("Ctrl+Z"));
    CHECK(ui::key_from("Ctrl+Z")->control);
    CHECK(ui::key_from("F12")->key == GLFW_KEY_F12);
    CHECK_FALSE(ui::key_from("F13"));
    CHECK_FALSE(ui::key_from("Etner"));
}
