// T13 in a real window at a branch of a chain: the goods are headquarters', the stock is the branch's own, and headquarters hears of it.
#include <doctest/doctest.h>

#include "node/stock_levels.h"
#include "node/stock_lists.h"
#include "tests/hq/tills.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::Window;
namespace place = test::place;

void control(const std::string& letter) {
    test::run({"xdotool", "key", "ctrl+" + letter});
    test::pause_ms(300);
}

void type_goods(Window& window, const std::string& quantity) {
    window.type("bread");
    window.key(place::enter);
    window.type(quantity);
    window.key(place::enter);
}

}  // namespace

TEST_CASE("T13: goods in, an adjustment, a stocktake and goods sent, at a branch of a chain") {
    test::Tills chain;
    chain.clock.set(node::system_clock().now());
    chain.all_exchange();
    node::Node& here = *chain.nodes.at("5.1");
    const auto level = [&] { return node::stock_level(here.database(), "", "A").quantity.raw() / 1000; };
    const Display display("us");
    Window window({test::variable("PAPRSEK_BIN") + "/paprsek-till", here.folder(), "--size", "1366x820", "--cashier", "Anna", "--screen", "stock"});
    test::read_in();
    control("g");
    type_goods(window, "10");
    window.type("7.50");
    window.key(place::enter);
    window.key(place::f12);
    CHECK(eventually([&] { return level() == 10; }));
    test::pause_ms(500);
    control("j");
    type_goods(window, "2");
    window.key(place::f12);  // why?
    window.type("broken");
    window.key(place::f12);
    CHECK(eventually([&] { return level() == 8; }));
    test::pause_ms(500);
    control("k");
    window.key(place::enter);
    REQUIRE(eventually([&] { return node::stocktake_sheet(here.database(), "").has_value(); }));
    test::pause_ms(500);
    type_goods(window, "7");
    REQUIRE(eventually([&] { return node::stocktake_sheet(here.database(), "")->counted == 1; }));
    window.key(place::f12);
    window.key(place::enter);
    CHECK(eventually([&] { return level() == 7; }));
    test::pause_ms(500);
    window.key(place::escape);
    control("t");
    test::read_in();
    window.key(place::f3);
    type_goods(window, "4");
    window.key(place::f12);  // to which branch?
    window.type("3");
    window.key(place::f12);
    CHECK(eventually([&] { return level() == 3; }));
    chain.clock.set(node::system_clock().now());
    chain.exchange("5.1");
    const auto rows = chain.hq->report("stock", {{}, {}, 5, ""}).rows;
    REQUIRE(rows.size() == 1);
    CHECK(rows.at(0)["stock"] == "3");
    CHECK(chain.hq->report("transit").rows.size() == 1);
}
