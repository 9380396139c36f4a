// What facts say: typed bodies, their canonical JSON, and the movements of balances that follow from them. Branch and HQ
// read facts through this file only, so that both come to the same balances. schema/FACTS.md describes each body.
//
// Amounts in a body are integers (minor units, hundredths, thousandths, millionths); fields with their usual value (one
// piece, no discount, no customer) are left out, because a ledger holds millions of them.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/clock.h"
#include "node/base/decimal.h"
#include "node/base/json.h"
#include "schema/fact.h"

namespace paprsek::node {

/// "3.1": branch 1–9999, till 0–99 (0 is an office without a till). HQ itself is "0.0".
struct NodeName {
    int branch = 0;
    int till = 0;
    friend auto operator<=>(const NodeName&, const NodeName&) = default;
};
inline constexpr NodeName hq_node{0, 0};
std::string print(NodeName name);
std::optional<NodeName> parse_node_name(std::string_view text);

/// A fact's name in the chain, "3.1/1/57": node, epoch and seq.
struct FactPlace {
    NodeName node;
    std::int64_t epoch = 1, seq = 0;
    friend auto operator<=>(const FactPlace&, const FactPlace&) = default;
};
std::string print(const FactPlace& place);
std::optional<FactPlace> parse_fact_place(std::string_view text);

/// A line as it was booked. For a sale, gross = times(price, quantity) and net = gross − discount.
struct BookedLine {
    std::string code;      ///< as scanned or typed; empty for a text line
    std::string product;   ///< the product's key; empty for a text or open line
    std::string name;
    std::string vat;       ///< group
    Money price;
    std::optional<Money> list;  ///< the catalogue's unit price, where the cashier typed another
    Quantity quantity = one_piece;
    Money gross, discount, net;
    Rate by_hand;          ///< percent of the discount that the cashier gave; the rest is the rules'
    Money paid;            ///< net less the line's share of a redemption
    Points points;         ///< awarded to the customer for this line
    Money cost;            ///< of the whole quantity; zero where the catalogue knows none
    bool excluded = false; ///< no discount, no points, not payable by points
    int original = 0;      ///< refund only: the line of the original receipt, from 1; 0 without a receipt
};

enum class TenderKind { cash, card, account, voucher };
std::string_view print(TenderKind kind);
std::optional<TenderKind> parse_tender(std::string_view text);

struct Tender {
    TenderKind with = TenderKind::cash;
    Money amount;
    std::string name = {};  ///< of a tender of the policy's that counts as `with` ("meal_voucher"); empty = `with` itself
    std::string shown() const { return name.empty() ? std::string(print(with)) : name; }
    friend bool operator==(const Tender&, const Tender&) = default;
};

/// A second person's word for what the cashier may not do alone (T11).
struct Approval {
    std::string by;        ///< the second person's name
    std::string what;      ///< the permission that was lent
    friend bool operator==(const Approval&, const Approval&) = default;
};

struct Referral {
    std::string customer;  ///< the referrer
    Points points;
    Money spend;
};

/// Where a receipt stands: a table, or a tab by its name, in an area of the restaurant (T7).
struct Place {
    std::string area;   ///< may be empty
    std::string table;  ///< empty = nowhere: a receipt at the till
    bool empty() const { return table.empty(); }
    friend bool operator==(const Place&, const Place&) = default;
};

/// A sale or a refund. In a refund all amounts are positive and go the other way; `refund` says so.
struct ReceiptFact {
    bool refund = false;
    std::int64_t number = 0;
    std::string refund_of;             ///< the original's number, "3.1-000017"; empty without a receipt
    std::optional<FactPlace> sold;     ///< of a refund: the sale's fact, where another till sold the goods (node/foreign_receipts.h)
    std::string reason;                ///< of a refund without a receipt
    std::string cashier;
    std::string customer;              ///< id; empty = none
    std::string card;                  ///< what was presented, as the answer repeats it
    std::string stock;                 ///< from which the goods went, or to which they came back; empty = the main one (node/stock.h)
    std::vector<BookedLine> lines;
    std::map<std::string, Rate> rates; ///< VAT rate of every group that has a line, on that day
    Money redeemed;                    ///< paid by points
    Points taken;                      ///< for `redeemed`
    bool redemption_is_payment = false;
    Money rounding;
    Money change;
    std::vector<Tender> pay;           ///< cash as tendered, change not yet off; a rounding in it
    std::optional<Referral> referral;
    Place place;                       ///< where it was eaten and drunk
    Money loan;                        ///< cash handed out for text lines charged to the account; a refund takes it in again
    std::vector<Approval> approvals;
    std::int64_t policy = 0;           ///< version by which it was priced
    std::int64_t clock_back_ms = 0;    ///< by how much the clock had gone back since the fact before

    Money gross() const;
    Money discount() const;
    Money net() const;
    Money total() const { return net() - redeemed + rounding; }
    Points points() const;             ///< awarded (sale) or taken back (refund)
    Money paid_with(TenderKind kind) const;
    /// Cash that stays in the drawer: tendered less change less the loan; a refund the other way.
    Money cash_kept() const;

    struct VatRow {
        std::string group;
        Rate rate;
        Money base, tax;
    };
    /// Rule 8, every group that has a line, by letter.
    std::vector<VatRow> vat() const;
};

/// Rule 6: what the redemption takes off each line, over the lines that points may pay, in proportion to their net. Sets `paid`.
void spread_redemption(ReceiptFact& fact);

/// A customer's card data; the personal texts stand beside the chain under `digest`.
struct CustomerFact {
    std::string customer;
    std::optional<std::int64_t> number;
    std::vector<std::string> cards;
    std::string dealer;
    Rate discount;
    bool charge = false;
    Money limit;
    std::string referrer;  ///< a customer's id
    std::string digest;    ///< of the personal texts; empty = none
    std::vector<std::string> gone;  ///< cards that it has no longer; who presents one is nobody
    std::string cashier;   ///< who changed it by hand; empty = an import, or the till by itself
    std::vector<Approval> approvals;
};

struct PersonalTexts {
    std::string name, phone, email, address, note;
    bool empty() const { return name.empty() && phone.empty() && email.empty() && address.empty() && note.empty(); }
    friend bool operator==(const PersonalTexts&, const PersonalTexts&) = default;
};

struct SettledItem {
    std::int64_t receipt = 0;  ///< of this till's series; 0 with line 0 = a credit
    int line = 0;
    Quantity quantity;
    Money amount;
};

/// deposit, settlement, cash, correction, opening: one shape, the kind tells which fields are used.
struct ActFact {
    std::string cashier;
    std::string customer;
    std::string card;
    std::string reason;
    Money amount;                     ///< deposit and settlement: what was paid; cash: in is positive
    Points points;
    Money spend;
    Money rounding, change;
    std::vector<Tender> pay;
    std::vector<SettledItem> items;
    std::vector<Approval> approvals;
    std::int64_t clock_back_ms = 0;
};

/// right.begun, right.granted, right.returned, right.written_off (node/rights.h): one shape, the kind tells which fields are used.
struct RightFact {
    struct Entry {
        std::string customer;
        Points points;                ///< not negative
        Money credit;                 ///< not negative
        friend bool operator==(const Entry&, const Entry&) = default;
    };
    std::string era;                  ///< begun: HQ's name for the time from which these rights count
    NodeName node;                    ///< granted, written_off: the holder …
    std::int64_t epoch = 1;           ///< … its epoch …
    std::int64_t begun = 0;           ///< … and the seq of its right.begun
    std::vector<Entry> rights;        ///< granted, returned: at most max_right_entries
};
inline constexpr std::size_t max_right_entries = 5000;
inline constexpr std::size_t max_era_bytes = 40;

/// HQ says that two customers are one: movements of `from` count for `into` until HQ says that they are not.
struct MergeFact {
    std::string from, into;  ///< ids; `into` is empty in customer.unmerged
};

/// HQ's answer to an exception (hq/exceptions.h).
struct ResolutionFact {
    std::string kind, subject, remedy;
    std::string node;                ///< of the fact that raised it, as "3.1"
    std::int64_t epoch = 1, seq = 0;
};

/// What was struck out before it was paid (T5): a line, a part of one, or a whole receipt.
struct VoidFact {
    std::string cashier;
    std::string customer;              ///< id, where one was logged in and known already
    std::string reason;
    Place place;
    Instant entered;                   ///< when the first of the lines was rung up
    std::vector<BookedLine> lines;     ///< as they stood; quantity = what was struck out
    std::vector<Approval> approvals;
    std::int64_t clock_back_ms = 0;

    Money net() const;
};

/// A cashier. Name, badge and the PIN's hash stand beside the chain under `digest`, like a customer's personal texts.
struct UserFact {
    std::string user;      ///< id, named by the fact that made the user
    std::string role;
    bool removed = false;
    std::string digest;
    std::vector<int> branches;  ///< of a user whom HQ keeps: where he works; none = everywhere
    std::string cashier;   ///< who changed it; empty = whoever works at the computer
    std::vector<Approval> approvals;
    std::int64_t clock_back_ms = 0;
};
struct UserTexts {
    std::string name;
    std::string badge;     ///< normalised code; empty = none
    std::string pin;       ///< node/pin.h; empty = none
};

/// The customer whose identity derives from a card: two branches that meet the same card make the same customer.
std::string customer_of_card(std::string_view normalised_card);
/// The customer named by the fact that made it.
std::string customer_of_fact(NodeName node, std::int64_t epoch, std::int64_t seq);

std::string body_of(const ReceiptFact& fact);
std::string body_of(const CustomerFact& fact);
std::string body_of(const ActFact& fact);
std::string body_of(std::string_view kind, const RightFact& fact);
std::string body_of(const MergeFact& fact);
std::string body_of(const ResolutionFact& fact);
std::string body_of(const VoidFact& fact);
std::string body_of(const UserFact& fact);

/// A fact's body back as a value. Throws Error (refused) on a body that does not have the form: a fact from outside is input.
ReceiptFact parse_receipt(std::string_view kind, std::string_view body);
CustomerFact parse_customer(std::string_view body);
ActFact parse_act(std::string_view body);
RightFact parse_right(std::string_view kind, std::string_view body);
MergeFact parse_merge(std::string_view kind, std::string_view body);
ResolutionFact parse_resolution(std::string_view body);
VoidFact parse_void(std::string_view body);
UserFact parse_user(std::string_view body);

/// Personal texts as they lie beside the chain; `salt` is 32 hexadecimal digits.
std::string personal_body(const PersonalTexts& texts, std::string_view salt);
PersonalTexts parse_personal(std::string_view body);
std::string user_body(const UserTexts& texts, std::string_view salt);
UserTexts parse_user_texts(std::string_view body);
/// Of the texts that stand beside a fact: `digest` of a fact of a kind that has such texts, else empty.
std::string digest_beside(std::string_view kind, std::string_view body);
/// Hexadecimal BLAKE2b-256.
std::string digest_of(std::string_view personal_body);

/// One change of one customer's balances.
struct Movement {
    std::string customer;
    std::string_view kind;  ///< sale, redemption, refund, referral, opening, correction, deposit, settlement
    Points points;
    Money spend;
    Money debt;
};

std::vector<Movement> movements_of(const ReceiptFact& fact);
std::vector<Movement> movements_of(std::string_view kind, const ActFact& fact);

}  // namespace paprsek::node
