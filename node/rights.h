// Rights: what of a customer's points and credit a node may spend without asking, so that no balance goes below zero by
// spending, whatever is offline (DESIGN.md "Rights"; Balegas et al. 2015, bounded counter).
//
// A holder is one life of one ledger: node, epoch, and the fact right.begun from which its rights count. Of each customer it may
// spend what HQ granted it since, and what it earned itself since, less what it spent and gave back:
//   right = granted − returned + own movements.      HQ's reserve = balance − Σ rights of all holders.
// HQ grants from its reserve only, a holder spends from its right only; so the true balance, with every fact that is still
// offline, is at least what lies in the reserve. A right goes below zero by a refund or a correction alone (rule 10).
//
// A ledger that was restored holds nothing until HQ has ended its epoch: the lost copy may have spent the rights already.
//
// Threads and transactions: as Node.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/node.h"

namespace paprsek::node {

struct Right {
    Points points;
    Money credit;  ///< that may still be charged to the account; counts where the customer has a limit
    friend bool operator==(const Right&, const Right&) = default;
};

/// How much stays with the holder where the customer is at home, of what is there to spend in the whole chain; the rest is HQ's to
/// give to whoever asks. Half the reserve is slack in both directions, so that a right does not travel with every sale.
template <class D>
D share_of(D available, Rate reserve) {
    if (available < D{}) return D{};
    const Wide kept = Wide{available.raw()} * (hundred_percent - reserve).raw() / hundred_percent.raw();
    return D::of(static_cast<std::int64_t>(kept));
}
/// What a holder gives back of its right: all above `keep`, once it is above `keep` by more than `slack`.
template <class D>
D surplus_of(D right, D keep, D slack) {
    return right > keep + slack ? right - keep : D{};
}
/// What HQ adds to the right of the holder at home: up to its share, once it is below half of it.
template <class D>
D shortage_of(D right, D share) {
    return right + right < share ? share - right : D{};
}

/// How this node stands to rights.
struct RightsStanding {
    bool bound = false;                ///< the policy says rights, and the node belongs to an HQ
    bool restored = false;             ///< from a backup, and HQ has not heard of it
    std::optional<std::int64_t> begun; ///< seq of the right.begun that counts; none: nothing may be spent yet
    std::string era;                   ///< that it names
};
RightsStanding rights_standing(Node& node);

/// What may be spent of the customer; zero where the node is not bound or has not begun. May be below zero.
Right right_of(Node& node, const RightsStanding& standing, const std::string& customer);

/// A cashier wanted what takes this right: HQ is asked for it with the next exchanges, until the customer has bought or a week has
/// passed. Call within a transaction.
void wish(Node& node, const std::string& customer, const Right& needed, Instant at);
/// Call within a transaction.
void drop_wish(Node& node, const std::string& customer);
/// The rights that the wishes take and that this node has not got, at most so many of the newest. Whole rights, not what is missing to
/// them: HQ knows what it has granted meanwhile.
std::vector<RightFact::Entry> wanted_rights(Node& node, std::size_t most);
/// Grows with each wish, also for a receipt (node/foreign_receipts.h), so that an agent sees one.
std::int64_t wishes_made(Node& node);
/// One more. Call within a transaction.
void note_wish(Node& node);

/// HQ's era is another one than that of the newest right.begun: what was held goes back, and rights count from a new fact on.
/// True when one was appended. The caller holds no transaction.
bool begin_rights(Node& node, const std::string& era);

/// Before each exchange: gives back to HQ what lies above the node's share, by facts right.returned in transactions of their own.
/// A restored ledger gets the word by which HQ's answer will be known. Returns the number of customers of whom something went back.
std::int64_t settle_rights(Node& node);

/// Setting that restore() and a rebuild leave; see settle_rights().
inline constexpr const char* restored_setting = "restored";
/// Its first value; restore() has no randomness to draw a word with.
inline constexpr std::string_view fresh_restore = "new";
/// The word that HQ has to answer; empty: nothing was restored, or settle_rights() has not run since.
std::string restored_word(Node& node);
/// HQ answered `word`: the ledger's former epoch has ended. Call within a transaction.
void note_renewed(Node& node, const std::string& word);

}  // namespace paprsek::node
