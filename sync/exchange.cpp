#include "sync/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <exception>
#include <iterator>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "node/base/error.h"
#include "node/facts.h"
#include "node/foreign_receipts.h"
#include "node/hq_users.h"
#include "node/recovery.h"
#include "node/rights.h"
#include "node/state_digest.h"
#include "node/state_slice.h"
#include "sync/held_by_hq.h"
#include "sync/keys.h"

namespace paprsek::sync {
namespace {

/// A bundle stays well below max_payload_bytes, whatever its facts hold.
constexpr std::size_t max_up_text_bytes = 256u << 20;
constexpr std::int64_t progress_facts = 1000;
/// Of a rebuilt node: the last fact that its last bundle named, and what did not come back ("101-120", empty = nothing).
constexpr const char* rebuild_setting = "rebuilt_through";
constexpr const char* missing_setting = "missing_facts";
/// Set while HQ holds another history than the ledger, and it is not known yet where they part: bundles carry a ladder.
constexpr const char* differs_setting = "ledger_differs";
/// The last fact before which HQ's history and this one are known to be the same; the next bundle begins behind it.
constexpr const char* resend_setting = "resend_after";
/// When the state was last read again because its digest differed, by HQ's clock. Where that did not help, a person has to look
/// into it, and the next attempt waits, for the state may be large.
constexpr const char* reread_setting = "state_reread_at";
constexpr std::int64_t reread_every_ms = 24 * 3'600'000;

struct Joined {
    Identity identity;
    PublicKey hq;
    std::string hq_name;
};

Joined joined(node::Node& node) {
    const auto enrolment = node.enrolment();
    if (!enrolment) node::refuse(node.folder(), "does not belong to an HQ yet", "ask HQ for an invitation and join by: paprsek enroll");
    const auto hq = parse_public_key(enrolment->hq_key);
    if (!hq) node::fail(node.folder(), "its ledger names no usable key of HQ", "enrol anew");
    if (!Identity::exists(node.folder()))
        node::refuse(node.folder(), "its key file is missing, so that HQ would not know who it is", "ask HQ for a new invitation and join again");
    return {Identity::load(node.folder()), *hq, enrolment->hq_name};
}

// ----------------------------------------------------------------------------------------------------------------- epochs

/// The facts of one epoch: first..last, within the ledger.
struct EpochFacts {
    std::int64_t epoch = 1, first = 1, last = 0;
};

/// Every epoch of the ledger in order; the first begins with fact 1 although no row says so.
std::vector<EpochFacts> epochs_of(node::Node& node, std::int64_t newest) {
    std::vector<EpochFacts> epochs{{1, 1, newest}};
    auto rows = node.database().query("SELECT number, first_seq FROM epoch WHERE number > 1 ORDER BY number");
    while (rows.step()) {
        epochs.back().last = rows.integer(1) - 1;
        epochs.push_back({rows.integer(0), rows.integer(1), newest});
    }
    return epochs;
}

/// What HQ lacks: the rest of the epoch in which `sent` stands, else the beginning of the next one.
EpochFacts unsent(node::Node& node, const node::HqReceipt& sent, std::int64_t newest) {
    EpochFacts rest;
    for (const EpochFacts& each : epochs_of(node, newest)) {
        rest = each;
        if (each.epoch == sent.epoch) rest.first = sent.seq + 1;
        if (each.epoch >= sent.epoch && rest.first <= rest.last) break;
    }
    return rest;
}

/// The rest of the epoch in which the fact after `seq` stands; `otherwise` where there is none.
EpochFacts facts_after(node::Node& node, std::int64_t seq, std::int64_t newest, const EpochFacts& otherwise) {
    for (const EpochFacts& each : epochs_of(node, newest))
        if (seq + 1 >= each.first && seq + 1 <= each.last) return {each.epoch, seq + 1, each.last};
    return otherwise;
}

schema::Hash hash_at(node::Node& node, std::int64_t seq) {
    if (seq == 0) return schema::genesis(node::print(node.info().node));
    const auto fact = node.ledger().fact(seq);
    if (!fact) node::fail(fmt::format("fact {}", seq), "is missing from the ledger", "run verify; restore a backup");
    return fact->hash;
}

/// Hashes of facts before `first`, at distances that double: among them stands the last fact that both sides share, or one at most
/// twice as far back. So one answer is enough to find where to begin, and no more than twice the facts travel than have to.
std::map<std::int64_t, schema::Hash> ladder_below(node::Node& node, std::int64_t first) {
    std::map<std::int64_t, schema::Hash> ladder;
    for (std::int64_t back = 1; back < first; back *= 2) ladder[first - back] = hash_at(node, first - back);
    return ladder;
}

/// The texts beside a fact; empty where it has none, or where they were erased.
std::string personal_of(node::Node& node, const schema::Fact& fact) {
    const std::string digest = node::digest_beside(fact.kind, fact.body);
    if (digest.empty()) return {};
    return node.database().text("SELECT body FROM personal WHERE digest = ?", digest).value_or("");
}

// ---------------------------------------------------------------------------------------------------------------- receipt

/// What a receipt says about our ledger: empty when it agrees.
struct Contradiction {
    DownOutcome outcome = DownOutcome::applied;
    std::string message;
};

Contradiction compare(node::Node& node, const Receipt& receipt) {
    if (receipt.seq == 0) return {};
    const std::string name = node::print(node.info().node);
    const node::Head head = node.ledger().head();
    const std::vector<EpochFacts> epochs = epochs_of(node, head.seq);
    constexpr const char* advice =
        "export here, import at HQ and take the new reply: it brings back what is missing. If another machine sells under the same name, enrol this one as "
        "another till";
    for (const EpochFacts& each : epochs) {
        if (each.epoch != receipt.epoch) continue;
        if (receipt.seq <= each.last) {
            if (hash_at(node, receipt.seq) == receipt.hash) return {};
            return {
                DownOutcome::forked,
                fmt::format("HQ holds another fact {} of node {} than this ledger does: two ledgers went on under one name, as after a restored backup or a "
                            "copied disk. No state was taken over; {}",
                            receipt.seq, name, advice)};
        }
        if (each.epoch < epochs.back().epoch) return {};  // we know: those facts were lost, and we went on under a later epoch
    }
    return {
        DownOutcome::behind,
        fmt::format("HQ holds {} facts of node {} in epoch {}, this ledger has {} in epoch {}: it was restored from an older backup, or another machine sells "
                    "under the same name. No state was taken over; {}",
                    receipt.seq, name, receipt.epoch, head.seq, epochs.back().epoch, advice)};
}

/// HQ's balances include own facts up to here; of a receipt for facts that this ledger lost, those before it went its own way, and
/// what HQ holds of the epochs since.
std::int64_t included_of(node::Node& node, const DownHead& head) {
    std::int64_t included = head.included;
    for (const EpochFacts& each : epochs_of(node, node.ledger().head().seq))
        if (each.epoch == head.receipt.epoch) {
            included = std::min(included, each.last);
        } else if (const auto held = head.later.find(each.epoch); each.epoch > head.receipt.epoch && held != head.later.end()) {
            included = std::max(included, std::min(held->second, each.last));
        }
    return included;
}

// ------------------------------------------------------------------------------------------------------------------ reply

/// While slices of state are written: they need not be on the disk one by one, for HQ can send them again, and whoever writes much
/// carries the log over into the database itself, between its slices: neither a sale nor anybody's lock then waits for it. Nor for the
/// index of product names (node/state_slice.h).
class ManySlices {
public:
    explicit ManySlices(node::Database& database)
        : merges_(database), database_(database), sync_(database.integer("PRAGMA synchronous").value_or(2)),
          pages_(database.integer("PRAGMA wal_autocheckpoint").value_or(1000)), cache_(database.integer("PRAGMA cache_size").value_or(-16'000)) {
        set(1, big_cache);
        sqlite3_wal_hook(database.handle(), &ManySlices::committed, this);
    }
    ~ManySlices() {
        sqlite3_wal_autocheckpoint(database_.handle(), static_cast<int>(pages_));  // takes the hook's place
        try {
            set(sync_, cache_);
        } catch (const node::Error&) {
            // SQLite answers these from memory; what could fail here has failed before.
        }
    }
    ManySlices(const ManySlices&) = delete;
    ManySlices& operator=(const ManySlices&) = delete;

    void merge_search(std::int64_t rows) { merges_.merge(rows); }
    /// Between two slices. What others write meanwhile would keep the log from beginning anew, so that a short second and third
    /// look take it along. A disk that does not answer shows at the next commit.
    void carry_over() {
        int log = 0, carried = -1;
        for (int i = 0; i < 3 && log_pages_ >= most_log_pages && log != carried; ++i)
            if (sqlite3_wal_checkpoint_v2(database_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &log, &carried) != SQLITE_OK) return;
        if (log == carried) log_pages_ = 0;
    }

private:
    static constexpr int most_log_pages = 3000;         ///< a sale carries over by itself from 4,000 on (node/base/database.cpp)
    static constexpr std::int64_t big_cache = -64'000;  ///< KiB
    static int committed(void* self, sqlite3*, const char*, int pages) {
        static_cast<ManySlices*>(self)->log_pages_ = pages;
        return SQLITE_OK;
    }
    void set(std::int64_t synchronous, std::int64_t cache) {
        database_.execute(fmt::format("PRAGMA synchronous={}", synchronous));
        database_.execute(fmt::format("PRAGMA cache_size={}", cache));
    }
    node::SearchMerges merges_;  ///< first: it may fail, while commits are as durable as ever
    node::Database& database_;
    std::int64_t sync_, pages_, cache_;
    int log_pages_ = 0;
};

/// How many rows the next slice takes.
class SliceSize {
public:
    explicit SliceSize(const Watch& watch) : watch_(watch) {}
    std::int64_t rows() const { return rows_; }
    /// Runs `write`, which writes `rows` rows, and learns from how long that takes. At most doubled, so that one lucky slice does
    /// not make the next one long.
    template <class Write>
    auto timed(std::int64_t rows, Write write) {
        if (!watch_) return write();
        const auto start = watch_();
        const auto result = write();
        const auto took = std::max<std::int64_t>(1, (watch_() - start).count());
        const std::int64_t fitting = rows * std::chrono::microseconds(slice_time).count() / took;
        if (rows >= rows_ || fitting < rows_) rows_ = std::clamp(fitting, least_rows, std::min(2 * rows_, most_rows));
        return result;
    }

private:
    static constexpr std::int64_t least_rows = slice_rows, most_rows = 4000;
    const Watch& watch_;
    std::int64_t rows_ = slice_rows;
};

/// Rows of state, read before the ledger is held, in the order of their keys: those that lie together on the pages of tables and
/// indexes come together, so that a slice of a first load writes few of them. Rows of one version stay together.
class Run {
public:
    /// Consecutive rows, none from another run.
    struct Slice {
        std::span<const std::span<const node::ReadRow>> versions;
        std::int64_t rows = 0;
    };
    /// From `row` on; it is then the one after, which `rows` has read. A row that does not have its form ends the run before it.
    Run(const node::StateRow*& row, DownReader& rows) {
        std::vector<std::size_t> starts;  // of versions
        try {
            for (std::size_t bytes = 0; row && (goes_on(*row) || (rows_.size() < most_rows && bytes < most_bytes)); row = rows.next()) {
                if (!goes_on(*row)) starts.push_back(rows_.size());
                bytes += row->body.size();
                rows_.push_back(node::read_state(*row));
            }
        } catch (const node::Error&) {
            fault_ = std::current_exception();
            if (!starts.empty()) rows_.resize(starts.back());  // its version may have no end
            if (!starts.empty()) starts.pop_back();
            if (starts.empty()) throw;
        }
        if (!rows_.empty()) through_ = rows_.back().row.version;
        for (std::size_t i = 0; i < starts.size(); ++i)
            versions_.push_back(std::span(rows_).subspan(starts[i], (i + 1 < starts.size() ? starts[i + 1] : rows_.size()) - starts[i]));
        std::stable_sort(versions_.begin(), versions_.end(), [](const auto& a, const auto& b) {
            return std::tie(a.front().row.kind, a.front().row.key) < std::tie(b.front().row.kind, b.front().row.key);
        });
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// What ended it; call when the rows before stand.
    void rethrow_fault() const {
        if (fault_) std::rethrow_exception(fault_);
    }
    bool whole() const { return !fault_; }
    bool empty() const { return next_ == versions_.size(); }
    /// Of the newest row; 0: there is none.
    std::int64_t through() const { return through_; }
    /// Some `rows`, at least one version.
    Slice next(std::int64_t rows) {
        Slice slice;
        const std::size_t begin = next_;
        for (; !empty() && slice.rows < rows; ++next_) slice.rows += static_cast<std::int64_t>(versions_[next_].size());
        slice.versions = std::span(versions_).subspan(begin, next_ - begin);
        return slice;
    }

private:
    static constexpr std::size_t most_rows = 25'000, most_bytes = 16u << 20;
    bool goes_on(const node::StateRow& row) const { return !rows_.empty() && row.version == rows_.back().row.version; }
    std::exception_ptr fault_;
    std::vector<node::ReadRow> rows_;
    std::vector<std::span<const node::ReadRow>> versions_;
    std::size_t next_ = 0;
    std::int64_t through_ = 0;
};

/// One reply on its way into the node, slice by slice.
class Reply {
public:
    Reply(node::Node& node, BundleReader& bundle, const Watch& watch) : node_(node), bundle_(bundle), rows_(bundle), size_(watch) {
        const DownHead& head = rows_.head();
        newest_before_ = node.ledger().head().seq;
        report_.at = bundle.header().at;
        report_.receipt = head.receipt;
        report_.more = head.more;
    }

    DownReport apply(const Progress& progress) {
        if (!take_facts_back(progress)) {
            report_.outcome = DownOutcome::stopped;
            return report_;
        }
        settle_epochs();
        note_renewed();
        tell_recovery();
        note_missing();
        note_unread(node_, rows_.head().receipt.seq);
        report_.again = report_.outcome == DownOutcome::applied;
        const Contradiction contradiction = compare(node_, rows_.head().receipt);
        look_for_difference(contradiction);
        if (!contradiction.message.empty()) {
            report_.version = node_.state_cursor().version;
            report_.more = true;
            // More came back than one reply carries: the next one goes on.
            if (report_.recovered) return report_;
            report_.outcome = contradiction.outcome;
            report_.message = contradiction.message;
            return report_;
        }
        if (answers_another_copy()) {
            report_.version = node_.state_cursor().version;
            report_.more = report_.again = true;
            report_.message = fmt::format(
                "this reply answers another copy of this ledger, of which HQ heard last (as a late file of a lost disk): it does not say which of the facts "
                "after {} the balances in it include. No state was taken over; export here, import at HQ and take the new reply.",
                rows_.head().receipt.seq);
            return report_;
        }
        included_ = included_of(node_, rows_.head());
        if (!apply_rows(progress)) {
            report_.outcome = DownOutcome::stopped;
            return report_;
        }
        // An older reply may name an era that is over.
        const node::StateCursor cursor = node_.state_cursor();
        const DownHead& head = rows_.head();
        if (!head.unknown_receipts.empty()) {
            node::Transaction transaction(node_.database());
            node::note_unknown_receipts(node_.database(), head.unknown_receipts, report_.at);
            transaction.commit();
        }
        if (cursor.hq_epoch == head.hq_epoch && cursor.version == head.through_version && node::begin_rights(node_, head.era)) {
            report_.outcome = DownOutcome::applied;
            report_.again = true;  // HQ grants nothing before it has heard of it
        }
        return report_;
    }

private:
    /// Own facts that HQ gives back, slice by slice; false when stopped.
    bool take_facts_back(const Progress& progress) {
        std::vector<node::ReturnedFact> slice;
        for (auto fact = rows_.next_fact(); fact || !slice.empty();) {
            for (; fact && static_cast<std::int64_t>(slice.size()) < slice_rows; fact = rows_.next_fact()) slice.push_back(std::move(*fact));
            node::Transaction transaction(node_.database());
            for (const node::ReturnedFact& returned : slice) {
                const node::TakenBack taken = node::take_back(node_, returned);
                report_.recovered += taken == node::TakenBack::appended;
                report_.set_aside += taken == node::TakenBack::set_aside;
            }
            transaction.commit();
            done_ += static_cast<std::int64_t>(slice.size());
            slice.clear();
            if (fact && progress && !progress(done_, rows_.rows())) return false;
        }
        if (report_.recovered || report_.set_aside) report_.outcome = DownOutcome::applied;
        return true;
    }

    /// HQ says in which epochs the ledger's facts count; of a forked one, the facts from the fork on go into a new one.
    void settle_epochs() {
        const DownHead& head = rows_.head();
        report_.epoch = node_.epoch();
        if (head.line.empty() || head.line.back().epoch <= report_.epoch) return;
        // A late reply to a restore that has been dealt with.
        if (!head.renewed.empty() && head.renewed != node::restored_word(node_)) return;
        node::Transaction transaction(node_.database());
        // Another copy of this ledger may be meant.
        const std::int64_t newest = node_.ledger().head().seq;
        if (head.receipt.seq > newest || hash_at(node_, head.receipt.seq) != head.receipt.hash) return;
        if (head.fork && (head.receipt.seq == newest || hash_at(node_, head.receipt.seq + 1) != *head.fork)) return;
        std::vector<node::EpochStart> line = head.line;
        // An epoch that only begins, of a restored ledger: what was written since HQ answered may be on its way in the one that ends, and
        // were it of the next one here, HQ would hold it in both. Where the ledger forked, HQ knows what comes in the old one.
        const bool begins = line.back().epoch > head.receipt.epoch;
        if (begins && !head.fork) line.back().after = std::max(line.back().after, newest);
        node::set_epoch_starts(node_.database(), line);
        transaction.commit();
        report_.epoch = head.line.back().epoch;
        // HQ took the facts of a forked ledger over as that epoch already, or is still to get them.
        parted_after_ = line.back().after;
        report_.new_epoch = head.fork || (!begins && newest_before_ > parted_after_);
        report_.outcome = DownOutcome::applied;
    }

    /// HQ heard last of a copy that went another way, in an epoch in which this ledger goes on as well.
    bool answers_another_copy() {
        const DownHead& head = rows_.head();
        if (!head.fork) return false;
        const std::vector<EpochFacts> epochs = epochs_of(node_, node_.ledger().head().seq);
        return std::any_of(epochs.begin(), epochs.end(), [&](const EpochFacts& each) {
            return each.epoch == head.receipt.epoch && each.last > head.receipt.seq && hash_at(node_, head.receipt.seq + 1) != *head.fork;
        });
    }

    /// HQ has ended the epoch of a restored ledger: what it held then is not this one's, and rights begin anew.
    void note_renewed() {
        const DownHead& head = rows_.head();
        if (head.renewed.empty() || head.renewed != node::restored_word(node_)) return;
        // As settle_epochs(): more facts may have to come back first.
        if (!head.line.empty() && head.line.back().epoch > report_.epoch) return;
        node::Transaction transaction(node_.database());
        node::note_renewed(node_, head.renewed);
        transaction.commit();
    }

    /// Where HQ's history and this one contradict each other, the next bundle carries a ladder of hashes; HQ's answer says from where
    /// to send again, and that bundle shows HQ the first fact that differs.
    void look_for_difference(const Contradiction& contradiction) {
        const std::optional<std::int64_t> resend = rows_.head().resend_after;
        const bool differs = !contradiction.message.empty() || resend;
        const bool differed = node_.setting(differs_setting).value_or("") == "1";
        const std::string after = resend ? std::to_string(std::min(*resend, node_.ledger().head().seq)) : "";
        if (differs == differed && after == node_.setting(resend_setting).value_or("")) return;
        node::Transaction transaction(node_.database());
        node_.set_setting(differs_setting, differs ? "1" : "");
        node_.set_setting(resend_setting, after);
        transaction.commit();
        report_.again = report_.again || differs;
    }

    /// A rebuilt branch names what it is known to have had and nobody gave back; a bundle that turns up late shortens it.
    void note_missing() {
        const auto last_bundle = node_.setting(rebuild_setting);
        if (!last_bundle || (!report_.recovered && !report_.set_aside && node_.setting(missing_setting))) return;
        const std::int64_t here = node_.ledger().head().seq, known = std::max(rows_.head().newest, static_cast<std::int64_t>(std::stoll(*last_bundle)));
        if (here < rows_.head().receipt.seq) return;  // more is to come
        node::Transaction transaction(node_.database());
        node_.set_setting(missing_setting, known > here ? fmt::format("{}-{}", here + 1, known) : "");
        transaction.commit();
    }

    void tell_recovery() {
        if (report_.new_epoch)
            report_.message = fmt::format(
                "this ledger was restored from an older backup, or its disk was copied: HQ holds other facts from {} on ({}). Those written here since go on "
                "as epoch {}, and {} facts came back and are kept beside them. If another machine sells as node {}, enrol this one as another till.",
                parted_after_ + 1, first_sales(parted_after_), report_.epoch, report_.set_aside, node::print(node_.info().node));
        else if (report_.recovered || report_.set_aside)
            report_.message =
                fmt::format("{} facts of this node came back from HQ{}.", report_.recovered + report_.set_aside,
                            report_.set_aside ? fmt::format(", {} of them of another epoch, kept beside the ledger", report_.set_aside) : std::string());
    }

    /// The first sale after fact `seq` here, and the one that HQ has in its place.
    std::string first_sales(std::int64_t seq) {
        const auto described = [&](const char* who, const char* table, const char* order) {
            auto row = node_.database().query(
                fmt::format("SELECT r.number, r.at, r.total FROM receipt r JOIN {} f ON r.seq = f.{} WHERE f.seq > ? ORDER BY f.seq LIMIT 1", table, order),
                seq);
            if (!row.step()) return fmt::format("{} no sale", who);
            const std::string number = node::print_receipt_number(node_.info().node, row.integer(0));
            return fmt::format("{} receipt {} of {} for {}", who, number, node_.zone().print(row.instant(1)), node::print(row.decimal<node::Money>(2)));
        };
        return "the first sale that differs is " + described("here", "fact", "seq") + ", at HQ" +
               described("", "(SELECT -place AS place, seq FROM recovered_fact)", "place");
    }

    /// False when stopped by `progress`.
    bool apply_rows(const Progress& progress) {
        const node::StateRow* row = rows_.next();
        std::optional<ManySlices> many;
        if (rows_.rows() > slice_rows) many.emplace(node_.database());
        others_wrote();  // what they did before is none of this
        for (bool first = true; first || row;) {
            Run run(row, rows_);
            do {
                const Run::Slice slice = run.next(size_.rows());
                const bool run_ends = run.empty(), last = run_ends && !row && run.whole();
                // What HQ does not name any more goes before the cursor says that all is here: the last slice is then an empty one.
                const bool drop = last && reads_anew();
                if (last && !drop) many.reset();  // the last one is durable, and all before it
                const std::optional<std::int64_t> through = run_ends && run.through() ? std::optional(run.through()) : std::nullopt;
                if (!size_.timed(slice.rows, [&] { return apply_slice(slice, through, first, last && !drop); })) return true;
                first = false;
                if (many) {
                    many->merge_search(slice.rows);
                    many->carry_over();
                }
                done_ += slice.rows;
                if (drop) {
                    drop_unnamed();
                    many.reset();
                    apply_slice({}, std::nullopt, false, true);
                } else if (!last && !let_others_in(progress)) {
                    return false;
                }
            } while (!run.empty());
            run.rethrow_fault();
        }
        return true;
    }

    /// Between two slices. A sale is several transactions: whoever has just written gets a further gap, or each of them would wait for a slice.
    bool let_others_in(const Progress& progress) {
        if (!progress) return true;
        for (int gap = 0; gap < most_gaps; ++gap) {
            if (!progress(done_, rows_.rows())) return false;
            if (!others_wrote()) break;
        }
        return true;
    }

    /// Since the last question.
    bool others_wrote() {
        const std::int64_t now = node_.database().integer("PRAGMA data_version").value_or(0);
        return now != std::exchange(seen_of_others_, now);
    }

    /// Whether this reply ends a state that is read from the start, so that what it has not named is gone.
    bool reads_anew() {
        const DownHead& head = rows_.head();
        const node::StateCursor cursor = node_.state_cursor();
        if (head.more || head.hq_epoch != cursor.hq_epoch) return !head.more && head.hq_epoch > cursor.hq_epoch;
        return head.through_version >= cursor.version && node::StoredStateDigest(node_.database()).reads_anew();
    }

    void drop_unnamed() {
        for (node::UnnamedState unnamed(node_.database(), included_); !unnamed.empty();) {
            node::Transaction transaction(node_.database());
            unnamed.drop(slice_rows);
            transaction.commit();
        }
        node::Transaction transaction(node_.database());
        node::end_receipts_anew(node_.database(), node_.info().node);
        node::end_users_anew(node_.database());
        transaction.commit();
    }

    void begin_anew(node::StoredStateDigest& digest) {
        digest.begin_anew();
        node::begin_receipts_anew(node_.database());
        node::begin_users_anew(node_.database());
    }

    /// One transaction; `through`: a run ends with it, and the cursor stands there. False when the rest is not wanted: it is older
    /// than what stands here.
    bool apply_slice(const Run::Slice& slice, std::optional<std::int64_t> through, bool first, bool last) {
        const DownHead& head = rows_.head();
        node::Transaction transaction(node_.database());
        // Read within the transaction: another process may have taken in the same reply, or a newer one, meanwhile.
        node::StateCursor cursor = node_.state_cursor();
        report_.version = cursor.version;
        if (head.hq_epoch < cursor.hq_epoch) return false;
        const bool hq_restored = head.hq_epoch > cursor.hq_epoch;
        if (first) store_receipt(hq_restored);
        node::StoredStateDigest digest(node_.database());
        if (hq_restored) cursor = {head.hq_epoch, 0, cursor.at};
        if (hq_restored || (first && cursor.version == 0 && !digest.reads_anew())) begin_anew(digest);
        if (head.from_version > cursor.version)
            node::refuse(
                bundle_.what(),
                fmt::format("begins after version {} of HQ's state, this branch holds {}: a reply before it is missing", head.from_version, cursor.version),
                "import that one first, or export here, import at HQ and take the new reply");

        node::SearchChanges search;
        for (const std::span<const node::ReadRow>& version : slice.versions)
            for (const node::ReadRow& row : version) {
                if (row.row.version <= cursor.version || !digest.note(row.row)) continue;
                node::apply_state(node_.database(), row, included_, search);
                ++report_.rows;
            }
        search.write(node_.database());
        if (last) through = head.through_version;
        if ((through && *through > cursor.version) || hq_restored) report_.outcome = DownOutcome::applied;
        if (through) cursor.version = std::max(cursor.version, *through);
        const bool complete = last && cursor.version == head.through_version;
        // "As of": an answer with nothing new is news as well.
        if (complete && (!cursor.at || *cursor.at < report_.at)) cursor.at = report_.at;
        if (complete && !head.more) digest.end_anew();
        if (complete && head.digest && !head.more && digest.value() != head.digest) read_again(digest, cursor);
        digest.save();
        node_.set_state_cursor(cursor);
        report_.version = cursor.version;
        transaction.commit();
        return true;
    }

    /// What stands here is not HQ's state at the same version: it is read from the start, once a day at most.
    void read_again(node::StoredStateDigest& digest, node::StateCursor& cursor) {
        const bool known = digest.value().has_value();  // else it is of a time before digests, and as good as any
        const std::int64_t tried = std::stoll(node_.setting(reread_setting).value_or("0"));
        report_.state_differed = known;
        if (known && report_.at.ms - tried < reread_every_ms && report_.at.ms >= tried) {
            report_.message = fmt::format(
                "the products, prices and customers that stand here are not those of HQ at version {}, also after they were read again; "
                "run verify here and at HQ",
                cursor.version);
            return;
        }
        if (known)
            report_.message = fmt::format(
                "the products, prices and customers that stand here were not those of HQ at version {}; they are read again from the start.", cursor.version);
        begin_anew(digest);
        node_.set_setting(reread_setting, std::to_string(report_.at.ms));
        cursor.version = 0;
        report_.outcome = DownOutcome::applied;
        report_.again = true;
    }

    void store_receipt(bool hq_restored) {
        const Receipt& receipt = rows_.head().receipt;
        const node::HqReceipt held = node_.hq_receipt();
        const bool newer = std::pair(receipt.epoch, receipt.seq) > std::pair(held.epoch, held.seq);
        if (!newer && !hq_restored && held.at) return;
        report_.outcome = DownOutcome::applied;
        report_.acknowledged = std::max<std::int64_t>(0, receipt.seq - held.seq);
        report_.again = report_.again || (hq_restored && !newer && receipt.seq < held.seq);
        node_.set_hq_receipt({receipt.epoch, receipt.seq, schema::to_hex(receipt.hash), node_.clock().now()});
    }

    node::Node& node_;
    BundleReader& bundle_;
    DownReader rows_;
    SliceSize size_;
    std::int64_t newest_before_ = 0;  ///< seq of the newest fact of the ledger, before any came back
    std::int64_t parted_after_ = 0;   ///< of a new epoch: the last fact before it
    DownReport report_;
    std::int64_t done_ = 0;
    static constexpr int most_gaps = 10;
    std::int64_t seen_of_others_ = 0;  ///< SQLite's word for what other connections have committed
    std::int64_t included_ = 0;
};

/// Makes the node's key where there is none, writes that it joined, and the answer.
Bytes answer_of(node::Node& node, const Invitation& invitation) {
    const node::NodeInfo& info = node.info();
    const node::Enrolment wanted{invitation.hq_name, to_hex(invitation.hq_key), invitation.url.value_or("")};
    const auto held = node.enrolment();
    // The key first: an enrolment without a key could not be told from a lost one.
    if (!Identity::exists(node.folder())) Identity::make(node.random()).save(node.folder());
    const Identity identity = Identity::load(node.folder());
    if (!held || held->hq_name != wanted.hq_name || held->url != wanted.url) node.enrol(wanted);

    const EnrolmentAnswer answer{
        info.node, info.name, info.currency, info.time_zone, identity.public_key(), proof_of(invitation.secret, info.node, identity.public_key())};
    return write_enrolment(answer, node.clock().now(), identity, invitation.hq_key, node.random());
}

}  // namespace

void prepare_up(node::Node& node) {
    if (node.enrolment()) node::settle_rights(node);
}

std::optional<UpBundle> make_up(node::Node& node, const UpBundle* previous, std::int64_t max_facts, const Progress& progress) {
    assert(max_facts > 0);
    const Joined keys = joined(node);
    const node::HqReceipt held = node.hq_receipt();
    node::HqReceipt sent = held;
    if (previous) sent = {previous->epoch, previous->last, {}, {}};
    const std::int64_t newest = node.ledger().head().seq;
    EpochFacts rest = unsent(node, sent, newest);
    const auto resend = previous ? std::nullopt : node.setting(resend_setting);
    if (resend && !resend->empty()) rest = facts_after(node, std::stoll(*resend), newest, rest);
    rest.last = std::min(rest.last, rest.first + max_facts - 1);

    UpWriter writer(node.info().node, rest.epoch, rest.first, hash_at(node, rest.first - 1));
    bool goes_on = true;
    SoldCodes sold;
    node.ledger().read(rest.first, rest.last, [&](const schema::Fact& fact) {
        sold.add(fact.body);
        writer.add(fact.seq, fact.at, fact.kind, fact.body, fact.hash, personal_of(node, fact));
        if (progress && fact.seq % progress_facts == 0) goes_on = progress(fact.seq - rest.first + 1, rest.last - rest.first + 1);
        return goes_on && writer.text_bytes() < max_up_text_bytes;
    });
    if (!goes_on) return std::nullopt;
    // Only behind what HQ has acknowledged: then whatever comes late, twice or not at all, it can read the bundle, unless HQ itself was
    // restored. Where it is looked for how far both agree, nothing is taken for known.
    const bool differs = node.setting(differs_setting).value_or("") == "1";
    const bool follows = !previous && !differs && rest.epoch == held.epoch && held.seq > 0 && rest.first == held.seq + 1;
    if (follows && held.hash == schema::to_hex(hash_at(node, held.seq)))
        writer.know(known_before(node, rest.first, known_count(rest.first, writer.last() - rest.first + 1), sold));
    const node::StateCursor cursor = node.state_cursor();  // before the rows: what a reply to another program writes meanwhile is newer
    if (!differs) writer.know(known_products(node, sold, cursor, held));

    UpBundle up;
    up.epoch = rest.epoch;
    up.first = rest.first;
    up.last = writer.last();
    up.newest = newest;
    up.bytes = writer.finish(newest, {cursor.hq_epoch, cursor.version}, node.clock().now(), keys.identity, keys.hq, node.random(),
                             node::set_aside(node.database()), {held.epoch, held.seq}, {node::wanted_rights(node, max_wants), node::restored_word(node)},
                             differs ? ladder_below(node, rest.first) : std::map<std::int64_t, schema::Hash>(),
                             node::wished_receipts(node.database(), max_asked_receipts));
    return up;
}

Watch system_watch() {
    return [] { return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()); };
}

std::string_view print(DownOutcome outcome) {
    switch (outcome) {
        case DownOutcome::applied: return "applied";
        case DownOutcome::already_applied: return "already_applied";
        case DownOutcome::stopped: return "stopped";
        case DownOutcome::forked: return "forked";
        case DownOutcome::behind: return "behind";
    }
    return "";
}

DownReport apply_down(node::Node& node, BytesView bytes, const std::string& what, const Progress& progress, const Watch& watch) {
    const Joined keys = joined(node);
    const BundleHeader header = read_header(bytes, what);
    if (header.kind != BundleKind::state)
        node::refuse(what, fmt::format("holds {} from a branch, not HQ's reply", print(header.kind)), "import it at HQ: paprsek-hq import");
    BundleReader bundle(bytes, what, node.info().node, keys.identity, keys.hq);
    return Reply(node, bundle, watch).apply(progress);
}

Proof prove(node::Node& node, BytesView bytes, const std::string& what) {
    const Joined keys = joined(node);
    BundleReader bundle(bytes, what, node.info().node, keys.identity, keys.hq);
    const DownReader reply(bundle);
    const DownHead& head = reply.head();
    node::Transaction snapshot(node.database());
    Proof proof;
    proof.facts = node.ledger().head().seq;
    proof.through = std::min(head.receipt.seq, proof.facts);
    proof.version = head.through_version;
    proof.difference = compare(node, head.receipt).message;
    proof.history = proof.difference.empty() && hash_at(node, proof.through) == head.receipt.hash;
    if (!proof.history && proof.difference.empty())
        proof.difference = fmt::format("HQ's receipt is for facts of epoch {} that this ledger lost; exchange again", head.receipt.epoch);
    const node::StateCursor cursor = node.state_cursor();
    if (head.digest && !head.more && cursor.hq_epoch == head.hq_epoch && cursor.version == head.through_version) {
        proof.state = node::stored_state_digest(node.database()) == head.digest;
        if (!*proof.state && proof.difference.empty())
            proof.difference = fmt::format("the state held here is not HQ's at version {}; the next exchange reads it again", cursor.version);
    }
    return proof;
}

Bytes accept_invitation(node::Node& node, std::string_view text, const std::string& what) {
    const Invitation invitation = parse_invitation(text, what);
    const node::NodeInfo& info = node.info();
    if (invitation.node != info.node)
        node::refuse(what, fmt::format("invites node {}, this is {}", node::print(invitation.node), node::print(info.node)),
                     "ask HQ for an invitation of this node");
    if (invitation.currency != info.currency)
        node::refuse(what, fmt::format("the chain counts in {}, this branch in {}", invitation.currency, info.currency),
                     "make the branch anew in the chain's currency");
    const node::Enrolment wanted{invitation.hq_name, to_hex(invitation.hq_key), invitation.url.value_or("")};
    const auto held = node.enrolment();
    if (held && held->hq_key != wanted.hq_key)
        node::refuse(what, fmt::format("this branch belongs to \"{}\" already", held->hq_name), "a branch that changes its chain is made anew");

    return answer_of(node, invitation);
}

Bytes rebuild(const std::string& folder, std::string_view text, const std::string& what, std::int64_t last_bundle, node::Clock& clock, node::Random& random) {
    const Invitation invitation = parse_invitation(text, what);
    const node::NodeInfo info{invitation.node, "Node " + node::print(invitation.node), invitation.currency, "Europe/Prague", "cs"};
    const auto node = node::Node::create_empty(folder, info, {invitation.hq_name, to_hex(invitation.hq_key), invitation.url.value_or("")}, clock, random);
    node::Transaction transaction(node->database());
    node->set_setting(rebuild_setting, std::to_string(last_bundle));
    node->set_setting(node::restored_setting, "new");
    transaction.commit();
    return answer_of(*node, invitation);
}

MissingFacts missing_facts(node::Node& node) {
    MissingFacts missing;
    if (const auto text = node.setting(missing_setting); text && !text->empty()) {
        missing.first = std::stoll(*text);
        missing.last = std::stoll(text->substr(text->find('-') + 1));
    }
    return missing;
}

}  // namespace paprsek::sync
