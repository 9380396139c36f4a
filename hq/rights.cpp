#include "hq/rights.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hq/ingest.h"
#include "hq/project.h"

namespace paprsek::hq {
namespace {

constexpr const char* era_setting = "rights_era";

/// One holder's part of a customer while HQ grants.
struct Grant {
    RightReader holder;
    node::Right right;    ///< that it has
    node::Right granted;  ///< now
};

template <class D>
void add(D& granted, D& grantable, D wanted) {
    const D given = std::min(std::max(D{}, wanted), grantable);
    granted += given;
    grantable -= given;
}

void grant_to(Grant& grant, Reserve& reserve, const node::Right& wanted) {
    const node::Right now{grant.right.points + grant.granted.points, grant.right.credit + grant.granted.credit};
    add(grant.granted.points, reserve.grantable.points, wanted.points - now.points);
    if (reserve.credit) add(grant.granted.credit, reserve.grantable.credit, wanted.credit - now.credit);
}

}  // namespace

std::string rights_era(Store& store, const node::Policy& policy) {
    return policy.offline.spend == node::SpendBy::right ? store.setting(era_setting).value_or("") : "";
}

void begin_era(Store& store, std::int64_t hq_epoch) { store.set_setting(era_setting, fmt::format("{}.{}", hq_epoch, store.version())); }

std::vector<node::NodeName> not_begun(Store& store, const std::string& era) {
    const auto holders = store.right_holders();
    std::vector<node::NodeName> waiting;
    for (const NodeRecord& node : store.nodes()) {
        if (!node.key || node.rights_era == era) continue;
        const bool begun = std::any_of(holders.begin(), holders.end(), [&](const RightHolder& each) { return each.node == node.id && each.era == era; });
        if (!begun) waiting.push_back(node.node);
    }
    return waiting;
}

std::optional<RightReader> current_holder(Store& store, std::int64_t node) {
    const auto chains = store.chains(node);
    const std::int64_t heard = store.standing(node).chain;
    const auto chain = std::find_if(chains.begin(), chains.end(), [&](const ChainRecord& each) { return each.id == heard; });
    if (chain == chains.end()) return std::nullopt;
    for (const RightHolder& holder : store.right_holders())
        if (holder.node == node && holder.epoch == chain->epoch && !holder.written_off) return RightReader{holder, chain->id};
    return std::nullopt;
}

Reserve reserve_of(const Account& account, const CustomerRecord& customer, const std::vector<HeldRight>& held) {
    Reserve reserve;
    reserve.credit = customer.charge && !customer.limit.is_zero();
    reserve.available = {node::Points::of(account.points), reserve.credit ? customer.limit - node::Money::of(account.debt) : node::Money{}};
    reserve.rest = reserve.grantable = reserve.available;
    for (const HeldRight& each : held) {
        reserve.rest.points -= each.right.points;
        reserve.grantable.points -= std::max(node::Points{}, each.right.points);
        if (!reserve.credit) continue;
        reserve.rest.credit -= each.right.credit;
        reserve.grantable.credit -= std::max(node::Money{}, each.right.credit);
    }
    reserve.grantable = {std::max(node::Points{}, reserve.grantable.points), std::max(node::Money{}, reserve.grantable.credit)};
    return reserve;
}

std::int64_t grant_rights(Store& store, const node::Policy& policy, const std::string& era, std::vector<std::int64_t> customers, node::Instant now) {
    if (era.empty() || customers.empty() || !not_begun(store, era).empty()) return 0;
    std::sort(customers.begin(), customers.end());
    customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
    std::map<std::int64_t, RightReader> holders;
    std::map<std::int64_t, node::NodeName> names;
    for (const NodeRecord& node : store.nodes()) {
        names[node.id] = node.node;
        if (!node.key) continue;
        if (const auto holder = current_holder(store, node.id); holder && holder->holder.era == era) holders[node.id] = *holder;
    }
    std::map<std::int64_t, std::vector<node::RightFact::Entry>> facts;  // by node
    for (const std::int64_t row : customers) {
        const CustomerRecord customer = store.customer(row);
        if (customer.main) continue;
        const std::vector<HeldRight> held = store.held_rights(row);
        Reserve reserve = reserve_of(store.account(row), customer, held);
        if (reserve.grantable == node::Right{}) continue;
        std::map<std::int64_t, Grant> grants;
        const auto grant = [&](std::int64_t node) -> Grant* {
            const auto holder = holders.find(node);
            if (holder == holders.end()) return nullptr;
            const auto [found, added] = grants.try_emplace(node, Grant{holder->second, {}, {}});
            if (added)
                for (const HeldRight& each : held)
                    if (each.node == node && each.epoch == holder->second.holder.epoch) found->second.right = each.right;
            return &found->second;
        };
        for (const RightWant& want : store.wants(row))
            if (Grant* to = grant(want.node)) grant_to(*to, reserve, want.needed);
        if (Grant* to = grant(store.home_of(row))) {
            const auto share = [&](auto available, auto has) {
                const auto most = node::share_of(available, policy.offline.reserve);
                return has + node::shortage_of(has, most);
            };
            grant_to(*to, reserve, {share(reserve.available.points, to->right.points + to->granted.points),
                                    share(reserve.available.credit, to->right.credit + to->granted.credit)});
        }
        for (const auto& [node, each] : grants)
            if (each.granted != node::Right{}) facts[node].push_back({customer.id, each.granted.points, each.granted.credit});
    }
    if (facts.empty()) return 0;
    std::int64_t count = 0;
    Projector projector(store, now);
    OwnFacts own(store, projector, now);
    for (auto& [node, entries] : facts) {
        count += static_cast<std::int64_t>(entries.size());
        const RightHolder& holder = holders.at(node).holder;
        for (std::size_t i = 0; i < entries.size(); i += node::max_right_entries) {
            node::RightFact fact;
            fact.node = names.at(node);
            fact.epoch = holder.epoch;
            fact.begun = holder.begun;
            fact.rights.assign(entries.begin() + static_cast<std::ptrdiff_t>(i),
                               entries.begin() + static_cast<std::ptrdiff_t>(std::min(i + node::max_right_entries, entries.size())));
            own.append(schema::kind::right_granted, node::body_of(schema::kind::right_granted, fact));
        }
    }
    own.finish();
    projector.finish();
    return count;
}

}  // namespace paprsek::hq
