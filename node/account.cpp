#include "node/account.h"

#include <algorithm>

#include "node/share.h"

namespace paprsek::node {

std::vector<Money> charge_of_lines(const ReceiptFact& receipt) {
    std::vector<std::int64_t> weights;
    for (const BookedLine& line : receipt.lines) weights.push_back(line.paid.raw());
    std::vector<Money> charges;
    for (const std::int64_t part : share(receipt.paid_with(TenderKind::account).raw(), weights)) charges.push_back(Money::of(part));
    return charges;
}

Money loan_of(const ReceiptFact& receipt) {
    const std::vector<Money> charges = charge_of_lines(receipt);
    Money loan;
    for (std::size_t i = 0; i < charges.size(); ++i)
        if (receipt.lines[i].code.empty() && receipt.lines[i].product.empty()) loan += charges[i];
    return loan;
}

Money loan_given_back(const ReceiptFact& sale, const std::vector<ReceiptFact>& before, const ReceiptFact& refund) {
    if (sale.loan.is_zero()) return {};
    std::vector<Quantity> back(sale.lines.size());
    const auto add = [&](const ReceiptFact& receipt) {
        for (const BookedLine& line : receipt.lines) back.at(static_cast<std::size_t>(line.original - 1)) += line.quantity;
    };
    for (const ReceiptFact& earlier : before) add(earlier);
    add(refund);
    const std::vector<Money> charges = charge_of_lines(sale);
    Money loan;
    for (std::size_t i = 0; i < charges.size(); ++i)
        if (sale.lines[i].code.empty() && sale.lines[i].product.empty())
            loan += Money::of(proportion(charges[i].raw(), back[i].raw(), sale.lines[i].quantity.raw()));
    for (const ReceiptFact& earlier : before) loan -= earlier.loan;
    return loan;
}

Money price_of_settling(const AccountItem& item, Quantity quantity) {
    const Quantity settled = item.settled_quantity + quantity;
    if (settled >= item.quantity) return item.open();
    const Money so_far = Money::of(proportion(item.amount.raw(), settled.raw(), item.quantity.raw()));
    return std::clamp(so_far - item.settled, std::min(Money{}, item.open()), std::max(Money{}, item.open()));
}

}  // namespace paprsek::node
