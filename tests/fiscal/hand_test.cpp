// Printed line by line, as it is rung up.
#include "tests/fiscal/printing_shop.h"

using namespace paprsek;
using namespace paprsek::test;
using fiscal::Mode;
using fiscal::simulator::ByteFault;

namespace {

const fiscal::Line tea = line("Čaj", "12.90", "2", "1.29"), cake = line("Dort", "33.30", "1", "0", "B"), water = line("Voda", "10.00");

fiscal::Receipt in_hand(std::vector<fiscal::Line> lines) {
    auto made = receipt("", std::move(lines));
    made.pay.clear();
    made.change = {};
    return made;
}

}  // namespace

TEST_CASE("in hand: the paper follows the screen, and the sale finishes it") {
    for (const auto& profile : datecs_profiles) {
        CAPTURE(profile);
        PrintingShop shop(profile, Mode::synchronous);
        CHECK_FALSE(shop.queue->follow(in_hand({})));
        CHECK(shop.bench.memory().documents == 0);
        CHECK_FALSE(shop.queue->follow(in_hand({water})));
        REQUIRE(shop.bench.memory().open);
        CHECK(shop.bench.memory().open->total == money("10.00"));
        CHECK_FALSE(shop.queue->follow(in_hand({water, cake})));
        CHECK(shop.bench.memory().open->items == 2);
        CHECK_FALSE(shop.queue->follow(in_hand({cake})));  // water was struck out
        CHECK(shop.bench.memory().open->total == money("33.30"));
        shop.sell("{'lines':[{'code':'CAKE'},{'code':'TEA','qty':'2','discount':'5'}],'pay':[{'with':'cash','amount':'100.00'}]}");
        shop.print_all();
        CHECK(node::pending_prints(shop.shop.database()).all() == 0);
        CHECK_FALSE(shop.bench.memory().open);
        CHECK(shop.since(0).receipts == 1);
        CHECK(shop.since(0).total == money("57.81"));
        CHECK_FALSE(node::print_job(shop.shop.database(), 0));
    }
}

TEST_CASE("in hand: given up, also by a till that was killed") {
    for (const auto& profile : datecs_profiles) {
        CAPTURE(profile);
        PrintingShop shop(profile, Mode::synchronous);
        CHECK_FALSE(shop.queue->follow(in_hand({water, cake})));
        CHECK_FALSE(shop.queue->abandon());
        CHECK_FALSE(shop.bench.memory().open);
        CHECK(shop.bench.memory().grand_total.is_zero());
        CHECK_FALSE(shop.queue->follow(in_hand({water, tea})));
        shop.restart();
        shop.queue->work();
        CHECK_FALSE(shop.bench.memory().open);
        CHECK(shop.bench.memory().grand_total.is_zero());
        shop.sell(a_sale);
        shop.print_all();
        CHECK(shop.bench.memory().grand_total == money("57.81"));
    }
}

TEST_CASE("in hand: a fault at every byte, from the first line to the close") {
    int variant = 0;
    for (const auto& profile : datecs_profiles)
        for (const ByteFault fault :
             {ByteFault::cut, ByteFault::restart, ByteFault::drop, ByteFault::twice, ByteFault::delay, ByteFault::corrupt, ByteFault::killed}) {
            CAPTURE(profile);
            CAPTURE(print(fault));
            fiscal::simulator::Behaviour behaviour;
            behaviour.remembers_sequence = ++variant % 2;
            PrintingShop shop(profile, Mode::synchronous, behaviour, variant % 3 != 0);
            node::Money all;
            for (std::int64_t position = variant % 3; position < 1'500; position += 7) {
                CAPTURE(position);
                shop.restart();
                shop.bench.wire.fault = fault;
                shop.bench.wire.passed = 0;
                shop.bench.wire.fault_at = position;
                const auto follow = [&](std::vector<fiscal::Line> lines) {
                    try {
                        shop.queue->follow(in_hand(std::move(lines)));
                    } catch (const fiscal::simulator::Killed&) {
                        shop.restart();
                    }
                };
                follow({water});
                follow({water, cake});
                follow({cake});
                shop.sell(
                    "{'lines':[{'code':'CAKE'},{'code':'TEA','qty':'2','discount':'5'}],'pay':[{'with':'card','amount':'20.00'},{'with':'cash','amount':'100."
                    "00'}]}");
                shop.print_all();
                shop.bench.wire.fault_at = -1;
                CAPTURE(shop.last_wait);
                REQUIRE(node::pending_prints(shop.shop.database()).all() == 0);
                all += money("57.81");
                REQUIRE(shop.bench.memory().grand_total == all);
            }
            CHECK(shop.shop.verify().ok());
        }
}
