// A laid-out slip as paper on the screen: the very lines that a printer or a PDF gets (fiscal/receipt/slip.h).
#pragma once
#include <string>
#include <vector>

#include "fiscal/receipt/slip.h"
#include "ui/kit/input.h"
#include "ui/kit/list.h"
#include "ui/kit/ui.h"

namespace paprsek::ui {

class Paper {
public:
    void show(const fiscal::Slip& slip);
    void clear() { rows_.clear(); }
    bool empty() const { return rows_.empty(); }
    /// Scrolls.
    bool key(const KeyPress& press) { return scroll_.handle(press, static_cast<int>(rows_.size())); }
    /// In the middle of `rect`, as high as it.
    void draw(Ui& ui, Rect rect);

private:
    /// A line of letters, one a cell, or a band of dots.
    struct Line {
        std::vector<std::string> letters;
        bool bold = false;
        int across = 1, down = 1;
        std::shared_ptr<const fiscal::Bitmap> dots;
        int first_dot_row = 0;
    };
    void add_dots(std::shared_ptr<const fiscal::Bitmap> dots, int module);
    void draw_dots(Ui& ui, Rect at, const Line& line);

    std::vector<Line> rows_;
    int columns_ = 48;
    int module_ = 1;
    ListState scroll_;
};

}  // namespace paprsek::ui
