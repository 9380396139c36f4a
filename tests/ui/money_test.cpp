// Payments, receipts put aside, refunds and the drawer in a real window, by keys alone, judged by the ledger.
#include <doctest/doctest.h>

#include <algorithm>

#include "node/cashbook.h"
#include "node/parked.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

constexpr int key_v = 55, key_c = 54, key_m = 58, key_g = 42, key_p = 33, digit_1 = 10;

std::vector<schema::Fact> facts_of(const Shop& shop, std::string_view kind) {
    std::vector<schema::Fact> facts;
    const auto branch = shop.open();
    branch->ledger().read(1, branch->ledger().head().seq, [&](const schema::Fact& fact) {
        if (fact.kind == kind) facts.push_back(fact);
        return true;
    });
    return facts;
}

std::size_t parked(const Shop& shop) {
    const auto branch = shop.open();
    return node::all_parked(branch->database()).size();
}

/// Where each receipt that is put aside lies, and how much: "10 2" is two pieces at table 10; at no table it is "- 2".
std::vector<std::string> laid(const Shop& shop) {
    const auto branch = shop.open();
    std::vector<std::string> laid;
    for (const node::ParkedReceipt& receipt : node::all_parked(branch->database())) {
        std::int64_t pieces = 0;
        for (const node::DraftLine& line : receipt.draft.lines) pieces += line.input.quantity.raw() / 1000;
        laid.push_back((receipt.draft.place.empty() ? "-" : receipt.draft.place.table) + " " + std::to_string(pieces));
    }
    return laid;
}

}  // namespace

TEST_CASE("T8: a part by voucher, a part by card, the rest in cash") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.type("20");
    window.key(place::star);
    window.scan(roll);  // 58.00
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.key(place::f12);
    window.type("10");
    window.key(key_v);  // voucher: C is the card's, A the account's
    window.type("20");
    window.key(key_c);
    window.type("50");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    const node::ReceiptFact sale = shop.sales()[0];
    CHECK(sale.paid_with(node::TenderKind::voucher) == node::Money::of(10'00));
    CHECK(sale.paid_with(node::TenderKind::card) == node::Money::of(20'00));
    CHECK(sale.paid_with(node::TenderKind::cash) == node::Money::of(50'00));
    CHECK(sale.change == node::Money::of(22'00));
}

TEST_CASE("T8, T6: a part that was paid outlives Esc and a kill, and goes when the receipt is paid") {
    const Shop shop;
    const Display display("us");
    const auto given = [&] {
        const auto branch = shop.open();
        return node::Till(*branch, node::Keep::every_command).view().given;
    };
    const std::vector<node::Tender> card = {{node::TenderKind::card, node::Money::of(20'00)}};
    {
        Window window(shop.program());
        window.type("20");
        window.key(place::star);
        window.scan(roll);  // 58.00
        REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
        window.key(place::f12);
        window.type("20");
        window.key(key_c);
        REQUIRE(eventually([&] { return given() == card; }));
        window.key(place::escape);
        window.kill();
    }
    Window window(shop.program());
    CHECK(given() == card);
    window.key(place::f12);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].paid_with(node::TenderKind::card) == node::Money::of(20'00));
    CHECK(shop.sales()[0].paid_with(node::TenderKind::cash) == node::Money::of(38'00));
    CHECK(given().empty());
}

TEST_CASE("U1: Shift+Del asks for the whole receipt also while something is typed, and Del corrects what is typed") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    test::pause_ms(200);
    window.type("12");
    window.key(place::del);
    test::run({"xdotool", "key", "shift+Delete"});
    test::pause_ms(200);
    window.type("left");
    CHECK(shop.open_codes().size() == 1);
    window.key(place::enter);
    REQUIRE(eventually([&] { return facts_of(shop, schema::kind::receipt_voided).size() == 1; }));
    CHECK(facts_of(shop, schema::kind::line_voided).empty());
}

TEST_CASE("T8: a part is taken back by Del, and C alone pays all of it by card") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.type("20");
    window.key(place::star);
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.key(place::f12);
    window.type("10");
    window.key(key_v);
    window.key(place::del);
    window.key(key_c);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].pay == std::vector<node::Tender>{{node::TenderKind::card, node::Money::of(58'00)}});
}

TEST_CASE("T7: F5 puts the receipt aside, F3 and Enter take it up again") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.key(place::f5);
    REQUIRE(eventually([&] { return parked(shop) == 1; }));
    CHECK(shop.open_codes().empty());
    window.key(place::f3);
    window.key(place::enter);
    CHECK(eventually([&] { return shop.open_codes() == std::vector<std::string>{roll}; }));
    CHECK(parked(shop) == 0);
}

TEST_CASE("T7: a part of a receipt in hand is put aside by itself") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.type("3");
    window.key(place::star);
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.key(place::f5);
    REQUIRE(eventually([&] { return parked(shop) == 1; }));
    window.key(place::f3);
    window.key(39);  // S divides
    window.type("1");
    window.key(place::enter);
    window.key(place::f5);
    REQUIRE(eventually([&] { return parked(shop) == 2; }));
    const auto branch = shop.open();
    std::vector<std::int64_t> quantities;
    for (const node::ParkedReceipt& receipt : node::all_parked(branch->database())) quantities.push_back(receipt.draft.lines.at(0).input.quantity.raw());
    std::sort(quantities.begin(), quantities.end());
    CHECK(quantities == std::vector<std::int64_t>{1000, 2000});
}

TEST_CASE("T7: a receipt goes to a free table and on to another, there and in hand, and joins what stands open") {
    const Shop shop;
    {
        const auto branch = shop.open();
        node::set_tables(*branch, {{"Garden", {"10", "11", "12"}}});
    }
    const Display display("us");
    Window window(shop.program());
    const auto ring_up = [&](const char* pieces) {
        window.type(pieces);
        window.key(place::star);
        window.scan(roll);
        REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    };
    const auto becomes = [&](const std::vector<std::string>& wanted) {
        CHECK(eventually([&] { return laid(shop) == wanted; }));
        CHECK(laid(shop) == wanted);  // says what lies there instead
    };

    ring_up("2");
    window.key(place::f3);  // nothing lies aside, so the garden is in sight
    test::read_in();
    window.key(key_p);
    becomes({"10 2"});
    test::read_in();
    window.key(key_m);
    window.key(place::enter);  // it stands there itself: Enter waits for another place
    window.key(place::escape);
    window.key(key_m);
    window.keys({place::right, place::right, place::enter}, 40);
    becomes({"12 2"});

    // One in hand is moved by the same key, and stays in hand.
    test::read_in();
    window.keys({place::left, place::enter}, 40);  // begins a receipt at table 11
    test::read_in();
    ring_up("3");
    window.key(place::f3);
    test::read_in();
    window.keys({place::right, key_m, place::left, place::enter}, 40);
    CHECK(eventually([&] {
        const auto branch = shop.open();
        return node::Till(*branch, node::Keep::every_command).view().place.table == "10";
    }));
    CHECK(shop.open_codes() == std::vector<std::string>{roll});
    becomes({"12 2"});

    // Put aside where it stands, and joined with the other: both are one receipt, at the other's table.
    test::read_in();
    window.key(place::escape);
    window.key(place::f5);
    becomes({"10 3", "12 2"});
    window.key(place::f3);
    test::read_in();
    window.keys({key_g, place::right, place::right, place::enter}, 40);
    becomes({"12 5"});
    CHECK(shop.sales().empty());
}

TEST_CASE("T7: an area without tables is not kept, and says so; its tables are then written beside it") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    const auto plan = [&] { return node::tables_of(*shop.open()); };
    window.key(place::f3);
    test::read_in();
    window.key(place::e);
    window.type("Garden");
    window.key(place::enter);
    test::pause_ms(300);
    CHECK(plan().empty());
    window.type("7, 8");
    window.key(place::enter);
    REQUIRE(eventually([&] { return !plan().empty(); }));
    CHECK(plan() == std::vector<node::Area>{{"Garden", {"7", "8"}}});
}

TEST_CASE("T5: + and - of the main block are a piece more and a piece less, and the last piece stays") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    const auto pieces = [&] {
        const auto branch = shop.open();
        const node::Till till(*branch, node::Keep::every_command);
        return till.view().lines.empty() ? node::Quantity{} : till.view().lines[0].line.quantity;
    };
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.type("++");
    CHECK(eventually([&] { return pieces() == node::Quantity::of(3000); }));
    window.keys({20, 20, 20}, 60);  // -
    CHECK(eventually([&] { return pieces() == node::Quantity::of(1000); }));
    window.scan(roll);  // nothing of it was left in the code field
    CHECK(eventually([&] { return shop.open_codes() == std::vector<std::string>{roll, roll}; }));
}

TEST_CASE("T4: F11 makes a line without a product") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.key(place::f11);
    window.type("chess");
    window.key(place::tab);
    window.type("49");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.keys({place::f12, place::enter}, 0);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].lines[0].name == "chess");
    CHECK(shop.sales()[0].lines[0].price == node::Money::of(49'00));
}

TEST_CASE("T5: a receipt struck out leaves its reason") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    test::pause_ms(200);
    test::run({"xdotool", "key", "shift+Delete"});
    test::pause_ms(200);
    window.type("left");
    window.key(place::enter);
    REQUIRE(eventually([&] { return facts_of(shop, schema::kind::receipt_voided).size() == 1; }));
    CHECK(node::parse_void(facts_of(shop, schema::kind::receipt_voided)[0].body).reason == "left");
    CHECK(shop.open_codes().empty());
}

TEST_CASE("T9: the last receipt, one of two pieces goes back") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.type("2");
    window.key(place::star);
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.keys({place::f12, place::enter}, 0);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    test::pause_ms(300);
    window.key(place::f3);       // all receipts, from the paid one
    test::pause_ms(800);  // read beside the window
    window.key(place::f11);      // gives the chosen one back
    window.type("1");
    window.key(place::enter);
    window.key(place::f12);
    REQUIRE(eventually([&] { return facts_of(shop, schema::kind::refund).size() == 1; }));
    const auto fact = facts_of(shop, schema::kind::refund)[0];
    const node::ReceiptFact refund = node::parse_receipt(fact.kind, fact.body);
    CHECK(refund.lines.at(0).quantity == node::Quantity::of(1000));
    CHECK(refund.refund_of == "1.1-000001");
}

TEST_CASE("T11: a drawer that was counted by the piece waits while X is looked at and a customer is served, and is closed with that count") {
    const Shop shop;
    const Display display("us");
    Window window({test::variable("PAPRSEK_BIN") + "/paprsek-till", shop.folder, "--size", "1366x820", "--cashier", "Anna", "--screen", "cash"});
    constexpr int digit_6 = 15, digit_7 = 16;
    window.key(digit_7);
    test::pause_ms(200);
    window.type("a2");  // of the largest note; a letter is no number of notes
    window.key(place::tab);
    window.type("1");
    window.key(place::escape);
    window.key(digit_6);
    window.key(place::f9);
    window.key(place::escape);
    window.scan(test::roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.keys({place::f12, place::enter}, 0);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    window.key(place::escape);
    window.key(place::f10);
    test::run({"xdotool", "key", test::menu_key("cash")});
    test::pause_ms(300);
    window.key(digit_7);
    window.key(place::enter);
    REQUIRE(eventually([&] { return facts_of(shop, schema::kind::day_closed).size() == 1; }));
    const auto notes = node::denominations("CZK");
    const node::Money counted = node::times(notes[0], node::Quantity::of(2'000)) + notes[1];
    CHECK(node::drawer(shop.open()->database()) == counted);
}

TEST_CASE("T11: cash in with a reason, and the day closed by a count, by keys alone") {
    const Shop shop;
    const Display display("us");
    Window window({test::variable("PAPRSEK_BIN") + "/paprsek-till", shop.folder, "--size", "1366x820", "--cashier", "Anna", "--screen", "cash"});
    window.key(digit_1);
    window.type("-500");
    window.key(place::tab);
    window.type("change");
    window.key(place::enter);
    test::pause_ms(300);
    CHECK(node::drawer(shop.open()->database()).is_zero());  // what is below zero is no amount
    window.type("500");  // over the one that was refused
    window.key(place::enter);
    REQUIRE(eventually([&] { return node::drawer(shop.open()->database()) == node::Money::of(500'00); }));
    window.key(16);  // 7 closes the day
    test::pause_ms(200);
    window.key(place::f5);  // as the books say
    window.key(place::enter);
    REQUIRE(eventually([&] { return facts_of(shop, schema::kind::day_closed).size() == 1; }));
    CHECK(shop.open()->ledger().head().seq >= 2);
}
