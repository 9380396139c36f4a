// Reports as people take them along (T14), and labels that a scanner reads (T15).
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <sstream>

#include "node/base/error.h"
#include "node/paper/labels.h"
#include "node/paper/table.h"
#include "node/sales_reports.h"
#include "tests/support/shop.h"
#include "tests/support/holds.h"

namespace paprsek::node {
namespace {

using test::holds;

using test::Shop;

/// What another program prints of a file.
std::string seen_by(const Shop& shop, const std::string& command) {
    const std::string out = shop.folder().file("seen");
    REQUIRE(std::system(("cd '" + shop.folder().path() + "' && " + command + " > seen").c_str()) == 0);
    return read_file(out, 16u << 20);
}

/// Two days, two cashiers, two groups, a customer and a refund.
void trade_days(Shop& shop) {
    shop.catalogue("group,parent,excluded\nbakery,,0\ndrinks,,0\n");
    shop.catalogue(
        "code,name,group,price,vat,cost,points,dealer_discounts\n8594001021239,Rohlík,bakery,2.90,B,2.00,,\n8594001021246,Limonáda,drinks,24.90,A,15.00,,\n");
    shop.customers("number,name,cards\n7,Ștefan Țepeș,2900000000018\n");
    shop.play(
        "{'at':'2026-03-02T10:15:00+01:00','cashier':'anna','customer':'7','lines':[{'code':'8594001021239','qty':'10'},{'code':'8594001021246','discount':'10'"
        "}]}");
    shop.play("{'at':'2026-03-02T17:40:00+01:00','cashier':'petr','lines':[{'code':'8594001021246','qty':'2'}],'pay':[{'with':'card','amount':'49.80'}]}");
    shop.play(
        "{'at':'2026-03-03T09:00:00+01:00','cashier':'anna','customer':'7','lines':[{'code':'8594001021239','qty':'4'},{'text':'Bag','price':'5.00','vat':'A'}]"
        "}");
    shop.play("{'at':'2026-03-03T09:30:00+01:00','cashier':'anna','refund_of':'3.1-000001','lines':[{'code':'8594001021239','qty':'5'}]}");
}

constexpr Span always{Instant{INT64_MIN}, Instant{INT64_MAX}};

}  // namespace

TEST_CASE("sales by every grouping") {
    Shop shop;
    trade_days(shop);
    const auto rows = [&](const char* by) { return sales_by(shop.node(), by, always); };
    const Json days = rows("day");
    REQUIRE(days.size() == 2);
    CHECK(days[0]["day"] == "2026-03-02");
    CHECK(days[0]["net"] == "101.21");  // 29.00 + 22.41 + 49.80
    CHECK(days[1]["receipts"] == 1);
    CHECK(days[1]["refunds"] == 1);
    CHECK(days[1]["net"] == "2.10");  // 11.60 + 5.00 − 14.50
    const Json hours = rows("hour");
    REQUIRE(hours.size() == 3);
    CHECK(hours[0]["hour"] == "09:00");
    CHECK(hours[2]["net"] == "49.80");
    CHECK(rows("weekday")[1]["weekday"] == "tue");
    const Json cashiers = rows("cashier");
    REQUIRE(cashiers.size() == 2);
    CHECK(cashiers[0]["cashier"] == "anna");
    CHECK(cashiers[0]["net"] == "53.51");
    const Json products = rows("product");
    REQUIRE(products.size() == 3);
    CHECK(products[0]["code"] == "8594001021246");
    CHECK(products[0]["net"] == "72.21");
    CHECK(products[0]["discount"] == "2.49");
    CHECK(products[0]["margin"] == "27.21");
    CHECK(products[1]["qty"] == "9");
    CHECK(products[2]["code"] == "");
    const Json groups = rows("group");
    REQUIRE(groups.size() == 3);
    CHECK(groups[0]["group"] == "drinks");
    CHECK(groups[1]["net"] == "26.10");
    const Json tenders = rows("tender");
    REQUIRE(tenders.size() == 2);
    CHECK(tenders[0] == Json{{"tender", "card"}, {"receipts", 1}, {"amount", "49.80"}});
    CHECK_THROWS_AS(rows("moon"), Error);
}

TEST_CASE("T14: lines without a product are told apart by their texts") {
    Shop shop;
    shop.play("{'lines':[{'text':'Loan for a game','price':'500'},{'text':'Bag','price':'5'}]}");
    shop.play("{'lines':[{'text':'Loan for a game','price':'1000'},{'code':'7777777777777','price':'3'}]}");
    ReportRange range;
    range.by = "product";
    const Json rows = report(shop.node(), "sales", range);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0]["name"] == "Loan for a game");
    CHECK(rows[0]["net"] == "1500.00");
    CHECK(rows[0]["qty"] == "2");
    CHECK(rows[1]["name"] == "Bag");
}

TEST_CASE("T14: a receipt that was paid in two ways is counted once below the payments") {
    Shop shop;
    trade_days(shop);
    ReportRange range;
    range.by = "tender";
    const auto in_rows = [](const Table& table) {
        std::int64_t receipts = 0;
        for (const Json& row : table.rows) receipts += row["receipts"].get<std::int64_t>();
        return receipts;
    };
    const Table before = report_table(shop.node(), "sales", range);
    REQUIRE(before.columns[1].key == "receipts");
    CHECK(sums_of(before)[1] == std::to_string(in_rows(before)));
    shop.play("{'lines':[{'code':'8594001021246'}],'pay':[{'with':'card','amount':'10.00'},{'with':'cash','amount':'20.00'}]}");
    const Table table = report_table(shop.node(), "sales", range);
    CHECK(in_rows(table) == in_rows(before) + 2);
    CHECK(sums_of(table)[1] == std::to_string(in_rows(before) + 1));
    CHECK(print_csv(table).starts_with("tender,receipts,amount\r\n"));
}

TEST_CASE("T14: a group is one row however many products it has") {
    Shop shop;
    trade_days(shop);
    shop.catalogue("code,name,group,price,vat,cost,points,dealer_discounts\n8594001021253,Kofola,drinks,19.90,A,12.00,,\n9001,Láhev,,3.00,A,,,\n");
    shop.play("{'lines':[{'code':'8594001021253'},{'code':'8594001021246'},{'code':'9001'}]}");
    const Json groups = sales_by(shop.node(), "group", always);
    REQUIRE(groups.size() == 3);
    CHECK(groups[0]["group"] == "drinks");
    CHECK(groups[0]["qty"] == "5");
    CHECK(groups[0]["net"] == "117.01");  // 72.21 + 19.90 + 24.90
    CHECK(groups[2]["net"] == "8.00");    // the text line and the bottle: neither has a group
}

TEST_CASE("VAT by group is the sum of the receipts' own recapitulations") {
    Shop shop;
    trade_days(shop);
    const Json vat = sales_by(shop.node(), "vat", always);
    REQUIRE(vat.size() == 2);
    // A 21 %: 22.41, 49.80, 5.00 → tax 3.89 + 8.64 + 0.87. B 12 %: 29.00, 11.60, −14.50 → 3.11 + 1.24 − 1.55.
    CHECK(vat[0] == Json{{"vat", "A"}, {"rate", "21"}, {"base", "63.81"}, {"tax", "13.40"}, {"total", "77.21"}});
    CHECK(vat[1] == Json{{"vat", "B"}, {"rate", "12"}, {"base", "23.30"}, {"tax", "2.80"}, {"total", "26.10"}});
}

TEST_CASE("customers by spend, and what one bought") {
    Shop shop;
    trade_days(shop);
    shop.play("{'customer':'2900000000100','lines':[{'code':'8594001021246','qty':'4'}]}");
    const Json best = ranking(shop.node(), always);
    REQUIRE(best.size() == 2);
    CHECK(best[0]["net"] == "99.60");
    CHECK(best[1]["number"] == 7);
    CHECK(best[1]["net"] == "53.51");
    ReportRange range;
    range.customer = "7";
    const Json bought = report(shop.node(), "purchases", range);
    REQUIRE(bought.size() == 5);
    CHECK(bought[0]["qty"] == "-5");
    CHECK(bought[4]["name"] == "Limonáda");
    CHECK(bought[4]["discount"] == "2.49");
    CHECK_THROWS_AS(report(shop.node(), "purchases", {}), Error);
}

TEST_CASE("a table as text and as CSV") {
    Table table{
        "T", "", columns_of({"name", "qty", "net"}), {{{"name", "Žluťoučký kůň"}, {"qty", "2.5"}, {"net", "10.00"}}, {{"name", "=1+1"}, {"net", "-3.05"}}}};
    CHECK(print_text(table) ==
          "Product        Quantity    Net\n"
          "Žluťoučký kůň       2.5  10.00\n"
          "=1+1                     -3.05\n"
          "                          6.95\n");  // kilograms and pieces have no sum
    CHECK(print_csv(table) == "name,qty,net\r\nŽluťoučký kůň,2.5,10.00\r\n'=1+1,,-3.05\r\n");
    table.rows[0]["qty"] = "2";
    table.rows[1]["qty"] = "-5";
    CHECK(sums_of(table)[1] == "-3");
    table.rows = {{{"name", "a \"b\", c"}}};
    CHECK(print_csv(table) == "name,qty,net\r\n\"a \"\"b\"\", c\",,\r\n");
    CHECK(print_text({"T", "", table.columns, {}}) == "(nothing)\n");
    CHECK(sums_of({"T", "", table.columns, {{{"net", "999999999.99"}}, {{"net", "x"}}}})[2] == "");
}

TEST_CASE("a spreadsheet holds numbers as numbers, a page holds every letter") {
    Shop shop;
    trade_days(shop);
    const Table table = report_table(shop.node(), "ranking", {});
    write_spreadsheet(table, shop.folder().file("ranking.xlsx"));
    const std::string sheet = seen_by(shop, "unzip -p ranking.xlsx xl/worksheets/sheet1.xml"),
                      words = seen_by(shop, "unzip -p ranking.xlsx xl/sharedStrings.xml");
    CHECK(holds(sheet, "<v>53.51</v>"));
    CHECK(holds(words, "Ștefan Țepeș"));
    write_pages(table, shop.folder().file("ranking.pdf"));
    const std::string page = seen_by(shop, "pdftotext -layout ranking.pdf -");
    CHECK(holds(page, "Customers by spend"));
    CHECK(holds(page, "Ștefan Țepeș"));
    CHECK(holds(page, "53.51"));
    CHECK(holds(page, "1/1"));
    CHECK_THROWS_AS(write_pages(table, shop.folder().file("nowhere/ranking.pdf")), Error);
    CHECK_THROWS_AS(write_spreadsheet(table, shop.folder().file("nowhere/ranking.xlsx")), Error);
}

TEST_CASE("long reports go over several pages, each with its headings") {
    Shop shop;
    Table table{"Long", "shop", columns_of({"code", "name", "net"}), {}};
    for (int i = 1; i <= 120; ++i) table.rows.push_back({{"code", std::to_string(i)}, {"name", "Product " + std::to_string(i)}, {"net", "1.00"}});
    write_pages(table, shop.folder().file("long.pdf"));
    const std::string text = seen_by(shop, "pdftotext -layout long.pdf -");
    CHECK(holds(text, "Product 1\n") == false);
    CHECK(holds(text, "Product 120"));
    CHECK(holds(text, "120.00"));
    CHECK(holds(text, "3/3"));
    std::size_t headings = 0;
    for (std::size_t at = text.find("Code"); at != std::string::npos; at = text.find("Code", at + 1)) ++headings;
    CHECK(headings == 3);
}

TEST_CASE("a scanner reads every label") {
    Shop shop;
    const std::set<std::string> codes = {"8594001021239", "8594001021246", "96385074", "036000291452", "BAG-17", "1234"};
    std::vector<Label> labels;
    for (const std::string& code : codes) labels.push_back({"Příliš žluťoučký kůň úpěl ďábelské ódy, 500 g", "1 234.90 CZK", code});
    write_labels(labels, shop.folder().file("labels.pdf"));
    std::istringstream read(seen_by(shop, "pdftoppm -r 200 -gray labels.pdf page && zbarimg --quiet --raw page-1.pgm 2>/dev/null"));
    std::set<std::string> scanned;
    for (std::string line; std::getline(read, line);) scanned.insert(line);
    // A decoder names UPC-A by its EAN-13.
    CHECK((scanned == std::set<std::string>{"8594001021239", "8594001021246", "96385074", "0036000291452", "BAG-17", "1234"}));
    CHECK_THROWS_AS(write_labels({{"Kůň", "1.00", "kůň"}}, shop.folder().file("no.pdf")), Error);
}

}  // namespace paprsek::node
