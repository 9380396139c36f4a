#include "node/loyalty_facts.h"

#include <set>

#include "node/fact_body.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

constexpr std::size_t max_name_bytes = 40;

template <class Fact>
void put_hand(Json& json, const Fact& fact) {
    put(json, "cashier", fact.cashier);
    if (!fact.approvals.empty()) json["approvals"] = json_of(fact.approvals);
    if (fact.clock_back_ms) json["clock_back"] = fact.clock_back_ms;
}

template <class Fact>
void parse_hand(const Body& body, Fact& fact) {
    fact.cashier = body.text("cashier");
    fact.approvals = parse_approvals(body);
    fact.clock_back_ms = body.integer("clock_back");
}

}  // namespace

bool is_balances_kind(std::string_view what) { return what == kind::balances_reset || what == kind::balances_restored || what == kind::points_expired; }

std::string body_of(const BalancesFact& fact) {
    Json json = Json::object();
    put(json, "batch", fact.batch);
    put(json, "through", fact.through);
    json["entries"] = Json::array();
    for (const BalancesFact::Entry& entry : fact.entries) json["entries"].push_back({entry.customer, entry.points.raw(), entry.spend.raw()});
    put_hand(json, fact);
    return canonical(json);
}

BalancesFact parse_balances(std::string_view what, std::string_view text) {
    const Body body(text, "a change of many balances");
    BalancesFact fact;
    fact.batch = body.text("batch");
    fact.through = body.text("through");
    const bool expired = what == kind::points_expired;
    if (fact.batch.empty() != expired || fact.batch.size() > max_name_bytes) body.bad("batch");
    if (expired ? !parse_date(fact.through) : !fact.through.empty()) body.bad("through");
    const auto entries = body.array("entries");
    if (!entries || entries->size() == 0 || entries->size() > max_balance_entries) body.bad("entries");
    std::set<std::string> customers;
    for (const Element item : *entries) {
        simdjson::dom::array entry;
        std::string_view customer;
        const bool form = item.get(entry) == simdjson::SUCCESS && entry.size() == 3 && entry.at(0).get(customer) == simdjson::SUCCESS && !customer.empty();
        if (!form || !customers.emplace(customer).second) body.bad("entries");
        fact.entries.push_back({std::string(customer), body.decimal_of<Points>(entry.at(1), "entries"), body.decimal_of<Money>(entry.at(2), "entries")});
        if (expired && !fact.entries.back().spend.is_zero()) body.bad("entries");
    }
    parse_hand(body, fact);
    return fact;
}

std::string body_of(const ErasureFact& fact) {
    Json json = {{"customer", fact.customer}};
    put_hand(json, fact);
    return canonical(json);
}

ErasureFact parse_erasure(std::string_view text) {
    const Body body(text, "an erasure");
    ErasureFact fact;
    fact.customer = body.text("customer");
    if (fact.customer.empty()) body.bad("customer");
    parse_hand(body, fact);
    return fact;
}

std::vector<Movement> movements_of(std::string_view what, const BalancesFact& fact) {
    const std::string_view name = what == kind::balances_reset ? "reset" : what == kind::balances_restored ? "restored" : "expiry";
    std::vector<Movement> movements;
    for (const BalancesFact::Entry& entry : fact.entries) movements.push_back({entry.customer, name, entry.points, entry.spend, Money{}});
    return movements;
}

}  // namespace paprsek::node
