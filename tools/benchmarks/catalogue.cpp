// Lookup of a code and search as you type among 200,000 products.
#include <fmt/format.h>

#include "node/catalogue.h"
#include "node/node.h"
#include "tools/benchmarks/benchmark.h"
#include "tools/benchmarks/sales.h"

namespace paprsek::benchmarks {
namespace {

constexpr std::uint64_t products_searched = 200'000;

std::unique_ptr<node::Node> shop_of_200000(const std::string& folder) {
    auto node = node::Node::create(folder, {{1, 1}, "Bench", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
    add_products(node->database(), products_searched, 40);
    return node;
}

std::vector<Result> lookup() {
    WorkFolder folder;
    const auto node = shop_of_200000(folder.file("shop"));
    Sequence sequence(7);
    std::vector<double> ours, raw;
    for (int i = 0; i < 20'000; ++i) {
        const std::string code = product_code(sequence.below(products_searched));
        ours.push_back(microseconds([&] { node::find_product(node->database(), code); }));
        raw.push_back(
            microseconds([&] { node->database().integer("SELECT p.price FROM product_code c JOIN product p ON p.id = c.product WHERE c.code = ?", code); }));
    }
    return {{"lookup.p99", percentile(ours, 0.99), percentile(raw, 0.99), "µs", "a code among 200,000 products"},
            {"lookup.median", percentile(ours, 0.5), percentile(raw, 0.5), "µs", ""}};
}

std::vector<Result> search() {
    WorkFolder folder;
    const auto node = shop_of_200000(folder.file("shop"));
    // Every beginning of what somebody types.
    std::vector<std::string> typed;
    for (const std::string text :
         {"mleko polot", "ces", "kun", "branza", "tuica dulce", "cokolada horka kunovka", "pivo svetle zub", "sampon 1234", "85900", "x"})
        for (std::size_t length = 1; length <= text.size(); ++length) typed.push_back(text.substr(0, length));
    std::vector<double> ours;
    for (int round = 0; round < 20; ++round)
        for (const std::string& text : typed) ours.push_back(microseconds([&] { node::search_products(node->database(), text); }));
    std::vector<double> raw;
    for (std::size_t i = 0; i < 20; ++i)
        raw.push_back(microseconds([&] { node->database().integer("SELECT count(*) FROM (SELECT 1 FROM product WHERE search LIKE '%kunovka%' LIMIT 50)"); }));
    return {{"search.p99", percentile(ours, 0.99), percentile(raw, 0.99), "µs", "each letter typed, among 200,000; raw: LIKE until 50 are found"},
            {"search.median", percentile(ours, 0.5), percentile(raw, 0.5), "µs", ""}};
}

}  // namespace

std::vector<Benchmark> catalogue_benchmarks() {
    return {{"lookup", "a code among 200,000 products", lookup}, {"search", "search as you type among 200,000 products", search}};
}

}  // namespace paprsek::benchmarks
