// The open receipt: what was entered so far. It is kept on disk after each command (T6), so its form is bounded and
// checked when it is read again.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/pricing.h"

namespace paprsek::node {

struct DraftLine {
    LineInput input;
    bool unknown = false;  ///< a code that nobody knows, waiting for a price or to be struck out
};

struct Draft {
    std::vector<DraftLine> lines;
    std::string customer;                 ///< as typed or scanned; empty = none
    std::optional<Money> redeem;          ///< the amount asked for
    bool redeem_most = false;             ///< as much as may be
    std::vector<Approval> approvals;      ///< lent on this receipt so far

    bool empty() const { return lines.empty() && customer.empty(); }
};

std::string draft_json(const Draft& draft);
/// Throws Error on a text that is not a draft.
Draft parse_draft(std::string_view json);

}  // namespace paprsek::node
