// What goes back to a node that lost facts, and in which epochs a node's facts count (DESIGN.md "Fork").
//
// A node's chains are a tree: each begins with fact 1 or goes on from a fact of another. A ledger's line is the path from its
// newest fact down to fact 1. Where HQ holds a longer line than the node, the node lost its end; what lies beside its line,
// it lost and went on without.
#pragma once
#include <optional>
#include <vector>

#include "hq/store.h"
#include "node/recovery.h"
#include "sync/message.h"

namespace paprsek::hq {

/// Some facts of one chain.
struct Run {
    ChainRecord chain;
    Range facts;
};

struct Recovery {
    sync::Receipt receipt;
    std::vector<node::EpochStart> line;
    std::optional<schema::Hash> fork;
    std::string renewed;  ///< the word of a restored ledger whose epoch ends
    /// Where its last bundle showed a part of the ledger only, and the line goes on without the rest: the fact after which it has to go on.
    /// Without it a ledger that takes no receipt over, for the line is longer than itself, would show the same part again and again.
    std::optional<std::int64_t> unseen_after;
    /// What the node lacks, in the order in which it can take it.
    std::vector<Run> runs;
};

/// `chains` are the node's, by epoch. `rights`: the node may hold rights (node/rights.h), so that the epoch of a restored ledger has
/// to end although its facts go on as they are: the lost copy may have spent what it held in it.
Recovery recovery(Store& store, const std::vector<ChainRecord>& chains, const Standing& standing, bool rights = false);

/// Whether the ledger that ends with fact `seq` of `chain` begins with the facts of `other` up to `at`.
bool same_line(Store& store, const std::vector<ChainRecord>& chains, const ChainRecord& chain, std::int64_t seq, const ChainRecord& other, std::int64_t at);

/// The chain on whose line fact `seq` has that hash; none where HQ holds no such fact.
std::optional<ChainRecord> chain_with(Store& store, const std::vector<ChainRecord>& chains, std::int64_t seq, const schema::Hash& hash);

/// The chain as which the node's own facts since its fork were taken over; none where it has not forked, or nothing was.
std::optional<ChainRecord> parted_chain(Store& store, const std::vector<ChainRecord>& chains, const Standing& standing);

/// The products and the node's facts that a bundle is packed by, as lines (sync/message.h); nothing where HQ does not hold the last of the
/// facts, by its hash, or the products as they stood in the state that the node names. `hq_epoch`: HQ's own.
/// Throws Error (refused) where they are more than a bundle may be packed by.
std::optional<std::vector<std::string>> known_lines(Store& store, const NodeRecord& node, std::int64_t hq_epoch, const sync::KnownFacts& wanted,
                                                    const std::string& what);

}  // namespace paprsek::hq
