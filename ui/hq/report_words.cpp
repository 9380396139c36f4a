#include "ui/hq/report_words.h"

#include <algorithm>
#include <iterator>

#include "ui/table_view.h"

namespace paprsek::ui {
namespace {

constexpr ReportKind chain_reports[] = {
    {"sales", mark("Sales by day and till"), true, true, false, mark("Nothing was sold in these days, or it has not come yet.")},
    {"closing", mark("Closings"), true, true, false, mark("No till was closed in these days, or it has not come yet.")},
    {"customers", mark("Customers and balances"), false, false, false, mark("HQ has no customers yet.")},
    {"accounts", mark("Bought on account"), false, false, false, mark("Nobody has bought on account.")},
    {"movements", mark("Moved points and debt"), true, true, true, mark("Nothing moved in these days, or it has not come yet.")},
    {"stock", mark("Stock by branch"), true, true, false, mark("Nothing lies in a store and nothing moved in these days.")},
    {"transit", mark("Goods on their way"), true, true, false, mark("Nothing is on its way between branches.")},
    {"rights", mark("Who may spend what"), false, false, true, mark("The policy hands out no rights: branches spend by an allowance.")},
};

struct SaidOfReport {
    const char* name;
    const char* said;
};
/// In which order columns are read in a window: what matters is in sight without going sideways, and the last one always is.
struct ReadingOrder {
    const char* kind;
    std::vector<std::string> columns;
};
const ReadingOrder& reading_order(const std::string& kind) {
    static const std::vector<ReadingOrder> orders = {
        {"sales",
         {"day", "node", "receipts", "refunds", "net", "redeemed", "rounding", "cash", "card", "account", "voucher", "points_awarded", "points_taken",
          "total"}},
        {"closing", {"node", "at", "number", "expected", "counted", "tenders", "vat", "difference"}},
        {"customers", {"number", "name", "points", "spend", "cards", "debt"}},
        {"accounts", {"number", "name", "charged", "returned", "settled", "limit", "cards", "debt"}},
        {"movements", {"at", "name", "kind", "points", "spend", "node", "receipt", "number", "cards", "seq", "debt"}},
        {"stock", {"branch", "code", "name", "stock", "sold", "stock_name", "received", "adjusted", "sent", "net", "cost", "margin"}},
        {"transit", {"at", "document", "branch", "to", "name", "missing", "code", "sent", "arrived", "value", "state"}},
        {"rights", {"number", "name", "holder", "state", "points", "cards", "epoch", "credit"}},
    };
    return *std::find_if(orders.begin(), orders.end(), [&](const ReadingOrder& order) { return kind == order.kind; });
}

constexpr SaidOfReport headings[] = {{"holder", mark("Held by")}, {"epoch", mark("Ledger no.")}, {"credit", mark("Credit")}};
constexpr SaidOfReport states[] = {{"on the way", mark("on the way")}, {"not sent", mark("not sent")}, {"differs", mark("differs")},
                           {"held", mark("held")},             {"frozen", mark("frozen")},     {"reserve", mark("in reserve")}};
constexpr SaidOfReport movements[] = {{"sale", mark("Sale")},             {"refund", mark("Refund")},         {"redemption", mark("Redeemed")},
                              {"referral", mark("Referral")},     {"opening", mark("Opening")},       {"correction", mark("Correction")},
                              {"deposit", mark("Deposit")},       {"settlement", mark("Settlement")}, {"expiry", mark("Expired")},
                              {"reset", mark("Booked away")}};

void say_by(std::span<const SaidOfReport> names, node::Json& value) {
    if (!value.is_string()) return;
    const auto found = std::find_if(names.begin(), names.end(), [&](const SaidOfReport& each) { return value.get_ref<const std::string&>() == each.name; });
    if (found != names.end()) value = tr(found->said);
}

std::string amount(const node::Json& value, const Words& words) {
    const std::string text = node::cell_text(value);
    const auto money = node::parse<node::Money>(text);
    return money ? words.bare_money(*money) : text;
}

/// Of a closing: what was paid by which tender, and the tax of each group.
void say_parts(node::Json& row, const Words& words) {
    if (row.contains("tenders") && row["tenders"].is_object()) {
        std::string said;
        for (const auto& [name, value] : row["tenders"].items()) said += (said.empty() ? "" : ", ") + tender_label(name) + " " + amount(value, words);
        row["tenders"] = said;
    }
    if (row.contains("vat") && row["vat"].is_object()) {
        std::string said;
        for (const auto& [group, part] : row["vat"].items()) {
            if (!part.is_object() || !part.contains("tax")) continue;
            const std::size_t rate = group.find(' ');  // "A 21"
            const std::string name = rate == std::string::npos ? group : group.substr(0, rate) + group.substr(rate) + " %";
            said += (said.empty() ? "" : ", ") + name + ": " + amount(part["tax"], words);
        }
        row["vat"] = said;
    }
}

}  // namespace

std::span<const ReportKind> report_list() { return chain_reports; }

node::Table report_table(const ReportKind& kind, hq::Report report, std::string subtitle, const Words& words) {
    std::vector<std::string> columns = reading_order(kind.kind).columns;
    for (const std::string& column : report.columns)
        if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.insert(columns.end() - 1, column);
    node::Table table{kind.label, std::move(subtitle), node::columns_of(columns), std::move(report.rows)};
    for (node::Column& column : table.columns) {
        const auto known = std::find_if(std::begin(headings), std::end(headings), [&](const SaidOfReport& each) { return column.key == each.name; });
        if (known != std::end(headings)) column = {column.key, known->said, column.key == "holder" ? node::CellKind::text : node::CellKind::sum};
        if (column.key == "epoch") column.kind = node::CellKind::number;
    }
    for (node::Json& row : table.rows) {
        say_parts(row, words);
        if (row.contains("state")) say_by(states, row["state"]);
        if (row.contains("kind")) say_by(movements, row["kind"]);
        if (row.contains("holder") && row["holder"] == "HQ") row["holder"] = tr("Headquarters");
        if (row.contains("node") && row["node"] == node::print(node::hq_node)) row["node"] = tr("Headquarters");
        if (row.contains("stock_name") && row["stock_name"] == "") row["stock_name"] = tr("main");
    }
    return in_words(std::move(table), words.figures());
}

}  // namespace paprsek::ui
