// The till's refunds (rule 10).
#include <fmt/format.h>

#include <algorithm>

#include "node/account.h"
#include "node/aliases.h"
#include "node/base/text.h"
#include "node/foreign_receipts.h"
#include "node/receipts.h"
#include "node/sale_left.h"
#include "node/stock.h"
#include "node/till_outcomes.h"

namespace paprsek::node {

Outcome Till::refund(std::string_view receipt, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, Booked& booked) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::refund, lent); !outcome.ok()) return outcome;
    receipt = trim(receipt);
    if (auto outcome = check_tenders(tenders); !outcome.ok()) return outcome;
    if (auto outcome = check_shift(); !outcome.ok()) return outcome;
    if (items.empty()) return refused(Refusal::empty_receipt, "Nothing is named that should go back.");
    if (items.size() > max_receipt_lines) return refused(Refusal::too_many_lines, fmt::format("A refund has at most {} lines: divide it.", max_receipt_lines));
    std::string wanted;
    try {
        Transaction transaction(node_.database());
        SaleLeft sale;
        Outcome outcome = find_sale(node_, receipt, sale, wanted);
        if (outcome.ok()) outcome = book_refund(sale, items, tenders, lent, booked);
        if (!outcome.ok() && wanted.empty()) return outcome;
        if (!wanted.empty()) wish_receipt(node_, wanted, node_.clock().now());
        transaction.commit();
        if (!outcome.ok()) return outcome;
        use_up(lent);
    } catch (const Overflow&) {
        return out_of_range();
    }
    return {};
}

Outcome Till::book_refund(const SaleLeft& sale, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, const std::vector<Approval>& lent,
                          Booked& booked) {
    Database& database = node_.database();
    std::vector<RefundRequest> requests;
    for (const RefundItem& item : items) {
        RefundRequest request{normalise_code(item.code), {}, nfc(trim(item.text)).value_or(item.text), item.quantity.value_or(one_piece)};
        if (auto outcome = check_quantity(request.quantity); !outcome.ok()) return outcome;
        if (!item.code.empty())
            if (const auto reading = read_code(database, node_.policy(), item.code); reading.product) {
                request.product = reading.product->key;
                request.quantity = input_of(reading, item.code, request.quantity).quantity;
            }
        requests.push_back(std::move(request));
    }
    Refund result = node::refund(sale.sale, sale.refunds, requests);
    if (result.fault != RefundFault::none) {
        const RefundItem& item = items[result.fault_request];
        const std::string& what = item.code.empty() ? item.text : item.code;
        if (result.fault == RefundFault::unknown_line) return refused(Refusal::more_than_left, fmt::format("{} is not on receipt {}.", what, sale.shown));
        return refused(Refusal::more_than_left, fmt::format("Of {} less than that is left to give back on receipt {}.", what, sale.shown));
    }
    ReceiptFact& fact = result.fact;
    Money account_left = sale.sale.paid_with(TenderKind::account);
    for (const ReceiptFact& earlier : sale.refunds) account_left -= earlier.paid_with(TenderKind::account);
    account_left = std::max(Money{}, account_left);  // two tills may have given back more than there was
    fact.refund_of = sale.shown;
    fact.sold = sale.sold;
    // Stocks are a branch's own: the goods of another one come into that from which this till sells.
    if (sale.sold && sale.sold->node.branch != node_.info().node.branch) fact.stock = sells_from(node_);
    if (auto outcome = pay_back(fact, tenders, account_left); !outcome.ok()) return outcome;
    fact.loan = loan_given_back(sale.sale, sale.refunds, fact);
    booked.request_of = std::move(result.request_of);
    booked.asked.clear();
    for (const RefundItem& item : items) booked.asked.push_back(item.code);
    return append_refund(std::move(fact), lent, booked);
}

/// How the money goes back: `tenders`, or cash where there are none.
Outcome Till::pay_back(ReceiptFact& fact, const std::vector<Tender>& tenders, Money account_left) {
    const Money due = fact.net() - fact.redeemed;
    Money others, cash;
    for (const Tender& tender : tenders) {
        (tender.with == TenderKind::cash ? cash : others) += tender.amount;
        if (tender.with == TenderKind::account) account_left -= tender.amount;
    }
    if (account_left < Money{}) {
        if (fact.refund_of.empty()) return refused(Refusal::refund_over_account, "Without its receipt nothing can go back to the account.");
        return refused(Refusal::refund_over_account,
                       fmt::format("More than was charged to the account for receipt {} cannot go back to it.", fact.refund_of));
    }
    if (others > due) return refused(Refusal::over_tender, fmt::format("Only {} goes back.", print(due)));
    const Money cash_due = rounded_to(due - others, node_.policy().cash_rounding);
    fact.pay = tenders;
    if (tenders.empty() && !cash_due.is_zero()) fact.pay = {{TenderKind::cash, cash_due}};
    if (!tenders.empty() && cash < cash_due) return refused(Refusal::not_enough_cash, fmt::format("{} goes back in cash, and less is named.", print(cash_due)));
    if (cash > cash_due) return refused(Refusal::over_tender, fmt::format("Only {} goes back in cash.", print(cash_due)));
    fact.rounding = cash_due - (due - others);
    return {};
}

Outcome Till::append_refund(ReceiptFact fact, const std::vector<Approval>& lent, Booked& booked) {
    fact.number = next_receipt_number(node_.database());
    fact.cashier = cashier_;
    fact.approvals = lent;
    const Instant now = node_.clock().now();
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    const std::string body = body_of(fact);
    if (body.size() > schema::max_body_bytes) return refused(Refusal::too_many_lines, "The refund is too long: divide it.");
    booked.seq = node_.ledger().append(schema::kind::refund, body, now);
    booked.at = now;
    booked.customer.reset();
    if (!fact.customer.empty()) booked.customer = balances_of(main_customer(node_.database(), fact.customer), fact.card, false);
    booked.drawer = opens_drawer(fact.pay);
    booked.fact = std::move(fact);
    return {};
}

Outcome Till::refund_without_receipt(std::string_view reason, std::string_view customer, const std::vector<ReturnedGoods>& goods,
                                     const std::vector<Tender>& tenders, Booked& booked) {
    if (auto outcome = check_reason(reason, "A refund without a receipt"); !outcome.ok()) return outcome;
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::refund_without_receipt, lent); !outcome.ok()) return outcome;
    if (auto outcome = check_tenders(tenders); !outcome.ok()) return outcome;
    if (auto outcome = check_shift(); !outcome.ok()) return outcome;
    if (goods.empty()) return refused(Refusal::empty_receipt, "Nothing is named that should go back.");
    if (goods.size() > max_receipt_lines)
        return refused(Refusal::too_many_lines, fmt::format("A refund has at most {} lines: divide it.", max_receipt_lines));
    try {
        Transaction transaction(node_.database());
        ReceiptFact fact;
        fact.refund = true;
        fact.reason = std::string(trim(reason));
        std::optional<Customer> found;
        if (!trim(customer).empty()) {
            if (auto outcome = find_customer(customer, false, found); !outcome.ok()) return outcome;
            fact.customer = found->record.terms.id;
            fact.card = found->shown;
        }
        if (auto outcome = price_goods_back(goods, found ? &found->record.terms : nullptr, fact); !outcome.ok()) return outcome;
        if (auto outcome = pay_back(fact, tenders, Money{}); !outcome.ok()) return outcome;
        booked.request_of.clear();
        booked.asked.clear();
        for (const ReturnedGoods& item : goods) {
            booked.request_of.push_back(booked.asked.size());
            booked.asked.push_back(item.code);
        }
        if (auto outcome = append_refund(std::move(fact), lent, booked); !outcome.ok()) return outcome;
        transaction.commit();
        use_up(lent);
    } catch (const Overflow&) {
        return out_of_range();
    }
    refresh_after_booking();
    return {};
}

/// What the goods would cost if they were sold now.
Outcome Till::price_goods_back(const std::vector<ReturnedGoods>& goods, const CustomerTerms* customer, ReceiptFact& fact) {
    const Policy& policy = node_.policy();
    const Instant now = node_.clock().now();
    const Date today = node_.zone().local(now).date;
    for (const ReturnedGoods& item : goods) {
        LineInput input;
        const Quantity quantity = item.quantity.value_or(one_piece);
        if (item.code.empty()) {
            const auto name = nfc(trim(item.text));
            if (!name || name->empty() || name->size() > 200) return refused(Refusal::bad_line, "A text line needs a text of at most 200 bytes.");
            if (!item.price) return refused(Refusal::bad_price, fmt::format("\"{}\" needs a price.", *name));
            input.name = *name;
            input.vat = item.vat.empty() ? policy.vat_groups().front() : item.vat;
            input.quantity = quantity;
            input.entered = now;
        } else {
            const CodeReading reading = read_code(node_.database(), policy, item.code);
            if (!reading.product) return refused(Refusal::unknown_code, fmt::format("The code {} is not in the catalogue.", item.code));
            input = input_of(reading, item.code, quantity);
        }
        if (auto outcome = check_quantity(input.quantity); !outcome.ok()) return outcome;
        if (item.price) {
            if (auto outcome = check_price(*item.price); !outcome.ok()) return outcome;
            input.price = *item.price;
            input.price_typed = true;
            input.price_embedded = false;
        }
        if (!policy.vat_rate(input.vat, today)) return refused(Refusal::unknown_vat_group, fmt::format("\"{}\" is no VAT group of the policy.", input.vat));
        fact.lines.push_back(price_line(policy, node_.zone(), input, customer).line);
    }
    fact.rates = rates_of(policy, fact.lines, today);
    fact.policy = policy.version;
    if (customer) fact.referral = referral_of(policy, *customer, fact.points(), fact.net());
    return {};
}

}  // namespace paprsek::node
