// Customer accounts: how a charge lies on a receipt's lines, and what a part settlement comes to (A1–A7). Pure functions.
#pragma once
#include <vector>

#include "node/customers.h"
#include "node/facts.h"

namespace paprsek::node {

/// What of the receipt's account payment falls on each line: in proportion to what the line costs, largest remainder.
std::vector<Money> charge_of_lines(const ReceiptFact& receipt);
/// Cash handed out for text lines that are charged to the account (A7).
Money loan_of(const ReceiptFact& receipt);
/// What of it comes back with the text lines of `refund`, by the same formula as all else of a refund (rule 10).
Money loan_given_back(const ReceiptFact& sale, const std::vector<ReceiptFact>& before, const ReceiptFact& refund);
/// What settling `quantity` more of an item costs; settling the last of it costs all that is open.
Money price_of_settling(const AccountItem& item, Quantity quantity);

}  // namespace paprsek::node
