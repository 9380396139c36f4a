// The print queue on a line in memory: what goes over the wire, and how quickly what is due is taken up after a restart.
#include "node/printing.h"

#include <fmt/format.h>

#include "fiscal/datecs/device.h"
#include "fiscal/queue.h"
#include "fiscal/simulator/wire.h"
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
            {fmt::format("{} bytes", profile), static_cast<double>(bench.wire.passed - bytes), 0, "bytes",
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

}  // namespace

std::vector<Benchmark> printing_benchmarks() {
    return {{"printing-wire", "bytes and round trips of a receipt", wire_cost}, {"printing-recovery", "what is due after a restart", recovery}};
}

}  // namespace paprsek::benchmarks
