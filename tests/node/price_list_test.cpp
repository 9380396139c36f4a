// Price lists, prices of days to come, and what is sold along with a product (PRODUCT T15).
#include "node/price_list.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "node/base/error.h"
#include "node/catalogue.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

Date from_day(const char* text) { return *parse_date(text); }

/// A row of a receipt's answer.
Json answered_line(const Json& answer, std::size_t line) { return answer["lines"].at(line); }

struct PricedShop : test::Shop {
    PricedShop() { catalogue("code,name,price,vat,cost\nA,Bread,10.00,A,6.00\nB,Milk,20.00,A,\n"); }
    std::string price(const std::string& at) { return answered_line(play("{'at':'" + at + "','lines':[{'code':'A'}]}"), 0)["price"]; }
};

}  // namespace

TEST_CASE("of the branch's list the price that began last counts, then that of no list, then the catalogue's") {
    const auto prices = parse_listed_prices("@2026-03-10:11.00|@2026-04-01:12.00|market@2026-03-05:8.00|market@2026-03-20:9.00|kiosk@2026-03-01:5.00");
    REQUIRE(prices);
    const Money own = test::money("10.00");
    const auto on = [&](const char* list, const char* at) { return print(price_on(*prices, own, {list, from_day(at)})); };
    CHECK(on("", "2026-03-09") == "10.00");
    CHECK(on("", "2026-03-10") == "11.00");
    CHECK(on("", "2027-01-01") == "12.00");
    CHECK(on("market", "2026-03-04") == "10.00");
    CHECK(on("market", "2026-03-05") == "8.00");
    CHECK(on("market", "2026-03-19") == "8.00");
    CHECK(on("market", "2026-04-02") == "9.00");  // a list goes before a later price of no list
    CHECK(on("kiosk", "2026-03-01") == "5.00");
    CHECK(on("unknown", "2026-03-11") == "11.00");
    CHECK(price_on({}, own, {"market", from_day("2026-03-05")}) == own);
    for (const char* bad :
         {"x", "@", "@2026-03-01", "a@2026-03-01:-1.00", "@2026-13-01:1.00", "@2026-03-01:1.00|", "a|b@2026-03-01:1.00", " a@2026-03-01:1.00"}) {
        CAPTURE(std::string(bad));
        CHECK(!parse_listed_prices(bad));
    }
}

TEST_CASE("property: prices that are set are read again, one for a list and day, in order") {
    CHECK(rc::check("any order of setting and taking out", [] {
        std::vector<ListedPrice> prices;
        std::map<std::pair<std::string, int>, std::int64_t> should;
        for (int i = *rc::gen::inRange(0, 80); i > 0; --i) {
            const std::string list = *rc::gen::element<std::string>("", "market", "kiosk, at night");
            const Date from{*rc::gen::inRange(20'000, 20'012)};
            const auto price = *rc::gen::inRange(0, 3) ? std::optional(Money::of(*rc::gen::inRange(0, 100'000))) : std::nullopt;
            RC_ASSERT(set_price(prices, list, from, price));
            if (price)
                should[{list, from.days}] = price->raw();
            else
                should.erase({list, from.days});
        }
        RC_ASSERT(prices.size() == should.size());
        for (const ListedPrice& each : prices) RC_ASSERT(should.at({each.list, each.from.days}) == each.price.raw());
        const auto again = parse_listed_prices(print(prices));
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == prices);
        RC_ASSERT(
            std::is_sorted(prices.begin(), prices.end(), [](const auto& a, const auto& b) { return std::tie(a.list, a.from) < std::tie(b.list, b.from); }));
    }));
}

TEST_CASE("a price of a day to come begins at its midnight, by every way to the till") {
    PricedShop shop;
    const auto report = shop.catalogue("code,from,price\nA,2026-03-10,12.50\nA,2026-03-20,13.00\n");
    CHECK(report.changed == 2);
    CHECK(shop.price("2026-03-09T23:59:59+01:00") == "10.00");
    CHECK(shop.price("2026-03-10T00:00:00+01:00") == "12.50");
    CHECK(search_products(shop.database(), "bread", 5, price_day(shop.node())).at(0).price == test::money("12.50"));
    CHECK(shop.price("2026-03-25T12:00:00+01:00") == "13.00");
    // Points by policy come from that price, not from the catalogue's old one (rule 4).
    shop.customers("number,name\n1,Petr\n");
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A'}]}")["points_awarded"] == "13.00");
    CHECK(shop.catalogue("code,from,price\nA,2026-03-20,13.00\n").unchanged == 1);
    CHECK(shop.catalogue("code,from,price\nA,2026-03-20,\n").changed == 1);
    CHECK(shop.price("2026-03-25T12:01:00+01:00") == "12.50");
    // Another import of the products leaves the prices alone.
    CHECK(shop.catalogue("code,name,price,vat,cost\nA,Bread,10.00,A,6.00\n").unchanged == 1);
    CHECK(shop.price("2026-03-25T12:02:00+01:00") == "12.50");
    CHECK(shop.verify().ok());
}

TEST_CASE("the policy says by which list a branch sells") {
    PricedShop shop;
    shop.catalogue("code,list,from,price\nA,market,2026-01-01,8.00\nA,kiosk,2026-01-01,15.00\n");
    CHECK(shop.price("2026-03-03T10:00:00+01:00") == "10.00");
    shop.policy(R"({"price_lists":[{"name":"kiosk","branches":[3,7]},{"name":"market","branches":[4]}]})");
    CHECK(shop.price("2026-03-03T10:01:00+01:00") == "15.00");
    for (const char* bad :
         {R"({"price_lists":[{"name":"","branches":[]}]})", R"({"price_lists":[{"name":"a@b","branches":[1]}]})",
          R"({"price_lists":[{"name":"a","branches":[0]}]})", R"({"price_lists":[{"name":"a","branches":["1"]}]})",
          R"({"price_lists":[{"name":"a","branches":[1]},{"name":"a","branches":[2]}]})",
          R"({"price_lists":[{"name":"a","branches":[1]},{"name":"b","branches":[1]}]})", R"({"price_lists":[{"name":"a","branches":[1],"x":1}]})"}) {
        CAPTURE(std::string(bad));
        CHECK_THROWS_AS(shop.policy(bad), Error);
    }
    const std::string text = policy_json(shop.node().policy());
    CHECK(policy_json(parse_policy(text, "CZK", "again")) == text);
    shop.policy("{}");
    CHECK(policy_json(shop.node().policy()).find("price_lists") == std::string::npos);
}

TEST_CASE("wrong rows of prices are refused by place, and nothing is taken over") {
    PricedShop shop;
    const struct {
        const char* csv;
        const char* says;
    } table[] = {
        {"code,from,price\nA,2026-03-10,11.00\nZZ,2026-03-10,1.00\n", "line 3 column code: ZZ is not in the catalogue"},
        {"code,from,price\nA,10.3.2026,11.00\n", "line 2 column from"},
        {"code,from,price\nA,2026-03-10,-1.00\n", "line 2 column price"},
        {"code,list,from,price\nA,a|b,2026-03-10,1.00\n", "line 2 column list"},
        {"code,from,price\nA,2026-03-10,1.00\nA,2026-03-10,2.00\n", "stands already in"},
        {"code,from,price\nA|B,2026-03-10,1.00\n", "is not one code"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.csv));
        std::string message;
        try {
            shop.catalogue(row.csv);
        } catch (const Error& error) {
            message = error.what();
        }
        CHECK_MESSAGE(message.find(row.says) != std::string::npos, message);
    }
    CHECK(shop.price("2026-03-11T10:00:00+01:00") == "10.00");
    std::string many = "code,from,price\n";
    for (int i = 0; i <= static_cast<int>(max_listed_prices); ++i) many += "A," + print(Date{20'600 + i}) + ",1.00\n";
    CHECK_THROWS_AS(shop.catalogue(many), Error);
}

TEST_CASE("a bottle's deposit is sold along with it, follows its quantity, and is struck out with it") {
    test::Shop shop;
    shop.catalogue(
        "code,name,price,vat,linked\nBEER,Beer,20.00,A,BOTTLE\nBOTTLE,Deposit,3.00,C,\nSIX,Crate,100.00,A,BOTTLE|CRATE\nCRATE,Crate deposit,50.00,C,\n");
    const Json sold = shop.play("{'lines':[{'code':'BEER','qty':'4'},{'code':'SIX'}]}");
    REQUIRE(sold["lines"].size() == 5);
    CHECK(answered_line(sold, 1)["code"] == "BOTTLE");
    CHECK(answered_line(sold, 1)["qty"] == "4");
    CHECK(answered_line(sold, 1)["net"] == "12.00");
    CHECK(answered_line(sold, 4)["code"] == "CRATE");
    CHECK(sold["total"] == "245.00");
    // Each is goods of its own: returned by itself, and in stock by itself.
    CHECK(shop.play("{'refund_of':'3.1-000001','lines':[{'code':'BOTTLE','qty':'5'}]}")["total"] == "-15.00");
    CHECK(shop.verify().ok());

    Till till(shop.node(), Keep::every_command);
    CHECK(till.scan("BEER").ok());
    CHECK(till.scan("CRATE").ok());
    REQUIRE(till.view().lines.size() == 3);
    CHECK(till.set_quantity(0, test::quantity("3")).ok());
    CHECK(till.view().lines[1].line.quantity == test::quantity("3"));
    CHECK(till.view().lines[2].line.quantity == test::quantity("1"));
    CHECK(till.view().net == test::money("119.00"));
    CHECK(till.set_quantity(1, test::quantity("2")).ok());  // one bottle was brought back empty
    CHECK(till.view().lines[0].line.quantity == test::quantity("3"));
    {
        Till again(shop.node(), Keep::every_command);  // after a power cut they still belong together
        CHECK(again.void_line(0).ok());
        REQUIRE(again.view().lines.size() == 1);
        CHECK(again.view().lines[0].line.code == "CRATE");
        CHECK(again.void_receipt().ok());
    }
    CHECK(shop.verify().ok());
}

TEST_CASE("what follows a line goes with it where a receipt is divided") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat,linked\nBEER,Beer,20.00,A,BOTTLE\nBOTTLE,Deposit,3.00,C,\nA,Bread,10.00,A,\n");
    CHECK(shop.play("{'park':{'table':'T1'},'lines':[{'code':'BEER','qty':'4'},{'code':'A'}]}").contains("parked"));
    shop.play("{'split':{'from':{'table':'T1'},'items':[{'line':1,'qty':'1'}]}}");
    const Json rest = report(shop.node(), "parked", {});
    REQUIRE(rest.size() == 2);
    CHECK(rest[0]["net"] == "23.00");
    CHECK(rest[1]["net"] == "79.00");
}

TEST_CASE("a linked code that the catalogue does not have keeps nothing from being sold, and one's own is refused") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat,linked\nBEER,Beer,20.00,A,BOTTLE\n");
    CHECK(shop.play("{'lines':[{'code':'BEER'}]}")["lines"].size() == 1);
    CHECK_THROWS_AS(shop.catalogue("code,name,price,vat,linked\nX,Thing,1.00,A,X\n"), Error);
    // A file without the column leaves what is known; an empty one takes it out.
    shop.catalogue("code,name,price,vat\nBOTTLE,Deposit,3.00,C\n");
    CHECK(shop.catalogue("code,name,price,vat\nBEER,Beer,20.00,A\n").unchanged == 1);
    CHECK(shop.play("{'lines':[{'code':'BEER'}]}")["lines"].size() == 2);
    shop.catalogue("code,name,price,vat,linked\nBEER,Beer,20.00,A,\n");
    CHECK(shop.play("{'lines':[{'code':'BEER'}]}")["lines"].size() == 1);
}
