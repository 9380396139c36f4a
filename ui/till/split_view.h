// Two lists side by side: lines go from the left one to the right one, whole or in part, and back.
#pragma once
#include <functional>
#include <optional>
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
    /// What the lines of either side come to, by the number of the line. `moved` tells what goes along by itself as well.
    struct Priced {
        std::vector<node::Quantity> moved;
        std::vector<node::Money> left, right;
        node::Money left_sum, right_sum;
    };
    using Pricing = std::function<std::optional<Priced>(const std::vector<node::DraftPart>&)>;
    /// Without `pricing`, in proportion. Asked after each move, not by each frame.
    void begin(std::vector<Item> items, Pricing pricing = {});
    void begin(const std::vector<node::ViewLine>& lines, Pricing pricing);
    bool key(const KeyPress& press);
    void draw(Ui& ui, Rect rect, const Words& words, const std::string& left, const std::string& right);
    /// What lies on the right.
    std::vector<node::DraftPart> parts() const;

private:
    std::vector<std::size_t> rows_of(bool right) const;
    node::Quantity moved(const Item& item) const { return priced_ ? priced_->moved[item.line] : item.moved; }
    node::Money price_of(const Item& item, bool right) const;
    void move_chosen();
    void draw_list(Ui& ui, Rect rect, const Words& words, bool right, const std::string& title);

    std::vector<Item> items_;
    Pricing pricing_;
    std::optional<Priced> priced_;
    ListState lists_[2];
    bool right_ = false;
    TextField quantity_{TextField::Accepts::amount, 10};
};

}  // namespace paprsek::ui
