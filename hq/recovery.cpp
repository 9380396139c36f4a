#include "hq/recovery.h"

#include <algorithm>
#include <cassert>

#include "node/base/error.h"

namespace paprsek::hq {
namespace {

using Chains = std::vector<ChainRecord>;

/// Of a fact held in the chain itself, or of the one before its first.
std::optional<schema::Hash> hash_within(Store& store, const ChainRecord& chain, std::int64_t seq) {
    if (seq == chain.base) return chain.base_hash;
    if (seq == chain.held) return chain.head;
    return seq > chain.base && seq < chain.held ? store.fact_hash(fact_id(chain.id, seq)) : std::nullopt;
}

/// The chain that this one goes on from.
const ChainRecord* parent_of(Store& store, const Chains& chains, const ChainRecord& chain) {
    if (chain.base == 0) return nullptr;
    for (auto each = chains.rbegin(); each != chains.rend(); ++each)
        if (each->epoch < chain.epoch && each->base < chain.base && hash_within(store, *each, chain.base) == chain.base_hash) return &*each;
    return nullptr;
}

/// The facts of the ledger that ends with fact `seq` of `chain`, from fact 1 on.
std::vector<Run> line_to(Store& store, const Chains& chains, const ChainRecord& chain, std::int64_t seq) {
    std::vector<Run> line;
    for (const ChainRecord* each = &chain; each; each = parent_of(store, chains, *each)) {
        seq = std::min(seq, each->held);
        if (seq > each->base) line.push_back({*each, {each->base + 1, seq}});
        seq = std::min(seq, each->base);
    }
    std::reverse(line.begin(), line.end());
    return line;
}

const ChainRecord* by_id(const Chains& chains, std::int64_t id) {
    const auto found = std::find_if(chains.begin(), chains.end(), [&](const ChainRecord& chain) { return chain.id == id; });
    return found == chains.end() ? nullptr : &*found;
}

/// Where the line's epochs begin, from the second on.
std::vector<node::EpochStart> starts_of(const std::vector<Run>& line) {
    std::vector<node::EpochStart> starts;
    for (const Run& run : line)
        if (run.chain.epoch > 1) starts.push_back({run.chain.epoch, run.facts.first - 1});
    return starts;
}

/// The part of a run after fact `seq`.
void add_after(std::vector<Run>& runs, const Run& run, std::int64_t seq) {
    if (run.facts.last > seq) runs.push_back({run.chain, {std::max(run.facts.first, seq + 1), run.facts.last}});
}

}  // namespace

bool same_line(Store& store, const Chains& chains, const ChainRecord& chain, std::int64_t seq, const ChainRecord& other, std::int64_t at) {
    if (at == 0) return true;
    if (at > seq) return false;
    const auto wanted = hash_within(store, other, at);
    for (const Run& run : line_to(store, chains, chain, seq))
        if (at >= run.facts.first && at <= run.facts.last) return wanted && hash_within(store, run.chain, at) == wanted;
    return false;
}

std::optional<ChainRecord> chain_with(Store& store, const Chains& chains, std::int64_t seq, const schema::Hash& hash) {
    for (auto each = chains.rbegin(); each != chains.rend(); ++each)
        if (seq > each->base && seq <= each->held && hash_within(store, *each, seq) == hash) return *each;
    return std::nullopt;
}

namespace {

/// The products as they stood in the state that the node names; nothing where HQ does not know that state (any more), or knows others in it.
std::optional<std::vector<std::string>> lines_of_products(Store& store, std::int64_t hq_epoch, const sync::KnownFacts& wanted) {
    if (wanted.products.places.empty()) return std::vector<std::string>();
    if (wanted.state.hq_epoch != hq_epoch || wanted.state.version > store.version()) return std::nullopt;
    sync::ProductWriter writer;
    const auto codes = store.product_codes(wanted.state.version);
    for (const std::int64_t place : wanted.products.places) {
        if (place >= static_cast<std::int64_t>(codes->size())) return std::nullopt;
        const std::string& code = (*codes)[static_cast<std::size_t>(place)];
        const auto key = store.product_by_code(code);
        if (!key) return std::nullopt;
        std::optional<node::ProductRow> then;
        for (auto& each : store.products_since(*key, wanted.state.version))
            if (each.version <= wanted.state.version) then = std::move(each.row);
        if (!then || !writer.add(place, code, *then)) return std::nullopt;
    }
    return writer.digest() == wanted.products.digest ? std::optional(writer.lines()) : std::nullopt;
}

std::optional<std::vector<std::string>> lines_of_facts(Store& store, std::int64_t node, const sync::KnownFacts& wanted, const std::string& what) {
    if (wanted.count == 0) return std::vector<std::string>();
    const Chains chains = store.chains(node);
    const auto chain = chain_with(store, chains, wanted.first - 1, wanted.before);
    if (!chain) return std::nullopt;
    sync::KnownWriter writer;
    std::int64_t next = wanted.first - wanted.count;
    for (const Run& run : line_to(store, chains, *chain, wanted.first - 1)) {
        if (run.facts.last < next) continue;
        store.facts(run.chain.id, {std::max(run.facts.first, next), run.facts.last}, [&](const schema::Fact& fact) {
            if (fact.seq != next || !writer.add(fact.at, fact.kind, fact.body))
                node::refuse(what, "is packed by more than a bundle may be packed by", "it was written by a faulty program; tell who looks after Paprsek");
            ++next;
            return true;
        });
    }
    return next == wanted.first ? std::optional(std::move(writer).lines()) : std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> known_lines(Store& store, const NodeRecord& node, std::int64_t hq_epoch, const sync::KnownFacts& wanted,
                                                    const std::string& what) {
    auto lines = lines_of_products(store, hq_epoch, wanted);
    const auto facts = lines ? lines_of_facts(store, node.id, wanted, what) : std::nullopt;
    if (!facts) return std::nullopt;
    lines->insert(lines->end(), facts->begin(), facts->end());
    return lines;
}

std::optional<ChainRecord> parted_chain(Store& store, const Chains& chains, const Standing& standing) {
    for (const ChainRecord& each : chains)
        if (standing.fork && each.base == standing.agreed && each.held > each.base && hash_within(store, each, each.base + 1) == standing.fork) return each;
    return std::nullopt;
}

Recovery recovery(Store& store, const Chains& chains, const Standing& standing, bool rights) {
    assert(!chains.empty());
    const ChainRecord* chain = by_id(chains, standing.chain);
    Recovery result;
    if (!chain) {  // nothing heard: the newest line is its
        chain = &chains.back();
        result.receipt = {chain->epoch, chain->held, chain->head};
        result.line = starts_of(line_to(store, chains, *chain, chain->held));
        return result;
    }
    std::int64_t end = standing.agreed;
    if (!standing.fork) {
        // The newest of the lines that begin as the node's does: a ledger restored from before a fork follows the one in use.
        for (const ChainRecord& each : chains)
            if (each.epoch >= chain->epoch && same_line(store, chains, each, each.held, *chain, standing.agreed)) chain = &each;
        end = chain->held;
        if (!standing.complete && end > standing.agreed) result.unseen_after = standing.agreed;
    }
    const std::vector<Run> line = line_to(store, chains, *chain, end);
    result.receipt = {line.empty() ? 1 : line.back().chain.epoch, end, {}};
    result.receipt.hash = line.empty() ? hash_within(store, *chain, end).value() : hash_within(store, line.back().chain, end).value();
    result.line = starts_of(line);
    result.fork = standing.fork;
    // An epoch ends behind everything that the restored ledger held when it said so. Were it cut before, the lost copy's stick, which may
    // come yet, and the restored ledger would bring the same facts in two epochs.
    const bool whole = standing.fork || standing.complete;
    if (whole) result.renewed = standing.restored;
    const auto parted = parted_chain(store, chains, standing);
    if (standing.fork || (rights && whole && !standing.restored.empty())) result.line.push_back({parted ? parted->epoch : chains.back().epoch + 1, end});

    if (standing.complete)
        for (const Run& run : line) add_after(result.runs, run, standing.agreed);
    for (const ChainRecord& each : chains) {
        if (parted && each.id == parted->id) continue;  // its own
        // What of it lies on the line goes there; the rest goes beside.
        std::int64_t on_line = each.base;
        for (const Run& run : line)
            if (run.chain.id == each.id) on_line = run.facts.last;
        const auto known = standing.aside.find(each.epoch);
        if (known != standing.aside.end()) on_line = std::max(on_line, known->second);
        add_after(result.runs, {each, {each.base + 1, each.held}}, on_line);
    }
    return result;
}

}  // namespace paprsek::hq
