// Exceptions and their remedies as an operator meets them, by files and the command line alone; after each, HQ and branches verify.
#include "tests/recovery/chain_by_files.h"

using namespace paprsek;
using test::ChainByFiles;
using test::Ran;

namespace {

class Headquarters : public ChainByFiles {
public:
    /// Open exceptions of a kind.
    node::Json open(const std::string& kind, const std::string& more = "") const {
        node::Json found = node::Json::array();
        for (const node::Json& each : run("exceptions hq list --json " + more).json())
            if (each["kind"] == kind) found.push_back(each);
        return found;
    }
    Ran resolve(const node::Json& exception, const std::string& with) const {
        return run(fmt::format("exceptions hq resolve {} --with {} --json", exception["id"].get<int>(), with));
    }
    /// Answers the only open one of its kind; nothing is open after it, and the rest is right.
    node::Json answer(const std::string& kind, const std::string& with) const {
        const node::Json list = open(kind);
        REQUIRE(list.size() == 1);
        CHECK(list[0]["evidence"].is_object());
        CHECK(!list[0]["why"].get<std::string>().empty());
        const std::string remedy = with.substr(0, with.find(' '));
        CHECK(std::find(list[0]["remedies"].begin(), list[0]["remedies"].end(), remedy) != list[0]["remedies"].end());
        const Ran ran = resolve(list[0], with);
        ok(ran);
        CHECK(ran.json()["remedy"] == remedy);
        CHECK(open(kind).empty());
        CHECK(run("status hq --json").json()["exceptions"] == 0);
        ok(run("verify hq"));
        return ran.json();
    }
    node::Json customer(const std::string& folder, const std::string& card) const {
        for (const node::Json& row : run("report " + folder + " customers --json", folder == "hq" ? "paprsek-hq" : "paprsek").json())
            for (const node::Json& each : row["cards"])
                if (each == card) return row;
        return {};
    }
};

const char* const jana = "2900000000018";
const char* const petr = "2900000000025";

std::string line(const std::string& day, const std::string& customer, const std::string& more) {
    return R"({"at":")" + day + R"(T10:00:00+01:00","customer":")" + customer + R"(","lines":[{"code":"8594001021239"}])" + more + "}";
}

}  // namespace

TEST_CASE("the same points spent at two branches: named, written off, and even everywhere") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.join("market", 4);
    chain.write("customers.csv", "number,name,cards,points\n16,Jana,2900000000018,200\n");
    chain.ok(chain.run("customers hq import customers.csv"));
    chain.down("shop");
    chain.down("market", 4);
    chain.ok(chain.play("shop", line("2026-03-02", jana, R"(,"redeem":"10.00")")));
    chain.ok(chain.play("market", line("2026-03-03", jana, R"(,"redeem":"10.00")")));
    chain.up("shop");
    CHECK(chain.open("overdraft").empty());
    chain.up("market");
    const node::Json told = chain.open("overdraft").at(0);
    CHECK(told["evidence"]["number"] == 16);
    CHECK(told["evidence"]["points"] == "-180.00");
    CHECK(told["evidence"]["facts"][0]["receipt"] == "3.1-000001");
    CHECK(told["evidence"]["facts"][1]["receipt"] == "4.1-000001");
    CHECK(chain.resolve(told, "merge").exit == 2);
    chain.answer("overdraft", "write-off");
    CHECK(chain.resolve(told, "write-off").exit == 1);
    chain.exchange("shop");
    chain.exchange("market", 4);
    for (const char* where : {"hq", "shop", "market"}) CHECK(chain.points(where) == "0.00");
    chain.check_equal("shop");
    chain.check_equal("market", 4);
    const node::Json all = chain.open("overdraft", "--all");
    REQUIRE(all.size() == 1);
    CHECK(all[0]["state"] == "resolved");
    CHECK(all[0]["open"] == false);
}

TEST_CASE("facts that are missing are asked for by the next reply, and the exception settles") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.sell("shop", 2);
    chain.exchange("shop");
    chain.copy("hq", "copy");
    chain.sell("shop", 2);
    chain.exchange("shop");
    chain.copy("copy", "hq");
    chain.sell("shop", 1);
    CHECK(chain.up("shop")["outcome"] == "early");  // it is packed by the facts that HQ lost
    const node::Json told = chain.open("gap").at(0);
    CHECK(told["remedies"] == node::Json::array({"ask-again"}));
    const Ran asked = chain.resolve(told, "ask-again");
    CHECK(asked.exit == 0);
    CHECK(asked.json()["open"] == true);
    CHECK(chain.resolve(told, "accept").exit == 2);
    chain.exchange("shop");
    chain.exchange("shop");
    CHECK(chain.open("gap").empty());
    CHECK(chain.open("gap", "--all").at(0)["state"] == "settled");
    CHECK(chain.resolve(told, "ask-again").exit == 1);
    CHECK(chain.sales_at_hq() == 5);
    chain.check_equal("shop");
}

TEST_CASE("a clock that went back and a product that HQ does not have") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.ok(chain.run("branch hq add 5 --name Corner"));
    chain.ok(chain.run("init corner --branch 5 --name Corner", "paprsek"));
    chain.write("own.csv", "code,name,price,vat\n222,Koblížek,15.00,B\n333,Víno,99.00,A\n");
    chain.ok(chain.run("invite hq 5.1 --to invitation"));
    chain.ok(chain.run("enroll corner --invite invitation --out answer", "paprsek"));
    chain.ok(chain.run("import hq answer"));
    // HQ loses what it made known.
    chain.exchange("corner", 5);
    chain.copy("hq", "before");
    chain.ok(chain.run("catalogue hq import own.csv"));
    chain.down("corner", 5);
    chain.copy("before", "hq");
    chain.ok(chain.play("corner", R"({"at":"2026-03-02T10:00:00+01:00","customer":"2900000000018","lines":[{"code":"222"},{"code":"333"}]})"));
    chain.up("corner");
    CHECK(chain.points("hq") == "114.00");  // the points are not kept from the customer
    node::Json told = chain.open("unknown_product");
    REQUIRE(told.size() == 2);
    chain.ok(chain.resolve(told[0], "create"));
    chain.answer("unknown_product", "accept");
    chain.down("corner", 5);
    const node::Json sold = ChainByFiles::last_line(chain.play("corner", R"({"at":"2026-03-01T10:00:00+01:00","lines":[{"code":"222"}]})").out);
    CHECK(sold["lines"][0]["price"] == "15.00");  // HQ has it now, and the branch got it from there
    chain.up("corner");
    told = chain.open("clock_skew");
    CHECK(told.at(0)["evidence"]["back_ms"] == 86'400'000);
    chain.answer("clock_skew", "accept");
    chain.exchange("corner", 5);
    chain.check_equal("corner", 5);
}

TEST_CASE("a fact that HQ could not take is projected by a retry") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.join("market", 4);
    const auto correct = [&](const char* folder, const char* points) {
        chain.ok(chain.play(folder, R"({"at":"2026-03-02T10:00:00+01:00","correct":{"customer":"2900000000018","reason":"test","points":")" +
                                        std::string(points) + "\"}}"));
    };
    chain.sell("shop", 1);
    chain.exchange("shop");
    chain.exchange("market", 4);
    correct("shop", "9999999999900.00");
    correct("market", "9999999999900.00");
    chain.exchange("shop");
    chain.up("market");
    REQUIRE(chain.open("rejected_fact").size() == 1);
    CHECK(chain.resolve(chain.open("rejected_fact")[0], "retry").exit == 1);
    CHECK(chain.open("rejected_fact").size() == 1);
    correct("shop", "-9999999999900.00");
    chain.up("shop");
    chain.answer("rejected_fact", "retry");
    CHECK(chain.points("hq") == "9999999999910.00");
    correct("market", "-9999999999900.00");
    chain.exchange("market", 4);
    chain.exchange("shop");
    chain.check_equal("market", 4);
    chain.check_equal("shop");
}

TEST_CASE("a fork is acknowledged: both lines are held") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.sell("shop", 3);
    chain.exchange("shop");
    chain.copy("shop", "backup");
    chain.sell("shop", 2);
    chain.exchange("shop");
    chain.copy("backup", "shop");
    chain.sell("shop", 1);
    CHECK(chain.up("shop")["outcome"] == "parted");
    chain.answer("fork", "acknowledge");
    chain.down("shop");
    chain.exchange("shop");
    CHECK(chain.open("fork").empty());
    chain.check_equal("shop");
}

TEST_CASE("two customers merged and taken apart: every branch follows, and the sum stays") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.join("market", 4);
    chain.write("customers.csv", "number,name,cards,charge_to_account\n5,Jana,2900000000018,1\n6,Jana N.,2900000000025,1\n");
    chain.ok(chain.run("customers hq import customers.csv"));
    for (const int branch : {3, 4}) chain.down(branch == 3 ? "shop" : "market", branch);
    const char* on_account = R"(,"pay":[{"with":"account","amount":"10.00"}])";
    chain.ok(chain.play("shop", line("2026-03-02", jana, on_account)));
    chain.ok(chain.play("shop", line("2026-03-02", petr, on_account)));
    chain.ok(chain.play("market", line("2026-03-02", petr, "")));
    chain.exchange("shop");
    chain.exchange("market", 4);

    CHECK(chain.run("customers hq merge 5 77").exit == 1);
    CHECK(chain.run("customers hq merge 5 2900000000018").exit == 1);
    CHECK(chain.run("customers hq unmerge 5").exit == 1);
    const Ran merged = chain.run("customers hq merge 2900000000025 5 --json");
    chain.ok(merged);
    CHECK(merged.json()["number"] == 5);
    CHECK(merged.json()["points"] == "30.00");
    CHECK(merged.json()["debt"] == "20.00");
    for (const char* folder : {"shop", "market"}) {
        chain.exchange(folder, folder[0] == 's' ? 3 : 4);
        const node::Json one = chain.customer(folder, petr);
        CHECK(one == chain.customer("hq", jana));
        CHECK(one["name"] == "Jana");
        chain.check_equal(folder, folder[0] == 's' ? 3 : 4);
    }
    // As one: a sale by the former card, and all that is owed is settled at once.
    chain.ok(chain.play("shop", line("2026-03-03", petr, "")));
    const char* pay = R"("pay":[{"with":"cash","amount":"20.00"}]})";
    chain.ok(chain.play("shop", std::string(R"({"at":"2026-03-03T11:00:00+01:00","settle":{"customer":"5","items":"all"},)") + pay));
    chain.ok(chain.run("verify shop", "paprsek"));

    // Apart, while the branch has something that HQ has not seen.
    chain.ok(chain.run("customers hq unmerge 2900000000025"));
    CHECK(chain.run("customers hq unmerge 2900000000025").exit == 1);
    for (int round = 0; round < 2; ++round) {
        chain.exchange("shop");
        chain.exchange("market", 4);
    }
    for (const char* folder : {"hq", "shop", "market"}) {
        const node::Json one = chain.customer(folder, jana), other = chain.customer(folder, petr);
        CHECK(one["number"] == 5);
        CHECK(other["number"] == 6);
        CHECK(one["points"] == "20.00");   // sold as one: the facts name the one who stayed
        CHECK(other["points"] == "20.00");
        CHECK(one["debt"] == "-10.00");    // and so does the settlement
        CHECK(other["debt"] == "10.00");
        CHECK(one["cards"] == node::Json::array({jana}));
    }
    chain.check_equal("shop");
    chain.check_equal("market", 4);
    CHECK(chain.sell("shop", 1, petr)["points_balance"] == "30.00");
    chain.exchange("shop");
    chain.check_equal("shop");
}

TEST_CASE("a doubled customer is merged from the list") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.write("hq.csv", "number,name,cards\n5,Jana,2900000000018\n");
    chain.ok(chain.run("customers hq import hq.csv"));
    chain.ok(chain.run("branch hq add 5 --name Corner"));
    chain.ok(chain.run("init corner --branch 5 --name Corner", "paprsek"));
    chain.write("own.csv", "number,name,cards,points\n5,Petr,2900000000025,50\n");
    chain.ok(chain.run("import-customers corner own.csv", "paprsek"));
    chain.ok(chain.run("invite hq 5.1 --to invitation"));
    chain.ok(chain.run("enroll corner --invite invitation --out answer", "paprsek"));
    chain.ok(chain.run("import hq answer"));
    chain.exchange("corner", 5);
    const node::Json told = chain.open("duplicate_customer").at(0);
    CHECK(told["why"].get<std::string>().find("number 5") != std::string::npos);
    chain.answer("duplicate_customer", "merge --into 2900000000018");
    chain.exchange("corner", 5);
    CHECK(chain.customer("corner", petr)["name"] == "Jana");
    CHECK(chain.customer("corner", petr)["points"] == "50.00");
    CHECK(chain.points("corner") == chain.points("hq"));
    chain.ok(chain.run("verify corner", "paprsek"));
}

TEST_CASE("cards of a programme by list: whole or nothing, known at every branch") {
    if (!test::programs_are_here()) return;
    Headquarters chain;
    chain.write("customers.csv", "number,name,cards\n5,Jana,2900000000018\n");
    chain.ok(chain.run("customers hq import customers.csv"));
    const char* programme = R"({"name":"ABC","discount":"10","valid_from":"2026-03-01","valid_to":"2026-03-31"})";
    chain.write("policy.json", std::string(R"({"allow_customer_by_card":false,"programmes":[)") + programme + "]}");
    chain.ok(chain.run("policy hq --set policy.json"));
    chain.write("cards.csv", "\xEF\xBB\xBF" "card;customer;name\r\n640001;;\r\n640002;5;\r\n640003;2900000000018;\r\n640004;;\"Petr\nNovák\"\r\n");
    CHECK(chain.run("cards hq import cards.csv --programme XYZ").err.find("the policy names ABC") != std::string::npos);
    CHECK(chain.run("cards hq import cards.csv --programme XYZ").exit == 1);
    CHECK(chain.run("cards hq import cards.csv").exit == 2);
    chain.write("wrong.csv", "card,customer\n640001,\n12,\n4111111111111111,\n640005,77\n640001,5\n");
    const Ran wrong = chain.run("cards hq import wrong.csv --programme ABC --json");
    CHECK(wrong.exit == 1);
    REQUIRE(wrong.json()["errors"].size() == 4);
    CHECK(wrong.err.find("wrong.csv line 4") != std::string::npos);
    CHECK(wrong.err.find("payment card") != std::string::npos);
    const auto version = chain.run("status hq --json").json()["version"];
    const Ran preview = chain.run("cards hq import cards.csv --programme ABC --preview --json");
    CHECK(preview.json()["added"] == 4);
    CHECK(preview.json()["taken"] == false);
    CHECK(chain.run("status hq --json").json()["version"] == version);
    const Ran taken = chain.run("cards hq import cards.csv --programme ABC --json");
    chain.ok(taken);
    CHECK(taken.json()["added"] == 4);
    CHECK(taken.json()["linked"] == 3);
    const auto after = chain.run("status hq --json").json()["version"];
    CHECK(chain.run("cards hq import cards.csv --programme ABC --json").json()["unchanged"] == 4);
    CHECK(chain.run("status hq --json").json()["version"] == after);
    chain.exchange("shop");

    const auto net = [&](const char* card, const char* day = "2026-03-02") {
        return ChainByFiles::last_line(chain.play("shop", line(day, card, "")).out).value("net", "refused");
    };
    CHECK(net("640001") == "9.00");
    CHECK(net("640002") == "9.00");
    CHECK(net("2900000000018") == "9.00");  // Jana holds two of the list
    CHECK(net("640004") == "9.00");
    CHECK(net("640009") == "refused");
    CHECK(net("2900000000018", "2026-04-01") == "10.00");
    CHECK(chain.customer("shop", "640002")["cards"] == node::Json::array({"2900000000018", "640002", "640003"}));
    CHECK(chain.customer("shop", "640004")["name"] == "Petr\nNovák");

    chain.write("fewer.csv", "code\n640002\n");
    const Ran fewer = chain.run("cards hq import fewer.csv --programme ABC --replace --json");
    CHECK(fewer.json()["removed"] == 3);
    CHECK(fewer.json()["unchanged"] == 1);
    chain.exchange("shop");
    CHECK(net("640001") == "10.00");
    CHECK(net("640003") == "9.00");  // Jana has the other one still
    chain.exchange("shop");
    chain.check_equal("shop");
}
