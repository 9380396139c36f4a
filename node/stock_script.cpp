#include "node/stock_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "node/till_outcomes.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

std::string fact_name(const Node& node, std::int64_t seq) { return print(FactName{node.info().node, seq}); }

std::vector<StockItem> read_items(Fields& fields, bool with_cost) {
    std::vector<StockItem> items;
    const Json& list = fields.get("lines");
    if (!list.is_array()) fields.refuse_field("lines", "is not a list in brackets");
    for (const Json& item : list) {
        Fields line(item, fmt::format("{} lines[{}]", fields.what(), items.size() + 1));
        StockItem wanted{line.text("code"), line.decimal<Quantity>("qty"), std::nullopt};
        if (with_cost) wanted.cost = line.optional_decimal<Rate>("cost");
        line.done();
        items.push_back(std::move(wanted));
    }
    return items;
}

struct Act {
    const char* name;
    std::string_view kind;
};
constexpr Act goods_acts[] = {
    {"stock_in", kind::stock_received}, {"stock_adjust", kind::stock_adjusted}, {"stock_send", kind::stock_sent}, {"stock_arrive", kind::stock_arrived}};

Outcome play_act(Node& node, const Act& what, const StockHand& by, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get(what.name), line.what() + " " + what.name);
    StockAct act;
    act.by = by;
    act.stock = fields.optional_text("stock").value_or("");
    if (what.kind == kind::stock_adjusted) act.reason = fields.optional_text("reason").value_or("");
    if (what.kind == kind::stock_received || what.kind == kind::stock_sent) act.document = fields.optional_text("document").value_or("");
    if (what.kind == kind::stock_sent) act.to = static_cast<int>(std::clamp<std::int64_t>(fields.integer("to"), 0, 10'000));
    if (what.kind == kind::stock_arrived) act.from = fields.text("from");
    act.items = read_items(fields, what.kind == kind::stock_received || what.kind == kind::stock_arrived);
    fields.done();
    line.done();
    StockBooked booked;
    if (auto outcome = book_stock(node, what.kind, act, booked); !outcome.ok()) return outcome;
    answer = stock_answer(node, what.name, booked);
    return {};
}

Outcome open_list(Node& node, const std::string& cashier, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("stocktake_open"), line.what() + " stocktake_open");
    const std::string stock = fields.optional_text("stock").value_or(""), group = fields.optional_text("group").value_or("");
    fields.done();
    line.done();
    std::int64_t products = 0;
    if (auto outcome = open_stocktake(node, stock, group, cashier, products); !outcome.ok()) return outcome;
    answer = Json{{"stocktake_open", stock}, {"group", group}, {"products", products}};
    return {};
}

Outcome count_goods(Node& node, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("stocktake_count"), line.what() + " stocktake_count");
    const std::string stock = fields.optional_text("stock").value_or(""), code = fields.text("code");
    const Quantity quantity = fields.decimal<Quantity>("qty");
    const bool replace = fields.flag("replace", false);
    fields.done();
    line.done();
    Counted counted;
    if (auto outcome = count_stock(node, stock, code, quantity, replace, counted); !outcome.ok()) return outcome;
    answer =
        Json{{"stocktake_count", stock}, {"code", code}, {"name", counted.name}, {"expected", print(counted.expected)}, {"counted", print(counted.counted)}};
    return {};
}

Outcome close_list(Node& node, const StockHand& by, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("stocktake_close"), line.what() + " stocktake_close");
    const std::string stock = fields.optional_text("stock").value_or(""), rest = fields.optional_text("rest").value_or("keep");
    const std::string reason = fields.optional_text("reason").value_or("");
    if (rest != "keep" && rest != "zero") fields.refuse_field("rest", fmt::format("is \"{}\"", rest), "keep or zero");
    fields.done();
    line.done();
    StocktakeClosed closed;
    if (auto outcome = close_stocktake(node, stock, rest == "zero" ? Uncounted::zero : Uncounted::keep, reason, by, closed); !outcome.ok()) return outcome;
    Json json = {{"stocktake_close", fact_name(node, closed.seqs.front())},
                 {"seq", closed.seqs.back()},
                 {"facts", closed.seqs.size()},
                 {"stock", stock},
                 {"counted", closed.lines.size()},
                 {"lines", Json::array()}};
    Wide value = 0;
    for (const StockLine& counted : closed.lines) {
        const Quantity difference = counted.quantity - counted.expected;
        if (difference.is_zero()) continue;
        json["lines"].push_back({{"code", counted.product},
                                 {"name", counted.name},
                                 {"expected", print(counted.expected)},
                                 {"counted", print(counted.quantity)},
                                 {"difference", print(difference)}});
        if (counted.cost) value += divide_rounded(Wide{difference.raw()} * counted.cost->raw(), 10'000'000);
    }
    constexpr Wide most = Money::max_value;
    if (value <= most && value >= -most) json["value"] = print(Money::of_wide(value));  // booked is booked: an absurd sum is left out
    if (closed.clock_back) json["flags"] = {"clock_back"};
    answer = std::move(json);
    return {};
}

Outcome cancel_list(Node& node, Fields& line, std::optional<Json>& answer) {
    Fields fields(line.get("stocktake_cancel"), line.what() + " stocktake_cancel");
    const std::string stock = fields.optional_text("stock").value_or("");
    fields.done();
    line.done();
    if (auto outcome = cancel_stocktake(node, stock); !outcome.ok()) return outcome;
    answer = Json{{"stocktake_cancel", stock}};
    return {};
}

}  // namespace

Json stock_answer(const Node& node, const char* name, const StockBooked& booked) {
    const StockFact& fact = booked.fact;
    Json json = {{name, fact_name(node, booked.seq)}, {"seq", booked.seq}, {"stock", fact.stock}, {"lines", Json::array()}};
    if (!fact.document.empty()) json["document"] = fact.document;
    if (fact.to) json["to"] = fact.to;
    if (fact.from) json["from"] = print(*fact.from);
    for (std::size_t i = 0; i < fact.lines.size(); ++i) {
        const StockLine& line = fact.lines[i];
        Json row = {{"code", booked.codes[i]}, {"name", line.name}, {"qty", print(line.quantity)}, {"left", print(booked.levels[i].quantity)}};
        if (line.cost) row["cost"] = print(*line.cost);
        if (booked.levels[i].average) row["average"] = print(*booked.levels[i].average);
        if (booked.levels[i].quantity < Quantity{}) row["negative"] = true;
        json["lines"].push_back(std::move(row));
    }
    if (fact.clock_back_ms > 0) json["flags"] = {"clock_back"};
    return json;
}

bool is_stock_act(Fields& line) {
    if (std::any_of(std::begin(goods_acts), std::end(goods_acts), [&](const Act& act) { return line.has(act.name); })) return true;
    return line.has("stocktake_open") || line.has("stocktake_count") || line.has("stocktake_close") || line.has("stocktake_cancel");
}

Outcome play_stock(Node& node, const StockHand& by, Fields& line, std::optional<Json>& answer) {
    for (const Act& act : goods_acts)
        if (line.has(act.name)) return play_act(node, act, by, line, answer);
    if (line.has("stocktake_open")) return open_list(node, by.cashier, line, answer);
    if (line.has("stocktake_count")) return count_goods(node, line, answer);
    if (line.has("stocktake_close")) return close_list(node, by, line, answer);
    return cancel_list(node, line, answer);
}

}  // namespace paprsek::node
