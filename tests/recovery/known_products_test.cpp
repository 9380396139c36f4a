// Bundles that are packed by products (sync/BUNDLE.md "Format 4"), whatever HQ's catalogue has become meanwhile.
#include <doctest/doctest.h>

#include <fstream>

#include "tests/recovery/chain_by_files.h"

namespace paprsek {
namespace {

using test::ChainByFiles;

int format_of(const ChainByFiles& chain, const std::string& bundle) {
    std::ifstream file(chain.file(bundle), std::ios::binary);
    char magic[8] = {};
    file.read(magic, 8);
    return magic[7];
}

/// HQ's products, ten of them, and whatever comes between them.
void catalogue(ChainByFiles& chain, const char* price, const std::string& more = "") {
    std::string rows = "code,name,group,price,vat\n" + more;
    for (int i = 0; i < 10; ++i) rows += fmt::format("A{},Zboží {},,{},B\n", i, i, price);
    chain.write("products.csv", rows);
    chain.ok(chain.run("catalogue hq import products.csv"));
}

/// One sale of all of them.
void sell_all(ChainByFiles& chain) {
    std::string lines;
    for (int i = 0; i < 10; ++i) lines += fmt::format(R"({}{{"code":"A{}"}})", i ? "," : "", i);
    chain.ok(chain.play("shop", R"({"customer":"2900000000018","lines":[)" + lines + "]}"));
}

}  // namespace

TEST_CASE("a stick packed by products is read after HQ has changed them, once, and again when what stood then is forgotten") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    catalogue(chain, "10.00");
    chain.exchange("shop");
    sell_all(chain);
    chain.sell("shop", 4);
    chain.ok(chain.run("export shop --to stick", "paprsek"));
    CHECK(format_of(chain, "stick") == 4);
    catalogue(chain, "12.00", "A35,New,,1.00,B\nA00,New too,,1.00,B\n");
    catalogue(chain, "13.00");
    CHECK(chain.run("import hq stick --json").json()[0]["outcome"] == "new_facts");
    CHECK(chain.sales_at_hq() == 5);
    chain.down("shop");
    for (int i = 0; i < 3; ++i) {  // HQ hears that the branch has the newest state, and keeps no older one
        chain.sell("shop", 1);
        chain.exchange("shop");
        catalogue(chain, i % 2 ? "14.00" : "15.00");
    }
    CHECK(chain.run("import hq stick --json").json()[0]["outcome"] == "nothing");
    CHECK(chain.sales_at_hq() == 8);
    chain.exchange("shop");
    chain.check_equal("shop");
}

TEST_CASE("an HQ that was put back to an older catalogue is told the facts in full") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 2);
    chain.exchange("shop");
    chain.copy("hq", "copy");
    catalogue(chain, "10.00");
    chain.down("shop");
    sell_all(chain);
    chain.ok(chain.run("export shop --to stick", "paprsek"));
    CHECK(format_of(chain, "stick") == 4);
    chain.copy("copy", "hq");
    catalogue(chain, "30.00", "A01,Another,,1.00,B\n");  // other rows under the versions that the branch names
    const auto unread = chain.run("import hq stick --json");
    CHECK(unread.exit == 1);
    CHECK(unread.json()[0]["outcome"] == "unplaced");
    CHECK(unread.json()[0]["next"] == "reply");
    chain.down("shop");
    chain.ok(chain.run("export shop --to again", "paprsek"));
    CHECK(format_of(chain, "again") < 4);
    CHECK(chain.run("import hq again --json").json()[0]["outcome"] == "new_facts");
    chain.down("shop");
    CHECK(chain.run("import hq stick --json").json()[0]["outcome"] == "nothing");
    CHECK(chain.sales_at_hq() == 3);
    chain.sell("shop", 1);
    chain.exchange("shop");
    chain.check_equal("shop");
}

}  // namespace paprsek
