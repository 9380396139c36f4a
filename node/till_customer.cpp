// The till's customer: found by number or card, made by a card, logged in and out; what points may pay.
#include <fmt/format.h>

#include <algorithm>

#include "node/balances.h"
#include "node/catalogue.h"
#include "node/receipts.h"
#include "node/till_outcomes.h"

namespace paprsek::node {

Till::Customer Till::with_spendable(CustomerRecord record, const std::string& shown, bool is_new) {
    Customer customer{std::move(record), shown, is_new};
    customer.spendable = spendable(customer.record.terms);
    return customer;
}

Outcome Till::find_customer(std::string_view text, bool may_create, std::optional<Customer>& found) {
    const std::string shown(code_of_stripe(text));
    Database& database = node_.database();
    const auto take = [&](CustomerRecord record) {
        // Points that have expired are booked away before anybody sees or spends them.
        if (settle_expiry(node_, record.terms.id)) record = customer_by_id(database, record.terms.id).value();
        found = with_spendable(std::move(record), shown);
        return Outcome{};
    };
    if (const auto number = as_customer_number(shown)) {
        if (auto record = customer_by_number(database, *number)) return take(std::move(*record));
        return refused(Refusal::unknown_customer, fmt::format("There is no customer number {}.", *number));
    }
    const std::string card = normalise_code(shown);
    if (card.empty()) return refused(Refusal::unknown_customer, "The customer's code is empty or cannot be read.");
    if (auto record = customer_by_card(database, card)) return take(std::move(*record));
    if (looks_like_payment_card(card)) return refused(Refusal::payment_card, "This is a payment card: it is not taken as a customer's card and not kept.");
    const Policy& policy = node_.policy();
    const Date today = node_.zone().local(node_.clock().now()).date;
    const std::vector<std::string> lists = programmes_of(database, card);
    const bool of_programme = std::any_of(policy.programmes.begin(), policy.programmes.end(), [&](const Programme& programme) {
        return programme.valid_on(today) && (programme.holds(card) || std::find(lists.begin(), lists.end(), programme.name) != lists.end());
    });
    if (!may_create || (!policy.allow_customer_by_card && !of_programme))
        return refused(Refusal::unknown_customer, fmt::format("No customer has the card {}.", shown));
    if (find_product(database, card) || user_by_badge(database, card))
        return refused(Refusal::unknown_customer, fmt::format("The code {} is a product's or a cashier's badge: it cannot be a card.", card));
    if (policy.demand_details)
        return refused(Refusal::details_demanded, fmt::format("The card {} is new, and a new customer needs a name and address first.", shown));
    CustomerRecord record;
    record.terms.id = customer_of_card(card);
    if (customer_by_id(database, record.terms.id)) {
        // Another program may have sold to the card since it was looked for.
        if (auto registered = customer_by_card(database, card)) return take(std::move(*registered));
        return refused(Refusal::unknown_customer, fmt::format("The card {} was taken away from its customer: it is nobody's.", shown));
    }
    record.terms.cards = {card};
    record.terms.programmes = lists;
    found = with_spendable(std::move(record), shown, true);
    return {};
}

std::string Till::register_customer(const Customer& customer) {
    const CustomerTerms& terms = customer.record.terms;
    // Another program may have registered the card since, and HQ or a person have changed the customer.
    if (customer.is_new && !customer_by_id(node_.database(), terms.id)) {
        CustomerFact fact;
        fact.customer = terms.id;
        fact.cards = terms.cards;
        node_.ledger().append(schema::kind::customer_set, body_of(fact), node_.clock().now());
    }
    return terms.id;
}

Outcome Till::log_in(std::string_view number_or_card) {
    if (const std::string why = printer_ ? printer_->no_customers() : std::string(); !why.empty()) return refused(Refusal::printer_refuses, why);
    std::optional<Customer> found;
    if (auto outcome = find_customer(number_or_card, true, found); !outcome.ok()) return outcome;
    if (auto outcome = permitted(Permission::sell, draft_.approvals); !outcome.ok()) return outcome;
    customer_ = std::move(found);
    draft_.customer = customer_->shown;
    draft_.customer_id = customer_->record.terms.id;
    return changed();
}

/// The customer of a draft that lay aside, as known now; one who is gone leaves it without.
void Till::restore_customer(Draft& draft, std::optional<Customer>& customer) {
    customer.reset();
    if (draft.customer.empty()) return;
    auto record = draft.customer_id.empty() ? std::nullopt : customer_by_id(node_.database(), draft.customer_id);
    if (record)
        customer = with_spendable(std::move(*record), draft.customer);
    else if (!find_customer(draft.customer, true, customer).ok())
        return draft.log_out();
    draft.customer_id = customer->record.terms.id;
}

Outcome Till::log_out() {
    if (auto outcome = permitted(Permission::sell, draft_.approvals); !outcome.ok()) return outcome;
    customer_.reset();
    draft_.log_out();
    return changed();
}

ViewCustomer Till::view_of(const Customer& customer) const {
    const CustomerRecord& record = customer.record;
    ViewCustomer view;
    view.id = record.terms.id;
    view.shown = customer.shown;
    view.number = record.number;
    view.name = record.texts.name;
    view.points = record.terms.points;
    view.spend = record.terms.spend;
    view.debt = record.terms.debt;
    view.last_purchase = record.last_purchase;
    view.charge = record.terms.charge;
    view.limit = record.terms.limit;
    view.is_new = customer.is_new;
    view.spendable = customer.spendable;
    return view;
}

ViewCustomer Till::balances_of(const std::string& id, const std::string& shown, bool is_new) {
    auto record = customer_by_id(node_.database(), id);
    if (!record) record.emplace();
    record->terms.id = id;
    return view_of(with_spendable(std::move(*record), shown, is_new));
}

Outcome Till::redeem(std::optional<Money> amount) {
    if (amount && *amount < Money{}) return refused(Refusal::bad_amount, "The amount to redeem is below zero.");
    if (!customer_) return refused(Refusal::redeem_without_customer, "Points are paid by a customer: log one in first (F1).");
    if (draft_.lines.empty()) return refused(Refusal::redeem_without_goods, "Points pay goods: ring them up first.");
    if (amount && !amount->is_zero())
        if (auto outcome = check_caps(customer_->record.terms.id, *amount); !outcome.ok()) return outcome;
    if (auto outcome = permitted(Permission::sell, draft_.approvals); !outcome.ok()) return outcome;
    draft_.redeem = amount;
    draft_.redeem_most = !amount;
    if (amount && amount->is_zero()) draft_.redeem.reset();
    if (customer_->spendable.by == Spendable::By::right)
        if (auto outcome = redeem_by_right(); !outcome.ok()) return outcome;
    return changed();
}

std::optional<Money> Till::cap_left(const std::string& customer) {
    const Offline& caps = node_.policy().offline;
    if ((!caps.per_customer && !caps.per_day) || !node_.enrolment()) return std::nullopt;
    const std::int64_t confirmed = node_.hq_receipt().seq;
    const Instant midnight = node_.zone().start_of(node_.zone().local(node_.clock().now()).date);
    std::optional<Money> left;
    // Under rights too: a cap is a cap.
    const auto lower = [&](Money room) { left = std::max(Money{}, left ? std::min(*left, room) : room); };
    if (caps.per_customer) lower(*caps.per_customer - redeemed_unconfirmed(node_.database(), confirmed, customer, Instant{INT64_MIN}));
    if (caps.per_day) lower(*caps.per_day - redeemed_unconfirmed(node_.database(), confirmed, std::nullopt, midnight));
    return left;
}

Outcome Till::check_caps(const std::string& customer, Money redeemed) {
    const auto left = cap_left(customer);
    if (left && redeemed > *left)
        return refused(Refusal::offline_cap,
                       fmt::format("Until the next exchange with headquarters points may pay {} more here, not {}.", print(*left), print(redeemed)));
    return {};
}

}  // namespace paprsek::node
