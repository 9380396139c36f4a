// One product by hand (PRODUCT T1, T15): made or changed at a branch that stands alone, as an import would have done it for one row. Of a
// branch of a chain HQ keeps the catalogue, and each change is refused. Durable on return; a refused one has booked nothing.
// Permissions are the caller's matter (manage_stock).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/node.h"
#include "node/price_list.h"
#include "node/state.h"
#include "node/till.h"

namespace paprsek::node {

/// The price of a list from a day on (node/price_list.h); none takes it out.
struct PriceChange {
    std::string list;  ///< empty = every branch
    Date from;
    std::optional<Money> price;
};

/// What becomes of a product. What is not given stays; an empty text takes away.
struct ProductChange {
    std::string product;                  ///< which: one of its codes; empty = a new one
    std::optional<std::string> name, group, vat;
    std::optional<Money> price;           ///< of the catalogue; those of lists and of days to come stay as they are
    std::vector<PriceChange> prices;      ///< of lists and of days to come
    std::optional<std::string> cost;      ///< of a piece, an amount
    std::optional<std::string> points;    ///< set by hand; none = by the policy
    std::optional<std::string> dealers;   ///< "DEA:20|VIP:30"
    std::optional<std::string> linked;    ///< codes of what is sold along with it, "C1|C2"
    std::vector<std::string> codes;       ///< are added; of a new one the first names it for ever
    std::vector<std::string> drop_codes;  ///< are taken away
};

struct ProductBooked {
    ProductRow product;  ///< as it stands afterwards
    std::int64_t seq = 0;  ///< of the catalogue.imported that says so; 0 = nothing was to be changed
    bool added = false;
    std::vector<std::string> doubtful;  ///< added codes of a GTIN's length with a wrong check digit: taken as they are
};

Outcome change_product(Node& node, const ProductChange& change, ProductBooked& booked);

}  // namespace paprsek::node
