// Ledgers that were restored, copied or lost, and an HQ that was restored: one sync makes both sides even, by every road.
#include <fmt/format.h>

#include "tests/network/roads.h"

namespace paprsek::test {
namespace {

std::int64_t sales_at(hq::Headquarters& headquarters) { return headquarters.status().sales; }

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

}  // namespace
}  // namespace paprsek::test
