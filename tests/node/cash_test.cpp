// Shifts, counting the drawer, X and Z, tenders of the policy's own, account sales in the closing (T8, T11, T12).
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "node/cashbook.h"
#include "node/reports.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::money;

namespace {

struct Market : test::Shop {
    Market() {
        catalogue("code,name,price,vat,cost\nA,Bread,10.00,B,6.00\nB,Soap,33.30,A,20.00\n");
        customers("number,name,charge_to_account\n1,Petr,1\n");
    }
    Json closing(const std::string& tender = "") {
        ReportRange range;
        if (!tender.empty()) range.tender = tender;
        return report(node(), "closing", range);
    }
    std::string faults() {
        std::string text;
        for (const std::string& fault : verify().faults) text += fault + "\n";
        return text;
    }
};

}  // namespace

TEST_CASE("shifts of several cashiers in a day, each with a count at both ends") {
    Market shop;
    CHECK(shop.refusal("{'close_shift':{}}") == "shift_not_open");
    const Json opened = shop.play("{'cashier':'anna','open_shift':{'denominations':{'500':1,'100':4,'50':2}}}");
    CHECK(opened["shift"] == 1);
    CHECK(opened["expected"] == "0.00");
    CHECK(opened["counted"] == "1000.00");
    CHECK(opened["difference"] == "1000.00");
    CHECK(shop.refusal("{'open_shift':{}}") == "shift_open");
    CHECK(shop.play("{'close_day':{}}")["message"] == "Shift 1 of anna is open: close it first.");
    shop.play("{'cashier':'anna','lines':[{'code':'A','qty':'3'}]}");
    CHECK(shop.closing()["shift"]["cash_sales"] == "30.00");
    CHECK(shop.closing()["shift"]["cashier"] == "anna");
    const Json first = shop.play("{'cashier':'anna','close_shift':{'counted':'1028.00'}}");
    CHECK(first["shift"] == 1);
    CHECK(first["opening"] == "1000.00");
    CHECK(first["expected"] == "1030.00");
    CHECK(first["difference"] == "-2.00");
    CHECK(first["cashier"] == "anna");
    CHECK(shop.closing()["shift"].is_null());

    CHECK(shop.play("{'cashier':'bob','open_shift':{}}")["counted"] == "1028.00");
    shop.play("{'cashier':'bob','lines':[{'code':'A'}],'pay':[{'with':'card','amount':'10.00'}]}");
    shop.play("{'cashier':'bob','cash':{'out':'500','reason':'to the bank'}}");
    const Json second = shop.play("{'cashier':'bob','close_shift':{'counted':'528'}}");
    CHECK(second["shift"] == 2);
    CHECK(second["sales"]["count"] == 1);
    CHECK(second["difference"] == "0.00");

    const Json z = shop.play("{'close_day':{'counted':'530.00'}}");
    CHECK(z["z"] == 1);
    CHECK(z["opening"] == "0.00");
    CHECK(z["counts"] == "998.00");  // the float, less what was short
    CHECK(z["cash_sales"] == "30.00");
    CHECK(z["cash_out"] == "500.00");
    CHECK(z["expected"] == "528.00");
    CHECK(z["difference"] == "2.00");
    CHECK(z["cashiers"]["anna"] == Json{{"count", 1}, {"total", "30.00"}, {"cash", "30.00"}});
    CHECK(z["cashiers"]["bob"] == Json{{"count", 1}, {"total", "10.00"}, {"cash", "0.00"}});
    CHECK(shop.closing()["shifts"].size() == 2);
    CHECK(shop.closing()["open"]["opening"] == "530.00");
    CHECK(shop.faults() == "");
}

TEST_CASE("a count by notes and coins has to fit the currency and the sum") {
    Market shop;
    CHECK(shop.refusal("{'close_day':{'denominations':{'25':1}}}") == "bad_denomination");
    CHECK(shop.refusal("{'close_day':{'denominations':{'0.50':1}}}") == "bad_denomination");
    CHECK(shop.refusal("{'close_day':{'denominations':{'100':-1}}}") == "bad_denomination");
    CHECK(shop.refusal("{'close_day':{'denominations':{'100':10000000}}}") == "bad_denomination");
    CHECK(shop.refusal("{'close_day':{'counted':'99','denominations':{'100':1}}}") == "count_mismatch");
    CHECK(shop.refusal("{'close_day':{'denominations':{'100':'1'}}}") == "bad_line");
    CHECK(shop.refusal("{'close_day':{'denominations':[100]}}") == "bad_line");
    CHECK(shop.refusal("{'close_day':{'counted':'-1'}}") == "bad_amount");
    CHECK(shop.refusal("{'open_shift':{'counted':'-1'}}") == "bad_amount");
    const Json z = shop.play("{'close_day':{'counted':'120','denominations':{'100':1,'20':1,'50':0}}}");
    CHECK(z["counted"] == "120.00");
    CHECK(z["denominations"] == Json{{"100.00", 1}, {"20.00", 1}});
    CHECK(!denominations("CZK").empty());
    CHECK(denominations("CZK").back() == money("1"));
    CHECK(denominations("EUR").back() == money("0.01"));
    CHECK(denominations("RON").size() == 12);
    CHECK(denominations("USD").empty());
    test::Shop dollars({4, 1}, "USD");
    CHECK(dollars.play("{'close_day':{'denominations':{'0.25':3}}}")["counted"] == "0.75");
}

TEST_CASE("a difference above the policy's limit takes a second person") {
    Market shop;
    shop.policy(R"({"difference_limit":"5.00"})");
    Till till(shop.node(), Keep::every_command, least_pin_cost);
    User user;
    for (const auto& [name, role, pin] : {std::tuple{"Alice", "administrator", "1111"}, {"Carl", "closer", "2222"}}) {
        if (std::string(role) == "closer") shop.policy(R"({"difference_limit":"5.00","roles":[{"name":"closer","may":["sell","close_day","manage_shift"]}]})");
        UserChange change;
        change.name = name;
        change.add = true;
        change.role = role;
        change.pin = pin;
        if (user.name == "Alice") REQUIRE(till.log_in_cashier({"1111", "", ""}).ok());
        REQUIRE(till.change_user(change, user).ok());
    }
    REQUIRE(till.log_in_cashier({"2222", "", ""}).ok());
    Till::Closed closed;
    CHECK(till.close_day({money("5.00"), {}}, closed).ok());  // at the limit
    CHECK(till.move_cash(money("1"), "x", *std::make_unique<Till::ActResult>()).refusal == Refusal::not_permitted);
    const auto facts = shop.facts();
    const Outcome refused = till.close_day({money("11.00"), {}}, closed);
    CHECK(refused.refusal == Refusal::not_permitted);
    CHECK(refused.permission == Permission::approve_difference);
    CHECK(refused.message == "11.00 was counted where 5.00 should be: a difference above 5.00 has to be approved by a second person (approve_difference).");
    Till::ShiftOpened opened;
    CHECK(till.open_shift({money("99"), {}}, opened).refusal == Refusal::not_permitted);
    CHECK(shop.facts() == facts);
    CHECK(till.approve({"1111", "", ""}, Permission::approve_difference).ok());
    CHECK(till.close_day({money("11.00"), {}}, closed).ok());
    const Json body = Json::parse(closed.body);
    CHECK(body["approvals"] == Json::array({{{"by", "Alice"}, {"for", "approve_difference"}}}));
    CHECK(body["cashier"] == "Carl");
    CHECK(till.close_day({money("99.00"), {}}, closed).refusal == Refusal::not_permitted);  // lent once
    CHECK(shop.refusal("{'close_day':{'counted':'99'}}") == "");  // scripts may everything
    CHECK(shop.faults() == "");
}

TEST_CASE("where the policy demands a shift nothing is booked without one") {
    Market shop;
    shop.policy(R"({"demand_shift":true})");
    for (const char* line : {"{'lines':[{'code':'A'}]}", "{'cash':{'in':'5','reason':'x'}}", "{'deposit':{'customer':'1','amount':'5'}}",
                             "{'settle':{'customer':'1','items':'all'}}", "{'refund_of':'3.1-000001','lines':[{'code':'A'}]}"}) {
        CAPTURE(std::string(line));
        CHECK(shop.refusal(line) == "shift_not_open");
    }
    CHECK(shop.refusal("{'open_shift':{}}") == "");
    CHECK(shop.refusal("{'lines':[{'code':'A'}]}") == "");
}

TEST_CASE("Z numbers have no holes, and a booked Z says the same for ever") {
    Market shop;
    for (int day = 1; day <= 3; ++day) {
        shop.play("{'lines':[{'code':'A'}]}");
        CHECK(shop.refusal("{'close_day':{'counted':'-1'}}") == "bad_amount");
        CHECK(shop.play("{'close_day':{}}")["z"] == day);
    }
    const Json before = shop.closing()["closed"];
    shop.play("{'refund_of':'3.1-000001','lines':[{'code':'A'}]}");
    CHECK(shop.closing()["closed"] == before);
    CHECK(shop.closing()["open"]["number"] == 4);
    CHECK_THROWS_AS(shop.database().execute("UPDATE fact SET body = '{}' WHERE kind = 'day.closed'"), Error);
    shop.database().execute("UPDATE drawer SET amount = amount + 1");
    CHECK(shop.faults().starts_with("drawer: holds"));
}

TEST_CASE("sold on account: goods out, profit in, the drawer untouched; settled: cash in with its document") {
    Market shop;
    shop.play("{'customer':'1','lines':[{'code':'B','qty':'2'}],'pay':[{'with':'account','amount':'66.60'}]}");
    shop.play("{'customer':'1','lines':[{'code':'A','qty':'10'}],'pay':[{'with':'account','amount':'50.00'},{'with':'card','amount':'50.00'}]}");
    shop.play("{'lines':[{'code':'A'}]}");
    Json day = shop.closing("account")["open"];
    CHECK(day["account"] == Json{{"count", 2}, {"charged", "116.60"}, {"cost", "70.00"}, {"profit", "46.60"}});
    CHECK(day["tenders"]["account"] == "116.60");
    CHECK(day["cash_sales"] == "10.00");
    CHECK(day["expected"] == "10.00");
    CHECK(day["cost"] == "106.00");
    CHECK(day["profit"] == "70.60");
    REQUIRE(day["receipts"].size() == 2);
    CHECK(day["receipts"][0]["receipt"] == "3.1-000001");
    CHECK(day["receipts"][0]["amount"] == "66.60");
    CHECK(day["receipts"][0]["customer"] == 1);
    CHECK(day["receipts"][1]["cost"] == "60.00");
    CHECK(shop.closing("card")["open"]["receipts"].size() == 1);
    CHECK(!shop.closing()["open"].contains("receipts"));
    CHECK_THROWS_AS(shop.closing("gold"), Error);

    const Json settled = shop.play("{'settle':{'customer':'1','items':'all'},'pay':[{'with':'card','amount':'16.60'},{'with':'cash','amount':'200'}]}");
    day = shop.closing()["open"];
    CHECK(day["settlements"] == "100.00");
    CHECK(day["paid_in"] == Json{{"card", "16.60"}, {"cash", "100.00"}});
    CHECK(day["expected"] == "110.00");
    REQUIRE(day["cash"].size() == 1);
    CHECK(day["cash"][0]["document"] == settled["settlement"]);
    CHECK(day["cash"][0]["receipts"] == Json{"3.1-000001", "3.1-000002"});
    CHECK(day["cash"][0]["customer"] == "1");
    // A loan is cash out of the drawer and no profit.
    shop.play("{'customer':'1','lines':[{'text':'Loan','price':'20.00'}],'pay':[{'with':'account','amount':'20.00'}]}");
    day = shop.closing()["open"];
    CHECK(day["profit"] == "70.60");
    CHECK(day["loans"] == "20.00");
    shop.play("{'refund_of':'3.1-000001','lines':[{'code':'B','qty':'2'}],'pay':[{'with':'account','amount':'66.60'}]}");
    day = shop.closing()["open"];
    CHECK(day["account"]["charged"] == "70.00");
    CHECK(day["profit"] == "44.00");
    CHECK(shop.faults() == "");
}

TEST_CASE("tenders of the policy's own count as card or voucher and are told apart in the closing") {
    Market shop;
    shop.policy(R"({"tenders":[{"name":"meal","counts_as":"voucher"},{"name":"gift","change":true},{"name":"terminal 2","counts_as":"card","drawer":false}]})");
    CHECK(shop.refusal("{'lines':[{'code':'A'}],'pay':[{'with':'gold','amount':'10'}]}") == "bad_line");
    CHECK(shop.refusal("{'lines':[{'code':'A'}],'pay':[{'with':'meal','amount':'11'}]}") == "over_tender");
    const Json meal = shop.play("{'lines':[{'code':'A'}],'pay':[{'with':'meal','amount':'6'},{'with':'cash','amount':'10'}]}");
    CHECK(meal["change"] == "6.00");
    CHECK(meal["drawer"] == true);
    const Json card = shop.play("{'lines':[{'code':'A'}],'pay':[{'with':'terminal 2','amount':'10'}]}");
    CHECK(!card.contains("drawer"));
    const Json gift = shop.play("{'lines':[{'code':'B'}],'pay':[{'with':'gift','amount':'50.00'}]}");  // 33.30 due, 33 in whole crowns
    CHECK(gift["total"] == "33.00");
    CHECK(gift["rounding"] == "-0.30");
    CHECK(gift["change"] == "17.00");
    CHECK(gift["drawer"] == true);
    const Json day = shop.closing("gift")["open"];
    CHECK(day["tenders"] == Json{{"cash", "-13.00"}, {"gift", "50.00"}, {"meal", "6.00"}, {"terminal 2", "10.00"}});
    CHECK(day["expected"] == "-13.00");
    CHECK(day["receipts"][0]["amount"] == "50.00");
    // The fact says what it counts as, so that a reader who knows no names understands it.
    CHECK(shop.node().ledger().fact(gift["seq"])->body.find(R"({"amount":5000,"name":"gift","with":"voucher"})") != std::string::npos);
    Till till(shop.node(), Keep::at_payment, least_pin_cost);
    REQUIRE(till.scan("A").ok());
    Booked booked;
    CHECK(till.pay({{TenderKind::card, money("10"), "meal"}}, booked).refusal == Refusal::unknown_tender);
    CHECK(till.pay({{TenderKind::voucher, money("10"), "gold"}}, booked).refusal == Refusal::unknown_tender);
    CHECK(shop.refusal("{'refund_of':'3.1-000003','lines':[{'code':'B'}],'pay':[{'with':'gift','amount':'33.30'}]}") == "");
    CHECK(shop.closing()["open"]["tenders"]["gift"] == "16.70");
    CHECK(shop.faults() == "");
}

TEST_CASE("a tender of the policy is checked") {
    Market shop;
    for (const char* bad :
         {R"({"tenders":[{"name":""}]})", R"({"tenders":[{"name":"x","counts_as":"cash"}]})", R"({"tenders":[{"name":"x","counts_as":"account"}]})",
          R"({"tenders":[{"name":"cash","counts_as":"card"}]})", R"({"tenders":[{"name":"card","change":true}]})",
          R"({"tenders":[{"name":"cash","change":false}]})", R"({"tenders":[{"name":"x"},{"name":"x"}]})", R"({"tenders":[{"name":"x","colour":"red"}]})",
          R"({"tenders":"x"})", R"({"difference_limit":"-1"})", R"({"demand_shift":"yes"})"}) {
        CAPTURE(std::string(bad));
        CHECK_THROWS_AS(shop.policy(bad), Error);
    }
    shop.policy(R"({"tenders":[{"name":"voucher","change":true},{"name":"card","drawer":true}]})");
    const Policy& policy = shop.node().policy();
    CHECK(policy.tenders.size() == 4);
    CHECK(policy.tender("voucher")->change);
    CHECK(policy.tender("card")->drawer);
    CHECK(policy.tender("cash")->change);
    CHECK(!policy.tender("gold"));
    CHECK(policy_json(parse_policy(policy_json(policy), "CZK", "again")) == policy_json(policy));
}
