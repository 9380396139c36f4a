// Refunds at another till than the one that sold the goods (T9): which sale each refund is of, what tills are told of it, and goods that
// two tills gave back before either had heard of the other.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hq/store.h"
#include "hq/watch.h"

namespace paprsek::hq {

/// What came back of a sale beyond what was sold, and what was given for it.
struct Surplus {
    struct Line {
        int line = 0;           ///< from 1
        std::string name;
        node::Quantity sold, returned;
    };
    std::vector<Line> lines;    ///< of which more came back than was sold; none: all is well
    node::Money net, paid;      ///< spend taken from the customer once too often, and money given back once too often
    node::Points points;        ///< taken from the customer too much, less those of a redemption that came back too much
    std::optional<node::Referral> referral;  ///< taken from the referrer too much
    node::Quantity goods() const;
};
/// Rule 10 the other way round: what all refunds come to, less what they would come to had each line come back once. Pure.
Surplus surplus_of(const node::ReceiptFact& sale, const std::vector<node::ReceiptFact>& refunds);

/// The fact; none where HQ does not hold it.
std::optional<FactId> fact_at(Store& facts, const node::FactPlace& place);
/// The sale that a receipt's number means in the ledger of a fact; `pending` are sales that are not written yet.
std::optional<node::FactPlace> sale_numbered(Store& store, Store& facts, const FactView& fact, const std::string& number, const std::vector<SaleRow>& pending);
/// All sales of that number, "3.1-000017" or "3.1-000017/2"; of a ledger that forked there may be several.
std::vector<node::FactPlace> sales_numbered(Store& store, const std::string& number);

/// Raises double_refund about the sale where more came back than was sold and nobody has answered so much. False where the sale is
/// not here. `by` is the fact that brought it on.
bool watch_refunds(Store& store, Store& facts, Watch& watch, const FactView& by, const node::FactPlace& sold);

/// What the node asks for goes down with its next replies; what is not known is kept, to be told. Within a writing transaction.
void ask_receipts(Store& store, const NodeRecord& node, const std::vector<std::string>& receipts);

/// The rows of one receipt for a node: the sale, where it is not its own, and the refunds that others made.
std::vector<node::StateRow> receipt_rows(Store& store, node::NodeName reader, const node::FactPlace& sold, std::int64_t version);

}  // namespace paprsek::hq
