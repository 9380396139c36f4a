#include "hq/exceptions.h"

#include <fmt/format.h>

#include <algorithm>

#include "hq/booking.h"
#include "hq/customers.h"
#include "hq/recovery.h"
#include "node/base/error.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

std::string text_of(const node::Json& evidence, const char* key) {
    const auto found = evidence.find(key);
    if (found == evidence.end()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// As a person names it.
std::string customer_of(const node::Json& evidence) {
    if (evidence.contains("number")) return "customer " + text_of(evidence, "number");
    if (evidence.contains("card")) return "the customer with card " + text_of(evidence, "card");
    return "customer " + text_of(evidence, "customer");
}

std::string duration(std::int64_t ms) {
    const std::int64_t minutes = ms / 60'000;
    if (minutes < 120) return fmt::format("{} minutes", minutes);
    if (minutes < 48 * 60) return fmt::format("{} hours", minutes / 60);
    return fmt::format("{} days", minutes / (24 * 60));
}

std::string overdraft_sentence(const node::Json& evidence) {
    std::vector<std::string> places;
    for (const node::Json& fact : evidence.value("facts", node::Json::array()))
        places.push_back(fact.contains("receipt") ? text_of(fact, "receipt") : fmt::format("{} fact {}", text_of(fact, "node"), text_of(fact, "seq")));
    std::string text = customer_of(evidence);
    if (evidence.contains("points")) text += fmt::format(" has {} points: more was redeemed than there was", text_of(evidence, "points"));
    if (evidence.contains("debt"))
        text += fmt::format("{} owes {}, and the limit is {}", evidence.contains("points") ? ", and" : "", text_of(evidence, "debt"),
                            text_of(evidence, "limit"));
    return text + ", by " + fmt::format("{}", fmt::join(places, ", "));
}

std::string clock_sentence(const Exception& exception) {
    const node::Json& evidence = exception.evidence;
    const node::Json first = evidence.value("first", node::Json::object()), last = evidence.value("last", node::Json::object());
    std::string text = fmt::format("the clock of {}", node::print(exception.node));
    if (evidence.contains("ahead_ms")) text += fmt::format(" was up to {} ahead of HQ's", duration(evidence["ahead_ms"].get<std::int64_t>()));
    if (evidence.contains("back_ms"))
        text += fmt::format("{} went back by {}", evidence.contains("ahead_ms") ? " and" : "", duration(evidence["back_ms"].get<std::int64_t>()));
    return text + fmt::format(", {} facts from {} to {}; they count as they are", evidence.value("facts", 0), text_of(first, "seq"), text_of(last, "seq"));
}

std::string gap_sentence(const Exception& exception) {
    std::vector<std::string> missing;
    for (const node::Json& range : exception.evidence.value("missing", node::Json::array()))
        missing.push_back(fmt::format("{}-{}", text_of(range, "first"), text_of(range, "last")));
    return fmt::format("of node {} facts {} are missing, and {} that came later wait for them", node::print(exception.node), fmt::join(missing, ", "),
                       text_of(exception.evidence, "waiting"));
}

std::string duplicate_sentence(const node::Json& evidence) {
    std::vector<std::string> claims;
    if (evidence.contains("number")) claims.push_back("number " + text_of(evidence["number"], "number"));
    for (const node::Json& card : evidence.value("cards", node::Json::array())) claims.push_back("card " + text_of(card, "card"));
    return fmt::format("customers {} and {} both claim {}", text_of(evidence, "customer"), text_of(evidence, "other"), fmt::join(claims, ", "));
}

/// What is told of one side of a difference; of texts that are long, or nobody's business on a list, only that there are some.
std::string described(const node::Json& difference, const char* side) {
    const std::string what = text_of(difference, "what"), value = text_of(difference, side);
    const bool none = value.empty() || value == "null";
    if (what == "name") return none ? "no name" : fmt::format("the name \"{}\"", value);
    if (what == "number") return none ? "no number" : "number " + value;
    if (what == "dealer") return none ? "no dealer category" : "dealer category " + value;
    if (what == "discount") return fmt::format("discount {} %", value);
    if (what == "charge_to_account") return value == "true" ? "charging to the account" : "no charging to the account";
    if (what == "limit") return value == "0.00" ? "no limit" : "limit " + value;
    return none ? "no " + what : "another " + what;
}

std::string customer_differs_sentence(const Exception& exception) {
    const node::Json& evidence = exception.evidence;
    std::vector<std::string> brought, held;
    for (const node::Json& each : evidence.value("differences", node::Json::array())) {
        brought.push_back(described(each, "brought"));
        held.push_back(described(each, "held"));
    }
    const std::string who = fmt::format("node {} brought {}", node::print(exception.node), customer_of(evidence));
    if (brought.empty()) return who + " otherwise than HQ has him";
    return fmt::format("{} with {}, and HQ has {}", who, fmt::join(brought, ", "), fmt::join(held, ", "));
}

std::string double_refund_sentence(const node::Json& evidence) {
    std::vector<std::string> goods, places;
    for (const node::Json& line : evidence.value("lines", node::Json::array()))
        goods.push_back(fmt::format("{} of {} \"{}\"", text_of(line, "returned"), text_of(line, "sold"), text_of(line, "name")));
    for (const node::Json& refund : evidence.value("refunds", node::Json::array())) places.push_back(text_of(refund, "receipt"));
    return fmt::format("of receipt {} more came back than was sold: {}, by {}; {} was given back too much", text_of(evidence, "receipt"),
                       fmt::join(goods, ", "), fmt::join(places, ", "), text_of(evidence, "paid"));
}

std::string mismatch_sentence(const node::Json& evidence) {
    constexpr std::size_t most = 3;
    std::string text = fmt::format("receipt {} is not what the rules of policy {} come to: ", text_of(evidence, "receipt"), text_of(evidence, "policy"));
    const node::Json differences = evidence.value("differences", node::Json::array());
    for (std::size_t i = 0; i < std::min(most, differences.size()); ++i) {
        const node::Json& each = differences[i];
        if (i) text += "; ";
        if (each.contains("line")) text += fmt::format("line {} ({}) ", text_of(each, "line"), text_of(each, "name"));
        text += fmt::format("{} {}, by the rules {}", text_of(each, "rule"), text_of(each, "till"), text_of(each, "hq"));
    }
    const std::size_t all = differences.size() + evidence.value("more", std::size_t{0});
    return all > most ? text + fmt::format("; and {} more", all - most) : text;
}

/// Both customers of a duplicate, as they stand now.
std::vector<std::int64_t> rows_of(Store& store, const Exception& exception) {
    std::vector<std::int64_t> rows;
    for (const char* key : {"customer", "other"}) rows.push_back(find_customer(store, text_of(exception.evidence, key)));
    return rows;
}

bool fork_joined(Store& store, const Exception& exception) {
    const auto node = store.find_node(exception.node);
    if (!node) return false;
    const Standing standing = store.standing(node->id);
    return !standing.fork || parted_chain(store, store.chains(node->id), standing);
}

/// What of the kind there is, whether or not it fits now.
std::vector<Remedy> remedies_of(const Exception& exception) {
    const node::Json& evidence = exception.evidence;
    const std::string& what = exception.kind;
    if (what == exception_kind::fork) return {{remedy::acknowledge, "both lines of facts are held; nothing more is to be done"}};
    if (what == exception_kind::rejected_fact)
        return {{remedy::retry, "projects the fact again, now"}, {remedy::set_aside, "leaves the fact stored, and counts nothing of it"}};
    if (what == exception_kind::duplicate_customer)
        return {{remedy::merge, "makes one customer of the two, with both balances; --into says who stays"},
                {remedy::keep_apart, "they are two; it is not told again"}};
    if (what == exception_kind::gap) return {{remedy::ask_again, "every reply to the node asks for them; export one, or wait for its next bundle"}};
    if (what == exception_kind::clock_skew) return {{remedy::accept, "the facts stand as they are"}};
    if (what == exception_kind::unknown_product)
        return {{remedy::create, "adds the product as the receipt shows it"}, {remedy::accept, "its sales stand without a product"}};
    if (what == exception_kind::customer_differs)
        return {{remedy::accept, "what headquarters has stands, at that shop too"},
                {remedy::take_over, "what the shop knew of the customer holds for the whole chain"}};
    if (what == exception_kind::product_differs)
        return {{remedy::accept, "what headquarters has stands, at that shop too"},
                {remedy::take_over, "the shop's price and VAT group hold for the whole chain"}};
    if (what == exception_kind::price_mismatch) {
        std::vector<Remedy> list = {{remedy::accept, "the sale stands as it was booked"}};
        if (evidence.contains("corrections") && !evidence["corrections"].empty())
            list.push_back({remedy::correct, "books to the customer what the rules come to: points and spend by the difference"});
        return list;
    }
    std::vector<Remedy> list = {{remedy::accept, "lets it stand; it is told again when it grows"}};
    if (what == exception_kind::double_refund) {
        if (evidence.contains("customer") || evidence.contains("referrer"))
            list.push_back({remedy::write_off, "books back the points and the spend that were taken twice"});
        return list;
    }
    if (evidence.contains("points")) list.push_back({remedy::write_off, "books a correction that brings the points to zero"});
    if (evidence.contains("debt")) list.push_back({remedy::raise_limit, "makes what is owed the customer's limit"});
    return list;
}

/// Balances as if the goods had come back once.
void undo_double_refund(Booking& booking, const Exception& exception) {
    const auto correct = [&](const node::Json& from) {
        node::ActFact fact;
        fact.customer = text_of(from, "customer");
        fact.points = node::parse<node::Points>(text_of(from, "points")).value_or(node::Points{});
        fact.spend = node::parse<node::Money>(text_of(from, "spend")).value_or(node::Money{});
        fact.reason = fmt::format("goods of receipt {} that came back twice (exception {})", text_of(exception.evidence, "receipt"), exception.id);
        if (!fact.points.is_zero() || !fact.spend.is_zero()) booking.append(kind::correction, node::body_of(fact));
    };
    if (exception.evidence.contains("customer")) correct(exception.evidence);
    if (exception.evidence.contains("referrer")) correct(exception.evidence["referrer"]);
}

void write_off(Store& store, Booking& booking, const Exception& exception) {
    if (exception.kind == exception_kind::double_refund) return undo_double_refund(booking, exception);
    const Account account = store.account(find_customer(store, exception.subject));
    if (account.points >= 0) node::refuse("the points", "are not below zero any more");
    node::ActFact fact;
    fact.customer = exception.subject;
    fact.points = -node::Points::of(account.points);
    fact.reason = fmt::format("overdraft {} written off", exception.id);
    booking.append(kind::correction, node::body_of(fact));
}

void raise_limit(Store& store, Booking& booking, const Exception& exception) {
    const std::int64_t row = find_customer(store, exception.subject);
    const CustomerRecord record = store.customer(row);
    node::CustomerFact fact = fact_of(record);
    fact.limit = node::Money::of(store.account(row).debt);
    if (fact.limit <= record.limit) node::refuse("the debt", "is within the limit by now");
    booking.append(kind::customer_set, node::body_of(fact));
}

void create_product(Store& store, Booking& booking, const Exception& exception, const std::vector<std::string>& vat_groups) {
    const node::Json& evidence = exception.evidence;
    node::ProductRow row;
    row.key = text_of(evidence, "product");
    row.codes = {row.key};
    row.name = text_of(evidence, "name");
    row.price = node::parse<node::Money>(text_of(evidence, "price")).value_or(node::Money{});
    row.vat = text_of(evidence, "vat");
    if (store.product_by_code(row.key)) node::refuse("product " + row.key, "is in the catalogue by now");
    if (std::find(vat_groups.begin(), vat_groups.end(), row.vat) == vat_groups.end())
        node::refuse("product " + row.key, fmt::format("was sold in VAT group \"{}\", which the policy does not name", row.vat),
                     "import the product with a group of the policy");
    store.save_product(row);
    booking.append(kind::catalogue_imported, node::canonical({{"file", ""}, {"what", "products"}, {"rows", 1}, {"added", 1}, {"changed", 0}}));
}

/// A number that somebody else has by now stays his, and is told as always.
void take_over_customer(Store& store, Booking& booking, const Exception& exception) {
    node::CustomerFact fact = node::parse_customer(text_of(exception.evidence, "fact"));
    fact.customer = exception.subject;
    fact.cashier.clear();
    fact.approvals.clear();
    if (fact.digest.empty())
        fact.digest = store.customer(find_customer(store, exception.subject)).digest;
    else
        store.add_personal(fact.digest, text_of(exception.evidence, "texts"));
    booking.append(kind::customer_set, node::body_of(fact));
}

void take_over(Store& store, Booking& booking, const Exception& exception, const std::vector<std::string>& vat_groups) {
    if (exception.kind == exception_kind::customer_differs) return take_over_customer(store, booking, exception);
    const auto held = store.product(exception.subject);
    if (!held) node::refuse("product " + exception.subject, "is not in the catalogue any more");
    const node::Json brought = exception.evidence.value("brought", node::Json::object());
    node::ProductRow row = *held;
    row.price = node::parse<node::Money>(text_of(brought, "price")).value_or(row.price);
    row.vat = text_of(brought, "vat");
    if (std::find(vat_groups.begin(), vat_groups.end(), row.vat) == vat_groups.end())
        node::refuse("product " + row.key, fmt::format("stands in VAT group \"{}\" there, which the policy does not name", row.vat),
                     "accept what headquarters has");
    store.save_product(row);
    booking.append(kind::catalogue_imported, node::canonical({{"file", ""}, {"what", "products"}, {"rows", 1}, {"added", 0}, {"changed", 1}}));
}

void correct(Booking& booking, const node::Json& evidence) {
    for (const node::Json& each : evidence.at("corrections")) {
        node::ActFact fact;
        fact.customer = text_of(each, "customer");
        fact.points = node::parse<node::Points>(text_of(each, "points")).value_or(node::Points{});
        fact.spend = node::parse<node::Money>(text_of(each, "spend")).value_or(node::Money{});
        fact.reason = fmt::format("receipt {} computed again", text_of(evidence, "receipt"));
        booking.append(kind::correction, node::body_of(fact));
    }
}

void merge_pair(Store& store, Booking& booking, const Exception& exception, const std::string& into) {
    std::vector<std::int64_t> rows = rows_of(store, exception);
    if (!into.empty()) {
        const std::int64_t stays = find_customer(store, into);
        if (stays == rows[0]) std::swap(rows[0], rows[1]);
        if (stays != rows[1]) node::refuse("--into " + into, "is neither of the two customers", sentence(exception));
    }
    if (rows[0] == rows[1]) node::refuse("the customers", "are one by now");
    booking.append(kind::customer_merged, node::body_of(node::MergeFact{store.customer(rows[0]).id, store.customer(rows[1]).id}));
}

}  // namespace

std::string sentence(const Exception& exception) {
    const node::Json& evidence = exception.evidence;
    if (exception.kind == exception_kind::overdraft) return overdraft_sentence(evidence);
    if (exception.kind == exception_kind::clock_skew) return clock_sentence(exception);
    if (exception.kind == exception_kind::double_refund) return double_refund_sentence(evidence);
    if (exception.kind == exception_kind::gap) return gap_sentence(exception);
    if (exception.kind == exception_kind::price_mismatch) return mismatch_sentence(evidence);
    if (exception.kind == exception_kind::duplicate_customer) return duplicate_sentence(evidence);
    if (exception.kind == exception_kind::customer_differs) return customer_differs_sentence(exception);
    if (exception.kind == exception_kind::unknown_product && evidence.contains("brought"))
        return fmt::format("node {} brought {} \"{}\" in VAT group {}, which the policy does not name", node::print(exception.node),
                           text_of(evidence, "product"), text_of(evidence, "name"), text_of(evidence, "vat"));
    if (exception.kind == exception_kind::unknown_product)
        return fmt::format("node {} sold {} \"{}\" for {}, and HQ has no such product", node::print(exception.node), text_of(evidence, "product"),
                           text_of(evidence, "name"), text_of(evidence, "price"));
    if (exception.kind == exception_kind::product_differs) {
        const node::Json brought = evidence.value("brought", node::Json::object()), held = evidence.value("held", node::Json::object());
        return fmt::format("node {} brought {} \"{}\" for {} in VAT group {}, and HQ has it as \"{}\" for {} in {}", node::print(exception.node),
                           exception.subject, text_of(brought, "name"), text_of(brought, "price"), text_of(brought, "vat"), text_of(held, "name"),
                           text_of(held, "price"), text_of(held, "vat"));
    }
    if (exception.kind == exception_kind::rejected_fact)
        return fmt::format("fact {} ({}) is stored and counts for nothing: {}", exception.subject, text_of(evidence, "kind"), text_of(evidence, "why"));
    return text_of(evidence, "why");
}

std::vector<Remedy> remedies(Store& store, const Exception& exception) {
    if (exception.state != ExceptionState::open && exception.state != ExceptionState::accepted) return {};
    if (exception.kind == exception_kind::fork && !fork_joined(store, exception)) return {};
    std::vector<Remedy> list = remedies_of(exception);
    if (exception.state == ExceptionState::accepted) std::erase_if(list, [&](const Remedy& each) { return each.name == exception.remedy; });
    return list;
}

Exception resolve(Store& store, std::int64_t id, const Decision& decision, const std::vector<std::string>& vat_groups, node::Instant now) {
    Booking booking(store, now);
    const auto exception = store.exception(id);
    const std::string name = fmt::format("exception {}", id);
    if (!exception) node::refuse(name, "is not known", "paprsek-hq exceptions HQ list shows those that are open");
    const std::vector<Remedy> all = remedies_of(*exception), fitting = remedies(store, *exception);
    const auto has = [&](const std::vector<Remedy>& list) {
        return std::any_of(list.begin(), list.end(), [&](const Remedy& each) { return each.name == decision.remedy; });
    };
    if (!has(all)) {
        std::vector<std::string_view> names;
        for (const Remedy& each : all) names.push_back(each.name);
        throw node::Error(node::Exit::usage, "remedy " + decision.remedy, fmt::format("is none for {} ({})", name, exception->kind),
                          fmt::format("{}", fmt::join(names, ", ")));
    }
    if (!has(fitting)) {
        if (exception->kind == exception_kind::fork && exception->open())
            node::refuse(name, fmt::format("node {} has not joined its lines yet", node::print(exception->node)), "exchange with it first");
        node::refuse(name, exception->state == ExceptionState::settled ? "has settled by itself" : "is answered already by " + exception->remedy);
    }
    if (!decision.into.empty() && decision.remedy != remedy::merge) throw node::Error(node::Exit::usage, "--into", "goes with merge alone");
    if (decision.remedy == remedy::ask_again) return *exception;  // every reply's receipt asks; it settles when they come

    const node::ResolutionFact fact{exception->kind, exception->subject, decision.remedy, node::print(exception->node), exception->epoch, exception->seq};
    booking.append(kind::exception_resolved, node::body_of(fact));
    if (decision.remedy == remedy::write_off) write_off(store, booking, *exception);
    if (decision.remedy == remedy::raise_limit) raise_limit(store, booking, *exception);
    if (decision.remedy == remedy::correct) correct(booking, exception->evidence);
    if (decision.remedy == remedy::take_over) take_over(store, booking, *exception, vat_groups);
    if (decision.remedy == remedy::create) create_product(store, booking, *exception, vat_groups);
    if (decision.remedy == remedy::merge) merge_pair(store, booking, *exception, decision.into);
    booking.commit();
    return store.exception(id).value();
}

}  // namespace paprsek::hq
