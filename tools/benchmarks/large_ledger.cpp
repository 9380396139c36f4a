#include "tools/benchmarks/large_ledger.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "node/branch_import.h"
#include "node/cashbook.h"
#include "node/node.h"
#include "node/state.h"
#include "tools/benchmarks/benchmark.h"
#include "tools/benchmarks/sales.h"

namespace paprsek::benchmarks {
namespace {

using node::Money;

constexpr std::uint64_t sales_a_day = 2'500, cards = 5'000, named = 5'000, groups = 60;
constexpr std::int64_t day_ms = 86'400'000;

node::ReceiptFact sale_of(Sequence& sequence, std::int64_t number) {
    node::ReceiptFact fact;
    fact.number = number;
    fact.cashier = sequence.below(2) ? "anna" : "petr";
    fact.rates = {{"B", node::Rate::of(12'000'000)}};
    if (sequence.below(2)) {
        const std::string card = fmt::format("29{:011}", sequence.below(cards));
        fact.customer = node::customer_of_card(card);
        fact.card = card;
    }
    Money due;
    for (std::uint64_t i = 1 + sequence.below(3); i > 0; --i) {
        const std::uint64_t product = sequence.popular(large_products);
        node::BookedLine line;
        line.code = line.product = product_code(product);
        line.name = product_name(product);
        line.vat = "B";
        line.price = Money::of(static_cast<std::int64_t>(1000 + product % 9000));
        line.cost = Money::of(line.price.raw() / 2);
        if (!fact.customer.empty()) line.points = node::Points::of(line.price.raw());
        due += line.price;
        fact.lines.push_back(std::move(line));
    }
    fact.pay = {{node::TenderKind::cash, node::rounded_to(due, Money::of(100))}};
    fact.rounding = fact.pay[0].amount - due;
    return fact;
}

/// All days but the last are closed.
void add_sales(node::Node& node) {
    Sequence sequence(11);
    node::Instant at{node.clock().now().ms - day_ms * static_cast<std::int64_t>(large_sales / sales_a_day)};
    for (std::uint64_t number = 1; number <= large_sales;) {
        node::Transaction transaction(node.database());
        for (std::uint64_t i = 0; i < sales_a_day && number <= large_sales; ++i, ++number) {
            at.ms += day_ms / static_cast<std::int64_t>(sales_a_day);
            node.ledger().append(schema::kind::sale, body_of(sale_of(sequence, static_cast<std::int64_t>(number))), at);
        }
        if (number <= large_sales) {
            const node::Closing closing = node::open_day(node.database(), node.info().node);
            node::Count count;
            count.expected = count.counted = closing.expected;
            node.ledger().append(schema::kind::day_closed, body_of(closing, count), at);
        }
        transaction.commit();
    }
}

/// Beside those who have a card alone.
void add_customers(node::Node& node, const std::string& folder) {
    const std::string file = folder + "/customers.csv";
    std::ofstream out(file);
    out << "number,name,cards\n";
    for (std::uint64_t i = 1; i <= named; ++i) out << fmt::format("{},{},28{:011}\n", i, fmt::format("{} {}", i % 2 ? "Jana Nováková" : "Petr Dvořák", i), i);
    out.close();
    node::import_customers(node, file);
    std::filesystem::remove(file);
}

}  // namespace

void make_large_ledger(const std::string& folder) {
    const auto node = node::Node::create(folder, {{1, 1}, "Bench", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
    node->database().execute("PRAGMA synchronous = OFF");
    add_products(node->database(), large_products, groups);
    add_customers(*node, folder);
    add_sales(*node);
}

}  // namespace paprsek::benchmarks
