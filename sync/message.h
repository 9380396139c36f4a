// What a bundle's text says (sync/BUNDLE.md "Messages"): up a node's facts, down HQ's receipt and the state that changed.
// The first line is a JSON object in which fields not known are ignored; then comes one record a line.
//
// Writers build a whole bundle in memory; readers hand out record by record. A reader throws Error (refused) that names
// bundle and line; since that may come after records were handed out, a reader's caller works within a transaction.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/base/clock.h"
#include "node/base/random.h"
#include "node/facts.h"
#include "node/recovery.h"
#include "node/state.h"
#include "schema/fact.h"
#include "sync/bundle.h"
#include "sync/keys.h"
#include "sync/known_products.h"

namespace paprsek::sync {

/// Up to which version of HQ's state a node has got, and of which HQ epoch (0, 0: nothing yet).
struct StateCursor {
    std::int64_t hq_epoch = 0;
    std::int64_t version = 0;
    friend bool operator==(const StateCursor&, const StateCursor&) = default;
};

/// Personal texts of one fact, at most (node/facts.h personal_body).
inline constexpr std::size_t max_personal_bytes = 64u << 10;
/// A state row's key: a code, an id, or a name of at most 500 bytes without marks and case, which can make it longer.
inline constexpr std::size_t max_key_bytes = 16u << 10;
/// Objects and arrays within each other, in a fact's body and elsewhere.
inline constexpr int max_nesting = 32;

// ------------------------------------------------------------------------------------------------------------------- up

/// Rights that a node asks for, at most: the newest wishes of its cashiers.
inline constexpr std::size_t max_wants = 200;
inline constexpr std::size_t max_word_bytes = 64;
/// Receipts of other tills that a node asks for, at most (node/foreign_receipts.h), and the length of a number, "3.1-000017/2".
inline constexpr std::size_t max_asked_receipts = 100;
inline constexpr std::size_t max_receipt_bytes = 40;

/// What a node tells HQ of its rights (node/rights.h) beside its facts.
struct UpRights {
    std::vector<node::RightFact::Entry> wants;  ///< whole rights that cashiers wanted and this node has not got; at most max_wants
    std::string restored;                       ///< a word, from a ledger that was restored: HQ ends its epoch and repeats the word
    friend bool operator==(const UpRights&, const UpRights&) = default;
};

struct UpHead {
    node::NodeName node;
    std::int64_t epoch = 1;
    std::int64_t first = 1;      ///< seq of the first fact
    std::int64_t last = 0;       ///< seq of the last one; first − 1: no facts
    schema::Hash before{};       ///< hash of the fact before `first` (schema::genesis for 1)
    schema::Hash last_hash{};    ///< hash of fact `last`; without facts the same as `before`
    std::int64_t newest = 0;     ///< seq of the newest fact that the node holds, so that HQ knows how much is still to come
    StateCursor cursor;          ///< the state that the node holds
    /// Facts that the node holds beside its ledger (node/recovery.h): of which epochs, up to which seq.
    std::map<std::int64_t, std::int64_t> aside;
    /// Hashes of own facts before `first`, by seq: they find where two histories part, however far back (exchange.cpp).
    std::map<std::int64_t, schema::Hash> ladder;
    /// HQ's last receipt: epoch and seq. One that HQ cannot have given shows that HQ itself was restored.
    std::int64_t receipt_epoch = 0, receipt_seq = 0;
    UpRights rights;
    std::vector<std::string> receipts;  ///< of other tills, that cashiers wanted and that are not here; at most max_asked_receipts
};

/// What a bundle is packed by: so many facts before fact `first`, of which the last has the hash `before` (BUNDLE.md "Format 3"), and
/// products of `state`, that of HQ which the node holds ("Format 4").
struct KnownFacts {
    std::int64_t count = 0;
    std::int64_t first = 1;
    schema::Hash before{};
    KnownProducts products;
    StateCursor state;
};
/// Reads which they are. Throws Error (refused) where there cannot be so many.
KnownFacts known_facts(const BundleHeader& header, std::string_view first_line, const std::string& what);

/// Known facts, from the first on, as the lines that the packing learns: without personal texts, which may be erased.
class KnownWriter {
public:
    /// False, and nothing is added, beyond max_known_lines or max_known_bytes.
    bool add(std::int64_t at, std::string_view kind, std::string_view body);
    std::vector<std::string> lines() && { return std::move(lines_); }

private:
    std::vector<std::string> lines_;
    std::size_t bytes_ = 0;
    std::int64_t at_ = 0;
};

/// One fact on its way. The views live until the next call of the reader.
struct UpFact {
    std::int64_t seq = 0;
    std::int64_t at = 0;
    std::string_view kind;
    std::string_view body;
    std::string_view personal;  ///< the texts whose digest stands in the body; empty = none, or erased since
    schema::Hash hash{};        ///< recomputed by the reader from the chain
};

class UpWriter {
public:
    /// Facts of one epoch, from seq `first` on; `before` is the hash of the fact before it.
    UpWriter(node::NodeName node, std::int64_t epoch, std::int64_t first, const schema::Hash& before);
    /// The next fact. `hash` is the one in the ledger; a chain that does not hold is refused (Error, operating), for a
    /// damaged ledger must not travel. `personal` may be empty.
    void add(std::int64_t seq, std::int64_t at, std::string_view kind, std::string_view body, const schema::Hash& hash, std::string_view personal);
    std::int64_t last() const { return seq_; }
    std::size_t text_bytes() const { return records_.size(); }
    /// The facts before `first`, the last of which is the one before it, where HQ is known to hold them.
    void know(KnownWriter facts) { known_ = std::move(facts).lines(); }
    /// Products of HQ's state, as they stand in the one that finish() names.
    void know(ProductWriter products) { products_ = std::move(products); }
    /// Call once. `newest` is the seq of the newest fact that the node holds.
    Bytes finish(std::int64_t newest, StateCursor cursor, node::Instant at, const Identity& sender, const PublicKey& hq, node::Random& random,
                 const std::map<std::int64_t, std::int64_t>& aside = {}, std::pair<std::int64_t, std::int64_t> receipt = {}, const UpRights& rights = {},
                 const std::map<std::int64_t, schema::Hash>& ladder = {}, const std::vector<std::string>& receipts = {});

private:
    UpHead head_;
    std::int64_t seq_;
    std::int64_t at_ = 0;
    schema::Hash hash_;
    std::string records_;
    std::vector<std::string> known_;
    ProductWriter products_;
};

class UpReader {
public:
    /// Reads the head. Refuses a bundle of another kind, and a head that contradicts the bundle's header.
    explicit UpReader(BundleReader& bundle);
    const UpHead& head() const { return head_; }
    /// False: the facts are packed by others that are not held here; there is the head alone.
    bool whole() const { return bundle_.whole(); }
    /// The next fact, or nullptr after the last, when count and last hash have been compared with the head. Each body is
    /// an object within max_nesting and schema/fact.h's bounds; personal texts agree with their digest. What a body means
    /// is not asked here.
    const UpFact* next();

private:
    [[noreturn]] void refuse_line(const std::string& why) const;
    void read_record(std::string_view line);
    BundleReader& bundle_;
    UpHead head_;
    UpFact fact_;
    schema::Hash previous_;
};

// ----------------------------------------------------------------------------------------------------------------- down

/// What HQ holds of a node, without a gap: nothing is purged before it, and the node sends from it on.
struct Receipt {
    std::int64_t epoch = 1;  ///< the node's
    std::int64_t seq = 0;    ///< 0: nothing yet
    schema::Hash hash{};     ///< of fact `seq`; schema::genesis for 0
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

struct DownHead {
    node::NodeName node;            ///< the receiver
    std::int64_t hq_epoch = 1;
    Receipt receipt;
    std::int64_t included = 0;      ///< seq of the node's own facts that the customers' balances in the rows include
    std::int64_t from_version = 0;  ///< the rows are those with a version after this …
    std::int64_t through_version = 0;  ///< … and up to this one; the node's cursor afterwards
    std::int64_t newest = 0;        ///< of the node's facts, the newest that HQ has heard of
    bool more = false;              ///< HQ has rows after through_version: ask again
    /// Of HQ's state at through_version (node/state_digest.h); nothing where there is more, or where HQ has not got it at hand.
    std::optional<schema::Hash> digest;
    /// Where the epochs of the node's ledger begin, from the second on, as far as HQ knows or wants them.
    std::vector<node::EpochStart> line;
    /// Set where the ledger forked: the node's own fact after `receipt`, which HQ holds otherwise. It and what follows go on
    /// in the last epoch of `line`. It tells the ledger that is meant from another copy of it.
    std::optional<schema::Hash> fork;
    std::string era;                ///< of rights (node/rights.h); empty: the policy does not say rights
    std::string renewed;            ///< UpRights::restored, of a ledger whose epoch has ended
    /// Set where the node's ladder shows that it and HQ part after this fact at the earliest, or where its bundle ended with this one and HQ
    /// holds what it may have lost behind: it is to send what follows, whatever its receipt says.
    std::optional<std::int64_t> resend_after;
    /// What HQ holds of the node's epochs after the receipt's, through which seq: where a late stick of a lost one came last, the
    /// receipt is of that one, and the balances in the rows include these facts all the same.
    std::map<std::int64_t, std::int64_t> later;
    std::vector<std::string> unknown_receipts;  ///< that the node asked for and HQ does not know
};

class DownWriter {
public:
    /// Rows with versions after `from_version`, in the order of their versions.
    explicit DownWriter(std::int64_t from_version);
    /// The next fact that goes back to its node; before all rows.
    void add(const node::ReturnedFact& fact);
    /// The next row; its version is not below that of the row before. Rows of one version belong into one bundle.
    void add(const node::StateRow& row);
    /// Version of the row added last, or `from_version`.
    std::int64_t through() const { return version_; }
    std::size_t text_bytes() const { return records_.size(); }
    /// Call once; `head.from_version` is the constructor's, `head.through_version` ≥ through(). `at` is HQ's clock.
    Bytes finish(const DownHead& head, node::Instant at, const Identity& hq, const PublicKey& receiver, node::Random& random);

private:
    std::int64_t from_version_;
    std::int64_t version_;
    std::string records_;
    std::optional<schema::Hash> last_fact_;
};

class DownReader {
public:
    explicit DownReader(BundleReader& bundle);
    const DownHead& head() const { return head_; }
    std::int64_t rows() const { return bundle_.lines() - 1; }
    /// The next fact that comes back, or nothing: they stand before the rows. Call until then, before next().
    std::optional<node::ReturnedFact> next_fact();
    /// The next row, or nullptr after the last. Lives until the next call.
    const node::StateRow* next();

private:
    [[noreturn]] void refuse_line(const std::string& why) const;
    void read_record(std::string_view line);
    BundleReader& bundle_;
    DownHead head_;
    node::StateRow row_;
    bool read_ahead_ = false;  ///< row_ was read by next_fact() and is not handed out yet
    std::int64_t version_ = 0;
    std::optional<schema::Fact> fact_;  ///< the one returned before
};

// ------------------------------------------------------------------------------------------------------------ enrolment

/// What HQ hands to a branch so that it can join: a small JSON file in the clear, to be carried by a person. Whoever holds it
/// can join as that node, once; HQ forgets the secret as soon as somebody did.
struct Invitation {
    node::NodeName node;
    std::string secret;               ///< 64 hexadecimal digits, used once
    std::string hq_name;
    PublicKey hq_key;
    std::optional<std::string> url;   ///< HQ's address; none: by file only
    std::string currency;
};

/// A fresh one-time secret: 32 bytes of `random` in hexadecimal.
std::string make_secret(node::Random& random);
/// The file's text (JSON with sorted keys, a field a line).
std::string print(const Invitation& invitation);
/// Throws Error (refused) naming `what` and the field. Fields not known are ignored.
Invitation parse_invitation(std::string_view text, const std::string& what);

/// The node's answer: its key, and the proof that it held the invitation.
struct EnrolmentAnswer {
    node::NodeName node;
    std::string name;       ///< of the branch
    std::string currency;
    std::string time_zone;
    PublicKey key;
    std::string proof;      ///< proof_of(secret, node, key)
};

/// Hexadecimal keyed BLAKE2b-256 of the node's name and key under the secret: worth nothing for another node or key.
std::string proof_of(std::string_view secret, node::NodeName node, const PublicKey& key);
/// Whether the answer was made with that secret. Takes the same time whatever differs.
bool proves(const EnrolmentAnswer& answer, std::string_view secret);

Bytes write_enrolment(const EnrolmentAnswer& answer, node::Instant at, const Identity& sender, const PublicKey& hq, node::Random& random);
/// The bundle must have been opened with the key in its own header (BundleHeader::sender): the signature then shows that the
/// sender holds that key, and the proof that it was invited.
EnrolmentAnswer read_enrolment(BundleReader& bundle);

}  // namespace paprsek::sync
