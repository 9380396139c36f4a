// Ways to pay as the till shows them: their names, and a letter key each.
#pragma once
#include <string>
#include <vector>

#include "node/facts.h"
#include "node/policy.h"
#include "ui/kit/icons.h"
#include "ui/words.h"

namespace paprsek::ui {

std::string tender_label(const node::Tender& tender);

/// "Card 100.00 + Cash 50.00".
std::string parts_text(const std::vector<node::Tender>& parts, const Words& words);
node::Money sum_of(const std::vector<node::Tender>& parts);

/// What goes from hand to hand when a receipt is paid or given back.
struct Hand {
    std::string label;
    node::Money amount;
};
/// A loan (A7) is handed out with the change, and comes back in with its refund. What went back without cash is told by its way.
Hand hand_of(const node::ReceiptFact& fact);

struct TenderKey {
    node::TenderRule rule;
    char key = 0;  ///< a capital; 0: cash, which is Enter
    Icon icon = Icon::money;
};
/// Cash first, then as the policy names them. A letter belongs to one of them only.
std::vector<TenderKey> tender_keys(const node::Policy& policy);

}  // namespace paprsek::ui
