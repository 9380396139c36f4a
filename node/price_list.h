// Prices beside the catalogue's own (PRODUCT T15): of a list, for the branches that sell by it, and from a day on.
//
// On a day, of the branch's list, the price that began last counts; where the list has none, that of no list; else the catalogue's
// own. Which branch sells by which list, the policy says ("price_lists"). A price is looked up when a line is entered and stays.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/clock.h"
#include "node/base/decimal.h"

namespace paprsek::node {

class Node;

inline constexpr std::size_t max_listed_prices = 50;      ///< of a product
inline constexpr std::size_t max_price_list_bytes = 40;

struct ListedPrice {
    std::string list;  ///< empty = every branch
    Date from;         ///< its midnight at the branch
    Money price;
    friend bool operator==(const ListedPrice&, const ListedPrice&) = default;
};

/// "LIST@2026-04-01:12.90|…", by list and day, as it is stored and sent; nothing where a text does not have that form.
std::string print(std::span<const ListedPrice> prices);
std::optional<std::vector<ListedPrice>> parse_listed_prices(std::string_view text);
/// A name that print() can write: 1–40 bytes, with no @ and no |.
bool is_price_list_name(std::string_view name);

/// Sets the price of a list from a day on, or with none takes it out. False: the product has too many.
bool set_price(std::vector<ListedPrice>& prices, const std::string& list, Date from, std::optional<Money> price);

/// Whose prices count: those of a list on a day.
struct PriceDay {
    std::string list;
    Date day{};
};
PriceDay price_day(Node& node);
/// Of `prices`; none where the catalogue's own counts.
const ListedPrice* listed_price_on(std::span<const ListedPrice> prices, const PriceDay& when);
Money price_on(std::span<const ListedPrice> prices, Money own, const PriceDay& when);

}  // namespace paprsek::node
