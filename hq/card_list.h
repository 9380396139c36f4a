// Lists of a programme's cards (PRODUCT.md C3, C4): who holds one gets the programme's discount, at every branch, offline. Beside the
// ranges that the policy names. Any number of foreign cards may belong to one customer.
#pragma once
#include <string>
#include <vector>

#include "hq/store.h"
#include "node/base/random.h"
#include "node/imports.h"

namespace paprsek::hq {

struct CardListOptions {
    std::string programme;
    bool preview = false;  ///< says what would happen and changes nothing
    bool replace = false;  ///< cards that the file does not name are taken off the programme's list
};

struct CardListReport {
    std::int64_t rows = 0;       ///< cards in the file, wrong rows apart
    std::int64_t added = 0, unchanged = 0, removed = 0;  ///< cards on the programme's list
    std::int64_t linked = 0;     ///< cards that became a customer's
    std::vector<node::RowFault> faults;  ///< in the file's order, at most 1000; one is enough that nothing is taken over
    std::int64_t more_faults = 0;
};

/// Takes over the whole file or, where a row is wrong or for a preview, nothing. The same file again changes nothing. Durable on
/// return; branches hear of it with their next exchange. Throws Error (refused) where the policy names no such programme.
CardListReport import_card_list(Store& store, const node::CsvTable& table, const CardListOptions& options, const std::vector<std::string>& programmes,
                                node::Instant now, node::Random& random);

}  // namespace paprsek::hq
