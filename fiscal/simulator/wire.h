// A line in memory between a driver and a simulated device, with a time of its own and a fault at any byte: tests and benchmarks
// run whole days through it without waiting a second.
#pragma once
#include <functional>
#include <memory>

#include "fiscal/simulator/machine.h"
#include "fiscal/transport.h"

namespace paprsek::fiscal::simulator {

/// What happens to one byte on the line, counted over both directions from 0.
enum class ByteFault { none, cut, restart, drop, twice, delay, corrupt, killed };
std::string_view print(ByteFault fault);

/// The till's own end, where a test kills it: thrown out of the transport in place of the byte.
struct Killed {};

class Wire {
public:
    explicit Wire(Machine& machine) : machine_(machine) {}

    std::int64_t now_ms = 1'000;
    std::int64_t passed = 0;  ///< bytes so far
    ByteFault fault = ByteFault::none;
    std::int64_t fault_at = -1;
    Machine& machine() { return machine_; }

    /// A new connection; those before it are dead.
    std::unique_ptr<Transport> open();

private:
    class End;
    enum class Fate { pass, drop, twice, delay };
    Fate fate(unsigned char& byte);
    Machine& machine_;
    std::int64_t connection_ = 0;
    Bytes held_;  ///< from the device, late: what follows waits behind it
    std::int64_t held_until_ = 0;
};

}  // namespace paprsek::fiscal::simulator
