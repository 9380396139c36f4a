// The exchange under way, which goes on whatever screen is open: whoever sells meanwhile hears by a toast how it ended.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "ui/till/desk.h"
#include "ui/till/exchange_work.h"

namespace paprsek::ui {

struct ExchangeJob {
    const char* doing = "";            ///< what is under way, in a few words
    std::optional<ExchangeDone> done;  ///< how the last one ended
    std::string fault;                 ///< or why it did not work
    int told = 0;                      ///< grows with each that ended
    Task<ExchangeDone> work;           ///< one at a time
};

/// Does nothing while another one runs.
void begin_exchange(Desk& desk, const char* doing, std::function<ExchangeDone(Progress&)> work);
/// From the window's tick: takes what ended. True where something did.
bool follow_exchange(Desk& desk);

}  // namespace paprsek::ui
