#include "node/recovery.h"

#include <algorithm>
#include <cassert>

namespace paprsek::node {
namespace {

std::optional<schema::Hash> own_hash(Node& node, std::int64_t seq) {
    if (seq == 0) return schema::genesis(print(node.info().node));
    const auto fact = node.ledger().fact(seq);
    return fact ? std::optional(fact->hash) : std::nullopt;
}

}  // namespace

TakenBack take_back(Node& node, const ReturnedFact& returned) {
    Database& database = node.database();
    const schema::Fact& fact = returned.fact;
    assert(schema::chain(returned.previous, fact.seq, fact.at, fact.kind, fact.body) == fact.hash);
    const std::span<const unsigned char> hash(fact.hash), previous(returned.previous);
    if (own_hash(node, fact.seq) == fact.hash) return TakenBack::held;
    if (database.integer("SELECT 1 FROM recovered_fact WHERE epoch = ? AND seq = ?", returned.epoch, fact.seq)) return TakenBack::held;

    const Head head = node.ledger().head();
    const bool continues = head.seq + 1 == fact.seq && head.hash == returned.previous;
    const bool beside = own_hash(node, fact.seq - 1) == returned.previous ||
                        database.integer("SELECT 1 FROM recovered_fact WHERE seq = ? AND hash = ?", fact.seq - 1, previous);
    if (!continues && !beside) return TakenBack::unplaced;
    if (!returned.personal.empty())
        database.run("INSERT INTO personal (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING", digest_of(returned.personal), returned.personal);
    if (continues) {
        const std::int64_t seq = node.ledger().append(fact.kind, fact.body, {fact.at});
        assert(seq == fact.seq);
        if (returned.epoch > node.epoch()) database.run("INSERT INTO epoch (number, first_seq) VALUES (?, ?)", returned.epoch, seq);
        return TakenBack::appended;
    }
    const std::int64_t place = database.integer("SELECT max(place) FROM recovered_fact").value_or(0) + 1;
    database.run("INSERT INTO recovered_fact (place, epoch, seq, at, kind, body, hash, own_head) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", place, returned.epoch,
                 fact.seq, fact.at, fact.kind, fact.body, hash, head.seq);
    project_recovered(database, fact, returned.epoch, place);
    return TakenBack::set_aside;
}

std::vector<EpochStart> epoch_starts(Database& database) {
    std::vector<EpochStart> starts;
    for (auto rows = database.query("SELECT number, first_seq FROM epoch WHERE number > 1 ORDER BY number"); rows.step();)
        starts.push_back({rows.integer(0), rows.integer(1) - 1});
    return starts;
}

void set_epoch_starts(Database& database, std::span<const EpochStart> starts) {
    database.run("DELETE FROM epoch WHERE number > 1");
    for (const EpochStart& start : starts) database.run("INSERT INTO epoch (number, first_seq) VALUES (?, ?)", start.epoch, start.after + 1);
}

std::int64_t confirmed_through(Node& node) {
    const HqReceipt receipt = node.hq_receipt();
    const auto next = node.database().integer("SELECT min(first_seq) FROM epoch WHERE number > ?", receipt.epoch);
    return std::min({receipt.seq, next ? *next - 1 : receipt.seq, node.ledger().head().seq});
}

std::map<std::int64_t, std::int64_t> set_aside(Database& database) {
    std::map<std::int64_t, std::int64_t> through;
    for (auto rows = database.query("SELECT epoch, max(seq) FROM recovered_fact GROUP BY epoch"); rows.step();) through[rows.integer(0)] = rows.integer(1);
    return through;
}

}  // namespace paprsek::node
