#include "node/state_digest.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cassert>

#include "node/base/json.h"

namespace paprsek::node {
namespace {

constexpr const char* digest_setting = "state_digest";
/// "1" while the state is read from the start.
constexpr const char* anew_setting = "state_anew";

bool is_read_anew(Database& database) { return database.text("SELECT value FROM setting WHERE name = ?", anew_setting).value_or("") == "1"; }

template <std::size_t bytes>
void append(crypto_generichash_state& state, std::uint64_t number) {
    std::array<unsigned char, bytes> text;
    for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<unsigned char>(number >> 8 * (bytes - 1 - i));
    crypto_generichash_update(&state, text.data(), text.size());
}

void append(crypto_generichash_state& state, std::string_view text) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

/// Rows that HQ makes for one node or branch alone are no part of the state that all share.
bool is_shared(const StateRow& row) { return row.kind != "right" && row.kind != "receipt" && row.kind != "user"; }

/// Customers that were merged into the one of this row: their own rows are gone with it.
std::vector<std::string> replaced_by(const StateRow& row) {
    std::vector<std::string> keys;
    if (row.kind != "customer" || row.body.find("\"aliases\"") == std::string::npos) return keys;
    const Json body = Json::parse(row.body, nullptr, false);
    if (!body.is_object() || !body.contains("aliases") || !body["aliases"].is_array()) return keys;
    for (const Json& alias : body["aliases"])
        if (alias.is_string()) keys.push_back(alias.get<std::string>());
    return keys;
}

schema::Hash hash_at(const Statement& row, int column) {
    schema::Hash hash{};
    const std::string_view bytes = row.view(column);
    assert(bytes.size() == hash.size());  // the table's CHECK
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

}  // namespace

StateSum::StateSum(const schema::Hash& value) {
    for (std::size_t i = 0; i < value.size(); ++i) limbs_[3 - i / 8] = limbs_[3 - i / 8] << 8 | value[i];
}

void StateSum::add(const schema::Hash& row) {
    const StateSum other(row);
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < limbs_.size(); ++i) {
        const std::uint64_t sum = limbs_[i] + other.limbs_[i], whole = sum + carry;
        carry = static_cast<std::uint64_t>(sum < limbs_[i]) | static_cast<std::uint64_t>(whole < sum);
        limbs_[i] = whole;
    }
}

void StateSum::subtract(const schema::Hash& row) {
    const StateSum other(row);
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < limbs_.size(); ++i) {
        const std::uint64_t rest = limbs_[i] - other.limbs_[i], whole = rest - borrow;
        borrow = static_cast<std::uint64_t>(limbs_[i] < other.limbs_[i]) | static_cast<std::uint64_t>(rest < borrow);
        limbs_[i] = whole;
    }
}

schema::Hash StateSum::value() const {
    schema::Hash value;
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = static_cast<unsigned char>(limbs_[3 - i / 8] >> 8 * (7 - i % 8));
    return value;
}

schema::Hash hash_of(const StateRow& row) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, sizeof(schema::Hash));
    append(state, "paprsek state row 1\n");
    append<4>(state, row.kind.size());
    append(state, row.kind);
    append<4>(state, row.key.size());
    append(state, row.key);
    append<8>(state, static_cast<std::uint64_t>(row.version));
    append(state, row.body);
    schema::Hash hash;
    crypto_generichash_final(&state, hash.data(), hash.size());
    return hash;
}

void StateDigest::note(const StateRow& row) {
    assert(row.version >= version_);
    version_ = row.version;
    if (!is_shared(row)) return;
    const auto remove = [&](const std::string& kind, const std::string& key) {
        const auto found = rows_.find(kind + '\t' + key);
        if (found == rows_.end()) return;
        sum_.subtract(found->second);
        rows_.erase(found);
    };
    if (row.body.empty()) return remove(row.kind, row.key);
    const schema::Hash hash = hash_of(row);
    const auto [place, added] = rows_.try_emplace(row.kind + '\t' + row.key, hash);
    if (!added) sum_.subtract(std::exchange(place->second, hash));
    sum_.add(hash);
    for (const std::string& key : replaced_by(row)) remove(row.kind, key);
}

StoredStateDigest::StoredStateDigest(Database& database) : database_(database), anew_(is_read_anew(database)) {
    if (const auto stands = stored_state_digest(database)) {
        known_ = true;
        sum_ = StateSum(*stands);
    }
}

bool StoredStateDigest::note(const StateRow& row) {
    if (!known_ || !is_shared(row)) return true;
    if (row.body.empty())
        remove(row.kind, row.key);
    else if (!put(row))
        return false;
    for (const std::string& key : replaced_by(row)) remove(row.kind, key);
    return true;
}

bool StoredStateDigest::put(const StateRow& row) {
    const schema::Hash hash = hash_of(row);
    const std::span<const unsigned char> bytes(hash);
    // Most rows of a first load are new: one search each.
    constexpr const char* insert = "INSERT INTO state_row (kind, key, version, hash) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    if (!database_.run(insert, row.kind, row.key, row.version, bytes)) {
        {
            auto former = database_.query("SELECT version, hash FROM state_row WHERE kind = ? AND key = ?", row.kind, row.key);
            former.step();
            const schema::Hash held = hash_at(former, 1);
            if (former.integer(0) == row.version && held == hash) return false;
            sum_.subtract(held);
        }
        database_.run("UPDATE state_row SET version = ?, hash = ? WHERE kind = ? AND key = ?", row.version, bytes, row.kind, row.key);
    }
    sum_.add(hash);
    return true;
}

void StoredStateDigest::remove(std::string_view kind, std::string_view key) {
    auto former = database_.query("DELETE FROM state_row WHERE kind = ? AND key = ? RETURNING hash", kind, key);
    while (former.step()) sum_.subtract(hash_at(former, 0));
}

void StoredStateDigest::begin_anew() {
    database_.run("DELETE FROM state_row");
    known_ = anew_ = true;
    sum_ = {};
}

void StoredStateDigest::save() {
    constexpr const char* put_setting = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    if (known_) database_.run(put_setting, digest_setting, schema::to_hex(sum_.value()));
    if (anew_ != is_read_anew(database_)) database_.run(put_setting, anew_setting, anew_ ? "1" : "");
}

std::optional<schema::Hash> StoredStateDigest::value() const { return known_ ? std::optional(sum_.value()) : std::nullopt; }

std::optional<schema::Hash> stored_state_digest(Database& database) {
    schema::Hash hash;
    const auto text = database.text("SELECT value FROM setting WHERE name = ?", digest_setting);
    return text && schema::from_hex(*text, hash) ? std::optional(hash) : std::nullopt;
}

std::vector<std::string> check_state_digest(Database& database, std::size_t most) {
    std::vector<std::string> faults;
    const auto stands = stored_state_digest(database);
    if (!stands) return faults;
    StateSum sum;
    for (auto rows = database.query("SELECT hash FROM state_row"); rows.step();) sum.add(hash_at(rows, 0));
    if (sum.value() != *stands) faults.push_back("state_row: the rows of HQ's state do not come to the digest that stands beside them");
    struct Held {
        const char *kind, *table, *key;
    };
    for (const Held& held : {Held{"group", "product_group", "folded"}, Held{"product", "product", "key"}, Held{"customer", "customer", "id"}}) {
        // A row whose version is 0 is not HQ's; while the state is read from the start, nor need others be any more.
        auto wrong = database.query(
            fmt::format("SELECT s.key FROM state_row s LEFT JOIN {0} t ON t.{1} = s.key WHERE s.kind = ?1 AND t.version IS NOT s.version "
                        "UNION ALL SELECT t.{1} FROM {0} t LEFT JOIN state_row s ON s.kind = ?1 AND s.key = t.{1} WHERE t.version > 0 AND s.key IS NULL "
                        "AND NOT ?3 LIMIT ?2",
                        held.table, held.key),
            held.kind, static_cast<std::int64_t>(most), is_read_anew(database));
        while (wrong.step() && faults.size() < most)
            faults.push_back(fmt::format("{} \"{}\": is not the row that HQ sent last", held.kind, wrong.view(0)));
    }
    return faults;
}

}  // namespace paprsek::node
