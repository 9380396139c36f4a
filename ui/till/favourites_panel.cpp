// The order of the favourites among the tiles (T1), by key or by touch; it acts at once, and is the till's.
#include "node/presets.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

class FavouritesPanel final : public Panel {
public:
    explicit FavouritesPanel(Desk& desk) : desk_(desk) {
        load();
        list_.selected = products_.empty() ? -1 : 0;
    }

    Cover cover() const override { return Cover::whole; }
    void returned() override { load(); }

    bool key(const KeyPress& press) override {
        if (press.control && (press.key == GLFW_KEY_UP || press.key == GLFW_KEY_DOWN)) {
            move(press.key == GLFW_KEY_UP ? -1 : 1);
            return true;
        }
        if (press.control && (press.key == GLFW_KEY_HOME || press.key == GLFW_KEY_END)) {
            const int all = static_cast<int>(products_.size());
            move(press.key == GLFW_KEY_HOME ? -all : all);
            return true;
        }
        if (act_by_key(actions(), press)) return true;
        return list_.handle(press, static_cast<int>(products_.size()));
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string below = fill_in(tr("On the tiles: {}, in this order"), {desk_.words.count(static_cast<std::int64_t>(products_.size()))});
        Rect inside = sheet(ui, area, {Icon::star, tr("Favourites"), below, "Esc"}, closed);
        if (closed) desk_.back();
        const Rect foot = inside.cut_bottom(46, space::m);
        draw_foot(ui, foot);
        if (products_.empty()) {
            empty_state(ui, inside, Icon::star, tr("No favourites yet"), tr("F3 in the list of products (F9), or on a line (F4), puts one here."));
            return;
        }
        const Column columns[] = {{tr("Rank"), 70, 0, Align::right}, {tr("Product"), 0, 1}, {tr("Group"), 150, 0}, {tr("Price"), 110, 0, Align::right}};
        table(ui, inside, list_, columns, static_cast<int>(products_.size()), {}, [&](int i, auto cells) {
            const node::FoundProduct& product = products_[static_cast<std::size_t>(i)];
            ui.canvas.number(cells[0], desk_.words.count(i + 1), Type::body, ui.theme.ink_soft);
            ui.canvas.text(cells[1], product.name, Type::strong, ui.theme.ink);
            ui.canvas.text(cells[2], product.group, Type::caption, ui.theme.ink_soft);
            ui.canvas.number(cells[3], desk_.words.bare_money(product.price), Type::strong, ui.theme.ink);
        });
    }

private:
    void load() {
        desk_.guarded([&] { products_ = node::favourite_products(desk_.node); });
    }

    const node::FoundProduct* chosen() const {
        return list_.selected >= 0 && list_.selected < static_cast<int>(products_.size()) ? &products_[static_cast<std::size_t>(list_.selected)] : nullptr;
    }

    void move(int by) {
        if (chosen() == nullptr) return;
        const std::string key = chosen()->key;
        desk_.guarded([&] {
            if (!node::move_favourite(desk_.node, key, by)) return;
            desk_.goods_changed = true;
            load();
            for (std::size_t i = 0; i < products_.size(); ++i) {
                if (products_[i].key == key) list_.select(static_cast<int>(i));
            }
        });
    }

    void take_off() {
        if (chosen() == nullptr) return;
        desk_.guarded([&] {
            const node::FoundProduct gone = *chosen();
            node::turn_favourite(desk_.node, gone.key);
            desk_.goods_changed = true;
            desk_.toasts.show(Tone::neutral, Icon::star, fill_in(tr("No favourite any more: {}"), {gone.name}));
            load();
        });
    }

    std::vector<Action> actions() {
        return {{tr("Add from the products"), Icon::search, GLFW_KEY_INSERT, [this] { desk_.open(PanelName::catalogue); }},
                {tr("Take off"), Icon::trash, GLFW_KEY_DELETE, [this] { take_off(); }, false, Tone::danger, ButtonLook::outline, chosen() != nullptr}};
    }

    void draw_foot(Ui& ui, Rect foot) {
        const bool any = chosen() != nullptr;
        const Rect later = foot.cut_right(190, space::s), earlier = foot.cut_right(190, space::s);
        draw_actions(ui, foot, actions());
        const bool last = list_.selected + 1 == static_cast<int>(products_.size());
        if (button(ui, earlier, {.label = tr("Move up"), .key = "Ctrl ↑", .icon = Icon::angle_up, .enabled = any && list_.selected > 0})) move(-1);
        if (button(ui, later, {.label = tr("Move down"), .key = "Ctrl ↓", .icon = Icon::angle_down, .enabled = any && !last})) move(1);
    }

    Desk& desk_;
    ListState list_;
    std::vector<node::FoundProduct> products_;
};

}  // namespace

std::unique_ptr<Panel> make_favourites_panel(Desk& desk) { return std::make_unique<FavouritesPanel>(desk); }

}  // namespace paprsek::ui
