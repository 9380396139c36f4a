// From what lies in a node's ledger to what a printer takes. Queries only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fiscal/receipt.h"
#include "fiscal/receipt/layout.h"
#include "node/node.h"

namespace paprsek::fiscal {

/// What this till prints beside the facts: its own setting, not the chain's.
struct Stationery {
    std::vector<std::string> header;  ///< under the shop's name: address, tax numbers
    std::vector<std::string> footer;
    int columns = 48;
    ProofAs proof = ProofAs::qr;
    std::shared_ptr<const Bitmap> logo;
};
inline constexpr std::size_t most_stationery_lines = 20, most_stationery_letters = 200;

/// As set, else nothing but the shop's name.
Stationery stationery(node::Node& node);
/// As it is kept: another text is another stationery.
std::string kept_stationery(node::Node& node);
/// {"header":["Nádražní 1, Brno","IČO 12345678"],"footer":["Děkujeme"],"columns":48,"proof":"qr"}; what is left out is as at first, a
/// key that is not known is refused. `logo`: a PNG's bytes; nothing = the logo stays, empty = no logo. Durable on return. Throws Error.
void set_stationery(node::Node& node, std::string_view json, const std::string& what, std::optional<std::string_view> logo = {});
/// The document that set_stationery() takes, with every key, and how large the logo is.
node::Json stationery_json(const Stationery& stationery);

/// `copy`: printed again, so that balances are as of now and it is marked; else HQ's state says how fresh they are.
enum class Issue { original, copy };

/// A sale or refund by the seq of its fact (negative: beside the ledger). Requires that it is one.
Receipt receipt_of(node::Node& node, std::int64_t seq, Issue issue);

/// How slips of this node look; `columns` of the printer, else the stationery's.
Form form_of(node::Node& node, std::optional<int> columns = {});

/// A slip by what a person calls it:
///   3.1-000017            a receipt
///   3.1/41                what fact 41 booked: settlement, deposit, cash, correction, shift, Z, also a receipt
///   z, z5                 the newest Z report, or number 5
///   x                     what came in since then
/// Throws Error (refused) where there is no such thing, or nothing that has a slip.
Slip slip_of(node::Node& node, std::string_view name, const Form& form, Issue issue);
/// Unpaid items of the customer (number or card), full or brief (A5). Refuses a customer who is not known.
Slip statement_of(node::Node& node, std::string_view customer, bool brief, const Form& form);

}  // namespace paprsek::fiscal
