// The till session: commands in, outcomes and a drawable state out. Window, command line and simulator drive this same
// class; whoever draws it holds no rule.
//
// Threads: one. Durable on return: with Keep::every_command, each command that changes the open receipt is on disk before
// it returns (T6), with the fact of what it struck out (T5); pay(), every act and whatever moves parked receipts are booked in one
// transaction with one sync, in either case. Where a keeper was set, what only changes the open receipt is on disk when kept() says so;
// whatever leaves a fact, takes money or moves a receipt waits for that first, and is durable on return as ever.
// Operating errors (disk full …) are thrown as Error; nothing is booked then, and the receipt stays open as it was before the
// command.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/cashbook.h"
#include "node/customers.h"
#include "node/draft.h"
#include "node/lookup.h"
#include "node/node.h"
#include "node/open_receipt.h"
#include "node/parked.h"
#include "node/pricing.h"
#include "node/till_printer.h"
#include "node/rights.h"
#include "node/users.h"

namespace paprsek::node {

/// What a cashier can act on. Names as in answers ("unknown_code") by print().
enum class Refusal {
    none, bad_line, unknown_code, unknown_customer, payment_card, no_such_line, bad_quantity, bad_price,
    bad_discount, unknown_vat_group, amount_out_of_range, empty_receipt, unresolved_line, redeem_without_customer, redeem_without_goods,
    offline_cap, not_enough_cash, over_tender, account_not_allowed, account_limit, account_without_customer, unknown_receipt, ambiguous_receipt, more_than_left,
    unknown_stock, unknown_document, document_booked, bad_branch, unknown_group, stocktake_open, no_stocktake, not_on_list, nothing_counted,
    refund_over_account, nothing_to_settle, reason_missing, too_many_lines, bad_amount, details_demanded,
    not_logged_in, locked, not_permitted, approver_not_permitted, wrong_pin, pin_wait, unknown_badge, unknown_user, unknown_role, bad_user_name, bad_pin,
    pin_taken, bad_badge, badge_taken, name_taken, first_is_administrator, last_administrator, unknown_tender, shift_open, shift_not_open, bad_denomination,
    count_mismatch, right_too_small, bad_table, table_occupied, receipt_in_hand, unknown_parked, parked_elsewhere, two_customers, whole_receipt,
    too_many_parked, number_taken, card_taken, bad_customer, referrer_circle, kept_at_hq, not_merged, confirm_reset, nothing_to_reset,
    printer_refuses, receipt_asked
};
std::string_view print(Refusal refusal);

struct Outcome {
    Refusal refusal = Refusal::none;
    std::string message;  ///< a sentence for the cashier; empty when all went well
    std::optional<Permission> permission = {};  ///< not_permitted: what a second person may lend (Till::approve)
    bool ok() const { return refusal == Refusal::none; }
};

struct ViewLine {
    BookedLine line;
    Rate percent;               ///< discount in all
    bool unknown = false;       ///< a red row: its code is not known and it has no price yet
    bool manual_ignored = false;
    std::vector<Reason> why;
};

/// What bounds the points and credit that may be spent here without asking HQ (PRODUCT S8), and how old the balances are.
struct Spendable {
    enum class By {
        balance,    ///< nothing else: a branch that stands alone, or no caps
        allowance,  ///< caps until HQ has confirmed
        right       ///< what this node holds (node/rights.h)
    };
    By by = By::balance;
    std::optional<Money> allowance;     ///< what points may pay before HQ has confirmed; none: no cap
    Right right;                        ///< by right: what may be spent; may be below zero
    bool frozen = false;                ///< by right: nothing, until the exchanges after a restore or a new policy
    std::optional<Instant> as_of;       ///< HQ's clock when it wrote the reply that the balances stand on; none: there was none
};
std::string_view print(Spendable::By by);

struct ViewCustomer {
    std::string id;
    std::string shown;          ///< what was typed or scanned
    std::optional<std::int64_t> number;
    std::string name;           ///< empty for a card alone
    Points points;
    Money spend, debt;
    std::optional<Instant> last_purchase;
    bool charge = false;
    Money limit;
    bool is_new = false;        ///< made by this receipt
    Spendable spendable;        ///< after a sale: what is left
};

struct TillView {
    std::vector<ViewLine> lines;
    std::optional<ViewCustomer> customer;
    Money gross, discount, net, redeemed;
    Money redeem_wanted;        ///< what rule 6 would let points pay, were there no cap and no right
    Points points;              ///< that this receipt awards
    Points taken;
    std::optional<Redeemable> redeemable;  ///< with a customer and goods
    Money due;                  ///< net − redeemed: by card
    Money cash_due;             ///< the same, rounded for cash
    std::vector<ReceiptFact::VatRow> vat;
    std::string cashier;
    std::vector<Tender> given;  ///< parts of the payment that were taken already
    Place place;                ///< its table
    std::optional<Instant> opened;
    /// Whose till it is. Until the first user is made, and in scripts, anybody may do everything.
    struct Staff {
        bool guarded = false;   ///< there are users: somebody has to be logged in
        bool logged_in = false;
        bool locked = false;    ///< shown, but nothing is done until a PIN or badge
        std::string role;
        Permissions may;
    } staff;
};

/// A receipt that was put aside, with the customer's prices as they are now.
struct ParkedView {
    std::int64_t id = 0;
    Place place;
    Instant opened, parked;     ///< when the first line was entered; when it was put aside last
    std::string cashier;        ///< who put it aside
    std::vector<ViewLine> lines;
    Money net, due;             ///< due: less what points shall pay
    std::vector<Tender> given;  ///< of that, what was paid already
    bool unresolved = false;    ///< it holds a red row
    std::optional<ViewCustomer> customer;
};
struct TableView {
    std::string name;
    std::optional<ParkedView> receipt;  ///< nothing = free, or in hand
    bool in_hand = false;
};
struct AreaView {
    std::string name;
    std::vector<TableView> tables;
};

/// Who somebody says to be: a badge, or a PIN with or without the name that goes with it.
struct Credential {
    std::string pin;
    std::string badge;
    std::string user;
};

/// What becomes of a user. What is not given stays.
struct UserChange {
    std::string name;                  ///< whom; of a new one the name
    bool add = false, remove = false;
    std::optional<std::string> rename, role, pin, badge;  ///< an empty pin or badge takes it away
};

/// A booked sale or refund, as it is answered and printed.
struct Booked {
    ReceiptFact fact;
    std::int64_t seq = 0;
    Instant at;
    std::optional<ViewCustomer> customer;  ///< balances after it
    /// Where points or credit paid: by which right or allowance, as it stood before; what is left of it stands with the customer.
    std::optional<Spendable> spent_by;
    std::vector<std::size_t> request_of;   ///< refund: which request each line serves
    std::vector<std::string> asked;        ///< refund: the code of each request as it was given; empty for a text line
    bool drawer = false;                   ///< the drawer is to open
};

enum class Keep { every_command, at_payment };

struct SaleLeft;  // node/sale_left.h

class Till {
public:
    /// Takes up the open receipt that the node holds, if `keep` is every_command. `pin_cost`: of PINs that are set here.
    Till(Node& node, Keep keep, PinCost pin_cost = {});

    const TillView& view() const { return view_; }
    /// Where it prints; nothing = nowhere. Outlives the session.
    void set_printer(TillPrinter* printer) { printer_ = printer; }
    /// Who writes the open receipt beside, with Keep::every_command, on this node's ledger; nothing = each command does. Outlives the session.
    void set_keeper(OpenReceiptKeeper* keeper) { keeper_ = keeper; }
    /// True where the open receipt is on disk as it is shown; then the printer has been told of it, too. To be asked when the keeper has
    /// told. Throws Error where it could not be written: the receipt is then what the disk has.
    bool kept();
    /// Since the last kept() that was true something was given to the keeper.
    bool keeping() const { return keeping_; }
    /// The caller answers for whoever it is: no PIN, all permissions (scripts). A log-in ends that.
    void set_cashier(std::string name);

    /// By PIN or badge; takes the till over from whoever was logged in, with the open receipt. Wrong PINs make the next one wait
    /// (node/pin.h); what was tried is on disk before it is looked at, so that a restart gains nothing.
    Outcome log_in_cashier(const Credential& credential);
    Outcome log_out_cashier();
    /// The cashier stays, but nothing is done until somebody logs in.
    Outcome lock();
    /// A second person lends the cashier a permission for one command: repeat what was refused with not_permitted. What was lent
    /// by whom is booked with the receipt or act.
    Outcome approve(const Credential& credential, Permission permission);
    /// Who stands at the till, and what was lent. What takes longer than a frame (PINs, closings, stocktakes) is done by a session of its
    /// own on another thread, with a node of its own on the same ledger and Keep::at_payment: it begins with the hands of the till's, and
    /// those that it leaves go back there, unless somebody else has come meanwhile.
    struct Hands {
        std::string cashier;
        bool vouched = false, locked = false;
        std::optional<User> user;
        std::vector<Approval> lent;
        friend bool operator==(const Hands&, const Hands&) = default;
    };
    Hands hands() const { return {cashier_, vouched_, locked_, user_, lent_}; }
    void take_hands(Hands hands);
    /// For acts beside the session (policy, imports, stock): whether the cashier may. Spends what was lent, and tells it for the act to book.
    Outcome demand(Permission permission, std::vector<Approval>* spent = nullptr);
    /// Adds, changes or removes a user. The first one is an administrator, and the last administrator stays one. Everybody may
    /// change the own PIN. Durable on return.
    Outcome change_user(const UserChange& change, User& changed);

    /// A scan or a typed code: a product, a weighed product, a customer's card, or an unknown row.
    Outcome scan(std::string_view code, Quantity quantity = one_piece);
    /// The same from text of the code field: "3*8594001021239", ";2900000000018".
    Outcome enter(std::string_view text);
    /// A text line, or an unknown code rung up with a price. `vat` empty = the policy's first group.
    Outcome add_open(std::string_view name_or_code, Money price, std::string_view vat, Quantity quantity = one_piece, bool is_code = false);
    Outcome set_quantity(std::size_t line, Quantity quantity);
    Outcome set_price(std::size_t line, Money price);
    Outcome set_discount(std::size_t line, Rate percent);
    /// Lowering a quantity, striking out a line or the whole receipt leaves a fact, with Keep::every_command. What was composed
    /// with Keep::at_payment never stood anywhere: void_receipt() forgets it, and what it was taken up from lies where it lay.
    Outcome void_line(std::size_t line, std::string_view reason = {});
    Outcome void_receipt(std::string_view reason = {});

    // Parked receipts, tables and tabs (T7). A receipt is in hand or put aside; `id` names one that was put aside, nothing means the
    // one in hand. Lines keep the moment at which they were entered, and the windows of rule 3 go by that; the customer's discounts,
    // excluded goods and the VAT rate are those of the payment. All of it takes part or none.

    /// What lies there now, as it was kept: it needs no reading that could fail after the act is done.
    struct ParkedResult {
        std::optional<ParkedView> parked;  ///< what the act made or changed; nothing = it is gone, or in hand
        std::optional<ParkedView> rest;    ///< of a split, or of what was partly struck out
        std::int64_t seq = 0;              ///< the fact, where something was struck out that had been goods
    };
    /// Puts the receipt in hand aside: at `place`, or where it stands, or nowhere. A table at which nothing was rung up is let go.
    Outcome park(const Place& place = {}, ParkedResult* result = nullptr);
    /// Takes one up. With Keep::at_payment it goes on lying there until it is paid or put aside again; whoever was quicker wins.
    Outcome recall(std::int64_t id);
    /// Takes up what stands at a table, or begins a receipt there.
    Outcome open_table(const Place& place);
    Outcome move(std::optional<std::int64_t> id, const Place& place, ParkedResult* result = nullptr);
    /// The lines of `from` go to `into`, and `from` is gone.
    Outcome merge(std::int64_t from, std::optional<std::int64_t> into, ParkedResult* result = nullptr);
    /// Puts a part aside as a receipt of its own, at `place` or nowhere; the customer stays with the rest.
    Outcome split(std::optional<std::int64_t> id, const std::vector<DraftPart>& parts, const Place& place, ParkedResult* result = nullptr);
    /// Puts nothing aside but takes the part into the hand, which has to be empty, to be paid alone.
    Outcome take_part(std::int64_t id, const std::vector<DraftPart>& parts);
    /// What a split would come to, for each line of the receipt; nothing is changed. The part has no customer, and so other prices.
    struct SplitPreview {
        std::vector<Quantity> moved;
        std::vector<Money> rest, part;
        Money rest_due, part_due;
    };
    Outcome preview_split(std::optional<std::int64_t> id, const std::vector<DraftPart>& parts, SplitPreview& preview);
    /// The other way: the part stays in hand without a customer, to be paid alone; the rest is put aside where the receipt stood.
    Outcome keep_part(const std::vector<DraftPart>& parts);
    /// Strikes out a part of what was put aside; no parts = all of it. Leaves facts.
    Outcome void_parked(std::int64_t id, const std::vector<DraftPart>& parts, std::string_view reason, ParkedResult* result = nullptr);
    std::vector<ParkedView> parked();
    std::optional<ParkedView> parked(std::int64_t id);
    std::optional<std::int64_t> parked_at(const Place& place);
    /// Those of the node's plan, in its order, and behind them those that were named beside it.
    std::vector<AreaView> tables();

    /// Number (up to 4 digits), card or foreign card (L1). Registers an unknown card where the policy allows it.
    Outcome log_in(std::string_view number_or_card);
    Outcome log_out();

    /// Nothing = as much as may be; an amount above that is lowered. Zero takes it back.
    Outcome redeem(std::optional<Money> amount);

    /// Takes a part of the payment; pay() is told of all of them. It stays with the open receipt, whatever becomes of the program (T6).
    Outcome take_payment(const Tender& tender);
    /// The last of them goes back.
    Outcome return_payment();

    /// Books the receipt. No tenders = exact cash. On success the session is empty again and `booked` tells what stands in
    /// the ledger: print from that.
    Outcome pay(const std::vector<Tender>& tenders, Booked& booked);

    struct RefundItem {
        std::string code;   ///< as scanned; empty when `text` names a text line
        std::string text;
        std::optional<Quantity> quantity;  ///< nothing = one piece, or the weight inside the barcode
    };
    /// Gives goods of a booked receipt back (rule 10). No tenders = cash. A receipt of another till of the chain that is not here is
    /// refused and asked of HQ (node/foreign_receipts.h).
    Outcome refund(std::string_view receipt, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, Booked& booked);

    struct ReturnedGoods {
        std::string code;   ///< as scanned; empty for a text line
        std::string text;
        std::optional<Quantity> quantity;
        std::optional<Money> price;        ///< nothing = the catalogue's; a text line needs one
        std::string vat;                   ///< of a text line; empty = the policy's first group
    };
    /// Goods that come back without a receipt (T9): a sale of now turned round. A named customer's discounts, points, spend and
    /// referrer go by today's rules; without one no balance is touched. Nothing goes back to the account. Needs a reason.
    Outcome refund_without_receipt(std::string_view reason, std::string_view customer, const std::vector<ReturnedGoods>& goods,
                                   const std::vector<Tender>& tenders, Booked& booked);

    struct ActResult {
        std::int64_t seq = 0;
        Instant at;
        ActFact fact;
        std::optional<ViewCustomer> customer;  ///< balances after it
        bool drawer = false;                   ///< the drawer is to open
    };
    /// Wallet: cash in, points by the policy's value (L14).
    Outcome deposit(std::string_view customer, Money amount, ActResult& result);
    struct SettleItem {
        std::string receipt;  ///< "3.1-000017"
        int line = 0;
        std::optional<Quantity> quantity;  ///< nothing = all that is open
    };
    /// Pays unpaid items of an account; no items = all of them.
    Outcome settle_account(std::string_view customer, const std::vector<SettleItem>& items, const std::vector<Tender>& tenders, ActResult& result);
    /// Cash in (positive) or out.
    Outcome move_cash(Money amount, std::string_view reason, ActResult& result);
    Outcome correct(std::string_view customer, Points points, Money spend, std::string_view reason, ActResult& result);

    /// What somebody counted in the drawer: the sum, or notes and coins, or both, which then have to agree. Nothing = as the books say.
    struct CashCount {
        std::optional<Money> counted = {};
        Pieces pieces = {};
    };
    struct ShiftOpened {
        std::int64_t seq = 0, number = 0;
        Instant at;
        Count count;
    };
    /// One shift at a time, one after another within a day. A difference to the books is booked.
    Outcome open_shift(const CashCount& given, ShiftOpened& opened);
    struct Closed {
        std::int64_t seq = 0;
        Instant at;
        std::string body;  ///< the report as booked (canonical JSON)
        std::vector<Approval> approvals;
    };
    Outcome close_shift(const CashCount& given, Closed& closed);
    /// The Z report; refused while a shift is open.
    Outcome close_day(const CashCount& given, Closed& closed);

    /// After a state change from outside (a reply of HQ, another process): prices and balances anew.
    void refresh();

private:
    /// A customer on the receipt or in an act; one made by it is not in the ledger yet.
    struct Customer {
        CustomerRecord record;
        std::string shown;
        bool is_new = false;
        Spendable spendable{};
    };
    Outcome find_customer(std::string_view text, bool may_create, std::optional<Customer>& found);
    std::string register_customer(const Customer& customer);
    ViewCustomer view_of(const Customer& customer) const;
    ViewCustomer balances_of(const std::string& id, const std::string& shown, bool is_new);
    LineInput input_of(const CodeReading& reading, std::string_view code, Quantity quantity, const BookedState& state = {});
    Outcome add(LineInput input, bool unknown);
    std::vector<DraftLine> with_linked(DraftLine line);
    Outcome pay_fault(PayFault fault, const Settled& settled, Money due) const;
    Outcome check_caps(const std::string& customer, Money redeemed);
    std::optional<Money> cap_left(const std::string& customer);
    Spendable spendable(const CustomerTerms& terms);
    Customer with_spendable(CustomerRecord record, const std::string& shown, bool is_new = false);
    std::optional<Money> right_pays(const Customer& customer, Points of_receipt) const;
    Outcome redeem_by_right();
    Outcome check_right();
    Outcome check_credit(const std::vector<Tender>& tenders);
    Outcome right_too_small(Money wanted, Money may, const char* what, const Right& needed);
    void ask_for_right();
    void tell_inputs(ReceiptFact& fact, Instant now, const CustomerTerms* customer);
    Outcome book_sale(const std::vector<Tender>& tenders, const std::vector<Approval>& lent, Booked& booked);
    Outcome book_refund(const SaleLeft& sale, const std::vector<RefundItem>& items, const std::vector<Tender>& tenders, const std::vector<Approval>& lent,
                        Booked& booked);
    Outcome pay_back(ReceiptFact& fact, const std::vector<Tender>& tenders, Money account_left);
    Outcome price_goods_back(const std::vector<ReturnedGoods>& goods, const CustomerTerms* customer, ReceiptFact& fact);
    Outcome append_refund(ReceiptFact fact, const std::vector<Approval>& lent, Booked& booked);
    Outcome book_act(std::string_view kind, ActFact fact, const Customer& customer, ActResult& result);
    template <class Change>
    Outcome change(std::size_t line, Permission permission, Change change);
    /// How a command's change of the open receipt comes to the disk.
    enum class Write { nothing, beside, now };
    Write by_itself() const { return keep_ == Keep::every_command ? Write::now : Write::nothing; }
    Outcome changed();
    Outcome in_one_step(const std::function<Outcome()>& act, Write write = Write::now);
    void take_back(const TillView& shown);
    void take_in_hand();
    void settle_hand();
    void keep_hand();
    void restore_customer(Draft& draft, std::optional<Customer>& customer);
    Outcome free_place(Place& place, std::optional<std::int64_t> self);
    Outcome find_parked(std::int64_t id, ParkedReceipt& parked);
    ParkedView view_of(const ParkedReceipt& parked, std::int64_t id);
    std::int64_t book_void(std::string_view kind, const Draft& voided, const std::optional<Customer>& customer, std::string_view reason);
    std::optional<Customer> customer_of(Draft& draft);
    bool lies_aside() const { return keep_ == Keep::at_payment && draft_.id != 0; }
    TillView view_for(const Draft& draft, const std::optional<Customer>& customer);
    bool guarded();
    Outcome identify(const Credential& credential, std::optional<User>& user);
    Outcome check_pin(const Credential& credential, std::optional<User>& user);
    Outcome permitted(Permission permission, std::vector<Approval>& lent);
    void use_up(const std::vector<Approval>& lent);
    void show_staff();
    void end_session();
    Outcome check_count(const CashCount& given, Money expected, Count& count);
    Outcome check_shift();
    Outcome check_tenders(const std::vector<Tender>& tenders) const;
    bool opens_drawer(const std::vector<Tender>& tenders) const;
    Outcome book_closing(std::string_view kind, const Closing& closing, const CashCount& given, Count count, Closed& closed);
    Outcome check_change(const UserChange& change, const std::optional<User>& known);
    void book_user(const User& user, bool removed, std::vector<Approval> lent);
    void reprice();
    void refresh_after_booking();
    void clear();

    Node& node_;
    Keep keep_;
    TillPrinter* printer_ = nullptr;
    OpenReceiptKeeper* keeper_ = nullptr;
    bool keeping_ = false;           ///< given to the keeper, and not known yet to be on disk
    Draft draft_;
    std::optional<Customer> customer_;
    PinCost pin_cost_;
    std::string cashier_;
    bool vouched_ = false;           ///< set_cashier: the caller answers for the name
    bool locked_ = false;
    std::optional<User> user_;
    std::vector<Approval> lent_;     ///< for the next command that needs it
    TillView view_;
    std::optional<Right> wish_;  ///< the right that the last refusal takes
    /// As the last command that went well left it: what a failed one goes back to.
    struct Before {
        Draft draft;
        std::optional<Customer> customer;
    } before_;
};

}  // namespace paprsek::node
