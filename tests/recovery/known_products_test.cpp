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

void reprice(ChainByFiles& chain, const char* price) {
    chain.write("products.csv", fmt::format("code,name,group,price,vat\n8594001021239,Rohlik sypany,,{},B\n", price));
    chain.ok(chain.run("catalogue hq import products.csv"));
}

}  // namespace

TEST_CASE("a stick packed by products is read after HQ has changed them, once, and again when what stood then is forgotten") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 5);
    chain.ok(chain.run("export shop --to stick", "paprsek"));
    CHECK(format_of(chain, "stick") == 4);
    reprice(chain, "12.00");
    reprice(chain, "13.00");
    CHECK(chain.run("import hq stick --json").json()[0]["outcome"] == "new_facts");
    CHECK(chain.sales_at_hq() == 5);
    chain.down("shop");
    for (int i = 0; i < 3; ++i) {  // HQ hears that the branch has the newest state, and keeps no older one
        chain.sell("shop", 1);
        chain.exchange("shop");
        reprice(chain, i % 2 ? "14.00" : "15.00");
    }
    CHECK(chain.run("import hq stick --json").json()[0]["outcome"] == "nothing");
    CHECK(chain.sales_at_hq() == 8);
    chain.exchange("shop");
    chain.check_equal("shop");
}

TEST_CASE("an HQ that was put back to an older catalogue is told the facts in full") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    const auto catalogue = [&](const char* row) {
        chain.write("products.csv", fmt::format("code,name,group,price,vat\n{}\n", row));
        chain.ok(chain.run("catalogue hq import products.csv"));
    };
    chain.sell("shop", 2);
    chain.exchange("shop");
    chain.copy("hq", "copy");
    catalogue("8594001021246,Houska,,3.00,B");
    chain.down("shop");
    chain.ok(chain.play("shop", R"({"customer":"2900000000018","lines":[{"code":"8594001021246"}]})"));
    chain.ok(chain.run("export shop --to stick", "paprsek"));
    CHECK(format_of(chain, "stick") == 4);
    chain.copy("copy", "hq");
    catalogue("8594001021253,Veka,,30.00,B");  // another row under the version that the branch names
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
