#include "ui/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace paprsek::ui {
namespace {

std::string sign_of(std::string_view currency) {
    if (currency == "CZK") return "Kč";
    if (currency == "RON") return "lei";
    if (currency == "EUR") return "€";
    return std::string(currency);
}

struct Calendar {
    int year, month, day;
};

/// Days since 1970-01-01 as a Gregorian date (Howard Hinnant, "chrono-compatible low-level date algorithms").
Calendar calendar(node::Date date) {
    const int z = date.days + 719468;
    const int era = (z >= 0 ? z : z - 146096) / 146097;
    const int of_era = z - era * 146097;
    const int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted_month = (5 * day_of_year + 2) / 153;
    const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The number of the month that the letters at `at` name, and how many letters there are.
std::pair<int, std::size_t> month_at(std::string_view text, std::size_t at) {
    std::size_t length = 0;
    while (at + length < text.size() && ((text[at + length] | 0x20) >= 'a' && (text[at + length] | 0x20) <= 'z')) ++length;
    for (std::size_t i = 0; i < std::size(months); ++i) {
        const auto like = [&](std::size_t c) { return (text[at + c] | 0x20) == (months[i][c] | 0x20); };
        if (length >= 3 && like(0) && like(1) && like(2)) return {static_cast<int>(i) + 1, length};
    }
    return {0, std::max<std::size_t>(length, 1)};
}

}  // namespace

Words::Words(std::string_view currency, std::string_view locale, node::TimeZone zone)
    : style_(number_style(locale)), date_style_(date_style_of(locale)), sign_(sign_of(currency)), zone_(std::move(zone)) {}

Words::DateStyle Words::date_style_of(std::string_view locale) {
    if (locale.starts_with("en")) return DateStyle::named;
    return locale.starts_with("ro") ? DateStyle::padded : DateStyle::spaced;
}

std::string Words::bare_money(node::Money amount) const { return format_scaled(amount.raw(), node::Money::digits, style_); }
std::string Words::whole_money(node::Money amount) const {
    const bool whole = amount.raw() % 100 == 0;
    return format_scaled(whole ? amount.raw() / 100 : amount.raw(), whole ? 0 : node::Money::digits, style_) + "\u00A0" + sign_;
}
std::string Words::money(node::Money amount) const { return bare_money(amount) + "\u00A0" + sign_; }
std::string Words::points(node::Points points) const {
    const bool whole = points.raw() % 100 == 0;
    return format_scaled(whole ? points.raw() / 100 : points.raw(), whole ? 0 : node::Points::digits, style_);
}
std::string Words::points_column(node::Points points) const { return format_scaled(points.raw(), node::Points::digits, style_); }
std::string Words::quantity(node::Quantity quantity) const { return format_trimmed(quantity.raw(), node::Quantity::digits, style_); }
std::string Words::percent(node::Rate percent) const { return format_trimmed(percent.raw(), node::Rate::digits, style_) + "\u00A0%"; }
std::string Words::count(std::int64_t count) const { return format_scaled(count, 0, style_); }

std::string Words::date(node::Instant instant) const { return date(zone_.local(instant).date); }

std::string Words::date(node::Date date) const {
    const Calendar day = calendar(date);
    switch (date_style_) {
        case DateStyle::padded: return fmt::format("{:02}.{:02}.{}", day.day, day.month, day.year);
        case DateStyle::named: return fmt::format("{} {} {}", day.day, months[static_cast<std::size_t>(day.month) - 1], day.year);
        case DateStyle::spaced: break;
    }
    return fmt::format("{}. {}. {}", day.day, day.month, day.year);
}

std::optional<node::Date> Words::parse_day(std::string_view text) {
    if (const auto date = node::parse_date(text)) return date;
    std::array<int, 3> parts{};  // day, month, year
    std::size_t part = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (is_digit(text[i])) {
            if (part >= parts.size()) return std::nullopt;
            for (; i < text.size() && is_digit(text[i]); ++i) {
                if (parts[part] > 999) return std::nullopt;
                parts[part] = parts[part] * 10 + (text[i] - '0');
            }
            ++part;
        } else {
            const auto [month, length] = month_at(text, i);
            if (month > 0 && part == 1) parts[part++] = month;
            i += length;
        }
    }
    return node::parse_date(fmt::format("{:04}-{:02}-{:02}", parts[2], parts[1], parts[0]));
}

std::string Words::time(node::Instant instant) const {
    const int minute = zone_.local(instant).minute;
    return date_style_ == DateStyle::padded ? fmt::format("{:02}:{:02}", minute / 60, minute % 60) : fmt::format("{}:{:02}", minute / 60, minute % 60);
}

std::string Words::date_time(node::Instant instant) const { return date(instant) + " " + time(instant); }

std::string Words::with_separator(std::string printed) const {
    const std::size_t point = printed.find('.');
    if (point != std::string::npos) printed.replace(point, 1, style_.decimal);
    return printed;
}

// "12,5" is 12.5, ",5" is 0.5 and "12," is 12.
std::string Words::plain(std::string_view typed) {
    std::string text(typed);
    std::replace(text.begin(), text.end(), ',', '.');
    if (text.starts_with('.')) text.insert(0, "0");
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string tender_label(const std::string& name) {
    if (name == "cash") return tr("Cash");
    if (name == "card") return tr("Card");
    if (name == "account") return tr("Charged to account");
    if (name == "voucher") return tr("Voucher");
    std::string shown = name;
    std::replace(shown.begin(), shown.end(), '_', ' ');
    if (!shown.empty() && shown[0] >= 'a' && shown[0] <= 'z') shown[0] = static_cast<char>(shown[0] - 'a' + 'A');
    return shown;
}

}  // namespace paprsek::ui
