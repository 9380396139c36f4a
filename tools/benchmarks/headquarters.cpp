// HQ takes over 100,000 sales of 3 lines from bundles, everything checked and balances live, beside raw SQLite writing the
// same facts, sales, lines and balances, 1,000 sales a transaction.
#include <fmt/format.h>

#include "hq/headquarters.h"
#include "node/base/database.h"
#include "node/facts.h"
#include "sync/files.h"
#include "sync/keys.h"
#include "sync/message.h"
#include "tools/benchmarks/benchmark.h"
#include "tools/benchmarks/sales.h"

namespace paprsek::benchmarks {
namespace {

using Fact = BookedSale;

constexpr std::int64_t sales = 100'000;
constexpr std::int64_t sales_a_bundle = 5'000;
constexpr node::NodeName branch{3, 1};

std::string text_of(const sync::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// Enrols a key of the benchmark's own as branch 3.1 and returns it with HQ's key.
std::pair<sync::Identity, sync::PublicKey> enrol(hq::Headquarters& headquarters) {
    headquarters.add_branch(branch, "Bench");
    const sync::Invitation invitation = sync::parse_invitation(headquarters.invite(branch, ""), "invitation");
    const sync::Identity identity = sync::Identity::make(node::system_random());
    const sync::EnrolmentAnswer answer{
        branch, "Bench", "CZK", "Europe/Prague", identity.public_key(), sync::proof_of(invitation.secret, branch, identity.public_key())};
    headquarters.import(text_of(sync::write_enrolment(answer, node::system_clock().now(), identity, invitation.hq_key, node::system_random())), "answer");
    return {identity, invitation.hq_key};
}

/// What the branch sells stands in HQ's catalogue, as in a chain that keeps one.
void import_products(hq::Headquarters& headquarters, const std::string& path) {
    std::string csv = "code,name,price,vat\n";
    for (std::uint64_t product = 0; product < sold_products; ++product)
        csv += fmt::format("{},\"{}\",10.00,B\n", product_code(product), product_name(product));
    sync::write_atomically(path, sync::bytes_of(csv));
    headquarters.import_catalogue(path);
}

std::vector<std::string> make_bundles(const std::vector<Fact>& facts, const sync::Identity& identity, const sync::PublicKey& hq_key) {
    std::vector<std::string> bundles;
    schema::Hash before = schema::genesis(node::print(branch));
    for (std::int64_t first = 1; first <= sales; first += sales_a_bundle) {
        sync::UpWriter writer(branch, 1, first, before);
        for (std::int64_t seq = first; seq < first + sales_a_bundle; ++seq) {
            const Fact& fact = facts[static_cast<std::size_t>(seq - 1)];
            writer.add(seq, fact.at, schema::kind::sale, fact.body, fact.hash, "");
            before = fact.hash;
        }
        bundles.push_back(text_of(writer.finish(sales, {}, node::system_clock().now(), identity, hq_key, node::system_random())));
    }
    return bundles;
}

double write_raw(const std::vector<Fact>& facts, const std::string& path) {
    node::Database raw(path, {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    raw.execute(
        "CREATE TABLE fact (node INTEGER, epoch INTEGER, seq INTEGER, at INTEGER, kind TEXT, body TEXT, hash BLOB);"
        "CREATE UNIQUE INDEX fact_name ON fact (node, epoch, seq);"
        "CREATE TABLE sale (id INTEGER PRIMARY KEY, at INTEGER, customer TEXT, net INTEGER, total INTEGER, points INTEGER);"
        "CREATE TABLE line (sale INTEGER, line INTEGER, product TEXT, name TEXT, quantity INTEGER, net INTEGER, PRIMARY KEY (sale, line)) WITHOUT ROWID;"
        "CREATE TABLE balance (customer TEXT PRIMARY KEY, points INTEGER, spend INTEGER) WITHOUT ROWID");
    return microseconds([&] {
        for (std::size_t start = 0; start < facts.size(); start += 1000) {
            node::Transaction transaction(raw);
            for (std::size_t i = start; i < std::min(facts.size(), start + 1000); ++i) {
                const Fact& fact = facts[i];
                const auto id = static_cast<std::int64_t>(i + 1);
                raw.run("INSERT INTO fact VALUES (1, 1, ?, ?, 'sale', ?, ?)", id, fact.at, fact.body, std::span<const unsigned char>(fact.hash));
                raw.run("INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?)", id, fact.at, fact.receipt.customer, fact.receipt.net(), fact.receipt.total(),
                        fact.receipt.points());
                std::int64_t number = 0;
                for (const auto& line : fact.receipt.lines)
                    raw.run("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?)", id, ++number, line.product, line.name, line.quantity, line.net);
                if (!fact.receipt.customer.empty())
                    raw.run(
                        "INSERT INTO balance VALUES (?, ?, ?) ON CONFLICT (customer) DO UPDATE SET points = points + excluded.points, spend = spend + "
                        "excluded.spend",
                        fact.receipt.customer, fact.receipt.points(), fact.receipt.net());
            }
            transaction.commit();
        }
    });
}

std::vector<Result> ingest() {
    WorkFolder folder;
    const std::vector<Fact> facts = make_sales(branch, sales);
    const auto headquarters = hq::Headquarters::create(folder.file("hq"), {"Bench"}, node::system_clock(), node::system_random());
    const auto [identity, hq_key] = enrol(*headquarters);
    import_products(*headquarters, folder.file("products.csv"));
    std::vector<std::string> bundles;
    const double making = microseconds([&] { bundles = make_bundles(facts, identity, hq_key); });
    std::size_t bytes = 0;
    for (const std::string& bundle : bundles) bytes += bundle.size();
    const double ours = microseconds([&] {
        for (const std::string& bundle : bundles) headquarters->import(bundle, "bench");
    });
    const double raw = write_raw(facts, folder.file("raw.db"));
    const auto rate = [](double time) { return static_cast<double>(sales) * 1e6 / time; };
    return {
        {"ingest", rate(ours), rate(raw), "sales/s", "signature, seal, chain, projections, live balances"},
        {"bundle.write", rate(making), 0, "sales/s", "facts to sealed bytes"},
        {"bundle.size", static_cast<double>(bytes) / static_cast<double>(sales), 0, "bytes/sale", fmt::format("{} sales of 3 lines a bundle", sales_a_bundle)}};
}

}  // namespace

std::vector<Benchmark> headquarters_benchmarks() { return {{"ingest", "HQ merges 100,000 sales from bundles", ingest}}; }

}  // namespace paprsek::benchmarks
