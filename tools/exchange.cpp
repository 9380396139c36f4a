#include "tools/exchange.h"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "node/recovery.h"
#include "node/reports.h"
#include "sync/agent.h"
#include "sync/backup.h"
#include "sync/exchange.h"
#include "sync/history.h"
#include "sync/transport.h"
#include "tools/edge.h"

namespace paprsek::tools {
namespace {

using node::Exit;
using node::Json;

std::unique_ptr<node::Node> open(const std::string& folder) { return node::Node::open(folder, node::system_clock(), node::system_random()); }

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
    const bool wrong = sync::differs(report);
    if (wrong) complain("exchange", report.message);
    return wrong ? Exit::refused : Exit::ok;
}

sync::HttpOptions http_options(const HqOptions& options) {
    sync::HttpOptions http;
    http.ca_file = options.ca;
    return http;
}

sync::Agent* running_agent = nullptr;  // for the signal handler alone

void print_event(const sync::AgentEvent& event, bool json) {
    if (event.error) {
        if (json)
            print({{"error", {{"what", event.error->subject()}, {"why", event.error->why()}, {"hint", event.error->hint()}}},
                          {"failures", event.failures},
                          {"retry_in_ms", event.retry_in.count()}},
                         true);
        else
            std::cerr << "paprsek: " << event.error->what() << fmt::format("; again in {} s\n", (event.retry_in.count() + 999) / 1000);
    } else if (json) {
        print(json_of(*event.report), true);
    } else if (event.report->news() || !event.report->message.empty()) {
        std::cout << sentence(*event.report) << '\n';
        outcome_of(*event.report);
    }
    std::cout.flush();
}

Exit join_by_network(const HqOptions& options, node::Node& node, const std::string& invitation) {
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
        print(json, true);
    } else {
        std::cout << fmt::format("Joined headquarters \"{}\". {}\n", node.enrolment()->hq_name, sentence(report));
    }
    return outcome_of(report);
}

std::string line_of(const node::TimeZone& zone, const sync::Exchange& exchange) {
    std::string line = zone.print(exchange.at) + "  ";
    switch (exchange.way) {
        case sync::Way::out: line += fmt::format("{} facts written to {}", exchange.sent, exchange.place); break;
        case sync::Way::in:
            line += fmt::format("{}: {} rows of state taken over, {} facts confirmed", exchange.place, exchange.taken, exchange.confirmed);
            break;
        case sync::Way::both:
            line += fmt::format("{}: {} facts sent, {} confirmed, {} rows of state taken over", exchange.place, exchange.sent, exchange.confirmed,
                                exchange.taken);
    }
    if (exchange.times > 1) line += fmt::format(", {} times since {}", exchange.times, zone.print(exchange.since));
    if (exchange.ending != sync::Ending::well) line += fmt::format("; {}", sync::print(exchange.ending));
    if (!exchange.why.empty()) line += ": " + exchange.why;
    if (!exchange.hint.empty()) line += fmt::format(" ({})", exchange.hint);
    return line;
}

}  // namespace

Exit sync_now(const HqOptions& options) {
    const auto opened = open(options.folder);
    const auto transport = sync::transport_to_hq(*opened, http_options(options));
    sync::ExchangeOptions exchange;
    exchange.progress = sync::make_way;
    const sync::ExchangeReport report = sync::exchange_noted(*opened, *transport, exchange);
    if (options.json)
        print(json_of(report), true);
    else
        std::cout << sentence(report) << '\n';
    return outcome_of(report);
}

/// Whether this node and HQ hold the same: by a reply that somebody carried here, which changes nothing; else by network, after an
/// exchange, for the proof is of what both hold when all has been told.
Exit prove(const HqOptions& options) {
    const auto opened = open(options.folder);
    sync::ExchangeReport report;
    std::string reply, what = node::base_name(options.file);
    if (!options.file.empty()) {
        reply = node::read_file(options.file, sync::max_bundle_bytes);
    } else {
        const auto transport = sync::transport_to_hq(*opened, http_options(options));
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
        print(json, true);
    } else if (same) {
        std::cout << fmt::format("The same history: facts 1-{} of {}, hash for hash. {}\n", proof.through, proof.facts,
                                 proof.state ? fmt::format("The same state: version {}.", proof.version)
                                             : fmt::format("The state is not compared: the reply is of version {}.", proof.version));
    }
    if (!same) complain("prove", difference);
    return same ? Exit::ok : Exit::refused;
}

Exit agent(const HqOptions& options) {
    const auto opened = open(options.folder);
    const auto transport = sync::transport_to_hq(*opened, http_options(options));
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

Exit restore(const HqOptions& options) {
    sync::restore(options.file, options.folder);
    const auto opened = open(options.folder);
    const node::Verification result = node::verify(opened->database(), opened->info().node);
    for (const std::string& fault : result.faults) complain("restore", fault);
    const bool key = sync::Identity::exists(options.folder);
    const std::string node = node::print(opened->info().node);
    if (options.json)
        print(
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

Exit rebuild(const HqOptions& options) {
    std::int64_t last = 0;
    if (!options.last_bundle.empty()) {
        const std::string bytes = node::read_file(options.last_bundle, sync::max_bundle_bytes);
        const sync::BundleHeader header = sync::read_header(sync::bytes_of(bytes), node::base_name(options.last_bundle));
        if (header.kind != sync::BundleKind::facts)
            node::refuse(options.last_bundle, "is no bundle that a branch wrote", "name the last file that the branch exported");
        last = header.last;
    }
    const sync::Bytes answer = sync::rebuild(options.folder, node::read_file(options.file, 1u << 20), node::base_name(options.file), last, node::system_clock(),
                                             node::system_random());
    sync::write_atomically(options.to, answer);
    if (options.json)
        print({{"file", options.to}, {"last_bundle", last}}, true);
    else
        std::cout << fmt::format("Carry {}{} to headquarters (paprsek-hq import HQ FILE…), and import its reply here: paprsek import {} FILE\n", options.to,
                                 options.last_bundle.empty() ? "" : " and " + options.last_bundle, options.folder);
    return Exit::ok;
}

Exit enroll(const HqOptions& options) {
    const auto opened = open(options.folder);
    const std::string invitation = node::read_file(options.file, 1u << 20);
    if (options.to.empty()) return join_by_network(options, *opened, invitation);
    const sync::Bytes answer = sync::accept_invitation(*opened, invitation, node::base_name(options.file));
    sync::write_atomically(options.to, answer);
    if (options.json)
        print({{"node", node::print(opened->info().node)}, {"hq", opened->enrolment()->hq_name}, {"file", options.to}}, true);
    else
        std::cout << fmt::format("Carry {} to headquarters \"{}\": paprsek-hq import HQ FILE\n", options.to, opened->enrolment()->hq_name);
    return Exit::ok;
}

/// One file is enough but for years of sales: what it cannot carry goes into PATH.2, PATH.3 …
Exit export_bundle(const HqOptions& options) {
    const auto opened = open(options.folder);
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
        print(json, true);
    }
    return Exit::ok;
}

Exit import_replies(const HqOptions& options) {
    const auto opened = open(options.folder);
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
            const bool wrong = sync::differs(report), history_differs = wrong && !report.state_differed;
            heard = true;
            again = report.again || history_differs || (again && report.outcome == sync::DownOutcome::already_applied);
            const std::int64_t unsent = opened->ledger().head().seq - node::confirmed_through(*opened);
            json.update({{"unsent", unsent}, {"next", again || unsent > 0 ? "export" : "nothing"}});
            if (wrong) complain(file, report.message);
            refused = refused || wrong;
            if (!options.json && !wrong)
                std::cout << fmt::format("{}: {}, {} rows of state; headquarters holds our facts up to {}\n", file, sync::print(report.outcome), report.rows,
                                         report.receipt.seq);
            if (!options.json && !wrong && !report.message.empty()) std::cout << "  " << report.message << '\n';
        } catch (const node::Error& error) {
            if (error.exit() != Exit::refused) throw;
            refused = true;
            json.update({{"outcome", "refused"}, {"why", error.why()}, {"hint", error.hint()}});
            print_error(error);
        }
        list.push_back(std::move(json));
    }
    if (options.json) print(list, true);
    const std::int64_t unsent = heard ? opened->ledger().head().seq - node::confirmed_through(*opened) : 0;
    if (!options.json && (again || unsent > 0)) std::cout << "  next: " << carry_next(options.folder, again, unsent) << '\n';
    return refused ? Exit::refused : Exit::ok;
}

/// The newest first.
Exit exchanges(const HqOptions& options) {
    const auto opened = open(options.folder);
    const auto all = sync::exchanges(*opened);
    Json list = Json::array();
    for (const sync::Exchange& exchange : all) {
        if (options.json)
            list.push_back(sync::json_of(*opened, exchange));
        else
            std::cout << line_of(opened->zone(), exchange) << '\n';
    }
    if (options.json)
        print(list, true);
    else if (all.empty())
        std::cout << "Nothing was exchanged with headquarters yet.\n";
    return Exit::ok;
}

}  // namespace paprsek::tools
