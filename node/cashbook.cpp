#include "node/cashbook.h"

#include "node/facts.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

void add(Closing& closing, const ReceiptFact& receipt) {
    Takings& takings = receipt.refund ? closing.refunds : closing.sales;
    ++takings.count;
    takings.gross += receipt.gross();
    takings.discount += receipt.discount();
    takings.net += receipt.net();
    takings.redeemed += receipt.redeemed;
    takings.rounding += receipt.rounding;
    takings.total += receipt.total();

    const auto sign = [&](auto value) { return receipt.refund ? -value : value; };
    const Money cash = receipt.paid_with(TenderKind::cash) - receipt.change;
    closing.tenders["cash"] += sign(cash);
    for (const TenderKind with : {TenderKind::card, TenderKind::account, TenderKind::voucher})
        if (const Money amount = receipt.paid_with(with); !amount.is_zero()) closing.tenders[std::string(print(with))] += sign(amount);
    (receipt.refund ? closing.cash_refunds : closing.cash_sales) += cash;
    closing.loans += sign(receipt.loan);
    for (const auto& row : receipt.vat()) {
        auto& [base, tax] = closing.vat[row.group + " " + print(row.rate)];
        base += sign(row.base);
        tax += sign(row.tax);
    }
    if (!receipt.customer.empty()) ++closing.customers;
    closing.points_awarded += sign(receipt.points());
    closing.points_taken += sign(receipt.taken);
}

void add(Closing& closing, std::string_view what, const ActFact& act) {
    Money cash = -act.change;
    for (const Tender& tender : act.pay)
        if (tender.with == TenderKind::cash) cash += tender.amount;
    if (what == kind::deposit) closing.deposits += cash;
    if (what == kind::settlement) closing.settlements += cash;
    if (what == kind::cash) (act.amount < Money{} ? closing.cash_out : closing.cash_in) += act.amount < Money{} ? -act.amount : act.amount;
}

Json takings_json(const Takings& takings) {
    return {{"count", takings.count}, {"gross", takings.gross.raw()}, {"discount", takings.discount.raw()}, {"net", takings.net.raw()},
            {"redeemed", takings.redeemed.raw()}, {"rounding", takings.rounding.raw()}, {"total", takings.total.raw()}};
}

}  // namespace

Money drawer(Database& database) { return Money::of(database.integer("SELECT ifnull(sum(amount), 0) FROM cash_movement").value_or(0)); }

Closing open_day(Database& database, NodeName node) {
    Closing closing;
    auto last = database.query("SELECT (SELECT max(number % 1000000000000) FROM z_report), seq FROM z_report WHERE seq > 0 ORDER BY seq DESC LIMIT 1");
    if (last.step()) {
        closing.number = last.integer(0);
        closing.first_seq = last.integer(1) + 1;
    }
    ++closing.number;
    closing.opening = Money::of(database.integer("SELECT ifnull(sum(amount), 0) FROM cash_movement WHERE seq < ?", closing.first_seq).value_or(0));
    closing.last_seq = closing.first_seq - 1;
    Ledger(database, node).read(closing.first_seq, INT64_MAX, [&](const schema::Fact& fact) {
        closing.last_seq = fact.seq;
        if (fact.kind == kind::sale || fact.kind == kind::refund)
            add(closing, parse_receipt(fact.kind, fact.body));
        else if (fact.kind == kind::deposit || fact.kind == kind::settlement || fact.kind == kind::cash)
            add(closing, fact.kind, parse_act(fact.body));
        return true;
    });
    closing.expected = drawer(database);
    return closing;
}

std::string body_of(const Closing& closing, Money counted, std::int64_t clock_back_ms) {
    Json vat = Json::object();
    for (const auto& [group, amounts] : closing.vat) vat[group] = {{"base", amounts.first.raw()}, {"tax", amounts.second.raw()}};
    Json tenders = Json::object();
    for (const auto& [tender, amount] : closing.tenders) tenders[tender] = amount.raw();
    Json json = {{"number", closing.number},
                 {"first_seq", closing.first_seq},
                 {"last_seq", closing.last_seq},
                 {"sales", takings_json(closing.sales)},
                 {"refunds", takings_json(closing.refunds)},
                 {"tenders", tenders},
                 {"vat", vat},
                 {"opening", closing.opening.raw()},
                 {"cash_sales", closing.cash_sales.raw()},
                 {"cash_refunds", closing.cash_refunds.raw()},
                 {"deposits", closing.deposits.raw()},
                 {"settlements", closing.settlements.raw()},
                 {"loans", closing.loans.raw()},
                 {"cash_in", closing.cash_in.raw()},
                 {"cash_out", closing.cash_out.raw()},
                 {"expected", closing.expected.raw()},
                 {"counted", counted.raw()},
                 {"difference", (counted - closing.expected).raw()},
                 {"customers", closing.customers},
                 {"points_awarded", closing.points_awarded.raw()},
                 {"points_taken", closing.points_taken.raw()}};
    if (clock_back_ms > 0) json["clock_back"] = clock_back_ms;
    return canonical(json);
}

Json printed_closing(const Json& body) {
    Json json = Json::object();
    for (const auto& [key, value] : body.items()) {
        const bool plain = key == "number" || key == "count" || key == "customers" || key == "first_seq" || key == "last_seq" || key == "clock_back";
        json[key] = value.is_object() ? printed_closing(value) : plain ? value : Json(print(Money::of(value.get<std::int64_t>())));
    }
    return json;
}

}  // namespace paprsek::node
