// Slips that are no receipts: acts of an account and the drawer, takings, statements.
#include <fmt/format.h>

#include <map>

#include "fiscal/receipt/layout_parts.h"

namespace paprsek::fiscal {
namespace {

const char* caption_of(const ActSlip& act, const SlipWords& words) {
    if (act.kind == schema::kind::settlement) return words->settlement;
    if (act.kind == schema::kind::deposit) return words->deposit;
    if (act.kind == schema::kind::correction) return words->correction;
    return act.amount < node::Money{} ? words->cash_out : words->cash_in;
}

/// Reads a body of integers: what is not there, or is no such thing, is zero or empty.
struct Body {
    const node::Json& json;

    std::int64_t count(const char* key) const {
        const auto found = json.find(key);
        return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
    }
    node::Money money(const char* key) const { return node::Money::of(count(key)); }
    Body part(const char* key) const {
        static const node::Json nothing = node::Json::object();
        const auto found = json.find(key);
        return {found != json.end() && found->is_object() ? *found : nothing};
    }
};

class TakingsLayout {
public:
    TakingsLayout(Roll& roll, const SlipWords& words) : roll_(roll), words_(words) {}

    void takings(const char* label, const Body& body) {
        if (body.count("count") == 0) return;
        roll_.pair(fmt::format("{} ({})", label, body.count("count")), words_.money(body.money("total")), bold);
        line(words_->gross, body.money("gross"));
        line(words_->discounts, -body.money("discount"));
        line(words_->net, body.money("net"));
        line(words_->paid_by_points, -body.money("redeemed"));
        line(words_->rounding, body.money("rounding"));
    }
    void amounts(const char* label, const Body& body) {
        if (body.json.empty()) return;
        roll_.left(label, bold);
        for (const auto& [name, amount] : body.json.items())
            if (amount.is_number_integer()) roll_.pair(words_.tender(name), words_.money(node::Money::of(amount.get<std::int64_t>())), {}, 2);
    }
    void vat(const Body& body) {
        if (body.json.empty()) return;
        const int columns = roll_.columns(), each = columns / 3;
        roll_.cells({words_->vat, words_->base, words_->tax}, {columns - 2 * each, each, each}, bold);
        for (const auto& [name, amounts] : body.json.items()) {
            const Body row{amounts};
            if (amounts.is_object())
                roll_.cells({"  " + name + " %", words_.money(row.money("base")), words_.money(row.money("tax"))}, {columns - 2 * each, each, each});
        }
    }
    void cashiers(const Body& body) {
        if (body.json.size() < 2) return;
        roll_.left(words_->cashiers, bold);
        for (const auto& [name, takings] : body.json.items())
            if (takings.is_object()) roll_.pair(fmt::format("{} ({})", name, Body{takings}.count("count")), words_.money(Body{takings}.money("total")), {}, 2);
    }
    void drawer(const Body& body) {
        roll_.left(words_->drawer, bold);
        line(words_->opening, body.money("opening"));
        line(words_->cash_sales, body.money("cash_sales"));
        line(words_->cash_refunds, -body.money("cash_refunds"));
        line(words_->deposits, body.money("deposits"));
        line(words_->settlements, body.money("settlements"));
        line(words_->loans, -body.money("loans"));
        line(words_->cash_in, body.money("cash_in"));
        line(words_->cash_out, -body.money("cash_out"));
        line(words_->counts, body.money("counts"));
        roll_.pair(words_->expected, words_.money(body.money("expected")), bold, 2);
    }
    void counted(const Body& body) {
        for (const auto& [value, pieces] : body.part("denominations").json.items()) {
            if (!pieces.is_number_integer() || value.size() > 12 || value.find_first_not_of("0123456789") != std::string::npos) continue;
            roll_.left(fmt::format("{} x {}", pieces.get<std::int64_t>(), words_.money(node::Money::of(std::stoll(value)))), {}, 4);
        }
        roll_.pair(words_->counted, words_.money(body.money("counted")), bold, 2);
        roll_.pair(words_->difference, words_.money(body.money("difference")), bold, 2);
    }
    void approvals(const node::Json& body) {
        if (!body.contains("approvals") || !body["approvals"].is_array()) return;
        for (const node::Json& approval : body["approvals"])
            if (approval.is_object() && approval.contains("by") && approval["by"].is_string())
                roll_.left(std::string(words_->approved_by) + ": " + approval["by"].get<std::string>());
    }
    void line(const char* label, node::Money amount) {
        if (!amount.is_zero()) roll_.pair(label, words_.money(amount), {}, 2);
    }

private:
    Roll& roll_;
    const SlipWords& words_;
};

std::string caption_of(TakingsKind kind, const SlipWords& words, std::int64_t number) {
    switch (kind) {
        case TakingsKind::x:
            return words->x_report;
        case TakingsKind::z:
            return fmt::format("{} {}", words->z_report, number);
        case TakingsKind::shift_opened:
            return fmt::format("{} {}", words->shift_opened, number);
        case TakingsKind::shift_closed:
            return fmt::format("{} {}", words->shift_report, number);
    }
    return {};
}

}  // namespace

Slip lay_out(const ActSlip& act, const Form& form) {
    const SlipWords words(form.locale);
    Roll roll(form.columns);
    begin(roll, words, act.heading, form, std::string(caption_of(act, words)) + " " + act.heading.name);
    if (act.buyer) roll.left(std::string(words->customer) + ": " + title_of(*act.buyer));
    if (!act.reason.empty()) roll.left(std::string(words->reason) + ": " + act.reason);
    roll.rule();
    const std::string sign = currency_sign(act.heading.currency);
    if (!act.items.empty()) roll.left(words->settled_items, bold);
    for (const ActSlip::Item& item : act.items) {
        const std::string name = item.name.empty() ? words->credit : item.name;
        roll.left(item.receipt.empty() ? name : item.receipt + "  " + name);
        roll.pair(item.receipt.empty() ? "" : words.quantity(item.quantity) + " x", words.money(item.amount), {}, 2);
    }
    if (!act.items.empty()) roll.rule();
    if (!act.rounding.is_zero()) {
        roll.pair(words->subtotal, words.money(act.amount));
        roll.pair(words->rounding, words.money(act.rounding));
    }
    if (act.kind == schema::kind::correction) {
        if (!act.points.is_zero()) roll.pair(words->points, words.points(act.points), bold);
        if (!act.spend.is_zero()) roll.pair(words->spend, words.money(act.spend), bold);
    } else {
        const char* label = act.kind == schema::kind::cash ? words->amount : words->total;
        grand_total(roll, std::string(label) + " " + sign, words.money(act.amount + act.rounding));
    }
    tenders(roll, words, act.pay, act.change, false);
    if (act.buyer && act.kind == schema::kind::deposit && !act.points.is_zero()) roll.pair(words->points_awarded, words.points(act.points));
    if (act.buyer) balance(roll, words, *act.buyer);
    if (act.kind == schema::kind::cash) {
        roll.left("");
        roll.left(std::string(words->signature) + ": " + std::string(static_cast<std::size_t>(form.columns / 2), '.'));
    }
    end(roll, act.heading, form);
    return roll.take();
}

Slip lay_out(TakingsKind kind, const Heading& told, const node::Json& json, const Form& form) {
    Heading heading = told;
    heading.footer.clear();  // it thanks customers
    const SlipWords words(form.locale);
    const Body body{json};
    Roll roll(form.columns);
    begin(roll, words, heading, form, caption_of(kind, words, body.count("number")));
    if (kind == TakingsKind::x) roll.left(words->not_closed);
    roll.rule();
    TakingsLayout layout(roll, words);
    if (kind != TakingsKind::shift_opened) {
        if (body.count("last_seq") >= body.count("first_seq")) roll.pair(words->facts, fmt::format("{}-{}", body.count("first_seq"), body.count("last_seq")));
        layout.takings(words->sales, body.part("sales"));
        layout.takings(words->refunds, body.part("refunds"));
        layout.amounts(words->tenders, body.part("tenders"));
        layout.amounts(words->paid_in, body.part("paid_in"));
        if (const Body account = body.part("account"); account.count("count") != 0)
            roll.pair(fmt::format("{} ({})", words->account_sales, account.count("count")), words.money(account.money("charged")), bold);
        layout.vat(body.part("vat"));
        layout.cashiers(body.part("cashiers"));
        if (body.count("customers")) roll.pair(words->customers, std::to_string(body.count("customers")));
        if (body.count("points_awarded")) roll.pair(words->points_awarded, words.points(node::Points::of(body.count("points_awarded"))));
        if (body.count("points_taken")) roll.pair(words->points_taken, words.points(node::Points::of(body.count("points_taken"))));
        roll.rule();
        layout.drawer(body);
    } else {
        roll.pair(words->expected, words.money(body.money("expected")), bold, 2);
    }
    if (kind != TakingsKind::x) layout.counted(body);
    layout.approvals(json);
    end(roll, heading, form);
    return roll.take();
}

Slip lay_out(const StatementSlip& statement, const Form& form) {
    const SlipWords words(form.locale);
    Roll roll(form.columns);
    begin(roll, words, statement.heading, form, statement.brief ? words->brief_statement : words->statement);
    roll.left(std::string(words->customer) + ": " + title_of(statement.buyer), bold);
    roll.rule();
    node::Money sum;
    struct Sum {
        node::LocalTime at;
        node::Money open;
    };
    std::map<std::string, Sum> receipts;
    for (const StatementSlip::Item& item : statement.items) {
        sum += item.amount;
        if (statement.brief) {
            Sum& receipt = receipts.try_emplace(item.receipt, Sum{item.at, {}}).first->second;
            receipt.open += item.amount;
            continue;
        }
        roll.left(fmt::format("{}  {}  {}", words.moment(item.at), item.receipt, item.cashier));
        const std::string name = item.name.empty() ? words->credit : item.name;
        roll.pair(item.quantity == node::one_piece || item.quantity == node::Quantity{} ? name : words.quantity(item.quantity) + " x " + name,
                  words.money(item.amount), {}, 2);
    }
    for (const auto& [number, receipt] : receipts) roll.pair(words.date(receipt.at.date) + "  " + number, words.money(receipt.open));
    if (statement.items.empty()) roll.left(words->nothing_open);
    roll.rule();
    grand_total(roll, std::string(words->open_sum) + " " + currency_sign(statement.heading.currency), words.money(sum));
    end(roll, statement.heading, form);
    return roll.take();
}

}  // namespace paprsek::fiscal
