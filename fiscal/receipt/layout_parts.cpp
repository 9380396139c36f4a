#include "fiscal/receipt/layout_parts.h"

#include "fiscal/receipt/letters.h"
#include "fiscal/receipt/proof.h"

namespace paprsek::fiscal {

void begin(Roll& roll, const SlipWords& words, const Heading& heading, const Form& form, const std::string& title) {
    roll.picture(form.logo);
    roll.centre(heading.shop, {true, 1, 2});
    for (const std::string& line : heading.header) roll.centre(line);
    roll.rule();
    if (heading.copy) {
        roll.centre(std::string("*** ") + words->copy + " ***", bold);
        roll.centre(words->copy_note);
    }
    const std::string moment = words.moment(heading.local), served = heading.cashier.empty() ? "" : std::string(words->served_by) + ": " + heading.cashier;
    if (letters_of(title).size() + 1 + letters_of(moment).size() <= static_cast<std::size_t>(form.columns)) {
        roll.pair(title, moment, bold);
        if (!served.empty()) roll.left(served);
    } else {
        roll.left(title, bold);
        roll.pair(served, moment);
    }
}

void end(Roll& roll, const Heading& heading, const Form& form) {
    if (heading.seq > 0 && !heading.hash.empty() && form.proof != ProofAs::none) {
        roll.rule();
        const std::string text = proof_text(heading.name, heading.seq, heading.hash);
        const auto digits = proof_digits(heading.node, heading.seq, heading.hash);
        if (form.proof == ProofAs::bars && digits)
            roll.code(SymbolKind::code128, *digits);
        else
            roll.code(SymbolKind::qr, text);
        roll.centre(text);
    }
    if (!heading.footer.empty()) roll.rule();
    for (const std::string& line : heading.footer) roll.centre(line);
}

void grand_total(Roll& roll, const std::string& label, const std::string& amount) {
    const bool broad = 2 * (letters_of(label).size() + 1 + letters_of(amount).size()) <= static_cast<std::size_t>(roll.columns());
    roll.pair(label, amount, {true, broad ? 2 : 1, 2});
}

void tenders(Roll& roll, const SlipWords& words, const std::vector<Tender>& pay, node::Money change, bool back) {
    for (const Tender& tender : pay) {
        if (tender.amount.is_zero()) continue;
        const std::string name = tender.name.empty() ? std::string(node::print(tender.with)) : tender.name;
        roll.pair(words.tender(name), words.money(back ? -tender.amount : tender.amount));
    }
    if (!change.is_zero()) roll.pair(words->change, words.money(back ? -change : change));
}

std::string title_of(const Buyer& buyer) {
    if (buyer.name.empty()) return buyer.shown;
    return buyer.shown.empty() ? buyer.name : buyer.name + " (" + buyer.shown + ")";
}

void balance(Roll& roll, const SlipWords& words, const Buyer& buyer) {
    if (buyer.has_balance) roll.pair(words->points_left, words.points(buyer.points), bold);
    if (buyer.debt) roll.pair(words->debt, words.money(*buyer.debt));
    if (buyer.known_at && (buyer.has_balance || buyer.debt)) roll.pair(words->as_of, words.moment(*buyer.known_at));
}

}  // namespace paprsek::fiscal
