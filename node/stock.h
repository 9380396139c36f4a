// The acts of stock (T13): goods in, adjustments, transfers, stocktakes. Each is booked in one transaction and durable on return, but
// the lists of stocktakes, which may be long, in several; a refused one has booked nothing. Permissions are the caller's matter.
//
// A transfer is two facts, "sent" here and "arrived" there: in between the goods are nobody's stock but on their way, which HQ shows.
// Operating errors are thrown as Error. Threads: the node's.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/node.h"
#include "node/stock_levels.h"
#include "node/till.h"

namespace paprsek::node {

struct StockItem {
    std::string code;
    Quantity quantity;
    std::optional<Rate> cost;  ///< of a piece, of goods in and arrivals; none = as the stock's average, else as the catalogue says
};

/// Who does it, and what a second person lent for it.
struct StockHand {
    std::string cashier;
    std::vector<Approval> approvals;
};

struct StockAct {
    std::string stock;  ///< name; empty = the main one
    StockHand by;
    std::string reason;    ///< demanded of an adjustment
    std::string document;  ///< one that was received once is refused the second time; sent: free text
    int to = 0;            ///< sent: branch number
    std::string from;      ///< arrived: "3.1/57"; the same one is refused the second time
    std::vector<StockItem> items;
};

struct StockBooked {
    std::int64_t seq = 0;
    Instant at;
    StockFact fact;
    std::vector<std::string> codes;  ///< of each line, as given
    std::vector<StockLevel> levels;  ///< of each line's product, after the whole act
};

/// `kind` is stock.received, stock.adjusted, stock.sent or stock.arrived.
Outcome book_stock(Node& node, std::string_view kind, const StockAct& act, StockBooked& booked);

/// Called between two transactions of what is done in several, so that the till's own writing comes in between; done of total, in lines.
/// False stops where that is said below.
using Going = std::function<bool(std::int64_t done, std::int64_t total)>;

/// Freezes the list: the products of the group and of those below it (empty = the whole catalogue and all that the stock holds), each
/// with what is expected now. One stocktake a stock at a time. The lines are written in several transactions, and the list is there with
/// the last one; what was broken off before it leaves no list. Where `going` stops it, `products` is 0 and there is none.
Outcome open_stocktake(Node& node, const std::string& stock, const std::string& group, const std::string& cashier, std::int64_t& products,
                       const Going& going = {});
struct Counted {
    std::string product, name;
    Quantity expected, counted;
};
/// Adds to what was counted of a product so far (goods lie in several places), or replaces it.
Outcome count_stock(Node& node, const std::string& stock, std::string_view code, Quantity quantity, bool replace, Counted& counted);
/// What becomes of products on the list that nobody counted.
enum class Uncounted { keep, zero };
struct StocktakeClosed {
    std::vector<std::int64_t> seqs;  ///< a fact for each thousand lines
    Instant at;
    std::vector<StockLine> lines;  ///< as booked: those that agree, too
    bool clock_back = false;
};
/// Books counted − expected of each line counted, and with `zero` of the others that were expected to be there; the list is gone then.
/// Each thousand lines are a fact and leave the list with it, in one transaction: where that is broken off, the list holds what is left,
/// and closing it again goes on. What is refused for a reason that can be foreseen has booked nothing. `going` stops nothing.
Outcome close_stocktake(Node& node, const std::string& stock, Uncounted rest, const std::string& reason, const StockHand& by, StocktakeClosed& closed,
                        const Going& going = {});
/// Drops the list; books nothing. `going` stops nothing.
Outcome cancel_stocktake(Node& node, const std::string& stock, const Going& going = {});

/// The stock that this till sells from: empty = the main one. A setting of the till, not of its ledger.
std::string sells_from(Node& node);
/// Durable on return. Refused where nothing was ever booked to a stock of that name.
Outcome sell_from(Node& node, const std::string& stock);

}  // namespace paprsek::node
