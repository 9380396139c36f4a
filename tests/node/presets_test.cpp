// What a till keeps at hand: texts for lines without a product, and favourite products.
#include "node/presets.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "node/base/error.h"
#include "tests/support/shop.h"

using namespace paprsek;

namespace {

constexpr const char* favourite_goods =
    "code,name,group,price,vat,cost\n8594001021239|R2,Rolls,bakery,2.90,B,\nA,Bread,bakery,12.90,B,8.00\n9001,Bottle,,3.00,A,\n";

std::vector<std::string> keys(test::Shop& shop) {
    std::vector<std::string> keys;
    for (const node::FoundProduct& product : node::favourite_products(shop.node())) keys.push_back(product.key);
    return keys;
}

}  // namespace

TEST_CASE("T1: favourites stand in the order in which they came, by whichever code, at today's price") {
    test::Shop shop;
    shop.catalogue(favourite_goods);
    CHECK(keys(shop).empty());
    CHECK(node::turn_favourite(shop.node(), "9001"));
    CHECK(node::turn_favourite(shop.node(), "A"));
    CHECK(node::turn_favourite(shop.node(), "8594001021239"));
    CHECK(keys(shop) == std::vector<std::string>{"9001", "A", "8594001021239"});
    CHECK_FALSE(node::turn_favourite(shop.node(), "9001"));
    CHECK(node::turn_favourite(shop.node(), "9001"));
    CHECK(keys(shop) == std::vector<std::string>{"A", "8594001021239", "9001"});

    // A file may name any code of a product, one twice, and one that no product has; that one waits for its product.
    node::set_presets(shop.node(), node::parse_presets(R"({"favourites":["r2","8594001021239","77","A"]})", "presets"));
    CHECK(keys(shop) == std::vector<std::string>{"8594001021239", "A"});
    shop.catalogue("code,name,group,price,vat,cost\n77,Milk,,21.00,B,\n");
    CHECK(keys(shop) == std::vector<std::string>{"8594001021239", "77", "A"});
    CHECK_FALSE(node::turn_favourite(shop.node(), "8594001021239"));  // by both of its codes
    CHECK(node::presets_of(shop.node()).favourites == std::vector<std::string>{"77", "A"});

    shop.catalogue("code,list,from,price\nA,,2020-01-01,15.90\n");
    CHECK(node::favourite_products(shop.node()).back().price == test::money("15.90"));
    CHECK(node::favourite_products(shop.node()).back().name == "Bread");
    CHECK(shop.verify().ok());
}

TEST_CASE("T1: a favourite goes to another place, past those that no product has, and no further than an end") {
    test::Shop shop;
    shop.catalogue(favourite_goods);
    node::set_presets(shop.node(), node::parse_presets(R"({"texts":[{"text":"Loan"}],"favourites":["77","r2","78","A","8594001021239","9001"]})", "presets"));
    CHECK(keys(shop) == std::vector<std::string>{"8594001021239", "A", "9001"});
    CHECK(node::move_favourite(shop.node(), "8594001021239", 1));
    CHECK(keys(shop) == std::vector<std::string>{"A", "8594001021239", "9001"});
    CHECK(node::move_favourite(shop.node(), "9001", -100));
    CHECK(keys(shop) == std::vector<std::string>{"9001", "A", "8594001021239"});
    CHECK_FALSE(node::move_favourite(shop.node(), "9001", -1));
    CHECK_FALSE(node::move_favourite(shop.node(), "77", 1));
    CHECK(node::move_favourite(shop.node(), "9001", 1));
    CHECK(keys(shop) == std::vector<std::string>{"A", "9001", "8594001021239"});
    const node::Presets kept = node::presets_of(shop.node());
    CHECK(kept.favourites[0] == "77");  // it waits for its product where it was
    CHECK(kept.favourites[2] == "78");
    CHECK(kept.texts.size() == 1);
}

TEST_CASE("T1: one favourite too many is refused, and the texts stay as they are") {
    test::Shop shop;
    shop.catalogue(favourite_goods);
    node::Presets full;
    full.texts.push_back({"Loan for a game", test::money("50.00"), "A"});
    for (std::size_t i = 0; i < node::max_favourites; ++i) full.favourites.push_back(fmt::format("X{}", i));
    node::set_presets(shop.node(), full);
    CHECK_THROWS_AS(node::turn_favourite(shop.node(), "A"), node::Error);
    CHECK(node::presets_of(shop.node()) == full);
    full.favourites.pop_back();
    node::set_presets(shop.node(), full);
    CHECK(node::turn_favourite(shop.node(), "A"));
    CHECK(node::presets_of(shop.node()).texts == full.texts);
}

TEST_CASE("T1, T4: presets that are none are refused whole, by name") {
    test::Shop shop;
    node::set_presets(shop.node(), node::parse_presets(R"({"texts":[{"text":" Loan ","price":"50"}],"favourites":["a"]})", "presets"));
    const node::Presets kept = node::presets_of(shop.node());
    CHECK(kept.texts.front().text == "Loan");
    CHECK(node::parse_presets(node::presets_json(kept), "again") == kept);
    for (const char* wrong : {"", "[]", R"({"texts":{}})", R"({"texts":[{"text":""}]})", R"({"texts":[{"text":"x","price":"-1"}]})",
                              R"({"texts":[{"text":"x","colour":"red"}]})", R"({"favourites":"A"})", R"({"favourites":[1]})", R"({"favourites":[""]})",
                              R"({"tiles":[]})"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(node::parse_presets(wrong, "presets"), node::Error);
    }
}
