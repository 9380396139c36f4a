// Stock at HQ: levels a branch and stock, goods on their way; equal to the branches' own after each exchange.
#include "node/stock.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "hq/sqlite_store.h"
#include "node/branch_import.h"
#include "node/reports.h"
#include "node/script.h"
#include "sync/exchange.h"
#include "tests/hq/chain_of_shops.h"

using namespace paprsek;
using test::Chain;

namespace {

/// A real branch that HQ knows, with a catalogue of its own.
class Branch {
public:
    Branch(hq::Headquarters& hq, node::NodeName name)
        : hq_(hq),
          random_(static_cast<std::uint64_t>(name.branch)),
          node_(node::Node::create(folder_.file("node"), {name, "Shop", "CZK", "Europe/Prague", "cs"}, clock_, random_)),
          script_(*node_, clock_) {
        node_->database().execute("PRAGMA synchronous = OFF");
        sync::write_atomically(folder_.file("products.csv"), sync::bytes_of(std::string("code,name,price,vat\nA,Bread,12.90,B\nB,Soap,33.30,A\n")));
        node::import_catalogue(*node_, folder_.file("products.csv"));
        hq.add_branch(name, "Shop");
        hq.import(test::text_of(sync::accept_invitation(*node_, hq.invite(name, ""), "invitation")), "answer");
    }
    node::Json play(const node::Json& line) { return node::Json::parse(script_.play(line.dump(), 1).json); }
    void bring() { hq_.import(test::text_of(sync::make_up(*node_)->bytes), "up"); }
    node::Node& node() { return *node_; }

private:
    test::TemporaryFolder folder_;
    hq::Headquarters& hq_;
    node::ManualClock clock_{node::Instant{1'770'000'000'000}};
    test::SeededRandom random_;
    std::unique_ptr<node::Node> node_;
    node::Script script_;
};

node::Json goods(const char* code, const char* quantity, const char* cost = nullptr) {
    node::Json line = {{"code", code}, {"qty", quantity}};
    if (cost) line["cost"] = cost;
    return node::Json::array({line});
}

}  // namespace

TEST_CASE("what lies in the branches, and what is on its way between them") {
    Chain chain(0);
    Branch three(*chain.hq, {3, 1}), four(*chain.hq, {4, 1});
    three.play({{"stock_in", {{"lines", goods("A", "10", "6.00")}}}});
    three.play({{"lines", goods("A", "2")}});
    const std::string sent = three.play({{"stock_send", {{"to", 4}, {"lines", goods("A", "5")}}}})["stock_send"].get<std::string>();
    three.bring();
    auto transit = chain.hq->report("transit").rows;
    REQUIRE(transit.size() == 1);
    CHECK(transit[0]["document"] == sent);
    CHECK(transit[0]["branch"] == 3);
    CHECK(transit[0]["to"] == 4);
    CHECK(transit[0]["name"] == "Bread");
    CHECK(transit[0]["sent"] == "5");
    CHECK(transit[0]["arrived"] == "0");
    CHECK(transit[0]["value"] == "30.00");
    CHECK(transit[0]["state"] == "on the way");
    CHECK(chain.hq->report("transit", {{}, {}, 4, ""}).rows.size() == 1);
    CHECK(chain.hq->report("transit", {{}, {}, 5, ""}).rows.empty());

    // One piece less arrived, and something that nobody had sent.
    four.play({{"stock_arrive", {{"stock", "cellar"}, {"from", sent}, {"lines", node::Json::array({goods("A", "4", "6.00")[0], goods("B", "1")[0]})}}}});
    four.bring();
    transit = chain.hq->report("transit").rows;
    REQUIRE(transit.size() == 2);
    CHECK(transit[0]["missing"] == "1");
    CHECK(transit[0]["state"] == "differs");
    CHECK(transit[1]["code"] == "B");
    CHECK(transit[1]["missing"] == "-1");
    CHECK(transit[1]["state"] == "not sent");

    const auto stock = chain.hq->report("stock").rows;
    REQUIRE(stock.size() == 3);
    CHECK(stock[0] == node::Json{{"branch", 3},
                                 {"code", "A"},
                                 {"name", "Bread"},
                                 {"stock_name", ""},
                                 {"sold", "2"},
                                 {"received", "10"},
                                 {"adjusted", "0"},
                                 {"sent", "5"},
                                 {"stock", "3"},
                                 {"net", "25.80"},
                                 {"cost", "12.00"},
                                 {"margin", "13.80"}});
    CHECK(stock[1]["stock_name"] == "cellar");
    CHECK(stock[1]["received"] == "4");
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("all that was sent arrived: nothing is on its way, whichever fact comes first") {
    Chain chain(0);
    Branch three(*chain.hq, {3, 1}), four(*chain.hq, {4, 1});
    const std::string sent = three.play({{"stock_send", {{"to", 4}, {"lines", goods("A", "5")}}}})["stock_send"].get<std::string>();
    four.play({{"stock_arrive", {{"from", sent}, {"lines", goods("A", "5")}}}});
    four.bring();
    CHECK(chain.hq->report("transit").rows.at(0)["state"] == "not sent");
    three.bring();
    CHECK(chain.hq->report("transit").rows.empty());
    CHECK(chain.hq->report("stock", {{}, {}, 3, ""}).rows.at(0)["negative"] == true);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("a fact of stock without the form of its kind, or out of range, holds up nobody") {
    Chain chain(1);
    test::Shop& shop = chain.shop(1);
    const std::string id = shop.meet("2900000000018");
    shop.add("stock.received", R"({"lines":[]})");
    for (int i = 0; i < 1100; ++i) shop.add("stock.received", R"({"lines":[{"product":"A","qty":1000000000000}]})");
    shop.sell(id, 1'000, 10);
    const auto merged = chain.bring(1);
    CHECK(merged.exceptions.size() == 101);
    CHECK(merged.sales == 1);
    CHECK(chain.customer("2900000000018").points == node::Points::of(10));
    CHECK(chain.hq->report("stock").rows.at(1)["stock"] == "1000000000000");
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("facts of stock that an older HQ kept are projected by one that knows them") {
    Chain chain(1);
    chain.shop(1).add("stock.received", R"({"lines":[{"product":"A","qty":1000}]})");
    chain.bring(1);
    {
        node::Database database(chain.database_path());
        database.execute("INSERT INTO unprojected SELECT fact, kind FROM stock_act; DELETE FROM stock_act; DELETE FROM stock_line; DELETE FROM stock_level");
    }
    CHECK(!chain.hq->verify().ok());
    chain.hq = hq::Headquarters::open(chain.folder.file("hq"), chain.clock, chain.random);
    CHECK(chain.hq->report("stock").rows.at(0)["stock"] == "1");
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("verify at HQ finds a tampered level, fact of stock and line") {
    const auto tampered = [](const char* sql) {
        Chain chain(1);
        chain.shop(1).add("stock.received", R"({"lines":[{"product":"A","qty":1000}]})");
        chain.bring(1);
        REQUIRE(chain.hq->verify().ok());
        {
            node::Database database(chain.database_path());
            database.execute(sql);
        }
        const auto result = chain.hq->verify();
        return result.faults.empty() ? std::string() : result.faults[0].substr(0, result.faults[0].find(':'));
    };
    CHECK(tampered("UPDATE stock_level SET quantity = 5") == "stock_level");
    CHECK(tampered("UPDATE stock_act SET document = 'x'") == "stock_act");
    CHECK(tampered("UPDATE stock_line SET quantity = 5") == "stock_line");
}

TEST_CASE("property: after an exchange HQ's levels are the branches'") {
    CHECK(rc::check("levels", [] {
        Chain chain(0);
        Branch three(*chain.hq, {3, 1}), four(*chain.hq, {4, 1});
        std::vector<std::string> sent;
        const auto lines = [] { return goods(*rc::gen::element("A", "B"), *rc::gen::element("1", "12", "0.333")); };
        for (int i = *rc::gen::inRange(1, 25); i > 0; --i) {
            Branch& branch = *rc::gen::arbitrary<bool>() ? three : four;
            const std::string stock = *rc::gen::element<std::string>("", "cellar");
            switch (*rc::gen::inRange(0, 6)) {
                case 0:
                    branch.play({{"stock_in", {{"stock", stock}, {"lines", lines()}}}});
                    break;
                case 1:
                    branch.play({{"stock_adjust", {{"stock", stock}, {"reason", "x"}, {"lines", goods("A", "-1")}}}});
                    break;
                case 2: {
                    const node::Json answer = branch.play({{"stock_send", {{"stock", stock}, {"to", *rc::gen::inRange(3, 5)}, {"lines", lines()}}}});
                    if (answer.contains("stock_send")) sent.push_back(answer["stock_send"].get<std::string>());
                    break;
                }
                case 3:
                    if (!sent.empty()) branch.play({{"stock_arrive", {{"stock", stock}, {"from", *rc::gen::elementOf(sent)}, {"lines", lines()}}}});
                    break;
                case 4:
                    branch.bring();
                    break;
                default:
                    node::sell_from(branch.node(), stock);
                    branch.play({{"lines", lines()}});
            }
        }
        for (Branch* branch : {&three, &four}) {
            branch->bring();
            std::vector<std::string> here, there;
            const auto row_text = [](const node::Json& row) {
                std::string text;
                for (const char* key : {"code", "stock_name", "sold", "received", "adjusted", "sent", "stock", "net", "cost"})
                    text += row[key].get<std::string>() + "|";
                return text;
            };
            for (const node::Json& row : node::report(branch->node(), "stock", {})) here.push_back(row_text(row));
            for (const node::Json& row : chain.hq->report("stock", {{}, {}, branch->node().info().node.branch, ""}).rows) there.push_back(row_text(row));
            RC_ASSERT(here == there);
        }
        RC_ASSERT(chain.hq->verify().faults == std::vector<std::string>{});
    }));
}
