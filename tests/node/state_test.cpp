// State from above (DESIGN.md "State downwards"): balance = HQ's + own movements after the seq that HQ's include.
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "node/catalogue.h"
#include "node/customers.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::money;
using test::points;

namespace {

/// A shop of a chain: what it knows comes by apply_state.
struct ChainShop : test::Shop {
    ChainShop() {
        node().enrol({"HQ", std::string(64, 'a'), ""});
        GroupRow group{"Food", "", false};
        ProductRow bread{"A", {"A", "8594001021239"}, "Bread", "Food", money("10.00"), "A", {}, {}, ""};
        apply_one(state_row(group, 1), 0);
        apply_one(state_row(bread, 2), 0);
    }
    void apply_one(const StateRow& row, std::int64_t own_seq) {
        Transaction transaction(database());
        apply_state(database(), row, own_seq);
        transaction.commit();
    }
    /// Everything in the tables that a row can touch.
    std::string everything() {
        std::string text;
        for (const char* table :
             {"product_group", "product", "product_code", "policy", "customer", "customer_card", "customer_alias", "movement", "own_balance", "receipt"}) {
            const auto columns = database().text("SELECT group_concat('ifnull(' || name || ', ''-'')', ' || ''|'' || ') FROM pragma_table_info(?)", table);
            for (auto rows = database().query("SELECT " + *columns + " FROM " + table + " ORDER BY 1"); rows.step();)
                text += std::string(table) + "|" + rows.text(0) + "\n";
        }
        return text;
    }
};

CustomerRow petr() {
    CustomerRow row;
    row.id = "c-petr";
    row.number = 1;
    row.texts.name = "Petr";
    row.cards = {"111111"};
    row.points = points("100");
    row.spend = money("1000");
    return row;
}

}  // namespace

TEST_CASE("HQ's balance and own movements after the seq that it includes") {
    ChainShop shop;
    shop.apply_one(state_row(petr(), 3), 0);
    const auto first = shop.play("{'customer':'1','lines':[{'code':'A'}]}");
    CHECK(first["points_balance"] == "110.00");
    CHECK(first["spend"] == "1010.00");
    const auto second = shop.play("{'customer':'1','lines':[{'code':'A'}]}");
    CHECK(second["points_balance"] == "120.00");

    // HQ has the first sale, and 5.00 that Petr spent elsewhere.
    CustomerRow row = petr();
    row.points = points("105");
    row.spend = money("1015");
    shop.apply_one(state_row(row, 4), first["seq"].get<std::int64_t>());
    CHECK(shop.customer("1")["points"] == "115.00");
    CHECK(shop.customer("1")["spend"] == "1025.00");
    CHECK(shop.verify().ok());

    // The older row again, as a late bundle brings it, then the newest.
    row.points = points("115");
    row.spend = money("1025");
    shop.apply_one(state_row(row, 5), second["seq"].get<std::int64_t>());
    CHECK(shop.customer("1")["points"] == "115.00");
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A'}]}")["points_balance"] == "125.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("applying a row twice changes nothing more") {
    ChainShop shop;
    shop.play("{'customer':'222222','lines':[{'code':'A'}]}");
    const std::string alias = customer_by_card(shop.database(), "222222")->terms.id;
    CustomerRow row = petr();
    row.cards = {"111111", "222222"};
    row.aliases = {alias};
    ProductRow bread{"A", {"A", "B"}, "Bread", "Food", money("11.00"), "A", money("5"), points("1"), "DEA:5"};
    for (const StateRow& state :
         {state_row(row, 5), state_row(bread, 6), policy_state_row(R"({"point_value":"1"})", 7), state_row(GroupRow{"Food", "All", true}, 8),
          StateRow{"product", "A", 9, ""}, StateRow{"customer", "c-petr", 10, ""}, StateRow{"group", "food", 11, ""}}) {
        CAPTURE(state.kind);
        shop.apply_one(state, 1);
        const std::string once = shop.everything();
        CHECK(once.size() > 100);
        shop.apply_one(state, 1);
        CHECK(shop.everything() == once);
        CHECK(shop.verify().ok());
    }
}

TEST_CASE("a customer merged into another: cards, movements and new facts count for the one that stays") {
    ChainShop shop;
    shop.play("{'customer':'222222','lines':[{'code':'A','qty':'3'}]}");
    shop.apply_one(state_row(petr(), 3), 0);
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A'}]}")["points_balance"] == "110.00");
    const std::string alias = customer_by_card(shop.database(), "222222")->terms.id;
    CustomerRow row = petr();
    row.cards = {"111111", "222222"};
    row.aliases = {alias};
    shop.apply_one(state_row(row, 5), 0);
    CHECK(shop.customer("1")["points"] == "140.00");
    CHECK(shop.play("{'customer':'222222','lines':[{'code':'A'}]}")["points_balance"] == "150.00");
    CHECK(customer_by_id(shop.database(), alias)->terms.id == "c-petr");
    CHECK(report(shop.node(), "customers", {}).size() == 1);
    CHECK(shop.verify().ok());
    // The refund of the receipt that names the alias.
    CHECK(shop.play("{'refund_of':'3.1-000001','lines':[{'code':'A','qty':'3'}]}")["points_balance"] == "120.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("tombstones: the product cannot be sold, the customer not logged in, the ledger keeps both") {
    ChainShop shop;
    shop.apply_one(state_row(petr(), 3), 0);
    shop.play("{'customer':'1','lines':[{'code':'A'}]}");
    shop.apply_one({"product", "A", 4, ""}, 0);
    CHECK(shop.refusal("{'lines':[{'code':'A'}]}") == "unknown_code");
    CHECK(search_products(shop.database(), "bread").empty());
    CHECK(shop.play("{'refund_of':'3.1-000001','lines':[{'code':'A'}]}")["net"] == "-10.00");
    shop.apply_one({"customer", "c-petr", 5, ""}, 0);
    CHECK(shop.refusal("{'customer':'1','lines':[{'text':'x','price':'1'}]}") == "unknown_customer");
    CHECK(shop.verify().ok());
    shop.apply_one({"product", "never-seen", 6, ""}, 0);
    shop.apply_one({"surprise", "of a newer HQ", 7, "{\"x\":1}"}, 0);
}

TEST_CASE("numbers and cards go from one customer to another as HQ says") {
    ChainShop shop;
    shop.apply_one(state_row(petr(), 3), 0);
    CustomerRow eva = petr();
    eva.id = "c-eva";
    eva.texts.name = "Eva";
    shop.apply_one(state_row(eva, 4), 0);
    CHECK(customer_by_number(shop.database(), 1)->texts.name == "Eva");
    CHECK(customer_by_card(shop.database(), "111111")->texts.name == "Eva");
    CHECK(!customer_by_id(shop.database(), "c-petr")->number);
}

TEST_CASE("rows that do not have the form are refused, fields of a newer HQ are passed over") {
    ChainShop shop;
    for (const char* body : {"[]", "x", R"({"codes":"A"})", R"({"price":"10"})", R"({"price":1e30})", R"({"name":5})", R"({"price":9999999999999999})"}) {
        CAPTURE(std::string(body));
        CHECK_THROWS_AS(shop.apply_one({"product", "P", 9, body}, 0), Error);
    }
    CHECK_THROWS_AS(shop.apply_one({"customer", "c", 9, R"({"charge":1})"}, 0), Error);
    shop.apply_one({"product", "P", 9, R"({"codes":["P"],"name":"New","price":100,"vat":"A","shelf":"7"})"}, 0);
    CHECK(shop.play("{'lines':[{'code':'P'}]}")["net"] == "1.00");
}

TEST_CASE("caps bind an enrolled branch: the most is lowered, a named amount above is refused") {
    ChainShop shop;
    CustomerRow row = petr();
    row.points = points("100000");
    shop.apply_one(state_row(row, 3), 0);
    shop.apply_one(policy_state_row(R"({"point_value":"1","earn":"none","cash_rounding":"0","offline":{"per_customer":"12.00","per_day":"15.00"}})", 4), 0);
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A'}],'redeem':'max'}")["redeemed"] == "10.00");
    CHECK(shop.refusal("{'customer':'1','lines':[{'code':'A'}],'redeem':'2.01'}") == "offline_cap");
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A'}],'redeem':'max'}")["redeemed"] == "2.00");
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A'}],'redeem':'max'}")["redeemed"] == "0.00");
    CustomerRow eva = row;
    eva.id = "c-eva";
    eva.number = 2;
    eva.cards = {};
    shop.apply_one(state_row(eva, 5), 0);
    CHECK(shop.play("{'customer':'2','lines':[{'code':'A'}],'redeem':'max'}")["redeemed"] == "3.00");  // 15.00 a day
    CHECK(shop.refusal("{'customer':'2','lines':[{'code':'A'}],'redeem':'0.01'}") == "offline_cap");
    CHECK(shop.play("{'at':'2026-03-03T00:00:00+01:00','customer':'2','lines':[{'code':'A'}],'redeem':'max'}")["redeemed"] == "9.00");
    // HQ confirms everything: the caps count what came after.
    Transaction transaction(shop.database());
    shop.node().set_hq_receipt({1, shop.facts(), "", {}});
    transaction.commit();
    CHECK(shop.play("{'customer':'1','lines':[{'code':'A'}],'redeem':'max'}")["redeemed"] == "10.00");

    // A branch that stands alone has no caps.
    test::Shop alone;
    alone.catalogue("code,name,price,vat\nA,Bread,100,A\n");
    alone.customers("number,name,points\n1,Petr,100\n");
    alone.policy(R"({"point_value":"1","offline":{"per_customer":"5.00"}})");
    CHECK(alone.play("{'customer':'1','lines':[{'code':'A'}],'redeem':'50.00'}")["redeemed"] == "50.00");
}

namespace {

/// Petr and Jana, each with a card, and what they bought here.
struct MergedShop : ChainShop {
    MergedShop() {
        jana.id = "c-jana";
        jana.number = 2;
        jana.texts.name = "Jana";
        jana.cards = {"222222"};
        jana.charge = true;
        petr_row = petr();
        petr_row.charge = true;
        apply_one(state_row(petr_row, 3), 0);
        apply_one(state_row(jana, 4), 0);
        play("{'customer':'1','lines':[{'code':'A'}],'pay':[{'with':'account','amount':'10.00'}]}");
        play("{'customer':'2','lines':[{'code':'A','qty':'2'}],'pay':[{'with':'account','amount':'20.00'}]}");
        before = everything();
    }
    /// As HQ says it: none of this node's facts are in its balances yet.
    void merge(std::int64_t version) {
        CustomerRow one = petr_row;
        one.aliases = {"c-jana"};
        one.cards = {"111111", "222222"};
        apply_one(state_row(one, version), 0);
    }
    CustomerRow petr_row, jana;
    std::string before;
};

}  // namespace

TEST_CASE("two customers merged and taken apart: own facts count for whom they name, in whatever order the rows come") {
    for (const bool petr_first : {true, false}) {
        MergedShop shop;
        shop.merge(5);
        CHECK(shop.customer("1")["points"] == "130.00");
        CHECK(shop.customer("1")["debt"] == "30.00");
        CHECK(shop.verify().ok());
        // As one, both accounts are settled together; the facts name Petr.
        CHECK(shop.play("{'settle':{'customer':'222222','items':[{'receipt':'3.1-000002','line':1,'qty':'1'}]},'pay':[{'with':'cash','amount':'10.00'}]}")
                  .contains("seq"));
        CHECK(shop.verify().ok());
        for (const bool petr_now : {petr_first, !petr_first})
            petr_now ? shop.apply_one(state_row(shop.petr_row, petr_first ? 6 : 7), 0) : shop.apply_one(state_row(shop.jana, petr_first ? 7 : 6), 0);
        CHECK(shop.customer("1")["points"] == "110.00");
        CHECK(shop.customer("2")["points"] == "20.00");
        CHECK(shop.customer("1")["debt"] == "0.00");
        CHECK(shop.customer("2")["debt"] == "20.00");
        const auto verified = shop.verify();
        CHECK_MESSAGE(verified.ok(), (verified.faults.empty() ? "" : verified.faults[0]));
        CHECK(shop.play("{'customer':'222222','lines':[{'code':'A'}]}")["points_balance"] == "30.00");
    }
}

TEST_CASE("taken apart with nothing in between, all is as it was before the merge") {
    MergedShop shop;
    shop.merge(5);
    shop.merge(6);  // the same again
    shop.apply_one(state_row(shop.jana, 4), 0);
    shop.apply_one(state_row(shop.petr_row, 3), 0);
    CHECK(shop.everything() == shop.before);
    CHECK(shop.verify().ok());
}

TEST_CASE("of two who became aliases one after the other, the later comes back with the earlier") {
    MergedShop shop;
    CustomerRow third;
    third.id = "c-third";
    third.number = 3;
    shop.apply_one(state_row(third, 5), 0);
    shop.merge(6);
    CustomerRow all = third;
    all.aliases = {"c-jana", "c-petr"};
    shop.apply_one(state_row(all, 7), 0);
    CHECK(shop.customer("3")["points"] == "30.00");  // HQ's 100 of Petr come with the row, as soon as HQ says so
    CustomerRow one = shop.petr_row;
    one.aliases = {"c-jana"};
    shop.apply_one(state_row(one, 8), 0);
    CHECK(shop.customer("1")["points"] == "130.00");
    shop.apply_one(state_row(third, 9), 0);
    CHECK(shop.customer("3")["points"] == "0.00");
    CHECK(shop.customer("1")["debt"] == "30.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("a card by list gives the programme's discount, beside those by range, until it is taken off") {
    ChainShop shop;
    const char* policy = R"({"allow_customer_by_card":false,"programmes":[{"name":"P","discount":"10"},)"
                         R"({"name":"Q","discount":"20","card_ranges":[["70000","70009"]]}]})";
    shop.apply_one(policy_state_row(policy, 3), 0);
    const auto net = [&](const char* card) {
        return shop.play(std::string("{'customer':'") + card + "','lines':[{'code':'A'}]}").value("net", "refused");
    };
    CHECK(net("640001") == "refused");
    shop.apply_one(listed_card_row("640001", R"(["P"])", 4), 0);
    CHECK(net("640001") == "9.00");
    CHECK(net("70001") == "8.00");
    shop.apply_one(listed_card_row("640001", R"(["P","Q","no such"])", 4), 0);
    CHECK(net("640001") == "8.00");
    // Any card of the customer will do.
    CustomerRow row = petr();
    row.cards = {"111111", "640002"};
    shop.apply_one(state_row(row, 5), 0);
    CHECK(net("111111") == "10.00");
    shop.apply_one(listed_card_row("640002", R"(["P"])", 6), 0);
    CHECK(net("111111") == "9.00");
    shop.apply_one(listed_card_row("640002", "[]", 7), 0);
    CHECK(net("111111") == "10.00");
    CHECK_THROWS_AS(shop.apply_one({"listed_card", "640003", 8, R"({"programmes":"P"})"}, 0), Error);
    {
        Transaction transaction(shop.database());
        UnnamedState(shop.database(), 0).drop(1000);
        transaction.commit();
    }
    CHECK(shop.database().integer("SELECT count(*) FROM listed_card") == 0);
}

TEST_CASE("a right that HQ wrote for an earlier holder takes the place of no newer one") {
    ChainShop shop;
    shop.apply_one(state_row(petr(), 3), 0);
    const auto granted = [&] {
        auto row = shop.database().query("SELECT epoch || '/' || begun || ' ' || points || ' ' || credit FROM right_granted WHERE customer = 'c-petr'");
        return row.step() ? row.text(0) : std::string("none");
    };
    RightRow right{"c-petr", 1, 3, points("40"), money("5"), true};
    shop.apply_one(right_state_row(right, 4), 0);
    CHECK(granted() == "1/3 4000 500");
    // The ledger was restored, and HQ has ended its epoch.
    right = {"c-petr", 2, 58, points("60"), money("7"), true};
    shop.apply_one(right_state_row(right, 5), 0);
    CHECK(granted() == "2/58 6000 700");
    // A late stick of the lost ledger made HQ hear the old holder last.
    right = {"c-petr", 1, 3, points("40"), money("5"), true};
    shop.apply_one(right_state_row(right, 6), 0);
    CHECK(granted() == "2/58 6000 700");
    // Its own is written again, more or less of it; and what begins anew in the same epoch counts from there.
    right = {"c-petr", 2, 58, points("10"), money("7"), false};
    shop.apply_one(right_state_row(right, 7), 0);
    CHECK(granted() == "2/58 1000 700");
    right = {"c-petr", 2, 90, points("0"), money("0"), false};
    shop.apply_one(right_state_row(right, 8), 0);
    CHECK(granted() == "2/90 0 0");
}
