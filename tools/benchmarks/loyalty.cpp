// Loyalty: pricing under many rules, a customer with a long history, and what a customer costs in a branch's ledger.
#include <fmt/format.h>

#include <filesystem>

#include "node/balances.h"
#include "node/base/log_keeper.h"
#include "node/customer_history.h"
#include "node/node.h"
#include "node/pricing.h"
#include "node/state.h"
#include "node/state_digest.h"
#include "node/till.h"
#include "tools/benchmarks/benchmark.h"

namespace paprsek::benchmarks {
namespace {

using node::Money;
using node::Points;
using node::Rate;

std::unique_ptr<node::Node> shop(const std::string& folder) {
    return node::Node::create(folder, {{1, 1}, "Bench", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
}

// ------------------------------------------------------------------------------------------------------------ prices

/// Multipliers, time discounts, levels and programmes, fifty of each.
node::Policy many_rules() {
    node::Policy policy = node::default_policy("CZK");
    policy.mode_by_day[node::Weekday::sun] = node::Mode::cumulative;
    for (int i = 0; i < 50; ++i) {
        node::TimeWindow window;
        window.from = i * 20;
        window.to = i * 20 + 240;
        policy.multipliers.push_back({window, Rate::of(1'000'000 + i * 10'000)});
        policy.time_discounts.push_back({window, Rate::of(i * 100'000)});
        policy.levels.push_back({Money::of(100'000 * (i + 1)), Rate::of(i * 200'000)});
        node::Programme programme;
        programme.name = fmt::format("P{}", i);
        programme.discount = Rate::of(i * 100'000);
        programme.card_ranges = {{fmt::format("64{:011}", i * 1000), fmt::format("64{:011}", i * 1000 + 999)}};
        programme.excluded_groups = {"tobacco"};
        policy.programmes.push_back(programme);
    }
    return policy;
}

/// A receipt of 30 lines, all of them priced anew as a customer is logged in, by turns with none.
std::vector<Result> pricing() {
    const node::Policy policy = many_rules();
    const node::TimeZone zone("Europe/Prague");
    std::vector<node::LineInput> lines;
    for (std::uint64_t i = 0; i < 30; ++i) {
        node::Product product;
        product.key = product_code(i);
        product.codes = {product.key};
        product.groups = {"bread", "food", "all"};
        product.price = Money::of(static_cast<std::int64_t>(990 + i * 100));
        product.vat = "B";
        product.cost = Money::of(500);
        product.dealers = {{"DEA", Rate::of(3'000'000)}, {"VIP", Rate::of(5'000'000)}};
        node::LineInput line;
        line.code = product.key;
        line.name = product_name(i);
        line.vat = "B";
        line.price = product.price;
        line.product = product;
        line.entered = {1'772'442'000'000};
        lines.push_back(line);
    }
    node::CustomerTerms customer;
    customer.id = "c";
    customer.dealer = "DEA";
    customer.spend = Money::of(2'500'000);
    customer.cards = {"6400000025500", "2900000000018", "2900000000025"};
    std::vector<double> times[2];
    Points points;
    for (int i = 0; i < 2000; ++i)
        times[i % 2].push_back(microseconds([&] {
            for (const node::LineInput& line : lines) points += node::price_line(policy, zone, line, i % 2 ? &customer : nullptr).line.points;
        }));
    return {{"pricing.median", percentile(times[1], 0.5), 0, "µs", "30 lines under 200 rules, a customer logged in; aim 200"},
            {"pricing.p99", percentile(times[1], 0.99), 0, "µs", fmt::format("{} points in all", node::print(points))},
            {"pricing.without", percentile(times[0], 0.5), 0, "µs", "the customer logged out"}};
}

// ---------------------------------------------------------------------------------------------------------- a history

constexpr std::int64_t movements = 10'000;

/// Sales of a regular customer over five years, every seventh partly paid by points, and a few returned.
void buy(node::Node& node, const std::string& card) {
    node.database().execute("PRAGMA synchronous = OFF");
    const std::string customer = node::customer_of_card(card);
    const std::int64_t now = node::system_clock().now().ms, step = 5 * 365 * 86'400'000ll / movements;
    {
        node::Transaction transaction(node.database());
        node::CustomerFact made;
        made.customer = customer;
        made.cards = {card};
        node.ledger().append(schema::kind::customer_set, node::body_of(made), {now - movements * step});
        std::int64_t number = 0;
        for (std::int64_t i = 1; i <= movements; ++i) {
            node::ReceiptFact receipt;
            receipt.number = ++number;
            receipt.cashier = "Anna";
            receipt.customer = customer;
            receipt.card = card;
            node::BookedLine line;
            line.name = "Goods";
            line.vat = "B";
            line.price = line.gross = line.net = line.paid = Money::of(5'000);
            line.points = Points::of(5'000);
            receipt.lines.push_back(line);
            receipt.rates["B"] = Rate::of(12'000'000);
            if (i % 7 == 0) {
                receipt.redeemed = Money::of(1'500);
                receipt.taken = Points::of(30'000);
                ++i;  // a movement of its own
            }
            receipt.pay = {{node::TenderKind::cash, Money::of(5'000) - receipt.redeemed}};
            node.ledger().append(schema::kind::sale, node::body_of(receipt), {now - (movements - i) * step});
        }
        transaction.commit();
    }
    node.database().execute("PRAGMA synchronous = FULL");
}

std::vector<Result> history() {
    std::vector<Result> results;
    for (const bool expires : {false, true}) {
        WorkFolder folder;
        auto node = shop(folder.file("shop"));
        const std::string card = "2900000000018";
        if (expires) node->set_policy(R"({"points_expire_months":12})", "policy");
        buy(*node, card);
        node.reset();
        node = node::Node::open(folder.file("shop"), node::system_clock(), node::system_random());
        const node::LogKeeper keeper(node->database());  // as the window has one
        const std::string name = expires ? "customer.expiry" : "customer";
        node::Till till(*node, node::Keep::every_command);
        till.set_cashier("anna");
        std::vector<double> times, shown;
        const double first = microseconds([&] { till.log_in(card); });
        for (int i = 0; i < 200; ++i) times.push_back(microseconds([&] { till.log_in(card); }));
        for (int i = 0; i < 50; ++i)
            shown.push_back(microseconds([&] {
                const auto record = node::customer_by_card(node->database(), card);
                node::customer_json(*node, *record);
                node::customer_history(*node, *record, {});
            }));
        results.push_back({name + ".first", first / 1000, 0, "ms", "logged in for the first time since everything was booked, by a program just started"});
        results.push_back({name + ".log-in", percentile(times, 0.99) / 1000, 0, "ms", fmt::format("p99, {} movements, durable", movements)});
        results.push_back({name + ".history", percentile(shown, 0.99) / 1000, 0, "ms", "p99, data and the newest 100 movements"});
    }
    return results;
}

// -------------------------------------------------------------------------------------------------------- a million

std::int64_t size_of(node::Database& database) {
    return database.integer("PRAGMA page_count").value() * database.integer("PRAGMA page_size").value() -
           database.integer("PRAGMA freelist_count").value() * database.integer("PRAGMA page_size").value();
}

/// Customers with a card each and balances, taken over from HQ in the order in which a first load brings them, with no texts.
std::vector<Result> million() {
    constexpr std::int64_t customers = 1'000'000, slice = 4'000;
    WorkFolder folder;
    const auto node = shop(folder.file("shop"));
    node->database().execute("PRAGMA synchronous = OFF");
    std::vector<std::pair<std::string, std::string>> list;
    for (std::int64_t i = 0; i < customers; ++i) {
        std::string card = fmt::format("29{:011}", i * 7);
        list.emplace_back(node::customer_of_card(card), card);
    }
    std::sort(list.begin(), list.end());
    const std::int64_t before = size_of(node->database());
    const double time = microseconds([&] {
        for (std::int64_t i = 0; i < customers; i += slice) {
            node::Transaction transaction(node->database());
            node::StoredStateDigest digest(node->database());
            for (std::int64_t k = i; k < std::min(customers, i + slice); ++k) {
                node::CustomerRow row;
                row.id = list[static_cast<std::size_t>(k)].first;
                row.cards = {list[static_cast<std::size_t>(k)].second};
                row.points = Points::of(k * 37 % 1'000'000);
                row.spend = Money::of(k * 91 % 100'000'000);
                row.last = node::Instant{1'772'000'000'000 + k};
                const node::StateRow state = node::state_row(row, k + 1);
                if (digest.note(state)) node::apply_state(node->database(), state, 0);
            }
            digest.save();
            transaction.commit();
        }
    });
    const double each = static_cast<double>(size_of(node->database()) - before) / customers;
    return {{"customers.bytes", each, 0, "bytes",
             fmt::format("{} customers with a card, balances and no texts, each; taken over in {:.0f} s", customers, time / 1e6)}};
}

}  // namespace

std::vector<Benchmark> loyalty_benchmarks() {
    return {{"pricing", "30 lines under 200 rules", pricing},
            {"customer", "a customer with 10,000 movements", history},
            {"customers", "what a million customers cost", million}};
}

}  // namespace paprsek::benchmarks
