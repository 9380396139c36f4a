// PRODUCT.md rule 10: what goes back, by hand, and as a property: any split of a full refund into parts gives back everything.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <map>

#include "node/pricing.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::money;
using test::points;
using test::quantity;
using test::rate;

namespace {

BookedLine sold(const std::string& code, const std::string& price, const std::string& pieces, const std::string& discount, const std::string& earned) {
    BookedLine line;
    line.code = line.product = line.name = code;
    line.vat = "A";
    line.price = money(price);
    line.quantity = quantity(pieces);
    line.gross = times(line.price, line.quantity);
    line.discount = money(discount);
    line.net = line.paid = line.gross - line.discount;
    line.points = points(earned);
    return line;
}

ReceiptFact sale(std::vector<BookedLine> lines, const std::string& redeemed = "0", const std::string& taken = "0") {
    ReceiptFact fact;
    fact.number = 1;
    fact.customer = "c1";
    fact.lines = std::move(lines);
    fact.rates = {{"A", rate("21")}};
    fact.redeemed = money(redeemed);
    fact.taken = points(taken);
    spread_redemption(fact);
    return fact;
}

RefundRequest back(const std::string& code, const std::string& pieces) { return {code, code, "", quantity(pieces)}; }

/// "gross discount net paid points" of each line.
std::string lines_of(const Refund& refund) {
    std::string text;
    for (const BookedLine& line : refund.fact.lines)
        text += (text.empty() ? "" : " | ") + print(line.gross) + " " + print(line.discount) + " " + print(line.net) + " " + print(line.paid) + " " +
                print(line.points);
    return text;
}

}  // namespace

TEST_CASE("a line in thirds: what is rounded away in one part comes with the next") {
    const ReceiptFact three = sale({sold("A", "3.33", "3", "0.50", "10.00")});  // gross 9.99, net 9.49
    std::vector<ReceiptFact> before;
    std::vector<std::string> parts;
    for (int i = 0; i < 3; ++i) {
        const Refund refund = node::refund(three, before, {back("A", "1")});
        REQUIRE(refund.fault == RefundFault::none);
        parts.push_back(lines_of(refund));
        before.push_back(refund.fact);
    }
    CHECK(parts[0] == "3.33 0.17 3.16 3.16 3.33");  // 9.49 ÷ 3 = 3.1633
    CHECK(parts[1] == "3.33 0.16 3.17 3.17 3.34");  // 6.3267 − 3.16; 6.67 − 3.33
    CHECK(parts[2] == "3.33 0.17 3.16 3.16 3.33");
    CHECK(node::refund(three, before, {back("A", "0.001")}).fault == RefundFault::more_than_left);
}

TEST_CASE("the redemption comes back with the lines that it paid, points by the share of it") {
    // 30.00 of 100.00 + 50.00 (text line: not payable), 600 points at 0.05; the share of line one is 20.00, of line three 10.00.
    BookedLine text = sold("", "50.00", "1", "0", "0");
    text.product.clear();
    text.name = "Loan";
    const ReceiptFact original = sale({sold("A", "100.00", "2", "0", "200.00"), text, sold("B", "100.00", "1", "0", "100.00")}, "30.00", "600.00");
    CHECK(original.lines[0].paid == money("180.00"));
    CHECK(original.lines[2].paid == money("90.00"));

    const Refund first = node::refund(original, {}, {back("A", "1")});
    CHECK(lines_of(first) == "100.00 0.00 100.00 90.00 100.00");
    CHECK(first.fact.redeemed == money("10.00"));
    CHECK(first.fact.taken == points("200.00"));
    const Refund second = node::refund(original, {first.fact}, {back("B", "1"), {"", "", "Loan", quantity("1")}});
    CHECK(lines_of(second) == "100.00 0.00 100.00 90.00 100.00 | 50.00 0.00 50.00 50.00 0.00");
    CHECK(second.fact.taken == points("200.00"));
    CHECK(second.request_of == std::vector<std::size_t>{0, 1});
    const Refund third = node::refund(original, {first.fact, second.fact}, {back("A", "1")});
    CHECK(third.fact.taken == points("200.00"));
    CHECK(third.fact.redeemed == money("10.00"));
}

TEST_CASE("the referrer's share goes back by points, or by net") {
    ReceiptFact original = sale({sold("A", "10.00", "3", "0", "10.00")});
    original.referral = Referral{"c2", points("1.00"), {}};
    const Refund first = node::refund(original, {}, {back("A", "1")});
    REQUIRE(first.fact.referral);
    CHECK(first.fact.referral->points == points("0.33"));  // 1.00 × 3.33 ÷ 10.00
    const Refund second = node::refund(original, {first.fact}, {back("A", "2")});
    CHECK(second.fact.referral->points == points("0.67"));

    original.referral = Referral{"c2", {}, money("1.00")};
    CHECK(node::refund(original, {}, {back("A", "1")}).fact.referral->spend == money("0.33"));
}

TEST_CASE("lines of the same product are taken in order; more than is left refuses all of it") {
    const ReceiptFact original = sale({sold("A", "10.00", "2", "0", "0"), sold("B", "5.00", "1", "0", "0"), sold("A", "8.00", "3", "0", "0")});
    const Refund refund = node::refund(original, {}, {back("A", "4")});
    CHECK(lines_of(refund) == "20.00 0.00 20.00 20.00 0.00 | 16.00 0.00 16.00 16.00 0.00");
    CHECK(refund.fact.lines[0].original == 1);
    CHECK(refund.fact.lines[1].original == 3);
    CHECK(node::refund(original, {refund.fact}, {back("A", "1")}).fact.net() == money("8.00"));
    CHECK(node::refund(original, {refund.fact}, {back("A", "1.001")}).fault == RefundFault::more_than_left);
    CHECK(node::refund(original, {}, {back("A", "5.001")}).fault == RefundFault::more_than_left);
    CHECK(node::refund(original, {}, {back("A", "5")}).fault == RefundFault::none);
    CHECK(node::refund(original, {}, {back("B", "1"), back("B", "1")}).fault == RefundFault::more_than_left);
    CHECK(node::refund(original, {}, {back("C", "1")}).fault == RefundFault::unknown_line);
}

TEST_CASE("goods by weight go back in grams, and VAT is computed on the refund's own net") {
    const ReceiptFact original = sale({sold("A", "199.90", "1.234", "12.33", "246.68")});  // gross 246.68, net 234.35
    const Refund refund = node::refund(original, {}, {back("A", "0.5")});
    // 246.68 × 500 ÷ 1234 = 99.9514; 234.35 × 500 ÷ 1234 = 94.9554
    CHECK(lines_of(refund) == "99.95 4.99 94.96 94.96 99.95");
    const auto vat = refund.fact.vat();
    REQUIRE(vat.size() == 1);
    CHECK(print(vat[0].tax) == "16.48");  // 94.96 × 21 ÷ 121 = 16.4807
}

TEST_CASE("property: a full refund in any number of parts gives back exactly everything") {
    const bool held = rc::check("refund in parts", [] {
        const auto line_count = *rc::gen::inRange<std::size_t>(1, 6);
        ReceiptFact original;
        original.number = 1;
        original.customer = "c1";
        Money payable;
        for (std::size_t i = 0; i < line_count; ++i) {
            BookedLine line;
            const int kind = *rc::gen::inRange(0, 4);
            line.name = *rc::gen::element<std::string>("A", "B", "C");
            if (kind != 0) line.code = line.product = line.name;  // 0: a text line
            line.vat = *rc::gen::element<std::string>("A", "B");
            line.price = Money::of(*rc::gen::inRange(0, 20'000));
            line.quantity = Quantity::of(kind == 1 ? *rc::gen::inRange(1, 5'000) : 1000 * *rc::gen::inRange(1, 6));
            line.gross = times(line.price, line.quantity);
            line.excluded = kind == 2;
            line.discount = percent_of(line.gross, Rate::of(*rc::gen::inRange(0, 100'000'001)));
            line.net = line.paid = line.gross - line.discount;
            line.points = Points::of(*rc::gen::inRange(0, 50'000));
            line.cost = Money::of(*rc::gen::inRange(0, 9'000));
            if (kind != 0 && !line.excluded) payable += line.net;
            original.lines.push_back(line);
        }
        original.redeemed = Money::of(*rc::gen::inRange<std::int64_t>(0, payable.raw() + 1));
        original.taken = points_for(original.redeemed, Rate::of(*rc::gen::element(50'000, 1'000'000, 30'000)));
        original.referral = Referral{"c2", percent_of(original.points(), rate("5")), percent_of(original.net(), rate("3"))};
        spread_redemption(original);

        std::vector<ReceiptFact> refunds;
        Quantity open;
        for (const BookedLine& line : original.lines) open += line.quantity;
        while (open > Quantity{}) {
            // One request for a part of what is left of one line's goods.
            std::map<std::pair<bool, std::string>, std::int64_t> left;
            for (const BookedLine& line : original.lines) left[{line.code.empty(), line.name}] += line.quantity.raw();
            for (const ReceiptFact& refund : refunds)
                for (const BookedLine& line : refund.lines) left[{line.code.empty(), line.name}] -= line.quantity.raw();
            std::erase_if(left, [](const auto& entry) { return entry.second == 0; });
            const auto pick = *rc::gen::inRange<std::size_t>(0, left.size());
            const auto& [what, most] = *std::next(left.begin(), static_cast<std::ptrdiff_t>(pick));
            const bool all = refunds.size() > 8 || *rc::gen::inRange(0, 3) == 0;
            const Quantity part = Quantity::of(all ? most : *rc::gen::inRange<std::int64_t>(1, most + 1));
            const RefundRequest request = what.first ? RefundRequest{"", "", what.second, part} : RefundRequest{what.second, what.second, "", part};
            const Refund refund = node::refund(original, refunds, {request});
            RC_ASSERT(refund.fault == RefundFault::none);
            for (const BookedLine& line : refund.fact.lines) {
                // Each is rounded by itself, so a part's discount or share may be a minor unit below zero, never more.
                const Money unit = Money::of(1);
                RC_ASSERT(line.net <= line.gross + unit);
                RC_ASSERT(line.paid <= line.net + unit);
                RC_ASSERT(line.paid >= Money{});
                RC_ASSERT(line.quantity > Quantity{});
                open -= line.quantity;
            }
            refunds.push_back(refund.fact);
        }
        std::vector<BookedLine> sums(original.lines.size());
        for (BookedLine& line : sums) line.quantity = {};
        Money redeemed, referred_spend;
        Points taken, referred;
        for (const ReceiptFact& refund : refunds) {
            redeemed += refund.redeemed;
            taken += refund.taken;
            if (refund.referral) {
                referred += refund.referral->points;
                referred_spend += refund.referral->spend;
            }
            for (const BookedLine& line : refund.lines) {
                BookedLine& sum = sums[static_cast<std::size_t>(line.original - 1)];
                sum.quantity += line.quantity;
                sum.gross += line.gross;
                sum.discount += line.discount;
                sum.net += line.net;
                sum.paid += line.paid;
                sum.points += line.points;
                sum.cost += line.cost;
            }
        }
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const BookedLine &is = sums[i], &was = original.lines[i];
            RC_ASSERT(is.quantity == was.quantity && is.gross == was.gross && is.discount == was.discount && is.net == was.net && is.paid == was.paid);
            RC_ASSERT(is.points == was.points && is.cost == was.cost);
        }
        RC_ASSERT(redeemed == original.redeemed);
        RC_ASSERT(taken == original.taken);
        RC_ASSERT(referred == original.referral->points);
        RC_ASSERT(referred_spend == original.referral->spend);
    });
    CHECK(held);
}

TEST_CASE("through the till: a refund restores every balance, the referrer's too") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,33.33,A\nB,Milk,9.90,B\n");
    shop.customers("number,name,cards,referrer,points,spend,charge_to_account\n1,Ref,,,,,\n2,Petr,,1,1000,100,1\n");
    shop.policy(R"({"referral":{"share":"5","of":"points"},"time_discounts":[{"discount":"7"}]})");
    const auto receipt = shop.play("{'customer':'2','lines':[{'code':'A','qty':'3'},{'code':'B','qty':'2'},{'text':'Bag','price':'5.00'}],'redeem':'20.00'}");
    // A: gross 99.99, discount 7.00 (6.9993), net 92.99. B: 19.80 − 1.39 (1.386) = 18.41. Bag 5.00.
    CHECK(receipt["net"] == "116.40");
    CHECK(receipt["redeemed"] == "20.00");
    CHECK(receipt["rounding"] == "-0.40");
    CHECK(receipt["total"] == "96.00");
    CHECK(receipt["points_awarded"] == "119.79");
    CHECK(receipt["points_taken"] == "400.00");
    CHECK(receipt["points_balance"] == "719.79");
    CHECK(receipt["spend"] == "216.40");
    CHECK(shop.customer("1")["points"] == "5.99");  // 5.9895
    const std::string number = receipt["receipt"];
    for (const char* part : {"{'code':'A','qty':'1'}", "{'code':'B','qty':'1'},{'text':'Bag'}", "{'code':'A','qty':'2'},{'code':'B','qty':'1'}"}) {
        const auto refund = shop.play("{'refund_of':'" + number + "','lines':[" + part + "]}");
        CHECK(!refund.contains("refused"));
    }
    CHECK(shop.customer("2")["points"] == "1000.00");
    CHECK(shop.customer("2")["spend"] == "100.00");
    CHECK(shop.customer("1")["points"] == "0.00");
    CHECK(shop.refusal("{'refund_of':'" + number + "','lines':[{'code':'A','qty':'0.001'}]}") == "more_than_left");
    CHECK(shop.verify().ok());
}

TEST_CASE("points go below zero when the goods come back after the points were spent") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,100.00,A\n");
    shop.policy(R"({"point_value":"1"})");
    const auto first = shop.play("{'customer':'77777','lines':[{'code':'A'}]}");
    CHECK(first["points_balance"] == "100.00");
    CHECK(shop.play("{'customer':'77777','lines':[{'code':'A'}],'redeem':'max'}")["points_balance"] == "100.00");  // −100 + 100
    shop.play("{'customer':'77777','lines':[{'code':'A'}],'redeem':'max'}");
    shop.play("{'correct':{'customer':'77777','points':'-100.00','reason':'test'}}");
    const auto refund = shop.play("{'refund_of':'" + first["receipt"].get<std::string>() + "','lines':[{'code':'A'}]}");
    CHECK(refund["points_balance"] == "-100.00");
    CHECK(refund["points_awarded"] == "-100.00");
    CHECK(shop.play("{'customer':'77777','lines':[{'code':'A'}],'redeem':'max'}")["redeemed"] == "0.00");
}

TEST_CASE("without its receipt: a sale of today turned round") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,33.33,A\nB,Milk,9.90,B\n");
    shop.customers("number,name,cards,referrer,points,spend,discount,charge_to_account\n1,Ref,,,,,,\n2,Petr,,1,1000,100,10,1\n");
    shop.policy(R"({"referral":{"share":"5","of":"points"}})");
    // What is bought and brought back without its slip on the same day leaves nothing behind.
    shop.play("{'customer':'2','lines':[{'code':'A','qty':'3'},{'code':'B'}]}");
    const auto back = shop.play("{'refund':{'reason':'no slip'},'customer':'2','lines':[{'code':'A','qty':'3'},{'code':'B'}],'cashier':'eva'}");
    CHECK(back["receipt"] == "3.1-000002");
    CHECK(!back.contains("refund_of"));
    CHECK(back["reason"] == "no slip");
    CHECK(back["net"] == "-98.90");  // 99.99 − 10.00, 9.90 − 0.99
    CHECK(back["total"] == "-99.00");
    CHECK(back["vat"][0]["tax"] == "-15.62");
    CHECK(back["points_balance"] == "1000.00");
    CHECK(shop.customer("2")["spend"] == "100.00");
    CHECK(shop.customer("1")["points"] == "0.00");
    // Without a customer no balance is touched; a typed price and a text line.
    const auto plain = shop.play(
        "{'refund':{'reason':'found'},'lines':[{'code':'A','price':'30.00'},{'text':'Bag','price':'5.00','vat':'B'}],"
        "'pay':[{'with':'card','amount':'35.00'}]}");
    CHECK(plain["total"] == "-35.00");
    CHECK(shop.customer("2")["spend"] == "100.00");
    const Json sales = report(shop.node(), "sales", {});
    CHECK(sales[0]["refunds"] == 2);
    CHECK(sales[0]["receipts"] == 1);
    const Json closing = report(shop.node(), "closing", {})["open"];
    CHECK(closing["expected"] == "0.00");
    const Json traces = report(shop.node(), "traces", {});
    REQUIRE(traces.size() == 5);  // four lines, one of them with a typed price
    CHECK(traces[0]["kind"] == "refund_without_receipt");
    CHECK(traces[0]["reason"] == "no slip");
    CHECK(traces[0]["cashier"] == "eva");
    const auto facts = shop.facts();
    for (const auto& [line, name] : std::map<std::string, std::string>{
             {"{'refund':{},'lines':[{'code':'A'}]}", "reason_missing"},
             {"{'refund':{'reason':'x'},'lines':[]}", "empty_receipt"},
             {"{'refund':{'reason':'x'},'lines':[{'code':'nobody'}]}", "unknown_code"},
             {"{'refund':{'reason':'x'},'lines':[{'text':'Bag'}]}", "bad_price"},
             {"{'refund':{'reason':'x'},'lines':[{'text':'Bag','price':'-1'}]}", "bad_price"},
             {"{'refund':{'reason':'x'},'lines':[{'text':'Bag','price':'1','vat':'Z'}]}", "unknown_vat_group"},
             {"{'refund':{'reason':'x'},'lines':[{'code':'A','qty':'0'}]}", "bad_quantity"},
             {"{'refund':{'reason':'x'},'customer':'77','lines':[{'code':'A'}]}", "unknown_customer"},
             {"{'refund':{'reason':'x'},'customer':'2900000000018','lines':[{'code':'A'}]}", "unknown_customer"},
             {"{'refund':{'reason':'x'},'customer':'2','lines':[{'code':'A'}],'pay':[{'with':'account','amount':'1'}]}", "refund_over_account"},
             {"{'refund':{'reason':'x'},'lines':[{'code':'A'}],'pay':[{'with':'card','amount':'33.34'}]}", "over_tender"},
             {"{'refund':{'reason':'x'},'lines':[{'code':'A'}],'pay':[{'with':'cash','amount':'30'}]}", "not_enough_cash"},
             {"{'refund':{'reason':'x'},'lines':[{'text':'Bag','price':'100000000','vat':'A'},{'text':'Bag','price':'100000000','qty':'1000000'}]}",
              "amount_out_of_range"},
             {"{'refund':{'reason':'x','why':'y'},'lines':[{'code':'A'}]}", "bad_line"}}) {
        CAPTURE(line);
        CHECK(shop.refusal(line) == name);
    }
    CHECK(shop.facts() == facts);
    // A slip of another till says where it goes.
    const auto other = shop.play("{'refund_of':'3.2-000001','lines':[{'code':'A'}]}");
    CHECK(other["refused"] == "unknown_receipt");
    CHECK(other["message"].get<std::string>().find("till 3.2") != std::string::npos);
    CHECK(shop.verify().ok());
}

TEST_CASE("property: through the till, any split of a full refund restores what was before the sale") {
    const bool held = rc::check("full refund", [] {
        test::Shop shop;
        shop.catalogue("code,name,price,vat,cost\nA,Bread,33.33,A,20.01\nB,Milk,9.90,B,7.77\nC,Cheese,219.90,B,\n");
        shop.customers("number,name,cards,referrer,points,spend,charge_to_account\n1,Ref,,,50,7,\n2,Petr,,1,5000,100,1\n");
        shop.policy(fmt::format(R"({{"referral":{{"share":"{}","of":"{}"}},"redemption_is":"{}","time_discounts":[{{"discount":"{}"}}],"points_from":"{}"}})",
                                *rc::gen::inRange(1, 30), *rc::gen::element<std::string>("points", "spend"),
                                *rc::gen::element<std::string>("discount", "payment"), *rc::gen::inRange(0, 40),
                                *rc::gen::element<std::string>("catalogue", "net")));
        const auto balances = [&] {
            Json all = report(shop.node(), "customers", {});
            for (const Json& row : report(shop.node(), "accounts", {}))
                for (const Json& item : row["items"]) all.push_back(item["amount"]);
            return all;
        };
        const Json before = balances();

        struct Goods {
            std::string what;  ///< as a script line names it
            std::int64_t left;
        };
        std::vector<Goods> goods;
        std::string lines;
        for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
            const auto code = *rc::gen::element<std::string>("A", "B", "C", "");
            const std::int64_t quantity = code == "C" ? *rc::gen::inRange(1, 3000) : 1000 * *rc::gen::inRange(1, 5);
            const std::string text = "Text " + std::to_string(i);
            const std::string what = code.empty() ? "'text':'" + text + "'" : "'code':'" + code + "'";
            const std::string price = code.empty() ? fmt::format(",'price':'{}.5'", *rc::gen::inRange(0, 50)) : "";
            lines += fmt::format("{}{{{}{},'qty':'{}','discount':'{}'}}", lines.empty() ? "" : ",", what, price, print(Quantity::of(quantity)),
                                 *rc::gen::inRange(0, 30));
            goods.push_back({what, quantity});
        }
        const std::string start = "{'customer':'2','lines':[" + lines + "]";
        const std::string redeem = *rc::gen::arbitrary<bool>() ? ",'redeem':'max'" : fmt::format(",'redeem':'{}'", *rc::gen::inRange(0, 30));
        // Through a table or not: it is the same receipt.
        Json sale;
        if (*rc::gen::arbitrary<bool>()) {
            shop.play(start + redeem + ",'park':{'table':'T'}}");
            sale = shop.play("{'recall':{'table':'T'}}");
        } else {
            sale = shop.play(start + redeem + "}");
        }
        RC_ASSERT(sale.contains("receipt"));
        Money given;
        std::map<std::string, Money> tax;
        while (!goods.empty()) {
            const auto pick = *rc::gen::inRange<std::size_t>(0, goods.size());
            const std::int64_t part = *rc::gen::arbitrary<bool>() ? goods[pick].left : *rc::gen::inRange<std::int64_t>(1, goods[pick].left + 1);
            const Json back = shop.play(fmt::format("{{'refund_of':'{}','lines':[{{{},'qty':'{}'}}]}}", sale["receipt"].get<std::string>(), goods[pick].what,
                                                    print(Quantity::of(part))));
            RC_ASSERT(back.contains("receipt"));
            given += *parse<Money>(back["total"].get<std::string>()) - *parse<Money>(back["rounding"].get<std::string>());
            for (const Json& row : back["vat"])
                tax[row["group"].get<std::string>()] +=
                    *parse<Money>(row["base"].get<std::string>()) + *parse<Money>(row["tax"].get<std::string>());
            goods[pick].left -= part;
            if (goods[pick].left == 0) goods.erase(goods.begin() + static_cast<std::ptrdiff_t>(pick));
        }
        RC_ASSERT(balances() == before);
        RC_ASSERT(given == -(*parse<Money>(sale["total"].get<std::string>()) - *parse<Money>(sale["rounding"].get<std::string>())));
        // By group what was taxed comes back whole; its tax is computed on each refund's own net (rule 10), and rounded there.
        for (const Json& row : sale["vat"])
            RC_ASSERT(tax[row["group"].get<std::string>()] ==
                      -(*parse<Money>(row["base"].get<std::string>()) + *parse<Money>(row["tax"].get<std::string>())));
        for (const Json& row : report(shop.node(), "stock", {})) {
            RC_ASSERT(row["sold"] == "0");
            RC_ASSERT(row["net"] == "0.00");
            RC_ASSERT(row["cost"] == "0.00");
        }
        RC_ASSERT(shop.verify().ok());
    });
    CHECK(held);
}

TEST_CASE("property: what was charged to the account goes back to it, item by item") {
    const bool held = rc::check("account", [] {
        test::Shop shop;
        shop.catalogue("code,name,price,vat\nA,Bread,33.33,A\nB,Milk,9.90,B\n");
        shop.customers("number,name,cards,charge_to_account\n2,Petr,,1\n");
        const int a = *rc::gen::inRange(1, 5), b = *rc::gen::inRange(1, 5);
        const Money net = times(money("33.33"), Quantity::of(1000 * a)) + times(money("9.90"), Quantity::of(1000 * b));
        const auto sale = shop.play(fmt::format(
            "{{'customer':'2','lines':[{{'code':'A','qty':'{}'}},{{'code':'B','qty':'{}'}}],'pay':[{{'with':'account','amount':'{}'}}]}}", a, b, print(net)));
        RC_ASSERT(sale.contains("receipt"));
        std::vector<std::string> pieces;
        for (int i = 0; i < a + b; ++i) pieces.push_back(i < a ? "A" : "B");
        while (!pieces.empty()) {
            const auto pick = *rc::gen::inRange<std::size_t>(0, pieces.size());
            const std::string price = pieces[pick] == "A" ? "33.33" : "9.90";
            const auto back = shop.play(fmt::format(
                "{{'refund_of':'3.1-000001','lines':[{{'code':'{}'}}],'pay':[{{'with':'account','amount':'{}'}}]}}", pieces[pick], price));
            RC_ASSERT(back.contains("receipt"));
            pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(pick));
        }
        RC_ASSERT(shop.customer("2")["debt"] == "0.00");
        for (const Json& row : report(shop.node(), "accounts", {})) RC_ASSERT(row["items"].empty());
        RC_ASSERT(shop.database().integer("SELECT count(*) FROM account_item WHERE settled <> amount OR settled_quantity <> quantity") == 0);
        RC_ASSERT(shop.verify().ok());
    });
    CHECK(held);
}
