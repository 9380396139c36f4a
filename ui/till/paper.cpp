#include "ui/till/paper.h"

#include <algorithm>

#include "ui/kit/utf8.h"

namespace paprsek::ui {
namespace {

constexpr float line_height = 18;
constexpr int band = 6;  // rows of modules in a line of dots

std::vector<std::string> letters_of(const std::string& text) {
    std::vector<std::string> letters;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = utf8_next(text, at);
        letters.push_back(text.substr(at, next - at));
        at = next;
    }
    return letters;
}

}  // namespace

void Paper::add_dots(std::shared_ptr<const fiscal::Bitmap> dots, int) {
    for (int row = 0; row < dots->height(); row += band) {
        Line line;
        line.dots = dots;
        line.first_dot_row = row;
        rows_.push_back(std::move(line));
    }
    rows_.push_back({});
}

void Paper::show(const fiscal::Slip& slip) {
    rows_.clear();
    scroll_ = {};
    columns_ = slip.columns;
    for (const auto& block : slip.blocks) {
        if (const auto* row = std::get_if<fiscal::Row>(&block)) {
            rows_.push_back({letters_of(row->text), row->bold, row->across, row->down, nullptr, 0});
            if (row->down > 1) rows_.push_back({});  // a high line takes two
        } else if (const auto* code = std::get_if<fiscal::CodeBlock>(&block)) {
            auto symbol = fiscal::symbol_of(code->kind, code->data);
            if (!symbol) continue;
            if (symbol->height() == 1) {  // bars: as high as a line of a QR
                fiscal::Bitmap high(symbol->width(), 2 * band);
                high.draw(*symbol, 0, 0, 1, 2 * band);
                *symbol = std::move(high);
            }
            add_dots(std::make_shared<fiscal::Bitmap>(std::move(*symbol)), module_);
        }
    }
}

void Paper::draw_dots(Ui& ui, Rect at, const Line& line) {
    const fiscal::Bitmap& dots = *line.dots;
    const float module = std::min(line_height / band, at.w / static_cast<float>(dots.width()));
    const float left = at.x + (at.w - module * static_cast<float>(dots.width())) / 2;
    for (int y = 0; y < band && line.first_dot_row + y < dots.height(); ++y) {
        for (int x = 0; x < dots.width();) {
            if (!dots.at(x, line.first_dot_row + y)) {
                ++x;
                continue;
            }
            int end = x;
            while (end < dots.width() && dots.at(end, line.first_dot_row + y)) ++end;
            ui.canvas.fill({left + module * static_cast<float>(x), at.y + module * static_cast<float>(y), module * static_cast<float>(end - x), module + 0.5F},
                           Color::hex(0x1B1B1B));
            x = end;
        }
    }
}

void Paper::draw(Ui& ui, Rect rect) {
    // Paper is white and ink is dark in every theme.
    constexpr Color white = Color::hex(0xFFFEFA);
    constexpr Color ink = Color::hex(0x1B1B1B);
    const float width = std::min(rect.w, static_cast<float>(columns_) * 8.2F + 36);
    const float height = std::min(rect.h, static_cast<float>(rows_.size()) * line_height + 2 * space::l);
    const Rect paper{rect.x + (rect.w - width) / 2, rect.y, width, height};
    ui.canvas.shadow(paper, 2, ui.theme.shadow, 8);
    ui.canvas.fill(paper, white);
    ui.canvas.outline(paper, Color::hex(0xE4E0D4), 0);
    const float cell = (width - 36) / static_cast<float>(columns_);
    const Rect inside = paper.inset(2, space::m);
    list(ui, inside, scroll_, static_cast<int>(rows_.size()), {.row_height = line_height, .zebra = false, .focused = false, .bare = true}, [&](int i, Rect at) {
        const Line& line = rows_[static_cast<std::size_t>(i)];
        Rect row{paper.x + 18, at.y, width - 36, at.h};
        if (line.dots) return draw_dots(ui, row, line);
        const bool large = line.across > 1 || line.down > 1;
        const Type type = large ? Type::title : line.bold ? Type::caption_strong : Type::caption;
        if (line.down > 1) row.h *= 2;
        float x = row.x;
        for (const std::string& letter : line.letters) {
            const float wide = cell * static_cast<float>(line.across);
            // A cell a letter, as a printer has it; the letter may be broader than its cell.
            if (letter != " ") ui.canvas.text({x - 6, row.y, wide + 12, row.h}, letter, type, ink, Align::centre);
            x += wide;
        }
    });
    scroll_.selected = -1;
}

}  // namespace paprsek::ui
