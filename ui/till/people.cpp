#include "ui/till/people.h"

#include <utility>

namespace paprsek::ui {

std::string title_of(const node::CustomerRecord& customer) {
    if (!customer.texts.name.empty()) return customer.texts.name;
    if (customer.number) return fill_in(tr("Customer {}"), {std::to_string(*customer.number)});
    return customer.terms.cards.empty() ? std::string(tr("Customer without a card")) : fill_in(tr("Card {}"), {customer.terms.cards.front()});
}

std::string line_of(const Words& words, const node::CustomerRecord& customer) {
    std::string line = customer.number ? fill_in(tr("No. {}"), {std::to_string(*customer.number)}) : std::string();
    const auto add = [&](const std::string& part) { line += (line.empty() ? "" : " · ") + part; };
    if (!customer.terms.cards.empty()) add(customer.terms.cards.front());
    add(customer.last_purchase ? fill_in(tr("last purchase {}"), {words.date(*customer.last_purchase)}) : std::string(tr("no purchase yet")));
    return line;
}

std::string handle_of(const node::CustomerRecord& customer) {
    if (customer.number) return std::to_string(*customer.number);
    return customer.terms.cards.empty() ? customer.terms.id : customer.terms.cards.front();
}

std::optional<node::CustomerRecord> record_of(Desk& desk, const std::string& id) {
    std::optional<node::CustomerRecord> record;
    if (!id.empty()) desk.guarded([&] { record = node::customer_by_id(desk.node.database(), id); });
    return record;
}

node::Outcome hand_for(node::Till& session, const std::vector<node::Permission>& needed, node::Hand& hand) {
    hand.cashier = session.view().cashier;
    for (const node::Permission permission : needed) {
        std::vector<node::Approval> lent;
        if (node::Outcome outcome = session.demand(permission, &lent); !outcome.ok()) return outcome;
        hand.approvals.insert(hand.approvals.end(), lent.begin(), lent.end());
    }
    return {};
}

node::Outcome change_customer(Desk& desk, const node::CustomerChange& change, node::CustomerBooked& booked) {
    node::Hand hand;
    if (node::Outcome outcome = hand_for(desk.till, node::needed_for(change), hand); !outcome.ok()) return outcome;
    node::Outcome outcome = node::change_customer(desk.node, hand, change, booked);
    if (outcome.ok()) desk.till.refresh();
    return outcome;
}

std::vector<MovementRow> movement_rows(node::Node& branch, const node::CustomerRecord& customer, int most) {
    std::vector<MovementRow> rows;
    for (const node::Json& json : node::customer_history(branch, customer, {std::nullopt, std::nullopt, most})) {
        const auto text = [&](const char* key) { return json.value(key, std::string()); };
        MovementRow row;
        row.at = node::parse_instant(text("at"));
        row.kind = text("kind");
        row.document = text("document");
        row.cashier = text("cashier");
        row.remark = json.contains("reason") ? text("reason") : text("refund_of");
        for (const node::Json& receipt : json.value("receipts", node::Json::array()))
            row.remark += (row.remark.empty() ? "" : " ") + receipt.get<std::string>();
        row.points = node::parse<node::Points>(text("points")).value_or(node::Points{});
        row.points_after = node::parse<node::Points>(text("points_balance")).value_or(node::Points{});
        row.spend = node::parse<node::Money>(text("spend")).value_or(node::Money{});
        row.spend_after = node::parse<node::Money>(text("spend_balance")).value_or(node::Money{});
        row.debt = node::parse<node::Money>(text("debt")).value_or(node::Money{});
        row.debt_after = node::parse<node::Money>(text("debt_balance")).value_or(node::Money{});
        rows.push_back(std::move(row));
    }
    return rows;
}

const char* movement_name(const std::string& kind) {
    static constexpr std::pair<const char*, const char*> names[] = {
        {"brought_forward", mark("Brought forward")}, {"sale", mark("Purchase")},     {"refund", mark("Goods back")},
        {"settlement", mark("Account paid")},         {"deposit", mark("Paid in")},   {"correction", mark("Correction")},
        {"referral", mark("Share for a referral")},   {"reset", mark("Booked away")}, {"restored", mark("Zeroing undone")},
        {"expiry", mark("Points expired")},           {"opening", mark("Opening")},
    };
    for (const auto& [name, words] : names) {
        if (kind == name) return tr(words);
    }
    return tr("Movement");
}

std::string signed_points(const Words& words, node::Points points) {
    if (points.is_zero()) return {};
    return (points > node::Points{} ? "+" : "") + words.points_column(points);
}

std::string signed_money(const Words& words, node::Money money) {
    if (money.is_zero()) return {};
    return (money > node::Money{} ? "+" : "") + words.bare_money(money);
}

std::string freshness_of(Desk& desk, const node::Spendable& spendable) {
    std::string text;
    if (spendable.as_of)
        text = fill_in(tr("As headquarters knew it on {}, and what was sold here since."), {desk.words.date_time(*spendable.as_of)});
    else if (desk.status.hq_name)
        text = tr("Headquarters has not said anything of balances yet: this is what was sold here.");
    else
        text = tr("This shop alone keeps these balances: they are up to date.");
    if (spendable.frozen)
        text += std::string(" ") + tr("Points can be spent again after the next exchange with headquarters.");
    else if (spendable.by == node::Spendable::By::right)
        text += " " + fill_in(tr("Without asking, {} points may be spent here."), {desk.words.points(spendable.right.points)});
    else if (spendable.allowance)
        text += " " + fill_in(tr("Until the next exchange, points may pay {} here."), {desk.words.money(*spendable.allowance)});
    return text;
}

}  // namespace paprsek::ui
