#include "node/base/clock.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "node/base/error.h"

namespace paprsek::node {
namespace {

using std::chrono::milliseconds;

class SystemClock final : public Clock {
public:
    Instant now() override {
        const auto since = std::chrono::system_clock::now().time_since_epoch();
        return {std::chrono::duration_cast<milliseconds>(since).count()};
    }
};

date::sys_time<milliseconds> sys(Instant instant) { return date::sys_time<milliseconds>(milliseconds(instant.ms)); }

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
    if (from + count > text.size()) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace

Clock& system_clock() {
    static SystemClock clock;
    return clock;
}

Weekday weekday_of(Date date) {
    // 1970-01-01 was a Thursday.
    return static_cast<Weekday>(((date.days % 7) + 7 + 3) % 7);
}

TimeZone::TimeZone(std::string_view name) : name_(name), zone_(nullptr) {
    try {
        zone_ = date::locate_zone(name_);
    } catch (const std::exception&) {
        refuse("time zone " + name_, "is not in the time zone database", "use a name such as Europe/Prague");
    }
}

namespace {

/// Minutes east of Greenwich. A look-up in the database copies texts, and a till asks for the same half year all day, so
/// each thread remembers the last stretch between two clock changes.
std::int64_t offset_minutes(const void* zone, Instant instant) {
    struct Stretch {
        const void* zone = nullptr;
        std::int64_t begin_ms = 0, end_ms = 0, minutes = 0;
    };
    thread_local Stretch last;
    if (last.zone != zone || instant.ms < last.begin_ms || instant.ms >= last.end_ms) {
        const auto info = static_cast<const date::time_zone*>(zone)->get_info(sys(instant));
        const auto ms = [](date::sys_seconds time) {
            constexpr std::int64_t bound = INT64_MAX / 1000;
            return std::clamp<std::int64_t>(time.time_since_epoch().count(), -bound, bound) * 1000;
        };
        last = {zone, ms(info.begin), ms(info.end), std::chrono::duration_cast<std::chrono::minutes>(info.offset).count()};
    }
    return last.minutes;
}

constexpr std::int64_t day_ms = 86'400'000;

}  // namespace

LocalTime TimeZone::local(Instant instant) const {
    const std::int64_t wall = instant.ms + offset_minutes(zone_, instant) * 60'000;
    const std::int64_t day = wall / day_ms - (wall % day_ms < 0 ? 1 : 0);
    return {Date{static_cast<std::int32_t>(day)}, static_cast<int>((wall - day * day_ms) / 60'000)};
}

std::string TimeZone::print(Instant instant) const {
    const std::int64_t offset = offset_minutes(zone_, instant);
    const std::string utc = print_utc(Instant{instant.ms + offset * 60'000});
    const auto size = offset < 0 ? -offset : offset;
    return fmt::format("{}{}{:02}:{:02}", utc.substr(0, 19), offset < 0 ? '-' : '+', size / 60, size % 60);
}

Instant TimeZone::start_of(Date date) const {
    const date::local_days day{date::days(date.days)};
    const auto start = static_cast<const date::time_zone*>(zone_)->to_sys(day, date::choose::earliest);
    return {std::chrono::duration_cast<milliseconds>(start.time_since_epoch()).count()};
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (!year || !month || !day || *year < 1) return std::nullopt;
    const date::year_month_day date{date::year(*year), date::month(static_cast<unsigned>(*month)), date::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Date{static_cast<std::int32_t>(date::sys_days(date).time_since_epoch().count())};
}

std::optional<Instant> parse_instant(std::string_view text) {
    // A day may stand for "always"; at an instant something happened.
    constexpr Date earliest{0}, latest{84'005};  // 1970-01-01 to 2199-12-31
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto date = parse_date(text.substr(0, 10));
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (!date || *date < earliest || *date > latest || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    std::size_t at = 19;
    std::int64_t ms = 0;
    if (text[at] == '.') {
        std::int64_t scale = 100;
        const std::size_t first = ++at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) ms += (text[at] - '0') * scale;
        if (at == first) return std::nullopt;
    }
    std::int64_t offset = 0;
    const std::string_view zone = text.substr(at);
    if (zone != "Z" && zone != "z") {
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
        const auto hours = digits(zone, 1, 2), minutes = digits(zone, 4, 2);
        if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
        offset = (*hours * 60 + *minutes) * (zone[0] == '-' ? -1 : 1);
    }
    const std::int64_t seconds = std::int64_t{date->days} * 86'400 + *hour * 3600 + *minute * 60 + *second - offset * 60;
    if (seconds < 0) return std::nullopt;
    return Instant{seconds * 1000 + ms};
}

std::string print(Date date) {
    const date::year_month_day day{date::sys_days(date::days(date.days))};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string print_utc(Instant instant) {
    const std::int64_t seconds = instant.ms / 1000 - (instant.ms % 1000 < 0 ? 1 : 0);
    const std::int64_t days = seconds / 86'400 - (seconds % 86'400 < 0 ? 1 : 0);
    const std::int64_t in_day = seconds - days * 86'400;
    return fmt::format("{}T{:02}:{:02}:{:02}Z", print(Date{static_cast<std::int32_t>(days)}), in_day / 3600, in_day / 60 % 60, in_day % 60);
}

}  // namespace paprsek::node
