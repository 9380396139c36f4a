// Cuts the power, or lets a call fail, at every place of a scenario, and compares what is left with a run that went well.
//
// A scenario is a row of acts, each the same whenever it is played: clock and randomness are set by the act's number. So the
// whole content of the database after N acts is known, and after a cut it must be exactly that of the acts that had been
// acknowledged, or of one more (the one in flight). That one comparison says: nothing acknowledged is lost, nothing is half
// booked, no number is doubled or missing. Then the acts that are left are played to the same end.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/base/clock.h"
#include "node/base/database.h"
#include "tests/crash/power_vfs.h"
#include "tests/support/seeded_random.h"

namespace paprsek::test {

/// One life of a program on a disk: from its start to the cut, or to its end.
class Workplace {
public:
    explicit Workplace(PowerDisk& disk_used) : disk(disk_used) {}
    virtual ~Workplace() = default;
    /// Opens what the disk holds. May be repeated after it has thrown.
    virtual void open() = 0;
    /// Returns: the act is acknowledged.
    virtual void play(std::size_t act) = 0;
    /// All that is stored.
    virtual std::string state() = 0;
    /// What `verify` finds; it depends on state() alone.
    virtual std::vector<std::string> faults() = 0;
    /// What state() does not show: pages and indexes. Empty = whole.
    virtual std::string damage() = 0;

    PowerDisk& disk;
    node::ManualClock clock{node::Instant{1'772'438'400'000}};
    SeededRandom random{1};
};

struct Scenario {
    std::string name;
    std::size_t acts = 0;
    /// Acts of several transactions: what is between them is no fault as long as the act can be repeated.
    std::vector<std::size_t> in_parts;
    std::function<void(PowerDisk&)> prepare;
    std::function<std::unique_ptr<Workplace>(PowerDisk&)> start;
};

/// Cuts at every write, sync, truncation, deletion and new name of the scenario, several tears each; then answers
/// SQLITE_FULL and SQLITE_IOERR at every call: once, and from that call on until it is mended.
void at_every_place(const Scenario& scenario);

/// Every row of every table that the program wrote, as text.
std::string content_of(node::Database& database);

/// What is wrong with the database's pages and indexes, the words' index as well; empty = nothing.
std::string damage_of(node::Database& database);

}  // namespace paprsek::test
