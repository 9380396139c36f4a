// Catalogue, groups and customers from CSV (DESIGN.md "Catalogue CSV header"): all or nothing, and repeatable.
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "node/catalogue.h"
#include "node/customers.h"
#include "node/row_faults.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

template <class Act>
std::string import_fault(Act act) {
    try {
        act();
        return "";
    } catch (const Error& error) {
        CHECK(error.exit() == Exit::refused);
        return error.what();
    }
}

std::string counts(const ImportReport& report) {
    return std::to_string(report.added) + " " + std::to_string(report.changed) + " " + std::to_string(report.unchanged);
}

constexpr const char* header = "code,name,group,price,vat,cost,points,dealer_discounts\n";

}  // namespace

TEST_CASE("products: every column, and a repeated import changes nothing") {
    test::Shop shop;
    const std::string csv = std::string(header) + "8594001021239|abc,Bread,food,12.90,B,8.00,3.5,DEA:20|VIP:30\nX,\"Soap, 100 g\",,\"19,90\",A,,,\n";
    CHECK(counts(shop.catalogue(csv)) == "2 0 0");
    const auto facts = shop.facts();
    CHECK(counts(shop.catalogue(csv)) == "0 0 2");
    CHECK(shop.facts() == facts);
    CHECK(counts(shop.catalogue(std::string(header) + "X,Soap,,19.90,A,,,\nY,New,,1,A,,,\n")) == "1 1 0");

    const auto bread = find_product(shop.database(), "ABC");
    REQUIRE(bread);
    CHECK(bread->key == "8594001021239");
    CHECK(bread->price == test::money("12.90"));
    CHECK(bread->cost == test::money("8.00"));
    CHECK(bread->points == test::points("3.50"));
    CHECK(bread->vat == "B");
    REQUIRE(bread->dealers.size() == 2);
    CHECK(bread->dealers[1].dealer == "VIP");
    CHECK(bread->dealers[1].percent == test::rate("30"));
    const auto soap = find_product(shop.database(), "X");
    CHECK(soap->price == test::money("19.90"));  // a spreadsheet's decimal comma
    CHECK(!soap->cost);
    CHECK(!soap->points);
}

TEST_CASE("a file without a column leaves what is known of the product; an empty field takes it away") {
    test::Shop shop;
    shop.catalogue("group,parent,excluded\ntobacco,,1\n");
    shop.catalogue(std::string(header) + "C1,Cigarettes,tobacco,100.00,A,80.00,0,DEA:20\n");
    CHECK(counts(shop.catalogue("code,name,price,vat\nC1,Cigarettes,110.00,A\n")) == "0 1 0");
    const auto after = product_row(shop.database(), "C1");
    REQUIRE(after);
    CHECK(after->price == test::money("110.00"));
    CHECK(after->group == "tobacco");
    CHECK(after->cost == test::money("80.00"));
    CHECK(after->points == test::points("0"));
    CHECK(after->dealers == "DEA:20");
    CHECK(find_product(shop.database(), "C1")->excluded);
    CHECK(counts(shop.catalogue(std::string(header) + "C1,Cigarettes,,110.00,A,,,\n")) == "0 1 0");
    const auto emptied = product_row(shop.database(), "C1");
    CHECK(emptied->group.empty());
    CHECK(!emptied->cost);
    CHECK(!emptied->points);
    CHECK(emptied->dealers.empty());
}

TEST_CASE("a product keeps its identity when codes come and go") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\n111|222,First,1,A\n");
    CHECK(counts(shop.catalogue("code,name,price,vat\n222|333,First,1,A\n")) == "0 1 0");
    CHECK(counts(shop.catalogue("code,name,price,vat\n222|333,First,1,A\n")) == "0 0 1");
    CHECK(find_product(shop.database(), "333")->key == "111");
    // The code that names it in facts is never given to another product.
    shop.catalogue("code,name,price,vat\n444,Second,2,A\n");
    CHECK(find_product(shop.database(), "222")->name == "First");
    CHECK(find_product(shop.database(), "111")->name == "First");
    CHECK(count_products(shop.database()) == 2);
    const auto facts = shop.facts();
    const auto message = import_fault([&] { shop.catalogue("code,name,price,vat\nnew,X,1,A\n333|444,Both,1,A\n"); });
    CHECK_MESSAGE(message.find("catalogue.csv line 3 column code") != std::string::npos, message);
    CHECK(shop.facts() == facts);
    CHECK(!find_product(shop.database(), "NEW"));
}

TEST_CASE("UPC-A and EAN-13 with a leading zero are one code; a wrong check digit is taken with a warning") {
    test::Shop shop;
    CHECK(import_fault([&] { shop.catalogue("code,name,price,vat\n036000291452,A,1,A\n0036000291452,B,1,A\n"); }).find("line 3") != std::string::npos);
    const auto report = shop.catalogue("code,name,price,vat\n8594001021230,Wrong,1,A\n8594001021239,Right,1,A\n12345,Short,1,A\n");
    REQUIRE(report.warnings.size() == 1);
    CHECK(report.warnings[0].find("8594001021230") != std::string::npos);
    CHECK(report.warnings[0].find("line 2") != std::string::npos);
    CHECK(shop.play("{'lines':[{'code':'8594001021230'}]}")["net"] == "1.00");
}

TEST_CASE("a wrong row of products names file, line and column, and nothing is done") {
    test::Shop shop;
    const struct {
        const char* row;
        const char* says;
    } table[] = {
        {",Bread,,1,A,,,", "line 3 column code"},        {"X,,,1,A,,,", "line 3 column name"},           {"X,Bread,,,A,,,", "line 3 column price"},
        {"X,Bread,,-1,A,,,", "line 3 column price"},     {"X,Bread,,1.234,A,,,", "line 3 column price"}, {"X,Bread,,cheap,A,,,", "line 3 column price"},
        {"X,Bread,,1 000,A,,,", "line 3 column price"},  {"X,Bread,,9999999999999999,A,,,", "line 3 column price"},
        {"X,Bread,,1,Z,,,", "line 3 column vat"},        {"X,Bread,,1,,,,", "line 3 column vat"},        {"X,Bread,,1,A,-1,,", "line 3 column cost"},
        {"X,Bread,,1,A,,-1,", "line 3 column points"},   {"X,Bread,,1,A,,,DEA", "line 3 column dealer_discounts"},
        {"X,Bread,,1,A,,,DEA:101", "dealer_discounts"},  {"X,Bread,,1,A,,,DEA:5|", "dealer_discounts"},  {"X|,Bread,,1,A,,,", "line 3 column code"},
        {"GOOD,Twice,,1,A,,,", "line 3 column code"},    {"X,Bread,,1", "line 3"},                       {"X,Bread,,1,A,,,,", "line 3"},
    };
    const auto facts = shop.facts();
    for (const auto& row : table) {
        CAPTURE(std::string(row.row));
        const auto message = import_fault([&] { shop.catalogue(std::string(header) + "good,Good,,1,A,,,\n" + row.row + "\n"); });
        CHECK_MESSAGE(message.find("catalogue.csv") != std::string::npos, message);
        CHECK_MESSAGE(message.find(row.says) != std::string::npos, message);
        CHECK(count_products(shop.database()) == 0);
        CHECK(shop.facts() == facts);
    }
    CHECK(import_fault([&] { shop.catalogue("code,name,price\nX,Bread,1\n"); }).find("\"vat\" is missing") != std::string::npos);
    CHECK(import_fault([&] { shop.catalogue("code,name,price,vat,colour\nX,Bread,1,A,red\n"); }).find("\"colour\"") != std::string::npos);
    CHECK(import_fault([&] { shop.catalogue("number,name,cards\n1,Petr,\n"); }).find("import-customers") != std::string::npos);
    CHECK(import_fault([&] { shop.catalogue("a,b\n1,2\n"); }).find("line 1") != std::string::npos);
}

TEST_CASE("all wrong rows are named at once, of every kind of table, and nothing is done") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\n111,First,1,A\n222,Second,1,A\n");
    shop.customers("number,name,cards\n1,One,111111\n2,Two,222222\n");
    const auto facts = shop.facts();
    const auto places = [&](auto act) {
        std::string text;
        try {
            act();
        } catch (const RowErrors& error) {
            for (const RowFault& import_fault : error.faults()) text += import_fault.place + "; ";
            CHECK(error.sentence().find("nothing is taken over") != std::string::npos);
            CHECK(std::string(error.what()).find(error.faults().front().why) != std::string::npos);
        }
        CHECK(shop.facts() == facts);
        return text;
    };
    CHECK(places([&] { shop.catalogue("code,name,price,vat\n333,,1,A\n444,Good,1,A\n555,Dear,dear,A\n111|222,Both,1,A\n666,Short\n"); }) ==
          "catalogue.csv line 2 column name; catalogue.csv line 4 column price; catalogue.csv line 6; catalogue.csv line 5 column code; ");
    CHECK(!find_product(shop.database(), "444"));
    CHECK(places([&] { shop.catalogue("group,parent,excluded\nA,,yes\nB,B,0\n,,0\n"); }) ==
          "catalogue.csv line 2 column excluded; catalogue.csv line 4 column group; catalogue.csv line 3 column parent; ");
    CHECK(places([&] { shop.catalogue("code,list,from,price\n111,,soon,1\n999,,2026-05-01,1\n"); }) ==
          "catalogue.csv line 2 column from; catalogue.csv line 3 column code; ");
    CHECK(places([&] { shop.customers("number,name,cards,discount,referrer\n3,A,,200,\n4,B,111111|222222,,\n5,C,,,99\n6,D,,,\n"); }) ==
          "customers.csv line 2 column discount; customers.csv line 3; customers.csv line 4 column referrer; ");
    CHECK(!customer_by_number(shop.database(), 6));
    CHECK(places([&] { shop.customers("number,name,cards,discount,referrer\n3,A,,,4\n4,B,,,3\n5,C,,,\n"); }) ==
          "customers.csv line 2 column referrer; customers.csv line 3 column referrer; ");
}

TEST_CASE("a preview says what an import would do, and does nothing") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\n111,First,1,A\n222,Second,1,A\n");
    const auto facts = shop.facts();
    const std::string products = shop.write("p.csv", "code,name,price,vat\n111,First,2,A\n222,Second,1,A\n333,Third,1,A\n");
    CHECK(counts(import_catalogue(shop.node(), products, true)) == "1 1 1");
    CHECK(counts(import_customers(shop.node(), shop.write("c.csv", "number,name,points\n1,One,5\n"), true)) == "1 0 0");
    CHECK(shop.facts() == facts);
    CHECK(!find_product(shop.database(), "333"));
    CHECK(!customer_by_number(shop.database(), 1));
    CHECK(shop.verify().ok());
    CHECK(counts(import_catalogue(shop.node(), products)) == "1 1 1");
}

TEST_CASE("groups: parents and exclusion come down; a circle is refused") {
    test::Shop shop;
    CHECK(counts(shop.catalogue("group,parent,excluded\nTabák,,1\nDoutníky,TABAK,\nKubánské,doutniky,0\nFood,,0\n")) == "4 0 0");
    CHECK(counts(shop.catalogue("group,parent,excluded\nTabák,,1\nDoutníky,TABAK,\nKubánské,doutniky,0\nFood,,0\n")) == "0 0 4");
    shop.catalogue("code,name,group,price,vat\nC,Cigar,Kubánské,100,A\nB,Bread,Food,100,A\n");
    CHECK(find_product(shop.database(), "C")->excluded);
    CHECK(!find_product(shop.database(), "B")->excluded);
    const auto sale = shop.play("{'customer':'77777','lines':[{'code':'C','discount':'50'},{'code':'B'}],'redeem':'max'}");
    CHECK(sale["net"] == "200.00");
    CHECK(sale["points_awarded"] == "100.00");
    CHECK(sale["redeemed"] == "5.00");
    CHECK(sale["spend"] == "200.00");
    CHECK(import_fault([&] { shop.catalogue("group,parent,excluded\nA,B,\nB,A,\n"); }).find("line 2 column parent") != std::string::npos);
    CHECK(import_fault([&] { shop.catalogue("group,parent,excluded\nA,A,\n"); }).find("above itself") != std::string::npos);
    CHECK(import_fault([&] { shop.catalogue("group,parent,excluded\nA,,yes\n"); }).find("line 2 column excluded") != std::string::npos);
    CHECK(import_fault([&] { shop.catalogue("group,parent,excluded\nA,,\nÁ,,\n"); }).find("line 3 column group") != std::string::npos);
}

TEST_CASE("customers: every column; opening balances are booked once, a repeated import books the difference") {
    test::Shop shop;
    const std::string columns = "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer,phone,email,address,note\n";
    const std::string csv =
        columns +
        "17,Jan Novák,2900000000018|AB1234,VIP,2.5,1,5000,150.50,1000,18,+420 1,j@x,\"Street 1\nTown\",note\n18,Eva,,,,,,-5,,,,,,\n,,70000001,,,,,,,17,,,,\n";
    CHECK(counts(shop.customers(csv)) == "3 0 0");
    const auto facts = shop.facts();
    CHECK(counts(shop.customers(csv)) == "0 0 3");
    CHECK(shop.facts() == facts);
    const auto jan = customer_by_card(shop.database(), "AB1234");
    REQUIRE(jan);
    CHECK(jan->number == 17);
    CHECK(jan->texts.name == "Jan Novák");
    CHECK(jan->texts.address == "Street 1\nTown");
    CHECK(jan->terms.dealer == "VIP");
    CHECK(jan->terms.discount == test::rate("2.5"));
    CHECK(jan->terms.charge);
    CHECK(jan->terms.limit == test::money("5000"));
    CHECK(jan->terms.points == test::points("150.50"));
    CHECK(jan->terms.spend == test::money("1000"));
    CHECK(jan->terms.referrer == customer_by_number(shop.database(), 18)->terms.id);
    CHECK(customer_by_number(shop.database(), 18)->terms.points == test::points("-5"));
    CHECK(customer_by_card(shop.database(), "70000001")->terms.referrer == jan->terms.id);

    // A purchase in between stays: only the difference of the opening balances is booked.
    shop.catalogue("code,name,price,vat\nA,Bread,10,A\n");
    shop.play("{'customer':'18','lines':[{'code':'A'}]}");
    CHECK(shop.customer("18")["points"] == "5.00");
    CHECK(counts(shop.customers("number,name,points\n18,Eva,20\n")) == "0 1 0");  // as HQ counts it: the balance is another one
    CHECK(shop.customer("18")["points"] == "30.00");
    CHECK(shop.customer("18")["spend"] == "10.00");
    CHECK(counts(shop.customers("number,name,points\n0018,Eva M.,20\n")) == "0 1 0");
    CHECK(shop.customer("18")["name"] == "Eva M.");
    CHECK(shop.verify().ok());
}

TEST_CASE("a customer made at the till by card is the one that the file brings") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,10,A\n");
    shop.play("{'customer':'ab1234','lines':[{'code':'A'}]}");
    CHECK(counts(shop.customers("number,name,cards\n5,Petr,AB1234\n")) == "0 1 0");
    CHECK(shop.customer("5")["points"] == "10.00");
    CHECK(shop.play("{'customer':'5','lines':[{'code':'A'}]}")["points_balance"] == "20.00");
}

TEST_CASE("a wrong row of customers names file, line and column, and nothing is done") {
    test::Shop shop;
    shop.customers("number,name,cards\n1,One,111111\n2,Two,222222\n");
    const std::string columns = "number,name,cards,discount,charge_to_account,limit,points,referrer\n";
    const struct {
        const char* row;
        const char* says;
    } table[] = {
        {",Nobody,,,,,,", "line 2 column number"},
        {"0,Zero,,,,,,", "line 2 column number"},
        {"10000,Long,,,,,,", "line 2 column number"},
        {"x,Letters,,,,,,", "line 2 column number"},
        {"5,Card,1234,,,,,", "line 2 column cards"},
        {"5,Pays,4111111111111111,,,,,", "payment card"},
        {"5,Rich,,101,,,,", "line 2 column discount"},
        {"5,Minus,,-1,,,,", "line 2 column discount"},
        {"5,Flag,,,yes,,,", "line 2 column charge_to_account"},
        {"5,Limit,,,,-1,,", "line 2 column limit"},
        {"5,Points,,,,,many,", "line 2 column points"},
        {"5,Friend,,,,,,77", "line 2 column referrer"},
        {"5,Self,,,,,,5", "circle"},
        {"5,A,,,,,,6\n6,B,,,,,,5", "circle"},
        {"1,Both,222222,,,,,", "two customers"},
        {"5,A,555555,,,,,\n6,B,555555,,,,,", "line 3 column cards"},
        {"5,A,,,,,,\n05,B,,,,,,", "line 3 column number"},
    };
    const auto facts = shop.facts();
    for (const auto& row : table) {
        CAPTURE(std::string(row.row));
        const auto message = import_fault([&] { shop.customers(columns + row.row + "\n"); });
        CHECK_MESSAGE(message.find("customers.csv") != std::string::npos, message);
        CHECK_MESSAGE(message.find(row.says) != std::string::npos, message);
        CHECK(shop.facts() == facts);
        CHECK(all_customers(shop.database()).size() == 2);
    }
    // A circle that two files make together.
    shop.customers("number,name,cards,referrer\n1,One,111111,2\n");
    CHECK(import_fault([&] { shop.customers("number,name,cards,referrer\n2,Two,222222,1\n"); }).find("circle") != std::string::npos);
    CHECK(import_fault([&] { shop.customers("code,name,price,vat\nA,B,1,A\n"); }).find("import-catalogue") != std::string::npos);
    std::string many;
    for (int i = 0; i < 1001; ++i) many += (i ? "|" : "") + std::to_string(500000 + i);
    CHECK(import_fault([&] { shop.customers("number,name,cards\n7,Many," + many + "\n"); }).find("line 2 column cards") != std::string::npos);
}

TEST_CASE("a branch that has joined a chain imports nothing itself") {
    test::Shop shop;
    shop.node().enrol({"HQ", std::string(64, 'a'), ""});
    CHECK(import_fault([&] { shop.catalogue("code,name,price,vat\nA,B,1,A\n"); }).find("HQ") != std::string::npos);
    CHECK(import_fault([&] { shop.customers("number,name\n1,B\n"); }).find("HQ") != std::string::npos);
    CHECK(import_fault([&] { shop.policy("{}"); }).find("HQ") != std::string::npos);
}
