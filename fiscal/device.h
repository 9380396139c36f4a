// One device interface: what a till needs of a printer, from a fiscal printer to a page on the screen.
//
// A receipt is printed in *steps* (open, one for each line, pay, close); a printer without fiscal memory knows one, the whole
// document. The queue (queue.h) writes down each step before it is sent, and after a fault asks the device what it holds. A driver
// therefore never repeats by itself what could then stand twice: where it cannot know whether the device did it, it says `unknown`.
//
// Errors: what a person at the till can act on is an Answer with a sentence; LinkLost does not leave a driver. node::Error is for
// settings that make no sense. Threads: one at a time.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fiscal/profile.h"
#include "fiscal/receipt.h"
#include "node/base/clock.h"
#include "node/base/decimal.h"

namespace paprsek::fiscal {

struct Slip;

enum class Answer {
    done,
    not_ready,  ///< nothing was done; the device wants something first: paper, cover, a Z. The same may be sent again
    refused,    ///< nothing was done, and the same will be refused again: not permitted now, a wrong value, a wrong password
    unknown     ///< the line broke or was silent: it may have been done or not. Ask holding()
};
std::string_view print(Answer answer);

struct Reply {
    Answer answer = Answer::done;
    std::string why;            ///< a sentence, unless done
    std::int64_t document = 0;  ///< number of the document that the device says it is at; 0 = it did not say
    std::string code = {};      ///< the device's own, "-111016", for whoever serves it
    bool ok() const { return answer == Answer::done; }
};

enum class StepKind {
    open,    ///< of a fiscal receipt
    text,    ///< a free line
    sale,    ///< `line`
    strike,  ///< takes a sold line back
    pay,     ///< `tender`
    close,
    document  ///< the whole receipt in one: printers without fiscal memory
};
std::string_view print(StepKind kind);

/// One thing that is sent to the device. `amount` is what it adds to the receipt's total (sale, strike) or pays (pay).
struct Step {
    StepKind kind = StepKind::open;
    Line line = {};
    Tender tender = {};
    std::string text = {};
    node::Money amount = {};
};

/// Payments of the device's open day, by tender; and what its cash movements came to.
struct DaySums {
    std::map<node::TenderKind, node::Money> paid;
    node::Money cash_in, cash_out;
    friend bool operator==(const DaySums&, const DaySums&) = default;
};

/// What a device holds: read-only questions, asked before a receipt and after a fault.
struct Holding {
    enum class Open { nothing, fiscal, non_fiscal };
    Open open = Open::nothing;
    std::int64_t counter = 0;  ///< number of the last document (some models count at the opening, some at the close)
    std::int64_t items = 0;    ///< sold on the open receipt, or on the last one
    node::Money amount;        ///< of it
    node::Money paid;          ///< of it; zero where the device does not say
    DaySums day;
    std::int64_t closures = 0;  ///< Zs so far; 0 where the device does not say
};

/// A fault that a person has to see to, or a warning.
enum class Fault { paper_out, paper_low, cover_open, memory_full, memory_near_full, memory_error, clock_not_set, not_fiscal, mechanism, day_too_long, locked };
std::string_view print(Fault fault);
/// A sentence for the cashier.
std::string sentence(Fault fault);

struct Status {
    std::vector<Fault> faults;  ///< it cannot print a receipt now
    std::vector<Fault> warnings;
    bool fiscal_open = false, non_fiscal_open = false;
    bool ready() const { return faults.empty(); }
};

struct Identity {
    std::string model, firmware;
    std::string serial;  ///< empty where the device has none
    std::string memory;  ///< of the fiscal memory
    friend bool operator==(const Identity&, const Identity&) = default;
};

/// A report of the device: totals by its letters since its last Z.
struct DayReport {
    std::int64_t closures = 0;  ///< its number: of a Z the one that it has just got
    std::vector<node::Money> by_letter;
    node::Money total() const;
};

enum class ReportKind { x, z };

class Device {
public:
    virtual ~Device() = default;
    virtual const Profile& profile() const = 0;
    virtual const std::string& address() const = 0;

    /// Opens the line, learns who is there, and brings the order of messages in step. Call before anything else, and after a
    /// broken line. Nothing is printed.
    virtual Reply connect() = 0;
    virtual bool connected() const = 0;
    /// As it was at connect().
    virtual const Identity& identity() const = 0;
    virtual Reply status(Status& status) = 0;

    /// Why this device cannot print this receipt, ever (a discount in ECR mode, too many lines); nothing = it can. Asks no device.
    virtual std::optional<std::string> unfit(const Receipt& receipt) const = 0;
    /// The steps in which perform() prints the receipt. Requires that it is not unfit().
    virtual std::vector<Step> plan(const Receipt& receipt) const = 0;
    /// Does one step. `receipt` is the one that the step is of.
    virtual Reply perform(const Step& step, const Receipt& receipt) = 0;
    /// Cancels the open fiscal receipt; refused where the model cannot, or something is paid already.
    virtual Reply cancel() = 0;
    /// On a model without cancellation: takes back all that is on the open receipt, by VAT letter, and closes it with nothing to pay.
    virtual Reply strike_open();
    /// Ends an open non-fiscal document.
    virtual Reply end_text() = 0;
    virtual Reply holding(Holding& holding) = 0;
    /// Of the open receipt alone: what it comes to. Asked before it is paid.
    virtual Reply sold(node::Money& amount);
    /// The text of a printed document by its counter, out of the electronic journal; nothing where the model cannot tell.
    virtual std::optional<std::string> printed_text(std::int64_t document) = 0;

    /// Rate of each of the device's letters, in their order.
    virtual Reply vat_rates(std::vector<std::optional<node::Rate>>& rates) = 0;
    /// By the device's wall clock, to the minute and second: seconds since 1970-01-01T00:00 local time.
    virtual Reply clock(std::int64_t& local_seconds) = 0;
    virtual Reply set_clock(std::int64_t local_seconds) = 0;

    virtual Reply report(ReportKind kind, DayReport& report) = 0;
    /// Cash in (positive) or out.
    virtual Reply move_cash(node::Money amount) = 0;
    virtual Reply open_drawer() = 0;
    /// What the customer sees: two lines, cut to the display's width; empty = cleared.
    virtual Reply display(const std::string& first, const std::string& second) = 0;
    /// Letters in a line of a slip; 0 = it prints none.
    virtual int slip_columns() const { return 0; }
    /// A slip that is not fiscal: a settlement, a statement, a copy. `not_ready`: it is not on paper, or only its beginning is, and the
    /// same may be sent again from the start. `unknown`: it may be there whole.
    virtual Reply print(const Slip& slip);
    /// A page that shows the letters and what the profile can do; not fiscal.
    virtual Reply test_page() = 0;
};

}  // namespace paprsek::fiscal
