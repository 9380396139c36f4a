// Search as you type (T1): diacritics and case do not count, words by their beginnings, codes by theirs.
#include <doctest/doctest.h>

#include "node/catalogue.h"
#include "node/customers.h"
#include "node/search.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

std::string found(test::Shop& shop, const std::string& text, int limit = 50) {
    std::vector<std::string> names;
    for (const FoundProduct& product : search_products(shop.database(), text, limit)) names.push_back(product.name);
    std::sort(names.begin(), names.end());
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
    return list;
}

}  // namespace

TEST_CASE("names are found without diacritics, in any case, by the beginnings of their words") {
    test::Shop shop;
    shop.catalogue(
        "code,name,price,vat\n1001,Kůň houpací,1,A\n1002,Kunda žitná,1,A\n1003,Pește afumat,1,A\n1004,Peşte la grătar,1,A\n1005,Žluťoučký sýr,1,A\n"
        "1006,\"Coca-Cola 0,5 l\",1,A\n1007,Straße,1,A\n1008,Ţuică,1,A\n1009,Țuică bătrână,1,A\n");
    CHECK(found(shop, "kun") == "Kunda žitná,Kůň houpací");
    CHECK(found(shop, "KŮŇ") == "Kunda žitná,Kůň houpací");
    CHECK(found(shop, "kun houp") == "Kůň houpací");
    CHECK(found(shop, "houp kun") == "Kůň houpací");
    CHECK(found(shop, "oupaci").empty());  // words by their beginning only
    CHECK(found(shop, "peste") == "Peşte la grătar,Pește afumat");   // comma below and cedilla
    CHECK(found(shop, "pește") == "Peşte la grătar,Pește afumat");
    CHECK(found(shop, "peşte") == "Peşte la grătar,Pește afumat");
    CHECK(found(shop, "țuica") == "Ţuică,Țuică bătrână");
    CHECK(found(shop, "zlutoucky") == "Žluťoučký sýr");
    CHECK(found(shop, "coca cola") == "Coca-Cola 0,5 l");
    CHECK(found(shop, "cola 5") == "Coca-Cola 0,5 l");
    CHECK(found(shop, "strasse") == "Straße");
    CHECK(!found(shop, "").empty());  // the list before anything is typed
    CHECK(found(shop, "\"*").empty());
    CHECK(found(shop, "kun AND OR NOT").empty());  // the words of a query language are words
    CHECK(search_products(shop.database(), "k", 1).size() == 1);
}

TEST_CASE("codes are found by their beginning") {
    test::Shop shop;
    shop.catalogue(
        "code,name,price,vat\n8594001021239|55501,First,1,A\n8594001021246,Second,1,A\n036000291452,American,1,A\n0360002914522,Like a "
        "UPC,1,A\nab-1,Letters,1,A\n");
    CHECK(found(shop, "8594001021239") == "First");
    CHECK(found(shop, "85940") == "First,Second");
    CHECK(found(shop, "555") == "First");
    CHECK(found(shop, "036000291452") == "American");
    CHECK(found(shop, "0036000") == "American");
    CHECK(found(shop, "859400102124") == "Second");  // one digit to go
    // Twelve digits that are a whole UPC-A and the beginning of something else: the former comes first.
    CHECK(found(shop, "0360002914522") == "Like a UPC");
}

TEST_CASE("the index follows a product that changes its name") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\n1,Chléb,1,A\n");
    shop.catalogue("code,name,price,vat\n1,Rohlík,1,A\n");
    CHECK(found(shop, "chleb").empty());
    CHECK(found(shop, "rohl") == "Rohlík");
}

TEST_CASE("customers by name, number and card") {
    test::Shop shop;
    shop.customers("number,name,cards\n12,Jiří Kůň,70012345\n13,Anna Nováková,ab77\n112,Petr,\n");
    const auto numbers = [&](const char* text) {
        std::string list;
        for (const FoundCustomer& customer : search_customers(shop.database(), text)) list += std::to_string(customer.number.value_or(0)) + " ";
        return list;
    };
    CHECK(numbers("kun") == "12 ");
    CHECK(numbers("anna nov") == "13 ");
    CHECK(numbers("1") == "12 13 112 ");
    CHECK(numbers("12") == "12 ");
    CHECK(numbers("7001") == "12 ");
    CHECK(numbers("AB7") == "13 ");
    CHECK(numbers("") == "12 13 112 ");
    CHECK(numbers("100%").empty());
    CHECK(numbers("_").empty());
    CHECK(numbers("ova").empty());
}

TEST_CASE("customers without a number come behind those with one, and no more than the limit") {
    test::Shop shop;
    shop.customers("number,name,cards\n2,Jan Novák,\n,Jana Nová,555001\n1,Petr,555002\n,,555003\n");
    const auto names = [&](const char* text, int limit) {
        std::string list;
        for (const FoundCustomer& customer : search_customers(shop.database(), text, limit))
            list += (customer.name.empty() ? customer.card : customer.name) + ",";
        return list;
    };
    CHECK(names("", 10).starts_with("Petr,Jan Novák,"));
    CHECK(names("", 1) == "Petr,");
    CHECK(names("", 3).size() > names("", 2).size());
    CHECK(names("jan", 10) == "Jan Novák,Jana Nová,");
    CHECK(names("555", 10).starts_with("Petr,"));
    CHECK(names("555003", 10) == "555003,");
    CHECK(names("555", 2).size() < names("555", 3).size());
}

TEST_CASE("the words of a text") {
    CHECK(search_text("  Coca-Cola, 0,5 l ") == "coca cola 0 5 l");
    CHECK(search_query("Kůň 2") == "\"kun\"* \"2\"*");
    CHECK(search_query("-").empty());
}
