#include "hq/verify.h"

#include <fmt/format.h>

#include <cassert>
#include <map>

#include "hq/project.h"
#include "node/base/error.h"

namespace paprsek::hq {
namespace {

constexpr std::size_t max_faults = 20;

class Check {
public:
    Check(Store& store, Store& scratch, const std::function<void(std::int64_t)>& progress) : store_(store), scratch_(scratch), progress_(progress) {}

    Verification run() {
        StoreSnapshot snapshot(store_);
        StoreTransaction rebuilding(scratch_);
        copy_nodes();
        for (const Arrival& arrival : store_.arrivals()) {
            if (full()) break;
            replay(arrival);
        }
        for (const auto& [id, link] : chains_)
            if (link.next != link.chain.held + 1 || link.previous != link.chain.head)
                fault(fmt::format("{}: the store says that it holds {} facts, its facts say {}", link.name, link.chain.held, link.next - 1));
        // Rows that follow from damaged facts would only repeat what is said already.
        if (result_.ok())
            for (const std::string& name : store_.projections()) compare(name);
        return std::move(result_);
    }

private:
    struct Link {
        ChainRecord chain;
        node::NodeName node;
        std::string name;
        std::int64_t next = 1;
        schema::Hash previous{};
    };

    bool full() const { return result_.faults.size() >= max_faults; }
    void fault(std::string text) {
        if (!full()) result_.faults.push_back(std::move(text));
    }

    /// The same numbers of nodes and chains, so that facts have the same id in both stores.
    void copy_nodes() {
        std::map<std::int64_t, NodeRecord> by_id;
        for (const NodeRecord& node : store_.nodes()) by_id[node.id] = node;
        std::map<std::int64_t, std::pair<ChainRecord, const NodeRecord*>> by_chain;
        for (const auto& [id, node] : by_id) {
            const std::int64_t copied = scratch_.add_node(node.node, node.name);
            assert(copied == id);
            ++result_.nodes;
            for (const ChainRecord& chain : store_.chains(id)) by_chain[chain.id] = {chain, &node};
        }
        for (const auto& [id, found] : by_chain) {
            const auto& [chain, node] = found;
            const ChainRecord copied = scratch_.add_chain(chain.node, chain.epoch, chain.base, chain.base_hash);
            assert(copied.id == id);
            Link link{chain, node->node, print(node->node), chain.base + 1, chain.base_hash};
            if (chain.base == 0 ? chain.base_hash != schema::genesis(link.name) : !has_fact(node->id, chain.base, chain.base_hash))
                fault(fmt::format("{}: epoch {} goes on from no fact that is held", link.name, chain.epoch));
            if (chain.epoch > 1) link.name += fmt::format(" epoch {}", chain.epoch);
            chains_.emplace(id, std::move(link));
        }
    }

    bool has_fact(std::int64_t node, std::int64_t seq, const schema::Hash& hash) {
        for (const ChainRecord& chain : store_.chains(node))
            if (seq > chain.base && store_.fact_hash(fact_id(chain.id, seq)) == hash) return true;
        return false;
    }

    void replay(const Arrival& arrival) {
        Link& link = chains_.at(arrival.chain);
        Projector projector(scratch_, arrival.at, store_);
        if (arrival.facts.first != link.next) return fault(fmt::format("{}: fact {} follows fact {}", link.name, arrival.facts.first, link.next - 1));
        store_.facts(arrival.chain, arrival.facts, [&](const schema::Fact& fact) {
            ++result_.facts;
            if (fact.seq != link.next) fault(fmt::format("{} fact {}: is missing", link.name, link.next));
            if (schema::chain(link.previous, fact.seq, fact.at, fact.kind, fact.body) != fact.hash)
                fault(fmt::format("{} fact {} ({}): its hash does not fit what it says and the facts before it", link.name, fact.seq, fact.kind));
            link.previous = fact.hash;
            link.next = fact.seq + 1;
            copy_personal(fact);
            projector.project({fact_id(arrival.chain, fact.seq), fact.at, fact.kind, fact.body, link.node, link.chain.epoch});
            if (progress_ && result_.facts % 1000 == 0) progress_(result_.facts);
            return !full();
        });
        projector.finish();
    }

    /// Names come from the texts beside the chain; where they were erased, there is none.
    void copy_personal(const schema::Fact& fact) {
        if (fact.kind != schema::kind::customer_set && fact.kind != schema::kind::user_set) return;
        const node::Json body = node::Json::parse(fact.body, nullptr, false);
        if (!body.is_object() || !body.contains("digest") || !body["digest"].is_string()) return;
        const std::string digest = body["digest"].get<std::string>();
        const auto texts = store_.personal(digest);
        if (!texts) return;
        if (node::digest_of(*texts) != digest) fault(fmt::format("personal texts {}: are not what the customer's fact was made with", digest.substr(0, 16)));
        scratch_.add_personal(digest, *texts);
    }

    void compare(const std::string& name) {
        const auto stored = store_.projection(name), rebuilt = scratch_.projection(name);
        while (!full()) {
            const auto is = stored->next(), should = rebuilt->next();
            if (!is && !should) return;
            if (is && should && *is == *should) continue;
            const auto text = [](const auto& row) { return row ? fmt::format("\"{}: {}\"", row->first, row->second) : std::string("nothing"); };
            fault(fmt::format("{}: HQ has {} where the facts say {}", name, text(is), text(should)));
            // Out of step, every further row would differ.
            if (!is || !should || is->first != should->first) return;
        }
    }

    Store& store_;
    Store& scratch_;
    const std::function<void(std::int64_t)>& progress_;
    std::map<std::int64_t, Link> chains_;
    Verification result_;
};

}  // namespace

Verification verify(Store& store, Store& scratch, const std::function<void(std::int64_t)>& progress) { return Check(store, scratch, progress).run(); }

}  // namespace paprsek::hq
