#include "sync/held_by_hq.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>
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

/// Those of the products that were sold which stand here as HQ has said, in the state that the node names: by the places of their codes.
ProductWriter told_products(node::Node& node, const SoldCodes& sold, const node::StateCursor& state) {
    ProductWriter products;
    node::Database& database = node.database();
    std::unordered_set<std::int64_t> own;  // of the branch, which HQ has not named
    for (auto row = database.query("SELECT id, version FROM product WHERE version = 0 OR version > ?", state.version); row.step();) {
        if (row.integer(1) > 0) return {};  // a reply was stopped: which codes the state had is not known here any more
        own.insert(row.integer(0));
    }
    auto wanted = sold.codes().begin();
    std::int64_t place = -1;
    for (auto row = database.query("SELECT code, product FROM product_code ORDER BY code"); wanted != sold.codes().end() && row.step();) {
        if (own.count(row.integer(1))) continue;
        ++place;
        const std::string_view code = row.view(0);
        while (wanted != sold.codes().end() && *wanted < code) ++wanted;
        if (wanted == sold.codes().end() || *wanted != code) continue;
        const auto product = node::product_row(database, code);
        if (!product || !products.add(place, code, *product)) break;
    }
    return products;
}

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
    ProductWriter products = told_products(node, sold, state);
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
