// HQ restored from an old copy of its folder, by files alone, with the real programs.
#include "tests/recovery/chain_by_files.h"

using namespace paprsek;
using test::ChainByFiles;

TEST_CASE("HQ restored from an old copy is made whole by its branches, and what only the old one knew disappears") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.join("market", 4);
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.copy("hq", "copy");
    chain.write("more.csv", "code,name,group,price,vat\n8594001021246,Houska,,12.00,B\n");
    chain.ok(chain.run("catalogue hq import more.csv"));
    chain.sell("shop", 4);
    chain.sell("market", 2);
    chain.sell("shop", 1, "2900000000025");
    for (const int branch : {3, 4, 3}) chain.exchange(branch == 3 ? "shop" : "market", branch);
    CHECK(chain.status("shop")["products"] == 2);
    CHECK(chain.sales_at_hq() == 10);
    chain.copy("copy", "hq");

    chain.sell("shop", 1);
    chain.sell("market", 1, "2900000000025");
    for (int round = 0; round < 3; ++round) {
        chain.exchange("shop", 3);
        chain.exchange("market", 4);
    }
    CHECK(chain.run("status hq --json").json()["epoch"] == 2);
    CHECK(chain.sales_at_hq() == 12);
    CHECK(chain.status("shop")["products"] == 1);
    chain.check_equal("shop", 3);
    chain.check_equal("market", 4);
    CHECK(chain.points("shop", "2900000000025") == "20.00");
    CHECK(chain.points("market", "2900000000025") == "20.00");
    CHECK(chain.run("exceptions hq --json").json().empty());
}

namespace {

/// HQ is put back to a copy that lacks 30 sales, which the stick "lost" holds; "early" holds two more, packed by these.
void put_hq_back(ChainByFiles& chain) {
    chain.sell("shop", 30);
    chain.exchange("shop");
    chain.copy("hq", "copy");
    chain.sell("shop", 30);
    chain.ok(chain.run("export shop --to lost", "paprsek"));
    chain.exchange("shop");
    chain.sell("shop", 2);
    chain.ok(chain.run("export shop --to early", "paprsek"));
    chain.copy("copy", "hq");
}

}  // namespace

TEST_CASE("a bundle packed by facts that a restored HQ lost waits until these have come") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    put_hq_back(chain);
    CHECK(chain.run("import hq early --json").json()[0]["outcome"] == "early");
    CHECK(chain.hq_node()["early"] == 2);
    CHECK(chain.hq_node()["gaps"].size() == 1);
    CHECK(chain.run("import hq early --json").json()[0]["outcome"] == "early");  // once more changes nothing
    CHECK(chain.sales_at_hq() == 30);
    const auto closed = chain.run("import hq lost --json").json()[0];
    CHECK(closed["outcome"] == "new_facts");
    CHECK(closed["new"] == 32);
    CHECK(closed["gap"].is_null());
    CHECK(chain.sales_at_hq() == 62);
    CHECK(chain.hq_node()["early"] == 0);
    CHECK(chain.hq_node()["gaps"].empty());
    CHECK(chain.run("exceptions hq --json").json().empty());
    CHECK(chain.run("import hq early --json").json()[0]["outcome"] == "nothing");
    chain.exchange("shop");
    chain.check_equal("shop");
}

TEST_CASE("a bundle packed by facts that a restored HQ lost waits, and they come again from what it holds") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    put_hq_back(chain);
    const auto held = chain.hq_node()["facts"];
    const auto unread = chain.run("import hq early --json");
    CHECK(unread.exit == 0);
    CHECK(unread.json()[0]["outcome"] == "early");
    CHECK(unread.json()[0]["next"] == "reply");
    CHECK(chain.hq_node()["facts"] == held);
    CHECK(chain.run("status hq --json").json()["epoch"] == 2);  // it was read that HQ is an old copy
    const auto again = chain.down("shop");
    CHECK_MESSAGE(again["outcome"] == "applied", again.dump());
    chain.sell("shop", 1);
    chain.exchange("shop");
    CHECK(chain.sales_at_hq() == 63);
    chain.check_equal("shop");
    // By now it holds what the stick was packed by, and all that is on it.
    CHECK(chain.run("import hq early --json").json()[0]["outcome"] == "nothing");
    CHECK(chain.run("exceptions hq --json").json().empty());  // of the gap is told while it lasts
    CHECK(chain.run("exceptions hq list --all --json").json().at(0)["kind"] == "gap");
}

TEST_CASE("sticks of acknowledged days may be lost, late and repeated") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 20);
    chain.exchange("shop");
    for (const char* stick : {"monday", "tuesday", "wednesday"}) {
        chain.sell("shop", 10);
        chain.ok(chain.run(fmt::format("export shop --to {}", stick), "paprsek"));
    }
    CHECK(chain.run("import hq tuesday --json").json()[0]["new"] == 20);
    CHECK(chain.run("import hq monday --json").json()[0]["outcome"] == "nothing");
    chain.down("shop");
    chain.sell("shop", 5);
    chain.ok(chain.run("export shop --to thursday", "paprsek"));
    CHECK(chain.run("import hq thursday --json").json()[0]["new"] == 15);
    for (const char* stick : {"wednesday", "thursday", "monday"}) CHECK(chain.run(fmt::format("import hq {} --json", stick)).json()[0]["outcome"] == "nothing");
    chain.exchange("shop");
    CHECK(chain.sales_at_hq() == 55);
    chain.check_equal("shop");
}

TEST_CASE("an HQ that lost nearly everything gets packed facts as well") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.copy("hq", "copy");
    chain.sell("shop", 7, "2900000000025");
    chain.exchange("shop");
    chain.sell("shop", 2);
    const auto packed = chain.run("retain shop --days 0 --json", "paprsek").json();
    CHECK(packed["packed"].get<int>() >= 7);
    CHECK(packed["through"].get<int>() < chain.status("shop")["facts"].get<int>());  // nothing that HQ has not acknowledged
    CHECK(chain.run("verify shop", "paprsek").exit == 0);
    chain.copy("copy", "hq");
    for (int round = 0; round < 3; ++round) chain.exchange("shop", 3);
    CHECK(chain.sales_at_hq() == 9);
    chain.check_equal("shop", 3);
    CHECK(chain.points("hq", "2900000000025") == chain.points("shop", "2900000000025"));
}

TEST_CASE("HQ restored from before a fork was settled learns both histories again") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.copy("shop", "backup");
    chain.sell("shop", 5);
    chain.exchange("shop");
    chain.copy("hq", "copy");
    chain.copy("backup", "shop");
    chain.sell("shop", 2);
    for (int round = 0; round < 2; ++round) chain.exchange("shop");
    chain.copy("copy", "hq");
    chain.sell("shop", 1);
    for (int round = 0; round < 3; ++round) {
        chain.run("export shop --to up", "paprsek");
        chain.run("import hq up");
        chain.down("shop");
    }
    CHECK(chain.sales_at_hq() == 11);
    chain.check_equal("shop");
}
