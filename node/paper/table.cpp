#include "node/paper/table.h"

#include <utf8proc.h>

#include <algorithm>
#include <map>

#include "node/base/decimal.h"

namespace paprsek::node {
namespace {

struct Known {
    const char* heading;
    CellKind kind;
};

const std::map<std::string, Known, std::less<>>& known_columns() {
    using enum CellKind;
    static const std::map<std::string, Known, std::less<>> columns = {
        {"day", {"Day", text}},           {"hour", {"Hour", text}},          {"weekday", {"Weekday", text}},     {"at", {"When", text}},
        {"node", {"Till", text}},         {"branch", {"Branch", number}},    {"cashier", {"Cashier", text}},     {"code", {"Code", text}},
        {"name", {"Name", text}},         {"group", {"Group", text}},        {"receipt", {"Receipt", text}},     {"line", {"Line", number}},
        {"receipts", {"Receipts", sum}},  {"pay", {"Paid by", text}},       {"refunds", {"Refunds", sum}},      {"qty", {"Quantity", quantity}},
        {"sold", {"Sold", quantity}},
        {"stock", {"In stock", quantity}},     {"gross", {"Gross", sum}},         {"discount", {"Discount", sum}},    {"net", {"Net", sum}},
        {"redeemed", {"By points", sum}}, {"rounding", {"Rounding", sum}},   {"total", {"Total", sum}},          {"cost", {"Cost", sum}},
        {"margin", {"Margin", sum}},      {"cash", {"Cash", sum}},           {"card", {"Card", sum}},            {"account", {"On account", sum}},
        {"voucher", {"Voucher", sum}},    {"tender", {"Paid by", text}},     {"amount", {"Amount", sum}},        {"vat", {"VAT", text}},
        {"rate", {"Rate %", number}},     {"base", {"Base", sum}},           {"tax", {"Tax", sum}},              {"number", {"No.", number}},
        {"cards", {"Cards", text}},       {"points", {"Points", sum}},       {"spend", {"Spend", sum}},          {"debt", {"Debt", sum}},
        {"limit", {"Limit", number}},     {"points_awarded", {"Points awarded", sum}}, {"points_taken", {"Points taken", sum}},
        {"kind", {"What", text}},         {"seq", {"Fact", number}},         {"customer", {"Customer", text}},   {"place", {"Rank", number}},
        {"expected", {"Expected", number}}, {"counted", {"Counted", number}}, {"difference", {"Difference", sum}}, {"tenders", {"Payments", text}},
        {"charged", {"Charged", sum}},    {"returned", {"Returned", sum}},   {"settled", {"Settled", sum}},      {"z", {"Z", number}},
        {"opening", {"Opening", number}}, {"cash_sales", {"Cash sales", sum}}, {"cash_refunds", {"Cash refunds", sum}}, {"deposits", {"Deposits", sum}},
        {"settlements", {"Settled in cash", sum}}, {"loans", {"Loans", sum}}, {"cash_in", {"Cash in", sum}},    {"cash_out", {"Cash out", sum}},
        {"id", {"No.", number}},          {"area", {"Area", text}},          {"table", {"Table", text}},         {"opened", {"Since", text}},
        {"due", {"Due", sum}},            {"price", {"Price", number}},      {"list_price", {"List price", number}}, {"reason", {"Reason", text}},
        {"stock_name", {"Stock", text}},  {"received", {"Received", quantity}},   {"adjusted", {"Adjusted", quantity}},    {"sent", {"Sent", quantity}},
        {"average", {"Average cost", number}}, {"value", {"Value", sum}},    {"document", {"Document", text}},   {"left", {"Left", number}},
        {"to", {"To branch", number}},     {"arrived", {"Arrived", quantity}},      {"missing", {"Missing", quantity}},
        {"lines", {"Lines", number}},      {"state", {"State", text}}};
    return columns;
}

std::string in_quotes(const std::string& text, char separator) {
    if (text.find_first_of("\"\r\n") == std::string::npos && text.find(separator) == std::string::npos) return text;
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"') result += '"';
        result += c;
    }
    return result + '"';
}

std::string harmless(const std::string& text, CellKind kind) {
    if (kind != CellKind::text || text.empty() || std::string_view("=+-@\t\r").find(text.front()) == std::string_view::npos) return text;
    return "'" + text;
}

const Json& field(const Json& row, const std::string& key) {
    static const Json none;
    const auto found = row.find(key);
    return found == row.end() ? none : *found;
}

}  // namespace

std::vector<Column> columns_of(const std::vector<std::string>& keys) {
    const auto has = [&keys](const char* key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); };
    const bool of_goods = has("qty") || has("code") || has("stock_name");
    std::vector<Column> columns;
    for (const std::string& key : keys) {
        if (key == "name" && of_goods) {
            columns.push_back({key, "Product", CellKind::text});
            continue;
        }
        const auto known = known_columns().find(key);
        columns.push_back(known == known_columns().end() ? Column{key, key, CellKind::text} : Column{key, known->second.heading, known->second.kind});
    }
    return columns;
}

std::string cell_text(const Json& value) {
    if (value.is_null()) return "";
    if (value.is_string()) return value.get<std::string>();
    std::string text;
    if (value.is_array() || value.is_object()) {
        for (const auto& [key, item] : value.items()) text += (text.empty() ? "" : " ") + (value.is_object() ? key + " " : "") + cell_text(item);
        return text;
    }
    return value.dump();
}

std::size_t places_of(const std::string& text) {
    std::size_t places = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    for (utf8proc_ssize_t at = 0, size = static_cast<utf8proc_ssize_t>(text.size()); at < size;) {
        utf8proc_int32_t codepoint = 0;
        const auto step = utf8proc_iterate(bytes + at, size - at, &codepoint);
        if (step <= 0) return text.size();
        places += static_cast<std::size_t>(utf8proc_charwidth(codepoint));
        at += step;
    }
    return places;
}

std::string print_text(const Table& table) {
    if (table.rows.empty()) return "(nothing)\n";
    std::vector<std::vector<std::string>> cells(1);
    for (const Column& column : table.columns) cells[0].push_back(column.heading);
    for (const Json& row : table.rows) {
        cells.emplace_back();
        for (const Column& column : table.columns) cells.back().push_back(cell_text(field(row, column.key)));
    }
    const auto sums = sums_of(table);
    if (table.rows.size() > 1 && std::any_of(sums.begin(), sums.end(), [](const std::string& sum) { return !sum.empty(); })) cells.push_back(sums);
    std::vector<std::size_t> widths(table.columns.size(), 0);
    for (const auto& row : cells)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], places_of(row[i]));
    std::string text;
    for (const auto& row : cells) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string blanks(widths[i] - places_of(row[i]), ' ');
            line += (i ? "  " : "") + (table.columns[i].kind == CellKind::text ? row[i] + blanks : blanks + row[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

std::string print_csv(const Table& table, const CsvStyle& style) {
    std::string text = style.headings ? "\xEF\xBB\xBF" : "";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i > 0) text += style.separator;
        text += in_quotes(style.headings ? table.columns[i].heading : table.columns[i].key, style.separator);
    }
    text += "\r\n";
    for (const Json& row : table.rows) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const CellKind kind = table.columns[i].kind;
            std::string cell = harmless(cell_text(field(row, table.columns[i].key)), kind);
            if (kind != CellKind::text) std::replace(cell.begin(), cell.end(), '.', style.decimal);
            if (i > 0) text += style.separator;
            text += in_quotes(cell, style.separator);
        }
        text += "\r\n";
    }
    return text;
}

std::vector<std::string> sums_of(const Table& table) {
    std::vector<std::string> sums;
    for (const Column& column : table.columns) {
        if (const auto said = table.totals.find(column.key); said != table.totals.end()) {
            sums.push_back(said->second);
            continue;
        }
        const bool summed = column.kind == CellKind::sum || column.kind == CellKind::quantity;
        constexpr std::int64_t whole = 1'000'000;
        std::optional<Wide> sum = 0;  // in millionths, the finest that a cell shows
        int decimals = 0;
        for (const Json& row : table.rows) {
            const std::string text = cell_text(field(row, column.key));
            if (!summed || text.empty()) continue;
            const auto value = parse<Rate>(text);
            const bool part_of_piece = column.kind == CellKind::quantity && value && value->raw() % whole != 0;
            if (!value || !sum || part_of_piece) {
                sum.reset();
                break;
            }
            *sum += value->raw();
            if (const auto point = text.find('.'); point != std::string::npos) decimals = std::max(decimals, static_cast<int>(text.size() - point - 1));
        }
        constexpr Wide most = Rate::max_value;
        const bool shown = summed && sum && *sum <= most && *sum >= -most;
        sums.push_back(shown ? detail::print_decimal(static_cast<std::int64_t>(*sum), Rate::digits, decimals) : std::string());
    }
    return sums;
}

}  // namespace paprsek::node
