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
    // Each whole, for the translators.
    static constexpr const char* said[][2] = {
        {"The printer's clock is {} days ahead: set the one that is wrong", "The printer's clock is {} days behind: set the one that is wrong"},
        {"The printer's clock is {} hours ahead: set the one that is wrong", "The printer's clock is {} hours behind: set the one that is wrong"},
        {"The printer's clock is {} minutes ahead: set the one that is wrong", "The printer's clock is {} minutes behind: set the one that is wrong"}};
    const int unit = size >= 2 * 86'400 ? 0 : size >= 2 * 3'600 ? 1 : 2;
    const std::int64_t by = unit == 0 ? size / 86'400 : unit == 1 ? size / 3'600 : (size + 30) / 60;
    return fmt::format(fmt::runtime(said[unit][off < 0]), by) + " (paprsek device NODE clock sets the printer's).";
}

}  // namespace paprsek::fiscal
