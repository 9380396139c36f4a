// Receipts put aside, some of them at a table (T7), as they lie in the ledger's file. node/till.h is where they are worked with.
//
// Every function runs in the caller's transaction. A receipt lies in one place only: here, or in a till's hand.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/base/database.h"
#include "node/draft.h"
#include "node/node.h"

namespace paprsek::node {

inline constexpr std::size_t max_parked = 1000;
inline constexpr std::size_t max_place_bytes = 60;

struct ParkedReceipt {
    Draft draft;          ///< with its id and revision
    Instant parked;
    std::string cashier;  ///< who put it aside
};

/// Both names trimmed and composed; nothing where one is too long, no text, or an area stands without a table.
std::optional<Place> checked_place(const Place& place);
/// Places compare without case and marks.
bool same_place(const Place& a, const Place& b);

/// By area and table; those at no table first.
std::vector<ParkedReceipt> all_parked(Database& database);
std::optional<ParkedReceipt> parked_by_id(Database& database, std::int64_t id);
std::optional<ParkedReceipt> parked_at(Database& database, const Place& place);
std::int64_t count_parked(Database& database);

/// Under the id that it had before, or a new one; returns it. The place must be free.
std::int64_t put_aside(Database& database, const Draft& draft, Instant now, const std::string& cashier);
/// Writes what was changed, or takes the receipt out. False where somebody else has changed or taken it since it was read.
bool change_parked(Database& database, const ParkedReceipt& parked);
bool take_up(Database& database, const Draft& draft);

inline constexpr std::size_t max_tables = 1000;
/// [{"area":"Garden","tables":["1","2"]}]. Throws Error (refused) naming `what`.
std::vector<Area> parse_tables(std::string_view json, const std::string& what);
std::vector<Area> areas_of(const Json& list, const std::string& what);
/// The policy's plan for the branch, where it has one; else the one that this till was given.
std::vector<Area> tables_of(Node& node);
/// Durable on return. Refused where the policy has a plan for the branch.
void set_tables(Node& node, const std::vector<Area>& areas);
Json areas_json(const std::vector<Area>& areas);
std::string tables_json(const std::vector<Area>& areas);

}  // namespace paprsek::node
