// One product made and changed by hand at a branch that stands alone: what the till sells afterwards, and each refusal by name.
#include "node/product_desk.h"

#include <doctest/doctest.h>

#include "node/catalogue.h"
#include "tests/support/shop.h"

using namespace paprsek;

namespace {

constexpr const char* desk_goods = "code,name,group,price,vat,cost\nA,Bread,bakery,12.90,B,8.00\n9001,Bottle,,3.00,A,\n";

}  // namespace

TEST_CASE("a group that the policy names folded is written as the catalogue writes it") {
    test::Shop shop;
    shop.catalogue("group,parent,excluded\nMléčné výrobky,,0\n");
    CHECK(group_name(shop.database(), "mlecne vyrobky") == "Mléčné výrobky");
    CHECK(group_name(shop.database(), "tabak") == "tabak");
}

TEST_CASE("T1: a product is made, sold, changed and sold again; nothing changed books nothing") {
    test::Shop shop;
    shop.catalogue(desk_goods);
    const auto facts = shop.facts();
    const auto made = shop.play(
        "{'product_set':{'codes':['8594001021253','kof'],'name':' Kofola ','group':'drinks','price':'19.90','vat':'A','linked':'9001'}}");
    CHECK(made["added"] == true);
    CHECK(made["product_set"] == "8594001021253");
    CHECK(made["name"] == "Kofola");
    CHECK(shop.facts() == facts + 1);
    CHECK(shop.play("{'lines':[{'code':'KOF','qty':'2'}]}")["total"] == "46.00");  // 2 × (19.90 + 3.00), rounded to whole crowns

    CHECK(shop.play("{'product_set':{'product':'kof','price':'21.90','cost':'12.00','points':'5'}}")["cost"] == "12.00");
    const auto after = node::product_row(shop.database(), "8594001021253");
    REQUIRE(after);
    CHECK(after->price == test::money("21.90"));
    CHECK(after->points == node::Points::of(5'00));
    CHECK(after->linked == "9001");
    CHECK(after->codes == std::vector<std::string>{"8594001021253", "KOF"});
    const auto before = shop.facts();
    CHECK(shop.play("{'product_set':{'product':'kof','price':'21.90'}}")["unchanged"] == true);
    CHECK(shop.facts() == before);

    shop.play("{'product_set':{'product':'kof','cost':'','points':'','linked':'','drop_codes':['kof'],'codes':['K2']}}");
    CHECK(!node::product_row(shop.database(), "KOF"));
    const auto last = node::product_row(shop.database(), "K2");
    REQUIRE(last);
    CHECK(!last->cost);
    CHECK(!last->points);
    CHECK(last->linked.empty());
    CHECK(node::search_products(shop.database(), "kofo").size() == 1);
    CHECK(shop.verify().ok());
}

TEST_CASE("T15: prices of lists and of days to come stay when a product is changed by hand") {
    test::Shop shop;
    shop.catalogue(desk_goods);
    shop.catalogue("code,list,from,price\nA,,2027-01-01,15.90\n");
    shop.play("{'product_set':{'product':'A','price':'13.90'}}");
    CHECK(node::product_row(shop.database(), "A")->prices == "@2027-01-01:15.90");
}

TEST_CASE("T15: a price to come and one of a list are set by hand, sold when their day comes, and taken out again") {
    test::Shop shop;
    shop.catalogue(desk_goods);
    const auto set = [&](const std::string& prices) { return shop.play("{'product_set':{'product':'A','prices':[" + prices + "]}}"); };
    const auto answer = set("{'from':'2026-01-01','price':'14.50'},{'from':'2099-01-01','price':'15.90'},{'list':'fair','from':'2026-01-01','price':'20.00'}");
    CHECK(answer["prices"] == "@2026-01-01:14.50|@2099-01-01:15.90|fair@2026-01-01:20.00");
    CHECK(answer["price"] == "12.90");
    CHECK(shop.play("{'lines':[{'code':'A','qty':'2'}]}")["total"] == "29.00");
    set("{'from':'2099-01-01','price':null},{'list':'fair','from':'2026-01-01'}");
    CHECK(node::product_row(shop.database(), "A")->prices == "@2026-01-01:14.50");
    const auto facts = shop.facts();
    CHECK(set("{'from':'2099-01-01'}")["unchanged"] == true);
    const auto refusal = [&](const std::string& price) { return shop.refusal("{'product_set':{'product':'A','prices':[" + price + "]}}"); };
    CHECK(refusal("{'from':'2026-01-01','price':'-1'}") == "bad_price");
    CHECK(refusal("{'list':'a|b','from':'2026-01-01','price':'1'}") == "bad_line");
    CHECK(refusal("{'from':'tomorrow','price':'1'}") == "bad_line");
    CHECK(refusal("{'price':'1'}") == "bad_line");
    CHECK(shop.facts() == facts);
    CHECK(shop.verify().ok());
}

TEST_CASE("a product by hand is refused by name, and books nothing") {
    test::Shop shop;
    shop.catalogue(desk_goods);
    shop.customers("number,cards,name\n1,2900000000018,Eva\n");
    const auto facts = shop.facts();
    const auto refusal = [&](const std::string& fields) { return shop.refusal("{'product_set':{" + fields + "}}"); };
    CHECK(refusal("'product':'nobody','price':'1'") == "unknown_code");
    CHECK(refusal("'name':'X','price':'1'") == "bad_line");
    CHECK(refusal("'codes':['X'],'price':'1'") == "bad_line");
    CHECK(refusal("'codes':['X'],'name':'X'") == "bad_price");
    CHECK(refusal("'codes':['X'],'name':'X','price':'-1'") == "bad_price");
    CHECK(refusal("'codes':['X'],'name':'X','price':'1','vat':'Q'") == "unknown_vat_group");
    CHECK(refusal("'codes':['X'],'name':'X','price':'1','cost':'-1'") == "bad_amount");
    CHECK(refusal("'codes':['X'],'name':'X','price':'1','points':'many'") == "bad_amount");
    CHECK(refusal("'codes':['X'],'name':'X','price':'1','dealer_discounts':'DEA'") == "bad_discount");
    CHECK(refusal("'codes':['X'],'name':'X','price':'1','linked':'nobody'") == "unknown_code");
    CHECK(refusal("'codes':['X'],'name':'X','price':'1','linked':'x'") == "bad_line");
    CHECK(refusal("'codes':['a'],'name':'X','price':'1'") == "number_taken");
    CHECK(refusal("'codes':['2900000000018'],'name':'X','price':'1'") == "card_taken");
    CHECK(refusal("'codes':[''],'name':'X','price':'1'") == "bad_line");
    CHECK(refusal("'product':'A','drop_codes':['A']") == "bad_line");
    CHECK(refusal("'product':'A','drop_codes':['B']") == "unknown_code");
    CHECK(refusal("'product':'A','name':''") == "bad_line");
    CHECK(shop.facts() == facts);
    CHECK(shop.play("{'product_set':{'codes':['8594001021254'],'name':'X','price':'1'}}")["wrong_check_digit"][0] == "8594001021254");
}

TEST_CASE("a branch of a chain changes no product: headquarters keeps them") {
    test::Shop shop;
    shop.catalogue(desk_goods);
    shop.node().enrol({"HQ", std::string(64, 'a'), ""});
    CHECK(shop.refusal("{'product_set':{'product':'A','price':'1'}}") == "kept_at_hq");
    CHECK(node::product_row(shop.database(), "A")->price == test::money("12.90"));
}
