// Goods in from a table: a supplier's delivery note as CSV (header code,qty,cost), booked whole or not at all (T13).
#pragma once
#include <string>
#include <vector>

#include "node/stock.h"

namespace paprsek::node {

/// What the table says, before it is booked.
struct GoodsList {
    std::string document;             ///< the file's name and the beginning of its digest
    std::vector<StockItem> items;     ///< of the rows that are right
    std::vector<std::string> faults;  ///< "goods.csv line 7: …", one a wrong row
};
/// Throws Error on a file that is no such table.
GoodsList read_goods(Node& node, const std::string& path);

struct GoodsIn {
    std::vector<std::string> faults;  ///< "goods.csv line 7: …", one a wrong row; empty = no row is wrong
    Outcome outcome;                  ///< of the act; ok where it is booked
    StockBooked booked;
};

/// Books one stock.received fact. `act` brings stock, cashier and document; where that is empty, it is the list's, so that the same file is
/// refused the second time (Refusal::document_booked). Every wrong row is named, and nothing is booked where there is one. Throws Error on a
/// file that is no such table.
GoodsIn import_goods(Node& node, const std::string& path, StockAct act);

}  // namespace paprsek::node
