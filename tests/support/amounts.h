// Amounts and instants from text, for tests.
#pragma once
#include <stdexcept>
#include <string>

#include "node/base/clock.h"
#include "node/base/decimal.h"

namespace paprsek::test {

/// Monday 2026-03-02, 10:15 in Prague.
inline constexpr const char* monday_morning = "2026-03-02T10:15:00+01:00";

inline node::Instant instant(const std::string& text) {
    const auto at = node::parse_instant(text);
    if (!at) throw std::invalid_argument(text);
    return *at;
}

template <class D>
D amount(const std::string& text) {
    const auto value = node::parse<D>(text);
    if (!value) throw std::invalid_argument(text);
    return *value;
}
inline node::Money money(const std::string& text) { return amount<node::Money>(text); }
inline node::Points points(const std::string& text) { return amount<node::Points>(text); }
inline node::Quantity quantity(const std::string& text) { return amount<node::Quantity>(text); }
inline node::Rate rate(const std::string& text) { return amount<node::Rate>(text); }

}  // namespace paprsek::test
