// Property over random histories: whatever a day brings, the books agree after each line. RapidCheck prints the seed of a
// history that fails and finds a shorter one.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "node/cashbook.h"
#include "node/customers.h"
#include "tests/support/shop.h"

using namespace paprsek;
using namespace paprsek::node;
using test::money;
using test::points;

namespace {

constexpr const char* policy =
    R"({"referral":{"share":"5","of":"points"},"multipliers":[{"factor":"1.5"}],"time_discounts":[{"from":"10:00","to":"14:00","discount":"7.5"}],
    "excluded_products":["T"],"tenders":[{"name":"meal"},{"name":"gift","change":true}],"vat":[{"group":"A","rate":"21"},{"group":"B","rate":"12"}]})";

/// Amounts of an answer.
Money field(const Json& json, const char* key) { return money(json.at(key).get<std::string>()); }

Json line_of() {
    const int kind = *rc::gen::inRange(0, 8);
    Json line = Json::object();
    if (kind == 0) {
        line = {{"text", "Loan"}, {"price", "50.00"}};
    } else if (kind == 1) {
        line = {{"code", "2800420012502"}};
    } else if (kind == 2) {
        line = {{"code", "unknown"}, {"price", "3.33"}, {"vat", "B"}};
    } else {
        line = {{"code", *rc::gen::element<std::string>("A", "B", "T", "C")}};
    }
    if (*rc::gen::inRange(0, 2)) line["qty"] = *rc::gen::element<std::string>("2", "3", "0.333");
    if (*rc::gen::inRange(0, 5) == 0) line["discount"] = *rc::gen::element<std::string>("5", "33.3", "100");
    return line;
}

Json any_count() {
    switch (*rc::gen::inRange(0, 4)) {
        case 0: return {{"counted", "100.00"}};
        case 1: return {{"denominations", {{"100", *rc::gen::inRange(0, 5)}, {"2", *rc::gen::inRange(0, 9)}}}};
        default: return Json::object();
    }
}

/// One script line; some of them are meant to be refused.
Json any_line(std::int64_t receipts) {
    const std::string customer = *rc::gen::element<std::string>("1", "2", "70000001", "70000002");
    const auto receipt = [&] { return print_receipt_number({3, 1}, *rc::gen::inRange<std::int64_t>(1, receipts + 2)); };
    Json line = Json::object();
    if (*rc::gen::inRange(0, 20) == 0) line["at"] = "2026-03-0" + std::to_string(*rc::gen::inRange(1, 9)) + "T12:00:00Z";
    switch (*rc::gen::inRange(0, 12)) {
        case 0: line["deposit"] = {{"customer", customer}, {"amount", "20.00"}}; break;
        case 1: line["correct"] = {{"customer", customer}, {"points", "-3.50"}, {"spend", "10"}, {"reason", "x"}}; break;
        case 2: line["cash"] = {{*rc::gen::element<std::string>("in", "out"), "12.30"}, {"reason", "x"}}; break;
        case 3: line[*rc::gen::element<std::string>("close_day", "open_shift", "close_shift")] = any_count(); break;
        case 4:
            line["settle"] = {{"customer", customer}, {"items", "all"}};
            if (*rc::gen::inRange(0, 2)) line["settle"]["items"] = Json::array({{{"receipt", receipt()}, {"line", *rc::gen::inRange(1, 3)}, {"qty", "1"}}});
            break;
        case 5:
        case 6:
        case 7:
            line["refund_of"] = receipt();
            line["lines"] = Json::array();
            for (int i = *rc::gen::inRange(1, 3); i > 0; --i) {
                Json item = line_of();
                for (const char* key : {"price", "vat", "discount"}) item.erase(key);
                line["lines"].push_back(item);
            }
            break;
        default:
            if (*rc::gen::inRange(0, 4)) line["customer"] = customer;
            line["lines"] = Json::array();
            for (int i = *rc::gen::inRange(1, 5); i > 0; --i) line["lines"].push_back(line_of());
            if (*rc::gen::inRange(0, 2) && line.contains("customer")) line["redeem"] = *rc::gen::element<std::string>("max", "1.23", "40.00");
            const int pay = *rc::gen::inRange(0, 5);
            if (pay == 1) line["pay"] = Json::array({{{"with", "cash"}, {"amount", "500.00"}}});
            if (pay == 2) line["pay"] = Json::array({{{"with", "card"}, {"amount", "10.00"}}, {{"with", "cash"}, {"amount", "1000.00"}}});
            if (pay == 3)
                line["pay"] = Json::array(
                    {{{"with", "meal"}, {"amount", "5.00"}}, {{"with", "gift"}, {"amount", "50.00"}}, {{"with", "cash"}, {"amount", "900.00"}}});
            if (pay == 4)
                line["pay"] = Json::array(
                    {{{"with", "account"}, {"amount", "15.00"}}, {{"with", "voucher"}, {"amount", "5.00"}}, {{"with", "cash"}, {"amount", "1000.00"}}});
    }
    return line;
}

/// Receipt arithmetic, from the answer alone.
void check_receipt(const Json& answer) {
    Money gross, discount, net, vat;
    for (const Json& line : answer["lines"]) {
        RC_ASSERT(field(line, "gross") - field(line, "discount") == field(line, "net"));
        gross += field(line, "gross");
        discount += field(line, "discount");
        net += field(line, "net");
    }
    RC_ASSERT(gross == field(answer, "gross"));
    RC_ASSERT(discount == field(answer, "discount"));
    RC_ASSERT(net == field(answer, "net"));
    RC_ASSERT(field(answer, "total") == net - field(answer, "redeemed") + field(answer, "rounding"));
    for (const Json& row : answer["vat"]) vat += field(row, "base") + field(row, "tax");
    RC_ASSERT(vat == net - field(answer, "redeemed"));  // rounding stands outside the VAT base
    RC_ASSERT(field(answer, "rounding") <= money("0.50"));
    RC_ASSERT(field(answer, "rounding") >= money("-0.50"));
}

/// What a report of a shift or day says, against the tables of the facts that it covers.
void check_closing(test::Shop& shop, const Json& z, std::int64_t seq) {
    Database& database = shop.database();
    const Json body = Json::parse(shop.node().ledger().fact(seq)->body);
    const std::int64_t first = body["first_seq"], last = body["last_seq"];
    RC_ASSERT(last == seq - 1);
    const auto sum = [&](const char* sql) { return Money::of(database.integer(sql, first, last).value_or(0)); };
    RC_ASSERT(field(z["sales"], "total") - field(z["refunds"], "total") == sum("SELECT sum(total) FROM receipt WHERE seq BETWEEN ? AND ?"));
    RC_ASSERT(field(z["sales"], "net") - field(z["refunds"], "net") == sum("SELECT sum(net) FROM receipt WHERE seq BETWEEN ? AND ?"));
    RC_ASSERT(field(z["sales"], "rounding") - field(z["refunds"], "rounding") == sum("SELECT sum(rounding) FROM receipt WHERE seq BETWEEN ? AND ?"));
    RC_ASSERT(z["sales"]["count"].get<std::int64_t>() + z["refunds"]["count"].get<std::int64_t>() ==
              database.integer("SELECT count(*) FROM receipt WHERE seq BETWEEN ? AND ?", first, last));
    Money tenders, vat, cashiers, cash;
    for (const auto& [name, amount] : z["tenders"].items()) {
        tenders += money(amount.get<std::string>());
        RC_ASSERT(money(amount.get<std::string>()).raw() ==
                  database.integer("SELECT ifnull(sum(amount), 0) FROM payment WHERE tender = ? AND seq BETWEEN ? AND ?", name, first, last));
    }
    RC_ASSERT(tenders == field(z["sales"], "total") - field(z["refunds"], "total"));
    for (const auto& [group, row] : z["vat"].items()) vat += field(row, "base") + field(row, "tax");
    const auto taxed = [&](const char* side) { return field(z[side], "net") - field(z[side], "redeemed"); };
    RC_ASSERT(vat == taxed("sales") - taxed("refunds"));
    for (const auto& [name, row] : z["cashiers"].items()) {
        cashiers += field(row, "total");
        cash += field(row, "cash");
    }
    RC_ASSERT(cashiers == tenders);
    RC_ASSERT(cash == field(z, "cash_sales") - field(z, "cash_refunds") - field(z, "loans"));
    RC_ASSERT(field(z, "cost") == sum("SELECT sum(l.cost) FROM receipt_line l JOIN receipt r ON r.number = l.receipt WHERE r.seq BETWEEN ? AND ?"));
    RC_ASSERT(field(z, "profit") == vat - field(z, "cost") - field(z, "loans"));
    RC_ASSERT(field(z, "opening") == Money::of(database.integer("SELECT ifnull(sum(amount), 0) FROM cash_movement WHERE seq < ?", first).value_or(0)));
    // The books balance.
    RC_ASSERT(field(z, "opening") + field(z, "cash_sales") - field(z, "cash_refunds") + field(z, "deposits") + field(z, "settlements") - field(z, "loans") +
                  field(z, "cash_in") - field(z, "cash_out") + field(z, "counts") ==
              field(z, "counted") - field(z, "difference"));
    RC_ASSERT(drawer(database) == field(z, "counted"));
}

void check_books(test::Shop& shop) {
    Database& database = shop.database();
    // Every balance is the sum of its movements, and what is owed is the sum of the unpaid items.
    for (const CustomerRecord& record : all_customers(database)) {
        auto sums =
            database.query("SELECT ifnull(sum(points), 0), ifnull(sum(spend), 0), ifnull(sum(debt), 0) FROM movement WHERE customer = ?", record.terms.id);
        sums.step();
        RC_ASSERT(record.terms.points.raw() == sums.integer(0));
        RC_ASSERT(record.terms.spend.raw() == sums.integer(1));
        RC_ASSERT(record.terms.debt.raw() == sums.integer(2));
        Money open;
        for (const AccountItem& item : open_items(database, record.terms.id)) open += item.open();
        RC_ASSERT(open == record.terms.debt);
    }
    RC_ASSERT(!database.integer("SELECT 1 FROM receipt r WHERE total <> (SELECT ifnull(sum(amount), 0) FROM payment WHERE seq = r.seq)"));
    RC_ASSERT(!database.integer("SELECT 1 FROM receipt r WHERE net <> (SELECT sum(net) FROM receipt_line WHERE receipt = r.number)"));
    RC_ASSERT(database.integer("SELECT count(*) FROM receipt") == database.integer("SELECT ifnull(max(number), 0) FROM receipt"));
    const Closing day = open_day(database, {3, 1});
    RC_ASSERT(day.expected == day.opening + day.cash_sales - day.cash_refunds + day.deposits + day.settlements - day.loans + day.cash_in - day.cash_out +
                                  day.counts);
    RC_ASSERT(day.expected == drawer(database));
    RC_ASSERT(drawer(database).raw() == database.integer("SELECT ifnull(sum(amount), 0) FROM cash_movement"));
    RC_ASSERT(database.integer("SELECT count(*) FROM z_report") == database.integer("SELECT ifnull(max(number), 0) FROM z_report"));
}

}  // namespace

TEST_CASE("property: after each line of a random history the books agree") {
    CHECK(rc::check("history", [] {
        test::Shop shop;
        shop.policy(policy);
        shop.catalogue("code,name,price,vat,cost\nA,Bread,12.90,B,7\nB,Soap,33.33,A,20.01\n"
                       "T,Cigarettes,139.00,A,120\nC,Candle,0.07,A,\n0042,Ham,199.90,B,99.99\n");
        shop.customers("number,name,points,charge_to_account,limit,referrer\n1,Petr,500,1,,\n2,Eva,,1,60,1\n");
        const int count = *rc::gen::inRange(5, 25);
        for (int i = 0; i < count; ++i) {
            const std::int64_t receipts = shop.database().integer("SELECT count(*) FROM receipt").value_or(0);
            const Json line = any_line(receipts);
            const auto facts = shop.facts();
            const Json answer = shop.play(line.dump());
            RC_LOG() << line.dump() << "\n" << answer.dump() << "\n";
            if (answer.contains("refused")) {
                RC_ASSERT(shop.facts() == facts);
                RC_ASSERT(answer["refused"] != "bad_line");
            } else {
                RC_ASSERT(answer["seq"] == shop.facts());
                if (answer.contains("z") || (answer.contains("shift") && answer.contains("sales"))) check_closing(shop, answer, answer["seq"]);
                if (answer.contains("receipt")) {
                    RC_ASSERT(answer["receipt"] == print_receipt_number({3, 1}, receipts + 1));
                    check_receipt(answer);
                }
            }
            check_books(shop);
        }
        const Verification verified = shop.verify();
        RC_LOG() << (verified.ok() ? "" : verified.faults.front());
        RC_ASSERT(verified.ok());
    }));
}
