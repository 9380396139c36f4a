#include "tools/benchmarks/sales.h"

#include <fmt/format.h>

#include "node/state.h"
#include "tools/benchmarks/benchmark.h"

namespace paprsek::benchmarks {

using node::Money;
using node::Points;

void add_products(node::Database& database, std::uint64_t count, std::uint64_t groups) {
    node::Transaction transaction(database);
    for (std::uint64_t i = 0; i < count; ++i) {
        node::ProductRow row;
        row.key = product_code(i);
        row.codes = {row.key};
        row.name = product_name(i);
        row.price = Money::of(static_cast<std::int64_t>(1000 + i % 9000));
        row.vat = "B";
        if (groups) row.group = fmt::format("Group {}", i % groups);
        node::apply(database, row, 1);
    }
    transaction.commit();
}

std::vector<BookedSale> make_sales(node::NodeName branch, std::int64_t count) {
    Sequence sequence(11);
    std::vector<BookedSale> facts;
    schema::Hash previous = schema::genesis(node::print(branch));
    std::int64_t at = 1'772'000'000'000;
    for (std::int64_t i = 1; i <= count; ++i) {
        node::ReceiptFact receipt;
        receipt.number = i;
        receipt.cashier = i % 900 < 450 ? "Anna" : "Ioana";
        const bool with_customer = sequence.below(5) < 2;
        if (with_customer) {
            receipt.card = fmt::format("2910{:09}", sequence.popular(buying_customers) * 37);
            receipt.customer = node::customer_of_card(receipt.card);
        }
        for (int l = 0; l < 3; ++l) {
            const std::uint64_t product = sequence.popular(sold_products);
            node::BookedLine line;
            line.code = line.product = product_code(product);
            line.name = product_name(product);
            line.vat = product % 4 ? "B" : "A";
            line.price = Money::of(static_cast<std::int64_t>(990 + product % 300 * 100));
            line.cost = Money::of(line.price.raw() * 3 / 4);
            if (with_customer) line.points = Points::of(line.price.raw());
            line.gross = line.net = line.paid = line.price;
            receipt.rates[line.vat] = node::Rate::of(line.vat == "A" ? 21'000'000 : 12'000'000);
            receipt.lines.push_back(line);
        }
        const Money due = receipt.net(), rounded = node::rounded_to(due, Money::of(100));
        receipt.rounding = rounded - due;
        receipt.pay = {{node::TenderKind::cash, rounded}};
        receipt.policy = 7;
        at += static_cast<std::int64_t>(20'000 + sequence.below(120'000));
        BookedSale fact{at, node::body_of(receipt), {}, std::move(receipt)};
        fact.hash = previous = schema::chain(previous, i, at, schema::kind::sale, fact.body);
        facts.push_back(std::move(fact));
    }
    return facts;
}

}  // namespace paprsek::benchmarks
