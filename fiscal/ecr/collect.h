// A cash register that stands alone (ECR mode): what was sold on its own keys is collected by its counters, one plain sale for all of
// it, a line for each VAT letter. No discount and no customer can come from there.
#pragma once
#include <optional>
#include <string>

#include "fiscal/queue.h"

namespace paprsek::fiscal {

struct Collected {
    std::int64_t seq = 0;  ///< of the sale; 0 = nothing had been sold there
    std::string number;    ///< "3.1-000017"
    node::Money total;
    std::string why;  ///< a sentence where it cannot be collected; empty = done
};

/// Prints an X report (the one way to read the letters' sums) and books what its day holds above what the till printed on it. What is
/// due is printed first. Durable on return.
Collected collect(node::Node& node, Device& device, PrintQueue& queue, const std::string& cashier);

/// By letter: what was sold on the device itself. Below zero where the till printed more than the device holds.
std::vector<node::Money> sold_there(const std::vector<node::Money>& device, const std::vector<node::Money>& ours);

}  // namespace paprsek::fiscal
