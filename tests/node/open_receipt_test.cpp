// The open receipt, kept beside the one who enters it. Another program that holds the ledger is the slow disk here: nothing can be written
// until it lets go.
#include "node/open_receipt.h"

#include <doctest/doctest.h>

#include "node/base/error.h"
#include "node/till.h"
#include "tests/support/amounts.h"
#include "tests/support/shop.h"

namespace paprsek::node {
namespace {

using test::money;

/// A window's till with its keeper.
struct KeptTill {
    KeptTill() {
        shop.catalogue("code,name,price,vat\nA,Apple,10.00,B\nC,Cake,80.00,B\n");
        till.set_cashier("anna");
        till.set_keeper(&keeper);
    }
    /// What a till would take up after a power cut.
    std::size_t lines_on_disk() {
        const auto draft = read_open_receipt(other);
        return draft ? draft->lines.size() : 0;
    }
    void settle() {
        keeper.wait();
        REQUIRE(till.kept());
    }
    test::Shop shop;
    Database other{shop.database().path()};
    OpenReceiptKeeper keeper{shop.database().path()};
    Till till{shop.node(), Keep::every_command};
};

struct ToldPrinter final : TillPrinter {
    std::string no_customers() override { return {}; }
    std::string no_discounts() override { return {}; }
    std::string refuses(const TillView&, const std::vector<Tender>&) override { return {}; }
    void follow(const TillView& view) override { lines = view.lines.size(); }
    Prints print_due() override { return {}; }
    std::size_t lines = 0;
};

}  // namespace

TEST_CASE("T6: scans do not wait for the disk, and are on it when the till says so") {
    KeptTill kept;
    ToldPrinter printer;
    kept.till.set_printer(&printer);
    {
        Transaction held(kept.other);
        CHECK(kept.till.scan("A").ok());
        CHECK(kept.till.enter("3*C").ok());
        CHECK(kept.till.set_discount(0, Rate::of(5'000'000)).ok());
        CHECK(kept.till.view().lines.size() == 2);
        CHECK(kept.till.keeping());
        CHECK_FALSE(kept.till.kept());
        CHECK(printer.lines == 0);  // nothing is on paper that a power cut would take from the receipt
    }
    kept.settle();
    CHECK_FALSE(kept.till.keeping());
    CHECK(printer.lines == 2);
    CHECK(kept.lines_on_disk() == 2);
    const Till again(kept.shop.node(), Keep::every_command);
    REQUIRE(again.view().lines.size() == 2);
    CHECK(again.view().due == kept.till.view().due);
}

TEST_CASE("T6: what is paid, put aside or struck out comes behind what is still being kept, never before it") {
    KeptTill kept;
    Booked booked;
    SUBCASE("paid") {
        for (int i = 0; i < 20; ++i) {
            kept.till.scan("A");
            kept.till.scan("C");
            REQUIRE(kept.till.pay({}, booked).ok());
            CHECK(booked.fact.lines.size() == 2);
            kept.settle();
            CHECK(kept.lines_on_disk() == 0);  // a paid one is never open again
        }
    }
    SUBCASE("put aside and taken up") {
        kept.till.scan("A");
        REQUIRE(kept.till.park().ok());
        CHECK(kept.lines_on_disk() == 0);
        kept.till.scan("C");
        Till::ParkedResult parked;
        REQUIRE(kept.till.split({}, {{0, Quantity::of(500)}}, {"", "T1"}, &parked).ok());
        CHECK(kept.lines_on_disk() == 1);
    }
    SUBCASE("struck out") {
        kept.till.scan("A");
        kept.till.scan("C");
        REQUIRE(kept.till.void_line(0).ok());
        CHECK(kept.lines_on_disk() == 1);
        REQUIRE(kept.till.void_receipt("gone").ok());
        CHECK(kept.lines_on_disk() == 0);
    }
    SUBCASE("paid in part") {
        kept.till.scan("C");
        REQUIRE(kept.till.take_payment({TenderKind::card, money("5")}).ok());
        CHECK(read_open_receipt(kept.other)->given.size() == 1);
        REQUIRE(kept.till.return_payment().ok());
        CHECK(read_open_receipt(kept.other)->given.empty());
    }
    CHECK(kept.shop.verify().ok());
}

TEST_CASE("T6: where the disk refuses, the receipt is what the disk has, and the cashier is told") {
    KeptTill kept;
    kept.till.scan("A");
    kept.settle();
    kept.other.execute("CREATE TRIGGER broken BEFORE INSERT ON open_receipt BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    CHECK(kept.till.scan("C").ok());
    kept.keeper.wait();
    SUBCASE("told when the window asks") {
        CHECK_THROWS_AS(kept.till.kept(), Error);
        CHECK(kept.till.view().lines.size() == 1);
        CHECK(kept.till.kept());
    }
    SUBCASE("or by what comes next, which is not done then") {
        Booked booked;
        CHECK_THROWS_AS(kept.till.pay({}, booked), Error);
        CHECK(kept.till.view().lines.size() == 1);
        CHECK(kept.shop.database().integer("SELECT count(*) FROM receipt") == 0);
    }
    kept.other.execute("DROP TRIGGER broken");
    CHECK(kept.till.scan("C").ok());
    kept.settle();
    CHECK(kept.lines_on_disk() == 2);
}

TEST_CASE("T6: a later receipt that was written makes good for one that was not") {
    KeptTill kept;
    int told = 0;
    kept.other.execute("CREATE TRIGGER broken BEFORE INSERT ON open_receipt BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    {
        OpenReceiptKeeper keeper(kept.other.path(), [&told] { ++told; });
        Draft draft;
        draft.place.table = "T1";
        keeper.keep(draft);
        keeper.wait();
        kept.other.execute("DROP TRIGGER broken");
        keeper.keep(draft);
        keeper.wait();
        CHECK(keeper.kept());
    }
    CHECK(told == 2);
    CHECK(read_open_receipt(kept.other)->place.table == "T1");
}

TEST_CASE("T6: a till that ends has kept what was entered") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Apple,10.00,B\n");
    {
        OpenReceiptKeeper keeper(shop.database().path());
        Till till(shop.node(), Keep::every_command);
        till.set_cashier("anna");
        till.set_keeper(&keeper);
        for (int i = 0; i < 30; ++i) till.scan("A");
    }
    CHECK(Till(shop.node(), Keep::every_command).view().lines.size() == 30);
}

}  // namespace paprsek::node
