#include "fiscal/counter.h"

#include <fmt/format.h>

#include "node/printing.h"
#include "node/receipts.h"

namespace paprsek::fiscal {
namespace {

/// A printer that was not there is not looked for at every sale: each look costs the cashier the time that it takes.
constexpr std::int64_t counter_patience_ms = 15'000;

}  // namespace

QueueOptions queue_options(const DeviceSetting& setting) {
    QueueOptions options;
    options.mode = setting.mode;
    options.clock_tolerance_s = setting.clock_tolerance_s;
    return options;
}

std::string no_customers(const DeviceSetting& setting) {
    return setting.mode == Mode::ecr ? "The register is in ECR mode and takes plain sales only: no customer, so no points and no discounts by card." : "";
}

std::string no_discounts(const DeviceSetting& setting) {
    return setting.mode == Mode::ecr ? "The register is in ECR mode and takes plain sales only: no discounts." : "";
}

Counter::Counter(node::Node& node, DeviceSetting setting, node::Clock& wall, std::unique_ptr<Device> device)
    : node_(node),
      setting_(std::move(setting)),
      wall_(wall),
      device_(device ? std::move(device) : make_device(node, setting_)),
      queue_(node, *device_, wall, queue_options(setting_)),
      lock_(node.folder()) {}

Receipt receipt_in_hand(node::Node& node, const node::TillView& view, const std::vector<node::Tender>& tenders) {
    Receipt receipt;
    const node::Date today = node.zone().local(node.clock().now()).date;
    for (const node::ViewLine& shown : view.lines) {
        if (shown.unknown) continue;
        const node::BookedLine& line = shown.line;
        receipt.lines.push_back({line.code, line.name, line.vat, line.price, line.quantity, line.gross, line.discount, line.net, line.net, line.points});
        if (const auto rate = node.policy().vat_rate(line.vat, today)) receipt.rates[line.vat] = *rate;
    }
    receipt.net = view.net;
    receipt.redeemed = view.redeemed;
    receipt.total = view.due;
    if (view.customer) receipt.buyer.emplace();
    node::Money others;
    for (const node::Tender& tender : tenders) {
        receipt.pay.push_back({tender.with, tender.amount, tender.name});
        if (tender.with != node::TenderKind::cash) others += tender.amount;
    }
    if (others < view.due) receipt.rounding = view.cash_due - view.due;
    return receipt;
}

bool Counter::may_try() {
    if (!lock_.take()) {
        why_gone_ = "Another program drives the printer.";
        return false;
    }
    const std::int64_t now = wall_.now().ms;
    return !gone_since_ || now - gone_since_->ms >= counter_patience_ms || now < gone_since_->ms;
}

void Counter::tried(bool reached) {
    gone_since_.reset();
    if (!reached) gone_since_ = wall_.now();
}

std::string Counter::refuses(const node::TillView& view, const std::vector<node::Tender>& tenders) {
    Receipt receipt = receipt_in_hand(node_, view, tenders);
    receipt.number = node::print_receipt_number(node_.info().node, node::next_receipt_number(node_.database()));
    if (auto why = device_->unfit(receipt)) return *why;
    if (!may_try()) return setting_.print_first ? why_gone_ : "";
    const auto fault = queue_.check();
    tried(device_->connected());
    if (!device_->connected()) {
        why_gone_ = fault.value_or("");
        return setting_.print_first ? why_gone_ : "";
    }
    if (fault) return *fault;
    if (!setting_.print_first) return {};
    if (const auto pending = node::pending_prints(node_.database()); pending.all() > 0)
        return fmt::format("{} receipts are not printed yet, and the printer has to print first: see paprsek device NODE pending.", pending.all());
    Status status;
    if (Reply reply = device_->status(status); !reply.ok()) return reply.why;
    return status.ready() ? std::string() : sentence(status.faults.front());
}

void Counter::follow(const node::TillView& view) {
    if (setting_.mode != Mode::synchronous) return;
    const bool begun = node::print_job(node_.database(), 0).has_value();
    if (view.lines.empty() && !begun) return;
    if (!may_try()) return;
    // What goes wrong here goes wrong again at the payment, and is told there.
    if (view.lines.empty())
        queue_.abandon();
    else
        queue_.follow(receipt_in_hand(node_, view, {}));
    tried(device_->connected());
}

node::TillPrinter::Prints Counter::print_due() {
    Prints prints;
    if (may_try()) {
        const auto report = queue_.work();
        prints.printed = report.printed;
        prints.waiting = report.waiting;
        tried(device_->connected() || report.waiting.empty());
        why_gone_ = report.waiting;
    } else {
        prints.waiting = why_gone_;
    }
    const auto pending = node::pending_prints(node_.database());
    prints.pending = pending.all();
    prints.for_person = pending.person;
    return prints;
}

std::unique_ptr<Counter> make_counter(node::Node& node, node::Clock& wall) {
    DeviceSetting setting = device_setting(node);
    const Profile* profile = find_profile(setting.profile);
    if (!profile || profile->dialect == Dialect::none) return nullptr;
    return std::make_unique<Counter>(node, std::move(setting), wall);
}

}  // namespace paprsek::fiscal
