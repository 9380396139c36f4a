// Customers at HQ beyond their sales: forgotten persons, cards taken away, balances reset and undone, points that expire; and what a
// shop decided about its customers before it joined.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "node/base/error.h"
#include "node/loyalty_facts.h"
#include "tests/hq/chain_of_shops.h"

using namespace paprsek;
using namespace paprsek::test;
namespace kind = schema::kind;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

node::Points points(const char* text) { return node::parse<node::Points>(text).value(); }
node::Money money(const char* text) { return node::parse<node::Money>(text).value(); }

void exchange(Chain& chain, int branch) {
    chain.bring(branch);
    Shop& shop = chain.shop(branch);
    shop.take(chain.hq->export_reply(shop.name).bytes, chain.key);
}

std::string name_at(Shop& shop, const std::string& id) { return shop.database.text("SELECT name FROM customer WHERE id = ?", id).value_or("(unknown)"); }
std::int64_t points_at(Shop& shop, const std::string& id) { return shop.database.integer("SELECT hq_points FROM customer WHERE id = ?", id).value_or(-1); }

/// Customers' texts that lie at HQ.
std::int64_t texts(Chain& chain) {
    node::Database database(chain.database_path());
    return database.integer("SELECT count(*) FROM personal").value();
}

void set_texts(Shop& shop, const std::string& id, std::int64_t number, const std::string& name) {
    shop.set_customer(id, number, {}, {name, "+420", "", "", ""});
}

const schema::Fact& spend_points(Shop& shop, const std::string& customer, std::int64_t taken) {
    node::ReceiptFact sale;
    sale.number = ++shop.receipts;
    sale.customer = customer;
    node::BookedLine line;
    line.code = line.product = Shop::product;
    line.vat = "B";
    line.price = line.gross = line.net = line.paid = node::Money::of(1000);
    sale.lines.push_back(line);
    sale.rates["B"] = node::Rate::of(12'000'000);
    sale.redeemed = node::Money::of(taken / 20);
    sale.taken = node::Points::of(taken);
    return shop.add(kind::sale, node::body_of(sale));
}

}  // namespace

TEST_CASE("a person erased at HQ is forgotten there and at every branch, and totals stay") {
    Chain chain(2);
    Shop &a = chain.shop(1), &b = chain.shop(2);
    const std::string id = a.meet("CARD-1");
    set_texts(a, id, 5, "Eva");
    a.sell(id, 1000, 10'00);
    exchange(chain, 1);
    exchange(chain, 2);
    CHECK(name_at(b, id) == "Eva");
    CHECK(texts(chain) == 1);

    const hq::CustomerBalance erased = chain.hq->erase_customer("5");
    CHECK(erased.name.empty());
    CHECK(erased.points == points("10"));
    CHECK(texts(chain) == 0);
    exchange(chain, 1);
    exchange(chain, 2);
    CHECK(name_at(a, id).empty());
    CHECK(name_at(b, id).empty());
    CHECK(points_at(b, id) == 10'00);
    CHECK(chain.hq->verify().ok());
    CHECK_THROWS_AS(chain.hq->erase_customer("77"), node::Error);
}

TEST_CASE("a person erased at a branch is forgotten at HQ, and an edit that another branch made before comes to nothing") {
    Chain chain(2);
    Shop &a = chain.shop(1), &b = chain.shop(2);
    for (Shop* shop : {&a, &b}) shop->join();
    const std::string id = a.meet("CARD-1");
    set_texts(a, id, 5, "Eva");
    exchange(chain, 1);
    set_texts(b, id, 5, "Eva Nová");  // offline, earlier
    a.clock_ms += day_ms;
    a.add(kind::customer_erased, node::body_of(node::ErasureFact{id, "anna", {}, 0}));
    exchange(chain, 1);
    CHECK(texts(chain) == 0);
    exchange(chain, 2);
    CHECK(texts(chain) == 0);
    CHECK(chain.customer("5").name.empty());
    CHECK(name_at(b, id).empty());
    // Who gives the name again is known again.
    b.clock_ms += 2 * day_ms;
    set_texts(b, id, 5, "Eva Malá");
    exchange(chain, 2);
    CHECK(chain.customer("5").name == "Eva Malá");
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("texts that a later edit replaced are not kept") {
    Chain chain(1);
    Shop& a = chain.shop(1);
    const std::string id = a.meet("CARD-1");
    set_texts(a, id, 5, "Eva");
    exchange(chain, 1);
    set_texts(a, id, 5, "Eva Nová");
    exchange(chain, 1);
    CHECK(texts(chain) == 1);
    CHECK(chain.customer("5").name == "Eva Nová");
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("a merged pair: erasing one forgets both, and undoing the merge brings no text back") {
    Chain chain(1);
    Shop& a = chain.shop(1);
    const std::string eva = a.meet("CARD-1"), other = a.meet("CARD-2");
    set_texts(a, eva, 5, "Eva");
    exchange(chain, 1);
    chain.hq->merge_customers("CARD-1", "CARD-2");
    CHECK(chain.customer("CARD-2").name == "Eva");
    chain.hq->erase_customer("CARD-2");
    CHECK(texts(chain) == 0);
    chain.hq->unmerge_customer("CARD-1");
    CHECK(chain.customer("CARD-1").name.empty());
    CHECK(chain.customer("CARD-2").name.empty());
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("a card that passed on at two merges names the newest of them when one is undone") {
    Chain chain(1);
    Shop& a = chain.shop(1);
    // In every order of their rows at HQ.
    std::vector<std::string> cards{"CARD-1", "CARD-2", "CARD-3"};
    for (int i = 1; i <= 3; ++i) set_texts(a, a.meet("CARD-" + std::to_string(i)), i, "Customer " + std::to_string(i));
    exchange(chain, 1);
    do {
        CAPTURE(cards);
        chain.hq->merge_customers(cards[0], cards[1]);
        chain.hq->merge_customers(cards[0], cards[2]);
        CHECK(chain.customer(cards[0]).id == chain.customer(cards[2]).id);
        chain.hq->unmerge_customer(cards[0]);
        CHECK(chain.customer(cards[0]).id == chain.customer(cards[1]).id);
        CHECK(chain.customer(cards[0]).id != chain.customer(cards[2]).id);
        chain.hq->unmerge_customer(cards[0]);
        CHECK(chain.customer(cards[0]).id != chain.customer(cards[1]).id);
    } while (std::next_permutation(cards.begin(), cards.end()));
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("a card that a branch took away from its customer is nobody's, though a till that had not heard of it meets it again") {
    Chain chain(2);
    Shop &a = chain.shop(1), &b = chain.shop(2);
    const std::string id = a.meet("CARD-1");
    node::CustomerFact fact;
    fact.customer = id;
    fact.number = 5;
    fact.cards = {"CARD-2"};
    fact.gone = {"CARD-1"};
    a.add(kind::customer_set, node::body_of(fact));
    exchange(chain, 1);
    CHECK(chain.customer("5").cards == std::vector<std::string>{"CARD-2"});
    b.meet("CARD-1");
    exchange(chain, 2);
    CHECK(chain.customer("5").cards == std::vector<std::string>{"CARD-2"});
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("points of the whole chain are zeroed after the phrase, reach the branches, and come back exactly") {
    Chain chain(2);
    Shop &a = chain.shop(1), &b = chain.shop(2);
    const std::string eva = a.meet("CARD-1"), jan = b.meet("CARD-2");
    a.sell(eva, 1000, 10'00);
    b.sell(jan, 2000, 20'00);
    exchange(chain, 1);
    exchange(chain, 2);
    const auto asked = chain.hq->preview_reset(node::ResetOf::points);
    CHECK(asked.summary.customers == 2);
    CHECK(asked.summary.phrase == "zero the points of 2 customers");
    CHECK_THROWS_AS(chain.hq->reset_balances(node::ResetOf::points, "yes"), node::Error);
    CHECK(chain.customer("CARD-1").points == points("10"));

    const auto done = chain.hq->reset_balances(node::ResetOf::points, asked.summary.phrase);
    CHECK(done.summary.points == points("30"));
    CHECK(chain.customer("CARD-1").points == points("0"));
    CHECK(chain.customer("CARD-1").spend == money("10"));
    CHECK_THROWS_AS(chain.hq->reset_balances(node::ResetOf::points, "zero the points of 0 customers"), node::Error);
    b.sell(eva, 500, 5'00);  // meanwhile, offline
    exchange(chain, 1);
    exchange(chain, 2);
    CHECK(points_at(a, jan) == 0);
    CHECK(points_at(b, eva) == 5'00);
    CHECK(chain.hq->undo_reset().points == points("30"));
    exchange(chain, 1);
    CHECK(points_at(a, eva) == 15'00);
    CHECK(points_at(a, jan) == 20'00);
    CHECK_THROWS_AS(chain.hq->undo_reset(), node::Error);
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("what a shop decided about its customers before it joined counts; afterwards it is HQ's to decide") {
    Chain chain(1);
    Shop& a = chain.shop(1);
    const std::string eva = a.meet("CARD-1"), other = a.meet("CARD-2");
    a.sell(eva, 1000, 10'00);
    a.add(kind::customer_merged, node::body_of(node::MergeFact{eva, other}));
    node::BalancesFact reset;
    reset.batch = "1.1/5";
    reset.entries = {{other, points("-4"), money("0")}};
    a.add(kind::balances_reset, node::body_of(reset));
    a.join();
    const auto joined = chain.bring(1);
    CHECK(joined.exceptions.empty());
    CHECK(chain.customer("CARD-2").points == points("6"));
    CHECK(chain.customer("CARD-2").cards.size() == 2);

    for (const auto& [what, body] : std::vector<std::pair<std::string_view, std::string>>{{kind::customer_unmerged, node::body_of(node::MergeFact{eva, ""})},
                                                                                            {kind::balances_reset, node::body_of(reset)},
                                                                                            {kind::balances_restored, node::body_of(reset)}}) {
        a.add(what, body);
        const auto report = chain.bring(1);
        REQUIRE(report.exceptions.size() == 1);
        CHECK(report.exceptions[0].kind == hq::exception_kind::rejected_fact);
    }
    CHECK(chain.customer("CARD-2").points == points("6"));
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("HQ books what expires, once, after its midnight; a redemption that comes late sets it right") {
    Chain chain(2);
    chain.hq->set_policy(R"({"points_expire_months":1})", "policy");
    Shop &a = chain.shop(1), &b = chain.shop(2);
    const std::string eva = a.meet("CARD-1");
    a.sell(eva, 1000, 100'00);  // 2026-02-02
    exchange(chain, 1);
    exchange(chain, 2);
    b.clock_ms += 10 * day_ms;
    spend_points(b, eva, 60'00);  // offline, long before it would expire
    chain.clock.set(node::parse_instant("2026-03-02T22:59:00Z").value());
    exchange(chain, 1);
    CHECK(chain.customer("CARD-1").points == points("100"));
    chain.clock.set(node::parse_instant("2026-03-02T23:30:00Z").value());  // 00:30 on the 3rd in Prague
    exchange(chain, 1);
    CHECK(chain.customer("CARD-1").points == points("0"));
    CHECK(points_at(a, eva) == 0);
    CHECK(chain.hq->expire_points() == 0);
    exchange(chain, 1);
    CHECK(chain.customer("CARD-1").points == points("0"));
    // The other branch comes: only 40 should have expired.
    exchange(chain, 2);
    CHECK(chain.customer("CARD-1").points == points("0"));
    b.clock_ms += 40 * day_ms;
    b.sell(eva, 1000, 7'00);
    exchange(chain, 2);
    CHECK(chain.customer("CARD-1").points == points("7"));
    for (const hq::Exception& exception : chain.hq->exceptions(true)) CHECK(exception.kind != hq::exception_kind::overdraft);
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("under rights nothing expires that a branch holds: HQ takes what its reserve has, the rest when it comes back") {
    Chain chain(1);
    chain.hq->set_policy(R"({"points_expire_months":1,"offline":{"spend":"rights"}})", "policy");
    Shop& a = chain.shop(1);
    const std::string eva = a.meet("CARD-1");
    node::RightFact begun;
    begun.era = chain.hq->rights().era;
    a.add(kind::right_begun, node::body_of(kind::right_begun, begun));
    a.sell(eva, 1000, 100'00);  // earned at the branch: it holds all of it
    exchange(chain, 1);
    node::RightFact back;
    back.rights = {{eva, points("30"), money("0")}};
    a.add(kind::right_returned, node::body_of(kind::right_returned, back));
    chain.clock.set(node::parse_instant("2026-04-10T12:00:00Z").value());
    exchange(chain, 1);
    CHECK(chain.customer("CARD-1").points == points("70"));
    const auto asked = chain.hq->preview_reset(node::ResetOf::points);
    CHECK(asked.held_points == points("70"));
    CHECK(asked.summary.customers == 0);
    back.rights = {{eva, points("70"), money("0")}};
    a.add(kind::right_returned, node::body_of(kind::right_returned, back));
    exchange(chain, 1);
    CHECK(chain.customer("CARD-1").points == points("0"));
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("HQ previews a policy over the sales of all branches, in the order of time") {
    Chain chain(2);
    Shop &a = chain.shop(1), &b = chain.shop(2);
    const std::string eva = a.meet("CARD-1");
    b.meet("CARD-1");
    a.sell(eva, 1000, 10'00);
    b.clock_ms += 1000;
    b.sell(eva, 1000, 10'00);
    chain.bring(2);  // what came later is of an earlier time
    chain.bring(1);
    const auto facts = chain.hq->status().facts;
    const node::Json json = chain.hq->preview_policy(R"({"mode":"cumulative","levels":[{"spend":"10","discount":"50"}]})", "policy", {}, {});
    CHECK(json["total"]["receipts"] == 2);
    CHECK(json["total"]["was"] == node::Json({{"net", "20.00"}, {"discount", "0.00"}, {"points", "20.00"}}));
    CHECK(json["total"]["would"] == node::Json({{"net", "15.00"}, {"discount", "5.00"}, {"points", "0.00"}}));
    CHECK(json["customers"][0]["customer"] == "CARD-1");
    CHECK(chain.hq->status().facts == facts);
    CHECK_THROWS_AS(chain.hq->preview_policy("{\"levelz\":[]}", "policy", {}, {}), node::Error);
}

TEST_CASE("property: two branches that exchange in any order: expiry ends the same as if HQ had known all at once") {
    CHECK(rc::check("expiry at HQ", [] {
        Chain early(2, 11), late(2, 11);
        for (Chain* chain : {&early, &late}) chain->hq->set_policy(R"({"points_expire_months":1})", "policy");
        const std::string eva = node::customer_of_card("CARD-1");
        for (Chain* chain : {&early, &late})
            for (const int branch : {1, 2}) chain->shop(branch).meet("CARD-1");
        std::int64_t now = 1'770'100'000'000;
        for (int steps = *rc::gen::inRange(1, 12); steps > 0; --steps) {
            now += *rc::gen::inRange<std::int64_t>(0, 25) * day_ms;
            const int branch = *rc::gen::inRange(1, 3);
            const std::int64_t moved = *rc::gen::inRange<std::int64_t>(1, 50) * 100;
            const bool takes = *rc::gen::inRange(0, 3) == 0;
            for (Chain* chain : {&early, &late}) {
                Shop& shop = chain->shop(branch);
                shop.clock_ms = now + steps;
                if (takes)
                    spend_points(shop, eva, moved);
                else
                    shop.sell(eva, 1000, moved);
            }
            early.clock.set({now + day_ms});
            if (*rc::gen::arbitrary<bool>()) early.bring(*rc::gen::inRange(1, 3));
        }
        now += 5 * day_ms;
        for (Chain* chain : {&early, &late}) {
            chain->clock.set({now});
            for (const int branch : {1, 2}) chain->bring(branch);
            chain->hq->expire_points();
            const auto verified = chain->hq->verify();
            RC_ASSERT(verified.ok());
            RC_ASSERT(chain->hq->expire_points() == 0);
        }
        RC_ASSERT(early.customer("CARD-1").points == late.customer("CARD-1").points);
    }));
}
