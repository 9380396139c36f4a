#include "ui/till/tiles.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "node/base/text.h"
#include "node/presets.h"

namespace paprsek::ui {
namespace {

/// One calm colour per group, always the same for the same name.
Color group_color(const Theme& theme, const std::string& group) {
    static constexpr std::uint32_t hues[] = {0x2E5BE0, 0x0E8A7D, 0xC2571A, 0x7B3FC4, 0xB8326B, 0x4C7A12, 0x1679A8, 0x9A6B00};
    std::uint32_t sum = 7;
    for (const char c : group) sum = sum * 31 + static_cast<unsigned char>(c);
    return mix(Color::hex(hues[sum % std::size(hues)]), theme.surface, theme.name == ThemeName::light ? 0.0F : 0.15F);
}

}  // namespace

/// Group names are data; they begin with a capital on a chip.
std::string Tiles::title(const Shelf& shelf) {
    if (shelf.favourites) return tr("Favourites");
    if (shelf.group.empty()) return tr("Other");
    return node::with_capital(shelf.group);
}

Tiles::Shelves Tiles::shelves_of(node::Node& branch) {
    Shelves read;
    read.any_favourite = !node::favourite_products(branch).empty();
    // Those of products: groups that only hold other groups have nothing to touch.
    std::vector<std::string> groups = node::product_groups(branch.database());
    if (!node::products_of_group(branch.database(), "", 1).empty()) groups.emplace_back();
    if (!groups.empty()) read.all.push_back({.favourites = true});
    for (std::string& group : groups) read.all.push_back({.favourites = false, .group = std::move(group)});
    return read;
}

void Tiles::reload() {
    asked_ = shown_ = true;
    reading_shelves_.ask(shelves_of);
}

bool Tiles::tick() {
    if (shown_ && !asked_) reload();
    bool changed = false;
    desk_.guarded([&] {
        if (reading_shelves_.poll()) take(std::move(reading_shelves_.result()));
        if (!reading_products_.poll()) return;
        products_ = std::move(reading_products_.result());
        loaded_ = changed = true;
    });
    return changed;
}

/// The chip that was chosen stays so.
void Tiles::take(Shelves read) {
    const bool first = shelves_.empty();
    const Shelf before = first ? Shelf{} : shelves_[chosen_];
    shelves_ = std::move(read.all);
    const auto same = [&](const Shelf& shelf) { return shelf.favourites == before.favourites && shelf.group == before.group; };
    const auto found = std::find_if(shelves_.begin(), shelves_.end(), same);
    std::size_t shelf = read.any_favourite || shelves_.size() < 2 ? 0 : 1;  // a till begins with what it has at hand
    const bool stays = !first && found != shelves_.end();
    if (stays) shelf = static_cast<std::size_t>(found - shelves_.begin());
    if (shelves_.empty()) {
        chosen_ = 0;
        products_.clear();
        loaded_ = true;
        wake();
    } else if (stays) {
        chosen_ = shelf;
        ask_products();  // the old ones are shown until then
    } else {
        choose(shelf);
    }
}

void Tiles::choose(std::size_t shelf) {
    chosen_ = shelf;
    products_.clear();
    loaded_ = false;
    scroll_ = {};
    ask_products();
}

void Tiles::ask_products() {
    reading_products_.ask([shelf = shelves_[chosen_]](node::Node& branch) {
        return shelf.favourites ? node::favourite_products(branch) : node::products_of_group(branch.database(), shelf.group, 200, node::price_day(branch));
    });
}

void Tiles::draw_chips(Ui& ui, Rect rect) {
    const auto width = [&](std::size_t i) { return ui.canvas.width(title(shelves_[i]), Type::strong) + 34; };
    float all = 0;
    for (std::size_t i = 0; i < shelves_.size(); ++i) all += width(i) + space::s;
    const bool overflow = all > rect.w;
    Rect back{};
    Rect on{};
    if (overflow) {
        back = rect.cut_left(36, space::s);
        on = rect.cut_right(36, space::s);
    } else {
        first_chip_ = 0;
    }
    std::size_t shown_end = first_chip_;
    for (std::size_t i = first_chip_; i < shelves_.size(); ++i) {
        if (width(i) > rect.w) break;
        if (choice_chip(ui, rect.cut_left(width(i), space::s), title(shelves_[i]), i == chosen_)) choose(i);
        shown_end = i + 1;
    }
    if (!overflow) return;
    if (button(ui, back, {.icon = Icon::angle_left, .look = ButtonLook::quiet, .enabled = first_chip_ > 0}))
        first_chip_ -= std::min<std::size_t>(first_chip_, 3);
    if (button(ui, on, {.icon = Icon::angle_right, .look = ButtonLook::quiet, .enabled = shown_end < shelves_.size()}))
        first_chip_ = std::min(first_chip_ + 3, shelves_.size() - 1);
}

void Tiles::draw_tile(Ui& ui, Rect rect, const node::FoundProduct& product) {
    const Theme& t = ui.theme;
    const bool hover = ui.hovered(rect);
    const Color color = group_color(t, product.group);
    ui.canvas.fill(rect, ui.held(rect) ? mix(t.surface, color, 0.22F) : mix(t.surface, color, hover ? 0.13F : 0.06F), radius::control);
    ui.canvas.outline(rect, mix(t.line, color, hover ? 0.6F : 0.15F), radius::control);
    ui.canvas.fill({rect.x + 10, rect.y + 10, 22, 4}, color, 2);
    Rect inside = rect.inset(10, 8);
    inside.cut_top(9);
    ui.canvas.text(inside.cut_bottom(20), desk_.words.bare_money(product.price), Type::strong, t.ink, Align::right);
    ui.canvas.paragraph(inside, product.name, Type::caption_strong, t.ink);
}

void Tiles::draw(Ui& ui, Rect area) {
    if (!std::exchange(shown_, true)) wake();
    Rect inside = card(ui, area, space::m);
    if (shelves_.empty()) {
        if (!loaded_) return;
        empty_state(ui, inside, Icon::tags, tr("No products yet"), 
                    desk_.status.hq_name ? tr("They come with HQ's reply.") : tr("F10, Goods and prices: made one by one, or a list from a file."));
        return;
    }
    draw_chips(ui, inside.cut_top(36, space::m));
    if (products_.empty()) {
        if (!loaded_) return;
        empty_state(ui, inside, Icon::star, tr("No favourites yet"), tr("F3 in the list of products (F9), or on a line (F4), puts one here."));
        return;
    }
    // Column count follows the width, so tiles are as wide as a name in two lines; rows are the list's, which scrolls.
    const int columns = std::max(2, static_cast<int>(inside.w / 160));
    const int rows = (static_cast<int>(products_.size()) + columns - 1) / columns;
    // Whole rows of tiles, as high as there is room for.
    constexpr float asked = 88, lowest = 0.85F;
    const float in_sight = std::max(1.0F, std::floor(inside.h / (lowest * asked + space::s)));
    const float tile_height = static_cast<float>(rows) * (asked + space::s) <= inside.h ? asked : std::min(asked * 1.2F, inside.h / in_sight - space::s);
    const node::FoundProduct* touched = nullptr;
    scroll_.selected = -1;
    const bool scrolling = ui.pointer.dragged > Ui::drag_slack;
    // The list would draw its own hover behind the gaps; tiles draw theirs.
    list(ui, inside, scroll_, rows, {.row_height = tile_height + space::s, .zebra = false, .focused = false, .bare = true}, [&](int row, Rect at) {
        at.h = tile_height;
        for (int column = 0; column < columns; ++column) {
            const auto index = static_cast<std::size_t>(row * columns + column);
            if (index >= products_.size()) return;
            Rect lane = at;
            lane.w -= 8;  // the scroll bar's
            const Rect tile = lane.cell(column, columns, 0, 1, space::s);
            draw_tile(ui, tile, products_[index]);
            if (ui.clicked(tile) && ui.hovered(inside) && !scrolling) touched = &products_[index];
        }
    });
    scroll_.selected = -1;
    if (touched != nullptr) {
        const std::string key = touched->key;
        const std::string text = desk_.take_multiplier() + key;
        desk_.act([this, text] { return desk_.till.enter(text); }, [this] { desk_.select_last_line(); });
    }
}

}  // namespace paprsek::ui
