// Receipts of other tills of the chain, so that goods sold there can be given back here (T9).
//
// They come down as state, and only where somebody wants them: a refund of a receipt that is not here is refused and leaves a wish,
// the next exchange asks HQ, and HQ sends the sale with all refunds of it that it knows. From then on it sends each further refund as
// well; likewise, unasked, the refunds that other tills make of this till's own receipts. So what is left of a receipt is known here
// as far as HQ knew it. Two tills that give the same goods back before either has heard of the other are found at HQ (hq/refunds.h).
//
// Threads and transactions: as Database.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/facts.h"
#include "node/node.h"
#include "node/receipts.h"
#include "node/state.h"

namespace paprsek::node {

/// A sale or refund of another till, and in the second case the sale that it names.
struct ForeignReceipt {
    FactPlace place;
    std::optional<FactPlace> sold;
    Instant at;
    ReceiptFact fact;
};

/// Row of state of kind "receipt"; `body` of its fact as it is, `sold` for a refund.
StateRow receipt_state_row(const FactPlace& place, std::int64_t at, std::string_view body, const std::optional<FactPlace>& sold, std::int64_t version);
/// Throws Error (refused) on a row that does not have the form. Call within a transaction. What it brings is no wish any more.
void apply_receipt(Database& database, const StateRow& row);

/// The sales here that bear the number which a slip of another till says, with "/2" behind it those of that epoch alone.
std::vector<ForeignReceipt> foreign_sales(Database& database, NodeName node, std::int64_t key);
/// Refunds of a sale, made at other tills.
std::vector<ReceiptFact> foreign_refunds(Database& database, const FactPlace& sold);
/// Refunds of another till's sale, made at this one; `number` as the facts name it.
std::vector<ReceiptFact> own_refunds_of_foreign(Database& database, NodeName own, const std::string& number, const FactPlace& sold);

struct ReceiptWish {
    Instant at;
    std::optional<Instant> unknown;  ///< HQ's clock when it answered that it does not know the receipt
};
std::optional<ReceiptWish> receipt_wish(Database& database, const std::string& receipt);
/// HQ is asked for it with the next exchanges, for a month at most. Call within a transaction.
void wish_receipt(Node& node, const std::string& receipt, Instant at);
/// At most so many, the newest first.
std::vector<std::string> wished_receipts(Database& database, std::size_t most);
/// HQ's answer. Call within a transaction.
void note_unknown_receipts(Database& database, const std::vector<std::string>& receipts, Instant at);

/// The state is read from the start: what HQ does not name again until the end is given up, but for refunds of own receipts, which
/// stay true. Call within a transaction.
void begin_receipts_anew(Database& database);
void end_receipts_anew(Database& database, NodeName own);

}  // namespace paprsek::node
