// Points of all products at once (L6).
#include "node/fill_points.h"

#include <doctest/doctest.h>

#include "node/ledger.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::test;

namespace {

constexpr const char* costed_goods = "code,name,price,vat,cost,points\nA,A,100.00,B,60.00,\nB,B,50.00,B,60.00,7\nC,C,20.00,B,,\n";

/// Points that one piece gives.
std::string given(Shop& shop, const char* code) {
    return shop.play(std::string("{'customer':'CARD-1','lines':[{'code':'") + code + "'}]}")["points_awarded"].get<std::string>();
}

}  // namespace

TEST_CASE("products without points of their own are filled by price or margin; recalculated are all; given back, they earn by the policy") {
    Shop shop;
    shop.policy(R"({"earn":"none"})");
    shop.catalogue(costed_goods);
    CHECK(given(shop, "A") == "0.00");
    const auto filled = node::fill_points(shop.node(), node::PointsBy::margin, false);
    CHECK(filled.rows == 3);
    CHECK(filled.changed == 2);
    CHECK(given(shop, "A") == "40.00");
    CHECK(given(shop, "B") == "7.00");  // by hand
    CHECK(given(shop, "C") == "0.00");  // no cost, no margin that is known
    CHECK(node::fill_points(shop.node(), node::PointsBy::margin, false).changed == 0);

    CHECK(node::fill_points(shop.node(), node::PointsBy::price, true).changed == 3);
    CHECK(given(shop, "A") == "100.00");
    CHECK(given(shop, "B") == "50.00");
    CHECK(given(shop, "C") == "20.00");
    CHECK(node::fill_points(shop.node(), node::PointsBy::margin, true).changed == 3);
    CHECK(given(shop, "B") == "0.00");  // sold below cost

    CHECK(node::fill_points(shop.node(), node::PointsBy::policy, true).changed == 3);
    CHECK(given(shop, "B") == "0.00");
    shop.policy(R"({"earn":"price"})");
    CHECK(given(shop, "B") == "50.00");
    CHECK(node::verify(shop.database(), {3, 1}).ok());
    CHECK(node::parse_points_by("price") == node::PointsBy::price);
    CHECK(!node::parse_points_by("cost"));
}
