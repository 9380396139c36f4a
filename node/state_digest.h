// The digest of HQ's state at a version: by it HQ and a branch prove to each other that they hold the same rows (DESIGN.md "State
// downwards").
//
// It is the sum modulo 2^256 of BLAKE2b-256 of every row (kind, key, version, body): one row in or out is one addition, and the order
// in which rows came does not matter. Rows that HQ makes for one node or branch alone (kinds "right", "receipt", "user") are left out,
// so that HQ keeps one digest for all. Equal digests at one version mean the same rows with the same contents: it finds every fault, a row that was passed over
// as well as a number that HQ gave twice after it was restored. It is no seal against whoever can write HQ's rows with versions of
// his choice, for sums can be made to meet; those rows are HQ's alone, and its signature is on them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "node/base/database.h"
#include "node/state.h"
#include "schema/fact.h"

namespace paprsek::node {

/// Numbers modulo 2^256, big-endian as a hash.
class StateSum {
public:
    StateSum() = default;
    explicit StateSum(const schema::Hash& value);
    void add(const schema::Hash& row);
    void subtract(const schema::Hash& row);
    schema::Hash value() const;

private:
    std::array<std::uint64_t, 4> limbs_{};  ///< the lowest first
};

/// BLAKE2b-256("paprsek state row 1\n" ‖ length of kind ‖ kind ‖ length of key ‖ key ‖ version ‖ body); lengths are 4 bytes, the
/// version 8, big-endian.
schema::Hash hash_of(const StateRow& row);

/// Rows held in memory: HQ's side.
class StateDigest {
public:
    /// Versions must not go back.
    void note(const StateRow& row);
    schema::Hash value() const { return sum_.value(); }
    /// Of the row noted last, or what somebody set who knows that there is none up to it.
    std::int64_t version() const { return version_; }
    void set_version(std::int64_t version) { version_ = version; }

private:
    StateSum sum_;
    std::int64_t version_ = 0;
    std::unordered_map<std::string, schema::Hash> rows_;
};

/// Rows held in a branch's ledger.db. Every call within a transaction; the constructor reads where it stands.
class StoredStateDigest {
public:
    explicit StoredStateDigest(Database& database);
    /// False where the very row stands here already: a reply that was not taken in to its end had brought it.
    bool note(const StateRow& row);
    /// The state is read from the start: what HQ names from now on stands in state_row, and what is left in the tables at the end is
    /// gone (node/state.h: unnamed_state).
    void begin_anew();
    bool reads_anew() const { return anew_; }
    void end_anew() { anew_ = false; }
    void save();
    /// Nothing where the state was taken over by a version of the program that kept no digest.
    std::optional<schema::Hash> value() const;

private:
    bool put(const StateRow& row);
    void remove(std::string_view kind, std::string_view key);
    Database& database_;
    bool known_ = false, anew_ = false;
    StateSum sum_;
};

/// The digest that stands in the ledger, without a look at the rows.
std::optional<schema::Hash> stored_state_digest(Database& database);
/// What in the tables contradicts it: a sentence each, at most `most`.
std::vector<std::string> check_state_digest(Database& database, std::size_t most);

}  // namespace paprsek::node
