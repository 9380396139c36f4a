#include "ui/table_view.h"

#include <algorithm>
#include <numeric>

#include "ui/kit/widgets.h"

namespace paprsek::ui {
namespace {

bool is_decimal(const std::string& text) {
    const std::size_t begin = text.starts_with('-') ? 1 : 0;
    return begin < text.size() && text.find('.', begin) != begin && text.find_first_not_of("0123456789.", begin) == std::string::npos;
}

std::size_t decimals_of(const std::string& text) {
    const std::size_t point = text.find('.');
    return is_decimal(text) && point != std::string::npos ? text.size() - point - 1 : 0;
}

/// With so many decimals that the separators of a column stand one under another: "7" is "7.00" above "12.50".
std::string padded(std::string text, std::size_t decimals) {
    const std::size_t has = decimals_of(text);
    if (!is_decimal(text) || has >= decimals) return text;
    if (has == 0) text += '.';
    return text.append(decimals - has, '0');
}

/// "12345.60" as it is read here: "12 345,60". What is no decimal comes back as it is.
std::string figure(const std::string& text, const NumberStyle& style) {
    const bool negative = text.starts_with('-');
    const std::size_t begin = negative ? 1 : 0;
    const std::size_t point = std::min(text.find('.'), text.size());
    if (!is_decimal(text)) return text;
    std::string whole = text.substr(begin, point - begin);
    for (auto at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3) whole.insert(static_cast<std::size_t>(at), style.group);
    return (negative ? "\u2212" : "") + whole + (point < text.size() ? style.decimal + text.substr(point + 1) : "");
}

/// The most that any of its cells has, which its sum has as well.
std::size_t decimals_of(const node::Table& table, const node::Column& column) {
    std::size_t most = 0;
    if (column.kind == node::CellKind::quantity) return 0;  // as on a receipt: "2" pieces are not "2,000"
    for (const node::Json& row : table.rows)
        if (column.kind != node::CellKind::text && row.contains(column.key)) most = std::max(most, decimals_of(node::cell_text(row[column.key])));
    return most;
}

std::string cell(const node::Json& value, std::size_t decimals, node::CellKind kind, const Words& words, const node::TimeZone& zone) {
    const std::string text = node::cell_text(value);
    if (kind != node::CellKind::text) return figure(padded(text, decimals), words.figures());
    if (text.size() >= 19 && text[4] == '-' && text[10] == 'T') {
        if (const auto instant = node::parse_instant(text)) return words.date_time(*instant);
    }
    if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
        if (const auto date = node::parse_date(text)) return words.date(zone.start_of(*date));
    }
    return text;
}

constexpr std::size_t measured_rows = 200;
constexpr float narrow_text = 200;  ///< a name that can still be told from others

struct Name {
    std::string_view name;
    const char* said;
};
constexpr Name said_values[] = {{"mon", mark("Monday")},
                                {"tue", mark("Tuesday")},
                                {"wed", mark("Wednesday")},
                                {"thu", mark("Thursday")},
                                {"fri", mark("Friday")},
                                {"sat", mark("Saturday")},
                                {"sun", mark("Sunday")},
                                {"price_typed", mark("Price typed")},
                                {"discount_by_hand", mark("Discount by hand")},
                                {"line_voided", mark("Line struck out")},
                                {"receipt_voided", mark("Receipt struck out")}};

void say_tenders(node::Json& value, const NumberStyle& style) {
    if (value.is_string()) {
        value = tender_label(value.get<std::string>());
        return;
    }
    std::string said;
    if (!value.is_array()) return;
    for (const node::Json& each : value) {
        if (!each.is_object() || !each.contains("with") || !each["with"].is_string()) return;
        said += (said.empty() ? "" : ", ") + tender_label(each["with"].get<std::string>());
        if (each.contains("amount")) said += " " + figure(node::cell_text(each["amount"]), style);
    }
    value = said;
}

}  // namespace

node::Table in_words(node::Table table, const NumberStyle& style) {
    table.title = tr(table.title.c_str());
    for (node::Column& column : table.columns) column.heading = tr(column.heading.c_str());
    for (node::Json& row : table.rows) {
        // A card alone is a full customer (L3), and nothing is missing in the row.
        if (row.contains("cards") && row.contains("name") && row["name"] == "") row["name"] = tr("Card without a name");
        for (const char* const key : {"tender", "pay"}) {
            if (row.contains(key)) say_tenders(row[key], style);
        }
        for (const char* const key : {"weekday", "kind"}) {
            if (!row.contains(key) || !row[key].is_string()) continue;
            const std::string value = row[key].get<std::string>();
            const auto found = std::find_if(std::begin(said_values), std::end(said_values), [&](const Name& each) { return each.name == value; });
            if (found != std::end(said_values)) row[key] = tr(found->said);
        }
    }
    return table;
}

ShownTable shown_table(node::Table table, const Words& words, const node::TimeZone& zone) {
    ShownTable shown{std::move(table), {}, {}};
    shown.cells.resize(shown.table.rows.size());
    for (const node::Column& column : shown.table.columns) {
        const std::size_t decimals = decimals_of(shown.table, column);
        for (std::size_t r = 0; r < shown.cells.size(); ++r) {
            const node::Json& row = shown.table.rows[r];
            shown.cells[r].push_back(row.contains(column.key) ? cell(row[column.key], decimals, column.kind, words, zone) : std::string());
        }
    }
    shown.sums = node::sums_of(shown.table);
    for (std::string& sum : shown.sums) sum = figure(sum, words.figures());
    shown.table.rows.clear();  // here, and not by the window's thread when it shows the next one
    return shown;
}

void TableView::show(ShownTable shown) {
    shown_ = std::move(shown);
    list_ = {};
    if (!empty()) list_.selected = 0;
    first_ = 0;
    more_ = false;
}

bool TableView::key(const KeyPress& press) {
    if (press.is(GLFW_KEY_LEFT) && first_ > 0) {
        --first_;
        return true;
    }
    if (press.is(GLFW_KEY_RIGHT) && more_) {
        ++first_;
        return true;
    }
    return list_.handle(press, rows());
}

std::vector<float> TableView::widths(Ui& ui) const {
    std::vector<float> widths;
    for (std::size_t c = 0; c < shown_.table.columns.size(); ++c) {
        float width = ui.canvas.width(shown_.table.columns[c].heading, Type::caption_strong);
        for (std::size_t r = 0; r < std::min(shown_.cells.size(), measured_rows); ++r) width = std::max(width, ui.canvas.width(shown_.cells[r][c], Type::body));
        if (!shown_.sums.empty()) width = std::max(width, ui.canvas.width(shown_.sums[c], Type::strong));
        if (!shown_.sums.empty() && shown_.sums[c].empty()) width = std::max(width, ui.canvas.width(tr("Total"), Type::strong));
        widths.push_back(std::clamp(width + 10, 44.0F, 300.0F));
    }
    return widths;
}

/// Where all together are broader than `room`, long texts give way, and nothing else.
std::vector<float> TableView::fitted(std::vector<float> wide, float room) const {
    const auto gives = [&](std::size_t c) { return shown_.table.columns[c].kind == node::CellKind::text ? std::max(0.0F, wide[c] - narrow_text) : 0.0F; };
    const float too_much = std::accumulate(wide.begin(), wide.end(), 0.0F) - room;
    float all = 0;
    for (std::size_t c = 0; c < wide.size(); ++c) all += gives(c);
    if (too_much <= 0 || all <= 0) return wide;
    const float part = std::min(1.0F, too_much / all);
    for (std::size_t c = 0; c < wide.size(); ++c) wide[c] -= gives(c) * part;
    return wide;
}

/// As they stand in the report; where not all have room, what a day took goes to the last place, which is always in sight, and a code before
/// its name waits behind everything but the last: nobody knows goods by it.
std::vector<std::size_t> TableView::order(bool fits) const {
    std::vector<std::size_t> order(shown_.table.columns.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto stands = [&](std::string_view key) {
        return std::find_if(order.begin(), order.end(), [&](std::size_t c) { return shown_.table.columns[c].key == key; });
    };
    if (!fits) {
        const bool ranks = stands("place") != order.end();
        if (const auto taken = stands(ranks ? "net" : "total"); taken != order.end()) std::rotate(taken, taken + 1, order.end());
    }
    for (std::size_t c = 0; !fits && c + 2 < order.size(); ++c) {
        if (shown_.table.columns[c].key != "code" || shown_.table.columns[c + 1].key != "name") continue;
        order.erase(order.begin() + static_cast<std::ptrdiff_t>(c));
        order.insert(order.end() - 1, c);
        break;
    }
    return order;
}

/// From the first in sight on as many as there is room for, and always the last: it is what a report is read for (a debt beside its
/// customer).
std::vector<std::size_t> TableView::in_sight(const std::vector<std::size_t>& order, const std::vector<float>& wide, float room) const {
    if (order.empty()) return {};
    std::vector<std::size_t> shown;
    const std::size_t last = order.size() - 1;
    room -= wide[order[last]];
    for (std::size_t c = first_; c < last && wide[order[c]] <= room; ++c) {
        room -= wide[order[c]] + space::m;
        shown.push_back(order[c]);
    }
    shown.push_back(order[last]);
    return shown;
}

void TableView::draw_sideways(Ui& ui, Rect row) {
    row = row.middle(row.w, 34);
    if (button(ui, row.cut_right(190, space::s), {.label = tr("Next columns"), .key = "→", .enabled = more_, .type = Type::body})) ++first_;
    if (button(ui, row.cut_right(190, space::s), {.label = tr("Previous columns"), .key = "←", .enabled = first_ > 0, .type = Type::body})) --first_;
}

ListEvents TableView::draw(Ui& ui, Rect rect, bool focused) {
    constexpr float rounding = 1;
    const auto count = static_cast<float>(shown_.table.columns.size());
    const std::vector<float> whole = widths(ui), narrowed = fitted(whole, rect.w - space::m * (count + 1));
    const bool fits = std::accumulate(narrowed.begin(), narrowed.end(), 0.0F) + space::m * (count + 1) <= rect.w + rounding;
    // What is left over goes to texts; what is too much waits beside, and Right or a touch brings it. Then no name gives way for it.
    const std::vector<float>& wide = fits ? narrowed : whole;
    if (fits) first_ = 0;
    const std::vector<std::size_t> shown = in_sight(order(fits), wide, rect.w - 3 * space::m + rounding);
    more_ = first_ + shown.size() < wide.size();
    if (!fits) draw_sideways(ui, rect.cut_bottom(40));
    std::vector<Column> columns;
    // On a large screen figures do not crowd behind one broad name.
    const auto& all = shown_.table.columns;
    const auto figures = static_cast<float>(
        std::count_if(all.begin(), all.end(), [](const node::Column& column) { return column.kind != node::CellKind::text; }));
    const float left_over = rect.w - std::accumulate(wide.begin(), wide.end(), 0.0F) - space::m * (count + 1);
    const float apart = fits && figures > 0 ? std::clamp(left_over / 2 / figures, 0.0F, 40.0F) : 0.0F;
    for (const std::size_t c : shown) {
        const bool text = shown_.table.columns[c].kind == node::CellKind::text;
        columns.push_back({shown_.table.columns[c].heading, wide[c] + (text ? 0.0F : apart), text ? 1.0F : 0.0F, text ? Align::left : Align::right});
    }
    // A share and a width do not go together: texts that may grow share what the figures leave.
    for (Column& column : columns) {
        if (column.weight > 0) {
            column.weight = column.width;
            column.width = 0;
        }
    }
    const bool has_sums = std::any_of(shown_.sums.begin(), shown_.sums.end(), [](const std::string& sum) { return !sum.empty(); });
    Rect foot = has_sums ? rect.cut_bottom(36) : Rect{};
    const ListEvents events = ui::table(ui, rect, list_, columns, rows(), {.row_height = 34, .focused = focused}, [&](int r, std::span<const Rect> at) {
        for (std::size_t c = 0; c < at.size(); ++c) {
            const std::string& text = shown_.cells[static_cast<std::size_t>(r)][shown[c]];
            const bool number = shown_.table.columns[shown[c]].kind != node::CellKind::text;
            const Color ink = number && text.starts_with("\u2212") ? ui.theme.danger : ui.theme.ink;
            if (number)
                ui.canvas.number(at[c], text, Type::body, ink);
            else
                ui.canvas.text(at[c], text, Type::body, ink);
        }
    });
    if (has_sums) {
        ui.canvas.line({foot.x, foot.y}, {foot.right(), foot.y}, ui.theme.line);
        const auto at = column_cells(columns, foot);
        for (std::size_t c = 0; c < at.size(); ++c) {
            if (!shown_.sums[shown[c]].empty())
                ui.canvas.number(at[c], shown_.sums[shown[c]], Type::strong, ui.theme.ink);
            else if (c == 0)
                ui.canvas.text(at[c], tr("Total"), Type::strong, ui.theme.ink_soft);
        }
    }
    return events;
}

}  // namespace paprsek::ui
