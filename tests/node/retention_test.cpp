// Old facts are packed and stay in the chain: the ledger verifies, is read, refunded and reported on as before.
#include "node/retention.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <vector>

#include "node/base/error.h"
#include "node/base/packed_text.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

std::vector<schema::Fact> facts_of(Node& node) {
    std::vector<schema::Fact> facts;
    node.ledger().read(1, INT64_MAX, [&](const schema::Fact& fact) {
        facts.push_back(fact);
        return true;
    });
    return facts;
}

/// Forty days, a closing each.
struct OldShop : test::Shop {
    OldShop() {
        catalogue("code,name,price,vat,cost\nA,Bread,10.00,A,6.00\nB,Milk,21.90,A,15.00\n");
        customers("number,name,points,charge_to_account\n1,Petr,100,1\n2,Eva,0,0\n");
        for (int day = 2; day <= 41; ++day) {
            const std::string date = day <= 31 ? fmt::format("2026-03-{:02}", day) : fmt::format("2026-04-{:02}", day - 31);
            play("{'at':'" + date + "T10:15:00+01:00','customer':'1','lines':[{'code':'A','qty':'2'},{'code':'B'}],'redeem':'1.00'}");
            play("{'customer':'1','lines':[{'code':'B'}],'pay':[{'with':'account','amount':'21.90'}]}");
            play("{'close_day':{}}");
        }
    }
    std::int64_t packed() { return database().integer("SELECT count(*) FROM packed_fact").value_or(0); }
    void tamper(const std::string& sql) {
        database().execute("DROP TRIGGER packed_fact_no_update; DROP TRIGGER packed_fact_no_delete; DROP TRIGGER fact_dictionary_no_update; " + sql);
    }
};

}  // namespace

TEST_CASE("packed facts are the same facts") {
    OldShop shop;
    const auto before = facts_of(shop.node());
    const Json closings = report(shop.node(), "closing", {}), products = report(shop.node(), "sales", {{}, {}, {}, "product"}),
               movements = report(shop.node(), "movements", {}), statement = report(shop.node(), "statement", {});
    const Retention done = pack_old_facts(shop.node(), 20);
    CHECK(done.facts == shop.packed());
    CHECK(done.facts > 60);
    CHECK(done.through < shop.facts() - 50);
    CHECK(done.packed_bytes * 2 < done.bytes);
    CHECK(shop.database().integer("SELECT count(*) FROM fact").value_or(0) + done.facts == shop.facts());

    const auto after = facts_of(shop.node());
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        CHECK(after[i].seq == before[i].seq);
        CHECK(after[i].hash == before[i].hash);
        CHECK(after[i].body == before[i].body);
    }
    CHECK(shop.node().ledger().fact(done.through)->body == before[static_cast<std::size_t>(done.through) - 1].body);
    CHECK(report(shop.node(), "closing", {}) == closings);
    CHECK(report(shop.node(), "sales", {{}, {}, {}, "product"}) == products);
    CHECK(report(shop.node(), "movements", {}) == movements);
    CHECK(report(shop.node(), "statement", {}) == statement);
    CHECK(shop.verify().ok());

    CHECK(shop.play("{'refund_of':'3.1-000001','lines':[{'code':'A'}]}")["total"] == "-10.00");
    CHECK(shop.refusal("{'settle':{'customer':'1','items':'all'}}").empty());
    CHECK(shop.verify().ok());
    CHECK(pack_old_facts(shop.node(), 20).facts == 0);
    CHECK(pack_old_facts(shop.node(), 0).facts > 0);
    CHECK(pack_old_facts(shop.node(), 0).facts == 0);
    CHECK(shop.verify().ok());
    CHECK_THROWS_AS(pack_old_facts(shop.node(), -1), Error);
}

TEST_CASE("a packed fact is changed or taken out by nobody, and what was changed behind our back is named") {
    const struct {
        const char* sql;
        const char* says;
    } table[] = {
        {"UPDATE packed_fact SET body = zeroblob(20) WHERE seq = 5", "fact 5 (customer.set): its hash"},
        {"UPDATE packed_fact SET body = (SELECT body FROM packed_fact WHERE seq = 6) WHERE seq = 5", "fact 5 (customer.set): its hash"},
        {"UPDATE packed_fact SET at = at + 1 WHERE seq = 5", "fact 5 (customer.set): its hash"},
        {"DELETE FROM packed_fact WHERE seq = 5", "fact 6: stands where fact 5 should"},
        {"UPDATE fact_dictionary SET bytes = zeroblob(100)", "its hash"},
    };
    for (const auto& row : table) {
        CAPTURE(std::string(row.sql));
        OldShop shop;
        pack_old_facts(shop.node(), 0);
        CHECK_THROWS_AS(shop.database().execute(row.sql), Error);
        CHECK(shop.verify().ok());
        shop.tamper(row.sql);
        const auto found = shop.verify();
        REQUIRE(!found.ok());
        CHECK_MESSAGE(found.faults.front().find(row.says) != std::string::npos, found.faults.front());
    }
    OldShop shop;
    CHECK_THROWS_AS(shop.database().execute("DELETE FROM fact WHERE seq = 5"), Error);
    pack_old_facts(shop.node(), 0);
    CHECK_THROWS_AS(shop.database().execute("INSERT INTO fact SELECT seq, at, kind, '{}', hash FROM packed_fact WHERE seq = 5"), Error);
}

TEST_CASE("what was damaged or would unpack beyond all bounds gives the empty text") {
    TextPacker packer("");
    const std::string text = std::string(5000, 'a') + "ž";
    const std::string packed = packer.pack(text);
    CHECK(packer.unpack(packed) == text);
    CHECK(packer.unpack("").empty());
    CHECK(packer.unpack(packed.substr(0, packed.size() - 1)).empty());
    CHECK(packer.unpack("neither").empty());
    CHECK(TextPacker("another dictionary, of eight bytes at least").unpack(packed.substr(1)).empty());
    CHECK(packer.unpack(packer.pack("")).empty());
    // A frame that says it holds 2^40 bytes.
    CHECK(packer.unpack(std::string("\x28\xb5\x2f\xfd\xc0\x00\x00\x00\x00\x00\x00\x01\x00\x00", 14)).empty());
}
