// The till's payment: the open receipt becomes a fact.
#include <fmt/format.h>

#include "node/account.h"
#include "node/receipts.h"
#include "node/stock.h"
#include "node/till_outcomes.h"

namespace paprsek::node {

Outcome Till::pay_fault(PayFault fault, const Settled& settled, Money due) const {
    switch (fault) {
        case PayFault::none: return {};
        case PayFault::too_little:
            return refused(Refusal::not_enough_cash, fmt::format("{} is to be paid in cash, and less was given.", print(settled.cash_due)));
        case PayFault::over_tender:
            return refused(Refusal::over_tender, fmt::format("Card, voucher and account come to more than the {} that is due.", print(due)));
        case PayFault::account_not_allowed: return refused(Refusal::account_not_allowed, "This customer may not charge to the account.");
        case PayFault::no_account_customer: return refused(Refusal::account_without_customer, "An account needs a customer: log one in first (F1).");
        case PayFault::account_limit: {
            Money wanted;
            for (const Tender& tender : settled.pay)
                if (tender.with == TenderKind::account) wanted += tender.amount;
            return refused(Refusal::account_limit, fmt::format("The account stands at {} and may not pass {}: {} more is too much.",
                                                               print(customer_ ? customer_->record.terms.debt : Money{}),
                                                               print(customer_ ? customer_->record.terms.limit : Money{}), print(wanted)));
        }
    }
    return {};
}

Outcome Till::check_tenders(const std::vector<Tender>& tenders) const {
    for (const Tender& tender : tenders) {
        if (tender.amount < Money{} || tender.amount > max_entered_amount)
            return refused(Refusal::bad_amount, "An amount paid is below zero or too large.");
        const TenderRule* rule = node_.policy().tender(tender.shown());
        if (!rule || rule->counts_as != tender.with)
            return refused(Refusal::unknown_tender, fmt::format("The policy knows no payment by {}.", tender.shown()));
    }
    return {};
}

bool Till::opens_drawer(const std::vector<Tender>& tenders) const {
    for (const Tender& tender : tenders)
        if (const TenderRule* rule = node_.policy().tender(tender.shown()); rule && rule->drawer && !tender.amount.is_zero()) return true;
    return false;
}

/// What the rules looked at besides what the lines say, so that HQ can compute them again (hq/recompute.h).
void Till::tell_inputs(ReceiptFact& fact, Instant now, const CustomerTerms* customer) {
    const Policy& policy = node_.policy();
    fact.state = node_.booked_state();
    if (!fact.state.version) return;
    std::vector<Instant> entered;
    for (std::size_t i = 0; i < fact.lines.size(); ++i) {
        BookedLine& line = fact.lines[i];
        const LineInput& input = draft_.lines[i].input;
        entered.push_back(input.entered);
        line.embedded = input.price_embedded && input.product && input.price != input.product->price;
        if (input.product && input.state != fact.state) line.state = input.state.epoch == fact.state.epoch ? input.state.version : 0;
        // Almost always it would have cost the same at the payment, and the moment need not be told.
        LineInput later = input;
        later.entered = now;
        const BookedLine priced = price_line(policy, node_.zone(), later, customer).line;
        if (priced.discount != line.discount || priced.points != line.points || node_.zone().local(input.entered).date != node_.zone().local(now).date)
            line.waited_ms = now.ms - input.entered.ms;
    }
    if (customer) fact.terms = booked_terms(policy, node_.zone(), *customer, entered);
}

Outcome Till::book_sale(const std::vector<Tender>& tenders, const std::vector<Approval>& lent, Booked& booked) {
    // Under the write lock: another process may have moved balances since the receipt was drawn.
    refresh();
    const CustomerTerms* customer = customer_ ? &customer_->record.terms : nullptr;
    const Policy& policy = node_.policy();
    const Instant now = node_.clock().now();
    for (const ViewLine& line : view_.lines)  // a receipt may have stood open while the policy changed
        if (!policy.vat_rate(line.line.vat, node_.zone().local(now).date))
            return refused(Refusal::unknown_vat_group,
                           fmt::format("\"{}\" of {} is no VAT group of the policy any more: strike the line out and ring it up again.", line.line.vat,
                                       line.line.name));
    if (draft_.redeem)
        if (auto outcome = check_caps(customer->id, *draft_.redeem); !outcome.ok()) return outcome;
    if (auto outcome = check_right(); !outcome.ok()) return outcome;
    ReceiptFact fact;
    for (const ViewLine& line : view_.lines) fact.lines.push_back(line.line);
    fact.stock = sells_from(node_);
    cost_by_average(node_.database(), fact);
    const Settled settled = settle(view_.due, tenders, policy.cash_rounding, customer, policy.tenders);
    if (settled.fault != PayFault::none) return pay_fault(settled.fault, settled, view_.due);
    if (auto outcome = check_credit(settled.pay); !outcome.ok()) return outcome;
    wish_.reset();
    fact.number = next_receipt_number(node_.database());
    fact.cashier = cashier_;
    fact.rates = rates_of(policy, fact.lines, node_.zone().local(now).date);
    fact.redeemed = view_.redeemed;
    fact.taken = view_.taken;
    fact.redemption_is_payment = policy.redemption_is == RedemptionIs::payment && !fact.redeemed.is_zero();
    spread_redemption(fact);
    fact.rounding = settled.rounding;
    fact.change = settled.change;
    fact.pay = settled.pay;
    fact.loan = loan_of(fact);
    fact.place = draft_.place;
    fact.policy = policy.version;
    tell_inputs(fact, now, customer);
    fact.approvals = draft_.approvals;
    fact.approvals.insert(fact.approvals.end(), lent.begin(), lent.end());
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    if (customer) {
        fact.customer = register_customer(*customer_);
        fact.card = customer_->shown;
        fact.referral = referral_of(policy, *customer, fact.points(), fact.net());
    }
    const std::string body = body_of(fact);
    if (body.size() > schema::max_body_bytes) return refused(Refusal::too_many_lines, "The receipt is too long: divide it.");
    if (lies_aside() && !take_up(node_.database(), draft_)) return parked_elsewhere();
    booked.seq = node_.ledger().append(schema::kind::sale, body, now);
    booked.at = now;
    booked.customer.reset();
    booked.spent_by.reset();
    if (customer) {
        if (!fact.redeemed.is_zero() || !fact.paid_with(TenderKind::account).is_zero()) booked.spent_by = customer_->spendable;
        if (customer_->spendable.by == Spendable::By::right) drop_wish(node_, customer->id);
        booked.customer = balances_of(fact.customer, fact.card, customer_->is_new);
    }
    booked.drawer = opens_drawer(fact.pay) || !fact.loan.is_zero() || !fact.change.is_zero();
    booked.fact = std::move(fact);
    if (keep_ == Keep::every_command) keep_open_receipt(node_.database(), {});
    return {};
}

Outcome Till::take_payment(const Tender& tender) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    if (draft_.lines.empty()) return refused(Refusal::empty_receipt, "There is nothing on the receipt.");
    if (auto outcome = check_tenders({tender}); !outcome.ok()) return outcome;
    if (tender.amount <= Money{}) return refused(Refusal::bad_amount, "An amount paid is below zero or too large.");
    if (draft_.given.size() >= max_payments) return refused(Refusal::bad_amount, fmt::format("A receipt is paid in at most {} parts.", max_payments));
    return in_one_step(
        [&]() -> Outcome {
            draft_.given.push_back(tender);
            return {};
        },
        by_itself());
}

Outcome Till::return_payment() {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    if (draft_.given.empty()) return refused(Refusal::bad_amount, "Nothing was paid yet.");
    return in_one_step(
        [&]() -> Outcome {
            draft_.given.pop_back();
            return {};
        },
        by_itself());
}

Outcome Till::pay(const std::vector<Tender>& tenders, Booked& booked) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::sell, lent); !outcome.ok()) return outcome;
    if (draft_.lines.empty()) return refused(Refusal::empty_receipt, "There is nothing on the receipt.");
    for (const DraftLine& line : draft_.lines)
        if (line.unknown)
            return refused(Refusal::unresolved_line, fmt::format("The code {} is not in the catalogue: give it a price or strike it out.", line.input.code));
    if (auto outcome = check_tenders(tenders); !outcome.ok()) return outcome;
    if (auto outcome = check_shift(); !outcome.ok()) return outcome;
    if (const std::string why = printer_ ? printer_->refuses(view_, tenders) : std::string(); !why.empty()) return refused(Refusal::printer_refuses, why);
    settle_hand();
    try {
        Outcome outcome;
        {
            Transaction transaction(node_.database());
            outcome = book_sale(tenders, lent, booked);
            if (outcome.ok()) transaction.commit();
        }
        if (outcome.refusal == Refusal::right_too_small) ask_for_right();
        if (!outcome.ok()) return outcome;
    } catch (const Overflow&) {
        return out_of_range();
    }
    // Booked is booked: from here on nothing may fail, so the empty receipt is not read from the database.
    clear();
    before_ = {};
    const TillView::Staff staff = view_.staff;
    view_ = {};
    view_.staff = staff;
    view_.cashier = cashier_;
    lent_.clear();
    return {};
}

}  // namespace paprsek::node
