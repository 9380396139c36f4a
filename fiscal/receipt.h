// What a printer has to know of a receipt. Plain data, made from the sale's fact (from_fact.h); a printer knows no till.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/base/clock.h"
#include "node/base/decimal.h"
#include "node/facts.h"

namespace paprsek::fiscal {

/// gross = price × quantity; net = gross − discount; paid = net less the line's share of what points paid.
struct Line {
    std::string code;
    std::string name;  ///< UTF-8, NFC
    std::string vat;   ///< the till's group; the device's letter follows from its rate
    node::Money price;
    node::Quantity quantity = node::one_piece;
    node::Money gross, discount, net, paid;
    node::Points points;  ///< awarded
    friend bool operator==(const Line&, const Line&) = default;
};

struct Tender {
    node::TenderKind with = node::TenderKind::cash;
    node::Money amount;     ///< cash as tendered, change not yet off
    std::string name = {};  ///< of a tender of the policy's; empty = `with` itself
    friend bool operator==(const Tender&, const Tender&) = default;
};

/// The customer as a receipt names one. Balances are those after the receipt.
struct Buyer {
    std::string shown;   ///< number or card as it was presented
    std::string name;    ///< empty where it is hidden or not known
    std::string tax_id;  ///< of a business that asked for it; empty = none
    node::Points points;
    bool has_balance = false;                 ///< `points` is known
    std::optional<node::LocalTime> known_at;  ///< of headquarters' state by which they are known; nothing = there is none, or it is not told
    std::optional<node::Money> debt;          ///< on account after the receipt, where it was charged
};

struct Receipt {
    std::int64_t seq = 0;   ///< of the fact
    std::string number;     ///< "3.1-000017"
    bool refund = false;    ///< all amounts are positive and go the other way
    std::string refund_of;  ///< the original's number; empty = none
    std::string reason;     ///< of a refund without a receipt
    node::Instant at;
    node::LocalTime local;                    ///< `at` by the branch's wall clock
    std::string currency;                     ///< "CZK"
    std::string shop;                         ///< the branch's name
    std::vector<std::string> header, footer;  ///< further lines (address, tax number; thanks), UTF-8
    std::string cashier;
    std::string place;  ///< table, where there is one
    std::optional<Buyer> buyer;
    std::vector<Line> lines;
    std::map<std::string, node::Rate> rates;  ///< of every VAT group with a line
    std::vector<node::ReceiptFact::VatRow> vat;
    node::Money net, redeemed, rounding, total, change;
    node::Money loan;  ///< cash handed out for text lines charged to the account; a refund takes it in again
    node::Points awarded, taken;
    bool redemption_is_payment = false;
    std::vector<Tender> pay;  ///< cash as tendered; the redemption is not among them
    std::string hash;         ///< of the fact, 64 hexadecimal digits: what HQ can prove later
    bool copy = false;        ///< to be marked as a copy
};

}  // namespace paprsek::fiscal
