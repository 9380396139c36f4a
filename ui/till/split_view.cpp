#include "ui/till/split_view.h"

#include <algorithm>

#include "ui/kit/widgets.h"

namespace paprsek::ui {

void SplitView::begin(const std::vector<node::ViewLine>& lines, Pricing pricing) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const node::BookedLine& line = lines[i].line;
        items.push_back({i, lines[i].unknown ? line.code : line.name, line.net, line.quantity});
    }
    begin(std::move(items), std::move(pricing));
}

void SplitView::begin(std::vector<Item> items, Pricing pricing) {
    items_ = std::move(items);
    pricing_ = std::move(pricing);
    priced_ = pricing_ ? pricing_({}) : std::nullopt;
    for (ListState& list : lists_) list = {};
    lists_[0].selected = 0;
    right_ = false;
    quantity_.clear();
}

std::vector<std::size_t> SplitView::rows_of(bool right) const {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const node::Quantity away = moved(items_[i]);
        if (right ? !away.is_zero() : away < items_[i].all) rows.push_back(i);
    }
    return rows;
}

node::Money SplitView::price_of(const Item& item, bool right) const {
    if (priced_) return (right ? priced_->right : priced_->left)[item.line];
    const node::Quantity part = right ? item.moved : item.all - item.moved;
    return node::Money::of(item.all.is_zero() ? 0 : static_cast<std::int64_t>(static_cast<__int128>(item.net.raw()) * part.raw() / item.all.raw()));
}

std::vector<node::DraftPart> SplitView::parts() const {
    std::vector<node::DraftPart> parts;
    for (const Item& item : items_) {
        if (item.moved.is_zero()) continue;
        parts.push_back({item.line, item.moved == item.all ? std::nullopt : std::optional(item.moved)});
    }
    return parts;
}

void SplitView::move_chosen() {
    const auto rows = rows_of(right_);
    ListState& list = lists_[right_ ? 1 : 0];
    if (list.selected < 0 || list.selected >= static_cast<int>(rows.size())) return;
    Item& item = items_[rows[static_cast<std::size_t>(list.selected)]];
    const node::Quantity there = right_ ? item.moved : item.all - item.moved;
    node::Quantity moving = there;
    if (const auto typed = Words::parse_typed<node::Quantity>(quantity_.text()); typed && !quantity_.empty())
        moving = std::clamp(*typed, node::Quantity{}, there);
    item.moved = right_ ? item.moved - moving : item.moved + moving;
    quantity_.clear();
    if (pricing_) priced_ = pricing_(parts());
    const int left = static_cast<int>(rows_of(right_).size());
    list.selected = std::min(list.selected, left - 1);
    ListState& other = lists_[right_ ? 0 : 1];
    if (other.selected < 0) other.selected = 0;
}

bool SplitView::key(const KeyPress& press) {
    if (press.enter()) {
        move_chosen();
        return true;
    }
    if (press.is(GLFW_KEY_LEFT) || press.is(GLFW_KEY_RIGHT) || press.is(GLFW_KEY_TAB)) {
        right_ = press.is(GLFW_KEY_TAB) ? !right_ : press.is(GLFW_KEY_RIGHT);
        ListState& list = lists_[right_ ? 1 : 0];
        if (list.selected < 0 && !rows_of(right_).empty()) list.select(0);
        return true;
    }
    if (lists_[right_ ? 1 : 0].handle(press, static_cast<int>(rows_of(right_).size()))) return true;
    return quantity_.handle(press);
}

void SplitView::draw_list(Ui& ui, Rect rect, const Words& words, bool right, const std::string& title) {
    const Theme& t = ui.theme;
    const bool here = right == right_;
    // Grey where it lies, yellow where it goes: as on paper, when a waiter ticks off.
    ui.canvas.fill(rect, right ? tone_soft(t, Tone::warn) : t.sunken, radius::card);
    ui.canvas.outline(rect, here ? t.accent : t.line, radius::card, here ? 2.0F : 1.0F);
    Rect inside = rect.inset(space::m);
    const auto rows = rows_of(right);
    node::Money sum;
    Rect head = inside.cut_top(30, space::xs);
    const Rect sum_at = head.cut_right(130, space::s);
    ui.canvas.text(head, title, Type::title, t.ink);
    for (const std::size_t row : rows) sum += price_of(items_[row], right);
    if (priced_) sum = right ? priced_->right_sum : priced_->left_sum;
    ui.canvas.number(sum_at, words.money(sum), Type::title, t.ink);
    if (rows.empty()) {
        empty_state(ui, inside, right ? Icon::angle_right : Icon::check, right ? tr("Nothing here yet") : tr("Everything was moved"),
                    right ? tr("Choose a line on the left; Enter brings it here.") : tr("Something has to stay on the receipt."));
        return;
    }
    const Column columns[] = {{{}, 40, 0, Align::right}, {{}, 0, 1}, {{}, 70, 0, Align::right}};
    ListState& state = lists_[right ? 1 : 0];
    const ListEvents events = list(ui, inside, state, static_cast<int>(rows.size()), {.zebra = false, .focused = here}, [&](int i, Rect row) {
        const Item& item = items_[rows[static_cast<std::size_t>(i)]];
        const auto cells = column_cells(columns, row.inset(space::s, 0));
        ui.canvas.number(cells[0], words.quantity(right ? moved(item) : item.all - moved(item)), Type::strong, t.ink);
        ui.canvas.text(cells[1], item.name, Type::body, t.ink);
        ui.canvas.number(cells[2], words.bare_money(price_of(item, right)), Type::body, t.ink_soft);
    });
    if (events.clicked >= 0) right_ = right;
    if (events.activated >= 0) move_chosen();
}

void SplitView::draw(Ui& ui, Rect rect, const Words& words, const std::string& left, const std::string& right) {
    Rect foot = rect.cut_bottom(48, space::m);
    const Rect move = foot.cut_right(std::min(280.0F, foot.w * 0.4F), space::m);
    text_field(ui, foot, quantity_,
               {.placeholder = tr("How many of the chosen line? Empty: all of it"), .focused = true, .suffix = "×", .align = Align::right});
    const bool can = lists_[right_ ? 1 : 0].selected >= 0;
    if (button(ui, move,
               {.label = right_ ? tr("Take it back") : tr("Move it to the right"),
                .key = "Enter",
                .icon = right_ ? Icon::arrow_left : Icon::angle_right,
                .enabled = can}))
        move_chosen();
    draw_list(ui, rect.cell(0, 2, 0, 1, space::l), words, false, left);
    draw_list(ui, rect.cell(1, 2, 0, 1, space::l), words, true, right);
}

}  // namespace paprsek::ui
