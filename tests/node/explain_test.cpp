// "Why this price?" and the week's calendar (L17).
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "node/calendar.h"
#include "node/explain.h"
#include "node/pricing.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

namespace {

std::vector<std::string> rules(const Json& line) {
    std::vector<std::string> names;
    for (const Json& reason : line["why"])
        names.push_back(reason["rule"].get<std::string>() + (reason.contains("figure") ? " " + reason["figure"].get<std::string>() : ""));
    return names;
}

}  // namespace

TEST_CASE("why this price: told for every line, the rules in their order, and nothing is booked") {
    Shop shop;
    shop.catalogue("group,parent,excluded\ntobacco,,1\n");
    shop.catalogue("code,name,group,price,vat,dealer_discounts\nA,Apple,,100.00,B,DEA:20\nCIG,Cigarettes,tobacco,150.00,A,\n");
    shop.customers("number,name,cards,dealer,discount\n1,Eva,,DEA,5\n");
    shop.policy(R"({"time_discounts":[{"days":["mon"],"from":"10:00","to":"11:00","discount":"10"}],"multipliers":[{"days":["mon"],"factor":"3"}]})");
    const std::int64_t facts = shop.facts();
    const Json answer = shop.play("{'explain':true,'customer':'1','lines':[{'code':'A','discount':'2'},"
                                  "{'code':'CIG','discount':'50'},{'text':'Loan','price':'5.00'}]}");
    REQUIRE(answer["explain"].size() == 3);
    CHECK(rules(answer["explain"][0]) ==
          std::vector<std::string>{"unit_price", "dealer_discount 20", "time_discount 10", "manual_discount 2", "points_of_price", "multiplier 3"});
    CHECK(answer["explain"][0]["percent"] == "32");
    CHECK(answer["explain"][0]["net"] == "68.00");
    CHECK(answer["explain"][0]["points"] == "300.00");
    CHECK(rules(answer["explain"][1]) == std::vector<std::string>{"unit_price", "excluded", "manual_ignored 50"});
    CHECK(answer["explain"][1]["net"] == "150.00");
    CHECK(rules(answer["explain"][2]) == std::vector<std::string>{"typed_price"});
    CHECK(answer["net"] == "223.00");
    CHECK(shop.facts() == facts);
    // It is what is sold.
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A','discount':'2'},{'code':'CIG','discount':'50'},{'text':'Loan','price':'5.00'}]}")["net"] == "223.00");
    CHECK(shop.refusal("{'explain':true,'lines':[{'code':'NOBODY'}]}") == "unknown_code");
}

TEST_CASE("the week's calendar: overlaps take the highest, windows past midnight go on in the morning, days without are whole") {
    const Policy policy = parse_policy(R"({"mode_by_day":{"sun":"cumulative"},
        "multipliers":[{"days":["fri"],"from":"22:00","to":"02:00","factor":"2"},{"days":["fri"],"from":"23:00","to":"24:00","factor":"4"}],
        "time_discounts":[{"days":["mon"],"from":"08:00","to":"10:00","discount":"5"},{"days":["mon"],"from":"09:00","to":"11:00","discount":"10"}]})",
                                       "CZK", "policy");
    std::vector<std::string> rows;
    for (const Json& row : calendar_json(policy))
        rows.push_back(row["day"].get<std::string>() + " " + row["from"].get<std::string>() + "-" + row["to"].get<std::string>() + " x" +
                       row["multiplier"].get<std::string>() + " " + row["discount"].get<std::string>() + "%" + (row["mode"] == "points" ? "" : " cumulative"));
    CHECK(rows == std::vector<std::string>{"mon 00:00-08:00 x1 0%", "mon 08:00-09:00 x1 5%", "mon 09:00-11:00 x1 10%", "mon 11:00-24:00 x1 0%",
                                           "tue 00:00-24:00 x1 0%", "wed 00:00-24:00 x1 0%", "thu 00:00-24:00 x1 0%", "fri 00:00-22:00 x1 0%",
                                           "fri 22:00-23:00 x2 0%", "fri 23:00-24:00 x4 0%", "sat 00:00-02:00 x2 0%", "sat 02:00-24:00 x1 0%",
                                           "sun 00:00-24:00 x1 0% cumulative"});
}

TEST_CASE("property: at every minute of a week the calendar says what pricing does, and the order of rules does not matter") {
    CHECK(rc::check("calendar and pricing", [] {
        const auto window = [] {
            Json json = Json::object();
            if (*rc::gen::arbitrary<bool>()) json["days"] = Json::array({*rc::gen::element<std::string>("mon", "wed", "sat", "sun")});
            if (*rc::gen::inRange(0, 3) > 0) {
                const int from = *rc::gen::inRange(0, 24), to = *rc::gen::inRange(0, 24);
                if (from != to) {
                    json["from"] = (from < 10 ? "0" : "") + std::to_string(from) + ":00";
                    json["to"] = (to < 10 ? "0" : "") + std::to_string(to) + ":30";
                }
            }
            return json;
        };
        Json document = Json::object(), turned;
        document["multipliers"] = document["time_discounts"] = Json::array();
        for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
            Json rule = window();
            rule["factor"] = std::to_string(*rc::gen::inRange(1, 6));
            document["multipliers"].push_back(rule);
        }
        for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
            Json rule = window();
            rule["discount"] = std::to_string(*rc::gen::inRange(1, 60));
            document["time_discounts"].push_back(rule);
        }
        turned = document;
        for (const char* key : {"multipliers", "time_discounts"}) std::reverse(turned[key].begin(), turned[key].end());
        const Policy policy = parse_policy(document.dump(), "CZK", "policy"), other = parse_policy(turned.dump(), "CZK", "policy");
        const TimeZone zone("Europe/Prague");
        const std::vector<CalendarEntry> week = week_of(policy);
        CustomerTerms customer;
        customer.id = "c";
        LineInput input;
        input.product = Product{};
        input.product->price = input.price = Money::of(100'00);
        for (int slot = 0; slot < 7 * 48; ++slot) {
            const int day = slot / 48, minute = slot % 48 * 30;
            input.entered = Instant{zone.start_of(parse_date("2026-03-02").value()).ms + (std::int64_t{day} * 1440 + minute) * 60'000};
            const PricedLine priced = price_line(policy, zone, input, &customer);
            const auto entry = std::find_if(week.begin(), week.end(), [&](const CalendarEntry& each) {
                return static_cast<int>(each.day) == day && each.from <= minute && minute < each.to;
            });
            RC_ASSERT(entry != week.end());
            RC_ASSERT(priced.percent == entry->discount);
            RC_ASSERT(priced.line.points.raw() == 100'00 * entry->multiplier.raw() / 1'000'000);
            const PricedLine again = price_line(other, zone, input, &customer);
            RC_ASSERT(again.line.net == priced.line.net);
            RC_ASSERT(again.line.points == priced.line.points);
        }
    }));
}
