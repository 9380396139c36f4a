#include "ui/kit/locale.h"

#include <doctest/doctest.h>

#include <limits>

using namespace paprsek::ui;

TEST_CASE("amounts are written from integers") {
    const NumberStyle style{",", " "};
    CHECK(format_scaled(0, 2, style) == "0,00");
    CHECK(format_scaled(5, 2, style) == "0,05");
    CHECK(format_scaled(-123456, 2, style) == "−1 234,56");
    CHECK(format_scaled(123456789, 2, style) == "1 234 567,89");
    CHECK(format_scaled(999, 0, style) == "999");
    CHECK(format_scaled(std::numeric_limits<std::int64_t>::min(), 0, style) == "−9 223 372 036 854 775 808");
    CHECK(format_trimmed(1000, 3, style) == "1");
    CHECK(format_trimmed(-1250, 3, style) == "−1,25");
    CHECK(format_trimmed(0, 3, style) == "0");
}

TEST_CASE("arguments fill a pattern in turn") {
    CHECK(fill_in("{} of {}", {"3", "5"}) == "3 of 5");
    CHECK(fill_in("{} and {}", {"one"}) == "one and {}");
}
