// Rights over files with the real programs: restored backups, copied disks and a restored HQ spend nothing twice.
#include "tests/recovery/chain_by_files.h"

using namespace paprsek;
using test::ChainByFiles;

namespace {

class RightsByFiles : public ChainByFiles {
public:
    RightsByFiles() {
        write("rights.json", R"({"mode":"points","point_value":"1","allow_customer_by_card":true,"offline":{"spend":"rights"}})");
        ok(run("policy hq --set rights.json"));
        // What it costs, points may pay; it earns none itself.
        write("wine.csv", "code,name,group,price,vat,points\n8594001021246,Wine,,50.00,B,0\n");
        ok(run("catalogue hq import wine.csv"));
        join("market", 4);
        rounds(2);
    }
    void rounds(int count) {
        for (int i = 0; i < count; ++i) {
            exchange("shop", 3);
            exchange("market", 4);
        }
    }
    /// Points that the node may spend of the card.
    std::string right(const std::string& folder, const std::string& card = "2900000000018") const {
        const node::Json rows = run(fmt::format("report {} rights --customer {} --json", folder, card), "paprsek").json();
        return rows.is_array() && !rows.empty() ? rows[0]["right"]["points"].get<std::string>() : "none";
    }
    /// HQ's row of a holder and epoch, of the only customer.
    node::Json holder(const std::string& name, int epoch = 1) const {
        const node::Json rights = run("rights hq --json").json();
        for (const node::Json& each : rights["holders"])
            if (each["node"] == name && each["epoch"] == epoch) return each;
        return {};
    }
    /// What points paid of a bottle of wine, or why not.
    std::string redeem(const std::string& folder, const std::string& amount) {
        const auto* line = R"({{"at":"2026-03-03T10:00:00+01:00","customer":"2900000000018","lines":[{{"code":"8594001021246"}}],"redeem":"{}"}})";
        const auto ran = play(folder, fmt::format(fmt::runtime(line), amount));
        const node::Json answer = last_line(ran.out);
        return answer.contains("refused") ? answer["refused"].get<std::string>() : answer["redeemed"].get<std::string>();
    }
};

}  // namespace

TEST_CASE("rights by files: earned here, granted there, and the reports of both sides agree") {
    if (!test::programs_are_here()) return;
    RightsByFiles chain;
    CHECK(chain.status("shop")["spending"]["state"] == "held");
    CHECK(chain.run("rights hq --json").json()["waiting"].empty());
    chain.sell("shop", 10);
    CHECK(chain.right("shop") == "100.00");
    chain.rounds(2);
    CHECK(chain.right("shop") == "50.00");
    CHECK(chain.holder("3.1")["points"] == "50.00");
    CHECK(chain.holder("3.1")["state"] == "held");
    // Market holds nothing. It asks, and gets what the reserve holds; then shop gives back the rest.
    CHECK(chain.redeem("market", "70.00") == "right_too_small");
    CHECK(chain.redeem("market", "max") == "0.00");
    CHECK(chain.redeem("market", "40.00") == "right_too_small");
    chain.exchange("market", 4);
    CHECK(chain.right("market") == "40.00");
    CHECK(chain.redeem("market", "40.00") == "40.00");
    chain.rounds(3);
    chain.check_equal("shop", 3);
    chain.check_equal("market", 4);
    CHECK(chain.points("hq") == "60.00");
    node::Points sum;
    for (const node::Json& row : chain.run("report hq rights --json").json()) sum += *node::parse<node::Points>(row["points"].get<std::string>());
    CHECK(node::print(sum) == "60.00");
    CHECK(chain.run("report hq rights --customer 999 --json").exit == 1);
}

TEST_CASE("a backup restored by our command spends nothing before HQ has ended its epoch; the lost copy's rights wait for a person") {
    if (!test::programs_are_here()) return;
    RightsByFiles chain;
    chain.sell("shop", 10);
    chain.rounds(2);
    chain.ok(chain.run("backup shop --to backup.db", "paprsek"));
    CHECK(chain.right("shop") == "50.00");
    chain.copy("shop", "lost");
    std::filesystem::remove(chain.file("shop") + "/ledger.db");
    chain.ok(chain.run("restore backup.db --to shop", "paprsek"));
    CHECK(chain.status("shop")["spending"]["state"] == "restored");
    CHECK(chain.right("shop") == "0.00");
    CHECK(chain.redeem("shop", "30.00") == "right_too_small");
    // The lost copy still sells somewhere, and spends what it holds.
    CHECK(chain.redeem("lost", "30.00") == "30.00");

    chain.rounds(2);
    CHECK(chain.status("shop")["epoch"] == 2);
    CHECK(chain.status("shop")["spending"]["state"] == "held");
    CHECK(chain.holder("3.1", 1)["state"] == "frozen");
    CHECK(chain.holder("3.1", 1)["points"] == "50.00");
    // HQ's half is still to be had; what the lost copy may have spent is not.
    chain.sell("shop", 1);
    chain.rounds(3);
    CHECK(chain.right("shop") == "40.00");
    CHECK(chain.run("rights hq write-off 4.1").exit == 1);
    chain.ok(chain.run("rights hq write-off 3.1"));
    CHECK(chain.run("rights hq write-off 3.1").exit == 1);
    CHECK(chain.holder("3.1", 1)["state"] == "written_off");
    CHECK(chain.points("hq") == "110.00");
    chain.rounds(1);
    chain.check_equal("shop", 3);

    // Its facts come after all: nothing is lost, and the account says what was overdrawn where.
    chain.exchange("lost");
    chain.ok(chain.run("verify hq"));
}

TEST_CASE("a restore while rights are off changes no epoch") {
    if (!test::programs_are_here()) return;
    ChainByFiles chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.ok(chain.run("backup shop --to backup.db", "paprsek"));
    std::filesystem::remove(chain.file("shop") + "/ledger.db");
    chain.ok(chain.run("restore backup.db --to shop", "paprsek"));
    chain.sell("shop", 2);
    chain.exchange("shop");
    chain.exchange("shop");
    CHECK(chain.status("shop")["epoch"] == 1);
    CHECK(chain.status("shop")["spending"]["by"] == "balance");
    chain.check_equal("shop");
}

TEST_CASE("an HQ restored from an old copy grants nothing before every branch has given back what it was granted since") {
    if (!test::programs_are_here()) return;
    RightsByFiles chain;
    chain.sell("shop", 10);
    chain.exchange("shop", 3);
    chain.copy("hq", "copy");
    chain.sell("market", 1);
    chain.rounds(3);
    CHECK(chain.right("market") == "55.00");  // granted since the copy
    CHECK(chain.right("shop") == "0.00");
    chain.copy("copy", "hq");

    // Shop, whose ledger shows it, says that HQ was restored; market has not been heard.
    for (int i = 0; i < 3; ++i) chain.exchange("shop", 3);
    CHECK(chain.run("status hq --json").json()["epoch"] == 2);
    CHECK(chain.run("rights hq --json").json()["waiting"].at(0) == "4.1");
    CHECK(chain.right("shop") == "0.00");
    CHECK(chain.redeem("market", "30.00") == "30.00");  // it holds its right still
    chain.rounds(3);
    CHECK(chain.run("rights hq --json").json()["waiting"].empty());
    CHECK(chain.points("hq") == "80.00");
    chain.check_equal("shop", 3);
    chain.check_equal("market", 4);
}
