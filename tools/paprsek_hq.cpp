// paprsek-hq: the command line of headquarters.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "hq/headquarters.h"
#include "hq/place.h"
#include "hq/server.h"
#include "node/base/csv.h"
#include "node/base/error.h"
#include "sync/files.h"
#include "tools/edge.h"
#include "tools/hq_users.h"
#include "tools/prove_slip.h"

using namespace paprsek;
using node::Exit;
using node::Json;

namespace {

struct Options {
    std::string folder, node, to, url, listen = "127.0.0.1:8080", tls_cert, tls_key, file, kind, from, until, customer, name, currency = "CZK",
                                       time_zone = "Europe/Prague";
    std::string programme, remedy, into, confirm, preview_file;
    std::vector<std::string> files;
    std::vector<std::int64_t> ids;
    int branch = 0, till = 1, only_branch = 0;
    std::int64_t epoch = 0;
    bool json = false, all = false, preview = false, replace = false;
    tools::ReportOutput report;
    tools::HqUsersOptions users;
};

/// HQ in a sentence or in a command to type: without a password.
std::string shown(const Options& options) { return hq::Place(options.folder).print(); }

std::unique_ptr<hq::Headquarters> open(const Options& options) {
    return hq::Headquarters::open(options.folder, node::system_clock(), node::system_random());
}

node::NodeName node_of(const std::string& text) {
    const auto name = node::parse_node_name(text);
    if (!name) throw node::Error(Exit::usage, "node " + text, "is no branch and till", "write it as 3.1");
    return *name;
}

Json when(const std::optional<node::Instant>& instant) { return instant ? Json(node::print_utc(*instant)) : Json(); }

Json ranges(const std::vector<hq::Range>& list) {
    Json json = Json::array();
    for (const hq::Range& range : list) json.push_back({{"first", range.first}, {"last", range.last}});
    return json;
}

Json json_of(const hq::NodeStatus& node) {
    return {{"node", node::print(node.node)},
            {"name", node.name},
            {"enrolled", node.enrolled},
            {"invited", node.invited},
            {"epoch", node.epoch},
            {"facts", node.facts},
            {"newest", node.newest},
            {"head", node.head},
            {"last_seen", when(node.last_seen)},
            {"last_fact_at", when(node.last_fact)},
            {"gaps", ranges(node.gaps)},
            {"early", node.early},
            {"exceptions", node.exceptions},
            {"state_version", node.state_version}};
}

Json json_of(const std::vector<hq::NodeStatus>& nodes) {
    Json list = Json::array();
    for (const hq::NodeStatus& node : nodes) list.push_back(json_of(node));
    return list;
}

Json json_of(const hq::Exception& exception) {
    Json json = {{"id", exception.id},       {"kind", exception.kind},
                 {"node", node::print(exception.node)}, {"epoch", exception.epoch},
                 {"seq", exception.seq},     {"at", node::print_utc(exception.at)},
                 {"subject", exception.subject}, {"why", hq::sentence(exception)},
                 {"evidence", exception.evidence}, {"open", exception.open()},
                 {"state", hq::print(exception.state)}};
    if (!exception.remedy.empty()) json["remedy"] = exception.remedy;
    if (exception.closed_at) json["closed_at"] = node::print_utc(*exception.closed_at);
    return json;
}

Json json_of(const hq::MergeReport& report) {
    Json json = {{"file", report.source}, {"outcome", hq::print(report.outcome)}};
    if (report.outcome == hq::Merged::refused) {
        json["why"] = report.why;
        json["hint"] = report.hint;
        return json;
    }
    json["node"] = node::print(report.node);
    json["facts"] = report.facts_now;
    if (report.outcome == hq::Merged::enrolled) return json;
    json.update({{"epoch", report.epoch},
                 {"first", report.first},
                 {"last", report.last},
                 {"new", report.new_facts},
                 {"held", report.held},
                 {"early", report.early},
                 {"sales", report.sales},
                 {"customers", report.customers},
                 {"unknown", report.unknown},
                 {"exceptions", Json::array()}});
    if (report.outcome == hq::Merged::parted) json["taken_as"] = report.taken_as;
    json["gap"] = report.gap ? Json{{"first", report.gap->first}, {"last", report.gap->last}} : Json();
    for (const hq::Exception& exception : report.exceptions) json["exceptions"].push_back(json_of(exception));
    return json;
}

Exit init(const Options& options) {
    const auto made =
        hq::Headquarters::create(options.folder, {options.name, options.currency, options.time_zone}, node::system_clock(), node::system_random());
    if (options.json)
        tools::print({{"name", made->info().name}, {"currency", made->info().currency}, {"time_zone", made->info().time_zone}}, true);
    else
        std::cout << fmt::format("HQ \"{}\" is ready in {}.\n", options.name, shown(options));
    return Exit::ok;
}

Exit add_branch(const Options& options) {
    const node::NodeName name{options.branch, options.till};
    open(options)->add_branch(name, options.name);
    if (options.json)
        tools::print({{"node", node::print(name)}, {"name", options.name}}, true);
    else
        std::cout << fmt::format("Node {} \"{}\" is added. Invite it: paprsek-hq invite {} {} --to FILE\n", node::print(name), options.name, shown(options),
                                 node::print(name));
    return Exit::ok;
}

/// For people without the hash, which is wider than the rest together.
void print_nodes(Json nodes, bool as_json) {
    if (!as_json)
        for (Json& node : nodes) node.erase("head");
    tools::print(nodes, as_json);
}

Exit list_branches(const Options& options) {
    print_nodes(json_of(open(options)->branches()), options.json);
    return Exit::ok;
}

Exit invite(const Options& options) {
    const node::NodeName name = node_of(options.node);
    if (!options.tls_cert.empty() && !options.url.starts_with("https://"))
        throw node::Error(Exit::usage, "--tls-cert", "says whose https address it is, and --url names none", "such as --url https://hq.example:8443");
    const std::string url = options.tls_cert.empty() ? options.url : options.url + "#" + hq::pin_of_certificate(options.tls_cert);
    const std::string text = open(options)->invite(name, url);
    // Whoever holds it can join as that node: for its owner alone.
    sync::write_atomically(options.to, sync::bytes_of(text), sync::FileMode::secret);
    if (options.json)
        tools::print({{"node", node::print(name)}, {"file", options.to}}, true);
    else
        std::cout << fmt::format("{} lets one device join as node {}, once. At the branch: paprsek enroll NODE --invite FILE\n", options.to, node::print(name));
    return Exit::ok;
}

Exit revoke(const Options& options) {
    const node::NodeName name = node_of(options.node);
    open(options)->revoke(name);
    if (options.json)
        tools::print({{"node", node::print(name)}}, true);
    else
        std::cout << fmt::format(
            "Nothing that the devices of node {} send counts from now on; what they sent stays. Another device joins by: paprsek-hq invite {} {} --to FILE\n",
            node::print(name), shown(options), node::print(name));
    return Exit::ok;
}

std::string sentence(const hq::MergeReport& report) {
    const std::string node = node::print(report.node);
    const std::string facts = report.first == report.last ? fmt::format("fact {}", report.first) : fmt::format("facts {}-{}", report.first, report.last);
    switch (report.outcome) {
        case hq::Merged::enrolled: return fmt::format("node {} has joined", node);
        case hq::Merged::new_facts:
            return fmt::format("node {}: {} new facts ({} sales), {} held already; HQ holds {}", node, report.new_facts, report.sales, report.held,
                               report.facts_now);
        case hq::Merged::nothing: return fmt::format("node {}: nothing new; HQ holds {} facts", node, report.facts_now);
        case hq::Merged::early:
            return fmt::format("node {}: {} wait until facts {}-{} come", node, facts, report.gap->first, report.gap->last);
        case hq::Merged::parted:
            return fmt::format("node {}: {} go another way than what HQ holds, and are taken over as epoch {}: {} new", node, facts, report.taken_as,
                               report.new_facts);
        case hq::Merged::forked: return fmt::format("node {}: {} contradict what HQ holds; nothing is taken over", node, facts);
        case hq::Merged::unplaced:
            return fmt::format("node {}: {} cannot be read here without what HQ does not hold (any more); nothing is taken over", node, facts);
        case hq::Merged::refused: break;
    }
    return {};
}

Exit import(const Options& options) {
    const auto reports = open(options)->import_files(options.files);
    Json list = Json::array();
    bool refused = false;
    for (const hq::MergeReport& report : reports) {
        list.push_back(json_of(report));
        if (report.outcome == hq::Merged::refused) {
            refused = true;
            tools::complain(report.source, report.why, report.hint);
            continue;
        }
        // What the branch has to answer before its facts can be taken over.
        const bool unsettled = report.outcome == hq::Merged::forked || report.outcome == hq::Merged::unplaced;
        if (unsettled) {
            refused = true;
            tools::complain(report.source, sentence(report), "carry a reply to the branch, which settles it there");
        }
        const bool answer = unsettled || report.gap || report.outcome == hq::Merged::parted;
        if (answer) list.back()["next"] = "reply";
        if (options.json) continue;
        if (!unsettled) std::cout << report.source << ": " << sentence(report) << '\n';
        if (report.gap && report.outcome != hq::Merged::early) std::cout << fmt::format("  facts {}-{} are missing\n", report.gap->first, report.gap->last);
        if (report.unknown) std::cout << fmt::format("  {} facts of a kind that this version does not know are kept; update HQ\n", report.unknown);
        for (const hq::Exception& exception : report.exceptions)
            std::cout << fmt::format("  {} at fact {}: {}\n", exception.kind, exception.seq, hq::sentence(exception));
        if (answer)
            std::cout << fmt::format("  next: carry a reply to the branch, {}: paprsek-hq export {} --to FILE {}\n",
                                     report.outcome == hq::Merged::parted ? "which has to hear of it" : "which settles it there", shown(options),
                                     node::print(report.node));
    }
    if (options.json) tools::print(list, true);
    return refused ? Exit::refused : Exit::ok;
}

/// One file is enough but for the first load of a very large chain; what it cannot carry goes into PATH.2, PATH.3 …
Exit export_reply(const Options& options) {
    const node::NodeName name = node_of(options.node);
    const auto opened = open(options);
    std::filesystem::path path = options.to;
    if (std::filesystem::is_directory(path)) path /= fmt::format("hq-to-{}.bundle", node::print(name));
    Json files = Json::array();
    std::optional<std::int64_t> after;
    for (int number = 1;; ++number) {
        const hq::Reply reply = opened->export_reply(name, after);
        const std::string file = number == 1 ? path.string() : fmt::format("{}.{}", path.string(), number);
        sync::write_atomically(file, sync::bytes_of(reply.bytes));
        files.push_back({{"file", file},
                         {"bytes", reply.bytes.size()},
                         {"node", node::print(name)},
                         {"receipt", reply.receipt},
                         {"returned", reply.facts},
                         {"rows", reply.rows},
                         {"after", reply.after},
                         {"through", reply.through}});
        if (!options.json)
            std::cout << fmt::format("{}: for node {}, receipt up to fact {}, {} rows of state ({} bytes)\n", file, node::print(name), reply.receipt,
                                     reply.rows, reply.bytes.size());
        if (!reply.more) break;
        after = reply.through;
    }
    if (options.json) {
        Json json = files[0];
        if (files.size() > 1) json["files"] = files;
        tools::print(json, true);
    }
    return Exit::ok;
}

Exit import_catalogue(const Options& options) {
    return tools::import_table([&] { return open(options)->import_catalogue(options.file, options.preview).rows; }, options.preview, options.json);
}

Exit points(const Options& options) {
    const node::PointsBy by = *node::parse_points_by(options.kind);
    return tools::import_table([&] { return open(options)->fill_points(by, options.all); }, false, options.json);
}

Exit import_customers(const Options& options) {
    return tools::import_table([&] { return open(options)->import_customers(options.file, options.preview); }, options.preview, options.json);
}

Exit policy(const Options& options) {
    const auto opened = open(options);
    if (!options.preview_file.empty()) {
        const std::string text = node::read_file(options.preview_file, 4u << 20);
        tools::print_preview(
            opened->preview_policy(text, node::base_name(options.preview_file), tools::day(options.from, "--from"), tools::day(options.until, "--to")),
            options.json);
        return Exit::ok;
    }
    if (!options.file.empty()) opened->set_policy(node::read_file(options.file, 4u << 20), node::base_name(options.file));
    const Json json = Json::parse(opened->policy());
    std::cout << (options.json ? json.dump() : json.dump(2)) << '\n';
    return Exit::ok;
}

Exit status(const Options& options) {
    const auto opened = open(options);
    const hq::Status status = opened->status();
    const auto [version, digest] = opened->state_digest();
    const Json json = {{"name", status.info.name},
                       {"currency", status.info.currency},
                       {"time_zone", status.info.time_zone},
                       {"version", status.version},
                       {"state", {{"version", version}, {"digest", schema::to_hex(digest)}}},
                       {"epoch", status.epoch},
                       {"facts", status.facts},
                       {"customers", status.customers},
                       {"products", status.products},
                       {"sales", status.sales},
                       {"exceptions", status.exceptions},
                       {"to_recompute", status.to_recompute},
                       {"nodes", json_of(status.nodes)}};
    if (options.json) {
        tools::print(json, true);
        return Exit::ok;
    }
    std::cout << fmt::format("{}: {} facts, {} sales, {} customers, {} products, {} open exceptions\n", status.info.name, status.facts, status.sales,
                             status.customers, status.products, status.exceptions);
    print_nodes(json["nodes"], false);
    return Exit::ok;
}

Exit report(const Options& options) {
    hq::ReportFilter filter{tools::day(options.from, "--from"), tools::day(options.until, "--to"), {}, options.customer};
    if (options.only_branch) filter.branch = options.only_branch;
    const auto opened = open(options);
    const hq::Report report = opened->report(options.kind, filter);
    tools::ReportOutput output = options.report;
    output.json = options.json;
    tools::write_report(
        output, [&] { return Json(report.rows); },
        [&] {
            const std::string period = filter.from || filter.to ? fmt::format(", {} – {}", options.from, options.until) : "";
            return node::Table{"Report " + report.kind, opened->info().name + period, node::columns_of(report.columns), report.rows};
        });
    return Exit::ok;
}

Exit exceptions(const Options& options) {
    const auto opened = open(options);
    Json list = Json::array();
    for (const hq::Exception& exception : opened->exceptions(!options.all)) {
        Json row = json_of(exception);
        row["remedies"] = Json::array();
        for (const hq::Remedy& remedy : opened->remedies(exception)) row["remedies"].push_back(remedy.name);
        if (!options.json) {
            // Reads on one line; the evidence is for programs.
            row = {{"id", row["id"]}, {"kind", row["kind"]}, {"node", row["node"]}, {"state", row["state"]}, {"why", row["why"]},
                   {"remedies", fmt::format("{}", fmt::join(row["remedies"].get<std::vector<std::string>>(), ", "))}};
        }
        list.push_back(std::move(row));
    }
    tools::print(list, options.json);
    return Exit::ok;
}

Json json_of(const std::vector<hq::HolderStatus>& holders) {
    Json list = Json::array();
    for (const hq::HolderStatus& each : holders)
        list.push_back({{"node", node::print(each.node)},
                        {"epoch", each.epoch},
                        {"begun", each.begun},
                        {"state", hq::print(each.state)},
                        {"customers", each.customers},
                        {"points", node::print(each.points)},
                        {"credit", node::print(each.credit)}});
    return list;
}

Exit rights(const Options& options) {
    const hq::RightsStatus status = open(options)->rights();
    Json waiting = Json::array();
    for (const node::NodeName& each : status.waiting) waiting.push_back(node::print(each));
    if (options.json) {
        tools::print({{"spend", status.era.empty() ? "allowance" : "rights"}, {"era", status.era}, {"waiting", waiting}, {"holders", json_of(status.holders)}},
                     true);
        return Exit::ok;
    }
    if (status.era.empty()) std::cout << "The policy does not say rights: branches spend by allowance.\n";
    for (const node::NodeName& each : status.waiting)
        std::cout << fmt::format("Node {} has not heard of it: until it exchanges twice, or is revoked, nothing is granted.\n", node::print(each));
    tools::print(json_of(status.holders), false);
    return Exit::ok;
}

Exit write_off_rights(const Options& options) {
    const node::NodeName name = node_of(options.node);
    const auto written = open(options)->write_off_rights(name, options.epoch ? std::optional(options.epoch) : std::nullopt);
    if (options.json) {
        tools::print({{"node", node::print(name)}, {"written_off", json_of(written)}}, true);
        return Exit::ok;
    }
    for (const hq::HolderStatus& each : written)
        std::cout << fmt::format("{} points and {} credit of {} customers that epoch {} of node {} held are in the reserve again.\n", node::print(each.points),
                                 node::print(each.credit), each.customers, each.epoch, node::print(name));
    return Exit::ok;
}

/// One after another; what was answered before one that is refused stays answered.
Exit resolve(const Options& options) {
    const auto opened = open(options);
    Json list = Json::array();
    for (const std::int64_t id : options.ids) {
        const hq::Exception exception = opened->resolve(id, {options.remedy, options.into});
        list.push_back(json_of(exception));
        if (options.json) continue;
        if (exception.open())
            std::cout << fmt::format("Exception {} stays open until the facts come: every reply to {} asks for them. "
                                     "Export one: paprsek-hq export {} {} --to FILE\n",
                                     id, node::print(exception.node), shown(options), node::print(exception.node));
        else
            std::cout << fmt::format("Exception {} ({}) is {} by {}.\n", id, exception.kind, hq::print(exception.state), exception.remedy);
    }
    if (options.json) tools::print(list.size() == 1 ? list[0] : list, true);
    return Exit::ok;
}

Exit print_customer(const hq::CustomerBalance& customer, const Options& options) {
    const Json json = {{"customer", customer.id},
                       {"number", customer.number ? Json(*customer.number) : Json()},
                       {"name", customer.name},
                       {"cards", customer.cards},
                       {"points", node::print(customer.points)},
                       {"spend", node::print(customer.spend)},
                       {"debt", node::print(customer.debt)}};
    tools::print(options.json ? json : Json::array({json}), options.json);
    return Exit::ok;
}

Exit merge_customers(const Options& options) { return print_customer(open(options)->merge_customers(options.customer, options.into), options); }

Exit unmerge_customer(const Options& options) { return print_customer(open(options)->unmerge_customer(options.customer), options); }

Exit erase_customer(const Options& options) { return print_customer(open(options)->erase_customer(options.customer), options); }

Json json_of(const node::ResetSummary& summary) {
    return {{"batch", summary.batch}, {"customers", summary.customers}, {"points", node::print(summary.points)}, {"spend", node::print(summary.spend)},
            {"facts", summary.facts}};
}

Exit reset_balances(const Options& options) {
    const auto what = node::parse_reset(options.kind);
    if (!what) throw node::Error(Exit::usage, "reset " + options.kind, "is not known", "accounts (points and spend), points or spend");
    const auto opened = open(options);
    if (const hq::ResetDone asked = opened->preview_reset(*what); options.json && !node::confirms(options.confirm, asked.summary.phrase)) {
        Json json = json_of(asked.summary);
        json.update({{"refused", "confirm_reset"}, {"confirm", asked.summary.phrase}, {"held", asked.held}, {"held_points", node::print(asked.held_points)}});
        tools::print(json, true);
    }
    const hq::ResetDone done = opened->reset_balances(*what, options.confirm);
    Json json = json_of(done.summary);
    json.update({{"held", done.held}, {"held_points", node::print(done.held_points)}});
    if (options.json) {
        tools::print(json, true);
        return Exit::ok;
    }
    std::cout << fmt::format("{} points and {} of spend of {} customers are booked away ({}). It is undone by: paprsek-hq customers {} undo-reset\n",
                             node::print(done.summary.points), node::print(done.summary.spend), done.summary.customers, done.summary.batch, shown(options));
    if (done.held)
        std::cout << fmt::format("{} points of {} customers lie with branches by right and are left: repeat it when they have given them back.\n",
                                 node::print(done.held_points), done.held);
    return Exit::ok;
}

Exit undo_reset(const Options& options) {
    const node::ResetSummary summary = open(options)->undo_reset();
    if (options.json)
        tools::print(json_of(summary), true);
    else
        std::cout << fmt::format("{} points and {} of spend of {} customers are booked back ({}).\n", node::print(summary.points), node::print(summary.spend),
                                 summary.customers, summary.batch);
    return Exit::ok;
}

Exit expire_points(const Options& options) {
    const std::int64_t customers = open(options)->expire_points();
    if (options.json)
        tools::print({{"customers", customers}}, true);
    else
        std::cout << fmt::format("Points of {} customers have expired.\n", customers);
    return Exit::ok;
}

Exit import_cards(const Options& options) {
    const hq::CardListReport report = open(options)->import_cards(options.file, {options.programme, options.preview, options.replace});
    Json faults = Json::array();
    for (const node::RowFault& fault : report.faults) {
        faults.push_back({{"place", fault.place}, {"why", fault.why}, {"hint", fault.hint}});
        tools::complain(fault.place, fault.why, fault.hint);
    }
    if (report.more_faults) std::cerr << fmt::format("paprsek: {}: has {} more wrong rows\n", node::base_name(options.file), report.more_faults);
    const bool refused = !report.faults.empty();
    if (options.json)
        tools::print({{"programme", options.programme},
                      {"rows", report.rows},
                      {"added", report.added},
                      {"unchanged", report.unchanged},
                      {"removed", report.removed},
                      {"linked", report.linked},
                      {"preview", options.preview},
                      {"taken", !refused && !options.preview},
                      {"errors", faults}},
                     true);
    else
        std::cout << fmt::format("{} cards: {} added to {}, {} as they were, {} taken off, {} given to customers.{}\n", report.rows, report.added,
                                 options.programme, report.unchanged, report.removed, report.linked,
                                 refused            ? " Nothing is taken over: the rows named above are wrong."
                                 : options.preview ? " That is a preview: nothing is changed."
                                                   : "");
    return refused ? Exit::refused : Exit::ok;
}

Exit users(const Options& options) { return tools::hq_users(*open(options), options.users, options.json); }

Exit verify(const Options& options) {
    const hq::Verification result = open(options)->verify();
    if (options.json) {
        tools::print({{"ok", result.ok()}, {"facts", result.facts}, {"nodes", result.nodes}, {"faults", result.faults}}, true);
    } else if (result.ok()) {
        std::cout << fmt::format("All is well: {} facts of {} nodes, every balance is the sum of its movements.\n", result.facts, result.nodes);
    }
    for (const std::string& fault : result.faults) tools::complain("verify", fault);
    return result.ok() ? Exit::ok : Exit::refused;
}

Exit prove(const Options& options) { return tools::prove_slips(*open(options), options.files, options.json); }

Exit serve(const Options& options) {
    hq::ServerOptions server_options;
    server_options.listen = options.listen;
    server_options.certificate = options.tls_cert;
    server_options.key = options.tls_key;
    hq::Server server(options.folder, server_options, node::system_clock(), node::system_random());
    const std::string url = server.scheme() + "://" + server.address();
    if (options.json) {
        Json json = {{"listening", server.address()}, {"url", url}};
        if (!options.tls_cert.empty()) json["pin"] = hq::pin_of_certificate(options.tls_cert);
        tools::print(json, true);
    } else {
        std::cout << fmt::format("Branches reach this HQ at {} until Ctrl+C.\n", url);
    }
    std::cout.flush();
    server.run(true);
    return Exit::ok;
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    CLI::App app("Paprsek headquarters: merges what branches send, keeps catalogue, customers and policy.", "paprsek-hq");
    app.require_subcommand(1);
    Options options;
    Exit (*act)(const Options&) = nullptr;
    const auto command = [&](const char* name, const char* text, Exit (*what)(const Options&)) {
        CLI::App* sub = app.add_subcommand(name, text);
        sub->add_option("HQ", options.folder, "HQ's folder, or postgresql://USER@HOST:PORT/DATABASE")->required();
        sub->add_flag("--json", options.json, "one JSON document instead of text");
        // Of `branch HQ add`, both callbacks run, the inner one first: it has the say.
        sub->callback([&act, what] {
            if (!act) act = what;
        });
        return sub;
    };
    const auto under = [&](CLI::App* parent, const char* name, const char* text, Exit (*what)(const Options&)) {
        CLI::App* sub = parent->add_subcommand(name, text);
        sub->fallthrough();
        sub->callback([&act, what] { act = what; });
        return sub;
    };

    auto* sub = command("init", "make a new HQ", init);
    sub->add_option("--name", options.name, "the chain's name")->required();
    sub->add_option("--currency", options.currency, "three letters");
    sub->add_option("--time-zone", options.time_zone, "such as Europe/Prague; whose days count in reports");

    sub = command("branch", "branches and their tills", list_branches);
    sub->require_subcommand(1);
    auto* inner = under(sub, "add", "add a till of a branch", add_branch);
    inner->add_option("N", options.branch, "branch number, 1-9999")->required();
    inner->add_option("--till", options.till, "till number, 0-99; 0 is an office without a till");
    inner->add_option("--name", options.name, "the branch's name")->required();
    under(sub, "list", "what HQ knows of each", list_branches);

    sub = command("revoke", "take nothing more from the devices of this node", revoke);
    sub->add_option("N.T", options.node, "branch and till, such as 3.1")->required();
    sub = command("invite", "write a file that lets one device join as this node", invite);
    sub->add_option("N.T", options.node, "branch and till, such as 3.1")->required();
    sub->add_option("--to", options.to, "the invitation's file")->required();
    sub->add_option("--url", options.url, "HQ's address, where the node can reach it, such as https://hq.example:8443");
    sub->add_option("--tls-cert", options.tls_cert, "HQ's certificate, for an address that needs no other authority");

    sub = command("serve", "exchange with branches by network until Ctrl+C", serve);
    sub->add_option("--listen", options.listen, "ADDRESS:PORT; port 0 takes a free one");
    sub->add_option("--tls-cert", options.tls_cert, "a PEM file; without it only this machine is served");
    sub->add_option("--tls-key", options.tls_key, "its key");

    sub = command("import", "merge bundles of branches and take enrolment answers", import);
    sub->add_option("FILE", options.files)->required();
    sub = command("prove", "whether the codes at the end of slips are genuine, and what their facts say", prove);
    sub->add_option("CODE", options.files, "as scanned or typed: 3.1-000017:41:9F86D081884C7D65, or the 24 digits of bars")->required();
    sub = command("export", "write the reply for a node: receipt and state", export_reply);
    sub->add_option("N.T", options.node, "branch and till, such as 3.1")->required();
    sub->add_option("--to", options.to, "a file or a folder")->required();

    sub = command("catalogue", "products and groups", nullptr);
    sub->require_subcommand(1);
    inner = under(sub, "import", "groups, products or prices from CSV", import_catalogue);
    inner->add_option("FILE", options.file)->required();
    inner->add_flag("--preview", options.preview, "says what would happen, and changes nothing");
    sub = command("points", "points of products by their price or margin, or by the policy again", points);
    sub->add_option("--by", options.kind, "price, margin or policy")->required()->check(CLI::IsMember({"price", "margin", "policy"}));
    sub->add_flag("--all", options.all, "of all products, those set by hand too; without it, of those that have none of their own");
    sub = command("customers", "customers and their opening balances", nullptr);
    sub->require_subcommand(1);
    inner = under(sub, "import", "customers from CSV", import_customers);
    inner->add_option("FILE", options.file)->required();
    inner->add_flag("--preview", options.preview, "says what would happen, and changes nothing");
    inner = under(sub, "merge", "two customers are one: all balances of FROM count for INTO", merge_customers);
    inner->add_option("FROM", options.customer, "number or card")->required();
    inner->add_option("INTO", options.into, "number or card of the one who stays")->required();
    under(sub, "unmerge", "undoes a merge", unmerge_customer)->add_option("FROM", options.customer, "number or card, as before the merge")->required();
    under(sub, "erase", "delete name, phone, e-mail, address and note, here and at the branches; balances stay", erase_customer)
        ->add_option("WHO", options.customer, "number or card")
        ->required();
    inner = under(sub, "reset", "book all points, spend or both away: asks for a phrase first", reset_balances);
    inner->add_option("WHAT", options.kind, "accounts (points and spend), points or spend")->required();
    inner->add_option("--confirm", options.confirm, "the phrase that it asks for");
    under(sub, "undo-reset", "book back what the newest reset took", undo_reset);
    under(sub, "expire", "book away the points that have expired, of all customers now", expire_points);
    sub = command("users", "who works at the tills: list, add, pin, badge, role, rename, branches or remove", users);
    sub->add_option("ACTION", options.users.action, "list, add, pin, badge, role, rename, branches or remove");
    sub->add_option("NAME", options.users.name, "the user's name");
    sub->add_option("--role", options.users.role, "administrator, manager, cashier or another of the policy's");
    sub->add_option("--pin-file", options.users.pin_file, "a file whose first line is the PIN, or - for standard input");
    sub->add_option("--badge", options.users.badge, "the badge's code; none takes it away");
    sub->add_option("--to", options.users.new_name, "the new name");
    sub->add_option("--branch", options.users.branches, "where the user works, several may be named; list: who works there")->delimiter(',');
    sub->add_flag("--everywhere", options.users.everywhere, "in every branch");
    sub = command("cards", "lists of a programme's cards", nullptr);
    sub->require_subcommand(1);
    inner = under(sub, "import", "a list from CSV: card, customer, name", import_cards);
    inner->add_option("FILE", options.file)->required();
    inner->add_option("--programme", options.programme, "as the policy names it")->required();
    inner->add_flag("--preview", options.preview, "says what would happen, and changes nothing");
    inner->add_flag("--replace", options.replace, "cards that the file does not name are taken off the list");

    sub = command("policy", "show the policy, or set it for the chain", policy);
    auto* set_policy = sub->add_option("--set", options.file, "a JSON file");
    sub->add_option("--preview", options.preview_file, "a JSON file: what it would have given for past sales; changes nothing")->excludes(set_policy);
    sub->add_option("--from", options.from, "preview: first day, such as 2026-03-01");
    sub->add_option("--to", options.until, "preview: last day");
    command("status", "nodes, how fresh they are, what is missing", status);
    sub = command("report", hq::report_kinds, report);
    sub->add_option("KIND", options.kind)->required();
    sub->add_option("--from", options.from, "first day, such as 2026-03-01");
    sub->add_option("--to", options.until, "last day");
    sub->add_option("--branch", options.only_branch, "one branch only");
    sub->add_option("--customer", options.customer, "number or card, for movements and rights");
    options.report.add_to(*sub);
    sub = command("exceptions", "what a person has to look at", exceptions);
    sub->add_flag("--all", options.all, "answered and settled ones too");
    under(sub, "list", "the same", exceptions);
    inner = under(sub, "resolve", "answer exceptions", resolve);
    inner->add_option("ID", options.ids)->required();
    inner->add_option("--with", options.remedy, "one of the remedies that the list shows")->required();
    inner->add_option("--into", options.into, "merge: who stays, by number or card");
    sub = command("rights", "who may spend which points and credit without asking", rights);
    inner = under(sub, "write-off", "take back what a lost ledger of this node held", write_off_rights);
    inner->add_option("N.T", options.node, "branch and till, such as 3.1")->required();
    inner->add_option("--epoch", options.epoch, "of that epoch only")->check(CLI::PositiveNumber);
    command("verify", "recompute every chain and every projection", verify);

    return tools::run(app, argc, argv, [&] { return act(options); });
}
