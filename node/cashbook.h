// The drawer and the day's closing: what came in by which tender, what should lie in the drawer (T11, T12).
#pragma once
#include <map>
#include <string>

#include "node/base/json.h"
#include "node/ledger.h"

namespace paprsek::node {

struct Takings {
    std::int64_t count = 0;
    Money gross, discount, net, redeemed, rounding, total;
};

/// Everything between two closings. Sales on account are in `sales` and in their tender, not in the drawer.
struct Closing {
    std::int64_t number = 0;              ///< Z number; of an open day: the one that it will get
    std::int64_t first_seq = 1, last_seq = 0;
    Takings sales, refunds;               ///< refunds in positive amounts
    std::map<std::string, Money> tenders; ///< by tender, refunds subtracted, cash less change
    std::map<std::string, std::pair<Money, Money>> vat;  ///< by "A 21": base and tax, refunds subtracted
    Money opening;                        ///< in the drawer after the last count
    Money cash_sales, cash_refunds, deposits, settlements, loans, cash_in, cash_out;  ///< all positive; loans less what was given back
    Money expected;                       ///< opening + sales − refunds + deposits + settlements − loans + in − out
    std::int64_t customers = 0;           ///< receipts with a customer
    Points points_awarded, points_taken;
};

/// The day that is open now: since the last Z report.
Closing open_day(Database& database, NodeName node);
/// The body of a day.closed fact (canonical JSON, integers).
std::string body_of(const Closing& closing, Money counted, std::int64_t clock_back_ms = 0);
/// The same body with amounts as decimal strings, as the command line answers it.
Json printed_closing(const Json& body);
/// What lies in the drawer by the books.
Money drawer(Database& database);

}  // namespace paprsek::node
