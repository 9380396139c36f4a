// Customers, accounts and loyalty in a real window, by keys alone, judged by the ledger.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "node/balances.h"
#include "node/catalogue.h"
#include "node/customer_desk.h"
#include "node/node.h"
#include "tests/ui/display.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

constexpr int page_down = 117;
constexpr const char* another_roll_card = "2900000000025";  // nobody's

struct People : Shop {
    std::optional<node::CustomerRecord> customer(const std::string& number_or_card) const {
        const auto branch = open();
        return node::named_customer(branch->database(), number_or_card);
    }
    std::vector<node::AccountItem> unpaid(const std::string& number) const {
        const auto branch = open();
        return node::open_items(branch->database(), node::named_customer(branch->database(), number)->terms.id);
    }
    node::Policy policy() const { return open()->policy(); }
    void set_policy(const std::string& json) const { open()->set_policy(json, "policy"); }
    /// Bought on account, as a till does it.
    void charge(const std::string& number, int pieces) const {
        const auto branch = open();
        node::Till till(*branch, node::Keep::every_command);
        till.set_cashier("Anna");
        REQUIRE(till.scan(roll, node::Quantity::of(pieces * 1000)).ok());
        REQUIRE(till.log_in(number).ok());
        node::Booked booked;
        REQUIRE(till.pay({{node::TenderKind::account, till.view().due}}, booked).ok());
    }
    std::vector<std::string> program(const std::string& screen) const {
        auto arguments = Shop::program();
        arguments.insert(arguments.end(), {"--screen", screen});
        return arguments;
    }
    std::vector<node::ActFact> acts(std::string_view kind) const {
        std::vector<node::ActFact> acts;
        const auto branch = open();
        branch->ledger().read(1, branch->ledger().head().seq, [&](const schema::Fact& fact) {
            if (fact.kind == kind) acts.push_back(node::parse_act(fact.body));
            return true;
        });
        return acts;
    }
};

void control(const std::string& letter) {
    test::run({"xdotool", "key", "ctrl+" + letter});
    test::pause_ms(150);
}

/// What is read beside the window has to be there before the next key means it.
void read_in() { test::pause_ms(1200); }

}  // namespace

TEST_CASE("A1: F1 lets the customer pay later with a limit; OK keeps it") {
    const People shop;
    const Display display("us");
    Window window(shop.program("till"));
    window.key(place::f1);
    window.type("3");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer_number() == 3; }));
    window.key(place::f1);
    read_in();
    window.key(place::tab);
    window.key(place::space);
    window.key(place::tab);
    window.type("500");
    window.key(place::enter);
    CHECK(eventually([&] { return shop.customer("3")->terms.charge; }));
    CHECK(shop.customer("3")->terms.limit == node::Money::of(500'00));
    // And off again, left by Esc this time.
    window.key(place::f1);
    read_in();
    window.key(place::tab);
    window.key(place::space);
    window.key(place::escape);
    CHECK(eventually([&] { return !shop.customer("3")->terms.charge; }));
}

TEST_CASE("A2: payment asks once whether to charge; Enter does, Esc takes cash, and the limit holds") {
    const People shop;
    const Display display("us");
    Window window(shop.program("till"));
    const auto begin = [&] {
        window.scan(roll);
        window.key(place::f1);
        window.type("2");
        window.key(place::enter);
        REQUIRE(eventually([&] { return shop.customer_number() == 2; }));
        test::pause_ms(200);
    };
    begin();
    window.key(place::f12);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].paid_with(node::TenderKind::account) == shop.sales()[0].total());
    begin();
    window.key(place::f12);
    window.key(place::escape);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 2; }));
    CHECK(shop.sales()[1].paid_with(node::TenderKind::cash) == shop.sales()[1].total());
    // 3,000.00 is the limit: 2,000 rolls are refused, and stay on the receipt.
    window.type("2000");
    window.key(place::star);
    begin();
    window.key(place::f12);
    window.key(place::enter);
    test::pause_ms(500);
    CHECK(shop.sales().size() == 2);
    CHECK(shop.open_codes() == std::vector<std::string>{roll});
}

TEST_CASE("A4: part of an item, all items, and back again are settled by keys; the documents are paired") {
    const People shop;
    shop.charge("2", 3);
    shop.charge("2", 1);
    const Display display("us");
    Window window(shop.program("till"));
    window.key(place::f1);
    window.type("2");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer_number() == 2; }));
    window.key(place::f1);
    read_in();
    window.key(place::f5);
    read_in();
    window.type("2");  // of three, which Enter would ask about as well
    window.key(place::enter);
    window.key(place::f12);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.acts(schema::kind::settlement).size() == 1; }));
    CHECK(shop.acts(schema::kind::settlement)[0].items.size() == 1);
    CHECK(shop.acts(schema::kind::settlement)[0].items[0].quantity == node::Quantity::of(2000));
    read_in();
    window.key(place::enter);  // the slip is read
    read_in();
    window.key(place::f3);            // all
    window.key(place::enter);  // but the first of them back
    window.key(place::f12);
    window.key(54);  // C: by card
    REQUIRE(eventually([&] { return shop.acts(schema::kind::settlement).size() == 2; }));
    CHECK(shop.unpaid("2").size() == 1);
    read_in();
    window.key(place::enter);
    read_in();
    window.key(place::f3);
    window.key(place::f12);
    window.key(place::enter);
    CHECK(eventually([&] { return shop.unpaid("2").empty(); }));
    read_in();
    window.key(place::enter);  // nothing is left: back at the account
    read_in();
    window.key(place::escape);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
}

TEST_CASE("A5, A6: statement, payments and their slips are opened, turned and left by keys") {
    const People shop;
    shop.charge("2", 3);
    const Display display("us");
    Window window(shop.program("till"));
    window.key(place::f1);
    window.type("2");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer_number() == 2; }));
    window.key(place::f1);
    read_in();
    window.key(place::f11);
    read_in();
    window.key(place::left);  // brief
    window.key(place::f11);   // on paper
    read_in();
    const std::string file = shop.scratch.file("statement.pdf");
    window.key(place::f11);
    test::pause_ms(400);
    test::run({"xdotool", "key", "ctrl+a"});
    window.type(file);
    window.key(place::enter);
    CHECK(eventually([&] { return std::filesystem::exists(file) && std::filesystem::file_size(file) > 1000; }));
    for (int i = 0; i < 2; ++i) window.key(place::escape);
    control("u");
    read_in();
    window.key(place::left);
    for (int i = 0; i < 2; ++i) window.key(place::escape);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
}

TEST_CASE("L3: an unknown card is offered to be registered, with its code filled in, where details are demanded") {
    const People shop;
    shop.set_policy(R"({"demand_details":true})");
    const Display display("us");
    Window window(shop.program("till"));
    window.scan(roll);
    window.key(place::f1);
    window.scan(another_roll_card);
    test::pause_ms(300);
    window.key(place::enter);  // register
    test::pause_ms(300);
    window.type("Jana Nova");
    window.key(place::tab);
    window.key(place::tab);
    window.type("600123456");
    window.key(place::enter);  // no address yet
    test::pause_ms(300);
    CHECK(!shop.customer(another_roll_card));
    window.key(place::tab);
    window.key(place::tab);
    window.type("Brno");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer(another_roll_card).has_value(); }));
    CHECK(shop.customer(another_roll_card)->texts.name == "Jana Nova");
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
    const auto branch = shop.open();
    CHECK(node::Till(*branch, node::Keep::every_command).view().customer->name == "Jana Nova");
}

TEST_CASE("T3, L3: goods that are scanned at F1 are rung up, and neither they nor a badge become a customer's card") {
    const People shop;
    shop.set_policy(R"({"allow_customer_by_card":true})");
    const Display display("us");
    Window window(shop.program("till"));
    window.key(place::f1);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes() == std::vector<std::string>{roll}; }));
    window.key(place::escape);
    window.key(place::under_escape);
    window.scan(roll);
    test::pause_ms(400);
    window.keys({place::f12, place::enter}, 0);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].customer.empty());
    CHECK_FALSE(shop.customer(roll));
}

TEST_CASE("L14: the preset of a wallet, cash paid in, and points by it") {
    const People shop;
    const node::Points before = shop.customer("3")->terms.points;
    shop.set_policy(R"({"earn":"none","point_value":"1","redemption_is":"payment"})");
    const Display display("us");
    Window window(shop.program("till"));
    window.key(place::f1);
    window.type("3");
    window.key(place::enter);
    test::pause_ms(300);
    window.key(place::f1);
    read_in();
    control("w");
    window.type("250");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.acts(schema::kind::deposit).size() == 1; }));
    CHECK(shop.acts(schema::kind::deposit)[0].amount == node::Money::of(250'00));
    CHECK(shop.customer("3")->terms.points == before + node::Points::of(250'00));
}

TEST_CASE("L6: points of all goods are filled in by their prices, and given back to the rules") {
    const People shop;
    const auto points = [&] {
        const auto branch = shop.open();
        return node::product_row(branch->database(), roll)->points;
    };
    const Display display("us");
    Window window(shop.program("goods-points"));
    window.key(place::enter);
    CHECK(eventually([&] { return points() == node::Points::of(2'90); }));
    window.key(place::left);
    window.key(place::tab);
    window.key(place::right);
    window.key(place::enter);
    window.key(place::enter);  // yes, of all
    CHECK(eventually([&] { return !points(); }));
}

TEST_CASE("L4: the list finds, edits and corrects; a pile of cards is added by scanning; two become one") {
    const People shop;
    const Display display("us");
    Window window(shop.program("customers"));
    read_in();
    window.type("tepel");
    read_in();
    window.key(place::enter);
    read_in();
    window.type("Ioana Tepelus");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer("3")->texts.name == "Ioana Tepelus"; }));
    // Points shall be 100, because of a complaint.
    read_in();
    window.key(place::enter);
    read_in();
    window.key(place::f3);
    window.type("100");
    window.key(place::tab);
    window.key(place::tab);
    window.type("complaint");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer("3")->terms.points == node::Points::of(100'00); }));
    CHECK(shop.acts(schema::kind::correction).back().reason == "complaint");
    // Merged into customer 1, and taken apart again.
    read_in();
    window.key(place::f11);
    window.type("1");
    read_in();
    window.key(place::enter);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer(test::card)->number == 1; }));
    CHECK(shop.customer("1")->terms.points == node::Points::of(1340'00));
    read_in();
    control("t");
    window.key(place::enter);
    CHECK(eventually([&] { return shop.customer(test::card)->number == 3; }));
    CHECK(shop.customer("1")->terms.points == node::Points::of(1240'00));
    window.key(place::escape);
    read_in();
    window.key(place::f3);
    window.scan("2900000000018");
    window.scan(another_roll_card);
    window.scan("2900000000018");
    CHECK(eventually([&] { return shop.customer("2900000000018").has_value() && shop.customer(another_roll_card).has_value(); }));
    CHECK(shop.open_codes().empty());
    for (int i = 0; i < 3; ++i) window.key(place::escape);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
}

TEST_CASE("L8, L10, L11: rows are made, edited and deleted, and the policy is saved whole") {
    const People shop;
    const Display display("us");
    Window window(shop.program("loyalty"));
    window.keys({page_down, page_down}, 60);  // Points times
    test::pause_ms(200);
    window.key(place::insert);
    for (int i = 0; i < 9; ++i) window.key(place::tab);
    window.type("3");
    window.key(place::enter);
    window.key(page_down);  // Discounts by spend
    window.key(place::insert);
    window.type("10000");
    window.key(place::tab);
    window.type("5");
    window.key(place::enter);
    window.key(place::f3);
    REQUIRE(eventually([&] { return shop.policy().levels.size() == 1; }));
    CHECK(shop.policy().levels[0].spend == node::Money::of(10'000'00));
    CHECK(shop.policy().levels[0].discount == node::Rate::of(5'000'000));
    REQUIRE(shop.policy().multipliers.size() == 1);
    CHECK(shop.policy().multipliers[0].factor == node::Rate::of(3'000'000));
    CHECK(shop.policy().multipliers[0].window.days == 0x7f);
    // A wrong row is told in place and not saved; then the level goes.
    window.key(place::insert);
    window.type("10000");
    window.key(place::tab);
    window.type("200");
    window.key(place::f3);
    test::pause_ms(300);
    CHECK(shop.policy().levels.size() == 1);
    window.key(place::escape);
    window.key(place::del);
    window.key(place::f3);
    CHECK(eventually([&] { return shop.policy().levels.empty(); }));
    window.key(place::escape);
    window.key(place::escape);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
}

TEST_CASE("L15: a tie is made and cancelled") {
    const People shop;
    const Display display("us");
    Window window(shop.program("referral"));
    read_in();
    window.key(place::insert);
    window.type("8");
    window.key(place::tab);
    window.type("2");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer("8")->terms.referrer == shop.customer("2")->terms.id; }));
    window.key(place::escape);
    window.key(place::escape);
    // Opened from the account of the one who brought, there is one tie alone.
    window.key(place::f1);
    window.type("2");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer_number() == 2; }));
    window.key(place::f1);
    read_in();
    control("r");
    read_in();
    window.key(place::del);
    window.key(place::enter);
    CHECK(eventually([&] { return shop.customer("8")->terms.referrer.empty(); }));
    CHECK(!shop.customer("7")->terms.referrer.empty());
}

TEST_CASE("L16: points are zeroed by a phrase that is typed, and the undoing brings them back") {
    const People shop;
    const node::Points before = shop.customer("3")->terms.points;
    std::string phrase;
    {
        const auto branch = shop.open();
        node::ResetSummary summary;
        CHECK(node::reset_balances(*branch, {}, node::ResetOf::points, {}, summary).refusal == node::Refusal::confirm_reset);
        // As the window says it, in Czech; marks do not matter.
        phrase = "Vynulovat body " + std::to_string(summary.customers) + " zakazniku";
    }
    const Display display("us");
    Window window(shop.program("reset"));
    window.key(place::enter);
    window.key(place::enter);  // nothing typed: nothing done
    test::pause_ms(300);
    CHECK(shop.customer("3")->terms.points == before);
    window.type(phrase);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.customer("3")->terms.points.is_zero(); }));
    CHECK(!shop.customer("3")->terms.spend.is_zero());
    window.key(place::f3);
    window.key(place::enter);
    CHECK(eventually([&] { return shop.customer("3")->terms.points == before; }));
}

TEST_CASE("A7: a loan says what to hand out, and that the drawer does not hold it by the books") {
    const People shop;
    const std::string play = shop.scratch.file("play"), pictures = shop.scratch.file("pictures");
    std::ofstream(play) << "screen customer\ntype 2\nkey Enter\nscreen till\nkey F11\ntype chess\nkey Tab\ntype 1000\nkey Enter\nkey F12\nkey A\nlook loan\n";
    const Display display("us");
    auto program = shop.program("till");
    program.insert(program.end(), {"--language", "en", "--play", play, "--pictures", pictures});
    REQUIRE(test::run(program) == 0);
    std::ifstream texts(pictures + "/texts.tsv");
    const std::string shown(std::istreambuf_iterator<char>(texts), {});
    CHECK(shown.find("Hand out in cash") != std::string::npos);
    CHECK(shown.find("The drawer should hold \u22121,000.00") != std::string::npos);
}
