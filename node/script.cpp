#include "node/script.h"

#include <fmt/format.h>

#include <istream>
#include <memory>
#include <ostream>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"
#include "node/cashbook.h"
#include "node/customer_script.h"
#include "node/explain.h"
#include "node/product_script.h"
#include "node/stock_script.h"

namespace paprsek::node {
namespace {

constexpr std::size_t max_line_bytes = 1u << 20;
constexpr std::size_t max_cashier_bytes = 100;
constexpr std::size_t max_approvals = 50;  // of one line

std::string place_of(std::size_t line) { return fmt::format("script line {}", line); }

/// A refusal on its way to the answer: the session said no.
struct Refused {
    Outcome outcome;
};

void need(const Outcome& outcome) {
    if (!outcome.ok()) throw Refused{outcome};
}

Credential credential_of(const Json& json, const std::string& place) {
    Fields fields(json, place);
    Credential credential{fields.optional_text("pin").value_or(""), fields.optional_text("badge").value_or(""), fields.optional_text("name").value_or("")};
    fields.done();
    if (credential.pin.empty() == credential.badge.empty()) refuse(place, "needs either \"pin\" or \"badge\"");
    return credential;
}

/// A customer's number may be written without quotes.
std::optional<std::string> customer_given(Fields& fields) {
    const Json* value = fields.find("customer");
    return value && value->is_number_unsigned() ? value->dump() : fields.optional_text("customer");
}

std::string customer_of(Fields& fields) {
    const auto customer = customer_given(fields);
    if (!customer) fields.refuse_field("customer", "is missing");
    return *customer;
}

std::vector<Tender> read_pay(Fields& fields, const Policy& policy, bool refund) {
    std::vector<Tender> pay;
    if (!fields.has("pay")) return pay;
    const Json& list = fields.get("pay");
    if (!list.is_array() || list.size() > 100) fields.refuse_field("pay", "is not a list of at most 100 payments");
    for (const Json& item : list) {
        Fields entry(item, fields.what() + " pay");
        const std::string with = entry.text("with");
        const TenderRule* tender = policy.tender(with);
        if (!tender) {
            std::string known;
            for (const TenderRule& rule : policy.tenders) known += (known.empty() ? "" : ", ") + rule.name;
            entry.refuse_field("with", fmt::format("is \"{}\"", with), known);
        }
        Money amount = entry.decimal<Money>("amount");
        if (refund && amount < Money{}) amount = -amount;  // a refund's amounts may be written as they are answered
        entry.done();
        pay.push_back({tender->counts_as, amount, print(tender->counts_as) == with ? std::string() : with});
    }
    return pay;
}

Json line_answer(const BookedLine& line, bool refund) {
    const auto signed_amount = [&](auto value) { return print(refund ? -value : value); };
    Json json = {{"qty", print(line.quantity)}, {"price", print(line.price)}, {"gross", signed_amount(line.gross)}, {"discount", signed_amount(line.discount)},
                 {"net", signed_amount(line.net)}, {"points", signed_amount(line.points)}, {"name", line.name}, {"vat", line.vat}};
    if (line.code.empty())
        json["text"] = line.name;
    else
        json["code"] = line.code;
    return json;
}

/// A refund's row for each script line: the parts of several original lines together.
Json refund_lines(const Booked& booked) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < booked.fact.lines.size();) {
        BookedLine sum = booked.fact.lines[i];
        std::size_t next = i + 1;
        for (; next < booked.fact.lines.size() && booked.request_of[next] == booked.request_of[i]; ++next) {
            const BookedLine& line = booked.fact.lines[next];
            sum.quantity += line.quantity;
            sum.gross += line.gross;
            sum.discount += line.discount;
            sum.net += line.net;
            sum.points += line.points;
        }
        rows.push_back(line_answer(sum, true));
        // The row answers a script line, so it repeats that line's spelling of the code.
        if (const std::string& asked = booked.asked[booked.request_of[i]]; !asked.empty()) rows.back()["code"] = asked;
        i = next;
    }
    return rows;
}

void put_balances(Json& json, const ViewCustomer& customer) {
    json["customer"] = customer.shown;
    json["points_balance"] = print(customer.points);
    json["spend"] = print(customer.spend);
}

/// By what points or credit were spent where HQ was not asked (S8), as it stood before: how much that was, and how old the balance.
Json spendable_json(const Node& node, const Spendable& spendable) {
    Json json = {{"by", print(spendable.by)}};
    if (spendable.by == Spendable::By::right) {
        json["points"] = print(spendable.right.points);
        json["credit"] = print(spendable.right.credit);
    }
    if (spendable.allowance) json["allowance"] = print(*spendable.allowance);
    if (spendable.as_of) json["as_of"] = node.zone().print(*spendable.as_of);
    return json;
}

Json act_answer(const Node& node, const Till::ActResult& result, const char* name) {
    Json json = {{name, fmt::format("{}/{}", print(node.info().node), result.seq)}, {"seq", result.seq}};
    if (result.customer) {
        put_balances(json, *result.customer);
        json["debt"] = print(result.customer->debt);
    }
    if (result.fact.clock_back_ms > 0) json["flags"] = {"clock_back"};
    if (result.drawer) json["drawer"] = true;
    return json;
}

}  // namespace

Json answer_of(const Node& node, const Booked& booked) {
    const ReceiptFact& fact = booked.fact;
    const auto amount = [&](auto value) { return print(fact.refund ? -value : value); };
    Json json = {{"receipt", print_receipt_number(node.info().node, fact.number)},
                 {"seq", booked.seq},
                 {"gross", amount(fact.gross())},
                 {"discount", amount(fact.discount())},
                 {"net", amount(fact.net())},
                 {"redeemed", amount(fact.redeemed)},
                 {"rounding", amount(fact.rounding)},
                 {"total", amount(fact.total())},
                 {"change", amount(fact.change)},
                 {"vat", Json::array()}};
    if (!fact.place.area.empty()) json["area"] = fact.place.area;
    if (!fact.place.empty()) json["table"] = fact.place.table;
    if (fact.refund) {
        if (!fact.refund_of.empty()) json["refund_of"] = fact.refund_of;
        if (!fact.reason.empty()) json["reason"] = fact.reason;
        json["lines"] = refund_lines(booked);
    } else {
        json["lines"] = Json::array();
        for (const BookedLine& line : fact.lines) json["lines"].push_back(line_answer(line, false));
    }
    for (const auto& row : fact.vat())
        json["vat"].push_back({{"group", row.group}, {"rate", print(row.rate)}, {"base", amount(row.base)}, {"tax", amount(row.tax)}});
    if (booked.customer) {
        put_balances(json, *booked.customer);
        json["points_awarded"] = amount(fact.points());
        json["points_taken"] = amount(fact.taken);
        if (booked.customer->is_new) json["new_customer"] = true;
        if (booked.spent_by && booked.spent_by->as_of) json["spent_by"] = spendable_json(node, *booked.spent_by);
        if (!fact.paid_with(TenderKind::account).is_zero()) json["debt"] = print(booked.customer->debt);
    }
    if (booked.drawer) json["drawer"] = true;
    if (!fact.loan.is_zero()) json["cash_out"] = amount(fact.loan);
    if (fact.clock_back_ms > 0) json["flags"] = {"clock_back"};
    return json;
}

/// The till's clock in a script: the outer one until a line says otherwise.
class Script::ScriptClock final : public Clock {
public:
    explicit ScriptClock(Clock& outer) : outer_(outer) {}
    Instant now() override { return at_ ? *at_ : outer_.now(); }
    void set(Instant at) { at_ = at; }

private:
    Clock& outer_;
    std::optional<Instant> at_;
};

Script::Script(Node& node, Clock& fallback, TillPrinter* printer)
    : node_(node), outer_(fallback), clock_(std::make_unique<ScriptClock>(fallback)), printer_(printer), till_(node, Keep::at_payment) {
    node_.set_clock(*clock_);
    till_.set_printer(printer);
}

Script::~Script() { node_.set_clock(outer_); }

namespace {

Place read_place(Fields& fields) { return {fields.optional_text("area").value_or(""), fields.optional_text("table").value_or("")}; }

/// A parked receipt by its number, or by its table.
std::int64_t read_parked(Till& till, Fields& fields) {
    const Place place = read_place(fields);
    if (fields.has("id") == !place.empty()) refuse(fields.what(), "needs either \"id\" or \"table\"");
    if (fields.has("id")) return fields.integer("id");
    const auto id = till.parked_at(place);
    if (!id) throw Refused{{Refusal::unknown_parked, fmt::format("No receipt stands at {}.", place.table)}};
    return *id;
}

std::vector<DraftPart> read_parts(Fields& fields) {
    std::vector<DraftPart> parts;
    const Json& items = fields.get("items");
    if (!items.is_array() || items.empty()) fields.refuse_field("items", "is not a list of lines");
    for (const Json& item : items) {
        Fields entry(item, fields.what() + " items");
        const std::int64_t line = entry.integer("line");
        parts.push_back({line < 1 ? SIZE_MAX : static_cast<std::size_t>(line - 1), entry.optional_decimal<Quantity>("qty")});
        entry.done();
    }
    return parts;
}

}  // namespace

Json parked_json(const Node& node, const ParkedView& view) {
    Json json = {{"id", view.id},
                 {"opened", node.zone().print(view.opened)},
                 {"parked", node.zone().print(view.parked)},
                 {"lines", Json::array()},
                 {"net", print(view.net)},
                 {"due", print(view.due)}};
    if (!view.place.area.empty()) json["area"] = view.place.area;
    if (!view.place.empty()) json["table"] = view.place.table;
    if (!view.cashier.empty()) json["cashier"] = view.cashier;
    for (const ViewLine& line : view.lines) {
        json["lines"].push_back(line_answer(line.line, false));
        if (line.unknown) json["lines"].back()["unknown"] = true;
    }
    if (view.customer) {
        json["customer"] = view.customer->shown;
        if (!view.customer->name.empty()) json["name"] = view.customer->name;
    }
    return json;
}

/// Rings up the lines of a script line on top of what is in hand.
void Script::ring_up(Fields& fields) {
    if (const auto customer = customer_given(fields)) need(till_.log_in(*customer));
    static const Json none = Json::array();
    const Json& lines = fields.has("recall") && !fields.has("lines") ? none : fields.get("lines");
    if (!lines.is_array()) fields.refuse_field("lines", "is not a list in brackets");
    std::size_t number = 0;
    for (const Json& item : lines) {
        Fields line(item, fmt::format("{} lines[{}]", fields.what(), ++number));
        const auto code = line.optional_text("code"), text = line.optional_text("text"), vat = line.optional_text("vat");
        const auto price = line.optional_decimal<Money>("price");
        const auto quantity = line.optional_decimal<Quantity>("qty");
        const auto discount = line.optional_decimal<Rate>("discount");
        line.done();
        if (code.has_value() == text.has_value()) refuse(line.what(), "needs either \"code\" or \"text\"");
        const std::size_t before = till_.view().lines.size();
        if (text) {
            if (!price) line.refuse_field("price", "is missing", "a text line has its own price");
            need(till_.add_open(*text, *price, vat.value_or(""), quantity.value_or(one_piece)));
        } else {
            const Outcome scanned = till_.scan(*code, quantity.value_or(one_piece));
            if (scanned.refusal == Refusal::unknown_code && price && till_.view().lines.size() > before) {
                need(till_.void_line(before));
                need(till_.add_open(*code, *price, vat.value_or(""), quantity.value_or(one_piece), true));
            } else {
                need(scanned);
                if (price && till_.view().lines.size() > before) need(till_.set_price(before, *price));
            }
        }
        if (discount && till_.view().lines.size() > before) need(till_.set_discount(before, *discount));
    }
    if (const Json* redeem = fields.find("redeem")) {
        if (*redeem == "max")
            need(till_.redeem(std::nullopt));
        else
            need(till_.redeem(fields.decimal<Money>("redeem")));
    }
}

Json Script::sell(Fields& fields) {
    if (fields.has("recall")) {
        Fields from(fields.get("recall"), fields.what() + " recall");
        const std::int64_t id = read_parked(till_, from);
        from.done();
        need(till_.recall(id));
    }
    if (fields.has("park") && fields.has("pay")) refuse(fields.what(), "has both \"park\" and \"pay\"");
    ring_up(fields);
    if (fields.flag("explain", false)) {
        fields.done();
        Json json = {{"explain", Json::array()}, {"net", print(till_.view().net)}, {"points", print(till_.view().points)}};
        for (const ViewLine& line : till_.view().lines) json["explain"].push_back(explained(line));
        return json;  // whatever comes next forgets what is in hand
    }
    if (fields.has("park")) {
        Fields to(fields.get("park"), fields.what() + " park");
        const Place place = read_place(to);
        to.done();
        fields.done();
        Till::ParkedResult result;
        need(till_.park(place, &result));
        return parked_answer(result.parked);
    }
    const auto pay = read_pay(fields, node_.policy(), false);
    fields.done();
    std::vector<bool> ignored;
    for (const ViewLine& line : till_.view().lines) ignored.push_back(line.manual_ignored);
    Booked booked;
    need(till_.pay(pay, booked));
    Json json = answer_of(node_, booked);
    for (std::size_t i = 0; i < ignored.size(); ++i)
        if (ignored[i]) json["lines"][i]["discount_ignored"] = true;
    return json;
}

/// A table that was let go has no receipt.
Json Script::parked_answer(const std::optional<ParkedView>& view) {
    return {{"parked", view ? parked_json(node_, *view) : Json(nullptr)}};
}

Json Script::move(Fields& line) {
    Fields fields(line.get("move"), line.what() + " move"), from(fields.get("from"), line.what() + " move from"),
        to(fields.get("to"), line.what() + " move to");
    const std::int64_t id = read_parked(till_, from);
    const Place place = read_place(to);
    for (const Fields* part : {&fields, &from, &to, &line}) part->done();
    Till::ParkedResult result;
    need(till_.move(id, place, &result));
    return parked_answer(result.parked);
}

Json Script::merge(Fields& line) {
    Fields fields(line.get("merge"), line.what() + " merge"), from(fields.get("from"), line.what() + " merge from"),
        into(fields.get("into"), line.what() + " merge into");
    const std::int64_t source = read_parked(till_, from), target = read_parked(till_, into);
    for (const Fields* part : {&fields, &from, &into, &line}) part->done();
    Till::ParkedResult result;
    need(till_.merge(source, target, &result));
    return parked_answer(result.parked);
}

Json Script::split(Fields& line) {
    Fields fields(line.get("split"), line.what() + " split"), from(fields.get("from"), line.what() + " split from");
    const std::int64_t id = read_parked(till_, from);
    const std::vector<DraftPart> parts = read_parts(fields);
    Place place;
    if (fields.has("to")) {
        Fields to(fields.get("to"), line.what() + " split to");
        place = read_place(to);
        to.done();
    }
    for (const Fields* part : {&fields, &from, &line}) part->done();
    Till::ParkedResult result;
    need(till_.split(id, parts, place, &result));
    Json json = parked_answer(result.parked);
    json["rest"] = parked_json(node_, *result.rest);
    return json;
}

Json Script::strike_out(Fields& line) {
    Fields fields(line.get("void"), line.what() + " void");
    const std::int64_t id = read_parked(till_, fields);
    const auto parts = fields.has("items") ? read_parts(fields) : std::vector<DraftPart>{};
    const std::string reason = fields.optional_text("reason").value_or("");
    fields.done();
    line.done();
    const auto before = till_.parked(id);
    Till::ParkedResult result;
    need(till_.void_parked(id, parts, reason, &result));
    Json json = {{"voided", print(before->net - (result.rest ? result.rest->net : Money{}))}, {"rest", nullptr}};
    if (result.seq) json["seq"] = result.seq;
    if (result.rest) json["rest"] = parked_json(node_, *result.rest);
    return json;
}

Json Script::refund_without_receipt(Fields& fields) {
    Fields act(fields.get("refund"), fields.what() + " refund");
    const std::string reason = act.optional_text("reason").value_or("");
    act.done();
    const std::string customer = customer_given(fields).value_or("");
    const Json& lines = fields.get("lines");
    if (!lines.is_array()) fields.refuse_field("lines", "is not a list in brackets");
    std::vector<Till::ReturnedGoods> goods;
    for (const Json& item : lines) {
        Fields line(item, fmt::format("{} lines[{}]", fields.what(), goods.size() + 1));
        Till::ReturnedGoods wanted{line.optional_text("code").value_or(""), line.optional_text("text").value_or(""), line.optional_decimal<Quantity>("qty"),
                                   line.optional_decimal<Money>("price"), line.optional_text("vat").value_or("")};
        line.done();
        if (wanted.code.empty() == wanted.text.empty()) refuse(line.what(), "needs either \"code\" or \"text\"");
        goods.push_back(std::move(wanted));
    }
    const auto pay = read_pay(fields, node_.policy(), true);
    fields.done();
    Booked booked;
    need(till_.refund_without_receipt(reason, customer, goods, pay, booked));
    return answer_of(node_, booked);
}

Json Script::refund(Fields& fields) {
    const std::string receipt = fields.text("refund_of");
    const Json& lines = fields.get("lines");
    if (!lines.is_array()) fields.refuse_field("lines", "is not a list in brackets");
    std::vector<Till::RefundItem> items;
    for (const Json& item : lines) {
        Fields line(item, fmt::format("{} lines[{}]", fields.what(), items.size() + 1));
        Till::RefundItem wanted{line.optional_text("code").value_or(""), line.optional_text("text").value_or(""), line.optional_decimal<Quantity>("qty")};
        line.done();
        if (wanted.code.empty() == wanted.text.empty()) refuse(line.what(), "needs either \"code\" or \"text\"");
        items.push_back(std::move(wanted));
    }
    const auto pay = read_pay(fields, node_.policy(), true);
    fields.done();
    Booked booked;
    need(till_.refund(receipt, items, pay, booked));
    return answer_of(node_, booked);
}

namespace {

Json deposit(Node& node, Till& till, Fields& line) {
    Fields fields(line.get("deposit"), line.what() + " deposit");
    const std::string customer = customer_of(fields);
    const Money amount = fields.decimal<Money>("amount");
    fields.done();
    line.done();
    Till::ActResult result;
    need(till.deposit(customer, amount, result));
    Json json = act_answer(node, result, "deposit");
    json["amount"] = print(amount);
    json["points_awarded"] = print(result.fact.points);
    return json;
}

Json settle_account(Node& node, Till& till, Fields& line) {
    Fields fields(line.get("settle"), line.what() + " settle");
    const std::string customer = customer_of(fields);
    std::vector<Till::SettleItem> items;
    const Json& wanted = fields.get("items");
    if (wanted != "all") {
        if (!wanted.is_array() || wanted.empty()) fields.refuse_field("items", "is neither \"all\" nor a list of items");
        for (const Json& item : wanted) {
            Fields entry(item, fields.what() + " items");
            items.push_back(
                {entry.text("receipt"), static_cast<int>(std::min<std::int64_t>(entry.integer("line"), 1'000'000)), entry.optional_decimal<Quantity>("qty")});
            entry.done();
        }
    }
    fields.done();
    const auto pay = read_pay(line, node.policy(), false);
    line.done();
    Till::ActResult result;
    need(till.settle_account(customer, items, pay, result));
    Json json = act_answer(node, result, "settlement");
    json["amount"] = print(result.fact.amount);
    json["rounding"] = print(result.fact.rounding);
    json["total"] = print(result.fact.amount + result.fact.rounding);
    json["change"] = print(result.fact.change);
    json["items"] = Json::array();
    for (const SettledItem& item : result.fact.items)
        json["items"].push_back({{"receipt", print_receipt_number(node.info().node, item.receipt)},
                                 {"line", item.line},
                                 {"qty", print(item.quantity)},
                                 {"amount", print(item.amount)}});
    return json;
}

Json cash(Node& node, Till& till, Fields& line) {
    Fields fields(line.get("cash"), line.what() + " cash");
    const auto in = fields.optional_decimal<Money>("in"), out = fields.optional_decimal<Money>("out");
    const std::string reason = fields.optional_text("reason").value_or("");
    fields.done();
    line.done();
    if (in.has_value() == out.has_value()) refuse(fields.what(), "needs either \"in\" or \"out\"");
    if (in.value_or(Money::of(1)) <= Money{} || out.value_or(Money::of(1)) <= Money{}) throw Refused{{Refusal::bad_amount, "The amount must be above zero."}};
    Till::ActResult result;
    need(till.move_cash(in ? *in : -*out, reason, result));
    Json json = act_answer(node, result, "cash");
    json["amount"] = print(result.fact.amount);
    return json;
}

Json correct(Node& node, Till& till, Fields& line) {
    Fields fields(line.get("correct"), line.what() + " correct");
    const std::string customer = customer_of(fields);
    const auto points = fields.optional_decimal<Points>("points");
    const auto spend = fields.optional_decimal<Money>("spend");
    const std::string reason = fields.optional_text("reason").value_or("");
    fields.done();
    line.done();
    Till::ActResult result;
    need(till.correct(customer, points.value_or(Points{}), spend.value_or(Money{}), reason, result));
    return act_answer(node, result, "correction");
}

/// {"counted":"1250.00","denominations":{"500":2,"50":5}}: either, both or none.
Till::CashCount read_count(Fields& line, const char* act) {
    Fields fields(line.get(act), line.what() + " " + act);
    Till::CashCount count;
    count.counted = fields.optional_decimal<Money>("counted");
    if (const Json* pieces = fields.find("denominations")) {
        if (!pieces->is_object() || pieces->size() > 100)
            fields.refuse_field("denominations", "is not {value: number of pieces}", R"(such as {"500":2,"50":5})");
        for (const auto& [value, number] : pieces->items()) {
            const auto amount = parse<Money>(value);
            if (!amount || !number.is_number_integer()) fields.refuse_field("denominations", "is not {value: number of pieces}", R"(such as {"500":2,"50":5})");
            count.pieces[*amount] += number.get<std::int64_t>();
        }
    }
    fields.done();
    line.done();
    return count;
}

Json begin_shift(Till& till, Fields& line) {
    const Till::CashCount count = read_count(line, "open_shift");
    Till::ShiftOpened opened;
    need(till.open_shift(count, opened));
    Json json = {{"shift", opened.number}, {"seq", opened.seq}, {"expected", print(opened.count.expected)}, {"counted", print(opened.count.counted)},
                 {"difference", print(opened.count.counted - opened.count.expected)}};
    if (opened.count.clock_back_ms > 0) json["flags"] = {"clock_back"};
    return json;
}

/// A closing's report; `name` is what its number answers to.
Json close(Till& till, Fields& line, const char* act, const char* name, Outcome (Till::*command)(const Till::CashCount&, Till::Closed&)) {
    const Till::CashCount count = read_count(line, act);
    Till::Closed closed;
    need((till.*command)(count, closed));
    Json json = printed_closing(Json::parse(closed.body));
    json[name] = json["number"];
    json.erase("number");
    if (json.contains("clock_back")) json["flags"] = {"clock_back"};
    json.erase("clock_back");
    json["seq"] = closed.seq;
    return json;
}

}  // namespace

Json Script::product(Fields& fields) {
    need(till_.demand(Permission::manage_stock));
    std::optional<Json> answer;
    need(play_product(node_, fields, answer));
    return *answer;
}

Json Script::stock(Fields& fields) {
    StockHand by{till_.view().cashier, {}};
    need(till_.demand(Permission::manage_stock, &by.approvals));
    std::optional<Json> answer;
    need(play_stock(node_, by, fields, answer));
    return *answer;
}

Json Script::customers(Fields& fields) {
    Hand by{till_.view().cashier, {}};
    for (const Permission permission : needed_for_act(fields)) {
        std::vector<Approval> lent;
        need(till_.demand(permission, &lent));
        by.approvals.insert(by.approvals.end(), lent.begin(), lent.end());
    }
    std::optional<Json> answer;
    need(play_customers(node_, by, fields, answer));
    return *answer;
}

Json Script::run(const Json& line, const std::string& place, const std::vector<Permission>& lent) {
    Fields fields(line, place);
    if (const auto at = fields.optional_text("at")) {
        const auto instant = parse_instant(*at);
        if (!instant) fields.refuse_field("at", fmt::format("is \"{}\", not an instant", *at), "write it as 2026-03-02T10:15:00+01:00");
        clock_->set(*instant);
    }
    const std::string cashier = fields.optional_text("cashier").value_or("");
    if (cashier.size() > max_cashier_bytes) fields.refuse_field("cashier", fmt::format("is longer than {} bytes", max_cashier_bytes));
    till_.set_cashier(cashier);
    till_.void_receipt();
    if (const Json* user = fields.find("user")) need(till_.log_in_cashier(credential_of(*user, place + " user")));
    if (const Json* approval = fields.find("approval"))
        for (const Permission permission : lent) need(till_.approve(credential_of(*approval, place + " approval"), permission));
    if (fields.has("deposit")) return deposit(node_, till_, fields);
    if (fields.has("settle")) return settle_account(node_, till_, fields);
    if (fields.has("cash")) return cash(node_, till_, fields);
    if (fields.has("correct")) return correct(node_, till_, fields);
    if (fields.has("open_shift")) return begin_shift(till_, fields);
    if (fields.has("close_shift")) return close(till_, fields, "close_shift", "shift", &Till::close_shift);
    if (fields.has("close_day")) return close(till_, fields, "close_day", "z", &Till::close_day);
    if (fields.has("refund_of")) return refund(fields);
    if (fields.has("refund")) return refund_without_receipt(fields);
    if (fields.has("move")) return move(fields);
    if (fields.has("merge")) return merge(fields);
    if (fields.has("split")) return split(fields);
    if (fields.has("void")) return strike_out(fields);
    if (is_product_act(fields)) return product(fields);
    if (is_stock_act(fields)) return stock(fields);
    if (is_customer_act(fields)) return customers(fields);
    return sell(fields);
}

/// With an approval: as often again as the session asks for a further permission, each time with all that was lent. A line that
/// was refused has booked nothing.
Json Script::run_approved(const Json& line, const std::string& place) {
    std::vector<Permission> lent;
    for (;;) {
        try {
            return run(line, place, lent);
        } catch (const Refused& refused) {
            if (refused.outcome.refusal != Refusal::not_permitted || !line.contains("approval") || lent.size() >= max_approvals) throw;
            lent.push_back(*refused.outcome.permission);
        }
    }
}

Script::Answer Script::play(std::string_view line, std::size_t number) {
    const std::string place = place_of(number);
    const auto no = [](std::string_view refusal, const std::string& message) { return Answer{Json{{"refused", refusal}, {"message", message}}.dump(), true}; };
    try {
        Json answer = run_approved(parse_json(line, place, max_line_bytes), place);
        if (printer_ && answer.contains("seq")) {
            const TillPrinter::Prints prints = printer_->print_due();
            answer["print"] = {{"printed", prints.printed}, {"pending", prints.pending}};
            if (prints.for_person) answer["print"]["for_person"] = prints.for_person;
            if (!prints.waiting.empty()) answer["print"]["waiting"] = prints.waiting;
        }
        return {answer.dump(), false};
    } catch (const Refused& refused) {
        Answer answer = no(print(refused.outcome.refusal), refused.outcome.message);
        if (refused.outcome.permission) answer.json.insert(1, fmt::format("\"permission\":\"{}\",", print(*refused.outcome.permission)));
        return answer;
    } catch (const Overflow&) {
        return no(print(Refusal::amount_out_of_range), "The amount is larger than a till can book.");
    } catch (const Error& error) {
        if (error.exit() == Exit::operating) throw;
        return no(print(Refusal::bad_line), error.what());
    }
}

namespace {

/// As std::getline, but of a line that is too long only so much is kept as shows it. False at the end.
bool read_line(std::istream& in, std::string& line) {
    line.clear();
    std::streambuf& buffer = *in.rdbuf();
    int c = buffer.sbumpc();
    if (c == std::char_traits<char>::eof()) return false;
    for (; c != '\n' && c != std::char_traits<char>::eof(); c = buffer.sbumpc())
        if (line.size() <= max_line_bytes) line += static_cast<char>(c);
    return true;
}

}  // namespace

bool Script::play_all(std::istream& in, std::ostream& out) {
    bool all = true;
    std::string line;
    for (std::size_t number = 1; read_line(in, line); ++number) {
        if (trim(line).empty()) continue;
        const Answer answer = play(line, number);
        out << answer.json << '\n' << std::flush;
        if (!out) fail(place_of(number), "is played, and its answer cannot be written", "is the disk full? what follows was not played");
        all = all && !answer.refused;
    }
    return all;
}

}  // namespace paprsek::node
