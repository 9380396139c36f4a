// The periods that reports offer, at the till and at headquarters.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "node/base/clock.h"

namespace paprsek::ui {

enum class Period { today, yesterday, week, month, year, free };

/// The next or the one before, round and round.
constexpr Period beside(Period period, int by) {
    constexpr int count = static_cast<int>(Period::free) + 1;
    return static_cast<Period>((static_cast<int>(period) + by + count) % count);
}
/// In the window's language, in the order of Period.
std::vector<std::string> period_labels();
/// First and last day, today the last but of `yesterday`; of `free`, which asks for the days, today alone. Weeks begin on Monday.
std::pair<node::Date, node::Date> days_of(Period period, node::Date today);

}  // namespace paprsek::ui
