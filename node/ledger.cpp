#include "node/ledger.h"

#include <cassert>
#include <cstring>

#include "node/base/error.h"

namespace paprsek::node {
namespace {

schema::Hash hash_body(std::string_view bytes) {
    schema::Hash hash{};
    assert(bytes.size() == hash.size());  // the table's CHECK
    std::memcpy(hash.data(), bytes.data(), hash.size());
    return hash;
}

}  // namespace

Head Ledger::head() const {
    auto last = database_.query("SELECT seq, at, hash FROM fact ORDER BY seq DESC LIMIT 1");
    if (!last.step()) return {0, {}, schema::genesis(print(node_))};
    return {last.integer(0), last.instant(1), hash_body(last.view(2))};
}

std::int64_t Ledger::clock_back_ms(Instant at) const {
    const Head last = head();
    return last.seq > 0 && at < last.at ? last.at.ms - at.ms : 0;
}

std::int64_t Ledger::append(std::string_view kind, std::string_view body, Instant at) {
    assert(!sqlite3_get_autocommit(database_.handle()));  // within a Transaction
    const Head last = head();
    if (last.seq == 0 && kind != schema::kind::node_created)
        refuse("node " + print(node_), "has no history yet: it is being rebuilt", "import HQ's reply first: paprsek import");
    schema::Fact fact{last.seq + 1, at.ms, std::string(kind), std::string(body), {}};
    fact.hash = schema::chain(last.hash, fact.seq, fact.at, kind, body);
    database_.run("INSERT INTO fact (seq, at, kind, body, hash) VALUES (?, ?, ?, ?, ?)", fact.seq, fact.at, kind, body,
                  std::span<const unsigned char>(fact.hash));
    project(database_, fact);
    return fact.seq;
}

std::optional<schema::Fact> Ledger::fact(std::int64_t seq) const {
    auto row = database_.query("SELECT at, kind, body, hash FROM any_fact WHERE seq = ?", seq);
    if (!row.step()) return std::nullopt;
    return schema::Fact{seq, row.integer(0), row.text(1), row.text(2), hash_body(row.view(3))};
}

void Ledger::read(std::int64_t from, std::int64_t to, const std::function<bool(const schema::Fact&)>& take) const {
    auto facts = database_.query("SELECT seq, at, kind, body, hash FROM own_fact WHERE seq BETWEEN ? AND ? ORDER BY seq", from, to);
    schema::Fact fact;
    while (facts.step()) {
        fact.seq = facts.integer(0);
        fact.at = facts.integer(1);
        fact.kind = facts.view(2);
        fact.body = facts.view(3);
        fact.hash = hash_body(facts.view(4));
        if (!take(fact)) return;
    }
}

}  // namespace paprsek::node
