// The rules: what a line costs, which points it gives, what points may pay, what goes back (PRODUCT.md "How prices and
// points are computed", rules 1–10). Pure functions of their arguments: no database, no clock. "Why this price?" is the
// record that the same computation leaves behind.
//
// Arithmetic that leaves the range of an amount throws Overflow.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "node/base/clock.h"
#include "node/facts.h"
#include "node/imports.h"
#include "node/policy.h"
#include "node/price_list.h"

namespace paprsek::node {

/// A product as it stood in the catalogue when its line was entered.
struct Product {
    std::string key;
    std::vector<std::string> codes;
    std::string name;
    std::string group;
    std::vector<std::string> groups;  ///< the group and all above it, folded
    Money price;
    std::string vat;
    std::optional<Money> cost;
    std::optional<Points> points;
    std::vector<DealerDiscount> dealers;
    std::vector<ListedPrice> prices;  ///< `price` is the catalogue's own until a till looks among these (node/price_list.h)
    std::vector<std::string> linked;  ///< codes of what is sold along with it
    bool excluded = false;            ///< by a flag of its group or of one above
};

/// What of a customer the rules look at, before this receipt.
struct CustomerTerms {
    std::string id;
    Rate discount;
    std::string dealer;
    std::vector<std::string> cards;
    std::vector<std::string> programmes;  ///< on whose lists one of the cards stands; by range, the policy tells
    Points points;
    Money spend;
    Money debt;
    bool charge = false;
    Money limit;
    std::string referrer;
};

struct LineInput {
    std::string code;
    std::optional<Product> product;  ///< none: a text or open line
    std::string name;
    std::string vat;
    Money price;                     ///< unit price, typed or of the catalogue
    bool price_typed = false;
    bool price_embedded = false;     ///< by the barcode: no cashier's doing
    Quantity quantity = one_piece;
    std::optional<Rate> manual_discount;  ///< percent
    Instant entered;
    BookedState state = {};          ///< HQ's, as the product was looked up in it
};

enum class Why {
    unit_price, typed_price, embedded_price, excluded, manual_ignored, fixed_discount, programme_discount, dealer_discount,
    level_discount, time_discount, manual_discount, capped, points_of_product, points_of_price, points_of_margin, multiplier, no_points_mode
};
/// One rule that acted, in order: its subject (a programme's name, a dealer category) and its figure.
struct Reason {
    Why why;
    std::string subject;
    Rate figure;
};

struct PricedLine {
    BookedLine line;
    Rate percent;
    std::vector<Reason> why;
};

/// What of the customer acts on the prices of these lines, for the fact; terms_of() gives it back to the rules.
BookedTerms booked_terms(const Policy& policy, const TimeZone& zone, const CustomerTerms& customer, const std::vector<Instant>& entered);
CustomerTerms terms_of(const BookedTerms& booked);

/// Rules 1–4 for one line.
PricedLine price_line(const Policy& policy, const TimeZone& zone, const LineInput& input, const CustomerTerms* customer);

bool is_excluded(const Policy& policy, const Product& product);

struct Redeemable {
    Points available;  ///< balance and the points of this receipt
    Money worth;       ///< of all of them
    Money most;        ///< rule 6: what may be redeemed on this receipt
};
Redeemable redeemable(const Policy& policy, const std::vector<PricedLine>& lines, const CustomerTerms& customer);

/// What the customer's tenders come to (rules 8 and 9).
enum class PayFault { none, too_little, over_tender, account_not_allowed, account_limit, no_account_customer };
struct Settled {
    PayFault fault = PayFault::none;
    Money rounding, change;
    std::vector<Tender> pay;  ///< as booked
    Money cash_due;           ///< rounded; what cash has to cover
};
/// `due` is net − redeemed. No tenders = exact cash. By `rules` a tender may be more than is due: what is over goes back in cash.
Settled settle(Money due, const std::vector<Tender>& tenders, Money cash_rounding, const CustomerTerms* customer,
               const std::vector<TenderRule>& rules = {});

/// The referrer's share of a sale, by the policy's `of` (rule 7).
std::optional<Referral> referral_of(const Policy& policy, const CustomerTerms& customer, Points points, Money net);

/// Rates of the groups that have a line, on a day.
std::map<std::string, Rate> rates_of(const Policy& policy, const std::vector<BookedLine>& lines, Date day);

/// Rule 10. `original` as booked, `before` the refunds of it so far.
enum class RefundFault { none, unknown_line, more_than_left };
struct RefundRequest {
    std::string code;     ///< normalised; empty when `text` is given
    std::string product;  ///< key, where the code is a product's
    std::string text;
    Quantity quantity;
};
struct Refund {
    RefundFault fault = RefundFault::none;
    std::size_t fault_request = 0;          ///< index of the request at fault
    ReceiptFact fact;                       ///< amounts positive; number, cashier and payment still to be filled
    std::vector<std::size_t> request_of;    ///< for each line of the fact, the request that it serves
};
Refund refund(const ReceiptFact& original, const std::vector<ReceiptFact>& before, const std::vector<RefundRequest>& requests);

}  // namespace paprsek::node
