// What the parts of the till session share: bounds of what a cashier may enter, and how they say no.
#pragma once
#include <cstddef>
#include <string>

#include "node/till.h"

namespace paprsek::node {

inline constexpr std::size_t max_receipt_lines = 1000;
inline constexpr Quantity max_entered_quantity = Quantity::of(1'000'000'000);
inline constexpr Money max_entered_amount = Money::of(10'000'000'000);
inline constexpr std::size_t max_reason_bytes = 500;
inline constexpr std::size_t max_payments = 20;  ///< taken one by one

Outcome refused(Refusal refusal, std::string message);
Outcome out_of_range();
Outcome no_such_line();
Outcome parked_elsewhere();
Outcome check_quantity(Quantity quantity);
Outcome check_price(Money price);
/// `act` begins the sentence: "Cash in or out needs a reason."
Outcome check_reason(std::string_view reason, std::string_view act);
/// A reason that may be left out.
Outcome check_note(std::string_view reason);

}  // namespace paprsek::node
