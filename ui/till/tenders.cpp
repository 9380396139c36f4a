#include "ui/till/tenders.h"

#include <algorithm>

#include "ui/kit/locale.h"

namespace paprsek::ui {
namespace {

Icon icon_of(node::TenderKind kind) {
    switch (kind) {
        case node::TenderKind::cash:
            return Icon::money;
        case node::TenderKind::card:
            return Icon::credit_card;
        case node::TenderKind::account:
            return Icon::id_card;
        case node::TenderKind::voucher:
            return Icon::gift;
    }
    return Icon::money;
}

/// The first letter of the name that nobody has, else the first of the alphabet.
char free_letter(const std::string& name, const std::string& taken) {
    const auto is_free = [&](char letter) { return letter >= 'A' && letter <= 'Z' && taken.find(letter) == std::string::npos; };
    for (const char c : name) {
        const char capital = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (is_free(capital)) return capital;
    }
    for (char letter = 'A'; letter <= 'Z'; ++letter) {
        if (is_free(letter)) return letter;
    }
    return 0;
}

}  // namespace

std::string tender_label(const node::Tender& tender) { return tender_label(tender.shown()); }

std::string parts_text(const std::vector<node::Tender>& parts, const Words& words) {
    std::string text;
    for (const node::Tender& part : parts)
        text += (text.empty() ? "" : " + ") + fill_in("{} {}", {tender_label(part), words.bare_money(part.amount)});
    return text;
}

node::Money sum_of(const std::vector<node::Tender>& parts) {
    node::Money sum;
    for (const node::Tender& part : parts) sum += part.amount;
    return sum;
}

Hand hand_of(const node::ReceiptFact& fact) {
    if (!fact.refund) return {fact.loan.is_zero() ? tr("Change due") : tr("Hand out in cash"), fact.change + fact.loan};
    const node::Money cash = fact.paid_with(node::TenderKind::cash);
    if (cash.is_zero() && fact.loan.is_zero() && !fact.pay.empty()) return {fill_in(tr("Back: {}"), {tender_label(fact.pay.front())}), fact.pay.front().amount};
    const node::Money out = cash - fact.loan;
    return out < node::Money{} ? Hand{tr("Take in cash"), -out} : Hand{tr("Back in cash"), out};
}

std::vector<TenderKey> tender_keys(const node::Policy& policy) {
    std::vector<TenderKey> keys;
    std::string taken;
    for (const node::TenderRule& rule : policy.tenders) {
        TenderKey key{rule, 0, icon_of(rule.counts_as)};
        if (rule.counts_as != node::TenderKind::cash) {
            key.key = free_letter(rule.name, taken);
            taken += key.key;
        }
        keys.push_back(std::move(key));
    }
    std::stable_sort(keys.begin(), keys.end(), [](const TenderKey& a, const TenderKey& b) {
        return a.rule.counts_as == node::TenderKind::cash && b.rule.counts_as != node::TenderKind::cash;
    });
    return keys;
}

}  // namespace paprsek::ui
