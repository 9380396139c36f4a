// The table of decisions, row by row, and that no row is missing.
#include "fiscal/decide.h"

#include "tests/fiscal/bench.h"

using namespace paprsek;
using namespace paprsek::test;
using fiscal::Evidence;
using fiscal::Holding;
using fiscal::Mode;
using fiscal::Verdict;
using node::TenderKind;

namespace {

/// Two lines of 10.00 and 5.00, paid 6.00 by card and 20.00 in cash: open, sale, sale, pay, pay, text, close.
Evidence evidence(Mode mode = Mode::asynchronous, bool can_cancel = true) {
    Bench bench("datecs-p");
    Evidence made;
    made.plan = bench.driver()->plan(
        receipt("3.1-000001", {line("Tea", "10.00"), line("Cake", "5.00")}, {{TenderKind::card, money("6.00"), {}}, {TenderKind::cash, money("20.00"), {}}}));
    made.before.counter = 7;
    made.before.day.paid = {{TenderKind::cash, money("100.00")}, {TenderKind::card, money("50.00")}};
    made.sent = 6;
    made.mode = mode;
    made.can_cancel = can_cancel;
    return made;
}

Holding closed(std::int64_t counter, const std::string& cash, const std::string& card, const std::string& amount = "15.00") {
    Holding held;
    held.counter = counter;
    held.amount = held.paid = money(amount);
    held.day.paid = {{TenderKind::cash, money(cash)}, {TenderKind::card, money(card)}};
    return held;
}

Holding open(std::int64_t items, const std::string& amount, const std::string& paid = "0") {
    Holding held = closed(8, "100.00", "50.00", amount);
    held.open = Holding::Open::fiscal;
    held.items = items;
    held.paid = money(paid);
    return held;
}

Verdict verdict(const Evidence& evidence, const Holding& held) { return decide(evidence, held).verdict; }

}  // namespace

TEST_CASE("decide: how a plan raises the day's sums") {
    const auto made = evidence();
    REQUIRE(made.plan.size() == 7);
    CHECK(total_of(made.plan) == money("15.00"));
    CHECK(day_change(made.plan) == std::map<TenderKind, node::Money>{{TenderKind::card, money("6.00")}, {TenderKind::cash, money("9.00")}});
}

TEST_CASE("decide: closed") {
    CHECK(verdict(evidence(), closed(7, "100.00", "50.00", "99.00")) == Verdict::start);
    CHECK(verdict(evidence(), closed(8, "109.00", "56.00")) == Verdict::printed);
    // The same amount as the receipt before, nothing more in the day: cancelled.
    CHECK(verdict(evidence(), closed(8, "100.00", "50.00")) == Verdict::person);
    auto cancelled = evidence();
    cancelled.cancel_sent = true;
    CHECK(verdict(cancelled, closed(8, "100.00", "50.00")) == Verdict::start);
    CHECK(verdict(evidence(), closed(8, "107.77", "50.00", "7.77")) == Verdict::person);
    CHECK(verdict(evidence(), closed(8, "109.00", "56.00", "7.77")) == Verdict::person);
    CHECK(verdict(evidence(), closed(8, "115.00", "50.00")) == Verdict::person);  // the sum is right, the tender is not
    CHECK(verdict(evidence(), closed(9, "109.00", "56.00")) == Verdict::person);
    CHECK(verdict(evidence(), closed(7, "109.00", "56.00")) == Verdict::person);  // sums moved, counter did not: not a model that is known
    CHECK(verdict(evidence(), closed(1, "0.00", "0.00")) == Verdict::person);     // another device
    auto read = evidence();
    read.journal_names_it = true;
    CHECK(verdict(read, closed(9, "116.77", "56.00", "7.77")) == Verdict::printed);
    CHECK(verdict(read, closed(7, "100.00", "50.00")) == Verdict::start);
    for (const int counter : {7, 8, 9, 20}) {
        auto nothing = evidence();
        nothing.sent = -1;
        CHECK(verdict(nothing, closed(counter, "109.00", "56.00")) == Verdict::start);
    }
    // A model that tells of cash alone: without cash in the receipt its sums are no witness.
    auto cash_alone = evidence();
    cash_alone.counts_all_tenders = false;
    cash_alone.before.day.paid.erase(TenderKind::card);
    auto held = closed(8, "109.00", "0.00");
    held.day.paid.erase(TenderKind::card);
    CHECK(verdict(cash_alone, held) == Verdict::printed);
    held.day.paid[TenderKind::cash] = money("100.00");
    CHECK(verdict(cash_alone, held) == Verdict::person);
}

TEST_CASE("decide: open") {
    const auto at = [](const fiscal::Decision& decision, std::size_t from) { return decision.verdict == Verdict::go_on && decision.from == from; };
    for (std::int64_t items = 0; items <= 2; ++items) {
        const std::string amount = items == 0 ? "0.00" : items == 1 ? "10.00" : "15.00";
        const auto behind = static_cast<std::size_t>(items + 1);
        CHECK(at(decide(evidence(Mode::synchronous), open(items, amount)), behind));
        CHECK(at(decide(evidence(Mode::ecr), open(items, amount)), behind));
        CHECK(at(decide(evidence(Mode::asynchronous, false), open(items, amount)), behind));
        CHECK(verdict(evidence(), open(items, amount)) == Verdict::cancel);
        auto here = evidence();
        here.same_session = true;
        CHECK(at(decide(here, open(items, amount)), behind));
    }
    for (const Mode mode : {Mode::asynchronous, Mode::synchronous, Mode::ecr}) {
        CHECK(verdict(evidence(mode), open(1, "5.00")) == Verdict::cancel);
        CHECK(verdict(evidence(mode), open(3, "15.00")) == Verdict::cancel);
        CHECK(verdict(evidence(mode, false), open(1, "5.00")) == Verdict::strike_out);
        CHECK(decide(evidence(mode, false), open(1, "5.00")).person);
        CHECK(at(decide(evidence(mode), open(2, "15.00", "6.00")), 4));   // the card is paid: the cash is next
        CHECK(at(decide(evidence(mode), open(2, "15.00", "26.00")), 5));  // all is paid: number, close
        const auto part = decide(evidence(mode), open(2, "15.00", "4.00"));
        CHECK(part.verdict == Verdict::pay_and_close);
        CHECK(part.rest == money("11.00"));
        CHECK_FALSE(part.person);
        const auto other = decide(evidence(mode), open(2, "17.00", "4.00"));
        CHECK(other.verdict == Verdict::pay_and_close);
        CHECK(other.rest == money("13.00"));
        CHECK(other.person);
        auto nothing = evidence(mode);
        nothing.sent = -1;
        CHECK(verdict(nothing, open(1, "10.00")) == Verdict::wait);
    }
    auto text = open(0, "0.00");
    text.open = Holding::Open::non_fiscal;
    CHECK(verdict(evidence(), text) == Verdict::end_text);
}

TEST_CASE("decide: whatever is held, something follows, and nothing is printed twice on a guess") {
    const std::uint64_t seed = 7;
    MESSAGE("seed " << seed);
    SeededRandom random(seed);
    const std::vector<std::string> sums = {"0.00", "5.00", "6.00", "10.00", "15.00", "26.00", "100.00"};
    const auto any = [&] { return sums[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(sums.size())))]; };
    for (int i = 0; i < 20'000; ++i) {
        auto made = evidence(static_cast<Mode>(random.below(3)), random.below(2));
        made.sent = static_cast<int>(random.below(9)) - 1;
        made.cancel_sent = random.below(2);
        made.same_session = random.below(2);
        made.counts_all_tenders = random.below(2);
        Holding held = random.below(2) ? open(random.below(4), any(), any()) : closed(6 + random.below(4), "100.00", "50.00", any());
        if (random.below(2)) held.day.paid[TenderKind::cash] += money(any());
        if (random.below(2)) held.day.paid[TenderKind::card] += money("6.00");
        const auto decision = decide(made, held);
        CHECK_FALSE(decision.why.empty());
        if (decision.verdict == Verdict::go_on) CHECK(decision.from < made.plan.size());
        // Begun again only where the day's sums say that nothing was sold since.
        if (decision.verdict == Verdict::start && made.sent >= 0) CHECK(held.day.paid == made.before.day.paid);
    }
}

TEST_CASE("decide: cash and closings") {
    fiscal::DaySums before, now;
    CHECK(cash_was_moved(before, now, money("5.00")) == false);
    now.cash_in = money("5.00");
    CHECK(cash_was_moved(before, now, money("5.00")) == true);
    CHECK_FALSE(cash_was_moved(before, now, money("-5.00")));
    CHECK_FALSE(cash_was_moved(before, now, money("6.00")));
    now.cash_out = money("1.00");
    CHECK_FALSE(cash_was_moved(before, now, money("5.00")));
    CHECK(day_was_closed(closed(7, "100.00", "50.00"), closed(8, "0.00", "0.00")));
    CHECK_FALSE(day_was_closed(closed(7, "100.00", "50.00"), closed(9, "107.77", "50.00")));
    Holding counted = closed(9, "107.77", "50.00");
    counted.closures = 1;
    CHECK(day_was_closed(closed(7, "100.00", "50.00"), counted));
}
