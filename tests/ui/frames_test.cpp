// Nothing waits: what the window's thread asks of its ledger, counted in statements and steps, which no machine's pace blurs. And what is
// done beside it: by real keys, judged by the ledger.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>

#include "node/state.h"
#include "node/stock.h"
#include "node/stock_lists.h"
#include "tests/ui/shop.h"
#include "tests/ui/sound_device.h"
#include "ui/till/screens.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::roll;
using test::Window;
namespace place = test::place;

/// A line of --frame-times.
struct Round {
    std::string where;
    std::int64_t draw_statements = 0, steps = 0, scans = 0;
};

std::vector<Round> rounds_of(const std::string& file) {
    std::ifstream in(file);
    std::vector<Round> rounds;
    std::vector<std::string> heads;
    for (std::string line; std::getline(in, line);) {
        std::istringstream fields(line);
        std::vector<std::string> cells;
        for (std::string cell; std::getline(fields, cell, ',');) cells.push_back(cell);
        if (heads.empty()) {
            heads = cells;
            continue;
        }
        if (cells.size() != heads.size()) continue;  // being written
        const auto cell = [&](const char* name) { return cells[static_cast<std::size_t>(std::find(heads.begin(), heads.end(), name) - heads.begin())]; };
        rounds.push_back({cell("where"), std::stoll(cell("draw_statements")), std::stoll(cell("steps")), std::stoll(cell("scans"))});
    }
    return rounds;
}

constexpr int many = 20'000;

std::string code_of(int product) { return std::to_string(4'000'000'000'000 + product); }

/// With so many goods that whoever reads all of them is found out.
struct LargeShop : test::Shop {
    std::string times = scratch.file("times.csv");

    LargeShop() {
        const auto branch = open();
        node::Transaction transaction(branch->database());
        for (int i = 0; i < many; ++i) {
            node::ProductRow row;
            row.key = code_of(i);
            row.codes = {row.key};
            row.name = "Rohlík č. " + std::to_string(i);
            row.group = "Group " + std::to_string(i % 20);
            row.price = node::Money::of(290);
            row.vat = "B";
            node::apply(branch->database(), row, 1);
        }
        transaction.commit();
        node::Policy policy = branch->policy();
        policy.excluded_products = {code_of(3), code_of(4)};  // named by the catalogue
        branch->set_policy(node::policy_json(policy), "the test's policy");
    }
    std::vector<std::string> program() const {
        auto arguments = Shop::program();
        arguments.insert(arguments.end(), {"--frame-times", times});
        return arguments;
    }
};

}  // namespace

TEST_CASE("no screen asks the ledger while it is drawn, and what is typed and opened reads no more where there are many goods") {
    const LargeShop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(code_of(7));
    window.key(place::f12);
    window.key(place::enter);
    CHECK(eventually([&] { return shop.sales().size() == 1; }));
    window.scan(code_of(7));
    window.scan(code_of(19'999));
    window.scan(test::card);
    window.key(place::f1);
    test::read_in();
    window.key(place::escape);
    window.key(place::f9);
    window.type("rohlik");
    test::read_in();
    window.key(place::escape);
    window.key(place::escape);
    window.key(place::f4);
    window.key(place::escape);
    const std::vector<std::string> order = test::menu_order();
    REQUIRE(order.size() > 20);
    for (std::size_t downs = 0; downs < order.size(); ++downs) {
        const std::string& here = order[downs];
        CAPTURE(here);
        window.key(place::f10);
        window.keys(std::vector<int>(downs, place::down), 15);
        window.key(place::enter);
        CHECK(eventually([&] { return test::where_now(shop.times) == here; }));
        test::pause_ms(200);
        window.keys({place::down, place::down, place::up, place::tab}, 30);
        if (here == "loyalty") window.keys(std::vector<int>(10, place::page_down), 60);  // through all its sections
        if (here == "products" || here == "catalogue" || here == "stock" || here == "goods-in") window.type("ro");
        test::pause_ms(300);
        window.keys({place::escape, place::escape, place::escape, place::enter, place::escape, place::escape}, 40);
    }
    std::map<std::string, std::int64_t> most;
    for (const Round& round : rounds_of(shop.times)) {
        CHECK_MESSAGE(round.draw_statements == 0, round.where);
        most[round.where] = std::max(most[round.where], round.steps);
    }
    // One that reads every product takes more than twenty steps for each.
    for (const auto& [where, steps] : most) CHECK_MESSAGE(steps < 3 * many, where, " took ", steps, " steps");
}

TEST_CASE("a stocktake of many goods is frozen, counted and booked beside the window, which goes on selling") {
    const LargeShop shop;
    const Display display("us");
    auto arguments = shop.program();
    arguments.insert(arguments.end(), {"--screen", "stocktake"});
    const auto sheet = [&] {
        const auto branch = shop.open();
        return node::stocktake_sheet(branch->database(), "");
    };
    {
        Window window(arguments);
        window.key(place::enter);  // everything
        window.key(place::f10);    // and at once to something else
        window.key(place::escape);
        window.scan(roll);
        CHECK(eventually([&] { return shop.open_codes() == std::vector<std::string>{roll}; }));
        REQUIRE(eventually([&] { return sheet().has_value(); }));
        CHECK(sheet()->products > many);
        for (const Round& round : rounds_of(shop.times)) CHECK_MESSAGE(round.steps < 3 * many, round.where, " took ", round.steps, " steps");
    }
    Window window(arguments);
    test::read_in();
    window.scan(code_of(17));
    window.scan(code_of(17));
    window.scan(code_of(18));
    REQUIRE(eventually([&] { return sheet()->counted == 2; }));
    window.key(place::f12);
    window.key(place::enter);
    CHECK(eventually([&] { return !sheet().has_value(); }));
    CHECK(shop.open_codes() == std::vector<std::string>{roll});
    const auto branch = shop.open();
    CHECK(node::stock_level(branch->database(), "", code_of(17)).quantity == node::Quantity::of(2000));
    CHECK(node::stock_level(branch->database(), "", code_of(18)).quantity == node::Quantity::of(1000));
    CHECK(eventually([&] { return branch->database().integer("SELECT count(*) FROM stocktake_line") == 0; }));  // they go after the list
    for (const Round& round : rounds_of(shop.times)) CHECK_MESSAGE(round.steps < 3 * many, round.where, " took ", round.steps, " steps");
}

TEST_CASE("T11: what is typed and scanned while a PIN is looked at comes after it") {
    test::GuardedShop shop;
    {
        const auto branch = shop.open();
        node::Till till(*branch, node::Keep::every_command);  // at what a PIN costs in a shop, and one after another is tried
        till.set_cashier("");
        for (const char* name : {"Adam", "Bela", "Cyril", "Dana", "Zora"})
            test::add_user(till, name, "cashier", (std::string("5678901") + static_cast<char>('0' + name[0] % 10)).c_str());
    }
    const Display display("us");
    Window window(shop.program());
    window.type(std::string("5678901") + static_cast<char>('0' + 'Z' % 10));
    window.keys({place::enter}, 0);
    window.scan(roll);
    window.keys({place::f12, place::enter}, 30);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].cashier == "Zora");
    CHECK(shop.sales()[0].lines[0].code == roll);
}

TEST_CASE("T6: a scan does not wait for another program that writes, and its tone says that it is on the disk") {
    const test::Shop shop;
    const Display display("us");
    const std::filesystem::path heard = shop.scratch.file("heard");
    const test::SoundDevice device("type file file \"" + heard.string() + "\" format raw slave.pcm { type null }");
    const auto silent = [&heard] { return !std::filesystem::exists(heard) || std::filesystem::file_size(heard) == 0; };
    const std::string times = shop.scratch.file("times.csv");
    auto arguments = shop.program();
    arguments.insert(arguments.end(), {"--frame-times", times});
    Window window(arguments);
    {
        node::Database other(shop.folder + "/ledger.db");
        const node::Transaction held(other);
        window.scan(roll);
        window.scan(roll);
        REQUIRE(eventually([&] {
            const std::vector<Round> rounds = rounds_of(times);
            return std::accumulate(rounds.begin(), rounds.end(), std::int64_t{0}, [](std::int64_t sum, const Round& round) { return sum + round.scans; }) == 2;
        }));
        CHECK(other.integer("SELECT count(*) FROM open_receipt") == 0);
        CHECK(silent());
    }
    CHECK(eventually([&] { return shop.open_codes().size() == 2; }));
    CHECK(eventually([&] { return !silent(); }));
    window.key(place::f12);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].lines.size() == 2);
    CHECK(shop.open_codes().empty());
}
