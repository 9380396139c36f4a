// What is written down about something on its way to the printer: before each step, synced, so that after any fault it is known how far
// it may have come. Kept as JSON in node's print_job.
#pragma once
#include <optional>
#include <string>

#include "fiscal/decide.h"

namespace paprsek::fiscal {

/// The parts of one thing that is due, in their order; a part that is not there is passed over.
enum class Part { receipt, cash, closing, done };

struct Job {
    std::int64_t seq = 0;  ///< of the fact; 0 = the receipt in hand
    Part part = Part::receipt;
    std::optional<Holding> before;  ///< of the part; nothing = it has not begun
    int sent = -1;                  ///< the last step that may have reached the device
    bool cancel_sent = false;
    std::vector<Step> lines;    ///< of a receipt that is printed line by line: what was sold and taken back, in that order
    std::int64_t document = 0;  ///< the receipt's number on the device, once known
    node::Money total;          ///< by which the receipt raised the device's day
    bool person = false;
    std::string why;               ///< for the person: what is not clear
    std::optional<Holding> found;  ///< what the device held then
    std::string journal;           ///< the text of its last document, where it could be read
};

std::string json_of(const Job& job);
/// Throws node::Error on a text that is no job.
Job parse_job(std::int64_t seq, bool person, std::string_view json);
node::Json json_of(const Holding& holding);
/// For people: amounts as decimals.
node::Json shown(const Holding& holding);

}  // namespace paprsek::fiscal
