// Incoming sales, computed again by the same rules (node/pricing.h): with the policy that the sale names, the catalogue as it stood in
// the state of HQ's under which the branch sold, and the customer's terms as the till knew them. A difference is an exception, with what
// HQ comes to beside what the till booked.
//
// Right sales are never named: a branch that takes a reply over holds some rows of a later state already, so a line is right when any
// product, group and price list from its state on gives it. Nothing is said of sales without a state (a branch that stands alone, an
// older program), of states that HQ was restored from, and of lines of which HQ does not know the product.
//
// Not within the merge: afterwards, a bounded number of facts at a time, in transactions of their own.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hq/store.h"
#include "node/pricing.h"

namespace paprsek::hq {

/// One figure of a sale that is not what the rules come to.
struct Difference {
    std::size_t line = 0;   ///< from 1; 0 = of the receipt
    std::string_view rule;  ///< price, vat, excluded, discount, points; redemption, points_taken, rounding, change, rates, referral
    std::string till, hq;
};
struct Recomputed {
    std::vector<Difference> differences;
    node::Points points;           ///< what the customer lacks (below zero: has too much) …
    node::Money spend;
    node::Referral referrer;       ///< … and the referrer, where the sale names one
};

enum class Breadth { likely, all };
/// The products that a line may have been, as they stood at the branch: the likely one, or all. `price` is the branch's on that day.
using ProductsOfLine = std::function<std::vector<node::Product>(std::size_t line, Breadth breadth)>;
/// Pure. Lines without a product at hand are left as they are.
Recomputed recompute(const node::ReceiptFact& sale, node::Instant at, const node::Policy& policy, const node::TimeZone& zone,
                     const ProductsOfLine& products);

/// Of a node more exceptions than this are not raised: its other sales wait until somebody has answered some.
inline constexpr std::int64_t max_open_mismatches = 100;

struct RecomputeOptions {
    std::string currency;
    std::string time_zone;    ///< of a node that does not say its own
    std::int64_t hq_epoch = 1;
    std::int64_t most = 1000; ///< facts to look at
    std::optional<std::int64_t> node = {};  ///< NodeRecord::id; none: all
};
struct RecomputeProgress {
    std::int64_t facts = 0, sales = 0;  ///< looked at; computed again
    bool left = false;                  ///< there are more, and nothing but time is missing
    std::vector<Exception> exceptions;
};
/// Goes on where it stopped; durable on return.
RecomputeProgress recompute_sales(Store& store, const RecomputeOptions& options, node::Instant now);
/// Facts that have not been looked at.
std::int64_t facts_not_recomputed(Store& store);

}  // namespace paprsek::hq
