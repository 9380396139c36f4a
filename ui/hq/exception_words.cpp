#include "ui/hq/exception_words.h"

#include <algorithm>

#include "ui/kit/locale.h"
#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

namespace kind = hq::exception_kind;

/// What cannot be read is told as it stands.
std::string text(const node::Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}
node::Json list(const node::Json& json, const char* key) { return json.value(key, node::Json::array()); }
std::string money(const Words& words, const node::Json& json, const char* key) {
    const auto amount = node::parse<node::Money>(text(json, key));
    return amount ? words.money(*amount) : text(json, key);
}
std::string points(const Words& words, const node::Json& json, const char* key) {
    const auto amount = node::parse<node::Points>(text(json, key));
    return amount ? words.points_column(*amount) : text(json, key);
}
std::string time(const Words& words, const node::Json& json, const char* key) {
    const auto at = node::parse_instant(text(json, key));
    return at ? words.date_time(*at) : text(json, key);
}
std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
    return all;
}

std::string customer_of(const node::Json& evidence) {
    if (evidence.contains("number") && evidence.contains("name")) return fill_in("{} ({})", {text(evidence, "name"), text(evidence, "number")});
    if (evidence.contains("number")) return fill_in(tr("Customer {}"), {text(evidence, "number")});
    if (evidence.contains("card")) return fill_in(tr("The customer with card {}"), {text(evidence, "card")});
    return fill_in(tr("Customer {}"), {text(evidence, "customer")});
}

std::string overdraft(const Words& words, const node::Json& evidence) {
    std::string said;
    if (evidence.contains("points"))
        said = fill_in(tr("{} has {} points: more was redeemed than there was."), {customer_of(evidence), points(words, evidence, "points")});
    if (evidence.contains("debt"))
        said += (said.empty() ? "" : " ") +
                fill_in(tr("{} owes {}, and the limit is {}."), {customer_of(evidence), money(words, evidence, "debt"), money(words, evidence, "limit")});
    return said;
}

std::string gap(const Words& words, const hq::Exception& exception) {
    std::vector<std::string> missing;
    for (const node::Json& range : list(exception.evidence, "missing")) missing.push_back(text(range, "first") + "–" + text(range, "last"));
    return fill_in(tr("Of till {} facts {} are missing; {} that came later wait for them."),
                   {node::print(exception.node), joined(missing), words.count(exception.evidence.value("waiting", std::int64_t{0}))});
}

std::string clock(const Words& words, const hq::Exception& exception) {
    const auto minutes = [&](const char* key) { return words.count(exception.evidence.value(key, std::int64_t{0}) / 60'000); };
    std::string said;
    if (exception.evidence.contains("ahead_ms"))
        said = fill_in(tr("The clock of till {} was up to {} minutes ahead of headquarters'."), {node::print(exception.node), minutes("ahead_ms")});
    if (exception.evidence.contains("back_ms"))
        said += (said.empty() ? "" : " ") +
                fill_in(tr("The clock of till {} went back by up to {} minutes."), {node::print(exception.node), minutes("back_ms")});
    return said;
}

std::string unknown_product(const Words& words, const hq::Exception& exception) {
    const node::Json& evidence = exception.evidence;
    const std::string name = node::print(exception.node);
    if (evidence.contains("brought"))
        return fill_in(tr("Till {} brought {} “{}” in VAT group {}, which the rules do not name."),
                       {name, text(evidence, "product"), text(evidence, "name"), text(evidence, "vat")});
    return fill_in(tr("Till {} sold {} “{}” for {}, and headquarters has no such product."),
                   {name, text(evidence, "product"), text(evidence, "name"), money(words, evidence, "price")});
}

std::string claims_of(const node::Json& evidence) {
    std::vector<std::string> claims;
    if (evidence.contains("number")) claims.push_back(fill_in(tr("number {}"), {text(evidence["number"], "number")}));
    for (const node::Json& card : list(evidence, "cards")) claims.push_back(fill_in(tr("card {}"), {text(card, "card")}));
    return joined(claims);
}

/// One side of a difference between what a shop and the chain know of a customer.
std::string side_of(const Words& words, const node::Json& difference, const char* side) {
    const std::string what = text(difference, "what"), value = text(difference, side);
    if (what == "limit") return value == "0.00" ? tr("none") : money(words, difference, side);
    if (what == "discount") return value + " %";
    if (what == "charge_to_account") return value == "true" ? tr("yes") : tr("no");
    return value.empty() ? tr("none") : value;
}
std::string name_of(const std::string& what) {
    static constexpr std::pair<const char*, const char*> names[] = {
        {"number", mark("Number")},   {"name", mark("Name")},     {"phone", mark("Phone")},       {"email", mark("E-mail")},
        {"address", mark("Address")}, {"note", mark("Note")},     {"dealer", mark("Dealer category")}, {"discount", mark("Discount")},
        {"limit", mark("Limit")},     {"referrer", mark("Referred by")}, {"charge_to_account", mark("Pays later")},
    };
    const auto found = std::find_if(std::begin(names), std::end(names), [&](const auto& each) { return what == each.first; });
    return found == std::end(names) ? what : std::string(tr(found->second));
}

std::string fact_line(const Words& words, const node::Json& fact) {
    const std::string place = fact.contains("receipt") ? fill_in(tr("Receipt {}"), {text(fact, "receipt")})
                                                       : fill_in(tr("Till {}, fact {}"), {text(fact, "node"), text(fact, "seq")});
    std::string line = place + " · " + time(words, fact, "at");
    if (fact.contains("points")) line += " · " + fill_in(tr("{} points"), {points(words, fact, "points")});
    if (fact.contains("debt")) line += " · " + money(words, fact, "debt");
    return line;
}

/// The first sale that the two histories of a fork do not share.
void add_sale(const Words& words, const node::Json& sale, const char* pattern, std::vector<std::string>& lines) {
    if (!sale.is_object() || sale.empty()) return;
    lines.push_back(fill_in(pattern, {text(sale, "number"), time(words, sale, "at"), money(words, sale, "total")}));
}

}  // namespace

const char* exception_title(const hq::Exception& exception) {
    static constexpr std::pair<std::string_view, const char*> titles[] = {
        {kind::fork, mark("Two histories of one till")},
        {kind::rejected_fact, mark("A fact that counts for nothing")},
        {kind::duplicate_customer, mark("Two customers claim one")},
        {kind::customer_differs, mark("A customer known otherwise")},
        {kind::overdraft, mark("More was used than there was")},
        {kind::gap, mark("Facts are missing")},
        {kind::clock_skew, mark("A clock was wrong")},
        {kind::unknown_product, mark("A product is not known")},
        {kind::product_differs, mark("A product for another price")},
        {kind::double_refund, mark("Given back twice")},
        {kind::price_mismatch, mark("Not what the rules come to")},
    };
    for (const auto& [what, title] : titles)
        if (exception.kind == what) return tr(title);
    return tr("To check");
}

std::string exception_subject(const hq::Exception& exception) {
    const node::Json& evidence = exception.evidence;
    if (exception.kind == kind::overdraft || exception.kind == kind::customer_differs) return customer_of(evidence);
    if (exception.kind == kind::duplicate_customer) return claims_of(evidence);
    if (evidence.contains("receipt")) return fill_in(tr("Receipt {}"), {text(evidence, "receipt")});
    if (evidence.contains("product")) return text(evidence, "product");
    return fill_in(tr("Till {}"), {node::print(exception.node)});
}

std::string exception_sentence(const Words& words, const hq::Exception& exception) {
    const node::Json& evidence = exception.evidence;
    const std::string name = node::print(exception.node);
    if (exception.kind == kind::overdraft) return overdraft(words, evidence);
    if (exception.kind == kind::gap) return gap(words, exception);
    if (exception.kind == kind::clock_skew) return clock(words, exception);
    if (exception.kind == kind::unknown_product) return unknown_product(words, exception);
    if (exception.kind == kind::duplicate_customer) return fill_in(tr("Two customers claim {}."), {claims_of(evidence)});
    if (exception.kind == kind::customer_differs) return fill_in(tr("{}: till {} knew them otherwise than the chain."), {customer_of(evidence), name});
    if (exception.kind == kind::fork) return fill_in(tr("Till {} went two ways, as after a restored backup or on a copied disk. All of both counts."), {name});
    if (exception.kind == kind::product_differs) {
        const node::Json brought = evidence.value("brought", node::Json::object()), held = evidence.value("held", node::Json::object());
        return fill_in(tr("Till {} brought {} for {} in VAT group {}; headquarters has it for {} in {}."),
                       {name, text(brought, "name"), money(words, brought, "price"), text(brought, "vat"), money(words, held, "price"), text(held, "vat")});
    }
    if (exception.kind == kind::double_refund)
        return fill_in(tr("Of receipt {} more came back than was sold: {} was given back too much."),
                       {text(evidence, "receipt"), money(words, evidence, "paid")});
    if (exception.kind == kind::price_mismatch) return fill_in(tr("Receipt {} is not what the rules of its time come to."), {text(evidence, "receipt")});
    if (exception.kind == kind::rejected_fact)
        return fill_in(tr("Fact {} is stored and counts for nothing: {}"), {exception.subject, say(text(evidence, "why"))});
    return say(hq::sentence(exception));
}

std::vector<std::string> exception_evidence(const Words& words, const hq::Exception& exception) {
    const node::Json& evidence = exception.evidence;
    std::vector<std::string> lines;
    for (const node::Json& fact : list(evidence, "facts"))
        if (fact.is_object()) lines.push_back(fact_line(words, fact));
    const node::Json first = evidence.value("first_sale", node::Json::object());
    if (first.is_object()) {
        add_sale(words, first.value("held", node::Json::object()), tr("At headquarters: receipt {} of {} for {}"), lines);
        add_sale(words, first.value("sent", node::Json::object()), tr("In what came: receipt {} of {} for {}"), lines);
    }
    for (const node::Json& each : list(evidence, "differences")) {
        if (each.contains("what"))
            lines.push_back(fill_in(tr("{}: {} there, {} here"),
                                    {name_of(text(each, "what")), side_of(words, each, "brought"), side_of(words, each, "held")}));
        else
            lines.push_back(fill_in(tr("{}: {} booked, {} by the rules"),
                                    {each.contains("name") ? text(each, "name") : text(each, "rule"), text(each, "till"), text(each, "hq")}));
    }
    for (const node::Json& line : list(evidence, "lines"))
        lines.push_back(fill_in(tr("“{}”: {} came back of {}"), {text(line, "name"), text(line, "returned"), text(line, "sold")}));
    for (const node::Json& refund : list(evidence, "refunds")) lines.push_back(fill_in(tr("Refund {}"), {text(refund, "receipt")}));
    if (exception.kind == kind::clock_skew)
        lines.push_back(fill_in(tr("Facts: {}. They count as they are."), {words.count(evidence.value("facts", std::int64_t{0}))}));
    return lines;
}

RemedyWords remedy_words(std::string_view remedy) {
    if (remedy == hq::remedy::accept) return {tr("Let it stand"), tr("It stays as it is.")};
    if (remedy == hq::remedy::acknowledge) return {tr("Seen"), tr("Nothing is lost, and nothing more is to be done.")};
    if (remedy == hq::remedy::ask_again)
        return {tr("Ask again"), tr("Every reply to the till asks for what is missing. Export one, or wait for its next bundle.")};
    if (remedy == hq::remedy::correct) return {tr("Correct the balances"), tr("Points and spend are booked as the rules come to; money is not moved.")};
    if (remedy == hq::remedy::create) return {tr("Add the product"), tr("It comes into the catalogue as the receipt shows it.")};
    if (remedy == hq::remedy::keep_apart) return {tr("They are two"), tr("Both stay, and it is not told again.")};
    if (remedy == hq::remedy::merge) return {tr("Make them one"), tr("One customer with both balances; whoever had the card stays.")};
    if (remedy == hq::remedy::raise_limit) return {tr("Raise the limit"), tr("What is owed becomes the limit.")};
    if (remedy == hq::remedy::retry) return {tr("Try again"), tr("The fact is looked at once more.")};
    if (remedy == hq::remedy::set_aside) return {tr("Set aside"), tr("The fact stays stored and counts for nothing.")};
    if (remedy == hq::remedy::take_over) return {tr("Take the shop's"), tr("What the shop had holds for the whole chain.")};
    if (remedy == hq::remedy::write_off) return {tr("Write off"), tr("A correction is booked that brings it right.")};
    return {"", ""};
}

}  // namespace paprsek::ui
