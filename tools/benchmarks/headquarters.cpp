// HQ takes over 100,000 sales of 3 lines from bundles, everything checked and balances live, beside raw SQLite writing the
// same rows.
#include <fmt/format.h>
#include <sqlite3.h>

#include <cassert>
#include <cstdlib>
#include <memory>

#include "hq/headquarters.h"
#include "node/base/database.h"
#include "node/base/error.h"
#include "node/facts.h"
#include "schema/migrations.h"
#include "sync/files.h"
#include "sync/keys.h"
#include "sync/message.h"
#include "tools/benchmarks/benchmark.h"
#include "tools/benchmarks/sales.h"

namespace paprsek::benchmarks {
namespace {

using Fact = BookedSale;

constexpr std::int64_t merged_sales = 100'000;
constexpr std::int64_t sales_a_bundle = 5'000;
constexpr node::NodeName merged_branch{3, 1};

std::string text_of(const sync::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// Enrols a key of the benchmark's own as branch 3.1 and returns it with HQ's key.
std::pair<sync::Identity, sync::PublicKey> enrol(hq::Headquarters& headquarters) {
    headquarters.add_branch(merged_branch, "Bench");
    const sync::Invitation invitation = sync::parse_invitation(headquarters.invite(merged_branch, ""), "invitation");
    const sync::Identity identity = sync::Identity::make(node::system_random());
    const sync::EnrolmentAnswer answer{
        merged_branch, "Bench", "CZK", "Europe/Prague", identity.public_key(), sync::proof_of(invitation.secret, merged_branch, identity.public_key())};
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
    schema::Hash before = schema::genesis(node::print(merged_branch));
    for (std::int64_t first = 1; first <= merged_sales; first += sales_a_bundle) {
        sync::UpWriter writer(merged_branch, 1, first, before);
        for (std::int64_t seq = first; seq < first + sales_a_bundle; ++seq) {
            const Fact& fact = facts[static_cast<std::size_t>(seq - 1)];
            writer.add(seq, fact.at, schema::kind::sale, fact.body, fact.hash, "");
            before = fact.hash;
        }
        bundles.push_back(text_of(writer.finish(merged_sales, {}, node::system_clock().now(), identity, hq_key, node::system_random())));
    }
    return bundles;
}

/// A statement of raw SQLite, prepared once.
class Raw {
public:
    Raw(node::Database& database, const std::string& sql) {
        if (sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) fail();
    }
    ~Raw() { sqlite3_finalize(statement_); }
    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;
    sqlite3_stmt* get() const { return statement_; }
    bool step() {
        const int code = sqlite3_step(statement_);
        if (code != SQLITE_ROW && code != SQLITE_DONE) fail();
        return code == SQLITE_ROW;
    }
    void bind(int index, const sqlite3_value* value) { sqlite3_bind_value(statement_, index, value); }
    void bind(int index, std::int64_t value) { sqlite3_bind_int64(statement_, index, value); }
    void run() {
        step();
        sqlite3_reset(statement_);
    }

private:
    [[noreturn]] void fail() { node::fail("raw SQLite", sqlite3_errmsg(sqlite3_db_handle(statement_))); }
    sqlite3_stmt* statement_ = nullptr;
};

/// A table's rows as HQ wrote them, in the order of their facts.
class Rows {
public:
    struct Free {
        void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
    };
    using Row = std::vector<std::unique_ptr<sqlite3_value, Free>>;

    /// `fact` says of which fact a row is.
    Rows(node::Database& from, node::Database& to, std::int64_t chain, const std::string& table, const std::string& fact) {
        Raw rows(from, fmt::format("SELECT {0} AS of, * FROM {1} WHERE {0} > {2} << 32 AND {0} <= ({2} << 32) + {3} ORDER BY of", fact, table, chain,
                                   merged_sales));
        const int columns = sqlite3_column_count(rows.get()) - 1;
        while (rows.step()) {
            Row row;
            facts_.push_back(sqlite3_column_int64(rows.get(), 0));
            for (int i = 0; i < columns; ++i) row.emplace_back(sqlite3_value_dup(sqlite3_column_value(rows.get(), i + 1)));
            rows_.push_back(std::move(row));
        }
        std::string places = "?";
        for (int i = 1; i < columns; ++i) places += ", ?";
        insert_ = std::make_unique<Raw>(to, fmt::format("INSERT INTO {} VALUES ({})", table, places));
    }
    /// The rows of the fact; `then` gets each one when it is written.
    template <class Then>
    void write(std::int64_t fact, Then then) {
        for (; next_ < rows_.size() && facts_[next_] == fact; ++next_) {
            const Row& row = rows_[next_];
            for (std::size_t i = 0; i < row.size(); ++i) insert_->bind(static_cast<int>(i + 1), row[i].get());
            insert_->run();
            then(row);
        }
    }
    bool all_written() const { return next_ == rows_.size(); }
    std::size_t size() const { return rows_.size(); }

private:
    std::vector<std::int64_t> facts_;
    std::vector<Row> rows_;
    std::unique_ptr<Raw> insert_;
    std::size_t next_ = 0;
};

/// Raw SQLite with HQ's own tables writes what HQ wrote, as many sales a transaction: facts, sales, lines and movements by prepared
/// statements, and with each movement the customer's balance, with each line the level of its stock. Microseconds.
double write_raw(const std::string& hq_file, const std::string& path) {
    node::Database written(hq_file, {.create = false, .read_only = true, .vfs = nullptr, .busy_timeout_ms = 0});
    node::Database raw(path, {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    raw.migrate(schema::hq_migrations());
    const std::int64_t chain = written.integer("SELECT max(fact) >> 32 FROM sale").value_or(0);
    Rows facts(written, raw, chain, "fact", "id"), sale_rows(written, raw, chain, "sale", "fact"), lines(written, raw, chain, "sale_line", "(id >> 14)"),
        movements(written, raw, chain, "movement", "fact");
    Raw balance(raw,
                "INSERT INTO customer (row, id, points, spend, debt) VALUES (?1, ?1, ?2, ?3, ?4) ON CONFLICT (row) DO UPDATE SET points = points + "
                "excluded.points, spend = spend + excluded.spend, debt = debt + excluded.debt");
    Raw level(raw, "INSERT INTO stock_level VALUES (?, 1, ?, -?) ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity");
    const double time = microseconds([&] {
        for (std::int64_t first = 1; first <= merged_sales; first += sales_a_bundle) {
            node::Transaction transaction(raw);
            for (std::int64_t seq = first; seq < first + sales_a_bundle; ++seq) {
                const std::int64_t fact = (chain << 32) + seq;
                facts.write(fact, [](const Rows::Row&) {});
                sale_rows.write(fact, [](const Rows::Row&) {});
                lines.write(fact, [&](const Rows::Row& line) {
                    level.bind(1, merged_branch.branch);
                    level.bind(2, line[1].get());  // product
                    level.bind(3, line[4].get());  // quantity
                    level.run();
                });
                movements.write(fact, [&](const Rows::Row& movement) {
                    balance.bind(1, movement[0].get());  // customer; points, spend, debt
                    for (int i = 2; i <= 4; ++i) balance.bind(i, movement[static_cast<std::size_t>(i) + 1].get());
                    balance.run();
                });
            }
            transaction.commit();
        }
    });
    assert(facts.all_written() && sale_rows.all_written() && lines.all_written() && movements.all_written());
    assert(facts.size() == merged_sales && sale_rows.size() == merged_sales && lines.size() == 3 * merged_sales && movements.size() > 0);
    return time;
}

double rate(double time) { return static_cast<double>(merged_sales) * 1e6 / time; }

struct Merged {
    double making = 0, merging = 0;  ///< microseconds
    std::size_t bytes = 0;
};
Merged merge(const std::string& where, const WorkFolder& folder) {
    const std::vector<Fact> facts = make_sales(merged_branch, merged_sales);
    const auto headquarters = hq::Headquarters::create(where, {"Bench"}, node::system_clock(), node::system_random());
    const auto [identity, hq_key] = enrol(*headquarters);
    import_products(*headquarters, folder.file("products.csv"));
    std::vector<std::string> bundles;
    Merged merged;
    merged.making = microseconds([&, &branch = identity, &hq = hq_key] { bundles = make_bundles(facts, branch, hq); });
    for (const std::string& bundle : bundles) merged.bytes += bundle.size();
    merged.merging = microseconds([&] {
        for (const std::string& bundle : bundles) headquarters->import(bundle, "bench");
    });
    return merged;
}

/// By the address of an empty database in the environment; nothing where there is none.
std::vector<Result> ingest_on_postgres() {
    const char* address = std::getenv("PAPRSEK_BENCH_POSTGRES");
    if (!address) return {};
    const WorkFolder folder;
    return {{"ingest.postgres", rate(merge(address, folder).merging), 0, "sales/s", "the same on the server at PAPRSEK_BENCH_POSTGRES"}};
}

std::vector<Result> ingest() {
    const WorkFolder folder;
    const auto [making, ours, bytes] = merge(folder.file("hq"), folder);
    const double raw = write_raw(folder.file("hq/hq.db"), folder.file("raw.db"));
    return {
        {"ingest", rate(ours), rate(raw), "sales/s", "signature, seal, chain, projections, live balances"},
        {"bundle.write", rate(making), 0, "sales/s", "facts to sealed bytes"},
        {"bundle.size", static_cast<double>(bytes) / static_cast<double>(merged_sales), 0, "bytes/sale",
         fmt::format("{} sales of 3 lines a bundle", sales_a_bundle)}};
}

}  // namespace

std::vector<Benchmark> headquarters_benchmarks() {
    return {{"ingest", "HQ merges 100,000 sales from bundles", ingest},
            {"ingest.postgres", "the same on PostgreSQL, where PAPRSEK_BENCH_POSTGRES names an empty database", ingest_on_postgres}};
}

}  // namespace paprsek::benchmarks
