// What is noticed while facts are taken over, and is for a person to look at: an overdraft, a clock that is wrong, a product
// that HQ does not have. Nothing of it holds up a fact. An exception that is told is not told again about the same subject
// while somebody has it open or has accepted it; one whose reason is gone settles by itself.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "hq/store.h"

namespace paprsek::hq {

/// A fact on its way into the projections. The views must live as long as it is looked at.
struct FactView {
    FactId id = 0;
    std::int64_t at = 0;
    std::string_view kind;
    std::string_view body;
    node::NodeName node;
    std::int64_t epoch = 1;
    std::optional<node::Instant> act_before{};  ///< the node's clock at the last act before this one, of the same epoch
};

/// A clock may differ from HQ's, or go back against itself, by this much before anybody is told: it was set right by hand,
/// or by the network.
inline constexpr std::int64_t clock_tolerance_ms = 10 * 60'000;

/// What a person does at a till. Not the facts of setting a node up: a ledger into which older receipts are entered begins later.
bool is_act(std::string_view kind);

/// Where a customer's money stands by the order in which things happened, over all branches.
///
/// Overdrawn are points below zero where a redemption was not covered at its time by what all branches together had booked
/// before: two branches took the same points. A refund alone may take points below zero (PRODUCT.md rule 10) and is none.
/// Overdrawn is a debt above the customer's limit, which no single till lets pass.
struct Overdraft {
    bool points = false, debt = false;
    std::vector<AccountMovement> led_there;  ///< the last ten that took points (or charged), oldest first
    bool any() const { return points || debt; }
};
/// `movements` by time, as Store::movements gives them.
Overdraft overdraft(const std::vector<AccountMovement>& movements, std::int64_t limit);

class Watch {
public:
    /// Works within a writing transaction of `store`.
    Watch(Store& store, node::Instant now) : store_(store), now_(now) {}

    /// True where it is new.
    bool raise(Exception exception);
    bool raise(const FactView& fact, std::string_view kind, std::string subject, node::Json evidence);
    /// Closes what is open or accepted about the subject.
    void close(std::string_view kind, std::string_view subject, ExceptionState state, const std::string& remedy = {});

    /// A fact of kind is_act().
    void act(const FactView& fact);
    /// A line of a sale; `word` is the number of its product's key.
    void line(const FactView& fact, const node::BookedLine& line, std::int64_t word);
    /// A customer whose movements are written.
    void balance(const Account& account);
    /// A customer became another's alias.
    void alias(const Account& account);
    /// Writes what was gathered; before the transaction commits.
    void finish();

    const std::vector<Exception>& exceptions() const { return exceptions_; }  ///< new ones
    node::Instant now() const { return now_; }

private:
    /// The facts of one node with a wrong clock, on their way into one exception.
    struct Skew {
        Exception exception;
        bool changed = false;
    };
    Skew& skew_of(const FactView& fact);
    void evaluate(const Account& account, const std::string& id);

    Store& store_;
    node::Instant now_;
    std::map<node::NodeName, Skew> skews_;
    std::unordered_set<std::int64_t> unknown_products_;  ///< words
    std::optional<std::unordered_map<std::int64_t, std::string>> overdrawn_;  ///< ids of customers with a live exception, by row
    std::vector<Exception> exceptions_;
};

}  // namespace paprsek::hq
