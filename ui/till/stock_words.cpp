#include "ui/till/stock_words.h"

#include <algorithm>
#include <utility>

namespace paprsek::ui {

std::string stock_title(const std::string& stock) { return stock.empty() ? std::string(tr("Main stock")) : stock; }

const char* stock_kind_name(const std::string& kind) {
    static constexpr std::pair<const char*, const char*> names[] = {
        {"received", mark("Goods in")}, {"adjusted", mark("Adjusted")}, {"counted", mark("Counted")},   {"sent", mark("Sent")},
        {"arrived", mark("Arrived")},   {"sale", mark("Sold")},         {"refund", mark("Given back")},
    };
    for (const auto& [name, words] : names) {
        if (kind == name) return tr(words);
    }
    return tr("Movement");
}

std::string signed_quantity(const Words& words, node::Quantity quantity) { return (quantity > node::Quantity{} ? "+" : "") + words.quantity(quantity); }

std::string cost_words(const Words& words, node::Rate cost) {
    constexpr std::int64_t minor_unit = 10'000;  // in millionths
    return cost.raw() % minor_unit == 0 ? words.bare_money(node::Money::of(cost.raw() / minor_unit)) : words.typed(cost);
}

node::Outcome stock_hand(node::Till& session, node::StockHand& hand) {
    hand.cashier = session.view().cashier;
    return session.demand(node::Permission::manage_stock, &hand.approvals);
}

std::string next_stock(const std::vector<std::string>& names, const std::string& stock) {
    const auto at = std::find(names.begin(), names.end(), stock);
    if (at == names.end() || at + 1 == names.end()) return {};
    return *(at + 1);
}

}  // namespace paprsek::ui
