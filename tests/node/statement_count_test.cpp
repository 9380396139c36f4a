#include "node/base/statement_count.h"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.h"

using namespace paprsek;

TEST_CASE("a connection's statements and their steps are counted while somebody counts, and those of no other connection") {
    const test::TemporaryFolder scratch;
    node::Database database(scratch.file("a.db"), {.create = true, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 0});
    database.execute("CREATE TABLE number (n INTEGER PRIMARY KEY)");
    node::Database other(scratch.file("a.db"));
    std::int64_t one = 0, thousand = 0;
    {
        const node::StatementCount count(database);
        CHECK(count.statements() == 0);
        database.integer("SELECT 1");
        CHECK(count.statements() == 1);
        other.integer("SELECT 1");
        CHECK(count.statements() == 1);
        one = count.steps();
        CHECK(one > 0);
        {
            node::Transaction transaction(database);
            for (int i = 0; i < 1000; ++i) database.run("INSERT INTO number VALUES (?)", i);
            transaction.commit();
        }
        CHECK(count.statements() == 1 + 1 + 1000 + 1);
        const std::int64_t before = count.steps();
        CHECK(database.integer("SELECT sum(n) FROM number") == 499'500);
        thousand = count.steps() - before;
    }
    CHECK(thousand > 100 * one);  // what reads more takes more
    database.integer("SELECT 1");  // nobody counts any more
}
