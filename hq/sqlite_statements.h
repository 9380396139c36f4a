// The statements of the merge's inner loop, prepared once a store. Only the sqlite_*.cpp files of hq/ include this.
#pragma once
#include "hq/sqlite_store.h"

namespace paprsek::hq {

// The reports of hq/sqlite_stock.cpp; hq/sqlite_reports.cpp calls them with the others.
std::vector<node::Json> stock_report(node::Database& database, const ReportQuery& query);
std::vector<node::Json> transit_report(node::Database& database, const ReportQuery& query);

// Of hq/sqlite_users.cpp, for the walk over state.
inline constexpr const char* user_columns = "SELECT version, id, name, role, badge, pin, digest, removed, branches FROM user ";
UserRecord user_of(const node::Statement& row);

struct SqliteStore::Statements {
    explicit Statements(node::Database& database)
        : fact(database, "INSERT INTO fact VALUES (?, ?, ?, ?, ?)"),
          find_account(database, "SELECT row, main, points, spend, debt, last, credit, last_fact FROM customer WHERE id = ?"),
          save_account(database, "UPDATE customer SET points = ?2, spend = ?3, debt = ?4, last = ?5, version = ?6, last_fact = ?7 WHERE row = ?1"),
          movement(database, "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?)"),
          sale(database, "INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          line(database, "INSERT INTO sale_line VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
          find_word(database, "SELECT id FROM word WHERE text = ?"),
          add_word(database, "INSERT INTO word (text) VALUES (?)"),
          find_product(database, "SELECT product FROM product_code WHERE code = ?"),
          find_level(database, "SELECT quantity FROM stock_level WHERE branch = ? AND stock = ? AND product = ?"),
          save_level(database,
                     "INSERT INTO stock_level VALUES (?, ?, ?, ?) ON CONFLICT (branch, stock, product) DO UPDATE SET quantity = excluded.quantity") {}

    HotStatement fact, find_account, save_account, movement, sale, line, find_word, add_word, find_product, find_level, save_level;
};

}  // namespace paprsek::hq
