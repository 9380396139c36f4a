// Money, points, quantities and rates: integers of types of their own, so that one cannot be taken for another and no
// floating point comes near them. One parser and one printer serve all of them.
//
// Every value lies within ±`max_value` of its type. Arithmetic that would leave that range throws Overflow, which the
// till turns into a refusal; it never wraps and never saturates.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace paprsek::node {

__extension__ using Wide = __int128;

struct Overflow : std::overflow_error {
    Overflow() : std::overflow_error("amount out of range") {}
};

/// A decimal with a fixed number of digits after the point. `Tag` makes the types distinct.
template <class Tag, int Digits>
class Decimal {
public:
    static constexpr int digits = Digits;
    static constexpr std::int64_t max_value = 1'000'000'000'000'000;  // leaves room for sums of thousands in int64

    constexpr Decimal() = default;
    /// `raw` counts the smallest unit: 1290 is 12.90 of a type with two digits.
    static constexpr Decimal of(std::int64_t raw) {
        if (raw > max_value || raw < -max_value) throw Overflow();
        Decimal value;
        value.raw_ = raw;
        return value;
    }
    static constexpr Decimal of_wide(Wide raw) {
        if (raw > max_value || raw < -max_value) throw Overflow();
        return of(static_cast<std::int64_t>(raw));
    }
    constexpr std::int64_t raw() const { return raw_; }
    constexpr bool is_zero() const { return raw_ == 0; }

    friend constexpr Decimal operator+(Decimal a, Decimal b) { return of(a.raw_ + b.raw_); }
    friend constexpr Decimal operator-(Decimal a, Decimal b) { return of(a.raw_ - b.raw_); }
    constexpr Decimal operator-() const { return of(-raw_); }
    constexpr Decimal& operator+=(Decimal b) { return *this = *this + b; }
    constexpr Decimal& operator-=(Decimal b) { return *this = *this - b; }
    friend constexpr auto operator<=>(Decimal, Decimal) = default;

private:
    std::int64_t raw_ = 0;
};

using Money = Decimal<struct MoneyTag, 2>;        ///< minor units of the node's currency
using Points = Decimal<struct PointsTag, 2>;      ///< hundredths of a point
using Quantity = Decimal<struct QuantityTag, 3>;  ///< thousandths of a piece or kilogram
/// Percentages, factors and point values, exact to a millionth: 5 % is Rate 5, a point value of 0.05 is Rate 0.05.
using Rate = Decimal<struct RateTag, 6>;

/// Half away from zero. `divisor` > 0.
constexpr Wide divide_rounded(Wide value, Wide divisor) {
    const Wide size = value < 0 ? -value : value;
    const Wide quotient = size / divisor + ((size % divisor) * 2 >= divisor ? 1 : 0);
    return value < 0 ? -quotient : quotient;
}

namespace detail {
/// Raw value of `text` with at most `digits` decimals, or nothing when it is no plain decimal number ("-12.50").
std::optional<std::int64_t> parse_decimal(std::string_view text, int digits, std::int64_t max_value);
std::string print_decimal(std::int64_t raw, int digits, int min_decimals);
}  // namespace detail

/// Reads "12", "-0.5", "12.90". Nothing else: no blanks, exponent, sign "+", thousands separator or further decimals.
template <class D>
std::optional<D> parse(std::string_view text) {
    const auto raw = detail::parse_decimal(text, D::digits, D::max_value);
    if (!raw) return std::nullopt;
    return D::of(*raw);
}

/// Money and points with two decimals ("12.90"); quantities and rates with as many as they need ("2", "0.125").
inline std::string print(Money value) { return detail::print_decimal(value.raw(), 2, 2); }
inline std::string print(Points value) { return detail::print_decimal(value.raw(), 2, 2); }
inline std::string print(Quantity value) { return detail::print_decimal(value.raw(), 3, 0); }
inline std::string print(Rate value) { return detail::print_decimal(value.raw(), 6, 0); }

inline constexpr Quantity one_piece = Quantity::of(1000);
inline constexpr Rate one = Rate::of(1'000'000);
inline constexpr Rate hundred_percent = Rate::of(100'000'000);

/// price × quantity, rounded.
Money times(Money price, Quantity quantity);
/// A percentage of an amount, rounded.
Money percent_of(Money amount, Rate percent);
Points percent_of(Points amount, Rate percent);
/// round(value × part ÷ whole); `whole` > 0. The one formula by which refunds and settlements go back in parts.
std::int64_t proportion(std::int64_t value, std::int64_t part, std::int64_t whole);
/// ⌊points × point value⌋ to the minor unit; never below zero.
Money worth(Points points, Rate point_value);
/// amount ÷ point value, rounded up to a hundredth of a point; `point_value` > 0.
Points points_for(Money amount, Rate point_value);
/// The tax inside `gross`: round(gross × rate ÷ (100 + rate)).
Money tax_within(Money gross, Rate rate);
/// `amount` rounded to a multiple of `step`, half away from zero; a step of zero leaves it alone.
Money rounded_to(Money amount, Money step);

}  // namespace paprsek::node
