// Customers as a branch knows them: HQ's balances and this node's own movements since.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/database.h"
#include "node/pricing.h"

namespace paprsek::node {

struct CustomerRecord {
    CustomerTerms terms;  ///< balances are what holds now: HQ's, and own movements that HQ's do not include yet
    std::optional<std::int64_t> number;
    PersonalTexts texts;
    std::optional<Instant> last_purchase;
};

std::optional<CustomerRecord> customer_by_id(Database& database, std::string_view id);
std::optional<CustomerRecord> customer_by_number(Database& database, std::int64_t number);
/// `card` normalised.
std::optional<CustomerRecord> customer_by_card(Database& database, std::string_view card);

/// The programmes on whose lists the card stands; `card` normalised.
std::vector<std::string> programmes_of(Database& database, std::string_view card);

struct FoundCustomer {
    std::string id;
    std::optional<std::int64_t> number;
    std::string name, card;
};
/// By words of the name, the number or the beginning of a card; empty text = the first by number. At most `limit`.
std::vector<FoundCustomer> search_customers(Database& database, std::string_view text, int limit = 50);

/// Every customer with balances, by number, then card (report customers).
std::vector<CustomerRecord> all_customers(Database& database);

/// An item that was charged to an account and is not settled.
struct AccountItem {
    std::int64_t receipt = 0;
    int line = 0;
    std::string name;
    Instant at;
    std::string cashier;
    Quantity quantity, settled_quantity;
    Money amount, settled;
    Money open() const { return amount - settled; }
};
std::vector<AccountItem> open_items(Database& database, std::string_view customer);

}  // namespace paprsek::node
