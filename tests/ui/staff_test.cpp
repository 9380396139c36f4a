// Who works at the till, in a real window: log-in, what each may do, and a second person's approval.
#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::add_user;
using test::Display;
using test::eventually;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

constexpr const char* boss_pin = "7788";
constexpr const char* boss_badge = "77880011";
constexpr const char* anna_pin = "1234";

struct GuardedShop : Shop {
    GuardedShop() {
        const auto branch = open();
        node::Till till(*branch, node::Keep::every_command, node::least_pin_cost);
        add_user(till, "Boss", "administrator", boss_pin, boss_badge);
        // Nobody is logged in, but the first user was made by whoever set the till up.
        till.set_cashier("");
        add_user(till, "Anna", "cashier", anna_pin, nullptr);
        std::ofstream(scratch.file("pin")) << anna_pin << '\n';
    }
    std::vector<std::string> guarded_program() const {
        return {test::variable("PAPRSEK_BIN") + "/paprsek-till", folder, "--size", "1366x820"};
    }
    std::vector<std::string> annas_program() const {
        auto arguments = guarded_program();
        arguments.insert(arguments.end(), {"--pin-file", scratch.file("pin")});
        return arguments;
    }
    // F4, and the discount of the only line.
    static void ask_for_ten_percent(Window& window) {
        window.key(place::f4);
        window.keys({place::tab, place::tab}, 60);
        window.type("10");
        window.key(place::enter);
    }
};

}  // namespace

TEST_CASE("T11: what the cashier may not, a second person's PIN lends on the spot, and the receipt says who") {
    const GuardedShop shop;
    const Display display("us");
    Window window(shop.annas_program());
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    GuardedShop::ask_for_ten_percent(window);
    window.type(anna_pin);  // she may not either
    window.key(place::enter);
    window.type(boss_pin);
    window.key(place::enter);
    test::pause_ms(300);
    window.keys({place::f12, place::enter}, 40);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    const node::ReceiptFact sale = shop.sales()[0];
    CHECK(sale.cashier == "Anna");
    CHECK(sale.lines[0].discount == node::Money::of(29));  // a tenth of 2.90
    REQUIRE(sale.approvals.size() == 1);
    CHECK(sale.approvals[0].by == "Boss");
    CHECK(sale.approvals[0].what == "discount");
}

TEST_CASE("T11: a badge approves as well, and Esc leaves the line as it was") {
    const GuardedShop shop;
    const Display display("us");
    Window window(shop.annas_program());
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    GuardedShop::ask_for_ten_percent(window);
    window.keys({place::escape, place::escape}, 80);
    GuardedShop::ask_for_ten_percent(window);
    window.scan(boss_badge);
    test::pause_ms(300);
    window.scan(roll);  // the next scan is goods again
    REQUIRE(eventually([&] { return shop.open_codes().size() == 2; }));
    window.keys({place::f12, place::enter}, 40);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].approvals.size() == 1);
    CHECK(shop.sales()[0].discount() == node::Money::of(29));
}
