// The till session: commands in, outcomes and a view out; the open receipt survives; nothing is half booked.
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "node/till.h"
#include "tests/support/refusal.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::money;
using test::points;
using test::quantity;

using test::rate;
using test::refusal_of;

namespace {

struct TillShop : test::Shop {
    TillShop() {
        catalogue("group,parent,excluded\ntobacco,,1\n");
        catalogue("code,name,group,price,vat\nA,Bread,,12.90,B\nB,Soap,,20.00,A\nT,Cigarettes,tobacco,140.00,A\n0042,Ham,,200.00,B\n");
        customers("number,name,cards,discount,charge_to_account,limit,points\n1,Petr,2900000000018,5,1,100,1000\n2,Eva,,,,,\n");
    }
    /// Closes nothing and opens the same folder again, as after a power cut.
    std::unique_ptr<Node> again() { return Node::open(node_folder(), clock(), random_); }
    test::SeededRandom random_{9};
};

}  // namespace

TEST_CASE("ringing up: scans, multiplied entries, text lines, changes, and the view after each") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    CHECK(till.scan("a").ok());
    CHECK(till.enter(" 3*B ").ok());
    CHECK(till.enter("0,5*0042").ok());
    CHECK(till.add_open("Loan", money("500"), "").ok());
    CHECK(till.view().net == money("672.90"));
    CHECK(till.view().due == money("672.90"));
    CHECK(till.view().cash_due == money("673.00"));
    CHECK(till.set_quantity(0, quantity("2")).ok());
    CHECK(till.set_price(1, money("15")).ok());
    CHECK(till.set_discount(2, rate("10")).ok());
    // 25.80 + 45.00 + 90.00 + 500.00
    CHECK(till.view().net == money("660.80"));
    CHECK(till.view().discount == money("10.00"));
    CHECK(till.void_line(3).ok());
    CHECK(till.view().lines.size() == 3);
    CHECK(till.view().net == money("160.80"));
    CHECK(till.void_receipt().ok());
    CHECK(till.view().lines.empty());
    CHECK(shop.database().integer("SELECT count(*) FROM receipt") == 0);
}

TEST_CASE("logging in and out reprices every line") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    till.scan("B");
    till.scan("T");
    CHECK(till.view().net == money("160.00"));
    CHECK(till.view().points == Points{});
    CHECK(till.enter(";2900000000018").ok());
    CHECK(till.view().net == money("159.00"));  // 5 % of the soap, tobacco is excluded
    CHECK(till.view().points == points("20.00"));
    REQUIRE(till.view().customer);
    CHECK(till.view().customer->name == "Petr");
    CHECK(till.view().customer->points == points("1000"));
    CHECK(till.view().redeemable->most == money("19.00"));
    CHECK(till.redeem(std::nullopt).ok());
    CHECK(till.view().due == money("140.00"));
    CHECK(till.redeem(money("7")).ok());
    CHECK(till.view().taken == points("140"));
    CHECK(till.redeem(money("0")).ok());
    CHECK(till.view().redeemed == Money{});
    till.redeem(std::nullopt);
    CHECK(till.log_out().ok());
    CHECK(till.view().net == money("160.00"));
    CHECK(till.view().redeemed == Money{});
    CHECK(!till.view().customer);
    // A bare scan of a known card logs in too.
    CHECK(till.scan("2900000000018").ok());
    CHECK(till.view().lines.size() == 2);
    CHECK(till.view().net == money("159.00"));
    CHECK(till.set_discount(1, rate("50")).ok());
    CHECK(till.view().lines[1].manual_ignored);
}

TEST_CASE("an unknown code waits as a red row: given a price or struck out") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    CHECK(refusal_of(till.scan("nobody")) == Refusal::unknown_code);
    REQUIRE(till.view().lines.size() == 1);
    CHECK(till.view().lines[0].unknown);
    Booked booked;
    CHECK(refusal_of(till.pay({}, booked)) == Refusal::unresolved_line);
    CHECK(till.set_price(0, money("9")).ok());
    CHECK(!till.view().lines[0].unknown);
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.lines[0].product.empty());
    CHECK(booked.fact.net() == money("9"));
}

TEST_CASE("every refusal of the open receipt, by name; the receipt stays as it was") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    Booked booked;
    CHECK(refusal_of(till.pay({}, booked)) == Refusal::empty_receipt);
    CHECK(refusal_of(till.redeem(money("1"))) == Refusal::redeem_without_customer);
    till.scan("B");
    const auto same = [&] { return till.view().lines.size() == 1 && till.view().net == money("20.00"); };
    CHECK(refusal_of(till.scan("")) == Refusal::unknown_code);
    CHECK(refusal_of(till.scan("A", quantity("0"))) == Refusal::bad_quantity);
    CHECK(refusal_of(till.enter("x*A")) == Refusal::bad_quantity);
    CHECK(refusal_of(till.enter("-1*A")) == Refusal::bad_quantity);
    CHECK(refusal_of(till.enter(";")) == Refusal::unknown_customer);
    CHECK(refusal_of(till.add_open("", money("1"), "")) == Refusal::bad_line);
    CHECK(refusal_of(till.add_open("x", money("-1"), "")) == Refusal::bad_price);
    CHECK(refusal_of(till.add_open("x", money("1"), "Z")) == Refusal::unknown_vat_group);
    CHECK(refusal_of(till.add_open("x", money("100000000"), "", quantity("1000000"))) == Refusal::amount_out_of_range);
    CHECK(same());
    CHECK(refusal_of(till.set_quantity(1, quantity("1"))) == Refusal::no_such_line);
    CHECK(refusal_of(till.set_quantity(0, quantity("-1"))) == Refusal::bad_quantity);
    CHECK(refusal_of(till.set_price(0, money("-1"))) == Refusal::bad_price);
    CHECK(refusal_of(till.set_price(5, money("1"))) == Refusal::no_such_line);
    CHECK(refusal_of(till.set_discount(0, rate("100.1"))) == Refusal::bad_discount);
    CHECK(refusal_of(till.set_discount(5, rate("1"))) == Refusal::no_such_line);
    CHECK(refusal_of(till.void_line(1)) == Refusal::no_such_line);
    CHECK(refusal_of(till.log_in("99")) == Refusal::unknown_customer);
    CHECK(refusal_of(till.log_in("4111111111111111")) == Refusal::payment_card);
    CHECK(refusal_of(till.scan("4111111111111111")) == Refusal::payment_card);  // a customer's card held before the scanner
    CHECK(refusal_of(till.redeem(std::nullopt)) == Refusal::redeem_without_customer);
    CHECK(same());
    CHECK(refusal_of(till.pay({{TenderKind::cash, money("19")}}, booked)) == Refusal::not_enough_cash);
    CHECK(refusal_of(till.pay({{TenderKind::card, money("20.01")}}, booked)) == Refusal::over_tender);
    CHECK(refusal_of(till.pay({{TenderKind::account, money("20")}}, booked)) == Refusal::account_without_customer);
    CHECK(refusal_of(till.pay({{TenderKind::cash, money("-1")}}, booked)) == Refusal::bad_amount);
    CHECK(refusal_of(till.pay({{TenderKind::cash, money("100000000.01")}}, booked)) == Refusal::bad_amount);
    till.log_in("2");
    CHECK(refusal_of(till.pay({{TenderKind::account, money("20")}}, booked)) == Refusal::account_not_allowed);
    till.log_in("1");
    till.set_quantity(0, quantity("6"));  // 114.00
    const Outcome over = till.pay({{TenderKind::account, money("114")}}, booked);
    CHECK(over.refusal == Refusal::account_limit);
    CHECK(over.message.find("100.00") != std::string::npos);  // "refused with the figures"
    CHECK(till.view().lines.size() == 1);
    CHECK(shop.database().integer("SELECT count(*) FROM receipt") == 0);
    till.set_quantity(0, quantity("5"));  // 95.00
    CHECK(till.pay({{TenderKind::account, money("95")}}, booked).ok());
    CHECK(booked.customer->debt == money("95"));
    CHECK(till.view().lines.empty());
    CHECK(!till.view().customer);
}

TEST_CASE("a receipt has at most 1000 lines") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    for (int i = 0; i < 1000; ++i) till.add_open("x", money("1"), "A");
    CHECK(refusal_of(till.scan("A")) == Refusal::too_many_lines);
    Booked booked;
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.net() == money("1000"));
}

TEST_CASE("logging in may not carry points out of their range") {
    TillShop shop;
    shop.policy(R"({"multipliers":[{"factor":"1000"}]})");
    shop.catalogue("code,name,price,vat\nD,Dear,100000000.00,A\n");
    Till till(shop.node(), Keep::every_command);
    CHECK(till.scan("D", quantity("1000")).ok());
    CHECK(refusal_of(till.log_in("2")) == Refusal::amount_out_of_range);
    CHECK(!till.view().customer);
    CHECK(till.view().lines.size() == 1);
    Till::ActResult act;
    CHECK(refusal_of(till.correct("2", points("10000000000000"), {}, "x", act)) == Refusal::none);
    CHECK(refusal_of(till.correct("2", points("10000000000000"), {}, "x", act)) == Refusal::amount_out_of_range);
    CHECK(shop.customer("2")["points"] == "10000000000000.00");
}

TEST_CASE("the open receipt survives: every command is on disk when it returns") {
    TillShop shop;
    const auto check = [&](auto expect) {
        const auto reopened = shop.again();
        Till till(*reopened, Keep::every_command);
        expect(till.view());
    };
    {
        Till till(shop.node(), Keep::every_command);
        till.scan("A");
        check([](const TillView& view) { CHECK(view.net == money("12.90")); });
        till.enter("2*B");
        till.set_discount(1, rate("50"));
        check([](const TillView& view) { CHECK(view.net == money("32.90")); });
        till.log_in("2900000000018");
        till.redeem(money("3"));
        check([](const TillView& view) {
            CHECK(view.customer->number == 1);
            CHECK(view.redeemed == money("3"));
            CHECK(view.net == money("30.25"));  // 12.90 − 0.65 (0.645), 40.00 − 22.00
        });
        till.redeem(std::nullopt);
        till.scan("unknown");
        till.add_open("Text", money("7"), "B");
        till.set_price(0, money("1"));
        till.void_line(1);
    }
    check([](const TillView& view) {
        REQUIRE(view.lines.size() == 3);
        CHECK(view.lines[0].line.price == money("1"));
        CHECK(view.lines[1].unknown);
        CHECK(view.lines[2].line.name == "Text");
        CHECK(view.redeemed == money("0.95"));
    });
    // Prices are those of the moment at which the line was entered.
    shop.catalogue("code,name,price,vat\nA,Bread,99.00,B\n");
    const auto reopened = shop.again();
    {
        Till till(*reopened, Keep::every_command);
        till.void_line(1);
        Booked booked;
        CHECK(till.pay({}, booked).ok());
    }
    check([](const TillView& view) {
        CHECK(view.lines.empty());  // a paid one is never open again
        CHECK(!view.customer);
    });
    Till till(*reopened, Keep::every_command);
    till.scan("A");
    till.void_receipt();
    check([](const TillView& view) { CHECK(view.lines.empty()); });
    till.log_in("1");
    check([](const TillView& view) { CHECK(view.customer); });
    till.log_out();
    check([](const TillView& view) { CHECK(!view.customer); });
    CHECK(shop.verify().ok());
}

TEST_CASE("a script leaves the open receipt of the window alone") {
    TillShop shop;
    {
        Till till(shop.node(), Keep::every_command);
        till.scan("A");
    }
    shop.play("{'lines':[{'code':'B'}]}");
    Till till(shop.node(), Keep::every_command);
    CHECK(till.view().lines.size() == 1);
}

TEST_CASE("payment sees what another process has booked meanwhile") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    till.log_in("1");
    till.enter("2*B");
    till.redeem(std::nullopt);
    CHECK(till.view().redeemed == money("38.00"));
    // Elsewhere 990 of the 1000 points go.
    const auto other = shop.again();
    Till second(*other, Keep::at_payment);
    Till::ActResult act;
    CHECK(second.correct("1", points("-990"), {}, "spent", act).ok());
    Booked booked;
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.redeemed == money("2.50"));  // 10 + 40 points
    CHECK(booked.customer->points == points("0"));
}

TEST_CASE("a failing disk books nothing, and the receipt stays open") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    till.log_in("77777");
    till.scan("A");
    const auto facts = shop.facts();
    shop.database().execute("CREATE TRIGGER broken BEFORE INSERT ON cash_movement BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    Booked booked;
    CHECK_THROWS_AS(till.pay({}, booked), Error);
    CHECK(shop.facts() == facts);
    CHECK(shop.database().integer("SELECT count(*) FROM movement WHERE kind <> 'opening'") == 0);
    CHECK(till.view().lines.size() == 1);
    shop.database().execute("DROP TRIGGER broken");
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.number == 1);
    CHECK(shop.facts() == facts + 2);  // the new customer, the sale
    CHECK(shop.verify().ok());
}

TEST_CASE("acts refuse what the session cannot take") {
    TillShop shop;
    Till till(shop.node(), Keep::at_payment);
    Till::ActResult act;
    Booked booked;
    Till::Closed day;
    const auto facts = shop.facts();
    CHECK(refusal_of(till.deposit("1", money("0"), act)) == Refusal::bad_amount);
    CHECK(refusal_of(till.deposit("1", money("100000000.01"), act)) == Refusal::bad_amount);
    CHECK(refusal_of(till.deposit("4111111111111111", money("1"), act)) == Refusal::payment_card);
    CHECK(refusal_of(till.settle_account("1", {}, {}, act)) == Refusal::nothing_to_settle);
    CHECK(refusal_of(till.move_cash(money("0"), "x", act)) == Refusal::bad_amount);
    CHECK(refusal_of(till.move_cash(money("1"), "", act)) == Refusal::reason_missing);
    CHECK(refusal_of(till.correct("1", {}, {}, "x", act)) == Refusal::bad_amount);
    CHECK(refusal_of(till.correct("1", points("1"), {}, "\t", act)) == Refusal::reason_missing);
    CHECK(refusal_of(till.correct("60000", points("1"), {}, "x", act)) == Refusal::unknown_customer);
    CHECK(refusal_of(till.refund("3.1-000001", {{"A", "", {}}}, {}, booked)) == Refusal::unknown_receipt);
    CHECK(refusal_of(till.refund("3.1-000001", {}, {}, booked)) == Refusal::empty_receipt);
    CHECK(refusal_of(till.close_day({money("-1"), {}}, day)) == Refusal::bad_amount);
    CHECK(shop.facts() == facts);
}

TEST_CASE("every refusal has a name of its own") {
    // The compiler sees to it that none is left out; behind the last one there is nothing.
    std::set<std::string_view> names;
    for (int i = 0; !print(static_cast<Refusal>(i)).empty(); ++i) CHECK(names.insert(print(static_cast<Refusal>(i))).second);
    CHECK(names.contains("details_demanded"));
    CHECK(names.contains("parked_elsewhere"));
}
