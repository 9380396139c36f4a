// Products to touch: the favourites of this till first, then by group; chips choose.
#pragma once
#include <string>
#include <vector>

#include "ui/kit/list.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

class Tiles {
public:
    explicit Tiles(Desk& desk) : desk_(desk) {}
    void draw(Ui& ui, Rect area);
    /// Reads groups, products and favourites again: prices may have come from HQ.
    void reload();

private:
    /// A chip, and what stands under it.
    struct Shelf {
        bool favourites = false;
        std::string group = {};
    };
    static std::string title(const Shelf& shelf);
    void choose(std::size_t shelf);
    void draw_chips(Ui& ui, Rect rect);
    void draw_tile(Ui& ui, Rect rect, const node::FoundProduct& product);

    Desk& desk_;
    std::vector<Shelf> shelves_;
    std::vector<node::FoundProduct> products_;
    std::size_t chosen_ = 0;
    std::size_t first_chip_ = 0;
    ListState scroll_;
    bool loaded_ = false;
};

}  // namespace paprsek::ui
