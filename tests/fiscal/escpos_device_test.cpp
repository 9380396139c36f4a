// The driver of receipt printers on a line in memory: done only when the printer says so, and unknown wherever nobody can tell.
#include <doctest/doctest.h>

#include "fiscal/escpos/device.h"
#include "fiscal/escpos/interpreter.h"
#include "node/base/error.h"
#include "tests/support/shop.h"

namespace paprsek::fiscal {
namespace {

/// A printer on a line that can break, lose what the printer says, or swallow what it is sent. Time passes where somebody waits.
struct PaperWire {
    explicit PaperWire(const EscposModel& model) : printer(model) {}
    EscposInterpreter printer;
    std::int64_t now = 0;
    std::size_t written = 0;
    std::optional<std::size_t> break_at;    ///< bytes written until the line breaks
    std::optional<std::size_t> swallow_at;  ///< from which byte on nothing arrives, and nothing says so
    bool deaf = false;                      ///< what the printer says is lost
    bool unplugged = false;
    Bytes noise;  ///< said by the printer before all else
    std::function<void()> while_waiting;
    std::size_t read_through = 0;
    Bytes said;

    std::unique_ptr<Transport> open();
};

class PaperTransport final : public Transport {
public:
    explicit PaperTransport(PaperWire& wire) : wire_(wire) {
        if (wire.unplugged) throw LinkLost("no such device");
    }
    std::int64_t now_ms() override { return wire_.now; }
    void write(ByteView bytes, std::int64_t) override {
        for (const unsigned char byte : bytes) {
            if (wire_.unplugged || (wire_.break_at && wire_.written >= *wire_.break_at)) {
                wire_.unplugged = true;
                throw LinkLost("cable pulled");
            }
            if (!wire_.swallow_at || wire_.written < *wire_.swallow_at) wire_.printer.feed(Bytes{byte});
            ++wire_.written;
        }
    }
    std::size_t read(std::span<unsigned char> into, std::int64_t deadline) override {
        if (wire_.unplugged) throw LinkLost("cable pulled");
        wire_.said += std::exchange(wire_.noise, {}) + wire_.printer.take_replies();
        if (wire_.deaf) wire_.said.clear();
        if (wire_.said.empty() && wire_.while_waiting && deadline > wire_.now) {
            std::exchange(wire_.while_waiting, nullptr)();
            wire_.said += wire_.printer.take_replies();
        }
        if (wire_.said.empty()) {
            wire_.now = std::max(wire_.now, deadline);
            return 0;
        }
        const std::size_t count = std::min(into.size(), wire_.said.size());
        std::copy_n(wire_.said.begin(), count, into.begin());
        wire_.said.erase(0, count);
        return count;
    }
    void pause(int ms) override { wire_.now += ms; }
    const std::string& address() const override { return address_; }

private:
    PaperWire& wire_;
    std::string address_ = "memory";
};

std::unique_ptr<Transport> PaperWire::open() { return std::make_unique<PaperTransport>(*this); }

EscposDevice driver(PaperWire& wire, bool silent = false) {
    EscposOptions options;
    options.model = &wire.printer.model();
    options.address = "memory";
    options.open = [&wire] { return wire.open(); };
    options.silent = silent;
    options.form.proof = ProofAs::none;  // quick to draw
    return EscposDevice(std::move(options));
}

Receipt receipt() {
    Receipt made;
    made.number = "3.1-000017";
    made.seq = 41;
    made.hash = std::string(64, 'a');
    made.shop = "Kiosek";
    made.footer = {"All of bon 17."};
    made.currency = "CZK";
    Line line;
    line.name = "Rohlík";
    line.vat = "B";
    line.price = line.gross = line.net = line.paid = test::money("2.90");
    made.lines = {line};
    made.net = made.total = line.net;
    made.pay = {{node::TenderKind::cash, line.net, {}}};
    return made;
}

Reply print(EscposDevice& device) {
    const Receipt sold = receipt();
    CHECK_FALSE(device.unfit(sold));
    const std::vector<Step> plan = device.plan(sold);
    REQUIRE(plan.size() == 1);
    return device.perform(plan[0], sold);
}

int papers(PaperWire& wire) {
    wire.printer.tear_off();
    int count = 0;
    for (const PrintedPaper& paper : wire.printer.finished())
        if (paper.text().find("All of bon 17.") != std::string::npos) ++count;
    return count;
}

}  // namespace

TEST_CASE("a receipt is printed once on every model") {
    for (const EscposModel& model : escpos_models()) {
        CAPTURE(model.name);
        PaperWire wire(model);
        EscposDevice device = driver(wire);
        CHECK(device.connect().ok());
        const Reply reply = print(device);
        CAPTURE(reply.why);
        CHECK(reply.ok());
        CHECK(papers(wire) == 1);
        CHECK(wire.printer.refused().empty());
        CHECK(print(device).ok());
        CHECK(papers(wire) == 2);
    }
}

TEST_CASE("wherever the line breaks, nothing is claimed that is not on the paper") {
    for (const char* name : {"escpos-epson", "escpos-star", "escpos-58"}) {
        const EscposModel& model = *find_escpos_model(name);
        PaperWire whole(model);
        EscposDevice first = driver(whole);
        REQUIRE(print(first).ok());
        const std::size_t bytes = whole.written;
        for (const bool silently : {false, true}) {
            for (std::size_t at = 0; at <= bytes; ++at) {
                CAPTURE(name);
                CAPTURE(at);
                PaperWire wire(model);
                (silently ? wire.swallow_at : wire.break_at) = at;
                EscposDevice device = driver(wire);
                const Reply reply = print(device);
                const int printed = papers(wire);
                if (reply.answer == Answer::done) {
                    CHECK(printed == 1);
                } else if (reply.answer == Answer::not_ready) {
                    CHECK(wire.printer.finished().empty());
                    CHECK_FALSE(reply.why.empty());
                } else {
                    CHECK(reply.answer == Answer::unknown);
                    CHECK_FALSE(reply.why.empty());
                    CHECK_FALSE(device.connected());
                }
                if (at == bytes) CHECK(reply.answer == Answer::done);
            }
        }
    }
}

TEST_CASE("a printer that is not ready prints nothing, and says why") {
    PaperWire wire(*find_escpos_model("escpos-epson"));
    EscposDevice device = driver(wire);
    const auto refused = [&](const char* why) {
        const Reply reply = print(device);
        CHECK(reply.answer == Answer::not_ready);
        CHECK(reply.why == why);
        CHECK(papers(wire) == 0);
    };
    wire.printer.set_paper(PaperRoll::out);
    refused("The printer is out of paper.");
    wire.printer.set_paper(PaperRoll::enough);
    wire.printer.set_cover(true);
    refused("The printer's cover is open.");
    wire.printer.set_cover(false);
    wire.printer.set_paper(PaperRoll::low);
    Status status;
    CHECK(device.status(status).ok());
    CHECK(status.ready());
    CHECK(status.warnings == std::vector<Fault>{Fault::paper_low});
    wire.printer.set_cutter_stuck();
    CHECK(device.status(status).ok());
    CHECK(status.faults == std::vector<Fault>{Fault::mechanism});
    CHECK(print(device).ok());  // it is told to go on
    CHECK(papers(wire) == 1);
}

TEST_CASE("paper that ends in the middle is waited for, and not for ever") {
    const EscposModel& model = *find_escpos_model("escpos-epson");
    {
        PaperWire wire(model);
        wire.printer.set_paper_left(200);
        wire.while_waiting = [&] { wire.printer.set_paper(PaperRoll::enough); };
        EscposDevice device = driver(wire);
        CHECK(print(device).ok());
        CHECK(papers(wire) == 1);
    }
    PaperWire wire(model);
    wire.printer.set_paper_left(200);
    EscposDevice device = driver(wire);
    const Reply reply = print(device);
    CHECK(reply.answer == Answer::unknown);
    CHECK(reply.why == "The printer is out of paper. It was in the middle of printing.");
    CHECK(wire.now >= model.fence_ms);
}

TEST_CASE("a printer that says nothing is not ready, unless it is known for that") {
    PaperWire wire(*find_escpos_model("escpos-epson"));
    wire.deaf = true;
    EscposDevice talking = driver(wire);
    const Reply reply = talking.connect();
    CHECK(reply.answer == Answer::not_ready);
    CHECK(reply.why.find("set up as silent") != std::string::npos);
    EscposDevice silent = driver(wire, true);
    CHECK(silent.connect().ok());
    CHECK(print(silent).ok());
    CHECK(papers(wire) == 1);
    wire.unplugged = true;
    CHECK(print(silent).answer == Answer::unknown);
    CHECK(print(silent).answer == Answer::not_ready);  // now it has to be connected first
}

TEST_CASE("noise on the line is no answer") {
    PaperWire wire(*find_escpos_model("escpos-epson"));
    EscposDevice device = driver(wire);
    wire.noise = Bytes{0x37, 0x22, '!', '!', '!', '!', 0x00, 0xFF, 0x12};
    CHECK(device.connect().ok());
    wire.printer.set_paper_left(200);
    wire.while_waiting = [&] { wire.noise = Bytes{0x37, 0x22, 'x', 'x', 'x', 'x', 0x00, 0x14, 0x00, 0x0F, 0x00}; };
    CHECK(print(device).answer == Answer::unknown);
}

TEST_CASE("what a receipt printer cannot do it says, and the drawer opens") {
    PaperWire wire(*find_escpos_model("escpos-epson"));
    EscposDevice device = driver(wire);
    CHECK(device.open_drawer().ok());
    CHECK(wire.printer.drawer_pulses() == 1);
    CHECK(device.test_page().ok());
    CHECK(wire.printer.finished().size() == 1);
    CHECK(wire.printer.finished()[0].codes.size() == 2);
    Holding holding;
    DayReport report;
    std::int64_t clock = 0;
    std::vector<std::optional<node::Rate>> rates;
    for (const Reply& reply : {device.cancel(), device.holding(holding), device.vat_rates(rates), device.clock(clock), device.set_clock(0),
                               device.report(ReportKind::z, report), device.move_cash({}), device.display("a", "b")}) {
        CHECK(reply.answer == Answer::refused);
        CHECK(reply.why.starts_with("A receipt printer "));
    }
    CHECK(device.perform({StepKind::sale, {}, {}, {}, {}}, receipt()).answer == Answer::refused);
    Receipt nameless = receipt();
    nameless.number = "17";
    CHECK(device.unfit(nameless));
    for (const EscposModel& model : escpos_models()) {
        EscposInterpreter printer(model);
        printer.feed(escpos_bytes(escpos_test_page(model), model));
        CHECK(printer.refused().empty());
    }
}

}  // namespace paprsek::fiscal
