// The till in a real window, worked by real key events, judged by the ledger and the open receipt it leaves behind.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "hq/headquarters.h"
#include "hq/sqlite_store.h"
#include "node/base/csv.h"
#include "sync/exchange.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::demo_data;
using test::Display;
using test::eventually;
using test::roll;
using test::Shop;
using test::variable;
using test::Window;
namespace place = test::place;

// Codes of the catalogue that are whole in themselves: thirteen digits, each product once.
std::vector<std::string> twenty_codes() {
    const node::CsvTable table = node::read_csv(demo_data("products.csv"));
    std::vector<std::string> codes;
    for (const node::CsvRow& row : table.rows) {
        const std::string code = row.fields[0].substr(0, row.fields[0].find('|'));
        if (code.size() == 13 && codes.size() < 20) codes.push_back(code);
    }
    REQUIRE(codes.size() == 20);
    return codes;
}

}  // namespace

TEST_CASE("T3: twenty scans at 5 ms a key give twenty right lines, on every layout") {
    for (const char* layout : {"us", "cz", "ro"}) {
        CAPTURE(std::string(layout));
        const Shop shop;
        const Display display(layout);
        Window window(shop.program());
        const std::vector<std::string> codes = twenty_codes();
        std::vector<int> keys;
        for (const std::string& code : codes) {
            const auto scan = Window::scanned(code);
            keys.insert(keys.end(), scan.begin(), scan.end());
        }
        window.keys(keys, 5);
        eventually([&] { return shop.open_codes().size() >= codes.size(); });
        CHECK(fmt::format("{}", fmt::join(shop.open_codes(), " ")) == fmt::format("{}", fmt::join(codes, " ")));
    }
}

TEST_CASE("T3: scans go to the receipt from a payment in progress and leave the amount alone") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);
    window.key(place::f12);
    window.type("100");
    test::pause_ms(400);  // a hand that reaches for the next piece
    window.scan(roll);
    window.scan(roll);
    CHECK(eventually([&] { return shop.open_codes().size() == 3; }));
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].lines.size() == 3);
    CHECK(shop.sales()[0].pay == std::vector<node::Tender>{{node::TenderKind::cash, node::Money::of(100'00)}});
}

TEST_CASE("Enter pressed and released within one frame is not lost") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    for (int i = 0; i < 5; ++i) {
        window.type(roll);
        window.keys({place::enter}, 0);
        test::pause_ms(60);
    }
    CHECK(eventually([&] { return shop.open_codes().size() == 5; }));
}

TEST_CASE("T1: a number and a star before a scan multiply") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.type("3");
    window.key(place::star);
    window.scan(roll);
    window.key(place::f12);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].lines[0].quantity == node::Quantity::of(3000));
}

TEST_CASE("L1: the key under Esc, then a card, logs the customer in") {
    for (const char* layout : {"us", "cz"}) {
        CAPTURE(layout);
        const Shop shop;
        const Display display(layout);
        Window window(shop.program());
        window.scan(roll);
        window.key(place::under_escape);
        window.scan(test::card);
        CHECK(eventually([&] { return shop.customer_number() == 3; }));
        CHECK(shop.open_codes() == std::vector<std::string>{roll});
    }
}

TEST_CASE("L1: F1 and up to four digits is a customer number") {
    const Shop shop;
    const Display display("cz");
    Window window(shop.program());
    window.key(place::f1);
    window.key(place::pad_3);
    window.key(place::enter);
    CHECK(eventually([&] { return shop.customer_number() == 3; }));
}

TEST_CASE("F12 and Enter take exact cash") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);
    window.keys({place::f12, place::enter}, 0);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    const node::ReceiptFact sale = shop.sales()[0];
    CHECK(sale.cashier == "Anna");
    CHECK(sale.paid_with(node::TenderKind::cash) == sale.total());
    CHECK(sale.change.is_zero());
    CHECK(shop.open_codes().empty());
}

TEST_CASE("a whole sale by keys alone: search, amount, change, next customer") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.key(place::f9);
    window.type("rohlik tuk");
    window.key(place::enter);
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
    window.key(place::f12);
    window.type("500");
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    const node::ReceiptFact sale = shop.sales()[0];
    CHECK(sale.paid_with(node::TenderKind::cash) == node::Money::of(500'00));
    CHECK(sale.change == node::Money::of(500'00) - sale.total());
    window.scan(roll);  // with the last receipt still in sight
    CHECK(eventually([&] { return shop.open_codes().size() == 1; }));
}

TEST_CASE("L9: V takes the proposed amount off the price") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);
    window.key(place::under_escape);
    window.scan(test::card);
    REQUIRE(eventually([&] { return shop.customer_number() == 3; }));
    test::pause_ms(200);
    window.key(place::v);
    window.key(place::enter);
    window.key(place::f12);
    window.key(place::enter);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.sales()[0].redeemed == shop.sales()[0].net());
    CHECK(shop.sales()[0].taken > node::Points{});
}

TEST_CASE("Del takes the line off, and an unknown code does not stop the next scan") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.scan(roll);
    window.scan("9999999999994");
    window.scan(roll);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 3; }));
    test::pause_ms(200);
    window.key(place::del);
    CHECK(eventually([&] { return shop.open_codes() == std::vector<std::string>{roll, "9999999999994"}; }));
}

TEST_CASE("a sale by touch alone") {
    const Shop shop;
    const Display display("us");
    Window window(shop.program());
    window.click(830, 170);   // the first tile
    window.click(830, 170);
    REQUIRE(eventually([&] { return shop.open_codes().size() == 2; }));
    window.click(1260, 600);  // Pay
    window.click(1122, 684);  // Enter on the number pad
    CHECK(eventually([&] { return shop.sales().size() == 1; }));
}

TEST_CASE("S5: export by the till's window, import by the console's, and the reply back") {
    const test::TemporaryFolder scratch;
    const auto name = node::NodeName{1, 1};
    {
        auto headquarters =
            hq::Headquarters::create(scratch.file("hq"), {"Test", "CZK", "Europe/Prague"}, node::system_clock(), node::system_random());
        headquarters->import_catalogue(demo_data("groups.csv"));
        headquarters->import_catalogue(demo_data("products.csv"));
        headquarters->add_branch(name, "Branch");
        auto branch =
            node::Node::create(scratch.file("b1"), {name, "Paprsek test", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
        const auto answer = sync::accept_invitation(*branch, headquarters->invite(name, ""), "invitation");
        headquarters->import({reinterpret_cast<const char*>(answer.data()), answer.size()}, "answer");
        sync::apply_down(*branch, sync::bytes_of(headquarters->export_reply(name).bytes), "reply");
    }
    const Display display("us");
    const std::string up = scratch.file("up.bundle");
    const std::string down = scratch.file("down.bundle");
    {
        Window window({variable("PAPRSEK_BIN") + "/paprsek-till", scratch.file("b1"), "--size", "1366x820"});
        window.scan(roll);
        window.keys({place::f12, place::enter}, 0);
        window.key(place::f7);
        window.key(place::e);
        test::pause_ms(300);
        test::run({"xdotool", "key", "ctrl+a"});
        window.type(up);
        window.key(place::enter);
        REQUIRE(eventually([&] { return std::filesystem::exists(up); }));
    }
    {
        Window window({variable("PAPRSEK_BIN") + "/paprsek-hq-console", scratch.file("hq"), "--import", up});
        const auto headquarters = hq::Headquarters::open(scratch.file("hq"), node::system_clock(), node::system_random());
        REQUIRE(eventually([&] { return headquarters->status().sales == 1; }));
        sync::write_atomically(down, sync::bytes_of(headquarters->export_reply(name).bytes));
    }
    Window window({variable("PAPRSEK_BIN") + "/paprsek-till", scratch.file("b1"), "--size", "1366x820", "--import", down});
    CHECK(eventually([&] {
        const auto branch = node::Node::open(scratch.file("b1"), node::system_clock(), node::system_random());
        return branch->hq_receipt().seq == branch->ledger().head().seq;
    }));
}

TEST_CASE("C6: what does not fit is looked at in the console, and answered by a key and Enter") {
    const Shop shop;  // sells the roll for 2.90
    const auto name = node::NodeName{1, 1};
    const std::string hq_folder = shop.scratch.file("hq"), list = shop.scratch.file("list.csv");
    std::ofstream(list) << "code,name,price,vat\n" << roll << ",Rohlik,9.90,B\n";
    {
        auto headquarters = hq::Headquarters::create(hq_folder, {"Test", "CZK", "Europe/Prague"}, node::system_clock(), node::system_random());
        headquarters->import_catalogue(list);
        headquarters->add_branch(name, "Branch");
        const auto branch = shop.open();
        const auto answer = sync::accept_invitation(*branch, headquarters->invite(name, ""), "invitation");
        headquarters->import({reinterpret_cast<const char*>(answer.data()), answer.size()}, "answer");
        const auto up = sync::make_up(*branch)->bytes;
        headquarters->import({reinterpret_cast<const char*>(up.data()), up.size()}, "bundle");
        REQUIRE(headquarters->exceptions().size() == 1);
    }
    const auto open = [&] { return hq::Headquarters::open(hq_folder, node::system_clock(), node::system_random())->exceptions(); };
    const Display display("us");
    Window window({variable("PAPRSEK_BIN") + "/paprsek-hq-console", hq_folder});
    test::pause_ms(600);
    window.key(place::f6);
    test::pause_ms(1200);
    window.scan("2901574350844");  // a card is looked up, whatever page is open: its first digit answers nothing
    test::pause_ms(600);
    CHECK(open().size() == 1);
    window.key(place::f6);
    test::pause_ms(600);
    window.type("2");  // the shop's price holds
    test::pause_ms(300);
    CHECK(open().size() == 1);
    window.key(place::enter);
    REQUIRE(eventually([&] { return open().empty(); }));
    hq::SqliteStore store(hq_folder + "/hq.db", false);
    CHECK(store.product(roll)->price == node::Money::of(2'90));
}

TEST_CASE("a picture is saved, and the program ends by itself") {
    const Shop shop;
    const Display display("us");
    for (const char* theme : {"light", "dark", "contrast"}) {
        const std::string picture = shop.scratch.file(std::string(theme) + ".png");
        CHECK(test::run(
                  {variable("PAPRSEK_BIN") + "/paprsek-till", shop.folder, "--screenshot", picture, "--theme", theme, "--screen", "products"}) == 0);
        CHECK(std::filesystem::file_size(picture) > 20'000);
    }
}

TEST_CASE("T5, U2: a figure on the receipt is never cut, however large, and neither is the name of a tab") {
    const Shop shop;
    const std::string play = shop.scratch.file("play"), pictures = shop.scratch.file("pictures");
    std::ofstream(play) << "sizes 1024x768 1366x768\n"
                           "screen tables\nkey N\ntype Zahradni slavnost\nkey Enter\n"
                           "scan " << roll << "\nscreen line\nkey 9 9 9 Tab\ntype 24690\nkey Tab\ntype 12,5\nkey Enter\nlook receipt\n"
                           "key F5\nscreen tables\nlook tables\n";
    const Display display("us");
    auto program = shop.program();
    program.insert(program.end(), {"--language", "cs", "--play", play, "--pictures", pictures});
    REQUIRE(test::run(program) == 0);
    std::ifstream texts(pictures + "/texts.tsv"), faults(pictures + "/faults.tsv");
    const std::string shown(std::istreambuf_iterator<char>(texts), {}), wrong(std::istreambuf_iterator<char>(faults), {});
    CHECK(shown.find("24\u00A0690,00") != std::string::npos);
    CHECK(shown.find("Zahradni slavnost") != std::string::npos);
    CHECK(wrong.find(',') == std::string::npos);  // a product's name may end in an ellipsis, and has no comma
    CHECK(wrong.find("Zahradni") == std::string::npos);
}
