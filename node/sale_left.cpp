#include "node/sale_left.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/base/text.h"
#include "node/foreign_receipts.h"
#include "node/receipts.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

/// Till and number of a receipt of another till, as its slip says it.
struct ForeignNumber {
    NodeName node;
    std::int64_t key = 0;
    std::string shown() const { return print_receipt_number(node, key); }
};

std::optional<ForeignNumber> foreign_number(std::string_view receipt) {
    const auto dash = receipt.find('-');
    const auto node = dash == std::string_view::npos ? std::nullopt : parse_node_name(receipt.substr(0, dash));
    const auto key = node ? parse_receipt_number(receipt, *node) : std::nullopt;
    if (!key || *key % epoch_keys == 0) return std::nullopt;
    return ForeignNumber{*node, *key};
}

Outcome ambiguous(std::string_view receipt, const std::vector<std::string>& choices) {
    return refused(Refusal::ambiguous_receipt,
                   fmt::format("{} receipts bear the number {}: name {}.", choices.size() == 2 ? "Two" : "Several", receipt, fmt::join(choices, " or ")));
}

Outcome no_such_sale(std::string_view receipt) { return refused(Refusal::unknown_receipt, fmt::format("There is no sale {}.", receipt)); }

Outcome find_own(Node& node, std::string_view receipt, SaleLeft& found) {
    Database& database = node.database();
    const NodeName own = node.info().node;
    const NamedReceipt named = find_receipt(database, own, receipt);
    if (!named.key && named.choices.size() > 1) return ambiguous(receipt, named.choices);
    const auto original = named.key ? receipt_by_number(database, own, *named.key) : std::nullopt;
    if (!original || original->fact.refund) return no_such_sale(receipt);
    found.shown = print_receipt_number(own, *named.key);
    found.at = original->at;
    found.sale = original->fact;
    found.refunds = refunds_of(database, own, *named.key);
    for (ReceiptFact& refund : foreign_refunds(database, place_in_chain(database, own, original->seq))) found.refunds.push_back(std::move(refund));
    return {};
}

Outcome find_foreign(Node& node, std::string_view receipt, SaleLeft& found, std::string& wanted) {
    Database& database = node.database();
    const auto number = foreign_number(receipt);
    if (!number) return refused(Refusal::unknown_receipt, fmt::format("{} is no number of a receipt.", receipt));
    const std::string till = print(number->node);
    if (!node.enrolment())
        return refused(Refusal::unknown_receipt,
                       fmt::format("{} was sold at till {}: it goes back there, or here without its receipt.", number->shown(), till));
    std::vector<ForeignReceipt> sales = foreign_sales(database, number->node, number->key);
    if (sales.size() > 1) {
        std::vector<std::string> choices;
        for (const ForeignReceipt& each : sales) choices.push_back(fmt::format("{}/{}", number->shown(), each.place.epoch));
        return ambiguous(receipt, choices);
    }
    if (sales.empty()) {
        wanted = number->shown();
        const auto wish = receipt_wish(database, wanted);
        if (wish && wish->unknown)
            return refused(Refusal::unknown_receipt,
                           fmt::format("Headquarters does not know the receipt {} (asked {}): till {} has not sent it yet, or the number is wrong. It is asked "
                                       "again with the next exchange.",
                                       wanted, node.zone().print(*wish->unknown), till));
        return refused(
            Refusal::receipt_asked,
            fmt::format("{} was sold at till {} and is not here yet: headquarters is asked for it. Try again after the next exchange.", wanted, till));
    }
    ForeignReceipt& sale = sales.front();
    found.sold = sale.place;
    found.at = sale.at;
    found.shown = print_receipt_number(number->node, sale.fact.number);
    found.refunds = foreign_refunds(database, sale.place);
    for (ReceiptFact& refund : own_refunds_of_foreign(database, node.info().node, found.shown, sale.place)) found.refunds.push_back(std::move(refund));
    found.sale = std::move(sale.fact);
    return {};
}

}  // namespace

Outcome find_sale(Node& node, std::string_view receipt, SaleLeft& found, std::string& wanted) {
    return parse_receipt_number(receipt, node.info().node) ? find_own(node, receipt, found) : find_foreign(node, receipt, found, wanted);
}

Outcome look_up_sale(Node& node, std::string_view receipt, SaleLeft& found) {
    found = {};
    receipt = trim(receipt);
    std::string name(receipt), wanted;
    constexpr std::size_t digits_max = 9;
    if (!name.empty() && name.size() <= digits_max && all_digits(name)) name = print_receipt_number(node.info().node, std::stoll(name));
    Outcome outcome = find_sale(node, name, found, wanted);
    if (wanted.empty()) return outcome;
    Transaction transaction(node.database());
    wish_receipt(node, wanted, node.clock().now());
    transaction.commit();
    return outcome;
}

}  // namespace paprsek::node
