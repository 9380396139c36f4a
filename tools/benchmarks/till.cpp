// A sale of ten lines, durable when it returns, beside raw SQLite writing the same rows.
#include <fmt/format.h>

#include "node/node.h"
#include "node/state.h"
#include "node/till.h"
#include "tools/benchmarks/benchmark.h"

namespace paprsek::benchmarks {
namespace {

using node::Money;

constexpr std::uint64_t products = 2000;

std::unique_ptr<node::Node> shop(const std::string& folder) {
    auto node = node::Node::create(folder, {{1, 1}, "Bench", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
    node::Transaction transaction(node->database());
    for (std::uint64_t i = 0; i < products; ++i) {
        node::ProductRow row;
        row.key = product_code(i);
        row.codes = {row.key};
        row.name = product_name(i);
        row.price = Money::of(static_cast<std::int64_t>(1000 + i % 9000));
        row.vat = "B";
        node::apply(node->database(), row, 1);
    }
    transaction.commit();
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
    const auto node = shop(folder.file("shop"));
    RawCopy raw_copy(node->database(), folder.file("raw.db"));
    Sequence sequence(3);
    std::vector<double> ours, raw, line;
    node::Till till(*node, node::Keep::at_payment);
    node::Booked booked;
    for (int i = 0; i < 400; ++i) {
        ours.push_back(microseconds([&] {
            till.log_in(fmt::format("29{:011}", sequence.below(500)));
            for (int l = 0; l < 10; ++l) till.scan(product_code(sequence.below(products)));
            if (!till.pay({}, booked).ok()) std::abort();
        }));
        raw.push_back(raw_copy.write(booked.seq, booked.fact.number));
    }
    node::Till window(*node, node::Keep::every_command);
    for (int i = 0; i < 300; ++i) {
        line.push_back(microseconds([&] { window.scan(product_code(sequence.below(products))); }));
        if (i % 10 == 9) window.void_receipt();
    }
    const double raw_median = percentile(raw, 0.5);
    return {{"sale.median", percentile(ours, 0.5), raw_median, "µs", "10 lines and a customer, rung up and durable; raw writes the same rows"},
            {"sale.p99", percentile(ours, 0.99), percentile(raw, 0.99), "µs", ""},
            {"line.p99", percentile(line, 0.99), percentile(raw, 0.99), "µs", "a line rung up, durable (T6); raw: a durable sale"}};
}

}  // namespace

std::vector<Benchmark> till_benchmarks() { return {{"sale", "a sale of ten lines, durable", sale}}; }

}  // namespace paprsek::benchmarks
