// The agent: keeps a branch and HQ up to date by itself, as long as there is a way (DESIGN.md "Exchange").
//
// What to do when is a state machine without a clock, a thread or a socket (Schedule); exchange_now() does one exchange; Agent
// puts them together. A till never waits for any of it: the agent works on a Node of its own.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "node/base/error.h"
#include "node/base/random.h"
#include "node/node.h"
#include "sync/exchange.h"
#include "sync/transport.h"

namespace paprsek::sync {

// -------------------------------------------------------------------------------------------------------- one exchange

/// Facts a message by network: HQ merges them in about a second at most, so that other branches hardly wait behind them.
inline constexpr std::int64_t max_network_facts = 20'000;

struct ExchangeOptions {
    Patience patience;
    Progress progress;                            ///< of applying state; see apply_down()
    std::int64_t max_facts = max_network_facts;   ///< in one message
};

struct ExchangeReport {
    bool answered = false;        ///< false: no answer by now (given up, or it has to be carried)
    DownOutcome outcome = DownOutcome::already_applied;
    int trips = 0;                ///< messages each way
    std::int64_t sent = 0;        ///< facts sent
    std::int64_t acknowledged = 0;///< facts that HQ confirmed now for the first time
    std::int64_t unsent = 0;      ///< facts that HQ has not confirmed
    std::int64_t rows = 0;        ///< of state, applied now
    std::int64_t version = 0;     ///< of HQ's state that the branch now holds
    std::int64_t receipt = 0;     ///< HQ holds our facts up to this one
    bool more = false;            ///< HQ has state that this branch does not hold yet
    std::int64_t recovered = 0;   ///< own facts that came back and continue the ledger
    std::int64_t set_aside = 0;   ///< own facts of another epoch that came back and are kept beside it
    bool new_epoch = false;       ///< the ledger went on in another epoch
    bool state_differs = false;   ///< the state held here is not HQ's, also after it was read again
    bool again = false;           ///< by file: HQ has to hear what its reply did here, so that another exchange is needed
    std::uint64_t up_bytes = 0, down_bytes = 0;
    std::string message;          ///< forked, behind, facts that came back, a new epoch: what happened, in a sentence
    /// Whether anything went either way.
    bool news() const { return sent > 0 || acknowledged > 0 || rows > 0 || recovered > 0 || set_aside > 0 || new_epoch; }
};

/// Sends what HQ does not hold and applies what it answers, message by message, until neither side has more: a ledger that was
/// restored or forked is whole again on return. What one message brought stays when the next one fails. Throws Error as make_up(), Transport::exchange() and
/// apply_down().
ExchangeReport exchange_now(node::Node& node, Transport& transport, const ExchangeOptions& options = {});

/// Joins HQ by network: accept_invitation(), its answer sent, and HQ's first reply applied. May be repeated. Throws Error as
/// they do; refused when HQ does not take the answer.
ExchangeReport join(node::Node& node, std::string_view invitation, const std::string& what, Transport& transport, const ExchangeOptions& options = {});

// ----------------------------------------------------------------------------------------------------- what to do when

/// Milliseconds of a clock that never goes back; from any start.
using Monotonic = std::chrono::milliseconds;

struct Rhythm {
    Monotonic settle{1'500};         ///< after a fact, for the next ones to go along
    Monotonic settle_most{8'000};    ///< facts that keep coming put it off no longer
    Monotonic every{60'000};         ///< without any reason
    Monotonic quiet{2'000};          ///< between an exchange and listening: coalesces what HQ has to tell
    Monotonic listen{50'000};        ///< how long HQ is asked to hold an answer; zero: never
    Monotonic retry_first{2'000};    ///< after a failure, doubled with each one …
    Monotonic retry_most{300'000};   ///< … up to this
};

enum class Step {
    rest,      ///< nothing to do until `until`, or until something is told
    exchange,  ///< now
    listen     ///< exchange with an answer held back, until `until` or until something is told
};
struct Decision {
    Step step = Step::rest;
    Monotonic until{0};
    friend bool operator==(const Decision&, const Decision&) = default;
};

/// When to exchange and when to listen. Pure: time and randomness come in as arguments; `now` never decreases.
class Schedule {
public:
    explicit Schedule(const Rhythm& rhythm, Monotonic now) : rhythm_(rhythm), due_(now) {}

    /// The ledger has a new fact.
    void booked(Monotonic now);
    /// Somebody wants an exchange now; does not wait out a back-off.
    void wanted(Monotonic now);
    /// An exchange ended well.
    void succeeded(Monotonic now);
    /// Listening ended well; `news`: it brought something. An HQ that answers at once with nothing does not know how to hold
    /// an answer, and is not asked to before the next exchange.
    void listened(Monotonic started, Monotonic now, bool news);
    /// Exchange or listening failed. `jitter` in [0, 1): branches that lost the same HQ do not come back in step.
    void failed(Monotonic now, double jitter);

    Decision next(Monotonic now) const;
    int failures() const { return failures_; }

private:
    Rhythm rhythm_;
    Monotonic due() const;
    Monotonic due_;                          ///< the next exchange, unless facts want it sooner
    std::optional<Monotonic> first_booked_, last_booked_;  ///< of the facts that wait
    std::optional<Monotonic> listen_from_;
    int failures_ = 0;
};

// --------------------------------------------------------------------------------------------------------------- the loop

/// What the agent did, for a log line or a status bar.
struct AgentEvent {
    std::optional<ExchangeReport> report;   ///< of an exchange that ended well
    std::optional<node::Error> error;       ///< or what went wrong
    int failures = 0;                       ///< in a row
    Monotonic retry_in{0};                  ///< after an error
};

/// Threads: run() occupies one thread, with a Node that belongs to it; stop() and wake() from any thread, and stop() from a
/// signal handler. `heard` is called on run()'s thread.
class Agent {
public:
    Agent(node::Node& node, Transport& transport, std::function<void(const AgentEvent&)> heard, const Rhythm& rhythm = {});
    /// Exchanges until stop(): at most 250 ms after it, or after the slice of state at hand. An Error of an exchange is told
    /// to `heard` and tried again; nothing is thrown but what `heard` throws.
    void run();
    void stop() { stopped_ = true; }
    /// "Sync now".
    void wake() { wanted_ = true; }

private:
    void attempt(Step step, Monotonic until);
    bool look();
    node::Node& node_;
    Transport& transport_;
    std::function<void(const AgentEvent&)> heard_;
    Rhythm rhythm_;
    Schedule schedule_;
    std::int64_t newest_ = 0, wishes_ = 0;
    std::atomic<bool> stopped_ = false, wanted_ = false;
};

/// A Progress that stops for nothing but lets other writers of the ledger in between two slices, who else might find it
/// locked each time they look.
bool make_way(std::int64_t done, std::int64_t total);

}  // namespace paprsek::sync
