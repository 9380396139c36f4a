// Backups, lost keys and dead branches, by files alone, with the real programs.
#include "node/base/database.h"
#include "node/node.h"
#include "tests/recovery/chain_by_files.h"

using namespace paprsek;
using test::ChainByFiles;

TEST_CASE("a backup is enough: restored into an empty folder it sells, exports, and goes on in a new epoch") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.ok(chain.run("backup shop --to backup.db", "paprsek"));
    const auto mode = std::filesystem::status(chain.file("backup.db")).permissions();
    CHECK((mode & std::filesystem::perms::all) == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    chain.sell("shop", 4);
    chain.exchange("shop");

    const node::Json restored = chain.run("restore backup.db --to new --json", "paprsek").json();
    CHECK(restored["key"] == true);
    CHECK(restored["needs_invitation"] == false);
    CHECK(node::read_file(chain.file("new/identity.key"), 1000) == node::read_file(chain.file("shop/identity.key"), 1000));
    CHECK_FALSE(node::Database(chain.file("new/ledger.db")).text("SELECT value FROM setting WHERE name = 'backup_key'"));
    chain.sell("new", 2);
    chain.exchange("new");
    chain.exchange("new");
    chain.check_equal("new");
    CHECK(chain.status("new")["epoch"] == 2);
    CHECK(chain.sales_at_hq() == 9);
}

TEST_CASE("a restore that was cut before the key was there is ended by doing it again") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 2);
    chain.ok(chain.run("backup shop --to backup.db", "paprsek"));
    node::restore(chain.file("backup.db"), chain.file("new"));
    CHECK(chain.run("export new --to up", "paprsek").exit == 1);
    const node::Json restored = chain.run("restore backup.db --to new --json", "paprsek").json();
    CHECK(restored["ok"] == true);
    CHECK(restored["key"] == true);
    CHECK(node::read_file(chain.file("new/identity.key"), 1000) == node::read_file(chain.file("shop/identity.key"), 1000));
    chain.ok(chain.run("export new --to up", "paprsek"));
    CHECK(chain.run("restore backup.db --to new", "paprsek").exit == 1);  // it is whole
}

TEST_CASE("a key that lies in the folder is newer than the backup's") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.ok(chain.run("backup shop --to backup.db", "paprsek"));
    std::filesystem::remove(chain.file("shop/ledger.db"));
    std::filesystem::remove(chain.file("shop/identity.key"));
    chain.write("shop/identity.key", "paprsek key 1\n" + std::string(64, '7') + "\n");
    chain.ok(chain.run("restore backup.db --to shop", "paprsek"));
    CHECK(node::read_file(chain.file("shop/identity.key"), 1000).find("7777") != std::string::npos);
}

TEST_CASE("a restored ledger whose key is lost joins again by a new invitation") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.ok(chain.run("backup shop --to backup.db", "paprsek"));
    chain.sell("shop", 4);
    chain.exchange("shop");
    chain.ok(chain.run("export shop --to before", "paprsek"));
    CHECK(chain.run("restore backup.db --to shop", "paprsek").exit == 1);
    CHECK(chain.run("restore policy.json --to new", "paprsek").exit != 0);

    // A backup of a program that put no key in.
    node::Database(chain.file("backup.db"), {.create = false, .read_only = false, .vfs = nullptr, .busy_timeout_ms = 10'000})
        .run("DELETE FROM setting WHERE name = 'backup_key'");
    const node::Json restored = chain.run("restore backup.db --to new --json", "paprsek").json();
    CHECK(restored["ok"] == true);
    CHECK(restored["needs_invitation"] == true);
    chain.sell("new", 2);
    CHECK(chain.run("export new --to up", "paprsek").exit == 1);
    chain.ok(chain.run("revoke hq 3.1"));
    CHECK(chain.run("import hq before").exit == 1);
    chain.ok(chain.run("invite hq 3.1 --to invitation"));
    chain.ok(chain.run("enroll new --invite invitation --out answer", "paprsek"));
    chain.ok(chain.run("import hq answer"));
    chain.exchange("new");
    chain.exchange("new");
    chain.check_equal("new");
    CHECK(chain.status("new")["epoch"] == 2);
    CHECK(chain.sales_at_hq() == 9);
}

TEST_CASE("a dead branch is rebuilt from HQ; what nobody holds is named, and shrinks when its last stick turns up") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 6);
    chain.exchange("shop");
    chain.sell("shop", 3, "2900000000025");
    chain.ok(chain.run("export shop --to last", "paprsek"));
    const node::Json before = chain.status("shop");
    std::filesystem::remove_all(chain.file("shop"));

    chain.ok(chain.run("invite hq 3.1 --to invitation"));
    chain.ok(chain.run("rebuild shop --invite invitation --bundle last --out answer", "paprsek"));
    CHECK(chain.run("rebuild shop --invite invitation --out answer2", "paprsek").exit == 1);
    // Nothing can be sold before the history is back: it would begin a second one.
    CHECK(ChainByFiles::last_line(chain.play("shop", R"({"lines":[{"text":"Loan","price":"5.00","vat":"A"}]})").out)["receipt"].is_null());
    chain.ok(chain.run("import hq answer"));
    node::Json report = chain.down("shop");
    CHECK(report["recovered"] == before["receipt"]["seq"]);
    CHECK(report["unrecoverable"].at(0)["last"] == before["facts"]);

    // Signed by the dead machine's key: it counts still.
    chain.ok(chain.run("import hq last"));
    report = chain.down("shop");
    CHECK(report["unrecoverable"].empty());
    CHECK(chain.status("shop")["head"] == before["head"]);
    CHECK(chain.sell("shop", 1)["receipt"] == "3.1-000010");
    chain.exchange("shop");
    chain.check_equal("shop");
    CHECK(chain.run("status hq --json").json()["nodes"][0]["epoch"] == 1);
}

TEST_CASE("a dead branch's last stick turns up after its successor has sold: its facts come in as an epoch") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 2);
    chain.exchange("shop");
    chain.sell("shop", 3, "2900000000025");
    chain.ok(chain.run("export shop --to last", "paprsek"));
    std::filesystem::remove_all(chain.file("shop"));
    chain.ok(chain.run("invite hq 3.1 --to invitation"));
    chain.ok(chain.run("rebuild shop --invite invitation --out answer", "paprsek"));
    chain.ok(chain.run("import hq answer"));
    chain.down("shop");
    chain.sell("shop", 4);
    chain.exchange("shop");
    chain.ok(chain.run("import hq last"));
    chain.ok(chain.run("import hq last"));
    CHECK(chain.sales_at_hq() == 9);
    CHECK(chain.exchange("shop")["set_aside"] == 4);
    chain.exchange("shop");
    chain.ok(chain.run("verify shop", "paprsek"));
    chain.ok(chain.run("verify hq"));
    CHECK(chain.points("shop") == chain.points("hq"));
    CHECK(chain.points("shop", "2900000000025") == "30.00");
    chain.sell("shop", 1);
    CHECK(chain.exchange("shop")["new_epoch"] == false);
    CHECK(chain.status("shop")["epoch"] == 1);
    CHECK(chain.status("shop")["unsent"] == 0);
    CHECK(chain.sales_at_hq() == 10);
}
