// Customers by hand (PRODUCT L4): made, changed, merged, forgotten, and cards added by the pile. Each act is one transaction, durable on
// return; a refused one has booked nothing. Permissions are the caller's matter (needed_for()).
//
// In a chain HQ keeps the customers: a branch changes what it knows of one, by facts that go up like any other, but who is one with
// whom is decided at HQ alone, for a branch does not know whom the others have met. A branch that stands alone decides it itself, and
// HQ takes that over when the branch joins.
//
// Operating errors are thrown as Error. Threads: the node's.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/customers.h"
#include "node/node.h"
#include "node/till.h"

namespace paprsek::node {

/// Who does it, and what a second person lent for it.
struct Hand {
    std::string cashier;
    std::vector<Approval> approvals;
};

/// What becomes of a customer. What is not given stays; an empty text takes away.
struct CustomerChange {
    std::string customer;                 ///< whom: a number or card; empty = a new one
    std::optional<std::string> number;    ///< 1–9999; "next" = the first above all that are taken (not in a chain)
    std::optional<std::string> name, phone, email, address, note, dealer;
    std::optional<std::string> referrer;  ///< a number or card
    std::optional<Rate> discount;         ///< percent
    std::optional<bool> charge;           ///< may charge to the account
    std::optional<Money> limit;           ///< of the account; zero = none
    std::vector<std::string> cards;       ///< are added
    std::vector<std::string> drop_cards;  ///< are taken away: whoever presents one is nobody from then on
};
/// edit_customers, and for discounts and credit grant_terms.
std::vector<Permission> needed_for(const CustomerChange& change);

struct CustomerBooked {
    CustomerRecord customer;              ///< as it stands afterwards
    std::int64_t seq = 0;                 ///< of the act's last fact; 0 = nothing was to be changed
    bool added = false;
};

/// The customer of a number (up to 4 digits), card or id; of a merged one the one that stays.
std::optional<CustomerRecord> named_customer(Database& database, std::string_view text);

Outcome change_customer(Node& node, const Hand& by, const CustomerChange& change, CustomerBooked& booked);

/// From now on the two are one: all balances, cards and unpaid items of `from` are `into`'s, and its number and texts where `into` has
/// none. The sum of all balances stays.
Outcome merge_customers(Node& node, const Hand& by, std::string_view from, std::string_view into, CustomerBooked& booked);
/// Takes them apart again, each with what is booked under its name; `from` by number, card or id as before. What was booked after the
/// merge stays with the one who stayed.
Outcome unmerge_customer(Node& node, const Hand& by, std::string_view from, CustomerBooked& booked);

/// Name, phone, e-mail, address and note are deleted here at once, at HQ and in its branches as facts and state reach them. Number,
/// cards, terms, balances and history stay.
Outcome erase_customer(Node& node, const Hand& by, std::string_view customer, CustomerBooked& booked);

/// Cards one after another, as a scanner types them: each new one becomes a customer.
struct ScannedCard {
    std::string card;
    Outcome outcome;
    bool added = false;   ///< else it was known, or refused
};
std::vector<ScannedCard> add_cards(Node& node, const Hand& by, const std::vector<std::string>& cards);

/// Puts personal texts beside the chain, with a salt; their digest, for the fact. Call within a transaction.
std::string keep_texts(Node& node, const PersonalTexts& texts);

}  // namespace paprsek::node
