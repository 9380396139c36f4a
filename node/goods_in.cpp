#include "node/goods_in.h"

#include <fmt/format.h>

#include "node/base/csv.h"
#include "node/base/error.h"
#include "node/catalogue.h"
#include "node/codes.h"
#include "node/facts.h"

namespace paprsek::node {
namespace {

/// What a person may type into a column of amounts: a comma for the point, too.
template <class D>
std::optional<D> amount(std::string text) {
    for (char& c : text)
        if (c == ',') c = '.';
    return parse<D>(text);
}

std::string default_document(const std::string& name, const std::string& bytes) {
    const std::string digest = digest_of(bytes).substr(0, 16);
    return fmt::format("{} {}", name.size() + digest.size() + 1 <= max_document_bytes ? name : "file", digest);
}

}  // namespace

GoodsList read_goods(Node& node, const std::string& path) {
    const std::string bytes = read_file(path, max_csv_bytes), name = base_name(path);
    const CsvTable table = parse_csv(bytes, name);
    const CsvColumns columns(table, {"code", "qty"}, {"cost"});
    if (table.rows.empty()) refuse(name, "holds no goods");
    GoodsList list;
    list.document = default_document(name, bytes);
    for (const CsvRow& row : table.rows) {
        const auto fault = [&](const std::string& why) { list.faults.push_back(fmt::format("{}: {}", columns.place(row), why)); };
        const std::string& code = columns.get(row, "code");
        const auto quantity = amount<Quantity>(columns.get(row, "qty"));
        const std::string& cost_text = columns.get(row, "cost");
        const auto cost = cost_text.empty() ? std::optional<Rate>() : amount<Rate>(cost_text);
        if (!find_product(node.database(), normalise_code(code)))
            fault(fmt::format("the code \"{}\" is not in the catalogue", code));
        else if (!quantity || *quantity <= Quantity{})
            fault(fmt::format("\"{}\" is no quantity above zero with at most 3 decimals", columns.get(row, "qty")));
        else if (!cost_text.empty() && (!cost || *cost < Rate{} || *cost > max_stock_cost))
            fault(fmt::format("\"{}\" is no cost of a piece with at most 6 decimals", cost_text));
        else
            list.items.push_back({code, *quantity, cost});
    }
    return list;
}

GoodsIn import_goods(Node& node, const std::string& path, StockAct act) {
    GoodsList list = read_goods(node, path);
    GoodsIn result;
    result.faults = std::move(list.faults);
    if (!result.faults.empty()) return result;
    if (act.document.empty()) act.document = std::move(list.document);
    act.items = std::move(list.items);
    result.outcome = book_stock(node, schema::kind::stock_received, act, result.booked);
    return result;
}

}  // namespace paprsek::node
