// paprsek: the command line of a branch node.
#include <fmt/format.h>

#include <algorithm>
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
#include "node/reports.h"
#include "node/retention.h"
#include "node/script.h"
#include "node/till_reports.h"
#include "node/stock_script.h"
#include "sync/backup.h"
#include "fiscal/counter.h"
#include "tools/customers.h"
#include "tools/demo.h"
#include "tools/device.h"
#include "tools/edge.h"
#include "tools/exchange.h"
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
    tools::HqOptions hq;
    tools::SlipOptions slip;
    tools::StationeryOptions stationery;
    tools::ReportOutput report;
    std::string preview, folder, file, kind, from, to, by, customer, tender, code, document, name,
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

// Of headquarters (tools/exchange.h).
template <Exit (*command)(const tools::HqOptions&)>
Exit with_hq(const Options& options) {
    tools::HqOptions hq = options.hq;
    hq.folder = options.folder;
    hq.json = options.json;
    return command(hq);
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
    command("exchanges", "what was exchanged with headquarters of late, by network and by file, and how it ended", with_hq<tools::exchanges>);
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

    sub = command("restore", "put a backup in place of a lost ledger", with_hq<tools::restore>);
    sub->remove_option(sub->get_option("NODE"));
    sub->add_option("FILE", options.hq.file, "the backup")->required();
    sub->add_option("--to", options.folder, "the node's folder, without a ledger")->required();
    sub = command("rebuild", "make a dead branch anew from what headquarters holds", with_hq<tools::rebuild>);
    sub->add_option("--invite", options.hq.file, "a new invitation of this node")->required();
    sub->add_option("--bundle", options.hq.last_bundle, "the last file that the dead branch exported");
    sub->add_option("--out", options.hq.to, "the answer, to be carried to headquarters")->required();
    sub = command("enroll", "join headquarters with its invitation", with_hq<tools::enroll>);
    sub->add_option("--invite", options.hq.file, "the invitation's file")->required();
    sub->add_option("--out", options.hq.to, "writes the answer to be carried to headquarters, instead of joining by network");
    sub->add_option("--ca", options.hq.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("sync", "exchange with headquarters by network, now", with_hq<tools::sync_now>);
    sub->add_option("--ca", options.hq.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("prove", "whether this branch and headquarters hold the same history and state", with_hq<tools::prove>);
    sub->add_option("--with", options.hq.file, "a reply of headquarters, instead of the network");
    sub->add_option("--ca", options.hq.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("agent", "stay, and exchange with headquarters after sales and as it has news", with_hq<tools::agent>);
    sub->add_option("--ca", options.hq.ca, "PEM file of the authorities that vouch for headquarters");
    sub = command("export", "write what headquarters does not hold yet", with_hq<tools::export_bundle>);
    sub->add_option("--to", options.hq.to, "a file or a folder")->required();
    sub = command("import", "take in headquarters' replies", with_hq<tools::import_replies>);
    sub->add_option("FILE", options.hq.files)->required();

    sub = app.add_subcommand("demo", "a whole chain in a folder: headquarters and three branches, a day of sales, files both ways");
    sub->add_option("--dir", options.demo.folder, "the folder; one that an earlier demo made is made anew");
    sub->add_option("--data", options.demo.data, "a folder with groups, products, customers, policy and a day's baskets");
    sub->add_option("--real", options.demo.real, "a folder of real product and basket lists to take instead");
    sub->add_flag("--headless", options.demo.headless, "no windows: print the outcome");
    sub->add_flag("--json", options.demo.json, "one JSON document at the end");
    sub->callback([&act] { act = demo; });

    return tools::run(app, argc, argv, [&] { return act(options); });
}
