#include "ui/hq/console.h"

#include "ui/faults.h"
#include "ui/kit/locale.h"

namespace paprsek::ui {

std::optional<PageName> page_from(std::string_view name) {
    if (name == "branches") return PageName::branches;
    if (name == "inbox") return PageName::inbox;
    if (name == "balances") return PageName::balances;
    if (name == "exceptions") return PageName::exceptions;
    if (name == "catalogue") return PageName::catalogue;
    if (name == "customers") return PageName::customers;
    if (name == "policy") return PageName::policy;
    if (name == "reports") return PageName::reports;
    return std::nullopt;
}

std::string sentence_of(const node::Error& error) {
    return error_text(error);
}

Console::Console(std::string folder_or_address, hq::Status first)
    : folder(std::move(folder_or_address)), words(first.info.currency, language(), node::TimeZone(first.info.time_zone)), status(std::move(first)) {}

std::unique_ptr<hq::Headquarters> Console::open(const std::string& folder) {
    return hq::Headquarters::open(folder, node::system_clock(), node::system_random());
}

bool Console::tick(double now) {
    bool changed = false;
    try {
        if (auto fresh = reading_.take()) {
            status = std::move(*fresh);
            changed = true;
        }
    } catch (const node::Error& error) {
        toasts.show(Tone::danger, Icon::warning, sentence_of(error));
        changed = true;
    }
    // The server or another window may work on the same HQ.
    constexpr double interval = 5;
    if (!reading_.running() && (wanted_ || now - read_at_ > interval)) {
        wanted_ = false;
        read_at_ = now;
        reading_.start([where = folder](Progress&) { return open(where)->status(); });
    }
    return changed;
}

}  // namespace paprsek::ui
