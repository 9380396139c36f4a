// Taking over what nodes send (DESIGN.md "Exchange"): every fact exactly once, whatever comes twice, early or not at all.
#pragma once
#include <optional>
#include <string>

#include "hq/project.h"
#include "hq/store.h"
#include "sync/message.h"

namespace paprsek::hq {

enum class IngestOutcome {
    new_facts,
    nothing,
    early,
    parted,   ///< the node went another way than HQ's chain: what it wrote since is taken over as another epoch
    forked,   ///< the same, and where they part is not known yet: nothing is taken over
    unplaced  ///< of an epoch whose beginning is not held, or packed by facts that are not: nothing taken over; the reply's receipt says
              ///< from where to send
};

struct IngestResult {
    IngestOutcome outcome = IngestOutcome::nothing;
    std::int64_t new_facts = 0;  ///< taken over, early ones whose gap closed included
    std::int64_t held = 0;       ///< of the bundle's facts: were here already (early ones too)
    std::int64_t early = 0;      ///< of the bundle's facts: kept until the gap before them closes
    std::optional<Range> gap;    ///< what is missing before the first fact that waits
    std::int64_t sales = 0, customers = 0;
    std::int64_t unknown = 0;    ///< of kinds that this version does not know: kept for one that does
    ChainRecord chain;           ///< afterwards
    std::vector<std::int64_t> touched;  ///< rows of customers whose balances or rights moved
    bool begun = false;          ///< the node's rights began (hq/rights.h)
    std::vector<Exception> exceptions;
};

enum class Sender {
    device,  ///< the node as it is
    former   ///< a device that the node had before: it gets no answer
};

/// Merges the facts of one bundle in one transaction; durable on return. `node` has been proven to be the sender.
///  - Facts that HQ holds: their hashes are compared. From the first that differs on, a fork, what came is taken over as another epoch,
///    and an exception names that fact and the first sale of either side. Where the histories part before the bundle begins, nothing of
///    it is taken over, and the node is to send again from there.
///  - Facts after a gap: kept, and taken over when the gap closes. Packed by facts of the gap, they cannot be read before: the bundle
///    itself, `bytes`, is kept, and whoever closes the gap merges it (Headquarters::import).
///  - Facts of an epoch that goes on from a fact not held (HQ was restored from before it): nothing is taken over.
///  - New facts: stored, then projected. One that cannot be projected becomes an exception; the following ones go on.
/// Throws Error (refused), with nothing changed, where the bundle breaks off or its epoch cannot be placed.
IngestResult ingest(Store& store, const NodeRecord& node, sync::UpReader& bundle, sync::BytesView bytes, const std::string& what, node::Instant now,
                    Sender sender = Sender::device);

/// What waits behind a gap of the chain, facts and bundles that cannot be read before it closes: in order, without overlap.
std::vector<Range> waiting_after_gap(Store& store, const ChainRecord& chain);

/// The node's next bundle is to begin after this fact, for its ladder has shown that it and HQ part later; nothing: as its receipt says.
std::optional<std::int64_t> resend_after(Store& store, std::int64_t node);

/// HQ's own facts: chained and projected within one writing transaction.
class OwnFacts {
public:
    OwnFacts(Store& store, Projector& projector, node::Instant now);
    /// Seq that the next fact will get.
    std::int64_t next_seq() const { return chain_.held + 1; }
    std::int64_t chain_id() const { return chain_.id; }
    std::int64_t epoch() const { return chain_.epoch; }
    void append(std::string_view kind, std::string_view body);
    /// Writes where the chain stands; call once before Projector::finish().
    void finish();

private:
    Store& store_;
    Projector& projector_;
    node::Instant now_;
    ChainRecord chain_;
    std::int64_t first_;
};

}  // namespace paprsek::hq
