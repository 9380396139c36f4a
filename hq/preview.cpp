#include "hq/preview.h"

#include <algorithm>
#include <unordered_map>

#include "hq/product_of.h"
#include "node/preview.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

struct Sale {
    std::int64_t at = 0;
    FactId fact = 0;
};

}  // namespace

node::Json preview_policy(Store& store, const node::Policy& policy, const node::TimeZone& zone, std::optional<node::Date> from, std::optional<node::Date> to) {
    const std::int64_t begin = from ? zone.start_of(*from).ms : INT64_MIN, end = to ? zone.start_of({to->days + 1}).ms : INT64_MAX;
    std::vector<Sale> sales;
    std::unordered_map<std::string, node::Money> spent_since;  // by the customer that the fact names
    for (const NodeRecord& node : store.nodes())
        for (const ChainRecord& chain : store.chains(node.id))
            store.facts(chain.id, {chain.base + 1, chain.held}, [&](const schema::Fact& fact) {
                if ((fact.kind != kind::sale && fact.kind != kind::refund) || fact.at < begin) return true;
                const node::ReceiptFact receipt = node::parse_receipt(fact.kind, fact.body);
                if (!receipt.customer.empty()) spent_since[receipt.customer] += receipt.refund ? -receipt.net() : receipt.net();
                if (!receipt.refund && fact.at < end) sales.push_back({fact.at, fact_id(chain.id, fact.seq)});
                return true;
            });
    std::sort(sales.begin(), sales.end(), [](const Sale& a, const Sale& b) { return std::pair(a.at, a.fact) < std::pair(b.at, b.fact); });

    const auto main_row = [&](const std::string& id) -> std::int64_t {
        const auto account = store.find_account(id);
        return !account ? 0 : account->main ? account->main : account->row;
    };
    node::Preview::Shop shop;
    shop.product = [&](const std::string& key) -> std::optional<node::Product> {
        const auto row = store.product(key);
        if (!row) return std::nullopt;
        return product_of(*row, [&](const std::string& name) { return store.group(name); });
    };
    shop.customer = [&](const std::string& id) -> std::optional<node::CustomerTerms> {
        const std::int64_t row = main_row(id);
        if (!row) return std::nullopt;
        const node::CustomerRow customer = store.customer_state(row);
        node::CustomerTerms terms;
        terms.id = customer.id;
        terms.discount = customer.discount;
        terms.dealer = customer.dealer;
        terms.cards = customer.cards;
        for (const std::string& card : customer.cards)
            for (std::string& programme : store.programmes_of(card)) terms.programmes.push_back(std::move(programme));
        terms.spend = customer.spend - spent_since[customer.id];
        for (const std::string& alias : customer.aliases) terms.spend -= spent_since[alias];
        return terms;
    };
    shop.shown = [&](const std::string& id) -> node::Json {
        const std::int64_t row = main_row(id);
        if (!row) return id;
        if (const auto number = store.customer(row).number) return *number;
        const auto cards = store.cards(row);
        return cards.empty() ? node::Json(id) : node::Json(cards.front());
    };
    node::Preview preview(policy, zone, std::move(shop));
    for (const Sale& sale : sales)
        if (const auto fact = store.fact(sale.fact)) preview.take({sale.at}, node::parse_receipt(kind::sale, fact->body));
    return preview.result();
}

}  // namespace paprsek::hq
