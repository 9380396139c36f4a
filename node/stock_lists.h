// What the screens of stock show: levels as one searches, the acts that were booked with what is on its way, a stocktake in hand (T13).
// Queries only. Lists are bounded by `limit`. Throw Error (operating) where the ledger cannot be read.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/node.h"
#include "node/sales_reports.h"
#include "node/stock_levels.h"

namespace paprsek::node {

struct StockRow {
    std::string product, name, group;
    StockLevel level;
    std::optional<Money> value;
};
enum class StockFilter { all, below_zero };
struct StockSheet {
    std::vector<StockRow> rows;
    bool more = false;            ///< than the limit
    std::int64_t products = 0;    ///< of the whole stock: those with a level that is not zero
    std::int64_t below_zero = 0;  ///< of them
    std::optional<Money> value;   ///< of what is there at a known cost; none where the sum is out of range
};
/// Without a text the stock's goods by name; with one what of the catalogue it finds, also goods that the stock never held. Letters'
/// marks do not count, and a code finds its product.
StockSheet stock_sheet(Database& database, std::string_view stock, std::string_view text, StockFilter filter, int limit);

/// An act of stock as a document.
struct StockDocument {
    std::int64_t seq = 0;
    std::string name;  ///< the fact's, "3.1/57"
    Instant at;
    std::string kind;  ///< received, adjusted, counted, sent, arrived
    std::string stock, cashier, reason, document;
    int to = 0;        ///< sent: branch
    std::string from;  ///< arrived: the fact that sent it
    std::int64_t lines = 0;
    std::optional<Money> value;  ///< of its lines with a known cost, signed as they moved the stock
    std::string arrived;         ///< sent: the fact of this till that took it in
    bool on_the_way = false;     ///< sent to this branch, and this till has not taken it in; of other branches HQ alone knows
};
enum class StockDocuments { all, transfers };
/// The newest first.
std::vector<StockDocument> stock_documents(Node& node, StockDocuments which, Span span, int limit = -1);
/// Its lines, with quantities as they moved the stock. Empty where there is no such act.
std::vector<StockLine> stock_document_lines(Database& database, std::int64_t seq);

/// The stocktake of a stock that is open.
struct StocktakeSheet {
    Instant at;
    std::string cashier, group;                             ///< an empty group is everything
    std::int64_t products = 0, counted = 0, differing = 0;  ///< differing: of those counted
    std::int64_t missing = 0;                               ///< not counted, and other than zero is expected
    std::optional<Money> difference;                        ///< what those are worth at the known costs, signed
};
std::optional<StocktakeSheet> stocktake_sheet(Database& database, std::string_view stock);
/// Only which one it is, without reading its lines; the figures are 0.
std::optional<StocktakeSheet> stocktake_head(Database& database, std::string_view stock);
struct StocktakeRow {
    std::string product, name;
    Quantity expected;
    std::optional<Quantity> counted;
};
enum class StocktakeFilter { all, uncounted, differing };
std::vector<StocktakeRow> stocktake_rows(Database& database, std::string_view stock, std::string_view text, StocktakeFilter filter, int limit);

}  // namespace paprsek::node
