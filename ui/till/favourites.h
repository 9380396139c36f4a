// Which products are this till's favourites, and turning one into one, as the screens that show products do it (T1).
#pragma once
#include <set>
#include <string>

#include "ui/kit/widgets.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

class Favourites {
public:
    explicit Favourites(Desk& desk);
    bool has(const std::string& key) const { return keys_.contains(key); }
    /// On, or off again; a toast says which, and the tiles follow.
    void turn(const std::string& key, const std::string& name);
    /// True where it was clicked. F3 is the screen's.
    bool draw_button(Ui& ui, Rect rect, const std::string& key) const;

private:
    Desk& desk_;
    std::set<std::string> keys_;
};

}  // namespace paprsek::ui
