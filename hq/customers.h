// Who a customer is at HQ, and two customers that are one (PRODUCT.md L4). A merge is a fact of HQ's own and can be undone:
// movements keep the customer that their fact names, so that the sum of all balances never changes by either.
#pragma once
#include <string>

#include "hq/store.h"
#include "node/base/random.h"

namespace paprsek::hq {

/// Row of the customer with this number, card or id; of a merged one the row of the customer that stays. Throws Error (refused)
/// where there is none.
std::int64_t find_customer(Store& store, const std::string& text);

/// What a fact must say to leave all as it is; cards are added by a fact and stand beside.
node::CustomerFact fact_of(const CustomerRecord& record);

/// Keeps personal texts beside the chain; their digest, for the fact.
std::string keep_texts(Store& store, const node::PersonalTexts& texts, node::Random& random);

/// All movements, cards and aliases of `from` count for `into`; its number and its personal texts where `into` has none.
/// Refuses (Error) two that are one already. Durable on return; branches hear of it with their next exchange.
void merge_customers(Store& store, const std::string& from, const std::string& into, node::Instant now);

/// Deletes name, phone, e-mail, address and note everywhere; balances stay. The customer's row. Durable on return.
std::int64_t erase_customer(Store& store, const std::string& customer, node::Instant now);

/// Undoes merge_customers; `from` is named by number, card or id as before the merge. Refuses (Error) a customer that was not
/// merged by hand: one that is nothing but another's card would only be joined to it again.
/// The row of the customer that is one again.
std::int64_t unmerge_customer(Store& store, const std::string& from, node::Instant now);

}  // namespace paprsek::hq
