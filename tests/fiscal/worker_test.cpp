// The printer beside the till's window: the session asks and tells it, and nothing of that touches the line; what the device does, it
// does in the worker's rounds. Here the rounds are taken one by one, on a line in memory.
#include "fiscal/worker.h"

#include "fiscal/setting.h"
#include "node/base/error.h"
#include "tests/fiscal/printing_shop.h"

using namespace paprsek;
using namespace paprsek::test;
using fiscal::Mode;
using fiscal::PrinterNews;
using fiscal::PrinterState;
using fiscal::Wish;

namespace {

struct Window {
    explicit Window(const std::string& profile, Mode mode = Mode::asynchronous, bool print_first = false) : shop(profile, mode) {
        fiscal::DeviceSetting setting;
        setting.profile = profile;
        setting.address = "file:memory";
        setting.mode = mode;
        setting.print_first = print_first;
        fiscal::set_device(shop.shop.node(), setting, "");
        open();
    }
    /// The window's program is started, maybe after it was killed.
    void open() {
        till.reset();
        worker.reset();
        fiscal::PrinterWorker::Options options{.folder = shop.shop.node_folder(), .wall = shop.wall};
        options.device = [this](node::Node&, const fiscal::DeviceSetting& setting) {
            fiscal::datecs::Options driver;
            driver.profile = fiscal::profile_of(setting);
            driver.address = "memory";
            driver.sequence = static_cast<unsigned char>(0x20 + (++starts * 11) % 0x5F);
            driver.open = [this] {
                if (away) throw fiscal::LinkLost("nobody is there");
                return shop.bench.wire.open();
            };
            return fiscal::datecs::make_device(std::move(driver));
        };
        worker = std::make_unique<fiscal::PrinterWorker>(shop.shop.node(), std::move(options));
        till = std::make_unique<node::Till>(shop.shop.node(), node::Keep::every_command);
        till->set_cashier("Eva");
        till->set_printer(worker.get());
        worker->follow(till->view());
    }
    /// Rounds until the worker would rest, and then so many more.
    void rounds(int more = 2) {
        for (int round = 0; round < 200 && more > 0; ++round) {
            const int rest = worker->turn();
            if (rest > 0) --more;
            shop.bench.wire.now_ms += rest;
        }
        for (PrinterNews& each : worker->take_news()) news.push_back(std::move(each));
    }
    node::Outcome pay(std::vector<node::Tender> tenders = {}) {
        node::Booked booked;
        const auto outcome = till->pay(tenders, booked);
        if (outcome.ok()) worker->paid(booked);
        return outcome;
    }
    int told(PrinterNews::Kind kind) {
        return static_cast<int>(std::count_if(news.begin(), news.end(), [&](const PrinterNews& each) { return each.kind == kind; }));
    }
    std::int64_t pending() { return node::pending_prints(shop.shop.database()).all(); }
    fiscal::simulator::Register& device() { return shop.bench.machine.device(); }

    PrintingShop shop;
    bool away = false;
    int starts = 0;
    std::vector<PrinterNews> news;
    std::unique_ptr<fiscal::PrinterWorker> worker;
    std::unique_ptr<node::Till> till;
};

node::Tender cash(const std::string& amount) { return {node::TenderKind::cash, money(amount), {}}; }

}  // namespace

TEST_CASE("worker: selling touches no line, and everything is printed once, on every profile and in both modes") {
    for (const auto& profile : datecs_profiles)
        for (const Mode mode : {Mode::asynchronous, Mode::synchronous}) {
            CAPTURE(profile);
            CAPTURE(print(mode));
            Window window(profile, mode);
            window.rounds();
            const auto quiet = [&](auto act) {
                const auto before = window.shop.bench.wire.passed;
                CHECK(act().ok());
                CHECK(window.shop.bench.wire.passed == before);
            };
            quiet([&] { return window.till->scan("TEA"); });
            window.rounds();
            quiet([&] { return window.till->scan("CAKE"); });
            window.rounds();
            CHECK(window.device().shown[0].ends_with(" 33,30"));
            CHECK(window.device().shown[1].ends_with(" 46,20"));
            quiet([&] { return window.till->scan("TEA"); });
            quiet([&] { return window.till->void_line(0); });
            window.rounds();
            const auto& open = window.device().memory().open;
            CHECK(open.has_value() == (mode == Mode::synchronous));
            if (open) CHECK(open->total == money("46.20"));
            quiet([&] { return window.pay({cash("50.00")}); });
            CHECK(window.pending() == 1);
            window.rounds();
            CHECK(window.pending() == 0);
            CHECK(window.shop.since(0).receipts == 1);
            CHECK(window.device().memory().grand_total == money("46.20"));
            CHECK_FALSE(window.device().memory().open);
            CHECK(window.device().drawer_pulses == 1);
            CHECK(window.device().shown[1].ends_with(" 3,80"));  // the change
            CHECK(window.news.empty());
            CHECK(window.shop.shop.verify().ok());
        }
}

TEST_CASE("worker: paid before the paper had caught up, and the next one rung up at once") {
    for (const auto& profile : datecs_profiles) {
        CAPTURE(profile);
        Window window(profile, Mode::synchronous);
        window.rounds();
        for (int i = 0; i < 3; ++i) {
            CHECK(window.till->scan("TEA").ok());
            if (i == 1) window.worker->turn();  // a part of it is on paper
            CHECK(window.till->scan("CAKE").ok());
            CHECK(window.pay().ok());
            CHECK(window.till->scan("TEA").ok());
            CHECK(window.pay().ok());
        }
        CHECK(window.till->scan("CAKE").ok());
        window.rounds(4);
        CHECK(window.pending() == 0);
        CHECK(window.shop.since(0).receipts == 6);
        CHECK(window.device().memory().grand_total == money("177.30"));
        REQUIRE(window.device().memory().open);  // what is in hand now, and no more
        CHECK(window.device().memory().open->total == money("33.30"));
        CHECK(window.till->void_receipt().ok());
        window.rounds(4);
        CHECK_FALSE(window.device().memory().open);
        CHECK(window.device().memory().grand_total == money("177.30"));
        CHECK(window.shop.shop.verify().ok());
    }
}

TEST_CASE("worker: the window is killed with a receipt in hand, and goes on with it") {
    for (const auto& profile : datecs_profiles) {
        CAPTURE(profile);
        Window window(profile, Mode::synchronous);
        window.rounds();
        CHECK(window.till->scan("TEA").ok());
        CHECK(window.till->scan("CAKE").ok());
        window.rounds();
        REQUIRE(window.device().memory().open);
        window.open();
        CHECK(window.till->view().lines.size() == 2);
        window.rounds();
        REQUIRE(window.device().memory().open);
        CHECK(window.device().memory().open->total == money("46.20"));
        CHECK(window.pay().ok());
        window.rounds();
        CHECK(window.shop.since(0).receipts == 1);
        CHECK(window.pending() == 0);
        // Killed between the booking and the paper.
        CHECK(window.till->scan("TEA").ok());
        CHECK(window.pay().ok());
        window.open();
        window.rounds(4);
        CHECK(window.shop.since(0).receipts == 2);
        CHECK(window.device().memory().grand_total == money("59.10"));
        CHECK(window.pending() == 0);
    }
}

TEST_CASE("worker: a printer that is away or out of paper holds nobody up, and is told of once") {
    Window window("datecs-p");
    window.away = true;
    window.open();
    window.rounds();
    CHECK(window.worker->state().line == PrinterState::Line::away);
    CHECK(window.told(PrinterNews::Kind::trouble) == 1);
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().ok());
    CHECK(window.worker->print_due().pending == 1);
    CHECK(fiscal::pending_since(window.shop.shop.node()).has_value());
    window.rounds(10);
    CHECK(window.told(PrinterNews::Kind::trouble) == 1);
    window.away = false;
    window.rounds(10);
    CHECK(window.pending() == 0);
    CHECK(window.told(PrinterNews::Kind::mended) == 1);
    CHECK(window.worker->state().ready());
    CHECK_FALSE(fiscal::pending_since(window.shop.shop.node()).has_value());

    window.device().paper = false;
    CHECK(window.till->scan("CAKE").ok());
    CHECK(window.pay().ok());
    window.rounds(6);
    CHECK(window.told(PrinterNews::Kind::trouble) == 2);
    CHECK(window.news.back().why == "The printer is out of paper.");
    CHECK(window.worker->state().faults == std::vector{fiscal::Fault::paper_out});
    CHECK(window.pending() == 1);
    window.device().paper = true;
    window.rounds(6);
    CHECK(window.pending() == 0);
    CHECK(window.told(PrinterNews::Kind::mended) == 2);
    CHECK(window.shop.since(0).receipts == 2);
}

TEST_CASE("worker: the line breaks in the middle of a receipt and comes back: printed once, and followed again") {
    for (const auto& profile : datecs_profiles)
        for (const Mode mode : {Mode::asynchronous, Mode::synchronous})
            for (std::int64_t at = 0; at < 600; at += 23) {
                CAPTURE(profile);
                CAPTURE(print(mode));
                CAPTURE(at);
                Window window(profile, mode);
                window.rounds();
                window.shop.bench.wire.fault = fiscal::simulator::ByteFault::cut;
                window.shop.bench.wire.passed = 0;
                window.shop.bench.wire.fault_at = at;
                for (const char* code : {"TEA", "CAKE"}) {
                    REQUIRE(window.till->scan(code).ok());
                    window.rounds();
                }
                REQUIRE(window.pay().ok());
                window.away = at % 2;  // sometimes it stays away for a while, and the till is asked for its state meanwhile
                window.rounds(4);
                window.away = false;
                window.rounds(8);
                REQUIRE(window.pending() == 0);
                REQUIRE(window.shop.since(0).receipts == 1);
                REQUIRE(window.device().memory().grand_total == money("46.20"));
            }
}

TEST_CASE("worker: where the printer has to print first, what was found last decides") {
    Window window("datecs-x", Mode::asynchronous, true);
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().message.find("is being asked") != std::string::npos);
    window.rounds();
    CHECK(window.pay().ok());
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().ok());  // the one before it is on its way
    window.rounds();
    window.device().paper = false;
    window.rounds(6);
    CHECK(window.till->scan("TEA").ok());
    const auto refused = window.pay();
    CHECK(refused.refusal == node::Refusal::printer_refuses);
    CHECK(refused.message == "The printer is out of paper.");
    window.device().paper = true;
    window.rounds(6);
    CHECK(window.pay().ok());
    window.rounds();
    CHECK(window.shop.since(0).receipts == 3);
    window.away = true;
    window.shop.bench.machine.plan(window.shop.bench.machine.requests() + 1, fiscal::simulator::Mishap::drop_line);
    window.rounds(6);
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().refusal == node::Refusal::printer_refuses);
}

TEST_CASE("worker: what the law or the mode forbids is refused in a sentence") {
    Window window("datecs-x");
    window.device().clock_offset = 7'200;
    window.rounds();
    CHECK(window.worker->state().forbidden);
    CHECK(window.worker->state().clock_off_s == 7'200);
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().message.find("2 hours ahead") != std::string::npos);
    window.worker->wish(Wish::clock);
    window.rounds();
    CHECK(window.told(PrinterNews::Kind::mended) == 1);
    CHECK(window.worker->state().clock_off_s == 0);
    CHECK(window.pay().ok());
    window.rounds();
    CHECK(window.pending() == 0);
    // A rate that the device lacks, from a policy that came meanwhile.
    window.shop.shop.policy(R"({"cash_rounding":"0.01","vat":[{"group":"A","rate":"19"},{"group":"B","rate":"12"}]})");
    window.rounds(4);
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().message.find("no VAT letter for 19 %") != std::string::npos);

    Window register_("datecs-ecr", Mode::ecr);
    register_.rounds();
    CHECK(register_.till->scan("TEA").ok());
    CHECK(register_.till->set_discount(0, rate("5")).message.find("ECR mode") != std::string::npos);
    CHECK(register_.till->log_in("2900000000018").message.find("ECR mode") != std::string::npos);
    CHECK(register_.pay({{node::TenderKind::card, money("12.90"), {}}}).message.find("cash only") != std::string::npos);
    CHECK(register_.pay().ok());
    register_.device().sell_by_hand(money("7.50"));
    register_.worker->collect("Eva");
    register_.rounds();
    REQUIRE(register_.told(PrinterNews::Kind::done) == 1);
    CHECK(register_.news.back().collected.total == money("7.50"));
    CHECK(register_.device().memory().grand_total == money("20.40"));
}

TEST_CASE("worker: reports, test page, drawer, and a person's word, as they are asked for") {
    Window window("datecs-p");
    window.rounds();
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().ok());
    for (const Wish wish : {Wish::drawer, Wish::test_page, Wish::report_x, Wish::report_z, Wish::look}) window.worker->wish(wish);
    window.rounds();
    CHECK(window.told(PrinterNews::Kind::done) == 5);
    CHECK(window.news[2].report.report.total() == money("12.90"));  // what was due went first
    CHECK(window.news[3].report.difference().is_zero());
    CHECK(window.device().memory().closures == 1);
    CHECK(window.device().drawer_pulses == 2);
    window.worker->resolve(999, fiscal::PrintQueue::Resolution::printed, "Eva", "seen");
    window.rounds();
    CHECK(window.told(PrinterNews::Kind::not_done) == 1);

    // Somebody works on the device in the middle: what cannot be decided is handed over, once, with the evidence.
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().ok());
    window.shop.bench.machine.plan(window.shop.bench.machine.requests() + 8, fiscal::simulator::Mishap::restart_after);
    window.shop.bench.machine.plan(window.shop.bench.machine.requests() + 9, fiscal::simulator::Mishap::by_hand);
    window.rounds(8);
    const auto list = fiscal::pending_list(window.shop.shop.node(), 10);
    for (const auto& pending : list) {
        REQUIRE(pending.person);
        CHECK(pending.receipt == "3.1-000002");
        CHECK(pending.job.before.has_value());
        window.worker->resolve(pending.seq, fiscal::PrintQueue::Resolution::given_up, "Eva", "torn");
    }
    CHECK(window.told(PrinterNews::Kind::person) == static_cast<int>(list.size()));
    window.rounds(4);
    CHECK(window.pending() == 0);
    CHECK(window.shop.shop.verify().ok());
}

TEST_CASE("worker: a slip that somebody asked for waits for paper and for the line, goes behind what is due, and is printed once") {
    Window window("datecs-p");
    window.rounds();
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().ok());
    window.rounds();
    const auto slips = [&] {
        const auto& journal = window.device().memory().journal;
        return std::count_if(journal.begin(), journal.end(), [](const auto& document) { return document.kind == fiscal::simulator::DocumentKind::non_fiscal; });
    };
    window.worker->print_slip("3.1-000001");
    window.rounds();
    CHECK(slips() == 1);
    CHECK(window.device().memory().journal.back().text.find("3.1-000001") != std::string::npos);
    REQUIRE(window.told(PrinterNews::Kind::done) == 1);
    CHECK(window.news.back().wish == Wish::slip);

    window.device().paper = false;
    window.worker->print_slip("3.1-000001");
    window.rounds(4);
    CHECK(window.told(PrinterNews::Kind::waits) == 1);  // once, however often it is tried
    CHECK(window.worker->state().slips == 1);
    CHECK(window.worker->state().faults == std::vector{fiscal::Fault::paper_out});
    CHECK(window.till->scan("TEA").ok());
    CHECK(window.pay().ok());  // the till sells on
    CHECK(slips() == 1);
    window.device().paper = true;
    window.rounds(6);
    CHECK(window.pending() == 0);
    CHECK(slips() == 2);
    CHECK(window.device().memory().journal.back().kind == fiscal::simulator::DocumentKind::non_fiscal);  // the receipt went first
    CHECK(window.worker->state().slips == 0);

    window.away = true;
    window.shop.bench.machine.plan(window.shop.bench.machine.requests() + 1, fiscal::simulator::Mishap::drop_line);
    window.rounds(6);
    window.worker->print_slip("z1");
    window.worker->print_slip("statement", "nobody");
    window.rounds(4);
    CHECK(window.worker->state().slips == 2);
    window.worker->wish(Wish::drop_slips);
    window.worker->print_slip("3.1-000777");
    window.rounds(2);
    CHECK(window.worker->state().slips == 1);
    window.away = false;
    window.rounds(6);
    CHECK(slips() == 2);
    REQUIRE(window.told(PrinterNews::Kind::not_done) == 1);
    const auto not_done =
        std::find_if(window.news.begin(), window.news.end(), [](const PrinterNews& each) { return each.kind == PrinterNews::Kind::not_done; });
    CHECK(not_done->why.find("3.1-000777") != std::string::npos);
    CHECK(window.worker->state().slips == 0);
}

TEST_CASE("worker: no printer, another program's printer, and a printer that is set while the window is open") {
    Shop shop;
    shop.policy(R"({"cash_rounding":"0.01"})");
    fiscal::PrinterWorker worker(shop.node(), {.folder = shop.node_folder(), .wall = shop.clock()});
    CHECK(worker.settled() == false);
    CHECK(worker.turn() > 0);
    CHECK(worker.state().line == PrinterState::Line::none);
    CHECK(worker.settled());
    worker.wish(Wish::test_page);
    worker.turn();
    CHECK(worker.take_news().at(0).why == "No printer is set.");
    fiscal::DeviceSetting setting;
    setting.profile = "pdf";
    setting.address = shop.folder().file("receipts");
    fiscal::set_device(shop.node(), setting, "Eva");
    {
        fiscal::DeviceLock other(shop.node_folder());
        REQUIRE(other.take());
        worker.turn();
        CHECK(worker.state().line == PrinterState::Line::elsewhere);
    }
    worker.turn();
    CHECK(worker.state().line == PrinterState::Line::connected);
    CHECK(worker.state().ready());
}
