#include "node/account_reports.h"

#include <map>
#include <set>

namespace paprsek::node {
namespace {

std::vector<CustomerRecord> chosen(Node& node, const std::optional<CustomerRecord>& customer) {
    if (customer) return {*customer};
    return all_customers(node.database());
}

Json customer_cells(const CustomerRecord& record) {
    return {{"number", record.number ? Json(*record.number) : Json(nullptr)}, {"customer", record.texts.name}, {"cards", record.terms.cards}};
}

/// A credit that a refund left stands under its own number, as line 0.
std::string item_name(const AccountItem& item) { return item.line == 0 && item.name.empty() ? "Credit" : item.name; }

std::string receipts_of(NodeName node, const ActFact& settlement) {
    std::set<std::int64_t> receipts;
    for (const SettledItem& item : settlement.items)
        if (item.receipt) receipts.insert(item.receipt);
    std::string text;
    for (const std::int64_t receipt : receipts) text += (text.empty() ? "" : " ") + print_receipt_number(node, receipt);
    return text;
}

}  // namespace

Json statement(Node& node, const std::optional<CustomerRecord>& customer) {
    Json list = Json::array();
    for (const CustomerRecord& record : chosen(node, customer))
        for (const AccountItem& item : open_items(node.database(), record.terms.id)) {
            Json row = customer_cells(record);
            row.update({{"at", node.zone().print(item.at)},
                        {"receipt", print_receipt_number(node.info().node, item.receipt)},
                        {"line", item.line},
                        {"cashier", item.cashier},
                        {"name", item_name(item)},
                        {"qty", print(item.quantity - item.settled_quantity)},
                        {"amount", print(item.open())}});
            list.push_back(std::move(row));
        }
    return list;
}

Json brief_statement(Node& node, const std::optional<CustomerRecord>& customer) {
    Json list = Json::array();
    for (const CustomerRecord& record : chosen(node, customer)) {
        std::map<std::pair<Date, std::int64_t>, Money> receipts;
        for (const AccountItem& item : open_items(node.database(), record.terms.id)) receipts[{node.zone().local(item.at).date, item.receipt}] += item.open();
        for (const auto& [key, open] : receipts) {
            Json row = customer_cells(record);
            row.update({{"day", print(key.first)}, {"receipt", print_receipt_number(node.info().node, key.second)}, {"amount", print(open)}});
            list.push_back(std::move(row));
        }
    }
    return list;
}

Json payments(Node& node, const std::optional<CustomerRecord>& customer, Span span) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT f.seq, f.at, f.body, m.customer FROM movement m JOIN any_fact f ON f.seq = m.seq WHERE m.kind = 'settlement' AND (?1 IS NULL OR m.customer = "
        "?1) "
        "AND f.at >= ?2 AND f.at < ?3 ORDER BY f.at DESC, f.seq DESC",
        customer ? std::optional(customer->terms.id) : std::nullopt, span.from, span.to);
    while (rows.step()) {
        const ActFact fact = parse_act(rows.view(2));
        const auto record = customer_by_id(node.database(), rows.text(3));
        Json row = record ? customer_cells(*record) : Json::object();
        row.update({{"seq", rows.integer(0)},
                    {"at", node.zone().print(rows.instant(1))},
                    {"cashier", fact.cashier},
                    {"amount", print(fact.amount)},
                    {"rounding", print(fact.rounding)},
                    {"receipts", receipts_of(node.info().node, fact)}});
        row["pay"] = Json::array();
        for (const Tender& tender : fact.pay) row["pay"].push_back({{"with", print(tender.with)}, {"amount", print(tender.amount)}});
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace paprsek::node
