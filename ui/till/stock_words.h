// How the stock's screens name stocks and acts.
#pragma once
#include <string>
#include <vector>

#include "node/stock.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

/// "Main stock", or its name.
std::string stock_title(const std::string& stock);
/// What moved goods: received, adjusted, counted, sent, arrived, sale, refund; said by tr().
const char* stock_kind_name(const std::string& kind);
/// A change with its sign.
std::string signed_quantity(const Words& words, node::Quantity quantity);
/// What a piece cost: as an amount, with more decimals where it has them.
std::string cost_words(const Words& words, node::Rate cost);
/// Who changes stock, with what a second person lent for it; the refusal where that is not permitted.
node::Outcome stock_hand(node::Till& session, node::StockHand& hand);
/// The stock after `stock` in the order of names, round again.
std::string next_stock(const std::vector<std::string>& names, const std::string& stock);

}  // namespace paprsek::ui
