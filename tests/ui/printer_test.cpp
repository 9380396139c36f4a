// The till's window with a printer: a real window, real keys, a device over a real line; either of them is killed in the middle.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "fiscal/setting.h"
#include "node/base/csv.h"
#include "node/base/json.h"
#include "node/branch_import.h"
#include "node/printing.h"
#include "node/till.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/display.h"

namespace {

using namespace paprsek;
using test::Display;
using test::eventually;
using test::Window;
namespace place = test::place;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    REQUIRE_MESSAGE(value != nullptr, name, " is not set: run by ctest");
    return value;
}

/// paprsek-device on a TCP port, which it keeps when it is switched off and on.
class Device {
public:
    Device(std::string profile, std::string folder) : profile_(std::move(profile)), folder_(std::move(folder)) { on("tcp:127.0.0.1:0"); }
    const std::string& address() const { return address_; }
    void off() { process_->stop(SIGKILL); }
    void on() { on(address_); }
    node::Json memory() const {
        try {
            return node::Json::parse(node::read_file(folder_ + "/memory.json", 64u << 20));
        } catch (const std::exception&) {
            return {};
        }
    }
    /// Closed fiscal receipts.
    int receipts() const {
        int count = 0;
        for (const node::Json& document : memory().value("journal", node::Json::array())) count += document["kind"] == 0;
        return count;
    }
    std::int64_t items_open() const {
        const node::Json held = memory();
        return held.contains("open") ? held["open"]["items"].get<std::int64_t>() : 0;
    }
    node::Money total() const { return node::Money::of(memory().value("grand_total", std::int64_t{0})); }
    std::string file(const std::string& name) const {
        return std::filesystem::exists(folder_ + "/" + name) ? node::read_file(folder_ + "/" + name, 64u << 20) : std::string();
    }

private:
    void on(const std::string& at) {
        int ends[2];
        REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
        process_ = std::make_unique<test::Process>(
            std::vector<std::string>{variable("PAPRSEK_BIN") + "/paprsek-device", "--profile", profile_, "--folder", folder_, "--at", at, "--quiet", "--json"},
            ends[1]);
        close(ends[1]);
        std::string line;
        for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
        close(ends[0]);
        address_ = node::Json::parse(line).at("address").get<std::string>();
    }
    std::string profile_, folder_, address_;
    std::unique_ptr<test::Process> process_;
};

struct PrinterShop {
    test::TemporaryFolder scratch;
    std::string folder = scratch.file("b1");

    PrinterShop() {
        const std::string data = variable("PAPRSEK_SOURCE") + "/tools/demo_data/";
        auto branch = node::Node::create(folder, {{1, 1}, "Paprsek test", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
        branch->set_policy(R"({"cash_rounding":"0.01"})", "policy");
        node::import_catalogue(*branch, data + "groups.csv");
        node::import_catalogue(*branch, data + "products.csv");
    }
    std::unique_ptr<node::Node> open() const { return node::Node::open(folder, node::system_clock(), node::system_random()); }
    void set(const std::string& profile, const std::string& address, fiscal::Mode mode = fiscal::Mode::asynchronous) const {
        fiscal::DeviceSetting setting;
        setting.profile = profile;
        setting.address = address;
        setting.mode = mode;
        const auto branch = open();
        fiscal::set_device(*branch, setting, "");
    }
    std::vector<std::string> program() const { return {variable("PAPRSEK_BIN") + "/paprsek-till", folder, "--size", "1366x820", "--cashier", "Anna"}; }
    int sales() const { return read().first; }
    node::Money takings() const { return read().second; }
    std::pair<int, node::Money> read() const {
        const auto branch = open();
        std::pair<int, node::Money> sold;
        branch->ledger().read(1, branch->ledger().head().seq, [&](const schema::Fact& fact) {
            if (fact.kind != schema::kind::sale) return true;
            ++sold.first;
            sold.second += node::parse_receipt(fact.kind, fact.body).total();
            return true;
        });
        return sold;
    }
    std::size_t open_lines() const {
        const auto branch = open();
        return node::Till(*branch, node::Keep::every_command).view().lines.size();
    }
    std::int64_t pending() const {
        const auto branch = open();
        return node::pending_prints(branch->database()).all();
    }
};

/// By touch, piece by piece: each a line of its own, and no key that a busy computer could tear out of a scan.
void ring_up(Window& window, int lines) {
    window.key(place::escape);  // what the last payment left open lies over the tiles
    for (int i = 0; i < lines; ++i) window.click(830, 170);  // the first tile
}
void pay(Window& window) { window.keys({place::f12, place::enter}, 0); }

}  // namespace

TEST_CASE("F1: sold by keys, printed once beside the window, in both modes; the drawer opens and the customer sees the sum") {
    for (const fiscal::Mode mode : {fiscal::Mode::asynchronous, fiscal::Mode::synchronous}) {
        CAPTURE(print(mode));
        const PrinterShop shop;
        Device device("datecs-p", shop.scratch.file("device"));
        shop.set("datecs-p", device.address(), mode);
        const Display display("us");
        Window window(shop.program());
        ring_up(window, 2);
        REQUIRE(eventually([&] { return shop.open_lines() == 2; }));
        if (mode == fiscal::Mode::synchronous) CHECK(eventually([&] { return device.items_open() == 2; }));
        pay(window);
        CHECK(eventually([&] { return device.receipts() == 1 && shop.pending() == 0; }));
        CHECK(shop.sales() == 1);
        CHECK(device.total() == shop.takings());
        CHECK(eventually([&] { return device.file("journal.txt").find("command 106") != std::string::npos; }));
        CHECK(device.file("journal.txt").find("command 47") != std::string::npos);
        ring_up(window, 1);  // the next customer
        pay(window);
        CHECK(eventually([&] { return device.receipts() == 2 && shop.pending() == 0; }));
        CHECK(device.total() == shop.takings());
        CHECK(std::filesystem::file_size(shop.scratch.file("device/paper-000001.png")) > 2'000);
    }
}

TEST_CASE("F4: the device dies in the middle of a receipt, the till sells on, and all is printed once when it is back") {
    for (const fiscal::Mode mode : {fiscal::Mode::asynchronous, fiscal::Mode::synchronous}) {
        CAPTURE(print(mode));
        const PrinterShop shop;
        Device device("datecs-x", shop.scratch.file("device"));
        shop.set("datecs-x", device.address(), mode);
        const Display display("us");
        Window window(shop.program());
        ring_up(window, 12);
        REQUIRE(eventually([&] { return shop.open_lines() == 12; }));
        if (mode == fiscal::Mode::asynchronous) pay(window);
        REQUIRE(eventually([&] { return device.items_open() >= 3; }));
        device.off();
        if (mode == fiscal::Mode::synchronous) pay(window);
        REQUIRE(eventually([&] { return shop.sales() == 1; }));
        ring_up(window, 1);
        pay(window);
        REQUIRE(eventually([&] { return shop.sales() == 2; }));
        CHECK(shop.pending() == 2);
        device.on();
        CHECK(eventually([&] { return shop.pending() == 0; }));
        CHECK(device.receipts() == 2);
        CHECK(device.total() == shop.takings());
    }
}

TEST_CASE("F4: the window is killed in the middle of a receipt; the next one finishes it") {
    const PrinterShop shop;
    Device device("datecs-p", shop.scratch.file("device"));
    shop.set("datecs-p", device.address(), fiscal::Mode::synchronous);
    const Display display("us");
    {
        Window window(shop.program());
        ring_up(window, 8);
        REQUIRE(eventually([&] { return device.items_open() >= 4; }));
        window.kill();
    }
    {
        Window window(shop.program());
        REQUIRE(eventually([&] { return shop.open_lines() >= 4; }));
        const auto lines = static_cast<std::int64_t>(shop.open_lines());
        CHECK(eventually([&] { return device.items_open() == lines; }));
        pay(window);
        REQUIRE(eventually([&] { return shop.sales() == 1; }));
        window.kill();  // before or after the paper came out
        const Window again(shop.program());
        CHECK(eventually([&] { return shop.pending() == 0; }));
        CHECK(device.receipts() == 1);
        CHECK(device.total() == shop.takings());
    }
}

TEST_CASE("F4: the slip of a receipt on a fiscal printer by a key; off-line it waits, and is printed when the device is back") {
    for (const char* profile : {"datecs-p", "escpos-epson"}) {
        CAPTURE(std::string(profile));
        const PrinterShop shop;
        Device device(profile, shop.scratch.file("device"));
        shop.set(profile, device.address());
        const Display display("us");
        Window window(shop.program());
        ring_up(window, 1);
        pay(window);
        REQUIRE(eventually([&] { return shop.sales() == 1 && shop.pending() == 0; }));
        const auto printed = [&] {  // how often the receipt's number stands on the paper
            const std::string paper = device.file("paper.txt");
            int count = 0;
            for (std::size_t at = paper.find("1.1-000001"); at != std::string::npos; at = paper.find("1.1-000001", at + 1)) ++count;
            return count;
        };
        REQUIRE(eventually([&] { return printed() >= 1; }));
        const int once = printed();
        window.key(place::f3);  // all receipts, from the paid one
        test::pause_ms(1000);
        window.key(place::f5);
        REQUIRE(eventually([&] { return printed() > once; }));
        const int twice = printed();
        device.off();
        window.key(place::f5);
        test::pause_ms(1500);
        CHECK(printed() == twice);
        device.on();
        CHECK(eventually([&] { return printed() > twice; }));
        CHECK(shop.sales() == 1);
        CHECK(shop.pending() == 0);
    }
}

TEST_CASE("F3: a receipt printer by the same queue, and its screen in light and dark") {
    const PrinterShop shop;
    Device device("escpos-epson", shop.scratch.file("device"));
    shop.set("escpos-epson", device.address());
    const Display display("us");
    Window window(shop.program());
    ring_up(window, 1);
    pay(window);
    CHECK(eventually([&] { return shop.sales() == 1 && shop.pending() == 0; }));
    CHECK(eventually([&] { return device.file("paper.txt").find("1.1-000001") != std::string::npos; }));
    CHECK_FALSE(device.file("paper-000001.png").empty());
    CHECK(device.file("paper-000002.png").empty());

    const std::string picture = shop.scratch.file("printer.png");
    for (const char* theme : {"light", "dark"})
        CHECK(test::run({variable("PAPRSEK_BIN") + "/paprsek-till", shop.folder, "--screenshot", picture, "--theme", theme, "--screen", "printer"}) == 0);
    CHECK(std::filesystem::file_size(picture) > 20'000);
}
