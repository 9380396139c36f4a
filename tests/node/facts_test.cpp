// The catalogue of facts: what is written is read back the same, byte for byte; what comes from outside is checked.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "node/base/error.h"
#include "node/facts.h"

using namespace paprsek::node;
namespace kind = paprsek::schema::kind;

namespace {

template <class D>
D any(std::int64_t from, std::int64_t to) {
    return D::of(*rc::gen::weightedOneOf<std::int64_t>({{1, rc::gen::just<std::int64_t>(0)}, {4, rc::gen::inRange<std::int64_t>(from, to)}}));
}
std::string any_text() { return *rc::gen::element<std::string>("", "A", "8594001021239", "Kůň \"žlutý\"", "two\nlines", "\\"); }

std::vector<Tender> any_pay() {
    std::vector<Tender> pay;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        pay.push_back({*rc::gen::element(TenderKind::cash, TenderKind::card, TenderKind::account, TenderKind::voucher), any<Money>(0, 1'000'000)});
    return pay;
}

ReceiptFact any_receipt() {
    ReceiptFact fact;
    fact.refund = *rc::gen::arbitrary<bool>();
    fact.number = *rc::gen::inRange(1, 1'000'000);
    if (fact.refund) fact.refund_of = "3.1-000017";
    if (fact.refund && *rc::gen::arbitrary<bool>())
        fact.sold = FactPlace{{*rc::gen::inRange(1, 9999), *rc::gen::inRange(0, 99)}, *rc::gen::inRange(1, 9), *rc::gen::inRange(1, 1'000'000)};
    fact.cashier = any_text();
    fact.customer = any_text();
    fact.card = any_text();
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
        BookedLine line;
        line.code = any_text();
        line.product = *rc::gen::arbitrary<bool>() ? line.code : any_text();
        line.name = any_text();
        line.vat = *rc::gen::element<std::string>("A", "B");
        line.price = any<Money>(0, 100'000);
        line.quantity = Quantity::of(*rc::gen::inRange(1, 10'000));
        line.gross = fact.refund ? any<Money>(0, 100'000) : times(line.price, line.quantity);
        line.discount = any<Money>(0, 1000);
        line.net = line.paid = line.gross - line.discount;
        if (fact.refund) line.paid = any<Money>(0, 100'000);
        if (*rc::gen::arbitrary<bool>()) line.list = any<Money>(0, 100'000);
        line.by_hand = any<Rate>(0, 100'000'000);
        line.points = any<Points>(0, 10'000);
        line.cost = any<Money>(0, 10'000);
        line.excluded = *rc::gen::arbitrary<bool>();
        if (fact.refund) line.original = *rc::gen::inRange(1, 10);
        fact.lines.push_back(line);
        fact.rates[line.vat] = any<Rate>(0, 30'000'000);
    }
    fact.redeemed = any<Money>(0, 1000);
    fact.taken = any<Points>(0, 1000);
    fact.redemption_is_payment = *rc::gen::arbitrary<bool>();
    fact.rounding = any<Money>(-50, 50);
    fact.change = any<Money>(0, 1000);
    fact.pay = any_pay();
    if (*rc::gen::arbitrary<bool>()) fact.referral = Referral{"c1", any<Points>(0, 100), any<Money>(0, 100)};
    fact.loan = any<Money>(0, 1000);
    fact.reason = any_text();
    fact.place = {any_text(), any_text()};
    fact.policy = *rc::gen::inRange(0, 100);
    fact.clock_back_ms = *rc::gen::inRange(0, 3);
    return fact;
}

}  // namespace

TEST_CASE("a fact's place in the chain is read as it is printed, and nothing else is one") {
    CHECK(print(FactPlace{{3, 1}, 2, 57}) == "3.1/2/57");
    CHECK(parse_fact_place("3.1/2/57") == FactPlace{{3, 1}, 2, 57});
    for (const char* wrong : {"", "3.1", "3.1/2", "3.1/2/", "3.1//57", "3.1/2/57/", "3.1/0/57", "3.1/2/057", "3/2/57", "3.1/2/-1", "3.1/2/99999999999"})
        CHECK(!parse_fact_place(wrong));
    CHECK_THROWS_AS(parse_receipt(kind::refund, R"({"number":1,"lines":[],"pay":[],"policy":1,"refund_of":"3.1-000017","sold":"3.1/57"})"), Error);
}

TEST_CASE("property: a body read and written again is the same bytes") {
    CHECK(rc::check("receipts", [] {
        const ReceiptFact fact = any_receipt();
        const std::string body = body_of(fact);
        const ReceiptFact read = parse_receipt(fact.refund ? kind::refund : kind::sale, body);
        RC_ASSERT(body_of(read) == body);
        RC_ASSERT(canonical(Json::parse(body)) == body);
        RC_ASSERT(read.net() == fact.net());
        RC_ASSERT(read.points() == fact.points());
        RC_ASSERT(read.pay == fact.pay);
        RC_ASSERT(read.card == fact.card);
        RC_ASSERT(read.sold == fact.sold);
    }));
    CHECK(rc::check("customers", [] {
        CustomerFact fact;
        fact.customer = "c1";
        if (*rc::gen::arbitrary<bool>()) fact.number = *rc::gen::inRange(1, 9999);
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i) fact.cards.push_back(any_text());
        fact.dealer = any_text();
        fact.discount = any<Rate>(0, 100'000'000);
        fact.charge = *rc::gen::arbitrary<bool>();
        fact.limit = any<Money>(0, 100'000);
        fact.referrer = any_text();
        fact.digest = any_text();
        const std::string body = body_of(fact);
        RC_ASSERT(body_of(parse_customer(body)) == body);
        RC_ASSERT(parse_customer(body).cards == fact.cards);
        RC_ASSERT(parse_customer(body).number == fact.number);
    }));
    CHECK(rc::check("acts", [] {
        ActFact fact;
        fact.cashier = any_text();
        fact.customer = any_text();
        fact.card = any_text();
        fact.reason = any_text();
        fact.amount = any<Money>(-1000, 1000);
        fact.points = any<Points>(-1000, 1000);
        fact.spend = any<Money>(-1000, 1000);
        fact.rounding = any<Money>(-50, 50);
        fact.change = any<Money>(0, 50);
        fact.pay = any_pay();
        for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
            fact.items.push_back({*rc::gen::inRange(1, 99), *rc::gen::inRange(0, 9), any<Quantity>(0, 5000), any<Money>(-100, 1000)});
        fact.clock_back_ms = *rc::gen::inRange(0, 3);
        const std::string body = body_of(fact);
        const ActFact read = parse_act(body);
        RC_ASSERT(body_of(read) == body);
        RC_ASSERT(read.amount == fact.amount);
        RC_ASSERT(read.items.size() == fact.items.size());
    }));
    CHECK(rc::check("rights", [] {
        const std::string_view what = *rc::gen::element(kind::right_begun, kind::right_granted, kind::right_returned, kind::right_written_off);
        RightFact fact;
        if (what == kind::right_begun) fact.era = "1.7";
        if (what == kind::right_granted || what == kind::right_written_off) {
            fact.node = {*rc::gen::inRange(1, 9999), *rc::gen::inRange(0, 99)};
            fact.epoch = *rc::gen::inRange(1, 9);
            fact.begun = *rc::gen::inRange(1, 1'000'000);
        }
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i) fact.rights.push_back({"c" + any_text(), any<Points>(0, 1'000'000), any<Money>(0, 1'000'000)});
        const std::string body = body_of(what, fact);
        const RightFact read = parse_right(what, body);
        RC_ASSERT(body_of(what, read) == body);
        RC_ASSERT(canonical(Json::parse(body)) == body);
        RC_ASSERT(read.rights == fact.rights);
        RC_ASSERT(read.node == fact.node);
    }));
    CHECK(rc::check("what was struck out", [] {
        VoidFact fact;
        fact.cashier = any_text();
        fact.customer = any_text();
        fact.reason = any_text();
        fact.place = {any_text(), any_text()};
        fact.entered = Instant{*rc::gen::inRange<std::int64_t>(0, 2'000'000'000'000)};
        ReceiptFact lines = any_receipt();
        while (lines.refund) lines = any_receipt();
        fact.lines = lines.lines;
        fact.clock_back_ms = *rc::gen::inRange(0, 3);
        const std::string body = body_of(fact);
        const VoidFact read = parse_void(body);
        RC_ASSERT(body_of(read) == body);
        RC_ASSERT(read.net() == fact.net());
        RC_ASSERT(read.place == fact.place);
    }));
    CHECK(rc::check("personal texts", [] {
        const PersonalTexts texts{any_text(), any_text(), any_text(), any_text(), any_text()};
        const std::string body = personal_body(texts, std::string(32, 'a'));
        RC_ASSERT(parse_personal(body) == texts);
        RC_ASSERT(digest_of(body) != digest_of(personal_body(texts, std::string(32, 'b'))));
    }));
}

TEST_CASE("headquarters' own facts read and written again are the same bytes, and half of one is refused") {
    const std::string merged = body_of(MergeFact{"a", "b"}), unmerged = body_of(MergeFact{"a", ""});
    CHECK(body_of(parse_merge(kind::customer_merged, merged)) == merged);
    CHECK(body_of(parse_merge(kind::customer_unmerged, unmerged)) == unmerged);
    CHECK_THROWS_AS(parse_merge(kind::customer_merged, unmerged), Error);
    CHECK_THROWS_AS(parse_merge(kind::customer_unmerged, merged), Error);
    CHECK_THROWS_AS(parse_merge(kind::customer_unmerged, "{}"), Error);
    const std::string resolved = body_of(ResolutionFact{"overdraft", "c1", "accept", "3.1", 1, 57});
    CHECK(body_of(parse_resolution(resolved)) == resolved);
    CHECK(canonical(Json::parse(resolved)) == resolved);
    CHECK_THROWS_AS(parse_resolution(R"({"kind":"overdraft","subject":"c1"})"), Error);
}

TEST_CASE("bodies from outside that do not have the form are refused") {
    for (const char* body :
         {"", "x", "[]", R"({"number":"1"})", R"({"lines":{}})", R"({"lines":[5]})", R"({"lines":[{"qty":1.5}]})", R"({"lines":[{"price":"1.00"}]})",
          R"({"lines":[{"price":2000000000000000}]})", R"({"pay":[{"with":"gold","amount":1}]})", R"({"rates":[]})", R"({"referral":5})"}) {
        CAPTURE(std::string(body));
        CHECK_THROWS_AS(parse_receipt(kind::sale, body), Error);
    }
    CHECK_THROWS_AS(parse_receipt(kind::sale, R"({"lines":[{"price":1000000000000000,"qty":1000000000000000}]})"), std::exception);
    CHECK_THROWS_AS(parse_customer("{}"), Error);
    for (const char* body : {"{}", R"({"node":"3.1","epoch":0,"begun":1})", R"({"node":"3","epoch":1,"begun":1})", R"({"node":"3.1","epoch":1})",
                             R"({"node":"3.1","epoch":1,"begun":1,"rights":[["c",-1,0]]})", R"({"node":"3.1","epoch":1,"begun":1,"rights":[["",1,0]]})",
                             R"({"node":"3.1","epoch":1,"begun":1,"rights":[["c",1]]})", R"({"node":"3.1","epoch":1,"begun":1,"rights":[{"c":1}]})"}) {
        CAPTURE(std::string(body));
        CHECK_THROWS_AS(parse_right(kind::right_granted, body), Error);
    }
    CHECK_THROWS_AS(parse_right(kind::right_begun, "{}"), Error);
    CHECK_THROWS_AS(parse_right(kind::right_begun, R"({"era":")" + std::string(41, 'x') + R"("})"), Error);
    CHECK_THROWS_AS(parse_void(R"({"lines":5})"), Error);
    CHECK_THROWS_AS(parse_act(R"({"items":[{"line":"1"}]})"), Error);
    CHECK(parse_receipt(kind::sale, R"({"number":1,"weather":"rain"})").number == 1);  // a newer program's field
}

TEST_CASE("names of nodes and receipts") {
    CHECK(print(NodeName{3, 1}) == "3.1");
    CHECK(parse_node_name("9999.99") == NodeName{9999, 99});
    for (const char* wrong : {"", "3", "3.", ".1", "03.1", "3.01", "10000.1", "3.100", "3.1.1", "a.b", "-3.1"}) {
        CAPTURE(std::string(wrong));
        CHECK(!parse_node_name(wrong));
    }
    // The same card makes the same customer in every branch.
    CHECK(customer_of_card("2900000000018") == customer_of_card("2900000000018"));
    CHECK(customer_of_card("2900000000018") != customer_of_card("2900000000019"));
}
