// The branch's side of an exchange (DESIGN.md "Exchange"): what it sends up, what it does with HQ's reply, how it joins. The
// bytes are the same whether a file or the network carries them.
//
// Threads: as Node (node/node.h): one thread at a time; another thread or process works on a Node of its own, and several may
// apply the same reply at the same time. Sales go on meanwhile: nothing here holds the ledger longer than one slice.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "node/base/clock.h"
#include "node/node.h"
#include "sync/files.h"
#include "sync/message.h"

namespace paprsek::sync {

/// Facts in one bundle: some years of a till, about 100 MB of text. HQ's next receipt continues where one ended.
inline constexpr std::int64_t max_up_facts = 200'000;
/// State rows in the first transaction of a reply, at least in the others, and with no watch in each: some milliseconds.
inline constexpr std::int64_t slice_rows = 250;
/// How long one slice of state may hold the ledger: a sale that comes meanwhile waits so long at most. The next slice is cut to
/// what the last one took.
inline constexpr std::chrono::milliseconds slice_time{15};

/// Hears how far a long job is; stops it by returning false.
using Progress = std::function<bool(std::int64_t done, std::int64_t total)>;
/// A clock that never goes back, from any start.
using Watch = std::function<std::chrono::microseconds()>;
Watch system_watch();

struct UpBundle {
    Bytes bytes;
    std::int64_t epoch = 1;
    std::int64_t first = 0, last = 0;  ///< facts in it; last = first − 1: none
    std::int64_t newest = 0;           ///< the node's newest fact: newer than `last` when there is more to send
};

/// Call before make_up(): what has to be settled before a message is made. Gives back rights that the node does not need
/// (node/rights.h), by facts of its own; does nothing where there are none. Durable on return.
void prepare_up(node::Node& node);

/// The facts after HQ's last receipt, at most `max_facts` and of one epoch, with the personal texts that belong to them.
/// May be repeated at will; changes nothing. `previous`: continues behind a bundle made just before, without waiting for HQ.
/// Throws Error: refused when the node is not enrolled or its key is missing, operating when the ledger is damaged.
/// Returns nothing when `progress` stopped it.
std::optional<UpBundle> make_up(node::Node& node, const UpBundle* previous = nullptr, std::int64_t max_facts = max_up_facts, const Progress& progress = {});

enum class DownOutcome {
    applied,
    already_applied,  ///< nothing in it is new: an older reply, or the same again
    stopped,          ///< by `progress`, after whole slices; applying the reply again goes on
    forked,           ///< HQ holds another fact than we do under the same number; no state was applied
    behind,           ///< HQ holds facts of ours that neither we have nor the reply brings; no state was applied
};
std::string_view print(DownOutcome outcome);

struct DownReport {
    DownOutcome outcome = DownOutcome::already_applied;
    std::int64_t rows = 0;         ///< applied now
    std::int64_t version = 0;      ///< of HQ's state that this branch now holds
    bool more = false;             ///< HQ has newer rows: exchange again
    Receipt receipt;               ///< as the reply says
    std::int64_t acknowledged = 0; ///< facts that HQ acknowledged now for the first time
    node::Instant at;              ///< when HQ wrote the reply, by its clock
    std::int64_t recovered = 0;    ///< own facts that came back and continue the ledger
    std::int64_t set_aside = 0;    ///< own facts of another epoch that came back and are kept beside it
    std::int64_t epoch = 1;        ///< of the ledger, now
    bool new_epoch = false;        ///< the ledger went on in it because of this reply
    /// HQ has to hear what this reply did here (facts came back, a new epoch, a receipt that went back): exchange again.
    bool again = false;
    /// The rows held here were not those that HQ holds at this version; they are read again from the start, or have been to no avail.
    bool state_differed = false;  ///< `again` tells the one from the other
    std::string message;           ///< forked, behind, facts that came back, a new epoch: what happened, in a sentence
};

/// Takes in HQ's reply. First own facts that come back (node/recovery.h), and the epoch in which a forked ledger goes on; then
/// the state, in the order of keys: each slice of rows is one transaction, the first also stores the receipt, the last of some
/// thousand rows moves the cursor. After a crash the branch stands on whole rows and an older cursor, and applying the reply, or
/// another one, goes on behind the rows that stand (a power cut may take slices back; the last one makes all of them durable). Neither
/// receipt nor cursor ever goes back by an older reply, except when HQ itself was restored (a newer HQ epoch).
/// Durable on return. Throws Error (refused), with nothing changed, when the node is not enrolled or the reply is damaged,
/// not ours, not from our HQ, or does not join on to the state held here; a single row that does not have its form is refused
/// with the rows before it kept. With a `watch` slices are cut by time (slice_time), without one by count (slice_rows).
DownReport apply_down(node::Node& node, BytesView bytes, const std::string& what, const Progress& progress = {}, const Watch& watch = {});

/// What a reply of HQ proves about this node (PRODUCT.md S9).
struct Proof {
    bool history = false;            ///< HQ holds the facts of this ledger up to `through`, the same ones: the hash of the last answers for all
    std::int64_t through = 0;
    std::int64_t facts = 0;          ///< of this ledger; those after `through` HQ has not confirmed
    std::optional<bool> state;       ///< the same state; nothing where the reply is of another version than the one held here
    std::int64_t version = 0;        ///< of HQ's state in the reply
    std::string difference;          ///< in a sentence; empty: none
    bool same() const { return history && state.value_or(true); }
};
/// Compares and changes nothing. Throws Error (refused) as apply_down on a reply that is damaged or not ours.
Proof prove(node::Node& node, BytesView reply, const std::string& what);

/// Rebuilds a dead branch: makes an empty node in `folder` that belongs to the invitation's HQ and takes its history back with
/// HQ's reply (apply_down). Returns the answer for HQ. `last_bundle`: the header of the last bundle that the dead branch wrote, so
/// that what HQ never got can be named. Durable on return. Throws Error (refused) as accept_invitation, and where `folder` holds a node.
Bytes rebuild(const std::string& folder, std::string_view invitation, const std::string& what, std::int64_t last_bundle, node::Clock& clock,
              node::Random& random);

/// Facts that the rebuilt branch is known to have had and that nobody holds; empty where all came back.
struct MissingFacts {
    std::int64_t first = 1, last = 0;
    bool empty() const { return last < first; }
};
MissingFacts missing_facts(node::Node& node);

/// Joins HQ: makes the node's key where there is none, appends node.enrolled and returns the answer for HQ (a bundle). May be
/// repeated with this or a newer invitation of the same HQ. Durable on return. Throws Error (refused), with nothing changed,
/// on a file that is no invitation, for another node, in another currency, or when the node belongs to another HQ.
Bytes accept_invitation(node::Node& node, std::string_view invitation, const std::string& what);

}  // namespace paprsek::sync
