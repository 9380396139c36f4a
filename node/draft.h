// The open receipt: what was entered so far. It is kept on disk after each command (T6), in hand or put aside (T7), so its form
// is bounded and checked when it is read again.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/pricing.h"

namespace paprsek::node {

struct DraftLine {
    LineInput input;
    bool follows = false;  ///< what is sold along with the line before it: shares its quantity and its end
    bool unknown = false;  ///< a code that nobody knows, waiting for a price or to be struck out
};

struct Draft {
    std::vector<DraftLine> lines;
    std::string customer;                 ///< as typed or scanned; empty = none
    std::string customer_id;              ///< who that was
    std::optional<Money> redeem;          ///< the amount asked for
    bool redeem_most = false;             ///< as much as may be
    Place place;                          ///< its table
    std::int64_t id = 0, revision = 0;    ///< among those put aside (node/parked.h), once it lay there; ids are never given twice
    std::optional<Instant> opened;        ///< when the first thing was entered
    std::vector<Approval> approvals;      ///< lent on this receipt so far
    std::vector<Tender> given;            ///< parts of the payment that were taken already

    /// Nothing that would have to be kept.
    bool empty() const { return lines.empty() && customer.empty() && place.empty() && given.empty(); }
    void log_out();
};

/// One past the line and all that follow it.
std::size_t end_of(const std::vector<DraftLine>& lines, std::size_t line);

/// A part of a receipt: whole lines, or a quantity of them.
struct DraftPart {
    std::size_t line = 0;                 ///< from 0
    std::optional<Quantity> quantity;     ///< nothing = the whole line
};
enum class DivideFault { none, no_such_line, more_than_there, everything, nothing };
/// How much of each line `parts` take off, with what follows a line; none, no_such_line or more_than_there.
DivideFault quantities_of(const Draft& draft, const std::vector<DraftPart>& parts, std::vector<Quantity>& off);
/// Takes `parts` out of `draft`, in the order of its lines, each with the moment at which it was entered; a line takes with it what
/// follows it, unless `parts` name that too. The customer, what points should pay and what was paid stay with the rest. On a fault nothing is
/// changed.
DivideFault divide(Draft& draft, const std::vector<DraftPart>& parts, Draft& taken);

/// Adds the lines of `from` behind those of `into`. Of the two customers the one that there is stays, with what points should
/// pay. False where they are two different ones; nothing is changed then.
bool join(Draft& into, const Draft& from);

std::string draft_json(const Draft& draft);
/// Throws Error on a text that is not a draft.
Draft parse_draft(std::string_view json);

}  // namespace paprsek::node
