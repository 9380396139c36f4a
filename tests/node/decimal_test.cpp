#include <doctest/doctest.h>

#include "node/base/decimal.h"

using namespace paprsek::node;

TEST_CASE("amounts are read exactly or not at all") {
    CHECK(parse<Money>("12.90")->raw() == 1290);
    CHECK(parse<Money>("-0.5")->raw() == -50);
    CHECK(parse<Money>("7")->raw() == 700);
    CHECK(parse<Rate>("0.000001")->raw() == 1);
    for (const char* wrong : {"", "-", ".", "1.", ".5", "1.234", "1,5", "+1", " 1", "1e3", "0x1", "--1", "1 000", "99999999999999999999"}) {
        CAPTURE(wrong);
        CHECK(!parse<Money>(wrong));
    }
}

TEST_CASE("amounts are printed as the contract writes them") {
    CHECK(print(Money::of(1290)) == "12.90");
    CHECK(print(Money::of(-5)) == "-0.05");
    CHECK(print(Quantity::of(2000)) == "2");
    CHECK(print(Quantity::of(125)) == "0.125");
    CHECK(print(Rate::of(21'000'000)) == "21");
    CHECK(print(Rate::of(50'000)) == "0.05");
}

TEST_CASE("rounding is half away from zero") {
    CHECK(times(Money::of(101), Quantity::of(500)).raw() == 51);
    CHECK(times(Money::of(-101), Quantity::of(500)).raw() == -51);
    CHECK(times(Money::of(99), Quantity::of(333)).raw() == 33);
    CHECK(rounded_to(Money::of(24951), Money::of(100)).raw() == 25000);
    CHECK(rounded_to(Money::of(24950), Money::of(100)).raw() == 25000);
    CHECK(rounded_to(Money::of(24949), Money::of(100)).raw() == 24900);
    CHECK(rounded_to(Money::of(24949), Money{}).raw() == 24949);
    CHECK(tax_within(Money::of(12100), *parse<Rate>("21")).raw() == 2100);
}

TEST_CASE("points are worth money rounded down, and cost points rounded up") {
    const Rate value = *parse<Rate>("0.05");
    CHECK(worth(Points::of(10019), value).raw() == 500);
    CHECK(points_for(Money::of(500), value).raw() == 10000);
    CHECK(points_for(Money::of(1), *parse<Rate>("0.03")).raw() == 34);
    CHECK(worth(Points::of(-1), value).raw() == 0);
}

TEST_CASE("what leaves the range is refused, never wrapped") {
    CHECK_THROWS_AS(Money::of(Money::max_value) + Money::of(1), Overflow);
    CHECK_THROWS_AS(times(Money::of(Money::max_value), Quantity::of(2000)), Overflow);
    CHECK_THROWS_AS(Money::of(INT64_MIN), Overflow);
}
