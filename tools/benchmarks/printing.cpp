// The print queue on a line in memory: what goes over the wire, and how quickly what is due is taken up after a restart.
#include "node/printing.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "fiscal/datecs/device.h"
#include "fiscal/from_fact.h"
#include "fiscal/queue.h"
#include "fiscal/simulator/wire.h"
#include "fiscal/worker.h"
#include "node/branch_import.h"
#include "node/script.h"
#include "tools/benchmarks/benchmark.h"

namespace paprsek::benchmarks {
namespace {

constexpr int pending = 1'000;

/// The device's wall clock goes with the computer's, as the queue compares them.
struct Bench {
    explicit Bench(const std::string& profile)
        : node(node::Node::create(folder.file("node"), {{3, 1}, "Shop", "RON", "Europe/Bucharest", "ro"}, node::system_clock(), node::system_random())),
          machine(settings_of(profile), {}),
          wire(machine) {
        node->set_policy(R"({"cash_rounding":"0.01","vat":[{"group":"A","rate":"21"}]})", "policy");
        node::set_device(*node, {profile, "asynchronous", true, {}}, "{}");
        machine.device().local_seconds = [this] {
            const node::Instant now = node::system_clock().now();
            const node::LocalTime local = node->zone().local(now);
            return std::int64_t{local.date.days} * 86'400 + local.minute * 60;
        };
        fiscal::datecs::Options options;
        options.profile = *fiscal::find_profile(profile);
        options.open = [this] { return wire.open(); };
        device = fiscal::datecs::make_device(std::move(options));
        queue = std::make_unique<fiscal::PrintQueue>(*node, *device, node::system_clock());
    }
    static fiscal::simulator::Settings settings_of(const std::string& profile) {
        fiscal::simulator::Settings settings;
        settings.profile = *fiscal::find_profile(profile);
        settings.rates = {node::Rate::of(21'000'000)};
        return settings;
    }
    void sell(int receipts, int lines) {
        std::string line = R"({"lines":[)";
        for (int i = 0; i < lines; ++i) line += fmt::format(R"({}{{"text":"Item {}","price":"{}.90"}})", i ? "," : "", i, i % 9 + 1);
        node::Script script(*node, node::system_clock());
        for (int i = 0; i < receipts; ++i) script.play(line + "]}", 1);
    }
    WorkFolder folder;
    std::unique_ptr<node::Node> node;
    fiscal::simulator::Machine machine;
    fiscal::simulator::Wire wire;
    std::unique_ptr<fiscal::Device> device;
    std::unique_ptr<fiscal::PrintQueue> queue;
};

/// Bytes of the receipt's own commands and nothing else: open, lines, pay, close.
double least_bytes(const char* profile, int lines) {
    Bench bench(profile);
    bench.sell(1, lines);
    fiscal::Receipt receipt = fiscal::receipt_of(*bench.node, node::prints_due(bench.node->database(), 1).at(0), fiscal::Issue::original);
    bench.queue->check();
    std::int64_t bytes = 0;
    for (int round = 0; round < 2; ++round) {  // with the first one the driver learns the letters
        bytes = 0;
        for (const fiscal::Step& step : bench.device->plan(receipt)) {
            const auto before = bench.wire.passed;
            bench.device->perform(step, receipt);
            if (step.kind != fiscal::StepKind::text) bytes += bench.wire.passed - before;
        }
    }
    return static_cast<double>(bytes);
}

/// Requests and bytes of one receipt of `lines`, beside those without which no receipt can be printed.
std::vector<Result> wire_of(const char* profile, int lines) {
    Bench bench(profile);
    bench.sell(1, lines);
    bench.queue->work();  // the first one opens the line
    bench.sell(1, lines);
    const auto requests = bench.machine.requests();
    const auto bytes = bench.wire.passed;
    const auto start = bench.wire.now_ms;
    bench.queue->work();
    const double trips = static_cast<double>(bench.machine.requests() - requests), least = lines + 3;
    return {{fmt::format("{} round trips", profile), trips, least, "requests", fmt::format("a receipt of {} lines; least: open, lines, pay, close", lines)},
            {fmt::format("{} bytes", profile), static_cast<double>(bench.wire.passed - bytes), least_bytes(profile, lines), "bytes",
             fmt::format("both ways; {} ms by the device's own pace", bench.wire.now_ms - start)}};
}

std::vector<Result> wire_cost() {
    std::vector<Result> all;
    for (const char* profile : {"datecs-p550", "datecs-p", "datecs-ecr", "datecs-x"})
        for (Result& result : wire_of(profile, 30)) all.push_back(std::move(result));
    return all;
}

std::vector<Result> recovery() {
    Bench bench("datecs-p");
    bench.sell(pending, 2);
    bench.machine.plan(30, fiscal::simulator::Mishap::drop_line);  // in the middle of the first ones
    bench.queue->work(5);
    std::size_t due = 0;
    const double look = microseconds([&] {
        due = node::prints_due(bench.node->database(), pending).size();
        bench.queue->work(1);
    });
    const double all = microseconds([&] {
        while (node::pending_prints(bench.node->database()).waiting > 0) bench.queue->work();
    });
    return {{"recovery to the next receipt", look / 1e3, 0, "ms", fmt::format("{} are due: what was broken off is decided, and printed", due)},
            {"1,000 receipts in a row", all / 1e3, 0, "ms", "our part: each step synced to disk, the device costs nothing"}};
}

// ------------------------------------------------------------------------------------------------ beside the window

/// The machine at the end of a serial line of 9600 baud: each byte takes its time, and the worker really waits for it.
class SlowLine final : public fiscal::Transport {
public:
    explicit SlowLine(fiscal::simulator::Machine& machine) : machine_(machine) {}
    std::int64_t now_ms() override { return std::chrono::duration_cast<std::chrono::milliseconds>(Timer::now().time_since_epoch()).count(); }
    void pause(int ms) override { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }
    const std::string& address() const override { return address_; }
    void write(fiscal::ByteView bytes, std::int64_t) override {
        take(bytes.size());
        for (const unsigned char byte : bytes) machine_.receive(byte, now_ms());
    }
    std::size_t read(std::span<unsigned char> into, std::int64_t deadline_ms) override {
        const auto next = machine_.next_at();
        if (!next || *next > deadline_ms) {
            std::this_thread::sleep_for(std::chrono::milliseconds(std::max<std::int64_t>(0, deadline_ms - now_ms())));
            return 0;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(std::max<std::int64_t>(0, *next - now_ms())));
        std::size_t count = 0;
        while (count < into.size() && machine_.next_at() && *machine_.next_at() <= now_ms()) into[count++] = machine_.send();
        take(count);
        return count;
    }

private:
    static void take(std::size_t bytes) { std::this_thread::sleep_for(std::chrono::microseconds(bytes * 10'000'000 / 9'600)); }
    fiscal::simulator::Machine& machine_;
    std::string address_ = "9600 baud";
};

constexpr int scans = 120, scan_pause_ms = 25;

/// How long each scan takes, in milliseconds: the session's command, on disk when it returns.
std::vector<double> scan_times(node::Till& till) {
    std::vector<double> times;
    for (int i = 0; i < scans; ++i) {
        times.push_back(microseconds([&] { till.add_open(fmt::format("Item {}", i), node::Money::of(100 + i), "A"); }) / 1e3);
        std::this_thread::sleep_for(std::chrono::milliseconds(scan_pause_ms));
    }
    till.void_receipt();
    return times;
}

std::vector<Result> beside(const char* profile, fiscal::Mode mode) {
    Bench bench(profile);
    fiscal::DeviceSetting setting;
    setting.profile = profile;
    setting.address = "serial:/dev/null@9600";
    setting.mode = mode;
    fiscal::set_device(*bench.node, setting, "");
    node::Till till(*bench.node, node::Keep::every_command);
    till.set_cashier("bench");
    const std::vector<double> alone = scan_times(till);
    fiscal::PrinterWorker worker(*bench.node, {.folder = bench.folder.file("node"), .device = [&](node::Node&, const fiscal::DeviceSetting& set) {
                                                   fiscal::datecs::Options options;
                                                   options.profile = fiscal::profile_of(set);
                                                   options.open = [&] { return std::make_unique<SlowLine>(bench.machine); };
                                                   return fiscal::datecs::make_device(std::move(options));
                                               }});
    till.set_printer(&worker);
    worker.start();
    for (int i = 0; i < 30; ++i) till.add_open(fmt::format("Item {}", i), node::Money::of(590), "A");
    node::Booked booked;
    const double paid = microseconds([&] {
                            if (till.pay({}, booked).ok()) worker.paid(booked);
                        }) / 1e3;
    const auto start = Timer::now();
    const std::vector<double> meanwhile = scan_times(till);
    while (node::pending_prints(bench.node->database()).all() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const double took = std::chrono::duration<double, std::milli>(Timer::now() - start).count();
    const std::string name = fmt::format("{} {}", profile, print(mode));
    const double usual = percentile(alone, 0.5);
    return {{name + " first scan", meanwhile.front(), usual, "ms", fmt::format("right after the payment ({:.1f} ms); raw: without a printer", paid)},
            {name + " scan, median", percentile(meanwhile, 0.5), usual, "ms", fmt::format("{} scans while it prints, {:.0f} ms in all", scans, took)},
            {name + " scan, 99 %", percentile(meanwhile, 0.99), percentile(alone, 0.99), "ms", ""}};
}

std::vector<Result> beside_the_window() {
    std::vector<Result> all = beside("datecs-p", fiscal::Mode::asynchronous);
    for (Result& result : beside("datecs-p", fiscal::Mode::synchronous)) all.push_back(std::move(result));
    return all;
}

}  // namespace

std::vector<Benchmark> printing_benchmarks() {
    return {{"printing-wire", "bytes and round trips of a receipt", wire_cost},
            {"printing-recovery", "what is due after a restart", recovery},
            {"printing-window", "a scan while a long receipt goes out at 9600 baud", beside_the_window}};
}

}  // namespace paprsek::benchmarks
