#include "fiscal/receipt/layout_parts.h"
#include "fiscal/receipt/letters.h"
#include "node/base/error.h"

namespace paprsek::fiscal {
namespace {

node::NodeName node_of(const Receipt& receipt) {
    const auto node = node::parse_node_name(std::string_view(receipt.number).substr(0, receipt.number.find('-')));
    if (!node) node::refuse("receipt " + receipt.number, "has no number as 3.1-000017");
    return *node;
}

class ReceiptLayout {
public:
    ReceiptLayout(const Receipt& receipt, const Form& form) : receipt_(receipt), form_(form), words_(form.locale), roll_(form.columns) {}

    Slip lay_out() {
        const Heading heading{receipt_.shop, receipt_.header, receipt_.footer, receipt_.currency, node_of(receipt_), receipt_.number,
                              receipt_.seq,  receipt_.hash,   receipt_.local,  receipt_.cashier,  receipt_.copy};
        begin(roll_, words_, heading, form_, std::string(receipt_.refund ? words_->refund : words_->receipt) + " " + receipt_.number);
        if (!receipt_.place.empty()) roll_.left(std::string(words_->place) + ": " + receipt_.place);
        if (!receipt_.refund_of.empty()) roll_.left(std::string(words_->refund_of) + ": " + receipt_.refund_of);
        if (!receipt_.reason.empty()) roll_.left(std::string(words_->reason) + ": " + receipt_.reason);
        roll_.rule();
        for (const Line& line : receipt_.lines) item(line);
        roll_.rule();
        sums();
        tenders(roll_, words_, receipt_.pay, receipt_.change, receipt_.refund);
        if (!receipt_.loan.is_zero()) roll_.pair(words_->loan, words_.money(signed_amount(receipt_.loan)));
        recapitulation();
        customer();
        end(roll_, heading, form_);
        return roll_.take();
    }

private:
    template <class Amount>
    Amount signed_amount(Amount amount) const {
        return receipt_.refund ? -amount : amount;
    }

    void item(const Line& line) {
        const std::string amount = words_.money(signed_amount(line.gross)) + " " + line.vat;
        const std::string& name = line.name.empty() ? line.code : line.name;
        if (line.quantity == node::one_piece) {
            roll_.pair(name, amount);
        } else {
            roll_.left(name);
            roll_.pair(words_.quantity(line.quantity) + " x " + words_.money(line.price), amount, {}, 2);
        }
        if (line.discount.is_zero()) return;
        // Under the amount, and not under its VAT letter.
        roll_.pair(words_->discount, words_.money(signed_amount(-line.discount)) + std::string(1 + letters_of(line.vat).size(), ' '), {}, 2);
    }

    void sums() {
        node::Money discounts;
        for (const Line& line : receipt_.lines) discounts += line.discount;
        const bool several = !receipt_.redeemed.is_zero() || !receipt_.rounding.is_zero() || !discounts.is_zero();
        if (!discounts.is_zero()) roll_.pair(words_->discounts, words_.money(signed_amount(-discounts)));
        if (several) roll_.pair(words_->subtotal, words_.money(signed_amount(receipt_.net)));
        if (!receipt_.redeemed.is_zero()) roll_.pair(words_->paid_by_points, words_.money(signed_amount(-receipt_.redeemed)));
        if (!receipt_.rounding.is_zero()) roll_.pair(words_->rounding, words_.money(signed_amount(receipt_.rounding)));
        grand_total(roll_, std::string(receipt_.refund ? words_->given_back : words_->total) + " " + currency_sign(receipt_.currency),
                    words_.money(receipt_.total));
    }

    /// Rule 8, with what the group costs: base and tax together.
    void recapitulation() {
        if (receipt_.vat.empty()) return;
        roll_.rule();
        const int columns = form_.columns, first = columns / 4, each = (columns - first) / 3;
        const std::vector<int> widths = {columns - 3 * each, each, each, each};
        roll_.cells({words_->vat, words_->base, words_->tax, words_->total}, widths);
        for (const auto& row : receipt_.vat)
            roll_.cells({row.group + " " + words_.percent(row.rate), words_.money(signed_amount(row.base)), words_.money(signed_amount(row.tax)),
                         words_.money(signed_amount(row.base + row.tax))},
                        widths);
    }

    void customer() {
        if (!receipt_.buyer) return;
        const Buyer& buyer = *receipt_.buyer;
        roll_.rule();
        if (const std::string title = title_of(buyer); !title.empty()) roll_.left(std::string(words_->customer) + ": " + title);
        if (!buyer.tax_id.empty()) roll_.left(buyer.tax_id);
        const auto points = [&](const char* label, node::Points moved) {
            if (!moved.is_zero()) roll_.pair(label, words_.points(moved));
        };
        points(receipt_.refund ? words_->points_taken_off : words_->points_earned, receipt_.awarded);
        points(receipt_.refund ? words_->points_given_back : words_->points_taken, receipt_.taken);
        balance(roll_, words_, buyer);
    }

    const Receipt& receipt_;
    const Form& form_;
    SlipWords words_;
    Roll roll_;
};

}  // namespace

Slip lay_out(const Receipt& receipt, const Form& form) { return ReceiptLayout(receipt, form).lay_out(); }

}  // namespace paprsek::fiscal
