// Customers of a branch who are one with another: whose facts count for whom. Called where HQ's state says so, and where the facts of
// a branch that stands alone do. All within the caller's transaction.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "node/base/database.h"

namespace paprsek::node {

/// Aliases are few; a merged customer's facts count for the one that it was merged into.
std::string main_customer(Database& database, const std::string& customer);

/// Own facts that name the alias count for the customer from now on; the alias' own row and cards are gone.
void join_alias(Database& database, const std::string& alias, const std::string& customer);
/// The two were taken apart again: own facts that name the alias count for it, and no longer for the other.
void part_alias(Database& database, const std::string& alias, const std::string& customer);

/// Who was merged with whom, by facts customer.merged and customer.unmerged in their order.
class MergeTree {
public:
    void merge(const std::string& from, const std::string& into) { into_[from] = into; }
    void unmerge(const std::string& from) { into_.erase(from); }
    std::string main_of(std::string customer) const {
        for (auto next = into_.find(customer); next != into_.end(); next = into_.find(customer)) customer = next->second;
        return customer;
    }
    /// Every alias with its main customer.
    std::map<std::string, std::string> aliases() const {
        std::map<std::string, std::string> all;
        for (const auto& [alias, into] : into_) all[alias] = main_of(into);
        return all;
    }

private:
    std::map<std::string, std::string> into_;
};

/// Deletes the personal texts that own facts up to `own_seq` left beside the chain for the customer and those who are one with it.
/// Reads all those facts.
void forget_texts(Database& database, const std::string& customer, std::int64_t own_seq);
/// A row of HQ's says nothing of a customer of whom something stands here: the person was erased.
void forget_erased(Database& database, const std::string& customer, std::int64_t own_seq);

}  // namespace paprsek::node
