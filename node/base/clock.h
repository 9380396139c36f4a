// Time: instants from a clock that is passed in, and a branch's local time of day for the rules with weekdays and hours.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paprsek::node {

/// Milliseconds since 1970-01-01T00:00Z.
struct Instant {
    std::int64_t ms = 0;
    friend constexpr auto operator<=>(Instant, Instant) = default;
};

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() = 0;
};

/// The computer's clock; any thread.
Clock& system_clock();

/// A clock that stands where it is put: scripts replay history with it, tests control it.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant start = {}) : now_(start) {}
    Instant now() override { return now_; }
    void set(Instant instant) { now_ = instant; }

private:
    Instant now_;
};

enum class Weekday { mon, tue, wed, thu, fri, sat, sun };
inline constexpr std::array<std::string_view, 7> day_names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// A calendar day, counted from 1970-01-01.
struct Date {
    std::int32_t days = 0;
    friend constexpr auto operator<=>(Date, Date) = default;
};

Weekday weekday_of(Date date);

struct LocalTime {
    Date date;
    int minute = 0;  ///< minute of the day by the wall clock, 0–1439
};

/// A time zone of the tz database. Cheap to copy; any thread.
class TimeZone {
public:
    /// A name such as "Europe/Prague"; refuses an unknown one with Error.
    explicit TimeZone(std::string_view name);
    const std::string& name() const { return name_; }
    LocalTime local(Instant instant) const;
    /// "2026-03-02T10:15:00+01:00"
    std::string print(Instant instant) const;
    /// The first instant of a day (clock changes included).
    Instant start_of(Date date) const;

private:
    std::string name_;
    const void* zone_;
};

/// RFC 3339 with seconds and an offset or Z ("2026-03-02T10:15:00+01:00", fractions cut to ms), years 1970–2199.
std::optional<Instant> parse_instant(std::string_view text);
/// "2026-03-02"
std::optional<Date> parse_date(std::string_view text);
std::string print(Date date);
/// "2026-03-02T09:15:00Z"
std::string print_utc(Instant instant);

}  // namespace paprsek::node
