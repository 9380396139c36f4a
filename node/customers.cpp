#include "node/customers.h"

#include <fmt/format.h>

#include "node/base/json.h"
#include "node/base/text.h"
#include "node/codes.h"
#include "node/search.h"

namespace paprsek::node {
namespace {

// balance = HQ's + own movements − those of them that HQ's include already.
constexpr std::string_view select_customers =
    "SELECT c.id, c.number, c.name, c.dealer, c.discount, c.charge, c.credit, c.referrer, c.phone, c.email, c.address, c.note, "
    "c.hq_points - c.included_points + ifnull(o.points, 0), c.hq_spend - c.included_spend + ifnull(o.spend, 0), "
    "c.hq_debt - c.included_debt + ifnull(o.debt, 0), nullif(max(ifnull(c.hq_last, 0), ifnull(o.last, 0)), 0) "
    "FROM customer c LEFT JOIN own_balance o ON o.customer = c.id ";

CustomerRecord read_customer(Database& database, Statement& row) {
    CustomerRecord record;
    record.terms.id = row.text(0);
    record.number = row.optional_integer(1);
    record.texts.name = row.text(2);
    record.terms.dealer = row.text(3);
    record.terms.discount = row.decimal<Rate>(4);
    record.terms.charge = row.flag(5);
    record.terms.limit = row.decimal<Money>(6);
    record.terms.referrer = row.text(7);
    record.texts.phone = row.text(8);
    record.texts.email = row.text(9);
    record.texts.address = row.text(10);
    record.texts.note = row.text(11);
    record.terms.points = row.decimal<Points>(12);
    record.terms.spend = row.decimal<Money>(13);
    record.terms.debt = row.decimal<Money>(14);
    if (const auto last = row.optional_integer(15)) record.last_purchase = Instant{*last};
    for (auto cards = database.query("SELECT code FROM customer_card WHERE customer = ? ORDER BY code", record.terms.id); cards.step();)
        record.terms.cards.push_back(cards.text(0));
    for (const std::string& card : record.terms.cards)
        for (std::string& name : programmes_of(database, card)) record.terms.programmes.push_back(std::move(name));
    return record;
}

template <class... Args>
std::optional<CustomerRecord> find(Database& database, std::string_view condition, const Args&... args) {
    auto row = database.query(std::string(select_customers) + std::string(condition), args...);
    if (!row.step()) return std::nullopt;
    return read_customer(database, row);
}

}  // namespace

std::vector<std::string> programmes_of(Database& database, std::string_view card) {
    const auto names = database.text("SELECT programmes FROM listed_card WHERE code = ?", card);
    return names ? parse_json(*names, "ledger.db").get<std::vector<std::string>>() : std::vector<std::string>{};
}

std::optional<CustomerRecord> customer_by_id(Database& database, std::string_view id) {
    return find(database, "WHERE c.id = ifnull((SELECT customer FROM customer_alias WHERE alias = ?1), ?1)", id);
}

std::optional<CustomerRecord> customer_by_number(Database& database, std::int64_t number) { return find(database, "WHERE c.number = ?", number); }

std::optional<CustomerRecord> customer_by_card(Database& database, std::string_view card) {
    return find(database, "WHERE c.id = (SELECT customer FROM customer_card WHERE code = ?)", card);
}

std::vector<FoundCustomer> search_customers(Database& database, std::string_view text, int limit) {
    const std::string words = search_text(text), code = upper(trim(text));
    // In the order of the list, so that reading ends with the limit: those with a number by it, then the others by id. Only a name that
    // is rare, or nobody's, walks over all of them; numbers and cards are found by their indices.
    constexpr std::string_view named = "(c.search LIKE ?1 || '%' OR c.search LIKE '% ' || ?1 || '%')";
    constexpr std::string_view of_card = "c.id IN (SELECT customer FROM customer_card WHERE code >= ?2 AND code < ?2 || char(1114111) LIMIT ?4)";
    const std::string with_number = fmt::format("?2 = '' OR (?1 <> '' AND ({} OR CAST(c.number AS TEXT) LIKE ?1 || '%')) OR {}", named, of_card);
    const std::string without = fmt::format("?2 = '' OR (?1 <> '' AND {}) OR {}", named, of_card);
    std::vector<FoundCustomer> found;
    const auto read = [&](const std::string& condition) {
        auto rows =
            database.query("SELECT c.id, c.number, c.name, (SELECT min(code) FROM customer_card k WHERE k.customer = c.id) FROM customer c WHERE " + condition,
                           words, code, limit - static_cast<int>(found.size()), limit);
        while (rows.step()) found.push_back({rows.text(0), rows.optional_integer(1), rows.text(2), rows.text(3)});
    };
    read("c.number IS NOT NULL AND (" + with_number + ") ORDER BY c.number LIMIT ?3");
    if (static_cast<int>(found.size()) < limit) read("c.number IS NULL AND (" + without + ") ORDER BY c.id LIMIT ?3");
    return found;
}

std::vector<CustomerRecord> all_customers(Database& database) {
    std::vector<CustomerRecord> all;
    auto rows =
        database.query(std::string(select_customers) +
                       "ORDER BY c.number IS NULL, c.number, (SELECT min(code) FROM customer_card k WHERE k.customer = c.id), c.id");
    while (rows.step()) all.push_back(read_customer(database, rows));
    return all;
}

std::vector<AccountItem> open_items(Database& database, std::string_view customer) {
    std::vector<AccountItem> items;
    auto rows = database.query(
        "SELECT receipt, line, name, at, cashier, quantity, settled_quantity, amount, settled FROM account_item WHERE customer = ? AND settled <> amount ORDER "
        "BY at, "
        "receipt, line",
        customer);
    while (rows.step()) {
        AccountItem item;
        item.receipt = rows.integer(0);
        item.line = static_cast<int>(rows.integer(1));
        item.name = rows.text(2);
        item.at = rows.instant(3);
        item.cashier = rows.text(4);
        item.quantity = rows.decimal<Quantity>(5);
        item.settled_quantity = rows.decimal<Quantity>(6);
        item.amount = rows.decimal<Money>(7);
        item.settled = rows.decimal<Money>(8);
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace paprsek::node
