// Headquarters: what the command line, the console window and the server do at HQ, in one place.
//
// HQ is a folder, or the address of a database server (hq/place.h). Nodes' bundles come in through import(), replies go out through
// export_reply(); the bytes are the same by file and by network (DESIGN.md "Exchange").
//
// Threads: a Headquarters belongs to one thread; a second thread or process opens one of its own on the same HQ.
// Durable on return: everything that changes HQ. Errors: node::Error (refused: the input is wrong and nothing changed;
// operating: disk or database).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hq/balances.h"
#include "hq/card_list.h"
#include "hq/exceptions.h"
#include "hq/imports.h"
#include "hq/recompute.h"
#include "hq/store.h"
#include "hq/users.h"
#include "hq/verify.h"
#include "node/base/clock.h"
#include "node/base/json.h"
#include "node/base/random.h"
#include "node/facts.h"
#include "node/fill_points.h"
#include "node/imports.h"

namespace paprsek::hq {

struct HqInfo {
    std::string name;  ///< of the chain
    std::string currency = "CZK";
    std::string time_zone = "Europe/Prague";  ///< days in reports
};

/// One node as HQ sees it: how fresh, how complete, what is wrong.
struct NodeStatus {
    node::NodeName node;
    std::string name;
    bool enrolled = false;
    bool invited = false;                       ///< an invitation is out and not used
    std::int64_t epoch = 1;
    std::int64_t facts = 0;                     ///< held without a hole; equals the node's own count once all has come
    std::int64_t newest = 0;                    ///< the newest fact that the node said it has; ≥ facts
    std::string head;                           ///< hexadecimal hash of the last of them
    std::optional<node::Instant> last_seen;     ///< when the last bundle of the node was merged
    std::optional<node::Instant> last_fact;     ///< the node's clock at its newest fact
    std::vector<Range> gaps;                    ///< facts that are missing while later ones came
    std::int64_t early = 0;                     ///< facts that wait for a gap to close
    std::int64_t exceptions = 0;                ///< open ones
    std::int64_t state_version = 0;             ///< of HQ's state that the node said it had
};

struct Status {
    HqInfo info;
    std::int64_t version = 0;                   ///< of HQ's state
    std::int64_t epoch = 1;                     ///< one more each time that HQ was restored from an older copy
    std::int64_t facts = 0, customers = 0, products = 0, sales = 0;
    std::int64_t exceptions = 0;                ///< open ones
    std::int64_t to_recompute = 0;              ///< facts that were not looked at yet (hq/recompute.h)
    std::vector<NodeStatus> nodes;              ///< by branch and till; HQ itself is not among them
};

enum class Merged {
    new_facts,  ///< some facts were new
    nothing,    ///< all were held already
    early,      ///< kept until the gap before them closes
    enrolled,   ///< an enrolment answer: the node may send from now on
    parted,     ///< goes another way than what HQ holds, and is taken over as another epoch: an exception tells
    forked,     ///< the same, and it is not known yet where they part: nothing taken over, an exception tells
    unplaced,   ///< goes on from facts that HQ does not hold (any more), and cannot do without: the reply asks for what comes before
    refused     ///< not a bundle for us, or a damaged one: nothing changed (only import_files says so; import() throws)
};
std::string_view print(Merged outcome);

/// What one bundle brought.
struct MergeReport {
    std::string source;                    ///< the file's name, for a person
    Merged outcome = Merged::nothing;
    node::NodeName node;
    std::int64_t epoch = 1;
    std::int64_t first = 0, last = 0;      ///< facts in the bundle; first = last + 1 when it brings none
    std::int64_t new_facts = 0;            ///< taken over now, those that had waited included
    std::int64_t held = 0;                 ///< were here already
    std::int64_t early = 0;                ///< kept for later
    std::optional<Range> gap;              ///< what is missing before the early ones
    std::int64_t sales = 0;                ///< among the new facts: sales and refunds
    std::int64_t recomputed = 0;           ///< sales computed again now (hq/recompute.h)
    std::int64_t customers = 0;            ///< whose row changed
    std::int64_t unknown = 0;              ///< of kinds that this version does not know: kept for one that does
    std::int64_t facts_now = 0;            ///< held without a hole after this
    std::int64_t taken_as = 0;             ///< parted: the epoch
    std::vector<Exception> exceptions;     ///< new ones; a fork is told each time
    std::string why, hint;                 ///< when refused
};

/// A fact that a node sent, and the epoch in which it stands.
struct NodeFact {
    std::int64_t epoch = 1;
    schema::Fact fact;
};

/// A reply bundle for one node.
struct Reply {
    std::string bytes;
    std::int64_t receipt = 0;   ///< HQ holds the node's facts up to here
    std::int64_t rows = 0;      ///< state rows in it
    std::int64_t facts = 0;     ///< the node's own facts that it lacks, in it
    std::int64_t after = 0, through = 0;  ///< versions after the one, up to and including the other
    bool more = false;          ///< rows after `through` wait for the next reply
};

/// Who holds rights to spend points and credit (hq/rights.h).
enum class HolderState {
    held,       ///< by the node as it is
    frozen,     ///< by a ledger that was lost, restored from or revoked: reserved until its facts are back or a person writes it off
    written_off ///< in HQ's reserve again
};
std::string_view print(HolderState state);
struct HolderStatus {
    node::NodeName node;
    std::int64_t epoch = 1, begun = 0;  ///< seq of the right.begun that counts
    HolderState state = HolderState::held;
    std::int64_t customers = 0;         ///< of whom it holds something
    node::Points points;
    node::Money credit;
};
struct RightsStatus {
    std::string era;                         ///< empty: the policy does not say rights
    std::vector<node::NodeName> waiting;     ///< nodes that have not begun: until they exchange, nothing is granted
    std::vector<HolderStatus> holders;       ///< by node and epoch
};

struct CatalogueReport {
    node::TableKind kind = node::TableKind::products;
    node::ImportReport rows;
};

struct PolicyInForce {
    std::string json;                    ///< every key
    std::int64_t version = 0;            ///< of HQ's state, as branches tell it
    std::optional<node::Instant> since;  ///< when it was set here
};

/// A customer with balances and terms, for the console's lists.
struct CustomerBalance {
    std::string id;
    std::optional<std::int64_t> number;
    std::string name;
    std::vector<std::string> cards;
    node::Points points;
    node::Money spend, debt;
    std::optional<node::Instant> last;  ///< last purchase anywhere
    node::PersonalTexts texts;
    std::string dealer;
    node::Rate discount;
    bool charge = false;                ///< may buy on account
    node::Money limit;                  ///< zero = none
};

/// A report as rows of JSON objects: amounts are decimal strings, instants RFC 3339, so that command line, console and
/// exports show the same values. `columns` gives the order of the keys.
struct Report {
    std::string kind;
    std::vector<std::string> columns;
    std::vector<node::Json> rows;
};

struct ReportFilter {
    std::optional<node::Date> from, to;   ///< days in HQ's time zone, both included
    std::optional<int> branch;
    std::string customer;                 ///< number or card; for `movements`
};

/// Rows of one reply, as a file: about 800,000.
inline constexpr std::size_t max_reply_text = 256u << 20;

/// The kinds of report, for a sentence; transit: goods on their way between branches.
inline constexpr const char* report_kinds = "sales, closing, customers, accounts, rights, stock, transit or movements";

class Headquarters {
public:
    /// Makes keys and an empty store with its first fact and the currency's default policy in a folder or at an address. Refuses an
    /// existing HQ.
    static std::unique_ptr<Headquarters> create(const std::string& where, const HqInfo& info, node::Clock& clock, node::Random& random,
                                                const char* vfs = nullptr);
    /// Refuses what is no HQ. `vfs`, as in Database::Options, is a test's own disk.
    static std::unique_ptr<Headquarters> open(const std::string& where, node::Clock& clock, node::Random& random, const char* vfs = nullptr);
    ~Headquarters();

    const HqInfo& info() const;

    /// Adds a till (0 = an office without a till) of a branch; refuses one that exists.
    void add_branch(node::NodeName node, const std::string& name);
    /// The same as status().nodes, without the counts of the whole.
    std::vector<NodeStatus> branches();
    /// A file that lets one device join as this node, once. A new one makes an older unused one worthless. `url` may be
    /// empty (exchange by file only). Refuses a node that is not known.
    std::string invite(node::NodeName node, const std::string& url);
    /// The node's keys, the former ones too, and its invitation count no more; its facts stay. A new invitation lets a device
    /// join in its place. Refuses a node that has nothing to revoke.
    void revoke(node::NodeName node);

    /// Merges a bundle of facts or takes an enrolment answer. `source` names it in messages. Throws Error (refused) on
    /// bytes that are cut, changed, sealed to somebody else, of an unknown or not enrolled node.
    MergeReport import(std::string_view bytes, const std::string& source);
    /// The files one after another, enrolment answers before bundles; goes on after a refused one. `before` hears which
    /// is next (0-based) and how many there are, and stops the rest by false.
    /// The sales that came are computed again (hq/recompute.h): some with import(), all with import_files().
    std::vector<MergeReport> import_files(const std::vector<std::string>& paths, const std::function<bool(std::size_t, std::size_t)>& before = {});
    /// Goes on with the sales that wait to be computed again, at most so many facts; how far it came.
    RecomputeProgress recompute(std::int64_t most);

    /// Receipt and the state rows that the node has not got yet, as far as one bundle carries. `after` overrides the
    /// node's last known version, to page on without waiting for its answer. `max_text`: bytes of rows after which the
    /// reply ends and `more` says so.
    Reply export_reply(node::NodeName node, std::optional<std::int64_t> after = {}, std::size_t max_text = max_reply_text);

    /// The key that the node joined with; nothing for a node that is not known or has not joined.
    std::optional<sync::PublicKey> key_of(node::NodeName node);
    /// The node's facts of this seq: one, but for a ledger that forked; none where none has come, or the node is not known.
    std::vector<NodeFact> facts_at(node::NodeName node, std::int64_t seq);
    /// Of the state that branches get: moves with every change, also by another process.
    std::int64_t version();

    /// Groups, products or prices, told apart by the header. Whole file or nothing: throws node::RowErrors with all wrong rows. Idempotent by
    /// code. A `preview` says what would happen and changes nothing; `changes` gets what each row changes.
    CatalogueReport import_catalogue(const std::string& path, bool preview = false, RowChanges* changes = nullptr);
    /// Customers by number or card; whole file or nothing; opening balances are booked as HQ's facts, a repeated import
    /// books the difference.
    node::ImportReport import_customers(const std::string& path, bool preview = false, RowChanges* changes = nullptr);
    /// Points of all products at once (node/fill_points.h). Durable on return.
    node::ImportReport fill_points(node::PointsBy by, bool all);
    /// Cards of a programme that the policy names (hq/card_list.h).
    CardListReport import_cards(const std::string& path, const CardListOptions& options);
    /// Two customers are one from now on; each is named by number or card. The customer that stays. unmerge undoes it, and answers
    /// with the customer that is one again.
    CustomerBalance merge_customers(const std::string& from, const std::string& into);
    CustomerBalance unmerge_customer(const std::string& from);
    /// Name, phone, e-mail, address and note are deleted here and at the branches; balances stay.
    CustomerBalance erase_customer(const std::string& customer);
    /// Points or spend of all customers are booked away, and back (hq/balances.h).
    ResetDone preview_reset(node::ResetOf what);
    ResetDone reset_balances(node::ResetOf what, const std::string& confirm);
    node::ResetSummary undo_reset();
    /// Of all customers, now; each merge looks at some of them besides. How many there were of whom something was due.
    std::int64_t expire_points();
    /// Checks the whole document first; `what` names it in messages. The same policy again changes nothing (false).
    bool set_policy(std::string_view json, const std::string& what);
    /// What a policy would have given for past sales, without setting it (hq/preview.h).
    node::Json preview_policy(std::string_view json, const std::string& what, std::optional<node::Date> from, std::optional<node::Date> to);
    /// The policy in force, every key.
    std::string policy();
    PolicyInForce policy_in_force();

    /// Who works at the tills, as HQ keeps them (hq/users.h); `cost` is of a PIN that is set.
    std::vector<UserRecord> users();
    UserRecord change_user(const UserChange& change, const node::PinCost& cost = {});

    Status status();
    /// Version and digest of the state that branches get (node/state_digest.h). Reads all of it the first time.
    std::pair<std::int64_t, schema::Hash> state_digest();
    /// Customers whose name, number or card matches (letters without marks and case), by name; an empty text lists all.
    std::vector<CustomerBalance> customers(const std::string& text, std::size_t limit);
    /// Products by name or code, those by their code first, then by name; an empty text lists all.
    std::vector<node::ProductRow> products(const std::string& text, std::size_t limit);
    RightsStatus rights();
    /// Takes back into the reserve what frozen holders of the node may still have held; they spend nothing of it any more, by a
    /// person's word. `epoch`: of that one only. Returns what was written off; refuses where nothing is frozen.
    std::vector<HolderStatus> write_off_rights(node::NodeName node, std::optional<std::int64_t> epoch = {});
    /// `kind` is one of report_kinds; refuses another.
    Report report(const std::string& kind, const ReportFilter& filter = {});
    std::vector<Exception> exceptions(bool open_only = true);
    /// What can be done about it now (hq/exceptions.h).
    std::vector<Remedy> remedies(const Exception& exception);
    /// Answers an exception; how it stands afterwards. Refuses a remedy that does not fit (usage: that is none of its kind).
    Exception resolve(std::int64_t id, const Decision& decision);
    /// Recomputes every chain and rebuilds all projections in a scratch store, comparing row by row. `progress` gets the
    /// facts done so far.
    Verification verify(const std::function<void(std::int64_t)>& progress = {});

private:
    struct Inside;
    explicit Headquarters(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace paprsek::hq
