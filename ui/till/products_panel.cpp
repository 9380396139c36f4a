// F9: the product list, searched as one types; letters without their marks are enough.
#include "ui/kit/list.h"
#include "ui/till/favourites.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class ProductsPanel final : public Panel {
public:
    explicit ProductsPanel(Desk& desk) : desk_(desk), searching_(desk.background) {
        field_.set(desk.take_multiplier());  // "3*" typed before F9 is for what is chosen here
        search();
    }

    bool settled() const override { return !searching_.waiting(); }

    bool tick() override {
        bool changed = false;
        desk_.guarded([&] { changed = searching_.poll(); });
        if (!changed) return false;
        found_ = std::move(searching_.result());
        list_ = {};
        if (!found_.empty()) list_.selected = 0;
        for (const KeyPress& press : std::exchange(held_, {})) key(press);
        return true;
    }

    bool key(const KeyPress& press) override {
        const bool typed = press.character != 0 || press.is(GLFW_KEY_BACKSPACE);
        if (searching_.waiting() && !press.is(GLFW_KEY_ESCAPE) && (!typed || !held_.empty())) {
            held_.push_back(press);  // is for what is typed, and not for what is still shown
            return true;
        }
        if (press.enter()) {
            pick(list_.selected);
            return true;
        }
        if (press.is(GLFW_KEY_F3)) {
            turn();
            return true;
        }
        const bool in_text = press.key == GLFW_KEY_HOME || press.key == GLFW_KEY_END;
        if (!in_text && list_.handle(press, static_cast<int>(found_.size()))) return true;
        if (!field_.handle(press)) return false;
        search();
        return true;
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const auto count = static_cast<std::int64_t>(found_.size());
        const std::string found = fill_in(count == shown_max ? tr("The first {}") : tr("{} found"), {desk_.words.count(count)});
        const std::string subtitle = field_.empty() ? std::string(tr("Searched as you type")) : found;
        Rect inside = sheet(ui, area, {Icon::search, tr("Products"), subtitle, "Esc"}, closed);
        if (closed) desk_.close();
        text_field(ui, inside.cut_top(50, space::s), field_,
                   {.placeholder = tr("Name or code, 3* before it for three"), .icon = Icon::search, .focused = true, .type = Type::title});
        Rect foot = inside.cut_bottom(46, space::s);
        if (found_.empty()) {
            if (searching_.waiting()) return;
            const bool asked = !field_.empty();
            empty_state(ui, inside, Icon::search, asked ? tr("No product has such a name") : tr("What are you looking for?"),
                        tr("A few letters are enough; accents do not matter."));
            return;
        }
        // The name is what is looked for: where it is narrow, the group stands below it.
        const bool narrow = inside.w < 520;
        const Column roomy[] = {{tr("Product"), 0, 1}, {tr("Group"), 110, 0}, {tr("Price"), 90, 0, Align::right}};
        const Column tight[] = {{tr("Product"), 0, 1}, {tr("Price"), 76, 0, Align::right}};
        const std::span<const Column> columns = narrow ? std::span<const Column>(tight) : std::span<const Column>(roomy);
        const ListEvents events = table(ui, inside, list_, columns, static_cast<int>(found_.size()), {}, [&](int i, auto cells) {
            const node::FoundProduct& product = found_[static_cast<std::size_t>(i)];
            Rect name = cells[0].inset(0, 4);
            if (favourites_.has(product.key)) ui.canvas.icon(name.cut_right(20), Icon::star, IconSize::small, ui.theme.accent);
            ui.canvas.text(name.cut_top(name.h / 2 + 1), product.name, Type::strong, ui.theme.ink);
            const bool both = narrow && !product.group.empty();
            ui.canvas.text(name, both ? product.key + " · " + product.group : product.key, Type::caption, ui.theme.ink_faint);
            if (!narrow) ui.canvas.text(cells[1], product.group, Type::caption, ui.theme.ink_soft);
            ui.canvas.number(cells.back(), desk_.words.bare_money(product.price), Type::strong, ui.theme.ink);
        });
        const node::FoundProduct* chosen = at(list_.selected);
        if (chosen != nullptr && favourites_.draw_button(ui, foot.cut_left(168, space::s), chosen->key)) turn();
        const bool add = button(
            ui, foot,
            {.label = tr("Put on the receipt"), .key = "Enter", .tone = Tone::accent, .look = ButtonLook::solid, .enabled = list_.selected >= 0});
        if (add || events.activated >= 0) pick(list_.selected);
    }

private:
    static constexpr int shown_max = 100;

    /// "3*mlé" is three of what "mlé" finds.
    std::string multiplier() const {
        const std::size_t star = field_.text().find('*');
        return star == std::string::npos ? std::string() : field_.text().substr(0, star + 1);
    }

    void search() {
        const std::string text = field_.text().substr(multiplier().size());
        searching_.ask([text](node::Node& branch) { return node::search_products(branch.database(), text, shown_max, node::price_day(branch)); });
    }

    const node::FoundProduct* at(int row) const {
        return row < 0 || row >= static_cast<int>(found_.size()) ? nullptr : &found_[static_cast<std::size_t>(row)];
    }

    /// F3: it stands among the tiles, or does no more.
    void turn() {
        if (const node::FoundProduct* product = at(list_.selected)) favourites_.turn(product->key, product->name);
    }

    void pick(int row) {
        const node::FoundProduct* product = at(row);
        if (product == nullptr) return;
        const std::string text = multiplier() + product->key;
        desk_.act([this, text] { return desk_.till.enter(text); },
                  [this] {
                      desk_.select_last_line();
                      desk_.close();
                  });
    }

    Desk& desk_;
    TextField field_;
    ListState list_;
    Reading<std::vector<node::FoundProduct>> searching_;
    std::vector<node::FoundProduct> found_;
    std::vector<KeyPress> held_;  ///< came before what was looked for
    Favourites favourites_{desk_};
};

}  // namespace

std::unique_ptr<Panel> make_products_panel(Desk& desk) { return std::make_unique<ProductsPanel>(desk); }

}  // namespace paprsek::ui
