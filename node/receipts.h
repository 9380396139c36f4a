// Booked receipts, read back from the ledger.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/facts.h"
#include "node/ledger.h"

namespace paprsek::node {

struct StoredReceipt {
    ReceiptFact fact;
    std::int64_t seq = 0;
    Instant at;
};

/// What a customer's slip says, and the receipt's key. After a fork two receipts may bear one number (node/recovery.h): then the
/// key is missing and `choices` names them, "3.1-000017/1" and "3.1-000017/2", by the epochs that they are of.
struct NamedReceipt {
    std::optional<std::int64_t> key;
    std::vector<std::string> choices;
};
NamedReceipt find_receipt(Database& database, NodeName node, std::string_view text);
std::optional<StoredReceipt> receipt_by_number(Database& database, NodeName node, std::int64_t number);
/// The refunds of an own receipt that this node made, in order.
std::vector<ReceiptFact> refunds_of(Database& database, NodeName node, std::int64_t number);
/// How much of each line of a sale may still be given back (T9), after `before`.
std::vector<Quantity> left_to_refund(const ReceiptFact& sale, const std::vector<ReceiptFact>& before);

/// A row of the list of past receipts.
struct ReceiptEntry {
    std::int64_t number = 0, seq = 0;
    Instant at;
    bool refund = false;
    Money total;           ///< of a refund below zero
    std::string cashier;
    std::string customer;  ///< name, else empty
    std::int64_t lines = 0;
};
/// Receipts in [from, to), the newest first, at most `limit`. `text` narrows: a number names that receipt whenever it was, a code the
/// receipts with that product, other text those whose customer's name or line begins with or holds it.
std::vector<ReceiptEntry> receipts_between(Database& database, Instant from, Instant to, std::string_view text, int limit);

/// The refunds made at this node that name this receipt, whoever sold the goods.
std::vector<ReceiptFact> refunds_named(Database& database, NodeName own, const std::string& receipt);
/// Where a fact of this node stands in the chain; `seq` as the projections know it.
FactPlace place_in_chain(Database& database, NodeName own, std::int64_t seq);
/// The fact of the Z report of this number, of the newest one without; nothing where there is none.
std::optional<std::int64_t> closing_fact(Database& database, std::optional<std::int64_t> number = {});
/// The seq that a fact bears in its chain: of a fact beside the ledger (negative here) the one that it has there.
std::int64_t seq_in_chain(Database& database, std::int64_t seq);
/// Above all that are known, those of lost epochs too: no two receipts printed from now on share a number.
std::int64_t next_receipt_number(Database& database);
/// Highest number that this till has given, of any of its epochs (node/node.h, epoch_keys), in a table whose key is `number`; 0 = none.
/// Reads one row an epoch, for a ledger of years is long.
std::int64_t highest_number(Database& database, std::string_view table);
/// What points paid at this node in facts that HQ has not confirmed yet: of one customer, or of all since `since`.
Money redeemed_unconfirmed(Database& database, std::int64_t after_seq, std::optional<std::string> customer, Instant since);

}  // namespace paprsek::node
