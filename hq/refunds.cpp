#include "hq/refunds.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/base/error.h"
#include "node/foreign_receipts.h"
#include "node/node.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

/// What all refunds together gave back, less what `once` of the whole comes to.
template <class D>
D beyond(D given, D whole, std::int64_t once, std::int64_t of) {
    return of > 0 ? given - D::of(node::proportion(whole.raw(), once, of)) : D{};
}

struct Given {
    node::Quantity quantity;
    node::Money net, paid;
    node::Points points;
};

std::optional<node::ReceiptFact> receipt_at(Store& facts, FactId id, std::string_view of_kind) {
    const auto fact = facts.fact(id);
    if (!fact || fact->kind != of_kind) return std::nullopt;
    try {
        return node::parse_receipt(fact->kind, fact->body);
    } catch (const node::Error&) {
        return std::nullopt;  // stored and rejected
    }
}

node::Json refund_json(Store& facts, FactId id, const node::ReceiptFact& refund) {
    const node::FactPlace place = facts.place_of(id);
    return {{"node", print(place.node)}, {"epoch", place.epoch}, {"seq", place.seq}, {"receipt", node::print_receipt_number(place.node, refund.number)},
            {"at", node::print_utc({facts.fact(id)->at})}, {"cashier", refund.cashier}, {"total", print(-refund.total())}};
}

/// How many goods too many somebody has answered for already, and what a write-off gave back for them.
struct Answered {
    node::Quantity goods;
    node::Points points, referrer_points;
    node::Money spend, referrer_spend;
};

template <class D>
D amount(const node::Json& json, const char* key) {
    return node::parse<D>(json.value(key, "0")).value_or(D{});
}

Answered answered(Store& store, const std::string& subject) {
    Answered result;
    for (const Exception& each : store.exceptions(false)) {
        if (each.kind != exception_kind::double_refund || each.subject != subject || each.open()) continue;
        result.goods = std::max(result.goods, amount<node::Quantity>(each.evidence, "goods"));
        if (each.remedy != remedy::write_off) continue;
        result.points += amount<node::Points>(each.evidence, "points");
        result.spend += amount<node::Money>(each.evidence, "spend");
        const node::Json referrer = each.evidence.value("referrer", node::Json::object());
        result.referrer_points += amount<node::Points>(referrer, "points");
        result.referrer_spend += amount<node::Money>(referrer, "spend");
    }
    return result;
}

void name_customer(Store& store, node::Json& evidence, const std::string& id) {
    evidence["customer"] = id;
    const auto account = store.find_account(id);
    if (!account) return;
    const std::int64_t row = account->main ? account->main : account->row;
    if (const auto number = store.customer(row).number) evidence["number"] = *number;
    if (const auto cards = store.cards(row); !cards.empty()) evidence["card"] = cards.front();
}

}  // namespace

node::Quantity Surplus::goods() const {
    node::Quantity goods;
    for (const Line& line : lines) goods += line.returned - line.sold;
    return goods;
}

Surplus surplus_of(const node::ReceiptFact& sale, const std::vector<node::ReceiptFact>& refunds) {
    std::vector<Given> given(sale.lines.size());
    Surplus surplus;
    node::Points taken, referred;
    node::Money referred_spend;
    for (const node::ReceiptFact& refund : refunds) {
        for (const node::BookedLine& line : refund.lines) {
            if (line.original < 1 || static_cast<std::size_t>(line.original) > given.size()) continue;
            Given& each = given[static_cast<std::size_t>(line.original - 1)];
            each.quantity += line.quantity;
            each.net += line.net;
            each.paid += line.paid;
            each.points += line.points;
        }
        taken += refund.taken;
        if (!refund.referral) continue;
        referred += refund.referral->points;
        referred_spend += refund.referral->spend;
    }
    // As it would stand had each line come back once.
    node::Money net, paid;
    node::Points points;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const node::BookedLine& line = sale.lines[i];
        const Given& all = given[i];
        Given over;
        if (all.quantity > line.quantity) {
            surplus.lines.push_back({static_cast<int>(i + 1), line.name, line.quantity, all.quantity});
            over = {all.quantity - line.quantity, all.net - line.net, all.paid - line.paid, all.points - line.points};
        }
        net += all.net - over.net;
        paid += all.paid - over.paid;
        points += all.points - over.points;
        surplus.net += over.net;
        surplus.paid += over.paid;
        surplus.points += over.points;
    }
    if (surplus.lines.empty()) return {};
    surplus.points -= beyond(taken, sale.taken, (net - paid).raw(), sale.redeemed.raw());
    if (sale.referral)
        surplus.referral = node::Referral{sale.referral->customer, beyond(referred, sale.referral->points, points.raw(), sale.points().raw()),
                                          beyond(referred_spend, sale.referral->spend, net.raw(), sale.net().raw())};
    return surplus;
}

std::optional<FactId> fact_at(Store& facts, const node::FactPlace& place) {
    const auto node = facts.find_node(place.node);
    if (!node || place.seq > max_seq) return std::nullopt;
    for (const ChainRecord& chain : facts.chains(node->id))
        if (chain.epoch == place.epoch && facts.fact_hash(fact_id(chain.id, place.seq))) return fact_id(chain.id, place.seq);
    return std::nullopt;
}

std::optional<node::FactPlace> sale_numbered(Store& store, Store& facts, const FactView& fact, const std::string& number, const std::vector<SaleRow>& pending) {
    const auto key = node::parse_receipt_number(number, fact.node);
    const auto node = facts.find_node(fact.node);
    if (!key || !node) return std::nullopt;
    const std::int64_t wanted = *key % node::epoch_keys, epoch = *key / node::epoch_keys;
    const std::vector<ChainRecord> chains = facts.chains(node->id);
    const auto find = [&](const ChainRecord& chain, std::int64_t through) -> std::optional<node::FactPlace> {
        for (auto sale = pending.rbegin(); sale != pending.rend(); ++sale)
            if (sale->number == wanted && !sale->refund && chain_of(sale->fact) == chain.id && seq_of(sale->fact) <= through)
                return node::FactPlace{fact.node, chain.epoch, seq_of(sale->fact)};
        const auto sale = store.find_sale(chain.id, through, wanted);
        return sale ? std::optional(node::FactPlace{fact.node, chain.epoch, seq_of(*sale)}) : std::nullopt;
    };
    // From the refund down to fact 1, through the epochs that its ledger went on from.
    std::int64_t through = seq_of(fact.id);
    auto chain = std::find_if(chains.begin(), chains.end(), [&](const ChainRecord& each) { return each.epoch == (epoch ? epoch : fact.epoch); });
    if (epoch && epoch != fact.epoch) through = max_seq;
    while (chain != chains.end()) {
        if (const auto sale = find(*chain, through); sale || epoch) return sale;
        through = chain->base;
        const schema::Hash hash = chain->base_hash;
        chain = std::find_if(chains.begin(), chains.end(), [&, of = chain->epoch](const ChainRecord& each) {
            return each.epoch < of && through > each.base && facts.fact_hash(fact_id(each.id, through)) == hash;
        });
    }
    return std::nullopt;
}

std::vector<node::FactPlace> sales_numbered(Store& store, const std::string& number) {
    std::vector<node::FactPlace> sales;
    const auto name = node::parse_node_name(std::string_view(number).substr(0, number.find('-')));
    const auto key = name ? node::parse_receipt_number(number, *name) : std::nullopt;
    const auto node = key ? store.find_node(*name) : std::nullopt;
    if (!node || *name == node::hq_node) return sales;
    for (const ChainRecord& chain : store.chains(node->id)) {
        if (*key >= node::epoch_keys && chain.epoch != *key / node::epoch_keys) continue;
        if (const auto sale = store.find_sale(chain.id, max_seq, *key % node::epoch_keys)) sales.push_back({*name, chain.epoch, seq_of(*sale)});
    }
    return sales;
}

bool watch_refunds(Store& store, Store& facts, Watch& watch, const FactView& by, const node::FactPlace& sold) {
    const auto id = fact_at(facts, sold);
    const auto sale = id ? receipt_at(facts, *id, kind::sale) : std::nullopt;
    if (!sale) return false;
    std::vector<node::ReceiptFact> refunds;
    node::Json list = node::Json::array();
    for (const FactId each : store.refunds_of(sold))
        if (const auto refund = receipt_at(facts, each, kind::refund)) {
            list.push_back(refund_json(facts, each, *refund));
            refunds.push_back(*refund);
        }
    const Surplus surplus = surplus_of(*sale, refunds);
    if (surplus.lines.empty()) return true;
    const std::string subject = print(sold);
    const Answered before = answered(store, subject);
    if (surplus.goods() <= before.goods) return true;
    node::Json evidence = {{"receipt", node::print_receipt_number(sold.node, sale->number)},
                           {"goods", print(surplus.goods())},
                           {"paid", print(surplus.paid)},
                           {"lines", node::Json::array()},
                           {"refunds", std::move(list)}};
    for (const Surplus::Line& line : surplus.lines)
        evidence["lines"].push_back({{"line", line.line}, {"name", line.name}, {"sold", print(line.sold)}, {"returned", print(line.returned)}});
    if (!sale->customer.empty()) {
        name_customer(store, evidence, sale->customer);
        evidence["points"] = print(surplus.points - before.points);
        evidence["spend"] = print(surplus.net - before.spend);
    }
    if (surplus.referral)
        evidence["referrer"] = {{"customer", surplus.referral->customer},
                                {"points", print(surplus.referral->points - before.referrer_points)},
                                {"spend", print(surplus.referral->spend - before.referrer_spend)}};
    if (auto live = store.live_exception(exception_kind::double_refund, subject)) {
        if (live->open()) {
            live->evidence = std::move(evidence);
            store.save_exception(*live);
            return true;
        }
        watch.close(exception_kind::double_refund, subject, ExceptionState::resolved, live->remedy);
    }
    watch.raise(by, exception_kind::double_refund, subject, std::move(evidence));
    return true;
}

void ask_receipts(Store& store, const NodeRecord& node, const std::vector<std::string>& receipts) {
    std::vector<std::string> unknown;
    for (const std::string& receipt : receipts) {
        const auto sales = sales_numbered(store, receipt);
        if (sales.empty()) unknown.push_back(receipt);
        for (const node::FactPlace& sale : sales) store.hold_receipt(node.id, sale);
    }
    store.set_receipt_wants(node.id, unknown);
}

std::vector<node::StateRow> receipt_rows(Store& store, node::NodeName reader, const node::FactPlace& sold, std::int64_t version) {
    std::vector<node::StateRow> rows;
    const auto add = [&](FactId id, const std::optional<node::FactPlace>& of) {
        const node::FactPlace place = store.place_of(id);
        const auto fact = store.fact(id);
        if (fact && place.node != reader) rows.push_back(node::receipt_state_row(place, fact->at, fact->body, of, version));
    };
    if (const auto sale = fact_at(store, sold)) add(*sale, std::nullopt);
    for (const FactId refund : store.refunds_of(sold)) add(refund, sold);
    return rows;
}

}  // namespace paprsek::hq
