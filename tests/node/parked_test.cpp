// Parked receipts, tables and tabs (T7), what was struck out (T5), and the open receipt over midnight (T10).
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

/// Puts the receipt in hand aside; its number.
std::int64_t park(Till& till, const Place& place = {}) {
    Till::ParkedResult result;
    CHECK(till.park(place, &result).ok());
    REQUIRE(result.parked);
    CHECK(till.parked(result.parked->id)->net == result.parked->net);
    return result.parked->id;
}

struct Restaurant : test::Shop {
    Restaurant() {
        catalogue("code,name,price,vat\nBEER,Beer,59.00,A\nSOUP,Soup,65.50,B\nHAM,Ham,200.00,B\n");
        customers("number,name,cards,discount,charge_to_account,points\n1,Petr,2900000000018,10,1,1000\n2,Eva,,,,\n");
        till_ = std::make_unique<Till>(node(), Keep::every_command);
        till_->set_cashier("anna");
    }
    Till& till() { return *till_; }
    /// The power fails, and the till starts again.
    void restart() {
        till_ = std::make_unique<Till>(node(), Keep::every_command);
        till_->set_cashier("anna");
    }
    std::int64_t id_at(const std::string& table, const std::string& area = {}) {
        const auto id = till_->parked_at({area, table});
        REQUIRE(id);
        return *id;
    }
    std::vector<schema::Fact> facts_of(std::string_view kind) {
        std::vector<schema::Fact> found;
        node().ledger().read(1, INT64_MAX, [&](const schema::Fact& fact) {
            if (fact.kind == kind) found.push_back(fact);
            return true;
        });
        return found;
    }
    Json traces() { return report(node(), "traces", {}); }

private:
    std::unique_ptr<Till> till_;
};

}  // namespace

TEST_CASE("a receipt is put aside, others are sold, and it comes back as it was") {
    Restaurant shop;
    Till& till = shop.till();
    till.enter("2*BEER");
    till.log_in("1");
    till.set_discount(0, rate("5"));
    till.redeem(money("7"));
    const std::int64_t id = park(till, {"Garden", " T1 "});
    CHECK(till.view().lines.empty());
    CHECK(!till.view().customer);
    CHECK(till.view().place.empty());
    till.scan("SOUP");
    Booked booked;
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.place.empty());

    const auto list = till.parked();
    REQUIRE(list.size() == 1);
    CHECK(list[0].id == id);
    CHECK(list[0].place == Place{"Garden", "T1"});
    CHECK(list[0].net == money("100.30"));  // 118.00 less 15 %
    CHECK(list[0].due == money("93.30"));
    CHECK(list[0].customer->name == "Petr");
    CHECK(list[0].cashier == "anna");
    CHECK(list[0].lines.size() == 1);

    shop.restart();
    CHECK(shop.till().view().lines.empty());
    CHECK(shop.till().recall(id).ok());
    CHECK(shop.till().parked().empty());
    shop.restart();  // in hand now, and only there
    CHECK(shop.till().parked().empty());
    const TillView& view = shop.till().view();
    REQUIRE(view.lines.size() == 1);
    CHECK(view.net == money("100.30"));
    CHECK(view.redeemed == money("7"));
    CHECK(view.place == Place{"Garden", "T1"});
    CHECK(shop.till().pay({}, booked).ok());
    CHECK(booked.fact.place == Place{"Garden", "T1"});
    shop.restart();
    CHECK(shop.till().view().lines.empty());
    CHECK(shop.till().parked().empty());
    CHECK(refusal_of(shop.till().recall(id)) == Refusal::unknown_parked);
    CHECK(shop.verify().ok());
}

TEST_CASE("a receipt is open since the first thing that is on it, also after one that came to nothing") {
    Restaurant shop;
    shop.till().log_in("1");
    shop.till().log_out();
    shop.clock().set(test::instant("2026-03-02T11:00:00+01:00"));
    shop.till().scan("BEER");
    CHECK(shop.till().view().opened == test::instant("2026-03-02T11:00:00+01:00"));
    shop.restart();
    CHECK(shop.till().view().opened == test::instant("2026-03-02T11:00:00+01:00"));
}

TEST_CASE("a receipt keeps its number, and a number is never given twice") {
    Restaurant shop;
    Till& till = shop.till();
    till.scan("BEER");
    const std::int64_t first = park(till);
    till.recall(first);
    till.scan("SOUP");
    CHECK(park(till) == first);
    CHECK(till.void_parked(first, {}, "left").ok());
    till.scan("BEER");
    CHECK(park(till) > first);
}

TEST_CASE("tables: opened, let go, occupied, moved") {
    Restaurant shop;
    Till& till = shop.till();
    set_tables(shop.node(), parse_tables(R"([{"area":"Garden","tables":["T1","T2"]},{"area":"","tables":["Bar"]}])", "tables.json"));
    CHECK(till.open_table({"Garden", "T1"}).ok());
    CHECK(till.open_table({"garden", "t1"}).ok());  // it is the same
    CHECK(refusal_of(till.open_table({"Garden", "T2"})) == Refusal::receipt_in_hand);
    CHECK(till.tables()[0].tables[0].in_hand);
    Till::ParkedResult let_go;
    CHECK(till.park({}, &let_go).ok());  // nothing was rung up
    CHECK(!let_go.parked);
    CHECK(!till.tables()[0].tables[0].in_hand);
    CHECK(!till.tables()[0].tables[0].receipt);
    CHECK(refusal_of(till.park({"Garden", "T1"})) == Refusal::empty_receipt);

    till.open_table({"Garden", "T1"});
    till.scan("BEER");
    CHECK(till.park().ok());
    till.scan("SOUP");
    CHECK(refusal_of(till.park({"Garden", "t1"})) == Refusal::table_occupied);
    CHECK(till.view().lines.size() == 1);
    CHECK(till.park({"", "Petr's tab"}).ok());
    auto areas = till.tables();
    REQUIRE(areas.size() == 2);
    CHECK(areas[0].tables[0].receipt->net == money("59"));
    CHECK(!areas[0].tables[1].receipt);
    REQUIRE(areas[1].tables.size() == 2);  // beside the plan
    CHECK(areas[1].tables[1].name == "Petr's tab");

    const auto t1 = shop.id_at("T1", "Garden"), tab = shop.id_at("petr's TAB");
    CHECK(refusal_of(till.move(t1, {"", "Petr's tab"})) == Refusal::table_occupied);
    CHECK(till.move(t1, {"Garden", "T2"}).ok());
    CHECK(shop.id_at("T2", "Garden") == t1);
    CHECK(till.move(tab, {}).ok());
    CHECK(!till.parked_at({"", "Petr's tab"}));
    CHECK(till.open_table({"Garden", "T2"}).ok());
    CHECK(till.view().net == money("59"));
    CHECK(till.move(std::nullopt, {"Garden", "T1"}).ok());
    shop.restart();
    CHECK(shop.till().view().place == Place{"Garden", "T1"});
    CHECK(refusal_of(shop.till().move(tab, {"Garden", "T1"})) == Refusal::table_occupied);  // by what is in hand
}

TEST_CASE("two receipts become one, with one customer") {
    Restaurant shop;
    Till& till = shop.till();
    const auto sit = [&](const std::string& table, const char* code, const char* customer) {
        till.scan(code);
        if (*customer) till.log_in(customer);
        till.park({"", table});
        return shop.id_at(table);
    };
    const auto a = sit("A", "BEER", ""), b = sit("B", "SOUP", "1"), c = sit("C", "HAM", "2");
    CHECK(refusal_of(till.merge(b, c)) == Refusal::two_customers);
    CHECK(till.parked().size() == 3);
    CHECK(refusal_of(till.merge(a, a)) == Refusal::unknown_parked);
    CHECK(refusal_of(till.merge(a, 99)) == Refusal::unknown_parked);
    CHECK(till.merge(b, a).ok());
    CHECK(refusal_of(till.recall(b)) == Refusal::unknown_parked);
    CHECK(till.parked(a)->customer->name == "Petr");
    CHECK(till.parked(a)->net == money("112.05"));  // 53.10 + 58.95
    CHECK(refusal_of(till.merge(a, std::nullopt)) == Refusal::empty_receipt);
    till.scan("BEER");
    CHECK(till.merge(a, std::nullopt).ok());
    CHECK(till.view().lines.size() == 3);
    CHECK(till.view().customer->name == "Petr");
    shop.restart();
    CHECK(shop.till().view().lines.size() == 3);
    CHECK(shop.till().parked().size() == 1);
}

TEST_CASE("a receipt is split by line and by part of a line") {
    Restaurant shop;
    Till& till = shop.till();
    till.enter("3*BEER");
    till.scan("SOUP");
    till.log_in("1");
    till.redeem(money("5"));
    till.park({"", "T1"});
    const auto id = shop.id_at("T1");
    Till::ParkedResult split;
    CHECK(refusal_of(till.split(id, {{5, {}}}, {}, &split)) == Refusal::no_such_line);
    CHECK(refusal_of(till.split(id, {{0, quantity("3.001")}}, {}, &split)) == Refusal::bad_quantity);
    CHECK(refusal_of(till.split(id, {{0, quantity("2")}, {0, quantity("2")}}, {}, &split)) == Refusal::bad_quantity);
    CHECK(refusal_of(till.split(id, {{0, quantity("-1")}}, {}, &split)) == Refusal::bad_quantity);
    CHECK(refusal_of(till.split(id, {}, {}, &split)) == Refusal::empty_receipt);
    CHECK(refusal_of(till.split(id, {{0, {}}, {1, {}}}, {}, &split)) == Refusal::whole_receipt);
    CHECK(refusal_of(till.split(id, {{0, {}}}, {"", "t1"}, &split)) == Refusal::table_occupied);
    CHECK(till.parked().size() == 1);
    CHECK(till.split(id, {{0, quantity("1")}, {1, {}}}, {"", "T2"}, &split).ok());
    const std::int64_t part = split.parked->id;
    CHECK(split.rest->net == money("106.20"));
    CHECK(till.parked(part)->net == money("124.50"));  // without the customer
    CHECK(!till.parked(part)->customer);
    CHECK(till.parked(part)->lines.size() == 2);
    CHECK(till.parked(id)->net == money("106.20"));
    CHECK(till.parked(id)->due == money("101.20"));

    // One guest pays a beer, the rest stays at the table.
    till.recall(id);
    CHECK(till.keep_part({{0, quantity("1")}}).ok());
    CHECK(till.view().net == money("59"));
    CHECK(!till.view().customer);
    CHECK(till.parked(id)->net == money("53.10"));
    CHECK(refusal_of(till.park()) == Refusal::table_occupied);
    Booked booked;
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.place.table == "T1");
    till.recall(id);
    CHECK(refusal_of(till.split(std::nullopt, {{0, quantity("1")}}, {}, &split)) == Refusal::whole_receipt);
    CHECK(till.pay({}, booked).ok());
    CHECK(till.parked().size() == 1);
    CHECK(shop.facts_of(schema::kind::line_voided).empty());
    CHECK(shop.verify().ok());
}

TEST_CASE("what a split comes to is told before: the part is without the customer, and so without his discount") {
    Restaurant shop;
    Till& till = shop.till();
    CHECK(till.log_in("1").ok());
    CHECK(till.enter("2*BEER").ok());
    CHECK(till.enter("HAM").ok());
    CHECK(till.redeem(money("10.00")).ok());
    const std::int64_t id = park(till);
    const auto total = till.parked(id)->due;
    const std::vector<DraftPart> parts = {{0, quantity("1")}};
    Till::SplitPreview preview;
    REQUIRE(till.preview_split(id, parts, preview).ok());
    CHECK(preview.moved == std::vector<Quantity>{quantity("1"), quantity("0")});
    CHECK(preview.part == std::vector<Money>{money("59.00"), money("0.00")});
    CHECK(preview.rest == std::vector<Money>{money("53.10"), money("180.00")});
    CHECK(preview.part_due == money("59.00"));
    CHECK(preview.rest_due == money("223.10"));
    REQUIRE(till.preview_split(id, {}, preview).ok());
    CHECK(preview.rest_due == total);
    CHECK(preview.part_due.is_zero());
    REQUIRE(till.preview_split(id, {{0, {}}, {1, {}}}, preview).ok());
    CHECK(preview.rest_due.is_zero());
    CHECK(preview.part_due == money("318.00"));
    CHECK(refusal_of(till.preview_split(id, {{7, {}}}, preview)) == Refusal::no_such_line);
    CHECK(till.parked(id)->due == total);

    // With another receipt in hand nothing is divided.
    CHECK(till.enter("SOUP").ok());
    CHECK(refusal_of(till.take_part(id, parts)) == Refusal::receipt_in_hand);
    CHECK(till.parked().size() == 1);
    CHECK(till.parked(id)->due == total);
    CHECK(till.void_receipt().ok());
    REQUIRE(till.take_part(id, parts).ok());
    CHECK(till.view().due == money("59.00"));
    CHECK_FALSE(till.view().customer);
    CHECK(till.parked(id)->due == money("223.10"));
    CHECK(till.parked().size() == 1);
}

TEST_CASE("what was paid in part stays with the receipt: over a restart, put aside and recalled, and with what is left of it") {
    Restaurant shop;
    CHECK(refusal_of(shop.till().take_payment({TenderKind::card, money("10.00")})) == Refusal::empty_receipt);
    CHECK(shop.till().enter("2*HAM").ok());
    CHECK(refusal_of(shop.till().take_payment({TenderKind::card, money("0.00")})) == Refusal::bad_amount);
    CHECK(refusal_of(shop.till().take_payment({TenderKind::voucher, money("5.00"), "beads"})) == Refusal::unknown_tender);
    CHECK(shop.till().take_payment({TenderKind::card, money("100.00")}).ok());
    CHECK(shop.till().take_payment({TenderKind::voucher, money("50.00")}).ok());
    shop.restart();
    const std::vector<Tender> both = {{TenderKind::card, money("100.00")}, {TenderKind::voucher, money("50.00")}};
    CHECK(shop.till().view().given == both);
    const std::int64_t id = park(shop.till());
    CHECK(shop.till().parked(id)->given == both);
    CHECK(shop.till().view().given.empty());
    CHECK(shop.till().take_part(id, {{0, quantity("1")}}).ok());
    CHECK(shop.till().view().given.empty());
    CHECK(shop.till().merge(id, {}).ok());
    CHECK(shop.till().view().given == both);
    CHECK(shop.till().return_payment().ok());
    CHECK(shop.till().view().given.size() == 1);
    // A receipt without a line could neither be paid nor struck out.
    CHECK(shop.till().void_line(0).ok());
    CHECK(refusal_of(shop.till().void_line(0)) == Refusal::whole_receipt);
    CHECK(shop.till().view().lines.size() == 1);

    Booked booked;
    std::vector<Tender> tenders = shop.till().view().given;
    tenders.push_back({TenderKind::cash, money("300.00")});
    REQUIRE(shop.till().pay(tenders, booked).ok());
    CHECK(booked.fact.paid_with(TenderKind::card) == money("100.00"));
    CHECK(shop.till().view().given.empty());
    CHECK(refusal_of(shop.till().return_payment()) == Refusal::bad_amount);
    shop.restart();
    CHECK(shop.till().view().given.empty());
}

TEST_CASE("every refusal leaves both receipts as they were") {
    Restaurant shop;
    Till& till = shop.till();
    CHECK(refusal_of(till.park()) == Refusal::empty_receipt);
    CHECK(refusal_of(till.move(std::nullopt, {"", "T1"})) == Refusal::empty_receipt);
    CHECK(refusal_of(till.move(7, {"", "T1"})) == Refusal::unknown_parked);
    CHECK(refusal_of(till.void_parked(7, {}, "")) == Refusal::unknown_parked);
    CHECK(refusal_of(till.open_table({"Garden", ""})) == Refusal::bad_table);
    till.scan("BEER");
    for (const Place& bad : {Place{"Garden", ""}, Place{"", std::string(61, 'x')}, Place{"", "a\nb"}, Place{"", "\xff"}}) {
        CHECK(refusal_of(till.park(bad)) == Refusal::bad_table);
        CHECK(till.view().lines.size() == 1);
    }
    const std::int64_t id = park(till);
    till.scan("SOUP");
    CHECK(refusal_of(till.recall(id)) == Refusal::receipt_in_hand);
    CHECK(refusal_of(till.void_parked(id, {}, std::string(501, 'x'))) == Refusal::bad_line);
    CHECK(refusal_of(till.void_line(0, std::string(501, 'x'))) == Refusal::bad_line);
    CHECK(refusal_of(till.void_parked(id, {{1, {}}}, "")) == Refusal::no_such_line);
    CHECK(till.view().lines.size() == 1);
    CHECK(till.parked().size() == 1);
    CHECK(shop.traces().empty());
}

TEST_CASE("at most 1000 receipts are put aside, and a merged one has at most 1000 lines") {
    Restaurant shop;
    Till& till = shop.till();
    {
        Transaction transaction(shop.database());
        Draft draft;
        draft.lines.resize(600);
        for (DraftLine& line : draft.lines) {
            line.input.name = "x";
            line.input.vat = "A";
        }
        for (int i = 0; i < 2; ++i) put_aside(shop.database(), draft, shop.clock().now(), "");
        draft.lines.resize(1);
        for (int i = 0; i < 998; ++i) put_aside(shop.database(), draft, shop.clock().now(), "");
        transaction.commit();
    }
    CHECK(refusal_of(till.merge(1, 2)) == Refusal::too_many_lines);
    till.scan("BEER");
    CHECK(refusal_of(till.park()) == Refusal::too_many_parked);
    CHECK(refusal_of(till.split(1, {{0, {}}}, {})) == Refusal::too_many_parked);
    CHECK(till.void_parked(3, {}, "").ok());
    CHECK(till.park().ok());
}

TEST_CASE("what is struck out leaves a fact: line, part of a line, receipt, parked receipt") {
    Restaurant shop;
    Till& till = shop.till();
    shop.clock().set(test::instant("2026-03-02T12:00:00+01:00"));
    till.enter("3*BEER");
    till.log_in("1");
    till.scan("nobody");
    shop.clock().set(test::instant("2026-03-02T12:30:00+01:00"));
    CHECK(till.set_quantity(0, quantity("1")).ok());
    CHECK(till.set_quantity(0, quantity("2")).ok());  // more is no trace
    CHECK(till.void_line(1).ok());                    // a red row never was goods
    CHECK(till.void_line(0, " spilt ").ok());
    auto facts = shop.facts_of(schema::kind::line_voided);
    REQUIRE(facts.size() == 2);
    const VoidFact part = parse_void(facts[0].body), line = parse_void(facts[1].body);
    CHECK(part.lines[0].quantity == quantity("2"));
    CHECK(part.net() == money("106.20"));
    CHECK(part.cashier == "anna");
    CHECK(part.entered == test::instant("2026-03-02T12:00:00+01:00"));
    CHECK(line.reason == "spilt");
    CHECK(line.net() == money("106.20"));
    CHECK(customer_by_id(shop.database(), line.customer)->number == 1);
    CHECK(till.void_receipt("gone").ok());  // the customer alone: nothing to tell
    CHECK(shop.facts_of(schema::kind::receipt_voided).empty());

    till.scan("SOUP");
    till.set_price(0, money("60"));
    till.scan("HAM");
    till.park({"Garden", "T1"});
    const auto id = shop.id_at("T1", "Garden");
    CHECK(till.void_parked(id, {{1, quantity("0.25")}}, "too much").ok());
    CHECK(till.parked(id)->net == money("210"));
    CHECK(till.void_parked(id, {{0, {}}, {1, {}}}, "went away").ok());
    CHECK(!till.parked(id));
    facts = shop.facts_of(schema::kind::receipt_voided);
    REQUIRE(facts.size() == 1);
    CHECK(parse_void(facts[0].body).place == Place{"Garden", "T1"});
    CHECK(parse_void(facts[0].body).net() == money("210"));

    till.scan("BEER");
    till.set_price(0, money("50"));
    till.set_discount(0, rate("10"));
    Booked booked;
    CHECK(till.pay({}, booked).ok());
    const Json traces = shop.traces();
    REQUIRE(traces.size() == 7);
    CHECK(traces[0]["kind"] == "line_voided");
    CHECK(traces[2]["amount"] == "50.00");
    CHECK(traces[2]["table"] == "T1");
    CHECK(traces[3]["kind"] == "receipt_voided");
    CHECK(traces[3]["list_price"] == "65.50");
    CHECK(traces[4]["name"] == "Ham");
    CHECK(traces[5]["kind"] == "discount_by_hand");
    CHECK(traces[5]["amount"] == "5.00");
    CHECK(traces[5]["receipt"] == "3.1-000001");
    CHECK(traces[6]["kind"] == "price_typed");
    CHECK(traces[6]["amount"] == "9.00");
    CHECK(traces[6]["list_price"] == "59.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("a failing disk strikes nothing out and moves nothing") {
    Restaurant shop;
    Till& till = shop.till();
    till.scan("BEER");
    till.park({"", "T1"});
    till.scan("SOUP");
    const auto id = shop.id_at("T1");
    const auto facts = shop.facts();
    shop.database().execute("CREATE TRIGGER broken BEFORE INSERT ON trace BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    CHECK_THROWS_AS(till.void_line(0), Error);
    CHECK_THROWS_AS(till.void_receipt(), Error);
    CHECK_THROWS_AS(till.void_parked(id, {}, "x"), Error);
    shop.database().execute("DROP TRIGGER broken; CREATE TRIGGER broken BEFORE INSERT ON open_receipt BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    CHECK_THROWS_AS(till.merge(id, std::nullopt), Error);
    CHECK(till.view().lines.size() == 1);
    CHECK(till.parked().size() == 1);
    CHECK(shop.facts() == facts);
    shop.database().execute("DROP TRIGGER broken");
    CHECK(till.merge(id, std::nullopt).ok());
    CHECK(till.view().lines.size() == 2);
}

TEST_CASE("whoever is quicker takes up a parked receipt: the other is told, and nothing is sold twice") {
    Restaurant shop;
    shop.till().scan("BEER");
    shop.till().park({"", "T1"});
    const auto id = shop.id_at("T1");
    Till second(shop.node(), Keep::at_payment);
    CHECK(second.recall(id).ok());
    CHECK(shop.till().parked().size() == 1);  // still lies there
    shop.till().recall(id);
    shop.till().scan("SOUP");
    shop.till().park();
    Booked booked;
    CHECK(refusal_of(second.pay({}, booked)) == Refusal::parked_elsewhere);
    CHECK(refusal_of(second.park()) == Refusal::parked_elsewhere);
    CHECK(shop.facts_of(schema::kind::sale).empty());
    second.void_receipt();  // forgets, and strikes nothing out
    CHECK(shop.traces().empty());
    CHECK(second.recall(id).ok());
    CHECK(second.view().lines.size() == 2);
    CHECK(second.pay({}, booked).ok());
    CHECK(refusal_of(shop.till().recall(id)) == Refusal::unknown_parked);
}

TEST_CASE("a recalled line keeps the moment at which it was entered; the customer's prices are today's") {
    Restaurant shop;
    shop.policy(R"({"time_discounts":[{"from":"10:00","to":"11:00","discount":"20"}],"multipliers":[{"from":"10:00","to":"11:00","factor":"3"}]})");
    Till& till = shop.till();
    till.scan("BEER");  // 10:15
    till.park({"", "T1"});
    shop.catalogue("code,name,price,vat\nBEER,Beer,99.00,A\n");
    shop.customers("number,name,cards,discount,charge_to_account,points\n1,Petr,2900000000018,25,1,1000\n");
    shop.clock().set(test::instant("2026-03-02T13:00:00+01:00"));
    till.recall(shop.id_at("T1"));
    CHECK(till.view().net == money("47.20"));
    till.log_in("1");
    CHECK(till.view().net == money("32.45"));  // 59.00 less 45 %
    CHECK(till.view().points == points("177.00"));
    till.scan("BEER");
    CHECK(till.view().lines[1].line.net == money("74.25"));
}

TEST_CASE("VAT is that of the day of payment, also of a receipt that stood open over midnight") {
    Restaurant shop;
    shop.policy(R"({"vat":[{"group":"A","rate":"21"},{"group":"A","rate":"25","from":"2026-03-03"},{"group":"B","rate":"12"}]})");
    Till& till = shop.till();
    shop.clock().set(test::instant("2026-03-02T23:50:00+01:00"));
    till.scan("BEER");
    CHECK(till.view().vat[0].rate == rate("21"));
    till.park({"", "T1"});
    till.scan("BEER");
    shop.clock().set(test::instant("2026-03-03T00:00:00+01:00"));
    till.refresh();
    CHECK(till.view().vat[0].rate == rate("25"));
    Booked booked;
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.rates.at("A") == rate("25"));
    till.recall(shop.id_at("T1"));
    CHECK(till.pay({}, booked).ok());
    CHECK(booked.fact.vat()[0].tax == money("11.80"));
    // A group that is gone has no rate: never sold without tax unseen.
    till.scan("SOUP");
    shop.policy(R"({"vat":[{"group":"A","rate":"21"}]})");
    CHECK(refusal_of(till.pay({}, booked)) == Refusal::unknown_vat_group);
    CHECK(till.view().lines.size() == 1);
}

TEST_CASE("a customer who is gone leaves the receipt without one") {
    Restaurant shop;
    shop.till().scan("BEER");
    shop.till().log_in("2");
    shop.till().redeem(std::nullopt);
    shop.till().park({"", "T1"});
    shop.database().execute("DELETE FROM customer WHERE number = 2");
    CHECK(!shop.till().parked()[0].customer);
    CHECK(shop.till().recall(shop.id_at("T1")).ok());
    CHECK(!shop.till().view().customer);
    Booked booked;
    CHECK(shop.till().pay({}, booked).ok());
    CHECK(booked.fact.customer.empty());
}

TEST_CASE("scripts park, add, split, merge, move, strike out and pay") {
    Restaurant shop;
    const auto parked = shop.play("{'park':{'table':'T1','area':'Garden'},'lines':[{'code':'BEER','qty':'3'}],'customer':'1','cashier':'eva'}")["parked"];
    CHECK(parked["table"] == "T1");
    CHECK(parked["area"] == "Garden");
    CHECK(parked["net"] == "159.30");
    CHECK(parked["name"] == "Petr");
    CHECK(shop.play("{'recall':{'table':'t1','area':'garden'},'lines':[{'code':'SOUP'}],'park':{}}")["parked"]["lines"].size() == 2);
    const auto split = shop.play("{'split':{'from':{'table':'T1','area':'Garden'},'to':{'table':'T2'},'items':[{'line':1,'qty':'1'}]}}");
    CHECK(split["parked"]["net"] == "59.00");
    CHECK(split["rest"]["net"] == "165.15");
    const std::string part = split["parked"]["id"].dump();
    CHECK(shop.play("{'move':{'from':{'id':" + part + "},'to':{'table':'Bar'}}}")["parked"]["table"] == "Bar");
    const auto merged = shop.play("{'merge':{'from':{'table':'Bar'},'into':{'table':'T1','area':'Garden'}}}");
    CHECK(merged["parked"]["lines"].size() == 3);
    const auto voided = shop.play("{'void':{'table':'T1','area':'Garden','items':[{'line':2}],'reason':'cold'},'cashier':'eva'}");
    CHECK(voided["voided"] == "58.95");
    CHECK(voided["rest"]["lines"].size() == 2);
    CHECK(report(shop.node(), "parked", {}).size() == 1);
    const auto sale = shop.play("{'recall':{'table':'T1','area':'Garden'},'pay':[{'with':'cash','amount':'200'}]}");
    CHECK(sale["receipt"] == "3.1-000001");
    CHECK(sale["net"] == "159.30");
    CHECK(sale["table"] == "T1");
    CHECK(report(shop.node(), "parked", {}).empty());

    for (const auto& [line, name] : std::map<std::string, std::string>{
             {"{'recall':{'table':'T1'}}", "unknown_parked"},
             {"{'recall':{'id':77}}", "unknown_parked"},
             {"{'recall':{}}", "bad_line"},
             {"{'recall':{'id':1,'table':'T1'}}", "bad_line"},
             {"{'park':{},'lines':[]}", "empty_receipt"},
             {"{'park':{'area':'Garden'},'lines':[{'code':'BEER'}]}", "bad_table"},
             {"{'park':{'seat':'1'},'lines':[{'code':'BEER'}]}", "bad_line"},
             {"{'park':{},'lines':[{'code':'BEER'}],'pay':[]}", "bad_line"},
             {"{'park':{},'lines':[{'code':'nobody'}]}", "unknown_code"},
             {"{'move':{'from':{'id':77},'to':{'table':'A'}}}", "unknown_parked"},
             {"{'move':{'from':{'id':77}}}", "bad_line"},
             {"{'merge':{'from':{'id':77},'into':{'id':78}}}", "unknown_parked"},
             {"{'split':{'from':{'id':77},'items':[]}}", "bad_line"},
             {"{'split':{'from':{'id':77},'items':[{'line':1}]}}", "unknown_parked"},
             {"{'void':{'id':77}}", "unknown_parked"}}) {
        CAPTURE(line);
        CHECK(shop.refusal(line) == name);
    }
    CHECK(report(shop.node(), "parked", {}).empty());
    shop.play("{'park':{'table':'X'},'lines':[{'code':'BEER'}]}");
    CHECK(shop.refusal("{'split':{'from':{'table':'X'},'items':[{'line':0}]}}") == "no_such_line");
    CHECK(shop.refusal("{'park':{'table':'x'},'lines':[{'code':'BEER'}]}") == "table_occupied");
    CHECK(shop.play("{'void':{'table':'X','reason':'left'}}")["rest"].is_null());
    CHECK(shop.verify().ok());
}

TEST_CASE("two programs on one till: what one puts aside the other takes up, and whoever is quicker wins") {
    Restaurant shop;
    test::SeededRandom random(9);
    const auto waiter_node = Node::open(shop.node_folder(), shop.clock(), random);
    Till& counter = shop.till();
    Till waiter(*waiter_node, Keep::at_payment);
    waiter.set_cashier("ben");
    // The counter's table, paid by the waiter.
    counter.scan("BEER");
    const auto beer = park(counter, {"Garden", "1"});
    REQUIRE(waiter.parked_at({"garden", "1"}) == beer);
    REQUIRE(waiter.recall(beer).ok());
    waiter.scan("SOUP");
    CHECK(refusal_of(counter.open_table({"Garden", "1"})) == Refusal::none);  // it lies there until the waiter is done, and the counter is quicker
    counter.scan("HAM");
    Booked booked;
    CHECK(refusal_of(waiter.pay({}, booked)) == Refusal::parked_elsewhere);
    waiter.void_receipt();
    CHECK(shop.facts_of(schema::kind::sale).empty());
    CHECK(counter.pay({}, booked).ok());
    CHECK(booked.fact.lines.size() == 2);
    CHECK(!waiter.parked_at({"Garden", "1"}));
    // The other way round: the waiter's table, paid at the counter while the waiter adds to it.
    waiter.scan("SOUP");
    const auto soup = park(waiter, {"Garden", "2"});
    REQUIRE(waiter.recall(soup).ok());
    waiter.scan("BEER");
    REQUIRE(counter.recall(soup).ok());
    CHECK(counter.pay({}, booked).ok());
    CHECK(refusal_of(waiter.park()) == Refusal::parked_elsewhere);
    waiter.void_receipt();
    // And the waiter quicker.
    counter.scan("SOUP");
    const auto third = park(counter, {"Garden", "3"});
    REQUIRE(waiter.recall(third).ok());
    CHECK(waiter.pay({}, booked).ok());
    CHECK(booked.fact.cashier == "ben");
    CHECK(refusal_of(counter.recall(third)) == Refusal::unknown_parked);
    CHECK(counter.parked().empty());
    CHECK(shop.facts_of(schema::kind::sale).size() == 3);
    CHECK(shop.verify().ok());
}

TEST_CASE("the policy's plan of tables counts for its branch, and the till's own where there is none") {
    Restaurant shop;
    set_tables(shop.node(), parse_tables(R"([{"area":"","tables":["9"]}])", "tables.json"));
    shop.policy(R"({"tables":[{"branch":3,"areas":[{"area":"Garden","tables":["1","2"]}]},{"branch":4,"areas":[]}]})");
    REQUIRE(shop.till().tables().size() == 1);
    CHECK(shop.till().tables()[0].name == "Garden");
    CHECK(shop.till().tables()[0].tables.size() == 2);
    CHECK_THROWS_AS(set_tables(shop.node(), {}), Error);
    shop.policy(R"({"tables":[{"branch":4,"areas":[]}]})");
    CHECK(shop.till().tables()[0].tables[0].name == "9");
    CHECK(policy_json(shop.node().policy()).find(R"("tables":[{"areas":[],"branch":4}])") != std::string::npos);
    for (const char* wrong : {R"({"tables":{}})", R"({"tables":[{"areas":[]}]})", R"({"tables":[{"branch":0,"areas":[]}]})", R"({"tables":[{"branch":3}]})",
                              R"({"tables":[{"branch":3,"areas":[{"tables":["1","1"]}]}]})",
                              R"({"tables":[{"branch":3,"areas":[]},{"branch":3,"areas":[]}]})"})
        CHECK_THROWS_AS(shop.policy(wrong), Error);
}

TEST_CASE("a plan of tables that cannot be is refused") {
    for (const char* wrong : {"{}", "[{}]", R"([{"area":5,"tables":[]}])", R"([{"tables":["1","1"]}])", R"([{"tables":[""]}])", R"([{"tables":[1]}])",
                              R"([{"tables":["A"]},{"area":"","tables":["a"]}])", R"([{"tables":[],"x":1}])"}) {
        CAPTURE(std::string(wrong));
        CHECK_THROWS_AS(parse_tables(wrong, "tables.json"), Error);
    }
    const std::string plan = R"([{"area":"Garden","tables":["1","2"]},{"area":"","tables":["1"]}])";
    CHECK(tables_json(parse_tables(plan, "tables.json")) == plan);
}
