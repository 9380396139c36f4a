// The till's VAT groups and the device's letters: matched by their rates, and never by their names.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/base/decimal.h"

namespace paprsek::fiscal {

using DeviceRates = std::vector<std::optional<node::Rate>>;

/// Place of the first letter with this rate, from 0.
std::optional<int> letter_of(const DeviceRates& rates, node::Rate rate);
/// A sentence where the device lacks a rate that is sold at ("The printer has no VAT letter for 21 %: …"); nothing = all there.
std::optional<std::string> missing_rate(const DeviceRates& rates, const std::map<std::string, node::Rate>& wanted);
/// A sentence where the device's clock is off by more than `tolerance_s`; nothing = right. Both in seconds of local time.
std::optional<std::string> clock_off(std::int64_t device, std::int64_t ours, std::int64_t tolerance_s);

}  // namespace paprsek::fiscal
