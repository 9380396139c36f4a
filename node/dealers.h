// Which goods have a discount for a dealer category (PRODUCT L12), for the overview. Queries only.
#pragma once
#include <string>
#include <vector>

#include "node/base/database.h"
#include "node/base/decimal.h"

namespace paprsek::node {

struct DealerRow {
    std::string dealer, product, name;  ///< `product`: its code
    Money price;
    Rate percent;
};
/// By category, then name; at most `most` products are looked at.
std::vector<DealerRow> dealer_rows(Database& database, int most);

}  // namespace paprsek::node
