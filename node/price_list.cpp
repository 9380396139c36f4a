#include "node/price_list.h"

#include <algorithm>
#include <tuple>

#include "node/base/text.h"
#include "node/node.h"

namespace paprsek::node {

bool is_price_list_name(std::string_view name) {
    return !name.empty() && name.size() <= max_price_list_bytes && trim(name) == name && name.find_first_of("@|") == std::string_view::npos;
}

std::string print(std::span<const ListedPrice> prices) {
    std::string text;
    for (const ListedPrice& each : prices) text += (text.empty() ? "" : "|") + each.list + "@" + print(each.from) + ":" + print(each.price);
    return text;
}

std::optional<std::vector<ListedPrice>> parse_listed_prices(std::string_view text) {
    std::vector<ListedPrice> prices;
    for (std::size_t start = 0; start <= text.size() && !text.empty();) {
        const std::size_t bar = std::min(text.find('|', start), text.size());
        const std::string_view item = text.substr(start, bar - start);
        const auto at = item.find('@'), colon = item.rfind(':');
        if (at == std::string_view::npos || colon == std::string_view::npos || colon < at) return std::nullopt;
        const auto from = parse_date(item.substr(at + 1, colon - at - 1));
        const auto price = parse<Money>(item.substr(colon + 1));
        if (!from || !price || *price < Money{} || (at > 0 && !is_price_list_name(item.substr(0, at)))) return std::nullopt;
        prices.push_back({std::string(item.substr(0, at)), *from, *price});
        if (prices.size() > max_listed_prices) return std::nullopt;
        start = bar + 1;
    }
    return prices;
}

bool set_price(std::vector<ListedPrice>& prices, const std::string& list, Date from, std::optional<Money> price) {
    const auto place = std::lower_bound(prices.begin(), prices.end(), std::tie(list, from),
                                        [](const ListedPrice& each, const auto& wanted) { return std::tie(each.list, each.from) < wanted; });
    const bool there = place != prices.end() && place->list == list && place->from == from;
    if (there && price)
        place->price = *price;
    else if (there)
        prices.erase(place);
    else if (price && prices.size() < max_listed_prices)
        prices.insert(place, {list, from, *price});
    else
        return !price;
    return true;
}

PriceDay price_day(Node& node) { return {node.policy().price_list_of(node.info().node.branch), node.zone().local(node.clock().now()).date}; }

const ListedPrice* listed_price_on(std::span<const ListedPrice> prices, const PriceDay& when) {
    const ListedPrice* found = nullptr;
    for (const ListedPrice& each : prices) {
        if (each.from > when.day || (!each.list.empty() && each.list != when.list)) continue;
        if (!found || std::pair(!each.list.empty(), each.from) > std::pair(!found->list.empty(), found->from)) found = &each;
    }
    return found;
}

Money price_on(std::span<const ListedPrice> prices, Money own, const PriceDay& when) {
    const ListedPrice* const listed = listed_price_on(prices, when);
    return listed ? listed->price : own;
}

}  // namespace paprsek::node
