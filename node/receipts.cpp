#include "node/receipts.h"

#include <cassert>

#include "node/node.h"

namespace paprsek::node {
namespace {

ReceiptFact read(Database& database, NodeName node, std::int64_t seq) {
    const auto fact = Ledger(database, node).fact(seq);
    assert(fact);  // the projection names a fact of this ledger
    return parse_receipt(fact->kind, fact->body);
}

}  // namespace

std::optional<StoredReceipt> receipt_by_number(Database& database, NodeName node, std::int64_t number) {
    auto row = database.query("SELECT seq, at FROM receipt WHERE number = ?", number);
    if (!row.step()) return std::nullopt;
    return StoredReceipt{read(database, node, row.integer(0)), row.integer(0), row.instant(1)};
}

std::vector<ReceiptFact> refunds_of(Database& database, NodeName node, std::int64_t number) {
    std::vector<ReceiptFact> refunds;
    auto rows = database.query("SELECT seq FROM receipt WHERE refund_of = ? ORDER BY number", print_receipt_number(node, number));
    while (rows.step()) refunds.push_back(read(database, node, rows.integer(0)));
    return refunds;
}

std::int64_t next_receipt_number(Database& database) { return database.integer("SELECT max(number) FROM receipt").value_or(0) + 1; }

Money redeemed_unconfirmed(Database& database, std::int64_t after_seq, std::optional<std::string> customer, Instant since) {
    // Refunds carry negative amounts, so that what was taken back frees the cap again.
    return Money::of(
        database
            .integer("SELECT ifnull(sum(redeemed), 0) FROM receipt WHERE seq > ?1 AND (?2 IS NULL OR customer = ?2) AND at >= ?3", after_seq, customer, since)
            .value_or(0));
}

}  // namespace paprsek::node
