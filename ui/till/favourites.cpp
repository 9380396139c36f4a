#include "ui/till/favourites.h"

#include "node/presets.h"

namespace paprsek::ui {

Favourites::Favourites(Desk& desk) : desk_(desk) {
    desk_.guarded([&] {
        for (const node::FoundProduct& product : node::favourite_products(desk_.node)) keys_.insert(product.key);
    });
}

void Favourites::turn(const std::string& key, const std::string& name) {
    desk_.guarded([&] {
        const bool now = node::turn_favourite(desk_.node, key);
        if (now) keys_.insert(key);
        else keys_.erase(key);
        desk_.goods_changed = true;
        desk_.toasts.show(now ? Tone::go : Tone::neutral, Icon::star, fill_in(now ? tr("A favourite: {}") : tr("No favourite any more: {}"), {name}));
    });
}

bool Favourites::draw_button(Ui& ui, Rect rect, const std::string& key) const {
    return button(ui, rect, {.label = tr("Favourite"), .key = "F3", .icon = Icon::star, .selected = has(key)});
}

}  // namespace paprsek::ui
