#include "ui/till/receipt_pane.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "node/codes.h"
#include "node/receipts.h"
#include "ui/till/tenders.h"

namespace paprsek::ui {
namespace {

/// Typed text that belongs to the scan which follows: a multiplier or the card prefix.
bool is_prefix(const std::string& typed) { return typed == ";" || typed.ends_with('*'); }

/// + and − by what is printed on them, on either block of keys: a piece more or less. Where a Czech keyboard has + there is the digit 1.
int pieces(const KeyPress& press) {
    if (press.control || press.alt || press.digit()) return 0;
    if (press.key == GLFW_KEY_KP_ADD || press.character == '+') return 1;
    return press.key == GLFW_KEY_KP_SUBTRACT || press.character == '-' ? -1 : 0;
}

Rect row_of(std::span<const Rect> cells) {
    return {cells[0].x - space::m, cells[0].y, cells.back().right() - cells[0].x + 2 * space::m, cells[0].h};
}

std::string code_of(const node::ViewLine& line) { return line.line.code.empty() ? std::string(tr("Without a code")) : line.line.code; }

}  // namespace

void ReceiptPane::enter() {
    const std::string typed = code_.text();
    code_.clear();
    take(typed);
}

void ReceiptPane::take(const std::string& text) {
    Desk& desk = desk_;
    // A code that nobody knows is refused and stands on the receipt all the same.
    const auto refusal = std::make_shared<node::Refusal>();
    const auto command = [&desk, text, refusal] {
        node::Outcome outcome = desk.till.enter(text);
        *refusal = outcome.refusal;
        return outcome;
    };
    desk.act(command, [&desk] {
        desk.select_last_line();
        desk.answer_when_kept(Sound::scanned);
    });
    desk.select_last_line();
    // After what went wrong stands what can be done about it: where only the last sentence has room, it is this one.
    const std::string code = text.starts_with(';') ? text.substr(1) : text;
    const bool nobody = *refusal == node::Refusal::details_demanded || *refusal == node::Refusal::unknown_customer;
    if (nobody && !node::as_customer_number(code)) {
        desk.new_card = code;  // L3: no box in the way of the next scan, but F1 begins with it
        desk.toasts.show(Tone::accent, Icon::user, fill_in(tr("Nobody has the card {}: F1 registers it"), {code}));
    }
    if (*refusal == node::Refusal::unknown_code && desk.may_make_product(static_cast<int>(desk.view().lines.size()) - 1))
        desk.toasts.show(Tone::accent, Icon::tag, fill_in(tr("Ins makes a product with the code {}"), {desk.view().lines.back().line.code}));
}

void ReceiptPane::scan(const std::string& text) {
    std::string whole = text;
    if (is_prefix(code_.text())) {
        whole = code_.text() + text;
        code_.clear();
    }
    take(whole);
}

void ReceiptPane::void_selected() {
    if (desk_.selected_line < 0 || desk_.selected_line >= static_cast<int>(desk_.view().lines.size())) return;
    const auto line = static_cast<std::size_t>(desk_.selected_line);
    const std::string name = desk_.view().lines[line].line.name;
    desk_.act([this, line] { return desk_.till.void_line(line); },
              [this, name] {
                  if (!name.empty()) desk_.toasts.show(Tone::neutral, Icon::trash, fill_in(tr("Taken off: {}"), {name}));
              });
}

void ReceiptPane::change_quantity(std::int64_t by) {
    if (desk_.selected_line < 0 || desk_.selected_line >= static_cast<int>(desk_.view().lines.size())) return;
    const auto line = static_cast<std::size_t>(desk_.selected_line);
    const node::Quantity now = desk_.view().lines[line].line.quantity;
    const auto wanted = node::Quantity::of(now.raw() + by * node::one_piece.raw());
    if (wanted.raw() <= 0) {
        desk_.toasts.show(Tone::neutral, Icon::info_circle, tr("Del takes the line off."));
        return;
    }
    desk_.act([this, line, wanted] { return desk_.till.set_quantity(line, wanted); }, {});
}

bool ReceiptPane::key(const KeyPress& press) {
    if (press.enter()) {
        if (!code_.empty()) enter();
        else if (desk_.selected_line >= 0) desk_.open(PanelName::line);
        return true;
    }
    if (press.is(GLFW_KEY_INSERT) && desk_.may_make_product(desk_.selected_line)) {
        desk_.make_product(desk_.selected_line);
        return true;
    }
    if (press.is(GLFW_KEY_ESCAPE)) {
        code_.clear();
        return true;
    }
    if (press.is(GLFW_KEY_DELETE)) {
        // What is typed is corrected first: a line is struck out where there is nothing to correct.
        if (code_.empty()) void_selected();
        else code_.handle(press);
        return true;
    }
    if (code_.empty() && press.card_prefix()) {
        code_.set(";");
        return true;
    }
    if (const int by = pieces(press); code_.empty() && by != 0) {
        change_quantity(by);
        return true;
    }
    list_.selected = desk_.selected_line;
    const bool moves = press.key == GLFW_KEY_UP || press.key == GLFW_KEY_DOWN || press.key == GLFW_KEY_PAGE_UP || press.key == GLFW_KEY_PAGE_DOWN;
    if (moves && list_.handle(press, static_cast<int>(desk_.view().lines.size()))) {
        desk_.selected_line = list_.selected;
        return true;
    }
    return code_.handle(press);
}

void ReceiptPane::draw_line(Ui& ui, int index, std::span<const Rect> cells) {
    const Theme& t = ui.theme;
    const node::ViewLine& line = desk_.view().lines[static_cast<std::size_t>(index)];
    if (line.unknown) {
        const Rect row = row_of(cells);
        ui.canvas.fill(row, t.danger_soft, radius::small);
        ui.canvas.fill({row.x, row.y + 6, 3, row.h - 12}, t.danger, 1.5F);
        if (index == desk_.selected_line) ui.canvas.outline(row, t.danger, radius::small);
    }
    if (index == desk_.edited_line) ui.canvas.outline(row_of(cells), t.accent, radius::small, 2);
    const Color ink = line.unknown ? t.danger : t.ink;
    Rect name = cells[0];
    name = name.inset(0, 6);
    const std::string title = line.unknown ? std::string(tr("Unknown code")) : line.line.name;
    ui.canvas.text(name.cut_top(name.h / 2 + 2), title, Type::strong, ink);
    ui.canvas.text(name, code_of(line), Type::caption, line.unknown ? t.danger : t.ink_faint);
    ui.canvas.number(cells[1], desk_.words.quantity(line.line.quantity), figures_.strong, ink);
    if (line.unknown) {
        Rect rest{cells[2].x, cells[2].y, cells[4].right() - cells[2].x, cells[2].h};
        if (desk_.may_make_product(index) &&
            button(ui, rest.inset(0, 5), {.label = tr("Make a product"), .key = "Ins", .icon = Icon::plus, .tone = Tone::danger, .type = Type::caption_strong}))
            desk_.make_product(index);
        if (desk_.may_make_product(index)) return;
        ui.canvas.text(rest, tr("F4 gives it a price · Del removes"),
                       Type::caption_strong, t.danger, Align::right);
        return;
    }
    ui.canvas.number(cells[2], desk_.words.bare_money(line.line.price), figures_.plain, t.ink_soft);
    if (!line.line.discount.is_zero()) {
        Rect discount = cells[3].inset(0, 6);
        ui.canvas.number(discount.cut_top(discount.h / 2 + 2), desk_.words.bare_money(-line.line.discount), figures_.plain, t.go);
        ui.canvas.number(discount, desk_.words.percent(line.percent), Type::caption, t.go);
    }
    ui.canvas.number(cells[4], desk_.words.bare_money(line.line.net), figures_.strong, ink);
}

/// Figures are never cut: each column is as broad as its widest one, and where that leaves the names no room, all of them are written small.
ReceiptPane::Figures ReceiptPane::figures(Ui& ui, float room) const {
    constexpr float name_min = 150;
    Figures figures{.widths = {44, 66, 60, 80}};
    const auto measure = [&] {
        const auto hold = [&](std::size_t column, const std::string& text, Type type) {
            figures.widths[column] = std::max(figures.widths[column], ui.canvas.number_width(text, type) + 1);
        };
        for (const node::ViewLine& line : desk_.view().lines) {
            hold(0, desk_.words.quantity(line.line.quantity), figures.strong);
            if (line.unknown) continue;
            hold(1, desk_.words.bare_money(line.line.price), figures.plain);
            hold(2, desk_.words.bare_money(-line.line.discount), figures.plain);
            hold(3, desk_.words.bare_money(line.line.net), figures.strong);
        }
        return std::accumulate(figures.widths.begin(), figures.widths.end(), 0.0F);
    };
    if (measure() + name_min > room) {
        figures = {Type::caption, Type::caption_strong, {44, 66, 60, 80}};
        measure();
    }
    return figures;
}

/// T7: whose or which table's receipt it is.
void ReceiptPane::draw_place(Ui& ui, Rect rect) {
    const node::Place& place = desk_.view().place;
    ui.canvas.fill(rect, ui.theme.accent_soft, radius::small);
    rect = rect.inset(space::m, 0);
    ui.canvas.icon(rect.cut_left(18, space::s), Icon::coffee, IconSize::small, ui.theme.accent);
    ui.canvas.text(rect, place.area.empty() ? place.table : place.area + " · " + place.table, Type::strong, ui.theme.ink);
}

/// The change may still have to be counted out when the screen of the payment is gone.
void ReceiptPane::draw_last_sale(Ui& ui, Rect rect) {
    const Theme& t = ui.theme;
    const node::ReceiptFact& fact = desk_.booked->fact;
    ui.canvas.fill(rect, t.sunken, radius::control);
    Rect inside = rect.inset(space::l, space::s);
    const Hand hand = hand_of(fact);
    const std::string number = node::print_receipt_number(desk_.node.info().node, fact.number);
    labelled(ui, inside.cut_left(inside.w / 2), fill_in(tr("Last receipt {}"), {number}), desk_.words.money(fact.total()), Type::title, t.ink_soft);
    labelled(ui, inside, hand.label, desk_.words.money(hand.amount), Type::title, hand.amount.is_zero() ? t.ink_soft : t.go, Align::right);
}

void ReceiptPane::draw(Ui& ui, Rect area, bool focused) {
    Rect inside = card(ui, area);
    const bool card_mode = code_.text().starts_with(';');
    const FieldLook look{.placeholder = tr("Scan or type a code, e.g. 3*859…"),
                         .icon = card_mode ? Icon::id_card : Icon::barcode,
                         .focused = focused,
                         .type = Type::title,
                         .suffix = card_mode ? tr("customer card") : "",
                         .tone = card_mode ? Tone::danger : Tone::accent};
    Rect top = inside.cut_top(54, space::s);
    const std::size_t count = desk_.view().lines.size();
    if (button(ui, top.cut_right(112, space::s), {.key = "Shift Del", .icon = Icon::trash, .enabled = count > 0})) desk_.open(PanelName::void_receipt);
    if (text_field(ui, top, code_, look)) desk_.close();
    if (!desk_.view().place.empty()) draw_place(ui, inside.cut_top(30, space::s));
    if (count == 0) {
        lines_seen_ = 0;
        if (desk_.booked) draw_last_sale(ui, inside.cut_bottom(64));
        empty_state(ui, inside, Icon::cart, tr("Ready for the next customer"), tr("Scan, type a code, press F9, or touch a product."));
        return;
    }
    if (list_.selected != desk_.selected_line || count != lines_seen_) list_.select(desk_.selected_line);
    lines_seen_ = count;
    figures_ = figures(ui, inside.w - 6 * space::m);
    const auto& wide = figures_.widths;
    const Column columns[] = {{tr("Product"), 0, 1},
                              {tr("Qty"), wide[0], 0, Align::right},
                              {tr("Price"), wide[1], 0, Align::right},
                              {tr("Discount"), wide[2], 0, Align::right},
                              {tr("Total"), wide[3], 0, Align::right}};
    const ListEvents events =
        table(ui, inside, list_, columns, static_cast<int>(count), {.row_height = 52}, [&](int i, auto cells) { draw_line(ui, i, cells); });
    desk_.selected_line = list_.selected;
    if (events.activated >= 0) desk_.open(PanelName::line);
    if (events.context >= 0) {
        desk_.selected_line = events.context;
        void_selected();
    }
}

}  // namespace paprsek::ui
