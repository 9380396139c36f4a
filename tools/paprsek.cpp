// paprsek: the command line of a branch node.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "node/branch_import.h"
#include "node/calendar.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/fill_points.h"
#include "node/goods_in.h"
#include "node/paper/labels.h"
#include "node/parked.h"
#include "node/presets.h"
#include "node/preview.h"
#include "node/recovery.h"
#include "node/reports.h"
#include "node/retention.h"
#include "node/script.h"
#include "node/till_reports.h"
#include "node/stock_script.h"
#include "sync/agent.h"
#include "sync/backup.h"
#include "sync/exchange.h"
#include "sync/history.h"
#include "sync/transport.h"
#include "fiscal/counter.h"
#include "tools/customers.h"
#include "tools/demo.h"
#include "tools/device.h"
#include "tools/edge.h"
#include "tools/slips.h"
#include "tools/users.h"

using namespace paprsek;
using node::Exit;
using node::Json;

namespace {

struct Options {
    std::vector<std::string> files;
    tools::DemoOptions demo;
    tools::UsersOptions users;
    tools::DeviceOptions device;
    tools::CustomersOptions customers;
    tools::SlipOptions slip;
    tools::StationeryOptions stationery;
    tools::ReportOutput report;
    std::string preview, folder, file, kind, from, to, by, customer, tender, code, document, name, ca,
        currency = "CZK", time_zone = "Europe/Prague", locale = "cs",
        script = "-";
    int branch = 0, till = 1;
    std::int64_t days = 365;
    bool json = false, choose = false, only_preview = false;
};

std::unique_ptr<node::Node> open(const Options& options) { return node::Node::open(options.folder, node::system_clock(), node::system_random()); }

Exit init(const Options& options) {
    const node::NodeInfo info{{options.branch, options.till}, options.name, options.currency, options.time_zone, options.locale};
    const auto made = node::Node::create(options.folder, info, node::system_clock(), node::system_random());
    if (options.json)
        tools::print(node::status(*made), true);
    else
        std::cout << fmt::format("Node {} \"{}\" is ready in {}.\n", node::print(info.node), info.name, options.folder);
    return Exit::ok;
}

Exit import_catalogue(const Options& options) {
    return tools::import_table([&] { return node::import_catalogue(*open(options), options.file, options.only_preview); }, options.only_preview, options.json);
}

Exit points(const Options& options) {
    const node::PointsBy by = *node::parse_points_by(options.by);
    return tools::import_table([&] { return node::fill_points(*open(options), by, options.choose); }, false, options.json);
}

Exit import_customers(const Options& options) {
    return tools::import_table([&] { return node::import_customers(*open(options), options.file, options.only_preview); }, options.only_preview, options.json);
}

Exit policy(const Options& options) {
    const auto opened = open(options);
    if (!options.preview.empty()) {
        const std::string text = node::read_file(options.preview, 4u << 20);
        tools::print_preview(
            node::preview_policy(*opened, text, node::base_name(options.preview), tools::day(options.from, "--from"), tools::day(options.to, "--to")),
            options.json);
        return Exit::ok;
    }
    if (!options.file.empty()) opened->set_policy(node::read_file(options.file, 4u << 20), node::base_name(options.file));
    const Json json = Json::parse(node::policy_json(opened->policy()));
    std::cout << (options.json ? json.dump() : json.dump(2)) << '\n';
    return Exit::ok;
}

Exit users(const Options& options) { return tools::users(options.folder, options.users, options.json); }

Exit calendar(const Options& options) {
    tools::print(node::calendar_json(open(options)->policy()), options.json);
    return Exit::ok;
}

Exit customers(const Options& options) { return tools::customers(options.folder, options.customers, options.json); }

Exit receipt(const Options& options) { return tools::print_slip(options.folder, options.slip, options.json); }

/// Texts and favourites of this till.
Exit presets(const Options& options) {
    const auto opened = open(options);
    if (!options.file.empty()) node::set_presets(*opened, node::parse_presets(node::read_file(options.file, 1u << 20), node::base_name(options.file)));
    const Json shown = Json::parse(node::presets_json(node::presets_of(*opened)));
    std::cout << (options.json ? shown.dump() : shown.dump(2)) << '\n';
    return Exit::ok;
}

Exit stationery(const Options& options) { return tools::stationery(options.folder, options.stationery, options.json); }

Exit device(const Options& options) { return tools::device(options.folder, options.device, options.json); }

Exit sell(const Options& options) {
    const auto opened = open(options);
    const auto counter = fiscal::make_counter(*opened, node::system_clock());
    node::Script script(*opened, node::system_clock(), counter.get());
    const auto outcome = [](bool all) {
        if (!all) tools::complain("script", "not every line is booked", "the answers say which, and why");
        return all ? Exit::ok : Exit::refused;
    };
    if (options.script == "-") return outcome(script.play_all(std::cin, std::cout));
    std::ifstream file(options.script);
    if (!file || std::filesystem::is_directory(options.script)) node::refuse(options.script, "cannot be read", "check the name");
    return outcome(script.play_all(file, std::cout));
}

Exit goods_in(const Options& options) {
    const auto opened = open(options);
    node::StockAct act;
    act.stock = options.name;
    act.document = options.document;
    const node::GoodsIn result = node::import_goods(*opened, options.file, std::move(act));
    for (const std::string& fault : result.faults) std::cerr << "paprsek: " << fault << '\n';
    if (!result.outcome.ok()) std::cerr << "paprsek: " << options.file << ": " << result.outcome.message << '\n';
    const bool booked = result.faults.empty() && result.outcome.ok();
    if (options.json && booked)
        tools::print(node::stock_answer(*opened, "stock_in", result.booked), true);
    else if (options.json)
        tools::print({{"refused", result.faults.empty() ? std::string(node::print(result.outcome.refusal)) : "wrong_rows"},
                      {"message", result.faults.empty() ? result.outcome.message : fmt::format("{} rows are wrong, nothing is booked", result.faults.size())},
                      {"errors", result.faults}},
                     true);
    else if (booked)
        std::cout << fmt::format("{} lines are in, document {}.\n", result.booked.fact.lines.size(), result.booked.fact.document);
    else if (!result.faults.empty())
        std::cerr << fmt::format("paprsek: {}: {} rows are wrong, nothing is booked\n", options.file, result.faults.size());
    return booked ? Exit::ok : Exit::refused;
}

/// Which stocks there are and from which the till sells.
Exit stock(const Options& options) {
    const auto opened = open(options);
    if (options.choose) {
        const node::Outcome outcome = node::sell_from(*opened, options.name);
        if (!outcome.ok()) node::refuse("--sell-from", outcome.message);
    }
    const std::string from = node::sells_from(*opened);
    const std::vector<std::string> names = node::stock_names(opened->database());
    if (options.json) {
        tools::print({{"stocks", names}, {"sells_from", from}}, true);
        return Exit::ok;
    }
    for (const std::string& name : names) std::cout << (name.empty() ? "(main)" : name) << (name == from ? "  the till sells from it\n" : "\n");
    return Exit::ok;
}

Exit status(const Options& options) {
    tools::print(node::status(*open(options)), options.json);
    return Exit::ok;
}

/// The newest first.
Exit exchanges(const Options& options) {
    const auto opened = open(options);
    Json list = Json::array();
    for (const sync::Exchange& exchange : sync::exchanges(*opened)) list.push_back(sync::json_of(*opened, exchange));
    tools::print(list, options.json);
    return Exit::ok;
}

Exit verify(const Options& options) {
    const auto opened = open(options);
    const node::Verification result = node::verify(opened->database(), opened->info().node);
    if (options.json) {
        tools::print({{"ok", result.ok()}, {"facts", result.facts}, {"faults", result.faults}}, true);
    } else if (result.ok()) {
        std::cout << fmt::format("All is well: {} facts in one chain, every balance is the sum of its movements.\n", result.facts);
    }
    for (const std::string& fault : result.faults) tools::complain("verify", fault);
    return result.ok() ? Exit::ok : Exit::refused;
}

Exit report(const Options& options) {
    const auto opened = open(options);
    node::ReportRange range{tools::day(options.from, "--from"), tools::day(options.to, "--to"), std::nullopt, options.by};
    if (!options.customer.empty()) range.customer = options.customer;
    if (!options.tender.empty()) range.tender = options.tender;
    range.code = options.code;
    tools::ReportOutput output = options.report;
    output.json = options.json;
    tools::write_report(
        output, [&] { return node::report(*opened, options.kind, range); }, [&] { return node::report_table(*opened, options.kind, range); });
    return Exit::ok;
}

/// "CODE" or "CODE*3".
Exit labels(const Options& options) {
    const auto opened = open(options);
    std::vector<node::Label> labels;
    for (const std::string& wanted : options.files) {
        const auto star = wanted.find('*');
        const auto copies =
            star == std::string::npos ? node::Quantity::of(1000) : node::parse<node::Quantity>(wanted.substr(star + 1)).value_or(node::Quantity{});
        if (copies <= node::Quantity{} || copies.raw() % 1000 != 0 || copies.raw() > 1'000'000)
            throw node::Error(Exit::usage, wanted, "is not a code with a number of copies", "write it as 8594001021239*3, at most 1000 of each");
        const std::string code = node::normalise_code(wanted.substr(0, star));
        const auto product = node::find_product(opened->database(), code);
        if (!product) node::refuse(wanted.substr(0, star), "is not in the catalogue");
        const node::Money price = node::price_on(product->prices, product->price, node::price_day(*opened));
        const node::Label label{product->name, node::print(price) + " " + opened->info().currency, code};
        labels.insert(labels.end(), static_cast<std::size_t>(copies.raw() / 1000), label);
    }
    node::write_labels(labels, options.to);
    if (options.json)
        tools::print({{"file", options.to}, {"labels", labels.size()}}, true);
    else
        std::cout << fmt::format("{}: {} labels\n", options.to, labels.size());
    return Exit::ok;
}

/// "This code matches this rule, because": exit 1 where one means nothing here.
Exit codes(const Options& options) {
    const auto opened = open(options);
    Json list = Json::array();
    for (const std::string& code : options.files) list.push_back(node::explain_code(*opened, code));
    const bool all = std::none_of(list.begin(), list.end(), [](const Json& json) { return json["found"] == "nothing"; });
    for (const Json& json : list)
        if (json["found"] == "nothing") tools::complain("code " + json.value("code", std::string()), "means nothing at this till");
    if (options.json) {
        tools::print(list, true);
        return all ? Exit::ok : Exit::refused;
    }
    const auto text = [](const Json& json, const char* key) { return json.value(key, std::string()); };
    for (const Json& json : list) {
        std::string found = text(json, "found");
        if (json.contains("product")) found = fmt::format("{} at {}", text(json["product"], "name"), text(json["product"], "price"));
        if (json.contains("customer")) found += " " + text(json["customer"], text(json["customer"], "name").empty() ? "id" : "name");
        if (json.contains("quantity")) found += fmt::format(", {} kg", text(json, "quantity"));
        if (json.contains("price")) found += fmt::format(", for {}", text(json, "price"));
        std::cout << fmt::format("{}: {}\n", text(json, "code"), found);
        for (const Json& step : json["steps"])
            std::cout << fmt::format("  {} {}: {}\n", step["matched"].get<bool>() ? '+' : '-', text(step, "asked"), text(step, "why"));
    }
    return all ? Exit::ok : Exit::refused;
}

Exit tables(const Options& options) {
    const auto opened = open(options);
    if (!options.file.empty()) node::set_tables(*opened, node::parse_tables(node::read_file(options.file, 1u << 20), node::base_name(options.file)));
    const Json areas = node::tables(*opened);
    if (options.json) {
        tools::print(areas, true);
        return Exit::ok;
    }
    Json rows = Json::array();
    for (const Json& area : areas)
        for (const Json& table : area["tables"]) {
            const Json receipt = table["receipt"].is_null() ? Json{{"lines", Json::array()}} : table["receipt"];
            rows.push_back({{"area", area["area"]}, {"table", table["table"]}, {"since", receipt.value("opened", "")}, {"due", receipt.value("due", "free")},
                            {"lines", receipt["lines"].size()}});
        }
    tools::print(rows, false);
    return Exit::ok;
}

Exit backup(const Options& options) {
    sync::back_up(open(options)->database(), options.folder, options.to);
    if (options.json)
        tools::print({{"backup", options.to}}, true);
    else
        std::cout << "The ledger is copied to " << options.to << ", with the key of this node: keep the file as safe as the till.\n";
    return Exit::ok;
}

Exit retain(const Options& options) {
    const auto opened = open(options);
    const node::Retention done = node::pack_old_facts(*opened, options.days);
    if (options.json)
        tools::print({{"packed", done.facts}, {"through", done.through}, {"bytes", done.bytes}, {"packed_bytes", done.packed_bytes}}, true);
    else if (done.facts == 0)
        std::cout << fmt::format("Nothing to pack: no fact is more than {} days old and acknowledged by headquarters.\n", options.days);
    else
        std::cout << fmt::format("{} facts are packed, from {} bytes to {}. All are still in the chain: paprsek verify\n", done.facts, done.bytes,
                                 done.packed_bytes);
    return Exit::ok;
}

Json json_of(const sync::ExchangeReport& report) {
    Json json = {{"answered", report.answered}, {"outcome", sync::print(report.outcome)}, {"trips", report.trips},     {"sent", report.sent},
                 {"acknowledged", report.acknowledged}, {"unsent", report.unsent}, {"receipt", report.receipt}, {"rows", report.rows},
                 {"version", report.version}, {"up_bytes", report.up_bytes}, {"down_bytes", report.down_bytes}};
    json.update({{"recovered", report.recovered}, {"set_aside", report.set_aside}, {"new_epoch", report.new_epoch}, {"again", report.again}});
    if (!report.message.empty()) json["message"] = report.message;
    return json;
}

/// What a person has to carry next, where the road is a file.
std::string carry_next(const std::string& folder, bool again, std::int64_t unsent) {
    if (again)
        return fmt::format("HQ has to hear of it: paprsek export {} --to FILE, carry it there (paprsek-hq import HQ FILE), and bring the new reply back",
                           folder);
    return fmt::format("{} facts are not at HQ yet: paprsek export {} --to FILE, and carry it there (paprsek-hq import HQ FILE)", unsent, folder);
}

std::string sentence(const sync::ExchangeReport& report) {
    if (!report.answered) return fmt::format("The bundle is written; headquarters' reply is not there yet ({} facts wait).", report.unsent);
    std::string text = fmt::format("{} facts confirmed, {} rows of state taken over; headquarters holds our facts up to {}, {} wait.", report.acknowledged,
                                   report.rows, report.receipt, report.unsent);
    const bool healed = !report.state_differs && (report.outcome == sync::DownOutcome::applied || report.outcome == sync::DownOutcome::already_applied);
    if (healed && !report.message.empty()) text += "\n" + report.message;
    if (report.again) text += "\nHQ has to hear of it: carry the bundle that is written to HQ, and bring the new reply back.";
    return text;
}

/// Exit 1 where ledger or state differ from HQ's and the exchange could not help it.
Exit outcome_of(const sync::ExchangeReport& report) {
    const bool wrong = report.outcome == sync::DownOutcome::forked || report.outcome == sync::DownOutcome::behind || report.state_differs;
    if (wrong) tools::complain("exchange", report.message);
    return wrong ? Exit::refused : Exit::ok;
}

sync::HttpOptions http_options(const Options& options) {
    sync::HttpOptions http;
    http.ca_file = options.ca;
    return http;
}

std::unique_ptr<sync::Transport> transport_to_hq(node::Node& node, const Options& options) {
    const auto enrolment = node.enrolment();
    if (!enrolment) node::refuse(options.folder, "does not belong to an HQ yet", "ask HQ for an invitation and join by: paprsek enroll");
    if (enrolment->url.empty())
        node::refuse(options.folder, "knows no address of HQ: it exchanges by file", "ask HQ for an invitation with --url, and join again by it");
    return sync::make_transport(enrolment->url, http_options(options));
}

Exit sync_now(const Options& options) {
    const auto opened = open(options);
    const auto transport = transport_to_hq(*opened, options);
    sync::ExchangeOptions exchange;
    exchange.progress = sync::make_way;
    const sync::ExchangeReport report = sync::exchange_noted(*opened, *transport, exchange);
    if (options.json)
        tools::print(json_of(report), true);
    else
        std::cout << sentence(report) << '\n';
    return outcome_of(report);
}

/// Whether this node and HQ hold the same: by a reply that somebody carried here, which changes nothing; else by network, after an
/// exchange, for the proof is of what both hold when all has been told.
Exit prove(const Options& options) {
    const auto opened = open(options);
    sync::ExchangeReport report;
    std::string reply, what = node::base_name(options.file);
    if (!options.file.empty()) {
        reply = node::read_file(options.file, sync::max_bundle_bytes);
    } else {
        const auto transport = transport_to_hq(*opened, options);
        sync::ExchangeOptions exchange;
        exchange.progress = sync::make_way;
        report = sync::exchange_noted(*opened, *transport, exchange);
        what = "the answer of " + transport->address();
        const auto answer = transport->exchange(sync::make_up(*opened)->bytes, {});
        if (!answer) node::refuse(options.folder, "has no answer of HQ yet", "carry the bundle there, bring the reply here, and name it: --with FILE");
        reply.assign(answer->begin(), answer->end());
    }
    const sync::Proof proof = sync::prove(*opened, sync::bytes_of(reply), what);
    // What had to be settled just now was a difference too.
    const std::string difference = proof.difference.empty() ? report.message : proof.difference;
    const bool same = proof.same() && difference.empty();
    if (options.json) {
        Json json = {{"same", same}, {"node", node::print(opened->info().node)}, {"epoch", opened->epoch()}, {"facts", proof.facts}, {"through", proof.through},
                     {"head", schema::to_hex(opened->ledger().head().hash)}, {"history", proof.history},
                     {"state", {{"version", proof.version}, {"same", proof.state ? Json(*proof.state) : Json(nullptr)}}}};
        if (!difference.empty()) json["difference"] = difference;
        tools::print(json, true);
    } else if (same) {
        std::cout << fmt::format("The same history: facts 1-{} of {}, hash for hash. {}\n", proof.through, proof.facts,
                                 proof.state ? fmt::format("The same state: version {}.", proof.version)
                                             : fmt::format("The state is not compared: the reply is of version {}.", proof.version));
    }
    if (!same) tools::complain("prove", difference);
    return same ? Exit::ok : Exit::refused;
}

sync::Agent* running_agent = nullptr;  // for the signal handler alone

void print_event(const sync::AgentEvent& event, bool json) {
    if (event.error) {
        if (json)
            tools::print({{"error", {{"what", event.error->subject()}, {"why", event.error->why()}, {"hint", event.error->hint()}}},
                          {"failures", event.failures},
                          {"retry_in_ms", event.retry_in.count()}},
                         true);
        else
            std::cerr << "paprsek: " << event.error->what() << fmt::format("; again in {} s\n", (event.retry_in.count() + 999) / 1000);
    } else if (json) {
        tools::print(json_of(*event.report), true);
    } else if (event.report->news() || !event.report->message.empty()) {
        std::cout << sentence(*event.report) << '\n';
        outcome_of(*event.report);
    }
    std::cout.flush();
}

Exit agent(const Options& options) {
    const auto opened = open(options);
    const auto transport = transport_to_hq(*opened, options);
    sync::Agent agent(*opened, *transport, [&](const sync::AgentEvent& event) {
        print_event(event, options.json);
        sync::note_event(*opened, *transport, event);
    });
    running_agent = &agent;
    for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, [](int) { running_agent->stop(); });
    agent.run();
    for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, SIG_DFL);
    return Exit::ok;
}

Exit join_by_network(const Options& options, node::Node& node, const std::string& invitation) {
    const std::string name = node::base_name(options.file);
    const auto url = sync::parse_invitation(invitation, name).url;
    if (!url) node::refuse(name, "names no address of HQ", "write the answer to a file by --out, and carry it to HQ");
    const auto transport = sync::make_transport(*url, http_options(options));
    sync::ExchangeOptions exchange;
    exchange.progress = sync::make_way;
    const sync::ExchangeReport report = sync::join(node, invitation, name, *transport, exchange);
    if (options.json) {
        Json json = json_of(report);
        json["node"] = node::print(node.info().node);
        json["hq"] = node.enrolment()->hq_name;
        tools::print(json, true);
    } else {
        std::cout << fmt::format("Joined headquarters \"{}\". {}\n", node.enrolment()->hq_name, sentence(report));
    }
    return outcome_of(report);
}

Exit restore(const Options& options) {
    sync::restore(options.file, options.folder);
    const auto opened = open(options);
    const node::Verification result = node::verify(opened->database(), opened->info().node);
    for (const std::string& fault : result.faults) tools::complain("restore", fault);
    const bool key = sync::Identity::exists(options.folder);
    const std::string node = node::print(opened->info().node);
    if (options.json)
        tools::print(
            {{"node", node}, {"facts", result.facts}, {"ok", result.ok()}, {"key", key}, {"needs_invitation", !key && opened->enrolment().has_value()}}, true);
    else
        std::cout << fmt::format("Node {} stands at fact {}. The next exchange brings back what headquarters holds beyond it.\n", node, result.facts);
    if (!options.json && !key && opened->enrolment())
        std::cout << fmt::format(
            "This backup holds no key: ask headquarters for a new invitation (paprsek-hq invite HQ {} --to FILE) and join again: paprsek enroll {} --invite "
            "FILE --out ANSWER\n",
            node, options.folder);
    return result.ok() ? Exit::ok : Exit::refused;
}

Exit rebuild(const Options& options) {
    std::int64_t last = 0;
    if (!options.kind.empty()) {
        const std::string bytes = node::read_file(options.kind, sync::max_bundle_bytes);
        const sync::BundleHeader header = sync::read_header(sync::bytes_of(bytes), node::base_name(options.kind));
        if (header.kind != sync::BundleKind::facts)
            node::refuse(options.kind, "is no bundle that a branch wrote", "name the last file that the branch exported");
        last = header.last;
    }
    const sync::Bytes answer = sync::rebuild(options.folder, node::read_file(options.file, 1u << 20), node::base_name(options.file), last, node::system_clock(),
                                             node::system_random());
    sync::write_atomically(options.to, answer);
    if (options.json)
        tools::print({{"file", options.to}, {"last_bundle", last}}, true);
    else
        std::cout << fmt::format("Carry {}{} to headquarters (paprsek-hq import HQ FILE…), and import its reply here: paprsek import {} FILE\n", options.to,
                                 options.kind.empty() ? "" : " and " + options.kind, options.folder);
    return Exit::ok;
}

Exit enroll(const Options& options) {
    const auto opened = open(options);
    const std::string invitation = node::read_file(options.file, 1u << 20);
    if (options.to.empty()) return join_by_network(options, *opened, invitation);
    const sync::Bytes answer = sync::accept_invitation(*opened, invitation, node::base_name(options.file));
    sync::write_atomically(options.to, answer);
    if (options.json)
        tools::print({{"node", node::print(opened->info().node)}, {"hq", opened->enrolment()->hq_name}, {"file", options.to}}, true);
    else
        std::cout << fmt::format("Carry {} to headquarters \"{}\": paprsek-hq import HQ FILE\n", options.to, opened->enrolment()->hq_name);
    return Exit::ok;
}

/// One file is enough but for years of sales: what it cannot carry goes into PATH.2, PATH.3 …
Exit export_bundle(const Options& options) {
    const auto opened = open(options);
    std::filesystem::path path = options.to;
    if (std::filesystem::is_directory(path)) path /= fmt::format("{}-to-hq.bundle", node::print(opened->info().node));
    sync::prepare_up(*opened);
    Json files = Json::array();
    std::optional<sync::UpBundle> bundle;
    for (int number = 1; !bundle || bundle->last < bundle->newest; ++number) {
        bundle = sync::make_up(*opened, bundle ? &*bundle : nullptr);
        const std::string file = number == 1 ? path.string() : fmt::format("{}.{}", path.string(), number);
        sync::write_atomically(file, bundle->bytes);
        sync::note_export(*opened, file, *bundle);
        files.push_back({{"file", file}, {"bytes", bundle->bytes.size()}, {"epoch", bundle->epoch}, {"first", bundle->first}, {"last", bundle->last}});
        if (!options.json) std::cout << fmt::format("{}: {} facts ({} bytes)\n", file, bundle->last - bundle->first + 1, bundle->bytes.size());
    }
    if (options.json) {
        Json json = files[0];
        if (files.size() > 1) json["files"] = files;
        tools::print(json, true);
    }
    return Exit::ok;
}

Exit import_replies(const Options& options) {
    const auto opened = open(options);
    Json list = Json::array();
    bool refused = false, again = false, heard = false;
    for (const std::string& file : options.files) {
        Json json = {{"file", file}};
        try {
            const std::string bytes = node::read_file(file, sync::max_bundle_bytes);
            const sync::DownReport report = sync::import_noted(*opened, sync::bytes_of(bytes), file, sync::make_way, sync::system_watch());
            json.update({{"outcome", sync::print(report.outcome)}, {"rows", report.rows}, {"version", report.version}, {"receipt", report.receipt.seq},
                         {"acknowledged", report.acknowledged}, {"more", report.more},
                         {"recovered", report.recovered}, {"set_aside", report.set_aside}, {"epoch", report.epoch}, {"new_epoch", report.new_epoch}});
            if (!report.message.empty()) json["message"] = report.message;
            json["unrecoverable"] = Json::array();
            if (const sync::MissingFacts missing = sync::missing_facts(*opened); !missing.empty()) {
                json["unrecoverable"].push_back({{"first", missing.first}, {"last", missing.last}});
                if (!options.json)
                    std::cout << fmt::format("  facts {}-{} of the former ledger did not come back: bring every bundle that it wrote to headquarters\n",
                                             missing.first, missing.last);
            }
            const bool differs = report.state_differed && !report.again;
            const bool wrong = report.outcome == sync::DownOutcome::forked || report.outcome == sync::DownOutcome::behind || differs;
            heard = true;
            again = report.again || (wrong && !differs) || (again && report.outcome == sync::DownOutcome::already_applied);
            const std::int64_t unsent = opened->ledger().head().seq - node::confirmed_through(*opened);
            json.update({{"unsent", unsent}, {"next", again || unsent > 0 ? "export" : "nothing"}});
            if (wrong) tools::complain(file, report.message);
            refused = refused || wrong;
            if (!options.json && !wrong)
                std::cout << fmt::format("{}: {}, {} rows of state; headquarters holds our facts up to {}\n", file, sync::print(report.outcome), report.rows,
                                         report.receipt.seq);
            if (!options.json && !wrong && !report.message.empty()) std::cout << "  " << report.message << '\n';
        } catch (const node::Error& error) {
            if (error.exit() != Exit::refused) throw;
            refused = true;
            json.update({{"outcome", "refused"}, {"why", error.why()}, {"hint", error.hint()}});
            tools::print_error(error);
        }
        list.push_back(std::move(json));
    }
    if (options.json) tools::print(list, true);
    const std::int64_t unsent = heard ? opened->ledger().head().seq - node::confirmed_through(*opened) : 0;
    if (!options.json && (again || unsent > 0)) std::cout << "  next: " << carry_next(options.folder, again, unsent) << '\n';
    return refused ? Exit::refused : Exit::ok;
}

Exit demo(const Options& options) { return tools::run_demo(options.demo); }

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    CLI::App app("Paprsek: a branch that sells without a network, and tells headquarters later.", "paprsek");
    app.require_subcommand(1);
    Options options;
    std::function<Exit(const Options&)> act;
    const auto command = [&](const char* name, const char* text, Exit (*what)(const Options&)) {
        CLI::App* sub = app.add_subcommand(name, text);
        sub->add_option("NODE", options.folder, "the node's folder")->required();
        sub->add_flag("--json", options.json, "one JSON document instead of text");
        sub->callback([&act, what] { act = what; });
        return sub;
    };

    auto* sub = command("init", "make a new node", init);
    sub->add_option("--branch", options.branch, "branch number, 1-9999")->required();
    sub->add_option("--till", options.till, "till number, 0-99; 0 is an office without a till");
    sub->add_option("--name", options.name, "the shop's name")->required();
    sub->add_option("--currency", options.currency, "three letters");
    sub->add_option("--time-zone", options.time_zone, "such as Europe/Prague");
    sub->add_option("--locale", options.locale, "cs, ro or en");
    sub = command("sell", "ring up receipts from JSON lines", sell);
    sub->add_option("--script", options.script, "a file, or - for standard input");
    sub = command("import-catalogue", "groups or products from CSV, for a branch that stands alone", import_catalogue);
    sub->add_option("FILE", options.file)->required();
    sub->add_flag("--preview", options.only_preview, "says what would happen, and changes nothing");
    sub = command("points", "points of products by their price or margin, or by the policy again, for a branch that stands alone", points);
    sub->add_option("--by", options.by, "price, margin or policy")->required()->check(CLI::IsMember({"price", "margin", "policy"}));
    sub->add_flag("--all", options.choose, "of all products, those set by hand too; without it, of those that have none of their own");
    sub = command("import-customers", "customers from CSV, for a branch that stands alone", import_customers);
    sub->add_option("FILE", options.file)->required();
    sub->add_flag("--preview", options.only_preview, "says what would happen, and changes nothing");
    sub = command("goods-in", "book a delivery from CSV (code,qty,cost): the whole file, or nothing of it", goods_in);
    sub->add_option("FILE", options.file)->required();
    sub->add_option("--stock", options.name, "the stock's name; the main one without it");
    sub->add_option("--document", options.document, "the delivery note's number: booked once; without it, the file itself is booked once");
    sub = command("stock", "the stocks of this branch, and from which the till sells", stock);
    sub->add_option_function<std::string>("--sell-from", [&options](const std::string& name) {
        options.name = name;
        options.choose = true;
    }, "the stock's name, or \"\" for the main one");
    sub = command("policy", "show the policy, or set it for a branch that stands alone", policy);
    auto* set_policy = sub->add_option("--set", options.file, "a JSON file");
    sub->add_option("--preview", options.preview, "a JSON file: what it would have given for past sales; changes nothing")->excludes(set_policy);
    sub->add_option("--from", options.from, "preview: first day, such as 2026-03-01");
    sub->add_option("--to", options.to, "preview: last day");
    sub = command("users", "who works at the till: list, add, pin, badge, role, rename or remove", users);
    sub->add_option("ACTION", options.users.action, "list, add, pin, badge, role, rename or remove");
    sub->add_option("NAME", options.users.name, "the user's name");
    sub->add_option("--role", options.users.role, "administrator, manager, cashier or another of the policy's");
    sub->add_option("--pin-file", options.users.pin_file, "a file whose first line is the PIN, or - for standard input");
    sub->add_option("--badge", options.users.badge, "the badge's code; none takes it away");
    sub->add_option("--to", options.users.new_name, "the new name");
    tools::add_options(*command("customers", "customers by hand: add, edit, show, merge, erase, scan, reset and more", customers),
                       options.customers);
    command("calendar", "the week: which multipliers of points and which time discounts act when", calendar);
    options.slip.add_to(*command("receipt", "a past receipt, settlement, cash slip, X, Z or statement: as text, PDF, picture, or printed", receipt));
    command("presets", "texts at hand and favourite products of this till: show them, or set them", presets)
        ->add_option("--set", options.file, "a file such as {\"texts\":[{\"text\":\"Loan\",\"price\":\"50\"}],\"favourites\":[\"8594001021239\"]}");
    options.stationery.add_to(*command("stationery", "what stands on every slip: show it, or set it", stationery));
    sub = command("device", "the printer: find, set, test, status, x, z, pending, resolve, print, collect, drawer or clock", device);
    sub->add_option("ACTION", options.device.action, "find, set, test, status, x, z, pending, resolve, print, collect, drawer or clock");
    sub->add_option("SEQ", options.device.seq, "resolve: of what waits");
    sub->add_option("--profile", options.device.profile, "datecs-p550, datecs-p, datecs-ecr, datecs-x, a receipt printer's, or none");
    sub->add_option("--address", options.device.address, "serial:/dev/ttyUSB0@9600, tcp:192.0.2.7:9100 or file:/dev/usb/lp0");
    sub->add_option("--mode", options.device.mode, "asynchronous, synchronous or ecr");
    sub->add_option("--password", options.device.password, "of the printer's operator 1");
    sub->add_option("--file", options.device.file, "set: a JSON file with all of it");
    sub->add_flag("--print-first", options.device.print_first, "set: sell only what can be printed at once");
    sub->add_flag("--stay", options.device.stay, "print: go on as receipts come");
    sub->add_option("--as", options.device.as, "resolve: printed, again or given-up");
    sub->add_option("--reason", options.device.reason, "resolve: why");
    sub->add_option("--cashier", options.device.cashier, "who does it");
    command("status", "identity, facts, what HQ has confirmed", status);
    command("exchanges", "what was exchanged with headquarters of late, by network and by file, and how it ended", exchanges);
    command("verify", "recompute the chain and every projection", verify);
    sub = command("codes", "what codes mean at the till, and why", codes);
    sub->add_option("CODE", options.files, "as scanned")->required();
    sub = command("tables", "show the restaurant's tables, or set which there are", tables);
    sub->add_option("--set", options.file, R"(a JSON file: [{"area":"Garden","tables":["1","2"]}])");
    sub = command("report", node::report_kinds, report);
    sub->add_option("KIND", options.kind)->required();
    sub->add_option("--from", options.from, "first day, such as 2026-03-01");
    sub->add_option("--to", options.to, "last day");
    sub->add_option("--customer", options.customer, "number or card, for accounts, movements, rights, purchases, statements and payments");
    sub->add_option("--code", options.code, "a product, for stock-moves");
    sub->add_option("--by", options.by, "of sales: day, hour, weekday, cashier, product, group, vat or tender");
    sub->add_option("--tender", options.tender, "lists a closing's receipts that were paid so, such as account");
    options.report.add_to(*sub);
    sub = command("labels", "shelf labels with barcodes, as PDF", labels);
    sub->add_option("CODE", options.files, "a product's code, or CODE*COPIES")->required();
    sub->add_option("--out", options.to, "a PDF file")->required();
    sub = command("backup", "copy the ledger while others go on selling", backup);
    sub->add_option("--to", options.to, "a new file")->required();

    sub = command("retain", "pack old facts that headquarters has acknowledged; none is given up", retain);
    sub->add_option("--days", options.days, "keep the last days as they are")->check(CLI::Range(0, 36'500));

    sub = command("restore", "put a backup in place of a lost ledger", restore);
    sub->remove_option(sub->get_option("NODE"));
    sub->add_option("FILE", options.file, "the backup")->required();
    sub->add_option("--to", options.folder, "the node's folder, without a ledger")->required();
    sub = command("rebuild", "make a dead branch anew from what headquarters holds", rebuild);
    sub->add_option("--invite", options.file, "a new invitation of this node")->required();
    sub->add_option("--bundle", options.kind, "the last file that the dead branch exported");
    sub->add_option("--out", options.to, "the answer, to be carried to headquarters")->required();
    sub = command("enroll", "join headquarters with its invitation", enroll);
    sub->add_option("--invite", options.file, "the invitation's file")->required();
    sub->add_option("--out", options.to, "writes the answer to be carried to headquarters, instead of joining by network");
    sub->add_option("--ca", options.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("sync", "exchange with headquarters by network, now", sync_now);
    sub->add_option("--ca", options.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("prove", "whether this branch and headquarters hold the same history and state", prove);
    sub->add_option("--with", options.file, "a reply of headquarters, instead of the network");
    sub->add_option("--ca", options.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("agent", "stay, and exchange with headquarters after sales and as it has news", agent);
    sub->add_option("--ca", options.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("export", "write what headquarters does not hold yet", export_bundle);
    sub->add_option("--to", options.to, "a file or a folder")->required();
    sub = command("import", "take in headquarters' replies", import_replies);
    sub->add_option("FILE", options.files)->required();

    sub = app.add_subcommand("demo", "a whole chain in a folder: headquarters and three branches, a day of sales, files both ways");
    sub->add_option("--dir", options.demo.folder, "the folder; one that an earlier demo made is made anew");
    sub->add_option("--data", options.demo.data, "a folder with groups, products, customers, policy and a day's baskets");
    sub->add_option("--real", options.demo.real, "a folder of real product and basket lists to take instead");
    sub->add_flag("--headless", options.demo.headless, "no windows: print the outcome");
    sub->add_flag("--json", options.demo.json, "one JSON document at the end");
    sub->callback([&act] { act = demo; });

    return tools::run(app, argc, argv, [&] { return act(options); });
}
