// Products in a real window, by keys alone, judged by the ledger and the catalogue.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "node/catalogue.h"
#include "node/price_list.h"
#include "node/presets.h"
#include "tests/ui/display.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::read_in;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

constexpr const char* new_code = "8594001021253";  // no product's

struct Goods : Shop {
    std::optional<node::ProductRow> product(const std::string& code) const {
        const auto branch = open();
        return node::product_row(branch->database(), code);
    }
    std::vector<std::string> favourites() const {
        const auto branch = open();
        return node::presets_of(*branch).favourites;
    }
    std::vector<std::string> program(const std::string& screen) const {
        auto arguments = Shop::program();
        arguments.insert(arguments.end(), {"--screen", screen});
        return arguments;
    }
};

}  // namespace

TEST_CASE("T1: the list finds a product, its price is changed, a new one is made with a scanned code, and Esc leads back") {
    const Goods shop;
    const Display display("us");
    Window window(shop.program("catalogue"));
    read_in();
    window.scan(roll);
    read_in();
    window.key(place::enter);
    window.key(place::tab);  // name, price
    window.type("3.50");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.product(roll)->price == node::Money::of(3'50); }));
    read_in();
    window.key(place::insert);
    window.type("Kofola");
    window.key(place::tab);
    window.type("19.90");
    window.scan(new_code);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.product(new_code).has_value(); }));
    CHECK(shop.product(new_code)->name == "Kofola");
    CHECK(shop.product(new_code)->price == node::Money::of(19'90));
    CHECK(shop.open_codes().empty());
    read_in();
    window.key(place::escape);
    window.scan(new_code);
    CHECK(eventually([&] { return shop.open_codes() == std::vector<std::string>{new_code}; }));
}

TEST_CASE("C4: a price list is read from a file, told, and taken over; a wrong one changes nothing. T15: labels of what is found are saved") {
    const Goods shop;
    const std::string home = shop.scratch.file("home"), labels = shop.scratch.file("labels.pdf");
    std::filesystem::create_directory(home);
    std::ofstream(home + "/1.csv") << "code,name,price,vat\n8594001021253,Nova houska,cheap,B\n";
    std::ofstream(home + "/2.csv") << "code,name,price,vat\n8594001021253,Nova houska,4.90,B\n2009407121965,Rohlik,3.50,B\n";
    const std::string home_before = test::variable("HOME");
    setenv("HOME", home.c_str(), 1);
    const Display display("us");
    {
        Window window(shop.program("import-goods"));
        read_in();
        window.key(place::enter);  // the first file
        read_in();
        window.key(place::enter);  // there is nothing to take over
        test::pause_ms(400);
        CHECK_FALSE(shop.product(new_code));
        window.key(place::f3);
        read_in();
        window.keys({place::down, place::enter}, 60);
        read_in();
        CHECK_FALSE(shop.product(new_code));
        window.key(place::enter);
        CHECK(eventually([&] { return shop.product(new_code).has_value(); }));
        CHECK(shop.product(roll)->price == node::Money::of(3'50));
    }
    setenv("HOME", home_before.c_str(), 1);
    Window window(shop.program("catalogue"));
    read_in();
    window.type("houska");
    read_in();
    window.key(place::f5);
    test::pause_ms(400);
    test::run({"xdotool", "key", "ctrl+a"});
    window.type(labels);
    window.key(place::enter);
    REQUIRE(eventually([&] { return std::filesystem::exists(labels); }));
    CHECK(std::filesystem::file_size(labels) > 500);
}

TEST_CASE("T15: a price to come is set in the window, told beside the product's own, and taken out; what was typed before Esc is asked about") {
    const Goods shop;
    const Display display("us");
    Window window(shop.program("catalogue"));
    read_in();
    window.scan(roll);
    read_in();
    window.key(place::enter);
    window.key(place::f5);
    test::pause_ms(300);
    window.type("3,40");
    window.key(place::enter);  // from tomorrow, for everybody
    const auto prices = [&] { return node::parse_listed_prices(shop.product(roll)->prices).value(); };
    REQUIRE(eventually([&] { return prices().size() == 1; }));
    const auto branch = shop.open();
    CHECK(prices()[0] == node::ListedPrice{"", {branch->zone().local(branch->clock().now()).date.days + 1}, node::Money::of(3'40)});
    CHECK(shop.product(roll)->price == node::Money::of(2'90));
    window.type("3,60");
    window.key(place::tab);
    test::run({"xdotool", "key", "ctrl+a"});
    window.type("someday");
    window.key(place::enter);
    test::pause_ms(300);
    CHECK(prices().size() == 1);
    test::run({"xdotool", "key", "ctrl+a"});
    window.type("1. 1. 2099");
    window.key(place::tab);
    window.type("fair");
    window.key(place::enter);
    REQUIRE(eventually([&] { return prices().size() == 2; }));
    CHECK(prices()[1].list == "fair");
    test::run({"xdotool", "key", "ctrl+d"});
    REQUIRE(eventually([&] { return prices().size() == 1; }));
    CHECK(prices()[0].list == "fair");

    window.key(place::escape);  // the product's own form
    window.type("Something else");
    window.key(place::escape);
    window.key(place::escape);  // no, it stays
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.product(roll)->name.ends_with("Something else"); }));
}

TEST_CASE("U4: what was typed into a product's form waits while a customer is served, for that product alone") {
    const Goods shop;
    const Display display("us");
    Window window(shop.program("catalogue"));
    const auto open_form = [&](const std::string& code) {
        read_in();
        window.scan(code);
        read_in();
        window.key(place::enter);
        test::pause_ms(300);
    };
    const std::string other = "8599990070152";
    open_form(roll);
    window.type("Begun");
    window.key(place::f9);
    window.key(place::escape);
    window.key(place::f10);
    test::run({"xdotool", "key", test::menu_key("catalogue")});
    REQUIRE(shop.product(other));
    const std::string name = shop.product(other)->name;
    open_form(other);
    window.key(place::enter);  // nothing was changed in it
    open_form(roll);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.product(roll)->name.ends_with("Begun"); }));
    CHECK(shop.product(other)->name == name);
}

TEST_CASE("T3: an unknown code becomes a product by Ins, and its red row is rung up with its quantity") {
    const Goods shop;
    const Display display("us");
    Window window(shop.program("till"));
    window.scan(roll);
    window.type("3");
    window.key(place::star);
    window.scan(new_code);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 2; }));
    window.key(place::insert);
    test::pause_ms(300);
    window.type("Kofola");
    window.key(place::enter);  // no price yet: nothing is made
    test::pause_ms(300);
    CHECK(!shop.product(new_code));
    window.type("19.90");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.product(new_code).has_value(); }));
    const auto branch = shop.open();
    CHECK(eventually([&] {
        const node::Till till(*branch, node::Keep::every_command);
        const auto& lines = till.view().lines;
        return lines.size() == 2 && !lines[1].unknown && lines[1].line.code == new_code && lines[1].line.quantity == node::Quantity::of(3000) &&
               lines[1].line.price == node::Money::of(19'90);
    }));
}

TEST_CASE("T1: F3 makes favourites in the goods, in the list and on a line; they are touched first, and F3 takes them off") {
    const Goods shop;
    const std::string water = "2737363250671";  // Apă minerală carbogazoasă Muntișor 1,5 l
    const Display display("us");
    Window window(shop.program("catalogue"));
    read_in();
    window.scan(water);
    read_in();
    window.key(place::f3);
    REQUIRE(eventually([&] { return shop.favourites() == std::vector<std::string>{water}; }));
    window.key(place::escape);
    window.key(place::f9);
    window.type("rohlik tukovy");
    window.key(place::f3);
    REQUIRE(eventually([&] { return shop.favourites() == std::vector<std::string>{water, roll}; }));
    CHECK(shop.open_codes().empty());
    window.key(place::escape);
    window.key(place::escape);
    test::pause_ms(300);
    window.click(790, 110);  // the first chip: favourites
    read_in();
    window.click(830, 170);  // the first tile
    REQUIRE(eventually([&] { return shop.open_codes() == std::vector<std::string>{water}; }));
    window.key(place::f4);
    window.key(place::f3);
    REQUIRE(eventually([&] { return shop.favourites() == std::vector<std::string>{roll}; }));
    window.key(place::escape);
    test::pause_ms(300);
    window.click(830, 170);  // the roll came up to the first place
    CHECK(eventually([&] { return shop.open_codes() == std::vector<std::string>{water, roll}; }));
}
