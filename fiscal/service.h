// What a person asks of the printer, from the command line and from the till's window alike: who hangs on this computer's lines, what
// waits and with what evidence, a report of the device's day, its clock.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fiscal/queue.h"
#include "fiscal/setting.h"

namespace paprsek::fiscal {

/// The lines of this computer on which a printer may hang ("serial:/dev/ttyUSB0@9600").
std::vector<std::string> likely_addresses();

struct Looked {
    struct Found {
        std::string address;
        const Profile* profile = nullptr;
        Identity identity;
    };
    struct Silent {
        std::string address, why;
    };
    std::vector<Found> found;
    std::vector<Silent> silent;
};
/// Asks on each line in both languages, which changes nothing; takes seconds. Throws node::Error (usage) on an address that is none.
Looked look_for_devices(const std::vector<std::string>& addresses);

/// Something that is due, as a person is told of it.
struct PendingPrint {
    std::int64_t seq = 0;
    bool person = false;  ///< waits for a person's word; else for the printer
    std::string kind;     ///< of the fact
    std::string receipt;  ///< its number, of a sale or refund
    std::optional<node::Money> total;
    std::optional<node::Instant> at;
    Job job;  ///< how far it came, with the evidence
};
/// Those that wait for a person first, then the others, oldest first.
std::vector<PendingPrint> pending_list(node::Node& node, std::size_t most);
/// Since when the oldest waits; nothing = everything is printed.
std::optional<node::Instant> pending_since(node::Node& node);

struct ReportMade {
    DayReport report;
    node::Money expected;  ///< what the ledger printed on it since its last Z
    node::Money difference() const { return report.total() - expected; }
};
/// X, or Z, which is booked. What is due is printed first; where that has to wait, so does the report. Durable on return.
Reply make_report(node::Node& node, Device& device, PrintQueue& queue, ReportKind kind, ReportMade& made);

/// By the wall clock of the branch.
Reply set_device_clock(const node::TimeZone& zone, Device& device, node::Instant now);

/// Seconds since 1970-01-01T00:00 by the wall clock of a time zone, as devices show them.
std::int64_t wall_seconds(const node::TimeZone& zone, node::Instant now);

}  // namespace paprsek::fiscal
