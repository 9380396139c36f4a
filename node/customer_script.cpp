#include "node/customer_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "node/balances.h"
#include "node/customer_history.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

constexpr std::size_t max_listed_cards = 10'000;

std::vector<std::string> card_codes(Fields& fields, const char* key) {
    std::vector<std::string> codes;
    const Json* list = fields.find(key);
    if (!list) return codes;
    if (!list->is_array() || list->size() > max_listed_cards) fields.refuse_field(key, fmt::format("is not a list of at most {} cards", max_listed_cards));
    for (const Json& code : *list) {
        if (!code.is_string()) fields.refuse_field(key, "holds what is no text", "cards are texts in quotation marks");
        codes.push_back(code.get<std::string>());
    }
    return codes;
}

Json customer_answer(Node& node, const char* name, const CustomerBooked& booked) {
    Json json = customer_json(node, booked.customer);
    json[name] = booked.customer.number                  ? Json(std::to_string(*booked.customer.number))
                 : booked.customer.terms.cards.empty() ? Json(booked.customer.terms.id)
                                                       : Json(booked.customer.terms.cards.front());
    if (booked.seq)
        json["seq"] = booked.seq;
    else
        json["unchanged"] = true;
    return json;
}

Outcome change(Node& node, const Hand& by, const char* name, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get(name), line.what() + " " + name);
    CustomerChange change;
    const std::string customer = std::string_view(name) == "customer_edit" ? fields.text("customer") : "";
    change = read_change(fields);
    change.customer = customer;
    if (std::string_view(name) == "customer_edit" && customer.empty()) fields.refuse_field("customer", "is empty", "a number or a card");
    fields.done();
    line.done();
    CustomerBooked booked;
    if (auto outcome = change_customer(node, by, change, booked); !outcome.ok()) return outcome;
    answer = customer_answer(node, name, booked);
    return {};
}

Outcome show(Node& node, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("customer_show"), line.what() + " customer_show");
    const std::string text = fields.text("customer");
    fields.done();
    line.done();
    const auto record = named_customer(node.database(), text);
    if (!record) return refused(Refusal::unknown_customer, fmt::format("There is no customer {}.", text));
    Json json = customer_json(node, *record);
    json["history"] = customer_history(node, *record, {});
    json["customer_show"] = text;
    answer = std::move(json);
    return {};
}

Outcome merge(Node& node, const Hand& by, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("customer_merge"), line.what() + " customer_merge");
    const std::string from = fields.text("from"), into = fields.text("into");
    fields.done();
    line.done();
    CustomerBooked booked;
    if (auto outcome = merge_customers(node, by, from, into, booked); !outcome.ok()) return outcome;
    answer = customer_answer(node, "customer_merge", booked);
    return {};
}

Outcome of_one(Node& node, const Hand& by, const char* name, Outcome (*act)(Node&, const Hand&, std::string_view, CustomerBooked&), Fields& line,
            std::optional<Json>& answer) {
    Fields fields(line.get(name), line.what() + " " + name);
    const std::string customer = fields.text("customer");
    fields.done();
    line.done();
    CustomerBooked booked;
    if (auto outcome = act(node, by, customer, booked); !outcome.ok()) return outcome;
    answer = customer_answer(node, name, booked);
    return {};
}

Outcome cards(Node& node, const Hand& by, Fields& line, std::optional<Json>& answer) {
    const std::vector<std::string> codes = card_codes(line, "customer_cards");
    line.done();
    Json json = {{"customer_cards", Json::array()}, {"added", 0}};
    for (const ScannedCard& card : add_cards(node, by, codes)) {
        Json row = {{"card", card.card}, {"outcome", card.added ? "added" : card.outcome.ok() ? "known" : "refused"}};
        if (!card.outcome.ok()) row.update({{"refused", print(card.outcome.refusal)}, {"message", card.outcome.message}});
        json["added"] = json["added"].get<int>() + (card.added ? 1 : 0);
        json["customer_cards"].push_back(std::move(row));
    }
    answer = std::move(json);
    return {};
}

Json customer_answer(const char* name, const ResetSummary& summary) {
    return {
        {name, summary.batch}, {"customers", summary.customers}, {"points", print(summary.points)}, {"spend", print(summary.spend)}, {"facts", summary.facts}};
}

Outcome reset(Node& node, const Hand& by, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("reset"), line.what() + " reset");
    const auto what = parse_reset(fields.text("of"));
    if (!what) fields.refuse_field("of", "is none of accounts, points and spend");
    const std::string confirm = fields.optional_text("confirm").value_or("");
    fields.done();
    line.done();
    ResetSummary summary;
    if (auto outcome = reset_balances(node, by, *what, confirm, summary); !outcome.ok()) return outcome;
    answer = customer_answer("reset", summary);
    return {};
}

Outcome undo(Node& node, const Hand& by, Fields& line, std::optional<Json>& answer) {
    Fields(line.get("reset_undo"), line.what() + " reset_undo").done();
    line.done();
    ResetSummary summary;
    if (auto outcome = undo_reset(node, by, summary); !outcome.ok()) return outcome;
    answer = customer_answer("reset_undo", summary);
    return {};
}

constexpr std::array customer_acts = {"customer_add",   "customer_edit",  "customer_show", "customer_merge", "customer_unmerge",
                                      "customer_erase", "customer_cards", "reset",         "reset_undo"};

}  // namespace

bool is_customer_act(Fields& line) {
    return std::any_of(customer_acts.begin(), customer_acts.end(), [&](const char* act) { return line.has(act); });
}

std::vector<Permission> needed_for_act(Fields& line) {
    for (const char* name : {"customer_add", "customer_edit"})
        if (line.has(name)) {
            Fields fields(line.get(name), line.what() + " " + name);
            return needed_for(read_change(fields));
        }
    if (line.has("customer_show")) return {Permission::sell};
    if (line.has("customer_cards")) return {Permission::edit_customers};
    if (line.has("reset") || line.has("reset_undo")) return {Permission::reset_balances};
    return {Permission::manage_customers};
}

CustomerChange read_change(Fields& fields) {
    CustomerChange change;
    change.number = fields.optional_text("number");
    change.name = fields.optional_text("name");
    change.phone = fields.optional_text("phone");
    change.email = fields.optional_text("email");
    change.address = fields.optional_text("address");
    change.note = fields.optional_text("note");
    change.dealer = fields.optional_text("dealer");
    change.referrer = fields.optional_text("referrer");
    change.discount = fields.optional_decimal<Rate>("discount");
    if (fields.has("charge_to_account")) change.charge = fields.flag("charge_to_account", false);
    change.limit = fields.optional_decimal<Money>("limit");
    change.cards = card_codes(fields, "cards");
    change.drop_cards = card_codes(fields, "drop_cards");
    return change;
}

Outcome play_customers(Node& node, const Hand& by, Fields& line, std::optional<Json>& answer) {
    for (const char* name : {"customer_add", "customer_edit"})
        if (line.has(name)) return change(node, by, name, line, answer);
    if (line.has("customer_show")) return show(node, line, answer);
    if (line.has("customer_merge")) return merge(node, by, line, answer);
    if (line.has("customer_unmerge")) return of_one(node, by, "customer_unmerge", unmerge_customer, line, answer);
    if (line.has("customer_erase")) return of_one(node, by, "customer_erase", erase_customer, line, answer);
    if (line.has("customer_cards")) return cards(node, by, line, answer);
    if (line.has("reset")) return reset(node, by, line, answer);
    return undo(node, by, line, answer);
}

}  // namespace paprsek::node
