// State downwards: versions, pages, imports; and verify, which is to find what somebody changed.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <random>

#include "hq/sqlite_store.h"
#include "node/base/error.h"
#include "node/row_faults.h"
#include "node/catalogue.h"
#include "tests/hq/chain_of_shops.h"

using namespace paprsek;
using namespace paprsek::test;

namespace {

/// All that a branch has taken over, as one text.
std::string state_of(node::Database& database) {
    std::string text;
    for (const char* sql :
         {"SELECT id || ifnull(number, '-') || name || phone || hq_points || '/' || hq_spend || '/' || hq_debt || ifnull(referrer, '') FROM customer ORDER BY "
          "id",
          "SELECT code || '>' || customer FROM customer_card ORDER BY code", "SELECT alias || '>' || customer FROM customer_alias ORDER BY alias",
          "SELECT key || name || grp || price || vat FROM product ORDER BY key", "SELECT code || '>' || product FROM product_code ORDER BY code",
          "SELECT name || parent || excluded FROM product_group ORDER BY name", "SELECT body FROM policy ORDER BY version DESC LIMIT 1"})
        for (auto row = database.query(sql); row.step();) text += row.text(0) + "\n";
    return text;
}

/// Carries pages of `size` rows from HQ's store into the branch database, until there is nothing more.
void apply_pages(hq::Store& store, node::Database& database, std::int64_t cursor, std::size_t size) {
    for (bool more = true; more;) {
        more = false;
        std::size_t taken = 0;
        std::int64_t last = cursor;
        node::Transaction transaction(database);
        store.rows_after(cursor, [&](const node::StateRow& row) {
            if (taken == size) {
                more = true;
                return false;
            }
            CHECK(row.version > last);
            last = row.version;
            node::apply_state(database, row, 0);
            ++taken;
            return true;
        });
        transaction.commit();
        cursor = last;
    }
    CHECK(cursor <= store.version());
}

node::Database branch_database() { return node::Database(":memory:", {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0}); }

const char* const products_csv =
    "code,name,group,price,vat,cost,points,dealer_discounts\n8594001021239|111,Rohlík,pečivo,2.90,B,1.10,,\n222,Cigarety,tabák,150,A,,,\n";

}  // namespace

TEST_CASE("pages from any cursor and of any size come to the same state as the whole") {
    for (const std::uint64_t seed : {11u, 12u, 13u}) {
        Chain chain(2, seed);
        hq::SqliteStore store(chain.database_path(), false);
        std::mt19937_64 dice(seed);
        auto whole = branch_database(), paged = branch_database();
        whole.migrate(schema::branch_migrations());
        paged.migrate(schema::branch_migrations());
        std::int64_t cursor = 0;
        std::string customers = "number,name,cards,points\n";
        for (int round = 0; round < 6; ++round) {
            customers += std::to_string(round + 1) + ",Name " + std::to_string(dice() % 100) + ",2900" + std::to_string(round) + "," +
                         std::to_string(dice() % 50) + "\n";
            chain.hq->import_customers(chain.write("customers.csv", customers));
            if (round == 2) chain.hq->import_catalogue(chain.write("products.csv", products_csv));
            for (int branch : {1, 2}) {
                Shop& shop = chain.shop(branch);
                for (int i = 0; i < 5; ++i) shop.sell(shop.meet("2900" + std::to_string(dice() % 10)), 100, static_cast<std::int64_t>(dice() % 90));
                chain.bring(branch, 1);
            }
            // One branch asks now and then, in pages; the other takes all at the end.
            if (dice() % 2) {
                apply_pages(store, paged, cursor, 1 + dice() % 5);
                cursor = store.version();
            }
        }
        apply_pages(store, paged, cursor, 3);
        apply_pages(store, whole, 0, 1'000'000);
        CHECK(state_of(paged) == state_of(whole));
        CHECK(chain.hq->verify().faults == std::vector<std::string>{});
    }
}

TEST_CASE("several changes of one customer in a bundle move its version once") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const std::string id = shop.meet("29001");
    for (int i = 0; i < 20; ++i) shop.sell(id, 100, 1);
    const auto before = chain.hq->status().version;
    chain.bring(1);
    CHECK(chain.hq->status().version == before + 1);
    chain.bring(1);
    CHECK(chain.hq->status().version == before + 1);
}

TEST_CASE("a reply carries receipt, state and what of the branch's own facts is in the balances") {
    Chain chain(2);
    chain.hq->import_catalogue(chain.write("groups.csv", "group,parent,excluded\npečivo,,0\ntabák,,1\n"));
    chain.hq->import_catalogue(chain.write("products.csv", products_csv));
    Shop& shop = chain.shop(1);
    const std::string id = shop.meet("29001");
    shop.sell(id, 1'000, 10);
    chain.bring(1);
    chain.shop(2).sell(chain.shop(2).meet("29001"), 1'000, 5);
    chain.bring(2);

    const auto head = shop.take(chain.hq->export_reply({1, 1}).bytes, chain.key);
    CHECK(head.receipt.seq == 2);
    CHECK(head.receipt.hash == shop.facts.back().hash);
    CHECK(head.included == 2);
    CHECK(head.through_version == chain.hq->status().version);
    CHECK(shop.database.integer("SELECT hq_points FROM customer WHERE id = ?", id) == 15);
    CHECK(shop.database.integer("SELECT hq_seq FROM customer WHERE id = ?", id) == 2);
    CHECK(shop.database.integer("SELECT count(*) FROM product") == 3);
    CHECK(shop.database.integer("SELECT excluded FROM product_group WHERE name = 'tabák'") == 1);

    // HQ goes by what the branch says it has; a lost reply is covered by the next.
    CHECK(chain.hq->export_reply({1, 1}).rows == chain.hq->export_reply({1, 1}).rows);
    chain.bring(1);
    const auto nothing_new = chain.hq->export_reply({1, 1});
    CHECK(nothing_new.rows == 0);
    CHECK(nothing_new.after == head.through_version);
    CHECK(chain.hq->export_reply({1, 1}, 0).rows > 3);
    shop.cursor.hq_epoch = 9;  // of another life of HQ
    chain.bring(1);
    CHECK(chain.hq->export_reply({1, 1}).after == 0);
}

TEST_CASE("customers are imported once: a repeated import books what differs") {
    Chain chain(1);
    const auto first =
        chain.hq->import_customers(chain.write("c.csv", "number,name,cards,points,spend,referrer,phone\n1,Jana,29001,10,500,29002,777\n2,Petr,29002,0,0,,\n"));
    CHECK(first.added == 2);
    CHECK(chain.customer("jana").points == node::Points::of(1'000));
    CHECK(chain.customer("1").spend == node::Money::of(50'000));
    const auto facts = chain.hq->status().facts;
    const auto again = chain.hq->import_customers(chain.folder.file("c.csv"));
    CHECK(again.unchanged == 2);
    CHECK(chain.hq->status().facts == facts);

    Shop& shop = chain.shop(1);
    shop.sell(shop.meet("29001"), 1'000, 7);
    chain.bring(1);
    // By number, by card; a column that is not there leaves what is known.
    const auto changed = chain.hq->import_customers(chain.write("d.csv", "number,name,cards,points\n1,Jana Nová,,12\n,,29002|29003,1\n"));
    CHECK(changed.changed == 2);
    const auto jana = chain.customer("1");
    CHECK(jana.name == "Jana Nová");
    CHECK(jana.points == node::Points::of(1'207));
    CHECK(jana.spend == node::Money::of(51'000));
    CHECK(jana.cards == std::vector<std::string>{"29001"});
    const auto petr = chain.customer("29003");
    CHECK(petr.number == 2);
    CHECK(petr.name == "Petr");
    CHECK(petr.points == node::Points::of(100));
    CHECK(chain.hq->report("accounts").rows.empty());
    CHECK(chain.hq->report("movements", {{}, {}, {}, "1"}).rows.size() == 3);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("a wrong table is refused whole") {
    Chain chain(1);
    chain.hq->import_customers(chain.write("c.csv", "number,name,cards\n1,Jana,29001\n2,Petr,29002\n"));
    const auto before = chain.hq->status();
    for (const char* wrong :
         {"number,name,cards\n3,Ota,29003\n4,Ivo,29001|29002\n", "number,name,cards,referrer\n3,Ota,29003,99\n",
          "number,name,cards,referrer\n3,Ota,29003,29004\n4,Ivo,29004,29003\n", "number,name,cards\n1,Jana,29002\n", "code,name,price,vat\n1,x,1,B\n"})
        CHECK_THROWS_AS(chain.hq->import_customers(chain.write("w.csv", wrong)), node::Error);
    for (const char* wrong : {"code,name,price,vat\n1,x,1,B\n2,y,1,Q\n", "group,parent,excluded\na,b,0\nb,a,0\n", "number,name,cards\n9,x,29009\n"})
        CHECK_THROWS_AS(chain.hq->import_catalogue(chain.write("w.csv", wrong)), node::Error);
    CHECK_THROWS_AS(chain.hq->set_policy(R"({"mode":"points","moode":1})", "policy.json"), node::Error);
    CHECK(chain.hq->status().facts == before.facts);
    CHECK(chain.hq->status().version == before.version);
}

TEST_CASE("all wrong rows of a table are named at once; a preview changes nothing") {
    Chain chain(1);
    chain.hq->import_customers(chain.write("c.csv", "number,name,cards\n1,Jana,29001\n2,Petr,29002\n"));
    chain.hq->import_catalogue(chain.write("p.csv", products_csv));
    const auto before = chain.hq->status();
    const auto places = [&](auto act) {
        std::string text;
        try {
            act();
        } catch (const node::RowErrors& error) {
            for (const node::RowFault& fault : error.faults()) text += fault.place + "; ";
        }
        return text;
    };
    CHECK(places([&] {
              chain.hq->import_customers(chain.write("w.csv", "number,name,cards,referrer,limit\n3,A,29001|29002,,\n4,B,,99,\n5,C,,,-1\n6,D,,,\n"));
          }) == "w.csv line 4 column limit; w.csv line 2 column cards; w.csv line 3 column referrer; ");
    CHECK(places([&] { chain.hq->import_customers(chain.write("w.csv", "number,name,referrer\n3,A,4\n4,B,3\n5,C,\n")); }) ==
          "w.csv line 2 column referrer; w.csv line 3 column referrer; ");
    CHECK(places([&] { chain.hq->import_catalogue(chain.write("w.csv", "code,name,price,vat\n8,,1,B\n9,Good,1,B\n10,x,1,Q\n")); }) ==
          "w.csv line 2 column name; w.csv line 4 column vat; ");
    CHECK(places([&] { chain.hq->import_catalogue(chain.write("w.csv", "code,list,from,price\n999,,2026-05-01,1\n998,,2026-05-01,1\n")); }) ==
          "w.csv line 2 column code; w.csv line 3 column code; ");
    CHECK(places([&] { chain.hq->import_catalogue(chain.write("w.csv", "group,parent,excluded\na,b,0\nb,a,0\nc,,0\n")); }) ==
          "w.csv line 2 column parent; w.csv line 3 column parent; ");

    CHECK(chain.hq->import_customers(chain.write("n.csv", "number,name,points\n7,New,5\n"), true).added == 1);
    CHECK(chain.hq->import_catalogue(chain.write("n.csv", "code,name,price,vat\n888,New,1,B\n"), true).rows.added == 1);
    CHECK(chain.hq->import_catalogue(chain.write("n.csv", "group,parent,excluded\nnew,,0\n"), true).rows.added == 1);
    CHECK(chain.hq->status().facts == before.facts);
    CHECK(chain.hq->status().version == before.version);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
    CHECK(chain.hq->import_customers(chain.write("n.csv", "number,name,points\n7,New,5\n")).added == 1);
}

TEST_CASE("products by code: again, changed, two in one") {
    Chain chain(1);
    const std::string path = chain.write("p.csv", products_csv);
    CHECK(chain.hq->import_catalogue(path).rows.added == 2);
    const auto version = chain.hq->status().version;
    CHECK(chain.hq->import_catalogue(path).rows.unchanged == 2);
    CHECK(chain.hq->status().version == version);
    CHECK(chain.hq->import_catalogue(chain.write("q.csv", "code,name,price,vat\n111,Rohlík velký,3.50,B\n")).rows.changed == 1);
    CHECK(chain.hq->status().products == 3);  // and the chain's own
    CHECK_THROWS_AS(chain.hq->import_catalogue(chain.write("r.csv", "code,name,price,vat\n111|222,x,1,B\n")), node::Error);
    CHECK(chain.hq->set_policy(R"({"mode":"cumulative"})", "p"));
    CHECK(!chain.hq->set_policy(R"({"mode":"cumulative"})", "p"));
}

TEST_CASE("prices of lists and linked goods go down with their product, once") {
    Chain chain(1);
    hq::SqliteStore store(chain.database_path(), false);
    chain.hq->import_catalogue(chain.write("p.csv", "code,name,price,vat,linked\n111|222,Beer,20.00,A,900\n900,Deposit,3.00,A,\n"));
    const char* const prices = "code,list,from,price\n222,market,2026-03-10,18.50\n111,,2026-04-01,21.00\n";
    const auto report = chain.hq->import_catalogue(chain.write("prices.csv", prices));
    CHECK(report.rows.changed == 2);
    CHECK(chain.hq->import_catalogue(chain.write("prices.csv", prices)).rows.unchanged == 2);
    CHECK(chain.hq->import_catalogue(chain.write("p.csv", "code,name,price,vat\n111,Beer,20.00,A\n")).rows.changed == 1);  // one code less
    CHECK_THROWS_AS(chain.hq->import_catalogue(chain.write("bad.csv", "code,list,from,price\n111,,2026-05-01,1.00\n333,,2026-05-01,1.00\n")), node::Error);
    auto branch = branch_database();
    branch.migrate(schema::branch_migrations());
    apply_pages(store, branch, 0, 100);
    const auto beer = node::find_product(branch, "111");
    REQUIRE(beer);
    CHECK(node::print(beer->prices) == "@2026-04-01:21.00|market@2026-03-10:18.50");
    CHECK(beer->linked == std::vector<std::string>{"900"});
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("the codes of products as they stood at a version are those that a branch has which holds it") {
    Chain chain(1);
    hq::SqliteStore store(chain.database_path(), false);
    std::map<std::int64_t, std::vector<std::string>> held;
    for (const char* rows : {"111|222,Beer,20.00,A\n900,Deposit,3.00,A\n", "111,Beer,20.00,A\n", "900|55,Deposit,3.00,A\n333,Wine,90.00,A\n",
                             "111|222|1,Beer,21.00,A\n", "333,Wine,95.00,A\n"}) {
        chain.hq->import_catalogue(chain.write("p.csv", std::string("code,name,price,vat\n") + rows));
        auto branch = branch_database();
        branch.migrate(schema::branch_migrations());
        apply_pages(store, branch, 0, 100);
        for (auto row = branch.query("SELECT code FROM product_code ORDER BY code"); row.step();) held[store.version()].push_back(row.text(0));
        CHECK(*store.product_codes(store.version()) == held[store.version()]);
    }
    REQUIRE(held.size() == 5);
    CHECK(held.rbegin()->second.size() == held.begin()->second.size() + 3);  // 1, 333 and 55 came; 222 went and came back
    for (const auto& [version, codes] : held) CHECK_MESSAGE(*store.product_codes(version) == codes, "version " << version);
    CHECK(*store.product_codes(0) == std::vector<std::string>());
    CHECK(*store.product_codes(store.version() + 5) == held.rbegin()->second);
}

TEST_CASE("reports add up over branches") {
    Chain chain(2);
    for (int branch : {1, 2}) {
        Shop& shop = chain.shop(branch);
        const std::string id = shop.meet("29001");
        shop.sell(id, 1'000 * branch, 10);
        shop.sell("", 500, 0);
        chain.bring(branch);
    }
    const auto sales = chain.hq->report("sales");
    REQUIRE(sales.rows.size() == 2);
    CHECK(sales.rows[1]["node"] == "2.1");
    CHECK(sales.rows[1]["total"] == "25.00");
    CHECK(sales.rows[1]["cash"] == "25.00");
    CHECK(sales.rows[1]["receipts"] == 2);
    const auto stock = chain.hq->report("stock", {{}, {}, 1, ""});
    REQUIRE(stock.rows.size() == 1);
    CHECK(stock.rows[0]["sold"] == "2");
    CHECK(stock.rows[0]["net"] == "15.00");
    const auto customers = chain.hq->report("customers");
    REQUIRE(customers.rows.size() == 1);
    CHECK(customers.rows[0] == node::Json{{"number", nullptr}, {"name", ""}, {"cards", {"29001"}}, {"points", "0.20"}, {"spend", "30.00"}, {"debt", "0.00"}});
    CHECK(chain.hq->report("movements", {{}, {}, {}, "29001"}).rows.size() == 2);
    CHECK_THROWS_AS(chain.hq->report("weather"), node::Error);
}

TEST_CASE("verify finds a tampered fact, balance, movement and sale") {
    const auto tampered = [](const char* sql) {
        Chain chain(1);
        Shop& shop = chain.shop(1);
        shop.sell(shop.meet("29001"), 1'000, 10);
        shop.sell("", 500, 0);
        chain.bring(1);
        REQUIRE(chain.hq->verify().ok());
        {
            node::Database database(chain.database_path());
            database.execute("DROP TRIGGER fact_no_update; DROP TRIGGER fact_no_delete");
            database.execute(sql);
        }
        const auto result = chain.hq->verify();
        return result.faults.empty() ? std::string() : result.faults[0];
    };
    CHECK(tampered("UPDATE fact SET body = replace(body, '1000', '9000') WHERE kind = 'sale'").find("1.1 fact 2 (sale)") != std::string::npos);
    CHECK(tampered("UPDATE fact SET at = at + 1 WHERE kind = 'customer.set'").find("1.1 fact 1") != std::string::npos);
    CHECK(tampered("DELETE FROM fact WHERE kind = 'sale'").find("1.1") != std::string::npos);
    CHECK(tampered("UPDATE customer SET points = points + 1").find("balance") != std::string::npos);
    CHECK(tampered("DELETE FROM movement").find("movement") != std::string::npos);
    CHECK(tampered("UPDATE sale SET net = net + 1").find("sale") != std::string::npos);
    CHECK(tampered("UPDATE chain SET held = held - 1 WHERE held = 3 AND node > 1").find("1.1") != std::string::npos);
}

// ---- what headquarters shows of catalogue and policy, and what a table would change

namespace {

struct LookedAt {
    test::TemporaryFolder scratch;
    std::unique_ptr<hq::Headquarters> hq =
        hq::Headquarters::create(scratch.file("hq"), {"Test", "CZK", "Europe/Prague"}, node::system_clock(), node::system_random());
    std::string file(const std::string& text) {
        std::ofstream(scratch.file("table.csv")) << text;
        return scratch.file("table.csv");
    }
};

std::string names_of(hq::Headquarters& hq, const std::string& text, std::size_t limit = 10) {
    std::string names;
    for (const node::ProductRow& row : hq.products(text, limit)) names += (names.empty() ? "" : ", ") + row.name;
    return names;
}

}  // namespace

TEST_CASE("products are found by the beginnings of words, without marks, and by codes, those first") {
    LookedAt at;
    at.hq->import_catalogue(at.file("code,name,price,vat\n8594001021239,Žitný chléb,40,B\n4006381333931,Chléb bílý,30,B\n20,Mléko 8594,20,B\n"));
    CHECK(names_of(*at.hq, "chleb") == "Chléb bílý, Žitný chléb");
    CHECK(names_of(*at.hq, "ZIT chl") == "Žitný chléb");
    CHECK(names_of(*at.hq, "hleb").empty());
    CHECK(names_of(*at.hq, "8594") == "Žitný chléb, Mléko 8594");
    CHECK(names_of(*at.hq, "") == "Chléb bílý, Mléko 8594, Žitný chléb");
    CHECK(names_of(*at.hq, "", 1) == "Chléb bílý");
    CHECK(names_of(*at.hq, "!?").empty());
}

TEST_CASE("C4: what a table of goods or customers would change is told field by field, and a preview leaves all as it was") {
    LookedAt at;
    at.hq->import_catalogue(at.file("code,name,price,vat\n20,Milk,20,B\n21,Tea,9,B\n"));
    hq::RowChanges changes;
    const std::string table = at.file("code,name,price,vat\n20,Milk,22.50,B\n21,Tea,9,B\n22,Jam,50,B\n");
    const auto report = at.hq->import_catalogue(table, true, &changes);
    CHECK(report.rows.added == 1);
    CHECK(report.rows.changed == 1);
    REQUIRE(changes.list.size() == 2);
    CHECK_FALSE(changes.list[0].added);
    CHECK(changes.list[0].name == "Milk");
    REQUIRE(changes.list[0].fields.size() == 1);
    CHECK(changes.list[0].fields[0].field == "price");
    CHECK(changes.list[0].fields[0].before == "20.00");
    CHECK(changes.list[0].fields[0].after == "22.50");
    CHECK(changes.list[1].added);
    CHECK(names_of(*at.hq, "jam").empty());

    at.hq->import_customers(at.file("number,name,discount,points\n3,Ann,5,10\n"));
    changes = {};
    at.hq->import_customers(at.file("number,name,discount,points\n3,Ann,7,25\n4,Ben,,\n"), true, &changes);
    REQUIRE(changes.list.size() == 2);
    CHECK(changes.list[0].key == "4");  // new ones are made first
    CHECK(changes.list[0].added);
    CHECK(changes.list[1].key == "3");
    REQUIRE(changes.list[1].fields.size() == 2);
    CHECK(changes.list[1].fields[0].field == "discount");
    CHECK(changes.list[1].fields[0].after == "7");
    CHECK(changes.list[1].fields[1].field == "points");
    CHECK(changes.list[1].fields[1].before == "10.00");
    CHECK(changes.list[1].fields[1].after == "25.00");
}

TEST_CASE("the policy in force says since when, and by which version of the state") {
    LookedAt at;
    const hq::PolicyInForce first = at.hq->policy_in_force();
    CHECK(first.json == at.hq->policy());
    CHECK(first.since.has_value());
    at.hq->set_policy(R"({"point_value": "0.25"})", "policy.json");
    const hq::PolicyInForce second = at.hq->policy_in_force();
    CHECK(second.version > first.version);
    CHECK(second.json == at.hq->policy());
    CHECK(second.since >= first.since);
}
