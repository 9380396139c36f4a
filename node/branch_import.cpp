#include "node/branch_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/customer_desk.h"
#include "node/customers.h"
#include "node/row_faults.h"

namespace paprsek::node {
namespace {

namespace kind = schema::kind;

void refuse_enrolled(Node& node, const char* what) {
    if (node.enrolment()) refuse(what, "are kept at HQ for this branch", "import them there: paprsek-hq");
}

void tally(ImportReport& report, bool existed, bool changed) {
    ++report.rows;
    if (!existed)
        ++report.added;
    else if (changed)
        ++report.changed;
    else
        ++report.unchanged;
}

void import_groups(Node& node, const std::vector<ImportedGroup>& groups, ImportReport& report) {
    for (const ImportedGroup& group : groups) {
        auto stored = node.database().query("SELECT name, parent, excluded FROM product_group WHERE folded = ?", fold(group.row.name));
        const bool existed = stored.step();
        const bool same = existed && stored.view(0) == group.row.name && stored.view(1) == group.row.parent && stored.flag(2) == group.row.excluded;
        if (!same) apply(node.database(), group.row, 0);
        tally(report, existed, !same);
    }
}

/// The product that has one of the codes; refuses codes of two products.
std::string known_key(Database& database, const ImportedProduct& product) {
    std::string key;
    for (const std::string& code : product.row.codes) {
        const auto found = database.text("SELECT p.key FROM product_code c JOIN product p ON p.id = c.product WHERE c.code = ?", code);
        if (!found) continue;
        if (!key.empty() && key != *found) refuse(product.place + " column code", fmt::format("the codes belong to two products, {} and {}", key, *found));
        key = *found;
    }
    return key;
}

bool same_product(Database& database, const ProductRow& row) {
    auto stored = database.query("SELECT id, name, grp, price, vat, cost, points, dealers, prices, linked FROM product WHERE key = ?", row.key);
    if (!stored.step()) return false;
    const auto raw = [](const auto& value) { return value ? std::optional(value->raw()) : std::nullopt; };
    if (stored.view(1) != row.name || stored.view(2) != row.group || stored.integer(3) != row.price.raw() || stored.view(4) != row.vat ||
        stored.optional_integer(5) != raw(row.cost) || stored.optional_integer(6) != raw(row.points) || stored.view(7) != row.dealers ||
        stored.view(8) != row.prices || stored.view(9) != row.linked)
        return false;
    std::set<std::string> codes;
    for (auto rows = database.query("SELECT code FROM product_code WHERE product = ?", stored.integer(0)); rows.step();) codes.insert(rows.text(0));
    return codes == std::set<std::string>(row.codes.begin(), row.codes.end());
}

void import_products(Node& node, std::vector<ImportedProduct> products, ImportReport& report, RowFaults& faults) {
    const auto take = [&](ImportedProduct& product) {
        const std::string key = known_key(node.database(), product);
        if (!key.empty()) product.row.key = key;
        // The key names the product in facts for ever; were it free, another product could come under the same name.
        std::vector<std::string>& codes = product.row.codes;
        if (std::find(codes.begin(), codes.end(), product.row.key) == codes.end()) codes.push_back(product.row.key);
        if (const auto known = product_row(node.database(), product.row.key)) keep_known(product, *known);
        const bool same = !key.empty() && same_product(node.database(), product.row);
        if (!same) apply(node.database(), product.row, 0);
        tally(report, !key.empty(), !same);
        report.warnings.insert(report.warnings.end(), product.warnings.begin(), product.warnings.end());
    };
    for (ImportedProduct& product : products) faults.row([&] { take(product); });
    close_warnings(report);
}

void import_prices(Node& node, const std::vector<ImportedPrice>& prices, ImportReport& report, RowFaults& faults) {
    const auto take = [&](const ImportedPrice& price) {
        ProductRow product;
        auto known = node.database().query("SELECT p.id, p.prices FROM product_code c JOIN product p ON p.id = c.product WHERE c.code = ?", price.code);
        if (!known.step()) refuse(price.place + " column code", fmt::format("{} is not in the catalogue", price.code));
        product.prices = known.text(1);
        const bool changed = take_price(product, price);
        if (changed) node.database().run("UPDATE product SET prices = ? WHERE id = ?", product.prices, known.integer(0));
        tally(report, true, changed);
    };
    for (const ImportedPrice& price : prices) faults.row([&] { take(price); });
}

class CustomerImport {
public:
    CustomerImport(Node& node, const CsvTable& table, ImportReport& report, RowFaults& faults)
        : node_(node), report_(report), faults_(faults), columns_(table.header.begin(), table.header.end()) {}

    void run(const std::vector<ImportedCustomer>& customers) {
        std::vector<const ImportedCustomer*> waiting;  // their referrer comes later in the file
        for (const ImportedCustomer& customer : customers)
            faults_.row([&] {
                if (!book(customer, false)) waiting.push_back(&customer);
            });
        for (const ImportedCustomer* customer : waiting) faults_.row([&] { book(*customer, true); });
        if (faults_.any()) return;  // somebody may be missing in a circle
        for (const ImportedCustomer& customer : customers) faults_.row([&] { refuse_cycle(customer); });
    }

private:
    std::optional<CustomerRecord> find(const std::string& number_or_card) {
        if (const auto number = as_customer_number(number_or_card)) return customer_by_number(node_.database(), *number);
        return customer_by_card(node_.database(), normalise_code(number_or_card));
    }

    std::optional<CustomerRecord> existing(const ImportedCustomer& customer) {
        std::optional<CustomerRecord> found;
        const auto meet = [&](std::optional<CustomerRecord> record) {
            if (!record) return;
            if (found && found->terms.id != record->terms.id)
                refuse(customer.place, "number and cards belong to two customers", "merge them first, or correct the row");
            found = std::move(record);
        };
        if (customer.row.number) meet(customer_by_number(node_.database(), *customer.row.number));
        for (const std::string& card : customer.row.cards) meet(customer_by_card(node_.database(), card));
        // Whoever has the card keeps the number that he has: a row with another one is most likely somebody else's.
        if (found && found->number && customer.row.number && *found->number != *customer.row.number)
            refuse(customer.place + " column cards", fmt::format("holds a card of customer {}", *found->number), "correct the number or take the card out");
        return found;
    }

    /// False when the referrer is not known yet; the customer stands then, without one.
    bool book(const ImportedCustomer& customer, bool again) {
        const CustomerRow& row = customer.row;
        const auto before = existing(customer);
        CustomerFact fact;
        fact.customer = before                 ? before->terms.id
                        : row.cards.empty() ? customer_of_fact(node_.info().node, node_.epoch(), node_.ledger().head().seq + 1)
                                            : customer_of_card(row.cards.front());
        const CustomerRecord known = before.value_or(CustomerRecord{});
        fact.number = row.number ? row.number : known.number;
        std::set<std::string> cards(known.terms.cards.begin(), known.terms.cards.end());
        cards.insert(row.cards.begin(), row.cards.end());
        fact.cards.assign(cards.begin(), cards.end());
        fact.dealer = has("dealer") ? row.dealer : known.terms.dealer;
        fact.discount = has("discount") ? row.discount : known.terms.discount;
        fact.charge = has("charge_to_account") ? row.charge : known.terms.charge;
        fact.limit = has("limit") ? row.limit : known.terms.limit;
        fact.referrer = known.terms.referrer;
        const PersonalTexts texts = filled(row.texts, known.texts);
        bool complete = true;
        if (!customer.referrer.empty()) {
            const auto referrer = find(customer.referrer);
            if (!referrer && again) refuse(customer.place + " column referrer", fmt::format("there is no customer {}", customer.referrer));
            if (referrer) fact.referrer = referrer->terms.id;
            complete = referrer.has_value();
        }
        const bool same = before && same_customer(*before, fact, texts);
        if (!same) append(fact, texts);
        const bool opened = !again && open_balances(fact.customer, customer);
        if (!again) tally(report_, before.has_value(), !same || !complete || opened);
        return complete;
    }

    /// A column that the file does not have leaves what is known; so does an empty text.
    bool has(const char* column) const { return columns_.contains(column); }

    static bool same_customer(const CustomerRecord& before, const CustomerFact& fact, const PersonalTexts& texts) {
        std::vector<std::string> cards = fact.cards;
        std::sort(cards.begin(), cards.end());
        const CustomerTerms& terms = before.terms;
        return before.number == fact.number && before.texts == texts && terms.cards == cards && terms.dealer == fact.dealer &&
               terms.discount == fact.discount && terms.charge == fact.charge && terms.limit == fact.limit && terms.referrer == fact.referrer;
    }

    void append(CustomerFact& fact, const PersonalTexts& texts) {
        if (!texts.empty()) fact.digest = keep_texts(node_, texts);
        node_.ledger().append(kind::customer_set, body_of(fact), node_.clock().now());
    }

    /// True when it changes them.
    bool open_balances(const std::string& id, const ImportedCustomer& customer) {
        auto booked = node_.database().query("SELECT ifnull(sum(points), 0), ifnull(sum(spend), 0) FROM movement WHERE customer = ? AND kind = 'opening'", id);
        booked.step();
        ActFact fact;
        fact.customer = id;
        if (customer.opening_points) fact.points = *customer.opening_points - booked.decimal<Points>(0);
        if (customer.opening_spend) fact.spend = *customer.opening_spend - booked.decimal<Money>(1);
        if (fact.points.is_zero() && fact.spend.is_zero()) return false;
        node_.ledger().append(kind::opening, body_of(fact), node_.clock().now());
        return true;
    }

    void refuse_cycle(const ImportedCustomer& customer) {
        const auto start = existing(customer);
        std::set<std::string> seen;
        for (auto next = start; next && !next->terms.referrer.empty(); next = customer_by_id(node_.database(), next->terms.referrer))
            if (!seen.insert(next->terms.id).second) refuse(customer.place + " column referrer", "the referrers go round in a circle");
    }

    Node& node_;
    ImportReport& report_;
    RowFaults& faults_;
    std::set<std::string> columns_;
};

void book_import(Node& node, const std::string& path, const std::string& what, const ImportReport& report) {
    if (report.added + report.changed == 0) return;
    const Json body = {{"file", base_name(path)}, {"what", what}, {"rows", report.rows}, {"added", report.added}, {"changed", report.changed}};
    node.ledger().append(kind::catalogue_imported, canonical(body), node.clock().now());
}

}  // namespace

ImportReport import_catalogue(Node& node, const std::string& path, bool preview) {
    refuse_enrolled(node, "products");
    const CsvTable table = read_csv(path);
    ImportReport report;
    RowFaults faults(table.name);
    Transaction transaction(node.database());
    const auto book = [&](const char* what) {
        faults.done();
        book_import(node, path, what, report);
    };
    switch (kind_of(table)) {
        case TableKind::groups:
            import_groups(node, parse_groups(table, faults), report);
            book("groups");
            break;
        case TableKind::products:
            import_products(node, parse_products(table, node.policy().vat_groups(), faults), report, faults);
            book("products");
            break;
        case TableKind::prices:
            import_prices(node, parse_prices(table, faults), report, faults);
            book("prices");
            break;
        case TableKind::customers: refuse(table.name, "holds customers", "use import-customers");
    }
    if (!preview) transaction.commit();
    return report;
}

ImportReport import_customers(Node& node, const std::string& path, bool preview) {
    refuse_enrolled(node, "customers");
    const CsvTable table = read_csv(path);
    if (kind_of(table) != TableKind::customers) refuse(table.name, "holds no customers", "use import-catalogue");
    ImportReport report;
    RowFaults faults(table.name);
    Transaction transaction(node.database());
    CustomerImport(node, table, report, faults).run(parse_customers(table, faults));
    faults.done();
    if (!preview) transaction.commit();
    return report;
}

}  // namespace paprsek::node
