// U1: the till by touch alone, in a real window, judged by the ledger; the keys on the screen; the order of the favourites.
#include <doctest/doctest.h>

#include <algorithm>

#include "node/customers.h"
#include "node/parked.h"
#include "node/presets.h"
#include "node/stock_fact.h"
#include "tests/ui/touch.h"
#include "ui/kit/touch_keys.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::Finger;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

struct TouchedShop : Shop {
    std::string drawn = scratch.file("drawn");
    std::vector<std::string> told(const std::string& size = "1366x820") const {
        auto arguments = Finger::told(program(), drawn);
        std::replace(arguments.begin(), arguments.end(), std::string("1366x820"), size);
        arguments.insert(arguments.end(), {"--language", "en"});
        return arguments;
    }

    std::vector<std::string> favourites() const {
        std::vector<std::string> keys;
        const auto branch = open();
        for (const node::FoundProduct& product : node::favourite_products(*branch)) keys.push_back(product.key);
        return keys;
    }
};

/// A till in its window, and a finger on it.
struct Touched {
    TouchedShop shop;
    Display display{"us"};
    Window window{shop.told()};
    Finger finger{window, shop.drawn};
};

/// Three rolls on the account of customer 2.
void charge(const Shop& shop) {
    const auto branch = shop.open();
    node::Till till(*branch, node::Keep::every_command);
    till.set_cashier("Anna");
    REQUIRE(till.scan(roll, node::Quantity::of(3'000)).ok());
    REQUIRE(till.log_in("2").ok());
    node::Booked booked;
    REQUIRE(till.pay({{node::TenderKind::account, till.view().due}}, booked).ok());
}

std::vector<std::string> digits_of(const std::string& text) {
    std::vector<std::string> keys;
    for (const char c : text) keys.emplace_back(1, c);
    return keys;
}

/// The newest fact, once it is of this kind.
std::optional<schema::Fact> last_fact(const Shop& shop, std::string_view kind) {
    std::optional<schema::Fact> fact;
    eventually([&] {
        const auto branch = shop.open();
        fact = branch->ledger().fact(branch->ledger().head().seq);
        return fact && fact->kind == kind;
    });
    return fact && fact->kind == kind ? fact : std::nullopt;
}

}  // namespace

TEST_CASE("U1: by touch alone: three of a code, a quantity typed over, and the payment") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    REQUIRE(finger.touch_each({"3", "×"}));
    REQUIRE(finger.touch_each(digits_of(roll)));
    REQUIRE(finger.touch("Enter"));
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    REQUIRE(finger.touch("Edit line"));
    REQUIRE(finger.sees("Save"));
    REQUIRE(finger.touch_each({"1", "2", "Save"}));  // the quantity is proposed: what is typed takes its place
    REQUIRE(finger.touch("Pay"));
    REQUIRE(finger.touch_each({"5", "0", "Take cash"}));
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    const node::ReceiptFact sale = shop.sales()[0];
    CHECK(sale.lines[0].quantity == node::Quantity::of(12'000));
    CHECK(sale.paid_with(node::TenderKind::cash) == node::Money::of(50'00));
}

TEST_CASE("T1: a number and × before a touched tile or a product of the list multiply, and nothing of it is left for the next customer") {
    const TouchedShop shop;
    node::set_presets(*shop.open(), node::parse_presets(R"({"favourites":["2009407121965"]})", "presets"));
    const Display display("us");
    Window window(shop.told());
    Finger finger(window, shop.drawn);
    const auto quantities = [&] {
        std::vector<node::Quantity> all;
        const auto branch = shop.open();
        const node::Till till(*branch, node::Keep::every_command);
        for (const node::ViewLine& line : till.view().lines) all.push_back(line.line.quantity);
        return all;
    };
    REQUIRE(finger.touch_each({"3", "×"}));
    REQUIRE(finger.touch("Rohlík tukový 43 g"));
    CHECK(eventually([&] { return quantities() == std::vector{node::Quantity::of(3'000)}; }));
    REQUIRE(finger.touch_each({"4", "×"}));
    window.key(place::f9);
    window.type("tukovy 43");
    REQUIRE(eventually([&] { return finger.sees("Rohlík tukový 43 g"); }));
    window.key(place::enter);
    CHECK(eventually([&] { return quantities() == std::vector{node::Quantity::of(3'000), node::Quantity::of(4'000)}; }));
    REQUIRE(finger.touch_each({"9", "×"}));
    window.keys({place::f12, place::enter}, 0);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    window.scan(roll);
    CHECK(eventually([&] { return quantities() == std::vector{node::Quantity::of(1'000)}; }));
}

TEST_CASE("U1: by touch alone: the whole receipt is struck out") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    REQUIRE(finger.touch("Shift Del"));
    REQUIRE(finger.touch("Strike it out"));
    CHECK(eventually([&] { return shop.open_codes().empty(); }));
}

TEST_CASE("U1: by touch alone: a customer is registered, with letters of both languages") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    REQUIRE(finger.touch_each({"Menu", "All customers", "New"}));
    REQUIRE(finger.sees("Save"));
    CHECK_FALSE(finger.find("Hide"));  // they come when they are asked for
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each({"Shift", "Ř", "í", "h", "a", "Space", "Shift", "Ș", "t", "e", "f", "x"}));
    REQUIRE(finger.touch(test::backspace_key));
    REQUIRE(finger.touch_each({"a", "n", "Next"}));
    REQUIRE(finger.touch_each({"7", "7", "Hide"}));
    REQUIRE(finger.touch("Save"));
    REQUIRE(eventually([&] {
        const auto branch = shop.open();
        const auto found = node::search_customers(branch->database(), "77");
        return !found.empty() && found.front().number == 77 && found.front().name == "Říha Ștefan";
    }));
}

TEST_CASE("U1: by touch alone: a delivery is booked, and no key lies on the field that it writes into") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    REQUIRE(finger.touch_each({"Menu", "Goods in"}));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each(digits_of("2009407121965")));
    const auto typed = finger.find("2009407121965");
    REQUIRE(typed);
    for (const char* key : {"q", "m", "Hide", "Space", "ě", "ț"}) {
        const auto at = finger.find(key);
        REQUIRE(at);
        CHECK(at->clear_of(*typed));
    }
    REQUIRE(finger.touch("Enter"));
    REQUIRE(finger.sees("Rohlík tukový 43 g"));
    REQUIRE(finger.touch_each({"2", "4", "Enter"}));
    REQUIRE(finger.touch_each({"2", ".", "5", "0", "Enter"}));
    REQUIRE(finger.touch("Hide"));
    REQUIRE(finger.touch("Book it in"));
    REQUIRE(eventually([&] {
        const auto branch = shop.open();
        std::int64_t facts = 0;
        branch->ledger().read(1, branch->ledger().head().seq, [&](const schema::Fact& fact) {
            if (fact.kind != schema::kind::stock_received) return true;
            ++facts;
            const node::StockFact booked = node::parse_stock(fact.kind, fact.body);
            REQUIRE(booked.lines.size() == 1);
            CHECK(booked.lines[0].quantity == node::Quantity::of(24'000));
            CHECK(booked.lines[0].cost == node::parse<node::Rate>("2.50"));
            return true;
        });
        return facts == 1;
    }));
}

TEST_CASE("U1: by touch alone: the drawer is counted by its pieces, and the day is closed") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    REQUIRE(finger.touch_each({"Menu", "Cash and closing", "Close the day (Z)"}));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each({"1", "Next", "2", "Next", "Next", "3", "Hide"}));  // of 5,000, of 2,000 and of 500
    REQUIRE(finger.touch("Close the day"));
    const auto closed = last_fact(shop, schema::kind::day_closed);
    REQUIRE(closed);
    const node::Json count = node::Json::parse(closed->body);
    CHECK(count["counted"] == 10'500'00);
    CHECK(count["denominations"] == node::Json{{"500000", 1}, {"200000", 2}, {"50000", 3}});
}

TEST_CASE("U1: by touch alone: stock is put right by a minus, and the reason is asked for") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    REQUIRE(finger.touch_each({"Menu", "Adjust stock"}));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each(digits_of(roll)));
    REQUIRE(finger.touch("Enter"));
    REQUIRE(finger.sees("Rohlík tukový 43 g"));
    REQUIRE(finger.touch_each({"−", "+", "4", "Enter", "Hide"}));  // the sign's button, there and back
    REQUIRE(finger.touch("Book the adjustment"));
    REQUIRE(finger.sees("Say why the stock is put right."));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each({"r", "o", "z", "b", "i", "t", "é", "Hide"}));
    REQUIRE(finger.touch("Book the adjustment"));
    const auto fact = last_fact(shop, schema::kind::stock_adjusted);
    REQUIRE(fact);
    const node::StockFact booked = node::parse_stock(fact->kind, fact->body);
    REQUIRE(booked.lines.size() == 1);
    CHECK(booked.lines[0].quantity == node::Quantity::of(-4'000));
    CHECK(booked.reason == "rozbité");
}

TEST_CASE("U1: by touch alone: goods are sent to a branch, and what was sent is taken in") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    REQUIRE(finger.touch_each({"Menu", "Transfers", "Send goods"}));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each(digits_of(roll)));
    REQUIRE(finger.touch("Enter"));
    REQUIRE(finger.sees("Rohlík tukový 43 g"));
    REQUIRE(finger.touch_each({"4", "Enter", "Hide"}));
    REQUIRE(finger.touch("Send"));
    REQUIRE(finger.sees("To which branch? Type its number."));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each({"1", "Hide", "Send"}));
    const auto sent = last_fact(shop, schema::kind::stock_sent);
    REQUIRE(sent);
    REQUIRE(node::parse_stock(sent->kind, sent->body).lines.size() == 1);
    CHECK(node::parse_stock(sent->kind, sent->body).lines[0].quantity == node::Quantity::of(4'000));
    REQUIRE(finger.touch_each({"Take this in", "Take in"}));
    const auto arrived = last_fact(shop, schema::kind::stock_arrived);
    REQUIRE(arrived);
    const node::StockFact taken = node::parse_stock(arrived->kind, arrived->body);
    REQUIRE(taken.lines.size() == 1);
    CHECK(taken.lines[0].quantity == node::Quantity::of(4'000));
}

TEST_CASE("U1: by touch alone: part of what stands on an account is paid, with change") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    charge(shop);
    REQUIRE(finger.touch_each({"Customer", "2", "Choose"}));
    REQUIRE(eventually([&] { return shop.customer_number() == 2; }));
    REQUIRE(finger.touch_each({"Customer", "Settle", "Pay this one"}));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each({"2", "Hide", "Pay this many", "Pay"}));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.touch_each({"1", "0", "Hide", "Take cash"}));
    const auto fact = last_fact(shop, schema::kind::settlement);
    REQUIRE(fact);
    const node::ActFact paid = node::parse_act(fact->body);
    REQUIRE(paid.items.size() == 1);
    CHECK(paid.items[0].quantity == node::Quantity::of(2'000));
    CHECK(paid.change == node::Money::of(4'00));  // 2 × 2.90, of ten, to whole crowns
}

TEST_CASE("T14: of a report that is too broad the debt stays in sight, and the columns beside it come by a button") {
    const TouchedShop shop;
    charge(shop);
    const Display display("us");
    Window window(shop.told("1024x768"));
    Finger finger(window, shop.drawn);
    REQUIRE(finger.touch_each({"Menu", "Reports", "Unpaid accounts"}));
    REQUIRE(finger.sees("Amount"));
    CHECK_FALSE(finger.find("Quantity"));
    for (int i = 0; i < 9 && !finger.find("Quantity"); ++i) REQUIRE(finger.touch("Next columns"));
    CHECK(finger.find("Quantity"));
    CHECK(finger.find("Amount"));
    CHECK(finger.find("Rohlík tukový 43 g"));
    for (int i = 0; i < 9 && finger.find("Quantity"); ++i) REQUIRE(finger.touch("Previous columns"));
    CHECK_FALSE(finger.find("Quantity"));
}

TEST_CASE("T14: on the smallest screen goods are reported by their whole names, and their codes come by a button") {
    const TouchedShop shop;
    constexpr const char* beans = "Fasole bătută cu ceapă Cămara Ilincăi 250 g";
    constexpr const char* beans_code = "5949990450899";
    {
        const auto branch = shop.open();
        node::Till till(*branch, node::Keep::every_command);
        till.set_cashier("Anna");
        REQUIRE(till.scan(beans_code, node::Quantity::of(1'000)).ok());
        node::Booked booked;
        REQUIRE(till.pay({{node::TenderKind::card, till.view().due}}, booked).ok());
    }
    const Display display("us");
    Window window(shop.told("1024x768"));
    Finger finger(window, shop.drawn);
    REQUIRE(finger.touch_each({"Menu", "Reports", "Sales by product"}));
    REQUIRE(finger.sees(beans));
    CHECK(finger.find(beans)->w > 250);  // as broad as its letters, so nothing is cut
    CHECK(finger.find("Margin"));
    CHECK_FALSE(finger.find(beans_code));
    for (int i = 0; i < 9 && !finger.find(beans_code); ++i) REQUIRE(finger.touch("Next columns"));
    CHECK(finger.find(beans_code));
    CHECK(finger.find("Margin"));
}

TEST_CASE("U1: Del on a line's screen strikes the line out, as its button says, and takes letters away while something is typed") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    window.scan(roll);
    window.scan("2177813536113");
    REQUIRE(eventually([&] { return shop.open_codes().size() == 2; }));
    window.key(place::f4);
    REQUIRE(finger.sees("Save"));
    window.type("12");
    window.key(place::left);
    window.key(place::del);
    window.key(place::enter);
    REQUIRE(eventually([&] { return !finger.find("Save"); }));
    CHECK(shop.open_codes().size() == 2);
    window.key(place::f4);
    REQUIRE(finger.sees("Save"));
    window.key(place::del);
    REQUIRE(eventually([&] { return shop.open_codes() == std::vector<std::string>{roll}; }));
}

TEST_CASE("U1: a key that is pressed sends the keys on the screen away, and a scan does not") {
    Touched touched;
    auto& [shop, display, window, finger] = touched;
    REQUIRE(finger.touch_each({"Menu", "Goods and prices"}));
    REQUIRE(finger.touch(test::keys_button));
    REQUIRE(finger.sees("Hide"));
    window.scan(roll);
    REQUIRE(finger.sees("Rohlík tukový 43 g"));
    CHECK(finger.find("Hide"));
    window.key(place::left);
    CHECK(eventually([&] { return !finger.find("Hide"); }));
}

TEST_CASE("U1: the keys on the screen lie in the window, and on no field wherever it is") {
    const ui::Rect window{0, 0, 1024, 700};
    for (const bool figures : {false, true}) {
        for (int y = 0; y <= 646; y += 17) {
            for (int x = 0; x <= 824; x += 103) {
                const ui::Ui::Field field{nullptr, {static_cast<float>(x), static_cast<float>(y), 200, 54}, figures};
                const ui::Rect keys = ui::touch_keys_place(window, field);
                CAPTURE(x);
                CAPTURE(y);
                CHECK(keys.x >= 0);
                CHECK(keys.y >= 0);
                CHECK(keys.right() <= window.right());
                CHECK(keys.bottom() <= window.bottom());
                CHECK((keys.bottom() <= field.at.y || keys.y >= field.at.bottom()));
            }
        }
    }
}

TEST_CASE("U1: every letter of Czech and Romanian has its key, none is smaller than a finger, and none lies on another") {
    for (const bool czech : {false, true}) {
        std::string letters;
        for (const ui::Capitals capitals : {ui::Capitals::none, ui::Capitals::all}) {
            const auto keys = ui::letter_keys(ui::touch_keys_place({0, 0, 1024, 700}, {nullptr, {10, 10, 100, 40}, false}), capitals, czech);
            for (std::size_t i = 0; i < keys.size(); ++i) {
                letters += keys[i].label + " ";
                CAPTURE(keys[i].label);
                CHECK(keys[i].at.w >= 42);
                CHECK(keys[i].at.h >= 42);
                for (std::size_t j = 0; j < i; ++j) {
                    const ui::Rect &a = keys[i].at, &b = keys[j].at;
                    CHECK((a.right() <= b.x + 0.5F || b.right() <= a.x + 0.5F || a.bottom() <= b.y + 0.5F || b.bottom() <= a.y + 0.5F));
                }
            }
        }
        for (const char* letter : {"á", "č", "ď", "é", "ě", "í", "ň", "ó", "ř", "š", "ť", "ú", "ů", "ý", "ž", "ă", "â", "î", "ș", "ț", "Ă",
                                   "Ș", "Ř", "Ů", "z", "y", "@"}) {
            CAPTURE(letter);
            CHECK(letters.find(std::string(letter) + " ") != std::string::npos);
        }
    }
}

TEST_CASE("T1: the order of the favourites is changed by key and by touch, and kept") {
    const TouchedShop shop;
    {
        const auto branch = shop.open();
        node::set_presets(*branch, node::parse_presets(R"({"favourites":["2009407121965","2177813536113","8599990070152"]})", "presets"));
    }
    const std::string a = "2009407121965", b = "2177813536113", c = "8599990070152";
    const Display display("us");
    {
        Window window(shop.told());
        Finger finger(window, shop.drawn);
        window.key(place::f10);
        REQUIRE(finger.sees("Favourites"));
        window.type("2");
        REQUIRE(finger.sees("Move up"));
        test::run({"xdotool", "key", "ctrl+Down"});
        REQUIRE(eventually([&] { return shop.favourites() == std::vector<std::string>{b, a, c}; }));
        REQUIRE(finger.touch("Move down"));
        REQUIRE(eventually([&] { return shop.favourites() == std::vector<std::string>{b, c, a}; }));
        REQUIRE(finger.touch("Move up"));
        REQUIRE(eventually([&] { return shop.favourites() == std::vector<std::string>{b, a, c}; }));
        window.key(place::del);
        REQUIRE(eventually([&] { return shop.favourites() == std::vector<std::string>{b, c}; }));
        window.key(place::escape);
        window.key(place::escape);
    }
    Window window(shop.told());
    Finger finger(window, shop.drawn);
    REQUIRE(finger.sees("Sůl s jódem 1 kg"));
    REQUIRE(finger.sees("Hrášek zelený mražený 400 g"));
    CHECK(finger.find("Sůl s jódem 1 kg")->x < finger.find("Hrášek zelený mražený 400 g")->x);
}

TEST_CASE("U1: by touch alone: a button of the bar does what it says on a screen that has another use for its key") {
    Touched till;
    till.window.scan(roll);
    till.window.scan(test::card);
    REQUIRE(eventually([&] { return till.shop.customer_number() == 3; }));
    till.window.key(place::f12);
    REQUIRE(till.finger.sees("Voucher"));  // by V
    till.window.type("1");
    REQUIRE(till.finger.touch("Points"));
    CHECK(till.finger.sees("Maximum now"));
    {
        const auto branch = till.shop.open();
        CHECK(node::Till(*branch, node::Keep::every_command).view().given.empty());
    }
    till.window.key(place::escape);
    till.window.key(place::f10);
    till.window.type(test::menu_key("reports"));
    REQUIRE(till.finger.sees("Spreadsheet"));  // by F5
    REQUIRE(till.finger.touch("Put aside"));
    CHECK(eventually([&] { return till.shop.open_codes().empty(); }));
    const auto branch = till.shop.open();
    CHECK(node::all_parked(branch->database()).size() == 1);
}
