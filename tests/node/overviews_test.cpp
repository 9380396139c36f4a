// What the customers' screens list: who brought whom, and which goods have a dealer's discount.
#include <doctest/doctest.h>

#include <algorithm>

#include "node/customer_desk.h"
#include "node/dealers.h"
#include "node/referrals.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::Shop;

TEST_CASE("L15: the ties of one customer and of all, with what was passed on") {
    Shop shop;
    shop.policy(R"({"referral":{"share":"10","of":"points"}})");
    shop.catalogue("code,name,price,vat\nA,Apple,100.00,B\n");
    shop.customers("number,name,cards,referrer\n1,Anna,1000001,\n2,Ben,1000002,1\n3,,1000003,1\n4,Dan,1000004,2\n");
    shop.play("{'at':'2026-03-02T10:00:00+01:00','customer':'2','lines':[{'code':'A','qty':'2'}]}");
    const auto ties = [&](const char* who) { return referral_ties(shop.database(), *named_customer(shop.database(), who)); };
    CHECK(ties("1").brought == 2);
    CHECK(ties("1").referrer.empty());
    CHECK(ties("2").referrer == "Anna");
    CHECK(ties("2").brought == 1);
    CHECK(ties("4").brought == 0);
    CHECK(!ties("4").empty());
    const auto rows = [&](const std::string& of, int most) {
        std::vector<std::string> list;
        for (const ReferralRow& row : referral_rows(shop.database(), of, most))
            list.push_back(std::to_string(*row.referrer.number) + ">" + std::to_string(*row.customer.number) + " " + print(row.points));
        std::sort(list.begin(), list.end());
        return list;
    };
    CHECK(rows("", 100) == std::vector<std::string>{"1>2 20.00", "1>3 0.00", "2>4 0.00"});
    CHECK(rows("", 2).size() == 2);
    const std::string ben = named_customer(shop.database(), "2")->terms.id;
    CHECK(rows(ben, 100) == std::vector<std::string>{"1>2 20.00", "2>4 0.00"});
}

TEST_CASE("L12: goods with a dealer's discount, by category") {
    Shop shop;
    shop.catalogue("code,name,price,vat,dealer_discounts\nA,Apple,100.00,B,DEA:20|VIP:30\nB,Bread,50.00,B,\nC,Cake,60.00,B,DEA:5\n");
    std::vector<std::string> list;
    for (const DealerRow& row : dealer_rows(shop.database(), 100)) list.push_back(row.dealer + " " + row.name + " " + print(row.percent));
    CHECK(list == std::vector<std::string>{"DEA Apple 20", "DEA Cake 5", "VIP Apple 30"});
    CHECK(dealer_rows(shop.database(), 1).size() == 2);
}
