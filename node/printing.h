// What has to be printed and what became of it. A sale and its print are two facts: the sale is booked first, its print is booked when
// the printer has shown that it is on paper. In between it is *due*, in a table that follows from facts, so that neither a crash nor a
// pulled cable can lose it. How it is printed is fiscal/'s matter; what it has noted on its way lies here too, as a print job.
//
// Threads: as the Node. Durable on return where it says so.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/node.h"

namespace paprsek::node {

/// device.set: which printer this till has from here on.
struct DeviceFact {
    std::string profile = "none";       ///< fiscal/profile.h; "none" = nothing is due any more
    std::string mode = "asynchronous";  ///< asynchronous, synchronous, ecr
    bool fiscal = false;                ///< mirrors cash movements and closings, too
    std::string cashier;
    friend bool operator==(const DeviceFact&, const DeviceFact&) = default;
};

/// receipt.printed: what became of something that was due.
struct PrintedFact {
    std::int64_t of = 0;          ///< seq of the sale, refund, act or closing
    /// printed, collected (sold on the device itself), by_hand (a person saw it), given_up (it will not be), nothing (was to be printed)
    std::string how = "printed";
    std::string device;           ///< serial number
    std::int64_t document = 0;    ///< its number there; 0 = not known
    Money total;                  ///< by which it raised the device's day
    std::string cashier;          ///< who decided, where a person did
    std::string reason;
    friend bool operator==(const PrintedFact&, const PrintedFact&) = default;
};

/// device.closed: the device's day was closed, by us or behind our back.
struct DeviceClosedFact {
    std::int64_t of = 0;  ///< seq of the till's closing; 0 = behind the till's back
    std::string device;
    std::int64_t number = 0;     ///< the device's Z; 0 = not known
    std::optional<Money> total;  ///< by the device; nothing = not known
    Money expected;              ///< what the ledger printed on it since its last Z
    friend bool operator==(const DeviceClosedFact&, const DeviceClosedFact&) = default;
};

std::string body_of(const DeviceFact& fact);
std::string body_of(const PrintedFact& fact);
std::string body_of(const DeviceClosedFact& fact);
/// Throw Error (refused) on a body that does not have the form.
DeviceFact parse_device_fact(std::string_view body);
PrintedFact parse_printed(std::string_view body);
DeviceClosedFact parse_device_closed(std::string_view body);

/// Called by project(): what a fact makes due, or settles.
void project_printing(Database& database, const schema::Fact& fact);

/// The device in force; nothing = none.
std::optional<DeviceFact> device_in_force(Database& database);
/// Appends device.set where something changed, and keeps what is of this computer alone (address, password). Durable on return.
void set_device(Node& node, const DeviceFact& device, std::string_view local_json);
/// What set_device() kept; empty before.
std::string device_settings(Node& node);

/// Seqs of what is due, oldest first; those that wait for a person are left out.
std::vector<std::int64_t> prints_due(Database& database, std::size_t most);
/// Of all that is due, also for a person; nothing = everything is printed.
std::optional<std::int64_t> oldest_print_due(Database& database);
struct PendingPrints {
    std::int64_t waiting = 0, person = 0;
    std::int64_t all() const { return waiting + person; }
};
PendingPrints pending_prints(Database& database);

struct PrintJob {
    std::int64_t seq = 0;  ///< 0 = the receipt in hand
    bool person = false;
    std::string body;  ///< fiscal/'s own, JSON
};
std::optional<PrintJob> print_job(Database& database, std::int64_t seq);
std::vector<PrintJob> prints_for_person(Database& database);
/// Durable on return.
void keep_job(Database& database, const PrintJob& job);
void drop_job(Database& database, std::int64_t seq);
/// The receipt in hand was booked: its job becomes that of the sale. Durable on return.
void rename_job(Database& database, std::int64_t from, std::int64_t to);

/// Appends the fact and drops the job, in one transaction; nothing where it is not due any more (another process was quicker).
/// Durable on return. Returns the fact's seq, 0 = nothing.
std::int64_t book_printed(Node& node, const PrintedFact& printed);
/// The same of a closing; `of` may be 0.
std::int64_t book_device_closed(Node& node, const DeviceClosedFact& closed);

/// A sale that was made on the device itself, booked with its print in one transaction. Durable on return. Returns the sale's seq.
std::int64_t book_collected(Node& node, const ReceiptFact& sale, PrintedFact printed);
/// Seqs of what was printed on the device since its last closing, and raised its day.
std::vector<std::int64_t> printed_in_device_day(Database& database);
/// What the ledger printed on the device since its last closing.
Money printed_since_device_closed(Database& database);
/// The last closings of the device, newest first.
struct DeviceDay {
    std::int64_t seq = 0;
    Instant at;
    DeviceClosedFact closed;
};
std::vector<DeviceDay> device_days(Database& database, std::size_t most);

}  // namespace paprsek::node
