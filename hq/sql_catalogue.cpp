// Catalogue, policy and the walk over state by version in HQ's store.
#include <algorithm>
#include <array>
#include <set>

#include "hq/refunds.h"
#include "hq/sql_statements.h"
#include "hq/users.h"
#include "node/base/text.h"
#include "node/codes.h"
#include "node/search.h"
#include "node/state_slice.h"

namespace paprsek::hq {

std::optional<node::GroupRow> SqlStore::group(std::string_view name) {
    auto row = database_->query("SELECT name, parent, excluded FROM product_group WHERE key = ?", node::fold(name));
    if (!row.step()) return std::nullopt;
    return node::GroupRow{row.text(0), row.text(1), row.flag(2)};
}

void SqlStore::save_group(const node::GroupRow& row) {
    const std::int64_t version = next_version();
    const std::string key = node::fold(row.name);
    if (auto former = database_->query("SELECT name, parent, excluded, version FROM product_group WHERE key = ?", key); former.step()) {
        keep_former(node::state_row(node::GroupRow{former.text(0), former.text(1), former.flag(2)}, former.integer(3)), version);
        database_->post("UPDATE product_group SET name = ?, parent = ?, excluded = ?, version = ? WHERE key = ?", row.name, row.parent, row.excluded, version,
                        key);
    } else {
        database_->post("INSERT INTO product_group VALUES (?, ?, ?, ?, ?)", key, row.name, row.parent, row.excluded, version);
    }
}

void SqlStore::keep_former(const node::StateRow& row, std::int64_t until) {
    database_->post("INSERT INTO former_row VALUES (?, ?, ?, ?, ?)", row.kind, row.key, row.version, until, row.body);
}

/// Those that stood at the version or later, without the one that stands.
std::vector<node::StateRow> SqlStore::former_rows(std::string_view kind, std::string_view key, std::int64_t version) {
    std::vector<node::StateRow> rows;
    auto row = database_->query("SELECT version, body FROM former_row WHERE kind = ? AND key = ? AND until > ? ORDER BY version", kind, key, version);
    while (row.step()) rows.push_back({std::string(kind), std::string(key), row.integer(0), row.text(1)});
    return rows;
}

std::vector<Formerly<node::GroupRow>> SqlStore::groups_since(std::string_view name, std::int64_t version) {
    std::vector<Formerly<node::GroupRow>> list;
    const std::string key = node::fold(name);
    for (node::StateRow& row : former_rows("group", key, version)) {
        const std::int64_t from = row.version;
        list.push_back({from, std::get<node::GroupRow>(node::read_state(std::move(row)).form)});
    }
    if (auto row = database_->query("SELECT name, parent, excluded, version FROM product_group WHERE key = ?", key); row.step())
        list.push_back({row.integer(3), {row.text(0), row.text(1), row.flag(2)}});
    return list;
}

std::int64_t SqlStore::former_from() { return std::stoll(setting("former_from").value_or("0")); }

bool SqlStore::holds_former() { return database_->integer("SELECT 1 FROM former_row LIMIT 1").has_value(); }

void SqlStore::forget_former(std::int64_t version) {
    if (version <= former_from()) return;
    database_->post("DELETE FROM former_row WHERE until <= ?", version);
    set_setting("former_from", std::to_string(version));
}

std::optional<std::string> SqlStore::product_by_code(std::string_view code) {
    return database_->text("SELECT p.key FROM product_code c JOIN product p ON p.id = c.product WHERE c.code = ?", code);
}

namespace {

constexpr const char* product_columns = "SELECT id, key, name, grp, price, vat, cost, points, dealers, prices, linked, version FROM product ";

node::ProductRow product_row(const SqlRows& row) {
    node::ProductRow product;
    product.key = row.text(1);
    product.name = row.text(2);
    product.group = row.text(3);
    product.price = row.decimal<node::Money>(4);
    product.vat = row.text(5);
    if (!row.is_null(6)) product.cost = row.decimal<node::Money>(6);
    if (!row.is_null(7)) product.points = row.decimal<node::Points>(7);
    product.dealers = row.text(8);
    product.prices = row.text(9);
    product.linked = row.text(10);
    return product;
}

constexpr const char* codes_of_product = "SELECT code FROM product_code WHERE product = ? ORDER BY code";

/// Texts that belong to the rows of a walk, read along with it, both by version: a question about each row would cost a way to a far
/// database and back.
class Beside {
public:
    explicit Beside(SqlRows rows) : rows_(std::move(rows)) {}
    /// Versions must not go back.
    std::vector<std::string> of(std::int64_t version) {
        std::vector<std::string> texts;
        for (; at_ <= version; at_ = rows_.step() ? rows_.integer(0) : INT64_MAX)
            if (at_ == version) texts.push_back(rows_.text(1));
        return texts;
    }

private:
    SqlRows rows_;
    std::int64_t at_ = -1;  ///< version of the row that is read and not taken
};

}  // namespace

std::optional<node::ProductRow> SqlStore::product(std::string_view key) {
    auto row = database_->query(std::string(product_columns) + "WHERE key = ?", key);
    if (!row.step()) return std::nullopt;
    node::ProductRow product = product_row(row);
    product.codes = texts(codes_of_product, row.integer(0));
    return product;
}

std::vector<Formerly<node::ProductRow>> SqlStore::products_since(std::string_view key, std::int64_t version) {
    std::vector<Formerly<node::ProductRow>> list;
    for (node::StateRow& row : former_rows("product", key, version)) {
        const std::int64_t from = row.version;
        list.push_back({from, std::get<node::ProductRow>(node::read_state(std::move(row)).form)});
    }
    if (auto row = database_->query(std::string(product_columns) + "WHERE key = ?", key); row.step()) {
        node::ProductRow product = product_row(row);
        product.codes = texts(codes_of_product, row.integer(0));
        list.push_back({row.integer(11), std::move(product)});
    }
    return list;
}

void SqlStore::save_product(const node::ProductRow& row) {
    const std::int64_t version = next_version();
    if (auto former = database_->query(std::string(product_columns) + "WHERE key = ?", row.key); former.step()) {
        node::ProductRow product = product_row(former);
        product.codes = texts(codes_of_product, former.integer(0));
        keep_former(node::state_row(product, former.integer(11)), version);
    }
    database_->post(
        "INSERT INTO product (key, name, grp, price, vat, cost, points, dealers, prices, linked, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT "
        "(key) DO UPDATE "
        "SET name = excluded.name, grp = excluded.grp, price = excluded.price, vat = excluded.vat, cost = excluded.cost, points = excluded.points, "
        "dealers = excluded.dealers, prices = excluded.prices, linked = excluded.linked, version = excluded.version",
        row.key, row.name, row.group, row.price, row.vat, row.cost, row.points, row.dealers, row.prices, row.linked, version);
    const std::int64_t id = database_->integer("SELECT id FROM product WHERE key = ?", row.key).value_or(0);
    database_->post("DELETE FROM product_code WHERE product = ?", id);
    for (const std::string& code : row.codes)
        database_->post("INSERT INTO product_code VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET product = excluded.product", code, id);
}

std::shared_ptr<const std::vector<std::string>> SqlStore::product_codes(std::int64_t version) {
    const std::int64_t newest = database_->integer("SELECT max(version) FROM product").value_or(0);
    const bool as_they_are = newest <= version;
    if (as_they_are && product_codes_ && product_codes_version_ == newest) return product_codes_;
    std::vector<std::string> codes;
    for (auto row = database_->query("SELECT code FROM product_code WHERE product NOT IN (SELECT id FROM product WHERE version > ?) ORDER BY code", version);
         row.step();)
        codes.push_back(row.text(0));
    auto list = std::make_shared<std::vector<std::string>>(std::move(codes));
    if (as_they_are) {
        product_codes_ = list;
        product_codes_version_ = newest;
        return list;
    }
    auto row = database_->walk("SELECT key, version, body FROM former_row WHERE kind = 'product' AND until > ?1 AND version <= ?1", version);
    while (row.step()) {
        const auto former = std::get<node::ProductRow>(node::read_state({"product", row.text(0), row.integer(1), row.text(2)}).form);
        list->insert(list->end(), former.codes.begin(), former.codes.end());
    }
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
    return list;
}

std::vector<std::string> SqlStore::product_keys() {
    std::vector<std::string> keys;
    for (auto row = database_->query("SELECT key FROM product ORDER BY key"); row.step();) keys.push_back(row.text(0));
    return keys;
}

std::vector<node::ProductRow> SqlStore::search_products(const std::string& text, std::size_t limit) {
    const std::string wanted(node::trim(text)), words = node::search_text(wanted);
    struct Found {
        bool by_name = true;  ///< those by their code come first
        std::string name;     ///< folded
        std::int64_t id = 0;
        auto operator<=>(const Found&) const = default;
    };
    std::vector<Found> found;
    std::set<std::int64_t> by_code;
    if (!wanted.empty()) {
        const std::string typed = node::upper(wanted), normal = node::normalise_code(wanted);
        for (const std::string& code : {typed, normal}) {
            if (code.empty()) continue;
            const std::string above = code + "\xF4\x8F\xBF\xBF";  // the last character that there is
            auto row = database_->query("SELECT product FROM product_code WHERE code >= ? AND code < ? ORDER BY code LIMIT ?", code, above, limit);
            while (row.step()) by_code.insert(row.integer(0));
        }
    }
    const auto has_words = [&](const std::string& name) {
        for (std::size_t at = 0; at < words.size();) {
            const std::size_t end = std::min(words.find(' ', at), words.size());
            if ((' ' + name).find(' ' + words.substr(at, end - at)) == std::string::npos) return false;
            at = end + 1;
        }
        return wanted.empty() || !words.empty();
    };
    for (auto row = database_->walk("SELECT id, name FROM product"); row.step();) {
        std::string name = node::search_text(row.text(1));
        const bool code = by_code.contains(row.integer(0));
        if (code || has_words(name)) found.push_back({!code, std::move(name), row.integer(0)});
    }
    const std::size_t most = std::min(limit, found.size());
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
    found.resize(most);
    std::vector<node::ProductRow> products;
    for (const Found& each : found) {
        auto row = database_->query(std::string(product_columns) + "WHERE id = ?", each.id);
        if (!row.step()) continue;
        products.push_back(product_row(row));
        products.back().codes = texts(codes_of_product, each.id);
    }
    return products;
}

bool SqlStore::is_product(std::int64_t word, std::string_view code) {
    const auto place = static_cast<std::size_t>(word);
    if (place < product_words_.size() && product_words_[place]) return true;
    HotStatement& find = hot_->find_product;
    find.bind(1, code);
    if (!find.step()) return false;
    find.reset();
    if (place >= product_words_.size()) product_words_.resize(place + 1);
    product_words_[place] = true;
    return true;
}

std::vector<std::string> SqlStore::programmes_of(std::string_view card) {
    const auto names = database_->text("SELECT programmes FROM listed_card WHERE code = ?", card);
    return names ? node::parse_json(*names, database_->name()).get<std::vector<std::string>>() : std::vector<std::string>{};
}

void SqlStore::list_card(std::string_view card, const std::vector<std::string>& programmes) {
    database_->post(
        "INSERT INTO listed_card (code, programmes, version) VALUES (?, ?, ?) ON CONFLICT (code) DO UPDATE SET programmes = excluded.programmes, "
        "version = excluded.version",
        card, node::canonical(programmes), next_version());
}

std::vector<std::string> SqlStore::listed_cards(std::string_view programme) {
    std::vector<std::string> cards;
    for (auto row = database_->query("SELECT code, programmes FROM listed_card ORDER BY code"); row.step();) {
        const auto names = node::parse_json(row.view(1), database_->name()).get<std::vector<std::string>>();
        if (std::find(names.begin(), names.end(), programme) != names.end()) cards.push_back(row.text(0));
    }
    return cards;
}

std::optional<std::string> SqlStore::policy() { return database_->text("SELECT body FROM policy ORDER BY version DESC LIMIT 1"); }

std::vector<std::pair<std::int64_t, std::string>> SqlStore::policies(std::int64_t version) {
    std::vector<std::pair<std::int64_t, std::string>> list;
    auto row = database_->query(
        "SELECT version, body FROM policy WHERE version >= coalesce((SELECT max(version) FROM policy WHERE version <= ?), 0) ORDER BY version", version);
    while (row.step()) list.emplace_back(row.integer(0), row.text(1));
    return list;
}

void SqlStore::save_policy(const std::string& body) { database_->post("INSERT INTO policy VALUES (?, ?)", next_version(), body); }

void SqlStore::rows_after(std::int64_t version, const std::function<bool(const node::StateRow&)>& take, const StateReader* reader) {
    auto group = database_->walk("SELECT version, name, parent, excluded FROM product_group WHERE version > ? ORDER BY version", version);
    auto product = database_->walk(std::string(product_columns) + "WHERE version > ? ORDER BY version", version);
    auto policy = database_->walk("SELECT version, body FROM policy WHERE version > ? ORDER BY version", version);
    auto customer = database_->walk(std::string(select_customers) + "WHERE c.version > ? ORDER BY c.version", version);
    auto card = database_->walk("SELECT version, code, programmes FROM listed_card WHERE version > ? ORDER BY version", version);
    auto receipt = database_->walk("SELECT version, branch, till, epoch, seq FROM receipt_held WHERE node = ? AND version > ? ORDER BY version",
                                   reader ? reader->node : 0, version);
    // Nobody's PIN is read for a reader who is no node.
    auto user = database_->walk(std::string(user_columns) + "WHERE version > ? ORDER BY version", reader ? version : INT64_MAX);
    Beside codes(database_->walk(
        "SELECT p.version, c.code FROM product p JOIN product_code c ON c.product = p.id WHERE p.version > ? ORDER BY p.version, c.code", version));
    Beside cards(database_->walk(
        "SELECT c.version, k.code FROM customer c JOIN customer_card k ON k.customer = c.row WHERE c.version > ? ORDER BY c.version, k.code", version));
    Beside aliases(
        database_->walk("SELECT c.version, a.id FROM customer c JOIN customer a ON a.main = c.row WHERE c.version > ? ORDER BY c.version, a.id", version));
    const auto place = [&] {
        return node::FactPlace{{static_cast<int>(receipt.integer(1)), static_cast<int>(receipt.integer(2))}, receipt.integer(3), receipt.integer(4)};
    };
    // Walks by index, merged: the one whose next version is the smallest goes on.
    struct Walk {
        SqlRows* rows;
        int version_column;
        std::function<node::StateRow(std::int64_t)> row;
        std::int64_t next = 0;  ///< 0 = at its end
        void step() { next = rows->step() ? rows->integer(version_column) : 0; }
    };
    std::array<Walk, 7> walks = {{
        {&group, 0,
         [&](std::int64_t v) {
             return node::state_row(node::GroupRow{group.text(1), group.text(2), group.flag(3)}, v);
         }},
        {&product, 11,
         [&](std::int64_t v) {
             node::ProductRow row = product_row(product);
             row.codes = codes.of(v);
             return node::state_row(row, v);
         }},
        {&policy, 0, [&](std::int64_t v) { return node::policy_state_row(policy.text(1), v); }},
        {&customer, 0,
         [&](std::int64_t v) {
             node::CustomerRow row = customer_row(customer);
             row.cards = cards.of(v);
             row.aliases = aliases.of(v);
             return node::state_row(row, v);
         }},
        {&card, 0, [&](std::int64_t v) { return node::listed_card_row(card.text(1), card.text(2), v); }},
        {&user, 0, [&](std::int64_t v) { return state_row_of(user_of(user), reader->name.branch, v); }},
        {&receipt, 0, {}},
    }};
    for (Walk& walk : walks) walk.step();
    while (true) {
        Walk* first = nullptr;
        for (Walk& walk : walks)
            if (walk.next && (!first || walk.next < first->next)) first = &walk;
        if (!first) return;
        if (first->rows == &receipt) {
            const auto rows = receipt_rows(*this, reader->name, place(), first->next);
            for (const node::StateRow& row : rows)
                if (!take(row)) return;
        } else if (!take(first->row(first->next))) {
            return;
        }
        if (reader && reader->rights && first->rows == &customer)
            if (const auto right = right_row(customer.integer(1), *reader->rights)) take(node::right_state_row(*right, first->next));
        first->step();
    }
}

}  // namespace paprsek::hq
