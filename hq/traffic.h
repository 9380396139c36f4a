// What the server counts and how often a node may come: no sockets, no store.
//
// Threads: one, that of the server's sockets.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hq/headquarters.h"

namespace paprsek::hq {

/// Milliseconds of a clock that never goes back.
using Monotonic = std::chrono::milliseconds;

/// A bucket that fills at `a_second` up to `burst`; each visit takes one.
class Bucket {
public:
    Bucket(double a_second, double burst, Monotonic now) : a_second_(a_second), burst_(burst), level_(burst), at_(now) {}
    bool take(Monotonic now);
    /// Until the next visit is welcome.
    std::chrono::seconds wait() const;

private:
    double a_second_, burst_, level_;
    Monotonic at_;
};

struct Traffic {
    std::map<unsigned, std::uint64_t> answers;  ///< by status
    std::uint64_t bytes_in = 0, bytes_out = 0;  ///< bodies
    std::uint64_t exchanges = 0, enrolments = 0, facts = 0, rows = 0, exceptions = 0, held_answers = 0;
    std::uint64_t connections_made = 0, connections_refused = 0, cut = 0;
    double exchange_seconds = 0;                ///< of all exchanges together, without the time an answer was held
    int connections = 0, holding = 0;           ///< now
};

/// Prometheus' text format.
std::string print_metrics(const Traffic& traffic, const std::vector<NodeStatus>& nodes);

}  // namespace paprsek::hq
