// A fact: one immutable entry of a node's ledger, and the chain that binds facts together (DESIGN.md "The ledger").
//
// A node writes facts 1, 2, 3 …; each carries the hash of everything before it, so that nobody can change, drop or
// insert one unseen. `body` is canonical JSON and is hashed, stored and sent as the same bytes.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace paprsek::schema {

using Hash = std::array<unsigned char, 32>;

/// What a ledger may hold; the same bounds are checked before writing and after reading from outside.
inline constexpr std::size_t max_kind_bytes = 40;
inline constexpr std::size_t max_body_bytes = 1u << 20;

struct Fact {
    std::int64_t seq = 0;  ///< 1, 2, 3 … without holes within a node
    std::int64_t at = 0;   ///< milliseconds since 1970-01-01T00:00Z by the node's clock
    std::string kind;      ///< one of `kind::…`; a kind not known here is stored all the same
    std::string body;      ///< canonical JSON: keys sorted, no blanks, amounts as integers
    Hash hash{};
};

/// The hash before fact 1. It names the node, so that facts of one node cannot be passed off as another's.
/// BLAKE2b-256("paprsek ledger 1\n" ‖ node), node as in "3.1".
Hash genesis(std::string_view node);

/// BLAKE2b-256(previous 32 bytes ‖ seq ‖ at ‖ length of kind ‖ kind ‖ length of body ‖ body); seq and at are 8 bytes,
/// the lengths 4, all big-endian.
Hash chain(const Hash& previous, std::int64_t seq, std::int64_t at, std::string_view kind, std::string_view body);

std::string to_hex(const Hash& hash);
/// Exactly 64 hexadecimal digits, else false and `hash` is untouched.
bool from_hex(std::string_view text, Hash& hash);

/// The kinds of fact; what each body holds stands in schema/facts/KIND.json.
namespace kind {
inline constexpr std::string_view node_created = "node.created";
inline constexpr std::string_view node_enrolled = "node.enrolled";
inline constexpr std::string_view catalogue_imported = "catalogue.imported";
inline constexpr std::string_view policy_set = "policy.set";
inline constexpr std::string_view customer_set = "customer.set";
inline constexpr std::string_view opening = "opening";
inline constexpr std::string_view sale = "sale";
inline constexpr std::string_view refund = "refund";
inline constexpr std::string_view deposit = "deposit";
inline constexpr std::string_view settlement = "settlement";
inline constexpr std::string_view cash = "cash";
inline constexpr std::string_view correction = "correction";
inline constexpr std::string_view day_closed = "day.closed";
inline constexpr std::string_view right_begun = "right.begun";
inline constexpr std::string_view right_granted = "right.granted";
inline constexpr std::string_view right_returned = "right.returned";
inline constexpr std::string_view right_written_off = "right.written_off";
inline constexpr std::string_view line_voided = "line.voided";
inline constexpr std::string_view receipt_voided = "receipt.voided";
inline constexpr std::string_view user_set = "user.set";
inline constexpr std::string_view shift_opened = "shift.opened";
inline constexpr std::string_view shift_closed = "shift.closed";
inline constexpr std::string_view device_set = "device.set";
inline constexpr std::string_view receipt_printed = "receipt.printed";
inline constexpr std::string_view device_closed = "device.closed";
inline constexpr std::string_view stock_received = "stock.received";
inline constexpr std::string_view stock_adjusted = "stock.adjusted";
inline constexpr std::string_view stock_counted = "stock.counted";
inline constexpr std::string_view stock_sent = "stock.sent";
inline constexpr std::string_view stock_arrived = "stock.arrived";
// Of whoever keeps the customers: headquarters, or a branch that stands alone.
inline constexpr std::string_view customer_merged = "customer.merged";
inline constexpr std::string_view customer_unmerged = "customer.unmerged";
inline constexpr std::string_view balances_reset = "balances.reset";
inline constexpr std::string_view balances_restored = "balances.restored";
inline constexpr std::string_view points_expired = "points.expired";
// Of anybody who knows the customer.
inline constexpr std::string_view customer_erased = "customer.erased";
// Of headquarters alone.
inline constexpr std::string_view exception_resolved = "exception.resolved";
/// Those that this version understands.
inline constexpr std::array all = {
    node_created,    node_enrolled,     catalogue_imported, policy_set,       customer_set,    opening,        sale,
    refund,          deposit,           settlement,         cash,             correction,      day_closed,     right_begun,
    right_granted,   right_returned,    right_written_off,  line_voided,      receipt_voided,  user_set,       shift_opened,
    shift_closed,    stock_received,    stock_adjusted,     stock_counted,    stock_sent,      stock_arrived,  customer_merged,
    customer_unmerged, balances_reset,  balances_restored,  points_expired,   customer_erased, exception_resolved,
    device_set,      receipt_printed,   device_closed,
};
}  // namespace kind

}  // namespace paprsek::schema
