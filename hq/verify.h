// Proof that HQ's numbers follow from the facts: every chain recomputed, every projection rebuilt and compared.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "hq/store.h"

namespace paprsek::hq {

struct Verification {
    std::int64_t facts = 0, nodes = 0;
    std::vector<std::string> faults;  ///< empty = all is well; each names the place; at most 20
    bool ok() const { return faults.empty(); }
};

/// Reads `store` in one snapshot and rebuilds into `scratch`, an empty store. `progress` gets the facts done so far.
Verification verify(Store& store, Store& scratch, const std::function<void(std::int64_t)>& progress = {});

}  // namespace paprsek::hq
