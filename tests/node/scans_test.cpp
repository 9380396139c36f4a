// What a cashier does costs the same on a ledger of years as on a new one: no statement reads a table that grows from end to end.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "node/catalogue.h"
#include "node/till.h"
#include "tests/support/shop.h"

using namespace paprsek;
using node::Money;

namespace {

constexpr int sales = 1'500;
constexpr std::int64_t allowed = 200;  ///< rows: of tables that stay small (tenders, users, groups, the day's Z reports)

/// A shop with 600 products, 600 customers and 1,500 sales, a closing after each hundredth.
struct LongShop : test::Shop {
    LongShop() {
        std::string products = "code,name,group,price,vat,cost\n", people = "number,cards,name\n";
        for (int i = 0; i < 600; ++i) {
            products += fmt::format("{},Goods {},food,{}.00,B,5.00\n", 1001 + i, i, 10 + i % 50);
            people += fmt::format("{},{},Person {}\n", 1 + i, 2'900'000'000'000 + i, i);
        }
        catalogue("group,parent,excluded\nfood,,0\n");
        catalogue(products);
        customers(people);
        policy(R"({"mode":"points","point_value":"1","vat":[{"group":"B","rate":"12"}]})");
        for (int i = 0; i < sales; ++i) {
            later(60'000);
            const int customer = 1 + i % 600, one = 1001 + i % 600, other = 1001 + i * 7 % 600;
            const auto answer = play(fmt::format("{{'customer':'{}','lines':[{{'code':'{}'}},{{'code':'{}'}}]}}", customer, one, other));
            CAPTURE(answer.dump());
            REQUIRE(answer.contains("receipt"));
            if (i % 100 == 99) REQUIRE(play("{'close_day':{'counted':'0.00'}}").contains("z"));
        }
    }

    void later(std::int64_t ms) { clock().set({clock().now().ms + ms}); }

    /// The statements that have stepped over more rows without an index than they may, since the last call.
    std::string scans() {
        std::string found;
        for (sqlite3_stmt* each = sqlite3_next_stmt(database().handle(), nullptr); each; each = sqlite3_next_stmt(database().handle(), each))
            if (const int rows = sqlite3_stmt_status(each, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1); rows > allowed)
                found += fmt::format("{} rows: {}\n", rows, sqlite3_sql(each));
        return found;
    }
};

}  // namespace

TEST_CASE("no act of a cashier reads a growing table from end to end") {
    LongShop shop;
    shop.scans();
    node::Till till(shop.node(), node::Keep::every_command);
    till.set_cashier("anna");
    const auto act = [&](const char* what, const auto& command) {
        CAPTURE(what);
        shop.later(1'000);
        const node::Outcome outcome = command();
        CHECK_MESSAGE(outcome.ok(), outcome.message);
        CHECK(shop.scans() == "");
    };
    node::Booked booked;
    act("scan", [&] { return till.scan("1017"); });
    act("quantity", [&] { return till.enter("3*1018"); });
    act("log in by number", [&] { return till.log_in("17"); });
    act("log out", [&] { return till.log_out(); });
    act("log in by card", [&] { return till.log_in("2900000000019"); });
    act("discount", [&] { return till.set_discount(0, node::Rate::of(5'000'000)); });
    act("redeem", [&] { return till.redeem(std::nullopt); });
    act("pay", [&] { return till.pay({}, booked); });
    act("scan", [&] { return till.scan("1019"); });
    node::Till::ParkedResult parked;
    act("park", [&] { return till.park({}, &parked); });
    act("recall", [&] { return till.recall(parked.parked->id); });
    act("void a line", [&] { return till.void_line(0); });

    for (const char* line : {"{'refund_of':'3.1-000017','lines':[{'code':'1017'}]}", "{'cash':{'in':'100.00','reason':'float'}}",
                             "{'deposit':{'customer':'7','amount':'100.00'}}", "{'correct':{'customer':'8','points':'-1.00','reason':'mistake'}}",
                             "{'customer':'2911111111117','lines':[{'code':'1010'}]}", "{'close_day':{'counted':'0.00'}}"}) {
        CAPTURE(std::string(line));
        shop.later(1'000);
        CHECK(shop.refusal(line) == "");
        CHECK(shop.scans() == "");
    }
}

TEST_CASE("opening the till reads no growing table from end to end") {
    LongShop shop;
    node::ManualClock clock(shop.clock().now());
    test::SeededRandom random(1);
    const auto node = node::Node::open(shop.node_folder(), clock, random);
    node::Till till(*node, node::Keep::every_command);
    CHECK(till.view().lines.empty());
    std::string found;
    for (sqlite3_stmt* each = sqlite3_next_stmt(node->database().handle(), nullptr); each; each = sqlite3_next_stmt(node->database().handle(), each))
        if (const int rows = sqlite3_stmt_status(each, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1); rows > allowed)
            found += fmt::format("{} rows: {}\n", rows, sqlite3_sql(each));
    CHECK(found == "");
}

TEST_CASE("what was read ahead is in memory when it is scanned the first time") {
    test::Shop shop;
    std::string products = "code,name,price,vat\n";
    for (int i = 0; i < 3'000; ++i) products += fmt::format("{},Goods {},1.00,B\n", 10'001 + i, i);
    shop.catalogue(products);
    // Pages that this connection has to fetch for some of the products, wherever they lie.
    const auto fetched = [&shop](const std::function<void(node::Database&)>& before) {
        node::Database fresh(shop.database().path());
        fresh.integer("SELECT count(*) FROM policy");
        before(fresh);
        const auto misses = [&fresh] {
            int now = 0, high = 0;
            sqlite3_db_status(fresh.handle(), SQLITE_DBSTATUS_CACHE_MISS, &now, &high, 0);
            return now;
        };
        const int had = misses();
        for (int i = 0; i < 3'000; i += 100) REQUIRE(node::find_product(fresh, std::to_string(10'001 + i)));
        return misses() - had;
    };
    const int cold = fetched([](node::Database&) {});
    const int warm = fetched([](node::Database& database) { node::read_ahead(database, [] { return true; }); });
    const int stopped = fetched([](node::Database& database) { node::read_ahead(database, [] { return false; }); });
    CHECK(cold > 30);
    CHECK(warm < 10);  // of the groups
    CHECK(stopped > warm);
}
