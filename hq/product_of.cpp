#include "hq/product_of.h"

#include "node/base/text.h"
#include "node/catalogue.h"

namespace paprsek::hq {

node::Product product_of(const node::ProductRow& row, const std::function<std::optional<node::GroupRow>(const std::string&)>& group) {
    node::Product product;
    product.key = row.key;
    product.codes = row.codes;
    product.name = row.name;
    product.group = row.group;
    product.price = row.price;
    product.vat = row.vat;
    product.cost = row.cost;
    product.points = row.points;
    product.dealers = node::parse_dealers(row.dealers).value_or(std::vector<node::DealerDiscount>{});
    product.prices = node::parse_listed_prices(row.prices).value_or(std::vector<node::ListedPrice>{});
    std::string name = node::fold(row.group);
    for (int depth = 0; !name.empty() && depth < node::max_group_depth; ++depth) {
        product.groups.push_back(name);
        const auto found = group(name);
        if (!found) break;
        product.excluded = product.excluded || found->excluded;
        name = node::fold(found->parent);
    }
    return product;
}

}  // namespace paprsek::hq
