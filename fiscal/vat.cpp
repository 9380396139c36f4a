#include "fiscal/vat.h"

#include <fmt/format.h>

namespace paprsek::fiscal {

std::optional<int> letter_of(const DeviceRates& rates, node::Rate rate) {
    for (std::size_t i = 0; i < rates.size(); ++i)
        if (rates[i] == rate) return static_cast<int>(i);
    return std::nullopt;
}

std::optional<std::string> missing_rate(const DeviceRates& rates, const std::map<std::string, node::Rate>& wanted) {
    for (const auto& [group, rate] : wanted) {
        if (letter_of(rates, rate)) continue;
        std::string known;
        for (std::size_t i = 0; i < rates.size(); ++i)
            if (rates[i]) known += fmt::format("{}{} {} %", known.empty() ? "" : ", ", static_cast<char>('A' + i), node::print(*rates[i]));
        return fmt::format("The printer has no VAT letter for {} % (group {}): it knows {}. Its rates are programmed by the service.", node::print(rate), group,
                           known.empty() ? "none" : known);
    }
    return std::nullopt;
}

std::optional<std::string> clock_off(std::int64_t device, std::int64_t ours, std::int64_t tolerance_s) {
    const std::int64_t off = device - ours, size = off < 0 ? -off : off;
    if (size <= tolerance_s) return std::nullopt;
    const std::string by = size >= 2 * 86'400  ? fmt::format("{} days", size / 86'400)
                           : size >= 2 * 3'600 ? fmt::format("{} hours", size / 3'600)
                                               : fmt::format("{} minutes", (size + 30) / 60);
    return fmt::format("The printer's clock is {} {}: set the one that is wrong (paprsek device NODE clock sets the printer's).", by,
                       off < 0 ? "behind" : "ahead");
}

}  // namespace paprsek::fiscal
