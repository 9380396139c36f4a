// Sharing an amount in proportion, to the last minor unit.
#pragma once
#include <cstdint>
#include <vector>

namespace paprsek::node {

/// Splits `amount` over `weights` in proportion by largest remainder, ties to the earlier one (PRODUCT.md rule 6). The parts
/// add up to `amount`; a weight of 0 or less gets nothing. Where every weight is
/// 0 or less, every part is 0: the caller sees to it that nothing is to be shared then.
std::vector<std::int64_t> share(std::int64_t amount, const std::vector<std::int64_t>& weights);

}  // namespace paprsek::node
