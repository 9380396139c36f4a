#include "node/sales_reports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <functional>
#include <map>

#include "node/base/error.h"

namespace paprsek::node {
namespace {

struct SalesSum {
    std::int64_t receipts = 0, refunds = 0;
    Money net, redeemed, rounding, total;
    Points points, taken;
};

/// Sums of receipts under a key that is made of each.
template <class Key>
std::map<Key, SalesSum> sum_receipts(Node& node, Span span, const std::function<Key(const Statement&)>& key_of) {
    std::map<Key, SalesSum> sums;
    auto rows = node.database().query(
        "SELECT at, refund_of IS NOT NULL, net, redeemed, rounding, total, points, taken, cashier FROM receipt WHERE at >= ? AND at < ?", span.from, span.to);
    while (rows.step()) {
        SalesSum& sum = sums[key_of(rows)];
        ++(rows.flag(1) ? sum.refunds : sum.receipts);
        sum.net += rows.decimal<Money>(2);
        sum.redeemed += rows.decimal<Money>(3);
        sum.rounding += rows.decimal<Money>(4);
        sum.total += rows.decimal<Money>(5);
        sum.points += rows.decimal<Points>(6);
        sum.taken += rows.decimal<Points>(7);
    }
    return sums;
}

Json takings_row(const char* key, std::string value, const SalesSum& sum) {
    return {{key, std::move(value)},
            {"receipts", sum.receipts},
            {"refunds", sum.refunds},
            {"net", print(sum.net)},
            {"redeemed", print(sum.redeemed)},
            {"rounding", print(sum.rounding)},
            {"total", print(sum.total)},
            {"points_awarded", print(sum.points)},
            {"points_taken", print(sum.taken)}};
}

Json by_day(Node& node, Span span) {
    Json list = Json::array();
    for (const auto& [date, sum] : sum_receipts<Date>(node, span, [&](const Statement& row) { return node.zone().local(row.instant(0)).date; }))
        list.push_back(takings_row("day", print(date), sum));
    return list;
}

Json by_hour(Node& node, Span span) {
    Json list = Json::array();
    const auto hour_of = [&](const Statement& row) { return node.zone().local(row.instant(0)).minute / 60; };
    for (const auto& [hour, sum] : sum_receipts<int>(node, span, hour_of)) list.push_back(takings_row("hour", fmt::format("{:02}:00", hour), sum));
    return list;
}

Json by_weekday(Node& node, Span span) {
    static constexpr std::array names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    Json list = Json::array();
    const auto day_of = [&](const Statement& row) { return static_cast<std::size_t>(weekday_of(node.zone().local(row.instant(0)).date)); };
    for (const auto& [day, sum] : sum_receipts<std::size_t>(node, span, day_of)) list.push_back(takings_row("weekday", names.at(day), sum));
    return list;
}

Json by_cashier(Node& node, Span span) {
    Json list = Json::array();
    for (const auto& [cashier, sum] : sum_receipts<std::string>(node, span, [](const Statement& row) { return row.text(8); }))
        list.push_back(takings_row("cashier", cashier, sum));
    return list;
}

/// `key`, `name` and `apart`, by what else rows are told apart, are SQL over receipt_line l and product p. Grouped by place: an alias would lose
/// against a column of its name.
Json by_line(Node& node, Span span, const char* key, const char* name, const std::vector<std::string>& columns, const char* apart = "") {
    Json list = Json::array();
    auto rows = node.database().query(
        fmt::format("SELECT {0}, {1}, sum(l.quantity), sum(l.gross), sum(l.net), sum(l.cost) FROM receipt r JOIN receipt_line l ON l.receipt = r.number "
                    "LEFT JOIN product p ON p.key = l.product WHERE r.at >= ? AND r.at < ? GROUP BY 1{2} ORDER BY sum(l.net) DESC, 1, 2",
                    key, name, apart),
        span.from, span.to);
    while (rows.step()) {
        const auto gross = rows.decimal<Money>(3), net = rows.decimal<Money>(4), cost = rows.decimal<Money>(5);
        Json row = {{"qty", print(rows.decimal<Quantity>(2))}, {"gross", print(gross)}, {"discount", print(gross - net)},
                    {"net", print(net)}, {"cost", print(cost)}, {"margin", print(net - cost)}};
        for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = rows.optional_text(static_cast<int>(i)).value_or("");
        list.push_back(std::move(row));
    }
    return list;
}

/// Rule 8 works receipt by receipt, so the sums are made of the receipts' own recapitulations.
Json by_vat(Node& node, Span span) {
    std::map<std::pair<std::string, Rate>, std::pair<Money, Money>> sums;
    auto rows = node.database().query("SELECT f.kind, f.body FROM receipt r JOIN any_fact f ON f.seq = r.seq WHERE r.at >= ? AND r.at < ?", span.from, span.to);
    while (rows.step()) {
        const ReceiptFact receipt = parse_receipt(rows.view(0), rows.view(1));
        for (const ReceiptFact::VatRow& vat : receipt.vat()) {
            auto& [base, tax] = sums[{vat.group, vat.rate}];
            base += receipt.refund ? -vat.base : vat.base;
            tax += receipt.refund ? -vat.tax : vat.tax;
        }
    }
    Json list = Json::array();
    for (const auto& [key, sum] : sums)
        list.push_back({{"vat", key.first},
                        {"rate", print(key.second)},
                        {"base", print(sum.first)},
                        {"tax", print(sum.second)},
                        {"total", print(sum.first + sum.second)}});
    return list;
}

Json by_tender(Node& node, Span span) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT p.tender, count(*), sum(p.amount) FROM receipt r JOIN payment p ON p.seq = r.seq WHERE r.at >= ? AND r.at < ? GROUP BY p.tender ORDER BY "
        "p.tender",
        span.from, span.to);
    while (rows.step()) list.push_back({{"tender", rows.text(0)}, {"receipts", rows.integer(1)}, {"amount", print(rows.decimal<Money>(2))}});
    return list;
}

/// A line without a product is known by its text.
constexpr const char* text_line = ", CASE WHEN l.product IS NULL THEN l.name END";

using Query = Json (*)(Node&, Span);
const std::vector<std::pair<std::string, Query>>& queries() {
    static const std::vector<std::pair<std::string, Query>> all = {
        {"day", by_day},
        {"hour", by_hour},
        {"weekday", by_weekday},
        {"cashier", by_cashier},
        {"product", [](Node& node, Span span) { return by_line(node, span, "ifnull(l.product, '')", "max(l.name)", {"code", "name"}, text_line); }},
        {"group", [](Node& node, Span span) { return by_line(node, span, "ifnull(p.grp, '')", "''", {"group"}); }},
        {"vat", by_vat},
        {"tender", by_tender}};
    return all;
}

}  // namespace

const std::vector<std::string>& sales_groupings() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& [name, query] : queries()) all.push_back(name);
        return all;
    }();
    return names;
}

Json sales_by(Node& node, const std::string& grouping, Span span) {
    for (const auto& [name, query] : queries())
        if (name == grouping) return query(node, span);
    throw Error(Exit::usage, "--by " + grouping, "is not known", fmt::format("{}", fmt::join(sales_groupings(), ", ")));
}

std::int64_t receipts_paid(Node& node, Span span) {
    return node.database()
        .integer("SELECT count(*) FROM receipt r WHERE r.at >= ? AND r.at < ? AND EXISTS (SELECT 1 FROM payment p WHERE p.seq = r.seq)", span.from, span.to)
        .value_or(0);
}

Json ranking(Node& node, Span span) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT r.customer, c.number, c.name, count(*), sum(r.net), sum(r.points), sum(r.taken) FROM receipt r LEFT JOIN customer c ON c.id = r.customer "
        "WHERE r.customer IS NOT NULL AND r.at >= ? AND r.at < ? GROUP BY r.customer ORDER BY sum(r.net) DESC, r.customer",
        span.from, span.to);
    for (std::int64_t place = 1; rows.step(); ++place) {
        Json row = {{"place", place},
                    {"name", rows.optional_text(2).value_or("")},
                    {"receipts", rows.integer(3)},
                    {"net", print(rows.decimal<Money>(4))},
                    {"points_awarded", print(rows.decimal<Points>(5))},
                    {"points_taken", print(rows.decimal<Points>(6))}};
        const auto number = rows.optional_integer(1);
        row["number"] = number ? Json(*number) : Json(nullptr);
        row["cards"] = Json::array();
        for (auto cards = node.database().query("SELECT code FROM customer_card WHERE customer = ? ORDER BY code", rows.text(0)); cards.step();)
            row["cards"].push_back(cards.text(0));
        list.push_back(std::move(row));
    }
    return list;
}

Json purchases(Node& node, const CustomerRecord& customer, Span span) {
    Json list = Json::array();
    auto rows = node.database().query(
        "SELECT r.at, r.number, r.cashier, l.line, l.code, l.name, l.quantity, l.gross, l.net FROM receipt r JOIN receipt_line l ON l.receipt = r.number "
        "WHERE r.customer = ? AND r.at >= ? AND r.at < ? ORDER BY r.at DESC, r.number DESC, l.line",
        customer.terms.id, span.from, span.to);
    while (rows.step()) {
        const auto gross = rows.decimal<Money>(7), net = rows.decimal<Money>(8);
        list.push_back({{"at", node.zone().print(rows.instant(0))},
                        {"receipt", print_receipt_number(node.info().node, rows.integer(1))},
                        {"cashier", rows.text(2)},
                        {"line", rows.integer(3)},
                        {"code", rows.text(4)},
                        {"name", rows.text(5)},
                        {"qty", print(rows.decimal<Quantity>(6))},
                        {"gross", print(gross)},
                        {"discount", print(gross - net)},
                        {"net", print(net)}});
    }
    return list;
}

}  // namespace paprsek::node
