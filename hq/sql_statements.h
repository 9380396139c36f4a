// The statements of the merge's inner loop, prepared once a store. Only the sql_*.cpp files of hq/ include this.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "hq/sql_store.h"

namespace paprsek::hq {

// The reports of hq/sql_stock.cpp; hq/sql_reports.cpp calls them with the others.
std::vector<node::Json> stock_report(SqlDatabase& database, const ReportQuery& query);
std::vector<node::Json> transit_report(SqlDatabase& database, const ReportQuery& query);

inline std::string money(std::int64_t raw) { return node::print(node::Money::of(raw)); }

inline constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();

/// A report's rows: ?1 and ?2 are its period, ?3 the branch or -1.
inline SqlRows period(SqlDatabase& database, std::string_view sql, const ReportQuery& query) {
    return database.query(sql, query.from ? query.from->ms : 0, query.until ? query.until->ms : forever, query.branch.value_or(-1));
}

// Of hq/sql_users.cpp, for the walk over state.
inline constexpr const char* user_columns = "SELECT version, id, name, role, badge, pin, digest, removed, branches FROM \"user\" ";
UserRecord user_of(const SqlRows& row);

inline constexpr const char* select_customers =
    "SELECT c.version, c.row, c.id, c.number, c.dealer, c.discount, c.charge, c.credit, c.referrer, c.points, c.spend, c.debt, c.last, p.body "
    "FROM customer c LEFT JOIN personal p ON p.digest = c.digest ";

/// Without cards and aliases. A first load has a hundred thousand of them: one query for all that stands in a row.
inline node::CustomerRow customer_row(const SqlRows& row) {
    node::CustomerRow customer;
    customer.id = row.text(2);
    customer.number = row.optional_integer(3);
    if (!row.is_null(13)) customer.texts = node::parse_personal(row.view(13));
    customer.dealer = row.text(4);
    customer.discount = row.decimal<node::Rate>(5);
    customer.charge = row.flag(6);
    customer.limit = row.decimal<node::Money>(7);
    customer.referrer = row.text(8);
    customer.points = row.decimal<node::Points>(9);
    customer.spend = row.decimal<node::Money>(10);
    customer.debt = row.decimal<node::Money>(11);
    if (const auto last = row.optional_integer(12)) customer.last = node::Instant{*last};
    return customer;
}

/// Rows that go into one table, many a statement: what the database does before and after each statement it does once for all of them. Half
/// of the time of a short row is that.
template <int columns>
class HotRows {
public:
    HotRows(SqlDatabase& database, std::string_view table) : one_(database, sql(table, 1)), many_(database, sql(table, many)) {}
    /// `bind(statement, first, row)` binds a row's columns from the parameter `first` on.
    template <class Row, class Bind>
    void insert(const std::vector<Row>& rows, Bind bind) {
        std::size_t i = 0;
        for (; i + many <= rows.size(); i += many) {
            for (std::size_t k = 0; k < many; ++k) bind(many_, static_cast<int>(k) * columns + 1, rows[i + k]);
            many_.run();
        }
        for (; i < rows.size(); ++i) {
            bind(one_, 1, rows[i]);
            one_.run();
        }
    }

private:
    static constexpr std::size_t many = 32;
    static std::string sql(std::string_view table, std::size_t rows) {
        std::string row = "(?", text = "INSERT INTO " + std::string(table) + " VALUES ";
        for (int i = 1; i < columns; ++i) row += ",?";
        for (std::size_t i = 0; i < rows; ++i) text += (i ? "," : "") + row + ")";
        return text;
    }
    HotStatement one_, many_;
};

struct SqlStore::Statements {
    explicit Statements(SqlDatabase& database)
        : fact(database, "INSERT INTO fact VALUES (?, ?, ?, ?, ?)"),
          find_account(database, "SELECT row, main, points, spend, debt, last, credit, last_fact FROM customer WHERE id = ?"),
          save_account(database, "UPDATE customer SET points = ?2, spend = ?3, debt = ?4, last = ?5, version = ?6, last_fact = ?7 WHERE row = ?1"),
          movements(database, "movement"),
          sales(database, "sale"),
          lines(database, "sale_line"),
          find_word(database, "SELECT id FROM word WHERE text = ?"),
          add_word(database, "INSERT INTO word (text) VALUES (?) RETURNING id"),
          find_product(database, "SELECT product FROM product_code WHERE code = ?"),
          find_level(database, "SELECT quantity FROM stock_level WHERE branch = ? AND stock = ? AND product = ?"),
          save_level(database, "INSERT INTO stock_level VALUES (?, ?, ?, ?) ON CONFLICT (branch, stock, product) DO UPDATE SET quantity = excluded.quantity") {}

    HotStatement fact, find_account, save_account;
    HotRows<6> movements;
    HotRows<15> sales;
    HotRows<8> lines;
    HotStatement find_word, add_word, find_product, find_level, save_level;
};

}  // namespace paprsek::hq
