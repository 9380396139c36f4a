#include "sync/held_by_hq.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "node/base/error.h"
#include "node/catalogue.h"

namespace paprsek::sync {
namespace {

/// The first fact that HQ did not hold when a bundle was packed by products, and `unread` behind it where the next reply did not go on: then
/// HQ knows another state than this node believes to hold, as one that was restored does, and is told the facts without them.
constexpr const char* by_products_setting = "packed_by_products";
constexpr const char* unread = " unread";

}  // namespace

std::int64_t known_count(std::int64_t first, std::int64_t sent) {
    constexpr std::int64_t each = 50, most = static_cast<std::int64_t>(max_known_lines);
    return std::max<std::int64_t>(0, std::min({each * sent, most - sent, first - 1}));
}

KnownWriter known_before(node::Node& node, std::int64_t first, std::int64_t count, SoldCodes& sold) {
    constexpr std::int64_t step = 64;  // a body may be long, and none is read in vain
    std::vector<schema::Fact> facts;   // the newest first
    std::size_t bytes = 0;
    for (std::int64_t end = first; end > first - count && bytes <= max_known_bytes;) {
        std::vector<schema::Fact> some;
        const std::int64_t begin = std::max(first - count, end - step);
        node.ledger().read(begin, end - 1, [&](const schema::Fact& fact) {
            bytes += fact.body.size();
            some.push_back(fact);
            return true;
        });
        std::move(some.rbegin(), some.rend(), std::back_inserter(facts));
        end = begin;
    }
    // How many fit is told by their bytes with all that a line has beside a body.
    constexpr std::size_t beside = 64;
    std::size_t fitting = 0;
    for (bytes = 0; fitting < facts.size() && bytes + facts[fitting].body.size() + beside <= max_known_bytes; ++fitting)
        bytes += facts[fitting].body.size() + beside;
    KnownWriter known;
    for (std::size_t i = fitting; i-- > 0;) {
        known.add(facts[i].at, facts[i].kind, facts[i].body);
        sold.remove(facts[i].body);
    }
    return known;
}

ProductWriter known_products(node::Node& node, const SoldCodes& sold, const node::StateCursor& state, const node::HqReceipt& held) {
    if (sold.codes().size() < fewest_known_products || node.booked_state().version == 0) return {};
    const std::string wanted = std::to_string(held.seq + 1), noted = node.setting(by_products_setting).value_or("");
    if (noted == wanted + unread) return {};
    ProductWriter products;
    for (const node::PlacedProduct& each : node::placed_products(node.database(), sold.codes(), state.version))
        if (!products.add(each.place, each.code, each.row)) break;
    try {
        if (!products.places().empty() && noted != wanted) node.set_setting(by_products_setting, wanted);
    } catch (const node::Error&) {
        return {};  // a full disk is no reason not to send what it holds
    }
    return products;
}

void note_unread(node::Node& node, std::int64_t held) {
    const std::string asked = std::to_string(held + 1);
    if (node.setting(by_products_setting) != asked) return;
    node::Transaction transaction(node.database());
    node.set_setting(by_products_setting, asked + unread);
    transaction.commit();
}

}  // namespace paprsek::sync
