// How long bundles are: the promise is at most 50 bytes a sale of three lines.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/sync/support.h"

namespace paprsek::sync {

TEST_CASE("bytes a sale") {
    struct Case {
        int sales;
        double most;
    };
    for (const Case& each : {Case{60, 110}, Case{1000, 65}, Case{5000, 50}, Case{20'000, 42}}) {
        test::Pair pair;
        const auto facts = test::make_sales(each.sales, 1);
        const Bytes bytes = test::bundle_of(pair, facts);
        const double a_sale = static_cast<double>(bytes.size()) / each.sales;
        MESSAGE(fmt::format("{} sales of three lines: {} bytes, {:.1f} a sale", each.sales, bytes.size(), a_sale));
        CHECK(a_sale <= each.most);
    }
}

}  // namespace paprsek::sync
