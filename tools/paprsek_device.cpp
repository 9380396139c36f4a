// paprsek-device: a fiscal printer or receipt printer that is none, on a pseudo-terminal or a TCP port, with every mishap by switch,
// by seed or by hand. Its fiscal memory, a journal of what happened and what came out of it lie in a folder.
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>

#include "fiscal/datecs/fields.h"
#include "fiscal/escpos/interpreter.h"
#include "fiscal/simulator/machine.h"
#include "fiscal/simulator/picture.h"
#include "fiscal/simulator/server.h"
#include "node/base/csv.h"
#include "sync/files.h"
#include "tools/edge.h"

using namespace paprsek;
using namespace paprsek::fiscal;

namespace {

struct Options {
    std::string profile = "datecs-p", folder = "device", where = "pty", rates = "21,12,0", serial = "DT000001", model, counter = "opening",
                time_zone = "Europe/Prague";
    std::vector<std::string> faults;
    std::uint64_t seed = 0;
    int chance = 0;
    bool keeps_sequence = false, compares_command = false, quiet = false, json = false, no_pictures = false;
};

volatile std::sig_atomic_t ended = 0;

/// Lines into a file of the folder, and onto the screen unless it shall be quiet.
class Log {
public:
    Log(const std::string& file, bool echo) : file_(file, std::ios::app), echo_(echo) {}
    void operator()(const std::string& line) {
        file_ << line << std::endl;
        if (echo_) std::cout << line << std::endl;
    }

private:
    std::ofstream file_;
    bool echo_;
};

/// A picture of each strip of paper, "paper-000007.png", numbered on from those that lie in the folder.
class Pictures {
public:
    explicit Pictures(const Options& options) : folder_(options.folder), off_(options.no_pictures) {
        while (!off_ && std::filesystem::exists(name(number_ + 1))) ++number_;
    }
    bool off() const { return off_; }
    void operator()(const Bitmap& dots) {
        if (!off_ && !dots.empty()) sync::write_atomically(name(++number_), sync::bytes_of(simulator::picture_of(dots)));
    }

private:
    std::string name(int number) const { return fmt::format("{}/paper-{:06}.png", folder_, number); }
    std::string folder_;
    bool off_;
    int number_ = 0;
};

class DatecsEnd final : public simulator::Endpoint {
public:
    DatecsEnd(simulator::Machine& machine) : machine_(machine) {}
    void receive(unsigned char byte, std::int64_t now_ms) override { machine_.receive(byte, now_ms); }
    std::optional<std::int64_t> next_at() override { return machine_.next_at(); }
    unsigned char send() override { return machine_.send(); }
    void new_line() override { machine_.new_line(); }
    bool take_line_drop() override { return machine_.take_line_drop(); }

private:
    simulator::Machine& machine_;
};

class EscposEnd final : public simulator::Endpoint {
public:
    EscposEnd(EscposInterpreter& printer, Log& paper, Pictures& pictures) : printer_(printer), paper_(paper), pictures_(pictures) {}
    void receive(unsigned char byte, std::int64_t now_ms) override {
        printer_.feed(ByteView(&byte, 1));
        for (const unsigned char said : printer_.take_replies()) out_.push_back(said);
        at_ = now_ms;
        quiet_since_ = std::chrono::steady_clock::now();
        take_paper();
    }
    std::optional<std::int64_t> next_at() override {
        // Where there is no cutter, somebody tears off what hangs out when nothing more comes.
        constexpr auto patience = std::chrono::milliseconds(1'500);
        if (!printer_.current().lines.empty() && printer_.waiting() == 0 && std::chrono::steady_clock::now() - quiet_since_ > patience) {
            printer_.tear_off();
            take_paper();
        }
        return out_.empty() ? std::nullopt : std::optional(at_);
    }
    unsigned char send() override {
        const unsigned char byte = out_.front();
        out_.pop_front();
        return byte;
    }

private:
    void take_paper() {
        // By address, for the oldest are forgotten when many are kept.
        const PrintedPaper* newest = printer_.finished().empty() ? nullptr : &printer_.finished().back();
        if (newest != newest_) {
            paper_(newest->text());
            pictures_(newest->dots);
        }
        newest_ = newest;
    }

    EscposInterpreter& printer_;
    Log& paper_;
    Pictures& pictures_;
    std::deque<unsigned char> out_;
    const PrintedPaper* newest_ = nullptr;
    std::chrono::steady_clock::time_point quiet_since_;
    std::int64_t at_ = 0;
};

/// "drop-reply@12", "busy@3x8": at which request, how often.
void plan(simulator::Machine& machine, const std::string& text) {
    const auto at = text.find('@'), times = text.find('x', at == std::string::npos ? text.size() : at);
    const auto mishap = simulator::parse_mishap(text.substr(0, at));
    const auto request = at == std::string::npos ? std::optional<std::int64_t>(1) : datecs::parse_number(text.substr(at + 1, times - at - 1));
    const auto count = times == std::string::npos ? std::optional<std::int64_t>(3) : datecs::parse_number(text.substr(times + 1));
    if (!mishap || !request || !count || *count < 1 || *count > 1000)
        throw node::Error(node::Exit::usage, text, "is no mishap", "drop-reply@12, busy@3x8; --help names them");
    machine.plan(machine.requests() + *request, *mishap, static_cast<int>(*count));
}

DeviceRates parse_rates(const std::string& text) {
    DeviceRates rates;
    for (const std::string& part : datecs::split_at(text, ',')) rates.push_back(datecs::parse_rate(part));
    return rates;
}

void by_hand(simulator::Machine& machine, const std::string& line, Log& journal) {
    auto& device = machine.device();
    const auto words = datecs::split_at(line, ' ');
    simulator::Register::Report report;
    journal("by hand: " + line);
    if (line == "paper out" || line == "paper in")
        device.paper = words[1] == "in";
    else if (line == "cover open" || line == "cover closed")
        device.cover = words[1] == "open";
    else if (words[0] == "sell" && words.size() == 2 && node::parse<node::Money>(words[1]))
        device.sell_by_hand(*node::parse<node::Money>(words[1]));
    else if (line == "z")
        device.report(true, report);
    else if (words[0] == "fault" && words.size() == 2)
        plan(machine, words[1]);
    else if (line == "quit")
        ended = 1;
    else
        std::cout << "paper out|in, cover open|closed, sell AMOUNT, z, fault NAME@N, quit" << std::endl;
}

void announce(const Options& options, const std::string& address) {
    if (options.json)
        tools::print({{"address", address}, {"profile", options.profile}, {"folder", options.folder}}, true);
    else
        std::cout << fmt::format("A {} stands at {}; what it prints is in {}: paper.txt, and paper-000001.png and on.", options.profile, address,
                                 options.folder) << std::endl;
    std::cout.flush();
}

node::Exit run_escpos(const Options& options, simulator::Server& server, Log& paper) {
    const EscposModel* model = find_escpos_model(options.profile);
    if (!model) throw node::Error(node::Exit::usage, options.profile, "is no device", profile_names());
    EscposInterpreter printer(*model);
    Pictures pictures(options);
    EscposEnd end(printer, paper, pictures);
    announce(options, server.address());
    server.run(
        end, [] { return ended != 0; },
        [&](const std::string& line) {
            if (line == "paper out" || line == "paper in") printer.set_paper(line == "paper in" ? PaperRoll::enough : PaperRoll::out);
            if (line == "cover open" || line == "cover closed") printer.set_cover(line == "cover open");
            if (line == "quit") ended = 1;
        });
    return node::Exit::ok;
}

node::Exit run_datecs(const Options& options, const Profile& profile, simulator::Server& server, Log& paper, Log& journal) {
    const std::string file = options.folder + "/memory.json";
    simulator::Memory memory;
    if (std::filesystem::exists(file)) memory = simulator::parse_memory(node::parse_json(node::read_file(file, 256u << 20), file, 256u << 20));
    simulator::Settings settings;
    settings.profile = profile;
    settings.rates = parse_rates(options.rates);
    settings.serial = options.serial;
    if (!options.model.empty()) settings.model = options.model;
    settings.counts_at_opening = options.counter == "opening";
    simulator::Behaviour behaviour;
    behaviour.remembers_sequence = options.keeps_sequence;
    behaviour.compares_command = options.compares_command;
    simulator::Machine machine(settings, memory, behaviour);
    auto& device = machine.device();
    const node::TimeZone zone(options.time_zone);
    device.local_seconds = [&] {
        const node::Instant now = node::system_clock().now();
        const node::LocalTime local = zone.local(now);
        return std::int64_t{local.date.days} * 86'400 + local.minute * 60 + (now.ms / 1000) % 60;
    };
    device.on_paper = [&](const std::string& line) { paper(line); };
    machine.on_event = [&](const std::string& event) { journal(event); };
    Pictures pictures(options);
    std::size_t pictured = device.memory().journal.size();
    machine.on_change = [&] {
        sync::write_atomically(file, sync::bytes_of(json_of(device.memory()).dump()));
        for (; pictured < device.memory().journal.size(); ++pictured)
            if (!pictures.off()) pictures(dots_of(device.memory().journal[pictured], device.settings()));
    };
    for (const std::string& fault : options.faults) plan(machine, fault);
    std::mt19937_64 engine(options.seed);
    if (options.chance > 0) {
        journal(fmt::format("mishaps by chance: seed {}, {} in 1000 requests", options.seed, options.chance));
        machine.at_random([&](std::int64_t bound) { return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(bound)); }, options.chance);
    }
    machine.on_change();
    DatecsEnd end(machine);
    announce(options, server.address());
    server.run(
        end, [] { return ended != 0; },
        [&](const std::string& line) {
            try {
                by_hand(machine, line, journal);
            } catch (const node::Error& error) {
                std::cout << error.what() << std::endl;
            }
        });
    machine.on_change();
    return node::Exit::ok;
}

node::Exit run(const Options& options) {
    const Profile* profile = find_profile(options.profile);
    if (!profile) throw node::Error(node::Exit::usage, options.profile, "is not known", profile_names());
    if (options.counter != "opening" && options.counter != "close") throw node::Error(node::Exit::usage, "--counter", "is opening or close");
    std::filesystem::create_directories(options.folder);
    Log paper(options.folder + "/paper.txt", !options.quiet), journal(options.folder + "/journal.txt", false);
    simulator::Server server(options.where);
    std::signal(SIGINT, [](int) { ended = 1; });
    std::signal(SIGTERM, [](int) { ended = 1; });
    std::signal(SIGPIPE, SIG_IGN);
    return profile->fiscal ? run_datecs(options, *profile, server, paper, journal) : run_escpos(options, server, paper);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("A printer that is none: for demonstrations and tests.", "paprsek-device");
    Options options;
    app.add_option("--profile", options.profile, profile_names());
    app.add_option("--folder", options.folder, "its fiscal memory, journal.txt, paper.txt and a picture of each strip");
    app.add_option("--at", options.where, "pty, or tcp:127.0.0.1:9100 (port 0: any)");
    app.add_option("--rates", options.rates, "VAT rates of the letters A, B … in percent");
    app.add_option("--serial", options.serial, "its serial number");
    app.add_option("--model", options.model, "as it names itself");
    app.add_option("--counter", options.counter, "when its counter of documents moves: opening or close");
    app.add_option("--time-zone", options.time_zone, "of its clock");
    app.add_option("--fault", options.faults,
                   "NAME@REQUEST[xCOUNT], again and again: drop-request, drop-reply, double-reply, late-reply, corrupt-reply, busy, not-taken, restart-before, "
                   "restart-after, paper-out, cover-open, memory-full, clock-not-set, day-too-long, noise, wrong-sequence, by-hand, split-reply, drop-line");
    app.add_option("--seed", options.seed, "of mishaps by chance");
    app.add_option("--chance", options.chance, "of a mishap, in 1000 requests");
    app.add_flag("--keeps-sequence", options.keeps_sequence, "remembers the number of its last message when switched off");
    app.add_flag("--compares-command", options.compares_command, "a repetition is one of number and command");
    app.add_flag("--quiet", options.quiet, "do not show what is printed");
    app.add_flag("--no-pictures", options.no_pictures, "letters only: paper.txt");
    app.add_flag("--json", options.json, "one JSON document with the address");
    return tools::run(app, argc, argv, [&] { return run(options); });
}
