// Two programs on one ledger: whatever one of them does between two statements of the other.
#include <doctest/doctest.h>

#include "node/customers.h"
#include "node/state.h"
#include "tests/support/amounts.h"
#include "tests/support/between_statements.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

namespace {

std::string in_json(std::string line) {
    std::replace(line.begin(), line.end(), '\'', '"');
    return line;
}

struct Answers {
    Json ours, theirs;
    int booked() const { return !ours.contains("refused") + !theirs.contains("refused"); }
};

/// One program plays the line, and another does something between any two statements of it, each time in a shop of its own that `prepare` has
/// filled; every outcome is shown to `judge`.
void beside(const std::function<void(Shop&)>& prepare, const std::string& act, const std::function<Json(Node&, Script&)>& other_act,
            const std::function<void(Shop&, const Answers&)>& judge) {
    int places = 0;
    for (int at = 1;; ++at) {
        CAPTURE(at);
        Shop shop;
        prepare(shop);
        const auto other = Node::open(shop.node_folder(), shop.clock(), shop.random());
        Script others(*other, shop.clock());
        Answers answers;
        {
            const test::BetweenStatements between(shop.database().handle(), test::Places::outside_transactions, at,
                                                  [&] { answers.theirs = other_act(*other, others); });
            answers.ours = shop.play(act);
            if (!between.acted()) break;
        }
        ++places;
        INFO(answers.ours.dump() << " " << answers.theirs.dump());
        CHECK(shop.verify().ok());
        judge(shop, answers);
    }
    CHECK(places > 1);
}

/// Both play the same line, in a shop that has played `before`.
void both(const std::vector<std::string>& before, const std::string& act, const std::function<void(Shop&, const Answers&)>& judge) {
    const auto prepare = [&](Shop& shop) {
        shop.catalogue("code,name,price,vat\nA,Apple,10.00,B\nC,Cake,80.00,B\n");
        shop.customers("number,name,cards,charge_to_account,points\n1,Petr,,1,100\n");
        for (const std::string& line : before) REQUIRE(shop.refusal(line).empty());
    };
    beside(prepare, act, [&](Node&, Script& others) { return Json::parse(others.play(in_json(act), 1).json); }, judge);
}

void one_of_both(const std::vector<std::string>& before, const std::string& act) {
    both(before, act, [](Shop&, const Answers& answers) { CHECK(answers.booked() == 1); });
}

}  // namespace

TEST_CASE("two programs sell to one new card, and none is refused") {
    both({}, "{'customer':'2900000000018','lines':[{'code':'A'}]}", [](Shop& shop, const Answers& answers) {
        CHECK(answers.booked() == 2);
        CHECK(answers.ours["receipt"] != answers.theirs["receipt"]);
        CHECK(shop.customer("2900000000018")["spend"] == "20.00");
    });
}

TEST_CASE("two programs spend one customer's points, and not one twice") {
    both({}, "{'customer':'1','lines':[{'code':'C'}],'redeem':'max'}", [](Shop& shop, const Answers& answers) {
        CHECK(answers.booked() == 2);
        CHECK(shop.customer("1")["points"] == "0.00");
    });
}

namespace {

/// What HQ's state says of a cake and of a customer; without `apple` it is gone.
void hear_of_hq(Node& node, const std::string& price, const std::string& points, bool apple, std::int64_t version) {
    ProductRow cake{"C", {"C"}, "Cake for " + price, "", test::money(price), "B", {}, {}, ""};
    CustomerRow petr;
    petr.id = "c-petr";
    petr.number = 1;
    petr.texts.name = "Petr";
    petr.points = test::points(points);
    Transaction transaction(node.database());
    apply_state(node.database(), state_row(cake, version), 0);
    apply_state(node.database(), apple ? state_row(ProductRow{"A", {"A"}, "Apple", "", test::money("10.00"), "B", {}, {}, ""}, version)
                                       : StateRow{"product", "A", version, ""}, 0);
    apply_state(node.database(), state_row(petr, version), 0);
    transaction.commit();
}

}  // namespace

TEST_CASE("what HQ says between two statements of a sale leaves the sale whole, and no points below zero") {
    const auto prepare = [](Shop& shop) {
        shop.node().enrol({"HQ", std::string(64, 'a'), ""});
        hear_of_hq(shop.node(), "80.00", "500", true, 1);
    };
    const auto reply = [](Node& node, Script&) {
        hear_of_hq(node, "95.00", "60", false, 2);
        return Json::object();
    };
    int refused = 0, old_price = 0, points_gone = 0;
    const char* const sale = "{'customer':'1','lines':[{'code':'C','qty':'2'},{'code':'A'}],'redeem':'max'}";
    beside(prepare, sale, reply, [&](Shop& shop, const Answers& answers) {
        const Json& ours = answers.ours;
        if (ours.contains("refused")) {
            ++refused;
            CHECK(ours["refused"] == "unknown_code");
            CHECK(shop.database().integer("SELECT count(*) FROM receipt") == 0);
            return;
        }
        CHECK(ours["lines"][0]["price"] == "80.00");  // the apple was there, and so the cake had its old price
        ++old_price;
        Money sum;
        for (const Json& line : ours["lines"]) sum += test::money(line["net"].get<std::string>());
        CHECK(test::money(ours["net"].get<std::string>()) == sum);
        const auto amount = [&](const char* name) { return test::money(ours[name].get<std::string>()); };
        CHECK(amount("total") + amount("redeemed") - amount("rounding") == sum);
        // 500 or 60 that he had, and 170 of this sale. Where all of the 60 are spent, none is owed; what was booked before HQ spoke stands.
        const std::string taken = ours["points_taken"];
        CHECK((taken == "670.00" || taken == "230.00"));
        if (taken == "670.00") return;
        ++points_gone;
        CHECK(shop.customer("1")["points"] == "0.00");
    });
    CHECK(refused > 0);
    CHECK(old_price > 0);
    CHECK(points_gone > 0);
}

TEST_CASE("two programs close the day, and each Z has its own number") {
    both({"{'lines':[{'code':'A'}]}"}, "{'close_day':{}}", [](Shop&, const Answers& answers) {
        CHECK(answers.booked() >= 1);
        if (answers.booked() == 2) CHECK(answers.ours["z"] != answers.theirs["z"]);
    });
}

TEST_CASE("what can be done once is done by one of two programs") {
    SUBCASE("a refund") { one_of_both({"{'lines':[{'code':'A'}]}"}, "{'refund_of':'3.1-000001','lines':[{'code':'A'}]}"); }
    SUBCASE("an account settled") {
        one_of_both({"{'customer':'1','lines':[{'code':'A'}],'pay':[{'with':'account','amount':'10.00'}]}"}, "{'settle':{'customer':'1','items':'all'}}");
    }
    SUBCASE("a table paid") { one_of_both({"{'park':{'table':'T1'},'lines':[{'code':'A'}]}"}, "{'recall':{'table':'T1'}}"); }
    SUBCASE("a table's line struck out") {
        one_of_both({"{'park':{'table':'T1'},'lines':[{'code':'A'},{'code':'C'}]}"}, "{'void':{'table':'T1','items':[{'line':2}],'reason':'cold'}}");
    }
    SUBCASE("a number given to a customer") { one_of_both({}, "{'customer_add':{'number':'5','name':'Eva'}}"); }
    SUBCASE("a shift opened") { one_of_both({}, "{'cashier':'anna','open_shift':{}}"); }
}
