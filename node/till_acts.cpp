// The till's acts beside sales: deposits, settlements, cash, corrections.
#include <fmt/format.h>

#include <algorithm>

#include "node/account.h"
#include "node/base/text.h"
#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

/// Points for money paid in: exact where one point is one unit, else rounded.
Points points_of_deposit(Money amount, Rate point_value) { return Points::of_wide(divide_rounded(Wide{amount.raw()} * 1'000'000, point_value.raw())); }

}  // namespace

Outcome Till::book_act(std::string_view what, ActFact fact, const Customer& customer, ActResult& result) {
    const Instant now = node_.clock().now();
    fact.cashier = cashier_;
    fact.clock_back_ms = node_.ledger().clock_back_ms(now);
    if (!customer.record.terms.id.empty()) {
        fact.customer = register_customer(customer);
        fact.card = customer.shown;
    }
    result.seq = node_.ledger().append(what, body_of(fact), now);
    result.at = now;
    result.drawer = what == kind::cash || (opens_drawer(fact.pay) && !fact.pay.empty());
    result.customer.reset();
    if (!fact.customer.empty()) result.customer = balances_of(fact.customer, fact.card, customer.is_new);
    result.fact = std::move(fact);
    return {};
}

Outcome Till::deposit(std::string_view text, Money amount, ActResult& result) try {
    if (amount <= Money{} || amount > max_entered_amount) return refused(Refusal::bad_amount, "The amount paid in must be above zero.");
    ActFact fact;
    if (auto outcome = permitted(Permission::sell, fact.approvals); !outcome.ok()) return outcome;
    if (auto outcome = check_shift(); !outcome.ok()) return outcome;
    Transaction transaction(node_.database());
    std::optional<Customer> customer;
    if (auto outcome = find_customer(text, true, customer); !outcome.ok()) return outcome;
    fact.amount = amount;
    fact.pay = {{TenderKind::cash, amount}};
    fact.points = points_of_deposit(amount, node_.policy().point_value);
    book_act(kind::deposit, std::move(fact), *customer, result);
    transaction.commit();
    use_up(result.fact.approvals);
    refresh_after_booking();
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

Outcome Till::settle_account(std::string_view text, const std::vector<SettleItem>& items, const std::vector<Tender>& tenders, ActResult& result) try {
    ActFact fact;
    if (auto outcome = permitted(Permission::sell, fact.approvals); !outcome.ok()) return outcome;
    if (auto outcome = check_shift(); !outcome.ok()) return outcome;
    Transaction transaction(node_.database());
    std::optional<Customer> customer;
    if (auto outcome = find_customer(text, false, customer); !outcome.ok()) return outcome;
    std::vector<AccountItem> open = open_items(node_.database(), customer->record.terms.id);
    const auto take = [&](AccountItem& item, std::optional<Quantity> wanted) {
        const Quantity quantity = wanted.value_or(item.quantity - item.settled_quantity);
        const Money price = wanted ? price_of_settling(item, quantity) : item.open();
        fact.items.push_back({item.receipt, item.line, quantity, price});
        fact.amount += price;
        item.settled_quantity += quantity;
        item.settled += price;
    };
    if (items.empty())
        for (AccountItem& item : open) take(item, std::nullopt);
    for (const SettleItem& wanted : items) {
        const auto number = parse_receipt_number(trim(wanted.receipt), node_.info().node);
        const auto found =
            std::find_if(open.begin(), open.end(), [&](const AccountItem& item) { return number && item.receipt == *number && item.line == wanted.line; });
        if (found == open.end() || found->open().is_zero())
            return refused(Refusal::nothing_to_settle, fmt::format("Line {} of receipt {} is not open on this account.", wanted.line, wanted.receipt));
        if (wanted.quantity && (*wanted.quantity <= Quantity{} || found->settled_quantity + *wanted.quantity > found->quantity))
            return refused(Refusal::bad_quantity,
                           fmt::format("Of line {} of receipt {} less is open than {}.", wanted.line, wanted.receipt, print(*wanted.quantity)));
        take(*found, wanted.quantity);
    }
    if (fact.items.empty()) return refused(Refusal::nothing_to_settle, "Nothing is open on this account.");
    if (fact.amount < Money{})
        return refused(Refusal::bad_amount, fmt::format("The account has a credit of {}: there is nothing to pay.", print(-fact.amount)));
    if (auto outcome = check_tenders(tenders); !outcome.ok()) return outcome;
    for (const Tender& tender : tenders)
        if (tender.with == TenderKind::account)
            return refused(Refusal::bad_amount, "An account is settled by cash, card or voucher, in amounts above zero.");
    const Settled settled = settle(fact.amount, tenders, node_.policy().cash_rounding, nullptr, node_.policy().tenders);
    if (settled.fault != PayFault::none) return pay_fault(settled.fault, settled, fact.amount);
    fact.pay = settled.pay;
    fact.rounding = settled.rounding;
    fact.change = settled.change;
    book_act(kind::settlement, std::move(fact), *customer, result);
    transaction.commit();
    use_up(result.fact.approvals);
    refresh_after_booking();
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

Outcome Till::move_cash(Money amount, std::string_view reason, ActResult& result) {
    if (amount.is_zero() || amount > max_entered_amount || amount < -max_entered_amount) return refused(Refusal::bad_amount, "The amount must be above zero.");
    if (auto outcome = check_reason(reason, "Cash in or out"); !outcome.ok()) return outcome;
    ActFact fact;
    if (auto outcome = permitted(amount < Money{} ? Permission::cash_out : Permission::cash_in, fact.approvals); !outcome.ok()) return outcome;
    if (auto outcome = check_shift(); !outcome.ok()) return outcome;
    Transaction transaction(node_.database());
    fact.amount = amount;
    fact.reason = std::string(trim(reason));
    book_act(kind::cash, std::move(fact), Customer{}, result);
    transaction.commit();
    use_up(result.fact.approvals);
    return {};
}

Outcome Till::correct(std::string_view text, Points points, Money spend, std::string_view reason, ActResult& result) try {
    if (points.is_zero() && spend.is_zero()) return refused(Refusal::bad_amount, "A correction changes points or spend by more than nothing.");
    if (auto outcome = check_reason(reason, "A correction"); !outcome.ok()) return outcome;
    ActFact fact;
    if (auto outcome = permitted(Permission::correct_balances, fact.approvals); !outcome.ok()) return outcome;
    Transaction transaction(node_.database());
    std::optional<Customer> customer;
    if (auto outcome = find_customer(text, false, customer); !outcome.ok()) return outcome;
    fact.points = points;
    fact.spend = spend;
    fact.reason = std::string(trim(reason));
    book_act(kind::correction, std::move(fact), *customer, result);
    transaction.commit();
    use_up(result.fact.approvals);
    refresh_after_booking();
    return {};
} catch (const Overflow&) {
    return out_of_range();
}

}  // namespace paprsek::node
