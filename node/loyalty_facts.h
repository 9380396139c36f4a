// Facts about customers beside those of node/facts.h: balances that are set to nothing and back, points that expired, and persons
// who are forgotten. What each body holds stands in schema/facts/KIND.json.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "node/facts.h"

namespace paprsek::node {

/// balances.reset, balances.restored, points.expired: many customers' balances move by one fact; one shape, the kind tells which
/// fields are used. A reset and its undoing may take several facts; all name the same `batch`.
struct BalancesFact {
    struct Entry {
        std::string customer;
        Points points;           ///< as it moves the balance
        Money spend;
        friend bool operator==(const Entry&, const Entry&) = default;
    };
    std::string batch;           ///< reset: its name, node and seq of its first fact ("3.1/57"); restored: of the reset that it undoes
    std::string through;         ///< expired: points earned up to this day, local to who booked it ("2026-03-31")
    std::string cashier;
    std::vector<Entry> entries;  ///< at most max_balance_entries, each customer once
    std::vector<Approval> approvals;
    std::int64_t clock_back_ms = 0;
};
inline constexpr std::size_t max_balance_entries = 5000;
bool is_balances_kind(std::string_view kind);

/// Nobody knows any more who the customer is: texts are deleted everywhere, balances stay.
struct ErasureFact {
    std::string customer;
    std::string cashier;
    std::vector<Approval> approvals;
    std::int64_t clock_back_ms = 0;
};

std::string body_of(const BalancesFact& fact);
std::string body_of(const ErasureFact& fact);
/// Throw Error (refused) on a body that does not have the form.
BalancesFact parse_balances(std::string_view kind, std::string_view body);
ErasureFact parse_erasure(std::string_view body);

/// Movements of kind reset, restored or expiry.
std::vector<Movement> movements_of(std::string_view kind, const BalancesFact& fact);

}  // namespace paprsek::node
