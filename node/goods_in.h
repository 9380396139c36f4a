// Goods in from a table: a supplier's delivery note as CSV (header code,qty,cost), booked whole or not at all (T13).
#pragma once
#include <string>
#include <vector>

#include "node/stock.h"

namespace paprsek::node {

struct GoodsIn {
    std::vector<std::string> faults;  ///< "goods.csv line 7: …", one a wrong row; empty = no row is wrong
    Outcome outcome;                  ///< of the act; ok where it is booked
    StockBooked booked;
};

/// Books one stock.received fact. `act` brings stock, cashier and document; where that is empty, the file's name and the beginning of its
/// digest are the document, so that the same file is refused the second time (Refusal::document_booked). Every wrong row is named,
/// and nothing is booked where there is one. Throws Error on a file that is no such table.
GoodsIn import_goods(Node& node, const std::string& path, StockAct act);

}  // namespace paprsek::node
