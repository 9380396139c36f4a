// Products to touch: the favourites of this till first, then by group; chips choose.
#pragma once
#include <string>
#include <vector>

#include "ui/kit/list.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

class Tiles {
public:
    explicit Tiles(Desk& desk) : desk_(desk), reading_shelves_(desk.background), reading_products_(desk.background) {}
    void draw(Ui& ui, Rect area);
    /// Reads groups, products and favourites again, beside the window: prices may have come from HQ.
    void reload();
    /// True asks for a frame.
    bool tick();
    bool settled() const { return asked_ == shown_ && !reading_shelves_.waiting() && !reading_products_.waiting(); }

private:
    /// A chip, and what stands under it.
    struct Shelf {
        bool favourites = false;
        std::string group = {};
    };
    struct Shelves {
        std::vector<Shelf> all;
        bool any_favourite = false;
    };
    static Shelves shelves_of(node::Node& branch);
    static std::string title(const Shelf& shelf);
    void take(Shelves read);
    void choose(std::size_t shelf);
    void ask_products();
    void draw_chips(Ui& ui, Rect rect);
    void draw_tile(Ui& ui, Rect rect, const node::FoundProduct& product);

    Desk& desk_;
    std::vector<Shelf> shelves_;
    std::vector<node::FoundProduct> products_;
    std::size_t chosen_ = 0;
    std::size_t first_chip_ = 0;
    ListState scroll_;
    bool shown_ = false, asked_ = false;  ///< once; what nobody sees is not read
    bool loaded_ = false;                 ///< shelves, and what stands on the chosen one
    Reading<Shelves> reading_shelves_;
    Reading<std::vector<node::FoundProduct>> reading_products_;
};

}  // namespace paprsek::ui
