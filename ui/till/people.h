// What the customers' screens share: who somebody is in words, changes with their permissions, and the history as rows.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "node/customer_desk.h"
#include "node/customer_history.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

/// The name, else the number, else the card.
std::string title_of(const node::CustomerRecord& customer);
/// "Number 12 · 2901234567890 · last purchase 3. 2. 2026"
std::string line_of(const Words& words, const node::CustomerRecord& customer);
/// What the session is told to find the customer by.
std::string handle_of(const node::CustomerRecord& customer);
std::optional<node::CustomerRecord> record_of(Desk& desk, const std::string& id);

/// Who does it, with what was lent for it. The refusal where it is not permitted.
node::Outcome hand_for(node::Till& session, const std::vector<node::Permission>& needed, node::Hand& hand);
/// node::change_customer() with its permissions; the receipt in hand is drawn anew.
node::Outcome change_customer(Desk& desk, const node::CustomerChange& change, node::CustomerBooked& booked);

/// A row of the history as a bank statement.
struct MovementRow {
    std::optional<node::Instant> at;  ///< none: what came before
    std::string kind, document, cashier, remark;
    node::Points points, points_after;
    node::Money spend, spend_after, debt, debt_after;
};
/// The newest `most` movements, oldest first, after one row of what came before.
std::vector<MovementRow> movement_rows(node::Node& branch, const node::CustomerRecord& customer, int most);
/// Said by tr().
const char* movement_name(const std::string& kind);
/// A change with its sign; empty for none.
std::string signed_points(const Words& words, node::Points points);
std::string signed_money(const Words& words, node::Money money);

/// "Balances as headquarters knew them on …", or that this shop keeps them alone; and what may be spent without asking.
std::string freshness_of(Desk& desk, const node::Spendable& spendable);

}  // namespace paprsek::ui
