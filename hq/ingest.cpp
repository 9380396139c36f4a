#include "hq/ingest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <tuple>

#include "hq/recovery.h"
#include "node/base/error.h"

namespace paprsek::hq {
namespace {

/// The bundle contradicts what HQ holds: nothing of it is taken over.
struct Fork {
    std::int64_t seq = 0;  ///< the first fact that differs, as far as it can be told
    node::Json evidence;
    /// Where it is not known: the newest fact of the node's ladder that HQ holds too.
    std::optional<std::int64_t> agreed{};
};

/// The bundle goes another way than HQ's chain, from a fact on that is known: it is taken over as another epoch.
struct Parted {
    std::int64_t chain = 0;  ///< HQ's
    std::int64_t seq = 0;
    schema::Hash sent{};     ///< hash of the first fact that differs
    node::Json evidence;
    std::int64_t epoch = 1;  ///< of the chain
};

/// It goes on from a fact that HQ does not hold, and can be neither placed nor read without it.
struct Unplaced {
    bool unread = false;  ///< it is packed by facts that HQ does not hold
};

Exception fork_exception(node::NodeName node, std::int64_t epoch, std::int64_t seq, node::Instant now, node::Json evidence) {
    return {0, std::string(exception_kind::fork), node, epoch, seq, now, std::move(evidence), node::customer_of_fact(node, epoch, seq)};
}

bool is_sale(std::string_view kind) { return kind == schema::kind::sale || kind == schema::kind::refund; }

std::string resend_setting(std::int64_t node) { return fmt::format("resend_after/{}", node); }

void set_resend_after(Store& store, std::int64_t node, std::optional<std::int64_t> seq) {
    const std::string text = seq ? std::to_string(*seq) : "";
    if (store.setting(resend_setting(node)).value_or("") != text) store.set_setting(resend_setting(node), text);
}

node::Json fact_json(const std::string& kind, std::int64_t at, std::string_view body, const schema::Hash& hash) {
    node::Json json = {{"kind", kind}, {"at", node::print_utc({at})}, {"hash", schema::to_hex(hash)}};
    // The receipt's number is what a person finds it by.
    const node::Json parsed = node::Json::parse(body, nullptr, false);
    if (parsed.is_object() && parsed.contains("number") && parsed["number"].is_number_integer()) json["number"] = parsed["number"];
    if (is_sale(kind)) {
        try {
            json["total"] = node::print(node::parse_receipt(kind, body).total());
        } catch (const std::exception&) {
            // Stored without being understood; its hash is evidence enough.
        }
    }
    return json;
}

/// A gap is an exception while it lasts: of what waits behind it, in order. What is missing first.
Range tell_gap(Store& store, node::NodeName node, const ChainRecord& chain, const std::vector<Range>& waiting, node::Instant now,
               std::vector<Exception>& exceptions) {
    const Range gap{chain.held + 1, waiting.front().first - 1};
    node::Json evidence = {{"missing", node::Json::array()}, {"waiting", 0}};
    std::int64_t next = gap.first, facts = 0;
    for (const Range& run : waiting) {
        evidence["missing"].push_back({{"first", next}, {"last", run.first - 1}});
        facts += run.last - run.first + 1;
        next = run.last + 1;
    }
    evidence["waiting"] = facts;
    const std::string subject = fmt::format("{}/{}", print(node), chain.epoch);
    if (auto live = store.live_exception(exception_kind::gap, subject)) {
        live->evidence = std::move(evidence);
        store.save_exception(*live);
        return gap;
    }
    Watch watch(store, now);
    watch.raise({0, std::string(exception_kind::gap), node, chain.epoch, gap.first, now, std::move(evidence), subject});
    exceptions.insert(exceptions.end(), watch.exceptions().begin(), watch.exceptions().end());
    return gap;
}

class Merge {
public:
    Merge(Store& store, const NodeRecord& node, sync::UpReader& bundle, const std::string& what, node::Instant now, Sender sender)
        : store_(store), node_(node), bundle_(bundle), what_(what), now_(now), sender_(sender), projector_(store, now) {}

    IngestResult run();

private:
    ChainRecord place();
    void compare_before();
    std::optional<std::int64_t> last_agreed();
    bool compare_held(const sync::UpFact& fact);
    void part_at(const sync::UpFact& fact);
    void note_parting(const sync::UpFact& fact);
    void tell_parting();
    void tell_two_machines(std::int64_t before);
    void take(std::int64_t seq, std::int64_t at, std::string_view kind, std::string_view body, const schema::Hash& hash);
    void keep_early();
    void close_gap();
    void drop_forked_early(std::int64_t seq, node::Json evidence);
    void wait_for_gap();
    IngestResult finished();

    Store& store_;
    const NodeRecord& node_;
    sync::UpReader& bundle_;
    const std::string& what_;
    node::Instant now_;
    Sender sender_;
    Projector projector_;
    ChainRecord chain_;
    std::optional<Parted> parted_;
    IngestResult result_;
};

/// The chain that the bundle's facts belong to. A new epoch carries on from a fact of an earlier one.
ChainRecord Merge::place() {
    const sync::UpHead& head = bundle_.head();
    // Beyond that a fact's number would run into another chain's.
    if (head.last > max_seq) node::refuse(what_, fmt::format("names fact {}, and a ledger ends with {}", head.last, max_seq));
    const auto chains = store_.chains(node_.id);
    for (const ChainRecord& chain : chains)
        if (chain.epoch == head.epoch) {
            if (head.first <= chain.base)
                node::refuse(what_, fmt::format("begins with fact {}, before the epoch {} that it names", head.first, head.epoch),
                             "export again at the branch");
            return chain;
        }
    for (auto chain = chains.rbegin(); chain != chains.rend(); ++chain) {
        if (chain->epoch >= head.epoch) continue;
        const auto hash = head.first - 1 == chain->base ? std::optional(chain->base_hash) : store_.fact_hash(fact_id(chain->id, head.first - 1));
        if (hash == head.before) return store_.add_chain(node_.id, head.epoch, head.first - 1, head.before);
    }
    throw Unplaced{};
}

/// Where the bundle begins within what is held, it must agree about all that came before.
void Merge::compare_before() {
    const std::int64_t before = bundle_.head().first - 1;
    const auto held = before == chain_.base   ? std::optional(chain_.base_hash)
                      : before == chain_.held ? std::optional(chain_.head)
                                              : store_.fact_hash(fact_id(chain_.id, before));
    assert(held);
    if (*held == bundle_.head().before) return;
    // Facts that passed into another epoch may come again under the former one.
    if (const auto chain = chain_with(store_, store_.chains(node_.id), before, bundle_.head().before)) {
        chain_ = *chain;
        return;
    }
    throw Fork{before,
               {{"why", fmt::format("the branch and HQ differ at fact {} or before it", before)},
                {"held", schema::to_hex(*held)},
                {"sent", schema::to_hex(bundle_.head().before)}},
               last_agreed()};
}

/// The newest rung of the node's ladder that HQ holds as well: what follows is at most twice as much as what differs.
std::optional<std::int64_t> Merge::last_agreed() {
    const auto& ladder = bundle_.head().ladder;
    if (ladder.empty()) return std::nullopt;
    const auto chains = store_.chains(node_.id);
    for (auto rung = ladder.rbegin(); rung != ladder.rend(); ++rung)
        if (chain_with(store_, chains, rung->first, rung->second)) return rung->first;
    return 0;  // they have no fact in common
}

/// True where HQ holds the fact; false where it is new, to another chain than it was sent for.
bool Merge::compare_held(const sync::UpFact& fact) {
    if (fact.seq > chain_.held) return false;
    const auto held = store_.fact_hash(fact_id(chain_.id, fact.seq));
    assert(held);
    if (*held == fact.hash) return true;
    // An older bundle, or a restored ledger, may name the epoch in which these facts were before they passed into another.
    if (const auto chain = chain_with(store_, store_.chains(node_.id), fact.seq, fact.hash)) {
        chain_ = *chain;
        return true;
    }
    part_at(fact);
    return false;
}

/// The two went different ways from here on. What the sender wrote since goes on as another epoch: his device may be gone, and this be
/// all that is left of it. One that lives hears of it with the next reply, and counts these facts so as well.
void Merge::part_at(const sync::UpFact& fact) {
    const auto ours = store_.fact(fact_id(chain_.id, fact.seq));
    // A restored ledger may have been told the next epoch, and not have come with it yet (hq/recovery.h).
    const std::int64_t told = store_.standing(node_.id).restored.empty() ? 0 : 1;
    const std::int64_t epoch = store_.chains(node_.id).back().epoch + 1 + told;
    const std::string whose = sender_ == Sender::former
                                  ? fmt::format("a former device of node {} went on otherwise from fact {} on", print(node_.node), fact.seq)
                                  : fmt::format("fact {} is another one than the fact {} that HQ holds", fact.seq, fact.seq);
    parted_ = Parted{chain_.id, fact.seq, fact.hash,
                     {{"why", fmt::format("{}; what came is taken over as epoch {}", whose, epoch)},
                      {"held", fact_json(ours->kind, ours->at, ours->body, ours->hash)},
                      {"sent", fact_json(std::string(fact.kind), fact.at, fact.body, fact.hash)}},
                     chain_.epoch};
    store_.facts(chain_.id, {fact.seq, chain_.held}, [&](const schema::Fact& held) {
        if (!is_sale(held.kind)) return true;
        parted_->evidence["first_sale"]["held"] = fact_json(held.kind, held.at, held.body, held.hash);
        return false;
    });
    const auto before = fact.seq - 1 == chain_.base ? chain_.base_hash : store_.fact_hash(fact_id(chain_.id, fact.seq - 1)).value();
    chain_ = store_.add_chain(node_.id, epoch, fact.seq - 1, before);
}

/// The first sales that the two ledgers do not share are what a person at the till knows the difference by.
void Merge::note_parting(const sync::UpFact& fact) {
    if (!parted_ || !is_sale(fact.kind) || parted_->evidence["first_sale"].contains("sent")) return;
    parted_->evidence["first_sale"]["sent"] = fact_json(std::string(fact.kind), fact.at, fact.body, fact.hash);
}

void Merge::tell_parting() {
    if (!parted_) return;
    Exception exception = fork_exception(node_.node, parted_->epoch, parted_->seq, now_, std::move(parted_->evidence));
    if (store_.add_exception(exception)) result_.exceptions.push_back(std::move(exception));
}

/// A chain that another one has left behind grows on: two machines sell under one name. Nothing is lost by it, but somebody
/// has to give one of them another name.
void Merge::tell_two_machines(std::int64_t before) {
    if (chain_.held == before) return;
    const auto chains = store_.chains(node_.id);
    const std::int64_t at = store_.fact(fact_id(chain_.id, before + 1))->at;
    for (const ChainRecord& other : chains) {
        // One that had ended before this one went on is a ledger that is no more: its last sales came late.
        if (other.epoch <= chain_.epoch || !other.head_at || other.head_at->ms < at || same_line(store_, chains, other, other.held, chain_, before)) continue;
        node::Json evidence = {{"why", fmt::format("two machines sell as node {}: one in epoch {}, the other in epoch {}; all facts of both are taken over",
                                                   print(node_.node), chain_.epoch, other.epoch)}};
        Exception exception = fork_exception(node_.node, chain_.epoch, other.base + 1, now_, std::move(evidence));
        if (store_.add_exception(exception)) result_.exceptions.push_back(std::move(exception));
    }
}

void Merge::take(std::int64_t seq, std::int64_t at, std::string_view kind, std::string_view body, const schema::Hash& hash) {
    assert(seq == chain_.held + 1);
    const FactId id = fact_id(chain_.id, seq);
    store_.append_fact(id, at, kind, body, hash);
    projector_.take({id, at, kind, body, node_.node, chain_.epoch, chain_.act_at});
    chain_.held = seq;
    chain_.head = hash;
    chain_.head_at = node::Instant{at};
    if (is_act(kind)) chain_.act_at = node::Instant{at};
    ++result_.new_facts;
}

void Merge::keep_early() {
    schema::Hash previous = bundle_.head().before;
    while (const sync::UpFact* fact = bundle_.next()) {
        if (!fact->personal.empty()) store_.add_personal(node::digest_of(fact->personal), fact->personal);
        const auto kept = store_.early_fact(chain_.id, fact->seq);
        if (kept && kept->fact.hash != fact->hash)
            throw Fork{fact->seq, {{"why", fmt::format("fact {} is another one than the fact {} that waits at HQ", fact->seq, fact->seq)},
                                   {"held", fact_json(kept->fact.kind, kept->fact.at, kept->fact.body, kept->fact.hash)},
                                   {"sent", fact_json(std::string(fact->kind), fact->at, fact->body, fact->hash)}}};
        if (!kept) store_.keep_early(chain_.id, {{fact->seq, fact->at, std::string(fact->kind), std::string(fact->body), fact->hash}, previous});
        ++(kept ? result_.held : result_.early);
        previous = fact->hash;
    }
}

/// What waited is not the continuation of what came: a fork, found out late. The branch sends it again from HQ's receipt.
void Merge::drop_forked_early(std::int64_t seq, node::Json evidence) {
    store_.drop_early(chain_.id, {seq, max_seq});
    Exception exception = fork_exception(node_.node, chain_.epoch, seq, now_, std::move(evidence));
    if (store_.add_exception(exception)) result_.exceptions.push_back(std::move(exception));
}

/// Early facts that are held by now are compared and dropped; those that follow are taken over.
void Merge::close_gap() {
    for (const Range& run : store_.early_runs(chain_.id)) {
        if (run.first <= chain_.held) {
            // The chain binds what came before: one comparison answers for all.
            const std::int64_t last = std::min(run.last, chain_.held);
            const auto early = store_.early_fact(chain_.id, last);
            const auto held = store_.fact(fact_id(chain_.id, last));
            if (early->fact.hash != held->hash)
                return drop_forked_early(run.first,
                                         {{"why", fmt::format("the facts {}–{} that waited at HQ are others than those that came now", run.first, last)},
                                          {"held", fact_json(held->kind, held->at, held->body, held->hash)},
                                          {"sent", fact_json(early->fact.kind, early->fact.at, early->fact.body, early->fact.hash)}});
            store_.drop_early(chain_.id, {run.first, last});
        }
        while (chain_.held < run.last) {
            const auto early = store_.early_fact(chain_.id, chain_.held + 1);
            if (!early) return;  // the gap before this run stays
            if (early->previous != chain_.head)
                return drop_forked_early(early->fact.seq,
                                         {{"why", fmt::format("fact {} that waited at HQ does not go on from fact {}", early->fact.seq, chain_.held)},
                                          {"held", schema::to_hex(chain_.head)},
                                          {"sent", schema::to_hex(early->previous)}});
            take(early->fact.seq, early->fact.at, early->fact.kind, early->fact.body, early->fact.hash);
        }
        store_.drop_early(chain_.id, run);
    }
}

void Merge::wait_for_gap() {
    const auto runs = waiting_after_gap(store_, chain_);
    if (runs.empty())
        return Watch(store_, now_).close(exception_kind::gap, fmt::format("{}/{}", print(node_.node), chain_.epoch), ExceptionState::settled);
    result_.gap = tell_gap(store_, node_.node, chain_, runs, now_, result_.exceptions);
}

IngestResult Merge::run() {
    StoreTransaction transaction(store_);
    chain_ = place();
    const sync::UpHead& head = bundle_.head();
    std::int64_t before = chain_.held;
    // The last hash answers for the whole bundle where all of it is held.
    const auto all_held = [&] {
        return head.last >= head.first && head.last <= chain_.held && store_.fact_hash(fact_id(chain_.id, head.last)) == head.last_hash;
    };
    if (!bundle_.whole()) {
        // Packed by what HQ has lost, or holds otherwise: the head alone tells which.
        if (head.first <= chain_.held + 1) compare_before();
        if (!all_held()) throw Unplaced{true};
    }
    if (head.first > chain_.held + 1) {
        keep_early();
    } else {
        compare_before();
        before = chain_.held;
        const bool held_already = all_held();
        if (held_already) result_.held = head.last - head.first + 1;
        projector_.expect(held_already ? 0 : head.last - chain_.held);
        while (const sync::UpFact* fact = held_already ? nullptr : bundle_.next()) {
            const std::int64_t chain = chain_.id;
            const bool held = compare_held(*fact);
            if (chain != chain_.id) before = chain_.held;
            if (held) {
                ++result_.held;
                continue;
            }
            if (!fact->personal.empty()) store_.add_personal(node::digest_of(fact->personal), fact->personal);
            note_parting(*fact);
            take(fact->seq, fact->at, fact->kind, fact->body, fact->hash);
        }
        close_gap();
        tell_parting();
    }
    if (chain_.held > before) {
        store_.advance_chain(chain_);
        store_.add_arrival({now_, chain_.id, {before + 1, chain_.held}});
    }
    projector_.finish();
    wait_for_gap();
    if (sender_ == Sender::device) set_resend_after(store_, node_.id, std::nullopt);
    if (sender_ == Sender::former) {
        transaction.commit();
        return finished();
    }
    tell_two_machines(before);
    store_.set_node_seen(node_.id, now_, head.newest, head.cursor);
    if (parted_)
        store_.set_standing(node_.id, {parted_->chain, parted_->seq - 1, true, parted_->sent, head.aside, head.rights.restored});
    else if (head.first <= chain_.held + 1)
        store_.set_standing(
            node_.id, {chain_.id, std::min(head.newest, std::min(head.last, chain_.held)), head.last == head.newest, {}, head.aside, head.rights.restored});
    transaction.commit();
    return finished();
}

IngestResult Merge::finished() {
    if (parted_ && sender_ == Sender::device)
        result_.outcome = IngestOutcome::parted;
    else
        result_.outcome = result_.new_facts ? IngestOutcome::new_facts : result_.early ? IngestOutcome::early : IngestOutcome::nothing;
    result_.sales = projector_.sales();
    result_.customers = projector_.customers();
    result_.unknown = projector_.unknown();
    for (const Exception& exception : projector_.exceptions()) result_.exceptions.push_back(exception);
    result_.chain = chain_;
    result_.touched = projector_.touched();
    result_.begun = projector_.begun();
    return std::move(result_);
}

IngestResult report_unplaced(Store& store, const NodeRecord& node, const sync::UpHead& head, sync::BytesView bytes, node::Instant now, bool unread) {
    IngestResult result;
    result.outcome = IngestOutcome::unplaced;
    StoreTransaction transaction(store);
    store.set_node_seen(node.id, now, head.newest, head.cursor);
    for (const ChainRecord& chain : store.chains(node.id)) {
        if (!unread || chain.epoch <= head.epoch) result.chain = chain;
        if (!unread || chain.epoch != head.epoch || head.first <= chain.held + 1) continue;
        // What cannot be read without the facts before it waits as it came; or at the branch.
        std::vector<Range> waiting = {{head.first, head.last}};
        if (head.last >= head.first && store.keep_bundle(chain.id, {head.first, head.last}, bytes)) {
            result.outcome = IngestOutcome::early;
            result.early = head.last - head.first + 1;
            waiting = waiting_after_gap(store, chain);
        }
        result.gap = tell_gap(store, node.node, chain, waiting, now, result.exceptions);
    }
    transaction.commit();
    if (!result.gap && head.first > result.chain.held + 1) result.gap = Range{result.chain.held + 1, head.first - 1};
    return result;
}

IngestResult report_fork(Store& store, const NodeRecord& node, const sync::UpHead& head, const Fork& fork, node::Instant now, Sender sender) {
    IngestResult result;
    result.outcome = IngestOutcome::forked;
    Exception exception = fork_exception(node.node, head.epoch, fork.seq, now, fork.evidence);
    StoreTransaction transaction(store);
    // With a ladder the next bundle shows which fact it is: then there is something to look at.
    if (!fork.agreed) store.add_exception(exception);
    if (sender == Sender::device) store.set_node_seen(node.id, now, head.newest, head.cursor);
    set_resend_after(store, node.id, fork.agreed);
    transaction.commit();
    result.exceptions.push_back(std::move(exception));
    for (const ChainRecord& chain : store.chains(node.id))
        if (chain.epoch == head.epoch) result.chain = chain;
    return result;
}

}  // namespace

std::optional<std::int64_t> resend_after(Store& store, std::int64_t node) {
    const auto text = store.setting(resend_setting(node));
    return text && !text->empty() ? std::optional<std::int64_t>(std::stoll(*text)) : std::nullopt;
}

std::vector<Range> waiting_after_gap(Store& store, const ChainRecord& chain) {
    std::vector<Range> all = store.early_runs(chain.id), runs;
    for (const Range& kept : store.kept_bundles(chain.id))
        if (kept.first > chain.held + 1) all.push_back(kept);
    std::sort(all.begin(), all.end(), [](const Range& a, const Range& b) { return std::tie(a.first, a.last) < std::tie(b.first, b.last); });
    for (const Range& run : all) {
        if (!runs.empty() && run.first <= runs.back().last + 1)
            runs.back().last = std::max(runs.back().last, run.last);
        else
            runs.push_back(run);
    }
    return runs;
}

IngestResult ingest(Store& store, const NodeRecord& node, sync::UpReader& bundle, sync::BytesView bytes, const std::string& what, node::Instant now,
                    Sender sender) {
    try {
        return Merge(store, node, bundle, what, now, sender).run();
    } catch (const Fork& fork) {
        return report_fork(store, node, bundle.head(), fork, now, sender);
    } catch (const Unplaced& unplaced) {
        if (sender == Sender::former)
            node::refuse(what, fmt::format("carries epoch {} of a former device, and HQ does not hold the fact that it goes on from", bundle.head().epoch),
                         "import the earlier bundles of this branch first");
        return report_unplaced(store, node, bundle.head(), bytes, now, unplaced.unread);
    }
}

OwnFacts::OwnFacts(Store& store, Projector& projector, node::Instant now) : store_(store), projector_(projector), now_(now) {
    const auto node = store.find_node(node::hq_node);
    assert(node);
    chain_ = store.chains(node->id).back();
    first_ = chain_.held + 1;
}

void OwnFacts::append(std::string_view kind, std::string_view body) {
    assert(kind.size() <= schema::max_kind_bytes);
    if (body.size() > schema::max_body_bytes)
        node::refuse(fmt::format("a fact of kind {}", kind), fmt::format("would be longer than {} bytes", schema::max_body_bytes),
                     "give it fewer or shorter texts");
    const std::int64_t seq = next_seq();
    const schema::Hash hash = schema::chain(chain_.head, seq, now_.ms, kind, body);
    const FactId id = fact_id(chain_.id, seq);
    store_.append_fact(id, now_.ms, kind, body, hash);
    projector_.project({id, now_.ms, kind, body, node::hq_node, chain_.epoch});
    chain_.held = seq;
    chain_.head = hash;
    chain_.head_at = now_;
}

void OwnFacts::finish() {
    if (chain_.held < first_) return;
    store_.advance_chain(chain_);
    store_.add_arrival({now_, chain_.id, {first_, chain_.held}});
}

}  // namespace paprsek::hq
