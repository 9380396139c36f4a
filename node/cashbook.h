// The drawer, shifts and the day's closing: what came in by which tender, what should lie in the drawer (T11, T12).
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>

#include "node/base/json.h"
#include "node/ledger.h"

namespace paprsek::node {

struct Takings {
    std::int64_t count = 0;
    Money gross, discount, net, redeemed, rounding, total;
};

struct CashierTakings {
    std::int64_t count = 0;
    Money total, cash;
};

/// Sold on account: goods out, profit in, the drawer untouched. Cost and profit are the charged part of each receipt's.
struct AccountSales {
    std::int64_t count = 0;
    Money charged, cost, profit;
};

/// Everything between two counts. Sales on account are in `sales` and in their tender, not in the drawer.
struct Closing {
    std::int64_t number = 0;              ///< of the Z or of the shift; of an open day: the one that it will get
    std::int64_t first_seq = 1, last_seq = 0;
    Takings sales, refunds;               ///< refunds in positive amounts
    std::map<std::string, Money> tenders; ///< of receipts, by tender: refunds subtracted, cash less change
    std::map<std::string, Money> paid_in; ///< of deposits and settlements, by tender
    std::map<std::string, std::pair<Money, Money>> vat;  ///< by "A 21": base and tax, refunds subtracted
    std::map<std::string, CashierTakings> cashiers;      ///< refunds subtracted; the 200th and later ones together
    Money opening;                        ///< in the drawer after the last count
    Money cash_sales, cash_refunds, deposits, settlements, loans, cash_in, cash_out;  ///< all positive; loans less what was given back
    Money counts;                         ///< what shifts found over (below zero: short of) the books when they counted
    Money expected;                       ///< opening + sales − refunds + deposits + settlements − loans + in − out + counts
    Money cost, profit;                   ///< refunds subtracted; profit = what was paid for goods − their cost − loans
    AccountSales account;
    std::int64_t customers = 0;           ///< receipts with a customer
    Points points_awarded, points_taken;
};

/// The day that is open now: since the last Z report.
Closing open_day(Database& database, NodeName node);

struct Shift {
    std::int64_t number = 0, seq = 0;
    Instant at;
    std::string cashier;   ///< who opened it
};
/// The shift that is open, if one is.
std::optional<Shift> open_shift(Database& database);
std::int64_t next_shift_number(Database& database);
/// What has happened since the shift was opened.
Closing closing_of(Database& database, NodeName node, const Shift& shift);

/// Notes and coins by their value, and how many.
using Pieces = std::map<Money, std::int64_t>;
/// The notes and coins of a currency, greatest first; none = any value goes.
std::span<const Money> denominations(std::string_view currency);

/// A count of the drawer, as it is booked.
struct Count {
    Money expected, counted;
    Pieces pieces;                        ///< empty = only the sum was told
    std::string cashier;
    std::vector<Approval> approvals;
    std::int64_t clock_back_ms = 0;
};
/// The body of a shift.opened fact (canonical JSON, integers).
std::string body_of(std::int64_t shift, const Count& count);
/// The body of a day.closed or shift.closed fact.
std::string body_of(const Closing& closing, const Count& count);
/// The closing of a period that is not closed yet.
Json json_of(const Closing& closing);
/// A body with amounts as decimal strings, as the command line answers it.
Json printed_closing(const Json& body);

/// What lies in the drawer by the books.
Money drawer(Database& database);

}  // namespace paprsek::node
