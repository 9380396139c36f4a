// paprsek-hq as scripts use it: exit codes, one JSON document, sentences on stderr. ctest says where the programs are.
#include "tests/support/desk.h"

using namespace paprsek;
using test::Desk;
using test::programs_are_here;
using test::Ran;

TEST_CASE("the command line of HQ: from nothing to merged sales") {
    if (!programs_are_here()) return;
    const Desk desk;
    CHECK(desk.run("init hq --name Chain --json").json()["name"] == "Chain");
    CHECK(desk.run("branch hq add 3 --name Brno").exit == 0);
    CHECK(desk.run("branch hq list --json").json()[0]["node"] == "3.1");
    CHECK(desk.run("invite hq 3.1 --to inv --json").json()["node"] == "3.1");
    CHECK(desk.run("init shop --branch 3 --name Brno", "paprsek").exit == 0);
    CHECK(desk.run("enroll shop --invite inv --out answer", "paprsek").exit == 0);
    desk.write("script", R"({"customer":"2900000000018","lines":[{"text":"Loan","price":"500.00","vat":"A"}]})"
                         "\n");
    CHECK(desk.run("sell shop --script script", "paprsek").exit == 0);
    CHECK(desk.run("export shop --to up", "paprsek").exit == 0);

    // The answer is taken first, the broken file does not stop the others and is told.
    desk.write("broken", "no bundle");
    const Ran import = desk.run("import hq broken up answer --json");
    CHECK(import.exit == 1);
    CHECK(import.err.substr(0, 17) == "paprsek: broken: ");
    const node::Json files = import.json();
    REQUIRE(files.size() == 3);
    CHECK(files[0]["outcome"] == "enrolled");
    CHECK(files[1]["outcome"] == "refused");
    CHECK(files[2]["outcome"] == "new_facts");
    CHECK(files[2]["sales"] == 1);
    CHECK(desk.run("import hq up").exit == 0);

    const node::Json at_hq = desk.run("status hq --json").json()["nodes"][0], at_branch = desk.run("status shop --json", "paprsek").json();
    CHECK(at_hq["facts"] == at_branch["facts"]);
    CHECK(at_hq["head"] == at_branch["head"]);
    CHECK(at_hq["gaps"].empty());
    CHECK(at_hq["exceptions"] == 0);

    CHECK(desk.run("export hq --to reply 3.1 --json").json()["receipt"] == at_hq["facts"]);
    CHECK(desk.run("import shop reply", "paprsek").exit == 0);
    CHECK(desk.run("report hq customers --json").json() == desk.run("report shop customers --json", "paprsek").json());
    CHECK(desk.run("exceptions hq list --json").json() == node::Json::array());
    CHECK(desk.run("verify hq --json").json()["ok"] == true);
    CHECK(desk.run("policy hq --json").json()["mode"] == "points");
}

TEST_CASE("the command line of HQ: what is wrong, and whose fault it is") {
    if (!programs_are_here()) return;
    const Desk desk;
    REQUIRE(desk.run("init hq --name Chain").exit == 0);
    for (const char* usage : {"", "nothing hq", "branch hq", "branch hq add", "branch hq add x --name y", "invite hq 3.1", "invite hq three --to f",
                              "report hq weather", "report hq sales --from yesterday", "status hq --loud", "serve hq --listen x",
                              "init euro --name x --currency euro", "init far --name x --time-zone Mars/Base", "branch hq add 0 --name y",
                              "branch hq add 3 --till 100 --name y"}) {
        const Ran ran = desk.run(usage);
        CHECK_MESSAGE(ran.exit == 2, usage);
        CHECK(ran.err.substr(0, 9) == "paprsek: ");
    }
    desk.write("wrong.csv", "code,name,price,vat\n1,x,1,B\n2,y,dear,B\n");
    desk.write("wrong.json", R"({"moode":"points"})");
    for (const char* refused :
         {"init hq --name Again", "status nowhere", "invite hq 3.1 --to f", "export hq --to f 3.1", "import hq missing", "catalogue hq import wrong.csv",
          "customers hq import wrong.csv", "policy hq --set wrong.json"}) {
        const Ran ran = desk.run(refused);
        CHECK_MESSAGE(ran.exit == 1, refused);
        CHECK(ran.err.substr(0, 9) == "paprsek: ");
    }
    CHECK(desk.run("catalogue hq import wrong.csv").err.find("wrong.csv line 3 column price") != std::string::npos);

    // All wrong rows, on standard error a line each, and in the JSON.
    desk.write("wrong.csv", "code,name,price,vat\n1,,1,B\n2,y,dear,B\n3,good,1,B\n");
    const Ran rows = desk.run("catalogue hq import wrong.csv --json");
    CHECK(rows.exit == 1);
    CHECK(rows.err.find("paprsek: wrong.csv line 2 column name: ") != std::string::npos);
    CHECK(rows.err.find("paprsek: wrong.csv line 3 column price: ") != std::string::npos);
    REQUIRE(rows.json()["errors"].size() == 2);
    CHECK(rows.json()["errors"][1]["place"] == "wrong.csv line 3 column price");
    CHECK(rows.json()["taken"] == false);
    desk.write("right.csv", "code,name,price,vat\n3,good,1,B\n");
    CHECK(desk.run("catalogue hq import right.csv --preview --json").json()["added"] == 1);
    CHECK(desk.run("status hq --json").json()["products"] == 0);
    CHECK(desk.run("export hq --to /nowhere/f 3.1").exit == 1);
}

TEST_CASE("the command line of HQ: users, and a refund at another till of the chain") {
    if (!programs_are_here()) return;
    const Desk desk;
    REQUIRE(desk.run("init hq --name Chain").exit == 0);
    desk.write("products.csv", "code,name,price,vat\n1001,Rohlik,12.90,B\n");
    REQUIRE(desk.run("catalogue hq import products.csv").exit == 0);
    for (const std::string till : {"1", "2"}) {
        REQUIRE(desk.run("branch hq add 3 --till " + till + " --name Brno").exit == 0);
        REQUIRE(desk.run("invite hq 3." + till + " --to inv").exit == 0);
        REQUIRE(desk.run("init shop" + till + " --branch 3 --till " + till + " --name Brno", "paprsek").exit == 0);
        REQUIRE(desk.run("enroll shop" + till + " --invite inv --out answer", "paprsek").exit == 0);
        REQUIRE(desk.run("import hq answer").exit == 0);
    }
    const auto exchange = [&](const std::string& till) {
        REQUIRE(desk.run("export shop" + till + " --to up", "paprsek").exit == 0);
        REQUIRE(desk.run("import hq up").exit == 0);
        REQUIRE(desk.run("export hq --to down 3." + till).exit == 0);
        REQUIRE(desk.run("import shop" + till + " down", "paprsek").exit == 0);
    };
    const auto play = [&](const std::string& till, const std::string& line) {
        desk.write("script", line + "\n");
        return desk.run("sell shop" + till + " --script script", "paprsek");
    };
    desk.write("pin", "2222\n");
    const node::Json dana = desk.run("users hq add Dana --role manager --pin-file pin --branch 3 --json").json();
    CHECK(dana == node::Json::parse(R"({"badge":null,"branches":[3],"name":"Dana","pin":true,"role":"manager"})"));
    CHECK(desk.run("users hq list --json").json() == node::Json::array({dana}));
    CHECK(desk.run("users hq list --branch 4 --json").json() == node::Json::array());
    for (const char* usage : {"users hq pin Dana", "users hq add", "users hq branches Dana", "users hq fire Dana", "users hq branches Dana --branch x"})
        CHECK_MESSAGE(desk.run(usage).exit == 2, usage);
    CHECK(desk.run("users hq add Emil --role pilot --pin-file pin").exit == 1);
    CHECK(desk.run("users hq remove Emil").err == "paprsek: user Emil: is not known at this HQ (paprsek-hq users HQ list)\n");
    exchange("1");
    exchange("2");
    const node::Json here = desk.run("users shop2 --json", "paprsek").json();
    REQUIRE(here.size() == 1);
    CHECK(here[0]["name"] == "Dana");
    CHECK(here[0]["kept_at"] == "headquarters");
    CHECK(desk.run("users shop2 remove Dana", "paprsek").err.find("kept at headquarters") != std::string::npos);

    CHECK(play("1", R"({"user":{"pin":"2222"},"lines":[{"code":"1001","qty":"2"}]})").exit == 0);
    exchange("1");
    const std::string refund = R"({"cashier":"x","refund_of":"3.1-000001","lines":[{"code":"1001"}]})";
    CHECK(play("2", refund).json()["refused"] == "receipt_asked");
    exchange("2");
    CHECK(play("2", refund).json()["receipt"] == "3.2-000001");
    // Neither has heard of the other's: of two sold, three come back.
    CHECK(play("1", refund).json()["receipt"] == "3.1-000002");
    CHECK(play("1", refund).json()["receipt"] == "3.1-000003");
    CHECK(play("1", refund).json()["refused"] == "more_than_left");
    exchange("2");
    exchange("1");
    const node::Json told = desk.run("exceptions hq list --json").json();
    REQUIRE(told.size() == 1);
    CHECK(told[0]["kind"] == "double_refund");
    CHECK(desk.run("exceptions hq resolve " + told[0]["id"].dump() + " --with accept").exit == 0);
    CHECK(play("1", refund).json()["refused"] == "more_than_left");
    CHECK(desk.run("verify hq").exit == 0);
    CHECK(desk.run("verify shop2", "paprsek").exit == 0);
}

TEST_CASE("what is no command, and no folder of an HQ, is told as what it is") {
    if (!programs_are_here()) return;
    const Desk desk;
    const Ran bogus = desk.run("bogus hq");
    CHECK(bogus.exit == 2);
    CHECK(bogus.err == "paprsek: bogus: is no command (paprsek-hq --help lists them)\n");
    for (const char* command : {"init mysql://127.0.0.1/hq --name Chain", "status mysql://127.0.0.1/hq"}) {
        const Ran server = desk.run(command);
        CHECK(server.exit == 1);
        CHECK(server.err.find("is the address of something else: HQ is a folder or a postgresql:// address") != std::string::npos);
    }
    CHECK(desk.run("init hq --name Chain").exit == 0);
    const Ran folder = desk.run("catalogue hq import hq");
    CHECK(folder.exit == 1);
    CHECK(folder.err.find("is a folder") != std::string::npos);
}
