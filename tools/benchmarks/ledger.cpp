// A ledger of a million sales and 200,000 products, a closing at the end of each of its days: opening the till on it, a sale, closing
// the day, and what memory a node takes.
#include <fmt/format.h>
#include <malloc.h>

#include <fstream>
#include <optional>

#include "node/base/log_keeper.h"
#include "node/cashbook.h"
#include "node/node.h"
#include "node/state.h"
#include "node/stock.h"
#include "node/till.h"
#include "tools/benchmarks/benchmark.h"
#include "tools/benchmarks/large_ledger.h"

namespace paprsek::benchmarks {
namespace {

using node::Money;

/// Megabytes of this process that lie in memory.
double resident_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    return 0;
}

/// A delivery note of fifty lines.
void goods_in(node::Node& node, Sequence& sequence) {
    node::StockAct act;
    act.by.cashier = "anna";
    act.document = fmt::format("D-{}", sequence.next());
    for (int i = 0; i < 50; ++i)
        act.items.push_back({product_code(sequence.popular(large_products)), node::Quantity::of(24'000), node::Rate::of(7'500'000)});
    node::StockBooked booked;
    if (!node::book_stock(node, schema::kind::stock_received, act, booked).ok()) std::abort();
}

std::vector<Result> large_ledger() {
    WorkFolder folder;
    const std::string path = folder.file("shop");
    const double making = microseconds([&] { make_large_ledger(path); });
    ::malloc_trim(0);
    const double before = resident_mb();
    std::unique_ptr<node::Node> node;
    std::optional<node::LogKeeper> keeper;  // as the window has one
    std::unique_ptr<node::Till> till;
    const double opening = microseconds([&] {
        node = node::Node::open(path, node::system_clock(), node::system_random());
        keeper.emplace(node->database());
        till = std::make_unique<node::Till>(*node, node::Keep::every_command);
        if (till->view().lines.size() != 0) std::abort();
    });
    Sequence sequence(5);
    std::vector<double> lines, paid, received;
    node::Booked booked;
    for (int i = 0; i < 2000; ++i) {
        lines.push_back(microseconds([&] { till->scan(product_code(sequence.below(large_products))); }));
        if (i % 10 == 9) paid.push_back(microseconds([&] {
            if (!till->pay({}, booked).ok()) std::abort();
        }));
    }
    for (int i = 0; i < 100; ++i) received.push_back(microseconds([&] { goods_in(*node, sequence); }));
    std::int64_t listed = 0;
    const double stocktake = microseconds([&] {
        if (!node::open_stocktake(*node, "", "", "anna", listed).ok()) std::abort();
    });
    if (!node::cancel_stocktake(*node, "").ok()) std::abort();
    node::Till::Closed closed;
    const double report = microseconds([&] { node::open_day(node->database(), node->info().node); });
    const double closing = microseconds([&] {
        if (!till->close_day({}, closed).ok()) std::abort();
    });
    const double memory = resident_mb();
    return {{"ledger.making", making / 1e6, 0, "s", "1,000,000 sales and 200,000 products, appended and projected"},
            {"ledger.open", opening / 1000, 0, "ms", "the till opened on it; aim 300"},
            {"ledger.line.p99", percentile(lines, 0.99), 0, "µs", "a line rung up durably on it; aim 5000"},
            {"ledger.pay.p99", percentile(paid, 0.99), 0, "µs", "ten lines paid on it, durable"},
            {"ledger.goods_in.p99", percentile(received, 0.99), 0, "µs", "goods in, fifty lines with their costs, durable"},
            {"ledger.stocktake", stocktake / 1000, 0, "ms", fmt::format("the list of a stocktake frozen: {} products", listed)},
            {"ledger.x", report / 1000, 0, "ms", "an X of the last day, 2,500 sales"},
            {"ledger.closing", closing / 1000, 0, "ms", "that day closed; aim 200"},
            {"ledger.memory", memory, before, "MB", "of a process with that node after it; raw: before it was opened; aim 100"}};
}

}  // namespace

std::vector<Benchmark> ledger_benchmarks() { return {{"ledger", "a ledger of a million sales", large_ledger}}; }

}  // namespace paprsek::benchmarks
