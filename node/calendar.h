// The week as the policy sees it (PRODUCT L17): which multipliers and time discounts act when.
#pragma once
#include <vector>

#include "node/base/json.h"
#include "node/policy.h"

namespace paprsek::node {

/// One run of a day in which the same holds.
struct CalendarEntry {
    Weekday day;
    int from = 0, to = 1440;  ///< minutes by the wall clock, [from, to)
    Mode mode = Mode::points;
    Rate multiplier;          ///< of points; 1 where none acts, also in cumulative mode, which gives no points
    Rate discount;            ///< percent on top of any other
};
/// Monday to Sunday, each whole day in runs without overlap: as rules 3 and 4 take the highest of what matches.
std::vector<CalendarEntry> week_of(const Policy& policy);
/// [{day, from, to, mode, multiplier, discount}], times as "08:00", the day's end as "24:00".
Json calendar_json(const Policy& policy);

}  // namespace paprsek::node
