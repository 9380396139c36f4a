#include "fiscal/device.h"

namespace paprsek::fiscal {

std::string_view print(Answer answer) {
    static constexpr std::array names = {"done", "not_ready", "refused", "unknown"};
    return names.at(static_cast<std::size_t>(answer));
}

std::string_view print(StepKind kind) {
    static constexpr std::array names = {"open", "text", "sale", "strike", "pay", "close", "document"};
    return names.at(static_cast<std::size_t>(kind));
}

std::string_view print(Fault fault) {
    static constexpr std::array names = {"paper_out",  "paper_low", "cover_open",   "memory_full", "memory_near_full", "memory_error", "clock_not_set",
                                         "not_fiscal", "mechanism", "day_too_long", "locked"};
    return names.at(static_cast<std::size_t>(fault));
}

std::string sentence(Fault fault) {
    switch (fault) {
        case Fault::paper_out:
            return "The printer is out of paper.";
        case Fault::paper_low:
            return "The printer's paper is running low.";
        case Fault::cover_open:
            return "The printer's cover is open.";
        case Fault::memory_full:
            return "The printer's fiscal memory or journal is full: it needs service.";
        case Fault::memory_near_full:
            return "The printer's fiscal memory or journal is nearly full: call the service.";
        case Fault::memory_error:
            return "The printer's fiscal memory reports an error: it needs service.";
        case Fault::clock_not_set:
            return "The printer's clock is not set.";
        case Fault::not_fiscal:
            return "The printer is not fiscalised.";
        case Fault::mechanism:
            return "The printer's mechanism reports an error.";
        case Fault::day_too_long:
            return "The printer's day is longer than 24 hours: it wants a Z first.";
        case Fault::locked:
            return "The printer is locked after wrong passwords: switch it off and on.";
    }
    return {};
}

Reply Device::print(const Slip&) { return {Answer::refused, "This printer prints no slips."}; }

Reply Device::strike_open() { return {Answer::refused, "The printer cannot take back what is open on it."}; }

Reply Device::sold(node::Money& amount) {
    Holding held;
    Reply reply = holding(held);
    amount = held.amount;
    return reply;
}

node::Money DayReport::total() const {
    node::Money sum;
    for (const node::Money amount : by_letter) sum += amount;
    return sum;
}

}  // namespace paprsek::fiscal
