// Who works at the till, in a real window: log-in, what each may do, and a second person's approval.
#include <doctest/doctest.h>

#include <string>

#include "node/customers.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::anna_pin;
using test::boss_badge;
using test::boss_pin;
using test::Display;
using test::eventually;
using test::GuardedShop;
using test::roll;
using test::Window;
namespace place = test::place;

// F4, and the discount of the only line.
void ask_for_ten_percent(Window& window) {
    window.key(place::f4);
    window.keys({place::tab, place::tab}, 60);
    window.type("10");
    window.key(place::enter);
}

}  // namespace

TEST_CASE("T11: what the cashier may not, a second person's PIN lends on the spot, and the receipt says who") {
    const GuardedShop shop;
    const Display display("us");
    Window window(shop.program_of(anna_pin));
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    ask_for_ten_percent(window);
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

TEST_CASE("T3: goods that are scanned while a badge is waited for are rung up, and the approval goes on") {
    const GuardedShop shop;
    const Display display("us");
    Window window(shop.program_of(anna_pin));
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    ask_for_ten_percent(window);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes().size() == 2; }));
    window.scan(boss_badge);
    test::pause_ms(300);
    window.keys({place::f12, place::enter}, 40);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].approvals.size() == 1);
    CHECK(shop.sales()[0].discount() == node::Money::of(29));
}

TEST_CASE("A1, T11: a customer's limit that the cashier may not set is lent at OK, by a PIN on the spot") {
    const GuardedShop shop;
    const auto limit = [&] {
        const auto branch = shop.open();
        return node::customer_by_number(branch->database(), 3)->terms.limit;
    };
    const Display display("us");
    Window window(shop.program_of(anna_pin));
    window.key(place::f1);
    window.type("3");
    window.key(place::enter);
    test::pause_ms(300);
    window.key(place::f1);
    test::pause_ms(1200);
    window.key(place::tab);
    window.key(place::space);
    window.key(place::tab);
    window.type("700");
    window.key(place::enter);
    test::pause_ms(300);
    CHECK(limit().is_zero());
    window.type(boss_pin);
    window.key(place::enter);
    CHECK(eventually([&] { return limit() == node::Money::of(700'00); }));
}

TEST_CASE("T11: a badge approves as well, and Esc leaves the line as it was") {
    const GuardedShop shop;
    const Display display("us");
    Window window(shop.program_of(anna_pin));
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    ask_for_ten_percent(window);
    window.keys({place::escape, place::escape}, 80);
    ask_for_ten_percent(window);
    window.scan(boss_badge);
    test::pause_ms(300);
    window.scan(roll);  // the next scan is goods again
    REQUIRE(eventually([&] { return shop.open_codes().size() == 2; }));
    window.keys({place::f12, place::enter}, 40);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].approvals.size() == 1);
    CHECK(shop.sales()[0].discount() == node::Money::of(29));
}
