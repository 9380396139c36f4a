// A driver and a simulated device on a line in memory.
#pragma once
#include <doctest/doctest.h>

#include "fiscal/datecs/device.h"
#include "fiscal/simulator/wire.h"
#include "tests/support/shop.h"

namespace paprsek::test {

inline constexpr std::int64_t wall_clock = 1'772'446'500;  ///< 2026-03-02 10:15 as the device's clock shows it
inline const std::vector<std::string> datecs_profiles = {"datecs-p550", "datecs-p", "datecs-ecr", "datecs-x"};

inline fiscal::simulator::Settings device_settings(const std::string& profile) {
    fiscal::simulator::Settings settings;
    settings.profile = *fiscal::find_profile(profile);
    settings.rates = {node::Rate::of(21'000'000), node::Rate::of(12'000'000), node::Rate::of(0), std::nullopt};
    return settings;
}

/// One device on one line, and drivers for it.
struct Bench {
    explicit Bench(const std::string& profile, fiscal::simulator::Behaviour behaviour = {}, bool counts_at_opening = true)
        : name(profile), machine(make(profile, counts_at_opening), {}, behaviour), wire(machine) {
        machine.device().local_seconds = [this] { return wall_clock + wire.now_ms / 1000; };
    }
    static fiscal::simulator::Settings make(const std::string& profile, bool counts_at_opening) {
        auto settings = device_settings(profile);
        settings.counts_at_opening = counts_at_opening;
        return settings;
    }
    std::unique_ptr<fiscal::Device> driver(unsigned char sequence = 0x20) {
        fiscal::datecs::Options options;
        options.profile = *fiscal::find_profile(name);
        options.address = "memory";
        options.sequence = sequence;
        options.open = [this] { return wire.open(); };
        return fiscal::datecs::make_device(std::move(options));
    }
    const fiscal::simulator::Memory& memory() { return machine.device().memory(); }
    /// Closed fiscal documents whose text has `mark`.
    int printed(const std::string& mark) {
        int count = 0;
        for (const auto& document : memory().journal)
            if (document.kind == fiscal::simulator::DocumentKind::fiscal && document.text.find(mark) != std::string::npos) ++count;
        return count;
    }
    std::string name;
    fiscal::simulator::Machine machine;
    fiscal::simulator::Wire wire;
};

/// Lines: name, price, quantity, discount; paid in cash unless tenders are given.
inline fiscal::Line line(const std::string& name, const std::string& price, const std::string& quantity = "1", const std::string& discount = "0",
                         const std::string& vat = "A") {
    fiscal::Line made;
    made.name = name;
    made.vat = vat;
    made.price = money(price);
    made.quantity = amount<node::Quantity>(quantity);
    made.gross = node::times(made.price, made.quantity);
    made.discount = money(discount);
    made.net = made.paid = made.gross - made.discount;
    return made;
}

inline fiscal::Receipt receipt(const std::string& number, std::vector<fiscal::Line> lines, std::vector<fiscal::Tender> pay = {}) {
    fiscal::Receipt made;
    made.number = number;
    made.lines = std::move(lines);
    made.rates = {{"A", rate("21")}, {"B", rate("12")}};
    for (const fiscal::Line& line : made.lines) made.net += line.net;
    made.total = made.net;
    made.pay = pay.empty() ? std::vector<fiscal::Tender>{{node::TenderKind::cash, made.total, {}}} : std::move(pay);
    node::Money paid;
    for (const auto& tender : made.pay) paid += tender.amount;
    made.change = paid - made.total;
    return made;
}

}  // namespace paprsek::test
