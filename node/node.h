// A branch node: its folder, ledger, settings, policy and clock. Everything of node/ works on one of these.
//
// The folder holds ledger.db (and SQLite's -wal, -shm beside it) and, after enrolment, the keys that sync/ keeps there.
// Threads: a Node belongs to one thread; a second thread or process opens a Node of its own on the same folder.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "node/base/clock.h"
#include "node/base/database.h"
#include "node/base/random.h"
#include "node/ledger.h"
#include "node/policy.h"

namespace paprsek::node {

struct NodeInfo {
    NodeName node;
    std::string name;       ///< of the shop
    std::string currency = "CZK";
    std::string time_zone = "Europe/Prague";
    std::string locale = "cs";
};

/// What a node knows of HQ after enrolment (fact node.enrolled).
struct Enrolment {
    std::string hq_name;
    std::string hq_key;     ///< 64 hexadecimal digits, HQ's public key
    std::string url;        ///< empty = by file only
};

/// Where HQ's last receipt stands: it holds our facts up to `seq`, the last with `hash`.
struct HqReceipt {
    std::int64_t epoch = 1, seq = 0;
    std::string hash;       ///< hexadecimal; empty before the first receipt
    std::optional<Instant> at;   ///< when we took it in
};

/// How far this node has taken over HQ's state.
struct StateCursor {
    std::int64_t hq_epoch = 0, version = 0;
    std::optional<Instant> at;   ///< HQ's time of the state, for "as of"
};

class Node {
public:
    /// Makes the folder and an empty ledger with its first fact. Refuses an existing node.
    static std::unique_ptr<Node> create(const std::string& folder, const NodeInfo& info, Clock& clock, Random& random, const char* vfs = nullptr);
    /// Makes the folder and a ledger without any fact, which takes its own history back from HQ (sync/exchange.h); until then
    /// nothing can be booked. Refuses an existing node.
    static std::unique_ptr<Node> create_empty(const std::string& folder, const NodeInfo& info, const Enrolment& enrolment, Clock& clock, Random& random,
                                              const char* vfs = nullptr);
    /// Refuses a folder that is no node.
    static std::unique_ptr<Node> open(const std::string& folder, Clock& clock, Random& random, const char* vfs = nullptr);

    const std::string& folder() const { return folder_; }
    const NodeInfo& info() const { return info_; }
    const TimeZone& zone() const { return zone_; }
    Clock& clock() { return *clock_; }
    Random& random() { return *random_; }
    void set_clock(Clock& clock) { clock_ = &clock; }
    Database& database() { return *database_; }
    Ledger& ledger() { return ledger_; }
    std::int64_t epoch();

    /// Nothing of its history is here yet.
    bool is_empty() { return ledger_.head().seq == 0; }

    /// The policy in force, read again when it has changed.
    const Policy& policy();

    std::optional<Enrolment> enrolment();
    HqReceipt hq_receipt();
    /// Call within a transaction.
    void set_hq_receipt(const HqReceipt& receipt);
    StateCursor state_cursor();
    /// Its `at` alone.
    std::optional<Instant> state_as_of();
    void set_state_cursor(const StateCursor& cursor);
    /// HQ's state under which is sold now; no version where this node stands alone, or reads it from the start.
    BookedState booked_state();

    std::optional<std::string> setting(std::string_view name);
    void set_setting(std::string_view name, std::string_view value);

    /// Appends node.enrolled; the caller holds no transaction. Durable on return.
    void enrol(const Enrolment& enrolment);
    /// A policy for a branch that stands alone; refuses an enrolled one. Durable on return.
    void set_policy(std::string_view json, const std::string& what);

private:
    static std::unique_ptr<Node> make(const std::string& folder, const NodeInfo& info, Clock& clock, Random& random, const char* vfs);
    Node(std::string folder, std::unique_ptr<Database> database, NodeInfo info, Clock& clock, Random& random);
    std::string folder_;
    std::unique_ptr<Database> database_;
    NodeInfo info_;
    TimeZone zone_;
    Ledger ledger_;
    Clock* clock_;
    Random* random_;
    Policy policy_;
    std::int64_t policy_seen_ = -1;
};

/// Puts the copy of a ledger that a backup made into a folder that has none. Durable on return. Throws Error (refused) where the
/// file is no ledger or the folder holds one.
void restore(const std::string& backup, const std::string& folder);

/// A receipt's key in the projections: its number; of one that came back from a lost epoch (node/recovery.h), epoch and number.
inline constexpr std::int64_t epoch_keys = 1'000'000'000'000;
constexpr std::int64_t receipt_key(std::int64_t epoch, std::int64_t number) { return epoch * epoch_keys + number; }

/// "3.1-000017", of a lost epoch "3.1-000017/1".
std::string print_receipt_number(NodeName node, std::int64_t key);
/// The key of this node's receipt, or nothing when the text is none or another node's.
std::optional<std::int64_t> parse_receipt_number(std::string_view text, NodeName node);

}  // namespace paprsek::node
