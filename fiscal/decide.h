// After a fault: what was printed, and what is to be done about it. A pure function of what was written down before each step and of
// what the device says it holds. FISCAL: the sum of the day's payments is the strongest witness, for it depends neither on the moment
// at which a model counts its documents nor on what it shows of the last one.
#pragma once
#include <string>
#include <vector>

#include "fiscal/device.h"

namespace paprsek::fiscal {

enum class Mode { asynchronous, synchronous, ecr };
std::string_view print(Mode mode);
std::optional<Mode> parse_mode(std::string_view text);

/// What is known without asking the device.
struct Evidence {
    Holding before;  ///< as the device stood before the first step
    std::vector<Step> plan;
    int sent = -1;              ///< the last step that may have reached the device; −1 = none has
    bool cancel_sent = false;   ///< so may a cancellation
    bool same_session = false;  ///< the line has not broken since, and this program has not ended
    Mode mode = Mode::asynchronous;
    bool can_cancel = true;
    bool counts_all_tenders = true;  ///< the device's day sums tell every tender
    bool journal_names_it = false;   ///< the device's journal has a paid document with the receipt's number
};

enum class Verdict {
    start,  ///< nothing of it was printed: from the first step, with fresh evidence
    printed,
    go_on,          ///< at step `from`
    cancel,         ///< cancel what is open, then start
    strike_out,     ///< no cancellation on this model: take the lines back, pay nothing, close; a person hears of it
    pay_and_close,  ///< `rest` is still to be paid; a person hears of it where `person`
    end_text,       ///< a non-fiscal document is open: end it and look again
    wait,           ///< somebody works on the device: later
    person          ///< the evidence does not decide
};
std::string_view print(Verdict verdict);

struct Decision {
    Verdict verdict = Verdict::person;
    std::size_t from = 0;  ///< go_on: index of the step
    node::Money rest;      ///< pay_and_close; strike_out: what the device holds
    bool person = false;   ///< afterwards it is a person's
    std::string why;       ///< a sentence: what was found
};

Decision decide(const Evidence& evidence, const Holding& now);

/// By how much the plan raises the day's sums, by tender: cash less change.
std::map<node::TenderKind, node::Money> day_change(const std::vector<Step>& plan);
node::Money total_of(const std::vector<Step>& plan);

/// A movement of cash: nothing = it cannot be told.
std::optional<bool> cash_was_moved(const DaySums& before, const DaySums& now, node::Money amount);
/// A Z lies between: more closings, or sums that went back. Of an empty day a model without a counter tells nothing; a second Z harms
/// nobody then.
bool day_was_closed(const Holding& before, const Holding& now);

}  // namespace paprsek::fiscal
