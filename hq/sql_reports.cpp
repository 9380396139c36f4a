// Reports from HQ's store: sums by SQL, days by the time zone.
#include <fmt/format.h>

#include <array>
#include <cassert>
#include <map>
#include <unordered_map>

#include "hq/sql_statements.h"
#include "node/cashbook.h"

namespace paprsek::hq {
namespace {

/// `f` names the table with fact and at.
constexpr const char* node_of_fact = "JOIN chain h ON h.id = f.fact >> 32 JOIN node n ON n.id = h.node ";
constexpr const char* in_period = "f.at >= ?1 AND f.at < ?2 AND (?3 < 0 OR n.branch = ?3) ";

std::string sql_of(std::string_view select, std::string_view from, std::string_view rest) {
    return fmt::format("{} FROM {} f {} WHERE {} {}", select, from, node_of_fact, in_period, rest);
}

std::string node_name(const SqlRows& row, int branch, int till) { return fmt::format("{}.{}", row.integer(branch), row.integer(till)); }

/// Sums by quarter of an hour, of which every zone's days are made, added up to days.
std::vector<node::Json> sales(SqlDatabase& database, const ReportQuery& query) {
    constexpr std::int64_t quarter_ms = 900'000;
    constexpr int amounts = 10;
    constexpr std::array<const char*, amounts> names = {"net",  "redeemed", "rounding", "total",          "cash",
                                                        "card", "account",  "voucher",  "points_awarded", "points_taken"};
    struct Day {
        std::int64_t receipts = 0, refunds = 0;
        std::array<std::int64_t, amounts> sums{};
    };
    std::map<std::tuple<std::int32_t, std::int64_t, std::int64_t>, Day> days;
    const std::string sql = sql_of(
        "SELECT f.at / 900000, n.branch, n.till, sum(1 - f.refund), sum(f.refund), sum(f.net), sum(f.redeemed), sum(f.rounding), "
        "sum(f.net - f.redeemed + f.rounding), sum(f.cash), sum(f.card), sum(f.account), sum(f.voucher), sum(f.points), sum(f.taken)",
        "sale", "GROUP BY f.at / 900000, n.branch, n.till");
    for (auto row = period(database, sql, query); row.step();) {
        const node::Date date = query.zone->local({row.integer(0) * quarter_ms}).date;
        Day& day = days[{date.days, row.integer(1), row.integer(2)}];
        day.receipts += row.integer(3);
        day.refunds += row.integer(4);
        for (int i = 0; i < amounts; ++i) day.sums[static_cast<std::size_t>(i)] += row.integer(5 + i);
    }
    std::vector<node::Json> rows;
    for (const auto& [key, day] : days) {
        const auto& [date, branch, till] = key;
        node::Json json = {
            {"day", node::print(node::Date{date})}, {"node", fmt::format("{}.{}", branch, till)}, {"receipts", day.receipts}, {"refunds", day.refunds}};
        for (std::size_t i = 0; i < names.size(); ++i) json[names[i]] = money(day.sums[i]);
        rows.push_back(std::move(json));
    }
    return rows;
}

/// A closing comes from outside: one that does not have the form shows its place and no figures.
node::Json printed(const node::Json& body) {
    try {
        return body.is_object() ? node::printed_closing(body) : node::Json::object();
    } catch (const node::Json::exception&) {
        return node::Json::object();
    } catch (const node::Overflow&) {
        return node::Json::object();
    }
}

std::vector<node::Json> closings(SqlDatabase& database, const ReportQuery& query) {
    std::vector<node::Json> rows;
    const std::string sql = sql_of("SELECT n.branch, n.till, f.at, (SELECT body FROM fact WHERE id = f.fact)", "closing", "ORDER BY n.branch, n.till, f.fact");
    for (auto row = period(database, sql, query); row.step();) {
        node::Json json = {{"node", node_name(row, 0, 1)}, {"at", query.zone->print(row.instant(2))}};
        json.update(printed(node::Json::parse(row.view(3), nullptr, false)));
        rows.push_back(std::move(json));
    }
    return rows;
}

node::Json customer_columns(const node::CustomerRow& customer) {
    return {{"number", customer.number ? node::Json(*customer.number) : node::Json()}, {"name", customer.texts.name}, {"cards", customer.cards}};
}

node::Json customer_json(const node::CustomerRow& customer) {
    node::Json json = customer_columns(customer);
    json["points"] = node::print(customer.points);
    json["spend"] = node::print(customer.spend);
    json["debt"] = node::print(customer.debt);
    return json;
}

}  // namespace

std::vector<node::Json> SqlStore::report(const std::string& kind, const ReportQuery& query) {
    if (kind == "sales") return sales(*database_, query);
    if (kind == "closing") return closings(*database_, query);
    if (kind == "stock") return stock_report(*database_, query);
    if (kind == "transit") return transit_report(*database_, query);
    std::vector<node::Json> rows;
    if (kind == "customers") {
        std::unordered_map<std::int64_t, std::vector<std::string>> cards;
        for (auto card = database_->walk("SELECT customer, code FROM customer_card ORDER BY customer, code"); card.step();)
            cards[card.integer(0)].push_back(card.text(1));
        auto row = database_->walk(std::string(select_customers) +
                                   "WHERE c.main IS NULL ORDER BY c.number IS NULL, c.number, "
                                   "coalesce((SELECT min(code) FROM customer_card WHERE customer = c.row), ''), c.id");
        while (row.step()) {
            node::CustomerRow customer = customer_row(row);
            customer.cards = std::move(cards[row.integer(1)]);
            rows.push_back(customer_json(customer));
        }
    } else if (kind == "accounts") {
        auto row = database_->query(
            "SELECT coalesce(c.main, c.row) AS who, sum(CASE m.kind WHEN 'sale' THEN m.debt ELSE 0 END), "
            "-sum(CASE m.kind WHEN 'refund' THEN m.debt ELSE 0 END), -sum(CASE m.kind WHEN 'settlement' THEN m.debt ELSE 0 END) "
            "FROM movement m JOIN customer c ON c.row = m.customer WHERE m.debt <> 0 GROUP BY who ORDER BY who");
        while (row.step()) {
            const node::CustomerRow customer = customer_state(row.integer(0));
            node::Json json = customer_columns(customer);
            json["charged"] = money(row.integer(1));
            json["returned"] = money(row.integer(2));
            json["settled"] = money(row.integer(3));
            json["debt"] = node::print(customer.debt);
            json["limit"] = node::print(customer.limit);
            rows.push_back(std::move(json));
        }
    } else if (kind == "movements") {
        auto row = database_->walk(
            "SELECT coalesce(c.main, c.row), f.at, n.branch, n.till, h.epoch, s.number, f.kind, m.kind, m.points, m.spend, m.debt, m.fact "
            "FROM movement m JOIN customer c ON c.row = m.customer JOIN fact f ON f.id = m.fact JOIN chain h ON h.id = m.fact >> 32 "
            "JOIN node n ON n.id = h.node LEFT JOIN sale s ON s.fact = m.fact "
            "WHERE f.at >= ?1 AND f.at < ?2 AND (?3 < 0 OR n.branch = ?3) AND (?4 = 0 OR c.row = ?4 OR c.main = ?4) ORDER BY f.at, m.fact, m.kind",
            query.from ? query.from->ms : 0, query.until ? query.until->ms : forever, query.branch.value_or(-1), query.customer);
        std::unordered_map<std::int64_t, node::Json> columns;
        while (row.step()) {
            const std::int64_t who = row.integer(0);
            if (!columns.contains(who)) columns[who] = customer_columns(customer_state(who));
            node::Json json = columns[who];
            json["at"] = query.zone->print(row.instant(1));
            json["node"] = node_name(row, 2, 3);
            json["seq"] = seq_of(row.integer(11));
            if (!row.is_null(5)) json["receipt"] = fmt::format("{}-{:06}", node_name(row, 2, 3), row.integer(5));
            json["kind"] = row.text(7);
            json["points"] = money(row.integer(8));
            json["spend"] = money(row.integer(9));
            json["debt"] = money(row.integer(10));
            rows.push_back(std::move(json));
        }
    } else if (kind == "rights") {
        rows = right_rows(query.customer);
    } else {
        assert(!"a kind of report that Headquarters::report lets through");
    }
    return rows;
}

Counts SqlStore::counts() {
    const auto count = [&](const char* sql) { return database_->integer(sql).value_or(0); };
    return {count("SELECT coalesce(sum(held - base), 0) FROM chain"), count("SELECT count(*) FROM customer WHERE main IS NULL"),
            count("SELECT count(*) FROM product"), count("SELECT count(*) FROM sale")};
}

}  // namespace paprsek::hq
