#include "node/customer_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "node/balances.h"
#include "node/pricing.h"
#include "node/referrals.h"

namespace paprsek::node {
namespace {

Json number_or_card(const CustomerRecord& record) {
    if (record.number) return *record.number;
    return record.terms.cards.empty() ? Json(nullptr) : Json(record.terms.cards.front());
}

Json brief(const CustomerRecord& record) {
    return {{"customer", record.terms.id}, {"number", record.number ? Json(*record.number) : Json(nullptr)}, {"name", record.texts.name},
            {"cards", record.terms.cards}};
}

/// Who works with a fact, and what he said of it; whom it names beside the customer.
void put_details(Json& row, Node& node, std::string_view kind, std::string_view body) {
    namespace k = schema::kind;
    if (kind == k::sale || kind == k::refund) {
        const ReceiptFact receipt = parse_receipt(kind, body);
        if (!receipt.cashier.empty()) row["cashier"] = receipt.cashier;
        if (!receipt.refund_of.empty()) row["refund_of"] = receipt.refund_of;
        if (!receipt.reason.empty()) row["reason"] = receipt.reason;
        return;
    }
    if (is_balances_kind(kind)) {
        const BalancesFact balances = parse_balances(kind, body);
        if (!balances.cashier.empty()) row["cashier"] = balances.cashier;
        return;
    }
    const ActFact act = parse_act(body);
    if (!act.cashier.empty()) row["cashier"] = act.cashier;
    if (!act.reason.empty()) row["reason"] = act.reason;
    Json receipts = Json::array();
    for (const SettledItem& item : act.items) {
        const std::string receipt = item.receipt ? print_receipt_number(node.info().node, item.receipt) : "";
        if (!receipt.empty() && std::find(receipts.begin(), receipts.end(), receipt) == receipts.end()) receipts.push_back(receipt);
    }
    if (!receipts.empty()) row["receipts"] = receipts;
}

}  // namespace

Json customer_json(Node& node, const CustomerRecord& customer) {
    const CustomerTerms& terms = customer.terms;
    Json json = brief(customer);
    json.update({{"phone", customer.texts.phone},
                 {"email", customer.texts.email},
                 {"address", customer.texts.address},
                 {"note", customer.texts.note},
                 {"dealer", terms.dealer},
                 {"discount", print(terms.discount)},
                 {"charge_to_account", terms.charge},
                 {"limit", print(terms.limit)},
                 {"points", print(terms.points)},
                 {"worth", print(worth(std::max(Points{}, terms.points), node.policy().point_value))},
                 {"spend", print(terms.spend)},
                 {"debt", print(terms.debt)},
                 {"last_purchase", customer.last_purchase ? Json(node.zone().print(*customer.last_purchase)) : Json(nullptr)},
                 {"referrer", nullptr},
                 {"referred", Json::array()},
                 {"merged", Json::array()}});
    if (const auto referrer = terms.referrer.empty() ? std::nullopt : customer_by_id(node.database(), terms.referrer))
        json["referrer"] = number_or_card(*referrer);
    for (auto rows = node.database().query(
             "SELECT id FROM customer WHERE referrer = ?1 OR referrer IN (SELECT alias FROM customer_alias WHERE customer = ?1) "
             "ORDER BY number IS NULL, number, id",
             terms.id);
         rows.step();)
        if (const auto brought = customer_by_id(node.database(), rows.view(0))) json["referred"].push_back(number_or_card(*brought));
    for (auto rows = node.database().query("SELECT alias FROM customer_alias WHERE customer = ? ORDER BY alias", terms.id); rows.step();)
        json["merged"].push_back(rows.text(0));
    if (const auto expiry = expiry_of(node, terms.id)) {
        json["expiring"] = Json::array();
        if (!expiry->due.is_zero()) json["expired"] = print(expiry->due);  // booked when the customer comes next, or by the day's closing
        for (const Expiry::Coming& coming : expiry->coming)
            json["expiring"].push_back({{"last_day", print(coming.last_day)}, {"points", print(coming.points)}});
    }
    return json;
}

Json customer_history(Node& node, const CustomerRecord& customer, const HistoryRange& range) {
    Points points = customer.terms.points;
    Money spend = customer.terms.spend, debt = customer.terms.debt;
    Json list = Json::array();  // newest first, until it is turned round
    auto rows = node.database().query(
        "SELECT m.seq, ifnull(r.at, (SELECT at FROM any_fact WHERE seq = m.seq)), m.kind, m.points, m.spend, m.debt, r.number FROM movement m "
        "LEFT JOIN receipt r ON r.seq = m.seq WHERE m.customer = ? ORDER BY m.seq DESC, m.kind",
        customer.terms.id);
    while (static_cast<int>(list.size()) < range.most && rows.step()) {
        const Instant at = rows.instant(1);
        const auto moved_points = rows.decimal<Points>(3);
        const auto moved_spend = rows.decimal<Money>(4), moved_debt = rows.decimal<Money>(5);
        const auto number = rows.optional_integer(6);
        if ((!range.from || at >= *range.from) && (!range.to || at < *range.to)) {
            Json row = {{"at", node.zone().print(at)},
                        {"kind", rows.text(2)},
                        {"document", number ? print_receipt_number(node.info().node, *number) : fmt::format("{}/{}", print(node.info().node), rows.integer(0))},
                        {"seq", rows.integer(0)},
                        {"points", print(moved_points)},
                        {"points_balance", print(points)},
                        {"spend", print(moved_spend)},
                        {"spend_balance", print(spend)},
                        {"debt", print(moved_debt)},
                        {"debt_balance", print(debt)}};
            if (auto fact = node.database().query("SELECT kind, body FROM any_fact WHERE seq = ?", rows.integer(0)); fact.step())
                put_details(row, node, fact.view(0), fact.view(1));
            list.push_back(std::move(row));
        } else if (range.from && at < *range.from) {
            break;  // a clock that went back hides what lies before: balances stay right, for they are carried from the newest on
        }
        points -= moved_points;
        spend -= moved_spend;
        debt -= moved_debt;
    }
    std::reverse(list.begin(), list.end());
    Json history =
        Json::array({{{"kind", "brought_forward"}, {"points_balance", print(points)}, {"spend_balance", print(spend)}, {"debt_balance", print(debt)}}});
    history.insert(history.end(), list.begin(), list.end());
    return history;
}

Json referrals(Node& node) {
    Json list = Json::array();
    for (const ReferralRow& row : referral_rows(node.database(), {}, INT_MAX))
        list.push_back({{"referrer", number_or_card(row.referrer)}, {"referrer_name", row.referrer.texts.name}, {"customer", number_or_card(row.customer)},
                        {"name", row.customer.texts.name}, {"points", print(row.points)}, {"spend", print(row.spend)}});
    return list;
}

}  // namespace paprsek::node
