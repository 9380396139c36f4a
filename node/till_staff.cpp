// Who works at the till: log-in by PIN or badge, what each may do, a second person's approval, and the users themselves (T11).
#include <fmt/format.h>

#include <algorithm>

#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/hq_users.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

constexpr std::size_t max_user_name_bytes = 100;

std::string act_of(Permission permission) {
    for (const PermissionEntry& entry : permission_table())
        if (entry.permission == permission) return std::string(entry.act);
    return {};
}

bool is_administrator(const User& user) { return user.role == administrator_role; }

}  // namespace

// ------------------------------------------------------------------------------------------------ who it is

void Till::set_cashier(std::string name) {
    end_session();
    vouched_ = true;
    cashier_ = std::move(name);
    show_staff();
}

void Till::take_hands(Hands hands) {
    cashier_ = std::move(hands.cashier);
    vouched_ = hands.vouched;
    locked_ = hands.locked;
    user_ = std::move(hands.user);
    lent_ = std::move(hands.lent);
    show_staff();
}

void Till::end_session() {
    user_.reset();
    lent_.clear();
    cashier_.clear();
    locked_ = vouched_ = false;
}

bool Till::guarded() { return !vouched_ && has_users(node_.database()); }

void Till::show_staff() {
    TillView::Staff staff;
    staff.guarded = guarded();
    staff.logged_in = user_.has_value();
    staff.locked = locked_;
    if (user_) staff.role = user_->role;
    staff.may = !staff.guarded ? Permissions::all() : user_ && !locked_ ? permissions_of(node_.policy(), user_->role) : Permissions{};
    view_.staff = staff;
    view_.cashier = cashier_;
}

Outcome Till::identify(const Credential& credential, std::optional<User>& user) {
    if (!credential.badge.empty()) {
        user = user_by_badge(node_.database(), normalise_code(credential.badge));
        return user ? Outcome{} : refused(Refusal::unknown_badge, "This badge is nobody's.");
    }
    return check_pin(credential, user);
}

Outcome Till::check_pin(const Credential& credential, std::optional<User>& user) {
    Database& database = node_.database();
    if (!credential.user.empty() && !user_by_name(database, credential.user))
        return refused(Refusal::unknown_user, fmt::format("There is no user {}.", credential.user));
    PinAttempts before;
    const Instant now = node_.clock().now();
    {
        Transaction transaction(database);
        before = pin_attempts(node_);
        const std::int64_t wait = pin_wait_ms(before, now);
        // A clock that went back: the wait begins anew, and so ends on this clock.
        if (wait == 0 || now < before.last) set_pin_attempts(node_, wait == 0 ? one_more(before, now) : PinAttempts{before.failures, now});
        transaction.commit();
        if (wait > 0)
            return refused(Refusal::pin_wait, fmt::format("After {} wrong PINs the next one is taken in {} s.", before.failures, (wait + 999) / 1000));
    }
    std::vector<User> found = users_by_pin(database, credential.pin, credential.user);
    if (found.size() > 1)
        return refused(Refusal::pin_taken, "This PIN fits a user of headquarters and one of this branch: say the name as well, and change one of the two.");
    if (found.empty()) return refused(Refusal::wrong_pin, "The PIN is wrong.");
    user = std::move(found.front());
    Transaction transaction(database);
    set_pin_attempts(node_, before);
    transaction.commit();
    return {};
}

Outcome Till::log_in_cashier(const Credential& credential) {
    std::optional<User> user;
    if (auto outcome = identify(credential, user); !outcome.ok()) return outcome;
    end_session();
    cashier_ = user->name;
    user_ = std::move(user);
    show_staff();
    return {};
}

Outcome Till::log_out_cashier() {
    end_session();
    show_staff();
    return {};
}

Outcome Till::lock() {
    if (!user_) return refused(Refusal::not_logged_in, "Nobody is logged in: there is nothing to lock.");
    locked_ = true;
    lent_.clear();
    show_staff();
    return {};
}

// ------------------------------------------------------------------------------------------------ what may be done

/// The user is read anew: somebody may have changed or removed it at another window. What was lent goes to `lent`, which the
/// caller books; it is spent when the command has gone well.
Outcome Till::permitted(Permission permission, std::vector<Approval>& lent) {
    if (!guarded()) return {};
    if (user_) {
        auto users = all_users(node_.database());
        const auto now = std::find_if(users.begin(), users.end(), [&](const User& user) { return user.id == user_->id; });
        if (now == users.end())
            end_session();
        else
            user_ = std::move(*now);
        show_staff();
    }
    if (!user_) return refused(Refusal::not_logged_in, "Nobody is logged in: scan a badge or enter a PIN.");
    if (locked_) return refused(Refusal::locked, fmt::format("The till is locked by {}: scan a badge or enter a PIN.", cashier_));
    if (permissions_of(node_.policy(), user_->role).has(permission)) return {};
    const auto found = std::find_if(lent_.begin(), lent_.end(), [&](const Approval& approval) { return approval.what == print(permission); });
    if (found != lent_.end()) {
        lent.push_back(*found);
        return {};
    }
    Outcome outcome = refused(Refusal::not_permitted, fmt::format("{} is not allowed to {} ({}): a second person may approve it.", act_of(permission),
                                                                 cashier_, print(permission)));
    outcome.permission = permission;
    return outcome;
}

void Till::use_up(const std::vector<Approval>& lent) {
    for (const Approval& approval : lent)
        if (const auto found = std::find(lent_.begin(), lent_.end(), approval); found != lent_.end()) lent_.erase(found);
}

Outcome Till::approve(const Credential& credential, Permission permission) {
    std::optional<User> user;
    if (auto outcome = identify(credential, user); !outcome.ok()) return outcome;
    if (!permissions_of(node_.policy(), user->role).has(permission)) {
        Outcome outcome = refused(Refusal::approver_not_permitted, fmt::format("{} is not allowed to {} either ({}).", act_of(permission), user->name,
                                                                              print(permission)));
        outcome.permission = permission;
        return outcome;
    }
    lent_.push_back({user->name, std::string(print(permission))});
    return {};
}

Outcome Till::demand(Permission permission, std::vector<Approval>* spent) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(permission, lent); !outcome.ok()) return outcome;
    use_up(lent);
    if (spent) *spent = std::move(lent);
    return {};
}

// ------------------------------------------------------------------------------------------------ users

Outcome Till::check_change(const UserChange& change, const std::optional<User>& known) {
    Database& database = node_.database();
    const std::vector<User> users = all_users(database);
    const auto other = [&](const std::optional<User>& found) { return found && (!known || found->id != known->id); };
    const std::string wanted = change.rename.value_or(change.add ? change.name : std::string());
    if (change.add || change.rename) {
        const auto name = nfc(trim(wanted));
        if (!name || name->empty() || name->size() > max_user_name_bytes)
            return refused(Refusal::bad_user_name, fmt::format("A user needs a name of at most {} bytes.", max_user_name_bytes));
        if (other(user_by_name(database, *name))) return refused(Refusal::name_taken, fmt::format("There is a user {} already.", *name));
    }
    const std::string role = change.role.value_or(known ? known->role : users.empty() ? std::string(administrator_role) : "cashier");
    const auto& roles = node_.policy().roles;
    if (std::none_of(roles.begin(), roles.end(), [&](const Role& each) { return each.name == role; }))
        return refused(Refusal::unknown_role, fmt::format("The policy knows no role \"{}\".", role));
    if (users.empty() && role != administrator_role)
        return refused(Refusal::first_is_administrator, "The first user has to be an administrator: there would be nobody who may add others.");
    const bool stays = !change.remove && role == administrator_role;
    if (known && is_administrator(*known) && !stays && std::count_if(users.begin(), users.end(), is_administrator) == 1)
        return refused(Refusal::last_administrator, fmt::format("{} is the only administrator: make another one first.", known->name));
    const bool first = users.empty() || (users.size() == 1 && known);
    if (first && !change.remove && change.pin.value_or(known ? known->pin : "").empty() && change.badge.value_or(known ? known->badge : "").empty())
        return refused(Refusal::bad_pin, "The first user needs a PIN or a badge: nobody could log in.");
    if (change.pin && !change.pin->empty()) {
        if (!is_pin(*change.pin)) return refused(Refusal::bad_pin, "A PIN has 4 to 12 digits.");
        const auto holders = users_by_pin(database, *change.pin);
        if (std::any_of(holders.begin(), holders.end(), [&](const User& user) { return other(user); }))
            return refused(Refusal::pin_taken, "This PIN is taken: choose another one.");
    }
    if (change.badge && !change.badge->empty()) {
        const std::string badge = normalise_code(*change.badge);
        if (badge.empty() || as_customer_number(badge)) return refused(Refusal::bad_badge, "A badge has a code of more than 4 digits.");
        if (other(user_by_badge(database, badge))) return refused(Refusal::badge_taken, "This badge is another user's.");
        if (find_product(database, badge) || customer_by_card(database, badge))
            return refused(Refusal::badge_taken, "This code is a product's or a customer's: it cannot be a badge.");
    }
    return {};
}

void Till::book_user(const User& user, bool removed, std::vector<Approval> lent) {
    Database& database = node_.database();
    const Instant now = node_.clock().now();
    unsigned char bytes[16];
    node_.random().fill(bytes);
    std::string salt;
    for (const unsigned char byte : bytes) salt += fmt::format("{:02x}", byte);
    // Whoever was removed keeps the name, for receipts bear it.
    const std::string texts = user_body({user.name, removed ? "" : user.badge, removed ? "" : user.pin}, salt);
    UserFact fact;
    fact.user = user.id;
    fact.role = user.role;
    fact.removed = removed;
    fact.digest = digest_of(texts);
    fact.cashier = cashier_;
    fact.approvals = std::move(lent);
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    database.run("DELETE FROM personal WHERE digest IN (SELECT digest FROM user WHERE id = ?)", user.id);  // a PIN that was changed is forgotten
    database.run("INSERT INTO personal (digest, body) VALUES (?, ?)", fact.digest, texts);
    node_.ledger().append(schema::kind::user_set, body_of(fact), now);
}

Outcome Till::change_user(const UserChange& change, User& changed) {
    Transaction transaction(node_.database());
    std::optional<User> known;
    if (!change.add) {
        known = user_by_name(node_.database(), change.name);
        if (!known) return refused(Refusal::unknown_user, fmt::format("There is no user {}.", change.name));
        // Of two of one name the branch's own is meant, which is to get another name or to go.
        if (is_kept_at_hq(*known) && (change.rename || change.remove))
            for (User& hidden : hidden_users(node_.database()))
                if (fold(hidden.name) == fold(known->name)) known = std::move(hidden);
        if (is_kept_at_hq(*known))
            return refused(Refusal::kept_at_hq, fmt::format("{} is kept at headquarters: change it there (paprsek-hq users).", known->name));
    }
    const bool own_pin = known && user_ && known->id == user_->id && change.pin && !change.remove && !change.rename && !change.role && !change.badge;
    std::vector<Approval> lent;
    if (!own_pin || locked_)
        if (auto outcome = permitted(Permission::manage_users, lent); !outcome.ok()) return outcome;
    if (auto outcome = check_change(change, known); !outcome.ok()) return outcome;

    User user = known.value_or(User{});
    if (!known) {
        user.id = customer_of_fact(node_.info().node, node_.epoch(), node_.ledger().head().seq + 1);
        user.role = has_users(node_.database()) ? "cashier" : std::string(administrator_role);
    }
    if (change.add || change.rename) user.name = *nfc(trim(change.rename.value_or(change.name)));
    if (change.role) user.role = *change.role;
    if (change.badge) user.badge = normalise_code(*change.badge);
    if (change.pin) user.pin = change.pin->empty() ? "" : hash_pin(*change.pin, pin_cost_, node_.random());
    book_user(user, change.remove, lent);
    transaction.commit();
    use_up(lent);
    if (user_ && user_->id == user.id && !change.remove) {
        user_ = user;
        cashier_ = user.name;
    }
    show_staff();
    changed = std::move(user);
    return {};
}

}  // namespace paprsek::node
