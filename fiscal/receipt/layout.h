// Every slip of paper, laid out by pure functions from plain data: what is on paper follows from the fact, its hash and the form alone.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fiscal/receipt.h"
#include "fiscal/receipt/slip.h"
#include "node/base/json.h"

namespace paprsek::fiscal {

/// What the code at the end is (receipt/proof.h). Bars where the seq fits, else QR.
enum class ProofAs { none, qr, bars };

/// How this till's slips look.
struct Form {
    int columns = 48;  ///< Roll::least_columns to Roll::most_columns
    std::string locale = "cs";
    ProofAs proof = ProofAs::qr;
    std::shared_ptr<const Bitmap> logo;  ///< at most as broad as the paper: 384 dots to 32 columns, else 576
};

/// What stands on every slip: whose it is, which document, of which fact.
struct Heading {
    std::string shop;
    std::vector<std::string> header, footer;
    std::string currency;
    node::NodeName node;
    std::string name;       ///< "3.1-000017", of what has no number "3.1/41"
    std::int64_t seq = 0;   ///< 0 = not booked (an X report, a statement): there is nothing to prove
    std::string hash;       ///< 64 hexadecimal digits
    node::LocalTime local;  ///< booked, or printed where nothing is booked
    std::string cashier;
    bool copy = false;
};

/// Sale or refund: T8, T10, L9, A7, points earned and left. Refuses a receipt whose number is none (node::Error).
Slip lay_out(const Receipt& receipt, const Form& form);

/// deposit, settlement, cash, correction.
struct ActSlip {
    Heading heading;
    std::string kind;  ///< schema::kind
    std::optional<Buyer> buyer;
    std::string reason;
    node::Money amount, rounding, change, spend;
    node::Points points;
    std::vector<Tender> pay;
    struct Item {
        std::string receipt;  ///< the paired document's number; empty = a credit
        std::string name;
        node::Quantity quantity;
        node::Money amount;
    };
    std::vector<Item> items;  ///< of a settlement (A4)
};
Slip lay_out(const ActSlip& act, const Form& form);

/// Takings: X (open day), Z, shift. `body` as node::json_of(Closing) or a fact day.closed, shift.closed, shift.opened has it:
/// integers; what is missing counts as zero. No footer, for that is for customers.
enum class TakingsKind { x, z, shift_opened, shift_closed };
Slip lay_out(TakingsKind kind, const Heading& heading, const node::Json& body, const Form& form);

/// Unpaid items of one customer (A5).
struct StatementSlip {
    Heading heading;
    Buyer buyer;
    struct Item {
        node::LocalTime at;
        std::string receipt, cashier, name;
        node::Quantity quantity;
        node::Money amount;
    };
    std::vector<Item> items;
    bool brief = false;  ///< a line a receipt: day, number, sum
};
Slip lay_out(const StatementSlip& statement, const Form& form);

}  // namespace paprsek::fiscal
