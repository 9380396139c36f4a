// How long bundles are, all told: at most 25 bytes a sale of three lines for a month of a till, and at most 40 for a day of 60 receipts at a
// branch that has sold before, or sells what HQ has named; else its very first day says all names and codes for the first time.
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

TEST_CASE("bytes a sale of a day, of products that HQ has named") {
    struct Case {
        int before, sales;
        double most;
    };
    for (const Case& each : {Case{0, 60, 25}, Case{60, 60, 25}, Case{0, 1000, 20}}) {
        test::Pair pair;
        const auto facts = test::make_sales(each.before + each.sales, 1);
        const auto today = facts.begin() + each.before;
        const Bytes bytes = test::bundle_of(pair, {today, facts.end()}, {facts.begin(), today}, test::assortment(1));
        const double a_sale = static_cast<double>(bytes.size()) / each.sales;
        MESSAGE(fmt::format("{} sales of three lines after {}: {} bytes, {:.1f} a sale", each.sales, each.before, bytes.size(), a_sale));
        CHECK(a_sale <= each.most);
    }
}

TEST_CASE("bytes a sale of a day, after days that HQ has acknowledged") {
    struct Case {
        int before, sales;
        double most;
    };
    for (const Case& each : {Case{60, 60, 50}, Case{300, 60, 40}, Case{1800, 60, 25}, Case{3600, 60, 22}, Case{1800, 1800, 15}}) {
        test::Pair pair;
        const auto facts = test::make_sales(each.before + each.sales, 1);
        const auto today = facts.begin() + each.before;
        const Bytes bytes = test::bundle_of(pair, {today, facts.end()}, {facts.begin(), today});
        const double a_sale = static_cast<double>(bytes.size()) / each.sales;
        MESSAGE(fmt::format("{} sales of three lines after {}: {} bytes, {:.1f} a sale", each.sales, each.before, bytes.size(), a_sale));
        CHECK(a_sale <= each.most);
    }
}

}  // namespace paprsek::sync
