// What the till session tells its printer, and asks of it. The session knows no device: fiscal/ stands behind this.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "node/facts.h"

namespace paprsek::node {

struct TillView;

class TillPrinter {
public:
    virtual ~TillPrinter() = default;
    /// A sentence where the printer's mode knows no customers, no discounts (a register in ECR mode); empty = it does.
    virtual std::string no_customers() = 0;
    virtual std::string no_discounts() = 0;
    /// Before a receipt is booked: a sentence where it must not be sold (the printer could not print it, or its VAT rates and clock are
    /// not ours); empty = sell. A printer that cannot be reached refuses only where the setting says that it has to print first.
    virtual std::string refuses(const TillView& view, const std::vector<Tender>& tenders) = 0;
    /// The receipt in hand has changed, or is empty again. Never fails: what cannot be printed now waits for the payment.
    virtual void follow(const TillView& view) = 0;

    struct Prints {
        std::int64_t printed = 0, pending = 0, for_person = 0;
        std::string waiting;  ///< why the rest waits
    };
    /// Prints what is due. After a booking.
    virtual Prints print_due() = 0;
};

}  // namespace paprsek::node
