// Sentences of the two texts that this product is to match, each by its own figures (tests/node/SOURCES.md lists all of them).
#include <doctest/doctest.h>

#include "node/account_reports.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

namespace {

constexpr const char* source_goods = "code,name,group,price,vat,cost,dealer_discounts\nTV,Television,,10000.00,A,8000.00,DEA:20\nROLL,Roll,,10.00,B,6.00,\n";

/// 2026-03-02 is a Monday.
std::string on(const char* date, const char* time) { return std::string("'at':'") + date + "T" + time + ":00+01:00',"; }
Json sell_at(Shop& shop, const std::string& when, const std::string& customer, const std::string& line, const std::string& more = {}) {
    return shop.play("{" + when + (customer.empty() ? "" : "'customer':'" + customer + "',") + "'lines':[" + line + "]" + more + "}");
}

}  // namespace

TEST_CASE("C13-C15: DEA means 20 % for whoever is of that category, and nobody else") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.customers("number,name,cards,dealer\n1,Dealer,,DEA\n2,Nobody,,\n3,Other,,VIP\n");
    CHECK(sell_at(shop, "", "1", "{'code':'TV'},{'code':'ROLL'}")["net"] == "8010.00");
    CHECK(sell_at(shop, "", "2", "{'code':'TV'}")["net"] == "10000.00");
    CHECK(sell_at(shop, "", "3", "{'code':'TV'}")["net"] == "10000.00");
}

TEST_CASE("C23-C24: a limit of nothing is no limit; one that is set is reached exactly and not passed") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.play("{'customer_add':{'number':'1','charge_to_account':true,'limit':'0'}}");
    shop.play("{'customer_add':{'number':'2','charge_to_account':true,'limit':'20.00'}}");
    const auto charge = [&](const char* who, const char* amount, const char* line) {
        return shop.play(std::string("{'customer':'") + who + "','lines':[" + line + "],'pay':[{'with':'account','amount':'" + amount + "'}]}")
            .value("refused", "");
    };
    CHECK(charge("1", "10000.00", "{'code':'TV'}") == "");
    CHECK(charge("2", "20.00", "{'code':'ROLL','qty':'2'}") == "");
    CHECK(charge("2", "10.00", "{'code':'ROLL'}") == "account_limit");
}

TEST_CASE("C35-C38: payments of a customer in a year, with their sum, and of all customers") {
    Shop shop;
    shop.catalogue(source_goods);
    for (const char* number : {"1", "2"}) shop.play(std::string("{'customer_add':{'number':'") + number + "','charge_to_account':true}}");
    for (const auto& [day, who] : {std::pair("2025-12-30", "1"), std::pair("2026-01-02", "1"), std::pair("2026-02-02", "2")}) {
        REQUIRE(!sell_at(shop, on(day, "10:00"), who, "{'code':'ROLL','qty':'3'}", ",'pay':[{'with':'account','amount':'30.00'}]").contains("refused"));
        REQUIRE(!shop.play("{" + on(day, "11:00") + "'settle':{'customer':'" + who + "','items':'all'}}").contains("refused"));
    }
    const auto year = [&](const char* from, const char* to, std::optional<std::string> who) {
        Money sum;
        const Json rows = report(shop.node(), "payments", {parse_date(from), parse_date(to), who, ""});
        for (const Json& row : rows) sum += test::money(row["amount"]);
        return std::pair(rows.size(), print(sum));
    };
    CHECK(year("2026-01-01", "2026-12-31", "1") == std::pair<std::size_t, std::string>(1, "30.00"));
    CHECK(year("2025-01-01", "2025-12-31", "1") == std::pair<std::size_t, std::string>(1, "30.00"));
    CHECK(year("2026-01-01", "2026-12-31", std::nullopt) == std::pair<std::size_t, std::string>(2, "60.00"));
}

TEST_CASE("C46: a settlement stands in the closing as cash in with its document, and nothing takes it away") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.play("{'customer_add':{'number':'1','charge_to_account':true}}");
    sell_at(shop, "", "1", "{'code':'ROLL'}", ",'pay':[{'with':'account','amount':'10.00'}]");
    const Json settled = shop.play("{'settle':{'customer':'1','items':'all'}}");
    const Json open = report(shop.node(), "closing", {})["open"];
    CHECK(open["settlements"] == "10.00");
    REQUIRE(open["cash"].size() == 1);
    CHECK(open["cash"][0]["document"] == settled["settlement"]);
    CHECK(open["cash"][0]["receipts"] == Json({"3.1-000001"}));
    const std::int64_t seq = settled["seq"];
    CHECK_THROWS(shop.database().run("DELETE FROM fact WHERE seq = ?", seq));
    CHECK_THROWS(shop.database().run("UPDATE fact SET body = '{}' WHERE seq = ?", seq));
    CHECK_THROWS(shop.database().run("INSERT OR REPLACE INTO fact SELECT seq, at, kind, '{}', hash FROM fact WHERE seq = ?", seq));
}

TEST_CASE("C50: from 10 000 spent 5 %, from 50 000 10 %; a point for each crown is 5 % at 0.05") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.policy(R"({"mode":"cumulative","levels":[{"spend":"50000","discount":"10"},{"spend":"10000","discount":"5"}]})");
    CHECK(sell_at(shop, "", "CARD-1", "{'code':'TV'}")["net"] == "10000.00");  // spend before this receipt is nothing
    CHECK(sell_at(shop, "", "CARD-1", "{'code':'TV'}")["net"] == "9500.00");   // 10 000 reached
    shop.play("{'correct':{'customer':'CARD-1','spend':'30499.99','reason':'to 49 999.99'}}");
    CHECK(sell_at(shop, "", "CARD-1", "{'code':'TV'}")["net"] == "9500.00");
    shop.play("{'correct':{'customer':'CARD-1','spend':'-9499.99','reason':'to 50 000'}}");
    CHECK(sell_at(shop, "", "CARD-1", "{'code':'TV'}")["net"] == "9000.00");

    Shop points;
    points.catalogue(source_goods);
    CHECK(sell_at(points, "", "CARD-1", "{'code':'TV'}")["points_balance"] == "10000.00");
    CHECK(sell_at(points, "", "CARD-1", "{'code':'TV'}", ",'redeem':'500.00'")["points_taken"] == "10000.00");
}

TEST_CASE("C51: Tuesday twice, Sunday three times, ten to eleven four times: an indirect discount of 20 %") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.policy(R"({"multipliers":[{"days":["tue"],"factor":"2"},{"days":["sun"],"factor":"3"},{"from":"10:00","to":"11:00","factor":"4"}]})");
    const auto awarded = [&](const char* date, const char* time) { return sell_at(shop, on(date, time), "CARD-1", "{'code':'ROLL'}")["points_awarded"]; };
    CHECK(awarded("2026-03-02", "09:59") == "10.00");
    CHECK(awarded("2026-03-02", "10:00") == "40.00");
    CHECK(awarded("2026-03-02", "10:59") == "40.00");
    CHECK(awarded("2026-03-02", "11:00") == "10.00");
    CHECK(awarded("2026-03-03", "09:00") == "20.00");
    CHECK(awarded("2026-03-03", "10:30") == "40.00");
    CHECK(awarded("2026-03-08", "09:00") == "30.00");
    const Json redeemed = sell_at(shop, on("2026-03-09", "12:00"), "CARD-1", "{'code':'TV'}", ",'redeem':'2.00'");
    CHECK(redeemed["points_taken"] == "40.00");  // 40 points of a roll at 10.00 are worth 2.00
}

TEST_CASE("C52, C65, C97: a time discount is added to any base discount, for everybody, in either mode") {
    for (const char* mode : {"points", "cumulative"}) {
        CAPTURE(mode);
        Shop shop;
        shop.catalogue(source_goods);
        shop.policy(std::string(R"({"mode":")") + mode + R"(","time_discounts":[{"days":["sun"],"from":"08:00","to":"11:00","discount":"5"}]})");
        shop.customers("number,name,cards,discount\n1,Ten,,10\n");
        CHECK(sell_at(shop, on("2026-03-08", "08:00"), "1", "{'code':'TV'}")["net"] == "8500.00");
        CHECK(sell_at(shop, on("2026-03-08", "10:59"), "", "{'code':'TV'}")["net"] == "9500.00");
        CHECK(sell_at(shop, on("2026-03-08", "11:00"), "", "{'code':'TV'}")["net"] == "10000.00");
        CHECK(sell_at(shop, on("2026-03-09", "09:00"), "1", "{'code':'TV'}")["net"] == "9000.00");
    }
}

TEST_CASE("C62-C64: points mode knows the spend and gives no level; cumulative mode gives no points and spends old ones; days may differ") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.policy(R"({"mode":"points","mode_by_day":{"wed":"cumulative"},"levels":[{"spend":"10000","discount":"5"}]})");
    Json sale = sell_at(shop, on("2026-03-02", "10:00"), "CARD-1", "{'code':'TV'}");
    CHECK(sale["points_awarded"] == "10000.00");
    CHECK(sale["spend"] == "10000.00");
    sale = sell_at(shop, on("2026-03-03", "10:00"), "CARD-1", "{'code':'TV'}");
    CHECK(sale["net"] == "10000.00");  // the spend is known, and gives nothing today
    sale = sell_at(shop, on("2026-03-04", "10:00"), "CARD-1", "{'code':'TV'}", ",'redeem':'100.00'");
    CHECK(sale["net"] == "9500.00");
    CHECK(sale["points_awarded"] == "0.00");
    CHECK(sale["redeemed"] == "100.00");
    CHECK(sale["points_balance"] == "18000.00");
    CHECK(sale["spend"] == "29500.00");
}

TEST_CASE("C82-C88: a point may be worth a crown; points by price, by margin or by hand, and all follow when the choice changes") {
    Shop shop;
    shop.catalogue("code,name,group,price,vat,cost,points\nA,A,,10.00,B,6.00,\nB,B,,20.00,B,15.00,7\n");
    const auto awarded = [&] { return sell_at(shop, "", "CARD-1", "{'code':'A'},{'code':'B'}")["points_awarded"]; };
    CHECK(awarded() == "17.00");
    shop.policy(R"({"earn":"margin","point_value":"1"})");
    CHECK(awarded() == "11.00");
    shop.policy(R"({"earn":"none","point_value":"1"})");
    CHECK(awarded() == "7.00");
    CHECK(sell_at(shop, "", "CARD-1", "{'code':'B'}", ",'redeem':'20.00'")["points_taken"] == "20.00");
}

TEST_CASE("C103-C107: points of this very receipt are spent, never more than there are; the receipt says what they paid") {
    Shop shop;
    shop.catalogue(source_goods);
    Json sale = sell_at(shop, "", "CARD-1", "{'code':'TV'}", ",'redeem':'max'");
    CHECK(sale["redeemed"] == "500.00");
    CHECK(sale["total"] == "9500.00");
    CHECK(sale["points_balance"] == "0.00");
    sale = sell_at(shop, "", "CARD-1", "{'code':'ROLL'}", ",'redeem':'9.00'");  // there are 10 points, worth 0.50
    CHECK(sale["redeemed"] == "0.50");
    CHECK(shop.refusal("{'lines':[{'code':'ROLL'}],'redeem':'max'}") == "redeem_without_customer");
    CHECK(shop.refusal("{'customer':'CARD-1','lines':[],'redeem':'max'}") == "redeem_without_goods");
}

TEST_CASE("C108: an e-wallet: no points are earned, a point is a crown, cash goes in and is spent until it is gone") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.policy(R"({"earn":"none","point_value":"1","redemption_is":"payment"})");
    CHECK(shop.play("{'deposit':{'customer':'CARD-1','amount':'25.00'}}")["points_balance"] == "25.00");
    CHECK(sell_at(shop, "", "CARD-1", "{'code':'ROLL','qty':'2'}", ",'redeem':'max'")["points_balance"] == "5.00");
    const Json last = sell_at(shop, "", "CARD-1", "{'code':'ROLL'}", ",'redeem':'max'");
    CHECK(last["redeemed"] == "5.00");
    CHECK(last["points_balance"] == "0.00");
}

TEST_CASE("C57-C59: any club's card is a customer at once; a policy may have new ones told") {
    Shop shop;
    shop.catalogue(source_goods);
    shop.policy(R"({"allow_customer_by_card":false})");
    CHECK(shop.refusal("{'customer':'CLUB-00001','lines':[{'code':'ROLL'}]}") == "unknown_customer");
    shop.policy(R"({"allow_customer_by_card":true,"alert_new_customer":true})");
    const Json first = sell_at(shop, "", "CLUB-00001", "{'code':'ROLL'}");
    CHECK(first["new_customer"] == true);
    CHECK(first["points_balance"] == "10.00");
    CHECK(!sell_at(shop, "", "CLUB-00001", "{'code':'ROLL'}").contains("new_customer"));
    CHECK(shop.customer("CLUB-00001")["name"] == "");
}

TEST_CASE("R5-R7, R32, R35: 5 % for holders of another issuer's cards on everything but cigarettes; many cards are one customer") {
    Shop shop;
    shop.catalogue("group,parent,excluded\ntobacco,,\ncigarettes,tobacco,\n");
    shop.catalogue("code,name,group,price,vat\nMILK,Milk,,20.00,B\nCIG,Cigarettes,cigarettes,150.00,A\n");
    shop.policy(R"({"excluded_groups":["tobacco"],
        "programmes":[{"name":"ABCDEF","discount":"5","card_ranges":[["6400000000000","6409999999999"]]}]})");
    Json sale = sell_at(shop, "", "6400000000017", "{'code':'MILK'},{'code':'CIG'}");
    CHECK(sale["net"] == "169.00");
    CHECK(sale["points_awarded"] == "20.00");
    CHECK(sell_at(shop, "", "6410000000014", "{'code':'MILK'}")["net"] == "20.00");  // not of the range
    // The same person has a card of the shop and two of other issuers: by barcode, or by magnetic stripe.
    shop.play("{'customer_edit':{'customer':'6400000000017','cards':['SHOP-0001','6400000000024']}}");
    CHECK(sell_at(shop, "", "SHOP-0001", "{'code':'MILK'}")["net"] == "19.00");
    CHECK(sell_at(shop, "", "%B6400000000024^NOVA/EVA^2912?", "{'code':'MILK'}")["net"] == "19.00");
    CHECK(shop.customer("SHOP-0001")["spend"] == "207.00");
}
