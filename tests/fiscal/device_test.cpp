// Driver and simulated device, both languages: what a till needs of a printer.
#include "fiscal/receipt/slip.h"
#include "tests/fiscal/bench.h"

using namespace paprsek;
using namespace paprsek::test;
using fiscal::Answer;
using fiscal::simulator::DocumentKind;

namespace {

void print_all(fiscal::Device& device, const fiscal::Receipt& receipt) {
    REQUIRE_FALSE(device.unfit(receipt));
    for (const auto& step : device.plan(receipt)) {
        const auto reply = device.perform(step, receipt);
        CAPTURE(print(step.kind));
        CAPTURE(reply.why);
        REQUIRE(reply.ok());
    }
}

}  // namespace

TEST_CASE("datecs: a receipt with quantity, discount, two tenders and change, on every profile") {
    for (const auto& name : datecs_profiles) {
        CAPTURE(name);
        Bench bench(name);
        auto device = bench.driver();
        const auto connected = device->connect();
        CAPTURE(connected.why);
        REQUIRE(connected.ok());
        CHECK(device->identity().serial == "DT000001");
        const auto sold = receipt(
            "3.1-000001", {line("Kůň žluťoučký", "12.90", "2", "1.29"), line("Lapte ș ț", "5.05", "1.375", "0", "B"), line("Gift", "9.99", "1", "9.99")},
            {{node::TenderKind::card, money("20.00"), {}}, {node::TenderKind::cash, money("50.00"), {}}});
        print_all(*device, sold);
        REQUIRE(bench.memory().journal.size() == 1);
        const auto& document = bench.memory().journal[0];
        CHECK(document.total == sold.total);
        CHECK(document.text.find("3.1-000001") != std::string::npos);
        CHECK(document.text.find("Kun zlutoucky") != std::string::npos);
        fiscal::Holding holding;
        REQUIRE(device->holding(holding).ok());
        CHECK(holding.open == fiscal::Holding::Open::nothing);
        CHECK(holding.counter == 1);
        CHECK(holding.amount == sold.total);
        CHECK(holding.day.paid.at(node::TenderKind::cash) == sold.total - money("20.00"));
        if (name != "datecs-x") CHECK(holding.day.paid.at(node::TenderKind::card) == money("20.00"));
        CHECK(bench.memory().day_letters[0] == money("24.51"));
        CHECK(bench.memory().day_letters[1] == money("6.94"));
    }
}

TEST_CASE("datecs: X, Z, cash, drawer, display, clock, letters, test page") {
    for (const auto& name : datecs_profiles) {
        CAPTURE(name);
        Bench bench(name);
        auto device = bench.driver();
        REQUIRE(device->connect().ok());
        print_all(*device, receipt("3.1-000001", {line("Tea", "30.00"), line("Cake", "12.00", "1", "0", "B")}));
        CHECK(device->move_cash(money("100.00")).ok());
        CHECK(device->move_cash(money("-15.50")).ok());
        const auto too_much = device->move_cash(money("-1000.00"));
        CHECK(too_much.answer == Answer::refused);
        fiscal::Holding holding;
        REQUIRE(device->holding(holding).ok());
        CHECK(holding.day.cash_in == money("100.00"));
        CHECK(holding.day.cash_out == money("15.50"));
        fiscal::DayReport report;
        REQUIRE(device->report(fiscal::ReportKind::x, report).ok());
        CHECK(report.total() == money("42.00"));
        CHECK(report.closures == 0);
        REQUIRE(device->report(fiscal::ReportKind::z, report).ok());
        CHECK(report.total() == money("42.00"));
        CHECK(report.closures == 1);
        CHECK(report.by_letter.at(1) == money("12.00"));
        REQUIRE(device->report(fiscal::ReportKind::x, report).ok());
        CHECK(report.total().is_zero());

        CHECK(device->open_drawer().ok());
        CHECK(bench.machine.device().drawer_pulses == 1);
        CHECK(device->display("Čaj", "30,00").ok());
        CHECK(bench.machine.device().shown[0] == "Caj");
        CHECK(bench.machine.device().shown[1] == "30,00");
        CHECK(device->display({}, {}).ok());
        CHECK(bench.machine.device().shown[0].empty());

        std::int64_t clock = 0;
        REQUIRE(device->clock(clock).ok());
        CHECK(clock == wall_clock + bench.wire.now_ms / 1000);
        REQUIRE(device->set_clock(wall_clock + 7'200).ok());
        REQUIRE(device->clock(clock).ok());
        CHECK(clock == wall_clock + 7'200);
        fiscal::DeviceRates rates;
        REQUIRE(device->vat_rates(rates).ok());
        CHECK(rates.at(0) == rate("21"));
        CHECK_FALSE(rates.at(3));
        CHECK(device->test_page().ok());
        CHECK(bench.memory().journal.back().kind == DocumentKind::non_fiscal);
        CHECK(bench.memory().journal.back().text.find("Prilis zlutoucky kun") != std::string::npos);
    }
}

TEST_CASE("datecs: a slip is a document that is not fiscal, and one that broke off is printed from its beginning") {
    for (const auto& name : datecs_profiles) {
        CAPTURE(name);
        Bench bench(name);
        auto device = bench.driver();
        REQUIRE(device->connect().ok());
        CHECK(device->slip_columns() >= fiscal::Roll::least_columns);
        fiscal::Roll roll(device->slip_columns());
        roll.centre("Výpis účtu");
        roll.pair("Zbývá", "12,90");
        roll.left("");
        roll.code(fiscal::SymbolKind::qr, "3.1-000017:41:9F86D081884C7D65");
        const fiscal::Slip slip = roll.take();
        REQUIRE(device->print(slip).ok());
        const auto& journal = bench.memory().journal;
        REQUIRE(journal.back().kind == DocumentKind::non_fiscal);
        CHECK(journal.back().text.find("Vypis uctu") != std::string::npos);
        CHECK(journal.back().text.find("12,90") != std::string::npos);
        CHECK(journal.back().text.find("3.1-000017:41:9F") != std::string::npos);
        const std::size_t before = journal.size();

        // The line breaks behind the second line of text.
        bench.machine.plan(bench.machine.requests() + 4, fiscal::simulator::Mishap::drop_line);
        CHECK(device->print(slip).answer == fiscal::Answer::not_ready);
        REQUIRE(device->connect().ok());
        REQUIRE(device->print(slip).ok());
        CHECK(journal.back().kind == DocumentKind::non_fiscal);
        CHECK(journal.back().text.find("12,90") != std::string::npos);
        CHECK(journal.size() > before);

        // Nothing is begun where there is no paper, nor on top of a receipt.
        bench.machine.device().paper = false;
        const auto no_paper = device->print(slip);
        CHECK(no_paper.answer == fiscal::Answer::not_ready);
        CHECK(no_paper.why == sentence(fiscal::Fault::paper_out));
        bench.machine.device().paper = true;
        const auto sold = receipt("3.1-000001", {line("Tea", "30.00")});
        const auto plan = device->plan(sold);
        REQUIRE(device->perform(plan[0], sold).ok());
        CHECK(device->print(slip).why == "A receipt is open on the printer.");
    }
}

TEST_CASE("datecs: refusals are told apart: do something first, or never") {
    for (const auto& name : datecs_profiles) {
        CAPTURE(name);
        Bench bench(name);
        auto device = bench.driver();
        REQUIRE(device->connect().ok());
        const auto sold = receipt("3.1-000001", {line("Tea", "30.00")});
        const auto steps = device->plan(sold);
        bench.machine.device().paper = false;
        CHECK(device->perform(steps[0], sold).answer == Answer::not_ready);
        fiscal::Status status;
        REQUIRE(device->status(status).ok());
        CHECK_FALSE(status.ready());
        CHECK(status.faults.front() == fiscal::Fault::paper_out);
        bench.machine.device().paper = true;
        bench.machine.device().cover = true;
        CHECK(device->perform(steps[0], sold).answer == Answer::not_ready);
        bench.machine.device().cover = false;
        CHECK(device->perform(steps[1], sold).answer == Answer::refused);  // no receipt is open
        REQUIRE(device->perform(steps[0], sold).ok());
        CHECK(device->perform(steps[0], sold).answer == Answer::refused);
        REQUIRE(device->status(status).ok());
        CHECK(status.ready());
        CHECK(status.fiscal_open);
        fiscal::DayReport report;
        CHECK(device->report(fiscal::ReportKind::z, report).answer == Answer::refused);
        CHECK(bench.memory().closures == 0);
    }
}

TEST_CASE("datecs: cancelled before payment, where the model can") {
    for (const auto& name : datecs_profiles) {
        CAPTURE(name);
        Bench bench(name);
        auto device = bench.driver();
        REQUIRE(device->connect().ok());
        const auto sold = receipt("3.1-000001", {line("Tea", "30.00")});
        const auto steps = device->plan(sold);
        for (std::size_t i = 0; i < 2; ++i) REQUIRE(device->perform(steps[i], sold).ok());
        if (device->profile().cancel) {
            CHECK(device->cancel().ok());
            CHECK(bench.memory().journal.back().kind == DocumentKind::cancelled);
        } else {
            CHECK(device->cancel().answer == Answer::refused);
            // What was sold is taken back, and nothing is paid.
            auto strike = steps[1];
            strike.kind = fiscal::StepKind::strike;
            CHECK(device->perform(strike, sold).ok());
            CHECK(device->perform({fiscal::StepKind::pay, {}, {}, {}, {}}, sold).ok());
            CHECK(device->perform({fiscal::StepKind::close, {}, {}, {}, {}}, sold).ok());
        }
        CHECK(bench.memory().grand_total.is_zero());
        CHECK_FALSE(bench.memory().open);
    }
}

TEST_CASE("datecs: a rate that the device lacks and a clock that is off, in a sentence") {
    const fiscal::DeviceRates rates = {rate("19"), rate("9"), std::nullopt};
    CHECK_FALSE(fiscal::missing_rate(rates, {{"A", rate("19")}, {"X", rate("9")}}));
    CHECK(fiscal::missing_rate(rates, {{"A", rate("21")}}) ==
          "The printer has no VAT letter for 21 % (group A): it knows A 19 %, B 9 %. Its rates are programmed by the service.");
    CHECK_FALSE(fiscal::clock_off(1000, 1100, 120));
    CHECK(fiscal::clock_off(0, 840, 120)->starts_with("The printer's clock is 14 minutes behind"));
    CHECK(fiscal::clock_off(9'000, 0, 120)->starts_with("The printer's clock is 2 hours ahead"));
    Bench bench("datecs-p");
    auto device = bench.driver();
    REQUIRE(device->connect().ok());
    auto sold = receipt("3.1-000001", {line("Tea", "30.00")});
    sold.rates["A"] = rate("15");
    const auto steps = device->plan(sold);
    REQUIRE(device->perform(steps[0], sold).ok());
    const auto refused = device->perform(steps[1], sold);
    CHECK(refused.answer == Answer::not_ready);
    CHECK(refused.why.find("15 %") != std::string::npos);
}

TEST_CASE("datecs: what a device cannot print is said before anything is sent") {
    Bench bench("datecs-p550");
    auto device = bench.driver();
    auto sold = receipt("3.1-000001", {line("Tea", "30.00")});
    CHECK_FALSE(device->unfit(sold));
    sold.rounding = money("0.40");
    CHECK(device->unfit(sold)->find("cash_rounding") != std::string::npos);
    sold = receipt("3.1-000001", std::vector<fiscal::Line>(100, line("Tea", "1.00")));
    CHECK(device->unfit(sold)->find("99 lines") != std::string::npos);
    sold = receipt("3.1-000001", {line("Ship", "1000000.00")});
    CHECK(device->unfit(sold));
    sold.refund = true;
    CHECK(device->unfit(sold)->find("cash out") != std::string::npos);
}

TEST_CASE("datecs: money goes over exactly: any discount on any profile comes to the same sum") {
    const std::uint64_t seed = 20260302;
    MESSAGE("seed " << seed);
    test::SeededRandom random(seed);
    for (const auto& name : datecs_profiles) {
        CAPTURE(name);
        Bench bench(name);
        auto device = bench.driver();
        REQUIRE(device->connect().ok());
        node::Money all;
        for (int number = 1; number <= 60; ++number) {
            std::vector<fiscal::Line> lines;
            for (std::int64_t i = 0, count = 1 + random.below(12); i < count; ++i) {
                auto made = line("Item " + std::to_string(i), "1.00");
                made.price = node::Money::of(1 + random.below(100'000));
                made.quantity = random.below(2) ? node::one_piece : node::Quantity::of(1 + random.below(20'000));
                made.gross = node::times(made.price, made.quantity);
                made.discount = random.below(2) ? node::Money{} : node::Money::of(random.below(made.gross.raw() + 1));
                made.net = made.paid = made.gross - made.discount;
                lines.push_back(made);
            }
            auto sold = receipt("3.1-" + std::to_string(100000 + number), lines);
            if (sold.total.is_zero()) continue;
            print_all(*device, sold);
            CHECK(bench.memory().journal.back().total == sold.total);
            all += sold.total;
        }
        CHECK(bench.memory().grand_total == all);
    }
}

TEST_CASE("datecs: who is there is found out by questions that change nothing") {
    for (const auto& name : datecs_profiles) {
        CAPTURE(name);
        Bench bench(name);
        if (name == "datecs-ecr") {
            auto settings = device_settings(name);
            settings.model = "DP-25";
            fiscal::simulator::Machine machine(settings, {});
            fiscal::simulator::Wire wire(machine);
            auto line = wire.open();
            const auto found = fiscal::datecs::detect(*line);
            REQUIRE(found);
            CHECK(found->profile->name == "datecs-ecr");
            continue;
        }
        auto line = bench.wire.open();
        const auto found = fiscal::datecs::detect(*line);
        REQUIRE(found);
        CHECK(found->profile->name == name);
        CHECK(bench.memory().documents == 0);
    }
    // Nobody there.
    struct Deaf final : fiscal::Transport {
        std::int64_t now = 0;
        std::string name = "deaf";
        std::int64_t now_ms() override { return now; }
        void write(fiscal::ByteView, std::int64_t) override {}
        std::size_t read(std::span<unsigned char>, std::int64_t deadline) override {
            now = std::max(now, deadline);
            return 0;
        }
        void pause(int ms) override { now += ms; }
        const std::string& address() const override { return name; }
    } deaf;
    CHECK_FALSE(fiscal::datecs::detect(deaf));
}

TEST_CASE("datecs: the status bytes of one generation are not read as another's") {
    const auto p = *fiscal::find_profile("datecs-p"), p550 = *fiscal::find_profile("datecs-p550");
    const auto open = fiscal::datecs::read_status(p, {0x80, 0x80, 0x88, 0x80, 0x86, 0x9A});
    CHECK(open.ready());
    CHECK(open.fiscal_open);
    // A real FP-550: journal and receipt paper low, not fiscalised.
    const auto real = fiscal::datecs::read_status(p550, {0x80, 0x80, 0x92, 0x8F, 0x80, 0xB2});
    CHECK(real.faults == std::vector{fiscal::Fault::not_fiscal});
    CHECK(real.warnings == std::vector{fiscal::Fault::paper_low, fiscal::Fault::paper_low});
    CHECK_FALSE(fiscal::datecs::read_status(p, {0x80, 0x80, 0x80, 0x80, 0x86, 0x90}).ready());
}

TEST_CASE("datecs: not understood means not done, unless a reply had come that could not be read") {
    using fiscal::simulator::Mishap;
    Bench bench("datecs-p");
    auto device = bench.driver();
    REQUIRE(device->connect().ok());
    const auto sold = receipt("3.1-000001", {line("Tea", "30.00")});
    const auto steps = device->plan(sold);
    bench.machine.plan(bench.machine.requests() + 1, Mishap::not_taken, 3);
    CHECK(device->perform(steps[0], sold).answer == Answer::not_ready);
    CHECK_FALSE(bench.memory().open);
    bench.machine.plan(bench.machine.requests() + 1, Mishap::not_taken, 2);
    CHECK(device->perform(steps[0], sold).ok());
    // A damaged reply is asked for again by its number: the line is sold once.
    bench.machine.plan(bench.machine.requests() + 2, Mishap::corrupt_reply);
    CHECK(device->perform(steps[1], sold).ok());
    CHECK(bench.memory().open->items == 1);
    bench.machine.plan(bench.machine.requests() + 1, Mishap::drop_reply);
    CHECK(device->perform(steps[1], sold).answer == Answer::unknown);
    CHECK(bench.memory().open->items == 2);
    bench.machine.plan(bench.machine.requests() + 1, Mishap::wrong_sequence);
    CHECK(device->perform(steps[1], sold).answer == Answer::unknown);
    // Busy for long, and late: waited for, and what comes late is nobody's.
    bench.machine.plan(bench.machine.requests() + 1, Mishap::busy, 100);
    CHECK(device->perform(steps[1], sold).ok());
    bench.machine.plan(bench.machine.requests() + 1, Mishap::late_reply);
    CHECK(device->perform(steps[1], sold).answer == Answer::unknown);
    bench.wire.now_ms += 3'000;
    fiscal::Holding holding;
    REQUIRE(device->holding(holding).ok());
    CHECK(holding.items == 5);
}
