#include "fiscal/ecr/collect.h"

#include <fmt/format.h>

#include <algorithm>

#include "fiscal/from_fact.h"
#include "fiscal/vat.h"
#include "node/receipts.h"

namespace paprsek::fiscal {
namespace {

using node::Money;

struct Ours {
    std::vector<Money> letters;
    std::map<node::TenderKind, Money> paid;
};

Ours printed_by_us(node::Node& node, const Device& device, const DeviceRates& rates) {
    Ours ours;
    ours.letters.resize(rates.size());
    for (const std::int64_t seq : node::printed_in_device_day(node.database())) {
        const Receipt receipt = receipt_of(node, seq, Issue::original);
        for (const Line& line : receipt.lines)
            if (const auto letter = letter_of(rates, receipt.rates.at(line.vat)))
                ours.letters[static_cast<std::size_t>(*letter)] += receipt.redemption_is_payment ? line.net : line.paid;
        for (const auto& [tender, sum] : day_change(device.plan(receipt))) ours.paid[tender] += sum;
    }
    return ours;
}

/// The till's group with this rate today.
std::optional<std::string> group_of(node::Node& node, node::Rate rate) {
    const node::Date today = node.zone().local(node.clock().now()).date;
    for (const std::string& group : node.policy().vat_groups())
        if (node.policy().vat_rate(group, today) == rate) return group;
    return std::nullopt;
}

}  // namespace

std::vector<Money> sold_there(const std::vector<Money>& device, const std::vector<Money>& ours) {
    std::vector<Money> sums = device;
    for (std::size_t i = 0; i < sums.size() && i < ours.size(); ++i) sums[i] -= ours[i];
    return sums;
}

Collected collect(node::Node& node, Device& device, PrintQueue& queue, const std::string& cashier) {
    if (!device.profile().fiscal) return {0, {}, {}, "This printer has no counters."};
    if (const auto report = queue.work(); !report.waiting.empty()) return {0, {}, {}, report.waiting};
    if (const auto pending = node::pending_prints(node.database()); pending.all() > 0)
        return {0, {}, {}, "Something waits for a person, so that nobody can tell what was sold on the register: see paprsek device NODE pending."};
    if (auto why = queue.check()) return {0, {}, {}, *why};
    DeviceRates rates;
    Holding holding;
    DayReport report;
    for (Reply reply : {device.vat_rates(rates), device.holding(holding)})
        if (!reply.ok()) return {0, {}, {}, reply.why};
    queue.look_at_day(holding);
    if (Reply reply = device.report(ReportKind::x, report); !reply.ok()) return {0, {}, {}, reply.why};
    const Ours ours = printed_by_us(node, device, rates);
    const auto sums = sold_there(report.by_letter, ours.letters);

    node::ReceiptFact sale;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (sums[i].is_zero()) continue;
        const char letter = static_cast<char>('A' + i);
        if (sums[i] < Money{})
            return {0,
                    {},
                    {},
                    fmt::format("The register holds {} less under letter {} than the till printed on it: its day was closed, or it is another one.",
                                node::print(-sums[i]), letter)};
        const auto group = i < rates.size() && rates[i] ? group_of(node, *rates[i]) : std::nullopt;
        if (!group) return {0, {}, {}, fmt::format("The policy has no VAT group with the rate of the register's letter {}.", letter)};
        node::BookedLine line;
        line.name = fmt::format("Register {} {}", device.identity().serial, letter);
        line.vat = *group;
        line.price = line.gross = line.net = line.paid = sums[i];
        sale.lines.push_back(line);
        sale.rates[*group] = *rates[i];
    }
    if (sale.lines.empty()) return {};
    const Money total = sale.net();
    // By tender as far as the register tells; what it does not tell is no cash.
    Money cash;
    for (const auto& [tender, sum] : holding.day.paid) {
        const auto own = ours.paid.find(tender);
        const Money there = sum - (own == ours.paid.end() ? Money{} : own->second);
        if (tender == node::TenderKind::cash) cash = std::clamp(there, Money{}, total);
    }
    if (!cash.is_zero()) sale.pay.push_back({node::TenderKind::cash, cash, {}});
    if (cash != total) sale.pay.push_back({node::TenderKind::card, total - cash, {}});
    sale.number = node::next_receipt_number(node.database());
    sale.cashier = cashier;
    sale.policy = node.policy().version;
    sale.clock_back_ms = node.ledger().clock_back_ms(node.clock().now());
    node::PrintedFact printed;
    printed.device = device.identity().serial;
    printed.total = total;
    Collected collected;
    collected.number = node::print_receipt_number(node.info().node, sale.number);
    collected.total = total;
    collected.seq = node::book_collected(node, sale, printed);
    return collected;
}

}  // namespace paprsek::fiscal
