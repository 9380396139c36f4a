// Statements and payments of customers' accounts (A5, A6).
#include "node/account_reports.h"

#include <doctest/doctest.h>

#include "tests/support/shop.h"

namespace paprsek::node {
namespace {

using test::Shop;

Json rows(Shop& shop, const char* kind, const char* customer = nullptr, const char* from = nullptr) {
    ReportRange range;
    if (customer) range.customer = customer;
    if (from) range.from = parse_date(from);
    return report(shop.node(), kind, range);
}

/// Customer 7 owes for bread of two days, and pays a part of it.
void owe_and_settle(Shop& shop) {
    shop.catalogue("code,name,price,vat\nA,Bread,30.00,A\nB,Milk,20.00,B\n");
    shop.customers("number,name,cards,charge_to_account,limit\n7,Jana,2900000000018,1,1000\n8,Petr,2900000000025,1,1000\n");
    shop.play(
        "{'at':'2026-03-02T10:15:00+01:00','cashier':'anna','customer':'7','lines':[{'code':'A','qty':'3'},{'code':'B'}],'pay':[{'with':'account','amount':'"
        "110.00'}]}");
    shop.play("{'at':'2026-03-03T11:00:00+01:00','cashier':'petr','customer':'7','lines':[{'code':'A'}],'pay':[{'with':'account','amount':'30.00'}]}");
    shop.play("{'at':'2026-03-03T12:00:00+01:00','cashier':'petr','customer':'8','lines':[{'code':'B'}],'pay':[{'with':'account','amount':'20.00'}]}");
    shop.play(
        "{'at':'2026-03-04T09:00:00+01:00','cashier':'anna','settle':{'customer':'7','items':[{'receipt':'3.1-000001','line':1,'qty':'1'},"
        "{'receipt':'3.1-000002','line':1}]}}");
}

}  // namespace

TEST_CASE("a full statement names item, day and who served; a brief one a sum a receipt") {
    Shop shop;
    owe_and_settle(shop);
    const Json full = rows(shop, "statement", "7");
    REQUIRE(full.size() == 2);
    CHECK(full[0]["name"] == "Bread");
    CHECK(full[0]["qty"] == "2");
    CHECK(full[0]["amount"] == "60.00");
    CHECK(full[0]["cashier"] == "anna");
    CHECK(full[0]["at"] == "2026-03-02T10:15:00+01:00");
    CHECK(full[1]["name"] == "Milk");
    const Json brief = rows(shop, "brief-statement");
    REQUIRE(brief.size() == 2);
    CHECK(brief[0] ==
          Json{{"number", 7}, {"customer", "Jana"}, {"cards", {"2900000000018"}}, {"day", "2026-03-02"}, {"receipt", "3.1-000001"}, {"amount", "80.00"}});
    CHECK(brief[1]["customer"] == "Petr");
}

TEST_CASE("payments name the receipts that they pay, by customer and period") {
    Shop shop;
    owe_and_settle(shop);
    const Json paid = rows(shop, "payments", "7");
    REQUIRE(paid.size() == 1);
    CHECK(paid[0]["amount"] == "60.00");
    CHECK(paid[0]["receipts"] == "3.1-000001 3.1-000002");
    CHECK(paid[0]["cashier"] == "anna");
    CHECK(rows(shop, "payments").size() == 1);
    CHECK(rows(shop, "payments", "8").empty());
    CHECK(rows(shop, "payments", "7", "2026-03-05").empty());
    const Table table = report_table(shop.node(), "payments", {});
    CHECK(table.title == "Payments");
    CHECK(print_text(table).find("60.00") != std::string::npos);
}

}  // namespace paprsek::node
