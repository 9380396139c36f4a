// What comes from branches: enrolment answers and bundles of facts, and what HQ books after them.
#include <fmt/format.h>

#include <algorithm>

#include "hq/balances.h"
#include "hq/inside.h"
#include "hq/refunds.h"
#include "hq/rights.h"
#include "node/base/csv.h"
#include "sync/files.h"

namespace paprsek::hq {
namespace {

/// That are computed again with the merge that brings them (hq/recompute.h); the others wait until nobody else does.
constexpr std::int64_t facts_a_merge = 500;

void note(MergeReport& report, RecomputeProgress progress) {
    report.recomputed += progress.sales;
    for (Exception& exception : progress.exceptions) report.exceptions.push_back(std::move(exception));
}

}  // namespace

MergeReport Headquarters::Inside::enrol(const sync::BundleHeader& header, sync::BytesView bytes, const std::string& source) {
    if (!header.sender) node::refuse(source, "is an enrolment answer without a key", "write it again: paprsek enroll");
    sync::BundleReader bundle(bytes, source, node::hq_node, identity, *header.sender);
    const sync::EnrolmentAnswer answer = sync::read_enrolment(bundle);
    MergeReport report;
    report.source = source;
    report.outcome = Merged::enrolled;
    report.node = answer.node;
    StoreTransaction transaction(*store);
    const NodeRecord record = known(answer.node);
    report.facts_now = store->chains(record.id).back().held;
    report.last = report.first - 1;
    if (record.key == answer.key) return report;  // the same answer again
    const auto secret = store->invitation(record.id);
    if (!secret)
        node::refuse(source, fmt::format("answers no open invitation of node {}", print(answer.node)),
                     "an invitation is good once; make a new one: paprsek-hq invite");
    if (!sync::proves(answer, *secret))
        node::refuse(source, fmt::format("was not made with the last invitation of node {}", print(answer.node)), "take the newest invitation file");
    if (answer.currency != info.currency)
        node::refuse(source, fmt::format("node {} keeps its books in {}, this HQ in {}", print(answer.node), answer.currency, info.currency));
    if (record.key)
        // Another device, which has nothing of the node's history until it says so.
        store->add_former_key(record.id, *record.key);
    else if (record.newest == 0)
        store->set_rights_era(record.id, rights_era(*store, policy_now()));  // it has spent nothing by another rule
    store->set_node_key(record.id, answer.key);
    store->set_standing(record.id, {store->chains(record.id).front().id, 0, true, {}, {}});
    store->set_node_seen(record.id, clock.now(), record.newest, {});
    store->use_invitation(record.id, clock.now());
    transaction.commit();
    return report;
}

/// A node that was given what this HQ has never had: HQ was restored from an older copy. Its state begins anew under the next
/// epoch, and its receipts go back, so that branches send again what they keep.
void Headquarters::Inside::notice_restore(const NodeRecord& record, const sync::UpHead& head) {
    StoreTransaction transaction(*store);
    const std::int64_t hq_epoch = this->hq_epoch();
    bool later = head.cursor.hq_epoch > hq_epoch || (head.cursor.hq_epoch == hq_epoch && head.cursor.version > store->version());
    if (head.receipt_seq > 0 && head.cursor.hq_epoch >= hq_epoch) {
        const auto chains = store->chains(record.id);
        const auto chain = std::find_if(chains.begin(), chains.end(), [&](const ChainRecord& each) { return each.epoch == head.receipt_epoch; });
        later = later || chain == chains.end() || chain->held < head.receipt_seq;
    }
    if (!later) return;
    const std::int64_t next = std::max(hq_epoch, head.cursor.hq_epoch) + 1;
    store->set_setting("hq_epoch", std::to_string(next));
    // Grants that were made since the copy are not known here: nothing is granted before every node has begun anew.
    begin_era(*store, next);
    transaction.commit();
}

/// What follows for rights from a bundle that was merged (hq/rights.h): in a transaction of its own, for it is HQ's to decide, and
/// a grant that a crash took away is made with the next purchase or asked for again.
void Headquarters::Inside::settle_rights(const NodeRecord& record, const sync::UpHead& head, IngestResult& result) {
    const std::string era = rights_era(*store, policy_now());
    if (era.empty() || (result.touched.empty() && !result.begun && head.rights.wants.empty() && !store->has_wants(record.id))) return;
    StoreTransaction transaction(*store);
    std::vector<RightWant> wants;
    for (const node::RightFact::Entry& want : head.rights.wants)
        if (const auto account = store->find_account(want.customer))
            wants.push_back({record.id, account->main ? account->main : account->row, {want.points, want.credit}});
    const std::vector<std::int64_t> moved = store->set_wants(record.id, wants, clock.now());
    store->touch_customers(moved);
    std::vector<std::int64_t> customers = std::move(result.touched);
    customers.insert(customers.end(), moved.begin(), moved.end());
    for (const RightWant& want : wants) customers.push_back(want.customer);
    if (result.begun) {
        // Where this was the last one that had to begin, everybody gets his share now.
        const auto at_home = store->customers_at_home(0);
        customers.insert(customers.end(), at_home.begin(), at_home.end());
    }
    grant_rights(*store, policy, era, std::move(customers), clock.now());
    transaction.commit();
}

/// Receipts of other tills that a cashier of the node wants to take goods of back.
void Headquarters::Inside::settle_receipts(const NodeRecord& record, const sync::UpHead& head) {
    if (head.receipts.empty() && store->receipt_wants(record.id).empty()) return;
    StoreTransaction transaction(*store);
    ask_receipts(*store, record, head.receipts);
    transaction.commit();
}

/// Of those whom the bundle moved, for what came late may change what was due; and of some others, until all had their turn today.
void Headquarters::Inside::expire(const std::vector<std::int64_t>& touched) {
    if (!policy_now().points_expire_months) return;
    const node::Date today = zone.local(clock.now()).date;
    if (touched.empty() && !expiry_is_due(*store, today)) return;
    StoreTransaction transaction(*store);
    std::vector<std::int64_t> customers = touched;
    if (expiry_is_due(*store, today)) {
        const auto others = next_to_expire(*store, today);
        customers.insert(customers.end(), others.begin(), others.end());
    }
    settle_expiry(*store, policy_now(), zone, std::move(customers), clock.now());
    transaction.commit();
}

RecomputeProgress Headquarters::Inside::recompute(std::int64_t most, std::optional<std::int64_t> node) {
    return recompute_sales(*store, {info.currency, info.time_zone, hq_epoch(), most, node}, clock.now());
}

/// All that waits. The bundle is merged, whatever the disk says now; the next merge goes on here.
void Headquarters::Inside::recompute_rest(MergeReport& report) {
    try {
        for (bool left = true; left;) {
            RecomputeProgress more = recompute(10 * facts_a_merge);
            left = more.left;
            note(report, std::move(more));
        }
    } catch (const node::Error&) {
    }
}

MergeReport Headquarters::Inside::merge(const sync::BundleHeader& header, sync::BytesView bytes, const std::string& source) {
    const NodeRecord record = known(header.from);
    if (!record.key)
        node::refuse(source, fmt::format("node {} has not joined this HQ, or was revoked", print(header.from)), "import its enrolment answer first");
    sync::PublicKey key = *record.key;
    for (const sync::PublicKey& former : store->former_keys(record.id))
        if (sync::fingerprint(former) == header.sender_key) key = former;
    const sync::KnownLines known = [&](const sync::BundleHeader& sent, std::string_view first_line) {
        return known_lines(*store, record, hq_epoch(), sync::known_facts(sent, first_line, source), source);
    };
    sync::BundleReader bundle(bytes, source, node::hq_node, identity, key, known);
    sync::UpReader facts(bundle);
    if (key == *record.key) notice_restore(record, facts.head());
    IngestResult result = ingest(*store, record, facts, bytes, source, clock.now(), key == *record.key ? Sender::device : Sender::former);
    MergeReport report;
    report.source = source;
    report.node = record.node;
    report.epoch = facts.head().epoch;
    report.first = facts.head().first;
    report.last = facts.head().last;
    switch (result.outcome) {
        case IngestOutcome::new_facts: report.outcome = Merged::new_facts; break;
        case IngestOutcome::nothing: report.outcome = Merged::nothing; break;
        case IngestOutcome::early: report.outcome = Merged::early; break;
        case IngestOutcome::parted:
            report.outcome = Merged::parted;
            report.taken_as = result.chain.epoch;
            break;
        case IngestOutcome::forked: report.outcome = Merged::forked; break;
        case IngestOutcome::unplaced: report.outcome = Merged::unplaced; break;
    }
    report.new_facts = result.new_facts;
    report.held = result.held;
    report.early = result.early;
    report.gap = result.gap;
    report.sales = result.sales;
    report.customers = result.customers;
    report.unknown = result.unknown;
    report.facts_now = result.chain.held;
    report.exceptions = result.exceptions;
    // The bundle is merged and durable, and its sender is to hear so. What HQ books after it has transactions of its own and is due
    // again with the next bundle, should the disk not answer now.
    try {
        expire(result.touched);
        const bool one_line = result.outcome != IngestOutcome::forked && result.outcome != IngestOutcome::parted;
        if (key == *record.key && one_line) settle_rights(record, facts.head(), result);
        if (key == *record.key) settle_receipts(record, facts.head());
        note(report, recompute(facts_a_merge, record.id));
    } catch (const node::Error&) {
    }
    return report;
}

/// What came before the gap closed that it waited for; the node's next bundle does the same, should the disk not answer now.
void Headquarters::Inside::merge_kept(MergeReport& report) {
    const auto next = [&]() -> std::optional<std::pair<std::int64_t, Range>> {
        for (const ChainRecord& chain : store->chains(known(report.node).id))
            for (const Range& kept : store->kept_bundles(chain.id))
                if (kept.first <= chain.held + 1) return std::pair(chain.id, kept);
        return std::nullopt;
    };
    try {
        while (const auto due = next()) {
            const std::string bytes = store->kept_bundle(due->first, due->second);
            try {
                const std::string source = fmt::format("facts {}-{} of node {}, which waited", due->second.first, due->second.last, print(report.node));
                const MergeReport more = merge(sync::read_header(sync::bytes_of(bytes), source), sync::bytes_of(bytes), source);
                report.new_facts += more.new_facts;
                report.sales += more.sales;
                report.customers += more.customers;
                report.recomputed += more.recomputed;
                report.unknown += more.unknown;
                report.facts_now = more.facts_now;
                report.gap = more.gap;
                report.exceptions.insert(report.exceptions.end(), more.exceptions.begin(), more.exceptions.end());
                if (more.new_facts && report.outcome == Merged::nothing) report.outcome = Merged::new_facts;
            } catch (const node::Error& error) {
                // Its key was revoked meanwhile: what it holds counts no more.
                if (error.exit() != node::Exit::refused) throw;
            }
            StoreTransaction transaction(*store);
            store->drop_bundle(due->first, due->second);
            transaction.commit();
        }
    } catch (const node::Error&) {
    }
}

MergeReport Headquarters::import(std::string_view text, const std::string& source) {
    const sync::BytesView bytes = sync::bytes_of(text);
    const sync::BundleHeader header = sync::read_header(bytes, source);
    switch (header.kind) {
        case sync::BundleKind::facts: {
            MergeReport report = inside_->merge(header, bytes, source);
            inside_->merge_kept(report);
            return report;
        }
        case sync::BundleKind::enrolment: return inside_->enrol(header, bytes, source);
        case sync::BundleKind::state: break;
    }
    node::refuse(source, "is a reply of HQ, for a branch", "import it there: paprsek import NODE FILE");
}

std::vector<MergeReport> Headquarters::import_files(const std::vector<std::string>& paths, const std::function<bool(std::size_t, std::size_t)>& before) {
    struct File {
        std::string path;
        bool enrolment = false;
    };
    std::vector<File> files;
    for (const std::string& path : paths) {
        File file{path, false};
        try {
            file.enrolment = sync::read_header(sync::read_whole(path, sync::max_bundle_bytes), path).kind == sync::BundleKind::enrolment;
        } catch (const node::Error&) {
            // Reported in its turn.
        }
        files.push_back(std::move(file));
    }
    std::stable_partition(files.begin(), files.end(), [](const File& file) { return file.enrolment; });
    std::vector<MergeReport> reports;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (before && !before(i, files.size())) break;
        const std::string name = node::base_name(files[i].path);
        try {
            const sync::Bytes bytes = sync::read_whole(files[i].path, sync::max_bundle_bytes);
            reports.push_back(import({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name));
            inside_->recompute_rest(reports.back());
        } catch (const node::Error& error) {
            if (error.exit() != node::Exit::refused) throw;
            MergeReport report;
            report.source = name;
            report.outcome = Merged::refused;
            report.last = report.first - 1;
            report.why = error.why();
            report.hint = error.hint();
            reports.push_back(std::move(report));
        }
    }
    return reports;
}

}  // namespace paprsek::hq
