// A stocktake's list is written, booked and dropped in several transactions (T13): whatever comes in between them, or ends the program
// there, nothing is booked twice and nothing is lost.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <stdexcept>

#include "node/stock.h"
#include "node/stock_lists.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::quantity;

namespace {

constexpr int products = 5000;

std::string code_of(int product) { return fmt::format("P{:04}", product); }

/// Three pieces of each product are there.
struct Store : test::Shop {
    Store() {
        std::string csv = "code,name,price,vat\n";
        for (int i = 0; i < products; ++i) csv += fmt::format("{},Product {},1.00,B\n", code_of(i), i);
        catalogue(csv);
        StockAct act;
        for (int i = 0; i < products; ++i) act.items.push_back({code_of(i), quantity("3"), {}});
        StockBooked booked;
        REQUIRE(book_stock(node(), schema::kind::stock_received, act, booked).ok());
    }
    std::int64_t lines() { return database().integer("SELECT count(*) FROM stocktake_line").value(); }
    bool is_open() { return stocktake_head(database(), "").has_value(); }
    Outcome open_list(const Going& going = {}) { return open_stocktake(node(), "", "", "anna", listed, going); }
    Outcome close(const Going& going = {}) { return close_stocktake(node(), "", Uncounted::zero, "yearly", {}, closed, going); }
    void count(int product, const char* pieces) {
        Counted counted;
        REQUIRE(count_stock(node(), "", code_of(product), quantity(pieces), true, counted).ok());
    }
    Quantity level(int product) { return stock_level(database(), "", code_of(product)).quantity; }
    std::int64_t counted_facts() { return database().integer("SELECT count(*) FROM fact WHERE kind = 'stock.counted'").value(); }

    std::int64_t listed = 0;
    StocktakeClosed closed;
};

struct PowerCut : std::runtime_error {
    PowerCut() : std::runtime_error("power cut") {}
};

/// The program ends after this many transactions.
Going ends_after(int transactions) {
    return [left = transactions](std::int64_t, std::int64_t) mutable -> bool {
        if (--left == 0) throw PowerCut();
        return true;
    };
}

}  // namespace

TEST_CASE("a stocktake is stopped while its list is being written, and opened again") {
    Store store;
    int slices = 0;
    CHECK(store.open_list([&](std::int64_t done, std::int64_t total) {
                   CHECK(!store.is_open());
                   if (total == 0) return true;  // what was written goes again
                   CHECK(total == products);
                   ++slices;
                   return done < 2000;
               })
              .ok());
    CHECK(slices == 1);
    CHECK(store.listed == 0);
    CHECK(!store.is_open());
    CHECK(store.lines() == 0);
    CHECK(store.open_list().ok());
    CHECK(store.listed == products);
    CHECK(store.lines() == products);
}

TEST_CASE("what is sold while the list is being written was expected to be there") {
    Store store;
    bool sold = false;
    CHECK(store.open_list([&](std::int64_t, std::int64_t) {
                   if (!std::exchange(sold, true)) store.play("{'lines':[{'code':'P4999'}]}");
                   return true;
               })
              .ok());
    store.count(4999, "3");  // as many as there were when the list was frozen: none is missing
    CHECK(store.close().ok());
    CHECK(store.level(4999) == quantity("2"));
    CHECK(store.level(4998) == Quantity{});
    CHECK(store.verify().faults == std::vector<std::string>{});
}

TEST_CASE("a list that was broken off is nobody's, and is written anew after a minute") {
    Store store;
    CHECK_THROWS_AS(store.open_list(ends_after(2)), PowerCut);
    CHECK(!store.is_open());
    CHECK(store.lines() == 4000);
    // It may be another window that is still at it.
    CHECK(store.open_list().refusal == Refusal::stocktake_open);
    store.database().run("UPDATE product SET name = 'Renamed' WHERE key = ?", code_of(1));
    store.clock().set({store.clock().now().ms + 61'000});
    CHECK(store.open_list().ok());
    CHECK(store.lines() == products);
    CHECK(store.database().text("SELECT name FROM stocktake_line WHERE product = ?", code_of(1)) == "Renamed");
}

TEST_CASE("two windows do not write one list") {
    Store store;
    const auto other = Node::open(store.node_folder(), store.clock(), system_random());
    CHECK(store.open_list([&](std::int64_t, std::int64_t) {
                   std::int64_t listed = 0;
                   CHECK(open_stocktake(*other, "", "", "petr", listed).refusal == Refusal::stocktake_open);
                   return true;
               })
              .ok());
    CHECK(store.lines() == products);
    CHECK(stocktake_head(store.database(), "")->cashier == "anna");
}

TEST_CASE("who is taken over from after a minute writes no more") {
    Store store;
    const auto other = Node::open(store.node_folder(), store.clock(), system_random());
    std::int64_t listed = 0;
    const Outcome outcome = store.open_list([&](std::int64_t done, std::int64_t) {
        if (done > 2000) return true;
        store.clock().set({store.clock().now().ms + 61'000});  // the machine slept
        CHECK(open_stocktake(*other, "", "", "petr", listed).ok());
        return true;
    });
    CHECK(outcome.refusal == Refusal::stocktake_open);
    CHECK(listed == products);
    CHECK(store.lines() == products);
    CHECK(stocktake_head(store.database(), "")->cashier == "petr");
}

TEST_CASE("a closing that is broken off has booked each line once, and goes on with what is left") {
    for (const int after : {1, 3, 4}) {
        CAPTURE(after);
        Store store;
        CHECK(store.open_list().ok());
        store.count(0, "7");
        store.count(4999, "8");
        CHECK_THROWS_AS(store.close(ends_after(after)), PowerCut);
        CHECK(store.is_open());
        CHECK(store.counted_facts() == after);
        CHECK(store.lines() == products - 1000 * after);
        store.play("{'lines':[{'code':'P0000'},{'code':'P4999'}]}");
        CHECK(store.close().ok());
        CHECK(store.counted_facts() == 5);
        CHECK(!store.is_open());
        CHECK(store.lines() == 0);
        CHECK(store.level(0) == quantity("6"));
        CHECK(store.level(2500) == Quantity{});
        CHECK(store.level(4999) == quantity("7"));
        CHECK(store.verify().faults == std::vector<std::string>{});
    }
}

TEST_CASE("what another window counts while the list is being booked is booked with it") {
    Store store;
    CHECK(store.open_list().ok());
    for (int i = 1000; i < products; ++i) store.count(i, "3");
    bool counted = false;
    CHECK(close_stocktake(store.node(), "", Uncounted::keep, "", {}, store.closed, [&](std::int64_t, std::int64_t) {
              if (!std::exchange(counted, true)) store.count(0, "9");
              return true;
          }).ok());
    CHECK(store.level(0) == quantity("9"));
    CHECK(store.level(1) == quantity("3"));
    CHECK(store.closed.lines.size() == 4001);
    CHECK(store.lines() == 0);
    CHECK(store.verify().faults == std::vector<std::string>{});
}

TEST_CASE("what would leave the range of quantities is refused before anything is booked") {
    Store store;
    CHECK(store.open_list().ok());
    store.count(4999, "1000000");
    store.database().run("UPDATE stock_level SET quantity = ? WHERE product = ?", Quantity::max_value, code_of(4999));
    CHECK(store.close().refusal == Refusal::amount_out_of_range);
    CHECK(store.counted_facts() == 0);
    CHECK(store.lines() == products);
}

TEST_CASE("a stocktake that is given up leaves nothing, and its lines go bit by bit") {
    Store store;
    CHECK(store.open_list().ok());
    int slices = 0;
    CHECK(cancel_stocktake(store.node(), "", [&](std::int64_t, std::int64_t) {
              CHECK(!store.is_open());
              std::int64_t listed = 0;
              CHECK(open_stocktake(store.node(), "", "", "petr", listed).refusal == Refusal::stocktake_open);
              ++slices;
              return true;
          }).ok());
    CHECK(slices == 2);
    CHECK(store.lines() == 0);
    CHECK(store.open_list().ok());
    CHECK(store.lines() == products);
}
