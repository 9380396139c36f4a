#include "sync/agent.h"

#include <algorithm>
#include <array>
#include <thread>

#include "node/base/error.h"
#include "node/recovery.h"
#include "node/rights.h"

namespace paprsek::sync {
namespace {

constexpr Monotonic look_every{200};         ///< for new facts of other processes
constexpr std::chrono::milliseconds slice_gap{2};  ///< between two slices; who waits for the ledger looks every millisecond
/// Years of facts and the largest state take some hundred messages; an HQ that never comes to an end is not followed.
constexpr int max_trips = 10'000;
/// Messages in a row that only heal: facts that come back, a fork that is settled. Three are enough, if nobody else interferes.
constexpr int max_healing = 20;

Monotonic now() { return std::chrono::duration_cast<Monotonic>(std::chrono::steady_clock::now().time_since_epoch()); }

double share(node::Random& random) {
    std::array<unsigned char, 2> bytes{};
    random.fill(bytes);
    return (bytes[0] * 256 + bytes[1]) / 65536.0;
}

/// Adds what one reply brought.
DownReport take(node::Node& node, BytesView answer, Transport& transport, const ExchangeOptions& options, ExchangeReport& report) {
    report.answered = true;
    ++report.trips;
    report.down_bytes += answer.size();
    const DownReport down = apply_down(node, answer, "the answer of " + transport.address(), options.progress, system_watch());
    report.outcome = report.outcome == DownOutcome::applied && down.outcome == DownOutcome::already_applied ? report.outcome : down.outcome;
    report.acknowledged += down.acknowledged;
    report.rows += down.rows;
    report.version = down.version;
    report.receipt = down.receipt.seq;
    report.more = down.more;
    report.recovered += down.recovered;
    report.set_aside += down.set_aside;
    report.new_epoch = report.new_epoch || down.new_epoch;
    report.state_differs = down.state_differed && !down.again;
    report.again = down.again;
    if (!down.message.empty()) report.message = down.message;
    return down;
}

void count_unsent(node::Node& node, ExchangeReport& report) {
    report.unsent = node.ledger().head().seq - node::confirmed_through(node);
}

ExchangeReport go_on(node::Node& node, Transport& transport, const ExchangeOptions& options, ExchangeReport report) {
    Patience patience = options.patience;
    std::optional<UpBundle> up;
    bool unseen = false;  // HQ holds other facts than we do, and says how it goes on once it has seen all of ours
    int healing = 0;
    prepare_up(node);
    for (bool more = true; more;) {
        up = make_up(node, unseen ? &*up : nullptr, options.max_facts);
        const auto answer = transport.exchange(up->bytes, patience);
        report.sent += up->last - up->first + 1;
        report.up_bytes += up->bytes.size();
        patience.hold = {};  // held back once, at the beginning, where there is nothing new
        if (!answer) break;
        const DownReport down = take(node, *answer, transport, options, report);
        count_unsent(node, report);
        unseen = (down.outcome == DownOutcome::behind || down.outcome == DownOutcome::forked) && up->last < up->newest;
        const bool well = unseen || down.outcome == DownOutcome::applied || down.outcome == DownOutcome::already_applied;
        // Whoever gets nothing new does not ask again: two sides that misunderstand each other must come to an end.
        const bool brought = unseen || down.acknowledged > 0 || down.rows > 0;
        healing = brought ? 0 : healing + 1;
        more = report.trips < max_trips && healing < max_healing && ((well && brought && (up->last < up->newest || report.more)) || down.again);
    }
    count_unsent(node, report);
    return report;
}

}  // namespace

ExchangeReport exchange_now(node::Node& node, Transport& transport, const ExchangeOptions& options) { return go_on(node, transport, options, {}); }

ExchangeReport join(node::Node& node, std::string_view invitation, const std::string& what, Transport& transport, const ExchangeOptions& options) {
    const Bytes answer = accept_invitation(node, invitation, what);
    const auto reply = transport.exchange(answer, {{}, options.patience.go_on});
    ExchangeReport report;
    report.up_bytes = answer.size();
    if (!reply) return report;
    (void)take(node, *reply, transport, options, report);
    return go_on(node, transport, {{{}, options.patience.go_on}, options.progress, options.max_facts}, report);
}

bool make_way(std::int64_t, std::int64_t) {
    std::this_thread::sleep_for(slice_gap);
    return true;
}

Agent::Agent(node::Node& node, Transport& transport, std::function<void(const AgentEvent&)> heard, const Rhythm& rhythm)
    : node_(node), transport_(transport), heard_(std::move(heard)), rhythm_(rhythm), schedule_(rhythm, now()) {
    if (!transport.can_listen()) rhythm_.listen = Monotonic(0);
    schedule_ = Schedule(rhythm_, now());
    newest_ = node.ledger().head().seq;
    wishes_ = node::wishes_made(node);
}

/// Takes in what was told meanwhile; true when there was something.
bool Agent::look() {
    bool told = false;
    if (wanted_.exchange(false)) {
        schedule_.wanted(now());
        told = true;
    }
    const std::int64_t newest = node_.ledger().head().seq;
    if (newest != newest_) {
        newest_ = newest;
        schedule_.booked(now());
        told = true;
    }
    // A customer stands at the till and waits for points that HQ may grant.
    if (const std::int64_t wishes = node::wishes_made(node_); wishes != wishes_) {
        wishes_ = wishes;
        schedule_.wanted(now());
        told = true;
    }
    return told;
}

void Agent::run() {
    while (!stopped_) {
        look();
        const Decision decision = schedule_.next(now());
        if (decision.step == Step::rest)
            std::this_thread::sleep_for(std::clamp(decision.until - now(), Monotonic(1), look_every));
        else
            attempt(decision.step, decision.until);
    }
}

void Agent::attempt(Step step, Monotonic until) {
    const Monotonic started = now();
    ExchangeOptions options;
    options.patience.go_on = [&] { return !stopped_ && (step == Step::exchange || !look()); };
    if (step == Step::listen) options.patience.hold = std::chrono::duration_cast<std::chrono::seconds>(until - started);
    options.progress = [&](std::int64_t done, std::int64_t total) { return make_way(done, total) && !stopped_; };
    AgentEvent event;
    try {
        const ExchangeReport report = exchange_now(node_, transport_, options);
        if (!report.answered && step == Step::listen) return;  // something was told: the schedule knows what
        if (stopped_ && !report.answered) return;
        if (step == Step::listen)
            schedule_.listened(started, now(), report.news());
        else
            schedule_.succeeded(now());
        newest_ = std::max(newest_, report.receipt);  // facts that went along are no news
        event.report = report;
    } catch (const node::Error& error) {
        schedule_.failed(now(), share(node_.random()));
        event.error = error;
        event.failures = schedule_.failures();
        event.retry_in = schedule_.next(now()).until - now();
    }
    heard_(event);
}

}  // namespace paprsek::sync
