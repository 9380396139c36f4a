#include "hq/users.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hq/booking.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/codes.h"
#include "node/hq_users.h"

namespace paprsek::hq {
namespace {

constexpr std::size_t max_user_name_bytes = 100;
constexpr std::size_t max_branches = 9999;

std::string salt_of(node::Random& random) {
    unsigned char bytes[16];
    random.fill(bytes);
    std::string salt;
    for (const unsigned char byte : bytes) salt += fmt::format("{:02x}", byte);
    return salt;
}

std::optional<UserRecord> named(const std::vector<UserRecord>& users, const std::string& name) {
    const auto found = std::find_if(users.begin(), users.end(), [&](const UserRecord& user) { return node::fold(user.name) == node::fold(node::trim(name)); });
    return found == users.end() ? std::nullopt : std::optional(*found);
}

void check_name(const std::vector<UserRecord>& users, const UserRecord& user) {
    if (user.name.empty() || user.name.size() > max_user_name_bytes) node::refuse("name", fmt::format("is empty or longer than {} bytes", max_user_name_bytes));
    const auto other = named(users, user.name);
    if (other && other->id != user.id) node::refuse("user " + user.name, "exists already", "names are compared without case and marks");
}

void check_badge(Store& store, const std::vector<UserRecord>& users, const UserRecord& user) {
    if (user.badge.empty()) return;
    if (node::as_customer_number(user.badge)) node::refuse("badge " + user.badge, "is none", "a badge has a code of more than 4 digits");
    for (const UserRecord& other : users)
        if (other.id != user.id && other.badge == user.badge) node::refuse("badge " + user.badge, "is " + other.name + "'s");
    if (store.product_by_code(user.badge) || store.customer_by_card(user.badge)) node::refuse("badge " + user.badge, "is a product's or a customer's code");
}

void check_pin(const std::vector<UserRecord>& users, const std::string& id, const std::string& pin) {
    if (!node::is_pin(pin)) node::refuse("PIN", "is none", "a PIN has 4 to 12 digits");
    for (const UserRecord& other : users)
        if (other.id != id && !other.pin.empty() && node::pin_fits(pin, other.pin)) node::refuse("PIN", "is taken", "choose another one");
}

std::vector<int> checked(Store& store, std::vector<int> branches) {
    std::set<int> known;
    for (const NodeRecord& node : store.nodes()) known.insert(node.node.branch);
    std::sort(branches.begin(), branches.end());
    branches.erase(std::unique(branches.begin(), branches.end()), branches.end());
    if (branches.size() > max_branches) node::refuse("--branch", "names too many branches");
    for (const int branch : branches)
        if (branch < 1 || !known.contains(branch))
            node::refuse(fmt::format("branch {}", branch), "is not known at this HQ", "add it: paprsek-hq branch HQ add");
    return branches;
}

}  // namespace

std::vector<UserRecord> all_users(Store& store) {
    std::vector<UserRecord> users = store.users();
    std::erase_if(users, [](const UserRecord& user) { return user.removed; });
    std::sort(users.begin(), users.end(), [](const UserRecord& a, const UserRecord& b) {
        return std::pair(node::fold(a.name), a.id) < std::pair(node::fold(b.name), b.id);
    });
    return users;
}

UserRecord change_user(Store& store, const node::Policy& policy, const UserChange& change, const node::PinCost& cost, node::Random& random, node::Instant now) {
    Booking booking(store, now);
    const std::vector<UserRecord> users = all_users(store);
    const auto known = change.add ? std::nullopt : named(users, change.name);
    if (!change.add && !known) node::refuse("user " + change.name, "is not known at this HQ", "paprsek-hq users HQ list");
    UserRecord user = known.value_or(UserRecord{});
    if (change.add) {
        user.id = node::customer_of_fact(node::hq_node, 1, booking.next_seq());
        user.role = "cashier";
    }
    if (change.add || change.rename) user.name = node::nfc(node::trim(change.rename.value_or(change.name))).value_or("");
    if (change.role) user.role = *change.role;
    if (change.badge) user.badge = node::normalise_code(*change.badge);
    if (change.branches) user.branches = checked(store, *change.branches);
    if (!change.remove) {
        check_name(users, user);
        const bool role = user.role == node::administrator_role ||
                          std::any_of(policy.roles.begin(), policy.roles.end(), [&](const node::Role& each) { return each.name == user.role; });
        if (!role) node::refuse("role " + user.role, "is none of the policy's", "administrator, manager, cashier or one of its \"roles\"");
        check_badge(store, users, user);
        if (change.pin && !change.pin->empty()) check_pin(users, user.id, *change.pin);
        if (change.pin) user.pin = change.pin->empty() ? "" : node::hash_pin(*change.pin, cost, random);
        if (user.pin.empty() && user.badge.empty())
            node::refuse("user " + user.name, "has neither a PIN nor a badge", "nobody could log in: --pin-file or --badge");
    }
    user.removed = change.remove;
    // Whoever was removed keeps the name, for receipts bear it.
    const std::string texts = node::user_body({user.name, user.removed ? "" : user.badge, user.removed ? "" : user.pin}, salt_of(random));
    node::UserFact fact;
    fact.user = user.id;
    fact.role = user.role;
    fact.removed = user.removed;
    fact.branches = user.branches;
    fact.digest = node::digest_of(texts);
    store.add_personal(fact.digest, texts);
    booking.append(schema::kind::user_set, node::body_of(fact));
    booking.commit();
    return user;
}

node::StateRow state_row_of(const UserRecord& user, int branch, std::int64_t version) {
    const bool works_there = user.branches.empty() || std::find(user.branches.begin(), user.branches.end(), branch) != user.branches.end();
    const node::User here{user.id, user.name, user.role, user.badge, user.pin};
    return node::user_state_row(user.id, !user.removed && works_there ? &here : nullptr, version);
}

}  // namespace paprsek::hq
