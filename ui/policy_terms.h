// What a policy speaks of, in words: days, hours, roles.
#pragma once
#include <string>

#include "node/policy.h"

namespace paprsek::ui {

/// "Mo Tu We", "every day"; "8:00–12:00", "the whole day".
std::string days_text(unsigned days);
std::string hours_text(const node::TimeWindow& window);
const char* day_name(int day);
const char* day_short(int day);
/// "Cashier"; a role of the chain's own shows its name.
std::string role_name(const std::string& role);

}  // namespace paprsek::ui
