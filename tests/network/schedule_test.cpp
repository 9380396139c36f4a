// What the agent does when, with a clock that stands where it is put.
#include <doctest/doctest.h>

#include "sync/agent.h"

namespace paprsek::sync {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the agent exchanges at once, then listens, and once a minute without a reason") {
    Rhythm rhythm;
    Schedule schedule(rhythm, 1000ms);
    CHECK(schedule.next(1000ms).step == Step::exchange);
    schedule.succeeded(1100ms);
    CHECK(schedule.next(1200ms) == Decision{Step::rest, 1100ms + rhythm.quiet});
    CHECK(schedule.next(3100ms) == Decision{Step::listen, 3100ms + rhythm.listen});
    CHECK(schedule.next(1100ms + rhythm.every).step == Step::exchange);
}

TEST_CASE("without listening the timer alone wakes it") {
    Rhythm rhythm;
    rhythm.listen = 0ms;
    Schedule schedule(rhythm, 0ms);
    schedule.succeeded(0ms);
    CHECK(schedule.next(59'999ms) == Decision{Step::rest, 60'000ms});
    CHECK(schedule.next(60'000ms).step == Step::exchange);
}

TEST_CASE("sales are sent when they settle, and not put off for ever") {
    Schedule schedule({}, 0ms);
    schedule.succeeded(0ms);
    schedule.booked(10'000ms);
    CHECK(schedule.next(10'001ms) == Decision{Step::rest, 11'500ms});
    schedule.booked(11'000ms);
    CHECK(schedule.next(11'600ms) == Decision{Step::rest, 12'500ms});
    CHECK(schedule.next(12'500ms).step == Step::exchange);
    for (Monotonic at = 12'000ms; at < 18'000ms; at += 500ms) schedule.booked(at);
    CHECK(schedule.next(17'999ms) == Decision{Step::rest, 18'000ms});
    CHECK(schedule.next(18'000ms).step == Step::exchange);
    schedule.succeeded(18'100ms);
    CHECK(schedule.next(18'200ms).step == Step::rest);
}

TEST_CASE("failures double the pause, with jitter; a sale does not shorten it, a person does") {
    Schedule schedule({}, 0ms);
    schedule.failed(0ms, 0.0);
    CHECK(schedule.next(0ms) == Decision{Step::rest, 1'000ms});
    schedule.failed(1'000ms, 0.5);
    CHECK(schedule.next(1'000ms) == Decision{Step::rest, 4'000ms});
    schedule.booked(1'100ms);
    CHECK(schedule.next(2'700ms).step == Step::rest);
    for (int i = 0; i < 40; ++i) schedule.failed(4'000ms, 0.999);
    CHECK(schedule.next(4'000ms).until <= 4'000ms + 300'000ms);
    CHECK(schedule.next(4'000ms).until >= 4'000ms + 290'000ms);
    schedule.wanted(5'000ms);
    CHECK(schedule.next(5'000ms).step == Step::exchange);
    schedule.succeeded(5'100ms);
    CHECK(schedule.failures() == 0);
    CHECK(schedule.next(7'100ms).step == Step::listen);
}

TEST_CASE("an HQ that cannot hold an answer is not asked to again before the next exchange") {
    Schedule schedule({}, 0ms);
    schedule.succeeded(0ms);
    schedule.listened(2'000ms, 2'010ms, false);
    CHECK(schedule.next(10'000ms) == Decision{Step::rest, 62'010ms});
    schedule.succeeded(62'100ms);
    CHECK(schedule.next(65'000ms).step == Step::listen);
    schedule.listened(65'000ms, 65'300ms, true);
    CHECK(schedule.next(70'000ms).step == Step::listen);
}

}  // namespace
}  // namespace paprsek::sync
