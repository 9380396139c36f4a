#include "ui/kit/locale.h"

#include <initializer_list>

namespace paprsek::ui {

const char* tr(const char* english) { return english; }

std::string format_scaled(std::int64_t value, int decimals, const NumberStyle& style) {
    // The magnitude as unsigned: the least int64 has no positive counterpart.
    const bool negative = value < 0;
    const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::string digits = std::to_string(magnitude);
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    const std::size_t whole = digits.size() - places;
    std::string out = negative ? "\u2212" : "";
    for (std::size_t i = 0; i < whole; ++i) {
        if (i > 0 && (whole - i) % 3 == 0) out += style.group;
        out += digits[i];
    }
    if (places > 0) out += style.decimal + digits.substr(whole);
    return out;
}

std::string format_trimmed(std::int64_t value, int decimals, const NumberStyle& style) {
    while (decimals > 0 && value % 10 == 0) {
        value /= 10;
        --decimals;
    }
    return format_scaled(value, decimals, style);
}

std::string format_age(std::int64_t seconds) {
    if (seconds < 60) return tr("just now");
    if (seconds < 3600) return fill_in(tr("{} min"), {std::to_string(seconds / 60)});
    if (seconds < 2 * 86400) return fill_in(tr("{} h"), {std::to_string(seconds / 3600)});
    return fill_in(tr("{} days"), {std::to_string(seconds / 86400)});
}

std::string fill_in(std::string_view pattern, std::initializer_list<std::string_view> arguments) {
    std::string out;
    auto argument = arguments.begin();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern.substr(i, 2) == "{}" && argument != arguments.end()) {
            out += *argument++;
            ++i;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

}  // namespace paprsek::ui
