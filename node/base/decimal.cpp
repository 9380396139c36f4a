#include "node/base/decimal.h"

#include <cassert>

namespace paprsek::node {
namespace detail {

std::optional<std::int64_t> parse_decimal(std::string_view text, int digits, std::int64_t max_value) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view part = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || (point != std::string_view::npos && part.empty())) return std::nullopt;
    if (part.size() > static_cast<std::size_t>(digits)) return std::nullopt;
    std::int64_t value = 0;
    const auto take = [&](char c) {
        if (c < '0' || c > '9' || value > max_value) return false;
        value = value * 10 + (c - '0');
        return true;
    };
    for (const char c : whole)
        if (!take(c)) return std::nullopt;
    for (const char c : part)
        if (!take(c)) return std::nullopt;
    for (auto i = part.size(); i < static_cast<std::size_t>(digits); ++i)
        if (!take('0')) return std::nullopt;
    if (value > max_value) return std::nullopt;
    return negative ? -value : value;
}

std::string print_decimal(std::int64_t raw, int digits, int min_decimals) {
    std::string text = std::to_string(raw < 0 ? -raw : raw);
    const auto decimals = static_cast<std::size_t>(digits);
    if (text.size() <= decimals) text.insert(0, decimals + 1 - text.size(), '0');
    const std::size_t point = text.size() - decimals;
    std::size_t keep = decimals;
    while (keep > static_cast<std::size_t>(min_decimals) && text[point + keep - 1] == '0') --keep;
    text.resize(point + keep);
    if (keep > 0) text.insert(point, 1, '.');
    return raw < 0 ? "-" + text : text;
}

}  // namespace detail

Money times(Money price, Quantity quantity) {
    return Money::of_wide(divide_rounded(Wide{price.raw()} * quantity.raw(), 1000));
}

Money percent_of(Money amount, Rate percent) {
    return Money::of_wide(divide_rounded(Wide{amount.raw()} * percent.raw(), 100'000'000));
}

Points percent_of(Points amount, Rate percent) {
    return Points::of_wide(divide_rounded(Wide{amount.raw()} * percent.raw(), 100'000'000));
}

std::int64_t proportion(std::int64_t value, std::int64_t part, std::int64_t whole) {
    assert(whole > 0);
    return Money::of_wide(divide_rounded(Wide{value} * part, whole)).raw();
}

Money worth(Points points, Rate point_value) {
    if (points <= Points{}) return Money{};
    return Money::of_wide(Wide{points.raw()} * point_value.raw() / 1'000'000);
}

Points points_for(Money amount, Rate point_value) {
    assert(point_value > Rate{});
    const Wide numerator = Wide{amount.raw()} * 1'000'000;
    return Points::of_wide((numerator + point_value.raw() - 1) / point_value.raw());
}

Money tax_within(Money gross, Rate rate) {
    return Money::of_wide(divide_rounded(Wide{gross.raw()} * rate.raw(), Wide{hundred_percent.raw()} + rate.raw()));
}

Money rounded_to(Money amount, Money step) {
    if (step.is_zero()) return amount;
    return Money::of_wide(divide_rounded(amount.raw(), step.raw()) * step.raw());
}

}  // namespace paprsek::node
