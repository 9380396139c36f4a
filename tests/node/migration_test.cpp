// An upgrade of a ledger: whole or not at all, and after a copy.
#include <doctest/doctest.h>

#include <filesystem>

#include "node/base/database.h"
#include "node/base/error.h"
#include "schema/migrations.h"
#include "tests/support/temporary_folder.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

constexpr Database::Options made{.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0};

const std::vector<schema::Migration> steps{{"001", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (7);"},
                                           {"002", "ALTER TABLE a ADD COLUMN y INTEGER;"},
                                           {"003", "UPDATE a SET y = x * x;"}};

}  // namespace

TEST_CASE("an upgrade keeps one copy of the form before it, and a new file none") {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("ledger.db");
    const auto copy = [&](int version) { return path + ".v" + std::to_string(version); };
    {
        Database database(path, made);
        database.migrate(std::span(steps).first(1));
        CHECK(!std::filesystem::exists(copy(0)));
        database.migrate(std::span(steps).first(1));
        CHECK(!std::filesystem::exists(copy(1)));
        database.migrate(std::span(steps).first(2));
        CHECK(std::filesystem::exists(copy(1)));
        database.migrate(steps);
    }
    CHECK(!std::filesystem::exists(copy(1)));
    Database before(copy(2), {.create = false, .read_only = true, .vfs = nullptr, .busy_timeout_ms = 0});
    CHECK(before.integer("PRAGMA user_version") == 2);
    CHECK(before.integer("SELECT x FROM a") == 7);
    CHECK(!before.integer("SELECT y FROM a"));
    Database after(path, made);
    CHECK(after.integer("SELECT y FROM a") == 49);
    CHECK_THROWS_AS(after.migrate(std::span(steps).first(2)), Error);
}

TEST_CASE("an upgrade that fails leaves the ledger in its old form") {
    const test::TemporaryFolder folder;
    const std::string path = folder.file("ledger.db");
    Database database(path, made);
    database.migrate(std::span(steps).first(1));
    std::vector<schema::Migration> broken = steps;
    broken[2].sql = "UPDATE nowhere SET y = 1;";
    CHECK_THROWS_AS(database.migrate(broken), Error);
    CHECK(database.integer("PRAGMA user_version") == 1);
    CHECK(database.query("SELECT * FROM a").columns() == 1);
    // Half a copy of an earlier try does not stand in the way.
    database.migrate(steps);
    CHECK(database.integer("SELECT y FROM a") == 49);
}
