// Booked receipts, read back from the ledger.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/facts.h"
#include "node/ledger.h"

namespace paprsek::node {

struct StoredReceipt {
    ReceiptFact fact;
    std::int64_t seq = 0;
    Instant at;
};

std::optional<StoredReceipt> receipt_by_number(Database& database, NodeName node, std::int64_t number);
/// The refunds of a receipt, in order.
std::vector<ReceiptFact> refunds_of(Database& database, NodeName node, std::int64_t number);
std::int64_t next_receipt_number(Database& database);
/// What points paid at this node in facts that HQ has not confirmed yet: of one customer, or of all since `since`.
Money redeemed_unconfirmed(Database& database, std::int64_t after_seq, std::optional<std::string> customer, Instant since);

}  // namespace paprsek::node
