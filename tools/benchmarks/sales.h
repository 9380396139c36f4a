// Goods, and sales as a branch books them, for the benchmarks.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "node/base/database.h"
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

/// `count` products with a code each, in one transaction; in `groups` groups, 0 = in none.
void add_products(node::Database& database, std::uint64_t count, std::uint64_t groups);

/// The first `count` facts of the node: three lines each, goods by popularity, two of five receipts with a customer.
std::vector<BookedSale> make_sales(node::NodeName branch, std::int64_t count);

}  // namespace paprsek::benchmarks
