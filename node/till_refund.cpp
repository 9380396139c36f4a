// The till's refunds (rule 10).
#include <fmt/format.h>

#include "node/account.h"
#include "node/base/text.h"
#include "node/receipts.h"
#include "node/till_outcomes.h"

namespace paprsek::node {

Outcome Till::refund(std::string_view receipt, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, Booked& booked) {
    std::vector<Approval> lent;
    if (auto outcome = permitted(Permission::refund, lent); !outcome.ok()) return outcome;
    if (!parse_receipt_number(trim(receipt), node_.info().node))
        return refused(Refusal::unknown_receipt, fmt::format("{} is no receipt of this till.", trim(receipt)));
    if (auto outcome = check_tenders(tenders); !outcome.ok()) return outcome;
    if (auto outcome = check_shift(); !outcome.ok()) return outcome;
    if (items.empty()) return refused(Refusal::empty_receipt, "Nothing is named that should go back.");
    if (items.size() > max_receipt_lines) return refused(Refusal::too_many_lines, fmt::format("A refund has at most {} lines: divide it.", max_receipt_lines));
    try {
        Transaction transaction(node_.database());
        const NamedReceipt named = find_receipt(node_.database(), node_.info().node, trim(receipt));
        if (!named.key && named.choices.size() > 1)
            return refused(Refusal::ambiguous_receipt,
                           fmt::format("Two receipts bear the number {}: name {} or {}.", trim(receipt), named.choices[0], named.choices[1]));
        if (!named.key) return refused(Refusal::unknown_receipt, fmt::format("There is no sale {}.", trim(receipt)));
        if (auto outcome = book_refund(*named.key, items, tenders, lent, booked); !outcome.ok()) return outcome;
        transaction.commit();
        use_up(lent);
    } catch (const Overflow&) {
        return out_of_range();
    }
    return {};
}

Outcome Till::book_refund(std::int64_t number, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, const std::vector<Approval>& lent,
                           Booked& booked) {
    Database& database = node_.database();
    const NodeName name = node_.info().node;
    const std::string shown = print_receipt_number(name, number);
    const auto original = receipt_by_number(database, name, number);
    if (!original || original->fact.refund) return refused(Refusal::unknown_receipt, fmt::format("There is no sale {}.", shown));
    std::vector<RefundRequest> requests;
    for (const RefundItem& item : items) {
        RefundRequest request{normalise_code(item.code), {}, nfc(trim(item.text)).value_or(item.text), item.quantity.value_or(one_piece)};
        if (auto outcome = check_quantity(request.quantity); !outcome.ok()) return outcome;
        if (!item.code.empty())
            if (const auto input = input_of(item.code, request.quantity)) {
                request.product = input->product->key;
                request.quantity = input->quantity;
            }
        requests.push_back(std::move(request));
    }
    const std::vector<ReceiptFact> before = refunds_of(database, name, number);
    Refund result = node::refund(original->fact, before, requests);
    if (result.fault != RefundFault::none) {
        const RefundItem& item = items[result.fault_request];
        const std::string& what = item.code.empty() ? item.text : item.code;
        if (result.fault == RefundFault::unknown_line) return refused(Refusal::more_than_left, fmt::format("{} is not on receipt {}.", what, shown));
        return refused(Refusal::more_than_left, fmt::format("Of {} less than that is left to give back on receipt {}.", what, shown));
    }
    ReceiptFact& fact = result.fact;
    const Money due = fact.net() - fact.redeemed;
    Money account_left = original->fact.paid_with(TenderKind::account);
    for (const ReceiptFact& earlier : before) account_left -= earlier.paid_with(TenderKind::account);
    Money others, cash;
    for (const Tender& tender : tenders) {
        (tender.with == TenderKind::cash ? cash : others) += tender.amount;
        if (tender.with == TenderKind::account) account_left -= tender.amount;
    }
    if (account_left < Money{})
        return refused(Refusal::refund_over_account, fmt::format("More than was charged to the account for receipt {} cannot go back to it.", shown));
    if (others > due) return refused(Refusal::over_tender, fmt::format("Only {} goes back.", print(due)));
    const Money cash_due = rounded_to(due - others, node_.policy().cash_rounding);
    fact.pay = tenders;
    if (tenders.empty() && !cash_due.is_zero()) fact.pay = {{TenderKind::cash, cash_due}};
    if (!tenders.empty() && cash < cash_due) return refused(Refusal::not_enough_cash, fmt::format("{} goes back in cash, and less is named.", print(cash_due)));
    if (cash > cash_due) return refused(Refusal::over_tender, fmt::format("Only {} goes back in cash.", print(cash_due)));
    fact.rounding = cash_due - (due - others);
    fact.loan = loan_given_back(original->fact, before, fact);
    fact.number = next_receipt_number(database);
    fact.refund_of = shown;
    fact.cashier = cashier_;
    fact.approvals = lent;
    const Instant now = node_.clock().now();
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    const std::string body = body_of(fact);
    if (body.size() > schema::max_body_bytes) return refused(Refusal::too_many_lines, "The refund is too long: divide it.");
    booked.seq = node_.ledger().append(schema::kind::refund, body, now);
    booked.at = now;
    booked.customer.reset();
    if (!fact.customer.empty()) booked.customer = balances_of(fact.customer, fact.card, false);
    booked.request_of = std::move(result.request_of);
    booked.asked.clear();
    for (const RefundItem& item : items) booked.asked.push_back(item.code);
    booked.drawer = opens_drawer(fact.pay);
    booked.fact = std::move(fact);
    return {};
}

}  // namespace paprsek::node
