// The ledger: facts are appended, chained and projected in one transaction, and never touched again.
//
// Several processes may append to one ledger: an append happens inside a Transaction (BEGIN IMMEDIATE), so each carries
// on where the ledger stands.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/base/database.h"
#include "node/facts.h"
#include "schema/fact.h"

namespace paprsek::node {

/// Where a ledger stands. An empty ledger: seq 0 and the genesis hash.
struct Head {
    std::int64_t seq = 0;
    Instant at;
    schema::Hash hash{};
};

class Ledger {
public:
    Ledger(Database& database, NodeName node) : database_(database), node_(node) {}

    Head head() const;
    /// By how many ms `at` lies before the newest fact; 0 when the clock went on as it should.
    std::int64_t clock_back_ms(Instant at) const;
    /// Adds a fact and its projections. Call within a Transaction; durable when that commits. `body` is canonical JSON
    /// (asserted bounds: schema/fact.h). Returns the fact's seq.
    std::int64_t append(std::string_view kind, std::string_view body, Instant at);

    /// A negative seq names a fact beside the ledger (node/recovery.h).
    std::optional<schema::Fact> fact(std::int64_t seq) const;
    /// Facts from..to (both included) in order, until `take` says no.
    void read(std::int64_t from, std::int64_t to, const std::function<bool(const schema::Fact&)>& take) const;

    NodeName node() const { return node_; }

private:
    Database& database_;
    NodeName node_;
};

/// Writes what follows from a fact into the projections of `database`: the only code that does. Unknown kinds do nothing.
void project(Database& database, const schema::Fact& fact);
/// The same of a fact beside the ledger (node/recovery.h): it stands under the seq −place, its receipts and closings under
/// keys of their epoch. Customers and policy are HQ's to say and stay as they are.
void project_recovered(Database& database, const schema::Fact& fact, std::int64_t epoch, std::int64_t place);

struct Verification {
    std::int64_t facts = 0;
    std::vector<std::string> faults;  ///< empty = all is well; each names the place
    bool ok() const { return faults.empty(); }
};
/// Recomputes the chain and rebuilds every projection in memory, comparing row by row. `progress` gets facts done.
Verification verify(Database& database, NodeName node, const std::function<void(std::int64_t)>& progress = {});

}  // namespace paprsek::node
