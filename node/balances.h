// Many balances at once, at a branch that stands alone (PRODUCT L16, L18): points or spend of all customers set to nothing, that undone,
// and points that expire. In a chain HQ does it (hq/balances.h), and branches hear of it with the customers' rows.
//
// Nothing is deleted: a reset books the opposite of each balance, its undoing the opposite of that, so that balances are exactly as if
// it had not been, with whatever was booked in between. Debts are owed and no loyalty: a reset leaves them.
//
// Durable on return; a refused act has booked nothing. Operating errors are thrown as Error. Threads: the node's.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/customer_desk.h"
#include "node/expiry.h"
#include "node/loyalty_facts.h"

namespace paprsek::node {

enum class ResetOf { accounts, points, spend };  ///< accounts: points and spend
std::string_view print(ResetOf what);
std::optional<ResetOf> parse_reset(std::string_view text);

/// What a reset would do, or did.
struct ResetSummary {
    std::int64_t customers = 0;  ///< whose balance is not zero
    Points points;               ///< their sums
    Money spend;
    std::string phrase;          ///< that confirms it: names what and how many, so that it cannot be typed unread
    std::string batch;           ///< its name once booked, "3.1/57"
    std::int64_t facts = 0;
};
/// "zero the points of 312 customers"
std::string reset_phrase(ResetOf what, std::int64_t customers);
/// Whether somebody typed it: without regard to case and blanks around.
bool confirms(std::string_view typed, const std::string& phrase);
/// The part of a balance that the reset takes, in entries that turn it round.
void note_reset(ResetSummary& summary, std::vector<BalancesFact::Entry>& entries, ResetOf what, const std::string& customer, Points points, Money spend);
/// Cuts entries into facts.
std::vector<BalancesFact> facts_of(const std::vector<BalancesFact::Entry>& entries, const BalancesFact& head);

/// Two questions come before it: what it would do (asked without `confirm`: refused by confirm_reset, with the summary), and its phrase.
Outcome reset_balances(Node& node, const Hand& by, ResetOf what, std::string_view confirm, ResetSummary& summary);
/// Undoes the newest reset that is not undone yet.
Outcome undo_reset(Node& node, const Hand& by, ResetSummary& summary);

/// Of one customer, as of now; nothing where points do not expire here (a branch of a chain, a policy without expiry).
std::optional<Expiry> expiry_of(Node& node, const std::string& customer);
/// For verify: what is kept of customers' lots beside the movements that it follows from; a sentence where they differ.
std::vector<std::string> check_expiry_lots(Database& database, NodeName node, const TimeZone& zone);
/// Books what is due of the customer; in a transaction of its own where the caller has none. True where something was.
bool settle_expiry(Node& node, const std::string& customer);
/// Of all customers; how many there were of whom something was due.
std::int64_t expire_points(Node& node);

}  // namespace paprsek::node
