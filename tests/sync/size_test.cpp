// How long bundles are, all told: at most 25 bytes a sale of three lines for a month of a till, and some 55 for a day of 60 receipts.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/sync/support.h"

namespace paprsek::sync {

TEST_CASE("bytes a sale") {
    struct Case {
        int sales;
        double most;
    };
    for (const Case& each : {Case{60, 58}, Case{1000, 28}, Case{5000, 16}, Case{20'000, 12}}) {
        test::Pair pair;
        const auto facts = test::make_sales(each.sales, 1);
        const Bytes bytes = test::bundle_of(pair, facts);
        const double a_sale = static_cast<double>(bytes.size()) / each.sales;
        MESSAGE(fmt::format("{} sales of three lines: {} bytes, {:.1f} a sale", each.sales, bytes.size(), a_sale));
        CHECK(a_sale <= each.most);
    }
}

}  // namespace paprsek::sync
