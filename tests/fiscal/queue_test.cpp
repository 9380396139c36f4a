// Exactly once: whatever happens to any byte of a receipt's session, to the device or to the till, each sale is one receipt on paper
// and the device's day comes to what the ledger says.
#include "node/base/error.h"
#include "tests/fiscal/printing_shop.h"

using namespace paprsek;
using namespace paprsek::test;
using fiscal::Mode;
using fiscal::simulator::Behaviour;
using fiscal::simulator::ByteFault;
using fiscal::simulator::Mishap;

namespace {

const std::vector<ByteFault> byte_faults = {ByteFault::cut,   ByteFault::restart, ByteFault::drop,  ByteFault::twice,
                                            ByteFault::delay, ByteFault::corrupt, ByteFault::killed};

/// One sale after the other, each with the fault one byte further on, until a sale goes through without meeting it.
void every_byte(const std::string& profile, ByteFault fault, Mode mode, Behaviour behaviour, bool counts_at_opening) {
    CAPTURE(profile);
    CAPTURE(print(fault));
    CAPTURE(behaviour.remembers_sequence);
    CAPTURE(counts_at_opening);
    PrintingShop shop(profile, mode, behaviour, counts_at_opening);
    node::Money all;
    for (std::int64_t position = 0;; ++position) {
        CAPTURE(position);
        const std::size_t mark = shop.documents();
        const auto sold = shop.sell(a_sale);
        shop.restart();  // the session has the opening of the line in it
        shop.bench.wire.fault = fault;
        shop.bench.wire.passed = 0;
        shop.bench.wire.fault_at = position;
        shop.print_all();
        const bool met = shop.bench.wire.passed > position;
        shop.bench.wire.fault_at = -1;
        const auto pending = node::pending_prints(shop.shop.database());
        CAPTURE(shop.last_wait);
        REQUIRE(pending.all() == 0);
        const auto since = shop.since(mark);
        REQUIRE(since.receipts == 1);
        REQUIRE(since.total == money("57.81"));
        all += money("57.81");
        REQUIRE(shop.bench.memory().grand_total == all);
        REQUIRE(node::printed_since_device_closed(shop.shop.database()) == all);
        if (!met) break;
        REQUIRE(position < 5'000);
    }
    CHECK(shop.shop.verify().ok());
}

}  // namespace

TEST_CASE("queue: a fault at every byte of a session, the receipt is printed once") {
    int variant = 0;
    for (const auto& profile : datecs_profiles)
        for (const ByteFault fault : byte_faults) {
            Behaviour behaviour;
            behaviour.remembers_sequence = variant % 2 == 0;
            behaviour.compares_command = variant % 3 == 0;
            every_byte(profile, fault, Mode::asynchronous, behaviour, variant % 4 < 2);
            ++variant;
        }
}

TEST_CASE("queue: nothing is sent where nothing is due, and what cannot be reached waits") {
    PrintingShop shop("datecs-p");
    CHECK(shop.queue->work().printed == 0);
    CHECK(shop.bench.wire.passed == 0);
    shop.sell(a_sale);
    shop.bench.machine.device().paper = false;
    auto report = shop.queue->work();
    CHECK(report.printed == 0);
    CHECK(report.waiting == "The printer is out of paper.");
    CHECK(node::status(shop.shop.node())["pending_prints"] == 1);
    shop.bench.machine.device().paper = true;
    report = shop.queue->work();
    CHECK(report.printed == 1);
    CHECK(report.waiting.empty());
    CHECK(node::status(shop.shop.node())["pending_prints"] == 0);
    CHECK(shop.shop.verify().ok());
}

TEST_CASE("queue: mishaps at every request, alone and in pairs") {
    for (const auto& profile : datecs_profiles) {
        for (int kind = 0; kind <= static_cast<int>(Mishap::drop_line); ++kind) {
            const auto mishap = static_cast<Mishap>(kind);
            if (mishap == Mishap::by_hand) continue;
            CAPTURE(profile);
            CAPTURE(print(mishap));
            PrintingShop shop(profile, Mode::asynchronous, {}, kind % 2 == 0);
            for (int at = 1; at <= 24; ++at) {
                CAPTURE(at);
                const std::size_t mark = shop.documents();
                shop.sell(a_sale);
                shop.restart();
                shop.bench.machine.plan(shop.bench.machine.requests() + at, mishap);
                if (at % 3 == 0) shop.bench.machine.plan(shop.bench.machine.requests() + at + 1, Mishap::drop_reply);
                shop.print_all([&] {  // somebody sees to it
                    auto& device = shop.bench.machine.device();
                    device.paper = true;
                    device.cover = device.full = false;
                    device.clock_set = true;
                    device.day_too_long = false;
                });
                CAPTURE(shop.last_wait);
                REQUIRE(node::pending_prints(shop.shop.database()).all() == 0);
                REQUIRE(shop.since(mark).receipts == 1);
                REQUIRE(shop.since(mark).total == money("57.81"));
            }
        }
    }
}

TEST_CASE("queue: two identical sales in a row are two receipts, wherever the first one's session breaks") {
    for (const auto& profile : datecs_profiles)
        for (const ByteFault fault : {ByteFault::cut, ByteFault::restart, ByteFault::killed}) {
            CAPTURE(profile);
            CAPTURE(print(fault));
            PrintingShop shop(profile, Mode::asynchronous, {}, false);
            for (std::int64_t position = 100; position < 1'400; position += 29) {
                CAPTURE(position);
                const std::size_t mark = shop.documents();
                shop.sell("{'lines':[{'code':'TEA'}]}");
                shop.sell("{'lines':[{'code':'TEA'}]}");
                shop.restart();
                shop.bench.wire.fault = fault;
                shop.bench.wire.passed = 0;
                shop.bench.wire.fault_at = position;
                shop.print_all();
                shop.bench.wire.fault_at = -1;
                REQUIRE(node::pending_prints(shop.shop.database()).all() == 0);
                REQUIRE(shop.since(mark).receipts == 2);
                REQUIRE(shop.since(mark).total == money("25.80"));
            }
        }
}

TEST_CASE("queue: a receipt made by hand in between is never taken for ours, nor ours for lost") {
    for (const auto& profile : datecs_profiles) {
        int handed = 0;
        for (int at = 1; at <= 24; ++at) {
            CAPTURE(profile);
            CAPTURE(at);
            PrintingShop shop(profile);
            shop.sell(a_sale);
            // The cable is pulled at a request, or the power is cut behind it; before the till is back, somebody has sold by hand (where the
            // device let him).
            shop.bench.machine.plan(at, at % 2 ? Mishap::drop_line : Mishap::restart_after);
            if (at % 2 == 0) shop.bench.machine.plan(at + 1, Mishap::drop_line);
            shop.queue->work();
            shop.bench.machine.device().sell_by_hand(money("7.77"));
            shop.restart();
            shop.print_all();
            const auto pending = node::pending_prints(shop.shop.database());
            CHECK(pending.waiting == 0);
            const int ours = shop.since(0).receipts - shop.bench.printed("BY HAND");
            if (pending.person) {
                ++handed;
                const auto jobs = node::prints_for_person(shop.shop.database());
                REQUIRE(jobs.size() == 1);
                CHECK_FALSE(fiscal::parse_job(jobs[0].seq, true, jobs[0].body).why.empty());
                CHECK(ours <= 1);
            } else {
                CHECK(ours == 1);
            }
        }
        CHECK(handed <= 1);  // the close alone, where there is no journal to read
    }
}

TEST_CASE("queue: a person decides, and the ledger says who") {
    PrintingShop shop("datecs-p550");
    const auto sold = shop.sell(a_sale);
    const std::int64_t seq = sold["seq"];
    for (int at = 1; at <= 30 && node::pending_prints(shop.shop.database()).person == 0; ++at) {
        shop.bench.machine.plan(shop.bench.machine.requests() + 14, Mishap::drop_line);
        shop.queue->work();
        shop.bench.machine.device().sell_by_hand(money("7.77"));
        shop.print_all();
        if (node::pending_prints(shop.shop.database()).all() == 0) shop.sell(a_sale);
    }
    auto waiting = node::prints_for_person(shop.shop.database());
    if (waiting.empty()) return;  // every attempt was decided without one
    CHECK_THROWS_AS(shop.queue->resolve(seq + 1'000, fiscal::PrintQueue::Resolution::printed, "Eva", ""), node::Error);
    shop.queue->resolve(waiting[0].seq, fiscal::PrintQueue::Resolution::printed, "Eva", "it lies here");
    CHECK(node::pending_prints(shop.shop.database()).all() == 0);
    const auto fact = shop.shop.node().ledger().fact(shop.shop.facts());
    const auto printed = node::parse_printed(fact->body);
    CHECK(printed.how == "by_hand");
    CHECK(printed.cashier == "Eva");
    CHECK(printed.of == waiting[0].seq);
}

TEST_CASE("queue: cash in and out, refunds and the closing reach the device once, with a fault at every byte") {
    for (const auto& profile : datecs_profiles)
        for (const ByteFault fault : {ByteFault::cut, ByteFault::restart, ByteFault::drop, ByteFault::killed}) {
            CAPTURE(profile);
            CAPTURE(print(fault));
            PrintingShop shop(profile);
            shop.shop.play("{'cash':{'in':'1000.00','reason':'float'}}");
            shop.print_all();
            for (std::int64_t position = 0; position < 900; position += 11) {
                CAPTURE(position);
                const auto in = shop.bench.memory().cash_in, out = shop.bench.memory().cash_out;
                shop.shop.play("{'cash':{'in':'10.00','reason':'change'}}");
                shop.shop.play("{'cash':{'out':'4.50','reason':'stamps'}}");
                shop.restart();
                shop.bench.wire.fault = fault;
                shop.bench.wire.passed = 0;
                shop.bench.wire.fault_at = position;
                shop.print_all();
                shop.bench.wire.fault_at = -1;
                REQUIRE(node::pending_prints(shop.shop.database()).all() == 0);
                REQUIRE(shop.bench.memory().cash_in - in == money("10.00"));
                REQUIRE(shop.bench.memory().cash_out - out == money("4.50"));
            }
            for (std::int64_t position = 0; position < 700; position += 17) {
                CAPTURE(position);
                const auto closures = shop.bench.memory().closures;
                shop.sell(a_sale);
                shop.shop.play("{'close_day':{}}");
                shop.restart();
                shop.print_all();  // sale and closing, with the fault in a second closing
                REQUIRE(shop.bench.memory().closures == closures + 1);
                shop.sell(a_sale);
                shop.print_all();
                shop.shop.play("{'close_day':{}}");
                shop.restart();
                shop.bench.wire.fault = fault;
                shop.bench.wire.passed = 0;
                shop.bench.wire.fault_at = position;
                shop.print_all();
                shop.bench.wire.fault_at = -1;
                REQUIRE(node::pending_prints(shop.shop.database()).all() == 0);
                REQUIRE(shop.bench.memory().closures == closures + 2);
                const auto days = node::device_days(shop.shop.database(), 1);
                REQUIRE(days.size() == 1);
                REQUIRE(days[0].closed.expected == money("57.81"));
                if (days[0].closed.total) REQUIRE(*days[0].closed.total == money("57.81"));
            }
            CHECK(shop.shop.verify().ok());
        }
}

TEST_CASE("queue: a refund is cash out, and a day closed behind the till's back is noticed") {
    for (const auto& profile : datecs_profiles) {
        CAPTURE(profile);
        PrintingShop shop(profile);
        const auto sold = shop.sell("{'lines':[{'code':'CAKE','qty':'3'}]}");
        shop.print_all();
        shop.sell("{'refund_of':'" + sold["receipt"].get<std::string>() + "','lines':[{'code':'CAKE','qty':'1'}]}");
        shop.print_all();
        CHECK(shop.bench.memory().cash_out == money("33.30"));
        CHECK(node::pending_prints(shop.shop.database()).all() == 0);
        fiscal::simulator::Register::Report report;
        shop.bench.machine.device().report(true, report);
        shop.sell("{'lines':[{'code':'TEA'}]}");
        shop.print_all();
        const auto days = node::device_days(shop.shop.database(), 5);
        REQUIRE(days.size() == 1);
        CHECK(days[0].closed.of == 0);
        CHECK(days[0].closed.expected == money("99.90"));
        CHECK(node::printed_since_device_closed(shop.shop.database()) == money("12.90"));
        CHECK(shop.shop.verify().ok());
    }
}

TEST_CASE("queue: a rate that the device lacks, or its clock being off, holds the printing up in a sentence") {
    PrintingShop shop("datecs-x");
    shop.bench.machine.device().clock_offset = -3'600;
    shop.sell(a_sale);
    auto report = shop.queue->work();
    CHECK(report.waiting.find("60 minutes behind") != std::string::npos);
    CHECK(shop.documents() == 0);
    REQUIRE(shop.device->set_clock(wall_clock + shop.bench.wire.now_ms / 1000).ok());
    CHECK(shop.queue->work().printed == 1);
    shop.shop.policy(R"({"cash_rounding":"0.01","vat":[{"group":"A","rate":"19"},{"group":"B","rate":"12"}]})");
    shop.sell(a_sale);
    shop.restart();
    report = shop.queue->work();
    CHECK(report.waiting.find("no VAT letter for 19 %") != std::string::npos);
    CHECK(shop.since(0).receipts == 1);
}
