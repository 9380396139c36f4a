#include "node/share.h"

#include <algorithm>
#include <numeric>

#include "node/base/decimal.h"

namespace paprsek::node {

std::vector<std::int64_t> share(std::int64_t amount, const std::vector<std::int64_t>& weights) {
    std::vector<std::int64_t> parts(weights.size(), 0);
    Wide total = 0;
    for (const auto weight : weights) total += weight > 0 ? weight : 0;
    if (total == 0 || amount == 0) return parts;

    const bool negative = amount < 0;
    const Wide size = negative ? -Wide{amount} : Wide{amount};
    std::vector<Wide> remainders(weights.size(), -1);
    Wide given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] <= 0) continue;
        const Wide exact = size * weights[i];
        parts[i] = static_cast<std::int64_t>(exact / total);
        remainders[i] = exact % total;
        given += parts[i];
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    for (std::size_t i = 0; given < size; ++i, ++given) ++parts[order[i]];
    if (negative)
        for (auto& part : parts) part = -part;
    return parts;
}

}  // namespace paprsek::node
