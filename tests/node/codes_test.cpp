// PRODUCT.md "Codes". Check digits and Luhn sums were worked out apart from the code.
#include <doctest/doctest.h>

#include <algorithm>

#include "node/codes.h"
#include "node/till_reports.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;

namespace {

const std::vector<BarcodeRule> weights = {{"weight", "28IIII0WWWWWK", "g", 10}, {"weight", "29IIII0WWWWWK", "g", 10}};

}  // namespace

TEST_CASE("codes are compared without case and outer blanks; UPC-A is EAN-13 with a leading zero") {
    CHECK(normalise_code(" ab-12x ") == "AB-12X");
    CHECK(normalise_code("036000291452") == "0036000291452");
    CHECK(normalise_code("0036000291452") == "0036000291452");
    CHECK(normalise_code("036000291453") == "036000291453");  // a wrong check digit: no UPC-A, kept as it is
    CHECK(normalise_code("0017") == "0017");                  // zeros belong to a product's code
    CHECK(normalise_code("") == "");
    CHECK(normalise_code("a\tb") == "");
    CHECK(normalise_code(std::string(64, 'a')).size() == 64);
    CHECK(normalise_code(std::string(65, 'a')).empty());
}

TEST_CASE("check digits of every GTIN length") {
    for (const char* right : {"96385074", "036000291452", "8594001021239", "18594001021236"}) {
        CAPTURE(std::string(right));
        CHECK(gtin_check_digit_ok(right));
        std::string wrong = right;
        wrong.back() = wrong.back() == '9' ? '0' : static_cast<char>(wrong.back() + 1);
        CHECK(!gtin_check_digit_ok(wrong));
        CHECK(has_gtin_length(wrong));
    }
    for (const char* other : {"1234567", "123456789", "12345678901", "123456789012345", "8594001O21239", ""}) {
        CAPTURE(std::string(other));
        CHECK(!has_gtin_length(other));
        CHECK(!gtin_check_digit_ok(other));
    }
}

TEST_CASE("a weight rule takes the item with its zeros and grams, and wants the right check digit") {
    const auto match = match_barcode("2800420012502", weights);
    REQUIRE(match);
    CHECK(match->item == "0042");
    CHECK(match->quantity->raw() == 1250);
    CHECK(!match->price);
    CHECK(match_barcode("2900420005006", weights)->quantity->raw() == 500);
    CHECK(match_barcode("2800420000004", weights)->quantity->raw() == 0);
    CHECK(!match_barcode("2800420012503", weights));   // wrong check digit
    CHECK(!match_barcode("2700420012505", weights));   // no rule begins with 27
    CHECK(!match_barcode("280042001250", weights));    // a digit short
    CHECK(!match_barcode("2812340999990", weights));
    CHECK(match_barcode("2812340999993", weights)->quantity->raw() == 99999);
}

TEST_CASE("of several rules the highest priority is taken, then the earlier one") {
    const std::vector<BarcodeRule> rules = {{"low", "28IIIIIIIIIIK", "", 1}, {"first", "28IIII0WWWWWK", "g", 5}, {"second", "28IIII0PPPPPK", "", 5}};
    CHECK(match_barcode("2800420012502", rules)->rule->name == "first");
    const std::vector<BarcodeRule> card = {{"card", "29CCCCCCCCCCK", "", 20}, {"weight", "29IIII0WWWWWK", "g", 10}};
    CHECK(match_barcode("2900420005006", card)->customer);
    const std::vector<BarcodeRule> price = {{"price", "28IIII0PPPPPK", "", 0}};
    CHECK(match_barcode("2800420012502", price)->price->raw() == 1250);
}

TEST_CASE("patterns that cannot work are refused with a reason") {
    const struct {
        const char* pattern;
        const char* unit;
        bool good;
    } table[] = {
        {"28IIII0WWWWWK", "g", true},  {"29CCCCCCCCCCK", "", true},    {"20IIIIPPPPPPK", "", true}, {"II99", "", true},           {"", "", false},
        {"28IIII0WWWWWK", "", false},  {"28IIII0WWWWWK", "kg", false}, {"28IIIIX", "", false},      {"28KIIII", "", false},       {"2800000000000", "", false},
        {"28IIIIWWPPPPK", "g", false}, {"28CCCCIIIIIIK", "", false},   {"28IIIIK", "", false},      {"28IIIIIIIIIIK", "g", false}};
    for (const auto& row : table) {
        CAPTURE(std::string(row.pattern));
        CHECK(fault_of({"rule", row.pattern, row.unit, 0}).empty() == row.good);
    }
}

TEST_CASE("payment cards: Luhn-valid, of a scheme's prefix and length") {
    for (const char* card : {"4111111111111111", "5555555555554444", "2223003122003222", "378282246310005", "371449635398431", "340000000000009",
                             "6011111111111117", "5100000000000008", "5500000000000004", "2221000000000009", "2720000000000005", "4000000000000000006",
                             "400000000000000002", "40000000000000006", "6000000000000000004", "2221000000000000000"}) {
        CAPTURE(std::string(card));
        CHECK(looks_like_payment_card(card));
    }
    for (const char* other : {"4111111111111112",       // Luhn-invalid
                              "5000000000000009", "5600000000000003", "2220000000000000", "2721000000000004",  // beside the ranges
                              "400000000000006", "600000000000004",         // 15 digits, but not from 34 or 37
                              "350000000000006", "330000000000001",         // 15 digits beside them
                              "3400000000000000", "3530111333300000",       // 16 digits from 3
                              "4222222222222", "30569309025904",            // 13 and 14 digits
                              "2900000000018", "", "41111111x1111111"}) {
        CAPTURE(std::string(other));
        CHECK(!looks_like_payment_card(other));
    }
}

TEST_CASE("up to four digits are a customer number, leading zeros ignored") {
    CHECK(as_customer_number("17") == 17);
    CHECK(as_customer_number("0017") == 17);
    CHECK(as_customer_number(" 9999 ") == 9999);
    CHECK(!as_customer_number("00017"));
    CHECK(!as_customer_number("12345"));
    CHECK(!as_customer_number("12a"));
    CHECK(!as_customer_number(""));
    CHECK(!as_customer_number("-1"));
}

TEST_CASE("at the till: exact code, then known card, then rule") {
    test::Shop shop;
    shop.catalogue(
        "code,name,price,vat\n0042,Ham,200.00,B\n2800430012509,Exact,7.00,A\n0043,Cheese,100.00,B\nabc,Letters,1.00,A\n036000291452,American,3.00,A\n");
    shop.customers("number,name,cards\n1,Anna,2900420005006\n17,Petr,\n");

    auto line = [&](const char* text) { return shop.play(text)["lines"]; };
    // 1.250 kg of ham at 200.00
    auto weighed = line("{'lines':[{'code':'2800420012502'}]}");
    CHECK(weighed[0]["qty"] == "1.25");
    CHECK(weighed[0]["gross"] == "250.00");
    // An exact code wins over the rule that would sell 1.250 kg of cheese.
    auto exact = line("{'lines':[{'code':'2800430012509'}]}");
    CHECK(exact[0]["name"] == "Exact");
    CHECK(exact[0]["gross"] == "7.00");
    // A known card wins over the rule that would sell 0.500 kg of ham.
    auto card = shop.play("{'lines':[{'code':'abc'},{'code':'2900420005006'}]}");
    CHECK(card["lines"].size() == 1);
    CHECK(card["customer"] == "2900420005006");

    CHECK(shop.refusal("{'lines':[{'code':'2800420012503'}]}") == "unknown_code");  // wrong check digit
    CHECK(shop.refusal("{'lines':[{'code':'2907770000019'}]}") == "unknown_code");  // item 0777 is not in the catalogue
    CHECK(shop.refusal("{'lines':[{'code':'42'}]}") == "unknown_code");             // 0042 keeps its zeros
    CHECK(shop.refusal("{'lines':[{'code':'2800420000004'}]}") == "bad_quantity");  // no grams
    CHECK(line("{'lines':[{'code':'ABC'}]}")[0]["gross"] == "1.00");
    CHECK(line("{'lines':[{'code':'036000291452'}]}")[0]["gross"] == "3.00");
    CHECK(line("{'lines':[{'code':'0036000291452'}]}")[0]["gross"] == "3.00");
    CHECK(shop.refusal("{'lines':[{'code':'36000291452'}]}") == "unknown_code");
    // `3*` before a weighed barcode: three such packages.
    CHECK(line("{'lines':[{'code':'2800420012502','qty':'3'}]}")[0]["gross"] == "750.00");
}

TEST_CASE("customers at the till: number, card, payment card, card that nobody knows") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,10.00,A\n");
    shop.customers("number,name,cards\n17,Petr,4111x\n");
    const auto before = shop.facts();
    auto sale = [&](const std::string& customer) { return shop.play("{'customer':'" + customer + "','lines':[{'code':'A'}]}"); };
    CHECK(sale("0017")["customer"] == "0017");
    CHECK(sale("17")["points_balance"] == "20.00");
    CHECK(sale("18")["refused"] == "unknown_customer");
    CHECK(sale("0000")["refused"] == "unknown_customer");
    CHECK(sale("")["refused"] == "unknown_customer");
    CHECK(sale("4111111111111111")["refused"] == "payment_card");
    CHECK(sale("4111 1111 1111 1111")["refused"] == "payment_card");  // as it is embossed
    CHECK(shop.facts() == before + 2);
    // Five digits are a card, and a card alone is a customer.
    CHECK(sale("12345")["points_balance"] == "10.00");
    CHECK(sale("12345")["points_balance"] == "20.00");
    CHECK(shop.customer("12345")["points"] == "20.00");
    CHECK(shop.facts() == before + 5);  // two sales, one registration, two sales
    // A line without customer leaves the customer's fields out.
    const auto plain = shop.play("{'lines':[{'code':'A'}]}");
    for (const char* key : {"customer", "points_awarded", "points_taken", "points_balance", "spend"}) CHECK(!plain.contains(key));
}

TEST_CASE("a known customer's card is taken although it looks like a payment card") {
    // A branch gets such a card from HQ, where it was entered before the rule.
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,10.00,A\n");
    CustomerRow row;
    row.id = "c1";
    row.cards = {"4111111111111111"};
    {
        Transaction transaction(shop.database());
        apply(shop.database(), row, 1, 0);
        transaction.commit();
    }
    CHECK(shop.play("{'customer':'4111111111111111','lines':[{'code':'A'}]}")["points_awarded"] == "10.00");
}

TEST_CASE("a product's code or a cashier's badge becomes nobody's card by being shown as one") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\n8594001021239,Bread,10.00,A\n");
    shop.policy(R"({"allow_customer_by_card":true})");
    {
        Till till(shop.node(), Keep::at_payment);
        UserChange boss;
        boss.name = "Boss";
        boss.add = true;
        boss.role = "administrator";
        boss.pin = "2580";
        boss.badge = "9000000000001";
        User made;
        REQUIRE(till.change_user(boss, made).ok());
    }
    CHECK(shop.refusal("{'customer':'8594001021239','lines':[{'code':'8594001021239'}]}") == "unknown_customer");
    CHECK(shop.refusal("{'customer':'9000000000001','lines':[{'code':'8594001021239'}]}") == "unknown_customer");
    CHECK(shop.play("{'customer':'9000000000002','lines':[{'code':'8594001021239'}]}")["customer"] == "9000000000002");
}

TEST_CASE("who may be registered by card alone is the policy's") {
    test::Shop shop;
    shop.catalogue("code,name,price,vat\nA,Bread,10.00,A\n");
    const std::string programme =
        R"("programmes":[{"name":"P","discount":"5","card_ranges":[["70000","70009"]],"valid_from":"2026-03-01","valid_to":"2026-03-02"}])";
    shop.policy("{\"allow_customer_by_card\":false," + programme + "}");
    CHECK(shop.refusal("{'customer':'60000','lines':[{'code':'A'}]}") == "unknown_customer");
    CHECK(shop.play("{'customer':'70009','lines':[{'code':'A'}]}")["net"] == "9.50");  // a foreign card of a programme is known by its range
    CHECK(shop.refusal("{'customer':'70010','lines':[{'code':'A'}]}") == "unknown_customer");
    shop.policy(R"({"demand_details":true})");
    CHECK(shop.refusal("{'customer':'60000','lines':[{'code':'A'}]}") == "details_demanded");
    CHECK(shop.play("{'customer':'70009','lines':[{'code':'A'}]}")["net"] == "10.00");
}

TEST_CASE("a magnetic stripe gives its card's code") {
    CHECK(code_of_stripe("%B6400000000123^NOVAK/JAN^2512101?") == "6400000000123");
    CHECK(code_of_stripe(";6400000000123=25121010000?") == "6400000000123");
    CHECK(code_of_stripe("6400000000123=25121010000?") == "6400000000123");  // its ";" was the till's key
    CHECK(code_of_stripe(";6400000000123?") == "6400000000123");
    CHECK(code_of_stripe("%6400000000123?") == "6400000000123");
    CHECK(code_of_stripe("%AB64^NOVAK/JAN?;6400=1?") == "AB64");
    CHECK(code_of_stripe(";6400000000123") == "6400000000123");
    for (const char* plain : {"6400000000123", "ABC=12", "12=34", "%B12", "", "17", "%12", "%?", "%^?", ";17", ";AB12345"}) {
        CAPTURE(plain);
        CHECK(code_of_stripe(plain) == plain);
    }
}

TEST_CASE("leading zeros that a spreadsheet took away are found again, and nothing else is") {
    CHECK(codes_with_lost_zeros("0012345678905") == std::vector<std::string>{"012345678905", "12345678905"});
    CHECK(codes_with_lost_zeros("01234565") == std::vector<std::string>{"1234565"});
    for (const char* none : {"0012345678906",  // wrong check digit
                             "8594001021239", "00000048", "0000000000048", "0012", "00ABC", ""}) {
        CAPTURE(std::string(none));
        const auto codes = codes_with_lost_zeros(none);
        CHECK(std::none_of(codes.begin(), codes.end(), [](const std::string& code) { return code.size() < 7; }));
        if (std::string(none) != "00000048" && std::string(none) != "0000000000048") CHECK(codes.empty());
    }
    test::Shop shop;
    shop.catalogue("code,name,price,vat\n12345678905,Juice,10.00,A\n1234565,Gum,5.00,A\n48,Bag,2.00,A\n00048,Box,3.00,A\n0000001234565,Exact,7.00,A\n");
    const auto sold = [&](const char* code) { return shop.play(std::string("{'lines':[{'code':'") + code + "'}]}"); };
    CHECK(sold("0012345678905")["net"] == "10.00");
    CHECK(sold("0012345678905")["lines"][0]["code"] == "0012345678905");  // as scanned
    CHECK(sold("012345678905")["net"] == "10.00");                       // the same as UPC-A
    CHECK(sold("00012345678905")["net"] == "10.00");                     // and as GTIN-14
    CHECK(sold("01234565")["net"] == "5.00");
    CHECK(sold("0000001234565")["net"] == "7.00");  // exact goes first
    for (const char* other : {"0012345678906", "00000048", "0000000000048", "048", "0048", "12345678"}) {
        CAPTURE(std::string(other));
        CHECK(sold(other)["refused"] == "unknown_code");
    }
    const auto receipt = sold("0012345678905");
    // It comes back under the code that was scanned.
    const auto back = shop.play("{'refund_of':'" + receipt["receipt"].get<std::string>() + "','lines':[{'code':'0012345678905'}]}");
    CHECK(back["net"] == "-10.00");
    // What could be one of two products is nobody's.
    shop.catalogue("code,name,price,vat\n0012345678905,Other,1.00,A\n");
    CHECK(sold("00012345678905")["refused"] == "unknown_code");
    CHECK(sold("0012345678905")["net"] == "1.00");
}

TEST_CASE("rules by priority: weight, price, customer, badge; the first that fits decides alone") {
    test::Shop shop;
    shop.policy(R"({"barcode_rules":[{"name":"weight","pattern":"28IIII0WWWWWK","unit":"g","priority":10},
                    {"name":"price","pattern":"23IIIIIPPPPPK","priority":5},{"name":"card","pattern":"24CCCCCCCCCCK","priority":5},
                    {"name":"badge","pattern":"25BBBBBBBBBBK","priority":5},{"name":"any","pattern":"2IIIIIIIIIIIK","priority":1}]})");
    shop.catalogue("code,name,price,vat\n0042,Ham,200.00,B\n00042,Cake,1.00,B\n80042000000,Wrong,1.00,B\n");
    const auto sold = [&](const char* code) { return shop.play(std::string("{'lines':[{'code':'") + code + "'}]}"); };
    const auto cake = sold("2300042012503");
    CHECK(cake["net"] == "12.50");  // the price that the label says
    CHECK(report(shop.node(), "traces", {}).empty());
    CHECK(shop.play("{'lines':[{'code':'2300042012503','qty':'2'}]}")["net"] == "25.00");
    CHECK(shop.refusal("{'lines':[{'code':'2500000000010'}]}") == "unknown_badge");
    CHECK(shop.refusal("{'lines':[{'code':'2300043012502'}]}") == "unknown_code");  // its item is not known, and the rule "any" is not asked
    const auto customer = shop.play("{'lines':[{'code':'2400000000013'},{'code':'0042'}]}");
    CHECK(customer["customer"] == "2400000000013");

    const auto told = [&](const char* code) { return explain_code(shop.node(), code); };
    const Json weight = told("2800420012502");
    CHECK(weight["found"] == "product");
    CHECK(weight["product"]["name"] == "Ham");
    CHECK(weight["quantity"] == "1.25");
    CHECK(weight["check_digit"] == "right");
    REQUIRE(weight["steps"].size() == 8);
    CHECK(weight["steps"][0] == Json{{"asked", "exact code"}, {"matched", false}, {"why", "no product has it"}});
    CHECK(weight["steps"][2]["asked"] == "rule weight 28IIII0WWWWWK (priority 10)");
    CHECK(weight["steps"][2]["matched"] == true);
    CHECK(weight["steps"][2]["why"] == "item 0042, 1.25 kg: Ham at 200.00");
    CHECK(weight["steps"][3]["why"] == "not asked: the code was found before");
    const Json wrong = told("2800420012503");
    CHECK(wrong["found"] == "nothing");
    CHECK(wrong["check_digit"] == "wrong");
    CHECK(wrong["steps"][2]["why"] == "its check digit 3 is wrong");
    CHECK(wrong["steps"][3]["why"] == "digit 2 is 8 and the pattern says 3");
    CHECK(told("2300043012502")["steps"][6]["why"] == "not asked: a rule before it fits");
    CHECK(told("12")["steps"][2]["why"] == "it has 2 digits and the pattern 13");
    CHECK(told("abc")["steps"][2]["why"] == "it holds other signs than digits");
    CHECK(told("2500000000010")["found"] == "badge");
    CHECK(told("2400000000020")["found"] == "customer");
    CHECK(told("2400000000013")["customer"]["id"] == customer_of_card("2400000000013"));
    CHECK(told(" ")["steps"][0]["asked"] == "code");
    CHECK(told("0042")["found_as"] == "0042");
    CHECK(!fault_of({"x", "25BBBBBBBBIIK", "", 0}).empty());
}
