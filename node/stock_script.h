// The acts of stock as lines of a sell script (schema of lines: README.md "Stock").
#pragma once
#include <optional>
#include <string>

#include "node/base/json.h"
#include "node/stock.h"

namespace paprsek::node {

/// Whether the line is stock_in, stock_adjust, stock_send, stock_arrive, stocktake_open, stocktake_count, stocktake_close or
/// stocktake_cancel.
bool is_stock_act(Fields& line);
/// Plays such a line; `answer` stays empty where it was refused. Booked and durable on return.
Outcome play_stock(Node& node, const StockHand& by, Fields& line, std::optional<Json>& answer);

/// The answer to a booked act; `name` is the act's.
Json stock_answer(const Node& node, const char* name, const StockBooked& booked);

}  // namespace paprsek::node
