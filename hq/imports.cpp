#include "hq/imports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "hq/customers.h"
#include "hq/ingest.h"
#include "hq/project.h"
#include "node/base/error.h"
#include "node/base/text.h"
#include "node/codes.h"
#include "node/price_list.h"
#include "node/row_faults.h"

namespace paprsek::hq {
namespace {

namespace kind = schema::kind;

/// HQ's ledger says that the catalogue changed; the rows themselves are state.
void note_import(Store& store, const node::CsvTable& table, const char* what, const node::ImportReport& report, node::Instant now) {
    if (report.added + report.changed == 0) return;
    Projector projector(store, now);
    OwnFacts facts(store, projector, now);
    facts.append(kind::catalogue_imported,
                 node::canonical({{"file", table.name}, {"what", what}, {"rows", report.rows}, {"added", report.added}, {"changed", report.changed}}));
    facts.finish();
    projector.finish();
}

/// Gathers what differs between two rows, field by field, while there is room for it.
class Telling {
public:
    Telling(RowChanges* changes, bool added, std::string key, std::string name) : changes_(changes), row_{added, std::move(key), std::move(name), {}} {
        if (changes_ && changes_->list.size() >= RowChanges::most) changes_ = nullptr;
    }
    Telling& field(const char* name, const std::string& before, const std::string& after) {
        if (changes_ && before != after) row_.fields.push_back({name, before, after});
        return *this;
    }
    void done() {
        if (changes_) changes_->list.push_back(std::move(row_));
    }

private:
    RowChanges* changes_;
    RowChange row_;
};

template <class D>
std::string printed(const std::optional<D>& amount) {
    return amount ? print(*amount) : "";
}

std::string listed(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

void tell(RowChanges* changes, const std::optional<node::ProductRow>& before, const node::ProductRow& row) {
    if (!changes) return;
    const node::ProductRow known = before.value_or(node::ProductRow{});
    Telling(changes, !before, row.key, row.name)
        .field("name", known.name, before ? row.name : "")
        .field("price", before ? print(known.price) : "", print(row.price))
        .field("vat", known.vat, row.vat)
        .field("group", known.group, row.group)
        .field("cost", printed(known.cost), printed(row.cost))
        .field("points", printed(known.points), printed(row.points))
        .field("dealer_discounts", known.dealers, row.dealers)
        .field("code", listed(known.codes), before ? listed(row.codes) : "")
        .field("linked", known.linked, row.linked)
        .done();
}

bool same(const node::GroupRow& a, const node::GroupRow& b) { return a.name == b.name && a.parent == b.parent && a.excluded == b.excluded; }

bool same(const node::ProductRow& a, const node::ProductRow& b) { return node::state_row(a, 0).body == node::state_row(b, 0).body; }

/// A group above itself would never end; the file alone cannot tell, for a parent may stand in an earlier one.
void check_parents(Store& store, const std::vector<node::ImportedGroup>& groups, node::RowFaults& faults) {
    const auto check = [&](const node::ImportedGroup& imported) {
        std::set<std::string> way = {node::fold(imported.row.name)};
        for (std::string above = imported.row.parent; !above.empty();) {
            if (!way.insert(node::fold(above)).second)
                node::refuse(imported.place + " column parent", fmt::format("the group \"{}\" would stand above itself", imported.row.name));
            const auto next = store.group(above);
            above = next ? next->parent : "";
        }
    };
    for (const node::ImportedGroup& imported : groups) faults.row([&] { check(imported); });
}

class CustomerImport {
public:
    CustomerImport(Store& store, const node::CsvTable& table, node::Instant now, node::Random& random, RowChanges* changes)
        : store_(store), random_(random), changes_(changes), projector_(store, now), facts_(store, projector_, now), faults_(table.name),
          rows_(node::parse_customers(table, faults_)) {
        columns_.insert(table.header.begin(), table.header.end());
    }

    node::ImportReport run() {
        report_.rows = static_cast<std::int64_t>(rows_.size());
        std::erase_if(rows_, [&](const auto& imported) { return !faults_.row([&] { find(imported); }); });
        name_new_ones();
        for (const auto& imported : rows_)
            faults_.row([&] {
                if (!imported.referrer.empty()) referrer_of(imported);
            });
        faults_.done();
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (!found_[i].row) set(i);
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (found_[i].row) set(i);
        for (std::size_t i = 0; i < rows_.size(); ++i) faults_.row([&] { refuse_circle(i); });
        faults_.done();
        // After all customers, whose seqs were counted on.
        for (const std::string& body : openings_) facts_.append(kind::opening, body);
        facts_.finish();
        projector_.finish();
        return report_;
    }

private:
    /// A column that the file does not have leaves what is known.
    bool has(const char* column) const { return columns_.contains(column); }

    struct Found {
        std::int64_t row = 0;  ///< 0 = new
        std::string id;
    };

    /// The customer with the row's number or a card of it. Two different ones are refused.
    void find(const node::ImportedCustomer& imported) {
        std::int64_t row = imported.row.number ? store_.customer_by_number(*imported.row.number).value_or(0) : 0;
        for (const std::string& card : imported.row.cards) {
            const auto holder = store_.customer_by_card(card);
            if (!holder || *holder == row) continue;
            if (row && !is_card_alone(store_, *holder, card))
                node::refuse(imported.place + " column cards", fmt::format("{} is another customer's card", card), "merge the customers or take the card out");
            if (!row) refuse_other_number(imported, card, *holder);
            if (!row) row = *holder;
        }
        std::string id = row ? store_.customer(row).id : "";
        if (!id.empty()) {
            const auto [other, first] = by_id_.emplace(id, imported.place);
            if (!first) node::refuse(imported.place, "is the same customer as " + other->second, "put both into one row");
        }
        found_.push_back({row, std::move(id)});
    }

    /// Whoever has the card keeps the number that he has: a row with another one is most likely somebody else's.
    void refuse_other_number(const node::ImportedCustomer& imported, const std::string& card, std::int64_t holder) {
        const auto number = store_.customer(holder).number;
        if (imported.row.number && number && *number != *imported.row.number)
            node::refuse(imported.place + " column cards", fmt::format("{} is the card of customer {}", card, *number),
                         "correct the number or take the card out");
    }

    /// New customers' facts come first, so that the id of one without a card, the fact that makes it, is known beforehand.
    void name_new_ones() {
        std::int64_t seq = facts_.next_seq();
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (found_[i].row) continue;
            const auto& cards = rows_[i].row.cards;
            std::string id = cards.empty() ? "" : node::customer_of_card(cards.front());
            if (id.empty() || store_.find_account(id)) id = node::customer_of_fact(node::hq_node, facts_.epoch(), seq);
            found_[i].id = std::move(id);
            ++seq;
        }
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (rows_[i].row.number) by_number_[*rows_[i].row.number] = found_[i].id;
            for (const std::string& card : rows_[i].row.cards) by_card_[card] = found_[i].id;
        }
    }

    std::string referrer_of(const node::ImportedCustomer& imported) {
        const std::string& text = imported.referrer;
        if (const auto number = node::as_customer_number(text)) {
            if (const auto in_file = by_number_.find(*number); in_file != by_number_.end()) return in_file->second;
            if (const auto row = store_.customer_by_number(*number)) return store_.customer(*row).id;
        }
        const std::string card = node::normalise_code(text);
        if (const auto in_file = by_card_.find(card); in_file != by_card_.end()) return in_file->second;
        if (const auto row = store_.customer_by_card(card)) return store_.customer(*row).id;
        node::refuse(imported.place + " column referrer", fmt::format("there is no customer {}", text), "add that customer first, or to this file");
    }

    void refuse_circle(std::size_t index) {
        if (rows_[index].referrer.empty()) return;
        std::set<std::string> seen;
        for (std::string id = found_[index].id; !id.empty();) {
            if (!seen.insert(id).second) node::refuse(rows_[index].place + " column referrer", "the referrers go round in a circle");
            const auto account = store_.find_account(id);
            id = account ? store_.customer(account->row).referrer : "";
        }
    }

    void set(std::size_t index) {
        const node::ImportedCustomer& imported = rows_[index];
        const Found& found = found_[index];
        const bool added = !found.row;
        const CustomerRecord before = added ? CustomerRecord{} : store_.customer(found.row);
        const std::vector<std::string> known_cards = added ? std::vector<std::string>{} : store_.cards(found.row);
        const auto body = before.digest.empty() ? std::nullopt : store_.personal(before.digest);
        const node::PersonalTexts known = body ? node::parse_personal(*body) : node::PersonalTexts{};

        node::CustomerFact fact;
        fact.customer = found.id;
        fact.number = imported.row.number ? imported.row.number : before.number;
        fact.cards = imported.row.cards;
        fact.dealer = has("dealer") ? imported.row.dealer : before.dealer;
        fact.discount = has("discount") ? imported.row.discount : before.discount;
        fact.charge = has("charge_to_account") ? imported.row.charge : before.charge;
        fact.limit = has("limit") ? imported.row.limit : before.limit;
        fact.referrer = imported.referrer.empty() ? before.referrer : referrer_of(imported);
        const node::PersonalTexts texts = node::filled(imported.row.texts, known);
        fact.digest = texts == known ? before.digest : keep_texts(store_, texts, random_);

        const bool new_card = std::any_of(fact.cards.begin(), fact.cards.end(), [&](const std::string& card) {
            return std::find(known_cards.begin(), known_cards.end(), card) == known_cards.end();
        });
        const bool changed = added || new_card || fact.number != before.number || fact.digest != before.digest || fact.dealer != before.dealer ||
                             fact.discount != before.discount || fact.charge != before.charge || fact.limit != before.limit || fact.referrer != before.referrer;
        if (changed) facts_.append(kind::customer_set, node::body_of(fact));
        const bool opened = open(imported, found);
        if (changed || opened) tell(imported, added, {before, known_cards, known}, fact, texts);
        ++(added ? report_.added : changed || opened ? report_.changed : report_.unchanged);
    }

    struct Before {
        const CustomerRecord& record;
        const std::vector<std::string>& cards;
        const node::PersonalTexts& texts;
    };
    void tell(const node::ImportedCustomer& imported, bool added, const Before& before, const node::CustomerFact& fact, const node::PersonalTexts& texts) {
        if (!changes_) return;
        const auto terms = [](const auto& amount) { return amount.is_zero() ? std::string() : print(amount); };
        const auto number = [](const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : std::string(); };
        const auto yes = [](bool value) { return std::string(value ? "1" : ""); };
        std::vector<std::string> cards = before.cards;
        for (const std::string& card : fact.cards)
            if (std::find(cards.begin(), cards.end(), card) == cards.end()) cards.push_back(card);
        const std::string key = fact.number ? number(fact.number) : cards.empty() ? "" : cards.front();
        Telling told(changes_, added, key, texts.name);
        told.field("name", before.texts.name, added ? "" : texts.name)
            .field("number", number(before.record.number), added ? "" : number(fact.number))
            .field("cards", listed(before.cards), listed(cards))
            .field("dealer", before.record.dealer, fact.dealer)
            .field("discount", terms(before.record.discount), terms(fact.discount))
            .field("charge_to_account", yes(before.record.charge), yes(fact.charge))
            .field("limit", terms(before.record.limit), terms(fact.limit))
            .field("phone", before.texts.phone, texts.phone)
            .field("email", before.texts.email, texts.email)
            .field("address", before.texts.address, texts.address)
            .field("note", before.texts.note, texts.note);
        if (before.record.referrer != fact.referrer) told.field("referrer", "", imported.referrer);
        told.field("points", printed(opened_.points), printed(imported.opening_points)).field("spend", printed(opened_.spend), printed(imported.opening_spend));
        told.done();
    }

    bool open(const node::ImportedCustomer& imported, const Found& found) {
        const Account before = found.row ? store_.opened_by(found.row, facts_.chain_id()) : Account{};
        node::ActFact fact;
        fact.customer = found.id;
        opened_ = {};
        if (imported.opening_points && before.points) opened_.points = node::Points::of(before.points);
        if (imported.opening_spend && before.spend) opened_.spend = node::Money::of(before.spend);
        if (imported.opening_points) fact.points = *imported.opening_points - node::Points::of(before.points);
        if (imported.opening_spend) fact.spend = *imported.opening_spend - node::Money::of(before.spend);
        if (fact.points.is_zero() && fact.spend.is_zero()) return false;
        openings_.push_back(node::body_of(fact));
        return true;
    }

    Store& store_;
    node::Random& random_;
    RowChanges* changes_;
    struct {
        std::optional<node::Points> points;
        std::optional<node::Money> spend;
    } opened_;  ///< of the row at hand, before it
    Projector projector_;
    OwnFacts facts_;
    node::RowFaults faults_;
    std::vector<node::ImportedCustomer> rows_;
    std::set<std::string> columns_;
    std::vector<Found> found_;
    std::map<std::string, std::string> by_id_;
    std::map<std::int64_t, std::string> by_number_;
    std::map<std::string, std::string> by_card_;
    std::vector<std::string> openings_;
    node::ImportReport report_;
};

}  // namespace

node::ImportReport import_groups(Store& store, const node::CsvTable& table, node::Instant now, bool preview, RowChanges* changes) {
    node::RowFaults faults(table.name);
    const auto groups = node::parse_groups(table, faults);
    node::ImportReport report;
    report.rows = static_cast<std::int64_t>(groups.size());
    StoreTransaction transaction(store);
    for (const node::ImportedGroup& imported : groups) {
        const auto before = store.group(imported.row.name);
        if (before && same(*before, imported.row)) {
            ++report.unchanged;
            continue;
        }
        const auto excluded = [](const node::GroupRow& row) { return std::string(row.excluded ? "1" : ""); };
        const node::GroupRow known = before.value_or(node::GroupRow{});
        Telling(changes, !before, imported.row.name, imported.row.name)
            .field("group", known.name, before ? imported.row.name : "")
            .field("parent", known.parent, imported.row.parent)
            .field("excluded", excluded(known), excluded(imported.row))
            .done();
        store.save_group(imported.row);
        ++(before ? report.changed : report.added);
    }
    if (!faults.any()) check_parents(store, groups, faults);
    faults.done();
    note_import(store, table, "groups", report, now);
    if (!preview) transaction.commit();
    return report;
}

node::ImportReport import_products(Store& store, const node::CsvTable& table, const std::vector<std::string>& vat_groups, node::Instant now, bool preview,
                                   RowChanges* changes) {
    node::RowFaults faults(table.name);
    const auto products = node::parse_products(table, vat_groups, faults);
    node::ImportReport report;
    report.rows = static_cast<std::int64_t>(products.size());
    StoreTransaction transaction(store);
    const auto take = [&](node::ImportedProduct imported) {
        report.warnings.insert(report.warnings.end(), imported.warnings.begin(), imported.warnings.end());
        node::ProductRow& row = imported.row;
        std::set<std::string> known;
        for (const std::string& code : row.codes)
            if (const auto key = store.product_by_code(code)) known.insert(*key);
        if (known.size() > 1)
            node::refuse(imported.place + " column code", fmt::format("names two products that HQ knows, {} and {}", *known.begin(), *known.rbegin()),
                         "put each into a row of its own");
        if (!known.empty()) row.key = *known.begin();
        if (std::find(row.codes.begin(), row.codes.end(), row.key) == row.codes.end()) row.codes.push_back(row.key);
        std::sort(row.codes.begin(), row.codes.end());
        const auto before = known.empty() ? std::nullopt : store.product(row.key);
        if (before) keep_known(imported, *before);
        if (before && same(*before, row)) {
            ++report.unchanged;
            return;
        }
        tell(changes, before, row);
        store.save_product(row);
        ++(before ? report.changed : report.added);
    };
    for (const node::ImportedProduct& imported : products) faults.row([&] { take(imported); });
    faults.done();
    Watch watch(store, now);
    for (const Exception& unknown : store.live_exceptions(exception_kind::unknown_product))
        if (store.product_by_code(unknown.subject)) watch.close(exception_kind::unknown_product, unknown.subject, ExceptionState::settled);
    note_import(store, table, "products", report, now);
    if (!preview) transaction.commit();
    node::close_warnings(report);
    return report;
}

node::ImportReport import_prices(Store& store, const node::CsvTable& table, node::Instant now, bool preview, RowChanges* changes) {
    node::RowFaults faults(table.name);
    const auto prices = node::parse_prices(table, faults);
    node::ImportReport report;
    report.rows = static_cast<std::int64_t>(prices.size());
    StoreTransaction transaction(store);
    const auto take = [&](const node::ImportedPrice& price) {
        const auto key = store.product_by_code(price.code);
        if (!key) node::refuse(price.place + " column code", fmt::format("{} is not in the catalogue", price.code));
        node::ProductRow product = store.product(*key).value();
        const auto listed_price = [&]() -> std::optional<node::Money> {
            for (const node::ListedPrice& each : node::parse_listed_prices(product.prices).value_or(std::vector<node::ListedPrice>{}))
                if (each.list == price.list && each.from == price.from) return each.price;
            return std::nullopt;
        };
        const auto known = listed_price();
        const bool changed = node::take_price(product, price);
        if (changed) {
            Telling(changes, false, product.key, product.name)
                .field("list", "", price.list)
                .field("from", "", print(price.from))
                .field("price", printed(known), printed(price.price))
                .done();
            store.save_product(product);
        }
        ++(changed ? report.changed : report.unchanged);
    };
    for (const node::ImportedPrice& price : prices) faults.row([&] { take(price); });
    faults.done();
    note_import(store, table, "prices", report, now);
    if (!preview) transaction.commit();
    return report;
}

node::ImportReport fill_points(Store& store, node::PointsBy by, bool all, node::Instant now) {
    node::ImportReport report;
    StoreTransaction transaction(store);
    for (const std::string& key : store.product_keys()) {
        ++report.rows;
        node::ProductRow product = store.product(key).value();
        const auto points = all || !product.points ? node::points_by(by, product) : product.points;
        if (points == product.points) {
            ++report.unchanged;
            continue;
        }
        product.points = points;
        store.save_product(product);
        ++report.changed;
    }
    node::CsvTable table;
    note_import(store, table, "points", report, now);
    transaction.commit();
    return report;
}

node::ImportReport import_customers(Store& store, const node::CsvTable& table, node::Instant now, node::Random& random, bool preview, RowChanges* changes) {
    StoreTransaction transaction(store);
    node::ImportReport report = CustomerImport(store, table, now, random, changes).run();
    if (!preview) transaction.commit();
    return report;
}

}  // namespace paprsek::hq
