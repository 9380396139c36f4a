#include "fiscal/job.h"

#include <array>

#include "node/base/error.h"
#include "node/base/json.h"

namespace paprsek::fiscal {
namespace {

using node::Json;
using node::Money;

constexpr std::array opens = {"nothing", "fiscal", "non_fiscal"};

Money money(const Json& json, const char* key) { return Money::of(json.value(key, std::int64_t{0})); }

Holding parse_holding(const Json& json) {
    Holding holding;
    for (std::size_t i = 0; i < opens.size(); ++i)
        if (json.value("open", "nothing") == opens[i]) holding.open = static_cast<Holding::Open>(i);
    holding.counter = json.value("counter", std::int64_t{0});
    holding.items = json.value("items", std::int64_t{0});
    holding.closures = json.value("closures", std::int64_t{0});
    holding.amount = money(json, "amount");
    holding.paid = money(json, "paid");
    holding.day.cash_in = money(json, "cash_in");
    holding.day.cash_out = money(json, "cash_out");
    if (const auto day = json.find("day"); day != json.end() && day->is_object())
        for (const auto& [name, sum] : day->items())
            if (const auto tender = node::parse_tender(name)) holding.day.paid[*tender] = Money::of(sum.get<std::int64_t>());
    return holding;
}

Json json_of_line(const Step& step) {
    const Line& line = step.line;
    return {{"strike", step.kind == StepKind::strike},
            {"text", step.kind == StepKind::text},
            {"name", line.name},
            {"code", line.code},
            {"vat", line.vat},
            {"price", line.price.raw()},
            {"qty", line.quantity.raw()},
            {"gross", line.gross.raw()},
            {"discount", line.discount.raw()},
            {"net", line.net.raw()},
            {"paid", line.paid.raw()},
            {"second", step.text},
            {"amount", step.amount.raw()}};
}

Step parse_line(const Json& json) {
    Step step;
    step.kind = json.value("strike", false) ? StepKind::strike : json.value("text", false) ? StepKind::text : StepKind::sale;
    step.line.name = json.value("name", "");
    step.line.code = json.value("code", "");
    step.line.vat = json.value("vat", "");
    step.line.price = money(json, "price");
    step.line.quantity = node::Quantity::of(json.value("qty", std::int64_t{1000}));
    step.line.gross = money(json, "gross");
    step.line.discount = money(json, "discount");
    step.line.net = money(json, "net");
    step.line.paid = money(json, "paid");
    step.text = json.value("second", "");
    step.amount = money(json, "amount");
    return step;
}

}  // namespace

Json json_of(const Holding& holding) {
    Json json = {{"open", opens.at(static_cast<std::size_t>(holding.open))},
                 {"counter", holding.counter},
                 {"items", holding.items},
                 {"amount", holding.amount.raw()},
                 {"paid", holding.paid.raw()},
                 {"cash_in", holding.day.cash_in.raw()},
                 {"cash_out", holding.day.cash_out.raw()},
                 {"closures", holding.closures},
                 {"day", Json::object()}};
    for (const auto& [tender, sum] : holding.day.paid) json["day"][std::string(node::print(tender))] = sum.raw();
    return json;
}

Json shown(const Holding& holding) {
    Json json = {{"open", opens.at(static_cast<std::size_t>(holding.open))},
                 {"counter", holding.counter},
                 {"items", holding.items},
                 {"amount", node::print(holding.amount)},
                 {"paid", node::print(holding.paid)},
                 {"cash_in", node::print(holding.day.cash_in)},
                 {"cash_out", node::print(holding.day.cash_out)},
                 {"closures", holding.closures},
                 {"day", Json::object()}};
    for (const auto& [tender, sum] : holding.day.paid) json["day"][std::string(node::print(tender))] = node::print(sum);
    return json;
}

std::string json_of(const Job& job) {
    Json json = {{"part", static_cast<int>(job.part)}, {"sent", job.sent}};
    if (job.before) json["before"] = json_of(*job.before);
    if (job.cancel_sent) json["cancel_sent"] = true;
    for (const Step& step : job.lines) json["lines"].push_back(json_of_line(step));
    if (job.document) json["document"] = job.document;
    if (!job.total.is_zero()) json["total"] = job.total.raw();
    if (!job.why.empty()) json["why"] = job.why;
    if (job.found) json["found"] = json_of(*job.found);
    if (!job.journal.empty()) json["journal"] = job.journal;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Job parse_job(std::int64_t seq, bool person, std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) node::fail("print job", "cannot be read");
    Job job;
    job.seq = seq;
    job.person = person;
    try {
        job.part = static_cast<Part>(json.value("part", 0));
        job.sent = json.value("sent", -1);
        job.cancel_sent = json.value("cancel_sent", false);
        if (const auto before = json.find("before"); before != json.end()) job.before = parse_holding(*before);
        if (const auto lines = json.find("lines"); lines != json.end())
            for (const Json& line : *lines) job.lines.push_back(parse_line(line));
        job.document = json.value("document", std::int64_t{0});
        job.total = money(json, "total");
        job.why = json.value("why", "");
        if (const auto found = json.find("found"); found != json.end()) job.found = parse_holding(*found);
        job.journal = json.value("journal", "");
    } catch (const Json::exception&) {
        node::fail("print job", "cannot be read");
    }
    return job;
}

}  // namespace paprsek::fiscal
