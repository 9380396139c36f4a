// How a till is set up and opened, in a real window by keys alone: first start, log-in, users, settings, what stands on receipts. Judged
// by the ledger and what the till keeps beside it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fiscal/from_fact.h"
#include "fiscal/receipt/bitmap.h"
#include "hq/headquarters.h"
#include "node/pin.h"
#include "node/users.h"
#include "tests/ui/shop.h"
#include "ui/till/settings.h"

namespace {

using namespace paprsek;
using test::anna_pin;
using test::boss_pin;
using test::Display;
using test::eventually;
using test::roll;
using test::Shop;
using test::Window;
namespace place = test::place;

struct Guarded : test::GuardedShop {
    std::vector<std::string> screen_of(const char* pin, const char* screen) const {
        auto arguments = program_of(pin);
        arguments.insert(arguments.end(), {"--screen", screen});
        return arguments;
    }
    std::optional<node::User> user(const char* name) const {
        const auto branch = open();
        return node::user_by_name(branch->database(), name);
    }
    node::PinAttempts attempts() const {
        const auto branch = open();
        return node::pin_attempts(*branch);
    }
    void set_attempts(int failures, std::int64_t ms_ago) const {
        const auto branch = open();
        node::set_pin_attempts(*branch, {failures, {branch->clock().now().ms - ms_ago}});
    }
};

void enter_pin(Window& window, const char* pin) {
    window.type(pin);
    window.key(place::enter);
    test::pause_ms(300);
}

}  // namespace

TEST_CASE("T11: a PIN opens the till and names who serves; a wrong one does not, and many let nobody in for a while") {
    const Guarded shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);  // no badge of anybody's
    enter_pin(window, "9999");
    REQUIRE(eventually([&] { return shop.attempts().failures > 0; }));
    CHECK(shop.open_codes().empty());

    shop.set_attempts(9, 0);  // as after nine of them just now: two minutes
    enter_pin(window, anna_pin);
    CHECK(shop.attempts().failures == 9);  // not even looked at
    window.keys({place::f9, place::f12, place::enter}, 60);
    CHECK(shop.open_codes().empty());

    shop.set_attempts(9, 600'000);  // ten minutes later
    enter_pin(window, anna_pin);
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
    window.keys({place::f12, place::enter}, 40);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].cashier == "Anna");

    test::run({"xdotool", "key", "ctrl+l"});
    test::pause_ms(300);
    window.keys({place::f12, place::enter}, 40);
    window.key(place::del);  // Anna goes
    enter_pin(window, boss_pin);
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));  // a PIN takes its time on a busy machine
    window.keys({place::f12, place::enter}, 40);
    REQUIRE(eventually([&] { return shop.sales().size() == 2; }));
    CHECK(shop.sales()[1].cashier == "Boss");
}

TEST_CASE("T11: users are made, given another role, and removed, by whoever may") {
    const Guarded shop;
    const Display display("us");
    {
        Window window(shop.screen_of(boss_pin, "users"));
        window.key(place::insert);
        window.type("Eva");
        window.keys({place::tab, place::left, place::tab}, 60);  // cashier → manager
        window.type("4321");
        window.key(place::enter);
        REQUIRE(eventually([&] { return shop.user("Eva").has_value(); }));
        CHECK(shop.user("Eva")->role == "manager");
        CHECK_FALSE(shop.user("Eva")->pin.empty());
        window.keys({place::enter, place::tab, place::right, place::enter}, 60);  // Eva is chosen
        REQUIRE(eventually([&] { return shop.user("Eva")->role == "cashier"; }));
        window.key(place::del);
        window.key(place::escape);  // thought better of
        window.keys({place::escape, place::escape}, 60);
        window.scan(roll);
        REQUIRE(eventually([&] { return shop.open_codes().size() == 1; }));
        CHECK(shop.user("Eva").has_value());
    }
    Window window(shop.screen_of(anna_pin, "users"));
    window.key(place::end);  // Anna, Boss, Eva
    window.keys({place::del, place::enter}, 60);
    test::pause_ms(300);
    CHECK(shop.user("Eva").has_value());  // Anna may not
    enter_pin(window, boss_pin);
    CHECK(eventually([&] { return !shop.user("Eva").has_value(); }));
}

TEST_CASE("U1, U2, U3: language, colours and keys are set by keys, act at once and are kept") {
    const Shop shop;
    const auto settings = [&] {
        std::string fault;
        return ui::load_settings(shop.folder, fault);
    };
    const Display display("us");
    auto program = shop.program();
    program.insert(program.end(), {"--screen", "settings"});
    Window window(program);
    window.key(place::right);  // Czech, as the node is, to Romanian
    REQUIRE(eventually([&] { return settings().language == "ro"; }));
    window.keys({place::down, place::right}, 80);
    REQUIRE(eventually([&] { return settings().theme == ui::ThemeName::dark; }));
    window.keys({place::f3, place::enter, place::f7}, 120);  // F2 and F7 exchange their places
    REQUIRE(eventually([&] { return settings().keys != ui::keys_as_delivered; }));
    CHECK(settings().keys == *ui::exchanged(ui::keys_as_delivered, 2, 7));
    window.key(place::f5);  // as delivered again
    CHECK(eventually([&] { return settings().keys == ui::keys_as_delivered; }));
    window.keys({place::escape, place::escape}, 80);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
    CHECK(settings().language == "ro");
}

TEST_CASE("F3: what stands on receipts is written and kept, and a scan does not land in it") {
    const Shop shop;
    const auto kept = [&] {
        const auto branch = shop.open();
        return fiscal::stationery(*branch);
    };
    const Display display("us");
    auto program = shop.program();
    program.insert(program.end(), {"--screen", "stationery"});
    Window window(program);
    window.type("Station Road 1");
    window.key(place::down);
    window.scan(roll);
    window.type("VAT 123");
    window.key(place::tab);
    window.type("Thank you");
    window.key(place::tab);
    window.key(place::left);  // 48 letters to 42
    CHECK(kept().header.empty());
    window.key(place::enter);
    REQUIRE(eventually([&] { return !kept().header.empty(); }));
    CHECK(kept().header == std::vector<std::string>{"Station Road 1", "VAT 123"});
    CHECK(kept().footer == std::vector<std::string>{"Thank you"});
    CHECK(kept().columns == 42);
    CHECK(shop.open_codes() == std::vector<std::string>{roll});
    window.key(place::escape);
    window.keys({place::f12, place::enter}, 40);
    CHECK(eventually([&] { return shop.sales().size() == 1; }));
}

TEST_CASE("F3: a logo is chosen from a file and taken away again; what is no picture is refused, and the lines stay") {
    const Shop shop;
    const auto kept = [&] {
        const auto branch = shop.open();
        return fiscal::stationery(*branch);
    };
    {
        const auto branch = shop.open();
        fiscal::set_stationery(*branch, R"({"header":["Station Road 1"]})", "stationery");
    }
    const std::string home = shop.scratch.file("home");
    std::filesystem::create_directory(home);
    fiscal::Bitmap dots(64, 16);
    dots.set(3, 3);
    std::ofstream(home + "/a.png", std::ios::binary) << fiscal::png_of(dots);
    std::ofstream(home + "/b.png") << "no picture";
    const test::Home at(home);
    const Display display("us");
    auto program = shop.program();
    program.insert(program.end(), {"--screen", "stationery"});
    Window window(program);
    window.key(place::f3);
    test::read_in();
    window.keys({place::end, place::enter}, 100);
    test::read_in();
    CHECK(kept().logo == nullptr);
    window.key(place::f3);
    test::read_in();
    window.keys({place::home, place::enter}, 100);
    REQUIRE(eventually([&] { return kept().logo != nullptr; }));
    CHECK(kept().logo->width() == 64);
    CHECK(kept().header == std::vector<std::string>{"Station Road 1"});
    test::read_in();
    window.key(place::f5);
    CHECK(eventually([&] { return kept().logo == nullptr; }));
    CHECK(kept().header == std::vector<std::string>{"Station Road 1"});
}

TEST_CASE("U5: five questions by keys, an administrator whose PIN is asked twice, and the first sale") {
    const test::TemporaryFolder scratch;
    const std::string folder = scratch.file("new");
    const Display display("us");
    Window window({test::variable("PAPRSEK_BIN") + "/paprsek-till", folder, "--size", "1366x820", "--language", "en"});
    window.key(place::enter);  // a shop needs a name
    window.type("Corner shop");
    window.keys({place::enter, place::enter, place::enter, place::enter}, 120);  // till 1.1, Czechia, alone
    window.type("Boss");
    window.key(place::tab);
    window.type(boss_pin);
    window.key(place::tab);
    window.type("7789");
    window.key(place::f5);
    test::pause_ms(300);
    CHECK_FALSE(std::filesystem::exists(folder));  // the two PINs differ
    window.type(boss_pin);  // both fields are empty again
    window.key(place::tab);
    window.type(boss_pin);
    window.key(place::f5);  // with demo data
    REQUIRE(eventually([&] { return std::filesystem::exists(folder + "/ledger.db"); }));
    test::pause_ms(800);  // the till comes up in the same window
    window.scan(roll);
    window.keys({place::f12, place::enter}, 40);
    std::vector<node::ReceiptFact> sales;
    REQUIRE(eventually([&] {
        const auto branch = node::Node::open(folder, node::system_clock(), node::system_random());
        sales.clear();
        branch->ledger().read(1, branch->ledger().head().seq, [&](const schema::Fact& fact) {
            if (fact.kind == schema::kind::sale) sales.push_back(node::parse_receipt(fact.kind, fact.body));
            return true;
        });
        return sales.size() == 1;
    }));
    CHECK(sales[0].cashier == "Boss");
    const auto branch = node::Node::open(folder, node::system_clock(), node::system_random());
    CHECK(branch->info().name == "Corner shop");
    CHECK(branch->info().currency == "CZK");
    const auto users = node::all_users(branch->database());
    REQUIRE(users.size() == 1);
    CHECK(users[0].name == "Boss");
    CHECK(users[0].role == node::administrator_role);
    CHECK_FALSE(users[0].pin.empty());
}

TEST_CASE("U5, S1: an invitation is chosen from a file and gives the till its number; what is none goes no further") {
    const test::TemporaryFolder scratch;
    const std::string folder = scratch.file("new"), home = scratch.file("home");
    std::filesystem::create_directory(home);
    const auto headquarters = hq::Headquarters::create(scratch.file("hq"), {"Chain", "EUR", "Europe/Prague"}, node::system_clock(), node::system_random());
    headquarters->add_branch({4, 2}, "Fourth");
    std::ofstream(home + "/a.txt") << "no invitation";
    std::ofstream(home + "/b.json") << headquarters->invite({4, 2}, "");
    std::filesystem::last_write_time(home + "/b.json", std::filesystem::last_write_time(home + "/a.txt"));  // then they stand by name
    const test::Home at(home);
    const Display display("us");
    Window window({test::variable("PAPRSEK_BIN") + "/paprsek-till", folder, "--size", "1366x820", "--language", "en"});
    window.type("Corner shop");
    window.keys({place::enter, place::enter, place::enter}, 120);  // till 1.1, Czechia
    window.keys({place::right, place::f3}, 120);
    test::read_in();
    window.keys({place::home, place::enter}, 100);
    window.keys({place::enter, place::f3}, 120);  // still the same question
    test::read_in();
    window.keys({place::end, place::enter}, 100);
    window.key(place::enter);
    window.type("Boss");
    window.key(place::tab);
    window.type(boss_pin);
    window.key(place::tab);
    window.type(boss_pin);
    window.key(place::enter);
    REQUIRE(eventually([&] { return std::filesystem::exists(folder + "/ledger.db"); }));
    const auto branch = node::Node::open(folder, node::system_clock(), node::system_random());
    CHECK(branch->info().node == node::NodeName{4, 2});
    CHECK(branch->info().currency == "EUR");
    REQUIRE(branch->enrolment());
    CHECK(branch->enrolment()->hq_name == "Chain");
    CHECK(std::filesystem::exists(home + "/b.json.answer"));
}
