#include "fiscal/from_fact.h"

#include <fmt/format.h>

#include <cassert>
#include <charconv>

#include "fiscal/receipt/words.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/cashbook.h"
#include "node/customers.h"
#include "node/receipts.h"

namespace paprsek::fiscal {
namespace {

namespace kind = schema::kind;

schema::Fact fact_of(node::Node& node, std::int64_t seq) {
    auto fact = node.ledger().fact(seq);
    if (!fact) node::refuse(fmt::format("fact {} of {}", seq, node::print(node.info().node)), "is not in the ledger");
    return std::move(*fact);
}

/// `id` may be of one who is erased or not known here any more: then what was presented says who.
Buyer buyer_of(node::Node& node, const std::string& id, const std::string& card, bool account, Issue issue) {
    Buyer buyer;
    buyer.shown = card;
    const auto record = node::customer_by_id(node.database(), id);
    if (!record) return buyer;
    if (buyer.shown.empty() && record->number) buyer.shown = std::to_string(*record->number);
    if (node.policy().hide_customer_info) return buyer;
    buyer.name = record->texts.name;
    buyer.points = record->terms.points;
    buyer.has_balance = true;
    if (account) buyer.debt = record->terms.debt;
    if (issue == Issue::copy)
        buyer.known_at = node.zone().local(node.clock().now());
    else if (const auto at = node.state_cursor().at; at && node.enrolment())
        buyer.known_at = node.zone().local(*at);
    return buyer;
}

std::string print_place(const node::Place& place) { return place.area.empty() || place.table.empty() ? place.table : place.area + ", " + place.table; }

std::vector<Tender> tenders_of(const std::vector<node::Tender>& pay) {
    std::vector<Tender> tenders;
    for (const node::Tender& tender : pay) tenders.push_back({tender.with, tender.amount, tender.name});
    return tenders;
}

Heading heading_of(node::Node& node, const schema::Fact& fact, std::int64_t seq, Issue issue) {
    const Stationery set = stationery(node);
    const node::NodeInfo& info = node.info();
    Heading heading{info.name, set.header,          set.footer, info.currency, info.node, {}, 0, {}, node.zone().local(node::Instant{fact.at}),
                    {},        issue == Issue::copy};
    heading.seq = node::seq_in_chain(node.database(), seq);
    heading.hash = schema::to_hex(fact.hash);
    heading.name = fmt::format("{}/{}", node::print(info.node), heading.seq);
    return heading;
}

/// What is not booked: now, and nothing to prove.
Heading heading_of_now(node::Node& node) {
    const Stationery set = stationery(node);
    const node::NodeInfo& info = node.info();
    return {info.name, set.header, set.footer, info.currency, info.node, {}, 0, {}, node.zone().local(node.clock().now()), {}, false};
}

Slip act_slip(node::Node& node, const schema::Fact& fact, std::int64_t seq, const Form& form, Issue issue) {
    const node::ActFact act = node::parse_act(fact.body);
    ActSlip slip;
    slip.heading = heading_of(node, fact, seq, issue);
    slip.heading.cashier = act.cashier;
    slip.kind = fact.kind;
    if (!act.customer.empty()) slip.buyer = buyer_of(node, act.customer, act.card, fact.kind == kind::settlement, issue);
    slip.reason = act.reason;
    slip.amount = act.amount;
    slip.rounding = act.rounding;
    slip.change = act.change;
    slip.spend = act.spend;
    slip.points = act.points;
    slip.pay = tenders_of(act.pay);
    for (const node::SettledItem& item : act.items) {
        ActSlip::Item& line = slip.items.emplace_back();
        line.quantity = item.quantity;
        line.amount = item.amount;
        if (item.receipt == 0) continue;
        line.receipt = node::print_receipt_number(node.info().node, item.receipt);
        const auto receipt = node::receipt_by_number(node.database(), node.info().node, item.receipt);
        const auto index = static_cast<std::size_t>(item.line - 1);
        if (receipt && item.line > 0 && index < receipt->fact.lines.size()) line.name = receipt->fact.lines[index].name;
    }
    return lay_out(slip, form);
}

Slip takings_slip(node::Node& node, const schema::Fact& fact, std::int64_t seq, const Form& form, Issue issue) {
    const node::Json body = node::parse_json(fact.body, fmt::format("fact {}", seq));
    Heading heading = heading_of(node, fact, seq, issue);
    heading.cashier = body.contains("cashier") && body["cashier"].is_string() ? body["cashier"].get<std::string>() : "";
    const TakingsKind what = fact.kind == kind::day_closed     ? TakingsKind::z
                             : fact.kind == kind::shift_opened ? TakingsKind::shift_opened
                                                               : TakingsKind::shift_closed;
    return lay_out(what, heading, body, form);
}

Slip fact_slip(node::Node& node, std::int64_t seq, const Form& form, Issue issue) {
    const schema::Fact fact = fact_of(node, seq);
    const std::string& what = fact.kind;
    if (what == kind::sale || what == kind::refund) return lay_out(receipt_of(node, seq, issue), form);
    if (what == kind::deposit || what == kind::settlement || what == kind::cash || what == kind::correction) return act_slip(node, fact, seq, form, issue);
    if (what == kind::day_closed || what == kind::shift_opened || what == kind::shift_closed) return takings_slip(node, fact, seq, form, issue);
    node::refuse(fmt::format("fact {}", seq), "is of the kind " + what + ", which has no slip",
                 "name a receipt, a settlement, a deposit, cash in or out, a shift or a Z");
}

std::optional<std::int64_t> positive(std::string_view digits) {
    std::int64_t value = 0;
    if (!node::all_digits(digits) || digits.size() > 15) return std::nullopt;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value > 0 ? std::optional(value) : std::nullopt;
}

Slip receipt_slip(node::Node& node, std::string_view name, const Form& form, Issue issue) {
    const node::NamedReceipt named = node::find_receipt(node.database(), node.info().node, name);
    if (!named.key && !named.choices.empty()) {
        std::string choices;
        for (const std::string& choice : named.choices) choices += (choices.empty() ? "" : " or ") + choice;
        node::refuse("receipt " + std::string(name), "is the number of several receipts, for the ledger once forked", "name one: " + choices);
    }
    const auto receipt = named.key ? node::receipt_by_number(node.database(), node.info().node, *named.key) : std::nullopt;
    if (!receipt)
        node::refuse("receipt " + std::string(name), fmt::format("is none of this till ({})", node::print(node.info().node)),
                     fmt::format("{0}-000017 is a receipt, {0}/41 what fact 41 booked, z the newest Z report, x the open day", node::print(node.info().node)));
    return lay_out(receipt_of(node, receipt->seq, issue), form);
}

}  // namespace

Receipt receipt_of(node::Node& node, std::int64_t seq, Issue issue) {
    const schema::Fact stored = fact_of(node, seq);
    assert(stored.kind == kind::sale || stored.kind == kind::refund);
    const node::ReceiptFact fact = node::parse_receipt(stored.kind, stored.body);
    const Heading heading = heading_of(node, stored, seq, issue);
    Receipt receipt;
    receipt.seq = heading.seq;
    receipt.number = node::print_receipt_number(node.info().node, fact.number);
    receipt.refund = fact.refund;
    receipt.refund_of = fact.refund_of;
    receipt.reason = fact.reason;
    receipt.at = node::Instant{stored.at};
    receipt.local = heading.local;
    receipt.currency = heading.currency;
    receipt.shop = heading.shop;
    receipt.header = heading.header;
    receipt.footer = heading.footer;
    receipt.cashier = fact.cashier;
    receipt.place = print_place(fact.place);
    if (!fact.customer.empty()) receipt.buyer = buyer_of(node, fact.customer, fact.card, !fact.paid_with(node::TenderKind::account).is_zero(), issue);
    for (const node::BookedLine& line : fact.lines)
        receipt.lines.push_back({line.code, line.name, line.vat, line.price, line.quantity, line.gross, line.discount, line.net, line.paid, line.points});
    receipt.rates = fact.rates;
    receipt.vat = fact.vat();
    receipt.net = fact.net();
    receipt.redeemed = fact.redeemed;
    receipt.rounding = fact.rounding;
    receipt.total = fact.total();
    receipt.change = fact.change;
    receipt.loan = fact.loan;
    receipt.awarded = fact.points();
    receipt.taken = fact.taken;
    receipt.redemption_is_payment = fact.redemption_is_payment;
    receipt.pay = tenders_of(fact.pay);
    receipt.hash = heading.hash;
    receipt.copy = heading.copy;
    return receipt;
}

Slip slip_of(node::Node& node, std::string_view name, const Form& form, Issue issue) {
    const std::string own = node::print(node.info().node) + "/";
    if (name.starts_with(own)) {
        const auto seq = positive(name.substr(own.size()));
        if (!seq) node::refuse(std::string(name), "names no fact", "write it as " + own + "41");
        return fact_slip(node, *seq, form, issue);
    }
    if (name == "x" || name == "X")
        return lay_out(TakingsKind::x, heading_of_now(node), node::json_of(node::open_day(node.database(), node.info().node)), form);
    if (name.starts_with('z') || name.starts_with('Z')) {
        const auto number = positive(name.substr(1));
        const auto seq = name.size() == 1 || number ? node::closing_fact(node.database(), number) : std::nullopt;
        if (!seq) node::refuse(std::string(name), "is no Z report of this till", "z is the newest one, z5 number 5");
        return fact_slip(node, *seq, form, issue);
    }
    return receipt_slip(node, name, form, issue);
}

Slip statement_of(node::Node& node, std::string_view customer, bool brief, const Form& form) {
    const auto number = node::as_customer_number(customer);
    const auto record = number ? node::customer_by_number(node.database(), *number) : node::customer_by_card(node.database(), node::normalise_code(customer));
    if (!record) node::refuse("customer " + std::string(customer), "is not known here", "name one by number or card");
    StatementSlip slip;
    slip.heading = heading_of_now(node);
    slip.brief = brief;
    slip.buyer.name = record->texts.name;
    slip.buyer.shown = record->number ? std::to_string(*record->number) : std::string(customer);
    for (const node::AccountItem& item : node::open_items(node.database(), record->terms.id))
        slip.items.push_back({node.zone().local(item.at), item.receipt ? node::print_receipt_number(node.info().node, item.receipt) : "", item.cashier,
                              item.name, item.quantity - item.settled_quantity, item.open()});
    return lay_out(slip, form);
}

}  // namespace paprsek::fiscal
