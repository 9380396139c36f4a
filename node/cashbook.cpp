#include "node/cashbook.h"

#include <array>
#include <charconv>

#include "node/facts.h"
#include "node/receipts.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

/// Named one by one in a closing; a script may name any number.
constexpr std::size_t max_cashiers = 200;
constexpr const char* other_cashiers = "…";

void add_profit(Closing& closing, const ReceiptFact& receipt) {
    const auto sign = [&](Money value) { return receipt.refund ? -value : value; };
    Money cost, paid;
    for (const BookedLine& line : receipt.lines) {
        cost += line.cost;
        paid += receipt.redemption_is_payment ? line.net : line.paid;
    }
    const Money profit = paid - cost - receipt.loan;
    closing.cost += sign(cost);
    closing.profit += sign(profit);
    const Money charged = receipt.paid_with(TenderKind::account), total = receipt.total();
    if (charged.is_zero() || total <= Money{}) return;
    if (!receipt.refund) ++closing.account.count;
    closing.account.charged += sign(charged);
    closing.account.cost += sign(Money::of(proportion(cost.raw(), charged.raw(), total.raw())));
    closing.account.profit += sign(Money::of(proportion(profit.raw(), charged.raw(), total.raw())));
}

void add_cashier(Closing& closing, const ReceiptFact& receipt) {
    const bool room = closing.cashiers.size() < max_cashiers || closing.cashiers.contains(receipt.cashier);
    CashierTakings& cashier = closing.cashiers[room ? receipt.cashier : other_cashiers];
    ++cashier.count;
    cashier.total += receipt.refund ? -receipt.total() : receipt.total();
    cashier.cash += receipt.cash_kept();
}

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
    closing.tenders["cash"] -= sign(receipt.change);
    for (const Tender& tender : receipt.pay)
        if (!tender.amount.is_zero()) closing.tenders[tender.shown()] += sign(tender.amount);
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
    add_profit(closing, receipt);
    add_cashier(closing, receipt);
}

void add(Closing& closing, std::string_view what, const ActFact& act) {
    Money cash = -act.change;
    for (const Tender& tender : act.pay)
        if (tender.with == TenderKind::cash) cash += tender.amount;
    if (what == kind::deposit) closing.deposits += cash;
    if (what == kind::settlement) closing.settlements += cash;
    if (what == kind::cash) (act.amount < Money{} ? closing.cash_out : closing.cash_in) += act.amount < Money{} ? -act.amount : act.amount;
    for (const Tender& tender : act.pay) closing.paid_in[tender.shown()] += tender.amount;
    if (!act.change.is_zero()) closing.paid_in["cash"] -= act.change;
}

void add(Closing& closing, const schema::Fact& fact) {
    if (fact.kind == kind::sale || fact.kind == kind::refund)
        add(closing, parse_receipt(fact.kind, fact.body));
    else if (fact.kind == kind::deposit || fact.kind == kind::settlement || fact.kind == kind::cash)
        add(closing, fact.kind, parse_act(fact.body));
    else if (fact.kind == kind::shift_opened || fact.kind == kind::shift_closed)
        closing.counts += Money::of(Json::parse(fact.body).value("difference", std::int64_t{0}));
}

/// From `first_seq` on. The drawer's sum is kept, so only what has happened since is added up.
void fill(Closing& closing, Database& database, NodeName node, std::int64_t first_seq) {
    closing.first_seq = first_seq;
    closing.last_seq = first_seq - 1;
    // One statement is one moment, though another process may be booking.
    auto now = database.query(
        "SELECT (SELECT amount FROM drawer), (SELECT ifnull(sum(amount), 0) FROM cash_movement WHERE seq >= ?), (SELECT max(seq) FROM fact)", first_seq);
    now.step();
    closing.expected = now.decimal<Money>(0);
    closing.opening = closing.expected - now.decimal<Money>(1);
    Ledger(database, node).read(first_seq, now.integer(2), [&](const schema::Fact& fact) {
        closing.last_seq = fact.seq;
        add(closing, fact);
        return true;
    });
}

Json takings_json(const Takings& takings) {
    return {{"count", takings.count}, {"gross", takings.gross.raw()}, {"discount", takings.discount.raw()}, {"net", takings.net.raw()},
            {"redeemed", takings.redeemed.raw()}, {"rounding", takings.rounding.raw()}, {"total", takings.total.raw()}};
}

Json amounts_json(const std::map<std::string, Money>& amounts) {
    Json json = Json::object();
    for (const auto& [name, amount] : amounts) json[name] = amount.raw();
    return json;
}

Json printed_amounts(const Json& amounts) {
    Json json = Json::object();
    for (const auto& [name, amount] : amounts.items()) json[name] = print(Money::of(amount.get<std::int64_t>()));
    return json;
}

Json printed_pieces(const Json& pieces) {
    Json json = Json::object();
    for (const auto& [value, count] : pieces.items()) {
        std::int64_t raw = 0;  // a body from outside may hold anything
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), raw);
        json[error == std::errc{} && end == value.data() + value.size() ? print(Money::of(raw)) : value] = count;
    }
    return json;
}

void put_count(Json& json, const Count& count) {
    json["expected"] = count.expected.raw();
    json["counted"] = count.counted.raw();
    json["difference"] = (count.counted - count.expected).raw();
    for (const auto& [value, number] : count.pieces)
        if (number > 0) json["denominations"][std::to_string(value.raw())] = number;
    if (!count.cashier.empty()) json["cashier"] = count.cashier;
    for (const Approval& approval : count.approvals) json["approvals"].push_back({{"by", approval.by}, {"for", approval.what}});
    if (count.clock_back_ms > 0) json["clock_back"] = count.clock_back_ms;
}

}  // namespace

Money drawer(Database& database) { return Money::of(database.integer("SELECT amount FROM drawer").value_or(0)); }

Closing open_day(Database& database, NodeName node) {
    Closing closing;
    std::int64_t first_seq = 1;
    auto last = database.query("SELECT seq FROM z_report WHERE seq > 0 ORDER BY seq DESC LIMIT 1");
    if (last.step()) first_seq = last.integer(0) + 1;
    closing.number = highest_number(database, "z_report") + 1;
    fill(closing, database, node, first_seq);
    return closing;
}

std::optional<Shift> open_shift(Database& database) {
    auto last = database.query("SELECT number, seq, at, cashier FROM shift WHERE seq > 0 AND seq > (SELECT ifnull(max(seq), 0) FROM shift_report) "
                               "ORDER BY seq DESC LIMIT 1");
    if (!last.step()) return std::nullopt;
    return Shift{last.integer(0), last.integer(1), last.instant(2), last.text(3)};
}

std::int64_t next_shift_number(Database& database) { return highest_number(database, "shift") + 1; }

Closing closing_of(Database& database, NodeName node, const Shift& shift) {
    Closing closing;
    closing.number = shift.number;
    fill(closing, database, node, shift.seq + 1);
    return closing;
}

std::span<const Money> denominations(std::string_view currency) {
    static constexpr std::array czk = {Money::of(500'000), Money::of(200'000), Money::of(100'000), Money::of(50'000), Money::of(20'000), Money::of(10'000),
                                       Money::of(5'000),   Money::of(2'000),   Money::of(1'000),   Money::of(500),    Money::of(200),    Money::of(100)};
    static constexpr std::array eur = {Money::of(50'000), Money::of(20'000), Money::of(10'000), Money::of(5'000), Money::of(2'000),
                                       Money::of(1'000),  Money::of(500),    Money::of(200),    Money::of(100),   Money::of(50),
                                       Money::of(20),     Money::of(10),     Money::of(5),      Money::of(2),     Money::of(1)};
    static constexpr std::array ron = {Money::of(50'000), Money::of(20'000), Money::of(10'000), Money::of(5'000), Money::of(2'000), Money::of(1'000),
                                       Money::of(500),    Money::of(100),    Money::of(50),     Money::of(10),    Money::of(5),     Money::of(1)};
    if (currency == "CZK") return czk;
    if (currency == "EUR") return eur;
    if (currency == "RON") return ron;
    return {};
}

Json json_of(const Closing& closing) {
    Json vat = Json::object();
    for (const auto& [group, amounts] : closing.vat) vat[group] = {{"base", amounts.first.raw()}, {"tax", amounts.second.raw()}};
    Json cashiers = Json::object();
    for (const auto& [name, takings] : closing.cashiers)
        cashiers[name] = {{"count", takings.count}, {"total", takings.total.raw()}, {"cash", takings.cash.raw()}};
    const AccountSales& account = closing.account;
    return {{"number", closing.number},
            {"first_seq", closing.first_seq},
            {"last_seq", closing.last_seq},
            {"sales", takings_json(closing.sales)},
            {"refunds", takings_json(closing.refunds)},
            {"tenders", amounts_json(closing.tenders)},
            {"paid_in", amounts_json(closing.paid_in)},
            {"vat", vat},
            {"cashiers", cashiers},
            {"account", {{"count", account.count}, {"charged", account.charged.raw()}, {"cost", account.cost.raw()}, {"profit", account.profit.raw()}}},
            {"cost", closing.cost.raw()},
            {"profit", closing.profit.raw()},
            {"opening", closing.opening.raw()},
            {"cash_sales", closing.cash_sales.raw()},
            {"cash_refunds", closing.cash_refunds.raw()},
            {"deposits", closing.deposits.raw()},
            {"settlements", closing.settlements.raw()},
            {"loans", closing.loans.raw()},
            {"cash_in", closing.cash_in.raw()},
            {"cash_out", closing.cash_out.raw()},
            {"counts", closing.counts.raw()},
            {"expected", closing.expected.raw()},
            {"customers", closing.customers},
            {"points_awarded", closing.points_awarded.raw()},
            {"points_taken", closing.points_taken.raw()}};
}

std::string body_of(std::int64_t shift, const Count& count) {
    Json json = {{"number", shift}};
    put_count(json, count);
    return canonical(json);
}

std::string body_of(const Closing& closing, const Count& count) {
    Json json = json_of(closing);
    put_count(json, count);
    return canonical(json);
}

Json printed_closing(const Json& body) {
    Json json = Json::object();
    for (const auto& [key, value] : body.items()) {
        const bool plain = key == "number" || key == "count" || key == "customers" || key == "first_seq" || key == "last_seq" || key == "clock_back";
        if (key == "tenders" || key == "paid_in")
            json[key] = printed_amounts(value);
        else if (key == "denominations")
            json[key] = printed_pieces(value);
        else if (key == "cashiers" || key == "vat")
            for (const auto& [name, part] : value.items()) json[key][name] = printed_closing(part);
        else if (value.is_object())
            json[key] = printed_closing(value);
        else
            json[key] = plain || !value.is_number_integer() ? value : Json(print(Money::of(value.get<std::int64_t>())));
        if (json[key].is_null()) json[key] = Json::object();
    }
    return json;
}

}  // namespace paprsek::node
