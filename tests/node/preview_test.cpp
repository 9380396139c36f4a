// Campaign preview: what a policy would have given for past sales, before it is set.
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "node/preview.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

namespace {

constexpr const char* preview_goods = "code,name,group,price,vat\nA,Apple,,100.00,B\nB,Bread,,50.00,B\n";

Json preview(Shop& shop, const char* policy, const char* from = "2026-03-01", const char* to = "2026-03-31") {
    return preview_policy(shop.node(), policy, "policy.json", parse_date(from), parse_date(to));
}

}  // namespace

TEST_CASE("a preview says by day and customer what a policy would have given, and books nothing") {
    Shop shop;
    shop.catalogue(preview_goods);
    shop.play("{'at':'2026-02-27T10:00:00+01:00','customer':'CARD-1','lines':[{'code':'A','qty':'9'}]}");
    shop.play("{'at':'2026-03-02T10:00:00+01:00','customer':'CARD-1','lines':[{'code':'A'}]}");
    shop.play("{'at':'2026-03-02T12:00:00+01:00','lines':[{'code':'B'},{'text':'Loan','price':'5.00'}]}");
    shop.play("{'at':'2026-03-03T10:00:00+01:00','customer':'CARD-1','lines':[{'code':'A'}]}");
    shop.play("{'at':'2026-03-03T10:10:00+01:00','customer':'CARD-2','lines':[{'code':'A','discount':'10'}]}");
    shop.play("{'at':'2026-04-03T10:00:00+02:00','customer':'CARD-2','lines':[{'code':'A'}]}");
    const std::int64_t facts = shop.facts();

    // From 1000 spent on 5 %: CARD-1 has 900 before March, and 1000 after its first receipt.
    Json json = preview(shop, R"({"mode":"cumulative","levels":[{"spend":"1000","discount":"5"}]})");
    REQUIRE(json["days"].size() == 2);
    CHECK(json["days"][0]["day"] == "2026-03-02");
    CHECK(json["days"][0]["receipts"] == 2);
    CHECK(json["days"][0]["was"] == Json({{"net", "155.00"}, {"discount", "0.00"}, {"points", "100.00"}}));
    CHECK(json["days"][0]["would"] == Json({{"net", "155.00"}, {"discount", "0.00"}, {"points", "0.00"}}));
    CHECK(json["days"][1]["would"] == Json({{"net", "185.00"}, {"discount", "15.00"}, {"points", "0.00"}}));
    CHECK(json["days"][1]["difference"] == Json({{"net", "-5.00"}, {"discount", "5.00"}, {"points", "-200.00"}}));
    CHECK(json["total"]["difference"]["net"] == "-5.00");
    REQUIRE(json["customers"].size() == 2);
    CHECK(json["customers"][0]["customer"] == "CARD-1");
    CHECK(json["customers"][0]["difference"]["net"] == "-5.00");
    CHECK(json["customers"][1]["difference"]["net"] == "0.00");

    json = preview(shop, R"({"time_discounts":[{"days":["mon"],"discount":"10"}],"multipliers":[{"days":["tue"],"factor":"3"}]})");
    CHECK(json["days"][0]["difference"] == Json({{"net", "-15.00"}, {"discount", "15.00"}, {"points", "0.00"}}));
    CHECK(json["days"][1]["difference"] == Json({{"net", "0.00"}, {"discount", "0.00"}, {"points", "400.00"}}));
    CHECK(preview(shop, "{}", "2026-05-01", "2026-05-31")["days"].empty());
    CHECK_THROWS_AS(preview(shop, R"({"levelz":[]})"), Error);
    CHECK(shop.facts() == facts);
}

TEST_CASE("previewing the policy that was in force says that nothing would have been different") {
    Shop shop;
    shop.catalogue("group,parent,excluded\ntobacco,,1\n");
    shop.catalogue("code,name,group,price,vat,cost,points,dealer_discounts\n"
                   "A,Apple,,100.00,B,60.00,,DEA:20\nW,Weighed,,33.33,B,,,\nCIG,Cigarettes,tobacco,150.00,A,,,\n"
                   "P,Pear,,10.00,B,,7,\n");
    shop.customers("number,name,cards,dealer,discount,spend\n1,Eva,,DEA,5,900\n2,Jan,,,3,0\n");
    const char* policy = R"({"mode_by_day":{"wed":"cumulative"},"levels":[{"spend":"1000","discount":"10"}],
        "time_discounts":[{"days":["mon"],"from":"10:00","to":"11:00","discount":"4"}],"multipliers":[{"days":["tue"],"factor":"1.5"}]})";
    shop.policy(policy);
    for (const char* date : {"2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"})
        for (const char* who : {"'customer':'1',", "'customer':'2',", ""})
            shop.play(std::string("{'at':'") + date + "T10:30:00+01:00'," + who +
                      "'lines':[{'code':'A'},{'code':'W','qty':'0.735'},{'code':'CIG'},{'code':'P','price':'8.00'},{'code':'A','discount':'7'}]}");
    const Json json = preview(shop, policy);
    CHECK(json["total"]["receipts"] == 12);
    for (const Json& day : json["days"]) CHECK(day["was"] == day["would"]);
    for (const Json& customer : json["customers"]) CHECK(customer["was"] == customer["would"]);
}

TEST_CASE("a preview tells how far it has come, and stops where it is told to") {
    Shop shop;
    shop.catalogue(preview_goods);
    for (int i = 0; i < 3; ++i) shop.play("{'at':'2026-03-02T10:00:00+01:00','lines':[{'code':'A'}]}");
    std::vector<std::pair<std::int64_t, std::int64_t>> told;
    const auto run = [&](bool go_on) {
        return preview_policy(shop.node(), "{}", "policy.json", {}, {}, [&](std::int64_t done, std::int64_t all) {
            told.emplace_back(done, all);
            return go_on;
        });
    };
    CHECK(run(true)["total"]["receipts"] == 3);
    CHECK(told == std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 3}});
    CHECK(run(false)["total"]["receipts"] == 0);
}
