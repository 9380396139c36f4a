// Ledgers that were restored, copied or lost, and an HQ that was restored: one sync makes both sides even, by every road.
#include <fmt/format.h>

#include "node/rights.h"
#include "node/state_digest.h"
#include "tests/network/roads.h"

namespace paprsek::test {
namespace {

std::int64_t sales_at(hq::Headquarters& headquarters) { return headquarters.status().sales; }

constexpr const char* rights = R"({"mode":"points","point_value":"1","allow_customer_by_card":true,"offline":{"spend":"rights"}})";

/// Both sides hold the same, every balance is the same, and both verify. `forks`: open exceptions that are as they should be.
template <class Road>
void check_even(Road& road, Branch& branch, std::int64_t sales) {
    const auto headquarters = road.hq().open();
    CHECK(sales_at(*headquarters) == sales);
    check_equal(*headquarters, branch, true);
}

TEST_CASE_TEMPLATE("a restored backup without new sales is whole again after one sync", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    one.back_up(road.hq().file("backup"));
    for (int i = 0; i < 5; ++i) one.sell(i % 2 ? regular_customer : "");
    road.settle(one);
    const std::int64_t facts = one.facts();
    one.restore(road.hq().file("backup"));

    const sync::ExchangeReport report = road.settle(one);
    CHECK(report.unsent == 0);
    CHECK_FALSE(report.again);
    CHECK(one.facts() == facts);
    CHECK(one.node().epoch() == 1);
    check_even(road, one, 6);
    CHECK(road.hq().open()->exceptions().empty());
}

TEST_CASE_TEMPLATE("a restored backup with new sales is whole again after one sync", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1), two(road.hq().file("two"), 2);
    join(road, one);
    join(road, two);
    for (int i = 0; i < 3; ++i) one.sell(regular_customer);
    road.settle(one);
    one.back_up(road.hq().file("backup"));
    for (int i = 0; i < 4; ++i) one.sell(regular_customer);
    road.settle(one);
    one.restore(road.hq().file("backup"));
    for (int i = 0; i < 2; ++i) one.sell(regular_customer);

    const sync::ExchangeReport report = road.settle(one);
    CHECK(report.outcome != sync::DownOutcome::forked);
    CHECK(report.unsent == 0);
    CHECK_FALSE(report.again);
    CHECK(one.node().epoch() == 2);
    CHECK(one.receipts() == 9);
    check_even(road, one, 9);
    road.settle(two);
    CHECK(two.points(regular_customer) == "54.00");
    const auto exceptions = road.hq().open()->exceptions();
    REQUIRE(exceptions.size() == 1);
    CHECK(exceptions[0].kind == "fork");
    CHECK(exceptions[0].evidence["first_sale"]["sent"]["number"] == 4);
    one.sell(regular_customer);
    road.settle(one);
    check_even(road, one, 10);
}

TEST_CASE("a restored backup with more facts than a message carries, none of which HQ lacks") {
    NetworkRoad road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    road.settle(one);
    for (int i = 0; i < 30; ++i) one.sell(i % 4 ? "" : regular_customer);
    one.back_up(road.hq().file("backup"));
    for (int i = 0; i < 10; ++i) one.sell();
    road.settle(one);
    const std::int64_t facts = one.facts();
    one.restore(road.hq().file("backup"));
    sync::ExchangeOptions options;
    options.max_facts = 7;
    const auto transport = sync::make_transport(road.url());
    const sync::ExchangeReport report = sync::exchange_now(one.node(), *transport, options);
    CHECK(report.unsent == 0);
    CHECK(one.facts() == facts);
    check_even(road, one, 40);

    one.restore(road.hq().file("backup"));
    for (int i = 0; i < 20; ++i) one.sell(regular_customer);
    CHECK(sync::exchange_now(one.node(), *transport, options).unsent == 0);
    check_even(road, one, 60);
}

TEST_CASE_TEMPLATE("a copied disk selling on two machines: nothing is lost, nothing counts twice", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    const auto other = one.cloned(road.hq().file("clone"));
    std::int64_t sales = 1;
    for (int round = 0; round < 4; ++round) {
        // Not the same sales in the same millisecond: those would be the same facts.
        one.sell();
        one.sell(regular_customer);
        for (int i = 0; i < 3; ++i) other->sell(regular_customer);
        sales += 5;
        road.settle(one);
        road.settle(*other);
    }
    road.settle(one);
    CHECK(sales_at(*road.hq().open()) == sales);
    const std::string points = node::print(road.hq().open()->customers("", 10)[0].points);
    CHECK(one.points(regular_customer) == points);
    CHECK(other->points(regular_customer) == points);
    CHECK(points == fmt::format("{}.00", (sales - 4) * 6));
}

TEST_CASE_TEMPLATE("HQ restored from an old copy is made whole by one sync of each branch", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1), two(road.hq().file("two"), 2);
    join(road, one);
    join(road, two);
    one.sell(regular_customer);
    road.settle(one);
    road.back_up_hq();
    for (int i = 0; i < 3; ++i) one.sell(regular_customer);
    for (int i = 0; i < 2; ++i) two.sell(regular_customer);
    road.settle(one);
    road.settle(two);
    SUBCASE("quietly") {}
    SUBCASE("while both went on") {
        one.sell(regular_customer);
        two.sell(regular_customer);
    }
    const std::int64_t sales = one.receipts() + two.receipts();
    road.restore_hq();
    road.settle(one);
    road.settle(two);
    road.settle(one);
    check_even(road, one, sales);
    check_even(road, two, sales);
    CHECK(road.hq().open()->exceptions().empty());
}

TEST_CASE_TEMPLATE("HQ restored from before the fact that an epoch goes on from", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    road.back_up_hq();
    for (int i = 0; i < 3; ++i) one.sell(regular_customer);
    road.settle(one);
    one.back_up(road.hq().file("backup"));
    for (int i = 0; i < 2; ++i) one.sell(regular_customer);
    road.settle(one);
    one.restore(road.hq().file("backup"));
    one.sell(regular_customer);
    road.settle(one);
    REQUIRE(one.node().epoch() == 2);
    check_even(road, one, 7);
    one.sell(regular_customer);
    road.restore_hq();
    road.settle(one);
    // The two that stand beside the ledger live in it alone by now; HQ has what the ledger's line holds.
    check_even(road, one, 6);
}

/// The branch's state is HQ's, and both can prove it.
template <class Road>
bool same_state(Road& road, Branch& branch) {
    const auto [version, digest] = road.hq().open()->state_digest();
    return branch.node().state_cursor().version == version && node::stored_state_digest(branch.node().database()) == digest;
}

template <class Road>
void set_price(Road& road, const std::string& price) {
    const std::string csv = road.hq().file("price.csv");
    sync::write_atomically(csv, sync::bytes_of("code,name,group,price,vat,cost,points,dealer_discounts\n8594001021239,Rohlík,," + price + ",B,2.00,3,\n"));
    road.hq().open()->import_catalogue(csv);
}

std::int64_t price_at(Branch& branch) { return branch.node().database().integer("SELECT price FROM product WHERE key = ?", roll).value_or(0); }

TEST_CASE_TEMPLATE("an HQ that was restored and gave a version number twice: the digest finds it, the state is read again", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    road.settle(one);
    CHECK(same_state(road, one));
    road.back_up_hq();
    set_price(road, "3.90");
    road.settle(one);
    CHECK(price_at(one) == 390);
    road.restore_hq();
    set_price(road, "4.50");
    REQUIRE_FALSE(same_state(road, one));
    const auto report = road.settle(one);
    CHECK(report.message.find("were not those of HQ") != std::string::npos);
    CHECK_FALSE(report.state_differs);
    CHECK(price_at(one) == 450);
    CHECK(same_state(road, one));
    check_even(road, one, 1);
}

TEST_CASE_TEMPLATE("a row that is damaged at the branch comes again; one that HQ cannot mend is told, and not read for ever", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    road.settle(one);
    auto& database = one.node().database();
    database.run("UPDATE state_row SET hash = zeroblob(32) WHERE kind = 'product'");
    CHECK_FALSE(node::verify(database, one.node().info().node).ok());
    set_price(road, "3.10");
    CHECK_FALSE(road.settle(one).state_differs);
    CHECK(same_state(road, one));
    CHECK(node::verify(database, one.node().info().node).ok());

    database.run("UPDATE setting SET value = ? WHERE name = 'state_digest'", std::string(64, '1'));
    const auto report = road.settle(one);
    CHECK(report.state_differs);
    CHECK(report.message.find("also after they were read again") != std::string::npos);
    CHECK(report.trips <= 2);
}

TEST_CASE("a branch whose ledger knows no digest yet reads the state once") {
    NetworkRoad road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.node().database().run("DELETE FROM setting WHERE name = 'state_digest'");
    one.node().database().run("DELETE FROM state_row");
    const auto report = road.settle(one);
    CHECK(report.rows > 0);
    CHECK(report.message.empty());
    CHECK(same_state(road, one));
    CHECK(road.settle(one).rows == 0);
}

TEST_CASE_TEMPLATE("two machines and an HQ that lost both: where their histories part is found by hashes, however far back", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    road.back_up_hq();
    const std::int64_t shared = one.facts();
    const auto other = one.cloned(road.hq().file("clone"));
    for (int i = 0; i < 40; ++i) one.sell(i % 3 ? regular_customer : "");
    road.settle(one);
    road.restore_hq();
    // HQ now learns the history of the second machine under the numbers that it acknowledged to the first.
    for (int i = 0; i < 50; ++i) other->sell();
    road.settle(*other);
    one.sell();
    const auto report = road.settle(one);
    CHECK(report.outcome != sync::DownOutcome::forked);
    CHECK(report.unsent == 0);
    CHECK(one.node().epoch() == 2);
    CHECK(report.message.find(fmt::format("HQ holds other facts from {} on", shared + 1)) != std::string::npos);
    CHECK(report.message.find("the first sale that differs is here receipt 1.1-000002 of ") != std::string::npos);
    CHECK(report.message.find("at HQ receipt 1.1-000002/1 of ") != std::string::npos);
    check_even(road, one, 92);
    bool named = false;
    for (const hq::Exception& exception : road.hq().open()->exceptions())
        if (exception.kind == "fork" && exception.seq == shared + 1) {
            named = true;
            CHECK(exception.evidence["first_sale"]["held"]["number"] == 2);
            CHECK(exception.evidence["first_sale"]["sent"]["total"] == "6.00");
        }
    CHECK(named);
}

TEST_CASE("under rights, a restored ledger that is heard in parts and a late stick of the lost disk bring no sale twice") {
    FileRoad road;
    road.hq().open()->set_policy(rights, "policy");
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    // Six sales that HQ has not heard of are in the backup, two more were written to a stick before the disk died.
    for (int i = 0; i < 6; ++i) one.sell(regular_customer);
    one.back_up(road.hq().file("backup"));
    for (int i = 0; i < 2; ++i) one.sell(regular_customer);
    const std::string stick = text_of(sync::make_up(one.node())->bytes);
    one.restore_knowingly(road.hq().file("backup"));
    one.sell(regular_customer);

    sync::prepare_up(one.node());
    const auto part = sync::make_up(one.node(), nullptr, 2);
    REQUIRE(part->last < part->newest);
    {
        const auto headquarters = road.hq().open();
        headquarters->import(text_of(part->bytes), "part");
        sync::apply_down(one.node(), sync::bytes_of(headquarters->export_reply({1, 1}).bytes), "reply");
        CHECK(one.node().epoch() == 1);
        headquarters->import(stick, "stick");
    }
    road.settle(one);
    CHECK(one.node().epoch() == 2);
    CHECK(node::restored_word(one.node()).empty());
    check_even(road, one, 10);
}

TEST_CASE("a restored ledger that is carried in parts, one a journey, comes to its end although no receipt holds for it before") {
    FileRoad road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    for (int i = 0; i < 6; ++i) one.sell(regular_customer);
    one.back_up(road.hq().file("backup"));
    for (int i = 0; i < 2; ++i) one.sell(regular_customer);
    road.settle(one);
    one.restore(road.hq().file("backup"));

    const auto headquarters = road.hq().open();
    int journeys = 0;
    for (bool more = true; more && journeys < 10; ++journeys) {
        const auto part = sync::make_up(one.node(), nullptr, 2);
        headquarters->import(text_of(part->bytes), "part");
        const auto down = sync::apply_down(one.node(), sync::bytes_of(headquarters->export_reply({1, 1}).bytes), "reply");
        more = down.more || down.again || part->last < part->newest;
    }
    CHECK(journeys < 10);
    check_even(road, one, 9);
}

TEST_CASE("under rights, what a restored ledger sells and writes to a stick while HQ's answer is on its way counts once") {
    FileRoad road;
    road.hq().open()->set_policy(rights, "policy");
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    one.back_up(road.hq().file("backup"));
    one.restore_knowingly(road.hq().file("backup"));
    one.sell(regular_customer);
    sync::prepare_up(one.node());
    const auto headquarters = road.hq().open();
    headquarters->import(text_of(sync::make_up(one.node())->bytes), "stick");
    const std::string answer = headquarters->export_reply({1, 1}).bytes;
    one.sell(regular_customer);
    headquarters->import(text_of(sync::make_up(one.node())->bytes), "second stick");  // in the epoch that the answer ends
    one.sell(regular_customer);
    sync::apply_down(one.node(), sync::bytes_of(answer), "reply");
    CHECK(one.node().epoch() == 2);
    road.settle(one);
    check_even(road, one, 4);
}

TEST_CASE_TEMPLATE("a backup from before its facts passed into another epoch counts them where HQ does", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    one.back_up(road.hq().file("first"));
    one.sell(regular_customer);
    road.settle(one);
    one.restore(road.hq().file("first"));
    for (int i = 0; i < 2; ++i) one.sell(regular_customer);  // otherwise than HQ holds it
    one.back_up(road.hq().file("second"));
    road.settle(one);
    REQUIRE(one.node().epoch() == 2);
    const auto starts = node::epoch_starts(one.node().database());
    one.restore(road.hq().file("second"));
    REQUIRE(one.node().epoch() == 1);
    one.sell(regular_customer);
    road.settle(one);
    CHECK(node::epoch_starts(one.node().database()) == starts);
    check_even(road, one, 5);
}

TEST_CASE("a reply to a lost copy, whose stick came late, moves no balance of the ledger that goes on") {
    FileRoad road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    one.back_up(road.hq().file("backup"));
    one.sell(regular_customer);
    const std::string stick = text_of(sync::make_up(one.node())->bytes);  // of the disk that dies
    one.restore(road.hq().file("backup"));
    for (int i = 0; i < 3; ++i) one.sell(regular_customer);
    const auto headquarters = road.hq().open();
    headquarters->import(text_of(sync::make_up(one.node())->bytes), "bundle");
    CHECK(headquarters->import(stick, "late stick").outcome == hq::Merged::parted);
    const auto reply = sync::apply_down(one.node(), sync::bytes_of(headquarters->export_reply({1, 1}).bytes), "reply");
    CHECK(reply.rows == 0);
    CHECK(reply.again);
    CHECK(reply.message.find("another copy of this ledger") != std::string::npos);
    road.settle(one);
    check_even(road, one, 5);
}

TEST_CASE("a reply proves that both sides hold the same, or says what differs; it changes nothing") {
    NetworkRoad road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    one.sell(regular_customer);
    road.settle(one);
    road.settle(one);
    std::string reply = road.hq().open()->export_reply({1, 1}).bytes;
    sync::Proof proof = sync::prove(one.node(), sync::bytes_of(reply), "reply");
    CHECK(proof.same());
    CHECK(proof.through == one.facts());
    CHECK(proof.state == true);
    one.back_up(road.hq().file("backup"));
    one.sell();
    proof = sync::prove(one.node(), sync::bytes_of(reply), "reply");
    CHECK(proof.same());
    CHECK(proof.facts == proof.through + 1);
    road.settle(one);
    reply = road.hq().open()->export_reply({1, 1}).bytes;
    one.restore(road.hq().file("backup"));
    proof = sync::prove(one.node(), sync::bytes_of(reply), "reply");
    CHECK_FALSE(proof.same());
    CHECK(proof.difference.find("this ledger has") != std::string::npos);
    one.sell(regular_customer);
    proof = sync::prove(one.node(), sync::bytes_of(reply), "reply");
    CHECK_FALSE(proof.history);
    CHECK(proof.difference.find("HQ holds another fact") != std::string::npos);
    one.node().database().run("UPDATE setting SET value = ? WHERE name = 'state_digest'", std::string(64, '1'));
    road.settle(one);
    reply = road.hq().open()->export_reply({1, 1}).bytes;
    CHECK(sync::prove(one.node(), sync::bytes_of(reply), "reply").same());
}

}  // namespace
}  // namespace paprsek::test
