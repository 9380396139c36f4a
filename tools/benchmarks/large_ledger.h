// The ledger on which till and window are measured: a million sales, 200,000 products in groups, thousands of customers, every day but the
// last one closed. Made through the product's own append, without syncs.
#pragma once
#include <cstdint>
#include <string>

namespace paprsek::benchmarks {

inline constexpr std::uint64_t large_products = 200'000, large_sales = 1'000'000;

/// In an empty folder. Takes some minutes.
void make_large_ledger(const std::string& folder);

}  // namespace paprsek::benchmarks
