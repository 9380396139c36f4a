#include "tools/prove_slip.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "fiscal/receipt/proof.h"
#include "tools/edge.h"

namespace paprsek::tools {
namespace {

namespace kind = schema::kind;
using node::Exit;
using node::Json;

/// What the fact says, for whoever holds the paper beside it.
Json told_by(const fiscal::ProofCode& code, const hq::NodeFact& found) {
    const schema::Fact& fact = found.fact;
    Json json = {{"node", node::print(code.node)},
                 {"seq", code.seq},
                 {"epoch", found.epoch},
                 {"kind", fact.kind},
                 {"at", node::print_utc(node::Instant{fact.at})},
                 {"document", fmt::format("{}/{}", node::print(code.node), code.seq)}};
    if (fact.kind == kind::sale || fact.kind == kind::refund) {
        const node::ReceiptFact receipt = node::parse_receipt(fact.kind, fact.body);
        const auto sign = [&](node::Money amount) { return node::print(receipt.refund ? -amount : amount); };
        json["document"] = node::print_receipt_number(code.node, receipt.number);
        json["cashier"] = receipt.cashier;
        json["total"] = sign(receipt.total());
        json["lines"] = Json::array();
        for (const node::BookedLine& line : receipt.lines)
            json["lines"].push_back({{"name", line.name}, {"code", line.code}, {"qty", node::print(line.quantity)}, {"net", sign(line.net)}});
    } else if (fact.kind == kind::deposit || fact.kind == kind::settlement || fact.kind == kind::cash || fact.kind == kind::correction) {
        const node::ActFact act = node::parse_act(fact.body);
        json["cashier"] = act.cashier;
        json["total"] = node::print(act.amount + act.rounding);
    }
    return json;
}

/// A lost epoch's receipt is printed as "3.1-000017/1".
std::string without_epoch(const std::string& name) { return name.find('-') == std::string::npos ? name : name.substr(0, name.find('/')); }

Json prove(hq::Headquarters& hq, const std::string& text) {
    Json json = {{"code", text}, {"verdict", "false"}};
    const auto why = [&](std::string sentence) {
        json["why"] = std::move(sentence);
        return json;
    };
    const auto code = fiscal::parse_proof(text);
    if (!code) return why("That is no code of a slip.");
    const auto nodes = hq.branches();
    const auto known = std::find_if(nodes.begin(), nodes.end(), [&](const hq::NodeStatus& each) { return each.node == code->node; });
    if (known == nodes.end()) return why(fmt::format("There is no till {}.", node::print(code->node)));
    const std::vector<hq::NodeFact> found = hq.facts_at(code->node, code->seq);
    for (const hq::NodeFact& fact : found) {
        if (!code->is_of(fact.fact.hash)) continue;
        const Json told = told_by(*code, fact);
        if (!code->name.empty() && without_epoch(code->name) != told["document"])
            return why(fmt::format("The code is that of {}, and not of {}.", told["document"].get<std::string>(), code->name));
        json.update(told);
        json["verdict"] = "genuine";
        return json;
    }
    if (!found.empty()) return why(fmt::format("Fact {} of till {} is another one.", code->seq, node::print(code->node)));
    json["verdict"] = "unknown";
    return why(fmt::format("Headquarters holds the facts of till {} up to {}; this one may come yet.", node::print(code->node), known->facts));
}

}  // namespace

Exit prove_slips(hq::Headquarters& hq, const std::vector<std::string>& codes, bool json) {
    Json list = Json::array();
    for (const std::string& code : codes) list.push_back(prove(hq, code));
    const bool all = std::all_of(list.begin(), list.end(), [](const Json& each) { return each["verdict"] == "genuine"; });
    if (json) {
        print(list, true);
        return all ? Exit::ok : Exit::refused;
    }
    for (const Json& each : list) {
        if (each["verdict"] != "genuine") {
            std::cerr << fmt::format("paprsek: {}: {}{}\n", each["code"].get<std::string>(), each["verdict"] == "false" ? "false. " : "cannot be proven. ",
                                     each["why"].get<std::string>());
            continue;
        }
        std::cout << fmt::format("{}: genuine: {} {} of {}", each["code"].get<std::string>(), each["kind"].get<std::string>(),
                                 each["document"].get<std::string>(), each["at"].get<std::string>());
        if (each.contains("total")) std::cout << ", total " << each["total"].get<std::string>();
        if (each.value("cashier", std::string()) != "") std::cout << ", by " << each["cashier"].get<std::string>();
        std::cout << '\n';
        for (const Json& line : each.value("lines", Json::array()))
            std::cout << fmt::format("  {} x {}  {}\n", line["qty"].get<std::string>(), line["name"].get<std::string>(), line["net"].get<std::string>());
    }
    return all ? Exit::ok : Exit::refused;
}

}  // namespace paprsek::tools
