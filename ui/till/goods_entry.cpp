#include "ui/till/goods_entry.h"

#include "node/lookup.h"

namespace paprsek::ui {
namespace {

constexpr int found_max = 100;

}  // namespace

void GoodsEntry::clear() {
    product_.clear();
    quantity_.clear();
    cost_.clear();
    picked_.clear();
    name_.clear();
    found_.clear();
    minus_ = true;
    at_ = At::product;
}

void GoodsEntry::search() {
    found_.clear();
    if (!product_.empty()) desk_.guarded([&] { found_ = node::search_products(desk_.node.database(), product_.text(), found_max); });
    list_ = {};
    if (!found_.empty()) list_.select(0);
}

void GoodsEntry::ask_quantity(const std::string& product, const std::string& name) {
    picked_ = product;
    name_ = name;
    product_.set(name);
    quantity_.clear();
    cost_.clear();
    at_ = At::quantity;
}

void GoodsEntry::edit(const EnteredGoods& goods) {
    ask_quantity(goods.product, goods.name);
    const bool below = goods.quantity < node::Quantity{};
    if (asks_ == Asks::signed_quantity) minus_ = below;
    quantity_.propose(desk_.words.typed(below ? -goods.quantity : goods.quantity));
    if (goods.cost) cost_.propose(desk_.words.typed(*goods.cost));
}

void GoodsEntry::pick(int row) {
    if (row < 0 || row >= static_cast<int>(found_.size())) {
        desk_.sounds.play(Sound::unknown);
        desk_.toasts.show(Tone::danger, Icon::exclamation, fill_in(tr("Nothing is called {}, and no product has that code."), {product_.text()}));
        return;
    }
    const node::FoundProduct product = found_[static_cast<std::size_t>(row)];
    ask_quantity(product.key, product.name);
    quantity_.propose("1");
}

std::optional<EnteredGoods> GoodsEntry::finish() {
    const auto quantity = Words::parse_typed<node::Quantity>(quantity_.text());
    if (!quantity || *quantity < node::Quantity{}) {
        at_ = At::quantity;
        desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is no quantity."));
        return std::nullopt;
    }
    EnteredGoods goods{picked_, name_, asks_ == Asks::signed_quantity && minus_ ? -*quantity : *quantity, std::nullopt};
    if (!cost_.empty()) {
        goods.cost = Words::parse_typed<node::Rate>(cost_.text());
        if (!goods.cost) {
            at_ = At::cost;
            desk_.toasts.show(Tone::danger, Icon::exclamation, tr("That is not an amount."));
            return std::nullopt;
        }
    }
    clear();
    return goods;
}

std::optional<EnteredGoods> GoodsEntry::pending() {
    if (picked_.empty() || !Words::parse_typed<node::Quantity>(quantity_.text())) return std::nullopt;
    return finish();
}

std::optional<EnteredGoods> GoodsEntry::confirm() {
    switch (at_) {
        case At::product:
            if (picked_.empty())
                pick(list_.selected);
            else
                at_ = At::quantity;
            return std::nullopt;
        case At::quantity:
            if (last_field() == At::quantity) return finish();
            at_ = At::cost;
            if (!cost_.empty()) cost_.propose(cost_.text());
            return std::nullopt;
        case At::cost:
            return finish();
    }
    return std::nullopt;
}

bool GoodsEntry::walk(bool back) {
    const int last = picked_.empty() ? 0 : static_cast<int>(last_field());
    const int to = static_cast<int>(at_) + (back ? -1 : 1);
    if (to < 0 || to > last) return false;
    at_ = static_cast<At>(to);
    return true;
}

std::optional<EnteredGoods> GoodsEntry::key(const KeyPress& press, bool& used) {
    used = true;
    if (press.enter() && !(at_ == At::product && product_.empty())) return confirm();
    if (press.is(GLFW_KEY_ESCAPE) && !product_.empty()) {
        clear();
        return std::nullopt;
    }
    if (at_ == At::quantity && asks_ == Asks::signed_quantity && (press.character == '-' || press.character == '+')) {
        minus_ = press.character == '-';
        return std::nullopt;
    }
    const bool in_text = press.key == GLFW_KEY_HOME || press.key == GLFW_KEY_END;
    if (searching() && !in_text && list_.handle(press, static_cast<int>(found_.size()))) return std::nullopt;
    TextField& field = at_ == At::product ? product_ : at_ == At::quantity ? quantity_ : cost_;
    used = field.handle(press);
    if (used && at_ == At::product) {
        picked_.clear();  // another one is looked for
        search();
    }
    return std::nullopt;
}

std::optional<EnteredGoods> GoodsEntry::scan(const std::string& code) {
    std::optional<EnteredGoods> goods;
    desk_.guarded([&] {
        const node::CodeReading reading = node::read_code(desk_.node.database(), desk_.node.policy(), code);
        if (!reading.product) {
            desk_.sounds.play(Sound::unknown);
            desk_.toasts.show(Tone::danger, Icon::exclamation, fill_in(tr("No product has the code {}."), {code}));
            return;
        }
        if (reading.price && !reading.quantity) return ask_quantity(reading.product->key, reading.product->name);
        goods = {reading.product->key, reading.product->name, reading.quantity.value_or(node::one_piece), std::nullopt};
    });
    return goods;
}

void GoodsEntry::draw(Ui& ui, Rect row, bool focused, bool& clicked) {
    const auto field = [&](At at, Rect cell, TextField& text, FieldLook look) {
        look.focused = focused && at_ == at;
        look.type = Type::title;
        if (!text_field(ui, cell, text, look)) return;
        clicked = true;
        if (at == At::product || !picked_.empty()) at_ = at;
    };
    if (asks_ == Asks::quantity_and_cost)
        field(At::cost, row.cut_right(170, space::s), cost_,
              {.placeholder = tr("Cost"), .suffix = desk_.words.currency_sign(), .align = Align::right});
    field(At::quantity, row.cut_right(130, space::s), quantity_, {.placeholder = tr("Quantity"), .align = Align::right});
    if (asks_ == Asks::signed_quantity) {
        const Button sign{.label = minus_ ? "−" : "+", .tone = minus_ ? Tone::danger : Tone::go, .type = Type::title};
        if (button(ui, row.cut_right(54, space::s), sign)) minus_ = !minus_;
    }
    field(At::product, row, product_, {.placeholder = tr("Scan goods, or type a name or code"), .icon = Icon::barcode});
}

void GoodsEntry::draw_found(Ui& ui, Rect rect) {
    if (found_.empty()) {
        empty_state(ui, rect, Icon::search, tr("No product has such a name"), tr("A few letters are enough; accents do not matter."));
        return;
    }
    const Column columns[] = {{tr("Product"), 0, 1}, {tr("Group"), 160, 0}};
    const ListEvents events = table(ui, rect, list_, columns, static_cast<int>(found_.size()), {}, [&](int i, auto cells) {
        const node::FoundProduct& product = found_[static_cast<std::size_t>(i)];
        Rect name = cells[0].inset(0, 4);
        ui.canvas.text(name.cut_top(name.h / 2 + 1), product.name, Type::strong, ui.theme.ink);
        ui.canvas.text(name, product.key, Type::caption, ui.theme.ink_faint);
        ui.canvas.text(cells[1], product.group, Type::caption, ui.theme.ink_soft);
    });
    if (events.clicked >= 0) pick(events.clicked);
}

}  // namespace paprsek::ui
