// Each screen is opened, and left again, by keys alone: the program says itself what is open. Those of the menu are walked in frames_test.cpp.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

/// Keys as xdotool names them; `>customers` is F10 and that screen's key in the menu.
struct Way {
    const char* screen;
    std::vector<std::string> keys;
};

/// In an order in which each finds what it is about: a receipt in hand, a customer with a debt, a wallet.
const std::vector<Way> ways = {
    {"payment", {"F12"}},
    {"redeem", {"v"}},
    {"line", {"F4"}},
    {"menu", {"F10"}},
    {"void", {"shift+Delete"}},
    {"person", {">customers", "Down", "Return"}},
    {"correction", {"F1", "F3", "F3"}},
    {"deposit", {"F1", "ctrl+w"}},
    {"merge", {">customers", "Down", "F11"}},
    {"purchases", {"F1", "F3", "F5"}},
    {"statement", {"F1", "F11"}},
    {"settle", {"F1", "F5"}},
    {"slip", {"F1", "F5", "F3", "F12", "Return"}},
    {"import-goods", {">catalogue", "F11"}},
    {"import-customers", {">customers", "ctrl+o"}},
    {"goods-points", {">loyalty", "ctrl+p"}},
    {"product", {">catalogue", "Down", "Return"}},
    {"product-prices", {">catalogue", "Down", "Return", "F5"}},
    {"stock-moves", {">stock", "Down", "Return"}},
    {"stock-send", {">transfers", "F3"}},
    {"stock-arrive", {">transfers", "F5"}},
};

void press(const std::string& key) {
    test::run({"xdotool", "key", "--clearmodifiers", key});
    test::pause_ms(250);
}

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("U1: each screen that the menu does not have is reached by keys alone, and Esc leads back to the till") {
    std::set<std::string> told;
    for (const Way& way : ways) told.insert(way.screen);
    for (const ui::Screen& screen : ui::screens()) {
        if (!screen.section) CHECK_MESSAGE(told.contains(std::string(screen.id)), screen.id, " has no way to it here");
    }
    const Shop shop;
    const std::string debtor = "2901215282329", times = shop.scratch.file("times.csv");
    shop.open()->set_policy(R"({"earn":"none","point_value":"1","redemption_is":"payment"})", "policy");
    const Display display("us");
    auto program = shop.program();
    program.insert(program.end(), {"--frame-times", times});
    Window window(program);
    const auto at = [&](const std::string& screen) { return eventually([&] { return test::where_now(times) == screen; }); };
    window.scan(roll);
    window.scan(debtor);
    window.key(place::f12);
    window.key(place::enter);  // charged: this customer may
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    REQUIRE(shop.sales()[0].paid_with(node::TenderKind::account) == shop.sales()[0].total());
    window.scan(roll);
    window.scan(debtor);
    REQUIRE(eventually([&] { return shop.customer_number().has_value(); }));
    for (const Way& way : ways) {
        CAPTURE(way.screen);
        REQUIRE(at("till"));
        for (const std::string& key : way.keys) {
            if (key.starts_with('>')) {
                press("F10");
                press(test::menu_key(key.substr(1)));
                CHECK(at(key.substr(1)));
                test::read_in();
            } else {
                press(key);
            }
        }
        CHECK(at(way.screen));
        for (int i = 0; i < 5 && test::where_now(times) != "till"; ++i) press("Escape");
    }
    CHECK(at("till"));
    CHECK(shop.open_codes() == std::vector<std::string>{roll});
}

TEST_CASE("L2: who is recognised stands in the title bar with points and spend, or, where that is hidden, by the number alone") {
    for (const bool hidden : {false, true}) {
        CAPTURE(hidden);
        const Shop shop;
        shop.open()->set_policy(hidden ? R"({"hide_customer_info":true})" : "{}", "policy");
        const std::string play = shop.scratch.file("play"), pictures = shop.scratch.file("pictures");
        std::ofstream(play) << "sizes 1024x768\nthemes light\nlook nobody\nscan " << test::card << "\nlook recognised\n";
        const Display display("us");
        auto program = shop.program();
        program.insert(program.end(), {"--language", "en", "--play", play, "--pictures", pictures});
        REQUIRE(test::run(program) == 0);
        const std::string shown = text_of(pictures + "/texts.tsv");
        const auto branch = shop.open();
        const node::Till till(*branch, node::Keep::every_command);
        REQUIRE(till.view().customer);
        CHECK(shown.find("No customer") != std::string::npos);
        CHECK((shown.find(till.view().customer->name) == std::string::npos) == hidden);
        CHECK((shown.find("Recognised") == std::string::npos) == !hidden);
        CHECK((shown.find("Spend") == std::string::npos) == hidden);
    }
}
