// Codes at the till: products, cards, barcodes with a weight inside (PRODUCT.md "Codes", T2). Pure functions.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/decimal.h"

namespace paprsek::node {

inline constexpr std::size_t max_code_bytes = 64;

/// The form in which codes are kept and compared: outer blanks off, raised, UPC-A (12 digits with a right check digit)
/// as EAN-13 with a leading zero. Empty when the text is empty, too long or holds control characters.
std::string normalise_code(std::string_view text);

/// Digits of length 8, 12, 13 or 14: a GTIN, whose last digit is a check digit.
bool has_gtin_length(std::string_view digits);
bool gtin_check_digit_ok(std::string_view digits);

/// Luhn-valid and of a payment card scheme's shape (PRODUCT.md "Codes"), blanks and dashes aside: never taken as a customer's card.
bool looks_like_payment_card(std::string_view code);

/// The card's code in what a reader of magnetic stripes types: track 1 "%B6400…^NAME^…?" or track 2 ";6400…=2512…?" (the
/// leading ";" may be gone, for it is also the till's key for a card), or a club's "%6400…?". Any other text comes back as it is.
std::string_view code_of_stripe(std::string_view text);

/// Up to 4 digits in the customer field are a customer number.
std::optional<std::int64_t> as_customer_number(std::string_view text);

/// The other codes under which a spreadsheet may have stored what was scanned, having taken leading zeros for nothing: each with
/// fewer of them, seven digits at least. None for what is no GTIN with a right check digit, so that no shorter code of a shop's own
/// is met by chance.
std::vector<std::string> codes_with_lost_zeros(std::string_view code);

/// A barcode with something inside. Pattern: digits stand for themselves, I item, W weight, P price, C a customer's card, B a
/// cashier's badge, K check digit.
struct BarcodeRule {
    std::string name;
    std::string pattern;
    std::string unit;       ///< "g" for a weight; empty otherwise
    std::int64_t priority = 0;  ///< the highest that matches is taken, ties by order
};

/// Nothing wrong = empty; else the reason, for the policy's error message.
std::string fault_of(const BarcodeRule& rule);

struct BarcodeMatch {
    const BarcodeRule* rule = nullptr;
    std::string item;                  ///< product code, zeros kept
    std::optional<Quantity> quantity;  ///< kilograms of a weight in grams
    std::optional<Money> price;        ///< of the whole piece
    bool customer = false;             ///< the code is a customer's card
    bool badge = false;                ///< the code is a cashier's badge
};
/// What the rule reads in the code, or nothing and a sentence that says why.
std::optional<BarcodeMatch> read_barcode(std::string_view code, const BarcodeRule& rule, std::string* why = nullptr);
/// The rules in the order in which they are asked.
std::vector<const BarcodeRule*> by_priority(const std::vector<BarcodeRule>& rules);
/// What the first that fits reads.
std::optional<BarcodeMatch> match_barcode(std::string_view code, const std::vector<BarcodeRule>& rules);

}  // namespace paprsek::node
