#include "node/catalogue.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "node/base/text.h"
#include "node/codes.h"
#include "node/search.h"

namespace paprsek::node {
namespace {

/// The group and all above it, and whether one of them is excluded.
void read_groups(Database& database, Product& product) {
    std::string name = fold(product.group);
    for (int depth = 0; !name.empty() && depth < max_group_depth; ++depth) {
        product.groups.push_back(name);
        auto group = database.query("SELECT parent, excluded FROM product_group WHERE folded = ?", name);
        if (!group.step()) return;
        product.excluded = product.excluded || group.flag(1);
        name = fold(group.view(0));
    }
}

std::vector<FoundProduct> read_found(Statement& rows, const PriceDay& when) {
    std::vector<FoundProduct> found;
    while (rows.step()) {
        const auto prices = parse_listed_prices(rows.view(4));
        const Money own = rows.decimal<Money>(3);
        found.push_back({rows.text(0), rows.text(1), rows.text(2), prices ? price_on(*prices, own, when) : own});
    }
    return found;
}

std::vector<std::string> split_codes(std::string_view text) {
    std::vector<std::string> codes;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t bar = std::min(text.find('|', start), text.size());
        codes.emplace_back(text.substr(start, bar - start));
        start = bar + 1;
    }
    return codes;
}

}  // namespace

std::optional<ProductRow> product_row(Database& database, std::string_view code) {
    auto row = database.query(
        "SELECT p.id, p.key, p.name, p.grp, p.price, p.vat, p.cost, p.points, p.dealers, p.prices, p.linked FROM product_code c "
        "JOIN product p ON p.id = c.product WHERE c.code = ?",
        code);
    if (!row.step()) return std::nullopt;
    ProductRow product;
    product.key = row.text(1);
    product.name = row.text(2);
    product.group = row.text(3);
    product.price = row.decimal<Money>(4);
    product.vat = row.text(5);
    if (!row.is_null(6)) product.cost = row.decimal<Money>(6);
    if (!row.is_null(7)) product.points = row.decimal<Points>(7);
    product.dealers = row.text(8);
    product.prices = row.text(9);
    product.linked = row.text(10);
    for (auto codes = database.query("SELECT code FROM product_code WHERE product = ? ORDER BY code", row.integer(0)); codes.step();)
        product.codes.push_back(codes.text(0));
    return product;
}

std::optional<Product> find_product(Database& database, std::string_view code) {
    auto row = product_row(database, code);
    if (!row) return std::nullopt;
    Product product;
    product.key = std::move(row->key);
    product.name = std::move(row->name);
    product.group = std::move(row->group);
    product.price = row->price;
    product.vat = std::move(row->vat);
    product.cost = row->cost;
    product.points = row->points;
    product.dealers = parse_dealers(row->dealers).value_or(std::vector<DealerDiscount>{});
    product.prices = parse_listed_prices(row->prices).value_or(std::vector<ListedPrice>{});
    product.linked = split_codes(row->linked);
    product.codes = std::move(row->codes);
    read_groups(database, product);
    return product;
}

std::vector<PlacedProduct> placed_products(Database& database, const std::set<std::string, std::less<>>& codes, std::int64_t version) {
    std::unordered_set<std::int64_t> own;
    for (auto row = database.query("SELECT id, version FROM product WHERE version = 0 OR version > ?", version); row.step();) {
        if (row.integer(1) > 0) return {};
        own.insert(row.integer(0));
    }
    std::vector<PlacedProduct> placed;
    auto wanted = codes.begin();
    std::int64_t place = -1;
    for (auto row = database.query("SELECT code, product FROM product_code ORDER BY code"); wanted != codes.end() && row.step();) {
        if (own.count(row.integer(1))) continue;
        ++place;
        const std::string_view code = row.view(0);
        while (wanted != codes.end() && *wanted < code) ++wanted;
        if (wanted == codes.end() || *wanted != code) continue;
        if (auto product = product_row(database, code)) placed.push_back({place, std::string(code), std::move(*product)});
    }
    return placed;
}

std::vector<FoundProduct> search_products(Database& database, std::string_view text, int limit, const PriceDay& when) {
    std::vector<FoundProduct> found;
    const std::string typed = upper(trim(text));
    // The first 12 digits of an EAN-13 may look like a whole UPC-A, which is kept with a leading zero: both are tried.
    for (const std::string& code : {normalise_code(text), typed}) {
        if (code.empty() || !all_digits(code)) continue;
        auto rows = database.query(
            "SELECT p.key, p.name, p.grp, p.price, p.prices FROM product_code c JOIN product p ON p.id = c.product WHERE c.code >= ?1 AND c.code < ?1 || ':' "
            "ORDER BY c.code LIMIT ?2",
            code, limit);
        found = read_found(rows, when);
        if (!found.empty()) return found;
    }
    const std::string query = search_query(text);
    if (query.empty() && !trim(text).empty()) return found;
    if (query.empty()) {
        auto first = database.query("SELECT key, name, grp, price, prices FROM product ORDER BY search LIMIT ?", limit);
        return read_found(first, when);
    }
    auto rows = database.query(
        "SELECT p.key, p.name, p.grp, p.price, p.prices FROM (SELECT rowid FROM product_search WHERE product_search MATCH ? LIMIT ?) s JOIN product p ON p.id "
        "= s.rowid",
        query, limit);
    return read_found(rows, when);
}

std::vector<FoundProduct> products_of_group(Database& database, std::string_view group, int limit, const PriceDay& when) {
    auto rows = database.query("SELECT key, name, grp, price, prices FROM product WHERE grp = ? ORDER BY search LIMIT ?", group, limit);
    return read_found(rows, when);
}

std::vector<std::string> product_groups(Database& database) {
    std::vector<std::string> groups;
    for (std::string last;;) {  // a step a group, however many products it has
        auto next = database.text("SELECT grp FROM product WHERE grp > ? ORDER BY grp LIMIT 1", last);
        if (!next) return groups;
        groups.push_back(last = std::move(*next));
    }
}

std::string group_name(Database& database, const std::string& folded) {
    if (auto name = database.text("SELECT name FROM product_group WHERE folded = ?", folded)) return *name;
    for (std::string& name : product_groups(database))
        if (fold(name) == folded) return std::move(name);
    return folded;
}

std::int64_t count_products(Database& database) { return database.integer("SELECT count(*) FROM product").value_or(0); }

void read_ahead(Database& database, const std::function<bool()>& go_on) {
    constexpr int breath = 1000;  // rows
    // Each goes through a table or an index from its first page to its last; a row's last column stands on its last page.
    for (const char* const sql : {"SELECT product FROM product_code ORDER BY code", "SELECT linked FROM product ORDER BY id",
                                  "SELECT key FROM product ORDER BY key", "SELECT code FROM product_code ORDER BY product",
                                  "SELECT customer FROM customer_card ORDER BY code", "SELECT quantity FROM stock_level ORDER BY stock, product"}) {
        int since = 0;
        for (auto rows = database.query(sql); rows.step();) {
            if (++since % breath == 0 && !go_on()) return;
        }
    }
}

}  // namespace paprsek::node
