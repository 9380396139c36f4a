// Two lists side by side: lines go from the left one to the right one, whole or in part, and back.
#pragma once
#include <string>
#include <vector>

#include "node/till.h"
#include "ui/kit/list.h"
#include "ui/kit/text_field.h"
#include "ui/words.h"

namespace paprsek::ui {

/// Left and Right or Tab choose the list; Enter or a double click moves the chosen line, the quantity that was typed of it, else all.
class SplitView {
public:
    struct Item {
        std::size_t line = 0;  ///< of the receipt
        std::string name;
        node::Money net;       ///< of `all`
        node::Quantity all, moved = {};
    };
    void begin(std::vector<Item> items);
    void begin(const std::vector<node::ViewLine>& lines);
    bool key(const KeyPress& press);
    void draw(Ui& ui, Rect rect, const Words& words, const std::string& left, const std::string& right);
    /// What lies on the right.
    std::vector<node::DraftPart> parts() const;

private:
    std::vector<std::size_t> rows_of(bool right) const;
    void move_chosen();
    void draw_list(Ui& ui, Rect rect, const Words& words, bool right, const std::string& title);

    std::vector<Item> items_;
    ListState lists_[2];
    bool right_ = false;
    TextField quantity_{TextField::Accepts::amount, 10};
};

}  // namespace paprsek::ui
