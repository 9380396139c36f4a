// Customers in HQ's store: accounts for the merge, data, cards, what a branch gets.
#include <algorithm>

#include "hq/sql_statements.h"
#include "node/base/text.h"
#include "node/search.h"

namespace paprsek::hq {
namespace {

Account account_of(SqlPrepared& row) {
    Account account;
    account.row = row.integer(0);
    account.main = row.integer(1);
    account.points = row.integer(2);
    account.spend = row.integer(3);
    account.debt = row.integer(4);
    if (!row.is_null(5)) account.last = row.integer(5);
    account.limit = row.integer(6);
    account.last_fact = row.integer(7);
    return account;
}

}  // namespace

std::optional<Account> SqlStore::find_account(std::string_view id) {
    HotStatement& find = hot_->find_account;
    find.bind(1, id);
    if (!find.step()) return std::nullopt;
    const Account account = account_of(find.row());
    find.reset();
    return account;
}

Account SqlStore::account(std::int64_t row) {
    auto query = database_->query("SELECT id FROM customer WHERE row = ?", row);
    if (!query.step()) return {};
    return find_account(query.view(0)).value_or(Account{});
}

Account SqlStore::add_account(std::string_view id) {
    Account account;
    account.row = database_->integer("INSERT INTO customer (id) VALUES (?) RETURNING row", id).value();
    account.changed = true;
    return account;
}

void SqlStore::save_accounts(std::span<const Account> accounts) {
    for (const Account& account : accounts) {
        HotStatement& save = hot_->save_account;
        save.bind(1, account.row).bind(2, account.points).bind(3, account.spend).bind(4, account.debt);
        if (account.last)
            save.bind(5, *account.last);
        else
            save.bind_null(5);
        save.bind_or_null(6, account.main ? 0 : next_version()).bind(7, account.last_fact).run();
    }
}

CustomerRecord SqlStore::customer(std::int64_t row) {
    auto query =
        database_->query("SELECT id, main, number, name, digest, dealer, discount, charge, credit, referrer, set_at, set_by FROM customer WHERE row = ?", row);
    CustomerRecord record;
    record.row = row;
    if (!query.step()) return record;
    record.id = query.text(0);
    record.main = query.integer(1);
    record.number = query.optional_integer(2);
    record.name = query.text(3);
    record.digest = query.text(4);
    record.dealer = query.text(5);
    record.discount = query.decimal<node::Rate>(6);
    record.charge = query.flag(7);
    record.limit = query.decimal<node::Money>(8);
    record.referrer = query.text(9);
    record.set_at = query.integer(10);
    record.set_by = query.integer(11);
    return record;
}

void SqlStore::save_customer(const CustomerRecord& record) {
    database_->post(
        "UPDATE customer SET number = ?, name = ?, search = ?, digest = ?, dealer = ?, discount = ?, charge = ?, credit = ?, referrer = ?, set_at = ?, "
        "set_by = ? WHERE row = ?",
        record.number, record.name, node::search_text(record.name), record.digest, record.dealer, record.discount, record.charge, record.limit, record.referrer,
        record.set_at, record.set_by, record.row);
}

std::vector<std::string> SqlStore::texts(std::string_view sql, std::int64_t parameter) {
    std::vector<std::string> texts;
    for (auto row = database_->query(sql, parameter); row.step();) texts.push_back(row.text(0));
    return texts;
}

std::vector<std::string> SqlStore::cards(std::int64_t customer) { return texts("SELECT code FROM customer_card WHERE customer = ? ORDER BY code", customer); }

std::optional<std::int64_t> SqlStore::customer_by_card(std::string_view card) {
    return database_->integer("SELECT customer FROM customer_card WHERE code = ?", card);
}

std::optional<std::int64_t> SqlStore::customer_by_number(std::int64_t number) {
    return database_->integer("SELECT row FROM customer WHERE number = ?", number);
}

void SqlStore::add_card(std::int64_t customer, std::string_view card) { database_->post("INSERT INTO customer_card VALUES (?, ?)", card, customer); }

void SqlStore::drop_card(std::string_view card) { database_->post("DELETE FROM customer_card WHERE code = ?", card); }

std::vector<std::int64_t> SqlStore::customers_with_balances(std::int64_t after, std::size_t most) {
    std::vector<std::int64_t> rows;
    for (auto row =
             database_->query("SELECT row FROM customer WHERE main IS NULL AND (points <> 0 OR spend <> 0) AND row > ? ORDER BY row LIMIT ?", after, most);
         row.step();)
        rows.push_back(row.integer(0));
    return rows;
}

void SqlStore::merge_customer(std::int64_t from, std::int64_t into) {
    database_->post("UPDATE customer SET main = ?, version = NULL WHERE row = ? OR main = ?", into, from, from);
    database_->post("UPDATE customer_card SET customer = ? WHERE customer = ?", into, from);
}

void SqlStore::part_customer(const MergedCustomer& merged, std::int64_t main) {
    database_->post("UPDATE customer SET main = NULL WHERE row = ?", merged.row);
    for (const std::int64_t alias : merged.aliases) database_->post("UPDATE customer SET main = ? WHERE row = ? AND main = ?", merged.row, alias, main);
    for (const std::string& card : merged.cards)
        database_->post("UPDATE customer_card SET customer = ? WHERE code = ? AND customer = ?", merged.row, card, main);
}

MergedCustomer SqlStore::belongings(std::int64_t customer) {
    MergedCustomer merged;
    merged.row = customer;
    merged.cards = cards(customer);
    for (auto row = database_->query("SELECT row FROM customer WHERE main = ? ORDER BY row", customer); row.step();) merged.aliases.push_back(row.integer(0));
    return merged;
}

void SqlStore::save_merged(const MergedCustomer& merged) {
    database_->post(
        "INSERT INTO merged (customer, cards, aliases, number, digest) VALUES (?, ?, ?, ?, ?) ON CONFLICT (customer) DO UPDATE SET "
        "cards = excluded.cards, aliases = excluded.aliases, number = excluded.number, digest = excluded.digest",
        merged.row, node::canonical(merged.cards), node::canonical(merged.aliases), merged.number, merged.digest);
}

void SqlStore::drop_merged(std::int64_t customer) { database_->post("DELETE FROM merged WHERE customer = ?", customer); }

std::vector<MergedCustomer> SqlStore::merged_customers() {
    std::vector<MergedCustomer> list;
    for (auto row = database_->query("SELECT customer, cards, aliases, number, digest FROM merged ORDER BY customer"); row.step();)
        list.push_back({row.integer(0), node::parse_json(row.view(1), database_->name()).get<std::vector<std::string>>(),
                        node::parse_json(row.view(2), database_->name()).get<std::vector<std::int64_t>>(), row.optional_integer(3), row.text(4)});
    return list;
}

Account SqlStore::sums(std::int64_t customer) {
    Account account;
    account.row = customer;
    auto sums = database_->query(
        "SELECT coalesce(sum(points), 0), coalesce(sum(spend), 0), coalesce(sum(debt), 0) FROM movement "
        "WHERE customer IN (SELECT ?1 UNION ALL SELECT row FROM customer WHERE main = ?1)",
        customer);
    sums.step();
    account.points = sums.integer(0);
    account.spend = sums.integer(1);
    account.debt = sums.integer(2);
    auto last = database_->query(
        "SELECT s.at, s.fact FROM movement m JOIN sale s ON s.fact = m.fact WHERE m.kind = 'sale' "
        "AND m.customer IN (SELECT ?1 UNION ALL SELECT row FROM customer WHERE main = ?1) ORDER BY s.at DESC, s.fact DESC LIMIT 1",
        customer);
    if (last.step()) {
        account.last = last.integer(0);
        account.last_fact = last.integer(1);
    }
    return account;
}

std::vector<AccountMovement> SqlStore::movements(std::int64_t customer) {
    std::vector<AccountMovement> list;
    auto row = database_->query(
        "SELECT m.fact, coalesce(s.at, a.at) AS at, n.branch, n.till, h.epoch, coalesce(s.number, 0), m.kind, m.points, m.debt FROM movement m "
        "LEFT JOIN sale s ON s.fact = m.fact LEFT JOIN act a ON a.fact = m.fact JOIN chain h ON h.id = m.fact >> 32 JOIN node n ON n.id = h.node "
        "WHERE m.customer IN (SELECT ?1 UNION ALL SELECT row FROM customer WHERE main = ?1) ORDER BY at, m.fact, m.kind DESC",
        customer);
    while (row.step())
        list.push_back({row.integer(0),
                        row.integer(1),
                        {static_cast<int>(row.integer(2)), static_cast<int>(row.integer(3))},
                        row.integer(4),
                        row.integer(5),
                        row.text(6),
                        row.integer(7),
                        row.integer(8)});
    return list;
}

Account SqlStore::opened_by(std::int64_t customer, std::int64_t chain) {
    auto row = database_->query(
        "SELECT coalesce(sum(points), 0), coalesce(sum(spend), 0), coalesce(sum(debt), 0) FROM movement WHERE kind = 'opening' AND fact BETWEEN ? AND ? "
        "AND customer IN (SELECT ?3 UNION ALL SELECT row FROM customer WHERE main = ?3)",
        fact_id(chain, 0), fact_id(chain, max_seq), customer);
    Account sums;
    if (row.step()) {
        sums.points = row.integer(0);
        sums.spend = row.integer(1);
        sums.debt = row.integer(2);
    }
    return sums;
}

node::CustomerRow SqlStore::customer_state(std::int64_t row) {
    auto found = database_->query(std::string(select_customers) + "WHERE c.row = ?", row);
    if (!found.step()) return {};
    node::CustomerRow customer = customer_row(found);
    customer.cards = cards(row);
    customer.aliases = texts("SELECT id FROM customer WHERE main = ? ORDER BY id", row);
    return customer;
}

std::vector<node::CustomerRow> SqlStore::search_customers(const std::string& text, std::size_t limit) {
    const std::string_view wanted = node::trim(text);
    // Folded words, punctuation gone: nothing in them means anything to LIKE. Each may stand anywhere after the one before.
    std::string pattern = "%" + node::search_text(wanted) + "%";
    std::replace(pattern.begin(), pattern.end(), ' ', '%');
    const std::string card = node::upper(wanted);
    std::vector<std::int64_t> rows;
    auto query = database_->query(
        "SELECT row FROM customer WHERE main IS NULL AND (?1 = '' OR (?2 <> '%%' AND search LIKE ?2) OR CAST(number AS TEXT) = ?1 "
        "OR row IN (SELECT customer FROM customer_card WHERE code >= ?3 AND code < ?4)) "
        "ORDER BY search = '', search, number IS NULL, number, id LIMIT ?5",
        wanted, pattern, card, card + "\U0010FFFF", limit);
    while (query.step()) rows.push_back(query.integer(0));
    std::vector<node::CustomerRow> customers;
    customers.reserve(rows.size());
    for (const std::int64_t row : rows) customers.push_back(customer_state(row));
    return customers;
}

}  // namespace paprsek::hq
