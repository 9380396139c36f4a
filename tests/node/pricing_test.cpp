// PRODUCT.md "How prices and points are computed", rules 1–9. Every figure was worked out by hand from that page.
#include <doctest/doctest.h>

#include "node/pricing.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::instant;
using test::money;
using test::points;
using test::quantity;
using test::rate;

namespace {

const TimeZone prague_zone("Europe/Prague");

Policy policy_of(const std::string& json) { return parse_policy(json, "CZK", "policy"); }

Product product(const std::string& price, const std::string& group = "food") {
    Product product;
    product.key = "P1";
    product.codes = {"P1", "8594001021239"};
    product.name = "Thing";
    product.group = group;
    product.groups = {group};
    product.price = money(price);
    product.vat = "A";
    return product;
}

LineInput line(const Product& product, const std::string& pieces = "1", const std::string& at = test::monday_morning) {
    LineInput input;
    input.code = product.key;
    input.product = product;
    input.name = product.name;
    input.vat = product.vat;
    input.price = product.price;
    input.quantity = quantity(pieces);
    input.entered = instant(at);
    return input;
}

LineInput text_line(const std::string& price) {
    LineInput input;
    input.name = "Text";
    input.vat = "A";
    input.price = money(price);
    input.price_typed = true;
    input.entered = instant(test::monday_morning);
    return input;
}

CustomerTerms customer() {
    CustomerTerms terms;
    terms.id = "c1";
    return terms;
}

struct Result {
    std::string percent, discount, net, points;
    friend bool operator==(const Result&, const Result&) = default;
};
std::ostream& operator<<(std::ostream& out, const Result& r) { return out << r.percent << " % " << r.discount << " net " << r.net << " points " << r.points; }

Result priced(const std::string& policy, const LineInput& input, const CustomerTerms* who) {
    const PricedLine priced = price_line(policy_of(policy), prague_zone, input, who);
    CHECK(priced.line.net == priced.line.gross - priced.line.discount);
    CHECK(priced.line.paid == priced.line.net);
    return {print(priced.percent), print(priced.line.discount), print(priced.line.net), print(priced.line.points)};
}

BookedLine booked(const std::string& net, bool payable, const std::string& vat = "A") {
    BookedLine line;
    line.code = line.product = payable ? "P" : "";
    line.vat = vat;
    line.price = line.gross = line.net = line.paid = money(net);
    return line;
}

}  // namespace

TEST_CASE("rule 1: gross is price × quantity, half a minor unit away from zero") {
    const struct {
        const char* price;
        const char* pieces;
        const char* gross;
    } table[] = {{"12.90", "2", "25.80"}, {"0.01", "0.5", "0.01"}, {"0.01", "0.499", "0.00"}, {"0.03", "0.5", "0.02"}, {"9.99", "0.333", "3.33"},
                 {"0.00", "7", "0.00"},   {"1.25", "0.002", "0.00"}, {"2.50", "0.002", "0.01"}, {"199.90", "1.234", "246.68"}};
    for (const auto& row : table) {
        CAPTURE(std::string(row.price));
        CAPTURE(std::string(row.pieces));
        CHECK(print(price_line(policy_of("{}"), prague_zone, line(product(row.price), row.pieces), nullptr).line.gross) == row.gross);
    }
}

TEST_CASE("rule 2: excluded by flag, by group, by a group above, by product: no discount of any kind, no points") {
    const std::string rules = R"("time_discounts":[{"discount":"10"}],"multipliers":[{"factor":"3"}])";
    CustomerTerms who = customer();
    who.discount = rate("20");
    const Result nothing{"0", "0.00", "100.00", "0.00"};

    LineInput flagged = line(product("100.00"));
    flagged.product->excluded = true;
    flagged.manual_discount = rate("50");
    CHECK(priced("{" + rules + "}", flagged, &who) == nothing);
    CHECK(priced("{" + rules + R"(,"excluded_groups":["food"]})", line(product("100.00")), &who) == nothing);
    CHECK(priced("{" + rules + R"(,"excluded_groups":["FÓOD"]})", line(product("100.00")), &who) == nothing);  // names compare without case and marks
    CHECK(priced("{" + rules + R"(,"excluded_products":["8594001021239"]})", line(product("100.00")), &who) == nothing);
    CHECK(priced("{" + rules + R"(,"excluded_products":["p1"]})", line(product("100.00")), &who) == nothing);
    LineInput below = line(product("100.00", "cigars"));
    below.product->groups = {"cigars", "tobacco", "all"};
    CHECK(priced("{" + rules + R"(,"excluded_groups":["tobacco"]})", below, &who) == nothing);
    CHECK(priced("{" + rules + R"(,"excluded_groups":["tobac"]})", below, &who) == Result{"30", "30.00", "70.00", "300.00"});

    const PricedLine told = price_line(policy_of("{}"), prague_zone, flagged, &who);
    CHECK(std::any_of(told.why.begin(), told.why.end(), [](const Reason& reason) { return reason.why == Why::manual_ignored; }));
}

TEST_CASE("rule 2: a line without a product takes only a manual discount and gives no points") {
    const std::string policy = R"({"time_discounts":[{"discount":"10"}]})";
    CustomerTerms who = customer();
    who.discount = rate("20");
    LineInput text = text_line("500.00");
    CHECK(priced(policy, text, &who) == Result{"0", "0.00", "500.00", "0.00"});
    text.manual_discount = rate("5");
    CHECK(priced(policy, text, &who) == Result{"5", "25.00", "475.00", "0.00"});
}

TEST_CASE("rule 3: the base discount is the highest of customer, programme, dealer and level") {
    const std::string policy =
        R"({"mode":"cumulative","levels":[{"spend":"10000","discount":"5"},{"spend":"50000","discount":"10"}],
            "programmes":[{"name":"P","discount":"7","card_ranges":[["70000","70009"]],"valid_from":"2026-03-02","valid_to":"2026-03-02"},
                          {"name":"Q","discount":"30","card_ranges":[["80000","80009"]],"excluded_groups":["food"]}]})";
    const auto discount = [&](const CustomerTerms& who, const LineInput& input) { return priced(policy, input, &who).percent; };
    LineInput goods = line(product("100.00"));
    goods.product->dealers = {{"DEA", rate("20")}, {"VIP", rate("3")}};

    CustomerTerms who = customer();
    CHECK(discount(who, goods) == "0");
    who.spend = money("9999.99");
    CHECK(discount(who, goods) == "0");
    who.spend = money("10000");  // a threshold reached is enough
    CHECK(discount(who, goods) == "5");
    who.spend = money("49999.99");
    CHECK(discount(who, goods) == "5");
    who.spend = money("50000");
    CHECK(discount(who, goods) == "10");
    who.spend = Money{};

    who.discount = rate("2.5");
    CHECK(discount(who, goods) == "2.5");
    who.cards = {"11111", "70009"};
    CHECK(discount(who, goods) == "7");
    CHECK(discount(who, line(product("1.00"), "1", "2026-03-01T23:59:59+01:00")) == "2.5");  // a day before the programme begins
    CHECK(discount(who, line(product("1.00"), "1", "2026-03-02T23:59:59+01:00")) == "7");
    CHECK(discount(who, line(product("1.00"), "1", "2026-03-03T00:00:00+01:00")) == "2.5");
    who.dealer = "vip";
    CHECK(discount(who, goods) == "7");
    who.dealer = "dea";
    CHECK(discount(who, goods) == "20");
    who.dealer = "X";
    who.cards = {"80000"};
    CHECK(discount(who, goods) == "2.5");  // the programme excludes food
    CHECK(discount(who, line(product("100.00", "toys"))) == "30");
    CHECK(priced(policy, goods, nullptr).percent == "0");
}

TEST_CASE("rule 3: levels count in cumulative mode only, which may differ by weekday") {
    const std::string policy = R"({"mode":"points","mode_by_day":{"sun":"cumulative"},"levels":[{"spend":"0","discount":"5"}]})";
    CustomerTerms who = customer();
    CHECK(priced(policy, line(product("100.00"), "1", "2026-03-07T12:00:00+01:00"), &who) == Result{"0", "0.00", "100.00", "100.00"});  // Saturday
    CHECK(priced(policy, line(product("100.00"), "1", "2026-03-08T12:00:00+01:00"), &who) == Result{"5", "5.00", "95.00", "0.00"});
    CHECK(priced(policy, line(product("100.00"), "1", "2026-03-07T23:30:00Z"), &who) == Result{"5", "5.00", "95.00", "0.00"});  // Sunday in Prague
}

TEST_CASE("rule 3: base + highest time discount + manual one, capped at 100 %") {
    const std::string policy =
        R"({"time_discounts":[{"days":["mon"],"from":"10:00","to":"11:00","discount":"10"},{"discount":"4"},{"days":["mon"],"discount":"6"}]})";
    CustomerTerms who = customer();
    who.discount = rate("20");
    LineInput goods = line(product("33.33"));
    CHECK(priced(policy, goods, &who).percent == "30");
    CHECK(priced(policy, goods, nullptr).percent == "10");  // time discounts are for everyone
    CHECK(priced(policy, line(product("33.33"), "1", "2026-03-02T11:00:00+01:00"), nullptr).percent == "6");
    CHECK(priced(policy, line(product("33.33"), "1", "2026-03-03T11:00:00+01:00"), nullptr).percent == "4");
    goods.manual_discount = rate("15");
    CHECK(priced(policy, goods, &who).percent == "45");
    CHECK(priced(policy, goods, &who).discount == "15.00");  // 14.9985
    goods.manual_discount = rate("70");
    CHECK(priced(policy, goods, &who) == Result{"100", "33.33", "0.00", "33.33"});
    goods.manual_discount = rate("71");
    CHECK(priced(policy, goods, &who) == Result{"100", "33.33", "0.00", "33.33"});
}

TEST_CASE("rule 3: the discount is rounded half away from zero, on the gross") {
    const auto discount = [](const char* price, const char* percent) {
        LineInput input = line(product(price));
        input.manual_discount = rate(percent);
        return priced("{}", input, nullptr).discount;
    };
    CHECK(discount("0.10", "5") == "0.01");   // 0.005
    CHECK(discount("0.09", "5") == "0.00");   // 0.0045
    CHECK(discount("25.80", "5") == "1.29");
    CHECK(discount("0.50", "33.333333") == "0.17");
    CHECK(discount("100.00", "0.005") == "0.01");
    CHECK(discount("100.00", "0.004999") == "0.00");
}

TEST_CASE("rule 4: points from price, margin, the product's own, or none") {
    CustomerTerms who = customer();
    const auto earned = [&](const std::string& policy, const LineInput& input) { return priced(policy, input, &who).points; };
    LineInput goods = line(product("12.90"), "2");
    CHECK(earned("{}", goods) == "25.80");
    CHECK(priced("{}", goods, nullptr).points == "0.00");
    CHECK(earned(R"({"earn":"none"})", goods) == "0.00");
    CHECK(earned(R"({"earn":"margin"})", goods) == "0.00");  // no cost: no points
    goods.product->cost = money("8.00");
    CHECK(earned(R"({"earn":"margin"})", goods) == "9.80");
    goods.product->cost = money("0.00");
    CHECK(earned(R"({"earn":"margin"})", goods) == "25.80");
    goods.product->cost = money("13.00");
    CHECK(earned(R"({"earn":"margin"})", goods) == "0.00");  // not below zero
    goods.product->points = points("3.33");
    CHECK(earned(R"({"earn":"none"})", goods) == "6.66");  // a product's own points win
    CHECK(earned(R"({"earn":"margin"})", goods) == "6.66");
    goods.product->points = points("0");
    CHECK(earned("{}", goods) == "0.00");
}

TEST_CASE("rule 4: catalogue price, not the one typed; discounts do not change points") {
    CustomerTerms who = customer();
    LineInput goods = line(product("10.00"), "1.5");
    goods.price = money("4.00");
    goods.price_typed = true;
    goods.manual_discount = rate("50");
    CHECK(priced("{}", goods, &who) == Result{"50", "3.00", "3.00", "15.00"});
    CHECK(priced(R"({"points_from":"net"})", goods, &who) == Result{"50", "3.00", "3.00", "3.00"});
}

TEST_CASE("rule 4: the option computes points from net, a product's own in proportion") {
    CustomerTerms who = customer();
    LineInput goods = line(product("0.50"), "0.001");  // gross 0.00: nothing to be in proportion to
    goods.product->points = points("5");
    CHECK(priced(R"({"points_from":"net"})", goods, &who).points == "0.00");
    goods = line(product("10.00"), "3");
    goods.product->points = points("0.05");
    goods.manual_discount = rate("50");
    CHECK(priced(R"({"points_from":"net"})", goods, &who).points == "0.08");  // 0.15 × 15 ÷ 30 = 0.075
    goods = line(product("10.00"), "0.125");  // 1.25
    goods.product->points = points("0.07");
    CHECK(priced(R"({"points_from":"net"})", goods, &who).points == "0.01");  // 0.00875
    // 1.25 × 0.333 = 0.41625, twice that is 0.8325: rounded once, not 0.42 doubled.
    goods = line(product("10.00"), "0.333");
    goods.product->points = points("1.25");
    CHECK(priced(R"({"points_from":"net","multipliers":[{"factor":"2"}]})", goods, &who).points == "0.83");
    goods = line(product("10.00"), "2");
    goods.product->cost = money("6.00");
    goods.manual_discount = rate("25");
    CHECK(priced(R"({"points_from":"net","earn":"margin"})", goods, &who).points == "3.00");  // 15 − 12
    goods.manual_discount = rate("75");
    CHECK(priced(R"({"points_from":"net","earn":"margin"})", goods, &who).points == "0.00");
}

TEST_CASE("rule 4: the highest multiplier that matches; a single one below 1 counts") {
    CustomerTerms who = customer();
    const std::string policy =
        R"({"multipliers":[{"days":["tue"],"factor":"2"},{"days":["mon","wed"],"from":"10:00","to":"11:00","factor":"4"},)"
        R"({"days":["wed"],"factor":"3"},{"days":["sun"],"factor":"0.5"},{"days":["sat"],"factor":"0"}]})";
    const auto earned = [&](const char* at, const char* price = "10.00") { return priced(policy, line(product(price), "1", at), &who).points; };
    CHECK(earned("2026-03-02T09:59:59+01:00") == "10.00");
    CHECK(earned("2026-03-02T10:00:00+01:00") == "40.00");
    CHECK(earned("2026-03-02T11:00:00+01:00") == "10.00");
    CHECK(earned("2026-03-03T10:30:00+01:00") == "20.00");
    CHECK(earned("2026-03-04T10:30:00+01:00") == "40.00");  // 4 and 3
    CHECK(earned("2026-03-04T12:00:00+01:00") == "30.00");
    CHECK(earned("2026-03-07T12:00:00+01:00") == "0.00");
    CHECK(earned("2026-03-08T12:00:00+01:00") == "5.00");
    CHECK(earned("2026-03-08T12:00:00+01:00", "0.01") == "0.01");  // 0.005
}

TEST_CASE("rule 4: rounded once, at the end") {
    CustomerTerms who = customer();
    LineInput goods = line(product("1.00"), "0.333");
    goods.product->points = points("0.01");
    CHECK(priced(R"({"multipliers":[{"factor":"1.5"}]})", goods, &who).points == "0.00");    // 0.0049950
    CHECK(priced(R"({"multipliers":[{"factor":"1.502"}]})", goods, &who).points == "0.01");  // 0.00500166
}

TEST_CASE("rule 6: what may be redeemed") {
    const auto most = [](const std::string& point_value, const std::string& balance, const std::vector<std::pair<std::string, bool>>& nets,
                         const std::string& earned) {
        std::vector<PricedLine> lines;
        for (const auto& [net, payable] : nets) lines.push_back({booked(net, payable), {}, {}});
        lines.front().line.points = points(earned);
        CustomerTerms who = customer();
        who.points = points(balance);
        return print(redeemable(policy_of(R"({"point_value":")" + point_value + "\"}"), lines, who).most);
    };
    CHECK(most("0.05", "1000", {{"100.00", true}}, "0") == "50.00");
    CHECK(most("0.05", "1000", {{"100.00", true}}, "100") == "55.00");  // points of this receipt too
    CHECK(most("0.05", "10000", {{"100.00", true}}, "0") == "100.00");
    CHECK(most("0.05", "10000", {{"100.00", true}, {"30.00", false}}, "0") == "100.00");
    CHECK(most("0.05", "10000", {{"100.00", false}}, "0") == "0.00");
    CHECK(most("0.05", "0.39", {{"100.00", true}}, "0") == "0.01");  // 0.0195, down to the minor unit
    CHECK(most("0.05", "0.19", {{"100.00", true}}, "0") == "0.00");
    CHECK(most("1", "12.34", {{"100.00", true}}, "0") == "12.34");
    CHECK(most("0.05", "-5", {{"100.00", true}}, "5") == "0.00");
    CHECK(most("0.05", "-5", {{"100.00", true}}, "4") == "0.00");
    CHECK(most("0.05", "-5", {{"100.00", true}}, "25") == "1.00");

    CustomerTerms excluded = customer();
    excluded.points = points("10000");
    PricedLine tobacco{booked("100.00", true), {}, {}};
    tobacco.line.excluded = true;
    CHECK(redeemable(policy_of("{}"), {tobacco}, excluded).most == Money{});
}

TEST_CASE("rule 6: shared over the payable lines by largest remainder, ties to the earlier line") {
    const auto shares = [](const std::string& redeemed, const std::vector<BookedLine>& lines) {
        ReceiptFact fact;
        fact.lines = lines;
        fact.redeemed = money(redeemed);
        spread_redemption(fact);
        std::string text;
        for (const BookedLine& line : fact.lines) text += (text.empty() ? "" : " ") + print(line.net - line.paid);
        return text;
    };
    CHECK(shares("10.00", {booked("10.00", true), booked("20.00", true), booked("30.00", true)}) == "1.67 3.33 5.00");
    CHECK(shares("0.01", {booked("5.00", true), booked("5.00", true)}) == "0.01 0.00");
    CHECK(shares("0.02", {booked("1.00", true), booked("1.00", true), booked("1.00", true)}) == "0.01 0.01 0.00");
    CHECK(shares("10.00", {booked("10.00", false), booked("20.00", true)}) == "0.00 10.00");
    CHECK(shares("0.00", {booked("0.00", true)}) == "0.00");
    BookedLine tobacco = booked("70.00", true);
    tobacco.excluded = true;
    CHECK(shares("30.00", {tobacco, booked("20.00", true), booked("10.00", true)}) == "0.00 20.00 10.00");
    CHECK(shares("0.05", {booked("0.00", true), booked("0.01", true), booked("0.05", true)}) == "0.00 0.01 0.04");  // 0.0083…, 0.0416…
}

TEST_CASE("rule 7: the referrer's share of points or of spend") {
    CustomerTerms who = customer();
    const auto share = [&](const std::string& policy, const char* awarded, const char* net) {
        const auto referral = referral_of(policy_of(policy), who, points(awarded), money(net));
        return referral ? print(referral->points) + " " + print(referral->spend) : std::string("none");
    };
    const std::string of_points = R"({"referral":{"share":"5","of":"points"}})", of_spend = R"({"referral":{"share":"5","of":"spend"}})";
    CHECK(share(of_points, "100", "500") == "none");  // nobody referred this customer
    who.referrer = "c2";
    CHECK(share("{}", "100", "500") == "none");
    CHECK(share(of_points, "100", "500") == "5.00 0.00");
    CHECK(share(of_points, "0.1", "500") == "0.01 0.00");  // 0.005
    CHECK(share(of_points, "0.09", "500") == "none");
    CHECK(share(of_spend, "100", "500") == "0.00 25.00");
    CHECK(share(of_spend, "0", "0.10") == "0.00 0.01");
    CHECK(share(R"({"referral":{"share":"5"}})", "100", "500") == "5.00 0.00");
}

TEST_CASE("rule 8: VAT out of the gross, per group, less the group's share of the redemption") {
    ReceiptFact fact;
    fact.lines = {booked("121.00", true, "A"), booked("60.50", true, "A"), booked("112.00", true, "B"), booked("50.00", false, "C")};
    fact.rates = {{"A", rate("21")}, {"B", rate("12")}, {"C", rate("0")}};
    const auto rows = [&] {
        std::string text;
        for (const auto& row : fact.vat()) text += row.group + " " + print(row.rate) + " " + print(row.base) + " " + print(row.tax) + "; ";
        return text;
    };
    CHECK(rows() == "A 21 150.00 31.50; B 12 100.00 12.00; C 0 50.00 0.00; ");
    fact.redeemed = money("29.35");  // a tenth of the payable 293.50
    spread_redemption(fact);
    CHECK(rows() == "A 21 135.00 28.35; B 12 90.00 10.80; C 0 50.00 0.00; ");
    fact.redemption_is_payment = true;
    CHECK(rows() == "A 21 150.00 31.50; B 12 100.00 12.00; C 0 50.00 0.00; ");

    CHECK(tax_within(money("0.03"), rate("20")) == money("0.01"));  // 0.005: half away from zero
    CHECK(tax_within(money("-0.03"), rate("20")) == money("-0.01"));
    CHECK(tax_within(money("0.02"), rate("20")) == money("0.00"));
    CHECK(tax_within(money("24.51"), rate("12")) == money("2.63"));  // 2.62607
}

TEST_CASE("rule 9: tenders and cash rounding on what is left for cash") {
    using enum PayFault;
    const Tender cash100{TenderKind::cash, money("100")};
    CustomerTerms charging = customer();
    charging.charge = true;
    charging.limit = money("1000");
    charging.debt = money("900");
    const auto result = [&](const char* due, const std::vector<Tender>& tenders, const CustomerTerms* who = nullptr, const char* step = "1") {
        const Settled settled = settle(money(due), tenders, money(step), who);
        switch (settled.fault) {
            case none: return print(settled.rounding) + " " + print(settled.change);
            case too_little: return std::string("too little");
            case over_tender: return std::string("over");
            case account_not_allowed: return std::string("not allowed");
            case account_limit: return std::string("limit");
            case no_account_customer: return std::string("nobody");
        }
        return std::string();
    };
    const auto with = [](TenderKind kind, const char* amount) { return Tender{kind, money(amount)}; };
    using enum TenderKind;
    CHECK(result("24.51", {}) == "0.49 0.00");
    CHECK(result("24.49", {}) == "-0.49 0.00");
    CHECK(result("24.50", {}) == "0.50 0.00");
    CHECK(result("0.50", {}) == "0.50 0.00");
    CHECK(result("0.49", {}) == "-0.49 0.00");
    CHECK(result("0.00", {}) == "0.00 0.00");
    CHECK(result("24.51", {cash100}) == "0.49 75.00");
    CHECK(result("24.51", {with(cash, "24.99")}) == "too little");
    CHECK(result("24.51", {with(cash, "25")}) == "0.49 0.00");
    CHECK(result("24.51", {with(cash, "20"), with(cash, "5")}) == "0.49 0.00");
    CHECK(result("24.51", {with(card, "24.51")}) == "0.00 0.00");
    CHECK(result("24.51", {with(card, "24.52")}) == "over");
    CHECK(result("24.51", {with(card, "20")}) == "too little");
    CHECK(result("24.51", {with(card, "20"), with(cash, "5")}) == "0.49 0.00");
    CHECK(result("24.51", {with(card, "20.01"), with(cash, "10")}) == "0.50 5.00");
    CHECK(result("24.51", {with(card, "10"), with(voucher, "14.51")}) == "0.00 0.00");
    CHECK(result("24.51", {with(card, "10"), with(voucher, "14.52")}) == "over");
    CHECK(result("24.51", {with(card, "24.02")}) == "-0.49 0.00");  // what is left rounds to nothing
    CHECK(result("24.51", {with(cash, "24.51")}, nullptr, "0") == "0.00 0.00");
    CHECK(result("24.53", {}, nullptr, "0.05") == "0.02 0.00");
    CHECK(result("50", {with(account, "50")}) == "nobody");
    const CustomerTerms plain = customer();
    CHECK(result("50", {with(account, "50")}, &plain) == "not allowed");
    CHECK(result("100", {with(account, "100")}, &charging) == "0.00 0.00");  // the limit exactly
    CHECK(result("100.01", {with(account, "100.01")}, &charging) == "limit");
    CHECK(result("100.01", {with(account, "100"), with(cash, "0")}, &charging) == "-0.01 0.00");
    CHECK(result("50", {with(account, "51")}, &charging) == "over");
    charging.limit = Money{};
    CHECK(result("99999", {with(account, "99999")}, &charging) == "0.00 0.00");  // no limit
}

TEST_CASE("what leaves the range of an amount is refused, never wrapped") {
    CustomerTerms who = customer();
    Product dear = product("100000000.00");
    CHECK_THROWS_AS(price_line(policy_of("{}"), prague_zone, line(dear, "1000000"), nullptr), Overflow);
    CHECK_THROWS_AS(price_line(policy_of(R"({"multipliers":[{"factor":"1000"}]})"), prague_zone, line(dear, "1000"), &who), Overflow);
}

TEST_CASE("why this price: the rules that acted, in order") {
    CustomerTerms who = customer();
    who.discount = rate("20");
    LineInput goods = line(product("10.00"));
    goods.manual_discount = rate("5");
    const auto why = price_line(policy_of(R"({"time_discounts":[{"discount":"10"}],"multipliers":[{"factor":"2"}]})"), prague_zone, goods, &who).why;
    std::vector<Why> kinds;
    for (const Reason& reason : why) kinds.push_back(reason.why);
    CHECK(kinds == std::vector<Why>{Why::unit_price, Why::fixed_discount, Why::time_discount, Why::manual_discount, Why::points_of_price, Why::multiplier});
}
