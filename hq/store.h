// What HQ keeps, and the only door to it: SQL stands behind this interface and nowhere else in hq/.
//
// Everything that writes runs between begin_writing() and commit() (StoreTransaction below); one writer at a time, others
// wait. Readers that want several answers to agree with each other use begin_reading(). Durable on return: commit().
// Threads: a Store belongs to one thread. Errors: node::Error (operating).
//
// Balances and projected rows travel in bulk (Changes, Account), for a bundle brings thousands of sales and a store may be
// far away.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/clock.h"
#include "node/base/json.h"
#include "node/facts.h"
#include "node/rights.h"
#include "node/state.h"
#include "node/stock_fact.h"
#include "schema/fact.h"
#include "sync/keys.h"
#include "sync/message.h"

namespace paprsek::hq {

/// Facts, both ends included.
struct Range {
    std::int64_t first = 0, last = 0;
    friend bool operator==(const Range&, const Range&) = default;
};

/// A fact within HQ: chain (a node's facts of one epoch) and seq in one number, so that a chain's facts lie together.
using FactId = std::int64_t;
inline constexpr std::int64_t max_seq = 0xffff'ffff;
inline constexpr std::int64_t max_chain = 0x1'ffff;
inline constexpr int line_bits = 14;  ///< a line of a receipt is FactId × 2^14 + line
constexpr FactId fact_id(std::int64_t chain, std::int64_t seq) { return chain << 32 | seq; }
constexpr std::int64_t chain_of(FactId fact) { return fact >> 32; }
constexpr std::int64_t seq_of(FactId fact) { return fact & max_seq; }

struct NodeRecord {
    std::int64_t id = 0;
    node::NodeName node;
    std::string name;
    std::optional<sync::PublicKey> key;      ///< none: not enrolled
    std::optional<node::Instant> last_seen;  ///< HQ's clock at the last merged bundle
    std::int64_t newest = 0;                 ///< seq of the newest fact that the node said it has
    sync::StateCursor cursor;                ///< of HQ's state, as the node said last
    std::string rights_era;                  ///< in which it joined: it has never spent by another rule
};

struct ChainRecord {
    std::int64_t id = 0;
    std::int64_t node = 0;  ///< NodeRecord::id
    std::int64_t epoch = 1;
    std::int64_t base = 0;  ///< seq before the first fact of this epoch
    schema::Hash base_hash{};
    std::int64_t held = 0;  ///< facts base + 1 … held are here
    schema::Hash head{};    ///< hash of fact `held`
    std::optional<node::Instant> head_at;
    std::optional<node::Instant> act_at;  ///< the node's clock at the last act of its till (hq/watch.h)
};

/// Of a chain's bundles that wait for what they are packed by; the node sends again what is not kept.
inline constexpr std::int64_t max_kept_bytes = 64 << 20;

/// How a node's ledger stands to what HQ holds, as its last bundle showed (schema/hq/002_standing.sql).
struct Standing {
    std::int64_t chain = 0;   ///< 0: nothing heard
    std::int64_t agreed = 0;
    bool complete = false;
    std::optional<schema::Hash> fork;
    std::map<std::int64_t, std::int64_t> aside;  ///< by epoch: through which seq
    std::string restored{};   ///< a word, from a ledger that says it was restored (sync::UpRights)
};

/// Who holds rights (node/rights.h): a node's ledger of one epoch, since its newest right.begun there.
struct RightHolder {
    std::int64_t node = 0;  ///< NodeRecord::id
    std::int64_t epoch = 1, begun = 0;
    std::string era;
    bool written_off = false;  ///< counts for nothing any more; what it held is in the reserve
    friend bool operator==(const RightHolder&, const RightHolder&) = default;
};

/// What of one customer lies with a holder.
struct HeldRight {
    std::int64_t customer = 0;  ///< row of the main customer
    std::int64_t node = 0, epoch = 1;
    node::Right right;
};

/// What a node needs of a customer and has not got: a whole right.
struct RightWant {
    std::int64_t node = 0, customer = 0;
    node::Right needed;
};

/// A holder and the chain on which its facts are.
struct RightReader {
    RightHolder holder;
    std::int64_t chain = 0;
};
/// For whom rows of state are read: with customers go the rights of the holder, and beside what all get comes what is this node's alone.
struct StateReader {
    std::int64_t node = 0;  ///< NodeRecord::id
    node::NodeName name;
    std::optional<RightReader> rights;
};

/// A run of facts in the order in which HQ took them over.
struct Arrival {
    node::Instant at;
    std::int64_t chain = 0;
    Range facts;
};

struct EarlyFact {
    schema::Fact fact;
    schema::Hash previous{};  ///< hash of the fact before it, as its bundle claims
};

enum class ExceptionState {
    open,
    accepted,  ///< somebody lives with it: not told again while it lasts
    settled,   ///< went away by itself
    resolved   ///< by a remedy
};
std::string_view print(ExceptionState state);

/// Something a person has to look at; nothing waits for it. At most one of a kind about a subject is open or accepted.
struct Exception {
    std::int64_t id = 0;
    std::string kind;     ///< exception_kind::…
    node::NodeName node;  ///< the fact that raised it
    std::int64_t epoch = 1, seq = 0;
    node::Instant at;     ///< HQ's clock
    node::Json evidence = node::Json::object();
    std::string subject;  ///< what it is about: see exception_kind
    ExceptionState state = ExceptionState::open;
    std::string remedy{}; ///< by which it was answered; empty while open and where it settled by itself
    std::optional<node::Instant> closed_at{};
    bool open() const { return state == ExceptionState::open; }
};
namespace exception_kind {
inline constexpr std::string_view fork = "fork";                              ///< about the fact, "3.1/1/57" (node::customer_of_fact)
inline constexpr std::string_view rejected_fact = "rejected_fact";            ///< about the fact
inline constexpr std::string_view duplicate_customer = "duplicate_customer";  ///< about two customers: their ids in order, a blank between
inline constexpr std::string_view overdraft = "overdraft";                    ///< about the customer: id
inline constexpr std::string_view gap = "gap";                                ///< about the chain: "3.1/1"
inline constexpr std::string_view clock_skew = "clock_skew";                  ///< about the node: "3.1"
inline constexpr std::string_view unknown_product = "unknown_product";        ///< about the product: its key in facts
inline constexpr std::string_view product_differs = "product_differs";        ///< about the product: its key at HQ
inline constexpr std::string_view customer_differs = "customer_differs";      ///< about the customer: id
inline constexpr std::string_view double_refund = "double_refund";            ///< about the sale's fact
inline constexpr std::string_view price_mismatch = "price_mismatch";          ///< about the sale's fact
}  // namespace exception_kind

/// How an exception may be answered (hq/exceptions.h says what each does, and when it fits).
namespace remedy {
inline constexpr std::string_view accept = "accept";
inline constexpr std::string_view acknowledge = "acknowledge";
inline constexpr std::string_view ask_again = "ask-again";
inline constexpr std::string_view correct = "correct";
inline constexpr std::string_view create = "create";
inline constexpr std::string_view keep_apart = "keep-apart";
inline constexpr std::string_view merge = "merge";
inline constexpr std::string_view raise_limit = "raise-limit";
inline constexpr std::string_view retry = "retry";
inline constexpr std::string_view set_aside = "set-aside";
inline constexpr std::string_view take_over = "take-over";
inline constexpr std::string_view write_off = "write-off";
}  // namespace remedy

/// A customer's balances on their way through a transaction: read once, changed in memory, written once.
struct Account {
    std::int64_t row = 0;
    std::int64_t main = 0;                    ///< row of the customer that this one was merged into; 0 = none
    std::int64_t points = 0, spend = 0, debt = 0;
    std::optional<std::int64_t> last;         ///< last purchase, ms …
    FactId last_fact = 0;                     ///< … and the fact that says so; 0 = none
    std::int64_t limit = 0;                   ///< of the debt; 0 = none. Written by save_customer(), not with the balances
    bool changed = false;
};

/// A customer merged by hand, and what passed to the one that stays (schema/hq/004_remedies.sql).
struct MergedCustomer {
    std::int64_t row = 0;
    std::vector<std::string> cards;
    std::vector<std::int64_t> aliases;  ///< rows
    std::optional<std::int64_t> number;
    std::string digest;
};

/// A movement of a customer or of its aliases, with the fact that made it.
struct AccountMovement {
    FactId fact = 0;
    std::int64_t at = 0;
    node::NodeName node;
    std::int64_t epoch = 1;
    std::int64_t receipt = 0;  ///< number; 0 = no receipt
    std::string kind;          ///< of node::Movement
    std::int64_t points = 0, debt = 0;
};

/// A customer's other data, by row. Texts stand in `personal` under `digest`.
struct CustomerRecord {
    std::int64_t row = 0;
    std::string id;
    std::int64_t main = 0;
    std::optional<std::int64_t> number;
    std::string name;  ///< of the texts, for search
    std::string digest;
    std::string dealer;
    node::Rate discount;
    bool charge = false;
    node::Money limit;
    std::string referrer;
    std::int64_t set_at = -1;  ///< of the customer.set fact that stands
    FactId set_by = 0;
    friend bool operator==(const CustomerRecord&, const CustomerRecord&) = default;
};

/// A user whom HQ keeps (hq/users.h). Name, badge and PIN stand in `personal` under `digest`.
struct UserRecord {
    std::string id;
    std::string name;
    std::string role;
    std::string badge;          ///< normalised; empty = none
    std::string pin;            ///< as node/pin.h keeps it; empty = none
    std::string digest;
    bool removed = false;
    std::vector<int> branches;  ///< empty = every branch
};

struct SaleRow {
    FactId fact = 0;
    std::int64_t at = 0, number = 0;
    bool refund = false;
    std::int64_t cashier = 0;
    std::int64_t customer = 0;  ///< row; 0 = none
    std::int64_t net = 0, redeemed = 0, rounding = 0, cash = 0, card = 0, account = 0, voucher = 0, points = 0, taken = 0;
};
struct LineRow {
    std::int64_t id = 0;
    std::int64_t product = 0;  ///< word; 0 = none
    std::int64_t name = 0, vat = 0, quantity = 0, net = 0, paid = 0, cost = 0;
};
struct MovementRow {
    std::int64_t customer = 0;
    FactId fact = 0;
    std::string_view kind;  ///< of node::Movement, a literal
    std::int64_t points = 0, spend = 0, debt = 0;
};
struct ActRow {
    FactId fact = 0;
    std::int64_t at = 0;
    std::string kind;
    std::int64_t cashier = 0, customer = 0, amount = 0, cash = 0;
    std::string reason;
};
struct ClosingRow {
    FactId fact = 0;
    std::int64_t at = 0;
};

/// A fact of stock (node/stock_fact.h); texts that repeat are words.
struct StockActRow {
    FactId fact = 0;
    std::int64_t at = 0;
    std::string_view kind;     ///< a literal of schema::kind
    std::int64_t stock = 0, cashier = 0;
    std::string reason, document;
    std::int64_t branch = 0;   ///< sent: to which; else 0
    std::optional<node::FactName> from;
};
struct StockLineRow {
    std::int64_t id = 0;
    std::int64_t product = 0, name = 0;
    std::int64_t quantity = 0;  ///< moved, signed
    std::optional<std::int64_t> cost;
};
/// Which goods of a branch: stock and product are words.
struct StockKey {
    std::int64_t branch = 0, stock = 0, product = 0;
    friend auto operator<=>(const StockKey&, const StockKey&) = default;
};

/// What follows from some facts, gathered and written at once.
struct Changes {
    std::vector<SaleRow> sales;
    std::vector<LineRow> lines;
    std::vector<MovementRow> movements;
    std::vector<ActRow> acts;
    std::vector<ClosingRow> closings;
    std::vector<std::pair<FactId, std::int64_t>> sale_stocks;  ///< of sales from another stock than the main one: its word
    std::vector<StockActRow> stock_acts;
    std::vector<StockLineRow> stock_lines;
    std::vector<std::pair<StockKey, std::int64_t>> stock_levels;  ///< as they are now
};

struct ReportQuery {
    std::optional<node::Instant> from, until;  ///< from ≤ at < until
    std::optional<int> branch;
    std::int64_t customer = 0;                 ///< row; 0 = all
    const node::TimeZone* zone = nullptr;      ///< whose days count
};

/// A row of state as it stood from a version on.
template <class Row>
struct Formerly {
    std::int64_t version = 0;
    Row row;
};

struct Counts {
    std::int64_t facts = 0, customers = 0, products = 0, sales = 0;
};

/// The rows of one projection in the order of their keys, free of row numbers, so that two stores can be compared.
class RowCursor {
public:
    virtual ~RowCursor() = default;
    /// Key (orders the rows) and content of the next row, or nothing.
    virtual std::optional<std::pair<std::string, std::string>> next() = 0;
};

class Store {
public:
    virtual ~Store() = default;

    virtual void begin_writing() = 0;
    virtual void begin_reading() = 0;
    virtual void commit() = 0;
    /// Gives up what was not committed; never throws.
    virtual void rollback() noexcept = 0;

    virtual std::optional<std::string> setting(std::string_view name) = 0;
    virtual void set_setting(std::string_view name, std::string_view value) = 0;
    /// The highest version given to a state row.
    virtual std::int64_t version() = 0;

    // ---- nodes
    virtual std::int64_t add_node(node::NodeName node, const std::string& name) = 0;
    virtual std::optional<NodeRecord> find_node(node::NodeName node) = 0;
    virtual std::vector<NodeRecord> nodes() = 0;  ///< by branch and till, HQ's own among them
    virtual void set_node_key(std::int64_t node, const sync::PublicKey& key) = 0;
    /// Keys that the node's devices had before.
    virtual std::vector<sync::PublicKey> former_keys(std::int64_t node) = 0;
    virtual void add_former_key(std::int64_t node, const sync::PublicKey& key) = 0;
    /// Forgets the node's key, the former ones and its invitation.
    virtual void revoke_node(std::int64_t node) = 0;
    virtual void set_node_seen(std::int64_t node, node::Instant at, std::int64_t newest, sync::StateCursor cursor) = 0;
    virtual void set_standing(std::int64_t node, const Standing& standing) = 0;
    virtual Standing standing(std::int64_t node) = 0;
    /// Replaces an earlier one of the node.
    virtual void set_invitation(std::int64_t node, const std::string& secret, node::Instant at) = 0;
    virtual std::optional<std::string> invitation(std::int64_t node) = 0;  ///< the secret, while unused
    virtual void use_invitation(std::int64_t node, node::Instant at) = 0;

    // ---- facts
    virtual std::vector<ChainRecord> chains(std::int64_t node) = 0;  ///< by epoch
    virtual ChainRecord add_chain(std::int64_t node, std::int64_t epoch, std::int64_t base, const schema::Hash& base_hash) = 0;
    /// Writes held, head and head_at.
    virtual void advance_chain(const ChainRecord& chain) = 0;
    virtual void append_fact(FactId id, std::int64_t at, std::string_view kind, std::string_view body, const schema::Hash& hash) = 0;
    virtual void add_arrival(const Arrival& arrival) = 0;
    virtual std::optional<schema::Hash> fact_hash(FactId id) = 0;
    virtual std::optional<schema::Fact> fact(FactId id) = 0;
    /// In order of seq, until `take` says no.
    virtual void facts(std::int64_t chain, Range range, const std::function<bool(const schema::Fact&)>& take) = 0;
    /// When the chain's node joined: the seq of its first node.enrolled; nothing before that has come.
    virtual std::optional<std::int64_t> joined_at(std::int64_t chain) = 0;
    /// HQ's own of a kind that is an act (Changes::acts), oldest first.
    virtual std::vector<schema::Fact> own_facts(std::string_view kind) = 0;
    virtual std::vector<Arrival> arrivals() = 0;  ///< oldest first

    virtual void keep_early(std::int64_t chain, const EarlyFact& fact) = 0;
    virtual std::optional<EarlyFact> early_fact(std::int64_t chain, std::int64_t seq) = 0;
    virtual void drop_early(std::int64_t chain, Range range) = 0;
    virtual std::vector<Range> early_runs(std::int64_t chain) = 0;  ///< seqs that are here early, as runs without holes
    /// A bundle with these facts, which cannot be read yet. False, and it is not kept, where the chain's take more than max_kept_bytes.
    virtual bool keep_bundle(std::int64_t chain, Range facts, std::span<const unsigned char> bytes) = 0;
    virtual std::vector<Range> kept_bundles(std::int64_t chain) = 0;  ///< by their first fact; they may overlap
    virtual std::string kept_bundle(std::int64_t chain, Range facts) = 0;
    virtual void drop_bundle(std::int64_t chain, Range facts) = 0;

    virtual void keep_unprojected(FactId fact, std::string_view kind) = 0;
    virtual std::vector<std::string> unprojected_kinds() = 0;
    virtual std::vector<FactId> unprojected(std::string_view kind) = 0;
    virtual void drop_unprojected(FactId fact) = 0;

    virtual void add_personal(std::string_view digest, std::string_view body) = 0;
    virtual std::optional<std::string> personal(std::string_view digest) = 0;
    virtual void drop_personal(std::string_view digest) = 0;

    /// False where one of that kind is open or accepted about the subject already.
    virtual bool add_exception(const Exception& exception) = 0;
    virtual std::optional<Exception> exception(std::int64_t id) = 0;
    virtual std::vector<Exception> exceptions(bool open_only) = 0;
    /// Open and accepted ones of a kind.
    virtual std::vector<Exception> live_exceptions(std::string_view kind) = 0;
    virtual std::optional<Exception> live_exception(std::string_view kind, std::string_view subject) = 0;
    /// Writes evidence, state, remedy and closed_at.
    virtual void save_exception(const Exception& exception) = 0;

    // ---- customers
    virtual std::optional<Account> find_account(std::string_view id) = 0;
    virtual Account account(std::int64_t row) = 0;
    /// A customer without data or movements, marked as changed: it gets its first version by save_accounts().
    virtual Account add_account(std::string_view id) = 0;
    /// Writes balances and gives each row that is no alias a new version, in the order given.
    virtual void save_accounts(std::span<const Account> accounts) = 0;
    virtual CustomerRecord customer(std::int64_t row) = 0;
    /// As a branch gets it.
    virtual node::CustomerRow customer_state(std::int64_t row) = 0;
    /// Writes everything but balances and `main`; the caller has seen to it that the number is free.
    virtual void save_customer(const CustomerRecord& record) = 0;
    virtual std::vector<std::string> cards(std::int64_t customer) = 0;
    virtual std::optional<std::int64_t> customer_by_card(std::string_view card) = 0;  ///< row
    virtual std::optional<std::int64_t> customer_by_number(std::int64_t number) = 0;  ///< row
    virtual void add_card(std::int64_t customer, std::string_view card) = 0;
    virtual void drop_card(std::string_view card) = 0;
    /// Main customers whose points or spend are not zero, by row, after a row, at most so many.
    virtual std::vector<std::int64_t> customers_with_balances(std::int64_t after, std::size_t most) = 0;
    /// `from`, its aliases and its cards go to `into`; balances are the caller's.
    virtual void merge_customer(std::int64_t from, std::int64_t into) = 0;
    /// Undoes merge_customer: `merged` is no alias any more, and takes back those of its aliases and cards that are still with `main`.
    virtual void part_customer(const MergedCustomer& merged, std::int64_t main) = 0;
    /// What merge_customer would pass on: cards and aliases.
    virtual MergedCustomer belongings(std::int64_t customer) = 0;
    virtual void save_merged(const MergedCustomer& merged) = 0;
    virtual void drop_merged(std::int64_t customer) = 0;
    virtual std::vector<MergedCustomer> merged_customers() = 0;
    /// Sums of the written movements of the customer and its aliases, and the last purchase among them.
    virtual Account sums(std::int64_t customer) = 0;
    /// The written movements of the customer and its aliases, by the time at which they happened.
    virtual std::vector<AccountMovement> movements(std::int64_t customer) = 0;
    /// What openings by this chain's facts have brought the customer so far.
    virtual Account opened_by(std::int64_t customer, std::int64_t chain) = 0;

    // ---- projections
    virtual std::int64_t word(std::string_view text) = 0;  ///< its number, given on first use
    virtual void write(const Changes& changes) = 0;
    virtual std::int64_t stock_level(const StockKey& key) = 0;  ///< thousandths; 0 where nothing ever moved
    virtual std::vector<std::string> projections() = 0;
    virtual std::unique_ptr<RowCursor> projection(const std::string& name) = 0;

    // ---- catalogue and policy; each save gives the row a new version
    virtual std::optional<node::GroupRow> group(std::string_view name) = 0;
    virtual void save_group(const node::GroupRow& row) = 0;
    virtual std::optional<std::string> product_by_code(std::string_view code) = 0;  ///< the product's key
    virtual std::optional<node::ProductRow> product(std::string_view key) = 0;
    virtual void save_product(const node::ProductRow& row) = 0;
    virtual std::vector<std::string> product_keys() = 0;
    /// The codes of all products as they stood at that version, ascending by their bytes; before `former_from` some may be missing.
    virtual std::shared_ptr<const std::vector<std::string>> product_codes(std::int64_t version) = 0;
    /// Whether a product has this code; `word` is the code's number by word(), under which an answer "yes" is remembered.
    virtual bool is_product(std::int64_t word, std::string_view code) = 0;
    virtual std::vector<std::string> programmes_of(std::string_view card) = 0;  ///< by list
    virtual void list_card(std::string_view card, const std::vector<std::string>& programmes) = 0;
    virtual std::vector<std::string> listed_cards(std::string_view programme) = 0;
    virtual std::optional<std::string> policy() = 0;  ///< the one in force
    /// Those of a version and later, and the one before them, which stood at that version; by version.
    virtual std::vector<std::pair<std::int64_t, std::string>> policies(std::int64_t version) = 0;
    /// How the row stood at a version and later, by version; nothing where it was not there yet. Before `former_from` it is not known.
    virtual std::vector<Formerly<node::ProductRow>> products_since(std::string_view key, std::int64_t version) = 0;
    virtual std::vector<Formerly<node::GroupRow>> groups_since(std::string_view name, std::int64_t version) = 0;
    virtual std::int64_t former_from() = 0;
    /// Nobody asks for what stood before the version any more.
    virtual void forget_former(std::int64_t version) = 0;
    /// Whether there is a former row that could be forgotten.
    virtual bool holds_former() = 0;
    virtual void save_policy(const std::string& body) = 0;
    /// Rows with a version after `version`, by version, until `take` says no (that row is not taken). Where several have one version
    /// (a "right" follows its customer, refunds their "receipt"), `take` has to take all of them. Without a reader only what all get.
    virtual void rows_after(std::int64_t version, const std::function<bool(const node::StateRow&)>& take, const StateReader* reader = nullptr) = 0;

    // ---- users (hq/users.h)
    virtual std::vector<UserRecord> users() = 0;  ///< removed ones too
    virtual void save_user(const UserRecord& user) = 0;

    // ---- refunds (hq/refunds.h)
    /// The sale of that number among a chain's written facts up to `through`.
    virtual std::optional<FactId> find_sale(std::int64_t chain, std::int64_t through, std::int64_t number) = 0;
    virtual node::FactPlace place_of(FactId fact) = 0;
    virtual void add_refund(const node::FactPlace& sold, FactId refund) = 0;
    /// The sale of these refunds is not here yet.
    virtual void wait_for_sale(const node::FactPlace& sold) = 0;
    virtual std::vector<FactId> refunds_of(const node::FactPlace& sold) = 0;  ///< at all tills, in their order of ids
    virtual bool has_early_refunds() = 0;
    /// The sale has come; whether refunds had waited for it.
    virtual bool settle_early_refunds(const node::FactPlace& sold) = 0;
    virtual std::vector<FactId> all_refunds() = 0;
    /// The node gets the receipt, now and whenever more of it comes back.
    virtual void hold_receipt(std::int64_t node, const node::FactPlace& sold) = 0;
    /// New versions for those who hold it.
    virtual void touch_receipt(const node::FactPlace& sold) = 0;
    virtual void set_receipt_wants(std::int64_t node, const std::vector<std::string>& receipts) = 0;
    virtual std::vector<std::string> receipt_wants(std::int64_t node) = 0;

    // ---- rights (hq/rights.h)
    virtual void set_rights_era(std::int64_t node, std::string_view era) = 0;
    virtual void set_right_holder(const RightHolder& holder) = 0;
    virtual std::vector<RightHolder> right_holders() = 0;  ///< by node and epoch
    /// Adds to what the holder was granted of a customer, or gave back.
    virtual void move_right(std::int64_t customer, const RightHolder& holder, const node::Right& granted, const node::Right& returned) = 0;
    /// What holders hold that are not written off, where it is not nothing; of one customer (a main row), or of all (0).
    virtual std::vector<HeldRight> held_rights(std::int64_t customer) = 0;
    /// All that the node wants now. Returns the customers who were not wanted before, or are not any more.
    virtual std::vector<std::int64_t> set_wants(std::int64_t node, std::span<const RightWant> wants, node::Instant at) = 0;
    virtual bool has_wants(std::int64_t node) = 0;
    virtual std::vector<RightWant> wants(std::int64_t customer) = 0;  ///< oldest first
    /// The node where the customer is at home: which wants rights last, else where the last purchase was; 0 = none.
    virtual std::int64_t home_of(std::int64_t customer) = 0;
    /// Customers with something to spend who bought last at the node (0: at any).
    virtual std::vector<std::int64_t> customers_at_home(std::int64_t node) = 0;
    /// Gives the customers' rows new versions, though they say the same.
    virtual void touch_customers(std::span<const std::int64_t> rows) = 0;

    // ---- looking
    virtual Counts counts() = 0;
    virtual std::vector<node::CustomerRow> search_customers(const std::string& text, std::size_t limit) = 0;
    /// Products in whose name each word of `text` begins a word, or that have a code which begins with it; looks at every name.
    virtual std::vector<node::ProductRow> search_products(const std::string& text, std::size_t limit) = 0;
    /// When HQ booked its newest fact of a kind.
    virtual std::optional<node::Instant> newest_own(std::string_view kind) = 0;
    virtual std::vector<node::Json> report(const std::string& kind, const ReportQuery& query) = 0;
};

/// Commits when told to, else gives up what was written.
class StoreTransaction {
public:
    explicit StoreTransaction(Store& store) : store_(store) { store_.begin_writing(); }
    ~StoreTransaction() {
        if (open_) store_.rollback();
    }
    StoreTransaction(const StoreTransaction&) = delete;
    StoreTransaction& operator=(const StoreTransaction&) = delete;
    void commit() {
        store_.commit();
        open_ = false;
    }

private:
    Store& store_;
    bool open_ = true;
};

/// Several reads that agree with each other.
class StoreSnapshot {
public:
    explicit StoreSnapshot(Store& store) : store_(store) { store_.begin_reading(); }
    ~StoreSnapshot() { store_.rollback(); }
    StoreSnapshot(const StoreSnapshot&) = delete;
    StoreSnapshot& operator=(const StoreSnapshot&) = delete;

private:
    Store& store_;
};

}  // namespace paprsek::hq
