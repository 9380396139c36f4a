// A row for goods by hand: which product (searched as one types, or by its code), how many, and where it is asked for what a piece
// cost. Enter goes from field to field and hands the goods over.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "node/catalogue.h"
#include "ui/kit/list.h"
#include "ui/kit/text_field.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

struct EnteredGoods {
    std::string product, name;
    node::Quantity quantity;
    std::optional<node::Rate> cost;  ///< of a piece
};

class GoodsEntry {
public:
    enum class Asks { quantity, signed_quantity, quantity_and_cost };
    GoodsEntry(Desk& desk, Asks asks) : desk_(desk), asks_(asks) {}

    /// What the key finished entering, if anything. `used` tells whether the key was for the row.
    std::optional<EnteredGoods> key(const KeyPress& press, bool& used);
    /// What a scan means: a product with one piece, or with the weight inside its code. Nothing and a toast where it is none; nothing
    /// and the quantity asked for where the code has a price inside, which tells no quantity.
    std::optional<EnteredGoods> scan(const std::string& code);
    /// The goods stand in the row, with the quantity (and the cost) to be typed over.
    void edit(const EnteredGoods& goods);
    /// What stands in the row with a quantity, as if it had been confirmed; the row is empty then. A scan does not lose what was typed.
    std::optional<EnteredGoods> pending();
    void clear();
    /// The keys go to the product's field, and nothing is being entered.
    bool idle() const { return at_ == At::product && product_.empty(); }
    /// Tab: on to the next field; false after the last one, which leaves the row.
    bool walk(bool back);
    void enter_at(bool last) { at_ = last && !picked_.empty() ? last_field() : At::product; }

    /// The product's field as it is being searched: draw_found() shows what it finds in the place of the screen's own list.
    bool searching() const { return at_ == At::product && picked_.empty() && !product_.empty(); }
    const std::string& text() const { return product_.text(); }
    void draw(Ui& ui, Rect row, bool focused, bool& clicked);
    void draw_found(Ui& ui, Rect rect);

private:
    enum class At { product, quantity, cost };

    At last_field() const { return asks_ == Asks::quantity_and_cost ? At::cost : At::quantity; }
    void search();
    void pick(int row);
    std::optional<EnteredGoods> confirm();
    std::optional<EnteredGoods> finish();
    void ask_quantity(const std::string& product, const std::string& name);

    Desk& desk_;
    Asks asks_;
    At at_ = At::product;
    std::string picked_, name_;  ///< the product whose quantity is asked for; empty = none yet
    bool minus_ = true;          ///< of a signed quantity
    TextField product_{TextField::Accepts::anything, 100}, quantity_{TextField::Accepts::amount, 12}, cost_{TextField::Accepts::amount, 16};
    ListState list_;
    std::vector<node::FoundProduct> found_;
};

}  // namespace paprsek::ui
