// A shop with a simulated printer: what it sells goes through the queue, over a line on which anything may happen.
#pragma once
#include "fiscal/queue.h"
#include "node/printing.h"
#include "tests/fiscal/bench.h"

namespace paprsek::test {

class PrintingShop {
public:
    explicit PrintingShop(const std::string& profile, fiscal::Mode mode = fiscal::Mode::asynchronous, fiscal::simulator::Behaviour behaviour = {},
                          bool counts_at_opening = true)
        : bench(profile, behaviour, counts_at_opening), mode_(mode) {
        shop.policy(R"({"cash_rounding":"0.01","vat":[{"group":"A","rate":"21"},{"group":"B","rate":"12"}]})");
        shop.catalogue("code,name,group,price,vat,cost,points,dealer_discounts\nTEA,Čaj,,12.90,A,5,,\nCAKE,Dort,,33.30,B,10,,\n");
        node::set_device(shop.node(), {profile, std::string(print(mode)), true, {}}, "{}");
        restart();
    }
    /// The till's program is started anew: nothing is left of it but what lies on disk.
    void restart() {
        queue.reset();
        device = bench.driver(static_cast<unsigned char>(0x20 + (++starts_ * 7) % 0x5F));
        fiscal::QueueOptions options;
        options.mode = mode_;
        queue = std::make_unique<fiscal::PrintQueue>(shop.node(), *device, wall, options);
    }
    /// Prints until nothing is due or a person is needed; starts anew whenever it is killed. Where it has to wait, `meanwhile` happens.
    void print_all(const std::function<void()>& meanwhile = {}) {
        for (int attempt = 0; attempt < 12 && node::pending_prints(shop.database()).waiting > 0; ++attempt) {
            try {
                const auto report = queue->work();
                if (!report.waiting.empty() && meanwhile) meanwhile();
                last_wait = report.waiting;
            } catch (const fiscal::simulator::Killed&) {
                restart();
            }
            bench.wire.now_ms += 2'000;
        }
    }
    /// The device's closed fiscal documents since the mark, and what they come to.
    struct Since {
        int receipts = 0, cancelled = 0;
        node::Money total;
    };
    Since since(std::size_t mark) {
        Since since;
        const auto& journal = bench.memory().journal;
        for (std::size_t i = mark; i < journal.size(); ++i) {
            if (journal[i].kind == fiscal::simulator::DocumentKind::fiscal) {
                ++since.receipts;
                since.total += journal[i].total;
            }
            if (journal[i].kind == fiscal::simulator::DocumentKind::cancelled) ++since.cancelled;
        }
        return since;
    }
    std::size_t documents() { return bench.memory().journal.size(); }
    node::Json sell(const std::string& line) {
        const auto answer = shop.play(line);
        CAPTURE(answer.dump());
        REQUIRE(answer.contains("seq"));
        return answer;
    }

    Shop shop;
    Bench bench;
    /// Goes with the line's time, as the device's clock does.
    struct Wall final : node::Clock {
        explicit Wall(fiscal::simulator::Wire& on) : wire(on) {}
        node::Instant now() override { return {instant(monday_morning).ms + wire.now_ms}; }
        fiscal::simulator::Wire& wire;
    } wall{bench.wire};
    std::unique_ptr<fiscal::Device> device;
    std::unique_ptr<fiscal::PrintQueue> queue;
    std::string last_wait;

private:
    fiscal::Mode mode_;
    int starts_ = 0;
};

inline const std::string a_sale =
    "{'lines':[{'code':'TEA','qty':'2','discount':'5'},{'code':'CAKE'}],'pay':[{'with':'card','amount':'20.00'},{'with':'cash','amount':'50.00'}]}";

}  // namespace paprsek::test
