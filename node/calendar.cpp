#include "node/calendar.h"

#include <fmt/format.h>

#include <set>

namespace paprsek::node {
namespace {

constexpr Date some_monday{20'514};  // 2026-03-02; a week of wall-clock times, in which no clock changes

CalendarEntry entry_at(const Policy& policy, int day, int minute) {
    const LocalTime time{{some_monday.days + day}, minute};
    CalendarEntry entry;
    entry.day = static_cast<Weekday>(day);
    entry.from = minute;
    entry.mode = policy.mode_on(entry.day);
    std::optional<Rate> factor;
    for (const Multiplier& multiplier : policy.multipliers)
        if (multiplier.window.contains(time) && (!factor || multiplier.factor > *factor)) factor = multiplier.factor;
    entry.multiplier = entry.mode == Mode::points ? factor.value_or(Rate::of(1'000'000)) : Rate::of(1'000'000);
    for (const TimeDiscount& discount : policy.time_discounts)
        if (discount.window.contains(time)) entry.discount = std::max(entry.discount, discount.discount);
    return entry;
}

bool same(const CalendarEntry& a, const CalendarEntry& b) {
    return a.day == b.day && a.mode == b.mode && a.multiplier == b.multiplier && a.discount == b.discount;
}

std::string clock(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

}  // namespace

std::vector<CalendarEntry> week_of(const Policy& policy) {
    std::set<int> turns = {0};
    const auto note = [&](const TimeWindow& window) {
        for (const int minute : {window.from, window.to})
            if (minute < 1440) turns.insert(minute);
    };
    for (const Multiplier& multiplier : policy.multipliers) note(multiplier.window);
    for (const TimeDiscount& discount : policy.time_discounts) note(discount.window);
    std::vector<CalendarEntry> week;
    for (int day = 0; day < 7; ++day)
        for (const int minute : turns) {
            const CalendarEntry entry = entry_at(policy, day, minute);
            if (!week.empty() && same(week.back(), entry)) continue;
            if (!week.empty() && week.back().day == entry.day) week.back().to = minute;
            week.push_back(entry);
        }
    return week;
}

Json calendar_json(const Policy& policy) {
    Json list = Json::array();
    for (const CalendarEntry& entry : week_of(policy))
        list.push_back({{"day", day_names[static_cast<std::size_t>(entry.day)]},
                        {"from", clock(entry.from)},
                        {"to", clock(entry.to)},
                        {"mode", entry.mode == Mode::points ? "points" : "cumulative"},
                        {"multiplier", print(entry.multiplier)},
                        {"discount", print(entry.discount)}});
    return list;
}

}  // namespace paprsek::node
