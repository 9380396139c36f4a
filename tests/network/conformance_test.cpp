// One suite for every road: whatever carries the bytes, the outcome is the same.
#include <doctest/doctest.h>

#include "tests/network/roads.h"

namespace paprsek::test {
namespace {

TEST_CASE_TEMPLATE("every road carries sales up and state down, exactly once", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1), two(road.hq().file("two"), 2);
    join(road, one);
    join(road, two);
    for (int i = 0; i < 3; ++i) one.sell(regular_customer);
    const auto report = road.round(one);
    CHECK(report.answered);
    CHECK(report.unsent == 0);
    CHECK(one.confirmed() == one.facts());
    road.round(two);
    CHECK(two.points(regular_customer) == "18.00");
    two.sell(regular_customer);
    road.round(two);
    road.round(one);
    road.round(one);
    CHECK(one.points(regular_customer) == "24.00");
    const auto headquarters = road.hq().open();
    check_equal(*headquarters, one);
    check_equal(*headquarters, two);
}

TEST_CASE_TEMPLATE("every road refuses a stranger with a sentence", Road, NetworkRoad, FileRoad) {
    Road road;
    Branch one(road.hq().file("one"), 1);
    // Accepted here, never answered there.
    sync::accept_invitation(one.node(), road.hq().invite(1, road.url()), "invitation");
    CHECK(error_of([&] { road.round(one); }).find("has not joined this HQ") != std::string::npos);
    CHECK(one.confirmed() == 0);
}

TEST_CASE("both roads in any mixture: the same bytes") {
    NetworkRoad road;
    Branch one(road.hq().file("one"), 1);
    join(road, one);
    SeededRandom random(5);
    std::vector<std::string> ups, downs;
    for (int i = 0; i < 40; ++i) {
        one.sell(i % 2 ? regular_customer : "");
        const auto headquarters = road.hq().open();
        switch (random.below(4)) {
            case 0: road.round(one); break;
            case 1: ups.push_back(text_of(sync::make_up(one.node())->bytes)); break;
            case 2:
                // A bundle of a while ago, by whichever road, and its reply perhaps much later.
                if (!ups.empty()) headquarters->import(ups[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(ups.size())))], "stick");
                downs.push_back(headquarters->export_reply({1, 1}).bytes);
                break;
            default:
                if (!downs.empty())
                    sync::apply_down(one.node(), sync::bytes_of(downs[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(downs.size())))]),
                                     "stick");
        }
    }
    road.round(one);
    check_equal(*road.hq().open(), one);
}

TEST_CASE("addresses") {
    CHECK(error_of([] { sync::make_transport("ftp://hq"); }).find("no address that this program can call") != std::string::npos);
    CHECK(error_of([] { sync::make_transport("https://hq#md5"); }).find("names a key that is none") != std::string::npos);
    CHECK(sync::make_transport("https://hq.example:8443/#sha256//AAAA")->address() == "https://hq.example:8443");
    CHECK_FALSE(sync::make_transport("file:///media/stick")->can_listen());
}

}  // namespace
}  // namespace paprsek::test
