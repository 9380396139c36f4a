// A shop with the demo's goods and customers, for tests in a real window.
#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/branch_import.h"
#include "node/till.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/display.h"
#include "ui/till/screens.h"

namespace paprsek::test {

inline std::string variable(const char* name) {
    const char* value = std::getenv(name);
    REQUIRE_MESSAGE(value != nullptr, name, " is not set: run by ctest");
    return value;
}
inline std::string demo_data(const std::string& file) { return variable("PAPRSEK_SOURCE") + "/tools/demo_data/" + file; }

inline constexpr const char* roll = "2009407121965";  // Rohlík tukový 43 g, 2.90
inline constexpr const char* card = "2901574350844";  // customer 3, with points

struct Shop {
    TemporaryFolder scratch;
    std::string folder = scratch.file("b1");

    Shop() {
        auto branch = node::Node::create(folder, {{1, 1}, "Paprsek test", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
        node::import_catalogue(*branch, demo_data("groups.csv"));
        node::import_catalogue(*branch, demo_data("products.csv"));
        node::import_customers(*branch, demo_data("customers.csv"));
    }

    std::unique_ptr<node::Node> open() const { return node::Node::open(folder, node::system_clock(), node::system_random()); }
    std::vector<std::string> program() const {
        return {variable("PAPRSEK_BIN") + "/paprsek-till", folder, "--size", "1366x820", "--cashier", "Anna"};
    }

    // The codes on the open receipt, as another process finds them on the disk.
    std::vector<std::string> open_codes() const {
        const auto branch = open();
        const node::Till till(*branch, node::Keep::every_command);
        std::vector<std::string> codes;
        for (const auto& line : till.view().lines) codes.push_back(line.line.code);
        return codes;
    }
    std::optional<std::int64_t> customer_number() const {
        const auto branch = open();
        const node::Till till(*branch, node::Keep::every_command);
        return till.view().customer ? till.view().customer->number : std::nullopt;
    }
    std::vector<node::ReceiptFact> sales() const {
        std::vector<node::ReceiptFact> sales;
        const auto branch = open();
        branch->ledger().read(1, branch->ledger().head().seq, [&](const schema::Fact& fact) {
            if (fact.kind == schema::kind::sale) sales.push_back(node::parse_receipt(fact.kind, fact.body));
            return true;
        });
        return sales;
    }
};

inline void add_user(node::Till& till, const char* name, const char* role, const char* pin, const char* badge = nullptr) {
    node::UserChange change;
    change.name = name;
    change.add = true;
    change.role = role;
    change.pin = pin;
    if (badge != nullptr) change.badge = badge;
    node::User changed;
    REQUIRE(till.change_user(change, changed).ok());
}

inline constexpr const char* boss_pin = "7788";
inline constexpr const char* boss_badge = "77880011";
inline constexpr const char* anna_pin = "1234";

/// A till with users: Boss, who may everything, and Anna, a cashier. Nobody is logged in.
struct GuardedShop : Shop {
    GuardedShop() {
        const auto branch = open();
        node::Till till(*branch, node::Keep::every_command, node::least_pin_cost);
        add_user(till, "Boss", "administrator", boss_pin, boss_badge);
        till.set_cashier("");  // the first user was made by whoever set the till up
        add_user(till, "Anna", "cashier", anna_pin);
    }
    std::vector<std::string> program() const { return {variable("PAPRSEK_BIN") + "/paprsek-till", folder, "--size", "1366x820"}; }
    std::vector<std::string> program_of(const char* pin) const {
        std::ofstream(scratch.file("pin")) << pin << '\n';
        auto arguments = program();
        arguments.insert(arguments.end(), {"--pin-file", scratch.file("pin")});
        return arguments;
    }
};

/// Where the program believes its user at home.
class Home {
public:
    explicit Home(const std::string& folder) : before_(variable("HOME")) { setenv("HOME", folder.c_str(), 1); }
    ~Home() { setenv("HOME", before_.c_str(), 1); }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;

private:
    std::string before_;
};

/// The screens as the menu has them, by the names of --screen.
inline std::vector<std::string> menu_order() {
    using ui::Section;
    std::vector<std::string> order;
    for (const Section section : {Section::sale, Section::customers, Section::goods, Section::money, Section::setup}) {
        for (const ui::Screen& screen : ui::screens()) {
            if (screen.section == section) order.emplace_back(screen.id);
        }
    }
    return order;
}

/// The letter or digit that opens it in the menu, as xdotool names it.
inline std::string menu_key(const std::string& screen) {
    constexpr std::string_view keys = "123456789abcdefghijklmnopqrstuvwxyz";
    const std::vector<std::string> order = menu_order();
    const auto place = std::find(order.begin(), order.end(), screen);
    REQUIRE(place != order.end());
    return std::string(keys.substr(static_cast<std::size_t>(place - order.begin()), 1));
}

/// What is open, by the name of --screen, as a program that was started with --frame-times says it; empty before its first line.
inline std::string where_now(const std::string& times) {
    std::ifstream in(times);
    std::string where;
    std::getline(in, where);  // the headings
    where.clear();
    for (std::string line; std::getline(in, line) && !in.eof();) {  // the last line may be being written
        const std::size_t first = line.find(',') + 1;
        where = line.substr(first, line.find(',', first) - first);
    }
    return where.substr(where.rfind('>') + 1);
}

/// What is read beside the window has to be there before the next key means it.
inline void read_in() { pause_ms(1200); }

}  // namespace paprsek::test
