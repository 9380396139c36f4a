#include "tools/customers.h"

#include <fmt/format.h>

#include <climits>
#include <fstream>
#include <iostream>

#include "node/balances.h"
#include "node/base/text.h"
#include "node/customer_history.h"
#include "node/reports.h"
#include "tools/edge.h"

namespace paprsek::tools {
namespace {

using node::Exit;
using node::Json;

[[noreturn]] void usage(const std::string& what, const std::string& why, const std::string& hint = {}) { throw node::Error(Exit::usage, what, why, hint); }

/// Throws the refusal; with --json it is answered, too.
void need(const node::Outcome& outcome, const std::string& what, bool json) {
    if (outcome.ok()) return;
    if (json) std::cout << Json{{"refused", print(outcome.refusal)}, {"message", outcome.message}}.dump() << '\n';
    node::refuse(what, outcome.message);
}

template <class D>
std::optional<D> decimal(const std::string& text, const char* option) {
    if (text.empty()) return std::nullopt;
    const auto value = node::parse<D>(text);
    if (!value) usage(option, "\"" + text + "\" is no number", "write it as 12.50");
    return value;
}

std::optional<node::Instant> day(const node::Node& node, const std::string& text, const char* option, int days_later) {
    if (text.empty()) return std::nullopt;
    const auto date = node::parse_date(text);
    if (!date) usage(option, "\"" + text + "\" is not a day", "write it as 2026-03-31");
    return node.zone().start_of({date->days + days_later});
}

void print_facts(const Json& customer) {
    static constexpr const char* keys[] = {"number", "name", "cards", "phone", "email", "address", "note", "dealer", "discount", "charge_to_account", "limit",
                                           "points", "worth", "spend", "debt", "last_purchase", "referrer", "referred", "expired"};
    for (const char* key : keys) {
        if (!customer.contains(key)) continue;
        const Json& value = customer[key];
        if (value.is_null() || value == "" || value == Json::array()) continue;
        std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        if (value.is_array()) {
            text.clear();
            for (const Json& item : value) text += (text.empty() ? "" : ", ") + (item.is_string() ? item.get<std::string>() : item.dump());
        }
        std::cout << fmt::format("{:18} {}\n", key, text);
    }
    for (const Json& coming : customer.value("expiring", Json::array()))
        std::cout << fmt::format("{:18} {} points after {}\n", "expire", coming["points"].get<std::string>(), coming["last_day"].get<std::string>());
}

Exit show(node::Node& node, const CustomersOptions& options, bool json) {
    const auto record = node::named_customer(node.database(), options.who);
    if (!record) node::refuse("customer " + options.who, "is not known here", "name a number or a card");
    Json customer = customer_json(node, *record);
    customer["history"] = customer_history(
        node, *record, {day(node, options.from, "--from", 0), day(node, options.to, "--to", 1), options.all ? INT_MAX : node::HistoryRange{}.most});
    if (json) {
        print(customer, true);
        return Exit::ok;
    }
    print_facts(customer);
    std::cout << '\n';
    Json rows = Json::array();
    for (const Json& row : customer["history"]) {
        Json shown = {{"at", row.value("at", "")}, {"kind", row["kind"]}, {"document", row.value("document", "")}};
        for (const char* key : {"points", "points_balance", "spend", "spend_balance", "debt", "debt_balance"}) shown[key] = row.value(key, "");
        rows.push_back(std::move(shown));
    }
    print(rows, false);
    return Exit::ok;
}

Exit print_booked(node::Node& node, const node::CustomerBooked& booked, const std::string& sentence, bool json) {
    if (json) {
        Json answer = customer_json(node, booked.customer);
        if (booked.seq) answer["seq"] = booked.seq;
        answer["unchanged"] = booked.seq == 0;
        print(answer, true);
    } else {
        std::cout << (booked.seq ? sentence : "Nothing is changed: it was so already.") << '\n';
    }
    return Exit::ok;
}

std::string name_of(const node::CustomerRecord& customer) {
    std::string name = customer.number                  ? fmt::format("Customer {}", *customer.number)
                       : customer.terms.cards.empty() ? "Customer " + customer.terms.id
                                                      : "The customer with card " + customer.terms.cards.front();
    return customer.texts.name.empty() ? name : name + " (" + customer.texts.name + ")";
}

Exit change(node::Node& node, const CustomersOptions& options, bool json) {
    node::CustomerChange change = options.change;
    const bool add = options.action == "add";
    if (!add && options.who.empty()) usage("customers edit", "WHO is missing", "a number or a card");
    change.customer = options.who;
    if (add) {
        // Of a new one WHO is the number or card that it gets.
        change.customer.clear();
        if (!options.who.empty() && node::as_customer_number(options.who)) change.number = options.who;
        if (!options.who.empty() && !node::as_customer_number(options.who)) change.cards.push_back(options.who);
    }
    change.discount = decimal<node::Rate>(options.discount, "--discount");
    change.limit = decimal<node::Money>(options.limit, "--limit");
    if (!options.charge.empty()) change.charge = options.charge == "yes";
    node::CustomerBooked booked;
    need(change_customer(node, {}, change, booked), "customer" + (options.who.empty() ? "" : " " + options.who), json);
    return print_booked(node, booked, name_of(booked.customer) + (add ? " is added." : " is changed."), json);
}

/// Answered card by card, for a person stands there with a scanner.
Exit scan(node::Node& node, const CustomersOptions& options, bool json) {
    std::ifstream file;
    if (options.cards_file != "-") {
        file.open(options.cards_file);
        if (!file) node::refuse(options.cards_file, "cannot be read", "check the name");
    }
    std::istream& in = options.cards_file == "-" ? std::cin : file;
    bool all = true;
    int added = 0, known = 0;
    for (std::string line; std::getline(in, line);) {
        if (node::trim(line).empty()) continue;
        const node::ScannedCard card = node::add_cards(node, {}, {line}).front();
        added += card.added;
        known += card.outcome.ok() && !card.added;
        all = all && card.outcome.ok();
        if (json) {
            Json answer = {{"card", card.card}, {"outcome", card.added ? "added" : card.outcome.ok() ? "known" : "refused"}};
            if (!card.outcome.ok()) answer.update({{"refused", print(card.outcome.refusal)}, {"message", card.outcome.message}});
            std::cout << answer.dump() << '\n' << std::flush;
        } else if (!card.outcome.ok()) {
            std::cerr << "paprsek: card " << card.card << ": " << card.outcome.message << '\n';
        }
    }
    if (!json) std::cout << fmt::format("{} cards are added, {} were known.\n", added, known);
    return all ? Exit::ok : Exit::refused;
}

Exit reset(node::Node& node, const CustomersOptions& options, bool json) {
    const bool undo = options.action == "undo-reset";
    const auto what = node::parse_reset(options.who);
    if (!undo && !what) usage("customers reset", "needs to know what", "accounts (points and spend), points or spend");
    node::ResetSummary summary;
    const node::Outcome outcome = undo ? undo_reset(node, {}, summary) : reset_balances(node, {}, *what, options.confirm, summary);
    if (outcome.refusal == node::Refusal::confirm_reset && json) {
        std::cout << Json{{"refused", print(outcome.refusal)}, {"message", outcome.message}, {"confirm", summary.phrase}, {"customers", summary.customers},
                          {"points", print(summary.points)}, {"spend", print(summary.spend)}}.dump()
                  << '\n';
        node::refuse("reset", "is not confirmed", fmt::format("--confirm \"{}\"", summary.phrase));
    }
    need(outcome, undo ? "undo-reset" : "reset", json);
    if (json)
        print({{"batch", summary.batch}, {"customers", summary.customers}, {"points", print(summary.points)}, {"spend", print(summary.spend)},
               {"facts", summary.facts}},
              true);
    else
        std::cout << fmt::format("{} points and {} of spend of {} customers are booked {} ({}).{}\n", print(summary.points), print(summary.spend),
                                 summary.customers, undo ? "back" : "away", summary.batch, undo ? "" : " It is undone by: paprsek customers NODE undo-reset");
    return Exit::ok;
}

}  // namespace

void add_options(CLI::App& command, CustomersOptions& options) {
    node::CustomerChange& change = options.change;
    command.add_option("ACTION", options.action, "list, add, edit, show, merge, unmerge, erase, scan, referrals, reset, undo-reset or expire");
    command.add_option("WHO", options.who, "number or card; of reset: accounts, points or spend");
    command.add_option("INTO", options.into, "merge: who stays, by number or card");
    const auto text = [&](const char* name, std::optional<std::string>& value, const char* says) {
        command.add_option_function<std::string>(name, [&value](const std::string& given) { value = given; }, says)->expected(1);
    };
    text("--number", change.number, "1-9999; next = the first that is free; \"\" takes it away, as with every text");
    text("--name", change.name, "the customer's name");
    text("--phone", change.phone, "phone");
    text("--email", change.email, "e-mail");
    text("--address", change.address, "address");
    text("--note", change.note, "a note");
    text("--dealer", change.dealer, "dealer category, as products name it");
    text("--referrer", change.referrer, "who brought the customer, by number or card");
    command.add_option("--discount", options.discount, "percent, on everything");
    command.add_option("--charge", options.charge, "whether the customer may charge to the account: yes or no")->check(CLI::IsMember({"yes", "no"}));
    command.add_option("--limit", options.limit, "of the account; 0 = none");
    command.add_option("--card", change.cards, "adds a card; may be repeated");
    command.add_option("--drop-card", change.drop_cards, "takes a card away; may be repeated");
    command.add_option("--cards", options.cards_file, "scan: a file with a card a line, or - for standard input");
    command.add_option("--confirm", options.confirm, "reset: the phrase that it asks for");
    command.add_option("--from", options.from, "show: first day");
    command.add_option("--to", options.to, "show: last day");
    command.add_flag("--all", options.all, "show: the whole history, not the last 100 movements");
}

Exit customers(const std::string& folder, const CustomersOptions& options, bool json) {
    const auto opened = node::Node::open(folder, node::system_clock(), node::system_random());
    node::Node& node = *opened;
    const std::string& action = options.action;
    if (action == "list" || action == "referrals") {
        print(action == "list" ? node::report(node, "customers", {}) : node::referrals(node), json);
        return Exit::ok;
    }
    if (action == "add" || action == "edit") return change(node, options, json);
    if (action == "scan") return scan(node, options, json);
    if (action == "reset" || action == "undo-reset") return reset(node, options, json);
    if (action == "expire") {
        const std::int64_t customers = node::expire_points(node);
        if (json)
            print({{"customers", customers}}, true);
        else
            std::cout << fmt::format("Points of {} customers have expired.\n", customers);
        return Exit::ok;
    }
    if (action != "show" && action != "merge" && action != "unmerge" && action != "erase")
        usage("customers " + action, "is not known", "list, add, edit, show, merge, unmerge, erase, scan, referrals, reset, undo-reset or expire");
    if (options.who.empty()) usage("customers " + action, "WHO is missing", "a number or a card");
    if (action == "show") return show(node, options, json);
    node::CustomerBooked booked;
    if (action == "merge") {
        if (options.into.empty()) usage("customers merge", "INTO is missing", "who stays, by number or card");
        need(merge_customers(node, {}, options.who, options.into, booked), "customer " + options.who, json);
        return print_booked(node, booked,
                            fmt::format("{} has it all now. It is undone by: paprsek customers NODE unmerge {}", name_of(booked.customer), options.who), json);
    }
    if (action == "unmerge") {
        need(unmerge_customer(node, {}, options.who, booked), "customer " + options.who, json);
        return print_booked(node, booked, name_of(booked.customer) + " is a customer of its own again.", json);
    }
    need(erase_customer(node, {}, options.who, booked), "customer " + options.who, json);
    return print_booked(node, booked, name_of(booked.customer) + ": name, phone, e-mail, address and note are deleted; balances stay.", json);
}

}  // namespace paprsek::tools
