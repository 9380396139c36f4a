// A slip of paper on the screen: the very dots that a printer would print (fiscal/receipt/).
#pragma once
#include <memory>

#include "fiscal/receipt/slip.h"
#include "ui/kit/list.h"
#include "ui/kit/picture.h"

namespace paprsek::ui {

class Paper {
public:
    void show(const fiscal::Bitmap& slip);
    void show(const fiscal::Slip& slip) { show(fiscal::picture_of(slip)); }
    void clear() { picture_.reset(); }
    bool empty() const { return picture_ == nullptr; }
    /// Up, Down, Page Up, Page Down, Home and End.
    bool key(const KeyPress& press);
    void draw(Ui& ui, Rect rect);

private:
    std::unique_ptr<Picture> picture_;
    ListState scroll_;
    int rows_ = 0;
};

}  // namespace paprsek::ui
