#include "node/product_script.h"

#include <fmt/format.h>

#include "node/product_desk.h"

namespace paprsek::node {
namespace {

std::vector<std::string> texts_of(Fields& fields, const char* key) {
    std::vector<std::string> texts;
    const Json* list = fields.find(key);
    if (!list) return texts;
    if (!list->is_array() || list->size() > 1000) fields.refuse_field(key, "is not a list of at most 1000 codes");
    for (const Json& each : *list) {
        if (!each.is_string()) fields.refuse_field(key, "holds what is no text", "codes are texts in quotation marks");
        texts.push_back(each.get<std::string>());
    }
    return texts;
}

/// Prices of lists and of days to come; a price of null takes one out.
std::vector<PriceChange> price_changes_of(Fields& fields) {
    std::vector<PriceChange> changes;
    const Json* list = fields.find("prices");
    if (!list) return changes;
    if (!list->is_array() || list->size() > max_listed_prices)
        fields.refuse_field("prices", fmt::format("is not a list of at most {} prices", max_listed_prices));
    for (const Json& each : *list) {
        Fields price(each, fields.what() + " prices");
        const auto from = parse_date(price.text("from"));
        if (!from) price.refuse_field("from", "is no day", "write a day as 2026-04-01");
        changes.push_back({price.optional_text("list").value_or(""), *from, price.optional_decimal<Money>("price")});
        price.done();
    }
    return changes;
}

}  // namespace

bool is_product_act(Fields& line) { return line.has("product_set"); }

Outcome play_product(Node& node, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("product_set"), line.what() + " product_set");
    ProductChange change;
    change.product = fields.optional_text("product").value_or("");
    change.name = fields.optional_text("name");
    change.group = fields.optional_text("group");
    change.vat = fields.optional_text("vat");
    change.price = fields.optional_decimal<Money>("price");
    change.prices = price_changes_of(fields);
    change.cost = fields.optional_text("cost");
    change.points = fields.optional_text("points");
    change.dealers = fields.optional_text("dealer_discounts");
    change.linked = fields.optional_text("linked");
    change.codes = texts_of(fields, "codes");
    change.drop_codes = texts_of(fields, "drop_codes");
    fields.done();
    line.done();
    ProductBooked booked;
    if (auto outcome = change_product(node, change, booked); !outcome.ok()) return outcome;
    const ProductRow& row = booked.product;
    Json json = {{"product_set", row.key}, {"codes", row.codes},          {"name", row.name},
                 {"group", row.group},     {"price", print(row.price)},   {"vat", row.vat},
                 {"added", booked.added},  {"dealer_discounts", row.dealers}, {"linked", row.linked}};
    if (row.cost) json["cost"] = print(*row.cost);
    if (row.points) json["points"] = print(*row.points);
    if (!row.prices.empty()) json["prices"] = row.prices;
    if (!booked.doubtful.empty()) json["wrong_check_digit"] = booked.doubtful;
    if (booked.seq)
        json["seq"] = booked.seq;
    else
        json["unchanged"] = true;
    answer = std::move(json);
    return {};
}

}  // namespace paprsek::node
