// Products that a bundle is packed by: which codes facts name, the lines that both sides learn, and the fields that name them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sync/known_products.h"
#include "tests/sync/support.h"

namespace paprsek::sync {
namespace {

node::ProductRow row(std::string name, std::int64_t price, std::optional<std::int64_t> cost = {}) {
    node::ProductRow product;
    product.name = std::move(name);
    product.price = node::Money::of(price);
    product.vat = "B";
    if (cost) product.cost = node::Money::of(*cost);
    return product;
}

}  // namespace

TEST_CASE("codes that facts name: keys alone, once each, within bounds") {
    SoldCodes sold;
    sold.add(R"({"lines":[{"code":"B","name":"says \"code\":\"X\""},{"code":"A"},{"code":"B"},{"code":""},{"code":"a\"b"}],"note":"code"})");
    CHECK(std::vector<std::string>(sold.codes().begin(), sold.codes().end()) == std::vector<std::string>{"A", "B"});
    sold.remove(R"({"lines":[{"code":"B"},{"code":"C"}]})");
    CHECK(sold.codes().size() == 1);
    sold.add(R"({"code":"cut)");
    CHECK(sold.codes().count("cut"));

    SoldCodes many;
    for (std::size_t i = 0; i < max_known_products + 5; ++i) many.add(fmt::format(R"({{"code":"{}"}})", i));
    CHECK(many.codes().size() == max_known_products);
    // What was taken away makes room.
    many.remove(R"({"code":"7"})");
    many.add(R"({"code":"another"})");
    CHECK(many.codes().count("another"));
}

TEST_CASE("products as lines: as if sold together; the same rows give the same lines and digest") {
    ProductWriter writer;
    CHECK(writer.lines().empty());
    CHECK(writer.add(3, "8594001020010", row("Rohlík \"malý\"", 290, 180)));
    CHECK(writer.add(17, "8594001020027", row("Houska", 310)));
    CHECK(writer.lines() ==
          std::vector<std::string>{"0\tsale\t"
                                   R"({"lines":[{"code":"8594001020010","cost":180,"name":"Rohlík \"malý\"","price":290,"vat":"B"},)"
                                   R"({"code":"8594001020027","name":"Houska","price":310,"vat":"B"}]})"});
    CHECK(writer.digest().size() == 8);
    ProductWriter dearer;
    dearer.add(3, "8594001020010", row("Rohlík \"malý\"", 290, 180));
    dearer.add(17, "8594001020027", row("Houska", 320));
    CHECK(dearer.digest() != writer.digest());

    ProductWriter many;
    for (std::size_t i = 0; i < max_known_products; ++i) CHECK(many.add(static_cast<std::int64_t>(i), fmt::format("{:05}", i), row("x", 1)));
    CHECK_FALSE(many.add(99'999, "A", row("x", 1)));
    CHECK(many.places().size() == max_known_products);
    CHECK(many.lines().size() == max_known_products / 50);
    ProductWriter broad;
    const std::string name(300'000, 'x');
    for (int i = 0; i < 3; ++i) CHECK(broad.add(i, fmt::format("{}", i), row(name, 1)));
    CHECK_FALSE(broad.add(3, "3", row(name, 1)));
    CHECK(broad.lines().size() == 1);
}

TEST_CASE("the first line names products by distances, within bounds, with their digest; else the bundle is refused") {
    BundleHeader header;
    header.first = 5;
    const auto read = [&](const std::string& fields) {
        const std::string line =
            fmt::format(R"({{"before":"{}","newest":9,"state":{{"epoch":2,"version":17}}{}}})", schema::to_hex(schema::genesis("3.1")), fields);
        return known_facts(header, line, "up");
    };
    const KnownFacts none = read(R"(,"known":4)");
    CHECK(none.count == 4);
    CHECK(none.products.places.empty());
    const KnownFacts some = read(R"(,"products":{"digest":"0123abcd","new":1,"places":[4,0,2]})");
    CHECK(some.count == 0);
    CHECK(some.products.places == std::vector<std::int64_t>{4, 5, 8});
    CHECK(some.products.digest == "0123abcd");
    CHECK(some.state == StateCursor{2, 17});

    const auto refused = [&](const std::string& products) { return test::refusal([&] { read(",\"products\":" + products); }); };
    CHECK(test::contains(refused("7"), "products"));
    CHECK(test::contains(refused(R"({"places":[1]})"), "digest"));
    CHECK(test::contains(refused(R"({"digest":"0"})"), "places"));
    CHECK(test::contains(refused(R"({"digest":"0","places":1})"), "is no list of at most 1000 places"));
    CHECK(test::contains(refused(R"({"digest":"0","places":[1,-1]})"), "holds what is no distance"));
    CHECK(test::contains(refused(R"({"digest":"0","places":["1"]})"), "holds what is no distance"));
    CHECK(test::contains(refused(R"({"digest":"0","places":[1000000001]})"), "holds what is no distance"));
    std::string many;
    for (std::size_t i = 0; i <= max_known_products; ++i) many += i ? ",0" : "0";
    CHECK(test::contains(refused(R"({"digest":"0","places":[)" + many + "]}"), "is no list of at most 1000 places"));
    CHECK(test::contains(test::refusal([&] { read(R"(,"known":5)"); }), "is no number of facts before 5"));
}

}  // namespace paprsek::sync
