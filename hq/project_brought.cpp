// The catalogue that a shop brings into the chain (node/brought.h): what HQ does not have comes in; of what it has, HQ's stands, and a
// difference that costs money is for a person to decide.
#include <algorithm>
#include <set>

#include "hq/project.h"
#include "node/base/text.h"
#include "node/brought.h"
#include "node/codes.h"
#include "node/imports.h"
#include "node/policy.h"
#include "node/price_list.h"

namespace paprsek::hq {
namespace {

/// What an import would take (node/imports.h): a fact's author may be anybody who has the shop's key.
bool sound(const node::ProductRow& row) {
    const auto code = [](const std::string& text) { return !text.empty() && node::normalise_code(text) == text; };
    const bool named = code(row.key) && std::find(row.codes.begin(), row.codes.end(), row.key) != row.codes.end();
    return named && std::all_of(row.codes.begin(), row.codes.end(), code) &&
           row.price >= node::Money{} && (!row.cost || *row.cost >= node::Money{}) && (!row.points || *row.points >= node::Points{}) &&
           (row.dealers.empty() || node::parse_dealers(row.dealers)) && (row.prices.empty() || node::parse_listed_prices(row.prices));
}

node::Json product_json(const node::ProductRow& row) { return {{"name", row.name}, {"price", node::print(row.price)}, {"vat", row.vat}}; }

/// A shop's group may stand under one of HQ's that stands under it.
bool stands_above_itself(Store& store, const node::GroupRow& row) {
    std::set<std::string> way = {node::fold(row.name)};
    for (std::string above = row.parent; !above.empty();) {
        if (!way.insert(node::fold(above)).second) return true;
        const auto next = store.group(above);
        above = next ? next->parent : "";
    }
    return false;
}

}  // namespace

void Projector::brought(const FactView& fact) {
    const node::Brought brought = node::parse_brought(fact.body);
    // Rebuilt from facts, there is no catalogue to compare with: most of it comes from tables.
    if (!watching_ || fact.node == node::hq_node) return;
    for (node::GroupRow group : brought.groups) {
        if (group.name.empty() || store_.group(group.name)) continue;
        if (stands_above_itself(store_, group)) group.parent.clear();
        store_.save_group(group);
    }
    if (brought.products.empty()) return;
    const std::string currency = store_.setting("currency").value_or("");
    const std::vector<std::string> vat = node::parse_policy(store_.policy().value_or("{}"), currency, "policy").vat_groups();
    for (const node::ProductRow& product : brought.products)
        if (sound(product)) bring(fact, product, vat);
}

void Projector::bring(const FactView& fact, const node::ProductRow& product, const std::vector<std::string>& vat) {
    std::set<std::string> known;
    for (const std::string& code : product.codes)
        if (const auto key = store_.product_by_code(code)) known.insert(*key);
    if (!known.empty()) {
        const node::ProductRow held = store_.product(*known.begin()).value();
        if (held.price == product.price && held.vat == product.vat) return;
        watch_.raise(fact, exception_kind::product_differs, held.key,
                     {{"product", held.key}, {"brought", product_json(product)}, {"held", product_json(held)}});
        return;
    }
    if (std::find(vat.begin(), vat.end(), product.vat) == vat.end()) {
        node::Json evidence = product_json(product);
        evidence.update({{"product", product.key}, {"code", product.codes.front()}, {"brought", true}});
        watch_.raise(fact, exception_kind::unknown_product, product.key, std::move(evidence));
        return;
    }
    store_.save_product(product);
    for (const std::string& code : product.codes) watch_.close(exception_kind::unknown_product, code, ExceptionState::settled);
}

}  // namespace paprsek::hq
