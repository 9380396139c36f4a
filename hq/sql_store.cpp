#include "hq/sql_store.h"

#include <fmt/format.h>

#include <cassert>

#include "hq/sql_statements.h"
#include "node/base/error.h"

namespace paprsek::hq {
namespace {

schema::Hash hash_of(const SqlRows& row, int column) {
    schema::Hash hash{};
    const std::string_view bytes = row.view(column);
    if (bytes.size() != hash.size()) node::fail("HQ's database", "holds a hash that is none", "restore the last backup");
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

std::span<const unsigned char> blob(const schema::Hash& hash) { return hash; }

}  // namespace

SqlStore::SqlStore(std::unique_ptr<SqlDatabase> database) : database_(std::move(database)), hot_(std::make_unique<Statements>(*database_)) {}

SqlStore::~SqlStore() = default;

/// What was remembered of the database, and may not be so.
void SqlStore::forget() {
    words_.clear();
    recent_words_.clear();
    product_words_.clear();
    product_codes_.reset();
}

void SqlStore::begin_writing() {
    database_->begin_writing();
    if (connections_ != database_->connections()) forget();
    connections_ = database_->connections();
    writing_ = true;
}

void SqlStore::begin_reading() {
    database_->begin_reading();
    if (connections_ != database_->connections()) forget();
    connections_ = database_->connections();
}

void SqlStore::commit() {
    assert(writing_);
    if (version_) database_->post("UPDATE state_version SET version = ?", *version_);
    database_->commit();
    version_.reset();
    writing_ = false;
}

void SqlStore::rollback() noexcept {
    if (writing_) forget();
    version_.reset();
    writing_ = false;
    database_->rollback();
}

std::optional<std::string> SqlStore::setting(std::string_view name) { return database_->text("SELECT value FROM setting WHERE name = ?", name); }

void SqlStore::set_setting(std::string_view name, std::string_view value) {
    database_->post("INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
}

std::int64_t SqlStore::version() {
    if (version_) return *version_;
    return database_->integer("SELECT version FROM state_version").value_or(0);
}

std::int64_t SqlStore::next_version() {
    assert(writing_);
    version_ = version() + 1;
    return *version_;
}

// ------------------------------------------------------------------------------------------------------- nodes

std::int64_t SqlStore::add_node(node::NodeName node, const std::string& name) {
    return database_->integer("INSERT INTO node (branch, till, name) VALUES (?, ?, ?) RETURNING id", node.branch, node.till, name).value();
}

namespace {

constexpr const char* node_columns = "SELECT id, branch, till, name, key, last_seen, newest, state_epoch, state_version, rights_era FROM node ";

NodeRecord node_record(const SqlRows& row) {
    NodeRecord record;
    record.id = row.integer(0);
    record.node = {static_cast<int>(row.integer(1)), static_cast<int>(row.integer(2))};
    record.name = row.text(3);
    if (!row.is_null(4)) {
        record.key.emplace();
        const std::string_view bytes = row.view(4);
        std::copy(bytes.begin(), bytes.end(), record.key->bytes.begin());  // the table checks its length
    }
    if (!row.is_null(5)) record.last_seen = row.instant(5);
    record.newest = row.integer(6);
    record.cursor = {row.integer(7), row.integer(8)};
    record.rights_era = row.text(9);
    return record;
}

}  // namespace

std::optional<NodeRecord> SqlStore::find_node(node::NodeName node) {
    auto row = database_->query(std::string(node_columns) + "WHERE branch = ? AND till = ?", node.branch, node.till);
    if (!row.step()) return std::nullopt;
    return node_record(row);
}

std::vector<NodeRecord> SqlStore::nodes() {
    std::vector<NodeRecord> records;
    for (auto row = database_->query(std::string(node_columns) + "ORDER BY branch, till"); row.step();) records.push_back(node_record(row));
    return records;
}

void SqlStore::set_node_key(std::int64_t node, const sync::PublicKey& key) {
    database_->post("UPDATE node SET key = ? WHERE id = ?", std::span<const unsigned char>(key.bytes), node);
}

std::vector<sync::PublicKey> SqlStore::former_keys(std::int64_t node) {
    std::vector<sync::PublicKey> keys;
    for (auto row = database_->query("SELECT key FROM former_key WHERE node = ?", node); row.step();) {
        const std::string_view bytes = row.view(0);
        std::copy(bytes.begin(), bytes.end(), keys.emplace_back().bytes.begin());
    }
    return keys;
}

void SqlStore::add_former_key(std::int64_t node, const sync::PublicKey& key) {
    database_->post("INSERT INTO former_key (key, node) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET node = excluded.node",
                    std::span<const unsigned char>(key.bytes), node);
}

void SqlStore::revoke_node(std::int64_t node) {
    database_->post("UPDATE node SET key = NULL WHERE id = ?", node);
    database_->post("DELETE FROM former_key WHERE node = ?", node);
    database_->post("DELETE FROM invitation WHERE node = ?", node);
}

void SqlStore::set_node_seen(std::int64_t node, node::Instant at, std::int64_t newest, sync::StateCursor cursor) {
    database_->post("UPDATE node SET last_seen = ?, newest = ?, state_epoch = ?, state_version = ? WHERE id = ?", at, newest, cursor.hq_epoch, cursor.version,
                    node);
}

void SqlStore::set_standing(std::int64_t node, const Standing& standing) {
    node::Json aside = node::Json::array();
    for (const auto& [epoch, through] : standing.aside) aside.push_back({epoch, through});
    std::optional<std::span<const unsigned char>> fork;
    if (standing.fork) fork = blob(*standing.fork);
    database_->post(
        "INSERT INTO standing (node, chain, agreed, complete, fork, aside, restored) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node) DO UPDATE SET "
        "chain = excluded.chain, agreed = excluded.agreed, complete = excluded.complete, fork = excluded.fork, aside = excluded.aside, "
        "restored = excluded.restored",
        node, standing.chain, standing.agreed, standing.complete, fork, node::canonical(aside), standing.restored);
}

Standing SqlStore::standing(std::int64_t node) {
    auto row = database_->query("SELECT chain, agreed, complete, fork, aside, restored FROM standing WHERE node = ?", node);
    Standing standing;
    if (!row.step()) return standing;
    standing.chain = row.integer(0);
    standing.agreed = row.integer(1);
    standing.complete = row.flag(2);
    if (!row.is_null(3)) standing.fork = hash_of(row, 3);
    for (const node::Json& pair : node::parse_json(row.view(4), database_->name()))
        standing.aside[pair.at(0).get<std::int64_t>()] = pair.at(1).get<std::int64_t>();
    standing.restored = row.text(5);
    return standing;
}

void SqlStore::set_invitation(std::int64_t node, const std::string& secret, node::Instant at) {
    database_->post(
        "INSERT INTO invitation (node, secret, made_at) VALUES (?, ?, ?) ON CONFLICT (node) DO UPDATE SET secret = excluded.secret, "
        "made_at = excluded.made_at, used_at = NULL",
        node, secret, at);
}

std::optional<std::string> SqlStore::invitation(std::int64_t node) { return database_->text("SELECT secret FROM invitation WHERE node = ?", node); }

void SqlStore::use_invitation(std::int64_t node, node::Instant at) {
    database_->post("UPDATE invitation SET secret = NULL, used_at = ? WHERE node = ?", at, node);
}

// ------------------------------------------------------------------------------------------------------- facts

std::vector<ChainRecord> SqlStore::chains(std::int64_t node) {
    std::vector<ChainRecord> chains;
    for (auto row = database_->query("SELECT id, epoch, base, base_hash, held, head, head_at, act_at FROM chain WHERE node = ? ORDER BY epoch", node);
         row.step();) {
        ChainRecord chain{row.integer(0), node, row.integer(1), row.integer(2), hash_of(row, 3), row.integer(4), hash_of(row, 5), {}, {}};
        if (!row.is_null(6)) chain.head_at = row.instant(6);
        if (!row.is_null(7)) chain.act_at = row.instant(7);
        chains.push_back(chain);
    }
    return chains;
}

ChainRecord SqlStore::add_chain(std::int64_t node, std::int64_t epoch, std::int64_t base, const schema::Hash& base_hash) {
    const std::int64_t id = database_
                                ->integer("INSERT INTO chain (node, epoch, base, base_hash, held, head) VALUES (?, ?, ?, ?, ?, ?) RETURNING id", node, epoch,
                                          base, blob(base_hash), base, blob(base_hash))
                                .value();
    if (id > max_chain) node::fail(database_->name(), "holds as many nodes and epochs as it can");
    return {id, node, epoch, base, base_hash, base, base_hash, {}, {}};
}

void SqlStore::advance_chain(const ChainRecord& chain) {
    database_->post("UPDATE chain SET held = ?, head = ?, head_at = ?, act_at = ? WHERE id = ?", chain.held, blob(chain.head), chain.head_at, chain.act_at,
                    chain.id);
}

void SqlStore::append_fact(FactId id, std::int64_t at, std::string_view kind, std::string_view body, const schema::Hash& hash) {
    hot_->fact.bind(1, id).bind(2, at).bind(3, kind).bind(4, body).bind(5, hash).run();
}

void SqlStore::add_arrival(const Arrival& arrival) {
    database_->post("INSERT INTO arrival (at, chain, first, last) VALUES (?, ?, ?, ?)", arrival.at, arrival.chain, arrival.facts.first, arrival.facts.last);
}

std::optional<schema::Hash> SqlStore::fact_hash(FactId id) {
    auto row = database_->query("SELECT hash FROM fact WHERE id = ?", id);
    if (!row.step()) return std::nullopt;
    return hash_of(row, 0);
}

std::optional<schema::Fact> SqlStore::fact(FactId id) {
    auto row = database_->query("SELECT at, kind, body, hash FROM fact WHERE id = ?", id);
    if (!row.step()) return std::nullopt;
    return schema::Fact{seq_of(id), row.integer(0), row.text(1), row.text(2), hash_of(row, 3)};
}

void SqlStore::facts(std::int64_t chain, Range range, const std::function<bool(const schema::Fact&)>& take) {
    auto row = database_->walk("SELECT id, at, kind, body, hash FROM fact WHERE id BETWEEN ? AND ? ORDER BY id", fact_id(chain, range.first),
                               fact_id(chain, range.last));
    schema::Fact fact;
    while (row.step()) {
        fact.seq = seq_of(row.integer(0));
        fact.at = row.integer(1);
        fact.kind = row.view(2);
        fact.body = row.view(3);
        fact.hash = hash_of(row, 4);
        if (!take(fact)) return;
    }
}

std::vector<Arrival> SqlStore::arrivals() {
    std::vector<Arrival> arrivals;
    for (auto row = database_->query("SELECT at, chain, first, last FROM arrival ORDER BY id"); row.step();)
        arrivals.push_back({row.instant(0), row.integer(1), {row.integer(2), row.integer(3)}});
    return arrivals;
}

std::optional<std::int64_t> SqlStore::joined_at(std::int64_t chain) {
    const auto id =
        database_->integer("SELECT min(id) FROM fact WHERE kind = 'node.enrolled' AND id BETWEEN ? AND ?", fact_id(chain, 0), fact_id(chain, max_seq));
    return id && *id ? std::optional(seq_of(*id)) : std::nullopt;
}

std::vector<schema::Fact> SqlStore::own_facts(std::string_view kind) {
    std::vector<schema::Fact> facts;
    auto row = database_->query(
        "SELECT f.id, f.at, f.kind, f.body, f.hash FROM act a JOIN fact f ON f.id = a.fact JOIN chain h ON h.id = a.fact >> 32 JOIN node n ON n.id = h.node "
        "WHERE a.kind = ? AND n.branch = 0 AND n.till = 0 ORDER BY f.id",
        kind);
    while (row.step()) facts.push_back({seq_of(row.integer(0)), row.integer(1), row.text(2), row.text(3), hash_of(row, 4)});
    return facts;
}

std::optional<node::Instant> SqlStore::newest_own(std::string_view kind) {
    auto row = database_->query(
        "SELECT max(f.at) FROM node n JOIN chain h ON h.node = n.id JOIN fact f ON f.id BETWEEN h.id << 32 AND (h.id << 32) + 4294967295 "
        "WHERE n.branch = 0 AND n.till = 0 AND f.kind = ?",
        kind);
    if (!row.step() || row.is_null(0)) return std::nullopt;
    return row.instant(0);
}

void SqlStore::keep_early(std::int64_t chain, const EarlyFact& early) {
    database_->post("INSERT INTO early_fact VALUES (?, ?, ?, ?, ?, ?, ?)", chain, early.fact.seq, early.fact.at, early.fact.kind, early.fact.body,
                    blob(early.fact.hash), blob(early.previous));
}

std::optional<EarlyFact> SqlStore::early_fact(std::int64_t chain, std::int64_t seq) {
    auto row = database_->query("SELECT at, kind, body, hash, previous FROM early_fact WHERE chain = ? AND seq = ?", chain, seq);
    if (!row.step()) return std::nullopt;
    return EarlyFact{{seq, row.integer(0), row.text(1), row.text(2), hash_of(row, 3)}, hash_of(row, 4)};
}

void SqlStore::drop_early(std::int64_t chain, Range range) {
    database_->post("DELETE FROM early_fact WHERE chain = ? AND seq BETWEEN ? AND ?", chain, range.first, range.last);
}

std::vector<Range> SqlStore::early_runs(std::int64_t chain) {
    std::vector<Range> runs;
    for (auto row = database_->query("SELECT seq FROM early_fact WHERE chain = ? ORDER BY seq", chain); row.step();) {
        const std::int64_t seq = row.integer(0);
        if (!runs.empty() && runs.back().last + 1 == seq)
            runs.back().last = seq;
        else
            runs.push_back({seq, seq});
    }
    return runs;
}

bool SqlStore::keep_bundle(std::int64_t chain, Range facts, std::span<const unsigned char> bytes) {
    drop_bundle(chain, facts);
    const std::int64_t kept = database_->integer("SELECT sum(length(bytes)) FROM kept_bundle WHERE chain = ?", chain).value_or(0);
    if (kept + static_cast<std::int64_t>(bytes.size()) > max_kept_bytes) return false;
    database_->post("INSERT INTO kept_bundle VALUES (?, ?, ?, ?)", chain, facts.first, facts.last, bytes);
    return true;
}

std::vector<Range> SqlStore::kept_bundles(std::int64_t chain) {
    std::vector<Range> kept;
    for (auto row = database_->query("SELECT first, last FROM kept_bundle WHERE chain = ? ORDER BY first, last", chain); row.step();)
        kept.push_back({row.integer(0), row.integer(1)});
    return kept;
}

std::string SqlStore::kept_bundle(std::int64_t chain, Range facts) {
    auto row = database_->query("SELECT bytes FROM kept_bundle WHERE chain = ? AND first = ? AND last = ?", chain, facts.first, facts.last);
    return row.step() ? row.text(0) : std::string();
}

void SqlStore::drop_bundle(std::int64_t chain, Range facts) {
    database_->post("DELETE FROM kept_bundle WHERE chain = ? AND first = ? AND last = ?", chain, facts.first, facts.last);
}

void SqlStore::keep_unprojected(FactId fact, std::string_view kind) { database_->post("INSERT INTO unprojected VALUES (?, ?)", fact, kind); }

std::vector<std::string> SqlStore::unprojected_kinds() {
    std::vector<std::string> kinds;
    for (auto row = database_->query("SELECT DISTINCT kind FROM unprojected ORDER BY kind"); row.step();) kinds.push_back(row.text(0));
    return kinds;
}

std::vector<FactId> SqlStore::unprojected(std::string_view kind) {
    std::vector<FactId> facts;
    for (auto row = database_->query("SELECT fact FROM unprojected WHERE kind = ? ORDER BY fact", kind); row.step();) facts.push_back(row.integer(0));
    return facts;
}

void SqlStore::drop_unprojected(FactId fact) { database_->post("DELETE FROM unprojected WHERE fact = ?", fact); }

void SqlStore::add_personal(std::string_view digest, std::string_view body) {
    database_->post("INSERT INTO personal VALUES (?, ?) ON CONFLICT (digest) DO NOTHING", digest, body);
}

std::optional<std::string> SqlStore::personal(std::string_view digest) { return database_->text("SELECT body FROM personal WHERE digest = ?", digest); }

void SqlStore::drop_personal(std::string_view digest) { database_->post("DELETE FROM personal WHERE digest = ?", digest); }

}  // namespace paprsek::hq
