// The drawer at the till: shifts, counting, the day's closing (T11).
#include <fmt/format.h>

#include <algorithm>

#include "node/base/error.h"
#include "node/balances.h"
#include "node/cashbook.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

constexpr std::int64_t max_pieces = 1'000'000;

Outcome add_pieces(const Pieces& pieces, std::string_view currency, Money& sum) {
    const auto known = denominations(currency);
    for (const auto& [value, number] : pieces) {
        if (value <= Money{} || value > max_entered_amount || (!known.empty() && std::find(known.begin(), known.end(), value) == known.end()))
            return refused(Refusal::bad_denomination, fmt::format("There is no note or coin of {} {}.", print(value), currency));
        if (number < 0 || number > max_pieces)
            return refused(Refusal::bad_denomination, fmt::format("{} notes or coins of {} cannot lie in a drawer.", number, print(value)));
        sum = Money::of_wide(Wide{value.raw()} * number + sum.raw());
    }
    return {};
}

Outcome still_open(const Shift& shift) {
    return refused(Refusal::shift_open, shift.cashier.empty() ? fmt::format("Shift {} is open: close it first.", shift.number)
                                                              : fmt::format("Shift {} of {} is open: close it first.", shift.number, shift.cashier));
}

}  // namespace

/// What was counted, against what should be there. A difference above the policy's limit takes a permission.
Outcome Till::check_count(const CashCount& given, Money expected, Count& count) {
    Money sum;
    if (auto outcome = add_pieces(given.pieces, node_.info().currency, sum); !outcome.ok()) return outcome;
    if (given.counted && (*given.counted < Money{} || *given.counted > max_entered_amount))
        return refused(Refusal::bad_amount, "What was counted cannot be below zero.");
    if (given.counted && !given.pieces.empty() && *given.counted != sum)
        return refused(Refusal::count_mismatch, fmt::format("The notes and coins come to {}, not to {}.", print(sum), print(*given.counted)));
    count.expected = expected;
    count.counted = given.counted ? *given.counted : given.pieces.empty() ? expected : sum;
    count.pieces = given.pieces;
    count.cashier = cashier_;
    const Money difference = count.counted - expected;
    const auto limit = node_.policy().difference_limit;
    if (!limit || (difference <= *limit && difference >= -*limit)) return {};
    Outcome outcome = permitted(Permission::approve_difference, count.approvals);
    if (outcome.refusal == Refusal::not_permitted)
        outcome.message = fmt::format("{} was counted where {} should be: a difference above {} has to be approved by a second person ({}).",
                                      print(count.counted), print(expected), print(*limit), print(Permission::approve_difference));
    return outcome;
}

Outcome Till::check_shift() {
    if (!node_.policy().demand_shift || node::open_shift(node_.database())) return {};
    return refused(Refusal::shift_not_open, "No shift is open: open one first, with a count of the drawer.");
}

Outcome Till::open_shift(const CashCount& given, ShiftOpened& opened) try {
    Transaction transaction(node_.database());
    Count count;
    if (auto outcome = permitted(Permission::manage_shift, count.approvals); !outcome.ok()) return outcome;
    if (const auto shift = node::open_shift(node_.database())) return still_open(*shift);
    if (auto outcome = check_count(given, drawer(node_.database()), count); !outcome.ok()) return outcome;
    opened.at = node_.clock().now();
    opened.number = next_shift_number(node_.database());
    count.clock_back_ms = node_.ledger().clock_back_ms(opened.at);
    opened.seq = node_.ledger().append(kind::shift_opened, body_of(opened.number, count), opened.at);
    transaction.commit();
    use_up(count.approvals);
    opened.count = std::move(count);
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

Outcome Till::book_closing(std::string_view what, const Closing& closing, const CashCount& given, Count count, Closed& closed) {
    if (auto outcome = check_count(given, closing.expected, count); !outcome.ok()) return outcome;
    closed.at = node_.clock().now();
    count.clock_back_ms = node_.ledger().clock_back_ms(closed.at);
    closed.body = body_of(closing, count);
    closed.seq = node_.ledger().append(what, closed.body, closed.at);
    closed.approvals = count.approvals;
    return {};
}

Outcome Till::close_shift(const CashCount& given, Closed& closed) try {
    Transaction transaction(node_.database());
    Count count;
    if (auto outcome = permitted(Permission::manage_shift, count.approvals); !outcome.ok()) return outcome;
    const auto shift = node::open_shift(node_.database());
    if (!shift) return refused(Refusal::shift_not_open, "No shift is open.");
    const Closing closing = closing_of(node_.database(), node_.info().node, *shift);
    if (auto outcome = book_closing(kind::shift_closed, closing, given, std::move(count), closed); !outcome.ok()) return outcome;
    transaction.commit();
    use_up(closed.approvals);
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

Outcome Till::close_day(const CashCount& given, Closed& closed) try {
    Transaction transaction(node_.database());
    Count count;
    if (auto outcome = permitted(Permission::close_day, count.approvals); !outcome.ok()) return outcome;
    if (const auto shift = node::open_shift(node_.database())) return still_open(*shift);
    const Closing closing = open_day(node_.database(), node_.info().node);
    if (auto outcome = book_closing(kind::day_closed, closing, given, std::move(count), closed); !outcome.ok()) return outcome;
    transaction.commit();
    use_up(closed.approvals);
    // The day is closed and durable. Points of those who do not come any more expire in transactions of their own, and are due again
    // at the next closing, should the disk not answer now.
    try {
        expire_points(node_);
    } catch (const Error&) {
    }
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

}  // namespace paprsek::node
