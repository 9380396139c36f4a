// Two programs on one HQ, as a server and a person with a file: whatever one of them does between two statements of the other.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <functional>

#include "node/customers.h"
#include "tests/hq/real_chain.h"
#include "tests/support/between_statements.h"

using namespace paprsek;
using test::BetweenStatements;
using test::Places;
using test::RealChain;

namespace {

std::vector<sqlite3*> connections;
int remember(sqlite3* connection, const char**, const void*) {
    connections.push_back(connection);
    return SQLITE_OK;
}

/// A second program on the chain's HQ, and its connection.
struct SecondProgram {
    explicit SecondProgram(RealChain& chain) {
        connections.clear();
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(&remember));
        hq = hq::Headquarters::open(chain.folder.file("hq"), chain.clock, chain.random);
        sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&remember));
        REQUIRE(connections.size() == 1);
        connection = connections.front();
    }
    std::unique_ptr<hq::Headquarters> hq;
    sqlite3* connection = nullptr;
};

constexpr const char* apple_and_bread = "code,name,price,vat\nA,Apple,10.00,B\nB,Bread,20.00,B\n";

/// Branches 1 and 2 sell to one new card each twice; a second program takes in what `first` brings, and HQ's own what `second` brings or does
/// between any two statements of it. Then everything comes once more, and HQ must hold each sale once.
void beside(const std::function<void(RealChain&, hq::Headquarters&, const std::string& of_one)>& first,
            const std::function<void(RealChain&, const std::string& of_one, const std::string& of_two)>& second,
            Places where = Places::outside_transactions) {
    int places = 0;
    for (int at = 1;; ++at) {
        CAPTURE(at);
        RealChain chain(2, 7, {}, apple_and_bread);
        for (const int branch : {1, 2})
            for (int i = 0; i < 2; ++i)
                REQUIRE(chain.play(branch, "{'customer':'2900000000018','lines':[{'code':'A'},{'code':'B'}]}").contains("receipt"));
        const std::string of_one = chain.up(1), of_two = chain.up(2);
        SecondProgram program(chain);
        {
            const BetweenStatements between(program.connection, where, at, [&] { second(chain, of_one, of_two); });
            first(chain, *program.hq, of_one);
            if (!between.acted()) break;
        }
        ++places;
        for (hq::Headquarters* hq : {chain.hq.get(), program.hq.get()})
            for (const std::string& bundle : {of_one, of_two}) hq->import(bundle, "again");
        CHECK(chain.hq->status().sales == 4);
        const auto found = chain.hq->customers("2900000000018", 10);
        REQUIRE(found.size() == 1);
        CHECK(found.front().spend == test::money("120.00"));
        for (hq::Headquarters* hq : {chain.hq.get(), program.hq.get()}) {
            const auto verified = hq->verify();
            CHECK(verified.faults == std::vector<std::string>{});
        }
        CHECK(chain.hq->exceptions(false).empty());
        for (const int branch : {1, 2}) {
            chain.exchange(branch);
            const auto told = program.hq->export_reply(chain.branch(branch).name).bytes;
            chain.take(branch, told);
            CHECK(chain.play(branch, "{'customer':'2900000000018','lines':[{'code':'A'}]}")["spend"] == "130.00");
        }
    }
    CHECK(places > 1);
}

void import_one(RealChain&, hq::Headquarters& hq, const std::string& of_one) { hq.import(of_one, "one"); }

}  // namespace

TEST_CASE("two programs take in the same bundle") {
    beside(import_one, [](RealChain& chain, const std::string& of_one, const std::string&) { chain.hq->import(of_one, "one"); });
}

TEST_CASE("two programs take in what two branches sold to one new card") {
    beside(import_one, [](RealChain& chain, const std::string&, const std::string& of_two) { chain.hq->import(of_two, "two"); });
}

TEST_CASE("a reply is written while another program takes facts in") {
    beside(
        [](RealChain& chain, hq::Headquarters& hq, const std::string&) {
            const auto reply = hq.export_reply(chain.branch(1).name).bytes;
            chain.take(1, reply);
        },
        [](RealChain& chain, const std::string& of_one, const std::string& of_two) {
            chain.hq->import(of_one, "one");
            chain.hq->import(of_two, "two");
        },
        Places::everywhere);
}

TEST_CASE("one program takes a bundle in while another gives the apple another price") {
    beside(import_one, [](RealChain& chain, const std::string&, const std::string&) {
        chain.catalogue("code,name,price,vat\nA,Apple,10.00,A\nB,Bread,20.00,B\nC,Cake,30.00,B\n");
    });
}

TEST_CASE("a branch exchanges while its till sells and spends points: every sale is at HQ once, and both know one balance") {
    constexpr const char* sale = "{'customer':'2900000000018','lines':[{'code':'A'},{'code':'B'}],'redeem':'max'}";
    int places = 0;
    for (int at = 1;; ++at) {
        CAPTURE(at);
        RealChain chain(2, 7, {}, apple_and_bread);
        for (const int branch : {1, 2}) REQUIRE(chain.play(branch, sale).contains("receipt"));
        chain.bring(chain.up(2));  // so that the reply has other points than branch 1 knows of
        const auto agent = node::Node::open(chain.branch(1).folder, chain.clock, chain.random);
        const auto exchange = [&] {
            sync::prepare_up(*agent);
            const auto bundle = sync::make_up(*agent);
            chain.hq->import({reinterpret_cast<const char*>(bundle->bytes.data()), bundle->bytes.size()}, "bundle");
            sync::apply_down(*agent, sync::bytes_of(chain.down(1)), "reply");
        };
        {
            const BetweenStatements between(agent->database().handle(), Places::outside_transactions, at,
                                            [&] { REQUIRE(chain.play(1, sale).contains("receipt")); });
            exchange();
            if (!between.acted()) break;
        }
        ++places;
        exchange();
        CHECK(chain.hq->status().sales == 3);
        const auto at_hq = chain.hq->customers("2900000000018", 10);
        REQUIRE(at_hq.size() == 1);
        CHECK(at_hq.front().spend == test::money("90.00"));
        const auto here = node::customer_by_card(agent->database(), "2900000000018");
        REQUIRE(here);
        CHECK(here->terms.points == at_hq.front().points);
        CHECK(here->terms.spend == at_hq.front().spend);
        CHECK(node::verify(agent->database(), agent->info().node).faults == std::vector<std::string>{});
        CHECK(chain.hq->verify().ok());
    }
    CHECK(places > 10);
}
