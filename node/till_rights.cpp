// The till and rights (node/rights.h): what may be spent here without asking, and what is asked for when it is not enough.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "node/till_outcomes.h"

namespace paprsek::node {

Spendable Till::spendable(const CustomerTerms& terms) {
    Spendable result;
    if (!node_.enrolment()) return result;
    result.as_of = node_.state_as_of();
    const RightsStanding standing = rights_standing(node_);
    if (standing.bound) {
        result.by = Spendable::By::right;
        result.right = right_of(node_, standing, terms.id);
        result.frozen = !standing.begun;
    }
    result.allowance = cap_left(terms.id);
    if (!standing.bound && result.allowance) result.by = Spendable::By::allowance;
    return result;
}

/// What points may pay by right, those of this receipt included, which the node earns itself; nothing where rights do not bind.
std::optional<Money> Till::right_pays(const Customer& customer, Points of_receipt) const {
    if (customer.spendable.by != Spendable::By::right) return std::nullopt;
    return worth(std::max(Points{}, customer.spendable.right.points + of_receipt), node_.policy().point_value);
}

Outcome Till::right_too_small(Money wanted, Money may, const char* what, const Right& needed) {
    const Spendable& spendable = customer_->spendable;
    wish_ = needed;
    const std::string balance = needed.credit.is_zero() ? print(customer_->record.terms.points) : print(customer_->record.terms.debt);
    const std::string as_of = spendable.as_of ? ", as of " + node_.zone().print(*spendable.as_of) : "";
    if (spendable.frozen)
        return refused(Refusal::right_too_small,
                       fmt::format("{} may pay {} here, not {}: this till holds no rights before its next exchanges with headquarters (balance {}{}).", what,
                                   print(may), print(wanted), balance, as_of));
    return refused(Refusal::right_too_small,
                   fmt::format("{} may pay {} here, not {}: that is what this till holds of the customer (balance {}{}). More is asked of headquarters: try "
                               "again after the next exchange.",
                               what, print(may), print(wanted), balance, as_of));
}

/// Against the view as it is priced. A named amount that only the right keeps low is refused.
Outcome Till::check_right() {
    wish_.reset();
    if (!customer_) return {};
    const auto may = right_pays(*customer_, view_.points);
    if (!may || view_.redeem_wanted <= *may) return {};
    // A right below zero may lack less than this receipt earns; what is asked for is an amount all the same.
    const Right needed{std::max(Points::of(1), points_for(view_.redeem_wanted, node_.policy().point_value) - view_.points), {}};
    const Outcome outcome = right_too_small(view_.redeem_wanted, *may, "Points", needed);
    return draft_.redeem ? outcome : Outcome{};
}

Outcome Till::check_credit(const std::vector<Tender>& tenders) {
    if (!customer_ || customer_->spendable.by != Spendable::By::right || customer_->record.terms.limit.is_zero()) return {};
    Money charged;
    for (const Tender& tender : tenders)
        if (tender.with == TenderKind::account) charged += tender.amount;
    const Money may = std::max(Money{}, customer_->spendable.right.credit);
    if (charged <= may) return {};
    return right_too_small(charged, may, "The account", {Points{}, charged});
}

/// Durable; in a transaction of its own.
void Till::ask_for_right() {
    const auto needed = std::exchange(wish_, std::nullopt);
    if (!needed || !customer_ || customer_->is_new) return;
    Transaction transaction(node_.database());
    wish(node_, customer_->record.terms.id, *needed, node_.clock().now());
    transaction.commit();
}

/// Tries what redeem() has put into the draft; a refused one is taken back.
Outcome Till::redeem_by_right() {
    Outcome outcome;
    try {
        reprice();
        outcome = check_right();
    } catch (const Overflow&) {
        outcome = out_of_range();
    }
    // "As much as may be" is lowered; the rest is asked for all the same.
    if (wish_) ask_for_right();
    if (!outcome.ok()) {
        draft_ = before_.draft;
        reprice();
    }
    return outcome;
}

}  // namespace paprsek::node
