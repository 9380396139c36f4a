// Sell scripts (DESIGN.md "A line of a sell script"): every form of line, its answer, each refusal by name.
#include <doctest/doctest.h>

#include <sstream>

#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

constexpr const char* script_goods =
    "code,name,group,price,vat,cost,points\n8594001021239,Bread,food,12.90,B,,\n8594001021246,Soap,,20.00,A,,\nT,Cigarettes,tobacco,140.00,A,,\nX,Thing,,24.51,"
    "A,,\nH,Hundred,,100.00,A,,\n";

/// The keys of `wanted` in `answer`, which may hold more.
void check_fields(const Json& answer, const Json& wanted) {
    for (const auto& [key, value] : wanted.items()) {
        CAPTURE(key);
        CHECK_MESSAGE((answer.contains(key) && answer[key] == value), answer.dump());
    }
}

struct Refused {
    const char* line;
    const char* refusal;
};

}  // namespace

TEST_CASE("the sale of DESIGN.md, figure by figure") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.customers("number,name,cards,discount\n17,Jan,2900000000018,5\n");
    const auto answer = shop.play(
        "{'at':'2026-03-02T10:15:00+01:00','cashier':'anna','customer':'2900000000018','lines':[{'code':'8594001021239','qty':'2'},"
        "{'text':'Loan for a "
        "game','price':'500.00','vat':'A'},{'code':'8594001021246','discount':'5'}],'redeem':'max','pay':[{'with':'cash','amount':'700.00'}]}");
    // Redeemable: 45.80 points × 0.05 = 2.29, shared over 24.51 and 18.00 as 1.32 and 0.97.
    check_fields(answer, {{"receipt", "3.1-000001"},
                          {"net", "542.51"},
                          {"redeemed", "2.29"},
                          {"rounding", "-0.22"},
                          {"total", "540.00"},
                          {"change", "160.00"},
                          {"customer", "2900000000018"},
                          {"points_awarded", "45.80"},
                          {"points_taken", "45.80"},
                          {"points_balance", "0.00"},
                          {"spend", "542.51"}});
    check_fields(
        answer["lines"][0],
        {{"code", "8594001021239"}, {"qty", "2"}, {"price", "12.90"}, {"gross", "25.80"}, {"discount", "1.29"}, {"net", "24.51"}, {"points", "25.80"}});
    check_fields(answer["lines"][1],
                 {{"text", "Loan for a game"}, {"qty", "1"}, {"gross", "500.00"}, {"discount", "0.00"}, {"net", "500.00"}, {"points", "0.00"}});
    check_fields(answer["lines"][2], {{"gross", "20.00"}, {"discount", "2.00"}, {"net", "18.00"}, {"points", "20.00"}});
    CHECK(answer["vat"] == Json::parse(R"([{"group":"A","rate":"21","base":"427.30","tax":"89.73"},{"group":"B","rate":"12","base":"20.71","tax":"2.48"}])"));
    CHECK(answer["seq"] == shop.facts());
}

TEST_CASE("receipt numbers go on without holes; refused lines take none and book nothing") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.customers("number,name,charge_to_account,limit\n1,Petr,1,100\n2,Eva,,\n");
    CHECK(shop.play("{'lines':[{'code':'X'}]}")["receipt"] == "3.1-000001");
    const auto facts = shop.facts();
    const Refused table[] = {
        {"{'lines':[{'code':'nothing'}]}", "unknown_code"},
        {"{'lines':[{'code':''}]}", "unknown_code"},
        {"{'lines':[{'code':'X'}],'customer':'999'}", "unknown_customer"},
        {"{'lines':[{'code':'X'}],'customer':'4111111111111111'}", "payment_card"},
        {"{'lines':[{'code':'4111111111111111','price':'5'}]}", "payment_card"},
        {"{'lines':[{'code':'X','qty':'0'}]}", "bad_quantity"},
        {"{'lines':[{'code':'X','qty':'-1'}]}", "bad_quantity"},
        {"{'lines':[{'code':'X','qty':'1000000.001'}]}", "bad_quantity"},
        {"{'lines':[{'code':'X','price':'-0.01'}]}", "bad_price"},
        {"{'lines':[{'code':'X','price':'100000000.01'}]}", "bad_price"},
        {"{'lines':[{'code':'X','discount':'100.01'}]}", "bad_discount"},
        {"{'lines':[{'code':'X','discount':'-1'}]}", "bad_discount"},
        {"{'lines':[{'text':'Bag','price':'5','vat':'Z'}]}", "unknown_vat_group"},
        {"{'lines':[{'code':'nothing','price':'5','vat':'Z'}]}", "unknown_vat_group"},
        {"{'lines':[{'code':'X','price':'100000000.00','qty':'1000000'}]}", "amount_out_of_range"},
        {"{'lines':[]}", "empty_receipt"},
        {"{'customer':'1','lines':[]}", "empty_receipt"},
        {"{'lines':[{'code':'X'}],'redeem':'max'}", "redeem_without_customer"},
        {"{'lines':[{'code':'X'}],'redeem':'5.00'}", "redeem_without_customer"},
        {"{'customer':'1','lines':[{'code':'X'}],'redeem':'-5.00'}", "bad_amount"},
        {"{'lines':[{'code':'X'}],'pay':[{'with':'cash','amount':'24.99'}]}", "not_enough_cash"},
        {"{'lines':[{'code':'X'}],'pay':[{'with':'card','amount':'24.52'}]}", "over_tender"},
        {"{'lines':[{'code':'X'}],'pay':[{'with':'cash','amount':'-1'}]}", "bad_amount"},
        {"{'lines':[{'code':'X'}],'pay':[{'with':'account','amount':'24.51'}]}", "account_without_customer"},
        {"{'customer':'2','lines':[{'code':'X'}],'pay':[{'with':'account','amount':'24.51'}]}", "account_not_allowed"},
        {"{'customer':'1','lines':[{'code':'X','price':'100.01'}],'pay':[{'with':'account','amount':'100.01'}]}", "account_limit"},
        {"{'refund_of':'3.1-000002','lines':[{'code':'X'}]}", "unknown_receipt"},
        {"{'refund_of':'3.2-000001','lines':[{'code':'X'}]}", "unknown_receipt"},
        {"{'refund_of':'nonsense','lines':[{'code':'X'}]}", "unknown_receipt"},
        {"{'refund_of':'3.1-000001','lines':[]}", "empty_receipt"},
        {"{'refund_of':'3.1-000001','lines':[{'code':'H'}]}", "more_than_left"},
        {"{'refund_of':'3.1-000001','lines':[{'code':'X','qty':'1.001'}]}", "more_than_left"},
        {"{'refund_of':'3.1-000001','lines':[{'code':'X','qty':'-1'}]}", "bad_quantity"},
        {"{'refund_of':'3.1-000001','lines':[{'code':'X'}],'pay':[{'with':'account','amount':'24.51'}]}", "refund_over_account"},
        {"{'refund_of':'3.1-000001','lines':[{'code':'X'}],'pay':[{'with':'card','amount':'24.52'}]}", "over_tender"},
        {"{'refund_of':'3.1-000001','lines':[{'code':'X'}],'pay':[{'with':'cash','amount':'26'}]}", "over_tender"},
        {"{'refund_of':'3.1-000001','lines':[{'code':'X'}],'pay':[{'with':'cash','amount':'20'}]}", "not_enough_cash"},
        {"{'deposit':{'customer':'999','amount':'5'}}", "unknown_customer"},
        {"{'deposit':{'customer':'1','amount':'0'}}", "bad_amount"},
        {"{'deposit':{'customer':'1','amount':'-5'}}", "bad_amount"},
        {"{'settle':{'customer':'1','items':'all'}}", "nothing_to_settle"},
        {"{'settle':{'customer':'1','items':[{'receipt':'3.1-000001','line':1}]}}", "nothing_to_settle"},
        {"{'settle':{'customer':'70000','items':'all'}}", "unknown_customer"},
        {"{'cash':{'in':'5'}}", "reason_missing"},
        {"{'cash':{'in':'0','reason':'x'}}", "bad_amount"},
        {"{'cash':{'out':'-5','reason':'x'}}", "bad_amount"},
        {"{'correct':{'customer':'1','points':'5'}}", "reason_missing"},
        {"{'correct':{'customer':'1','points':'5','reason':'  '}}", "reason_missing"},
        {"{'correct':{'customer':'1','reason':'x'}}", "bad_amount"},
        {"{'correct':{'customer':'70000','points':'5','reason':'x'}}", "unknown_customer"},  // a correction makes no customer
        {"{'close_day':{'counted':'-1'}}", "bad_amount"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.line));
        const auto answer = shop.play(row.line);
        CHECK_MESSAGE(answer.value("refused", "booked") == std::string(row.refusal), answer.dump());
        CHECK(answer.value("message", "").size() > 10);
        CHECK(shop.facts() == facts);
    }
    CHECK(shop.play("{'lines':[{'code':'X'}]}")["receipt"] == "3.1-000002");
    CHECK(shop.verify().ok());
}

TEST_CASE("lines that do not have the form are refused as such, each naming its place") {
    test::Shop shop;
    shop.catalogue(script_goods);
    const auto facts = shop.facts();
    const std::string deep(100, '[');
    const std::string table[] = {
        "",
        "x",
        "{",
        "[]",
        "null",
        "5",
        "{}",
        "{} {}",
        "{'lines':[{'code':'X'}]",
        deep,
        "{'lines':{}}",
        "{'lines':'X'}",
        "{'lines':['X']}",
        "{'lines':[{}]}",
        "{'lines':[{'qty':'1'}]}",
        "{'lines':[{'code':'X','text':'Y','price':'1'}]}",
        "{'lines':[{'text':'Y'}]}",
        "{'lines':[{'text':'','price':'1'}]}",
        "{'lines':[{'text':'" + std::string(201, 'y') + "','price':'1'}]}",
        "{'lines':[{'code':8594001021239}]}",
        "{'lines':[{'code':'X','qty':1.5}]}",
        "{'lines':[{'code':'X','qty':'1,5'}]}",
        "{'lines':[{'code':'X','qty':'1.0001'}]}",
        "{'lines':[{'code':'X','qty':true}]}",
        "{'lines':[{'code':'X','price':'12.905'}]}",
        "{'lines':[{'code':'X','price':'1e3'}]}",
        "{'lines':[{'code':'X','price':'99999999999999999999'}]}",
        "{'lines':[{'code':'X','discount':'5%'}]}",
        "{'lines':[{'code':'X','colour':'red'}]}",
        "{'lines':[{'code':'X'}],'tip':'1'}",
        "{'lines':[{'code':'X'}],'lines':[]}",
        "{'lines':[{'code':'X'}],'at':'yesterday'}",
        "{'lines':[{'code':'X'}],'at':5}",
        "{'lines':[{'code':'X'}],'at':'2026-02-30T10:00:00Z'}",
        "{'lines':[{'code':'X'}],'at':'2026-03-02T10:00:00'}",
        "{'lines':[{'code':'X'}],'cashier':5}",
        "{'lines':[{'code':'X'}],'cashier':'" + std::string(101, 'c') + "'}",
        "{'lines':[{'code':'X'}],'customer':17.5}",  // 17 is a customer's number, with quotes or without
        "{'lines':[{'code':'X'}],'customer':true}",
        "{'lines':[{'code':'X'}],'redeem':true}",
        "{'lines':[{'code':'X'}],'redeem':'all'}",
        "{'lines':[{'code':'X'}],'pay':{'with':'cash','amount':'30'}}",
        "{'lines':[{'code':'X'}],'pay':[{'with':'gold','amount':'30'}]}",
        "{'lines':[{'code':'X'}],'pay':[{'with':'cash'}]}",
        "{'lines':[{'code':'X'}],'pay':[{'amount':'30'}]}",
        "{'lines':[{'code':'X'}],'pay':[{'with':'cash','amount':'30','to':'me'}]}",
        "{'refund_of':5,'lines':[]}",
        "{'refund_of':'3.1-000001'}",
        "{'refund_of':'3.1-000001','lines':[{'code':'X','price':'1'}]}",
        "{'deposit':{}}",
        "{'deposit':'5'}",
        "{'deposit':{'customer':'17','amount':'5','x':1}}",
        "{'deposit':{'customer':'17','amount':'5'},'lines':[]}",
        "{'settle':{'customer':'17'}}",
        "{'settle':{'customer':'17','items':'some'}}",
        "{'settle':{'customer':'17','items':[]}}",
        "{'settle':{'customer':'17','items':[{'receipt':'3.1-000001'}]}}",
        "{'settle':{'customer':'17','items':[{'receipt':'3.1-000001','line':'1'}]}}",
        "{'cash':{'reason':'x'}}",
        "{'cash':{'in':'1','out':'1','reason':'x'}}",
        "{'cash':{'in':'1','reason':5}}",
        "{'correct':{'points':'5','reason':'x'}}",
        "{'correct':{'customer':'17','points':'0.001','reason':'x'}}",
        "{'close_day':true}",
        "{'close_day':{'counted':'much'}}",
    };
    for (const std::string& line : table) {
        CAPTURE(line);
        const auto answer = shop.play(line);
        CHECK_MESSAGE(answer.value("refused", "booked") == "bad_line", answer.dump());
        CHECK(shop.facts() == facts);
    }
    CHECK(shop.play("{'lines':[{'code':'X'}],'tip':'1'}")["message"].get<std::string>().find("\"tip\"") != std::string::npos);
    CHECK(shop.play("{'lines':[{'code':'\xE9'}]}")["refused"] == "bad_line");  // Windows-1250, not UTF-8
    CHECK(shop.play("{'lines':[{'code':'X'},{'code':'X','colour':'red'}]}")["message"].get<std::string>().find("lines[2]") != std::string::npos);
}

TEST_CASE("a whole script: one answer for each line, blank lines passed over, false when one was refused") {
    test::Shop shop;
    shop.catalogue(script_goods);
    Script script(shop.node(), shop.clock());
    std::istringstream in("{\"lines\":[{\"code\":\"X\"}]}\n\n   \r\n{\"lines\":[{\"code\":\"?\"}]}\r\n{\"lines\":[{\"code\":\"X\"}]}");
    std::ostringstream out;
    CHECK(!script.play_all(in, out));
    std::istringstream answers(out.str());
    std::vector<std::string> lines;
    for (std::string line; std::getline(answers, line);) lines.push_back(line);
    REQUIRE(lines.size() == 3);
    CHECK(Json::parse(lines[0])["receipt"] == "3.1-000001");
    CHECK(Json::parse(lines[1])["refused"] == "unknown_code");
    CHECK(Json::parse(lines[2])["receipt"] == "3.1-000002");
    std::istringstream good("{\"lines\":[{\"code\":\"X\"}]}");
    CHECK(script.play_all(good, out));
}

TEST_CASE("prices typed in, unknown codes with a price, manual discounts") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.policy(R"({"excluded_groups":["tobacco"],"time_discounts":[{"discount":"10"}]})");
    auto answer = shop.play(
        "{'customer':'12345','lines':[{'code':'H','price':'80.00'},{'code':'new','price':'50.00','qty':'2','vat':'B'},{'text':'Work','price':'10','discount':'"
        "50'},{'code':'T','discount':'50'}]}");
    check_fields(answer["lines"][0], {{"price", "80.00"}, {"net", "72.00"}, {"points", "100.00"}});  // points by the catalogue's price
    check_fields(answer["lines"][1], {{"code", "new"}, {"gross", "100.00"}, {"net", "100.00"}, {"points", "0.00"}, {"vat", "B"}});
    check_fields(answer["lines"][2], {{"net", "5.00"}});
    check_fields(answer["lines"][3], {{"net", "140.00"}, {"points", "0.00"}, {"discount_ignored", true}});
    check_fields(answer, {{"net", "317.00"}, {"points_awarded", "100.00"}, {"spend", "317.00"}, {"new_customer", true}});
    // "vat lists every group that has a line": 217.00 in A, 100.00 in B.
    CHECK(answer["vat"] == Json::parse(R"([{"group":"A","rate":"21","base":"179.34","tax":"37.66"},{"group":"B","rate":"12","base":"89.29","tax":"10.71"}])"));
}

TEST_CASE("redeem: most, an amount, more than there is, points of this receipt, excluded goods") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.customers("number,name,points\n1,Petr,1000\n2,Eva,\n");
    shop.policy(R"({"excluded_groups":["tobacco"]})");
    // 1000 + 100 points are worth 55.00.
    check_fields(shop.play("{'customer':'1','lines':[{'code':'H'},{'code':'T'}],'redeem':'999.00','pay':[{'with':'card','amount':'185.00'}]}"),
                 {{"redeemed", "55.00"}, {"total", "185.00"}, {"points_taken", "1100.00"}, {"points_balance", "0.00"}, {"spend", "240.00"}});
    check_fields(shop.play("{'customer':'2','lines':[{'code':'H'}],'redeem':'3.33','pay':[{'with':'card','amount':'96.67'}]}"),
                 {{"redeemed", "3.33"}, {"points_taken", "66.60"}, {"points_balance", "33.40"}});
    check_fields(shop.play("{'customer':'2','lines':[{'code':'T'}],'redeem':'max'}"),
                 {{"redeemed", "0.00"}, {"points_taken", "0.00"}, {"points_balance", "33.40"}});
    // A point value that does not divide: 1.00 ÷ 0.03 = 33.3333…, up to 33.34.
    shop.policy(R"({"point_value":"0.03","earn":"none"})");
    check_fields(shop.play("{'customer':'2','lines':[{'code':'H'}],'redeem':'1.00','pay':[{'with':'card','amount':'99.00'}]}"),
                 {{"points_taken", "33.34"}, {"points_balance", "0.06"}, {"points_awarded", "0.00"}});
}

TEST_CASE("wallet: no accrual, paid in, spent as a payment that leaves VAT alone") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.policy(R"({"point_value":"1","earn":"none","redemption_is":"payment"})");
    check_fields(shop.play("{'deposit':{'customer':'77777','amount':'150.00'},'cashier':'eva'}"),
                 {{"points_balance", "150.00"}, {"points_awarded", "150.00"}, {"amount", "150.00"}});
    const auto sale = shop.play("{'customer':'77777','lines':[{'code':'H'},{'code':'H'}],'redeem':'max'}");
    check_fields(sale, {{"net", "200.00"}, {"redeemed", "150.00"}, {"total", "50.00"}, {"points_balance", "0.00"}, {"points_awarded", "0.00"}});
    CHECK(sale["vat"] == Json::parse(R"([{"group":"A","rate":"21","base":"165.29","tax":"34.71"}])"));
    const auto back = shop.play("{'refund_of':'" + sale["receipt"].get<std::string>() + "','lines':[{'code':'H'}]}");
    check_fields(back, {{"net", "-100.00"}, {"redeemed", "-75.00"}, {"total", "-25.00"}, {"points_taken", "-75.00"}, {"points_balance", "75.00"}});
    CHECK(back["vat"] == Json::parse(R"([{"group":"A","rate":"21","base":"-82.64","tax":"-17.36"}])"));
    // The wallet at the usual point value: 10.00 buys 200 points.
    shop.policy("{}");
    CHECK(shop.play("{'deposit':{'customer':'88888','amount':'10.00'}}")["points_balance"] == "200.00");
}

TEST_CASE("a refund's answer: a row a script line, amounts negative, in the same series") {
    test::Shop shop;
    shop.catalogue(script_goods);
    const auto sale = shop.play("{'customer':'77777','lines':[{'code':'X','qty':'2'},{'code':'H'},{'code':'X','discount':'50'}]}");
    // X: 49.02, H: 100.00, X: 24.51 − 12.26 = 12.25
    check_fields(sale, {{"net", "161.27"}, {"total", "161.00"}, {"rounding", "-0.27"}});
    const auto refund = shop.play("{'refund_of':'3.1-000001','lines':[{'code':'H'},{'code':'X','qty':'3'}],'cashier':'eva'}");
    check_fields(refund, {{"receipt", "3.1-000002"}, {"refund_of", "3.1-000001"}, {"net", "-161.27"}, {"rounding", "0.27"}, {"total", "-161.00"},
                          {"customer", "77777"}, {"points_awarded", "-173.53"}, {"points_balance", "0.00"}, {"spend", "0.00"}});
    REQUIRE(refund["lines"].size() == 2);
    check_fields(refund["lines"][0], {{"code", "H"}, {"net", "-100.00"}});
    check_fields(refund["lines"][1], {{"code", "X"}, {"qty", "3"}, {"gross", "-73.53"}, {"discount", "-12.26"}, {"net", "-61.27"}});
    CHECK(shop.play("{'lines':[{'code':'X'}]}")["receipt"] == "3.1-000003");
    CHECK(shop.refusal("{'refund_of':'3.1-000002','lines':[{'code':'X'}]}") == "unknown_receipt");  // a refund is no sale
    check_fields(shop.play("{'refund_of':'3.1-000003','lines':[{'code':'X'}],'pay':[{'with':'card','amount':'24.51'}]}"),
                 {{"total", "-24.51"}, {"rounding", "0.00"}});
}

TEST_CASE("account: limit, unpaid items, settling all and in parts, refund to the account") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.customers("number,name,charge_to_account,limit\n1,Petr,1,300.00\n");
    const auto on_account = [&](const char* lines, const char* amount) {
        return shop.play(std::string("{'customer':'1','lines':[") + lines + "],'pay':[{'with':'account','amount':'" + amount + "'}]}");
    };
    check_fields(on_account("{'code':'H','qty':'3'}", "300.00"), {{"debt", "300.00"}, {"total", "300.00"}, {"change", "0.00"}});
    CHECK(on_account("{'code':'H','price':'0.01'}", "0.01")["refused"] == "account_limit");
    check_fields(shop.play("{'settle':{'customer':'1','items':[{'receipt':'3.1-000001','line':1,'qty':'1'}]},'pay':[{'with':'cash','amount':'200'}]}"),
                 {{"amount", "100.00"}, {"change", "100.00"}, {"debt", "200.00"}});
    check_fields(shop.play("{'refund_of':'3.1-000001','lines':[{'code':'H'}],'pay':[{'with':'account','amount':'100.00'}]}"),
                 {{"debt", "100.00"}, {"total", "-100.00"}});
    CHECK(shop.refusal("{'settle':{'customer':'1','items':[{'receipt':'3.1-000001','line':1,'qty':'2'}]}}") == "bad_quantity");
    CHECK(shop.refusal("{'settle':{'customer':'1','items':[{'receipt':'3.1-000001','line':1,'qty':'0'}]}}") == "bad_quantity");
    CHECK(shop.refusal("{'settle':{'customer':'1','items':[{'receipt':'3.1-000001','line':1},{'receipt':'3.1-000001','line':1}]}}") == "nothing_to_settle");
    CHECK(shop.refusal("{'settle':{'customer':'1','items':[{'receipt':'3.1-000001','line':2}]}}") == "nothing_to_settle");
    CHECK(shop.refusal("{'settle':{'customer':'1','items':'all'},'pay':[{'with':'account','amount':'100.00'}]}") == "bad_amount");
    CHECK(shop.refusal("{'settle':{'customer':'1','items':'all'},'pay':[{'with':'card','amount':'100.01'}]}") == "over_tender");
    CHECK(shop.refusal("{'settle':{'customer':'1','items':'all'},'pay':[{'with':'cash','amount':'99'}]}") == "not_enough_cash");
    check_fields(shop.play("{'settle':{'customer':'1','items':'all'},'pay':[{'with':'card','amount':'100.00'}]}"), {{"amount", "100.00"}, {"debt", "0.00"}});
    CHECK(shop.refusal("{'settle':{'customer':'1','items':'all'}}") == "nothing_to_settle");

    // Half by account: at most that goes back to it.
    shop.play("{'customer':'1','lines':[{'code':'H'}],'pay':[{'with':'account','amount':'40.00'},{'with':'cash','amount':'60.00'}]}");
    CHECK(shop.refusal("{'refund_of':'3.1-000003','lines':[{'code':'H'}],'pay':[{'with':'account','amount':'40.01'},{'with':'cash','amount':'60.00'}]}") ==
          "refund_over_account");
    check_fields(shop.play("{'refund_of':'3.1-000003','lines':[{'code':'H'}],'pay':[{'with':'account','amount':'40.00'},{'with':'cash','amount':'60.00'}]}"),
                 {{"debt", "0.00"}});
    CHECK(shop.customer("1")["debt"] == "0.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("part settlements add up to the item, to the last minor unit") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.customers("number,name,charge_to_account\n1,Petr,1\n");
    shop.policy(R"({"cash_rounding":"0"})");
    shop.play("{'customer':'1','lines':[{'code':'H','price':'3.34','qty':'3','discount':'0.2'}],'pay':[{'with':'account','amount':'10.00'}]}");  // 10.02 − 0.02
    const char* one = "{'settle':{'customer':'1','items':[{'receipt':'3.1-000001','line':1,'qty':'1'}]}}";
    CHECK(shop.play(one)["amount"] == "3.33");
    CHECK(shop.play(one)["amount"] == "3.34");  // 6.67 − 3.33
    CHECK(shop.play(one)["amount"] == "3.33");
    CHECK(shop.refusal(one) == "nothing_to_settle");
    CHECK(shop.customer("1")["debt"] == "0.00");
}

TEST_CASE("a loan: a text line on the account hands out cash, its refund takes it in") {
    test::Shop shop;
    shop.customers("number,name,charge_to_account\n1,Petr,1\n");
    check_fields(shop.play("{'customer':'1','lines':[{'text':'Loan','price':'500.00'}],'pay':[{'with':'account','amount':'500.00'}]}"),
                 {{"debt", "500.00"}, {"cash_out", "500.00"}});
    CHECK(node::status(shop.node())["drawer"] == "-500.00");
    check_fields(shop.play("{'refund_of':'3.1-000001','lines':[{'text':'Loan','qty':'0.4'}],'pay':[{'with':'account','amount':'200.00'}]}"),
                 {{"debt", "300.00"}, {"cash_out", "-200.00"}});
    CHECK(node::status(shop.node())["drawer"] == "-300.00");
    shop.play("{'settle':{'customer':'1','items':'all'}}");
    CHECK(node::status(shop.node())["drawer"] == "0.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("corrections move points and spend, also below zero") {
    test::Shop shop;
    shop.customers("number,name,points,spend\n1,Petr,10,100\n");
    check_fields(shop.play("{'correct':{'customer':'1','points':'-15.50','reason':'mistake'}}"), {{"points_balance", "-5.50"}, {"spend", "100.00"}});
    check_fields(shop.play("{'correct':{'customer':'0001','spend':'0.01','reason':'mistake'}}"),
                 {{"points_balance", "-5.50"}, {"spend", "100.01"}, {"customer", "0001"}});
}

TEST_CASE("closing a day: every figure") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.customers("number,name,charge_to_account\n1,Petr,1\n");
    shop.play("{'lines':[{'code':'X'}],'pay':[{'with':'cash','amount':'50'}]}");
    shop.play("{'lines':[{'code':'X'}],'pay':[{'with':'card','amount':'24.51'}]}");
    shop.play("{'customer':'1','lines':[{'code':'X'}],'pay':[{'with':'account','amount':'24.51'}]}");
    shop.play("{'customer':'1','lines':[{'text':'Loan','price':'100.00'}],'pay':[{'with':'account','amount':'100.00'}]}");
    shop.play("{'refund_of':'3.1-000001','lines':[{'code':'X'}]}");
    shop.play("{'deposit':{'customer':'1','amount':'50.00'}}");
    shop.play("{'settle':{'customer':'1','items':'all'}}");  // 124.51 in cash: 125.00
    shop.play("{'cash':{'in':'1000.00','reason':'float'}}");
    shop.play("{'cash':{'out':'200.00','reason':'to the bank'}}");
    const auto z = shop.play("{'close_day':{'counted':'870.00'}}");
    check_fields(z, {{"z", 1},
                     {"opening", "0.00"},
                     {"cash_sales", "25.00"},
                     {"cash_refunds", "25.00"},
                     {"deposits", "50.00"},
                     {"settlements", "125.00"},
                     {"loans", "100.00"},
                     {"cash_in", "1000.00"},
                     {"cash_out", "200.00"},
                     {"expected", "875.00"},
                     {"counted", "870.00"},
                     {"difference", "-5.00"},
                     {"customers", 2}});
    check_fields(z["sales"], {{"count", 4}, {"net", "173.53"}, {"total", "174.02"}, {"rounding", "0.49"}});
    check_fields(z["refunds"], {{"count", 1}, {"net", "24.51"}, {"total", "25.00"}, {"rounding", "0.49"}});
    CHECK(z["tenders"] == Json::parse(R"({"cash":"0.00","card":"24.51","account":"124.51"})"));
    CHECK(z["vat"]["A 21"] == Json::parse(R"({"base":"123.16","tax":"25.86"})"));
    // The next day opens with what was counted.
    shop.play("{'lines':[{'code':'H'}]}");
    check_fields(shop.play("{'close_day':{}}"),
                 {{"z", 2}, {"opening", "870.00"}, {"cash_sales", "100.00"}, {"expected", "970.00"}, {"counted", "970.00"}, {"difference", "0.00"}});
    check_fields(shop.play("{'close_day':{'counted':'970.00'}}"), {{"z", 3}, {"opening", "970.00"}, {"expected", "970.00"}});
    CHECK(shop.verify().ok());
}

TEST_CASE("`at` sets the clock; one that goes back is booked and flagged") {
    test::Shop shop;
    shop.catalogue(script_goods);
    CHECK(!shop.play("{'at':'2026-03-02T12:00:00+01:00','lines':[{'code':'X'}]}").contains("flags"));
    const Json flag = Json::array({"clock_back"});
    CHECK(shop.play("{'at':'2026-03-02T11:59:59+01:00','lines':[{'code':'X'}]}")["flags"] == flag);
    CHECK(!shop.play("{'lines':[{'code':'X'}]}").contains("flags"));  // the clock stands still
    CHECK(shop.play("{'at':'2026-03-02T11:00:00+01:00','customer':'77777','lines':[{'code':'X'}]}")["flags"] == flag);
    CHECK(shop.play("{'at':'2026-03-02T10:30:00+01:00','deposit':{'customer':'77777','amount':'5'}}")["flags"] == flag);
    CHECK(shop.play("{'at':'2026-03-02T10:29:00+01:00','cash':{'in':'5','reason':'x'}}")["flags"] == flag);
    CHECK(shop.play("{'at':'2026-03-02T10:28:00+01:00','close_day':{}}")["flags"] == flag);
    CHECK(status(shop.node())["clock_steps"] == 5);
    CHECK(shop.verify().ok());
}

TEST_CASE("prices depend on the moment of the line: windows across midnight and the rate of the day") {
    test::Shop shop;
    shop.catalogue(script_goods);
    shop.policy(R"({"time_discounts":[{"days":["wed"],"from":"22:00","to":"02:00","discount":"10"}],
                    "vat":[{"group":"A","rate":"21"},{"group":"A","rate":"23","from":"2026-03-05"},{"group":"B","rate":"12"}]})");
    const auto at = [&](const char* time) { return shop.play(std::string("{'at':'") + time + "','lines':[{'code':'H'}]}"); };
    check_fields(at("2026-03-04T21:59:59+01:00"), {{"net", "100.00"}});
    check_fields(at("2026-03-04T22:00:00+01:00"), {{"net", "90.00"}});
    CHECK(at("2026-03-04T23:59:59+01:00")["vat"][0]["rate"] == "21");
    check_fields(at("2026-03-05T00:00:00+01:00"), {{"net", "90.00"}});
    CHECK(at("2026-03-05T00:00:00+01:00")["vat"][0] == Json::parse(R"({"group":"A","rate":"23","base":"73.17","tax":"16.83"})"));
    check_fields(at("2026-03-05T02:00:00+01:00"), {{"net", "100.00"}});
    // A refund takes the rate of the sale.
    CHECK(shop.play("{'refund_of':'3.1-000001','lines':[{'code':'H'}]}")["vat"][0] ==
          Json::parse(R"({"group":"A","rate":"21","base":"-82.64","tax":"-17.36"})"));
}
