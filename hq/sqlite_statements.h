// The statements of the merge's inner loop, prepared once a store. Only the sqlite_*.cpp files of hq/ include this.
#pragma once
#include "hq/sqlite_store.h"

namespace paprsek::hq {

struct SqliteStore::Statements {
    explicit Statements(node::Database& database)
        : fact(database, "INSERT INTO fact VALUES (?, ?, ?, ?, ?)"),
          find_account(database, "SELECT row, main, points, spend, debt, last, credit FROM customer WHERE id = ?"),
          save_account(database, "UPDATE customer SET points = ?2, spend = ?3, debt = ?4, last = ?5, version = ?6 WHERE row = ?1"),
          movement(database, "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?)"),
          sale(database, "INSERT INTO sale VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          line(database, "INSERT INTO sale_line VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
          find_word(database, "SELECT id FROM word WHERE text = ?"),
          add_word(database, "INSERT INTO word (text) VALUES (?)"),
          find_product(database, "SELECT product FROM product_code WHERE code = ?") {}

    HotStatement fact, find_account, save_account, movement, sale, line, find_word, add_word, find_product;
};

}  // namespace paprsek::hq
