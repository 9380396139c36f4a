// Old facts take little room (DESIGN.md "Exchange": branches keep acknowledged facts, so that HQ can be rebuilt from them).
//
// They are packed, not thrown away: the chain stays provable from its first fact by `verify`, an old receipt can still be refunded and
// printed, and an HQ that was lost gets them all. A checkpoint in their place would need the projections as they were then, so that
// `verify` could go on from it, and those take more room than the packed facts.
#pragma once
#include <cstdint>
#include <functional>

#include "node/node.h"

namespace paprsek::node {

struct Retention {
    std::int64_t facts = 0;         ///< packed now
    std::int64_t through = 0;       ///< seq of the newest packed fact, now or earlier; 0: none
    std::int64_t bytes = 0;         ///< of their bodies, before …
    std::int64_t packed_bytes = 0;  ///< … and after
};

/// Packs the facts of more than `days` days ago (0–36,500) that HQ has acknowledged; a branch that stands alone has nobody to wait
/// for. Facts of the node itself (created, enrolled) and the newest one stay as they are. Transactions of some milliseconds each, so
/// that a till beside it sells on; cut short, what was packed is packed. The caller holds no transaction. `progress` gets facts done.
Retention pack_old_facts(Node& node, std::int64_t days, const std::function<void(std::int64_t)>& progress = {});

}  // namespace paprsek::node
