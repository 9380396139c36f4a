// State from above: the rows of catalogue, policy and customers that a branch works with. HQ writes them, the branch
// applies them; a branch that stands alone applies its own imports the same way.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "node/base/database.h"
#include "node/base/decimal.h"
#include "node/facts.h"

namespace paprsek::node {

struct GroupRow {
    std::string name;    ///< compared without case
    std::string parent;  ///< empty = none
    bool excluded = false;
};

struct ProductRow {
    std::string key;                 ///< the code under which it was first known (normalised)
    std::vector<std::string> codes;  ///< normalised (node/codes.h), the key among them
    std::string name;
    std::string group;               ///< empty = none
    Money price;
    std::string vat;
    std::optional<Money> cost;
    std::optional<Points> points;    ///< set by hand; none = by policy
    std::string dealers;             ///< "DEA:20|VIP:30", as parse_dealers (node/imports.h) takes it
    std::string prices = {};         ///< of lists and of days to come, as parse_listed_prices (node/price_list.h) takes them
    std::string linked = {};         ///< codes of what is sold along with it, "C1|C2" (normalised)
};

struct CustomerRow {
    std::string id;
    std::optional<std::int64_t> number;
    PersonalTexts texts;
    std::vector<std::string> cards;    ///< normalised
    std::vector<std::string> aliases;  ///< customers that were merged into this one
    std::string dealer;
    Rate discount;
    bool charge = false;
    Money limit;                       ///< zero = none
    std::string referrer;              ///< a customer's id
    Points points;                     ///< HQ's balances; of a branch that stands alone: zero
    Money spend, debt;
    std::optional<Instant> last;       ///< last purchase that HQ knows of
};

/// What HQ has granted to the node that the row goes to, since its right.begun (node/rights.h). Follows the customer's row and has
/// its version, so that both are taken over at once.
struct RightRow {
    std::string customer;
    std::int64_t epoch = 1, begun = 0;
    Points points;                     ///< in all, also of customers that were merged into this one
    Money credit;
    bool home = false;                 ///< the customer asked or bought there last
};

/// One row on its way from HQ to a branch. `body` is canonical JSON; empty = the row is gone.
struct StateRow {
    /// "group", "product", "policy", "customer", "right", "receipt", "user", "listed_card"; others are ignored by a node that does not know them
    std::string kind;
    std::string key;
    std::int64_t version = 0;
    std::string body;
};

StateRow state_row(const GroupRow& row, std::int64_t version);
StateRow state_row(const ProductRow& row, std::int64_t version);
StateRow state_row(const CustomerRow& row, std::int64_t version);
StateRow right_state_row(const RightRow& row, std::int64_t version);
/// `policy` is the policy's JSON; its version is the row's.
StateRow policy_state_row(const std::string& policy, std::int64_t version);
/// A card and the programmes on whose lists it stands, a JSON array of names; "[]" = the row is gone.
StateRow listed_card_row(const std::string& card, const std::string& programmes, std::int64_t version);

/// Writes one row into the branch's tables; call within a transaction. For customers, `own_seq` is the seq of this node
/// up to which HQ's balances in the row include this node's own facts. Applying a row twice changes nothing more.
/// Throws Error (refused) on a row that does not have the form.
void apply_state(Database& database, const StateRow& row, std::int64_t own_seq);

/// Of a state that has been read from the start: the rows that stand here and that HQ has not named (node/state_digest.h). They are
/// gone; but customers of whom this node knows something that HQ has not confirmed (facts after `own_seq`, movements) stay, with no
/// balance of HQ's.
class UnnamedState {
public:
    /// Looks at every row: better without holding the ledger.
    UnnamedState(Database& database, std::int64_t own_seq);
    bool empty() const { return next_ == keys_.size(); }
    /// The next `rows`, unless HQ has named them meanwhile. Call within a transaction.
    void drop(std::int64_t rows);

private:
    struct Key {
        std::string kind, key;
    };
    void note_customers_set();
    void drop(const Key& key);
    Database& database_;
    std::int64_t seen_;                       ///< facts through this one
    std::unordered_set<std::string> set_here_;  ///< customers whom those after `own_seq` set
    std::vector<Key> keys_;
    std::size_t next_ = 0;
};

void apply(Database& database, const GroupRow& row, std::int64_t version);
void apply(Database& database, const ProductRow& row, std::int64_t version);
void apply(Database& database, const CustomerRow& row, std::int64_t version, std::int64_t own_seq);

}  // namespace paprsek::node
