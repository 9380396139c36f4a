// The exchange by network, on this machine's loopback: HQ's server and real nodes.
#include <fmt/format.h>

#include <atomic>
#include <cassert>
#include <fstream>
#include <memory>
#include <thread>

#include "hq/headquarters.h"
#include "hq/server.h"
#include "node/node.h"
#include "node/script.h"
#include "schema/migrations.h"
#include "sync/agent.h"
#include "sync/http_transport.h"
#include "tools/benchmarks/benchmark.h"

namespace paprsek::benchmarks {
namespace {

constexpr int branches = 50;
constexpr int exchanges_each = 10;
constexpr std::uint64_t loaded_products = 200'000, loaded_customers = 100'000, listed_cards = 100'000;

/// An HQ in a folder, and its server for as long as this lives.
class Served {
public:
    explicit Served(const WorkFolder& folder) : folder_(folder.file("hq")) {
        hq_ = hq::Headquarters::create(folder_, {"Bench"}, node::system_clock(), node::system_random());
    }
    ~Served() {
        if (!server_) return;
        server_->stop();
        thread_.join();
    }
    hq::Headquarters& headquarters() { return *hq_; }
    void serve() {
        hq::ServerOptions options;
        options.listen = "127.0.0.1:0";
        options.limits.burst = 1e6;  // a benchmark comes more often than a branch
        server_ = std::make_unique<hq::Server>(folder_, options, node::system_clock(), node::system_random());
        thread_ = std::thread([this] { server_->run(); });
    }
    std::unique_ptr<sync::Transport> transport() const { return sync::http_transport("http://" + server_->address()); }
    std::string invite(int branch) {
        hq_->add_branch({branch, 1}, "Bench");
        return hq_->invite({branch, 1}, "");
    }

private:
    std::string folder_;
    std::unique_ptr<hq::Headquarters> hq_;
    std::unique_ptr<hq::Server> server_;
    std::thread thread_;
};

std::unique_ptr<node::Node> make_node(const WorkFolder& folder, int branch) {
    return node::Node::create(folder.file(fmt::format("node{}", branch)), {{branch, 1}, "Bench", "CZK", "Europe/Prague", "cs"}, node::system_clock(),
                              node::system_random());
}

void sell(node::Script& script, std::size_t line, const std::string& code) {
    script.play(fmt::format(R"({{"customer":"2900000000018","lines":[{{"code":"{}","price":"12.90"}},{{"code":"{}","qty":"2","price":"5.00"}}]}})", code, code),
                line);
}

std::vector<Result> empty_exchange() {
    WorkFolder folder;
    Served hq(folder);
    hq.serve();
    const auto node = make_node(folder, 1);
    const auto transport = hq.transport();
    sync::join(*node, hq.invite(1), "invitation", *transport);
    sync::ExchangeReport report;
    std::vector<double> times;
    for (int i = 0; i < 200; ++i) times.push_back(microseconds([&] { report = sync::exchange_now(*node, *transport); }) / 1000);
    return {{"exchange.empty.up", static_cast<double>(report.up_bytes), 0, "bytes", fmt::format("{} trip; goal 600", report.trips)},
            {"exchange.empty.down", static_cast<double>(report.down_bytes), 0, "bytes", "goal 600"},
            {"exchange.empty.p50", percentile(times, 0.5), 0, "ms", "keys, seal, signatures, HTTP, HQ's commit, and back"},
            {"exchange.empty.p99", percentile(times, 0.99), 0, "ms", ""}};
}

std::vector<Result> many_branches() {
    WorkFolder folder;
    Served hq(folder);
    hq.serve();
    std::vector<std::unique_ptr<node::Node>> nodes;
    std::vector<std::unique_ptr<sync::Transport>> transports;
    for (int i = 1; i <= branches; ++i) {
        nodes.push_back(make_node(folder, i));
        transports.push_back(hq.transport());
        sync::join(*nodes.back(), hq.invite(i), "invitation", *transports.back());
    }
    std::vector<double> times;
    for (int round = 0; round < exchanges_each; ++round) {
        std::vector<std::thread> threads;
        std::vector<double> round_times(branches);
        // Sold before the clock starts: what is measured is 50 branches that come in the same moment.
        for (auto& node : nodes) {
            node::Script script(*node, node::system_clock());
            for (std::size_t i = 1; i <= 3; ++i) sell(script, i, product_code(i));
        }
        for (std::size_t i = 0; i < branches; ++i)
            threads.emplace_back([&, i] { round_times[i] = microseconds([&] { sync::exchange_now(*nodes[i], *transports[i]); }) / 1000; });
        for (std::thread& thread : threads) thread.join();
        times.insert(times.end(), round_times.begin(), round_times.end());
    }
    return {{"exchange.branches.p50", percentile(times, 0.5), 0, "ms",
             fmt::format("{} branches in the same moment, 3 sales each; clients on the same machine", branches)},
            {"exchange.branches.p99", percentile(times, 0.99), 0, "ms", "goal 1,000"}};
}

void fill_catalogue(hq::Headquarters& headquarters, const WorkFolder& folder) {
    {
        std::ofstream csv(folder.file("products.csv"));
        csv << "code,name,group,price,vat,cost,points,dealer_discounts\n";
        for (std::uint64_t i = 0; i < loaded_products; ++i) csv << product_code(i) << ',' << product_name(i) << ",,12.90,B,9.00,,\n";
    }
    {
        std::ofstream csv(folder.file("customers.csv"));
        csv << "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer,phone,email,address,note\n";
        for (std::uint64_t i = 1; i <= loaded_customers; ++i)
            csv << (i < 10'000 ? std::to_string(i) : "") << ",Customer " << i << fmt::format(",2910{:09}", i) << ",,,0,,12.50,340.00,,,,,\n";
    }
    headquarters.import_catalogue(folder.file("products.csv"));
    headquarters.import_customers(folder.file("customers.csv"));
}

/// Raw SQLite with a branch's own tables and indexes writes the rows that the load left, copied from the ledger by one statement a table, each in
/// the order of its keys, in one transaction: no parsing, no network, nobody let through. Seconds.
double copy_raw(const std::string& ledger, const std::string& path) {
    node::Database raw(path, {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    raw.migrate(schema::branch_migrations());
    raw.run("ATTACH ? AS loaded", ledger);
    const double time = microseconds([&] {
        node::Transaction transaction(raw);
        raw.run("INSERT INTO product SELECT * FROM loaded.product ORDER BY id");
        raw.run("INSERT INTO product_search (rowid, search) SELECT id, search FROM loaded.product ORDER BY id");
        raw.run("INSERT INTO product_code SELECT * FROM loaded.product_code ORDER BY code");
        raw.run("INSERT INTO customer SELECT * FROM loaded.customer ORDER BY id");
        raw.run("INSERT INTO customer_card SELECT * FROM loaded.customer_card ORDER BY code");
        raw.run("INSERT INTO state_row SELECT * FROM loaded.state_row ORDER BY kind, key");
        transaction.commit();
    });
    assert(raw.integer("SELECT count(*) FROM state_row").value() > static_cast<std::int64_t>(loaded_products));
    raw.run("DETACH loaded");
    return time / 1e6;
}

std::vector<Result> first_load() {
    WorkFolder folder;
    Served hq(folder);
    fill_catalogue(hq.headquarters(), folder);
    hq.serve();
    const auto node = make_node(folder, 1);
    const auto transport = hq.transport();
    const std::string invitation = hq.invite(1);

    // A till on the same ledger that sells all the while, twenty times a second.
    std::atomic<bool> loading = true;
    std::vector<double> sales;
    std::thread till([&] {
        const auto own = node::Node::open(node->folder(), node::system_clock(), node::system_random());
        node::Script script(*own, node::system_clock());
        for (std::size_t i = 1; loading; ++i) {
            sales.push_back(microseconds([&] { sell(script, i, product_code(i)); }) / 1000);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    });
    sync::ExchangeOptions options;
    options.progress = sync::make_way;
    sync::ExchangeReport report;
    const double time = microseconds([&] { report = sync::join(*node, invitation, "invitation", *transport, options); }) / 1e6;
    loading = false;
    till.join();
    const double raw = copy_raw(node->folder() + "/ledger.db", folder.file("raw.db"));
    return {{"first_load", time, raw, "s",
             fmt::format("{} rows, {:.1f} MB, {} trips; goal 10", report.rows, static_cast<double>(report.down_bytes) / 1e6, report.trips)},
            {"first_load.sale.p50", percentile(sales, 0.5), 0, "ms", fmt::format("{} sales at a till meanwhile", sales.size())},
            {"first_load.sale.longest", percentile(sales, 1), 0, "ms", "goal 50"}};
}

/// A programme's list of cards (C3) on its way to a branch.
std::vector<Result> card_list() {
    WorkFolder folder;
    Served hq(folder);
    hq.headquarters().set_policy(R"({"allow_customer_by_card":false,"programmes":[{"name":"Union","discount":"5"}]})", "policy");
    {
        std::ofstream csv(folder.file("cards.csv"));
        csv << "card\n";
        for (std::uint64_t i = 0; i < listed_cards; ++i) csv << fmt::format("64{:011}\n", i * 7919);
    }
    hq::CardListReport first, again;
    const auto import = [&](hq::CardListReport& report) {
        return microseconds([&] { report = hq.headquarters().import_cards(folder.file("cards.csv"), {"Union", false, false}); }) / 1e6;
    };
    const double first_time = import(first), again_time = import(again);
    hq.serve();
    const auto node = make_node(folder, 1);
    const auto transport = hq.transport();
    sync::ExchangeOptions options;
    options.progress = sync::make_way;
    sync::ExchangeReport report;
    const double load_time = microseconds([&] { report = sync::join(*node, hq.invite(1), "invitation", *transport, options); }) / 1e6;
    return {{"cards.import", first_time, 0, "s", fmt::format("{} cards put on a programme's list", first.added)},
            {"cards.import.again", again_time, 0, "s", fmt::format("the same file: {} unchanged", again.unchanged)},
            {"cards.load", load_time, 0, "s",
             fmt::format("a branch gets them: {} rows, {:.1f} MB, {} trips", report.rows, static_cast<double>(report.down_bytes) / 1e6, report.trips)}};
}

}  // namespace

std::vector<Benchmark> network_benchmarks() {
    return {{"exchange.empty", "an exchange with nothing new", empty_exchange},
            {"exchange.branches", "50 branches at once", many_branches},
            {"cards", "a list of 100,000 cards: imported, and loaded by a branch", card_list},
            {"first_load", "200,000 products and 100,000 customers by network, with a till selling", first_load}};
}

}  // namespace paprsek::benchmarks
