// Sales as a branch books them, for the benchmarks of bundles and HQ.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "node/facts.h"
#include "schema/fact.h"

namespace paprsek::benchmarks {

inline constexpr std::uint64_t sold_products = 2'000, buying_customers = 5'000;

struct BookedSale {
    std::int64_t at;
    std::string body;
    schema::Hash hash;
    node::ReceiptFact receipt;
};

/// The first `count` facts of the node: three lines each, goods by popularity, two of five receipts with a customer.
std::vector<BookedSale> make_sales(node::NodeName branch, std::int64_t count);

}  // namespace paprsek::benchmarks
