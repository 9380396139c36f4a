// The ledger: append-only, chained, projected in the same transaction; tampering is found and named.
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

/// A shop with a bit of everything in its ledger.
struct BusyShop : test::Shop {
    BusyShop() {
        catalogue("code,name,price,vat\nA,Bread,10.00,A\n");
        customers("number,name,points,charge_to_account\n1,Petr,100,1\n");
        play("{'customer':'1','lines':[{'code':'A','qty':'2'}],'redeem':'1.00'}");
        play("{'customer':'1','lines':[{'code':'A'}],'pay':[{'with':'account','amount':'10.00'}]}");
        play("{'refund_of':'3.1-000001','lines':[{'code':'A'}]}");
        play("{'settle':{'customer':'1','items':'all'}}");
        play("{'cash':{'in':'100.00','reason':'float'}}");
        play("{'at':'2026-03-01T10:00:00+01:00','close_day':{}}");
    }
    std::string faults() {
        std::string text;
        for (const std::string& fault : verify().faults) text += fault + "\n";
        return text;
    }
    /// As somebody does who has the file and SQLite's own shell.
    void tamper(const std::string& sql) {
        database().execute("DROP TRIGGER IF EXISTS fact_no_update; DROP TRIGGER IF EXISTS fact_no_delete;"
                           "DROP TRIGGER IF EXISTS packed_fact_no_update; DROP TRIGGER IF EXISTS packed_fact_no_delete;"
                           "DROP TRIGGER IF EXISTS fact_dictionary_no_update;");
        database().execute(sql);
    }
};

}  // namespace

TEST_CASE("facts are never changed or deleted, not even by SQL") {
    BusyShop shop;
    for (const char* sql : {"UPDATE fact SET body = '{}' WHERE seq = 3", "UPDATE fact SET at = at + 1", "DELETE FROM fact WHERE seq = 3", "DELETE FROM fact",
                            "INSERT OR REPLACE INTO fact SELECT seq, at, kind, '{}', hash FROM fact WHERE seq = 3"}) {
        CAPTURE(std::string(sql));
        CHECK_THROWS_AS(shop.database().execute(sql), Error);
    }
    CHECK(shop.faults().empty());
}

TEST_CASE("seqs go up by one, each hash binds all before it") {
    BusyShop shop;
    schema::Hash previous = schema::genesis("3.1");
    std::int64_t seq = 0;
    shop.node().ledger().read(1, INT64_MAX, [&](const schema::Fact& fact) {
        CHECK(fact.seq == ++seq);
        CHECK(schema::chain(previous, fact.seq, fact.at, fact.kind, fact.body) == fact.hash);
        CHECK(fact.body == canonical(Json::parse(fact.body)));  // canonical: the same bytes when printed again
        previous = fact.hash;
        return true;
    });
    CHECK(seq == shop.facts());
    CHECK(shop.node().ledger().head().hash == previous);
    CHECK(schema::genesis("3.1") != schema::genesis("3.2"));
    CHECK(!shop.node().ledger().fact(seq + 1));
}

TEST_CASE("what was changed behind the ledger's back is found and named") {
    const struct {
        const char* sql;
        const char* says;
    } table[] = {
        {"UPDATE fact SET body = replace(body, '1000', '1001') WHERE seq = 5", "fact 5"},
        {"UPDATE fact SET at = at + 1 WHERE seq = 5", "fact 5"},
        {"UPDATE fact SET kind = 'refund' WHERE seq = 5", "fact 5"},
        {"UPDATE fact SET hash = zeroblob(32) WHERE seq = 5", "fact 5"},
        {"DELETE FROM fact WHERE seq = 5", "fact 6: stands where fact 5 should"},
        {"DELETE FROM fact WHERE seq = (SELECT max(seq) FROM fact)", "z_report"},
        {"INSERT INTO fact SELECT seq + 1, at, kind, body, hash FROM fact ORDER BY seq DESC LIMIT 1", "fact 11 (day.closed)"},
        {"UPDATE receipt SET total = total + 1 WHERE number = 1", "receipt: holds 1|"},
        {"UPDATE receipt SET customer = NULL WHERE number = 1", "receipt"},
        {"DELETE FROM receipt WHERE number = 3", "receipt: holds nothing"},
        {"UPDATE receipt_line SET net = 0 WHERE receipt = 2", "receipt_line"},
        {"UPDATE payment SET tender = 'card' WHERE seq = 5", "payment"},
        {"UPDATE own_balance SET points = points + 1", "own_balance"},
        {"UPDATE own_balance SET debt = 0 - 1", "own_balance"},
        {"INSERT INTO own_balance VALUES ('c0', 5, 0, 0, NULL)", "own_balance"},
        {"UPDATE movement SET points = points + 1 WHERE kind = 'sale'", "movement"},
        {"DELETE FROM movement WHERE kind = 'redemption'", "movement"},
        {"UPDATE account_item SET settled = 0", "account_item"},
        {"UPDATE cash_movement SET amount = amount - 100 WHERE kind = 'in'", "cash_movement"},
        {"DELETE FROM clock_step", "clock_step"},
        {"UPDATE z_report SET number = 7", "z_report"},
        {"UPDATE epoch SET number = 2", "epoch"},
        {"UPDATE customer SET hq_points = 100000", "customer"},
        {"UPDATE customer SET credit = 100000", "customer"},
        {"INSERT INTO customer_card VALUES ('555555', 'x')", "customer_card"},
        {"UPDATE personal SET body = replace(body, 'Petr', 'Eva')", "personal"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.sql));
        BusyShop shop;
        CHECK(shop.facts() == 10);
        CHECK(shop.faults().empty());
        shop.tamper(row.sql);
        CHECK_MESSAGE(shop.faults().find(row.says) != std::string::npos, shop.faults());
    }
}

TEST_CASE("the policy of a branch that stands alone follows from its facts") {
    BusyShop shop;
    shop.policy(R"({"point_value":"1"})");
    CHECK(shop.faults().empty());
    shop.tamper("UPDATE policy SET body = replace(body, '\"point_value\":\"1\"', '\"point_value\":\"9\"')");
    CHECK(shop.faults().find("policy") != std::string::npos);
}

TEST_CASE("several connections append in turn, each where the ledger stands") {
    BusyShop shop;
    test::SeededRandom random(2);
    const auto second = Node::open(shop.node_folder(), shop.clock(), random), third = Node::open(shop.node_folder(), shop.clock(), random);
    CHECK(second->info().node == NodeName{3, 1});
    CHECK(second->info().time_zone == "Europe/Prague");
    const auto start = shop.facts();
    Script one(*second, shop.clock()), two(*third, shop.clock());
    const std::string sale = R"({"customer":"1","lines":[{"code":"A"}]})";
    for (int i = 0; i < 10; ++i) {
        CHECK(Json::parse(one.play(sale, 1).json)["seq"] == start + 3 * i + 1);
        CHECK(Json::parse(two.play(sale, 1).json)["seq"] == start + 3 * i + 2);
        const auto answer = shop.play("{'customer':'1','lines':[{'code':'A'}]}");
        CHECK(answer["receipt"] == print_receipt_number({3, 1}, 3 + 3 * i + 3));
    }
    // Each sees what the others booked: 100 points, 20 − 20 + 10 − 10 + 10 of the busy shop, 30 sales.
    CHECK(shop.customer("1")["points"] == "410.00");
    // A window sees a policy that another process has set.
    second->set_policy(R"({"point_value":"0.5"})", "p");
    CHECK(third->policy().point_value == test::rate("0.5"));
    CHECK(shop.faults().empty());
}

TEST_CASE("a transaction that does not commit leaves nothing") {
    BusyShop shop;
    const auto facts = shop.facts();
    {
        Transaction transaction(shop.database());
        shop.node().ledger().append(schema::kind::cash, R"({"amount":500,"reason":"x"})", shop.clock().now());
        CHECK(shop.facts() == facts + 1);
    }
    CHECK(shop.facts() == facts);
    CHECK(shop.faults().empty());
}

TEST_CASE("facts of a kind not known yet are kept, and do nothing") {
    BusyShop shop;
    Transaction transaction(shop.database());
    shop.node().ledger().append("moon.landed", R"({"by":"eagle"})", shop.clock().now());
    transaction.commit();
    CHECK(shop.faults().empty());
}

TEST_CASE("a node's folder: made once, opened again, refused where there is none") {
    BusyShop shop;
    test::SeededRandom random(3);
    CHECK_THROWS_AS(Node::create(shop.node_folder(), {{3, 1}, "Again"}, shop.clock(), random), Error);
    CHECK_THROWS_AS(Node::open(shop.folder().file("empty"), shop.clock(), random), Error);
    CHECK(!std::filesystem::exists(shop.folder().file("empty")));
    const NodeInfo wrong[] = {{{0, 1}, "X"}, {{10000, 1}, "X"}, {{1, -1}, "X"}, {{1, 100}, "X"}, {{1, 1}, " "}, {{1, 1}, "X\xE9"}, {{1, 1}, "X", "Kc"},
                              {{1, 1}, "X", "CZK", "Europe/Nowhere"}, {{1, 1}, "X", "CZK", "Europe/Prague", "de"}};
    for (const NodeInfo& info : wrong) {
        CHECK_THROWS_AS(Node::create(shop.folder().file("wrong"), info, shop.clock(), random), Error);
        CHECK(!std::filesystem::exists(shop.folder().file("wrong")));
    }
}

TEST_CASE("a copy made while selling is a whole ledger") {
    BusyShop shop;
    const std::string copy = shop.folder().file("copy/ledger.db");
    std::filesystem::create_directory(shop.folder().file("copy"));
    shop.database().backup_to(copy);
    shop.play("{'lines':[{'code':'A'}]}");
    test::SeededRandom random(4);
    const auto restored = Node::open(shop.folder().file("copy"), shop.clock(), random);
    CHECK(restored->ledger().head().seq == 10);
    CHECK(node::verify(restored->database(), {3, 1}).ok());
    CHECK_THROWS_AS(shop.database().backup_to(copy), Error);  // never over a file that is there
}
