// Customers at HQ: what is known of them, whose cards they are, who is one with whom.
#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <utility>

#include "hq/project.h"
#include "node/base/error.h"
#include "node/codes.h"
#include "node/loyalty_facts.h"

namespace paprsek::hq {
namespace {

/// By HQ's clock, in ms (schema/hq/013_described.sql).
constexpr const char* described_since_setting = "customers_stand_since";

std::string pair_of(const std::string& a, const std::string& b) { return std::min(a, b) + " " + std::max(a, b); }

/// A registration says nothing but which card it is: it never overwrites what somebody filled in.
bool is_registration(const node::CustomerFact& fact) {
    return !fact.number && fact.digest.empty() && fact.dealer.empty() && fact.discount.is_zero() && !fact.charge && fact.limit.is_zero() &&
           fact.referrer.empty();
}

}  // namespace

bool is_card_alone(Store& store, std::int64_t customer, const std::string& card) {
    const CustomerRecord record = store.customer(customer);
    if (record.id != node::customer_of_card(card) || record.number || record.set_at >= 0) return false;
    const auto cards = store.cards(customer);
    return cards.empty() || (cards.size() == 1 && cards[0] == card);
}

/// A till that had not heard of it yet met a card that somebody took away from the customer whom it made.
bool Projector::was_taken_away(const node::CustomerFact& set, const std::string& card) {
    if (!is_registration(set) || set.customer != node::customer_of_card(card) || store_.customer_by_card(card)) return false;
    const auto known = store_.find_account(set.customer);
    return known && store_.customer(known->row).set_at >= 0;
}

void Projector::customer(const FactView& fact) {
    const node::CustomerFact set = node::parse_customer(fact.body);
    const auto texts = set.digest.empty() ? std::nullopt : store_.personal(set.digest);
    const std::string name = texts ? node::parse_personal(*texts).name : "";
    Account& named = account(set.customer);
    named.changed = true;
    node::Json clashes = node::Json::object();
    for (const std::string& card : set.cards)
        if (!card.empty() && card.size() <= node::max_code_bytes && !was_taken_away(set, card)) claim_card(named, card, clashes);

    Account& main = main_of(named);
    main.changed = true;
    for (const std::string& card : set.gone)
        if (store_.customer_by_card(card) == main.row) store_.drop_card(card);
    CustomerRecord record = store_.customer(main.row);
    const std::string texts_before = record.digest;
    // The latest edit stands, in whatever order edits come; HQ's own always do, or a branch's wrong clock would lock the row.
    const bool later = fact.node == node::hq_node || std::pair(fact.at, fact.id) > std::pair(record.set_at, record.set_by);
    const bool alias = main.row != named.row, described = !alias && !is_registration(set) && is_described(fact, record);
    const auto free_number = [&](std::int64_t number) {
        const auto holder = store_.customer_by_number(number);
        if (!holder || *holder == main.row) return true;
        clashes["number"] = {{"number", number}, {"held_by", store_.customer(*holder).id}};
        return false;
    };
    if (alias || described) {
        // What was said of the customer that was merged, or by a shop that joins, fills in what is not known of the one that stands.
        if (set.number && !record.number && free_number(*set.number)) record.number = set.number;
        if (record.digest.empty() && !(described && was_erased(record))) {
            record.digest = set.digest;
            record.name = name;
        }
    } else if (later && !is_registration(set)) {
        if (set.number && free_number(*set.number)) record.number = set.number;
        if (!set.number) record.number.reset();
        record.digest = set.digest;
        record.name = name;
        record.dealer = set.dealer;
        record.discount = set.discount;
        record.charge = set.charge;
        record.limit = set.limit;
        record.referrer = set.referrer;
        record.set_at = fact.at;
        record.set_by = fact.id;
    }
    store_.save_customer(record);
    main.limit = record.limit.raw();
    if (described) tell_difference(fact, set, record);
    for (const std::string& digest : {texts_before, set.digest})
        if (digest != record.digest) drop_texts(digest, main);
    tell_duplicates(fact, set.customer, main, clashes);
}

/// The node had not joined any HQ when it wrote this: it kept its customers itself. A later epoch is one that HQ named.
bool Projector::kept_customers_itself(const FactView& fact) {
    if (fact.epoch != 1) return false;
    const auto joined = facts_.joined_at(chain_of(fact.id));
    return !joined || seq_of(fact.id) < *joined;
}

/// The chain knows the customer already by somebody else's word, and a shop that is joining says something of it: customers are kept by
/// the chain (PRODUCT.md C2), and what the shop knew otherwise is for a person to decide (C5). `record`: as it stands.
bool Projector::is_described(const FactView& fact, const CustomerRecord& record) {
    if (record.set_at < 0 || chain_of(record.set_by) == chain_of(fact.id) || fact.node == node::hq_node || !kept_customers_itself(fact)) return false;
    // A store that is older than this rule took the later word; its facts say the same as they did then.
    const auto since = facts_.setting(described_since_setting);
    return !since || watch_.now().ms >= std::stoll(*since);
}

bool Projector::was_erased(const CustomerRecord& record) {
    const auto fact = facts_.fact(record.set_by);
    return fact && fact->kind == schema::kind::customer_erased;
}

void Projector::tell_difference(const FactView& fact, const node::CustomerFact& set, const CustomerRecord& held) {
    if (!watching_) return;
    const auto texts_of = [&](const std::string& digest) {
        const auto texts = digest.empty() ? std::nullopt : store_.personal(digest);
        return texts ? node::parse_personal(*texts) : node::PersonalTexts{};
    };
    const node::PersonalTexts theirs = was_erased(held) ? node::PersonalTexts{} : texts_of(set.digest), ours = texts_of(held.digest);
    node::Json differences = node::Json::array();
    const auto differ = [&](const char* what, const node::Json& brought, const node::Json& stands) {
        if (brought != stands) differences.push_back({{"what", what}, {"brought", brought}, {"held", stands}});
    };
    if (set.number) differ("number", *set.number, held.number ? node::Json(*held.number) : node::Json());
    if (!theirs.empty()) {
        differ("name", theirs.name, ours.name);
        differ("phone", theirs.phone, ours.phone);
        differ("email", theirs.email, ours.email);
        differ("address", theirs.address, ours.address);
        differ("note", theirs.note, ours.note);
    }
    differ("dealer", set.dealer, held.dealer);
    differ("discount", node::print(set.discount), node::print(held.discount));
    differ("charge_to_account", set.charge, held.charge);
    differ("limit", node::print(set.limit), node::print(held.limit));
    differ("referrer", set.referrer, held.referrer);
    auto live = store_.live_exception(exception_kind::customer_differs, held.id);
    if (differences.empty()) {
        if (live) close_difference(held.id, {});
        return;
    }
    node::Json evidence = {{"customer", held.id}, {"differences", std::move(differences)}, {"fact", node::body_of(set)}};
    if (const auto cards = store_.cards(held.row); !cards.empty()) evidence["card"] = cards.front();
    if (!theirs.empty()) evidence["texts"] = store_.personal(set.digest).value();
    if (!live) {
        watch_.raise(fact, exception_kind::customer_differs, held.id, std::move(evidence));
        return;
    }
    live->evidence = std::move(evidence);
    live->state = ExceptionState::open;
    live->remedy.clear();
    store_.save_exception(*live);
}

/// Who the customer is stays nowhere beside the row: evidence about persons goes with the answer, and with an erasure.
void Projector::close_difference(const std::string& customer, const std::string& remedy) {
    auto live = store_.live_exception(exception_kind::customer_differs, customer);
    if (!live) return;
    live->evidence = {{"customer", customer}};
    live->state = remedy.empty() ? ExceptionState::settled : ExceptionState::resolved;
    live->remedy = remedy;
    live->closed_at = watch_.now();
    store_.save_exception(*live);
}

/// Texts that stand nowhere any more are nobody's business. An alias, or a merge that may be undone, may still have them.
void Projector::drop_texts(const std::string& digest, const Account& main) {
    if (digest.empty() || store_.customer(main.row).digest == digest) return;
    for (const std::int64_t alias : store_.belongings(main.row).aliases)
        if (store_.customer(alias).digest == digest) return;
    store_.drop_personal(digest);
}

/// Everything that says who the customer is goes, that of those who are one with it too. What an offline branch said before comes to
/// nothing, for the erasure counts as the latest edit.
void Projector::erase(const FactView& fact) {
    const node::ErasureFact erasure = node::parse_erasure(fact.body);
    Account& main = main_of(account(erasure.customer));
    main.changed = true;
    std::vector<std::int64_t> rows = store_.belongings(main.row).aliases;
    rows.push_back(main.row);
    for (const std::int64_t row : rows) {
        CustomerRecord record = store_.customer(row);
        if (!record.digest.empty()) store_.drop_personal(record.digest);
        record.digest.clear();
        record.name.clear();
        close_difference(record.id, {});
        if (std::pair(fact.at, fact.id) > std::pair(record.set_at, record.set_by)) {
            record.set_at = fact.at;
            record.set_by = fact.id;
        }
        store_.save_customer(record);
    }
    for (MergedCustomer merged : store_.merged_customers()) {
        if (std::find(rows.begin(), rows.end(), merged.row) == rows.end() || merged.digest.empty()) continue;
        store_.drop_personal(merged.digest);
        merged.digest.clear();
        store_.save_merged(merged);
    }
}

/// One exception a pair of customers, each with what both claim.
void Projector::tell_duplicates(const FactView& fact, const std::string& customer, const Account& main, const node::Json& clashes) {
    std::map<std::string, node::Json> others;
    for (const auto& [what, clash] : clashes.items()) {
        if (what == "number") others[clash["held_by"].get<std::string>()]["number"] = clash;
        if (what == "cards")
            for (const node::Json& card : clash) others[card["held_by"].get<std::string>()]["cards"].push_back(card);
    }
    const std::string id = store_.customer(main.row).id;
    for (auto& [other, evidence] : others) {
        evidence["customer"] = customer;
        evidence["other"] = other;
        watch_.raise(fact, exception_kind::duplicate_customer, pair_of(id, other), std::move(evidence));
    }
}

// -------------------------------------------------------------------------------------------------------- cards

/// Two branches that met a new card made the same customer; one that met the card of a customer whom it did not know yet
/// made a customer that is joined here to the one who holds the card. Anything else is for a person to decide.
void Projector::claim_card(Account& named, const std::string& card, node::Json& clashes) {
    Account& claimant = main_of(named);
    const auto holder = store_.customer_by_card(card);
    if (!holder) {
        store_.add_card(claimant.row, card);
        claimant.changed = true;
    } else if (*holder == claimant.row) {
        return;
    } else if (is_card_alone(store_, claimant.row, card)) {
        merge(claimant, account_at(*holder));
    } else if (is_card_alone(store_, *holder, card)) {
        merge(account_at(*holder), claimant);
    } else {
        clashes["cards"].push_back({{"card", card}, {"held_by", store_.customer(*holder).id}});
    }
}

void Projector::merge(Account& from, Account& into) {
    assert(!from.main && !into.main && from.row != into.row);
    if (!fits(from.points + into.points) || !fits(from.spend + into.spend) || !fits(from.debt + into.debt)) throw node::Overflow();
    store_.merge_customer(from.row, into.row);
    into.points += from.points;
    into.spend += from.spend;
    into.debt += from.debt;
    if (from.last && (!into.last || std::pair(*from.last, from.last_fact) > std::pair(*into.last, into.last_fact))) {
        into.last = from.last;
        into.last_fact = from.last_fact;
    }
    for (auto& [row, account] : accounts_)
        if (account.main == from.row) account.main = into.row;
    from.main = into.row;
    from.points = from.spend = from.debt = 0;
    from.last.reset();
    from.last_fact = 0;
    from.changed = into.changed = true;
}

// ------------------------------------------------------------------------------------------------------- by hand

void Projector::merge_by_hand(const FactView& fact) {
    const node::MergeFact said = node::parse_merge(fact.kind, fact.body);
    Account& from = main_of(account(said.from));
    Account& into = main_of(account(said.into));
    if (from.row == into.row) node::refuse("customers " + said.from + " and " + said.into, "are one already");
    MergedCustomer merged = store_.belongings(from.row);
    CustomerRecord given = store_.customer(from.row), kept = store_.customer(into.row);
    if (given.number && !kept.number) {
        merged.number = std::exchange(given.number, std::nullopt);
        store_.save_customer(given);
        kept.number = merged.number;
    }
    if (kept.digest.empty()) {
        merged.digest = kept.digest = given.digest;
        kept.name = given.name;
    }
    merge(from, into);
    store_.save_customer(kept);
    store_.save_merged(merged);
    settle_duplicates();
}

/// Movements count again for whom the facts name; number, texts, cards and aliases go back where they are still with the other.
void Projector::undo_merge(const FactView& fact) {
    const node::MergeFact said = node::parse_merge(fact.kind, fact.body);
    Account& customer = account(said.from);
    const auto list = store_.merged_customers();
    const auto merged = std::find_if(list.begin(), list.end(), [&](const MergedCustomer& each) { return each.row == customer.row; });
    if (!customer.main || merged == list.end()) node::refuse("customer " + said.from, "was not merged into another by hand");
    Account& main = account_at(customer.main);
    write();  // sums are taken of what is written
    store_.part_customer(*merged, main.row);
    store_.drop_merged(customer.row);
    CustomerRecord given = store_.customer(customer.row), kept = store_.customer(main.row);
    if (merged->number && kept.number == merged->number) {
        kept.number.reset();
        store_.save_customer(kept);
        given.number = merged->number;
        store_.save_customer(given);
    }
    if (!merged->digest.empty() && kept.digest == merged->digest) {
        kept.digest.clear();
        kept.name.clear();
        store_.save_customer(kept);
    }
    for (const std::int64_t alias : merged->aliases)
        if (const auto known = accounts_.find(alias); known != accounts_.end()) known->second = store_.account(alias);
    customer.main = 0;
    for (Account* each : {&customer, &main}) {
        const Account sums = store_.sums(each->row);
        each->points = sums.points;
        each->spend = sums.spend;
        each->debt = sums.debt;
        each->last = sums.last;
        each->last_fact = sums.last_fact;
        each->changed = true;
    }
}

/// Of two who are one by now, nobody has to decide any more.
void Projector::settle_duplicates() {
    for (const Exception& exception : store_.live_exceptions(exception_kind::duplicate_customer)) {
        const std::size_t blank = exception.subject.find(' ');
        if (blank == std::string::npos) continue;
        if (main_of(account(exception.subject.substr(0, blank))).row == main_of(account(exception.subject.substr(blank + 1))).row)
            watch_.close(exception_kind::duplicate_customer, exception.subject, ExceptionState::settled);
    }
}

}  // namespace paprsek::hq
