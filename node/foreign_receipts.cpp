#include "node/foreign_receipts.h"

#include <fmt/format.h>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/rights.h"

namespace paprsek::node {
namespace {

constexpr std::int64_t receipt_wish_ms = 31 * 86'400'000LL;

[[noreturn]] void bad(const StateRow& row, const char* key) {
    refuse("state row receipt " + row.key, fmt::format("\"{}\" does not have the form of such a row", key));
}

ForeignReceipt read_foreign(const Statement& row) {
    const auto sold = row.optional_text(1);
    const std::string kind(sold ? schema::kind::refund : schema::kind::sale);
    return {parse_fact_place(row.text(0)).value_or(FactPlace{}), sold ? parse_fact_place(*sold) : std::nullopt, row.instant(2),
            parse_receipt(kind, row.view(3))};
}

constexpr const char* select_foreign = "SELECT fact, sold, at, body FROM foreign_receipt ";

}  // namespace

StateRow receipt_state_row(const FactPlace& place, std::int64_t at, std::string_view body, const std::optional<FactPlace>& sold, std::int64_t version) {
    Json json = {{"at", at}, {"body", body}};
    if (sold) json["sold"] = print(*sold);
    return {"receipt", print(place), version, canonical(json)};
}

void apply_receipt(Database& database, const StateRow& row) {
    if (row.body.empty()) {
        database.run("DELETE FROM foreign_receipt WHERE fact = ?", row.key);
        return;
    }
    const auto place = parse_fact_place(row.key);
    if (!place) bad(row, "the key");
    const Json json = parse_json(row.body, "state row receipt " + row.key, 2 * schema::max_body_bytes);
    const auto text = [&](const char* key) {
        const auto found = json.find(key);
        if (found == json.end()) return std::string();
        if (!found->is_string()) bad(row, key);
        return found->get<std::string>();
    };
    if (!json.is_object() || !json.contains("at") || !json["at"].is_number_integer()) bad(row, "at");
    const std::string body = text("body"), sold = text("sold");
    if (!sold.empty() && !parse_fact_place(sold)) bad(row, "sold");
    const ReceiptFact fact = parse_receipt(sold.empty() ? schema::kind::sale : schema::kind::refund, body);
    if (fact.number < 1 || fact.number >= epoch_keys) bad(row, "body");
    database.run("INSERT OR REPLACE INTO foreign_receipt (fact, node, epoch, number, sold, at, body) VALUES (?, ?, ?, ?, ?, ?, ?)", row.key, print(place->node),
                 place->epoch, fact.number, sold.empty() ? std::nullopt : std::optional(sold), json["at"].get<std::int64_t>(), body);
    if (!sold.empty()) return;
    for (const std::int64_t key : {fact.number, receipt_key(place->epoch, fact.number)})
        database.run("DELETE FROM receipt_wish WHERE receipt = ?", print_receipt_number(place->node, key));
}

std::vector<ForeignReceipt> foreign_sales(Database& database, NodeName node, std::int64_t key) {
    std::vector<ForeignReceipt> sales;
    auto rows = database.query(std::string(select_foreign) + "WHERE node = ?1 AND number = ?2 AND sold IS NULL AND (?3 = 0 OR epoch = ?3) ORDER BY epoch",
                               print(node), key % epoch_keys, key / epoch_keys);
    while (rows.step()) sales.push_back(read_foreign(rows));
    return sales;
}

std::vector<ReceiptFact> foreign_refunds(Database& database, const FactPlace& sold) {
    std::vector<ReceiptFact> refunds;
    for (auto rows = database.query(std::string(select_foreign) + "WHERE sold = ? ORDER BY at, fact", print(sold)); rows.step();)
        refunds.push_back(read_foreign(rows).fact);
    return refunds;
}

std::vector<ReceiptFact> own_refunds_of_foreign(Database& database, NodeName own, const std::string& number, const FactPlace& sold) {
    std::vector<ReceiptFact> refunds;
    for (ReceiptFact& refund : refunds_named(database, own, number))
        if (refund.sold == sold) refunds.push_back(std::move(refund));
    return refunds;
}

std::optional<ReceiptWish> receipt_wish(Database& database, const std::string& receipt) {
    auto row = database.query("SELECT at, unknown FROM receipt_wish WHERE receipt = ?", receipt);
    if (!row.step()) return std::nullopt;
    return ReceiptWish{row.instant(0), row.is_null(1) ? std::nullopt : std::optional(row.instant(1))};
}

void wish_receipt(Node& node, const std::string& receipt, Instant at) {
    Database& database = node.database();
    database.run("DELETE FROM receipt_wish WHERE at < ?", Instant{at.ms - receipt_wish_ms});
    database.run("INSERT INTO receipt_wish (receipt, at) VALUES (?, ?) ON CONFLICT (receipt) DO UPDATE SET at = excluded.at", receipt, at);
    note_wish(node);
}

std::vector<std::string> wished_receipts(Database& database, std::size_t most) {
    std::vector<std::string> receipts;
    for (auto rows = database.query("SELECT receipt FROM receipt_wish ORDER BY at DESC, receipt LIMIT ?", most); rows.step();) receipts.push_back(rows.text(0));
    return receipts;
}

void note_unknown_receipts(Database& database, const std::vector<std::string>& receipts, Instant at) {
    for (const std::string& receipt : receipts) database.run("UPDATE receipt_wish SET unknown = ? WHERE receipt = ?", at, receipt);
}

void begin_receipts_anew(Database& database) { database.run("UPDATE foreign_receipt SET named = 0"); }

void end_receipts_anew(Database& database, NodeName own) {
    database.run("DELETE FROM foreign_receipt WHERE NOT named AND ifnull(substr(sold, 1, instr(sold, '/') - 1), '') <> ?", print(own));
}

}  // namespace paprsek::node
