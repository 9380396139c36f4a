// What HQ tells a person, and what he can do about it: each exception's evidence, its remedies, and that HQ's numbers still follow
// from the facts afterwards.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "hq/sqlite_store.h"
#include "hq/watch.h"
#include "node/base/error.h"
#include "schema/migrations.h"
#include "tests/hq/chain_of_shops.h"

using namespace paprsek;
using namespace paprsek::test;
using node::Points;

namespace {

constexpr const char* card = "2900000000018";

/// A sale that gives `points` and is paid by `taken` points.
const schema::Fact& redeem(Shop& shop, const std::string& customer, std::int64_t taken, std::int64_t points = 0) {
    node::ReceiptFact sale;
    sale.number = ++shop.receipts;
    sale.cashier = "anna";
    sale.customer = customer;
    node::BookedLine line;
    line.code = line.product = Shop::product;
    line.name = "Rohlík";
    line.vat = "B";
    line.price = line.gross = line.net = node::Money::of(taken);
    line.points = Points::of(points);
    sale.lines.push_back(line);
    sale.redeemed = node::Money::of(taken);
    sale.taken = Points::of(taken);
    node::spread_redemption(sale);
    return shop.add(schema::kind::sale, node::body_of(sale));
}

const schema::Fact& correct(Shop& shop, const std::string& customer, std::int64_t points) {
    node::ActFact fact;
    fact.customer = customer;
    fact.points = Points::of(points);
    fact.reason = "test";
    return shop.add(schema::kind::correction, node::body_of(fact));
}

std::vector<hq::Exception> open_of(Chain& chain, std::string_view kind) {
    auto list = chain.hq->exceptions();
    std::erase_if(list, [&](const hq::Exception& each) { return each.kind != kind; });
    return list;
}

/// The last one of the kind, whatever became of it.
hq::Exception last_of(Chain& chain, std::string_view kind) {
    const auto list = chain.hq->exceptions(false);
    const auto found = std::find_if(list.rbegin(), list.rend(), [&](const hq::Exception& each) { return each.kind == kind; });
    REQUIRE(found != list.rend());
    return *found;
}

std::vector<std::string> names_of(const std::vector<hq::Remedy>& remedies) {
    std::vector<std::string> names;
    for (const auto& each : remedies) names.emplace_back(each.name);
    return names;
}

void check_well(Chain& chain) { CHECK(chain.hq->verify().faults == std::vector<std::string>{}); }

hq::AccountMovement moved(hq::FactId fact, const char* kind, std::int64_t points, std::int64_t debt = 0) {
    hq::AccountMovement movement;
    movement.fact = fact;
    movement.at = fact;
    movement.kind = kind;
    movement.points = points;
    movement.debt = debt;
    return movement;
}

}  // namespace

TEST_CASE("overdrawn are points that a redemption took and nobody had, by the order in which things happened") {
    const auto points = [](std::vector<hq::AccountMovement> movements) { return hq::overdraft(movements, 0).points; };
    CHECK(!points({}));
    CHECK(!points({moved(1, "opening", 100), moved(2, "redemption", -100)}));
    CHECK(points({moved(1, "opening", 100), moved(2, "redemption", -100), moved(3, "redemption", -1)}));
    // A refund may take points below zero, but a redemption after it would have needed them.
    CHECK(!points({moved(1, "opening", 100), moved(2, "redemption", -100), moved(3, "refund", -50)}));
    CHECK(points({moved(1, "opening", 100), moved(2, "refund", -50), moved(3, "redemption", -100)}));
    CHECK(!points({moved(1, "correction", -5)}));
    // A receipt's own points pay it.
    CHECK(!points({moved(1, "sale", 10), moved(1, "redemption", -10), moved(2, "refund", -10)}));
    // What was covered again since is forgotten.
    CHECK(!points({moved(1, "redemption", -10), moved(2, "sale", 10), moved(3, "refund", -1)}));
    CHECK(points({moved(1, "redemption", -10), moved(2, "sale", 9)}));

    const auto debt = [](std::int64_t owed, std::int64_t limit) { return hq::overdraft({moved(1, "sale", 0, owed)}, limit).debt; };
    CHECK(!debt(100, 0));
    CHECK(!debt(100, 100));
    CHECK(debt(101, 100));
}

TEST_CASE("two branches took the same points: one exception that names both receipts, and settles when the balance is back") {
    Chain chain(3);
    chain.hq->import_customers(chain.write("customers.csv", "number,cards,points\n16,2900000000018,1.00\n"));
    const std::string id = chain.customer("16").id;
    redeem(chain.shop(1), id, 100);
    redeem(chain.shop(2), id, 100);
    CHECK(chain.bring(1).exceptions.empty());
    const auto merged = chain.bring(2);
    REQUIRE(merged.exceptions.size() == 1);
    const auto told = open_of(chain, "overdraft");
    REQUIRE(told.size() == 1);
    CHECK(told[0].subject == id);
    CHECK(told[0].evidence["points"] == "-1.00");
    REQUIRE(told[0].evidence["facts"].size() == 2);
    CHECK(told[0].evidence["facts"][0]["receipt"] == "1.1-000001");
    CHECK(told[0].evidence["facts"][1]["receipt"] == "2.1-000001");
    CHECK(told[0].evidence["facts"][1]["points"] == "-1.00");
    CHECK(told[0].evidence["facts"][1].contains("at"));
    CHECK(hq::sentence(told[0]).find("customer 16 has -1.00 points") != std::string::npos);
    CHECK(names_of(chain.hq->remedies(told[0])) == std::vector<std::string>{"accept", "write-off"});
    check_well(chain);

    // Deeper: the same one, with the new figure.
    redeem(chain.shop(1), id, 50);
    CHECK(chain.bring(1).exceptions.empty());
    CHECK(open_of(chain, "overdraft").at(0).evidence["points"] == "-1.50");
    // Back by a purchase.
    chain.shop(3).sell(id, 1'000, 150);
    chain.bring(3);
    CHECK(open_of(chain, "overdraft").empty());
    CHECK(last_of(chain, "overdraft").state == hq::ExceptionState::settled);
    check_well(chain);
}

TEST_CASE("an overdraft that is accepted is told again when it grows, and one that is written off is gone") {
    Chain chain(2);
    Shop& shop = chain.shop(1);
    const std::string id = shop.meet(card);
    redeem(shop, id, 100);
    chain.bring(1);
    const auto told = open_of(chain, "overdraft").at(0);
    const auto accepted = chain.hq->resolve(told.id, {"accept", ""});
    CHECK(accepted.state == hq::ExceptionState::accepted);
    CHECK(chain.hq->exceptions().empty());
    CHECK_THROWS_AS(chain.hq->resolve(told.id, {"accept", ""}), node::Error);
    shop.sell(id, 1'000, 30);
    chain.bring(1);
    CHECK(chain.hq->exceptions().empty());
    redeem(shop, id, 31);
    chain.bring(1);
    const auto again = open_of(chain, "overdraft");
    REQUIRE(again.size() == 1);
    CHECK(again[0].id != told.id);
    CHECK(again[0].evidence["points"] == "-1.01");

    const auto before = chain.hq->status();
    const auto off = chain.hq->resolve(again[0].id, {"write-off", ""});
    CHECK(off.state == hq::ExceptionState::resolved);
    CHECK(off.remedy == "write-off");
    CHECK(chain.customer(card).points == Points{});
    CHECK(chain.hq->exceptions().empty());
    CHECK(chain.hq->status().facts == before.facts + 2);  // the answer and the correction
    CHECK_THROWS_AS(chain.hq->resolve(off.id, {"write-off", ""}), node::Error);
    check_well(chain);
    shop.take(chain.hq->export_reply({1, 1}).bytes, chain.key);
    CHECK(shop.database.integer("SELECT hq_points FROM customer WHERE id = ?", id) == 0);
}

TEST_CASE("a debt over the limit: accepted, or the limit raised to it") {
    Chain chain(2);
    chain.hq->import_customers(chain.write("customers.csv", "number,cards,charge_to_account,limit\n5,2900000000018,1,10.00\n"));
    const std::string id = chain.customer("5").id;
    for (int branch : {1, 2}) {
        Shop& shop = chain.shop(branch);
        node::ReceiptFact sale;
        sale.number = ++shop.receipts;
        sale.customer = id;
        node::BookedLine line;
        line.code = line.product = Shop::product;
        line.name = "x";
        line.vat = "B";
        line.price = line.gross = line.net = line.paid = node::Money::of(800);
        sale.lines.push_back(line);
        sale.pay.push_back({node::TenderKind::account, node::Money::of(800)});
        shop.add(schema::kind::sale, node::body_of(sale));
        chain.bring(branch);
    }
    const auto told = open_of(chain, "overdraft");
    REQUIRE(told.size() == 1);
    CHECK(told[0].evidence["debt"] == "16.00");
    CHECK(told[0].evidence["limit"] == "10.00");
    CHECK(told[0].evidence["facts"].size() == 2);
    CHECK(names_of(chain.hq->remedies(told[0])) == std::vector<std::string>{"accept", "raise-limit"});
    chain.hq->resolve(told[0].id, {"raise-limit", ""});
    CHECK(chain.hq->exceptions().empty());
    CHECK(chain.hq->report("accounts").rows.at(0)["limit"] == "16.00");
    CHECK(chain.customer("5").cards == std::vector<std::string>{card});
    check_well(chain);
}

TEST_CASE("a gap is an exception while it lasts") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    for (int i = 0; i < 9; ++i) shop.sell("", 1'000, 0);
    REQUIRE(chain.bring(1, 8, 9).exceptions.size() == 1);
    const auto told = open_of(chain, "gap").at(0);
    CHECK(told.subject == "1.1/1");
    CHECK(told.evidence["missing"] == node::Json::parse(R"([{"first":1,"last":7}])"));
    CHECK(chain.bring(1, 4, 5).exceptions.empty());
    CHECK(open_of(chain, "gap").at(0).evidence["missing"] == node::Json::parse(R"([{"first":1,"last":3},{"first":6,"last":7}])"));
    CHECK(hq::sentence(open_of(chain, "gap").at(0)) == "of node 1.1 facts 1-3, 6-7 are missing, and 4 that came later wait for them");
    CHECK(names_of(chain.hq->remedies(told)) == std::vector<std::string>{"ask-again"});
    CHECK(chain.hq->resolve(told.id, {"ask-again", ""}).open());
    CHECK_THROWS_AS(chain.hq->resolve(told.id, {"accept-loss", ""}), node::Error);
    chain.bring(1, 1, 3);
    CHECK(open_of(chain, "gap").size() == 1);
    chain.bring(1);
    CHECK(open_of(chain, "gap").empty());
    CHECK(last_of(chain, "gap").state == hq::ExceptionState::settled);
    check_well(chain);
}

TEST_CASE("a wrong clock is told once a run, and refuses nothing") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::int64_t right = shop.clock_ms;
    shop.sell("", 1'000, 0);
    shop.clock_ms = chain.clock.now().ms + 3'600'000;  // an hour ahead of HQ
    for (int i = 0; i < 3; ++i) shop.sell("", 1'000, 0);
    const auto merged = chain.bring(1);
    CHECK(merged.new_facts == 4);
    auto told = open_of(chain, "clock_skew");
    REQUIRE(told.size() == 1);
    CHECK(told[0].subject == "1.1");
    CHECK(told[0].evidence["facts"] == 3);
    CHECK(told[0].evidence["first"]["seq"] == 2);
    CHECK(told[0].evidence["last"]["seq"] == 4);
    CHECK(told[0].evidence["ahead_ms"].get<std::int64_t>() > 3'500'000);
    CHECK(!told[0].evidence.contains("back_ms"));
    // Still wrong in the next bundle: the same exception. Set right, it goes back.
    shop.sell("", 1'000, 0);
    chain.bring(1);
    shop.clock_ms = right + 60'000;
    shop.sell("", 1'000, 0);
    shop.sell("", 1'000, 0);
    chain.bring(1);
    told = open_of(chain, "clock_skew");
    REQUIRE(told.size() == 1);
    CHECK(told[0].evidence["facts"] == 5);
    CHECK(told[0].evidence["last"]["seq"] == 6);
    CHECK(told[0].evidence["back_ms"].get<std::int64_t>() > 3'500'000);
    CHECK(chain.hq->resolve(told[0].id, {"accept", ""}).state == hq::ExceptionState::accepted);
    shop.sell("", 1'000, 0);
    chain.bring(1);
    CHECK(chain.hq->exceptions().empty());
    // Another run.
    shop.clock_ms -= 3'600'000;
    shop.sell("", 1'000, 0);
    CHECK(chain.bring(1).exceptions.size() == 1);
    check_well(chain);
    // A few minutes are nothing, and neither is a ledger into which older receipts are entered.
    Chain other(1);
    other.shop(1).meet(card);
    other.shop(1).clock_ms -= 100'000'000;
    other.shop(1).sell("", 1'000, 0);
    other.shop(1).clock_ms -= 300'000;
    other.shop(1).sell("", 1'000, 0);
    other.bring(1);
    CHECK(other.hq->exceptions().empty());
}

TEST_CASE("a product that HQ does not have: one exception a product, created from the receipt or brought by an import") {
    Chain chain(2);
    const auto sell = [](Shop& shop, const std::string& code) {
        node::ReceiptFact sale;
        sale.number = ++shop.receipts;
        for (int i = 0; i < 2; ++i) {
            node::BookedLine line;
            line.code = line.product = code;
            line.name = "Neznámé zboží";
            line.vat = "B";
            line.price = line.gross = line.net = line.paid = node::Money::of(1'290);
            sale.lines.push_back(line);
        }
        shop.add(schema::kind::sale, node::body_of(sale));
    };
    for (const char* code : {"777", "888", "777", "999"}) sell(chain.shop(1), code);
    sell(chain.shop(2), "777");
    CHECK(chain.bring(1).exceptions.size() == 3);
    CHECK(chain.bring(2).exceptions.empty());
    CHECK(chain.hq->status().sales == 5);
    auto told = open_of(chain, "unknown_product");
    REQUIRE(told.size() == 3);
    CHECK(told[0].evidence["name"] == "Neznámé zboží");
    CHECK(names_of(chain.hq->remedies(told[0])) == std::vector<std::string>{"create", "accept"});
    chain.hq->resolve(told[0].id, {"create", ""});
    chain.hq->resolve(told[1].id, {"accept", ""});
    chain.hq->import_catalogue(chain.write("products.csv", "code,name,price,vat\n9999|999,x,1.00,B\n"));
    CHECK(last_of(chain, "unknown_product").state == hq::ExceptionState::settled);
    CHECK(chain.hq->exceptions().empty());
    {
        hq::SqliteStore store(chain.database_path(), false);
        const auto row = store.product("777");
        REQUIRE(row);
        CHECK(row->price == node::Money::of(1'290));
        CHECK(row->vat == "B");
        CHECK(row->name == "Neznámé zboží");
    }
    for (const char* code : {"777", "888", "999"}) sell(chain.shop(2), code);
    CHECK(chain.bring(2).exceptions.empty());
    CHECK(chain.hq->exceptions().empty());
    check_well(chain);
    // Sold under a tax group that the policy does not have, it cannot be made.
    node::ReceiptFact odd;
    odd.number = ++chain.shop(1).receipts;
    node::BookedLine line;
    line.code = line.product = line.name = "odd";
    line.vat = "Q";
    odd.lines.push_back(line);
    chain.shop(1).add(schema::kind::sale, node::body_of(odd));
    chain.bring(1);
    CHECK_THROWS_AS(chain.hq->resolve(open_of(chain, "unknown_product").at(0).id, {"create", ""}), node::Error);
    CHECK(open_of(chain, "unknown_product").size() == 1);
}

TEST_CASE("a shop's catalogue: what is new comes in, another price is told, what cannot be sold here is told, the rest is passed over") {
    Chain chain(1);
    chain.hq->import_catalogue(chain.write("groups.csv", "group,parent,excluded\nwine,drinks,0\n"));
    chain.hq->import_catalogue(chain.write("products.csv", "code,name,price,vat\n111|112,held,10.00,B\n113,same,7.00,B\n"));
    chain.shop(1).add(schema::kind::catalogue_imported,
                      R"({"added":7,"changed":0,"file":"","groups":[{"name":"drinks","parent":"wine"},{"excluded":true,"name":"Wine"},{"name":"own"}],)"
                      R"("products":[{"codes":["221","222"],"group":"own","key":"222","name":"new","price":500,"vat":"B"},)"
                      R"({"codes":["112"],"key":"112","name":"theirs","price":1100,"vat":"B"},{"codes":["113"],"key":"113","name":"x","price":700,"vat":"B"},)"
                      R"({"codes":["223"],"key":"223","name":"odd","price":500,"vat":"Q"},{"codes":["224"],"key":"224","name":"x","price":-1,"vat":"B"},)"
                      R"({"codes":["225"],"key":"226","name":"x","price":1,"vat":"B"},{"codes":["a b"],"key":"a b","name":"x","price":1,"vat":"B"}],)"
                      R"("rows":10,"what":"brought"})");
    chain.shop(1).add(schema::kind::catalogue_imported, R"({"added":1,"changed":0,"file":"","products":[{"key":5}],"rows":1,"what":"brought"})");
    chain.bring(1);
    {
        hq::SqliteStore store(chain.database_path(), false);
        CHECK(store.product_by_code("221") == "222");
        CHECK(store.product("222")->group == "own");
        CHECK(store.product("111")->price == node::Money::of(1'000));
        for (const char* code : {"223", "224", "225", "226", "A B"}) CHECK_FALSE(store.product_by_code(code));
        CHECK(store.group("drinks")->parent.empty());  // it would stand above itself
        CHECK_FALSE(store.group("wine")->excluded);
    }
    const auto told = open_of(chain, "product_differs");
    REQUIRE(told.size() == 1);
    CHECK(told[0].subject == "111");
    CHECK(names_of(chain.hq->remedies(told[0])) == std::vector<std::string>{"accept", "take-over"});
    REQUIRE(open_of(chain, "unknown_product").size() == 1);
    CHECK(open_of(chain, "unknown_product")[0].subject == "223");
    CHECK(open_of(chain, "rejected_fact").size() == 1);
    chain.hq->resolve(told[0].id, {"take-over", ""});
    CHECK(hq::SqliteStore(chain.database_path(), false).product("111")->price == node::Money::of(1'100));
    CHECK(hq::SqliteStore(chain.database_path(), false).product("111")->name == "held");
    check_well(chain);
}

namespace {

/// A shop that kept its customers itself knows those of headquarters otherwise: `card` under another name, on other terms.
std::string joins_with_customers(Chain& chain) {
    chain.hq->import_customers(chain.write("customers.csv", "number,name,cards,discount,limit,points\n1,Anna,2900000000018,5,1000,10\n2,,29002,,,\n"));
    chain.clock.set({chain.clock.now().ms + 3'600'000});
    Shop& shop = chain.shop(1);
    shop.clock_ms = chain.clock.now().ms;  // later than what headquarters said
    const std::string id = chain.customer(card).id;
    node::CustomerFact theirs;
    theirs.customer = id;
    theirs.number = 1;
    theirs.cards = {card, "29009"};
    theirs.discount = node::Rate::of(50'000'000);
    theirs.charge = true;
    shop.personal = node::personal_body({"Jana", "777", "", "", ""}, "00112233445566778899aabbccddeeff");
    theirs.digest = node::digest_of(shop.personal);
    shop.add(schema::kind::customer_set, node::body_of(theirs));
    shop.add(schema::kind::customer_set, shop.facts.back().body);  // said twice
    shop.sell(id, 1'000, 30);
    node::CustomerFact new_here;
    new_here.customer = node::customer_of_card("29003");
    new_here.cards = {"29003"};
    new_here.discount = node::Rate::of(3'000'000);
    shop.add(schema::kind::customer_set, node::body_of(new_here));
    shop.join();
    chain.bring(1);
    return id;
}

bool keeps(Chain& chain, const std::string& digest) { return hq::SqliteStore(chain.database_path(), false).personal(digest).has_value(); }

}  // namespace

TEST_CASE("a shop that joins knows a customer otherwise: the chain's terms stand, balances add up, and a person decides") {
    Chain chain(2);
    const std::string id = joins_with_customers(chain);
    const auto told = open_of(chain, "customer_differs");
    REQUIRE(told.size() == 1);
    CHECK(told[0].subject == id);
    CHECK(hq::sentence(told[0]) ==
          "node 1.1 brought the customer with card 2900000000018 with the name \"Jana\", another phone, discount 50 %, charging to the account, no limit, "
          "and HQ has the name \"Anna\", no phone, discount 5 %, no charging to the account, limit 1000.00");
    CHECK(names_of(chain.hq->remedies(told[0])) == std::vector<std::string>{"accept", "take-over"});
    CHECK(chain.customer("29009").id == id);
    CHECK(chain.customer(card).points == Points::of(1'000 + 30));
    {
        hq::SqliteStore store(chain.database_path(), false);
        CHECK(store.customer(store.find_account(id)->row).name == "Anna");
        CHECK(store.customer(store.find_account(id)->row).discount == node::Rate::of(5'000'000));
        CHECK(store.customer(store.find_account(node::customer_of_card("29003"))->row).discount == node::Rate::of(3'000'000));
    }
    const std::string digest = node::digest_of(chain.shop(1).personal);
    CHECK_FALSE(keeps(chain, digest));  // it stands in the evidence, as long as nobody has answered
    check_well(chain);

    SUBCASE("the chain's stand") {
        chain.hq->resolve(told[0].id, {"accept", ""});
        CHECK(open_of(chain, "customer_differs").empty());
        CHECK(last_of(chain, "customer_differs").evidence.dump().find("Jana") == std::string::npos);
    }
    SUBCASE("the shop's hold for the chain") {
        chain.hq->resolve(told[0].id, {"take-over", ""});
        hq::SqliteStore store(chain.database_path(), false);
        const hq::CustomerRecord record = store.customer(store.find_account(id)->row);
        CHECK(record.name == "Jana");
        CHECK(record.discount == node::Rate::of(50'000'000));
        CHECK(record.charge);
        CHECK(record.limit.is_zero());
        CHECK(record.number == 1);
        CHECK(keeps(chain, digest));
        CHECK(last_of(chain, "customer_differs").evidence.dump().find("Jana") == std::string::npos);
    }
    SUBCASE("the person is erased") {
        chain.hq->erase_customer(id);
        CHECK(open_of(chain, "customer_differs").empty());
        CHECK(last_of(chain, "customer_differs").evidence.dump().find("Jana") == std::string::npos);
    }
    check_well(chain);
}

TEST_CASE("what a shop that joins says of an erased customer does not bring his name back; who has joined changes customers as everybody") {
    Chain chain(2);
    chain.hq->import_customers(chain.write("customers.csv", "number,name,cards\n1,Anna,2900000000018\n"));
    const std::string id = chain.customer(card).id;
    chain.hq->erase_customer(id);
    Shop& shop = chain.shop(1);
    shop.set_customer(id, 1, {card}, {"Anna", "", "", "", ""});
    chain.bring(1);
    CHECK(open_of(chain, "customer_differs").empty());
    {
        hq::SqliteStore store(chain.database_path(), false);
        CHECK(store.customer(store.find_account(id)->row).name.empty());
    }
    Shop& joined = chain.shop(2);
    joined.clock_ms = chain.clock.now().ms + 60'000;
    joined.join();
    joined.set_customer(id, 7, {card}, {"Hana", "", "", "", ""});
    chain.bring(2);
    CHECK(open_of(chain, "customer_differs").empty());
    CHECK(chain.customer("7").id == id);
    check_well(chain);
}

TEST_CASE("a rejected fact is projected by a retry once it can be, or set aside") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::string id = shop.meet(card);
    correct(shop, id, Points::max_value);
    correct(shop, id, 700);                          // more than a balance holds
    shop.add(schema::kind::sale, R"({"lines":1})");  // never readable
    chain.bring(1);
    const auto told = open_of(chain, "rejected_fact");
    REQUIRE(told.size() == 2);
    CHECK(told[0].subject == "1.1/1/3");
    CHECK(names_of(chain.hq->remedies(told[0])) == std::vector<std::string>{"retry", "set-aside"});
    const auto facts = chain.hq->status().facts;
    CHECK_THROWS_AS(chain.hq->resolve(told[0].id, {"retry", ""}), node::Error);
    CHECK_THROWS_AS(chain.hq->resolve(told[1].id, {"retry", ""}), node::Error);
    CHECK(chain.hq->status().facts == facts);  // nothing is booked by a refused remedy
    CHECK(open_of(chain, "rejected_fact").size() == 2);
    check_well(chain);

    correct(shop, id, -Points::max_value);
    chain.bring(1);
    CHECK(chain.hq->resolve(told[0].id, {"retry", ""}).state == hq::ExceptionState::resolved);
    CHECK(chain.customer(card).points == Points::of(700));
    CHECK_THROWS_AS(chain.hq->resolve(told[0].id, {"retry", ""}), node::Error);
    CHECK(chain.customer(card).points == Points::of(700));
    check_well(chain);
    CHECK(chain.hq->resolve(told[1].id, {"set-aside", ""}).state == hq::ExceptionState::resolved);
    CHECK(chain.hq->exceptions().empty());
    check_well(chain);
    chain.bring(1);
    CHECK(chain.hq->exceptions().empty());
}

TEST_CASE("a branch cannot write what is for headquarters alone") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    shop.join();
    const std::string a = shop.meet("29001"), b = shop.meet("29002");
    shop.sell(a, 1'000, 10);
    shop.add(schema::kind::customer_merged, node::body_of(node::MergeFact{a, b}));
    shop.add(schema::kind::exception_resolved, node::body_of(node::ResolutionFact{"overdraft", a, "accept", "1.1", 1, 4}));
    chain.bring(1);
    CHECK(open_of(chain, "rejected_fact").size() == 2);
    CHECK(chain.customer("29001").points == Points::of(10));
    check_well(chain);
}

namespace {

/// Two who claim the same number and card: Petr has it, Pavel came later.
void two_claim(Chain& chain) {
    for (int branch : {1, 2}) {
        Shop& shop = chain.shop(branch);
        const std::string id = print(shop.name) + "/1/1";
        shop.set_customer(id, 5, {"29001", "2900" + std::to_string(branch + 1)}, {branch == 1 ? "Petr" : "Pavel", "", "", "", ""});
        shop.sell(id, 1'000, 10 * branch);
        chain.bring(branch);
    }
}

}  // namespace

TEST_CASE("a doubled customer: kept apart, it is not told again") {
    Chain chain(2);
    two_claim(chain);
    const auto told = open_of(chain, "duplicate_customer");
    REQUIRE(told.size() == 1);
    CHECK(told[0].subject == "1.1/1/1 2.1/1/1");
    CHECK(hq::sentence(told[0]) == "customers 2.1/1/1 and 1.1/1/1 both claim number 5, card 29001");
    CHECK(names_of(chain.hq->remedies(told[0])) == std::vector<std::string>{"merge", "keep-apart"});
    CHECK(chain.hq->resolve(told[0].id, {"keep-apart", ""}).state == hq::ExceptionState::accepted);
    chain.shop(2).set_customer("2.1/1/1", 5, {"29001"}, {"Pavel", "", "", "", ""});
    CHECK(chain.bring(2).exceptions.empty());
    CHECK(chain.hq->exceptions().empty());
    check_well(chain);
}

TEST_CASE("a doubled customer: merged into the one whom the operator names, and taken apart again") {
    for (const bool other_stays : {true, false}) {
        Chain chain(2);
        two_claim(chain);
        const auto told = open_of(chain, "duplicate_customer").at(0);
        CHECK_THROWS_AS(chain.hq->resolve(told.id, {"keep-apart", "29001"}), node::Error);
        CHECK_THROWS_AS(chain.hq->resolve(told.id, {"merge", "77777"}), node::Error);
        CHECK(open_of(chain, "duplicate_customer").size() == 1);
        chain.hq->resolve(told.id, {"merge", other_stays ? "" : "29003"});
        CHECK(chain.hq->exceptions().empty());
        REQUIRE(chain.hq->customers("", 10).size() == 1);
        const auto one = chain.customer("5");
        CHECK(one.id == (other_stays ? "1.1/1/1" : "2.1/1/1"));
        CHECK(one.name == (other_stays ? "Petr" : "Pavel"));
        CHECK(one.points == Points::of(30));
        CHECK(one.spend == node::Money::of(2'000));
        CHECK(one.cards == std::vector<std::string>{"29001", "29002", "29003"});
        check_well(chain);

        // A fact that names the one who is gone counts for the other.
        chain.shop(2).sell("2.1/1/1", 1'000, 5);
        chain.shop(1).sell("1.1/1/1", 1'000, 7);
        chain.bring(1);
        chain.bring(2);
        CHECK(chain.customer("5").points == Points::of(42));
        const auto back = chain.hq->unmerge_customer(other_stays ? "29003" : "29002");
        CHECK(back.points == Points::of(other_stays ? 25 : 17));
        CHECK(chain.customer("petr").points == Points::of(17));
        CHECK(chain.customer("pavel").points == Points::of(25));
        CHECK(chain.customer("pavel").cards == std::vector<std::string>{"29003"});
        CHECK(chain.customer("petr").number == 5);
        CHECK(chain.customer("pavel").number == std::nullopt);
        CHECK_THROWS_AS(chain.hq->unmerge_customer("29003"), node::Error);
        check_well(chain);
    }
}

TEST_CASE("a fork is acknowledged: both lines are held") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    for (int i = 0; i < 6; ++i) shop.sell("", 1'000, 0);
    chain.bring(1);
    shop.facts.resize(4);
    for (int i = 0; i < 5; ++i) shop.sell("", 2'000, 0);
    chain.bring(1, 3);
    const auto told = open_of(chain, "fork").at(0);
    CHECK(names_of(chain.hq->remedies(told)) == std::vector<std::string>{"acknowledge"});
    CHECK(chain.hq->resolve(told.id, {"acknowledge", ""}).state == hq::ExceptionState::resolved);
    CHECK(chain.hq->exceptions().empty());
    check_well(chain);
}

TEST_CASE("merging and taking apart, in any order: the sum of all balances never changes, and branches follow") {
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u}) {
        CAPTURE(seed);
        Chain chain(2, seed);
        std::mt19937_64 dice(seed);
        std::vector<std::string> ids, cards;
        for (int i = 0; i < 6; ++i) cards.push_back("2900" + std::to_string(10 + i));
        for (const auto& each : cards) ids.push_back(chain.shop(1).meet(each));
        for (const auto& each : cards) chain.shop(2).meet(each);
        std::int64_t sold = 0;
        for (int round = 0; round < 40; ++round) {
            const int branch = 1 + static_cast<int>(dice() % 2);
            const auto points = static_cast<std::int64_t>(dice() % 100);
            chain.shop(branch).sell(ids[dice() % 6], 100, points);
            sold += points;
            chain.bring(branch);
            const std::string from = cards[dice() % 6], into = cards[dice() % 6];
            try {
                if (dice() % 3)
                    chain.hq->merge_customers(from, into);
                else
                    chain.hq->unmerge_customer(from);
            } catch (const node::Error& error) {
                CHECK(error.exit() == node::Exit::refused);  // one already, or not merged
            }
            std::int64_t sum = 0;
            for (const auto& each : chain.hq->customers("", 100)) sum += each.points.raw();
            CHECK(sum == sold);
            if (dice() % 4 == 0) chain.shop(1).take(chain.hq->export_reply({1, 1}).bytes, chain.key);
        }
        check_well(chain);
        Shop& shop = chain.shop(1);
        shop.take(chain.hq->export_reply({1, 1}).bytes, chain.key);
        const auto at_hq = chain.hq->customers("", 100);
        CHECK(shop.database.integer("SELECT count(*) FROM customer") == static_cast<std::int64_t>(at_hq.size()));
        for (const auto& each : at_hq) {
            CHECK(shop.database.integer("SELECT hq_points FROM customer WHERE id = ?", each.id) == each.points.raw());
            for (const auto& code : each.cards) CHECK(shop.database.text("SELECT customer FROM customer_card WHERE code = ?", code) == each.id);
        }
    }
}

TEST_CASE("exceptions that an older HQ left: by subject, and doubled customers by pair") {
    node::Database database(":memory:", {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    database.migrate(schema::hq_migrations().first(3));
    database.execute("INSERT INTO node (id, branch, till, name) VALUES (1, 0, 0, 'HQ'), (2, 3, 1, 'Shop')");
    const auto add = [&](const char* kind, int seq, const char* evidence) {
        database.run("INSERT INTO exception (kind, node, epoch, seq, at, evidence) VALUES (?, 2, 1, ?, 5, ?)", kind, seq, evidence);
    };
    add("fork", 7, R"({"why":"x"})");
    add("rejected_fact", 7, R"({"why":"x"})");
    add("duplicate_customer", 8, R"({"cards":[{"card":"1","held_by":"a"},{"card":"2","held_by":"b"}],"customer":"c","number":{"held_by":"a","number":5}})");
    add("duplicate_customer", 9, R"({"customer":"c","number":{"held_by":"a","number":5}})");
    database.migrate(schema::hq_migrations());
    std::vector<std::string> left;
    for (auto row = database.query("SELECT kind || ' ' || subject || ' ' || state || ' ' || seq FROM exception ORDER BY kind, subject"); row.step();)
        left.push_back(row.text(0));
    CHECK(left == std::vector<std::string>{"duplicate_customer a c open 8", "duplicate_customer b c open 8", "fork 3.1/1/7 open 7",
                                           "rejected_fact 3.1/1/7 open 7"});
}
