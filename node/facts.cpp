#include "node/facts.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "node/base/text.h"
#include "node/fact_body.h"
#include "node/share.h"

namespace paprsek::node {
namespace {

Json booked_line_json(const BookedLine& line, bool refund) {
    Json json = Json::object();
    put(json, "code", line.code);
    if (line.product != line.code) json["product"] = line.product;
    put(json, "name", line.name);
    put(json, "vat", line.vat);
    put(json, "qty", line.quantity, one_piece);
    put(json, "price", line.price);
    if (line.list) json["list"] = line.list->raw();
    put(json, "discount", line.discount);
    put(json, "by_hand", line.by_hand);
    put(json, "points", line.points);
    put(json, "cost", line.cost);
    if (line.excluded) json["excluded"] = true;
    if (!refund) {
        if (line.embedded) json["embedded"] = true;
        if (line.waited_ms) json["waited"] = line.waited_ms;
        if (line.state) json["state"] = *line.state;
    } else {
        put(json, "gross", line.gross);
        put(json, "paid", line.paid);
        if (line.original) json["original"] = line.original;
    }
    return json;
}

BookedLine parse_booked_line(Element element, bool refund) {
    const Body body(element, "a receipt's line");
    BookedLine line;
    line.code = body.text("code");
    line.product = body.has("product") ? body.text("product") : line.code;
    line.name = body.text("name");
    line.vat = body.text("vat");
    line.quantity = body.decimal<Quantity>("qty", one_piece);
    line.price = body.decimal<Money>("price");
    if (body.has("list")) line.list = body.decimal<Money>("list");
    line.discount = body.decimal<Money>("discount");
    line.by_hand = body.decimal<Rate>("by_hand");
    line.points = body.decimal<Points>("points");
    line.cost = body.decimal<Money>("cost");
    line.excluded = body.flag("excluded");
    if (!refund) {
        line.embedded = body.flag("embedded");
        line.waited_ms = body.integer("waited");
        if (body.has("state")) line.state = body.integer("state");
    }
    line.gross = refund ? body.decimal<Money>("gross") : times(line.price, line.quantity);
    line.net = line.gross - line.discount;
    line.paid = refund ? body.decimal<Money>("paid") : line.net;
    line.original = static_cast<int>(body.integer("original"));
    return line;
}

Json tenders_json(const std::vector<Tender>& pay) {
    Json json = Json::array();
    for (const Tender& tender : pay) {
        json.push_back({{"amount", tender.amount.raw()}, {"with", print(tender.with)}});
        put(json.back(), "name", tender.name);
    }
    return json;
}

std::vector<Tender> parse_pay(const Body& body) {
    std::vector<Tender> pay;
    const auto list = body.array("pay");
    if (!list) return pay;
    for (const Element item : *list) {
        const Body fields(item, "a payment");
        const auto with = parse_tender(fields.text("with"));
        if (!with) fields.bad("with");
        pay.push_back({*with, fields.decimal<Money>("amount"), fields.text("name")});
    }
    return pay;
}

template <class Part>
Money sum(const std::vector<BookedLine>& lines, Part part) {
    Money total;
    for (const BookedLine& line : lines) total += line.*part;
    return total;
}

}  // namespace

void spread_redemption(ReceiptFact& fact) {
    std::vector<std::int64_t> weights;
    weights.reserve(fact.lines.size());
    for (const BookedLine& line : fact.lines)
        weights.push_back(line.excluded || line.product.empty() ? 0 : line.net.raw());
    const auto shares = share(fact.redeemed.raw(), weights);
    for (std::size_t i = 0; i < fact.lines.size(); ++i) fact.lines[i].paid = fact.lines[i].net - Money::of(shares[i]);
}

std::string print(NodeName name) { return fmt::format("{}.{}", name.branch, name.till); }

std::optional<NodeName> parse_node_name(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos) return std::nullopt;
    const auto number = [](std::string_view digits, int max) -> std::optional<int> {
        if (!all_digits(digits) || digits.size() > 4 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
        const int value = std::stoi(std::string(digits));
        return value <= max ? std::optional(value) : std::nullopt;
    };
    const auto branch = number(text.substr(0, point), 9999), till = number(text.substr(point + 1), 99);
    if (!branch || !till) return std::nullopt;
    return NodeName{*branch, *till};
}

std::string print(const FactPlace& place) { return customer_of_fact(place.node, place.epoch, place.seq); }

std::optional<FactPlace> parse_fact_place(std::string_view text) {
    const auto first = text.find('/'), second = text.find('/', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto node = parse_node_name(text.substr(0, first));
    const std::string_view epoch = text.substr(first + 1, second - first - 1), seq = text.substr(second + 1);
    const auto is_number = [](std::string_view digits) { return all_digits(digits) && digits.size() <= 10 && digits[0] != '0'; };
    if (!node || !is_number(epoch) || !is_number(seq)) return std::nullopt;
    return FactPlace{*node, std::stoll(std::string(epoch)), std::stoll(std::string(seq))};
}

std::string_view print(TenderKind kind) {
    switch (kind) {
        case TenderKind::cash: return "cash";
        case TenderKind::card: return "card";
        case TenderKind::account: return "account";
        case TenderKind::voucher: return "voucher";
    }
    return "";
}

std::optional<TenderKind> parse_tender(std::string_view text) {
    for (const TenderKind kind : {TenderKind::cash, TenderKind::card, TenderKind::account, TenderKind::voucher})
        if (print(kind) == text) return kind;
    return std::nullopt;
}

Money ReceiptFact::gross() const { return sum(lines, &BookedLine::gross); }
Money ReceiptFact::discount() const { return sum(lines, &BookedLine::discount); }
Money ReceiptFact::net() const { return sum(lines, &BookedLine::net); }
Money VoidFact::net() const { return sum(lines, &BookedLine::net); }

Points ReceiptFact::points() const {
    Points total;
    for (const BookedLine& line : lines) total += line.points;
    return total;
}

Money ReceiptFact::paid_with(TenderKind kind) const {
    Money total;
    for (const Tender& tender : pay)
        if (tender.with == kind) total += tender.amount;
    return total;
}

Money ReceiptFact::cash_kept() const {
    const Money kept = paid_with(TenderKind::cash) - change;
    return refund ? loan - kept : kept - loan;
}

std::vector<ReceiptFact::VatRow> ReceiptFact::vat() const {
    std::map<std::string, Money> groups;
    for (const BookedLine& line : lines) groups[line.vat] += redemption_is_payment ? line.net : line.paid;
    std::vector<VatRow> rows;
    for (const auto& [group, amount] : groups) {
        const auto rate = rates.find(group);
        const Rate percent = rate == rates.end() ? Rate{} : rate->second;
        const Money tax = tax_within(amount, percent);
        rows.push_back({group, percent, amount - tax, tax});
    }
    return rows;
}

std::string customer_of_card(std::string_view normalised_card) {
    unsigned char hash[crypto_generichash_BYTES];
    const std::string text = "paprsek card\n" + std::string(normalised_card);
    crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
    char digits[17];
    return std::string("c") + sodium_bin2hex(digits, sizeof digits, hash, 8);
}

std::string customer_of_fact(NodeName node, std::int64_t epoch, std::int64_t seq) { return fmt::format("{}/{}/{}", print(node), epoch, seq); }

std::string body_of(const ReceiptFact& fact) {
    Json json = Json::object();
    json["number"] = fact.number;
    put(json, "refund_of", fact.refund_of);
    if (fact.sold) json["sold"] = print(*fact.sold);
    put(json, "reason", fact.reason);
    put(json, "cashier", fact.cashier);
    put(json, "customer", fact.customer);
    put(json, "card", fact.card);
    put(json, "stock", fact.stock);
    json["lines"] = Json::array();
    for (const BookedLine& line : fact.lines) json["lines"].push_back(booked_line_json(line, fact.refund));
    for (const auto& [group, rate] : fact.rates) json["rates"][group] = rate.raw();
    put(json, "redeemed", fact.redeemed);
    put(json, "taken", fact.taken);
    if (fact.redemption_is_payment) json["redemption"] = "payment";
    put(json, "rounding", fact.rounding);
    put(json, "change", fact.change);
    json["pay"] = tenders_json(fact.pay);
    if (fact.referral) {
        json["referral"] = {{"customer", fact.referral->customer}};
        put(json["referral"], "points", fact.referral->points);
        put(json["referral"], "spend", fact.referral->spend);
    }
    put(json, fact.place);
    put(json, "loan", fact.loan);
    json["policy"] = fact.policy;
    if (fact.state.version) {
        json["state"] = fact.state.version;
        if (fact.state.epoch != 1) json["hq_epoch"] = fact.state.epoch;
    }
    put(json, "fixed", fact.terms.discount);
    put(json, "dealer", fact.terms.dealer);
    put(json, "level", fact.terms.level);
    if (!fact.terms.programmes.empty()) json["programmes"] = fact.terms.programmes;
    if (!fact.approvals.empty()) json["approvals"] = json_of(fact.approvals);
    if (fact.clock_back_ms) json["clock_back"] = fact.clock_back_ms;
    return canonical(json);
}

ReceiptFact parse_receipt(std::string_view kind, std::string_view text) {
    const Body body(text, "a receipt");
    ReceiptFact fact;
    fact.refund = kind == schema::kind::refund;
    fact.number = body.integer("number");
    fact.refund_of = body.text("refund_of");
    if (fact.refund && body.has("sold")) {
        fact.sold = parse_fact_place(body.text("sold"));
        if (!fact.sold || fact.refund_of.empty()) body.bad("sold");
    }
    fact.reason = body.text("reason");
    fact.cashier = body.text("cashier");
    fact.customer = body.text("customer");
    fact.card = body.text("card");
    fact.stock = body.text("stock");
    if (const auto lines = body.array("lines")) {
        fact.lines.reserve(lines->size());
        for (const Element line : *lines) fact.lines.push_back(parse_booked_line(line, fact.refund));
    }
    if (const auto rates = body.object("rates"))
        for (const auto& [group, rate] : *rates) fact.rates[std::string(group)] = body.decimal_of<Rate>(rate, "rates");
    fact.redeemed = body.decimal<Money>("redeemed");
    fact.taken = body.decimal<Points>("taken");
    fact.redemption_is_payment = body.text("redemption") == "payment";
    fact.rounding = body.decimal<Money>("rounding");
    fact.change = body.decimal<Money>("change");
    fact.pay = parse_pay(body);
    if (const auto referral = body.object("referral")) {
        const Body fields(*referral, "a referral");
        fact.referral = Referral{fields.text("customer"), fields.decimal<Points>("points"), fields.decimal<Money>("spend")};
    }
    fact.place = parse_place(body);
    fact.loan = body.decimal<Money>("loan");
    fact.policy = body.integer("policy");
    if (!fact.refund) {
        fact.state.version = body.integer("state");
        if (body.has("hq_epoch")) fact.state.epoch = body.integer("hq_epoch");
        fact.terms.discount = body.decimal<Rate>("fixed");
        fact.terms.dealer = body.text("dealer");
        fact.terms.level = body.decimal<Money>("level");
        fact.terms.programmes = body.texts("programmes");
    }
    fact.approvals = parse_approvals(body);
    fact.clock_back_ms = body.integer("clock_back");
    if (!fact.redeemed.is_zero() && !fact.refund) spread_redemption(fact);  // without one, paid is net as the lines say
    return fact;
}

std::string body_of(const CustomerFact& fact) {
    Json json = {{"customer", fact.customer}};
    if (fact.number) json["number"] = *fact.number;
    if (!fact.cards.empty()) json["cards"] = fact.cards;
    put(json, "dealer", fact.dealer);
    put(json, "discount", fact.discount);
    if (fact.charge) json["charge"] = true;
    put(json, "limit", fact.limit);
    put(json, "referrer", fact.referrer);
    put(json, "digest", fact.digest);
    if (!fact.gone.empty()) json["gone"] = fact.gone;
    put(json, "cashier", fact.cashier);
    if (!fact.approvals.empty()) json["approvals"] = json_of(fact.approvals);
    return canonical(json);
}

CustomerFact parse_customer(std::string_view text) {
    const Body body(text, "a customer");
    CustomerFact fact;
    fact.customer = body.text("customer");
    if (fact.customer.empty()) body.bad("customer");
    if (body.has("number")) fact.number = body.integer("number");
    fact.cards = body.texts("cards");
    fact.dealer = body.text("dealer");
    fact.discount = body.decimal<Rate>("discount");
    fact.charge = body.flag("charge");
    fact.limit = body.decimal<Money>("limit");
    fact.referrer = body.text("referrer");
    fact.digest = body.text("digest");
    fact.gone = body.texts("gone");
    fact.cashier = body.text("cashier");
    fact.approvals = parse_approvals(body);
    return fact;
}

std::string body_of(const ActFact& fact) {
    Json json = Json::object();
    put(json, "cashier", fact.cashier);
    put(json, "customer", fact.customer);
    put(json, "card", fact.card);
    put(json, "reason", fact.reason);
    put(json, "amount", fact.amount);
    put(json, "points", fact.points);
    put(json, "spend", fact.spend);
    put(json, "rounding", fact.rounding);
    put(json, "change", fact.change);
    if (!fact.pay.empty()) json["pay"] = tenders_json(fact.pay);
    for (const SettledItem& item : fact.items)
        json["items"].push_back({{"amount", item.amount.raw()}, {"line", item.line}, {"qty", item.quantity.raw()}, {"receipt", item.receipt}});
    if (!fact.approvals.empty()) json["approvals"] = json_of(fact.approvals);
    if (fact.clock_back_ms) json["clock_back"] = fact.clock_back_ms;
    return canonical(json);
}

ActFact parse_act(std::string_view text) {
    const Body body(text, "an act");
    ActFact fact;
    fact.cashier = body.text("cashier");
    fact.customer = body.text("customer");
    fact.card = body.text("card");
    fact.reason = body.text("reason");
    fact.amount = body.decimal<Money>("amount");
    fact.points = body.decimal<Points>("points");
    fact.spend = body.decimal<Money>("spend");
    fact.rounding = body.decimal<Money>("rounding");
    fact.change = body.decimal<Money>("change");
    fact.pay = parse_pay(body);
    if (const auto items = body.array("items"))
        for (const Element item : *items) {
            const Body fields(item, "a settled item");
            fact.items.push_back(
                {fields.integer("receipt"), static_cast<int>(fields.integer("line")), fields.decimal<Quantity>("qty"), fields.decimal<Money>("amount")});
        }
    fact.approvals = parse_approvals(body);
    fact.clock_back_ms = body.integer("clock_back");
    return fact;
}

std::string body_of(const UserFact& fact) {
    Json json = {{"user", fact.user}};
    put(json, "role", fact.role);
    put(json, "digest", fact.digest);
    if (fact.removed) json["removed"] = true;
    if (!fact.branches.empty()) json["branches"] = fact.branches;
    put(json, "cashier", fact.cashier);
    if (!fact.approvals.empty()) json["approvals"] = json_of(fact.approvals);
    if (fact.clock_back_ms) json["clock_back"] = fact.clock_back_ms;
    return canonical(json);
}

UserFact parse_user(std::string_view text) {
    const Body body(text, "a user");
    UserFact fact;
    fact.user = body.text("user");
    if (fact.user.empty()) body.bad("user");
    fact.role = body.text("role");
    fact.digest = body.text("digest");
    fact.removed = body.flag("removed");
    if (const auto branches = body.array("branches"))
        for (const Element branch : *branches) {
            std::int64_t number = 0;
            if (branch.get(number) != simdjson::SUCCESS || number < 1 || number > 9999) body.bad("branches");
            fact.branches.push_back(static_cast<int>(number));
        }
    fact.cashier = body.text("cashier");
    fact.approvals = parse_approvals(body);
    fact.clock_back_ms = body.integer("clock_back");
    return fact;
}

std::string body_of(std::string_view kind, const RightFact& fact) {
    Json json = Json::object();
    put(json, "era", fact.era);
    if (kind == schema::kind::right_granted || kind == schema::kind::right_written_off) {
        json["node"] = print(fact.node);
        json["epoch"] = fact.epoch;
        json["begun"] = fact.begun;
    }
    for (const RightFact::Entry& entry : fact.rights) json["rights"].push_back({entry.customer, entry.points.raw(), entry.credit.raw()});
    return canonical(json);
}

RightFact parse_right(std::string_view kind, std::string_view text) {
    const Body body(text, "a right");
    RightFact fact;
    fact.era = body.text("era");
    if (fact.era.size() > max_era_bytes || (kind == schema::kind::right_begun && fact.era.empty())) body.bad("era");
    if (kind == schema::kind::right_granted || kind == schema::kind::right_written_off) {
        const auto node = parse_node_name(body.text("node"));
        if (!node) body.bad("node");
        fact.node = *node;
        fact.epoch = body.integer("epoch");
        fact.begun = body.integer("begun");
        if (fact.epoch < 1 || fact.begun < 1) body.bad("epoch");
    }
    if (const auto rights = body.array("rights"))
        for (const Element item : *rights) {
            simdjson::dom::array entry;
            std::string_view customer;
            const bool form = item.get(entry) == simdjson::SUCCESS && entry.size() == 3 && entry.at(0).get(customer) == simdjson::SUCCESS && !customer.empty();
            if (!form) body.bad("rights");
            fact.rights.push_back({std::string(customer), body.decimal_of<Points>(entry.at(1), "rights"), body.decimal_of<Money>(entry.at(2), "rights")});
            if (fact.rights.back().points < Points{} || fact.rights.back().credit < Money{}) body.bad("rights");
        }
    if (fact.rights.size() > max_right_entries) body.bad("rights");
    return fact;
}

std::string body_of(const MergeFact& fact) {
    Json json = {{"customer", fact.from}};
    put(json, "into", fact.into);
    return canonical(json);
}

MergeFact parse_merge(std::string_view kind, std::string_view text) {
    const Body body(text, "a merge of customers");
    MergeFact fact{body.text("customer"), body.text("into")};
    if (fact.from.empty()) body.bad("customer");
    if (fact.into.empty() == (kind == schema::kind::customer_merged)) body.bad("into");
    return fact;
}

std::string body_of(const ResolutionFact& fact) {
    return canonical({{"kind", fact.kind}, {"subject", fact.subject}, {"remedy", fact.remedy}, {"node", fact.node}, {"epoch", fact.epoch}, {"seq", fact.seq}});
}

ResolutionFact parse_resolution(std::string_view text) {
    const Body body(text, "a resolution");
    ResolutionFact fact{body.text("kind"), body.text("subject"), body.text("remedy"), body.text("node"), body.integer("epoch"), body.integer("seq")};
    if (fact.kind.empty()) body.bad("kind");
    if (fact.subject.empty()) body.bad("subject");
    if (fact.remedy.empty()) body.bad("remedy");
    return fact;
}

std::string body_of(const VoidFact& fact) {
    Json json = Json::object();
    put(json, "cashier", fact.cashier);
    put(json, "customer", fact.customer);
    put(json, "reason", fact.reason);
    put(json, fact.place);
    json["entered"] = fact.entered.ms;
    json["lines"] = Json::array();
    for (const BookedLine& line : fact.lines) json["lines"].push_back(booked_line_json(line, false));
    if (!fact.approvals.empty()) json["approvals"] = json_of(fact.approvals);
    if (fact.clock_back_ms) json["clock_back"] = fact.clock_back_ms;
    return canonical(json);
}

VoidFact parse_void(std::string_view text) {
    const Body body(text, "what was struck out");
    VoidFact fact;
    fact.cashier = body.text("cashier");
    fact.customer = body.text("customer");
    fact.reason = body.text("reason");
    fact.place = parse_place(body);
    fact.entered = Instant{body.integer("entered")};
    if (const auto lines = body.array("lines"))
        for (const Element line : *lines) fact.lines.push_back(parse_booked_line(line, false));
    fact.approvals = parse_approvals(body);
    fact.clock_back_ms = body.integer("clock_back");
    return fact;
}

std::string personal_body(const PersonalTexts& texts, std::string_view salt) {
    Json json = {{"salt", salt}};
    put(json, "name", texts.name);
    put(json, "phone", texts.phone);
    put(json, "email", texts.email);
    put(json, "address", texts.address);
    put(json, "note", texts.note);
    return canonical(json);
}

PersonalTexts parse_personal(std::string_view text) {
    const Body body(text, "personal texts");
    return {body.text("name"), body.text("phone"), body.text("email"), body.text("address"), body.text("note")};
}

std::string user_body(const UserTexts& texts, std::string_view salt) {
    Json json = {{"salt", salt}};
    put(json, "name", texts.name);
    put(json, "badge", texts.badge);
    put(json, "pin", texts.pin);
    return canonical(json);
}

UserTexts parse_user_texts(std::string_view text) {
    const Body body(text, "a user's texts");
    return {body.text("name"), body.text("badge"), body.text("pin")};
}

std::string digest_beside(std::string_view kind, std::string_view body) {
    if (kind == schema::kind::customer_set || kind == schema::kind::user_set) return Body(body, "a fact with personal texts").text("digest");
    return {};
}

std::string digest_of(std::string_view personal_body) {
    schema::Hash hash;
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(personal_body.data()), personal_body.size(), nullptr, 0);
    return schema::to_hex(hash);
}

std::vector<Movement> movements_of(const ReceiptFact& fact) {
    std::vector<Movement> movements;
    const Money on_account = fact.paid_with(TenderKind::account);
    if (!fact.customer.empty()) {
        if (fact.refund) {
            movements.push_back({fact.customer, "refund", fact.taken - fact.points(), -fact.net(), -on_account});
        } else {
            movements.push_back({fact.customer, "sale", fact.points(), fact.net(), on_account});
            if (!fact.taken.is_zero()) movements.push_back({fact.customer, "redemption", -fact.taken, Money{}, Money{}});
        }
    }
    if (fact.referral) {
        const Referral& referral = *fact.referral;
        movements.push_back({referral.customer, "referral", fact.refund ? -referral.points : referral.points,
                             fact.refund ? -referral.spend : referral.spend, Money{}});
    }
    return movements;
}

std::vector<Movement> movements_of(std::string_view kind, const ActFact& fact) {
    namespace k = schema::kind;
    if (fact.customer.empty()) return {};
    if (kind == k::deposit) return {{fact.customer, "deposit", fact.points, Money{}, Money{}}};
    if (kind == k::settlement) return {{fact.customer, "settlement", Points{}, Money{}, -fact.amount}};
    if (kind == k::correction) return {{fact.customer, "correction", fact.points, fact.spend, Money{}}};
    if (kind == k::opening) return {{fact.customer, "opening", fact.points, fact.spend, Money{}}};
    return {};
}

}  // namespace paprsek::node
