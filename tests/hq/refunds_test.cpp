// Goods sold at one till of the chain and given back at another (PRODUCT T9, hq/refunds.h): HQ hands the receipt down to who asks,
// rule 10 restores every balance whoever gives back what, and goods that two offline tills gave back are found.
#include "hq/refunds.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "node/customers.h"
#include "node/foreign_receipts.h"
#include "node/rights.h"
#include "node/sale_left.h"
#include "tests/hq/tills.h"

using namespace paprsek;

namespace {

class RefundTills : public test::Tills {
public:
    using test::Tills::Tills;
    /// Of one piece of each code.
    node::Json back(const std::string& till, const std::string& receipt, const std::string& codes, const std::string& pay = {}) {
        std::string lines;
        for (const char code : codes) lines += fmt::format("{}{{'code':'{}'}}", lines.empty() ? "" : ",", code);
        return play(till, fmt::format("{{'refund_of':'{}','lines':[{}]{}}}", receipt, lines, pay));
    }
    /// "points spend debt" at HQ.
    std::string balances(const std::string& number) {
        const auto found = hq->customers(number, 10);
        for (const auto& each : found)
            if (each.number && std::to_string(*each.number) == number)
                return print(each.points) + " " + print(each.spend) + " " + print(each.debt);
        return "nobody";
    }
    std::string stock(int branch, const std::string& code) {
        for (const node::Json& row : hq->report("stock").rows)
            if (row["branch"] == branch && row["code"] == code) return row["stock"].get<std::string>();
        return "0";
    }
    std::vector<hq::Exception> doubles(bool open_only = true) {
        auto list = hq->exceptions(open_only);
        std::erase_if(list, [](const hq::Exception& each) { return each.kind != hq::exception_kind::double_refund; });
        return list;
    }
};

}  // namespace

TEST_CASE("a receipt of another till is asked of HQ, comes with the next exchange, and goods of it go back as at the till that sold them") {
    RefundTills chain;
    chain.all_exchange();
    const std::string before = chain.balances("2"), referrer = chain.balances("1");
    // 92.46: 700 points pay 35.00 of it, Eva earns 92.46 points, Petr 5 % of them.
    const node::Json sale =
        chain.play("3.1", "{'customer':'2','lines':[{'code':'A','qty':'2'},{'code':'B','qty':'2'}],'redeem':'35.00','pay':[{'with':'card','amount':'57.46'}]}");
    REQUIRE(sale["receipt"] == "3.1-000001");
    CHECK(sale["points_awarded"] == "92.46");
    chain.exchange("3.1");

    for (const std::string till : {"3.2", "5.1"}) {
        const node::Json asked = chain.back(till, "3.1-000001", "A");
        CHECK(asked["refused"] == "receipt_asked");
        CHECK(asked["message"] == "3.1-000001 was sold at till 3.1 and is not here yet: headquarters is asked for it. Try again after the next exchange.");
        CHECK(node::wishes_made(*chain.nodes.at(till)) == 1);  // an agent sees it
        chain.exchange(till);
        CHECK(!node::receipt_wish(chain.nodes.at(till)->database(), "3.1-000001"));
    }
    const node::Json first = chain.back("3.2", "3.1-000001", "AB", ",'pay':[{'with':'card','amount':'28.74'}]");
    CHECK(first["receipt"] == "3.2-000001");
    CHECK(first["refund_of"] == "3.1-000001");
    CHECK(first["net"] == "-46.23");
    CHECK(first["redeemed"] == "-17.49");
    CHECK(first["points_awarded"] == "-46.23");
    CHECK(first["points_taken"] == "-349.80");
    chain.exchange("3.2");

    // What went back at 3.2 is known at 5.1 after its next exchange, and at 3.1, which sold it.
    chain.exchange("5.1");
    node::SaleLeft left;
    CHECK(node::look_up_sale(*chain.nodes.at("5.1"), " 3.1-000001 ", left).ok());
    CHECK(left.sold.has_value());
    CHECK(node::left_to_refund(left.sale, left.refunds) == std::vector<node::Quantity>(2, node::one_piece));
    CHECK(node::look_up_sale(*chain.nodes.at("3.1"), "1", left).ok());
    CHECK(left.shown == "3.1-000001");
    CHECK(!left.sold);
    CHECK(node::look_up_sale(*chain.nodes.at("5.1"), "3.1-000099", left).refusal == node::Refusal::receipt_asked);
    CHECK(node::receipt_wish(chain.nodes.at("5.1")->database(), "3.1-000099").has_value());  // it is asked for, though nothing was given back yet
    CHECK(node::look_up_sale(*chain.nodes.at("5.1"), "nonsense", left).refusal == node::Refusal::unknown_receipt);
    const node::Json too_much = chain.play("5.1", "{'refund_of':'3.1-000001','lines':[{'code':'A','qty':'2'}]}");
    CHECK(too_much["refused"] == "more_than_left");
    CHECK(chain.back("5.1", "3.1-000001", "T")["message"] == "T is not on receipt 3.1-000001.");
    CHECK(chain.back("5.1", "3.1-000001", "A", ",'pay':[{'with':'account','amount':'1.00'}]")["refused"] == "refund_over_account");
    CHECK(chain.back("5.1", "3.1-000001", "A")["receipt"] == "5.1-000001");
    chain.exchange("5.1");
    chain.exchange("3.1");
    CHECK(chain.play("3.1", "{'refund_of':'3.1-000001','lines':[{'code':'A'}]}")["refused"] == "more_than_left");
    CHECK(chain.back("3.1", "3.1-000001", "B")["receipt"] == "3.1-000002");
    chain.all_exchange();

    CHECK(chain.balances("2") == before);
    CHECK(chain.balances("1") == referrer);
    CHECK(chain.stock(3, "A") == "-1");  // one of the two lies in branch 5 now
    CHECK(chain.stock(5, "A") == "1");
    CHECK(chain.stock(3, "B") == "0");
    CHECK(chain.doubles().empty());
    chain.check_well();
}

TEST_CASE("over random sales and splits: a full refund at any tills of a chain restores what was before the sale") {
    const std::uint64_t seed = 20'260'302;
    CAPTURE(seed);
    test::SeededRandom dice(seed);
    const auto one_of = [&](int count) { return static_cast<int>(dice.below(count)); };
    RefundTills chain;
    chain.all_exchange();
    const std::vector<std::string> tills = {"3.1", "3.2", "5.1"};
    const auto exchange = [&](const std::string& till) {
        chain.bring(till);
        chain.take(till);
    };
    for (int round = 0; round < 12; ++round) {
        CAPTURE(round);
        const std::string before = chain.balances("2"), referrer = chain.balances("1"), seller = tills[static_cast<std::size_t>(one_of(3))];
        std::map<char, int> left = {{'A', 1 + one_of(3)}, {'B', one_of(4)}, {'T', one_of(2)}};
        std::string line = fmt::format("{{'customer':'2','lines':[{{'code':'A','qty':'{}'}}", left['A']);
        if (left['B']) line += fmt::format(",{{'code':'B','qty':'{}','discount':'{}'}}", left['B'], 7 * one_of(5));
        if (left['T']) line += ",{'code':'T'}";
        line += "]";
        if (one_of(2)) line += fmt::format(",'redeem':'{}.37'", one_of(12));
        const bool on_account = one_of(2);
        if (on_account) line += ",'pay':[{'with':'account','amount':'0.50'},{'with':'cash','amount':'1000.00'}]";
        const node::Json sale = chain.play(seller, line + "}");
        REQUIRE(sale.contains("receipt"));
        const std::string receipt = sale["receipt"];
        exchange(seller);
        for (int steps = 0; left['A'] + left['B'] + left['T'] > 0; ++steps) {
            REQUIRE(steps < 60);
            const std::string till = tills[static_cast<std::size_t>(one_of(3))];
            std::string codes;
            for (auto& [code, count] : left)
                for (int i = one_of(count + 1); i > 0; --i) codes += code;
            if (codes.empty()) continue;
            const bool last = left['A'] + left['B'] + left['T'] == static_cast<int>(codes.size());
            const auto back = [&] {
                if (!on_account || !last) return chain.back(till, receipt, codes);
                // At most what was charged, whoever takes the goods back; the rest in cash, as the refusal says how much.
                node::Json answer = chain.back(till, receipt, codes, ",'pay':[{'with':'account','amount':'0.51'}]");
                if (answer["refused"] == "receipt_asked") return answer;
                CHECK(answer["refused"] == "refund_over_account");
                answer = chain.back(till, receipt, codes, ",'pay':[{'with':'account','amount':'0.50'}]");
                if (answer.value("refused", "") != "not_enough_cash") return answer;
                const std::string message = answer["message"];
                return chain.back(till, receipt, codes, fmt::format(",'pay':[{{'with':'account','amount':'0.50'}},{{'with':'cash','amount':'{}'}}]",
                                                                    message.substr(0, message.find(' '))));
            };
            exchange(till);
            node::Json answer = back();
            if (answer.value("refused", "") == "receipt_asked") {
                exchange(till);
                answer = back();
            }
            CAPTURE(answer.dump());
            REQUIRE(answer.contains("receipt"));
            for (const char code : codes) --left[code];
            exchange(till);
        }
        for (const std::string& till : tills) {
            exchange(till);
            const std::string again = chain.back(till, receipt, "A")["refused"];
            CHECK((again == "more_than_left" || again == "receipt_asked"));
        }
        chain.all_exchange();
        CHECK(chain.balances("2") == before);
        CHECK(chain.balances("1") == referrer);
    }
    CHECK(chain.doubles(false).empty());
    chain.check_well();
}

TEST_CASE("two offline tills give the same goods back: an exception with evidence, and a write-off as if it had been once") {
    RefundTills chain;
    chain.all_exchange();
    chain.play("3.1", "{'customer':'2','lines':[{'code':'A'},{'code':'B','qty':'2'}],'redeem':'10.00'}");
    chain.exchange("3.1");
    for (const std::string till : {"3.2", "5.1"}) {
        chain.back(till, "3.1-000001", "A");
        chain.exchange(till);
    }
    REQUIRE(chain.back("3.2", "3.1-000001", "B").contains("receipt"));
    chain.exchange("3.2");
    const std::string once = chain.balances("2"), referrer_once = chain.balances("1");
    chain.exchange("5.1");  // knows one soap is back
    // Now both are offline: 5.1 takes the other soap and the bread, 3.2 the bread.
    REQUIRE(chain.back("5.1", "3.1-000001", "AB").contains("receipt"));
    REQUIRE(chain.back("3.2", "3.1-000001", "A").contains("receipt"));
    chain.exchange("5.1");
    CHECK(chain.doubles().empty());
    const std::string all_back = chain.balances("2"), referrer_all = chain.balances("1");
    chain.exchange("3.2");

    auto told = chain.doubles();
    REQUIRE(told.size() == 1);
    const node::Json& evidence = told[0].evidence;
    CHECK(told[0].node == node::NodeName{3, 2});
    CHECK(evidence["receipt"] == "3.1-000001");
    CHECK(evidence["goods"] == "1");
    CHECK(evidence["lines"] == node::Json::parse(R"([{"line":1,"name":"Bread","sold":"1","returned":"2"}])"));
    REQUIRE(evidence["refunds"].size() == 3);
    CHECK(evidence["refunds"][0]["receipt"] == "3.2-000001");
    CHECK(evidence["number"] == 2);
    CHECK(evidence["spend"] == "12.90");
    CHECK(hq::sentence(told[0]) == "of receipt 3.1-000001 more came back than was sold: 2 of 1 \"Bread\", by 3.2-000001, 3.2-000002, 5.1-000001; " +
                                       evidence["paid"].get<std::string>() + " was given back too much");
    std::vector<std::string> names;
    for (const auto& each : chain.hq->remedies(told[0])) names.emplace_back(each.name);
    CHECK(names == std::vector<std::string>{"accept", "write-off"});
    CHECK(chain.balances("2") != all_back);

    const hq::Exception answered = chain.hq->resolve(told[0].id, {"write-off", ""});
    CHECK(hq::print(answered.state) == "resolved");
    CHECK(chain.balances("2") == all_back);
    CHECK(chain.balances("1") == referrer_all);
    chain.all_exchange();
    CHECK(chain.doubles().empty());
    for (const std::string till : {"3.1", "3.2", "5.1"}) CHECK(chain.back(till, "3.1-000001", "A")["refused"] == "more_than_left");
    chain.check_well();
}

TEST_CASE("an accepted double refund is told again when still more comes back") {
    RefundTills chain({{3, 1}, {3, 2}, {5, 1}, {6, 1}});
    chain.all_exchange();
    chain.play("3.1", "{'lines':[{'code':'A'}]}");
    chain.exchange("3.1");
    for (const std::string till : {"3.2", "5.1", "6.1"}) {
        chain.back(till, "3.1-000001", "A");
        chain.exchange(till);
    }
    for (const std::string till : {"3.2", "5.1", "6.1"}) REQUIRE(chain.back(till, "3.1-000001", "A").contains("receipt"));
    chain.exchange("3.2");
    chain.exchange("5.1");
    auto told = chain.doubles();
    REQUIRE(told.size() == 1);
    CHECK(!told[0].evidence.contains("customer"));
    REQUIRE(chain.hq->remedies(told[0]).size() == 1);  // nobody's balance moved
    CHECK_THROWS(chain.hq->resolve(told[0].id, {"write-off", ""}));
    chain.hq->resolve(told[0].id, {"accept", ""});
    CHECK(chain.doubles().empty());
    chain.exchange("6.1");
    told = chain.doubles();
    REQUIRE(told.size() == 1);
    CHECK(told[0].evidence["goods"] == "2");
    chain.check_well();
}

TEST_CASE("a receipt that HQ does not know is told so, and comes once its till has sent it") {
    RefundTills chain;
    chain.all_exchange();
    REQUIRE(chain.play("3.1", "{'lines':[{'code':'A'}]}").contains("receipt"));
    CHECK(chain.back("5.1", "3.1-000001", "A")["refused"] == "receipt_asked");
    CHECK(chain.back("5.1", "3.1-000077", "A")["refused"] == "receipt_asked");
    chain.exchange("5.1");
    const node::Json unknown = chain.back("5.1", "3.1-000001", "A");
    CHECK(unknown["refused"] == "unknown_receipt");
    CHECK(unknown["message"].get<std::string>().find("Headquarters does not know the receipt 3.1-000001 (asked 2026-03-02T") == 0);
    chain.exchange("3.1");
    chain.exchange("5.1");
    CHECK(chain.back("5.1", "3.1-000001", "A").contains("receipt"));
    CHECK(chain.back("5.1", "3.1-000077", "A")["refused"] == "unknown_receipt");
    // A refund is no sale, and what is no number is not asked for.
    chain.exchange("5.1");
    CHECK(chain.back("3.2", "5.1-000001", "A")["refused"] == "receipt_asked");
    chain.exchange("3.2");
    CHECK(chain.back("3.2", "5.1-000001", "A")["refused"] == "unknown_receipt");
    for (const char* wrong : {"", "3.1", "3.1-", "3.1-000000", "x.y-000001", "3.1-000001/0", "0.0-000001/x"})
        CHECK(chain.back("5.1", wrong, "A")["refused"] == "unknown_receipt");
    CHECK(node::wished_receipts(chain.nodes.at("5.1")->database(), 100) == std::vector<std::string>{"3.1-000077"});
    chain.check_well();
}

TEST_CASE("customers who were merged or erased meanwhile, and an account whose charge goes back elsewhere") {
    RefundTills chain;
    chain.all_exchange();
    chain.hq->import_customers(chain.write("more.csv", "number,name,charge_to_account,limit\n3,Old Eva,1,500\n"));
    chain.all_exchange();
    chain.play("3.1", "{'customer':'3','lines':[{'code':'A','qty':'2'}],'pay':[{'with':'account','amount':'25.80'}]}");
    chain.exchange("3.1");
    CHECK(chain.balances("3") == "25.80 25.80 25.80");
    const std::string eva = chain.balances("2");
    chain.hq->merge_customers("3", "2");
    chain.hq->erase_customer("2");
    chain.all_exchange();
    CHECK(chain.back("5.1", "3.1-000001", "A")["refused"] == "receipt_asked");
    chain.exchange("5.1");
    const node::Json refund = chain.back("5.1", "3.1-000001", "A", ",'pay':[{'with':'account','amount':'12.90'}]");
    REQUIRE(refund.contains("receipt"));
    CHECK(refund["debt"] == "12.90");
    chain.all_exchange();
    CHECK(chain.back("5.1", "3.1-000001", "A", ",'pay':[{'with':'account','amount':'12.91'}]")["refused"] == "refund_over_account");
    CHECK(chain.back("3.2", "3.1-000001", "A")["refused"] == "receipt_asked");
    chain.exchange("3.2");
    REQUIRE(chain.back("3.2", "3.1-000001", "A", ",'pay':[{'with':'account','amount':'12.90'}]").contains("receipt"));
    chain.all_exchange();
    CHECK(chain.balances("2") == eva);
    chain.check_well();
}

TEST_CASE("HQ restored from an old copy: a refund that comes before its sale is found all the same") {
    RefundTills chain;
    chain.all_exchange();
    namespace fs = std::filesystem;
    chain.hq.reset();
    fs::copy(chain.folder.file("hq"), chain.folder.file("old"), fs::copy_options::recursive);
    const auto open = [&] { chain.hq = hq::Headquarters::open(chain.folder.file("hq"), chain.clock, chain.random); };
    open();
    chain.play("3.1", "{'customer':'2','lines':[{'code':'A'}]}");
    chain.exchange("3.1");
    for (const std::string till : {"3.2", "5.1"}) {
        chain.back(till, "3.1-000001", "A");
        chain.exchange(till);
    }
    for (const std::string till : {"3.2", "5.1"}) {
        REQUIRE(chain.back(till, "3.1-000001", "A").contains("receipt"));
        chain.exchange(till);
    }
    REQUIRE(chain.doubles().size() == 1);
    const std::string before = chain.balances("2");
    chain.hq.reset();
    fs::remove_all(chain.folder.file("hq"));
    fs::rename(chain.folder.file("old"), chain.folder.file("hq"));
    open();
    chain.exchange("3.2");
    chain.exchange("5.1");
    CHECK(chain.doubles().empty());
    chain.exchange("3.1");
    CHECK(chain.doubles().size() == 1);
    for (int i = 0; i < 3; ++i) chain.all_exchange();
    CHECK(chain.doubles().size() == 1);
    CHECK(chain.balances("2") == before);
    for (const std::string till : {"3.1", "3.2"}) {
        const std::string again = chain.back(till, "3.1-000001", "A")["refused"];
        CHECK((again == "more_than_left" || again == "receipt_asked"));
    }
    chain.check_well();
}

TEST_CASE("what came back too much, by hand") {
    node::ReceiptFact sale;
    sale.number = 1;
    sale.customer = "c1";
    for (const char* code : {"A", "B"}) {
        node::BookedLine line;
        line.code = line.product = line.name = code;
        line.vat = "A";
        line.quantity = node::Quantity::of(3000);
        line.price = node::Money::of(1000);
        line.gross = line.net = line.paid = node::Money::of(3000);
        line.points = node::Points::of(3000);
        sale.lines.push_back(line);
    }
    sale.redeemed = node::Money::of(600);
    sale.taken = node::Points::of(12'000);
    sale.referral = node::Referral{"c2", node::Points::of(300), {}};
    spread_redemption(sale);
    const auto back = [&](const std::vector<node::ReceiptFact>& before, const char* code, std::int64_t pieces) {
        const auto refund = node::refund(sale, before, {{code, code, "", node::Quantity::of(1000 * pieces)}});
        REQUIRE(refund.fault == node::RefundFault::none);
        return refund.fact;
    };
    const auto one = back({}, "A", 2), two = back({}, "A", 3), three = back({one}, "B", 3);
    CHECK(hq::surplus_of(sale, {}).lines.empty());
    CHECK(hq::surplus_of(sale, {two}).lines.empty());
    CHECK(hq::surplus_of(sale, {two, three}).lines.empty());
    const hq::Surplus surplus = hq::surplus_of(sale, {one, two, three});
    REQUIRE(surplus.lines.size() == 1);
    CHECK(surplus.lines[0].returned == node::Quantity::of(5000));
    CHECK(surplus.goods() == node::Quantity::of(2000));
    CHECK(surplus.net == node::Money::of(2000));
    CHECK(surplus.paid == node::Money::of(1800));       // 20.00 less a tenth
    CHECK(surplus.points == node::Points::of(2000 - 4000));  // 20 points taken, 40 of the redemption given
    CHECK(surplus.referral->points == node::Points::of(100));
}
