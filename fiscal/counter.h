// The printer behind the till session: what a sale asks of it, by the setting. Selling goes on where it cannot be reached (unless the
// setting says that it prints first); what it must not be sold with is refused in a sentence.
#pragma once
#include "fiscal/queue.h"
#include "fiscal/setting.h"
#include "node/till.h"
#include "node/till_printer.h"

namespace paprsek::fiscal {

/// The receipt in hand as it would be booked now, with these tenders; without a number, for nothing with a number is in hand.
Receipt receipt_in_hand(node::Node& node, const node::TillView& view, const std::vector<node::Tender>& tenders);
/// Sentences where the setting's mode knows no customers, no discounts; empty = it does.
std::string no_customers(const DeviceSetting& setting);
std::string no_discounts(const DeviceSetting& setting);
QueueOptions queue_options(const DeviceSetting& setting);

class Counter final : public node::TillPrinter {
public:
    /// `wall`: the real time. `device` is made from the setting unless a test brings one.
    Counter(node::Node& node, DeviceSetting setting, node::Clock& wall, std::unique_ptr<Device> device = nullptr);

    std::string no_customers() override { return fiscal::no_customers(setting_); }
    std::string no_discounts() override { return fiscal::no_discounts(setting_); }
    std::string refuses(const node::TillView& view, const std::vector<node::Tender>& tenders) override;
    void follow(const node::TillView& view) override;
    Prints print_due() override;

    PrintQueue& queue() { return queue_; }
    Device& device() { return *device_; }
    /// False while another program has the device.
    bool take() { return lock_.take(); }

private:
    bool may_try();
    void tried(bool reached);

    node::Node& node_;
    DeviceSetting setting_;
    node::Clock& wall_;
    std::unique_ptr<Device> device_;
    PrintQueue queue_;
    DeviceLock lock_;
    std::optional<node::Instant> gone_since_;  ///< the last time that it could not be reached
    std::string why_gone_;
};

/// Where the node's setting names a printer.
std::unique_ptr<Counter> make_counter(node::Node& node, node::Clock& wall);

}  // namespace paprsek::fiscal
