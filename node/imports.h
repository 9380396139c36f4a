// The tables that a shop brings along: catalogue, groups and customers as CSV (DESIGN.md "The command line"), parsed and
// checked as a whole before anything is written. Used by a branch that stands alone and by HQ alike.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "node/base/csv.h"
#include "node/state.h"

namespace paprsek::node {

// What a row holds at most, be it imported or typed by hand.
inline constexpr Money max_price = Money::of(1'000'000'000'00);
inline constexpr std::size_t max_text_bytes = 500;
inline constexpr std::size_t max_codes = 1000;  ///< a customer's fact must hold them

struct ImportedGroup {
    std::string place;  ///< "groups.csv line 7"
    GroupRow row;
};

struct ImportedProduct {
    std::string place;
    ProductRow row;                     ///< `key` is the first code; the store replaces it where it knows one of the codes
    /// The optional columns that the file has; without one what is known of the product stays.
    struct Columns {
        bool group = false, cost = false, points = false, dealers = false, linked = false;
    } has{};
    std::vector<std::string> warnings;  ///< such as a wrong check digit
};

struct ImportedCustomer {
    std::string place;
    CustomerRow row;       ///< `id` empty: the store finds or makes the customer by number or card
    std::string referrer;  ///< as given: a number, else a card
    /// What the balances shall open with; a repeated import books the difference. None (an empty field, no such column): what there is stays.
    std::optional<Points> opening_points;
    std::optional<Money> opening_spend;
};

/// A price of a list, or of a day to come (node/price_list.h).
struct ImportedPrice {
    std::string place;
    std::string code;            ///< of a product that is known (normalised)
    std::string list;            ///< empty = every branch
    Date from;
    std::optional<Money> price;  ///< none: taken out
};

enum class TableKind { groups, products, prices, customers };
/// By the header; refuses a table that is none of these.
TableKind kind_of(const CsvTable& table);

class RowFaults;
/// Each notes (node/row_faults.h, naming file, line and column) the wrong rows, and answers with the others; `vat_groups` are those that
/// the policy knows. Refuses (Error) a header that is not its own.
std::vector<ImportedGroup> parse_groups(const CsvTable& table, RowFaults& faults);
std::vector<ImportedProduct> parse_products(const CsvTable& table, const std::vector<std::string>& vat_groups, RowFaults& faults);
/// What the file does not speak of stays as it is known: prices to come, and what has no column.
void keep_known(ImportedProduct& product, const ProductRow& known);
std::vector<ImportedPrice> parse_prices(const CsvTable& table, RowFaults& faults);
/// Takes a row over into the product; refuses one price too many. True when that changes the product.
bool take_price(ProductRow& product, const ImportedPrice& imported);
std::vector<ImportedCustomer> parse_customers(const CsvTable& table, RowFaults& faults);
/// The texts of a row, and for its empty ones those that are known.
PersonalTexts filled(PersonalTexts texts, const PersonalTexts& known);

/// Cards of a programme's list (PRODUCT.md C3). The columns `card` (or `code`), `customer` (or `number`) and `name`.
struct ImportedCard {
    std::string place;
    std::string card;      ///< normalised
    std::string customer;  ///< whose card it is, a number or another card; empty = nobody's yet
    std::string name;      ///< of the customer that the card makes where nobody has it
};
struct RowFault {
    std::string place, why, hint;
};
struct CardTable {
    std::vector<ImportedCard> cards;
    std::vector<RowFault> faults;  ///< of the rows that are not in `cards`
};
/// Goes on after a wrong row, so that all of them are named at once. Refuses (Error) a header that is none of cards.
/// A payment card's number is the caller's to refuse: it may be a known customer's card.
CardTable parse_cards(const CsvTable& table);

struct DealerDiscount {
    std::string dealer;
    Rate percent;
};
/// "DEA:20|VIP:30"; nothing when it does not have that form.
std::optional<std::vector<DealerDiscount>> parse_dealers(const std::string& text);

struct ImportReport {
    std::int64_t rows = 0, added = 0, changed = 0, unchanged = 0;
    std::vector<std::string> warnings;  ///< at most 100, then a count
};

}  // namespace paprsek::node
