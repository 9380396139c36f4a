// "Why this price?" in words of the command line: the reasons that pricing left behind (node/pricing.h), not a second computation.
#pragma once
#include "node/base/json.h"
#include "node/till.h"

namespace paprsek::node {

std::string_view print(Why why);
/// {code or text, qty, price, gross, percent, discount, net, points, why: [{rule, subject, figure}]}
Json explained(const ViewLine& line);

}  // namespace paprsek::node
