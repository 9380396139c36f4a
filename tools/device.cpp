#include "tools/device.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "fiscal/counter.h"
#include "fiscal/ecr/collect.h"
#include "fiscal/service.h"
#include "fiscal/vat.h"
#include "node/base/csv.h"
#include "node/node.h"
#include "node/printing.h"
#include "node/receipts.h"
#include "tools/edge.h"

namespace paprsek::tools {
namespace {

using node::Exit;
using node::Json;

volatile std::sig_atomic_t ended = 0;

Exit find(const DeviceOptions& options, bool json) {
    Json found = Json::array();
    Json silent = Json::array();
    const auto addresses = options.address.empty() ? fiscal::likely_addresses() : std::vector{options.address};
    const fiscal::Looked looked = fiscal::look_for_devices(addresses);
    for (const auto& device : looked.found)
        found.push_back({{"address", device.address}, {"profile", device.profile->name}, {"model", device.identity.model}, {"serial", device.identity.serial}});
    for (const auto& line : looked.silent) silent.push_back({{"address", line.address}, {"why", line.why}});
    if (json) {
        print({{"found", found}, {"silent", silent}}, true);
    } else if (found.empty()) {
        std::cerr << "paprsek: device: no fiscal printer answers on " << addresses.size() << " lines (name one: --address tcp:192.0.2.7:9100)\n";
    } else {
        print(found, false);
    }
    return found.empty() ? Exit::refused : Exit::ok;
}

Exit set(node::Node& node, const DeviceOptions& options, bool json) {
    fiscal::DeviceSetting setting = fiscal::device_setting(node);
    if (!options.file.empty()) setting = fiscal::parse_setting(node::read_file(options.file, 64u << 10), node::base_name(options.file));
    if (!options.profile.empty()) setting.profile = options.profile;
    if (!options.address.empty()) setting.address = options.address;
    if (!options.password.empty()) setting.password = options.password;
    if (!options.mode.empty()) {
        const auto mode = fiscal::parse_mode(options.mode);
        if (!mode) throw node::Error(Exit::usage, options.mode, "is no mode", "asynchronous, synchronous or ecr");
        setting.mode = *mode;
    }
    if (options.print_first) setting.print_first = true;
    const bool given = !options.file.empty() || !options.profile.empty() || !options.address.empty() || !options.mode.empty() || !options.password.empty() ||
                       options.print_first;
    if (given) fiscal::set_device(node, setting, options.cashier);
    Json shown = json_of(setting);
    if (shown.contains("password")) shown["password"] = "set";
    std::cout << (json ? shown.dump() : shown.dump(2)) << '\n';
    return Exit::ok;
}

std::unique_ptr<fiscal::Counter> counter_of(node::Node& node) {
    auto counter = fiscal::make_counter(node, node::system_clock());
    if (!counter) node::refuse(node.folder(), "has no printer", "set one: paprsek device NODE set --profile datecs-p --address serial:/dev/ttyUSB0@9600");
    if (!counter->take()) node::refuse(node.folder(), "has a printer that another program drives just now", "try again in a moment");
    return counter;
}

void need(const fiscal::Reply& reply, const std::string& what) {
    if (reply.answer == fiscal::Answer::unknown) node::fail(what, reply.why, "look at the printer before it is tried again");
    if (!reply.ok()) node::refuse(what, reply.why);
}

void connect(fiscal::Counter& counter) { need(counter.device().connect(), counter.device().address()); }

Json pending_json(node::Node& node) {
    Json list = Json::array();
    for (const fiscal::PendingPrint& pending : fiscal::pending_list(node, 1'000)) {
        Json entry = {{"seq", pending.seq}, {"state", pending.person ? "person" : "waiting"}, {"what", pending.kind}};
        if (pending.at) entry["since"] = node.zone().print(*pending.at);
        if (pending.total) {
            entry["receipt"] = pending.receipt;
            entry["total"] = node::print(*pending.total);
        }
        const fiscal::Job& job = pending.job;
        if (job.sent >= 0) entry["begun"] = true;
        if (!job.why.empty()) entry["why"] = job.why;
        if (job.before) entry["before"] = fiscal::shown(*job.before);
        if (job.found) entry["found"] = fiscal::shown(*job.found);
        if (!job.journal.empty()) entry["journal"] = job.journal;
        list.push_back(entry);
    }
    return list;
}

Exit pending(node::Node& node, bool json) {
    const Json list = pending_json(node);
    if (json) {
        print(list, true);
        return Exit::ok;
    }
    if (list.empty()) std::cout << "Everything is printed.\n";
    for (const Json& entry : list) {
        std::cout << fmt::format("{}  {} {} {}  {}\n", entry["seq"].get<std::int64_t>(), entry.value("what", "?"), entry.value("receipt", ""),
                                 entry.value("total", ""), entry["state"] == "person" ? "waits for a person" : "waits for the printer");
        if (entry.contains("why")) std::cout << "    " << entry["why"].get<std::string>() << '\n';
        for (const char* key : {"before", "found"})
            if (entry.contains(key)) std::cout << fmt::format("    {}: {}\n", key, entry[key].dump());
        if (entry.contains("journal")) std::cout << "    the printer's last document:\n" << entry["journal"].get<std::string>() << '\n';
        if (entry["state"] == "person")
            std::cout << fmt::format("    say what became of it: paprsek device NODE resolve {} --as printed|again|given-up --reason TEXT\n",
                                     entry["seq"].get<std::int64_t>());
    }
    return Exit::ok;
}

Exit resolve(node::Node& node, const DeviceOptions& options, bool json) {
    using Resolution = fiscal::PrintQueue::Resolution;
    const std::map<std::string, Resolution> ways = {{"printed", Resolution::printed}, {"again", Resolution::again}, {"given-up", Resolution::given_up}};
    const auto way = ways.find(options.as);
    if (way == ways.end()) throw node::Error(Exit::usage, "device resolve", "--as is missing or no answer", "printed, again or given-up");
    if (way->second != Resolution::again && options.reason.empty()) throw node::Error(Exit::usage, "device resolve", "--reason is missing");
    counter_of(node)->queue().resolve(options.seq, way->second, options.cashier, options.reason);
    if (json)
        print({{"seq", options.seq}, {"as", options.as}}, true);
    else
        std::cout << fmt::format("Noted: {} {}.\n", options.seq, options.as);
    return Exit::ok;
}

Json status_json(node::Node& node, fiscal::Counter* counter, std::string& why) {
    const auto prints = node::pending_prints(node.database());
    Json json = {{"setting", json_of(fiscal::device_setting(node))}, {"pending", prints.all()}, {"for_person", prints.person}, {"days", Json::array()}};
    json["setting"].erase("password");
    for (const auto& day : node::device_days(node.database(), 5)) {
        Json row = {{"at", node.zone().print(day.at)},
                    {"number", day.closed.number},
                    {"expected", node::print(day.closed.expected)},
                    {"behind_our_back", day.closed.of == 0}};
        if (day.closed.total) {
            row["total"] = node::print(*day.closed.total);
            row["difference"] = node::print(*day.closed.total - day.closed.expected);
        }
        json["days"].push_back(row);
    }
    if (!counter) return json;
    fiscal::Device& device = counter->device();
    const auto fault = counter->queue().check();
    json["connected"] = device.connected();
    if (fault) json["fault"] = why = *fault;
    if (!device.connected()) return json;
    json["device"] = {{"model", device.identity().model},
                      {"firmware", device.identity().firmware},
                      {"serial", device.identity().serial},
                      {"memory", device.identity().memory}};
    fiscal::Status status;
    if (device.status(status).ok()) {
        json["ready"] = status.ready();
        json["faults"] = json["warnings"] = Json::array();
        for (const auto found : status.faults) json["faults"].push_back(print(found));
        for (const auto found : status.warnings) json["warnings"].push_back(print(found));
        if (!status.ready()) why = sentence(status.faults.front());
    }
    if (!device.profile().fiscal) return json;
    fiscal::DeviceRates rates;
    if (device.vat_rates(rates).ok())
        for (std::size_t i = 0; i < rates.size(); ++i)
            if (rates[i]) json["rates"][std::string(1, static_cast<char>('A' + i))] = node::print(*rates[i]);
    fiscal::Holding holding;
    if (device.holding(holding).ok()) {
        json["holds"] = fiscal::shown(holding);
        json["printed_since_z"] = node::print(node::printed_since_device_closed(node.database()));
        if (auto noticed = counter->queue().look_at_day(holding)) json["noticed"] = *noticed;
    }
    return json;
}

Exit status(node::Node& node, bool json) {
    auto counter = fiscal::make_counter(node, node::system_clock());
    if (counter && !counter->take()) node::refuse(node.folder(), "has a printer that another program drives just now", "try again in a moment");
    std::string why;
    const Json shown = status_json(node, counter.get(), why);
    std::cout << (json ? shown.dump() : shown.dump(2)) << '\n';
    if (!why.empty()) std::cerr << "paprsek: device: " << why << '\n';
    return why.empty() ? Exit::ok : Exit::refused;
}

Exit report(node::Node& node, fiscal::ReportKind kind, bool json) {
    auto counter = counter_of(node);
    fiscal::ReportMade made;
    need(fiscal::make_report(node, counter->device(), counter->queue(), kind, made), "device");
    Json shown = {{"number", made.report.closures},
                  {"total", node::print(made.report.total())},
                  {"expected", node::print(made.expected)},
                  {"difference", node::print(made.difference())},
                  {"letters", Json::object()}};
    for (std::size_t i = 0; i < made.report.by_letter.size(); ++i)
        shown["letters"][std::string(1, static_cast<char>('A' + i))] = node::print(made.report.by_letter[i]);
    std::cout << (json ? shown.dump() : shown.dump(2)) << '\n';
    return Exit::ok;
}

/// What is due, once or until somebody ends the program: then a till in a window never waits for its printer.
Exit print_due(node::Node& node, bool stay, bool json) {
    auto counter = counter_of(node);
    std::signal(SIGINT, [](int) { ended = 1; });
    std::signal(SIGTERM, [](int) { ended = 1; });
    std::string last;
    for (;;) {
        const auto prints = counter->print_due();
        Json shown = {{"printed", prints.printed}, {"pending", prints.pending}, {"for_person", prints.for_person}};
        if (!prints.waiting.empty()) shown["waiting"] = prints.waiting;
        const std::string text = shown.dump();
        if (!stay || prints.printed || text != last) {
            if (json)
                std::cout << text << std::endl;
            else
                std::cout << fmt::format("{} printed, {} pending{}{}", prints.printed, prints.pending, prints.waiting.empty() ? "" : ": ", prints.waiting)
                          << std::endl;
        }
        last = text;
        if (!stay) return prints.pending ? Exit::refused : Exit::ok;
        for (int i = 0; i < 5 && !ended; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (ended) return Exit::ok;
    }
}

Exit collect(node::Node& node, const DeviceOptions& options, bool json) {
    auto counter = counter_of(node);
    const auto collected = fiscal::collect(node, counter->device(), counter->queue(), options.cashier);
    if (!collected.why.empty()) node::refuse("device collect", collected.why);
    if (json)
        print({{"seq", collected.seq}, {"receipt", collected.number}, {"total", node::print(collected.total)}}, true);
    else if (!collected.seq)
        std::cout << "Nothing was sold on the register itself.\n";
    else
        std::cout << fmt::format("{} was sold on the register itself: booked as {}.\n", node::print(collected.total), collected.number);
    return Exit::ok;
}

Exit simple(node::Node& node, const DeviceOptions& options, bool json) {
    auto counter = counter_of(node);
    connect(*counter);
    fiscal::Device& device = counter->device();
    if (options.action == "test") need(device.test_page(), "device test");
    if (options.action == "drawer") need(device.open_drawer(), "device drawer");
    if (options.action == "clock") need(fiscal::set_device_clock(node.zone(), device, node::system_clock().now()), "device clock");
    if (json)
        print({{"done", options.action}}, true);
    else
        std::cout << "Done.\n";
    return Exit::ok;
}

}  // namespace

Exit device(const std::string& folder, const DeviceOptions& options, bool json) {
    const auto opened = node::Node::open(folder, node::system_clock(), node::system_random());
    const std::string& action = options.action;
    if (action == "find") return find(options, json);
    if (action == "set") return set(*opened, options, json);
    if (action == "status") return status(*opened, json);
    if (action == "pending") return pending(*opened, json);
    if (action == "resolve") return resolve(*opened, options, json);
    if (action == "print") return print_due(*opened, options.stay, json);
    if (action == "collect") return collect(*opened, options, json);
    if (action == "x") return report(*opened, fiscal::ReportKind::x, json);
    if (action == "z") return report(*opened, fiscal::ReportKind::z, json);
    if (action == "test" || action == "drawer" || action == "clock") return simple(*opened, options, json);
    throw node::Error(Exit::usage, "device " + action, "is not known", "find, set, test, status, x, z, pending, resolve, print, collect, drawer or clock");
}

}  // namespace paprsek::tools
