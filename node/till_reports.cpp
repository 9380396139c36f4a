#include "node/till_reports.h"

#include "node/customers.h"
#include "node/lookup.h"
#include "node/script.h"

namespace paprsek::node {

Json parked_report(Node& node) {
    Till till(node, Keep::at_payment);
    Json list = Json::array();
    for (const ParkedView& view : till.parked()) list.push_back(parked_json(node, view));
    return list;
}

Json traces_report(Node& node, Instant from, Instant to) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT t.at, t.seq, t.line, t.kind, t.cashier, t.area, t.place, t.code, t.name, t.quantity, t.price, t.list, t.amount, t.entered, t.reason, r.number "
        "FROM trace t LEFT JOIN receipt r ON r.seq = t.seq WHERE t.at >= ? AND t.at < ? ORDER BY abs(t.seq), t.line, t.kind",
        from, to);
    while (rows.step()) {
        Json row = {{"at", node.zone().print(rows.instant(0))}, {"seq", rows.integer(1)}, {"line", rows.integer(2)}, {"kind", rows.text(3)},
                    {"cashier", rows.text(4)}, {"code", rows.text(7)}, {"name", rows.text(8)}, {"qty", print(rows.decimal<Quantity>(9))},
                    {"price", print(rows.decimal<Money>(10))}, {"amount", print(rows.decimal<Money>(12))}, {"reason", rows.text(14)}};
        if (!rows.view(5).empty()) row["area"] = rows.text(5);
        if (!rows.view(6).empty()) row["table"] = rows.text(6);
        if (!rows.is_null(11)) row["list_price"] = print(rows.decimal<Money>(11));
        if (!rows.is_null(13)) row["entered"] = node.zone().print(rows.instant(13));
        if (const auto number = rows.optional_integer(15)) row["receipt"] = print_receipt_number(node.info().node, *number);
        list.push_back(std::move(row));
    }
    return list;
}

Json explain_code(Node& node, std::string_view code) {
    const CodeReading reading = read_code(node.database(), node.policy(), code, Explain::yes);
    Json json = {{"code", code}, {"normalised", reading.code}};
    switch (reading.kind) {
        case CodeReading::Kind::nothing: json["found"] = "nothing"; break;
        case CodeReading::Kind::product: json["found"] = "product"; break;
        case CodeReading::Kind::customer: json["found"] = "customer"; break;
        case CodeReading::Kind::badge: json["found"] = "badge"; break;
    }
    json["check_digit"] = !has_gtin_length(reading.code) ? "none" : gtin_check_digit_ok(reading.code) ? "right" : "wrong";
    if (const auto& product = reading.product) {
        json["product"] = {{"key", product->key}, {"name", product->name}, {"price", print(product->price)}, {"vat", product->vat}};
        json["found_as"] = reading.found_as;
    }
    if (const auto customer = reading.customer.empty() ? std::nullopt : customer_by_id(node.database(), reading.customer)) {
        json["customer"] = {{"id", reading.customer}, {"name", customer->texts.name}};
        if (customer->number) json["customer"]["number"] = *customer->number;
    }
    if (reading.quantity) json["quantity"] = print(*reading.quantity);
    if (reading.price) json["price"] = print(*reading.price);
    json["steps"] = Json::array();
    for (const LookupStep& step : reading.steps) json["steps"].push_back({{"asked", step.asked}, {"matched", step.matched}, {"why", step.why}});
    return json;
}

Json tables(Node& node) {
    Till till(node, Keep::at_payment);
    Json list = Json::array();
    for (const AreaView& area : till.tables()) {
        Json tables = Json::array();
        for (const TableView& table : area.tables)
            tables.push_back({{"table", table.name}, {"receipt", table.receipt ? parked_json(node, *table.receipt) : Json(nullptr)}});
        list.push_back({{"area", area.name}, {"tables", std::move(tables)}});
    }
    return list;
}

}  // namespace paprsek::node
