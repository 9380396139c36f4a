// Parameters of replies: numbers, amounts, rates, dates.
#pragma once
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/clock.h"
#include "node/base/decimal.h"
#include "node/base/text.h"

namespace paprsek::fiscal::datecs {

inline std::vector<std::string> split_at(std::string_view text, char separator) {
    std::vector<std::string> fields;
    for (std::size_t at = 0;;) {
        const auto next = text.find(separator, at);
        fields.emplace_back(text.substr(at, next == std::string_view::npos ? next : next - at));
        if (next == std::string_view::npos) return fields;
        at = next + 1;
    }
}

inline std::optional<std::int64_t> parse_number(std::string_view text) {
    text = node::trim(text);
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "19.00"; 100 and above is how a letter that may not be used is marked.
inline std::optional<node::Rate> parse_rate(std::string_view text) {
    const auto rate = node::parse<node::Rate>(node::trim(text));
    return rate && *rate >= node::Rate{} && *rate < node::hundred_percent ? rate : std::nullopt;
}

/// "DD-MM-YY HH:MM[:SS]" as seconds since 1970-01-01T00:00 by the same clock.
inline std::optional<std::int64_t> parse_wall_clock(std::string_view text) {
    const std::string padded = std::string(node::trim(text)).substr(0, 17);
    int day = 0, month = 0, year = 0, hour = 0, minute = 0, second = 0;
    if (std::sscanf(padded.c_str(), "%2d-%2d-%2d %2d:%2d:%2d", &day, &month, &year, &hour, &minute, &second) < 5) return std::nullopt;
    char date[16];
    std::snprintf(date, sizeof date, "20%02d-%02d-%02d", year % 100, month % 100, day % 100);
    const auto parsed = node::parse_date(date);
    if (!parsed || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
    return std::int64_t{parsed->days} * 86'400 + hour * 3'600 + minute * 60 + second;
}

inline std::string print_wall_clock(std::int64_t seconds) {
    const std::string utc = node::print_utc(node::Instant{seconds * 1000});  // 2026-03-02T09:15:00Z
    return utc.substr(8, 2) + "-" + utc.substr(5, 2) + "-" + utc.substr(2, 2) + " " + utc.substr(11, 8);
}

}  // namespace paprsek::fiscal::datecs
