// T13: stocks of a branch, the weighted average, goods in, adjustments, stocktakes, transfers. Amounts by hand; as a property, over
// random histories a level is the sum of its movements and the average lies among the costs that came in.
#include "node/stock.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <map>

#include "node/base/error.h"
#include "node/goods_in.h"
#include "node/stock_lists.h"
#include "node/stock_report.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::money;
using test::quantity;
using test::rate;

namespace {

constexpr const char* catalogue =
    "code,name,group,price,vat,cost\nA,Bread,bakery,12.90,B,8.00\nB,Soap,,33.30,A,\nC,Roll,rolls,2.50,B,1.00\nD,Milk,dairy,20.00,B,15.00\n";

void stock_up(test::Shop& shop) {
    shop.catalogue("group,parent,excluded\nbakery,,0\nrolls,bakery,0\ndairy,,0\n");
    shop.catalogue(catalogue);
}

Json row_of(test::Shop& shop, const std::string& code, const std::string& stock = "") {
    for (const Json& row : report(shop.node(), "stock", {}))
        if (row["code"] == code && row["stock_name"] == stock) return row;
    return {};
}

/// Refused by that name, and nothing is booked.
void check_refused(test::Shop& shop, const std::string& name, const std::string& line) {
    CAPTURE(line);
    const auto facts = shop.facts();
    CHECK(shop.refusal(line) == name);
    CHECK(shop.facts() == facts);
}

}  // namespace

TEST_CASE("the weighted average") {
    CHECK(average_after({quantity("10"), rate("2")}, quantity("10"), rate("4")) == rate("3"));
    CHECK(average_after({quantity("10"), std::nullopt}, quantity("10"), rate("4")) == rate("4"));
    CHECK(average_after({quantity("0"), rate("2")}, quantity("1"), rate("4")) == rate("4"));
    CHECK(average_after({quantity("-5"), rate("2")}, quantity("10"), rate("4")) == rate("4"));
    CHECK(average_after({quantity("1"), rate("1")}, quantity("2"), rate("2")) == rate("1.666667"));
    CHECK(average_after({quantity("0.5"), rate("10")}, quantity("1.5"), rate("0")) == rate("2.5"));
    CHECK(value_of(quantity("3"), rate("1.666667")) == money("5.00"));
    CHECK(value_of(quantity("-0.333"), rate("1")) == money("-0.33"));
    CHECK_THROWS_AS(value_of(Quantity::of(Quantity::max_value), Rate::of(Rate::max_value)), Overflow);
}

TEST_CASE("goods in, sold at their average, given back") {
    test::Shop shop;
    stock_up(shop);
    // The catalogue's cost, as long as the stock knows none.
    shop.play("{'lines':[{'code':'A'}]}");
    CHECK(row_of(shop, "A") == Json{{"code", "A"},
                                    {"name", "Bread"},
                                    {"stock_name", ""},
                                    {"sold", "1"},
                                    {"received", "0"},
                                    {"adjusted", "0"},
                                    {"sent", "0"},
                                    {"stock", "-1"},
                                    {"average", nullptr},
                                    {"value", nullptr},
                                    {"net", "12.90"},
                                    {"cost", "8.00"},
                                    {"margin", "4.90"},
                                    {"negative", true}});
    const Json in = shop.play("{'cashier':'anna','stock_in':{'document':'D-17','lines':[{'code':'A','qty':'11','cost':'6.00'},{'code':'B','qty':'2'}]}}");
    CHECK(in["stock_in"] == "3.1/" + in["seq"].dump());
    CHECK(in["lines"][0] == Json{{"code", "A"}, {"name", "Bread"}, {"qty", "11"}, {"left", "10"}, {"cost", "6"}, {"average", "6"}});
    CHECK(in["lines"][1] == Json{{"code", "B"}, {"name", "Soap"}, {"qty", "2"}, {"left", "2"}});  // nobody knows what it cost
    shop.play("{'stock_in':{'lines':[{'code':'A','qty':'10','cost':'7.00'}]}}");
    CHECK(row_of(shop, "A")["average"] == "6.5");
    // 3 pieces at 6.50 and not at the catalogue's 8.00.
    shop.play("{'lines':[{'code':'A','qty':'3'}]}");
    CHECK(row_of(shop, "A")["cost"] == "27.50");
    CHECK(row_of(shop, "A")["value"] == "110.50");
    // The average has moved on; what went at 6.50 comes back at 6.50.
    shop.play("{'stock_in':{'lines':[{'code':'A','qty':'17','cost':'9.00'}]}}");
    CHECK(row_of(shop, "A")["average"] == "7.75");
    for (int i = 0; i < 3; ++i) CHECK(shop.refusal("{'refund_of':'3.1-000002','lines':[{'code':'A'}]}").empty());
    const Json row = row_of(shop, "A");
    CHECK(row["cost"] == "8.00");
    CHECK(row["stock"] == "37");
    CHECK(row["average"] == "7.75");
    CHECK(!row.contains("negative"));
    const Json moves = stock_moves(shop.node(), "a", {Instant{INT64_MIN}, Instant{INT64_MAX}});
    REQUIRE(moves.size() == 8);
    CHECK(moves[1]["kind"] == "received");
    CHECK(moves[1]["document"] == "D-17");
    CHECK(moves[2]["document"] == "");
    CHECK(moves[7]["kind"] == "refund");
    CHECK(moves[7]["left"] == "37");
    CHECK_THROWS_AS(stock_moves(shop.node(), "nothing", {Instant{0}, Instant{1}}), Error);
    CHECK(shop.verify().faults == std::vector<std::string>{});
}

TEST_CASE("points by margin keep to the catalogue's cost") {
    test::Shop shop;
    shop.policy(R"({"earn":"margin"})");
    stock_up(shop);
    shop.play("{'stock_in':{'lines':[{'code':'A','qty':'10','cost':'1.00'}]}}");
    CHECK(shop.play("{'customer':'2900000000018','lines':[{'code':'A'}]}")["points_awarded"] == "4.90");
}

TEST_CASE("several stocks: the till sells from one of them") {
    test::Shop shop;
    stock_up(shop);
    CHECK(sell_from(shop.node(), "kiosk").refusal == Refusal::unknown_stock);
    CHECK(sells_from(shop.node()).empty());
    shop.play("{'stock_in':{'stock':'kiosk','lines':[{'code':'A','qty':'5','cost':'3.00'}]}}");
    CHECK(sell_from(shop.node(), "kiosk").ok());
    CHECK(sells_from(shop.node()) == "kiosk");
    shop.play("{'lines':[{'code':'A','qty':'2'},{'text':'Bag','price':'1.00'}]}");
    CHECK(row_of(shop, "A", "kiosk")["stock"] == "3");
    CHECK(row_of(shop, "A", "kiosk")["cost"] == "6.00");
    CHECK(row_of(shop, "A").is_null());
    // What went from the kiosk goes back there, whatever the till sells from now.
    CHECK(sell_from(shop.node(), "").ok());
    shop.play("{'refund_of':'3.1-000001','lines':[{'code':'A'}]}");
    CHECK(row_of(shop, "A", "kiosk")["stock"] == "4");
    shop.play("{'lines':[{'code':'A'}]}");
    CHECK(row_of(shop, "A")["stock"] == "-1");
    CHECK(stock_names(shop.database()) == std::vector<std::string>{"", "kiosk"});
    CHECK(shop.verify().faults == std::vector<std::string>{});
}

TEST_CASE("acts of stock that are refused book nothing") {
    test::Shop shop;
    stock_up(shop);
    shop.play("{'stock_in':{'document':'D-1','lines':[{'code':'A','qty':'5','cost':'3.00'}]}}");
    check_refused(shop, "document_booked", "{'stock_in':{'document':'D-1','lines':[{'code':'B','qty':'1'}]}}");
    check_refused(shop, "unknown_code", "{'stock_in':{'lines':[{'code':'A','qty':'1'},{'code':'nothing','qty':'1'}]}}");
    check_refused(shop, "bad_quantity", "{'stock_in':{'lines':[{'code':'A','qty':'0'}]}}");
    check_refused(shop, "bad_quantity", "{'stock_in':{'lines':[{'code':'A','qty':'-1'}]}}");
    check_refused(shop, "bad_quantity", "{'stock_in':{'lines':[{'code':'A','qty':'1000001'}]}}");
    check_refused(shop, "bad_amount", "{'stock_in':{'lines':[{'code':'A','qty':'1','cost':'-0.01'}]}}");
    check_refused(shop, "bad_amount", "{'stock_in':{'lines':[{'code':'A','qty':'1','cost':'100000001'}]}}");
    check_refused(shop, "empty_receipt", "{'stock_in':{'lines':[]}}");
    check_refused(shop, "bad_line", "{'stock_in':{'lines':[{'code':'A','qty':'1','colour':'red'}]}}");
    check_refused(shop, "bad_line", "{'stock_in':{'lines':5}}");
    check_refused(shop, "bad_line", "{'stock_in':{'stock':' x','lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "bad_line", "{'stock_in':{'stock':'" + std::string(61, 'x') + "','lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "bad_line", "{'stock_in':{'document':'" + std::string(101, 'x') + "','lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "reason_missing", "{'stock_adjust':{'lines':[{'code':'A','qty':'-1'}]}}");
    check_refused(shop, "bad_quantity", "{'stock_adjust':{'reason':'x','lines':[{'code':'A','qty':'0'}]}}");
    check_refused(shop, "unknown_stock", "{'stock_adjust':{'stock':'kiosk','reason':'x','lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "bad_line", "{'stock_adjust':{'reason':'x','lines':[{'code':'A','qty':'1','cost':'5'}]}}");
    check_refused(shop, "bad_branch", "{'stock_send':{'to':0,'lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "bad_branch", "{'stock_send':{'to':10000,'lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "bad_quantity", "{'stock_send':{'to':4,'lines':[{'code':'A','qty':'-1'}]}}");
    check_refused(shop, "unknown_document", "{'stock_arrive':{'from':'3.1','lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "unknown_document", "{'stock_arrive':{'from':'3.1/1','lines':[{'code':'A','qty':'1'}]}}");
    check_refused(shop, "no_stocktake", "{'stocktake_count':{'code':'A','qty':'1'}}");
    check_refused(shop, "no_stocktake", "{'stocktake_close':{}}");
    check_refused(shop, "no_stocktake", "{'stocktake_cancel':{}}");
    check_refused(shop, "unknown_group", "{'stocktake_open':{'group':'fish'}}");
    check_refused(shop, "unknown_stock", "{'stocktake_open':{'stock':'kiosk'}}");
    CHECK(row_of(shop, "A")["stock"] == "5");
}

TEST_CASE("levels are bounded") {
    test::Shop shop;
    stock_up(shop);
    shop.database().run("INSERT INTO stock_level VALUES ('', 'A', ?, NULL)", Quantity::max_value);
    check_refused(shop, "amount_out_of_range", "{'stock_in':{'lines':[{'code':'A','qty':'1'}]}}");
    CHECK(shop.refusal("{'lines':[{'code':'A'}]}").empty());  // selling goes on
}

TEST_CASE("a stocktake with a frozen list: sales meanwhile are not lost") {
    test::Shop shop;
    stock_up(shop);
    shop.play("{'stock_in':{'lines':[{'code':'A','qty':'10','cost':'6'},{'code':'C','qty':'20','cost':'1'},{'code':'D','qty':'4','cost':'15'}]}}");
    const auto facts = shop.facts();
    // The group and those below it.
    CHECK(shop.play("{'cashier':'anna','stocktake_open':{'group':'Bakery'}}") == Json{{"stocktake_open", ""}, {"group", "Bakery"}, {"products", 2}});
    check_refused(shop, "stocktake_open", "{'stocktake_open':{}}");
    check_refused(shop, "nothing_counted", "{'stocktake_close':{}}");
    check_refused(shop, "not_on_list", "{'stocktake_count':{'code':'D','qty':'4'}}");
    check_refused(shop, "unknown_code", "{'stocktake_count':{'code':'nothing','qty':'4'}}");
    check_refused(shop, "bad_quantity", "{'stocktake_count':{'code':'A','qty':'-1'}}");
    CHECK(shop.play("{'stocktake_count':{'code':'A','qty':'4'}}")["counted"] == "4");
    shop.play("{'lines':[{'code':'A','qty':'2'}]}");  // sold from the counted shelf
    CHECK(shop.facts() == facts + 1);
    // A second place, and a slip put right.
    CHECK(shop.play("{'stocktake_count':{'code':'A','qty':'7'}}")["counted"] == "11");
    CHECK(shop.play("{'stocktake_count':{'code':'A','qty':'9','replace':true}}")["counted"] == "9");
    check_refused(shop, "bad_line", "{'stocktake_close':{'rest':'some'}}");
    const Json closed = shop.play("{'cashier':'anna','stocktake_close':{'rest':'zero','reason':'yearly'}}");
    CHECK(closed["counted"] == 2);
    CHECK(closed["facts"] == 1);
    CHECK(closed["value"] == "-26.00");
    REQUIRE(closed["lines"].size() == 2);
    CHECK(closed["lines"][0] == Json{{"code", "A"}, {"name", "Bread"}, {"expected", "10"}, {"counted", "9"}, {"difference", "-1"}});
    CHECK(closed["lines"][1]["difference"] == "-20");
    CHECK(row_of(shop, "A")["stock"] == "7");  // 10 − 1 missing − 2 sold
    CHECK(row_of(shop, "A")["average"] == "6");
    CHECK(row_of(shop, "C")["stock"] == "0");
    CHECK(row_of(shop, "D")["stock"] == "4");
    check_refused(shop, "no_stocktake", "{'stocktake_close':{}}");
    // Cancelled, nothing is booked; without a group everything is on the list.
    CHECK(shop.play("{'stocktake_open':{}}")["products"] == 4);
    shop.play("{'stocktake_count':{'code':'D','qty':'1'}}");
    CHECK(shop.refusal("{'stocktake_cancel':{}}").empty());
    CHECK(row_of(shop, "D")["stock"] == "4");
    // Those not counted stay as they are.
    shop.play("{'stocktake_open':{}}");
    shop.play("{'stocktake_count':{'code':'D','qty':'4'}}");
    CHECK(shop.play("{'stocktake_close':{}}")["lines"].empty());
    CHECK(row_of(shop, "A")["stock"] == "7");
    CHECK(shop.verify().faults == std::vector<std::string>{});
}

TEST_CASE("a stocktake of thousands of products is booked in several facts at once, and lies on disk meanwhile") {
    test::Shop shop;
    std::string csv = "code,name,price,vat\n";
    for (int i = 0; i < 2500; ++i) csv += fmt::format("P{},Product {},1.00,B\n", i, i);
    shop.catalogue(csv);
    std::string lines;
    for (int i = 0; i < 2500; ++i) lines += fmt::format("{}{{'code':'P{}','qty':'3'}}", i ? "," : "", i);
    CHECK(shop.refusal("{'stock_in':{'lines':[" + lines + "]}}").empty());
    CHECK(shop.play("{'stocktake_open':{}}")["products"] == 2500);
    {
        test::SeededRandom random(2);
        const auto second = Node::open(shop.node_folder(), system_clock(), random);  // another window on the same till
        Counted counted;
        CHECK(count_stock(*second, "", "P7", quantity("2"), false, counted).ok());
        CHECK(counted.expected == quantity("3"));
    }
    const Json closed = shop.play("{'stocktake_close':{'rest':'zero'}}");
    CHECK(closed["facts"] == 3);
    CHECK(row_of(shop, "P7")["stock"] == "2");
    CHECK(shop.database().integer("SELECT sum(quantity) FROM stock_level") == 2000);
    CHECK(shop.verify().faults == std::vector<std::string>{});
}

TEST_CASE("a transfer is two facts") {
    test::Shop from({3, 1}), to({4, 1});
    stock_up(from);
    stock_up(to);
    from.play("{'stock_in':{'lines':[{'code':'A','qty':'10','cost':'6'}]}}");
    const Json sent = from.play("{'stock_send':{'to':4,'document':'van 2','lines':[{'code':'A','qty':'4'}]}}");
    CHECK(sent["to"] == 4);
    CHECK(sent["lines"][0]["cost"] == "6");
    CHECK(row_of(from, "A")["stock"] == "6");
    CHECK(row_of(from, "A")["sent"] == "4");
    const std::string name = sent["stock_send"].get<std::string>();
    const std::string arrive = "{'stock_arrive':{'from':'" + name + "','lines':[{'code':'A','qty':'3','cost':'6'}]}}";
    CHECK(to.play(arrive)["from"] == name);
    check_refused(to, "document_booked", arrive);
    CHECK(row_of(to, "A")["received"] == "3");
    CHECK(row_of(to, "A")["value"] == "18.00");
    // Between two stocks of one branch likewise.
    const std::string within = from.play("{'stock_send':{'to':3,'lines':[{'code':'A','qty':'2'}]}}")["stock_send"].get<std::string>();
    CHECK(from.refusal("{'stock_arrive':{'stock':'kiosk','from':'" + within + "','lines':[{'code':'A','qty':'2'}]}}").empty());
    CHECK(row_of(from, "A", "kiosk")["stock"] == "2");
    check_refused(from, "unknown_document", "{'stock_arrive':{'from':'" + name + "','lines':[{'code':'A','qty':'1'}]}}");  // that went to branch 4
    CHECK(from.verify().faults == std::vector<std::string>{});
    CHECK(to.verify().faults == std::vector<std::string>{});
}

TEST_CASE("goods in from a table: the whole file or nothing, and once") {
    test::Shop shop;
    stock_up(shop);
    const auto facts = shop.facts();
    const std::string wrong = shop.write("wrong.csv", "code;qty;cost\nA;1;2,50\nX;1;\nB;0;1\nC;1.2345;1\nD;1;-1\n");
    GoodsIn result = import_goods(shop.node(), wrong, {});
    REQUIRE(result.faults.size() == 4);
    CHECK(result.faults[0] == "wrong.csv line 3: the code \"X\" is not in the catalogue");
    CHECK(result.faults[1].starts_with("wrong.csv line 4: \"0\" is no quantity"));
    CHECK(result.faults[2].starts_with("wrong.csv line 5: \"1.2345\" is no quantity"));
    CHECK(result.faults[3].starts_with("wrong.csv line 6: \"-1\" is no cost"));
    CHECK(shop.facts() == facts);
    const std::string good = shop.write("good.csv", "code;qty;cost\nA;10;2,50\nB;1,5;\n");
    result = import_goods(shop.node(), good, {});
    CHECK(result.faults.empty());
    REQUIRE(result.outcome.ok());
    CHECK(result.booked.fact.document.starts_with("good.csv "));
    CHECK(row_of(shop, "A")["average"] == "2.5");
    CHECK(row_of(shop, "B")["stock"] == "1.5");
    CHECK(import_goods(shop.node(), good, {}).outcome.refusal == Refusal::document_booked);
    // Next week's file of the same name is another document.
    shop.write("good.csv", "code;qty;cost\nA;11;2,50\n");
    CHECK(import_goods(shop.node(), good, {}).outcome.ok());
    StockAct named;
    named.document = "D-1";
    CHECK(import_goods(shop.node(), good, named).outcome.ok());
    CHECK(import_goods(shop.node(), good, named).outcome.refusal == Refusal::document_booked);
    CHECK_THROWS_AS(import_goods(shop.node(), shop.write("empty.csv", "code,qty\n"), {}), Error);
    CHECK_THROWS_AS(import_goods(shop.node(), shop.write("other.csv", "code,price\nA,1\n"), {}), Error);
    CHECK(shop.verify().faults == std::vector<std::string>{});
}

TEST_CASE("a ledger from before stock was kept gets its levels from what it sold") {
    Database database(":memory:", {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    const auto all = schema::branch_migrations();
    std::size_t before = 0;
    while (!all[before].name.ends_with("_stock")) ++before;
    database.migrate(all.first(before));
    for (const char* line :
         {"(1, 1, 'A', 'A', 'Bread', 3000, 1, 1, 0, 'B')", "(1, 2, NULL, '', 'Bag', 1000, 1, 1, 0, 'B')", "(2, 1, 'A', 'A', 'Bread', -1000, 1, 1, 0, 'B')"})
        database.execute(std::string("INSERT INTO receipt_line VALUES ") + line);
    database.migrate(all);
    CHECK(stock_level(database, "", "A").quantity == quantity("-2"));
    CHECK(database.integer("SELECT count(*) FROM stock_level") == 1);
}

TEST_CASE("facts of stock: read back the same, and refused where they lack the form") {
    namespace kind = schema::kind;
    CHECK(rc::check("read back", [] {
        const auto what = *rc::gen::element(kind::stock_received, kind::stock_adjusted, kind::stock_counted, kind::stock_sent, kind::stock_arrived);
        StockFact fact;
        fact.stock = *rc::gen::element<std::string>("", "kiosk", "\"ž\"");
        fact.cashier = *rc::gen::element<std::string>("", "anna");
        fact.reason = *rc::gen::element<std::string>("", "broken\nglass");
        fact.document = *rc::gen::element<std::string>("", "D-17");
        if (what == kind::stock_sent) fact.to = *rc::gen::inRange(1, 10'000);
        if (what == kind::stock_arrived) fact.from = FactName{{*rc::gen::inRange(1, 9999), *rc::gen::inRange(0, 99)}, *rc::gen::inRange(1, 1000)};
        for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
            StockLine line{"A", *rc::gen::element<std::string>("", "Kůň"), Quantity::of(*rc::gen::inRange(1, 5000)), {}, std::nullopt};
            if (what == kind::stock_counted) line.expected = Quantity::of(*rc::gen::inRange(-5000, 5000));
            if (*rc::gen::inRange(0, 2)) line.cost = Rate::of(*rc::gen::inRange(0, 5000));
            fact.lines.push_back(line);
        }
        fact.clock_back_ms = *rc::gen::inRange(0, 3);
        const std::string body = body_of(what, fact);
        const StockFact read = parse_stock(what, body);
        RC_ASSERT(body_of(what, read) == body);
        RC_ASSERT(read.lines == fact.lines);
        RC_ASSERT(read.from == fact.from);
    }));
    const auto refused = [](std::string_view what, const char* body) {
        CAPTURE(std::string(body));
        CHECK_THROWS_AS(parse_stock(what, body), Error);
    };
    for (const char* body : {"", "[]", "{}", R"({"lines":[]})", R"({"lines":[5]})", R"({"lines":[{"product":"A"}]})", R"({"lines":[{"qty":1}]})",
                             R"({"lines":[{"product":"A","qty":-1}]})", R"({"lines":[{"product":"A","qty":1000000000001}]})",
                             R"({"lines":[{"product":"A","qty":1,"cost":-1}]})", R"({"lines":[{"product":"A","qty":1,"expected":1}]})",
                             R"({"lines":[{"product":"A","qty":1}],"to":4})", R"({"lines":[{"product":"A","qty":1}],"from":"3.1/5"})"})
        refused(kind::stock_received, body);
    refused(kind::stock_adjusted, R"({"lines":[{"product":"A","qty":0}]})");
    refused(kind::stock_counted, R"({"lines":[{"product":"A","qty":-1,"expected":1}]})");
    refused(kind::stock_sent, R"({"lines":[{"product":"A","qty":1}]})");
    refused(kind::stock_sent, R"({"lines":[{"product":"A","qty":1}],"to":10000})");
    refused(kind::stock_arrived, R"({"lines":[{"product":"A","qty":1}]})");
    for (const char* name : {"3.1/", "3.1/0", "3.1/01", "3.1/-1", "3/1", "3.1/1234567890123456"}) CHECK(!parse_fact_name(name));
    CHECK(parse_fact_name("3.1/57") == FactName{{3, 1}, 57});
}

// ------------------------------------------------------------------------------------------------ property

namespace {

const std::vector<std::string> costs = {"1.00", "2.50", "7.123456", "0"};

std::string any_code() { return *rc::gen::element<std::string>("A", "B", "C"); }
std::string any_stock() { return *rc::gen::element<std::string>("", "", "kiosk"); }

Json goods(bool with_cost, bool may_be_negative) {
    Json lines = Json::array();
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
        Json line = {{"code", any_code()}, {"qty", *rc::gen::element<std::string>("1", "12", "0.333")}};
        if (may_be_negative && *rc::gen::inRange(0, 2)) line["qty"] = "-2.5";
        if (with_cost) line["cost"] = *rc::gen::elementOf(costs);
        lines.push_back(line);
    }
    return lines;
}

Json any_act(std::int64_t receipts, std::int64_t facts) {
    const std::string stock = any_stock();
    switch (*rc::gen::inRange(0, 11)) {
        case 0:
        case 1:
            return {{"stock_in", {{"stock", stock}, {"lines", goods(true, false)}}}};
        case 2:
            return {{"stock_adjust", {{"stock", stock}, {"reason", "x"}, {"lines", goods(false, true)}}}};
        case 3:
            return {{"stock_send", {{"stock", stock}, {"to", *rc::gen::inRange(3, 5)}, {"lines", goods(false, false)}}}};
        case 4:
            return {{"stock_arrive",
                     {{"stock", stock},
                      {"from", fmt::format("{}.1/{}", *rc::gen::inRange(3, 5), *rc::gen::inRange<std::int64_t>(1, facts + 2))},
                      {"lines", goods(true, false)}}}};
        case 5:
            return {{"stocktake_open", {{"stock", stock}}}};
        case 6:
            return {{"stocktake_count", {{"stock", stock}, {"code", any_code()}, {"qty", *rc::gen::element<std::string>("0", "3", "7.5")}}}};
        case 7:
            return {{"stocktake_close", {{"stock", stock}, {"rest", *rc::gen::element<std::string>("keep", "zero")}}}};
        case 8:
            return {{"refund_of", print_receipt_number({3, 1}, *rc::gen::inRange<std::int64_t>(1, receipts + 2))},
                    {"lines", Json::array({{{"code", any_code()}}})}};
        default: {
            Json lines = Json::array();
            for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
                lines.push_back({{"code", any_code()}, {"qty", *rc::gen::element<std::string>("1", "2", "0.125")}});
            return {{"lines", lines}};
        }
    }
}

/// Levels by the facts themselves, added up here.
std::map<std::pair<std::string, std::string>, Quantity> levels_of(test::Shop& shop) {
    std::map<std::pair<std::string, std::string>, Quantity> levels;
    shop.node().ledger().read(1, INT64_MAX, [&](const schema::Fact& fact) {
        if (fact.kind == schema::kind::sale || fact.kind == schema::kind::refund) {
            const ReceiptFact receipt = parse_receipt(fact.kind, fact.body);
            for (const BookedLine& line : receipt.lines) levels[{receipt.stock, line.product}] += receipt.refund ? line.quantity : -line.quantity;
        } else if (is_stock_kind(fact.kind)) {
            const StockFact stock = parse_stock(fact.kind, fact.body);
            for (const StockLine& line : stock.lines) levels[{stock.stock, line.product}] += change_of(fact.kind, line);
        }
        return true;
    });
    return levels;
}

void check_stock(test::Shop& shop) {
    const auto levels = levels_of(shop);
    std::size_t rows = 0;
    for (auto row = shop.database().query("SELECT stock, product, quantity, average FROM stock_level"); row.step(); ++rows) {
        const auto found = levels.find({row.text(0), row.text(1)});
        RC_ASSERT(found != levels.end());
        RC_ASSERT(found->second.raw() == row.integer(2));
        if (row.is_null(3)) continue;
        RC_ASSERT(row.integer(3) >= 0);  // 0 and 7.123456 are the least and the greatest cost that comes in
        RC_ASSERT(row.integer(3) <= 7'123'456);
    }
    RC_ASSERT(rows == levels.size());
    for (const Json& row : report(shop.node(), "stock", {})) {
        const auto field = [&](const char* key) { return quantity(row[key].get<std::string>()); };
        RC_ASSERT(field("stock") == field("received") + field("adjusted") - field("sent") - field("sold"));
        RC_ASSERT(row.contains("negative") == (field("stock") < Quantity{}));
    }
}

}  // namespace

TEST_CASE("property: over random histories a level is the sum of its movements") {
    CHECK(rc::check("stock", [] {
        test::Shop shop;
        shop.catalogue("code,name,price,vat\nA,Bread,12.90,B\nB,Soap,33.33,A\nC,Candle,0.07,A\n");
        const int count = *rc::gen::inRange(5, 40);
        for (int i = 0; i < count; ++i) {
            if (*rc::gen::inRange(0, 8) == 0) sell_from(shop.node(), any_stock());
            const Json line = any_act(shop.database().integer("SELECT count(*) FROM receipt").value_or(0), shop.facts());
            const auto facts = shop.facts();
            const Json answer = shop.play(line.dump());
            RC_LOG() << line.dump() << "\n" << answer.dump() << "\n";
            if (answer.contains("refused")) {
                RC_ASSERT(shop.facts() == facts);
                RC_ASSERT(answer["refused"] != "bad_line");
            }
            check_stock(shop);
        }
        const Verification verified = shop.verify();
        RC_LOG() << (verified.ok() ? "" : verified.faults.front());
        RC_ASSERT(verified.ok());
    }));
}

TEST_CASE("verify finds a tampered level, average and movement") {
    const auto tampered = [](const char* sql) {
        test::Shop shop;
        stock_up(shop);
        shop.play("{'stock_in':{'document':'D-1','lines':[{'code':'A','qty':'10','cost':'6'}]}}");
        shop.play("{'lines':[{'code':'A'}]}");
        REQUIRE(shop.verify().ok());
        shop.database().execute(sql);
        const Verification result = shop.verify();
        return result.faults.empty() ? std::string() : result.faults[0].substr(0, result.faults[0].find(':'));
    };
    CHECK(tampered("UPDATE stock_level SET quantity = quantity + 1") == "stock_level");
    CHECK(tampered("UPDATE stock_level SET average = average + 1") == "stock_level");
    CHECK(tampered("DELETE FROM stock_movement") == "stock_movement");
    CHECK(tampered("UPDATE stock_act SET document = 'D-2'") == "stock_act");
}

TEST_CASE("where users are kept, changing stock is a permission that a second person may lend") {
    test::Shop shop;
    stock_up(shop);
    Till till(shop.node(), Keep::at_payment);
    till.set_cashier("setup");
    const auto add = [&](const char* name, const char* role, const char* pin) {
        UserChange change;
        change.name = name;
        change.add = true;
        change.role = role;
        change.pin = pin;
        User user;
        REQUIRE(till.change_user(change, user).ok());
    };
    add("Alice", "administrator", "1111");
    add("Bob", "cashier", "2222");
    const std::string act = "'user':{'pin':'2222'},'stock_in':{'lines':[{'code':'A','qty':'1'}]}}";
    check_refused(shop, "not_permitted", "{" + act);
    const Json answer = shop.play("{'approval':{'pin':'1111'}," + act);
    REQUIRE(answer.contains("seq"));
    const StockFact fact = parse_stock(schema::kind::stock_received, shop.node().ledger().fact(answer["seq"].get<std::int64_t>())->body);
    CHECK(fact.cashier == "Bob");
    CHECK(fact.approvals == std::vector<Approval>{{"Alice", "manage_stock"}});
    CHECK(shop.verify().faults == std::vector<std::string>{});
}

TEST_CASE("the list of a stock: found by letters or a code, below zero, and what all of it is worth") {
    test::Shop shop;
    stock_up(shop);
    shop.play("{'stock_in':{'lines':[{'code':'A','qty':'10','cost':'6.00'},{'code':'C','qty':'4','cost':'1.00'}]}}");
    shop.play("{'stock_in':{'stock':'cellar','lines':[{'code':'D','qty':'2','cost':'15.00'}]}}");
    shop.play("{'lines':[{'code':'C','qty':'7'},{'code':'B'}]}");
    const auto names = [&](const std::string& stock, const std::string& text, StockFilter filter, int limit = 10) {
        std::string found;
        for (const StockRow& row : stock_sheet(shop.database(), stock, text, filter, limit).rows) found += row.name + " " + print(row.level.quantity) + ";";
        return found;
    };
    CHECK(names("", "", StockFilter::all) == "Bread 10;Roll -3;Soap -1;");
    CHECK(names("", "", StockFilter::below_zero) == "Roll -3;Soap -1;");
    CHECK(names("", "ro", StockFilter::below_zero) == "Roll -3;");
    CHECK(names("", "b", StockFilter::below_zero) == "Soap -1;");  // by its code
    CHECK(names("", "100%", StockFilter::below_zero).empty());
    CHECK(names("", "milk", StockFilter::all) == "Milk 0;");  // of the catalogue, and never held
    CHECK(names("cellar", "", StockFilter::all) == "Milk 2;");
    const StockSheet sheet = stock_sheet(shop.database(), "", "", StockFilter::all, 2);
    CHECK(sheet.rows.size() == 2);
    CHECK(sheet.more);
    CHECK(sheet.products == 3);
    CHECK(sheet.below_zero == 2);
    CHECK(sheet.value == money("57.00"));  // 10 × 6 − 3 × 1; nobody knows what the soap cost
    CHECK(sheet.rows[0].value == money("60.00"));
    CHECK(!stock_sheet(shop.database(), "", "", StockFilter::all, 3).more);
    CHECK(stock_sheet(shop.database(), "nowhere", "", StockFilter::all, 3).rows.empty());
}

TEST_CASE("acts of stock as documents: what was sent is on its way until this till takes it in") {
    test::Shop shop;
    stock_up(shop);
    shop.play("{'cashier':'anna','stock_in':{'document':'D-17','lines':[{'code':'A','qty':'10','cost':'6.00'},{'code':'B','qty':'2'}]}}");
    shop.play("{'stock_adjust':{'reason':'broken','lines':[{'code':'A','qty':'-1'}]}}");
    const Json away = shop.play("{'stock_send':{'to':4,'document':'van','lines':[{'code':'A','qty':'2'}]}}");
    const Json home = shop.play("{'stock_send':{'to':3,'lines':[{'code':'A','qty':'3'}]}}");
    const auto list = [&](StockDocuments which) { return stock_documents(shop.node(), which, {Instant{INT64_MIN}, Instant{INT64_MAX}}); };
    auto documents = list(StockDocuments::all);
    REQUIRE(documents.size() == 4);
    CHECK(documents[0].name == home["stock_send"]);
    CHECK(documents[0].on_the_way);
    CHECK(documents[0].value == money("-18.00"));
    CHECK(documents[1].name == away["stock_send"]);
    CHECK(documents[1].to == 4);
    CHECK(!documents[1].on_the_way);  // of another branch HQ alone knows
    CHECK(documents[2].reason == "broken");
    CHECK(documents[3].kind == "received");
    CHECK(documents[3].document == "D-17");
    CHECK(documents[3].cashier == "anna");
    CHECK(documents[3].lines == 2);
    CHECK(documents[3].value == money("60.00"));
    const Json report_before = report(shop.node(), "stock-acts", {});
    CHECK(report_before[0]["state"] == "on its way");
    CHECK(report_before[1]["state"] == "sent");
    CHECK(report_before[1]["branch"] == 4);
    const std::string sent = home["stock_send"];
    const Json taken = shop.play("{'stock_arrive':{'stock':'cellar','from':'" + sent + "','lines':[{'code':'A','qty':'3'}]}}");
    documents = list(StockDocuments::transfers);
    REQUIRE(documents.size() == 3);
    CHECK(documents[0].from == sent);
    CHECK(documents[0].stock == "cellar");
    CHECK(documents[1].arrived == taken["stock_arrive"]);
    CHECK(!documents[1].on_the_way);
    CHECK(report(shop.node(), "stock-acts", {})[1]["state"] == "arrived by " + taken["stock_arrive"].get<std::string>());
    const auto lines = stock_document_lines(shop.database(), documents[1].seq);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].quantity == quantity("-3"));
    CHECK(stock_document_lines(shop.database(), 999).empty());
    CHECK(stock_documents(shop.node(), StockDocuments::all, {Instant{INT64_MIN}, Instant{INT64_MAX}}, 2).size() == 2);
}

TEST_CASE("a stocktake in hand: how far it is, what is left to count, what differs and what that is worth") {
    test::Shop shop;
    stock_up(shop);
    CHECK(!stocktake_sheet(shop.database(), ""));
    shop.play("{'stock_in':{'lines':[{'code':'A','qty':'10','cost':'6.00'},{'code':'D','qty':'5'}]}}");
    shop.play("{'cashier':'anna','stocktake_open':{}}");
    shop.play("{'stocktake_count':{'code':'A','qty':'9'}}");
    shop.play("{'stocktake_count':{'code':'D','qty':'6'}}");
    shop.play("{'stocktake_count':{'code':'B','qty':'0'}}");
    const auto sheet = stocktake_sheet(shop.database(), "");
    REQUIRE(sheet);
    CHECK(sheet->cashier == "anna");
    CHECK(sheet->group.empty());
    CHECK(sheet->products == 4);
    CHECK(sheet->counted == 3);
    CHECK(sheet->differing == 2);
    CHECK(sheet->missing == 0);  // nobody expects a roll
    CHECK(sheet->difference == money("9.00"));  // one bread at 6 is missing, one milk at the catalogue's 15 is too much
    shop.play("{'stocktake_cancel':{}}");
    shop.play("{'stocktake_open':{}}");
    CHECK(stocktake_sheet(shop.database(), "")->missing == 2);
    for (const char* counted : {"'A','qty':'9'", "'D','qty':'6'", "'B','qty':'0'"})
        shop.play(std::string("{'stocktake_count':{'code':") + counted + "}}");
    const auto rows = [&](const std::string& text, StocktakeFilter filter) {
        std::string names;
        for (const StocktakeRow& row : stocktake_rows(shop.database(), "", text, filter, 10)) names += row.name + ";";
        return names;
    };
    CHECK(rows("", StocktakeFilter::all) == "Bread;Milk;Roll;Soap;");
    CHECK(rows("", StocktakeFilter::uncounted) == "Roll;");
    CHECK(rows("", StocktakeFilter::differing) == "Bread;Milk;");
    CHECK(rows("mi", StocktakeFilter::differing) == "Milk;");
    CHECK(rows("a", StocktakeFilter::differing) == "Bread;");  // by its code
}
