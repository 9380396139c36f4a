// The digest by which branch and HQ prove that they hold the same state.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "node/state_digest.h"
#include "schema/migrations.h"

using namespace paprsek;
using node::StateRow;

namespace {

schema::Hash number(std::uint64_t low, unsigned char fill) {
    schema::Hash hash;
    hash.fill(fill);
    for (std::size_t i = 0; i < 8; ++i) hash[31 - i] = static_cast<unsigned char>(low >> 8 * i);
    return hash;
}

StateRow product(int key, std::int64_t version, const std::string& price = "100") {
    return {"product", std::to_string(key), version, R"({"name":"A","price":)" + price + R"(,"vat":"B"})"};
}

schema::Hash digest_of(const std::vector<StateRow>& rows) {
    node::StateDigest digest;
    for (const StateRow& row : rows) digest.note(row);
    return digest.value();
}

class EmptyBranch : public node::Database {
public:
    EmptyBranch() : Database(":memory:", {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0}) { migrate(schema::branch_migrations()); }
};

}  // namespace

TEST_CASE("sums modulo 2^256: carries, borrows, and back") {
    node::StateSum sum(number(UINT64_MAX, 0xff));
    sum.add(number(1, 0));
    CHECK(sum.value() == number(0, 0));
    sum.subtract(number(1, 0));
    CHECK(sum.value() == number(UINT64_MAX, 0xff));
    std::mt19937_64 dice(3);
    std::vector<schema::Hash> hashes(50);
    for (schema::Hash& hash : hashes)
        for (unsigned char& byte : hash) byte = static_cast<unsigned char>(dice() % 4 ? 0xff : dice());
    node::StateSum one, other;
    for (const schema::Hash& hash : hashes) one.add(hash);
    std::shuffle(hashes.begin(), hashes.end(), dice);
    for (const schema::Hash& hash : hashes) other.add(hash);
    CHECK(one.value() == other.value());
    for (const schema::Hash& hash : hashes) one.subtract(hash);
    CHECK(one.value() == schema::Hash{});
}

TEST_CASE("the digest is of the rows that stand, whatever came before them") {
    const schema::Hash wanted = digest_of({product(1, 5), product(2, 7, "200")});
    CHECK(digest_of({product(2, 3), product(1, 5), product(2, 7, "200")}) == wanted);
    CHECK(digest_of({product(1, 5), product(3, 6), product(2, 7, "200"), {"product", "3", 8, ""}}) == wanted);
    CHECK(digest_of({product(1, 5), product(2, 7, "201")}) != wanted);
    CHECK(digest_of({product(1, 5), product(2, 8, "200")}) != wanted);
    CHECK(digest_of({product(1, 5), {"group", "2", 7, product(2, 7, "200").body}}) != wanted);
    CHECK(digest_of({product(1, 5)}) != wanted);
    CHECK(digest_of(std::vector<StateRow>{}) == schema::Hash{});
    // No row can be passed off as another one by moving a border.
    CHECK(node::hash_of({"ab", "c", 1, "{}"}) != node::hash_of({"a", "bc", 1, "{}"}));
    CHECK(node::hash_of({"a", "b{", 1, "}"}) != node::hash_of({"a", "b", 1, "{}"}));
}

TEST_CASE("a merged customer's row goes with the row that it was merged into") {
    const StateRow alias{"customer", "a", 1, R"({"points":5})"}, before{"customer", "b", 2, R"({"points":1})"};
    const StateRow merged{"customer", "b", 3, R"({"aliases":["a"],"points":6})"};
    CHECK(digest_of({alias, before, merged}) == digest_of({merged}));
}

TEST_CASE("a branch's ledger and HQ's memory come to the same, and what changes between is found") {
    EmptyBranch database;
    std::mt19937_64 dice(9);
    node::StateDigest there;
    for (std::int64_t version = 1; version <= 300; ++version) {
        StateRow row = product(static_cast<int>(dice() % 40), version, std::to_string(dice() % 1000));
        if (dice() % 6 == 0) row.body.clear();
        there.note(row);
        node::Transaction transaction(database);
        node::StoredStateDigest here(database);
        if (version == 1) here.begin_anew();
        if (version == 300) here.end_anew();
        node::apply_state(database, row, 0);
        here.note(row);
        here.save();
        transaction.commit();
        REQUIRE(here.value() == there.value());
    }
    CHECK(node::check_state_digest(database, 20).empty());
    const auto key = database.text("SELECT key FROM product ORDER BY key LIMIT 1").value();
    SUBCASE("a row that is gone") { database.run("DELETE FROM product WHERE key = ?", key); }
    SUBCASE("a row of another version") { database.run("UPDATE product SET version = version - 1 WHERE key = ?", key); }
    SUBCASE("a row too many") { database.run("INSERT INTO product (key, name, search, price, vat, version) VALUES ('x', 'X', 'x', 1, 'B', 3)"); }
    SUBCASE("a digest of other rows") { database.run("DELETE FROM state_row WHERE key = ?", key); }
    CHECK_FALSE(node::check_state_digest(database, 20).empty());
}

TEST_CASE("a ledger of a version that kept no digest has none until the state is read anew") {
    EmptyBranch database;
    node::Transaction transaction(database);
    node::StoredStateDigest digest(database);
    digest.note(product(1, 4));
    digest.save();
    CHECK_FALSE(digest.value());
    CHECK_FALSE(node::stored_state_digest(database));
    digest.begin_anew();
    digest.note(product(1, 4));
    digest.save();
    CHECK(node::stored_state_digest(database) == digest_of({product(1, 4)}));
}
