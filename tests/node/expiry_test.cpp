// Expiry of points (L18): which lots are good how long, what spending takes first, what comes back.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "node/balances.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;
using Kind = PointsMovement::Kind;

namespace {

const TimeZone prague("Europe/Prague");

Date day(const char* text) { return parse_date(text).value(); }
PointsMovement earned(const char* at, const char* points) { return {Kind::earned, test::instant(at), test::points(points), {}, {}, {}}; }
std::string due(std::vector<PointsMovement> movements, const char* today, int months = 12) {
    return print(expiry_of(std::move(movements), months, expired_through(day(today), months), prague).due);
}

constexpr const char* expiry_goods = "code,name,group,price,vat\nA,Apple,,10.00,B\n";

/// At noon of a day.
std::string at(const std::string& date) { return "'at':'" + date + "T12:00:00Z',"; }
Json sell_on(Shop& shop, const std::string& date, const std::string& pieces, const std::string& more = {}) {
    return shop.play("{" + at(date) + "'customer':'CARD-1','lines':[{'code':'A','qty':'" + pieces + "'}]" + more + "}");
}
std::string balance(Shop& shop, const std::string& date) {
    return shop.play("{" + at(date) + "'correct':{'customer':'CARD-1','spend':'0.01','reason':'look'}}")["points_balance"];
}

}  // namespace

TEST_CASE("a lot is good through the day with the same number, or the month's last one") {
    CHECK(print(last_good_day(day("2025-03-15"), 12)) == "2026-03-15");
    CHECK(print(last_good_day(day("2025-01-31"), 1)) == "2025-02-28");
    CHECK(print(last_good_day(day("2024-01-31"), 1)) == "2024-02-29");
    CHECK(print(last_good_day(day("2024-02-29"), 12)) == "2025-02-28");
    CHECK(print(last_good_day(day("2025-08-31"), 6)) == "2026-02-28");
    CHECK(print(last_good_day(day("2025-12-31"), 1200)) == "2125-12-31");
}

TEST_CASE("which days have expired fits the last good days, on every day of years and for every period") {
    for (const int months : {1, 2, 6, 11, 12, 13, 24, 36, 1200})
        for (Date today = day("2023-12-20"); today < day("2025-04-10"); ++today.days) {
            const Date through = expired_through(today, months);
            REQUIRE(last_good_day(through, months) < today);
            REQUIRE(!(last_good_day({through.days + 1}, months) < today));
        }
}

TEST_CASE("points expire at the local midnight that ends their last good day, also where the clock changes") {
    // 23:30 and 00:30 in Prague are the same day in UTC; 2025-03-30 has 23 hours, 2025-10-26 has 25.
    CHECK(due({earned("2025-03-29T23:30:00+01:00", "10")}, "2026-03-29") == "0.00");
    CHECK(due({earned("2025-03-29T23:30:00+01:00", "10")}, "2026-03-30") == "10.00");
    CHECK(due({earned("2025-03-30T00:30:00+01:00", "10")}, "2026-03-30") == "0.00");
    CHECK(due({earned("2025-03-30T23:30:00+02:00", "10")}, "2026-03-31") == "10.00");
    CHECK(due({earned("2025-10-26T00:30:00+02:00", "10")}, "2026-10-26") == "0.00");
    CHECK(due({earned("2025-10-26T23:59:00+01:00", "10")}, "2026-10-26") == "0.00");
    CHECK(due({earned("2025-10-26T23:59:00+01:00", "10")}, "2026-10-27") == "10.00");
}

TEST_CASE("spending takes the oldest lot first, whatever made it; points that were paid in do not expire") {
    const auto spent = [](const char* at, const char* points) { return earned(at, points); };
    CHECK(due({earned("2025-01-10T10:00:00Z", "10"), earned("2025-06-10T10:00:00Z", "10"), spent("2025-07-01T10:00:00Z", "-4")}, "2026-02-01") == "6.00");
    CHECK(due({earned("2025-01-10T10:00:00Z", "10"), earned("2025-06-10T10:00:00Z", "10"), spent("2025-07-01T10:00:00Z", "-14")}, "2026-02-01") == "0.00");
    CHECK(due({earned("2025-01-10T10:00:00Z", "10"), earned("2025-06-10T10:00:00Z", "10"), spent("2025-07-01T10:00:00Z", "-14")}, "2026-07-01") == "6.00");
    PointsMovement paid = earned("2025-01-01T10:00:00Z", "100");
    paid.kind = Kind::paid_in;
    CHECK(due({paid, earned("2025-01-10T10:00:00Z", "10"), spent("2025-02-01T10:00:00Z", "-30")}, "2027-01-01") == "10.00");
    CHECK(due({paid}, "2030-01-01") == "0.00");
    // Below zero before, what is earned covers that first.
    CHECK(due({spent("2025-01-01T10:00:00Z", "-4"), earned("2025-01-10T10:00:00Z", "10")}, "2026-02-01") == "6.00");
}

TEST_CASE("what was booked is not due again; what came late, or came back, is given back") {
    PointsMovement booked{Kind::expired, test::instant("2026-02-01T00:10:00Z"), test::points("-10"), {}, {}, day("2025-01-31")};
    const PointsMovement lot = earned("2025-01-10T10:00:00Z", "10"), later = earned("2025-06-10T10:00:00Z", "5");
    CHECK(due({lot, later, booked}, "2026-02-02") == "0.00");
    // An offline till spent 8 of them while they were good: only 2 should have expired, and the newer lot is not touched.
    const PointsMovement late = earned("2026-01-09T10:00:00Z", "-8");
    CHECK(due({lot, later, late, booked}, "2026-02-02") == "-8.00");
    PointsMovement back{Kind::expired, test::instant("2026-02-02T00:10:00Z"), test::points("8"), {}, {}, day("2025-02-01")};
    CHECK(due({lot, later, late, booked, back}, "2026-02-02") == "0.00");
    CHECK(due({lot, later, late, booked, back}, "2026-06-11") == "5.00");
    // Or a day after, not having heard of it: what was honoured was not expired.
    const PointsMovement after = earned("2026-02-03T10:00:00Z", "-12");
    CHECK(due({lot, later, booked, after}, "2026-02-04") == "-7.00");
    // The receipt came back whole: it was never earned.
    PointsMovement sale = lot, refund = earned("2026-02-03T10:00:00Z", "-10");
    sale.kind = Kind::receipt;
    sale.document = refund.document = "3.1-000001";
    refund.kind = Kind::refund;
    CHECK(due({sale, later, booked, refund}, "2026-02-04") == "-10.00");
    // A longer period does not bring back what is gone.
    CHECK(due({lot, later, booked}, "2026-02-02", 24) == "0.00");
}

TEST_CASE("at a till, points that have expired are gone before the customer is shown or spends them") {
    Shop shop;
    shop.catalogue(expiry_goods);
    shop.policy(R"({"points_expire_months":12})");
    CHECK(sell_on(shop, "2026-03-02", "10")["points_balance"] == "100.00");
    CHECK(sell_on(shop, "2026-09-02", "5")["points_balance"] == "150.00");
    CHECK(balance(shop, "2027-03-02") == "150.00");
    CHECK(balance(shop, "2027-03-03") == "50.00");
    CHECK(balance(shop, "2027-03-03") == "50.00");
    const Json shown = shop.play("{'customer_show':{'customer':'CARD-1'}}");
    CHECK(shown["expiring"] == Json::array({{{"last_day", "2027-09-02"}, {"points", "50.00"}}}));
    CHECK(sell_on(shop, "2027-09-02", "1", ",'redeem':'max'")["redeemed"] == "3.00");  // 60 points, 0.05 each
    CHECK(balance(shop, "2027-09-03") == "0.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("a receipt whose points expired comes back whole: every balance is as before it") {
    Shop shop;
    shop.catalogue(expiry_goods);
    shop.policy(R"({"points_expire_months":1})");
    sell_on(shop, "2026-03-01", "10");
    sell_on(shop, "2026-03-02", "2", ",'redeem':'2.00'");  // takes 40 of the 120 there are
    CHECK(balance(shop, "2026-04-10") == "0.00");
    shop.play("{" + at("2026-04-11") + "'refund_of':'3.1-000001','lines':[{'code':'A','qty':'10'}]}");
    shop.play("{" + at("2026-04-11") + "'refund_of':'3.1-000002','lines':[{'code':'A','qty':'2'}]}");
    CHECK(balance(shop, "2026-04-11") == "0.00");
    CHECK(balance(shop, "2026-06-11") == "0.00");
    CHECK(shop.verify().ok());
}

TEST_CASE("the day's closing expires the points of those who do not come any more") {
    Shop shop;
    shop.catalogue(expiry_goods);
    shop.policy(R"({"points_expire_months":3})");
    sell_on(shop, "2026-03-02", "10");
    shop.play("{" + at("2026-06-02") + "'close_day':{}}");
    CHECK(shop.customer("CARD-1")["points"] == "100.00");
    shop.play("{" + at("2026-06-03") + "'close_day':{}}");
    CHECK(shop.customer("CARD-1")["points"] == "0.00");
    CHECK(shop.customer("CARD-1")["spend"] == "100.00");
    const std::int64_t facts = shop.facts();
    CHECK(expire_points(shop.node()) == 0);
    CHECK(shop.facts() == facts);
    CHECK(shop.verify().ok());
}

TEST_CASE("property: expiry is booked once, in whatever steps; a full refund of everything ends at zero; facts say the same") {
    CHECK(rc::check("expiry", [] {
        // The same days at two shops: one looks every so often, the other once at the end.
        Shop often, once;
        for (Shop* shop : {&often, &once}) {
            shop->catalogue(expiry_goods);
            shop->policy(R"({"points_expire_months":2})");
        }
        std::vector<std::pair<std::string, int>> receipts;  // number, pieces
        Date today = day("2026-01-05");
        for (int steps = *rc::gen::inRange(1, 12); steps > 0; --steps) {
            today.days += *rc::gen::inRange(0, 40);
            const std::string date = print(today);
            const int pieces = *rc::gen::inRange(1, 9);
            if (*rc::gen::inRange(0, 4) > 0 || receipts.empty()) {
                const bool redeem = *rc::gen::inRange(0, 3) == 0;
                const std::string line = "{" + at(date) + "'customer':'CARD-1','lines':[{'code':'A','qty':'" + std::to_string(pieces) + "'}]" +
                                         (redeem ? ",'redeem':'1.00'" : "") + "}";
                const Json a = often.play(line), b = once.play(line);
                RC_ASSERT(a["points_balance"] == b["points_balance"]);
                receipts.emplace_back(a["receipt"], pieces);
            } else {
                auto& [number, left] = receipts[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(receipts.size())))];
                const int back = std::min(left, pieces);
                if (back == 0) continue;
                left -= back;
                const std::string line = "{" + at(date) + "'refund_of':'" + number + "','lines':[{'code':'A','qty':'" + std::to_string(back) + "'}]}";
                RC_ASSERT(!often.play(line).contains("refused"));
                RC_ASSERT(!once.play(line).contains("refused"));
            }
            if (*rc::gen::arbitrary<bool>()) expire_points(often.node());
        }
        today.days += *rc::gen::inRange(0, 100);
        RC_ASSERT(balance(often, print(today)) == balance(once, print(today)));
        for (auto& [number, left] : receipts)
            if (left > 0)
                RC_ASSERT(!often.play("{" + at(print(today)) + "'refund_of':'" + number + "','lines':[{'code':'A','qty':'" + std::to_string(left) + "'}]}")
                               .contains("refused"));
        RC_ASSERT(balance(often, print(today)) == "0.00");
        RC_ASSERT(often.verify().ok());
        RC_ASSERT(once.verify().ok());
    }));
}

TEST_CASE("lots that are kept come to the same as all movements, whatever happens after them") {
    Shop shop;
    shop.catalogue(expiry_goods);
    shop.policy(R"({"points_expire_months":1})");
    test::SeededRandom dice(5);
    const auto kept = [&] { return shop.database().integer("SELECT seq FROM expiry_lots"); };
    const auto all = [](const std::optional<Expiry>& expiry) {
        std::string text = print(expiry->due);
        for (const auto& each : expiry->coming) text += " " + print(each.last_day) + " " + print(each.points);
        return text;
    };
    Instant now = test::instant("2026-01-01T12:00:00Z");
    std::string id;
    std::vector<std::string> receipts;
    int went_on = 0;
    for (int i = 0; i < 400; ++i) {
        now.ms += dice.below(20) ? dice.below(40'000'000) : dice.below(1'500'000'000);
        if (i == 300) now.ms -= 3'000'000'000;  // a clock that goes back
        shop.clock().set(now);
        const auto what = dice.below(12);
        if (what == 0 && !receipts.empty())
            shop.play("{'refund_of':'" + receipts[dice.next() % receipts.size()] + "','lines':[{'code':'A'}]}");
        else if (what == 1)
            shop.play("{'correct':{'customer':'CARD-1','points':'" + std::to_string(dice.below(40) - 20) + "','reason':'x'}}");
        else if (what == 2)
            shop.play("{'deposit':{'customer':'CARD-1','amount':'1.00'}}");
        else
            receipts.push_back(shop.play("{'customer':'CARD-1','lines':[{'code':'A','qty':'2'}]" + std::string(dice.below(3) ? "" : ",'redeem':'max'") +
                                         "}")["receipt"].get<std::string>());
        if (id.empty()) id = customer_by_card(shop.database(), "CARD-1")->terms.id;
        const auto before = kept();
        const std::string going_on = all(expiry_of(shop.node(), id));
        shop.database().execute("SAVEPOINT anew");
        shop.database().run("DELETE FROM expiry_lots");
        CHECK(going_on == all(expiry_of(shop.node(), id)));
        shop.database().execute("ROLLBACK TO anew; RELEASE anew");
        went_on += before && kept() == before;
    }
    CHECK(went_on > 100);
    CHECK(verify(shop.database(), {3, 1}).ok());
    shop.database().run("UPDATE expiry_lots SET lots = '0 0 0 1 100 1'");
    const auto found = verify(shop.database(), {3, 1});
    REQUIRE(found.faults.size() == 1);
    CHECK(found.faults[0].find("expiry_lots: holds") == 0);
    // A text that is none is as good as none.
    shop.database().run("UPDATE expiry_lots SET lots = 'x'");
    CHECK(expiry_of(shop.node(), id).has_value());
    CHECK(!PointLots::parse("0 0", 1, prague));
    CHECK(!PointLots::parse("0 0 0 1", 1, prague));
    CHECK(PointLots::parse("0 0 0 20454 1000 1", 1, prague)->text() == "0 0 0 20454 1000 1");
}
