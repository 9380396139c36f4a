// The till session with a printer behind it: what is refused and why, what goes on, and what was sold on the register's own keys.
#include "fiscal/counter.h"

#include <filesystem>

#include "fiscal/ecr/collect.h"
#include "node/base/error.h"
#include "tests/fiscal/printing_shop.h"

using namespace paprsek;
using namespace paprsek::test;
using fiscal::Mode;

namespace {

/// A till whose script prints through a counter.
struct Desk {
    Desk(const std::string& profile, Mode mode, bool print_first = false) : shop(profile, mode) {
        setting.profile = profile;
        setting.mode = mode;
        setting.print_first = print_first;
        start();
    }
    void start() {
        script.reset();
        counter.reset();
        fiscal::datecs::Options options;
        options.profile = fiscal::profile_of(setting);
        options.address = "memory";
        options.sequence = static_cast<unsigned char>(0x20 + (++starts * 11) % 0x5F);
        options.open = [this] {
            if (away) throw fiscal::LinkLost("nobody is there");
            return shop.bench.wire.open();
        };
        counter = std::make_unique<fiscal::Counter>(shop.shop.node(), setting, shop.wall, fiscal::datecs::make_device(std::move(options)));
        script = std::make_unique<node::Script>(shop.shop.node(), shop.wall, counter.get());
    }
    node::Json play(std::string line) {
        for (char& c : line)
            if (c == '\'') c = '"';
        shop.bench.wire.now_ms += 20'000;
        return node::Json::parse(script->play(line, 1).json);
    }
    PrintingShop shop;
    fiscal::DeviceSetting setting;
    bool away = false;
    int starts = 0;
    std::unique_ptr<fiscal::Counter> counter;
    std::unique_ptr<node::Script> script;
};

}  // namespace

TEST_CASE("counter: sold and printed, in both modes, on every profile") {
    for (const auto& profile : datecs_profiles)
        for (const Mode mode : {Mode::asynchronous, Mode::synchronous}) {
            CAPTURE(profile);
            CAPTURE(print(mode));
            Desk desk(profile, mode);
            const auto answer = desk.play(a_sale);
            CAPTURE(answer.dump());
            CHECK(answer["print"]["printed"] == 1);
            CHECK(answer["print"]["pending"] == 0);
            CHECK(desk.shop.since(0).receipts == 1);
            CHECK(desk.shop.since(0).total == money("57.81"));
            // Rung up and refused: what stood on paper is taken back.
            CHECK(desk.play("{'lines':[{'code':'TEA'}],'pay':[{'with':'cash','amount':'1.00'}]}")["refused"] == "not_enough_cash");
            CHECK(desk.play("{'lines':[{'code':'CAKE'}]}")["print"]["pending"] == 0);
            CHECK(desk.shop.bench.memory().grand_total == money("91.11"));
            CHECK_FALSE(desk.shop.bench.memory().open);
            const auto closed = desk.play("{'close_day':{}}");
            CHECK(closed["print"]["pending"] == 0);
            CHECK(desk.shop.bench.memory().closures == 1);
            const auto days = node::device_days(desk.shop.shop.database(), 1);
            REQUIRE(days.size() == 1);
            CHECK(days[0].closed.total == money("91.11"));
            CHECK(days[0].closed.expected == money("91.11"));
            CHECK(desk.shop.shop.verify().ok());
        }
}

TEST_CASE("counter: points pay on a fiscal receipt, to the last hundredth") {
    for (const auto& profile : datecs_profiles)
        for (const std::string is : {"discount", "payment"}) {
            CAPTURE(profile);
            CAPTURE(is);
            Desk desk(profile, Mode::synchronous);
            desk.shop.shop.policy(R"({"cash_rounding":"0.01","point_value":"0.05","redemption_is":")" + is +
                                  R"(","vat":[{"group":"A","rate":"21"},{"group":"B","rate":"12"}]})");
            desk.shop.shop.customers(
                "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer,phone,email,address,note\n7,Eva,,,,,,100,,,,,,\n");
            const auto answer = desk.play("{'customer':'7','lines':[{'code':'TEA','qty':'3'},{'code':'CAKE'}],'redeem':'max'}");
            CAPTURE(answer.dump());
            REQUIRE(answer["print"]["pending"] == 0);
            const auto& receipt = desk.shop.bench.memory().journal.back();
            CHECK(money(answer["redeemed"].get<std::string>()) >= money("5.00"));
            CHECK(receipt.total == money(answer[is == "discount" ? "total" : "net"].get<std::string>()));
            CHECK(desk.shop.since(0).receipts == 1);
        }
}

TEST_CASE("counter: a register in ECR mode takes plain sales, and says why no more") {
    for (const auto& profile : datecs_profiles) {
        CAPTURE(profile);
        Desk desk(profile, Mode::ecr);
        const auto refusal = [&](const std::string& line, const std::string& word) {
            const auto answer = desk.play(line);
            CAPTURE(answer.dump());
            CHECK(answer.value("refused", "") == "printer_refuses");
            CHECK(answer.value("message", "").find("ECR mode") != std::string::npos);
            CHECK(answer.value("message", "").find(word) != std::string::npos);
        };
        refusal("{'lines':[{'code':'TEA','discount':'5'}]}", "discount");
        refusal("{'customer':'2900000000018','lines':[{'code':'TEA'}]}", "customer");
        refusal("{'lines':[{'code':'TEA'}],'pay':[{'with':'card','amount':'12.90'}]}", "cash");
        CHECK(desk.shop.shop.refusal("{'lines':[]}") != "");
        const auto answer = desk.play("{'lines':[{'code':'TEA','qty':'2'}],'pay':[{'with':'cash','amount':'50.00'}]}");
        CAPTURE(answer.dump());
        CHECK(answer["print"]["pending"] == 0);
        CHECK(desk.shop.bench.memory().grand_total == money("25.80"));

        // Sold on its own keys: one plain sale, and never twice.
        desk.shop.bench.machine.device().sell_by_hand(money("7.50"));
        desk.shop.bench.machine.device().sell_by_hand(money("2.50"));
        auto collected = fiscal::collect(desk.shop.shop.node(), desk.counter->device(), desk.counter->queue(), "Eva");
        CAPTURE(collected.why);
        CHECK(collected.total == money("10.00"));
        CHECK(collected.number == "3.1-000002");
        collected = fiscal::collect(desk.shop.shop.node(), desk.counter->device(), desk.counter->queue(), "Eva");
        CHECK(collected.why.empty());
        CHECK(collected.seq == 0);
        CHECK(node::pending_prints(desk.shop.shop.database()).all() == 0);
        desk.play("{'close_day':{}}");
        const auto days = node::device_days(desk.shop.shop.database(), 1);
        REQUIRE(days.size() == 1);
        CHECK(days[0].closed.total == money("35.80"));
        CHECK(days[0].closed.expected == money("35.80"));
        CHECK(desk.shop.shop.verify().ok());
    }
}

TEST_CASE("counter: the till sells on where the printer is away, unless it has to print first") {
    Desk desk("datecs-p", Mode::asynchronous);
    desk.away = true;
    auto answer = desk.play("{'lines':[{'code':'TEA'}]}");
    CHECK(answer["print"]["pending"] == 1);
    CHECK(answer["print"]["waiting"].get<std::string>().find("cannot be reached") != std::string::npos);
    CHECK(desk.play("{'lines':[{'code':'TEA'}]}")["print"]["pending"] == 2);
    CHECK(desk.play("{'close_day':{}}")["print"]["pending"] == 3);  // the closing says what waits
    desk.away = false;
    answer = desk.play("{'lines':[{'code':'CAKE'}]}");
    CHECK(answer["print"]["pending"] == 0);
    CHECK(desk.shop.since(0).receipts == 3);
    CHECK(desk.shop.bench.memory().closures == 1);

    desk.setting.print_first = true;
    desk.start();
    desk.away = true;
    desk.start();
    CHECK(desk.play("{'lines':[{'code':'TEA'}]}")["refused"] == "printer_refuses");
    desk.away = false;
    desk.start();
    desk.shop.bench.machine.device().paper = false;
    CHECK(desk.play("{'lines':[{'code':'TEA'}]}")["message"] == "The printer is out of paper.");
    desk.shop.bench.machine.device().paper = true;
    CHECK(desk.play("{'lines':[{'code':'TEA'}]}")["print"]["printed"] == 1);
}

TEST_CASE("counter: with a wrong clock or a rate that is missing nothing is sold") {
    Desk desk("datecs-x", Mode::asynchronous);
    desk.shop.bench.machine.device().clock_offset = 7'200;
    auto answer = desk.play("{'lines':[{'code':'TEA'}]}");
    CHECK(answer["refused"] == "printer_refuses");
    CHECK(answer["message"].get<std::string>().find("2 hours ahead") != std::string::npos);
    desk.shop.bench.machine.device().clock_offset = 0;
    CHECK(desk.play("{'lines':[{'code':'TEA'}]}")["print"]["printed"] == 1);
    desk.shop.shop.policy(R"({"cash_rounding":"0.01","vat":[{"group":"A","rate":"19"},{"group":"B","rate":"12"}]})");
    desk.start();
    answer = desk.play("{'lines':[{'code':'TEA'}]}");
    CHECK(answer["refused"] == "printer_refuses");
    CHECK(answer["message"].get<std::string>().find("no VAT letter for 19 %") != std::string::npos);
    // What the device cannot print is said before it is sold.
    Desk rounding("datecs-p", Mode::asynchronous);
    rounding.shop.shop.policy(R"({"cash_rounding":"1.00","vat":[{"group":"A","rate":"21"},{"group":"B","rate":"12"}]})");
    CHECK(rounding.play("{'lines':[{'code':'TEA'}]}")["message"].get<std::string>().find("cash_rounding") != std::string::npos);
}

TEST_CASE("counter: settings are read strictly, and what does not go together is refused") {
    using fiscal::parse_setting;
    CHECK(parse_setting(R"({"profile":"datecs-p","address":"tcp:1.2.3.4:4999","mode":"ecr","password":"0000"})", "s").mode == Mode::ecr);
    CHECK_THROWS_AS(parse_setting(R"({"profile":"typewriter"})", "s"), node::Error);
    CHECK_THROWS_AS(parse_setting(R"({"mode":"sometimes"})", "s"), node::Error);
    CHECK_THROWS_AS(parse_setting(R"({"operator":0})", "s"), node::Error);
    CHECK_THROWS_AS(parse_setting(R"({"colour":"red"})", "s"), node::Error);
    Shop shop;
    fiscal::DeviceSetting setting;
    setting.profile = "datecs-p";
    CHECK_THROWS_AS(fiscal::set_device(shop.node(), setting, ""), node::Error);  // no address
    for (const char* none : {"127.0.0.1:9100", "tcp:127.0.0.1", "tcp::9100", "serial:", "serial:/dev/ttyUSB0@fast", "usb:/dev/usb/lp0"}) {
        CAPTURE(std::string(none));
        setting.address = none;
        CHECK_THROWS_AS(fiscal::set_device(shop.node(), setting, ""), node::Error);
    }
    setting.address = "tcp:127.0.0.1:1";
    CHECK_THROWS_AS(fiscal::set_device(shop.node(), setting, ""), node::Error);  // the policy rounds cash to whole crowns
    shop.policy(R"({"cash_rounding":"0.01"})");
    const auto facts = shop.facts();
    fiscal::set_device(shop.node(), setting, "Eva");
    CHECK(shop.facts() == facts + 1);
    setting.password = "1234";
    fiscal::set_device(shop.node(), setting, "Eva");
    CHECK(shop.facts() == facts + 1);  // of this computer alone
    CHECK(fiscal::device_setting(shop.node()).password == "1234");
    CHECK(shop.verify().ok());
}

TEST_CASE("counter: a till without a fiscal device keeps its receipts as files, by the same queue") {
    Shop shop;
    shop.catalogue("code,name,group,price,vat,cost,points,dealer_discounts\nTEA,Čaj,,12.90,A,5,,\n");
    fiscal::DeviceSetting setting;
    setting.profile = "pdf";
    setting.address = shop.folder().file("receipts");
    fiscal::set_device(shop.node(), setting, "");
    const auto counter = fiscal::make_counter(shop.node(), shop.clock());
    REQUIRE(counter);
    node::Script script(shop.node(), shop.clock(), counter.get());
    const auto answer = node::Json::parse(script.play(R"({"lines":[{"code":"TEA"}]})", 1).json);
    CAPTURE(answer.dump());
    CHECK(answer["print"]["printed"] == 1);
    CHECK(answer["print"]["pending"] == 0);
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(setting.address)) ++files;
    CHECK(files == 1);
    CHECK(node::Json::parse(script.play(R"({"close_day":{}})", 1).json)["print"]["pending"] == 0);  // Zs are a fiscal device's
    CHECK(shop.verify().ok());
}
