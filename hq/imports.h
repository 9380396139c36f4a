// Tables that a person brings to HQ: checked as a whole, then taken over in one transaction or not at all. Each throws RowErrors
// (node/row_faults.h) with all wrong rows; a `preview` says what would happen and changes nothing.
#pragma once
#include <string>
#include <vector>

#include "hq/store.h"
#include "node/base/random.h"
#include "node/fill_points.h"
#include "node/imports.h"

namespace paprsek::hq {

/// What a row of a table changes, for whoever decides whether to take it over: fields by the names of the table's columns, as it writes them.
struct FieldChange {
    std::string field, before, after;
};
struct RowChange {
    bool added = false;
    std::string key;  ///< code, number or card
    std::string name;
    std::vector<FieldChange> fields;  ///< of a new one: what it has
};
struct RowChanges {
    static constexpr std::size_t most = 1000;
    std::vector<RowChange> list;  ///< the first of them, in the file's order
};

/// Groups: by name. Durable on return. `changes`, here and below, gets what each row changes.
node::ImportReport import_groups(Store& store, const node::CsvTable& table, node::Instant now, bool preview = false, RowChanges* changes = nullptr);
/// Products: a row is the product that has one of its codes; codes of two products in one row are refused.
node::ImportReport import_products(Store& store, const node::CsvTable& table, const std::vector<std::string>& vat_groups, node::Instant now,
                                   bool preview = false, RowChanges* changes = nullptr);
/// Prices of lists and of days to come (node/price_list.h), of products that HQ knows.
node::ImportReport import_prices(Store& store, const node::CsvTable& table, node::Instant now, bool preview = false, RowChanges* changes = nullptr);
/// Points of products by price, by margin, or given back to the policy; `all`: those set by hand too (node/fill_points.h).
node::ImportReport fill_points(Store& store, node::PointsBy by, bool all, node::Instant now);
/// Customers: a row is the customer with its number or one of its cards. Empty texts and an empty number leave what is
/// known, and so does a column that the file does not have; cards are added. What balances shall open with is booked as HQ's fact, of a repeated import the
/// difference; a file without the column books nothing.
node::ImportReport import_customers(Store& store, const node::CsvTable& table, node::Instant now, node::Random& random, bool preview = false,
                                    RowChanges* changes = nullptr);

}  // namespace paprsek::hq
