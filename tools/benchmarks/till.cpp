// A sale of ten lines, durable when it returns, beside raw SQLite writing the same rows.
#include <fmt/format.h>

#include "node/base/log_keeper.h"
#include "node/node.h"
#include "node/till.h"
#include "tools/benchmarks/benchmark.h"
#include "tools/benchmarks/sales.h"

namespace paprsek::benchmarks {
namespace {

using node::Money;

constexpr std::uint64_t till_products = 2000;

std::unique_ptr<node::Node> shop_with_products(const std::string& folder) {
    auto node = node::Node::create(folder, {{1, 1}, "Bench", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
    add_products(node->database(), till_products, 0);
    return node;
}

/// Copies the rows that the newest fact left in our tables into the same tables of a plain database, in one transaction.
class RawCopy {
public:
    RawCopy(node::Database& from, const std::string& path)
        : from_(from), to_(path, {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0}) {
        to_.migrate(schema::branch_migrations());
    }

    /// Microseconds to write the rows again, read beforehand.
    double write(std::int64_t seq, std::int64_t number) {
        auto fact = from_.query("SELECT at, kind, body, hash FROM fact WHERE seq = ?", seq);
        fact.step();
        const std::string kind = fact.text(1), body = fact.text(2), hash = fact.text(3);
        const std::int64_t at = fact.integer(0);
        struct Line {
            std::string product, code, name, vat;
            std::int64_t quantity, gross, net, cost;
        };
        std::vector<Line> lines;
        for (auto row = from_.query("SELECT product, code, name, vat, quantity, gross, net, cost FROM receipt_line WHERE receipt = ?", number); row.step();)
            lines.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4), row.integer(5), row.integer(6), row.integer(7)});
        const auto bytes = std::span<const unsigned char>(reinterpret_cast<const unsigned char*>(hash.data()), hash.size());
        return microseconds([&] {
            node::Transaction transaction(to_);
            to_.run("INSERT INTO fact (seq, at, kind, body, hash) VALUES (?, ?, ?, ?, ?)", seq, at, kind, body, bytes);
            to_.run("INSERT INTO receipt VALUES (?, ?, ?, NULL, 'x', 'c1', 1, 1, 1, 1, 1, 1)", number, seq, at);
            int i = 0;
            for (const Line& line : lines)
                to_.run("INSERT INTO receipt_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", number, ++i, line.product, line.code, line.name, line.quantity,
                        line.gross, line.net, line.cost, line.vat);
            for (const Line& line : lines)
                to_.run("INSERT INTO stock_level VALUES ('', ?, ?, NULL) ON CONFLICT (stock, product) DO UPDATE SET quantity = quantity + excluded.quantity",
                        line.product, -line.quantity);
            to_.run("INSERT INTO payment VALUES (?, 'cash', 1)", seq);
            to_.run("INSERT INTO cash_movement VALUES (?, ?, 1, 'sale', '')", seq, at);
            to_.run("INSERT INTO movement VALUES ('c1', ?, 'sale', 1, 1, 0)", seq);
            to_.run("INSERT INTO own_balance VALUES ('c1', 1, 1, 0, 1) ON CONFLICT (customer) DO UPDATE SET points = points + 1");
            transaction.commit();
        });
    }

private:
    node::Database& from_;
    node::Database to_;
};

std::vector<Result> sale() {
    WorkFolder folder;
    const auto node = shop_with_products(folder.file("shop"));
    RawCopy raw_copy(node->database(), folder.file("raw.db"));
    Sequence sequence(3);
    std::vector<double> ours, raw;
    node::Till till(*node, node::Keep::at_payment);
    node::Booked booked;
    for (int i = 0; i < 400; ++i) {
        ours.push_back(microseconds([&] {
            till.log_in(fmt::format("29{:011}", sequence.below(500)));
            for (int l = 0; l < 10; ++l) till.scan(product_code(sequence.below(till_products)));
            if (!till.pay({}, booked).ok()) std::abort();
        }));
        raw.push_back(raw_copy.write(booked.seq, booked.fact.number));
    }
    const double raw_median = percentile(raw, 0.5);
    return {{"sale.median", percentile(ours, 0.5), raw_median, "µs", "10 lines and a customer, rung up and durable; raw writes the same rows"},
            {"sale.p99", percentile(ours, 0.99), percentile(raw, 0.99), "µs", ""}};
}

/// Sales of three lines straight into the ledger, with all their projections.
void fill(node::Node& node, std::int64_t sales) {
    Sequence sequence(5);
    node.database().execute("PRAGMA synchronous = OFF");
    for (std::int64_t number = 1; number <= sales;) {
        node::Transaction transaction(node.database());
        for (std::int64_t last = std::min(sales, number + 9'999); number <= last; ++number) {
            node::ReceiptFact fact;
            fact.number = number;
            fact.cashier = "anna";
            for (int i = 0; i < 3; ++i) {
                node::BookedLine line;
                line.code = line.product = product_code(sequence.below(till_products));
                line.name = "goods";
                line.vat = "B";
                line.price = line.gross = line.net = line.paid = Money::of(1000);
                fact.lines.push_back(std::move(line));
            }
            fact.rates["B"] = node::Rate::of(12'000'000);
            fact.pay = {{node::TenderKind::cash, Money::of(3000)}};
            node.ledger().append(schema::kind::sale, node::body_of(fact), {1'700'000'000'000 + number * 30'000});
        }
        transaction.commit();
    }
    node.database().execute("PRAGMA synchronous = FULL");
}

/// A key's work at the till (T6), on a ledger of years, durable on return, and in the window, where it is kept beside; raw: the same open
/// receipt written whole as one row, durable.
std::vector<Result> line() {
    constexpr std::int64_t sales = 300'000;
    WorkFolder folder;
    const auto node = shop_with_products(folder.file("shop"));
    fill(*node, sales);
    const node::LogKeeper keeper(node->database());  // as the window has one
    node::Database raw_copy(folder.file("raw.db"), {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    raw_copy.migrate(schema::branch_migrations());
    Sequence sequence(7);
    std::vector<Result> results;
    for (const int lines : {20, 100, 500}) {
        std::vector<double> ours, beside, raw, moved;
        const auto product = [&] { return product_code(sequence.below(till_products)); };
        for (node::OpenReceiptKeeper receipt_keeper(node->database().path()); beside.size() < 1000;) {
            node::Till till(*node, node::Keep::every_command);
            till.set_keeper(&receipt_keeper);
            for (int l = 0; l < lines; ++l) {
                beside.push_back(microseconds([&] { till.scan(product()); }));
                receipt_keeper.wait();
                if (!till.kept()) std::abort();
            }
            till.void_receipt();
        }
        while (ours.size() < 1000) {
            node::Till till(*node, node::Keep::every_command);
            for (int l = 0; l < lines; ++l) {
                ours.push_back(microseconds([&] { till.scan(product()); }));
                const std::string body = *node->database().text("SELECT body FROM open_receipt");
                raw.push_back(microseconds([&] {
                    node::Transaction transaction(raw_copy);
                    raw_copy.run("INSERT OR REPLACE INTO open_receipt (slot, body) VALUES (0, ?)", body);
                    transaction.commit();
                }));
            }
            node::Till::ParkedResult parked;
            moved.push_back(microseconds([&] { till.park({}, &parked); }));
            moved.push_back(microseconds([&] { till.recall(parked.parked->id); }));
            till.void_receipt();
        }
        results.push_back({fmt::format("line.{}.p99", lines), percentile(ours, 0.99), percentile(raw, 0.99), "µs",
                           fmt::format("a line rung up durably, receipts of up to {} lines, {} sales in the ledger", lines, sales)});
        results.push_back({fmt::format("line.{}.beside.p99", lines), percentile(beside, 0.99), percentile(raw, 0.99), "µs",
                           "the same in the window, which waits for no disk"});
        results.push_back({fmt::format("line.{}.median", lines), percentile(ours, 0.5), percentile(raw, 0.5), "µs", ""});
        results.push_back({fmt::format("park.{}.p99", lines), percentile(moved, 0.99), 0, "µs", "put aside or taken up"});
    }
    return results;
}

}  // namespace

std::vector<Benchmark> till_benchmarks() {
    return {{"sale", "a sale of ten lines, durable", sale}, {"line", "a line rung up, durable, on a ledger of years", line}};
}

}  // namespace paprsek::benchmarks
