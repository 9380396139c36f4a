// Stock in a real window, by keys and scans alone, judged by the ledger (T13). And the scan inspector, which shows what it is about.
#include <doctest/doctest.h>

#include <fstream>

#include "node/stock.h"
#include "node/stock_lists.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

constexpr const char* bread = "2343539888717";  // Rohlík celozrnný se semínky 60 g

struct Store : Shop {
    node::Quantity level(const std::string& product) const {
        const auto branch = open();
        return node::stock_level(branch->database(), "", product).quantity;
    }
    std::optional<node::Rate> average(const std::string& product) const {
        const auto branch = open();
        return node::stock_level(branch->database(), "", product).average;
    }
    std::vector<node::StockDocument> documents() const {
        const auto branch = open();
        return node::stock_documents(*branch, node::StockDocuments::all, {node::Instant{INT64_MIN}, node::Instant{INT64_MAX}});
    }
    void bring(const std::string& code, std::int64_t pieces) const {
        const auto branch = open();
        node::StockAct act;
        act.items = {{code, node::Quantity::of(pieces * 1000), node::Rate::of(2'000'000)}};
        node::StockBooked booked;
        REQUIRE(node::book_stock(*branch, schema::kind::stock_received, act, booked).ok());
    }
    std::vector<std::string> program(const std::string& screen) const {
        auto arguments = Shop::program();
        arguments.insert(arguments.end(), {"--screen", screen});
        return arguments;
    }
};

void control(const std::string& letter) {
    test::run({"xdotool", "key", "ctrl+" + letter});
    test::pause_ms(200);
}

constexpr auto pieces(std::int64_t count) { return node::Quantity::of(count * 1000); }

}  // namespace

TEST_CASE("T13: a delivery in the middle waits, as it is, while a customer is served") {
    const Store store;
    const Display display("us");
    Window window(store.program("goods-in"));
    window.scan(bread);
    window.key(place::f9);  // somebody asks for a roll
    window.key(place::escape);
    window.scan(roll);
    REQUIRE(eventually([&] { return store.open_codes().size() == 1; }));
    window.keys({place::f12, place::enter}, 0);
    REQUIRE(eventually([&] { return store.sales().size() == 1; }));
    window.key(place::escape);
    window.key(place::f10);
    test::run({"xdotool", "key", test::menu_key("goods-in")});
    test::pause_ms(300);
    window.key(place::f12);
    REQUIRE(eventually([&] { return store.documents().size() == 1; }));
    CHECK(store.level(bread) == pieces(1));
    CHECK(store.level(roll) == -pieces(1));
}

TEST_CASE("T13: goods in by scans, the number of pieces and the cost typed after one; booked whole by F12, and only once") {
    const Store store;
    const Display display("us");
    Window window(store.program("goods-in"));
    window.scan(roll);
    window.scan(roll);
    window.scan(bread);
    window.type("24");
    window.key(place::enter);
    window.type("4.50");
    window.key(place::enter);
    window.key(place::tab);  // into the stock, which document
    window.key(place::tab);
    window.type("D-17");
    CHECK(store.documents().empty());
    window.key(place::f12);
    REQUIRE(eventually([&] { return store.documents().size() == 1; }));
    CHECK(store.documents()[0].document == "D-17");
    CHECK(store.documents()[0].cashier == "Anna");
    CHECK(store.level(roll) == pieces(2));
    CHECK(store.level(bread) == pieces(24));
    CHECK(store.average(bread) == node::Rate::of(4'500'000));
    CHECK(store.open_codes().empty());
    window.scan(roll);  // back at the till
    CHECK(eventually([&] { return store.open_codes() == std::vector<std::string>{roll}; }));
}

TEST_CASE("T13: an adjustment is not booked without a reason; minus and plus; found by its name") {
    const Store store;
    store.bring(roll, 10);
    const Display display("us");
    Window window(store.program("stock"));
    test::pause_ms(1000);
    control("j");
    window.scan(roll);  // one is off
    window.key(place::enter);
    window.type("seminky");
    window.key(place::enter);
    window.type("+3");
    window.key(place::enter);
    window.key(place::f12);
    test::pause_ms(400);
    CHECK(store.documents().size() == 1);
    window.type("broken");  // the field of the reason has the keys now
    window.key(place::f12);
    REQUIRE(eventually([&] { return store.documents().size() == 2; }));
    CHECK(store.documents()[0].reason == "broken");
    CHECK(store.level(roll) == pieces(9));
    CHECK(store.level(bread) == pieces(3));
}

TEST_CASE("T13: a stocktake takes the scans, counts again by typing, and books the differences") {
    const Store store;
    store.bring(roll, 10);
    const Display display("us");
    Window window(store.program("stock"));
    test::pause_ms(1000);
    control("k");
    window.key(place::enter);  // everything
    REQUIRE(eventually([&] {
        const auto branch = store.open();
        return node::stocktake_sheet(branch->database(), "").has_value();
    }));
    window.scan(roll);
    window.scan(roll);
    window.type("7");
    window.key(place::enter);
    window.scan(bread);
    REQUIRE(eventually([&] {
        const auto branch = store.open();
        return node::stocktake_sheet(branch->database(), "")->counted == 2;
    }));
    CHECK(store.open_codes().empty());
    window.key(place::f12);
    window.key(place::enter);
    REQUIRE(eventually([&] { return store.documents().size() == 2; }));
    CHECK(store.documents()[0].kind == "counted");
    CHECK(store.level(roll) == pieces(7));
    CHECK(store.level(bread) == pieces(1));
    window.key(place::escape);
    window.key(place::escape);
    window.scan(roll);
    CHECK(eventually([&] { return store.open_codes() == std::vector<std::string>{roll}; }));
}

TEST_CASE("T13: goods are sent to a branch, and what was sent to this one is taken in with its lines") {
    const Store store;
    store.bring(roll, 10);
    const Display display("us");
    Window window(store.program("stock"));
    test::pause_ms(1000);
    control("t");
    test::pause_ms(600);
    window.key(place::f3);
    window.scan(roll);
    window.type("4");
    window.key(place::enter);
    window.key(place::f12);  // to which branch?
    test::pause_ms(300);
    CHECK(store.documents().size() == 1);
    window.type("1");
    window.key(place::f12);
    REQUIRE(eventually([&] { return store.documents().size() == 2; }));
    CHECK(store.documents()[0].on_the_way);
    CHECK(store.level(roll) == pieces(6));
    test::pause_ms(1000);
    window.key(place::enter);
    test::pause_ms(300);
    window.key(place::f12);
    REQUIRE(eventually([&] { return store.documents().size() == 3; }));
    CHECK(store.documents()[0].from == store.documents()[1].name);
    CHECK(store.documents()[1].arrived == store.documents()[0].name);
    CHECK(store.level(roll) == pieces(10));
}

TEST_CASE("T11: who may not change stock asks a second person, and what was typed is booked then") {
    const Store store;
    {
        const auto branch = store.open();
        node::Till till(*branch, node::Keep::every_command, node::least_pin_cost);
        const auto add = [&](const char* name, const char* role, const char* pin) {
            node::UserChange change;
            change.name = name;
            change.add = true;
            change.role = role;
            change.pin = pin;
            node::User changed;
            REQUIRE(till.change_user(change, changed).ok());
        };
        add("Boss", "administrator", "2468");
        till.set_cashier("");
        add("Anna", "cashier", "1357");
    }
    std::ofstream(store.scratch.file("pin")) << "1357\n";
    const Display display("us");
    Window window({test::variable("PAPRSEK_BIN") + "/paprsek-till", store.folder, "--size", "1366x820", "--pin-file", store.scratch.file("pin"), "--screen",
                   "goods-in"});
    window.scan(roll);
    window.key(place::f12);
    test::pause_ms(500);
    CHECK(store.documents().empty());
    window.type("2468");
    window.key(place::enter);
    REQUIRE(eventually([&] { return store.documents().size() == 1; }));
    CHECK(store.documents()[0].cashier == "Anna");
    const auto branch = store.open();
    const auto fact = branch->ledger().fact(store.documents()[0].seq);
    REQUIRE(fact.has_value());
    CHECK(node::parse_stock(fact->kind, fact->body).approvals.size() == 1);
}

TEST_CASE("T3: what is scanned in the scan inspector stays there, and the next scan after it is sold") {
    const Store store;
    const Display display("us");
    Window window(store.program("scans"));
    window.scan(roll);
    window.type(bread);
    window.key(place::enter);
    window.key(place::down);
    test::pause_ms(300);
    CHECK(store.open_codes().empty());
    window.key(place::escape);
    window.scan(roll);
    CHECK(eventually([&] { return store.open_codes() == std::vector<std::string>{roll}; }));
}
