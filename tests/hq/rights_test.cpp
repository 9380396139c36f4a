// Rights to spend points and credit offline (node/rights.h, hq/rights.h): any interleaving of sales, redemptions, charges, returns,
// grants, lost and late messages leaves no balance below zero.
#include "node/rights.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <deque>
#include <fstream>
#include <map>

#include "hq/headquarters.h"
#include "node/base/error.h"
#include "node/customers.h"
#include "node/script.h"
#include "sync/exchange.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

using namespace paprsek;

namespace {

constexpr int customer_count = 3;
constexpr const char* rights_policy = R"({"mode":"points","point_value":"1","offline":{"spend":"rights"},"vat":[{"group":"B","rate":"12"}]})";
constexpr const char* allowance_policy = R"({"mode":"points","point_value":"1","vat":[{"group":"B","rate":"12"}]})";

std::string text_of(const sync::Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

struct RightShop {
    node::NodeName name;
    std::unique_ptr<node::Node> node;
    std::vector<std::string> ups, downs;  ///< messages that were made, delivered or not
    std::vector<std::string> receipts;
};

/// HQ and shops in one process; messages are carried by hand.
class RightsChain {
public:
    explicit RightsChain(int shop_count, const std::string& policy = rights_policy) {
        hq = hq::Headquarters::create(folder_.file("hq"), {"Chain", "CZK", "Europe/Prague"}, clock, random);
        hq->set_policy(policy, "policy.json");
        hq->import_catalogue(write("products.csv", "code,name,group,price,vat,points\n1001,Rohlik,,10.00,B,\n1002,Wine,,10.00,B,0\n"));
        std::string csv = "number,name,cards,charge_to_account,limit,points\n";
        for (int i = 1; i <= customer_count; ++i) csv += fmt::format("{},Customer {},{},1,100.00,{}.00\n", i, i, 2'900'000'000'000 + i, 50 * i);
        hq->import_customers(write("customers.csv", csv));
        for (int i = 1; i <= shop_count; ++i) {
            shops.emplace_back();
            RightShop& shop = shops.back();
            shop.name = {i, 1};
            shop.node = node::Node::create(folder_.file(fmt::format("shop{}", i)), {shop.name, "Shop", "CZK", "Europe/Prague", "cs"}, clock, random);
            shop.node->database().execute("PRAGMA synchronous = OFF");
            hq->add_branch(shop.name, "Shop");
            hq->import(text_of(sync::accept_invitation(*shop.node, hq->invite(shop.name, ""), "invitation")), "answer");
            take(shop, hq->export_reply(shop.name).bytes);
        }
    }
    std::string write(const std::string& name, const std::string& text) {
        std::ofstream(folder_.file(name), std::ios::binary) << text;
        return folder_.file(name);
    }
    node::Json play(RightShop& shop, std::string line) {
        for (char& c : line)
            if (c == '\'') c = '"';
        clock.set({clock.now().ms + 60'000});
        node::Script script(*shop.node, clock);
        return node::Json::parse(script.play(line, 1).json);
    }
    std::string up(RightShop& shop) {
        clock.set({clock.now().ms + 1000});
        sync::prepare_up(*shop.node);
        return text_of(sync::make_up(*shop.node)->bytes);
    }
    void bring(const std::string& up) { hq->import(up, "up"); }
    sync::DownReport take(RightShop& shop, const std::string& down) { return sync::apply_down(*shop.node, sync::bytes_of(down), "down"); }
    void exchange(RightShop& shop) {
        for (bool again = true; again;) {
            bring(up(shop));
            const auto report = take(shop, hq->export_reply(shop.name).bytes);
            again = report.again || report.more;
        }
    }
    void all_exchange(int rounds) {
        for (int i = 0; i < rounds; ++i)
            for (RightShop& shop : shops) exchange(shop);
    }
    static std::string id(RightShop& shop, int customer) { return node::customer_by_number(shop.node->database(), customer)->terms.id; }
    node::Right right(RightShop& shop, int customer) { return node::right_of(*shop.node, node::rights_standing(*shop.node), id(shop, customer)); }

    /// Of the customer, with every fact that is still offline.
    node::Right balance(int customer) {
        node::Right sum{node::Points::of(5000 * customer), node::Money::of(10'000)};
        for (RightShop& shop : shops) {
            auto row = shop.node->database().query("SELECT points, debt FROM own_balance WHERE customer = ?", id(shop, customer));
            if (!row.step()) continue;
            sum.points += row.decimal<node::Points>(0);
            sum.credit -= row.decimal<node::Money>(1);
        }
        return sum;
    }
    /// HQ's rows of the customer: what each holder holds and the reserve.
    std::map<std::string, node::Right> at_hq(int customer) {
        std::map<std::string, node::Right> rows;
        hq::ReportFilter filter;
        filter.customer = std::to_string(customer);
        for (const node::Json& row : hq->report("rights", filter).rows)
            rows[row["holder"].get<std::string>()] = {*node::parse<node::Points>(row["points"].get<std::string>()),
                                                      *node::parse<node::Money>(row["credit"].get<std::string>())};
        return rows;
    }

    test::TemporaryFolder folder_;
    test::SeededRandom random{5};
    node::ManualClock clock{node::Instant{1'772'438'400'000}};
    std::unique_ptr<hq::Headquarters> hq;
    std::deque<RightShop> shops;
};

/// One random thing that happens; what is refused is refused.
void happen(RightsChain& chain, bool refunds) {
    RightShop& shop = chain.shops[*rc::gen::inRange<std::size_t>(0, chain.shops.size())];
    const int customer = *rc::gen::inRange(1, customer_count + 1);
    // 1002 earns no points itself.
    const std::string who =
        fmt::format("'customer':'{}','lines':[{{'code':'{}','qty':'{}'}}]", customer, *rc::gen::element(1001, 1002), *rc::gen::inRange(1, 8));
    switch (*rc::gen::inRange(0, refunds ? 11 : 9)) {
        case 0:
        case 1: {
            const node::Json answer = chain.play(shop, "{" + who + "}");
            RC_ASSERT(answer.contains("receipt"));
            shop.receipts.push_back(answer["receipt"].get<std::string>());
            break;
        }
        case 2:
            chain.play(shop, "{" + who + ",'redeem':'max'}");
            break;
        case 3:
            chain.play(shop, fmt::format("{{{},'redeem':'{}.00'}}", who, *rc::gen::inRange(1, 60)));
            break;
        case 4:
            chain.play(shop,
                       fmt::format("{{{},'pay':[{{'with':'account','amount':'{}.00'}},{{'with':'cash','amount':'500.00'}}]}}", who, *rc::gen::inRange(1, 10)));
            break;
        case 5:
            shop.ups.push_back(chain.up(shop));
            break;
        case 6:
            // Any bundle that was ever made, late or again; one that names a gap waits.
            if (!shop.ups.empty()) chain.bring(shop.ups[*rc::gen::inRange<std::size_t>(0, shop.ups.size())]);
            break;
        case 7:
            shop.downs.push_back(chain.hq->export_reply(shop.name).bytes);
            break;
        case 8:
            if (!shop.downs.empty()) try {
                    chain.take(shop, shop.downs[*rc::gen::inRange<std::size_t>(0, shop.downs.size())]);
                } catch (const node::Error& error) {
                    RC_ASSERT(error.exit() == node::Exit::refused);  // one before it is missing
                }
            break;
        case 9:
            if (!shop.receipts.empty())
                chain.play(shop, fmt::format("{{'refund_of':'{}','lines':[{{'code':'1001'}}]}}",
                                             shop.receipts[*rc::gen::inRange<std::size_t>(0, shop.receipts.size())]));
            break;
        case 10:
            chain.play(shop, fmt::format("{{'correct':{{'customer':'{}','points':'-{}.00','reason':'mistake'}}}}", customer, *rc::gen::inRange(1, 40)));
            break;
    }
}

/// With everything that is offline: nobody holds more than there is.
void check_bound(RightsChain& chain, bool refunds) {
    for (int customer = 1; customer <= customer_count; ++customer) {
        node::Right rest = chain.balance(customer);
        for (RightShop& shop : chain.shops) {
            const node::Right right = chain.right(shop, customer);
            if (!refunds) RC_ASSERT(right.points >= node::Points{});
            RC_ASSERT(right.credit >= node::Money{});
            rest.points -= right.points;
            rest.credit -= right.credit;
        }
        RC_ASSERT(rest.points >= node::Points{});
        RC_ASSERT(rest.credit >= node::Money{});
    }
}

/// HQ and the branches say the same, and all parts are the balance.
void check_even(RightsChain& chain) {
    // What the last of a round gave back is granted to another, who hears of it in the next; homes stand still meanwhile.
    chain.all_exchange(6);
    for (int customer = 1; customer <= customer_count; ++customer) {
        const auto rows = chain.at_hq(customer);
        node::Right sum;
        for (const auto& [holder, right] : rows) {
            sum.points += right.points;
            sum.credit += right.credit;
        }
        RC_ASSERT(sum == chain.balance(customer));
        for (RightShop& shop : chain.shops) {
            const auto found = rows.find(print(shop.name));
            RC_ASSERT((found == rows.end() ? node::Right{} : found->second) == chain.right(shop, customer));
        }
    }
    RC_ASSERT(chain.hq->verify().ok());
    for (RightShop& shop : chain.shops) RC_ASSERT(node::verify(shop.node->database(), shop.name).ok());
}

void sell(RightsChain& chain, RightShop& shop, int customer, int pieces) {
    CHECK(chain.play(shop, fmt::format("{{'customer':'{}','lines':[{{'code':'1001','qty':'{}'}}]}}", customer, pieces)).contains("receipt"));
}

}  // namespace

TEST_CASE("property: under rights nobody spends what another may spend, whatever is lost, late or doubled") {
    CHECK(rc::check("no refunds: every right and every balance stays at zero or above", [] {
        RightsChain chain(3);
        for (int i = *rc::gen::inRange(5, 60); i > 0; --i) {
            happen(chain, false);
            check_bound(chain, false);
        }
        check_even(chain);
        check_bound(chain, false);
    }));
    CHECK(rc::check("refunds and corrections take a right below zero, and nobody else's", [] {
        RightsChain chain(2);
        for (int i = *rc::gen::inRange(5, 60); i > 0; --i) {
            happen(chain, true);
            check_bound(chain, true);
        }
        check_even(chain);
    }));
    CHECK(rc::check("rights that begin in a chain which has spent by allowance", [] {
        RightsChain chain(2, allowance_policy);
        for (int i = *rc::gen::inRange(0, 20); i > 0; --i) happen(chain, false);
        chain.all_exchange(2);
        for (int customer = 1; customer <= customer_count; ++customer)
            if (chain.balance(customer).points < node::Points{} || chain.balance(customer).credit < node::Money{}) return;  // overdrawn before
        chain.hq->set_policy(rights_policy, "policy.json");
        for (int i = *rc::gen::inRange(5, 40); i > 0; --i) happen(chain, false);
        check_even(chain);
    }));
}

TEST_CASE("points of HQ's reserve are asked for, granted, and spent offline at one place only") {
    RightsChain chain(2);
    RightShop &one = chain.shops[0], &two = chain.shops[1];
    chain.all_exchange(1);
    // 50 points are there, all in the reserve; this receipt gives 10 more, which this till earns itself.
    CHECK(chain.play(one, "{'customer':'1','lines':[{'code':'1001','qty':'1'}],'redeem':'10.00'}").contains("receipt"));
    CHECK(chain.right(one, 1).points == node::Points{});
    CHECK(chain.play(two, "{'customer':'2','lines':[{'code':'1001','qty':'1'}],'redeem':'10.00'}").contains("receipt"));
    chain.all_exchange(2);
    // One bought last at shop 1: half of his 50 points lie there.
    CHECK(chain.right(one, 1).points == node::Points::of(2500));
    CHECK(chain.right(two, 1).points == node::Points{});
    CHECK(chain.at_hq(1).at("HQ").points == node::Points::of(2500));
    CHECK(chain.at_hq(1).at("1.1").points == node::Points::of(2500));
}

TEST_CASE("a refusal names the figures and asks HQ; after the next exchange the same is taken") {
    RightsChain chain(2);
    RightShop& one = chain.shops[0];
    chain.all_exchange(1);
    const std::string charge = "{'customer':'1','lines':[{'code':'1001','qty':'4'}],'pay':[{'with':'account','amount':'40.00'}]}";
    const node::Json refused = chain.play(one, charge);
    CHECK(refused["refused"] == "right_too_small");
    CHECK(refused["message"].get<std::string>().find("0.00 here, not 40.00") != std::string::npos);
    CHECK(refused["message"].get<std::string>().find("as of 2026-03-02") != std::string::npos);
    CHECK(node::wishes_made(*one.node) == 1);
    chain.exchange(one);
    CHECK(chain.right(one, 1).credit == node::Money::of(4000));
    CHECK(chain.play(one, charge).contains("receipt"));
    CHECK(chain.right(one, 1).credit == node::Money{});
    CHECK(node::wanted_rights(*one.node, 10).empty());
}

TEST_CASE("what was earned in one branch can be spent in another once both have exchanged") {
    RightsChain chain(2);
    RightShop &one = chain.shops[0], &two = chain.shops[1];
    sell(chain, one, 1, 45);
    CHECK(chain.right(one, 1).points == node::Points::of(45'000));
    chain.exchange(one);
    // Of the 500 that are there half stays where the customer bought last; the rest goes back with the same exchange.
    CHECK(chain.right(one, 1).points == node::Points::of(25'000));
    chain.exchange(two);
    // The customer buys at two from now on, and one gives back the rest.
    sell(chain, two, 1, 1);
    for (RightShop* shop : {&two, &one, &one, &two, &two}) chain.exchange(*shop);
    CHECK(chain.right(one, 1).points == node::Points{});
    CHECK(chain.right(two, 1).points >= node::Points::of(25'500));
    CHECK(chain.balance(1).points == node::Points::of(51'000));
}

TEST_CASE("the till's view says by what it spends, how much is left and how old the balance is") {
    RightsChain chain(1);
    RightShop& one = chain.shops[0];
    sell(chain, one, 2, 3);
    node::Till till(*one.node, node::Keep::at_payment);
    REQUIRE(till.log_in("2").ok());
    const node::Spendable& spendable = till.view().customer->spendable;
    CHECK(spendable.by == node::Spendable::By::right);
    CHECK(spendable.right.points == node::Points::of(3000));
    CHECK_FALSE(spendable.frozen);
    CHECK(spendable.as_of == one.node->state_as_of());
    REQUIRE(till.scan("1001", node::Quantity::of(4000)).ok());
    REQUIRE(till.redeem(std::nullopt).ok());
    CHECK(till.view().redeemed == node::Money::of(4000));  // 30 held and 40 of this receipt, for goods of 40
    node::Booked booked;
    REQUIRE(till.pay({}, booked).ok());
    REQUIRE(booked.spent_by);
    CHECK(booked.spent_by->by == node::Spendable::By::right);
    CHECK(booked.customer->spendable.right.points == node::Points::of(3000));
}

TEST_CASE("HQ grants nothing before every branch has begun, and takes no branch's word for a grant") {
    RightsChain chain(2, allowance_policy);
    RightShop& one = chain.shops[0];
    chain.all_exchange(1);
    CHECK(chain.hq->rights().era.empty());
    chain.hq->set_policy(rights_policy, "policy.json");
    CHECK(chain.hq->rights().waiting.size() == 2);
    sell(chain, one, 1, 1);
    chain.exchange(one);
    chain.exchange(one);
    CHECK(chain.hq->rights().waiting == std::vector{node::NodeName{2, 1}});
    CHECK(chain.right(one, 1).points == node::Points{});
    chain.exchange(chain.shops[1]);
    CHECK(chain.hq->rights().waiting.empty());
    chain.exchange(one);
    CHECK(chain.right(one, 1).points == node::Points::of(3000));  // half of 60
    CHECK(node::print(chain.hq->rights().holders.at(0).node) == "1.1");

    // A grant in a branch's own ledger is an exception and moves nothing.
    node::RightFact forged;
    forged.node = one.name;
    forged.begun = *node::rights_standing(*one.node).begun;
    forged.rights = {{RightsChain::id(one, 1), node::Points::of(100'000), {}}};
    {
        node::Transaction transaction(one.node->database());
        one.node->ledger().append(schema::kind::right_granted, node::body_of(schema::kind::right_granted, forged), chain.clock.now());
        transaction.commit();
    }
    chain.bring(chain.up(one));
    CHECK(chain.hq->exceptions().at(0).kind == "rejected_fact");
    CHECK(chain.at_hq(1).at("1.1").points == node::Points::of(3000));
    CHECK(chain.hq->verify().ok());
}

TEST_CASE("rights follow their customer into a merge and out of it again") {
    RightsChain chain(2);
    RightShop &one = chain.shops[0], &two = chain.shops[1];
    chain.all_exchange(1);
    sell(chain, one, 1, 3);  // 80 points
    sell(chain, two, 2, 2);  // 120 points
    chain.all_exchange(3);
    const std::string alias = RightsChain::id(one, 1), stays = RightsChain::id(one, 2);
    const auto of = [&](RightShop& shop, const std::string& customer) {
        return node::right_of(*shop.node, node::rights_standing(*shop.node), customer).points;
    };
    const node::Points before = of(one, alias);
    CHECK(before == node::Points::of(3000));           // earned; half of the share is enough not to ask for more
    CHECK(of(two, stays) == node::Points::of(6000));  // earned 20, which is less than half of the share
    CHECK(of(one, stays) == node::Points{});

    CHECK(chain.hq->merge_customers("1", "2").points == node::Points::of(20'000));
    chain.all_exchange(3);
    CHECK(of(one, alias) == node::Points{});
    // Each may still spend what it held of either, and no more than there is.
    const auto held = [&](int customer) {
        node::Points sum;
        for (const auto& [holder, right] : chain.at_hq(customer)) sum += right.points;
        return sum;
    };
    CHECK(held(2) == node::Points::of(20'000));
    for (RightShop* shop : {&one, &two}) CHECK(chain.at_hq(2)[print(shop->name)].points == of(*shop, stays));
    sell(chain, one, 2, 1);  // 10 more: of the one who stays
    chain.all_exchange(3);
    CHECK(held(2) == node::Points::of(21'000));
    CHECK(chain.hq->verify().ok());

    CHECK(chain.hq->unmerge_customer("1").points == node::Points::of(8000));
    chain.all_exchange(3);
    CHECK(held(1) == node::Points::of(8000));
    CHECK(held(2) == node::Points::of(13'000));
    for (RightShop* shop : {&one, &two}) {
        CHECK(chain.at_hq(1)[print(shop->name)].points == of(*shop, alias));
        CHECK(chain.at_hq(2)[print(shop->name)].points == of(*shop, stays));
        CHECK(node::verify(shop->node->database(), shop->name).ok());
    }
    CHECK(chain.hq->verify().ok());
    // Who bought last is known again of each.
    CHECK(of(one, alias) + of(two, alias) <= node::Points::of(8000));
    CHECK(of(one, stays) + of(two, stays) <= node::Points::of(13'000));
}

TEST_CASE("a till's answer says by which right points were spent, and how old the balance is") {
    RightsChain chain(1);
    RightShop& one = chain.shops[0];
    chain.all_exchange(1);
    sell(chain, one, 1, 3);
    chain.all_exchange(2);
    const node::Right right = chain.right(one, 1);
    REQUIRE(right.points > node::Points{});
    const node::Json spent = chain.play(one, "{'customer':'1','lines':[{'code':'1001'}],'redeem':'5.00'}")["spent_by"];
    CHECK(spent["by"] == "right");
    CHECK(spent["points"] == node::print(right.points));
    CHECK(spent["credit"] == node::print(right.credit));
    CHECK(spent["as_of"].get<std::string>().size() == 25);
    CHECK(!chain.play(one, "{'customer':'1','lines':[{'code':'1001'}]}").contains("spent_by"));

    RightsChain other(1, allowance_policy);
    other.all_exchange(1);
    CHECK(other.play(other.shops[0], "{'customer':'1','lines':[{'code':'1001'}],'redeem':'5.00'}")["spent_by"]["by"] == "balance");
}

TEST_CASE("what is asked for is an amount, also where a right stands below zero and the receipt earns more than it redeems") {
    RightsChain chain(1);
    RightShop& one = chain.shops[0];
    chain.all_exchange(1);
    chain.play(one, "{'correct':{'customer':'1','points':'-45.00','reason':'mistake'}}");
    REQUIRE(chain.right(one, 1).points < node::Points{});
    const node::Json answer = chain.play(one, "{'customer':'1','lines':[{'code':'1001'}],'redeem':'5.00'}");
    CHECK(answer.value("refused", "") == "right_too_small");
    const auto wants = node::wanted_rights(*one.node, 10);
    REQUIRE(wants.size() == 1);
    CHECK(wants[0].points == node::Points::of(1));
    chain.bring(chain.up(one));  // HQ refuses a bundle that asks for less than nothing
    CHECK(chain.hq->exceptions().empty());
}
