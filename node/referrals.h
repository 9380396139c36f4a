// Who brought whom (PRODUCT L15), and what came of it at this node. Queries only.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/base/decimal.h"
#include "node/customers.h"

namespace paprsek::node {

/// What ties one customer to others.
struct ReferralTies {
    std::string referrer;     ///< who brought the customer: name, else number or card; empty = nobody
    std::int64_t brought = 0; ///< how many the customer has brought
    bool empty() const { return referrer.empty() && brought == 0; }
};
ReferralTies referral_ties(Database& database, const CustomerRecord& customer);

struct ReferralRow {
    CustomerRecord referrer, customer;
    Points points;  ///< that sales of the one brought the other here
    Money spend;
};
/// By referrer, then number; of one customer (by id, as referrer or as the one who was brought), or of all when empty. At most `most`.
std::vector<ReferralRow> referral_rows(Database& database, std::string_view of, int most);

}  // namespace paprsek::node
