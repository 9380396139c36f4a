// Sales computed again at HQ: right ones are never named, whatever changed meanwhile; wrong ones are, with what HQ comes to, and can be
// put right.
#include <doctest/doctest.h>

#include "node/base/error.h"
#include "tests/hq/chain_of_shops.h"
#include "tests/hq/random_rules.h"
#include "tests/hq/real_chain.h"
#include "tests/support/seeds.h"

using namespace paprsek;
using namespace paprsek::test;

namespace {

// ------------------------------------------------------------------------------------------------ histories of a chain

/// Tills that sell for days while HQ changes what it likes, with bundles that come late and in any order.
class History {
public:
    History(std::uint64_t seed, int branches)
        : rules_(seed), branches_(branches), chain_(branches, seed, rules_.policy(), rules_.products(), rules_.customers()) {
        chain_.catalogue(rules_.groups());
    }

    void run(int steps) {
        for (int i = 0; i < steps; ++i) step();
        for (int number = 1; number <= branches_; ++number) {
            pay(number);
            up(number);
        }
        while (!on_the_way_.empty()) deliver();
    }
    RealChain& chain() { return chain_; }
    std::int64_t sales() const { return sales_; }

private:
    void step() {
        const int number = static_cast<int>(1 + rules_.below(branches_));
        RealChain::Branch& branch = chain_.branch(number);
        branch.clock.set({branch.clock.now().ms + rules_.below(rules_.chance(10) ? 100'000'000 : 4'000'000)});
        chain_.clock.set({std::max(chain_.clock.now().ms, branch.clock.now().ms)});
        switch (rules_.below(18)) {
            case 0: return change_at_hq();
            case 1: return up(number);
            case 2: return down(number);
            case 3: return deliver();
            case 4: return pay(number);
            case 5: return void(branch.till->log_in(drawn_card(rules_.below(drawn_customers + 2))));
            case 6: return void(rules_.chance(50) ? branch.till->log_out() : branch.till->redeem({}));
            case 7: return by_hand(*branch.till);
            case 8: return aside(*branch.till);
            case 9:
            case 10: return pay(number);
            default: return ring_up(*branch.till);
        }
    }
    void ring_up(node::Till& till) {
        if (rules_.chance(10)) return void(till.add_open("Bag", node::Money::of(1 + rules_.below(900)), "A"));
        const std::string code = drawn_product(rules_.below(drawn_products));
        if (rules_.chance(15)) return void(till.scan(with_check(fmt::format("28{}0{:05}", code, 1 + rules_.below(3000)))));
        till.scan(code, node::Quantity::of(rules_.chance(80) ? 1000 : 1 + rules_.below(5000)));
    }
    static std::string with_check(std::string code) {
        int sum = 0;
        for (std::size_t i = 0; i < code.size(); ++i) sum += (code[i] - '0') * (i % 2 ? 3 : 1);
        return code + static_cast<char>('0' + (10 - sum % 10) % 10);
    }
    void by_hand(node::Till& till) {
        const std::size_t lines = till.view().lines.size();
        if (lines == 0) return;
        const auto line = static_cast<std::size_t>(rules_.below(static_cast<std::int64_t>(lines)));
        switch (rules_.below(4)) {
            case 0: return void(till.set_price(line, node::Money::of(rules_.below(9000))));
            case 1: return void(till.set_discount(line, node::Rate::of(rules_.below(60) * 500'000)));
            case 2: return void(till.set_quantity(line, node::Quantity::of(1 + rules_.below(4000))));
            default: return void(till.void_line(line));
        }
    }
    void aside(node::Till& till) {
        const auto parked = till.parked();
        if (!till.view().lines.empty())
            till.park();
        else if (!parked.empty())
            till.recall(parked[static_cast<std::size_t>(rules_.below(static_cast<std::int64_t>(parked.size())))].id);
    }
    void pay(int number) {
        node::Till& till = *chain_.branch(number).till;
        node::Booked booked;
        std::vector<node::Tender> tenders;
        if (rules_.chance(25)) tenders = {{node::TenderKind::cash, node::Money::of(900'000)}};
        if (rules_.chance(15)) tenders = {{node::TenderKind::card, node::Money::of(100)}, {node::TenderKind::cash, node::Money::of(900'000)}};
        if (rules_.chance(15)) tenders = {{node::TenderKind::account, node::Money::of(100)}, {node::TenderKind::cash, node::Money::of(900'000)}};
        sales_ += till.pay(tenders, booked).ok();
    }
    void change_at_hq() {
        switch (rules_.below(5)) {
            case 0: chain_.hq->set_policy(rules_.policy(), "policy.json"); return;
            case 1: return chain_.catalogue(rules_.products());
            case 2: return chain_.catalogue(rules_.groups());
            case 3: return chain_.catalogue(rules_.prices());
            default: chain_.hq->import_customers(chain_.write("customers.csv", rules_.customers())); return;
        }
    }
    void up(int number) { on_the_way_.emplace_back(chain_.up(number)); }
    void deliver() {
        if (on_the_way_.empty()) return;
        const auto at = static_cast<std::size_t>(rules_.below(static_cast<std::int64_t>(on_the_way_.size())));
        chain_.bring(on_the_way_[at]);
        if (rules_.chance(80)) on_the_way_.erase(on_the_way_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void down(int number) {
        try {
            chain_.take(number, chain_.down(number));
        } catch (const node::Error& error) {
            if (error.exit() != node::Exit::refused) throw;
        }
    }

    RandomRules rules_;
    int branches_;
    RealChain chain_;
    std::vector<std::string> on_the_way_;
    std::int64_t sales_ = 0;
};

std::string told(const std::vector<hq::Exception>& exceptions) {
    std::string text;
    for (const hq::Exception& each : exceptions) text += each.evidence.dump() + "\n";
    return text;
}

// ------------------------------------------------------------------------------------------------------- a wrong sale

constexpr const char* recomputed_policy = R"({"mode":"points","point_value":"0.05","earn":"price","levels":[{"spend":"100","discount":"10"}],
    "time_discounts":[{"from":"12:00","to":"13:00","discount":"10"}],"referral":{"share":"10","of":"points"},"cash_rounding":"1.00",
    "excluded_groups":["tobacco"],"vat":[{"group":"A","rate":"21"},{"group":"B","rate":"12"}]})";
constexpr const char* products = "code,name,group,price,vat\nBREAD,Bread,bread,100.00,B\nMILK,Milk,bread,20.00,B\nCIGAR,Cigar,tobacco,50.00,A\n";
constexpr const char* customers = "number,name,cards,discount,points,referrer\n1,Eva,CARD-1,5,100,\n2,Adam,CARD-2,,100,1\n";

/// A chain whose branch 1 has sold `line`; the fact of the sale is changed by `change` on its way, as a program at fault would have booked it.
class Wrong {
public:
    explicit Wrong(const std::string& line, const std::function<void(node::ReceiptFact&)>& change) : chain(1, 3, recomputed_policy, products, customers) {
        chain.branch(1).clock.set(instant("2026-03-02T10:15:00+01:00"));
        const node::Json answer = chain.play(1, line);
        REQUIRE_MESSAGE(!answer.contains("refused"), answer.dump());
        node::Database& database = chain.branch(1).node->database();
        bring(database, change);
    }
    const hq::Exception& only() {
        found = chain.mismatches();
        REQUIRE(found.size() == 1);
        return found[0];
    }
    node::Json difference() {
        const node::Json list = only().evidence["differences"];
        REQUIRE(list.size() == 1);
        return list[0];
    }
    hq::CustomerBalance customer(const std::string& card) { return chain.hq->customers(card, 2).at(0); }

    RealChain chain;
    std::vector<hq::Exception> found;

private:
    /// The ledger's facts, chained anew behind the one that differs.
    void bring(node::Database& database, const std::function<void(node::ReceiptFact&)>& change) {
        const node::NodeName name{1, 1};
        schema::Hash previous = schema::genesis(print(name));
        sync::UpWriter writer(name, 1, 1, previous);
        std::int64_t last = 0;
        for (auto rows = database.query("SELECT seq, at, kind, body FROM fact ORDER BY seq"); rows.step();) {
            std::string body = rows.text(3);
            if (rows.view(2) == schema::kind::sale) {
                node::ReceiptFact sale = node::parse_receipt(schema::kind::sale, body);
                change(sale);
                body = node::body_of(sale);
            }
            last = rows.integer(0);
            previous = schema::chain(previous, last, rows.integer(1), rows.text(2), body);
            writer.add(last, rows.integer(1), rows.text(2), body, previous, "");
        }
        const sync::Identity identity = sync::Identity::load(chain.branch(1).folder);
        const sync::PublicKey key = sync::Identity::load(chain.folder.file("hq")).public_key();
        const auto bundle = writer.finish(last, {1, chain.hq->version()}, chain.clock.now(), identity, key, chain.random);
        chain.bring({reinterpret_cast<const char*>(bundle.data()), bundle.size()});
    }
};

}  // namespace

TEST_CASE("property: no right sale is named, whatever HQ changes and whenever bundles come") {
    std::int64_t sales = 0;
    for_seeds(6, [&](std::uint64_t seed) {
        History history(seed, 3);
        history.run(250);
        CHECK(told(history.chain().mismatches()) == "");
        CHECK(history.chain().recomputed == history.sales());
        sales += history.sales();
    });
    CHECK(sales > 50);  // else it has shown nothing
}

TEST_CASE("a branch that stands between two states sells rightly by either") {
    std::string csv = "code,name,group,price,vat\n", dearer = csv;
    for (int i = 0; i < 600; ++i) {
        csv += fmt::format("{},Goods {},food,{}.00,B\n", 2000 + i, i, 10 + i % 50);
        dearer += fmt::format("{},Goods {},food,{}.00,B\n", 2000 + i, i, 100 + i % 50);
    }
    RealChain chain(1, 5, recomputed_policy, csv);
    chain.catalogue(dearer);
    chain.catalogue("group,parent,excluded\nfood,,1\n");
    // The reply is taken over in slices; the program ends after each of them, and sells.
    const std::string reply = chain.down(1);
    int stops = 0;
    for (bool whole = false; !whole;) {
        whole = true;
        chain.take(1, reply, [&](std::int64_t, std::int64_t) { return whole = false; });
        for (int i = 0; i < 600; i += 37) CHECK(!chain.play(1, fmt::format("{{'lines':[{{'code':'{}'}}]}}", 2000 + i)).contains("refused"));
        if (++stops > 10) break;
    }
    CHECK(stops >= 2);
    chain.bring(chain.up(1));
    CHECK(told(chain.mismatches()) == "");
    CHECK(chain.recomputed == stops * 17);
}

TEST_CASE("a wrong price, discount, points, VAT, redemption, rounding or share is named with what HQ comes to") {
    struct Case {
        const char* line;
        std::function<void(node::ReceiptFact&)> change;
        const char *rule, *till, *hq;
    };
    const std::vector<Case> cases = {
        {"{'lines':[{'code':'BREAD'}]}", [](auto& sale) { sale.lines[0].points = points("1"); }, "points", "1.00", "0.00"},
        {"{'customer':'CARD-2','lines':[{'code':'BREAD'}]}", [](auto& sale) { sale.lines[0].points = points("1000"); }, "points", "1000.00", "100.00"},
        {"{'customer':'CARD-1','lines':[{'code':'BREAD'}]}", [](auto& sale) { sale.lines[0].vat = "A"; }, "vat", "A", "B"},
        {"{'customer':'CARD-2','lines':[{'code':'BREAD'}]}", [](auto& sale) { sale.referral->points = points("20"); }, "referral", "20.00 / 0.00",
         "10.00 / 0.00"},
        {"{'customer':'CARD-2','lines':[{'code':'BREAD'}],'redeem':'5'}", [](auto& sale) { sale.taken = points("50"); }, "points_taken", "50.00", "100.00"},
        {"{'lines':[{'code':'BREAD','discount':'0.30'}]}", [](auto& sale) { sale.rounding = money("-0.70"); }, "rounding", "-0.70", "0.30"},
        {"{'lines':[{'code':'BREAD'}],'pay':[{'with':'cash','amount':'200'}]}", [](auto& sale) { sale.change = money("150"); }, "change", "150.00", "100.00"},
        {"{'lines':[{'code':'BREAD'}]}", [](auto& sale) { sale.rates["B"] = rate("5"); }, "rates", "B 5", "B 12"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.rule);
        CAPTURE(each.line);
        Wrong wrong(each.line, each.change);
        bool named = false;
        for (const node::Json& difference : wrong.only().evidence["differences"])
            named = named || (difference["rule"] == each.rule && difference["till"] == each.till && difference["hq"] == each.hq);
        CHECK_MESSAGE(named, wrong.only().evidence.dump());
    }
    // The line and its price: typed is the cashier's word, and nothing to tell; else it is told.
    Wrong price("{'customer':'CARD-2','lines':[{'code':'MILK'},{'code':'BREAD','price':'70'}]}", [](auto& sale) { sale.lines[0].price = money("19"); });
    const node::Json difference = price.only().evidence["differences"][0];
    CHECK(difference["rule"] == "price");
    CHECK(difference["line"] == 1);
    CHECK(difference["name"] == "Milk");
    CHECK(difference["till"] == "19.00");
    CHECK(difference["hq"] == "20.00");
    CHECK(price.only().evidence["receipt"] == "1.1-000001");
    CHECK(hq::sentence(price.only()) == "receipt 1.1-000001 is not what the rules of policy " + price.only().evidence["policy"].dump() +
                                            " come to: line 1 (Milk) price 19.00, by the rules 20.00; change 0.00, by the rules 1.00");
}

TEST_CASE("what a customer was not given is put right by one step, the referrer's share with it") {
    // The till forgot that Adam had reached a level: in points mode that gives nothing; a fixed discount does.
    Wrong wrong("{'customer':'CARD-2','lines':[{'code':'BREAD','qty':'2'}]}", [](auto& sale) {
        sale.lines[0].points = points("150");
        sale.referral->points = points("15");
    });
    const hq::Exception exception = wrong.only();
    CHECK(exception.evidence["corrections"].size() == 2);
    std::vector<std::string> names;
    for (const auto& each : wrong.chain.hq->remedies(exception)) names.emplace_back(each.name);
    CHECK(names == std::vector<std::string>{"accept", "correct"});
    CHECK(wrong.customer("CARD-2").points == points("250"));
    CHECK(wrong.customer("CARD-1").points == points("115"));
    CHECK(wrong.chain.hq->resolve(exception.id, {"correct", ""}).state == hq::ExceptionState::resolved);
    CHECK(wrong.customer("CARD-2").points == points("300"));
    CHECK(wrong.customer("CARD-1").points == points("120"));
    CHECK(wrong.chain.hq->exceptions().empty());
    CHECK_THROWS_AS(wrong.chain.hq->resolve(exception.id, {"correct", ""}), node::Error);
    CHECK(wrong.chain.hq->verify().faults == std::vector<std::string>{});

    // Nobody gains or loses anything: it can only be accepted.
    Wrong change("{'lines':[{'code':'BREAD'}],'pay':[{'with':'cash','amount':'200'}]}", [](auto& sale) { sale.change = money("150"); });
    CHECK(wrong.chain.hq->remedies(change.only()).size() == 1);
    CHECK_THROWS_AS(change.chain.hq->resolve(change.only().id, {"correct", ""}), node::Error);
    CHECK(change.chain.hq->resolve(change.only().id, {"accept", ""}).state == hq::ExceptionState::accepted);
    CHECK(change.chain.hq->exceptions().empty());
    CHECK(change.chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("sales of before, of a shop that stood alone and of a state that HQ was restored from are not judged") {
    const auto with = [](const std::function<void(node::ReceiptFact&)>& change) {
        return Wrong("{'customer':'CARD-1','lines':[{'code':'BREAD'}]}", [&](node::ReceiptFact& sale) {
                   sale.lines[0].points = points("1");
                   change(sale);
               })
            .chain.mismatches()
            .size();
    };
    CHECK(with([](auto&) {}) == 1);
    CHECK(with([](auto& sale) { sale.state = {}; }) == 0);
    CHECK(with([](auto& sale) { sale.state.epoch = 2; }) == 0);
    CHECK(with([](auto& sale) { sale.state.version = 1'000'000; }) == 0);
    CHECK(with([](auto& sale) { sale.policy = 1'000'000; }) == 0);
    CHECK(with([](auto& sale) { sale.lines[0].product = sale.lines[0].code = "NEVER"; }) == 0);
    CHECK(with([](auto& sale) { sale.lines[0].state = 0; }) == 0);
    CHECK(with([](auto& sale) { sale.lines[0].waited_ms = INT64_MAX; }) == 0);
}

TEST_CASE("of a till that is always wrong a hundred are told, and the others when those are answered") {
    Chain chain(1);
    Shop& shop = chain.shop(1);
    const auto wrong_sale = [&](std::int64_t points) {
        node::ReceiptFact sale;
        sale.number = ++shop.receipts;
        node::BookedLine line;
        line.code = line.product = Shop::product;
        line.name = "Rohlík";
        line.vat = "B";
        line.price = line.gross = line.net = line.paid = money("10");
        line.points = node::Points::of(points);
        sale.lines.push_back(line);
        sale.rates["B"] = rate("12");
        sale.pay.push_back({node::TenderKind::cash, money("10")});
        sale.policy = 1;
        sale.state = {chain.hq->version(), 1};
        shop.add(schema::kind::sale, node::body_of(sale));
    };
    for (int i = 0; i < 250; ++i) wrong_sale(i % 2 ? 100 : 0);
    chain.bring(1);
    const auto count = [&] {
        while (chain.hq->recompute(1000).left) {
        }
        return chain.hq->exceptions().size();
    };
    CHECK(count() == 100);
    CHECK(chain.hq->status().to_recompute == 250 - 201);
    CHECK(count() == 100);
    for (const auto& each : chain.hq->exceptions()) chain.hq->resolve(each.id, {"accept", ""});
    CHECK(count() == 25);
    CHECK(chain.hq->status().to_recompute == 0);
    // The same bundle once more tells nothing again.
    chain.bring(1);
    CHECK(count() == 25);
    CHECK(chain.hq->verify().faults == std::vector<std::string>{});
}

TEST_CASE("what no branch can sell by any more is forgotten, and the rest stays") {
    RealChain chain(2, 9, recomputed_policy, products);
    const auto former = [&] {
        node::Database database(chain.folder.file("hq") + "/hq.db");
        return database.integer("SELECT count(*) FROM former_row").value();
    };
    const auto sell = [&](int number) {
        CHECK(!chain.play(number, "{'lines':[{'code':'BREAD'}]}").contains("refused"));
        chain.bring(chain.up(number));
    };
    sell(1);
    sell(2);
    CHECK(former() == 0);
    for (const char* price : {"110.00", "120.00", "130.00"}) chain.catalogue(std::string("code,name,group,price,vat\nBREAD,Bread,bread,") + price + ",B\n");
    CHECK(former() == 3);
    sell(1);  // at the first price
    sell(2);
    CHECK(former() == 3);
    chain.take(1, chain.down(1));
    sell(1);
    CHECK(former() == 3);  // branch 2 still sells by it
    chain.take(2, chain.down(2));
    sell(2);
    CHECK(former() == 0);
    CHECK(told(chain.mismatches()) == "");
    CHECK(chain.recomputed == 6);
}
