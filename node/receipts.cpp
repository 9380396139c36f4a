#include "node/receipts.h"

#include <fmt/format.h>

#include <cassert>

#include "node/base/text.h"
#include "node/codes.h"
#include "node/node.h"

namespace paprsek::node {
namespace {

ReceiptFact receipt_at(Database& database, NodeName node, std::int64_t seq) {
    const auto fact = Ledger(database, node).fact(seq);
    assert(fact);  // the projection names a fact of this ledger
    return parse_receipt(fact->kind, fact->body);
}

}  // namespace

NamedReceipt find_receipt(Database& database, NodeName node, std::string_view text) {
    const auto wanted = parse_receipt_number(text, node);
    if (!wanted) return {};
    struct Candidate {
        std::int64_t key, epoch;
    };
    std::vector<Candidate> found;
    auto rows = database.query(
        "SELECT number, (SELECT max(number) FROM epoch WHERE first_seq <= r.seq) FROM receipt r WHERE number = ?1 OR number >= ?2 AND number % ?2 = ?1",
        *wanted % epoch_keys, epoch_keys);
    while (rows.step()) found.push_back({rows.integer(0), rows.integer(0) < epoch_keys ? rows.integer(1) : rows.integer(0) / epoch_keys});
    NamedReceipt named;
    for (const Candidate& each : found) {
        if (found.size() == 1 || (*wanted >= epoch_keys && each.epoch == *wanted / epoch_keys)) named.key = each.key;
        named.choices.push_back(fmt::format("{}/{}", print_receipt_number(node, *wanted % epoch_keys), each.epoch));
    }
    if (*wanted >= epoch_keys && found.size() == 1 && found[0].epoch != *wanted / epoch_keys) named.key.reset();
    return named;
}

std::optional<StoredReceipt> receipt_by_number(Database& database, NodeName node, std::int64_t number) {
    auto row = database.query("SELECT seq, at FROM receipt WHERE number = ?", number);
    if (!row.step()) return std::nullopt;
    return StoredReceipt{receipt_at(database, node, row.integer(0)), row.integer(0), row.instant(1)};
}

std::vector<ReceiptFact> refunds_of(Database& database, NodeName node, std::int64_t number) {
    return refunds_named(database, node, print_receipt_number(node, number));
}

std::vector<ReceiptFact> refunds_named(Database& database, NodeName own, const std::string& receipt) {
    std::vector<ReceiptFact> refunds;
    auto rows = database.query("SELECT seq FROM receipt WHERE refund_of = ? ORDER BY abs(seq)", receipt);
    while (rows.step()) refunds.push_back(receipt_at(database, own, rows.integer(0)));
    return refunds;
}

std::vector<Quantity> left_to_refund(const ReceiptFact& sale, const std::vector<ReceiptFact>& before) {
    std::vector<Quantity> left;
    for (const BookedLine& line : sale.lines) left.push_back(line.quantity);
    for (const ReceiptFact& refund : before)
        for (const BookedLine& line : refund.lines)
            if (line.original > 0 && static_cast<std::size_t>(line.original) <= left.size()) left[static_cast<std::size_t>(line.original) - 1] -= line.quantity;
    return left;
}

std::vector<ReceiptEntry> receipts_between(Database& database, Instant from, Instant to, std::string_view text, int limit) {
    const std::string wanted(trim(text));
    const bool digits = !wanted.empty() && wanted.size() <= 12 && wanted.find_first_not_of("0123456789") == std::string::npos;
    // A short number is a receipt's; what is as long as a product's code is one.
    const auto number = digits && wanted.size() < 8 ? std::optional<std::int64_t>(std::stoll(wanted)) : std::nullopt;
    const std::string code = number ? std::string() : normalise_code(wanted);
    const std::string columns =
        "SELECT r.number, r.seq, r.at, r.refund_of IS NOT NULL, r.total, r.cashier, ifnull(c.name, ''),"
        " (SELECT count(*) FROM receipt_line l WHERE l.receipt = r.number) FROM receipt r LEFT JOIN customer c ON c.id = r.customer";
    auto rows = number ? database.query(columns + " WHERE r.number = ?1 OR r.number >= ?2 AND r.number % ?2 = ?1 ORDER BY r.at DESC LIMIT ?3", *number,
                                        epoch_keys, limit)
                       : database.query(columns +
                                            " WHERE r.at >= ?1 AND r.at < ?2 AND (?3 = '' OR instr(c.search, ?3) > 0 OR EXISTS (SELECT 1 FROM receipt_line l"
                                            " WHERE l.receipt = r.number AND (l.code = ?4 OR l.product = ?4 OR instr(lower(l.name), lower(?3)) > 0)))"
                                            " ORDER BY r.at DESC, abs(r.seq) DESC LIMIT ?5",
                                        from, to, fold(wanted), code, limit);
    std::vector<ReceiptEntry> entries;
    while (rows.step()) {
        ReceiptEntry entry{rows.integer(0),        rows.integer(1), rows.instant(2), rows.flag(3),
                           rows.decimal<Money>(4), rows.text(5),    rows.text(6),    rows.integer(7)};
        entries.push_back(std::move(entry));
    }
    return entries;
}

FactPlace place_in_chain(Database& database, NodeName own, std::int64_t seq) {
    if (seq > 0) return {own, database.integer("SELECT max(number) FROM epoch WHERE first_seq <= ?", seq).value_or(1), seq};
    auto row = database.query("SELECT epoch, seq FROM recovered_fact WHERE place = ?", -seq);
    row.step();
    return {own, row.integer(0), row.integer(1)};
}

std::optional<std::int64_t> closing_fact(Database& database, std::optional<std::int64_t> number) {
    return database.integer("SELECT seq FROM z_report WHERE ?1 IS NULL AND seq > 0 OR number = ?1 ORDER BY seq DESC LIMIT 1", number);
}

std::int64_t seq_in_chain(Database& database, std::int64_t seq) {
    return seq > 0 ? seq : database.integer("SELECT seq FROM recovered_fact WHERE place = ?", -seq).value_or(0);
}

std::int64_t highest_number(Database& database, std::string_view table) {
    const std::string below = fmt::format("SELECT max(number) FROM {} WHERE number < ?", table);
    std::int64_t highest = 0;
    for (auto key = database.integer(below, INT64_MAX); key; key = database.integer(below, *key / epoch_keys * epoch_keys))
        highest = std::max(highest, *key % epoch_keys);
    return highest;
}

std::int64_t next_receipt_number(Database& database) { return highest_number(database, "receipt") + 1; }

Money redeemed_unconfirmed(Database& database, std::int64_t after_seq, std::optional<std::string> customer, Instant since) {
    // Refunds carry negative amounts, so that what was taken back frees the cap again.
    return Money::of(
        database
            .integer("SELECT ifnull(sum(redeemed), 0) FROM receipt WHERE seq > ?1 AND (?2 IS NULL OR customer = ?2) AND at >= ?3", after_seq, customer, since)
            .value_or(0));
}

}  // namespace paprsek::node
