#include "node/state.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "node/aliases.h"
#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"
#include "node/foreign_receipts.h"
#include "node/hq_users.h"
#include "node/search.h"
#include "node/state_slice.h"

namespace paprsek::node {
namespace {

template <class D>
void put_given(CanonicalObject& json, const char* key, const std::optional<D>& value) {
    if (value) json.integer(key, value->raw());
}
void put_given(CanonicalObject& json, const char* key, const std::string& text) {
    if (!text.empty()) json.text(key, text);
}
template <class D>
void put_amount(CanonicalObject& json, const char* key, D value) {
    if (!value.is_zero()) json.integer(key, value.raw());
}

/// Reads a row's body; fields that this version does not know are ignored. A first load has some hundred thousand, so this looks
/// into simdjson's document, which stands until the next body is parsed on this thread.
class RowBody {
public:
    explicit RowBody(const StateRow& row) : row_(row) {
        static thread_local simdjson::dom::parser parser;
        if (parser.parse(row.body.data(), row.body.size()).get(object_) != simdjson::SUCCESS) bad("the body");
    }
    std::string text(const char* key) const { return std::string(value<std::string_view>(key).value_or(std::string_view())); }
    std::optional<std::int64_t> integer(const char* key) const { return value<std::int64_t>(key); }
    bool flag(const char* key) const { return value<bool>(key).value_or(false); }
    template <class D>
    std::optional<D> decimal(const char* key) const {
        const auto raw = integer(key);
        if (!raw) return std::nullopt;
        if (*raw > D::max_value || *raw < -D::max_value) bad(key);
        return D::of(*raw);
    }
    std::vector<std::string> list(const char* key) const {
        std::vector<std::string> list;
        const auto array = value<simdjson::dom::array>(key);
        if (!array) return list;
        for (const simdjson::dom::element item : *array) {
            std::string_view text;
            if (item.get(text) != simdjson::SUCCESS) bad(key);
            list.emplace_back(text);
        }
        return list;
    }
    [[noreturn]] void bad(const char* key) const {
        refuse("state row " + row_.kind + " " + row_.key, std::string("\"") + key + "\" does not have the form of such a row");
    }

private:
    template <class T>
    std::optional<T> value(const char* key) const {
        simdjson::dom::element element;
        if (object_[key].get(element) != simdjson::SUCCESS) return std::nullopt;
        T result;
        if (element.get(result) != simdjson::SUCCESS) bad(key);
        return result;
    }
    const StateRow& row_;
    simdjson::dom::object object_;
};

GroupRow parse_group(const StateRow& row) {
    const RowBody body(row);
    GroupRow group{body.text("name"), body.text("parent"), body.flag("excluded")};
    if (fold(group.name) != row.key) body.bad("name");  // it would stand under another key, and never be what HQ's digest says
    return group;
}

ProductRow parse_product_row(const StateRow& row) {
    const RowBody body(row);
    ProductRow product;
    product.key = row.key;
    product.codes = body.list("codes");
    product.name = body.text("name");
    product.group = body.text("group");
    product.price = body.decimal<Money>("price").value_or(Money{});
    product.vat = body.text("vat");
    product.cost = body.decimal<Money>("cost");
    product.points = body.decimal<Points>("points");
    product.dealers = body.text("dealers");
    product.prices = body.text("prices");
    product.linked = body.text("linked");
    return product;
}

CustomerRow parse_customer_row(const StateRow& row) {
    const RowBody body(row);
    CustomerRow customer;
    customer.id = row.key;
    customer.number = body.integer("number");
    customer.texts = {body.text("name"), body.text("phone"), body.text("email"), body.text("address"), body.text("note")};
    customer.cards = body.list("cards");
    customer.aliases = body.list("aliases");
    if (std::find(customer.aliases.begin(), customer.aliases.end(), customer.id) != customer.aliases.end()) body.bad("aliases");
    customer.dealer = body.text("dealer");
    customer.discount = body.decimal<Rate>("discount").value_or(Rate{});
    customer.charge = body.flag("charge");
    customer.limit = body.decimal<Money>("limit").value_or(Money{});
    customer.referrer = body.text("referrer");
    customer.points = body.decimal<Points>("points").value_or(Points{});
    customer.spend = body.decimal<Money>("spend").value_or(Money{});
    customer.debt = body.decimal<Money>("debt").value_or(Money{});
    if (const auto last = body.integer("last")) customer.last = Instant{*last};
    return customer;
}

void remove_product(Database& database, const std::string& key, SearchChanges& search) {
    auto found = database.query("SELECT id, search FROM product WHERE key = ?", key);
    if (!found.step()) return;
    const auto id = found.integer(0);
    search.remove(id, found.text(1));
    database.run("DELETE FROM product_code WHERE product = ?", id);
    database.run("DELETE FROM product WHERE id = ?", id);
}

/// Whether a product's codes or a customer's cards stand as they should: most rows bring a new price or balance, and nothing else.
template <class Owner>
bool same_codes(Database& database, std::string_view query, const Owner& owner, std::vector<std::string> codes) {
    std::sort(codes.begin(), codes.end());
    auto held = database.query(query, owner);
    for (const std::string& code : codes)
        if (!held.step() || held.view(0) != code) return false;
    return !held.step();
}

/// Whose alias the customer is here.
std::optional<std::string> main_of(Database& database, const std::string& alias) {
    return database.text("SELECT customer FROM customer_alias WHERE alias = ?", alias);
}

/// Who is one with the customer, as HQ says now.
void set_aliases(Database& database, const CustomerRow& row) {
    if (const auto main = main_of(database, row.id)) part_alias(database, row.id, *main);
    std::vector<std::string> known;
    for (auto aliases = database.query("SELECT alias FROM customer_alias WHERE customer = ?", row.id); aliases.step();) known.push_back(aliases.text(0));
    for (const std::string& alias : known)
        if (std::find(row.aliases.begin(), row.aliases.end(), alias) == row.aliases.end()) part_alias(database, alias, row.id);
    for (const std::string& alias : row.aliases) {
        if (const auto main = main_of(database, alias); main && *main != row.id) part_alias(database, alias, *main);
        join_alias(database, alias, row.id);
    }
}

}  // namespace

StateRow state_row(const GroupRow& row, std::int64_t version) {
    CanonicalObject json;
    if (row.excluded) json.flag("excluded", true);
    json.text("name", row.name);
    put_given(json, "parent", row.parent);
    return {"group", fold(row.name), version, json.finish()};
}

StateRow state_row(const ProductRow& row, std::int64_t version) {
    CanonicalObject json;
    json.texts("codes", row.codes);
    put_given(json, "cost", row.cost);
    put_given(json, "dealers", row.dealers);
    put_given(json, "group", row.group);
    put_given(json, "linked", row.linked);
    json.text("name", row.name);
    put_given(json, "points", row.points);
    json.integer("price", row.price.raw());
    put_given(json, "prices", row.prices);
    json.text("vat", row.vat);
    return {"product", row.key, version, json.finish()};
}

StateRow state_row(const CustomerRow& row, std::int64_t version) {
    CanonicalObject json;
    put_given(json, "address", row.texts.address);
    if (!row.aliases.empty()) json.texts("aliases", row.aliases);
    if (!row.cards.empty()) json.texts("cards", row.cards);
    if (row.charge) json.flag("charge", true);
    put_given(json, "dealer", row.dealer);
    put_amount(json, "debt", row.debt);
    put_amount(json, "discount", row.discount);
    put_given(json, "email", row.texts.email);
    if (row.last) json.integer("last", row.last->ms);
    put_amount(json, "limit", row.limit);
    put_given(json, "name", row.texts.name);
    put_given(json, "note", row.texts.note);
    if (row.number) json.integer("number", *row.number);
    put_given(json, "phone", row.texts.phone);
    put_amount(json, "points", row.points);
    // Who was merged with his referrer gets no share of his own purchases.
    if (std::find(row.aliases.begin(), row.aliases.end(), row.referrer) == row.aliases.end()) put_given(json, "referrer", row.referrer);
    put_amount(json, "spend", row.spend);
    return {"customer", row.id, version, json.finish()};
}

StateRow right_state_row(const RightRow& row, std::int64_t version) {
    CanonicalObject json;
    json.integer("begun", row.begun);
    put_amount(json, "credit", row.credit);
    json.integer("epoch", row.epoch);
    if (row.home) json.flag("home", true);
    put_amount(json, "points", row.points);
    return {"right", row.customer, version, json.finish()};
}

StateRow policy_state_row(const std::string& policy, std::int64_t version) { return {"policy", "policy", version, policy}; }

StateRow listed_card_row(const std::string& card, const std::string& programmes, std::int64_t version) {
    return {"listed_card", card, version, programmes == "[]" ? "" : "{\"programmes\":" + programmes + "}"};
}

void apply(Database& database, const GroupRow& row, std::int64_t version) {
    database.run(
        "INSERT INTO product_group (folded, name, parent, excluded, version) VALUES (?, ?, ?, ?, ?) ON CONFLICT (folded) DO UPDATE SET name = excluded.name, "
        "parent = excluded.parent, excluded = excluded.excluded, version = excluded.version",
        fold(row.name), row.name, row.parent, row.excluded, version);
}

void apply(Database& database, const ProductRow& row, std::int64_t version, SearchChanges& changes) {
    const std::string search = search_text(row.name);
    std::int64_t id = 0;
    // Most rows of a first load are new: one search each.
    if (database.run("INSERT INTO product (key, name, search, grp, price, vat, cost, points, dealers, prices, linked, version) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                     row.key, row.name, search, row.group, row.price, row.vat, row.cost, row.points, row.dealers, row.prices, row.linked, version)) {
        id = sqlite3_last_insert_rowid(database.handle());
        changes.add(id, search);
    } else {
        auto found = database.query("SELECT id, search FROM product WHERE key = ?", row.key);
        found.step();
        id = found.integer(0);
        if (found.view(1) != search) {
            changes.remove(id, found.text(1));
            changes.add(id, search);
        }
        database.run(
            "UPDATE product SET name = ?, search = ?, grp = ?, price = ?, vat = ?, cost = ?, points = ?, dealers = ?, prices = ?, linked = ?, version = ? "
            "WHERE id = ?",
            row.name, search, row.group, row.price, row.vat, row.cost, row.points, row.dealers, row.prices, row.linked, version, id);
        if (same_codes(database, "SELECT code FROM product_code WHERE product = ? ORDER BY code", id, row.codes)) return;
        database.run("DELETE FROM product_code WHERE product = ?", id);
    }
    for (const std::string& code : row.codes)
        database.run("INSERT INTO product_code (code, product) VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET product = excluded.product", code, id);
}

void apply(Database& database, const CustomerRow& row, std::int64_t version, std::int64_t own_seq) {
    set_aliases(database, row);
    if (row.texts.empty()) forget_erased(database, row.id, own_seq);
    // A number that HQ gave to somebody else is taken from its former holder, whose own row follows.
    if (row.number) database.run("UPDATE customer SET number = NULL WHERE number = ? AND id <> ?", *row.number, row.id);
    database.run(
        "INSERT INTO customer (id, number, name, search, dealer, discount, charge, credit, referrer, phone, email, address, note, hq_points, hq_spend, "
        "hq_debt, "
        "hq_last, hq_seq, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET number = "
        "excluded.number, name = excluded.name, search = excluded.search, dealer = excluded.dealer, discount = excluded.discount, charge = excluded.charge, "
        "credit = excluded.credit, referrer = excluded.referrer, phone = excluded.phone, email = excluded.email, address = excluded.address, note = "
        "excluded.note, hq_points = excluded.hq_points, hq_spend = excluded.hq_spend, hq_debt = excluded.hq_debt, hq_last = excluded.hq_last, hq_seq = "
        "excluded.hq_seq, included_points = 0, included_spend = 0, included_debt = 0, version = excluded.version",
        row.id, row.number, row.texts.name, search_text(row.texts.name), row.dealer, row.discount, row.charge, row.limit, row.referrer, row.texts.phone,
        row.texts.email, row.texts.address, row.texts.note, row.points, row.spend, row.debt, row.last, own_seq, version);
    if (database.integer("SELECT 1 FROM movement WHERE customer = ? LIMIT 1", row.id))
        database.run(
            "UPDATE customer SET (included_points, included_spend, included_debt) = (SELECT ifnull(sum(points), 0), ifnull(sum(spend), 0), ifnull(sum(debt), "
            "0) FROM movement WHERE customer = ?1 AND seq <= ?2) WHERE id = ?1",
            row.id, own_seq);
    if (same_codes(database, "SELECT code FROM customer_card WHERE customer = ? ORDER BY code", row.id, row.cards)) return;
    database.run("DELETE FROM customer_card WHERE customer = ?", row.id);
    for (const std::string& card : row.cards)
        database.run("INSERT INTO customer_card (code, customer) VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET customer = excluded.customer", card, row.id);
}

void apply(Database& database, const ProductRow& row, std::int64_t version) {
    SearchChanges changes;
    apply(database, row, version, changes);
    changes.write(database);
}

void SearchChanges::remove(std::int64_t product, std::string text) { list_.push_back({product, std::move(text), false}); }
void SearchChanges::add(std::int64_t product, std::string text) { list_.push_back({product, std::move(text), true}); }

void SearchChanges::write(Database& database) {
    for (const Change& change : list_)
        if (change.added)
            database.run("INSERT INTO product_search (rowid, search) VALUES (?, ?)", change.product, change.text);
        else
            database.run("INSERT INTO product_search (product_search, rowid, search) VALUES ('delete', ?, ?)", change.product, change.text);
    list_.clear();
}

namespace {

/// A command of FTS5.
void tell_search(Database& database, std::string_view command, std::int64_t value) {
    database.run("INSERT INTO product_search (product_search, rank) VALUES (?, ?)", command, value);
}

}  // namespace

SearchMerges::SearchMerges(Database& database) : database_(database) { tell_search(database, "automerge", 0); }

SearchMerges::~SearchMerges() {
    constexpr std::int64_t usual = 4;  // FTS5's own setting
    try {
        tell_search(database_, "automerge", usual);
    } catch (const Error&) {
        // A disk that fails has said so before.
    }
}

void SearchMerges::merge(std::int64_t rows) {
    constexpr std::int64_t rows_a_page = 16;  // each merged some three times
    tell_search(database_, "merge", 1 + rows / rows_a_page);
}

namespace {

void apply_right(Database& database, const StateRow& row) {
    const RowBody body(row);
    const std::int64_t epoch = body.integer("epoch").value_or(0), begun = body.integer("begun").value_or(0);
    const auto points = body.decimal<Points>("points").value_or(Points{});
    const auto credit = body.decimal<Money>("credit").value_or(Money{});
    if (points < Points{} || credit < Money{}) body.bad("points");
    // HQ may have written it for an earlier holder, whom a late bundle made it hear last.
    database.run(
        "INSERT INTO right_granted (customer, epoch, begun, points, credit, home) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (customer) DO UPDATE SET "
        "epoch = excluded.epoch, begun = excluded.begun, points = excluded.points, credit = excluded.credit, home = excluded.home, changed = 1 "
        "WHERE (excluded.epoch, excluded.begun) >= (epoch, begun)", row.key, epoch, begun, points,
                 credit, body.flag("home"));
}

}  // namespace

void apply_state(Database& database, const StateRow& row, std::int64_t own_seq) {
    SearchChanges changes;
    apply_state(database, read_state(row), own_seq, changes);
    changes.write(database);
}

ReadRow read_state(StateRow row) {
    ReadRow read{std::move(row), {}};
    if (read.row.body.empty()) return read;
    if (read.row.kind == "group") read.form = parse_group(read.row);
    if (read.row.kind == "product") read.form = parse_product_row(read.row);
    if (read.row.kind == "customer") read.form = parse_customer_row(read.row);
    return read;
}

void apply_state(Database& database, const ReadRow& read, std::int64_t own_seq, SearchChanges& changes) {
    const StateRow& row = read.row;
    const bool gone = row.body.empty();
    if (row.kind == "group") {
        if (gone)
            database.run("DELETE FROM product_group WHERE folded = ?", row.key);
        else
            apply(database, std::get<GroupRow>(read.form), row.version);
    } else if (row.kind == "product") {
        if (gone)
            remove_product(database, row.key, changes);
        else
            apply(database, std::get<ProductRow>(read.form), row.version, changes);
    } else if (row.kind == "policy") {
        if (gone) return;
        // Versions of a time when the branch stood alone counted otherwise; its facts keep those policies.
        database.run("DELETE FROM policy WHERE version > ?", row.version);
        database.run("INSERT OR REPLACE INTO policy (version, body) VALUES (?, ?)", row.version, row.body);
    } else if (row.kind == "customer") {
        if (gone) {
            database.run("DELETE FROM customer_card WHERE customer = ?", row.key);
            database.run("DELETE FROM customer WHERE id = ?", row.key);
        } else {
            apply(database, std::get<CustomerRow>(read.form), row.version, own_seq);
        }
    } else if (row.kind == "right") {
        if (gone)
            database.run("DELETE FROM right_granted WHERE customer = ?", row.key);
        else
            apply_right(database, row);
    } else if (row.kind == "user") {
        apply_user(database, row);
    } else if (row.kind == "receipt") {
        apply_receipt(database, row);
    } else if (row.kind == "listed_card") {
        if (gone)
            database.run("DELETE FROM listed_card WHERE code = ?", row.key);
        else
            database.run("INSERT OR REPLACE INTO listed_card (code, programmes, version) VALUES (?, ?, ?)", row.key, canonical(RowBody(row).list("programmes")),
                         row.version);
    }
}

namespace {

struct StateTable {
    const char *kind, *table, *key;
};
constexpr std::array<StateTable, 4> state_tables = {
    {{"group", "product_group", "folded"}, {"product", "product", "key"}, {"customer", "customer", "id"}, {"listed_card", "listed_card", "code"}}};

}  // namespace

UnnamedState::UnnamedState(Database& database, std::int64_t own_seq) : database_(database), seen_(own_seq) {
    note_customers_set();
    for (const StateTable& table : state_tables) {
        // Both in the order of their keys, and side by side: SQLite would look for each row of one in the other.
        auto rows = database.query(fmt::format("SELECT {1} FROM {0} ORDER BY {1}", table.table, table.key));
        auto named = database.query("SELECT key FROM state_row WHERE kind = ? ORDER BY key", table.kind);
        for (bool more = named.step(); rows.step();) {
            while (more && named.view(0) < rows.view(0)) more = named.step();
            if (!more || named.view(0) != rows.view(0)) keys_.push_back({table.kind, rows.text(0)});
        }
    }
}

void UnnamedState::note_customers_set() {
    const std::int64_t newest = database_.integer("SELECT max(seq) FROM own_fact").value_or(0);
    for (auto facts = database_.query("SELECT body FROM own_fact WHERE seq > ? AND kind = ?", seen_, schema::kind::customer_set); facts.step();)
        set_here_.insert(parse_customer(facts.view(0)).customer);
    seen_ = std::max(seen_, newest);
}

void UnnamedState::drop(std::int64_t rows) {
    note_customers_set();
    for (; rows > 0 && !empty(); --rows) drop(keys_[next_++]);
}

void UnnamedState::drop(const Key& key) {
    if (database_.integer("SELECT 1 FROM state_row WHERE kind = ? AND key = ?", key.kind, key.key)) return;
    if (key.kind == "customer" && (set_here_.contains(key.key) || database_.integer("SELECT 1 FROM own_balance WHERE customer = ?", key.key))) {
        database_.run(
            "UPDATE customer SET version = 0, hq_points = 0, hq_spend = 0, hq_debt = 0, hq_last = NULL, hq_seq = 0, included_points = 0, included_spend = 0, "
            "included_debt = 0 WHERE id = ?",
            key.key);
        return;
    }
    SearchChanges changes;
    apply_state(database_, ReadRow{{key.kind, key.key, 0, ""}, {}}, 0, changes);
    changes.write(database_);
}

}  // namespace paprsek::node
