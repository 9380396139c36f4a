// Wiping accounts, zeroing points and spend (L16): two confirmations, nothing deleted, undone exactly.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "node/balances.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

namespace {

constexpr const char* balance_goods = "code,name,group,price,vat\nA,Apple,,10.00,B\n";

Json sell_pieces(Shop& shop, const std::string& card, int pieces) {
    return shop.play("{'customer':'" + card + "','lines':[{'code':'A','qty':'" + std::to_string(pieces) + "'}]}");
}

struct Balance {
    Points points;
    Money spend, debt;
    friend bool operator==(const Balance&, const Balance&) = default;
};
std::map<std::string, Balance> balances(Shop& shop) {
    std::map<std::string, Balance> all;
    for (const CustomerRecord& record : all_customers(shop.database())) all[record.terms.id] = {record.terms.points, record.terms.spend, record.terms.debt};
    return all;
}

}  // namespace

TEST_CASE("points or spend of all customers are zeroed after two confirmations, and booked back exactly by one command") {
    Shop shop;
    shop.catalogue(balance_goods);
    shop.customers("number,name,cards,charge_to_account\n1,Eva,CARD-1,1\n2,Jan,CARD-2,\n3,Nobody,,\n");
    sell_pieces(shop, "CARD-1", 3);
    sell_pieces(shop, "CARD-2", 5);
    shop.play("{'customer':'CARD-1','lines':[{'code':'A'}],'pay':[{'with':'account','amount':'10.00'}]}");
    const auto before = balances(shop);
    const std::int64_t facts = shop.facts();

    // First question: what would it do. The wrong phrase, or one for another number of customers, is no confirmation.
    const Json asked = shop.play("{'reset':{'of':'points'}}");
    CHECK(asked["refused"] == "confirm_reset");
    CHECK(std::string(asked["message"]).find("2 customers have 90.00 points") != std::string::npos);
    for (const char* wrong : {"yes", "zero the points of 3 customers", "zero the spend of 2 customers", "wipe 2 accounts"})
        CHECK(shop.refusal(std::string("{'reset':{'of':'points','confirm':'") + wrong + "'}}") == "confirm_reset");
    CHECK(shop.facts() == facts);
    CHECK(balances(shop) == before);

    const Json done = shop.play("{'reset':{'of':'points','confirm':' Zero the points of 2 customers '}}");
    CHECK(done["customers"] == 2);
    CHECK(done["points"] == "90.00");
    CHECK(shop.customer("1")["points"] == "0.00");
    CHECK(shop.customer("1")["spend"] == "40.00");
    CHECK(shop.refusal("{'reset':{'of':'points'}}") == "nothing_to_reset");
    CHECK(shop.refusal("{'reset':{'of':'spend','confirm':'zero the spend of 2 customers'}}") == "");
    CHECK(shop.customer("2")["spend"] == "0.00");
    CHECK(shop.customer("1")["debt"] == "10.00");  // owed, and no loyalty
    CHECK(shop.verify().ok());
    // Receipts and history are there as before.
    CHECK(shop.database().integer("SELECT count(*) FROM receipt") == 3);
    CHECK(shop.database().integer("SELECT sum(points) FROM movement WHERE kind = 'sale'") == 9000);

    sell_pieces(shop, "CARD-1", 1);  // in between
    CHECK(shop.play("{'reset_undo':{}}")["spend"] == "90.00");
    CHECK(shop.play("{'reset_undo':{}}")["points"] == "90.00");
    CHECK(shop.refusal("{'reset_undo':{}}") == "nothing_to_reset");
    CHECK(shop.customer("1")["points"] == "50.00");
    CHECK(shop.customer("1")["spend"] == "50.00");
    CHECK(shop.customer("2")["points"] == "50.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("accounts are wiped: points and spend at once, debts stay") {
    Shop shop;
    shop.catalogue(balance_goods);
    sell_pieces(shop, "CARD-1", 3);
    CHECK(shop.refusal("{'reset':{'of':'accounts','confirm':'wipe 1 accounts'}}") == "");
    CHECK(shop.customer("CARD-1")["points"] == "0.00");
    CHECK(shop.customer("CARD-1")["spend"] == "0.00");
    CHECK(shop.play("{'reset_undo':{}}")["customers"] == 1);
    CHECK(shop.customer("CARD-1")["points"] == "30.00");
    CHECK(shop.refusal("{'reset':{'of':'everything'}}") == "bad_line");
}

TEST_CASE("more customers than one fact holds are one reset, and undone as one") {
    Shop shop;
    std::string csv = "number,name,cards,points,spend\n";
    for (int i = 0; i < 5100; ++i) csv += ",,CARD-" + std::to_string(10000 + i) + "," + std::to_string(i + 1) + ",1.00\n";
    shop.customers(csv);
    const auto before = balances(shop);
    Shop& same = shop;
    ResetSummary summary;
    CHECK(reset_balances(same.node(), {}, ResetOf::accounts, "wipe 5100 accounts", summary).ok());
    CHECK(summary.facts == 2);
    for (const auto& [customer, balance] : balances(shop)) REQUIRE(balance == Balance{});
    ResetSummary undone;
    CHECK(undo_reset(same.node(), {}, undone).ok());
    CHECK(undone.facts == 2);
    CHECK(balances(shop) == before);
    CHECK(shop.verify().ok());
}

TEST_CASE("points that were reset do not expire a second time, and those that were booked back do") {
    Shop shop;
    shop.catalogue(balance_goods);
    shop.policy(R"({"points_expire_months":1})");
    shop.play("{'at':'2026-01-05T12:00:00Z','customer':'CARD-1','lines':[{'code':'A','qty':'3'}]}");
    shop.play("{'at':'2026-01-06T12:00:00Z','reset':{'of':'points','confirm':'zero the points of 1 customers'}}");
    shop.play("{'at':'2026-03-06T12:00:00Z','close_day':{}}");
    CHECK(shop.customer("CARD-1")["points"] == "0.00");
    shop.play("{'at':'2026-03-06T12:00:00Z','reset_undo':{}}");
    CHECK(shop.customer("CARD-1")["points"] == "30.00");
    shop.play("{'at':'2026-03-07T12:00:00Z','close_day':{}}");
    CHECK(shop.customer("CARD-1")["points"] == "0.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("property: undoing every reset restores each balance exactly, with whatever was booked in between") {
    CHECK(rc::check("reset and undo", [] {
        Shop with, without;  // the same sales; resets and undoings at one of them
        for (Shop* shop : {&with, &without}) shop->catalogue(balance_goods);
        std::vector<std::string> receipts;
        int resets = 0;
        for (int steps = *rc::gen::inRange(1, 15); steps > 0; --steps) {
            const int what = *rc::gen::inRange(0, 5);
            if (what <= 1) {
                const std::string card = "CARD-" + std::to_string(*rc::gen::inRange(1, 4));
                const int pieces = *rc::gen::inRange(1, 5);
                receipts.push_back(sell_pieces(with, card, pieces)["receipt"]);
                sell_pieces(without, card, pieces);
            } else if (what == 2 && !receipts.empty()) {
                const std::string line = "{'refund_of':'" + *rc::gen::elementOf(receipts) + "','lines':[{'code':'A'}]}";
                const bool a = with.play(line).contains("refused"), b = without.play(line).contains("refused");
                RC_ASSERT(a == b);
            } else if (what == 3) {
                const ResetOf of = *rc::gen::element(ResetOf::accounts, ResetOf::points, ResetOf::spend);
                ResetSummary asked, done;
                if (reset_balances(with.node(), {}, of, "", asked).refusal == Refusal::nothing_to_reset) continue;
                RC_ASSERT(reset_balances(with.node(), {}, of, asked.phrase, done).ok());
                ++resets;
            } else if (what == 4) {
                ResetSummary undone;
                const bool ok = undo_reset(with.node(), {}, undone).ok();
                RC_ASSERT(ok == (resets > 0));
                resets -= ok;
            }
        }
        for (; resets > 0; --resets) {
            ResetSummary undone;
            RC_ASSERT(undo_reset(with.node(), {}, undone).ok());
        }
        RC_ASSERT(balances(with) == balances(without));
        RC_ASSERT(with.verify().ok());
    }));
}
