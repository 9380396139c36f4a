// Restored backups and copied disks, by files alone, with the real programs (DESIGN.md "Fork").
#include "tests/recovery/chain_by_files.h"

using namespace paprsek;
using test::ChainByFiles;

TEST_CASE("a restored backup without new sales gets its own facts back and goes on in its epoch") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.copy("shop", "backup");
    chain.sell("shop", 5);
    chain.sell("shop", 2, "2900000000025");
    chain.exchange("shop");
    const node::Json before = chain.status("shop");

    chain.copy("backup", "shop");
    const node::Json report = chain.exchange("shop");
    CHECK(report["outcome"] == "applied");
    CHECK(report["recovered"] == 8);  // seven sales and a customer
    CHECK(report["next"] == "export");
    CHECK(report["new_epoch"] == false);
    CHECK(chain.status("shop")["head"] == before["head"]);
    chain.ok(chain.run("export hq --to reply 3.1"));
    const node::Json proof = chain.run("prove shop --with reply --json", "paprsek").json();
    CHECK(proof["same"] == true);
    CHECK(proof["head"] == before["head"]);
    CHECK(proof["through"] == before["facts"]);
    chain.copy("shop", "now");
    chain.copy("backup", "shop");
    const test::Ran differs = chain.run("prove shop --with reply", "paprsek");
    CHECK(differs.exit == 1);
    CHECK(differs.err.find("paprsek: prove: HQ holds") == 0);
    chain.copy("now", "shop");
    CHECK(chain.run("prove shop", "paprsek").exit == 1);  // by file only: there is no network to ask
    chain.check_equal("shop");

    CHECK(chain.sell("shop", 1)["receipt"] == "3.1-000011");
    chain.exchange("shop");
    CHECK(chain.status("shop")["epoch"] == 1);
    CHECK(chain.sales_at_hq() == 11);
    chain.check_equal("shop");
    CHECK(chain.run("exceptions hq --json").json().empty());
}

TEST_CASE("a restored backup with new sales since: they go on in a new epoch, the lost ones come back") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.copy("shop", "backup");
    chain.sell("shop", 5);
    chain.exchange("shop");
    chain.copy("backup", "shop");
    CHECK(chain.sell("shop", 2)["receipt"] == "3.1-000005");

    const node::Json merged = chain.up("shop");
    CHECK(merged["outcome"] == "parted");
    CHECK(merged["new"] == 2);
    CHECK(merged["taken_as"] == 2);
    CHECK(merged["next"] == "reply");
    chain.ok(chain.run("import hq up"));
    const node::Json fork = chain.run("exceptions hq --json").json().at(0);
    CHECK(fork["kind"] == "fork");
    CHECK(fork["evidence"]["held"]["number"] == 4);
    CHECK(fork["evidence"]["first_sale"]["sent"]["number"] == 4);
    // All of it counts before the node has heard; the answer may be lost, and sales go on.
    CHECK(chain.sales_at_hq() == 10);
    chain.sell("shop", 1);
    const node::Json more = chain.up("shop");
    CHECK(more["outcome"] == "new_facts");
    CHECK(more["new"] == 1);

    const node::Json report = chain.down("shop");
    CHECK(report["outcome"] == "applied");
    CHECK(report["new_epoch"] == true);
    CHECK(report["set_aside"] == 5);
    CHECK(report["message"].get<std::string>().find("HQ holds other facts from ") != std::string::npos);
    CHECK(report["unsent"] == 0);
    CHECK(chain.status("shop")["epoch"] == 2);
    CHECK(chain.sell("shop", 1)["receipt"] == "3.1-000009");
    CHECK(chain.up("shop")["new"] == 1);
    const node::Json even = chain.down("shop");
    CHECK(even["set_aside"] == 0);
    CHECK(even["next"] == "nothing");
    CHECK(chain.sales_at_hq() == 12);
    chain.check_equal("shop");

    // Receipt 4 was printed twice; 8 only before the backup was restored.
    const std::string refund = R"({"refund_of":"3.1-00000%","lines":[{"code":"8594001021239"}]})";
    const auto of = [&](const std::string& number) { return std::string(refund).replace(refund.find('%'), 1, number); };
    CHECK(ChainByFiles::last_line(chain.play("shop", of("4")).out)["refused"] == "ambiguous_receipt");
    CHECK(ChainByFiles::last_line(chain.play("shop", of("4/1")).out)["receipt"] == "3.1-000010");
    CHECK(ChainByFiles::last_line(chain.play("shop", of("4/1")).out)["refused"] == "more_than_left");
    CHECK(ChainByFiles::last_line(chain.play("shop", of("4/2")).out)["receipt"] == "3.1-000011");
    CHECK(ChainByFiles::last_line(chain.play("shop", of("8")).out)["receipt"] == "3.1-000012");
    chain.exchange("shop");
    chain.check_equal("shop");
    CHECK(chain.run("report shop sales --json", "paprsek").json().at(0)["receipts"] == 12);

    // An old bundle and an old reply change nothing.
    chain.ok(chain.run("import hq up"));
    CHECK(chain.exchange("shop")["new_epoch"] == false);
    chain.check_equal("shop");
}

TEST_CASE("a backup restored twice: the second time from before the first fork") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.copy("shop", "backup");
    for (int round = 0; round < 3; ++round) {
        chain.sell("shop", 4);
        chain.exchange("shop");
        chain.exchange("shop");
        chain.check_equal("shop");
        chain.copy("backup", "shop");
    }
    chain.exchange("shop");
    chain.check_equal("shop");
    CHECK(chain.status("shop")["epoch"] == 3);
    CHECK(chain.sales_at_hq() == 15);
    CHECK(chain.sell("shop", 1)["receipt"] == "3.1-000008");
}

TEST_CASE("a restored backup that has sold on, and a late stick of the disk that died: every sale comes in, whoever comes first") {
    if (!test::programs_are_here()) return;
    for (const bool late_first : {false, true}) {
        CAPTURE(late_first);
        ChainByFiles chain;
        chain.sell("shop", 3);
        chain.exchange("shop");
        chain.copy("shop", "backup");
        chain.sell("shop", 2);
        chain.ok(chain.run("export shop --to late", "paprsek"));
        chain.copy("backup", "shop");
        chain.sell("shop", 1);
        if (late_first) CHECK(chain.run("import hq late --json").json()[0]["new"] == 2);
        chain.exchange("shop");
        if (!late_first) {
            const node::Json late = chain.run("import hq late --json").json()[0];
            CHECK(late["outcome"] == "parted");
            CHECK(late["new"] == 2);
            CHECK(late["exceptions"][0]["kind"] == "fork");
        }
        CHECK(chain.sales_at_hq() == 6);
        // The till goes on; what the dead one sold comes back to it, and nobody speaks of two machines.
        chain.sell("shop", 1);
        chain.exchange("shop");
        chain.exchange("shop");
        CHECK(chain.sales_at_hq() == 7);
        chain.check_equal("shop");
        CHECK(chain.run("import hq late --json").json()[0]["outcome"] == "nothing");
        CHECK(chain.run("exceptions hq --json").json().size() == 1);
        CHECK(chain.run("verify hq").exit == 0);
    }
}

TEST_CASE("a copied disk selling on two machines: every sale comes in once, both are told") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.copy("shop", "second");
    chain.sell("shop", 2);
    chain.sell("second", 3, "2900000000025");
    chain.exchange("shop");
    const node::Json told = chain.exchange("second");
    CHECK(told["new_epoch"] == true);
    CHECK(told["message"].get<std::string>().find("enrol this one as another till") != std::string::npos);
    chain.exchange("second");
    // The reply for one machine is nothing for the other.
    CHECK(chain.down("shop")["outcome"] != "applied");
    chain.sell("shop", 2);
    chain.exchange("shop");
    CHECK(chain.status("shop")["epoch"] == 1);
    chain.sell("second", 1);
    chain.exchange("second");
    chain.check_equal("second");
    CHECK(chain.sales_at_hq() == 11);
    chain.exchange("shop");
    CHECK(chain.points("shop") == chain.points("hq"));
    CHECK(chain.points("shop", "2900000000025") == chain.points("hq", "2900000000025"));
    CHECK(chain.run("verify shop", "paprsek").exit == 0);
    CHECK(chain.run("verify hq").exit == 0);
}
