// Customers by hand (L4): added, changed, merged and taken apart, forgotten; and what a customer's history says.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "node/customer_desk.h"
#include "node/customer_history.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

namespace {

constexpr const char* customer_goods = "code,name,group,price,vat\nA,Apple,,10.00,B\nB,Bread,,25.00,B\n";

Json shown(Shop& shop, const std::string& who) { return shop.play("{'customer_show':{'customer':'" + who + "'}}"); }

std::int64_t texts(Shop& shop) { return shop.database().integer("SELECT count(*) FROM personal").value(); }

void sell_to(Shop& shop, const std::string& who, int pieces) {
    REQUIRE(!shop.play("{'customer':'" + who + "','lines':[{'code':'A','qty':'" + std::to_string(pieces) + "'}]}").contains("refused"));
}

struct Sums {
    Points points;
    Money spend, debt;
    friend bool operator==(const Sums&, const Sums&) = default;
};
Sums sums(Shop& shop) {
    Sums sums;
    for (const CustomerRecord& record : all_customers(shop.database())) {
        sums.points += record.terms.points;
        sums.spend += record.terms.spend;
        sums.debt += record.terms.debt;
    }
    return sums;
}

}  // namespace

TEST_CASE("a customer is added by hand with all details, and each of them is changed later") {
    Shop shop;
    shop.catalogue(customer_goods);
    const Json added = shop.play(
        "{'customer_add':{'number':'17','name':'Eva Nová','phone':'+420 1','email':'eva@example.cz','address':'Ulice 1','note':'má psa','dealer':'DEA',"
        "'discount':'5','charge_to_account':true,'limit':'500.00','cards':['2900000000018','X-1']}}");
    REQUIRE(added.contains("seq"));
    CHECK(added["customer_add"] == "17");
    const Json before = shown(shop, "2900000000018");
    CHECK(before["name"] == "Eva Nová");
    CHECK(before["address"] == "Ulice 1");
    CHECK(before["note"] == "má psa");
    CHECK(before["discount"] == "5");
    CHECK(before["limit"] == "500.00");
    CHECK(before["charge_to_account"] == true);
    CHECK(before["cards"] == Json({"2900000000018", "X-1"}));
    CHECK(before["last_purchase"].is_null());
    sell_to(shop, "17", 1);
    CHECK(shown(shop, "17")["last_purchase"] == "2026-03-02T10:15:00+01:00");

    CHECK(shop.play("{'customer_edit':{'customer':'17','phone':'','note':'má kočku','number':'18','cards':['X-2'],'discount':'0'}}").contains("seq"));
    const Json after = shown(shop, "18");
    CHECK(after["phone"] == "");
    CHECK(after["name"] == "Eva Nová");
    CHECK(after["note"] == "má kočku");
    CHECK(after["discount"] == "0");
    CHECK(after["cards"] == Json({"2900000000018", "X-1", "X-2"}));
    CHECK(after["points"] == "10.00");
    CHECK(shop.refusal("{'customer_show':{'customer':'17'}}") == "unknown_customer");
    // The same again changes nothing, and books nothing.
    const std::int64_t facts = shop.facts();
    CHECK(shop.play("{'customer_edit':{'customer':'18','note':'má kočku'}}")["unchanged"] == true);
    CHECK(shop.facts() == facts);
    CHECK(shop.verify().ok());
}

TEST_CASE("what cannot be a customer is refused by name, and books nothing") {
    Shop shop;
    shop.catalogue(customer_goods);
    shop.play("{'customer_add':{'number':'1','cards':['CARD-1']}}");
    const std::int64_t facts = shop.facts();
    for (const auto& [line, refusal] : std::vector<std::pair<std::string, std::string>>{
             {"{'customer_add':{'name':'Nobody'}}", "bad_customer"},
             {"{'customer_add':{'number':'1'}}", "number_taken"},
             {"{'customer_add':{'number':'0'}}", "bad_customer"},
             {"{'customer_add':{'number':'12345'}}", "bad_customer"},
             {"{'customer_add':{'cards':['CARD-1']}}", "card_taken"},
             {"{'customer_add':{'cards':['A']}}", "card_taken"},
             {"{'customer_add':{'cards':['123']}}", "bad_customer"},
             {"{'customer_add':{'cards':['4111111111111111']}}", "payment_card"},
             {"{'customer_add':{'number':'2','discount':'101'}}", "bad_discount"},
             {"{'customer_add':{'number':'2','limit':'-1'}}", "bad_amount"},
             {"{'customer_add':{'number':'2','referrer':'77'}}", "unknown_customer"},
             {"{'customer_add':{'number':'2','name':'" + std::string(501, 'x') + "'}}", "bad_customer"},
             {"{'customer_edit':{'customer':'77','name':'x'}}", "unknown_customer"},
             {"{'customer_edit':{'customer':'1','drop_cards':['CARD-9']}}", "bad_customer"},
             {"{'customer_merge':{'from':'1','into':'1'}}", "bad_customer"},
             {"{'customer_unmerge':{'customer':'1'}}", "not_merged"},
             {"{'customer_erase':{'customer':'77'}}", "unknown_customer"},
             {"{'customer_add':{'number':'2','shoe_size':'42'}}", "bad_line"}}) {
        CAPTURE(line);
        CHECK(shop.refusal(line) == refusal);
    }
    CHECK(shop.facts() == facts);
}

TEST_CASE("the next free number is given where the branch stands alone") {
    Shop shop;
    CHECK(shop.play("{'customer_add':{'number':'next','name':'A'}}")["number"] == 1);
    shop.play("{'customer_add':{'number':'41'}}");
    CHECK(shop.play("{'customer_add':{'number':'next','name':'B'}}")["number"] == 42);
    shop.play("{'customer_add':{'number':'9999'}}");
    CHECK(shop.refusal("{'customer_add':{'number':'next'}}") == "bad_customer");
}

TEST_CASE("a policy that demands all details is asked when a customer is added") {
    Shop shop;
    shop.policy(R"({"demand_details":true})");
    CHECK(shop.refusal("{'customer_add':{'number':'1','name':'Eva'}}") == "details_demanded");
    CHECK(shop.refusal("{'customer_add':{'number':'1','name':'Eva','phone':'1','address':'Ulice 1'}}") == "");
}

TEST_CASE("referrers never go round in a circle, and a referrer is changed and cancelled") {
    Shop shop;
    shop.catalogue(customer_goods);
    shop.policy(R"({"referral":{"share":"10","of":"points"}})");
    for (const char* number : {"1", "2", "3"}) shop.play(std::string("{'customer_add':{'number':'") + number + "'}}");
    CHECK(shop.refusal("{'customer_edit':{'customer':'1','referrer':'1'}}") == "referrer_circle");
    CHECK(shop.refusal("{'customer_edit':{'customer':'2','referrer':'1'}}") == "");
    CHECK(shop.refusal("{'customer_edit':{'customer':'3','referrer':'2'}}") == "");
    CHECK(shop.refusal("{'customer_edit':{'customer':'1','referrer':'3'}}") == "referrer_circle");
    sell_to(shop, "3", 10);  // one level alone: 2 gets a share, 1 does not
    CHECK(shop.customer("2")["points"] == "10.00");
    CHECK(shop.customer("1")["points"] == "0.00");
    // From the change on, the other one gets it; what was given stays.
    CHECK(shop.refusal("{'customer_edit':{'customer':'3','referrer':'1'}}") == "");
    sell_to(shop, "3", 10);
    CHECK(shop.customer("2")["points"] == "10.00");
    CHECK(shop.customer("1")["points"] == "10.00");
    const Json overview = referrals(shop.node());
    REQUIRE(overview.size() == 2);
    for (const Json& row : overview)
        if (row["customer"] == 3) CHECK(row["points"] == "10.00");
    CHECK(shop.refusal("{'customer_edit':{'customer':'3','referrer':''}}") == "");
    sell_to(shop, "3", 10);
    CHECK(shop.customer("1")["points"] == "10.00");
    CHECK(shown(shop, "2")["referrer"] == 1);
    CHECK(shown(shop, "1")["referred"] == Json({2}));
    CHECK(shop.verify().ok());
}

TEST_CASE("a card that was taken away is nobody's: it neither logs in nor makes a customer again") {
    Shop shop;
    shop.catalogue(customer_goods);
    sell_to(shop, "CARD-1", 2);  // made by its card
    CHECK(shop.refusal("{'customer_edit':{'customer':'CARD-1','number':'5','name':'Eva','cards':['CARD-2']}}") == "");
    CHECK(shop.refusal("{'customer_edit':{'customer':'5','drop_cards':['CARD-1']}}") == "");
    CHECK(shop.refusal("{'customer':'CARD-1','lines':[{'code':'A'}]}") == "unknown_customer");
    sell_to(shop, "CARD-2", 1);
    CHECK(shop.customer("5")["points"] == "30.00");
    CHECK(shop.customer("5")["name"] == "Eva");
    // Somebody gave the card to another person, who begins with nothing.
    CHECK(shop.refusal("{'customer_add':{'number':'6','cards':['CARD-1']}}") == "");
    sell_to(shop, "CARD-1", 1);
    CHECK(shop.customer("6")["points"] == "10.00");
    CHECK(shop.customer("5")["points"] == "30.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("cards are added by the pile: new ones become customers, known and wrong ones are told") {
    Shop shop;
    shop.play("{'customer_add':{'number':'1','cards':['CARD-1']}}");
    const Json answer = shop.play("{'customer_cards':['CARD-1','CARD-2',' card-3 ','CARD-2','4111111111111111','12']}");
    CHECK(answer["added"] == 2);
    std::vector<std::string> outcomes;
    for (const Json& row : answer["customer_cards"]) outcomes.push_back(row["outcome"]);
    CHECK(outcomes == std::vector<std::string>{"known", "added", "added", "known", "refused", "refused"});
    CHECK(shop.customer("CARD-3")["points"] == "0.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("two customers become one with all balances, cards and unpaid items, and two again") {
    Shop shop;
    shop.catalogue(customer_goods);
    shop.play("{'customer_add':{'number':'1','name':'Eva','cards':['CARD-1'],'charge_to_account':true}}");
    shop.play("{'customer_add':{'cards':['CARD-2'],'charge_to_account':true}}");
    sell_to(shop, "1", 3);
    const Json charged = shop.play("{'customer':'CARD-2','lines':[{'code':'B'}],'pay':[{'with':'account','amount':'25.00'}]}");
    REQUIRE(charged.contains("receipt"));
    const Sums before = sums(shop);

    REQUIRE(shop.refusal("{'customer_merge':{'from':'1','into':'CARD-2'}}") == "");
    const Json both = shown(shop, "1");
    CHECK(both["name"] == "Eva");
    CHECK(both["points"] == "55.00");
    CHECK(both["spend"] == "55.00");
    CHECK(both["debt"] == "25.00");
    CHECK(both["cards"] == Json({"CARD-1", "CARD-2"}));
    CHECK(both["merged"].size() == 1);
    CHECK(sums(shop) == before);
    CHECK(shop.verify().ok());
    CHECK(shop.refusal("{'customer_merge':{'from':'CARD-1','into':'CARD-2'}}") == "bad_customer");
    // What is booked meanwhile stays with the one who stayed; the unpaid item is settled by either card.
    sell_to(shop, "CARD-1", 1);
    CHECK(shop.refusal("{'settle':{'customer':'CARD-1','items':'all'}}") == "");

    REQUIRE(shop.refusal("{'customer_unmerge':{'customer':'1'}}") == "");
    const Json eva = shown(shop, "1"), other = shown(shop, "CARD-2");
    CHECK(eva["name"] == "Eva");
    CHECK(eva["points"] == "30.00");
    CHECK(eva["cards"] == Json({"CARD-1"}));
    CHECK(other["name"] == "");
    CHECK(other["number"].is_null());
    CHECK(other["points"] == "35.00");
    CHECK(other["debt"] == "0.00");
    CHECK(shop.verify().ok());
    CHECK(shop.refusal("{'customer_unmerge':{'customer':'1'}}") == "not_merged");
}

TEST_CASE("who was merged with his referrer gets no share of his own purchases") {
    Shop shop;
    shop.catalogue(customer_goods);
    shop.policy(R"({"referral":{"share":"10","of":"points"}})");
    shop.play("{'customer_add':{'number':'1'}}");
    shop.play("{'customer_add':{'number':'2','referrer':'1'}}");
    shop.play("{'customer_add':{'number':'3','referrer':'2'}}");
    CHECK(shop.refusal("{'customer_merge':{'from':'3','into':'1'}}") == "");  // 1 brought 2: as one, 3's own referrer counts no more
    shop.play("{'customer_unmerge':{'customer':'3'}}");
    REQUIRE(shop.refusal("{'customer_merge':{'from':'1','into':'2'}}") == "");
    sell_to(shop, "2", 10);
    CHECK(shop.customer("2")["points"] == "100.00");
    REQUIRE(shop.refusal("{'customer_unmerge':{'customer':'1'}}") == "");
    CHECK(shown(shop, "2")["referrer"] == 1);
    CHECK(shop.refusal("{'customer_merge':{'from':'2','into':'3'}}") == "");
    CHECK(shown(shop, "3")["referrer"].is_null());
    CHECK(shop.verify().ok());
}

TEST_CASE("merging that would make somebody his own referrer's referrer is refused") {
    Shop shop;
    shop.play("{'customer_add':{'number':'1'}}");
    shop.play("{'customer_add':{'number':'2','referrer':'1'}}");
    shop.play("{'customer_add':{'number':'3','referrer':'2'}}");
    const std::int64_t facts = shop.facts();
    CHECK(shop.refusal("{'customer_merge':{'from':'1','into':'3'}}") == "referrer_circle");
    CHECK(shop.facts() == facts);
    CHECK(shown(shop, "1")["points"] == "0.00");
}

TEST_CASE("a person is forgotten: texts are gone for good, totals and history stay, and so does the card") {
    Shop shop;
    shop.catalogue(customer_goods);
    shop.play("{'customer_add':{'number':'1','name':'Eva','phone':'+420 1','cards':['CARD-1']}}");
    shop.play("{'customer_edit':{'customer':'1','phone':'+420 2'}}");
    shop.play("{'customer_add':{'number':'2','name':'Jan'}}");
    sell_to(shop, "1", 3);
    REQUIRE(texts(shop) == 3);
    const Json answer = shop.play("{'customer_erase':{'customer':'1'}}");
    CHECK(answer["name"] == "");
    const Json eva = shown(shop, "CARD-1");
    CHECK(eva["phone"] == "");
    CHECK(eva["points"] == "30.00");
    CHECK(eva["spend"] == "30.00");
    CHECK(eva["history"].size() == 2);
    CHECK(texts(shop) == 1);  // Jan's
    for (auto facts = shop.database().query("SELECT body FROM fact"); facts.step();) CHECK(facts.text(0).find("+420") == std::string::npos);
    CHECK(shop.verify().ok());
    sell_to(shop, "CARD-1", 1);
    // Somebody who gives the name again is known again.
    CHECK(shop.refusal("{'customer_edit':{'customer':'1','name':'Eva'}}") == "");
    CHECK(shown(shop, "1")["name"] == "Eva");
    CHECK(shop.verify().ok());
}

TEST_CASE("a history reads as a bank statement: each row carries the balances on, and names its document") {
    Shop shop;
    shop.catalogue(customer_goods);
    shop.customers("number,name,cards,charge_to_account,points,spend\n7,Eva,CARD-7,1,100,1000\n");
    shop.play("{'at':'2026-03-03T09:00:00+01:00','cashier':'anna','customer':'7','lines':[{'code':'A','qty':'10'}],'redeem':'2.00'}");
    shop.play("{'at':'2026-03-04T09:00:00+01:00','customer':'7','lines':[{'code':'B'}],'pay':[{'with':'account','amount':'25.00'}]}");
    shop.play("{'at':'2026-03-05T09:00:00+01:00','refund_of':'3.1-000001','lines':[{'code':'A','qty':'5'}]}");
    shop.play("{'at':'2026-03-06T09:00:00+01:00','correct':{'customer':'7','points':'-3','reason':'typing error'}}");
    shop.play("{'at':'2026-03-07T09:00:00+01:00','settle':{'customer':'7','items':'all'}}");
    const Json history = shown(shop, "7")["history"];
    REQUIRE(history.size() == 8);
    CHECK(history[0]["kind"] == "brought_forward");
    CHECK(history[0]["points_balance"] == "0.00");
    std::vector<std::string> kinds, points, debts, documents;
    for (const Json& row : history) {
        kinds.push_back(row["kind"]);
        points.push_back(row["points_balance"]);
        debts.push_back(row["debt_balance"]);
        documents.push_back(row.value("document", ""));
    }
    CHECK(kinds == std::vector<std::string>{"brought_forward", "opening", "sale", "redemption", "sale", "refund", "correction", "settlement"});
    CHECK(points == std::vector<std::string>{"0.00", "100.00", "200.00", "160.00", "185.00", "155.00", "152.00", "152.00"});
    CHECK(debts == std::vector<std::string>{"0.00", "0.00", "0.00", "0.00", "25.00", "25.00", "25.00", "0.00"});
    CHECK(documents[2] == "3.1-000001");
    CHECK(documents[5] == "3.1-000003");
    CHECK(history[5]["refund_of"] == "3.1-000001");
    CHECK(history[6]["reason"] == "typing error");
    CHECK(history[7]["receipts"] == Json({"3.1-000002"}));
    CHECK(history[2]["cashier"] == "anna");
    // Of a part of it, what came before is one row.
    const auto record = named_customer(shop.database(), "7");
    REQUIRE(record);
    const Json part = customer_history(shop.node(), *record, {test::instant("2026-03-05T00:00:00+01:00"), test::instant("2026-03-07T00:00:00+01:00"), 100});
    REQUIRE(part.size() == 3);
    CHECK(part[0]["points_balance"] == "185.00");
    CHECK(part[2]["points_balance"] == "152.00");
    CHECK(part[2]["debt_balance"] == "25.00");
    const Json newest = customer_history(shop.node(), *record, {std::nullopt, std::nullopt, 2});
    CHECK(newest.size() == 3);
    CHECK(newest[0]["points_balance"] == "155.00");
}

TEST_CASE("who may change customers, their terms, and merge or forget them, is a matter of permissions; a second person lends them") {
    Shop shop;
    Till till(shop.node(), Keep::at_payment, PinCost{1, 8192});
    User user;
    UserChange admin, cashier;
    admin.name = "Boss";
    admin.add = true;
    admin.pin = "1111";
    REQUIRE(till.change_user(admin, user).ok());
    REQUIRE(till.log_in_cashier({"1111", "", ""}).ok());
    cashier.name = "Anna";
    cashier.add = true;
    cashier.pin = "2222";
    REQUIRE(till.change_user(cashier, user).ok());
    CHECK(shop.refusal("{'user':{'pin':'2222'},'customer_add':{'number':'1','name':'Eva'}}") == "");
    const Json no = shop.play("{'user':{'pin':'2222'},'customer_edit':{'customer':'1','limit':'1000'}}");
    CHECK(no["refused"] == "not_permitted");
    CHECK(no["permission"] == "grant_terms");
    CHECK(shop.refusal("{'user':{'pin':'2222'},'approval':{'pin':'1111'},'customer_edit':{'customer':'1','limit':'1000'}}") == "");
    const auto body = shop.database().text("SELECT body FROM fact WHERE kind = 'customer.set' ORDER BY seq DESC LIMIT 1").value();
    CHECK(Json::parse(body)["cashier"] == "Anna");
    CHECK(Json::parse(body)["approvals"][0]["by"] == "Boss");
    CHECK(shop.play("{'user':{'pin':'2222'},'customer_erase':{'customer':'1'}}")["permission"] == "manage_customers");
    CHECK(shop.play("{'user':{'pin':'2222'},'reset':{'of':'points'}}")["permission"] == "reset_balances");
}

TEST_CASE("property: merging and taking apart, in any order, moves no point and no coin, and the facts say the same") {
    CHECK(rc::check("merge and unmerge", [] {
        Shop shop;
        shop.catalogue(customer_goods);
        shop.policy(R"({"referral":{"share":"7","of":"points"}})");
        const std::vector<std::string> cards = {"CARD-1", "CARD-2", "CARD-3", "CARD-4"};
        for (const std::string& card : cards) shop.play("{'customer_cards':['" + card + "']}");
        shop.play("{'customer_edit':{'customer':'CARD-2','referrer':'CARD-1'}}");
        for (int steps = *rc::gen::inRange(1, 14); steps > 0; --steps) {
            const std::string a = *rc::gen::elementOf(cards), b = *rc::gen::elementOf(cards);
            const Sums before = sums(shop);
            switch (*rc::gen::inRange(0, 4)) {
                case 0:
                    shop.play("{'customer':'" + a + "','lines':[{'code':'A','qty':'" + std::to_string(*rc::gen::inRange(1, 5)) + "'}]}");
                    break;
                case 1:
                    shop.play("{'customer_merge':{'from':'" + a + "','into':'" + b + "'}}");
                    RC_ASSERT(sums(shop) == before);
                    break;
                case 2:
                    shop.play("{'customer_unmerge':{'customer':'" + a + "'}}");
                    RC_ASSERT(sums(shop) == before);
                    break;
                default: {
                    const Json preview = shop.play("{'reset':{'of':'points'}}");
                    if (!preview.contains("message")) break;
                    const std::string text = preview["message"];
                    const auto quote = text.find('"');
                    if (quote == std::string::npos) break;
                    const std::string phrase = text.substr(quote + 1, text.rfind('"') - quote - 1);
                    RC_ASSERT(!shop.play("{'reset':{'of':'points','confirm':'" + phrase + "'}}").contains("refused"));
                    RC_ASSERT(sums(shop).points == Points{});
                    break;
                }
            }
            const Verification verified = shop.verify();
            if (!verified.ok()) RC_LOG(verified.faults.front());
            RC_ASSERT(verified.ok());
        }
        for (int i = 0; i < 8; ++i) shop.play("{'reset_undo':{}}");
        RC_ASSERT(shop.verify().ok());
        // Every point there is was earned by a sale.
        const auto earned = shop.database().integer("SELECT sum(points) FROM movement WHERE kind IN ('sale', 'referral')").value_or(0);
        RC_ASSERT(sums(shop).points.raw() == earned);
    }));
}
