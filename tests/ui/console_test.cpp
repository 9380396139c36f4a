// The console's pages of catalogue, customers, policy and reports (C6), worked by keys alone and judged by what headquarters holds then.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "hq/headquarters.h"
#include "node/policy.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::demo_data;
using test::Display;
using test::eventually;
using test::roll;
using test::variable;
using test::Window;
namespace place = test::place;

void control_key(const char* key) {
    test::run({"xdotool", "key", std::string("ctrl+") + key});
    test::pause_ms(700);  // the folder has been read
}

/// Headquarters with the demo's goods and customers. Its user's home holds one file at a time, which is what the file chooser opens.
struct ConsoleChain {
    test::TemporaryFolder scratch;
    std::string folder = scratch.file("hq"), home = scratch.file("home");
    test::Home at_home{home};

    ConsoleChain() {
        std::filesystem::create_directory(home);
        auto headquarters = hq::Headquarters::create(folder, {"Test", "CZK", "Europe/Prague"}, node::system_clock(), node::system_random());
        for (const char* table : {"groups.csv", "products.csv"}) headquarters->import_catalogue(demo_data(table));
        headquarters->import_customers(demo_data("customers.csv"));
    }

    std::unique_ptr<hq::Headquarters> open() const { return hq::Headquarters::open(folder, node::system_clock(), node::system_random()); }
    std::vector<std::string> program() const { return {variable("PAPRSEK_BIN") + "/paprsek-hq-console", folder, "--language", "en"}; }
    void bring(const std::string& name, const std::string& text) const {
        for (const auto& entry : std::filesystem::directory_iterator(home)) std::filesystem::remove(entry.path());
        std::ofstream(home + "/" + name) << text;
    }
    node::Money price() const { return open()->products(roll, 1).at(0).price; }
    hq::CustomerBalance third() const { return open()->customers("3", 1).at(0); }
};

}  // namespace

TEST_CASE("C6, C4: a price list is looked at in the console before it counts, and a wrong one changes nothing") {
    const ConsoleChain chain;
    const node::Money before = chain.price();
    const std::string goods = std::string("code,name,price,vat\n") + roll + ",Rohlik,9.90,B\n8591234567898,Novy chleb,55.00,B\n";
    const Display display("us");
    Window window(chain.program());
    window.key(place::f7);
    chain.bring("wrong.csv", goods + "8591234567900,Jina dan,12.00,X\n");
    control_key("i");
    window.key(place::enter);  // the file
    test::read_in();
    window.key(place::enter);  // there is nothing to take over
    test::read_in();
    CHECK(chain.price() == before);
    CHECK(chain.open()->products("novy chleb", 5).empty());

    chain.bring("goods.csv", goods);
    control_key("o");
    window.key(place::enter);
    test::read_in();
    CHECK(chain.price() == before);  // it was only looked at
    window.key(place::escape);
    test::pause_ms(400);
    CHECK(chain.price() == before);
    control_key("i");
    window.key(place::enter);
    test::read_in();
    window.key(place::enter);
    REQUIRE(eventually([&] { return chain.price() == node::Money::of(9'90); }));
    CHECK(chain.open()->products("novy chleb", 5).size() == 1);
}

TEST_CASE("C6, C3: terms of customers and cards of a programme come into the console by keys alone") {
    const ConsoleChain chain;
    chain.open()->set_policy(R"({"programmes": [{"name": "Club", "discount": "3"}, {"name": "Other", "discount": "5"}]})", "policy.json");
    const Display display("us");
    Window window(chain.program());
    window.key(place::f9);
    test::read_in();
    chain.bring("customers.csv", "number,name,discount,charge_to_account,limit\n3,,7.5,1,5000.00\n");
    control_key("i");
    window.key(place::enter);
    test::read_in();
    CHECK(chain.third().discount != node::Rate::of(7'500'000));
    window.key(place::enter);
    REQUIRE(eventually([&] { return chain.third().discount == node::Rate::of(7'500'000); }));
    CHECK(chain.third().charge);
    CHECK(chain.third().limit == node::Money::of(5000'00));

    chain.bring("cards.csv", "card,customer\n2977000000018,3\n");
    control_key("l");
    window.key(place::enter);
    test::read_in();
    window.key(place::right);  // the other programme
    test::read_in();
    window.key(place::enter);
    REQUIRE(eventually([&] { return chain.open()->customers("2977000000018", 1).size() == 1; }));
    hq::CardListOptions options{"Other", true, false};
    CHECK(chain.open()->import_cards(chain.home + "/cards.csv", options).unchanged == 1);
    options.programme = "Club";
    CHECK(chain.open()->import_cards(chain.home + "/cards.csv", options).added == 1);
}

TEST_CASE("C6, C2: a policy is set from a file after a look at what it changes, or refused, and another page is a key away") {
    const ConsoleChain chain;
    const std::string before = chain.open()->policy();
    const Display display("us");
    Window window(chain.program());
    window.key(place::f10);
    test::read_in();
    chain.bring("wrong.json", R"({"levels": [{"spend": "100", "discount": "150"}]})");
    control_key("i");
    window.key(place::enter);
    test::read_in();
    window.key(place::enter);
    test::read_in();
    CHECK(chain.open()->policy() == before);
    window.key(place::escape);

    chain.bring("policy.json", R"({"point_value": "0.25", "demand_shift": true})");
    control_key("i");
    window.key(place::enter);
    test::read_in();
    CHECK(chain.open()->policy() == before);
    window.key(place::enter);
    REQUIRE(eventually([&] { return chain.open()->policy() != before; }));
    const node::Policy policy = node::parse_policy(chain.open()->policy(), "CZK", "policy");
    CHECK(policy.point_value == node::Rate::of(250'000));
    CHECK(policy.demand_shift);

    window.key(place::f2);
    window.key(place::f10);
    control_key("s");
    window.key(place::enter);
    REQUIRE(eventually([&] { return std::filesystem::exists(chain.home + "/policy.json"); }));
}

TEST_CASE("C6: a report across branches is chosen, narrowed and saved by keys alone") {
    const ConsoleChain chain;
    const Display display("us");
    Window window(chain.program());
    window.key(place::f11);
    test::read_in();
    window.keys({place::down, place::down}, 60);  // sales, closings, customers and balances
    test::read_in();
    control_key("s");
    window.key(place::enter);
    const std::string file = chain.home + "/customers-and-balances.csv";
    REQUIRE(eventually([&] { return std::filesystem::exists(file); }));
    std::ifstream in(file);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const std::string header = text.substr(0, text.find('\r'));
    CAPTURE(header);
    for (const char* const said : {"No.", "Name", "Points", "Spend", "Debt", "Cards"}) CHECK(header.find(said) != std::string::npos);
    CHECK(text.find(test::card) != std::string::npos);
    // A sales report of a branch that is none is refused, and asks for nothing more.
    window.keys({place::up, place::up}, 60);
    window.keys({place::tab, place::tab, place::tab, place::tab}, 60);
    window.type("77");
    window.key(place::enter);
    test::pause_ms(500);
    window.key(place::f9);
    test::read_in();
    CHECK(chain.open()->status().customers > 0);
}

TEST_CASE("C6: a table that is dropped on the catalogue is taken over there, and a bundle goes to the inbox") {
    const ConsoleChain chain;
    const std::string play = chain.scratch.file("play"), prices = chain.scratch.file("prices.csv"), bundle = chain.scratch.file("some.bundle");
    std::ofstream(prices) << "code,list,from,price\n" << roll << ",,2031-04-01,3.40\n";
    std::ofstream(bundle) << "no bundle";
    std::ofstream(play) << "sizes 1024x768\nscreen catalogue\ndrop " << bundle << "\nlook inbox\nscreen catalogue\ndrop " << prices
                        << "\nlook preview\nkey Enter\nlook done\n";
    const std::string pictures = chain.scratch.file("pictures");
    const Display display("us");
    auto program = chain.program();
    program.insert(program.end(), {"--play", play, "--pictures", pictures});
    REQUIRE(test::run(program) == 0);
    CHECK(chain.open()->products(roll, 1).at(0).prices.find("2031-04-01") != std::string::npos);
    std::ifstream texts(pictures + "/texts.tsv");
    const std::string shown(std::istreambuf_iterator<char>(texts), {});
    CHECK(shown.find("some.bundle") != std::string::npos);
    CHECK(shown.find("3.40") != std::string::npos);
}
