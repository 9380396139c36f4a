#include "node/dealers.h"

#include <algorithm>

#include "node/imports.h"

namespace paprsek::node {

std::vector<DealerRow> dealer_rows(Database& database, int most) {
    std::vector<DealerRow> list;
    auto rows = database.query("SELECT key, name, price, dealers FROM product WHERE dealers <> '' ORDER BY search LIMIT ?", most);
    while (rows.step()) {
        for (const DealerDiscount& dealer : parse_dealers(rows.text(3)).value_or(std::vector<DealerDiscount>{}))
            list.push_back({dealer.dealer, rows.text(0), rows.text(1), rows.decimal<Money>(2), dealer.percent});
    }
    std::stable_sort(list.begin(), list.end(), [](const DealerRow& a, const DealerRow& b) { return a.dealer < b.dealer; });
    return list;
}

}  // namespace paprsek::node
