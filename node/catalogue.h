// The catalogue: products by code and by search, and what a scanned code means.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/price_list.h"
#include "node/pricing.h"
#include "node/state.h"

namespace paprsek::node {

/// Groups above one another that are looked at.
inline constexpr int max_group_depth = 16;

/// The product that has this code (normalised), as its row stands: what is changed by hand, and brought into a chain.
std::optional<ProductRow> product_row(Database& database, std::string_view code);
/// The same, read for selling: with its groups; its price is the catalogue's own.
std::optional<Product> find_product(Database& database, std::string_view code);

/// A product by the place of one of its codes, from 0, among all codes of the state that HQ has told, ascending by their bytes.
struct PlacedProduct {
    std::int64_t place = 0;
    std::string code;
    ProductRow row;
};
/// Those that have one of the codes, in the order of these; the branch's own products are neither given nor counted. Nothing while a row is
/// newer than the state of `version`, as when a reply was taken over in part: which codes that state had is not known here any more.
std::vector<PlacedProduct> placed_products(Database& database, const std::set<std::string, std::less<>>& codes, std::int64_t version);

struct FoundProduct {
    std::string key, name, group;
    Money price;  ///< on the day that was asked for
};
/// Products whose name has words that begin with the words of `text`, or whose code begins with it. Diacritics and case do
/// not count ("kun" finds "Kůň"). An empty text lists the first ones by name. At most `limit`.
std::vector<FoundProduct> search_products(Database& database, std::string_view text, int limit = 50, const PriceDay& when = {});
/// All products of a group (or of none, when empty), by name, for tiles.
std::vector<FoundProduct> products_of_group(Database& database, std::string_view group, int limit = 200, const PriceDay& when = {});
std::vector<std::string> product_groups(Database& database);
/// As it is written, of a group that the policy names folded; the same text where the catalogue does not know it.
std::string group_name(Database& database, const std::string& folded);
std::int64_t count_products(Database& database);

/// Reads once through what a scan may ask of, products, codes, cards and stock, so that the system has it in memory: else each product's
/// first sale since the machine was switched on would wait for the disk. Some tenths of a second for 200,000 products. Stops where
/// `go_on`, asked now and then, says no.
void read_ahead(Database& database, const std::function<bool()>& go_on);

}  // namespace paprsek::node
