// The left side of the till: the product code field, and the receipt that grows under it.
#pragma once
#include <array>

#include "ui/kit/list.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

class ReceiptPane {
public:
    explicit ReceiptPane(Desk& desk) : desk_(desk) {}

    /// Keys of the receipt: typing a code, Enter, arrows, Del, + and −. False for a key that means nothing here.
    bool key(const KeyPress& press);
    /// A scan, with what is already typed before it: "3*" multiplies, ";" logs a customer in (L1).
    void scan(const std::string& text);
    /// `focused`: the keys come here.
    void draw(Ui& ui, Rect area, bool focused);

    bool code_empty() const { return code_.empty(); }
    void void_selected();

private:
    void enter();
    void take(const std::string& text);
    void change_quantity(std::int64_t by);
    void draw_line(Ui& ui, int index, std::span<const Rect> cells);
    void draw_last_sale(Ui& ui, Rect rect);
    void draw_place(Ui& ui, Rect rect);

    /// How the four columns of figures are written.
    struct Figures {
        Type plain = Type::body, strong = Type::strong;
        std::array<float, 4> widths{};
    };
    Figures figures(Ui& ui, float room) const;

    Desk& desk_;
    TextField& code_ = desk_.code;
    ListState list_;
    std::size_t lines_seen_ = 0;
    Figures figures_;
};

}  // namespace paprsek::ui
