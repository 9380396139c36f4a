// DESIGN.md "Policy JSON": defaults, every key, every refusal by name; windows and dates.
#include <doctest/doctest.h>

#include <fstream>

#include "node/base/error.h"
#include "node/policy.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::instant;
using test::rate;

namespace {

Policy parsed(const std::string& json) { return parse_policy(json, "CZK", "policy.json"); }

std::string policy_fault(const std::string& json) {
    try {
        parsed(json);
        return "";
    } catch (const Error& error) {
        CHECK(error.exit() == Exit::refused);
        return error.what();
    }
}

TimeWindow window(const std::string& json) { return parsed("{\"multipliers\":[" + json + "]}").multipliers.front().window; }

}  // namespace

TEST_CASE("an empty policy is the documented default") {
    const Policy policy = parsed("{}");
    CHECK(policy.mode == Mode::points);
    CHECK(policy.point_value == rate("0.05"));
    CHECK(policy.earn == Earn::price);
    CHECK(policy.points_from == PointsFrom::catalogue);
    CHECK(policy.redemption_is == RedemptionIs::discount);
    CHECK(policy.allow_customer_by_card);
    CHECK(!policy.alert_new_customer);
    CHECK(!policy.demand_details);
    CHECK(!policy.hide_customer_info);
    CHECK(policy.cash_rounding == test::money("1.00"));
    CHECK(!policy.referral);
    CHECK(!policy.points_expire_months);
    CHECK(policy.vat_groups() == std::vector<std::string>{"A", "B", "C"});
    REQUIRE(policy.barcode_rules.size() == 10);
    CHECK(policy.barcode_rules[9].pattern == "27IIIIIIIIIIK");
    CHECK(policy.barcode_rules[0].pattern == "28IIII0WWWWWK");
    CHECK(policy.barcode_rules[1].pattern == "29IIII0WWWWWK");
    CHECK(parse_policy("{}", "RON", "p").cash_rounding == Money{});
}

TEST_CASE("rights keep a share in reserve, and their caps") {
    const Policy policy = parsed(R"({"offline":{"spend":"rights","reserve":"25","per_customer":"10.00"}})");
    CHECK(policy.offline.spend == SpendBy::right);
    CHECK(policy.offline.reserve == test::rate("25"));
    CHECK(policy_json(parsed(policy_json(policy))) == policy_json(policy));
    CHECK(parsed(R"({"offline":{"spend":"rights"}})").offline.reserve == test::rate("50"));
    CHECK(policy_json(parsed("{}")).find("reserve") == std::string::npos);
}

TEST_CASE("the document of DESIGN.md is taken, and printing it again is the identity") {
    const std::string text = R"({"mode":"points","mode_by_day":{"sun":"cumulative"},"point_value":"0.05","earn":"price","redemption_is":"discount",
 "multipliers":[{"days":["tue"],"factor":"2"},{"days":["mon","wed"],"from":"10:00","to":"11:00","factor":"4"}],
 "levels":[{"spend":"10000","discount":"5"},{"spend":"50000","discount":"10"}],
 "time_discounts":[{"days":["wed"],"from":"12:00","to":"13:00","discount":"10"}],
 "excluded_groups":["tobacco"],"excluded_products":[],
 "programmes":[{"name":"ABCDEF","discount":"5","card_ranges":[["6400000000000","6409999999999"]],"excluded_groups":[],
   "valid_from":"2026-01-01","valid_to":null}],
 "referral":{"share":"5","of":"points"},
 "allow_customer_by_card":true,"alert_new_customer":false,"demand_details":false,"hide_customer_info":false,
 "cash_rounding":"1.00","vat":[{"group":"A","rate":"21","from":"2024-01-01"},{"group":"B","rate":"12"},{"group":"C","rate":"0"}],
 "points_from":"catalogue","points_expire_months":null,"barcode_rules":[{"name":"weight","pattern":"28IIII0WWWWWK","unit":"g","priority":10}],
 "offline":{"spend":"allowance","per_customer":"500.00","per_day":"2000.00"}})";
    const Policy policy = parsed(text);
    CHECK(policy.mode_on(Weekday::sun) == Mode::cumulative);
    CHECK(policy.mode_on(Weekday::sat) == Mode::points);
    CHECK(policy.offline.per_customer == test::money("500.00"));
    const std::string printed = policy_json(policy);
    CHECK(policy_json(parsed(printed)) == printed);
    CHECK(printed == canonical(Json::parse(printed)));
}

TEST_CASE("what is wrong in a policy is refused by name") {
    const struct {
        const char* json;
        const char* says;
    } table[] = {
        {"[]", "object"},
        {"{", "JSON"},
        {"", "JSON"},
        {R"({"mode":"points"}})", "JSON"},
        {R"({"mod":"points"})", "\"mod\""},
        {R"({"mode":"points","mode":"points"})", "\"mode\" is given twice"},
        {R"({"mode":"both"})", "\"mode\""},
        {R"({"mode":1})", "\"mode\""},
        {R"({"mode_by_day":{"sunday":"points"}})", "\"sunday\""},
        {R"({"mode_by_day":{"sun":"off"}})", "\"sun\""},
        {R"({"mode_by_day":["sun"]})", "mode_by_day"},
        {R"({"point_value":"0"})", "\"point_value\""},
        {R"({"point_value":"-1"})", "\"point_value\""},
        {R"({"point_value":"0.0000001"})", "\"point_value\""},
        {R"({"point_value":0.05})", "\"point_value\""},
        {R"({"point_value":true})", "\"point_value\""},
        {R"({"earn":"turnover"})", "\"earn\""},
        {R"({"redemption_is":"gift"})", "\"redemption_is\""},
        {R"({"points_from":"gross"})", "\"points_from\""},
        {R"({"multipliers":{}})", "\"multipliers\""},
        {R"({"multipliers":[{"factor":"-1"}]})", "multipliers[1]: \"factor\""},
        {R"({"multipliers":[{"days":["mon"]}]})", "multipliers[1]: \"factor\""},
        {R"({"multipliers":[{"factor":"2"},{"days":["monday"],"factor":"2"}]})", "multipliers[2]: \"days\""},
        {R"({"multipliers":[{"days":"mon","factor":"2"}]})", "\"days\""},
        {R"({"multipliers":[{"from":"25:00","factor":"2"}]})", "\"from\""},
        {R"({"multipliers":[{"from":"8:00","factor":"2"}]})", "\"from\""},
        {R"({"multipliers":[{"from":"08:60","factor":"2"}]})", "\"from\""},
        {R"({"multipliers":[{"from":"08:00","to":"08:00","factor":"2"}]})", "\"to\""},
        {R"({"multipliers":[{"factor":"2","note":"x"}]})", "\"note\""},
        {R"({"levels":[{"spend":"10"}]})", "levels[1]: \"discount\""},
        {R"({"levels":[{"spend":"-1","discount":"5"}]})", "\"spend\""},
        {R"({"levels":[{"spend":"10","discount":"101"}]})", "\"discount\""},
        {R"({"levels":[{"spend":"10","discount":"5"},{"spend":"10.00","discount":"6"}]})", "levels"},
        {R"({"time_discounts":[{"discount":"-5"}]})", "\"discount\""},
        {R"({"excluded_groups":"tobacco"})", "\"excluded_groups\""},
        {R"({"excluded_groups":[1]})", "\"excluded_groups\""},
        {R"({"excluded_products":[""]})", "\"excluded_products\""},
        {R"({"programmes":[{"discount":"5"}]})", "programmes[1]: \"name\""},
        {R"({"programmes":[{"name":"A"},{"name":"A"}]})", "\"name\""},
        {R"({"programmes":[{"name":"A","card_ranges":[["100","20"]]}]})", "\"card_ranges\""},
        {R"({"programmes":[{"name":"A","card_ranges":[["20","10"]]}]})", "\"card_ranges\""},
        {R"({"programmes":[{"name":"A","card_ranges":[["10"]]}]})", "\"card_ranges\""},
        {R"({"programmes":[{"name":"A","card_ranges":["10"]}]})", "\"card_ranges\""},
        {R"({"programmes":[{"name":"A","valid_from":"2026-02-30"}]})", "\"valid_from\""},
        {R"({"programmes":[{"name":"A","valid_from":"2026-02-02","valid_to":"2026-02-01"}]})", "\"valid_to\""},
        {R"({"referral":{"of":"points"}})", "\"share\""},
        {R"({"referral":{"share":"5","of":"net"}})", "\"of\""},
        {R"({"referral":{"share":"101"}})", "\"share\""},
        {R"({"allow_customer_by_card":"yes"})", "\"allow_customer_by_card\""},
        {R"({"demand_details":1})", "\"demand_details\""},
        {R"({"cash_rounding":"-1"})", "\"cash_rounding\""},
        {R"({"cash_rounding":"0.001"})", "\"cash_rounding\""},
        {R"({"vat":[]})", "\"vat\""},
        {R"({"vat":[{"group":"A"}]})", "vat[1]: \"rate\""},
        {R"({"vat":[{"group":"","rate":"21"}]})", "\"group\""},
        {R"({"vat":[{"group":"A","rate":"21"},{"group":"A","rate":"20"}]})", "\"group\""},
        {R"({"vat":[{"group":"A","rate":"21","from":"soon"}]})", "\"from\""},
        {R"({"points_expire_months":0})", "\"points_expire_months\""},
        {R"({"points_expire_months":"12"})", "\"points_expire_months\""},
        {R"({"barcode_rules":[{"name":"w","pattern":"28IIII0WWWWWK"}]})", "\"pattern\""},
        {R"({"barcode_rules":[{"name":"w","pattern":"28IIII0WWWWWK","unit":"g","priority":"10"}]})", "\"priority\""},
        {R"({"offline":{"per_customer":"-1"}})", "\"per_customer\""},
        {R"({"offline":{"limit":"1"}})", "\"limit\""},
        {R"({"offline":{"spend":"everything"}})", "\"spend\""},
        {R"({"offline":{"spend":"allowance","reserve":"50"}})", "\"reserve\""},
        {R"({"offline":{"spend":"rights","reserve":"101"}})", "\"reserve\""},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.json));
        const std::string message = policy_fault(row.json);
        CHECK_MESSAGE(message.find("policy.json") != std::string::npos, message);
        CHECK_MESSAGE(message.find(row.says) != std::string::npos, message);
    }
}

TEST_CASE("a policy that is refused changes nothing, the same one twice books one fact") {
    test::Shop shop;
    shop.policy(R"({"point_value":"1"})");
    const auto facts = shop.facts();
    CHECK_THROWS_AS(shop.policy(R"({"point_value":"2","colour":"red"})"), Error);
    CHECK(shop.facts() == facts);
    CHECK(shop.node().policy().point_value == rate("1"));
    shop.policy(R"({"point_value":"1.000"})");
    CHECK(shop.facts() == facts);
    shop.policy("{}");  // left-out keys are the defaults again
    CHECK(shop.node().policy().point_value == rate("0.05"));
}

TEST_CASE("windows: [from, to), weekdays, past midnight belonging to the first day") {
    const TimeZone prague("Europe/Prague");
    const struct {
        const char* window;
        const char* at;
        bool inside;
    } table[] = {
        // 2026-03-04 is a Wednesday.
        {R"({"factor":"2"})", "2026-03-04T00:00:00+01:00", true},
        {R"({"days":[],"factor":"2"})", "2026-03-04T12:00:00+01:00", true},
        {R"({"days":["wed"],"factor":"2"})", "2026-03-04T00:00:00+01:00", true},
        {R"({"days":["wed"],"factor":"2"})", "2026-03-04T23:59:59+01:00", true},
        {R"({"days":["wed"],"factor":"2"})", "2026-03-05T00:00:00+01:00", false},
        {R"({"days":["wed"],"factor":"2"})", "2026-03-03T23:59:59+01:00", false},
        {R"({"days":["wed"],"from":"12:00","to":"13:00","factor":"2"})", "2026-03-04T11:59:59.999+01:00", false},
        {R"({"days":["wed"],"from":"12:00","to":"13:00","factor":"2"})", "2026-03-04T12:00:00+01:00", true},
        {R"({"days":["wed"],"from":"12:00","to":"13:00","factor":"2"})", "2026-03-04T12:59:59+01:00", true},
        {R"({"days":["wed"],"from":"12:00","to":"13:00","factor":"2"})", "2026-03-04T13:00:00+01:00", false},
        {R"({"days":["wed"],"from":"12:00","to":"13:00","factor":"2"})", "2026-03-04T11:30:00Z", true},  // the branch's zone counts
        {R"({"from":"20:00","factor":"2"})", "2026-03-04T23:59:00+01:00", true},
        {R"({"from":"20:00","factor":"2"})", "2026-03-04T19:59:00+01:00", false},
        {R"({"to":"08:00","factor":"2"})", "2026-03-04T00:00:00+01:00", true},
        {R"({"to":"08:00","factor":"2"})", "2026-03-04T08:00:00+01:00", false},
        {R"({"from":"20:00","to":"24:00","factor":"2"})", "2026-03-04T23:59:59+01:00", true},
        {R"({"days":["wed"],"from":"22:00","to":"02:00","factor":"2"})", "2026-03-04T21:59:00+01:00", false},
        {R"({"days":["wed"],"from":"22:00","to":"02:00","factor":"2"})", "2026-03-04T22:00:00+01:00", true},
        {R"({"days":["wed"],"from":"22:00","to":"02:00","factor":"2"})", "2026-03-05T01:59:00+01:00", true},
        {R"({"days":["wed"],"from":"22:00","to":"02:00","factor":"2"})", "2026-03-05T02:00:00+01:00", false},
        {R"({"days":["wed"],"from":"22:00","to":"02:00","factor":"2"})", "2026-03-04T01:00:00+01:00", false},  // Tuesday's night
        {R"({"days":["sun"],"from":"22:00","to":"02:00","factor":"2"})", "2026-03-09T01:00:00+01:00", true},   // Monday morning
        // The clock jumps from 2:00 to 3:00 on Sunday 2026-03-29.
        {R"({"days":["sun"],"from":"01:00","to":"03:00","factor":"2"})", "2026-03-29T00:59:59Z", true},   // 1:59:59
        {R"({"days":["sun"],"from":"01:00","to":"03:00","factor":"2"})", "2026-03-29T01:00:00Z", false},  // 3:00
        {R"({"days":["sun"],"from":"02:00","to":"03:00","factor":"2"})", "2026-03-29T01:00:00Z", false},  // that hour is not there
        {R"({"days":["sat"],"from":"22:00","to":"03:00","factor":"2"})", "2026-03-29T00:59:00Z", true},
        {R"({"days":["sat"],"from":"22:00","to":"03:00","factor":"2"})", "2026-03-29T01:00:00Z", false},
        // 2:00–3:00 comes twice on Sunday 2026-10-25; both times are in the window.
        {R"({"days":["sun"],"from":"02:00","to":"03:00","factor":"2"})", "2026-10-25T00:30:00Z", true},
        {R"({"days":["sun"],"from":"02:00","to":"03:00","factor":"2"})", "2026-10-25T01:30:00Z", true},
        {R"({"days":["sun"],"from":"02:00","to":"03:00","factor":"2"})", "2026-10-25T02:00:00Z", false},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.window));
        CAPTURE(std::string(row.at));
        CHECK(window(row.window).contains(prague.local(instant(row.at))) == row.inside);
    }
}

TEST_CASE("of a group's dated rates the latest that has begun counts") {
    const Policy policy =
        parsed(R"({"vat":[{"group":"A","rate":"25","from":"2027-01-01"},{"group":"A","rate":"20"},{"group":"A","rate":"21","from":"2024-01-01"}]})");
    CHECK(policy.vat_rate("A", *parse_date("2023-12-31")) == rate("20"));
    CHECK(policy.vat_rate("A", *parse_date("2024-01-01")) == rate("21"));
    CHECK(policy.vat_rate("A", *parse_date("2026-12-31")) == rate("21"));
    CHECK(policy.vat_rate("A", *parse_date("2027-01-01")) == rate("25"));
    CHECK(!policy.vat_rate("D", *parse_date("2027-01-01")));
}

TEST_CASE("programme ranges include both ends and compare codes of equal length only") {
    const auto range = [](const char* from, const char* to) {
        return parsed(std::string(R"({"programmes":[{"name":"P","discount":"5","card_ranges":[[")") + from + "\",\"" + to + "\"]]}]}").programmes.front();
    };
    const Programme programme = range("6400000000000", "6409999999999");
    CHECK(programme.holds("6400000000000"));
    CHECK(programme.holds("6409999999999"));
    CHECK(programme.holds("6405000000000"));
    CHECK(!programme.holds("6399999999999"));
    CHECK(!programme.holds("6410000000000"));
    CHECK(!programme.holds("640500000000"));
    CHECK(!programme.holds("64050000000000"));
    CHECK(range("ab10", "AB19").holds(normalise_code("aB19")));
    // Twelve digits whose check digit happens to be right are kept as EAN-13 and still are in a range of twelve digits.
    const Programme twelve = range("640000000008", "640999999999");
    CHECK(twelve.holds(normalise_code("640000000008")));
    CHECK(twelve.holds(normalise_code("640999999994")));
    CHECK(twelve.holds(normalise_code("640500000000")));
    CHECK(!twelve.holds(normalise_code("640000000007")));
    CHECK(!twelve.holds(normalise_code("641000000005")));
    CHECK(range("0640000000000", "0640999999999").holds(normalise_code("640500000003")));
}

TEST_CASE("programme dates include both days") {
    const auto dated = parsed(R"({"programmes":[{"name":"P","discount":"5","valid_from":"2026-03-02","valid_to":"2026-03-04"}]})").programmes.front();
    CHECK(!dated.valid_on(*parse_date("2026-03-01")));
    CHECK(dated.valid_on(*parse_date("2026-03-02")));
    CHECK(dated.valid_on(*parse_date("2026-03-04")));
    CHECK(!dated.valid_on(*parse_date("2026-03-05")));
}

TEST_CASE("the policy of a newer HQ: keys not known are passed over") {
    CHECK(parse_policy(R"({"point_value":"1","new_key":[1],"referral":{"share":"5","depth":2}})", "CZK", "p", 7, false).version == 7);
    CHECK_THROWS_AS(parse_policy(R"({"new_key":1})", "CZK", "p", 7, true), Error);
}
