#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "node/base/error.h"
#include "hq/sqlite_store.h"
#include "tests/hq/chain_of_shops.h"

using namespace paprsek;
using namespace paprsek::test;
using hq::Merged;

namespace {

constexpr const char* card_code = "2900000000018";

std::vector<std::string> kinds_of(const std::vector<hq::Exception>& exceptions) {
    std::vector<std::string> kinds;
    for (const auto& exception : exceptions) kinds.push_back(exception.kind);
    return kinds;
}

}  // namespace

TEST_CASE("a bundle is merged once, however often it comes") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::string customer = shop.meet(card_code);
    shop.sell(customer, 10'000, 250);
    shop.sell("", 5'000, 0);

    const auto first = chain.bring(1);
    CHECK(first.outcome == Merged::new_facts);
    CHECK(first.new_facts == 3);
    CHECK(first.sales == 2);
    CHECK(first.customers == 1);
    const auto again = chain.bring(1);
    CHECK(again.outcome == Merged::nothing);
    CHECK(again.held == 3);
    CHECK(chain.customer(card_code).points == node::Points::of(250));
    CHECK(chain.customer(card_code).spend == node::Money::of(10'000));

    shop.sell(customer, 2'000, 50);
    const auto overlapping = chain.bring(1, 2);
    CHECK(overlapping.new_facts == 1);
    CHECK(overlapping.held == 2);
    CHECK(chain.customer(card_code).points == node::Points::of(300));
    const auto status = chain.hq->branches();
    REQUIRE(status.size() == 1);
    CHECK(status[0].facts == 4);
    CHECK(status[0].head == schema::to_hex(shop.facts.back().hash));
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("facts that come early wait until the gap closes") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::string customer = shop.meet(card_code);
    for (int i = 0; i < 9; ++i) shop.sell(customer, 1'000, 10);

    const auto early = chain.bring(1, 8, 10);
    CHECK(early.outcome == Merged::early);
    CHECK(early.early == 3);
    CHECK(early.gap == hq::Range{1, 7});
    CHECK(chain.bring(1, 8, 10).held == 3);
    CHECK(chain.bring(1, 4, 5).gap == hq::Range{1, 3});
    CHECK(chain.hq->branches()[0].gaps == std::vector<hq::Range>{{1, 3}, {6, 7}});
    CHECK(chain.hq->branches()[0].early == 5);

    CHECK(chain.bring(1, 1, 3).new_facts == 5);
    CHECK(chain.hq->branches()[0].gaps == std::vector<hq::Range>{{6, 7}});
    const auto closing = chain.bring(1, 5, 9);  // overlaps what is held and what waits
    CHECK(closing.new_facts == 5);
    CHECK(closing.gap == std::nullopt);
    CHECK(closing.facts_now == 10);
    CHECK(chain.hq->branches()[0].gaps.empty());
    CHECK(chain.customer(card_code).points == node::Points::of(90));
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("any order, overlap and repetition of bundles comes to the same") {
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
        Chain chain(3, seed);
        std::mt19937_64 dice(seed);
        struct Parcel {
            int branch;
            std::int64_t first, last;
        };
        std::vector<Parcel> parcels;
        std::int64_t points[4] = {};
        const std::string cards[4] = {"29000001", "29000002", "29000003", "29000004"};
        for (int branch = 1; branch <= 3; ++branch) {
            Shop& shop = chain.shop(branch);
            std::vector<std::string> ids;
            for (const auto& code : cards) ids.push_back(shop.meet(code));
            for (int i = 0; i < 40; ++i) {
                const std::size_t who = dice() % 4;
                const auto amount = static_cast<std::int64_t>(dice() % 1000);
                shop.sell(ids[who], 100 + amount, amount);
                points[who] += amount;
            }
            const auto count = static_cast<std::int64_t>(shop.facts.size());
            for (std::int64_t first = 1; first <= count;) {
                const std::int64_t last = std::min(count, first + static_cast<std::int64_t>(dice() % 12));
                parcels.push_back({branch, first, last});
                if (dice() % 3 == 0) parcels.push_back({branch, std::max<std::int64_t>(1, first - 3), std::min(count, last + 2)});
                first = last + 1;
            }
        }
        std::shuffle(parcels.begin(), parcels.end(), dice);
        for (const Parcel& parcel : parcels) chain.bring(parcel.branch, parcel.first, parcel.last);
        for (const auto& node : chain.hq->branches()) {
            CHECK(node.facts == 44);
            CHECK(node.early == 0);
        }
        for (std::size_t i = 0; i < 4; ++i) CHECK(chain.customer(cards[i]).points == node::Points::of(points[i]));
        CHECK(chain.hq->exceptions().empty());
        CHECK(chain.hq->verify().faults == std::vector<std::string>{});
    }
}

TEST_CASE("a fork names the first fact that differs, and holds up nobody else") {
    Chain chain(2);
    Shop& shop = chain.shop(1);
    for (int i = 0; i < 6; ++i) shop.sell("", 1'000, 0);
    chain.bring(1);
    const auto before = chain.hq->status();

    // The till was restored from a backup after fact 4, and sold on.
    shop.facts.resize(4);
    shop.receipts = 4;
    for (int i = 0; i < 5; ++i) shop.sell("", 2'000, 0);
    const auto fork = chain.bring(1, 3);
    CHECK(fork.outcome == Merged::parted);
    CHECK(fork.new_facts == 5);
    CHECK(fork.taken_as == 2);
    REQUIRE(fork.exceptions.size() == 1);
    CHECK(fork.exceptions[0].kind == "fork");
    CHECK(fork.exceptions[0].seq == 5);
    CHECK(fork.exceptions[0].evidence["held"]["number"] == 5);
    CHECK(chain.hq->branches()[0].exceptions == 1);
    CHECK(chain.bring(1, 3).outcome == Merged::nothing);
    CHECK(chain.hq->exceptions().size() == 1);  // told once

    // What begins after the difference is recognised by the hash before it.
    CHECK(chain.bring(1, 7).outcome == Merged::nothing);
    chain.shop(2).sell("", 500, 0);
    CHECK(chain.bring(2).new_facts == 1);

    // Its facts go on under a new epoch from the last fact that both have, whichever one it names; the lost ones stay.
    const auto continued = chain.hq->import(shop.bundle(chain.key, 5, 0, 2), "epoch 2");
    CHECK(continued.outcome == Merged::nothing);
    CHECK(continued.held == 5);
    CHECK(chain.hq->status().sales == before.sales + 6);
    CHECK(chain.hq->branches()[0].epoch == 2);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("early facts that do not go on from what comes later are a fork") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    for (int i = 0; i < 6; ++i) shop.sell("", 1'000, 0);
    chain.bring(1, 5, 6);
    shop.facts.resize(2);
    for (int i = 0; i < 2; ++i) shop.sell("", 3'000, 0);
    const auto merged = chain.bring(1, 1, 4);
    CHECK(merged.new_facts == 4);
    CHECK(kinds_of(merged.exceptions) == std::vector<std::string>{"fork"});
    CHECK(merged.exceptions[0].seq == 5);
    CHECK(chain.hq->branches()[0].early == 0);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("a poison fact between good ones becomes an exception, the others count") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::string customer = shop.meet(card_code);
    shop.sell(customer, 1'000, 10);
    shop.add(schema::kind::sale, R"({"lines":"no list","number":2})");
    node::ActFact huge;
    huge.customer = customer;
    huge.points = node::Points::of(node::Points::max_value);
    shop.add(schema::kind::correction, node::body_of(huge));
    shop.add(schema::kind::day_closed, R"({"number":"no number"})");
    shop.sell(customer, 1'000, 10);

    const auto merged = chain.bring(1);
    CHECK(merged.new_facts == 6);
    CHECK(kinds_of(merged.exceptions) == std::vector<std::string>{"rejected_fact", "rejected_fact"});
    CHECK(merged.exceptions[0].seq == 3);
    CHECK(merged.exceptions[1].seq == 4);
    CHECK(chain.customer(card_code).points == node::Points::of(20));
    CHECK(chain.hq->report("closing").rows.size() == 1);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("what was struck out at a till is kept, and moves no balance") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::string customer = shop.meet(card_code);
    node::VoidFact voided;
    voided.cashier = "anna";
    voided.customer = customer;
    voided.reason = "cold";
    voided.place = {"Garden", "T1"};
    node::BookedLine line;
    line.name = "Soup";
    line.vat = "B";
    line.price = node::Money::of(6'550);
    voided.lines = {line};
    shop.add(schema::kind::line_voided, node::body_of(voided));
    shop.add(schema::kind::receipt_voided, node::body_of(voided));
    shop.add(schema::kind::line_voided, R"({"lines":5})");
    const auto merged = chain.bring(1);
    CHECK(merged.unknown == 0);
    CHECK(kinds_of(merged.exceptions) == std::vector<std::string>{"rejected_fact"});
    CHECK(chain.customer(card_code).spend == node::Money{});
    node::Database database(chain.database_path(), {.create = false, .read_only = true});
    CHECK(database.integer("SELECT sum(amount) FROM act WHERE kind IN ('line.voided', 'receipt.voided') AND reason = 'cold' AND cash = 0") == 13'100);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("a kind of fact that is not known is kept") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    shop.add("weather.noted", R"({"rain":true})");
    shop.sell("", 1'000, 0);
    const auto merged = chain.bring(1);
    CHECK(merged.new_facts == 2);
    CHECK(merged.exceptions.empty());
    hq::SqliteStore store(chain.database_path(), false);
    CHECK(store.unprojected("weather.noted").size() == 1);
    CHECK(merged.unknown == 1);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("facts that an older version kept are projected by one that knows them") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    shop.sell(shop.meet(card_code), 1'000, 10);
    chain.bring(1);
    {
        // As a version would have left it that did not know what a sale is.
        node::Database database(chain.database_path());
        database.execute("INSERT INTO unprojected SELECT fact, 'sale' FROM sale; DELETE FROM sale; DELETE FROM sale_line; "
                         "DELETE FROM stock_level; DELETE FROM movement; "
                         "UPDATE customer SET points = 0, spend = 0, last = NULL");
    }
    CHECK(!chain.hq->verify().ok());
    chain.hq = hq::Headquarters::open(chain.folder.file("hq"), chain.clock, chain.random);
    CHECK(chain.customer(card_code).points == node::Points::of(10));
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("two branches that meet the same new card make one customer") {
    Chain chain(2);
    for (int branch : {1, 2}) {
        Shop& shop = chain.shop(branch);
        shop.sell(shop.meet(card_code), 1'000 * branch, 10 * branch);
        chain.bring(branch);
    }
    CHECK(chain.hq->customers("", 10).size() == 1);
    CHECK(chain.customer(card_code).points == node::Points::of(30));
    CHECK(chain.customer(card_code).spend == node::Money::of(3'000));
}

TEST_CASE("a card that belongs to somebody at HQ joins the branch's customer to that one") {
    Chain chain(2);
    const std::string known = chain.write("customers.csv", "number,name,cards,points\n17,Jana Nová,29001|29002,5\n");
    chain.hq->import_customers(known);
    Shop& shop = chain.shop(1);
    const std::string id = shop.meet("29002");
    shop.sell(id, 1'000, 10);
    chain.bring(1);
    CHECK(chain.hq->customers("", 10).size() == 1);
    const auto jana = chain.customer("17");
    CHECK(jana.id != id);
    CHECK(jana.points == node::Points::of(510));
    CHECK(jana.name == "Jana Nová");

    // The branch learns it, and its further facts that name the old id count all the same.
    shop.take(chain.hq->export_reply({1, 1}).bytes, chain.key);
    CHECK(shop.database.text("SELECT customer FROM customer_alias WHERE alias = ?", id) == jana.id);
    shop.sell(id, 1'000, 7);
    chain.bring(1, 3);
    CHECK(chain.customer("17").points == node::Points::of(517));
    CHECK(chain.hq->exceptions().empty());
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("the order in which a card and its owner come does not matter") {
    for (const bool owner_first : {true, false}) {
        Chain chain(2);
        Shop& owner = chain.shop(1);
        owner.set_customer("1.1/1/1", 5, {"29001", "29002"}, {"Petr", "", "", "", ""});
        owner.sell("1.1/1/1", 1'000, 10);
        Shop& other = chain.shop(2);
        other.sell(other.meet("29002"), 500, 5);
        chain.bring(owner_first ? 1 : 2);
        chain.bring(owner_first ? 2 : 1);
        CHECK(chain.hq->customers("", 10).size() == 1);
        const auto petr = chain.customer("5");
        CHECK(petr.id == "1.1/1/1");
        CHECK(petr.points == node::Points::of(15));
        CHECK(petr.name == "Petr");
        CHECK(chain.hq->exceptions().empty());
        CHECK(chain.hq->verify().faults == std::vector<std::string>{});
    }
}

TEST_CASE("a number or card that two people claim is for a person to decide, and nothing is lost") {
    Chain chain(2);
    for (int branch : {1, 2}) {
        Shop& shop = chain.shop(branch);
        const std::string id = print(shop.name) + "/1/1";
        shop.set_customer(id, 5, {"29001"}, {branch == 1 ? "Petr" : "Pavel", "", "", "", ""});
        shop.sell(id, 1'000, 10 * branch);
        chain.bring(branch);
    }
    const auto exceptions = chain.hq->exceptions();
    REQUIRE(kinds_of(exceptions) == std::vector<std::string>{"duplicate_customer"});
    CHECK(exceptions[0].node == node::NodeName{2, 1});
    CHECK(exceptions[0].evidence["number"]["held_by"] == "1.1/1/1");
    CHECK(exceptions[0].evidence["cards"][0]["held_by"] == "1.1/1/1");
    CHECK(chain.customer("petr").points == node::Points::of(10));
    CHECK(chain.customer("pavel").points == node::Points::of(20));
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("the latest edit of a customer stands, in whatever order edits come, and a card met again wipes nothing") {
    for (const bool later_first : {true, false}) {
        Chain chain(3);
        for (const auto& shop : chain.shops) shop->join();
        const std::string id = node::customer_of_card(card_code);
        chain.shop(1).set_customer(id, 5, {card_code}, {"Petr", "", "", "", ""});
        chain.shop(2).clock_ms += 1'000'000;
        chain.shop(2).set_customer(id, 6, {card_code}, {"Petr Novák", "", "", "", ""});
        chain.shop(3).clock_ms += 2'000'000;
        chain.shop(3).meet(card_code);
        chain.bring(later_first ? 2 : 1);
        chain.bring(3);
        chain.bring(later_first ? 1 : 2);
        CHECK(chain.customer(card_code).name == "Petr Novák");
        CHECK(chain.customer(card_code).number == 6);
    }
}

TEST_CASE("a referrer's share goes to the referrer") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::string customer = shop.meet("29001"), referrer = shop.meet("29002");
    node::ReceiptFact sale;
    sale.number = 1;
    sale.customer = customer;
    node::BookedLine line;
    line.code = line.product = "1";
    line.name = "x";
    line.price = line.gross = line.net = line.paid = node::Money::of(1'000);
    line.points = node::Points::of(100);
    sale.lines = {line};
    sale.referral = node::Referral{referrer, node::Points::of(5), node::Money{}};
    shop.add(schema::kind::sale, node::body_of(sale));
    chain.bring(1);
    CHECK(chain.customer("29001").points == node::Points::of(100));
    CHECK(chain.customer("29002").points == node::Points::of(5));
}

TEST_CASE("bundles that are not for this HQ, damaged or from a stranger are refused, and change nothing") {
    Chain chain(2), other(1, 99);
    chain.shop(1).sell("", 1'000, 0);
    other.shop(1).sell("", 1'000, 0);
    const std::string good = chain.shop(1).bundle(chain.key);
    CHECK_THROWS_AS(chain.hq->import(other.shop(1).bundle(other.key), "foreign"), node::Error);
    CHECK_THROWS_AS(chain.hq->import(other.shop(1).bundle(chain.key), "another key"), node::Error);
    CHECK_THROWS_AS(chain.hq->import(good.substr(0, good.size() / 2), "cut"), node::Error);
    CHECK_THROWS_AS(chain.hq->import(chain.hq->export_reply({1, 1}).bytes, "a reply"), node::Error);
    chain.shop(1).sell("", 1'000, 0);
    // Not refused, for the reply has to say from where the branch is to send.
    const auto unplaced = chain.hq->import(chain.shop(1).bundle(chain.key, 2, 2, 2), "an epoch that goes on from what HQ does not hold");
    CHECK(unplaced.outcome == Merged::unplaced);
    CHECK(unplaced.gap == hq::Range{1, 1});
    for (std::size_t i = 0; i < good.size(); i += 7) {
        std::string changed = good;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_THROWS_AS(chain.hq->import(changed, "changed"), node::Error);
    }
    CHECK(chain.hq->branches()[0].facts == 0);
    CHECK(chain.hq->import(good, "good").new_facts == 1);
}

TEST_CASE("an invitation is good once") {
    Chain chain(1);
    chain.hq->add_branch({9, 1}, "Nine");
    Shop nine({9, 1}, 1), thief({9, 1}, 2);
    const std::string old_invitation = chain.hq->invite({9, 1}, "");
    const std::string invitation = chain.hq->invite({9, 1}, "https://hq.example");
    CHECK_THROWS_AS(chain.hq->import(chain.answer(nine, old_invitation), "old"), node::Error);
    nine.sell("", 100, 0);
    CHECK_THROWS_AS(chain.hq->import(nine.bundle(chain.key), "too soon"), node::Error);
    CHECK(chain.hq->import(chain.answer(nine, invitation), "answer").outcome == Merged::enrolled);
    CHECK(chain.hq->import(chain.answer(nine, invitation), "again").outcome == Merged::enrolled);
    CHECK_THROWS_AS(chain.hq->import(chain.answer(thief, invitation), "thief"), node::Error);
    CHECK(chain.hq->import(nine.bundle(chain.key), "bundle").new_facts == 1);
    CHECK_THROWS_AS(chain.hq->invite({8, 1}, ""), node::Error);
    CHECK_THROWS_AS(chain.hq->add_branch({9, 1}, "Nine again"), node::Error);
}

TEST_CASE("files are taken answers first, and a refused one does not stop the others") {
    Chain chain(1);
    chain.hq->add_branch({2, 1}, "Two");
    Shop two({2, 1}, 5);
    two.sell("", 100, 0);
    chain.shop(1).sell("", 100, 0);
    const std::vector<std::string> files = {chain.write("two.bundle", two.bundle(chain.key)), chain.write("broken", "no bundle"),
                                            chain.write("one.bundle", chain.shop(1).bundle(chain.key)),
                                            chain.write("two.answer", chain.answer(two, chain.hq->invite({2, 1}, ""))), chain.folder.file("missing")};
    const auto reports = chain.hq->import_files(files);
    REQUIRE(reports.size() == 5);
    CHECK(reports[0].source == "two.answer");
    CHECK(reports[0].outcome == Merged::enrolled);
    CHECK(reports[1].new_facts == 1);
    CHECK(reports[2].outcome == Merged::refused);
    CHECK(!reports[2].why.empty());
    CHECK(reports[3].new_facts == 1);
    CHECK(reports[4].outcome == Merged::refused);
}
