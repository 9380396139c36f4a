// Customers by hand, resets and expiry, as scripts use the programs.
#include "tests/support/desk.h"

using namespace paprsek;
using namespace paprsek::test;

TEST_CASE("the command line of a branch: customers by hand, from the first to the one that is forgotten") {
    if (!programs_are_here()) return;
    Desk desk;
    const auto shop = [&](const std::string& arguments) { return desk.run("customers shop " + arguments, "paprsek"); };
    REQUIRE(desk.run("init shop --branch 3 --name Shop", "paprsek").exit == 0);
    REQUIRE(shop("add 17 --name 'Eva Nová' --phone 1 --card 2900000000018 --discount 5 --charge yes --limit 500 --json").json()["number"] == 17);
    CHECK(shop("add 17 --name Other").exit == 1);
    CHECK(shop("add 17 --name Other --json").json()["refused"] == "number_taken");
    REQUIRE(shop("edit 17 --note 'má psa' --phone '' --card CARD-2").exit == 0);
    const node::Json eva = shop("show CARD-2 --json").json();
    CHECK(eva["note"] == "má psa");
    CHECK(eva["phone"] == "");
    CHECK(eva["name"] == "Eva Nová");
    CHECK(eva["limit"] == "500.00");
    CHECK(eva["cards"].size() == 2);
    desk.write("cards.txt", "CARD-3\n\nCARD-2\n4111111111111111\n");
    const Ran scanned = shop("scan --cards cards.txt");
    CHECK(scanned.exit == 1);  // one is a payment card
    CHECK(scanned.out.find("1 cards are added, 1 were known") != std::string::npos);
    desk.write("day.jsonl", "{\"correct\":{\"customer\":\"CARD-3\",\"points\":\"12\",\"spend\":\"30\",\"reason\":\"opening\"}}\n");
    REQUIRE(desk.run("sell shop --script day.jsonl", "paprsek").exit == 0);
    REQUIRE(shop("merge CARD-3 17").exit == 0);
    CHECK(shop("show 17 --json").json()["points"] == "12.00");
    REQUIRE(shop("unmerge CARD-3").exit == 0);
    CHECK(shop("show 17 --json").json()["points"] == "0.00");
    CHECK(shop("unmerge CARD-3").exit == 1);

    // Two confirmations: the question, and the phrase that only its answer names.
    const Ran asked = shop("reset points");
    CHECK(asked.exit == 1);
    CHECK(asked.err.find("zero the points of 1 customers") != std::string::npos);
    CHECK(shop("reset points --json").json()["confirm"] == "zero the points of 1 customers");
    CHECK(shop("reset points --confirm yes").exit == 1);
    REQUIRE(shop("reset points --confirm 'zero the points of 1 customers'").exit == 0);
    CHECK(shop("show CARD-3 --json").json()["points"] == "0.00");
    CHECK(shop("show CARD-3 --json").json()["spend"] == "30.00");
    REQUIRE(shop("undo-reset").exit == 0);
    CHECK(shop("show CARD-3 --json").json()["points"] == "12.00");
    CHECK(shop("undo-reset").exit == 1);
    const node::Json history = shop("show CARD-3 --json").json()["history"];
    CHECK(history.back()["kind"] == "restored");
    CHECK(history.back()["points_balance"] == "12.00");

    REQUIRE(shop("erase 17").exit == 0);
    CHECK(shop("show 17 --json").json()["name"] == "");
    CHECK(shop("expire --json").json()["customers"] == 0);
    CHECK(shop("list --json").json().size() == 2);
    CHECK(shop("referrals --json").json().empty());
    CHECK(desk.run("verify shop", "paprsek").exit == 0);
    CHECK(desk.run("calendar shop --json", "paprsek").json().size() == 7);

    desk.write("campaign.json", R"({"time_discounts":[{"discount":"10"}]})");
    desk.write("bread.csv", "code,name,price,vat\nB,Bread,100.00,B\n");
    REQUIRE(desk.run("import-catalogue shop bread.csv", "paprsek").exit == 0);
    desk.write("sale.jsonl", R"({"at":"2026-03-02T10:00:00+01:00","lines":[{"code":"B"}]})");
    REQUIRE(desk.run("sell shop --script sale.jsonl", "paprsek").exit == 0);
    const node::Json preview = desk.run("policy shop --preview campaign.json --from 2026-03-01 --to 2026-03-31 --json", "paprsek").json();
    CHECK(preview["total"]["difference"]["net"] == "-10.00");
    CHECK(desk.run("policy shop --preview campaign.json", "paprsek").exit == 0);
    CHECK(desk.run("policy shop --preview campaign.json --set campaign.json", "paprsek").exit == 2);
    CHECK(desk.run("policy shop --preview campaign.json --from yesterday", "paprsek").exit == 2);
    CHECK(desk.run("policy shop --json", "paprsek").json()["time_discounts"].empty());

    CHECK(shop("dance").exit == 2);
    CHECK(shop("edit").exit == 2);
    CHECK(shop("merge 17").exit == 2);
    CHECK(shop("reset everything").exit == 2);
    CHECK(shop("edit 17 --discount many").exit == 2);
    CHECK(shop("show 9").exit == 1);
}

TEST_CASE("the command line of HQ: a person is forgotten, points are zeroed and come back") {
    if (!programs_are_here()) return;
    Desk desk;
    REQUIRE(desk.run("init hq --name Chain").exit == 0);
    desk.write("customers.csv", "number,name,cards,points,spend\n1,Eva,CARD-1,10,20\n2,Jan,CARD-2,5,0\n");
    REQUIRE(desk.run("customers hq import customers.csv").exit == 0);
    CHECK(desk.run("customers hq erase 1 --json").json()["name"] == "");
    CHECK(desk.run("customers hq erase 9").exit == 1);
    const Ran asked = desk.run("customers hq reset accounts");
    CHECK(asked.exit == 1);
    CHECK(asked.err.find("wipe 2 accounts") != std::string::npos);
    CHECK(desk.run("customers hq reset accounts --json").json()["confirm"] == "wipe 2 accounts");
    const node::Json done = desk.run("customers hq reset accounts --confirm 'wipe 2 accounts' --json").json();
    CHECK(done["points"] == "15.00");
    CHECK(done["spend"] == "20.00");
    CHECK(desk.run("customers hq undo-reset --json").json()["points"] == "15.00");
    CHECK(desk.run("customers hq undo-reset").exit == 1);
    CHECK(desk.run("customers hq expire --json").json()["customers"] == 0);
    CHECK(desk.run("customers hq reset something").exit == 2);
    desk.write("campaign.json", "{}");
    CHECK(desk.run("policy hq --preview campaign.json --json").json()["total"]["receipts"] == 0);
    CHECK(desk.run("verify hq").exit == 0);
}
