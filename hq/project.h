// From facts to rows: what follows from a fact at HQ. Balances are carried in memory through a transaction and written
// once, rows are gathered and written in bulk.
//
// What a fact means for balances is node::movements_of's to say, here as in the branch.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hq/store.h"
#include "hq/watch.h"

namespace paprsek::hq {

class Projector {
public:
    /// Works within a writing transaction of `store`; `now` stamps exceptions.
    Projector(Store& store, node::Instant now) : store_(store), facts_(store), watching_(true), watch_(store, now) {}
    /// Rebuilds: what was projected once goes into `store` again, facts are read from `facts`, and only that is noticed which
    /// follows from facts alone.
    Projector(Store& store, node::Instant now, Store& facts) : store_(store), facts_(facts), watching_(false), watch_(store, now) {}

    /// About how many facts will come, at most: makes room for the rows of so many sales.
    void expect(std::int64_t facts);
    /// A fact that has just come: notices what is wrong with its clock, and projects it.
    void take(const FactView& fact);
    /// A fact that does not have the form of its kind, or that would carry a balance out of range, leaves nothing behind
    /// but an exception with the reason. A kind that is not known is kept for a version that knows it.
    void project(const FactView& fact);
    /// Writes all that was gathered; call once before the transaction commits. Every customer that changed gets one new
    /// version, however many facts changed it.
    void finish();

    std::int64_t sales() const { return sales_; }              ///< projected: sales and refunds
    std::int64_t unknown() const { return unknown_; }          ///< of kinds that this version does not know
    std::int64_t customers() const { return customers_; }      ///< whose row changed; after finish()
    const std::vector<Exception>& exceptions() const { return watch_.exceptions(); }  ///< new ones
    /// Rows of customers whose balances or rights moved; after finish(). Some stand twice.
    const std::vector<std::int64_t>& touched() const { return touched_; }
    bool begun() const { return begun_; }                      ///< a node's rights began (hq/rights.h)

private:
    Account& account(std::string_view id, bool* added = nullptr);
    Account& account_at(std::int64_t row);
    Account& keep(const Account& account);
    Account& main_of(Account& account);

    void project_known(const FactView& fact);
    void user(const FactView& fact);
    void receipt(const FactView& fact);
    void refunded(const FactView& fact, const node::ReceiptFact& refund);
    void sold_late(const FactView& fact);
    void stock(const FactView& fact);
    void move_stock(int branch, std::int64_t stock, std::span<const std::pair<std::int64_t, std::int64_t>> moves);
    void act(const FactView& fact);
    void right(const FactView& fact);
    void voided(const FactView& fact);
    void customer(const FactView& fact);
    bool was_taken_away(const node::CustomerFact& set, const std::string& card);
    void balances(const FactView& fact);
    void brought(const FactView& fact);
    void bring(const FactView& fact, const node::ProductRow& product, const std::vector<std::string>& vat);
    void erase(const FactView& fact);
    void drop_texts(const std::string& digest, const Account& main);
    bool is_described(const FactView& fact, const CustomerRecord& record);
    bool was_erased(const CustomerRecord& record);
    void tell_difference(const FactView& fact, const node::CustomerFact& set, const CustomerRecord& held);
    void close_difference(const std::string& customer, const std::string& remedy);
    bool kept_customers_itself(const FactView& fact);
    void book(const FactView& fact, const std::vector<node::Movement>& movements);
    void claim_card(Account& account, const std::string& card, node::Json& clashes);
    void tell_duplicates(const FactView& fact, const std::string& customer, const Account& main, const node::Json& clashes);
    void merge(Account& from, Account& into);
    void merge_by_hand(const FactView& fact);
    void undo_merge(const FactView& fact);
    void settle_duplicates();
    void resolve(const FactView& fact);
    void retry(const node::ResolutionFact& resolution);
    void write();

    Store& store_;
    Store& facts_;
    bool watching_;
    Watch watch_;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> row_of_;
    std::unordered_map<std::int64_t, Account> accounts_;  // addresses stay valid while it grows
    struct Level {
        std::int64_t quantity = 0;
        bool changed = false;
    };
    struct KeyHash {
        std::size_t operator()(const StockKey& key) const {
            return std::hash<std::int64_t>{}((key.branch << 50) ^ (key.stock << 34) ^ key.product);
        }
    };
    std::unordered_map<StockKey, Level, KeyHash> levels_;
    Changes changes_;
    std::vector<std::int64_t> touched_;
    bool begun_ = false;
    std::optional<bool> early_refunds_;  ///< some wait for their sale
    std::int64_t sales_ = 0, unknown_ = 0, customers_ = 0;
};

/// Nothing is known of the customer but this card, from which its identity derives: whoever holds the card is this customer.
bool is_card_alone(Store& store, std::int64_t customer, const std::string& card);

/// Whether a sum is one that a balance or a level may have.
inline bool fits(std::int64_t value) { return value <= node::Money::max_value && value >= -node::Money::max_value; }

/// Whether this version projects facts of the kind (some to nothing).
bool is_known_kind(std::string_view kind);

/// Of an HQ that an older version made: which sales its refunds are of. Opens a transaction of its own where that is not known yet.
void name_refunds(Store& store, node::Instant now);

/// Facts kept for a version that knows their kind: projects those that this version knows. Opens a transaction of its own
/// where there are any.
void project_kept(Store& store, node::Instant now);

}  // namespace paprsek::hq
