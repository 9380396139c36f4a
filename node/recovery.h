// Facts that come back: a node's own facts that its ledger lost and HQ still holds (an old backup was restored, a second
// machine went on under the same name, the disk died).
//
// A fact that continues the ledger is appended to it, with the very hash that it had. One that lies beside it, since the
// ledger went another way meanwhile, is kept in recovered_fact and projected under a negative seq; its receipts are found as
// "3.1-000017/1", 1 being the epoch that they are of, for the ledger may have another 3.1-000017.
#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "node/node.h"

namespace paprsek::node {

struct ReturnedFact {
    std::int64_t epoch = 1;
    schema::Fact fact;
    schema::Hash previous{};  ///< hash of the fact before it
    std::string personal;     ///< the texts beside it; empty = none
};

enum class TakenBack {
    held,      ///< was here already
    appended,  ///< continues the ledger
    set_aside, ///< lies beside the ledger
    unplaced   ///< the fact before it is not here: nothing was done
};
/// Call within a transaction.
TakenBack take_back(Node& node, const ReturnedFact& returned);

/// Where an epoch begins: behind fact `after`.
struct EpochStart {
    std::int64_t epoch = 1, after = 0;
    friend bool operator==(const EpochStart&, const EpochStart&) = default;
};
/// The ledger's epochs from the second on.
std::vector<EpochStart> epoch_starts(Database& database);
/// Says anew to which epochs the ledger's facts belong; hashes name no epoch and stay. Call within a transaction.
void set_epoch_starts(Database& database, std::span<const EpochStart> starts);

/// HQ holds this node's ledger up to here: of a receipt for a lost epoch, up to where the ledger went its own way.
std::int64_t confirmed_through(Node& node);

/// Of which epochs facts lie beside the ledger, and up to which seq.
std::map<std::int64_t, std::int64_t> set_aside(Database& database);

}  // namespace paprsek::node
