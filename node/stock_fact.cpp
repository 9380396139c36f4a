#include "node/stock_fact.h"

#include <algorithm>
#include <array>

#include "node/base/text.h"
#include "node/fact_body.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

constexpr std::array stock_kinds = {kind::stock_received, kind::stock_adjusted, kind::stock_counted, kind::stock_sent, kind::stock_arrived};
constexpr std::size_t max_stock_text = 1000;

std::string bounded(const Body& body, const char* key, std::size_t most) {
    std::string text = body.text(key);
    if (text.size() > most) body.bad(key);
    return text;
}

StockLine parse_stock_line(std::string_view kind, Element element) {
    const Body body(element, "a line of stock");
    StockLine line;
    line.product = bounded(body, "product", max_stock_text);
    line.name = bounded(body, "name", max_stock_text);
    line.quantity = body.decimal<Quantity>("qty");
    line.expected = body.decimal<Quantity>("expected");
    if (body.has("cost")) line.cost = body.decimal<Rate>("cost");
    const auto within = [](Quantity quantity) { return quantity <= max_stock_quantity && quantity >= -max_stock_quantity; };
    const bool sign_ok = kind == kind::stock_adjusted  ? !line.quantity.is_zero()
                         : kind == kind::stock_counted ? line.quantity >= Quantity{}
                                                       : line.quantity > Quantity{};
    if (line.product.empty()) body.bad("product");
    if (!sign_ok || !within(line.quantity)) body.bad("qty");
    if (!within(line.expected) || (kind != kind::stock_counted && !line.expected.is_zero())) body.bad("expected");
    if (line.cost && (*line.cost < Rate{} || *line.cost > max_stock_cost)) body.bad("cost");
    return line;
}

}  // namespace

std::string print(const FactName& name) { return fmt::format("{}/{}", print(name.node), name.seq); }

std::optional<FactName> parse_fact_name(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto node = parse_node_name(text.substr(0, slash));
    const std::string_view digits = text.substr(slash + 1);
    if (!node || !all_digits(digits) || digits.size() > 15 || digits[0] == '0') return std::nullopt;
    return FactName{*node, std::stoll(std::string(digits))};
}

bool is_stock_kind(std::string_view wanted) { return std::find(stock_kinds.begin(), stock_kinds.end(), wanted) != stock_kinds.end(); }

std::string body_of(std::string_view kind, const StockFact& fact) {
    Json json = Json::object();
    put(json, "stock", fact.stock);
    put(json, "cashier", fact.cashier);
    put(json, "reason", fact.reason);
    put(json, "document", fact.document);
    if (fact.to) json["to"] = fact.to;
    if (fact.from) json["from"] = print(*fact.from);
    json["lines"] = Json::array();
    for (const StockLine& line : fact.lines) {
        Json entry = {{"product", line.product}, {"qty", line.quantity.raw()}};
        put(entry, "name", line.name);
        if (kind == kind::stock_counted) entry["expected"] = line.expected.raw();
        if (line.cost) entry["cost"] = line.cost->raw();
        json["lines"].push_back(std::move(entry));
    }
    if (!fact.approvals.empty()) json["approvals"] = json_of(fact.approvals);
    if (fact.clock_back_ms) json["clock_back"] = fact.clock_back_ms;
    return canonical(json);
}

StockFact parse_stock(std::string_view kind, std::string_view text) {
    const Body body(text, "a fact of stock");
    StockFact fact;
    fact.stock = bounded(body, "stock", max_stock_name_bytes);
    fact.cashier = bounded(body, "cashier", max_stock_text);
    fact.reason = bounded(body, "reason", max_stock_text);
    fact.document = bounded(body, "document", max_document_bytes);
    const std::int64_t to = body.integer("to");
    if (to < 0 || to > 9999 || (to == 0) != (kind != kind::stock_sent)) body.bad("to");
    fact.to = static_cast<int>(to);
    const std::string from = body.text("from");
    fact.from = parse_fact_name(from);
    if (fact.from.has_value() != (kind == kind::stock_arrived) || (!fact.from && !from.empty())) body.bad("from");
    const auto lines = body.array("lines");
    if (!lines || lines->size() == 0) body.bad("lines");
    fact.lines.reserve(lines->size());
    for (const Element line : *lines) fact.lines.push_back(parse_stock_line(kind, line));
    fact.approvals = parse_approvals(body);
    fact.clock_back_ms = body.integer("clock_back");
    return fact;
}

Quantity change_of(std::string_view kind, const StockLine& line) {
    if (kind == kind::stock_counted) return line.quantity - line.expected;
    return kind == kind::stock_sent ? -line.quantity : line.quantity;
}

}  // namespace paprsek::node
