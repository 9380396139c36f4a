#include "fiscal/receipt/slip.h"

#include <algorithm>

#include "fiscal/receipt/letters.h"
#include "node/paper/canvas.h"

namespace paprsek::fiscal {
namespace {

/// Of the printers that most shops have: 203 dots an inch, 58 mm paper 384 dots across, 80 mm paper 576.
constexpr int narrow_dots = 384, broad_dots = 576, cell_height = 24, margin_dots = 16;

template <class... Cases>
struct Match : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;  // clang 14 does not deduce it

int dots_across(const Slip& slip) { return slip.columns <= 32 ? narrow_dots : broad_dots; }

/// How many dots a module takes: QR as large as a phone likes, bars as broad as fits.
int module_dots(const Bitmap& modules, SymbolKind kind, int width) {
    const int quiet = kind == SymbolKind::qr ? 8 : 20;
    return std::clamp(width / (modules.width() + quiet), 1, kind == SymbolKind::qr ? 5 : 3);
}
constexpr int bar_height = 72;

}  // namespace

std::string print_text(const Slip& slip) {
    std::string text;
    const auto middle = [&](const std::string& words) {
        const auto places = static_cast<std::size_t>(slip.columns);
        return std::string(words.size() < places ? (places - words.size()) / 2 : 0, ' ') + words;
    };
    for (const auto& block : slip.blocks)
        text +=
            std::visit(Match{[](const Row& row) { return row.text; }, [&](const CodeBlock& code) { return middle("[" + std::string(print(code.kind)) + "]"); },
                             [&](const Picture&) { return middle("[logo]"); }},
                       block) +
            '\n';
    return text;
}

Bitmap picture_of(const Slip& slip) {
    const int width = dots_across(slip);
    Bitmap paper(width, margin_dots);
    const Lettering letters(width / slip.columns, cell_height);
    const int left = (width - letters.cell_width() * slip.columns) / 2;
    int y = margin_dots;
    const auto place = [&](const Bitmap& dots, int x, int across, int down) {
        paper.grow_to(y + dots.height() * down);
        paper.draw(dots, x, y, across, down);
        y += dots.height() * down;
    };
    for (const auto& block : slip.blocks)
        std::visit(Match{[&](const Row& row) {
                             const std::u32string text = letters_of(row.text);
                             paper.grow_to(y + cell_height * row.down);
                             if (!text.empty()) paper.draw(letters.draw(text, row.bold, row.across, row.down), left, y);
                             y += cell_height * row.down;
                         },
                         [&](const CodeBlock& code) {
                             const auto modules = symbol_of(code.kind, code.data);
                             if (!modules) return;
                             const int size = module_dots(*modules, code.kind, width);
                             y += 12;
                             place(*modules, (width - modules->width() * size) / 2, size, code.kind == SymbolKind::qr ? size : bar_height);
                             y += 12;
                         },
                         [&](const Picture& picture) { place(*picture.dots, (width - picture.dots->width()) / 2, 1, 1); }},
                   block);
    paper.grow_to(y + margin_dots);
    return paper;
}

namespace {

/// Draws a slip with letters as letters, so that a PDF's text can be searched and copied.
class Sheet {
public:
    Sheet(const Slip& slip, node::Pages& pages) : slip_(slip), pages_(pages) {}

    static constexpr double points_a_dot = 72.0 / 203;
    static constexpr int edge = 9;  ///< points of white paper around
    /// A sheet of PDF is at most 14,400 points long; what is longer goes on on the next.
    static constexpr int longest = 14'000;

    static int height_of(const Slip& slip) {
        double dots = 0;
        for (const auto& block : slip.blocks) dots += dots_of(slip, block);
        return std::min(longest, static_cast<int>(dots * points_a_dot) + 2 * edge + 1);
    }
    static int width_of(const Slip& slip) { return static_cast<int>(dots_across(slip) * points_a_dot) + 2 * edge; }

    void draw() {
        const int height = height_of(slip_);
        double y = edge;
        for (const auto& block : slip_.blocks) {
            const double high = dots_of(slip_, block) * points_a_dot;
            if (y + high > height - edge + 0.5 && y > edge) {
                pages_.next_page();
                y = edge;
            }
            std::visit(Match{[&](const Row& row) { text(row, y); }, [&](const CodeBlock& code) { symbol(code, y); },
                             [&](const Picture& picture) { dots(*picture.dots, (dots_across(slip_) - picture.dots->width()) / 2, y, 1, 1); }},
                       block);
            y += high;
        }
    }

private:
    static double dots_of(const Slip& slip, const std::variant<Row, CodeBlock, Picture>& block) {
        return std::visit(Match{[](const Row& row) { return static_cast<double>(cell_height * row.down); },
                                [&](const CodeBlock& code) {
                                    const auto modules = symbol_of(code.kind, code.data);
                                    if (!modules) return 0.0;
                                    const int size = module_dots(*modules, code.kind, dots_across(slip));
                                    return 24.0 + (code.kind == SymbolKind::qr ? modules->height() * size : bar_height);
                                },
                                [](const Picture& picture) { return static_cast<double>(picture.dots->height()); }},
                          block);
    }

    void text(const Row& row, double y) {
        if (row.text.empty()) return;
        cairo_t* pen = pages_.cairo();
        PangoLayout* layout = pango_cairo_create_layout(pen);
        PangoFontDescription* font = pango_font_description_from_string(row.bold ? "DejaVu Sans Mono Bold 12" : "DejaVu Sans Mono 12");
        pango_layout_set_font_description(layout, font);
        pango_font_description_free(font);
        pango_layout_set_text(layout, "M", 1);
        int advance = 1, tall = 1;
        pango_layout_get_size(layout, &advance, &tall);
        pango_layout_set_text(layout, row.text.data(), static_cast<int>(row.text.size()));
        int wide = 1;
        pango_layout_get_size(layout, &wide, nullptr);
        const double cell = dots_across(slip_) * points_a_dot / slip_.columns;
        // Letters of another font may be broader: the line keeps its places.
        const auto places = static_cast<double>(letters_of(row.text).size());
        const double even = wide > 0 ? places * advance / wide : 1;
        cairo_save(pen);
        cairo_translate(pen, edge, y);
        cairo_scale(pen, cell * row.across * PANGO_SCALE / advance * even, cell_height * points_a_dot * row.down * PANGO_SCALE / tall);
        pango_cairo_show_layout(pen, layout);
        cairo_restore(pen);
        g_object_unref(layout);
    }

    void symbol(const CodeBlock& code, double y) {
        const auto modules = symbol_of(code.kind, code.data);
        if (!modules) return;
        const int size = module_dots(*modules, code.kind, dots_across(slip_));
        dots(*modules, (dots_across(slip_) - modules->width() * size) / 2, y + 12 * points_a_dot, size, code.kind == SymbolKind::qr ? size : bar_height);
    }

    void dots(const Bitmap& picture, int x, double y, int across, int down) {
        cairo_t* pen = pages_.cairo();
        cairo_save(pen);
        cairo_translate(pen, edge, y);
        cairo_scale(pen, points_a_dot, points_a_dot);
        for (int row = 0; row < picture.height(); ++row)
            for (int from = 0; from < picture.width();) {
                int to = from;
                while (to < picture.width() && picture.at(to, row)) ++to;
                if (to > from) cairo_rectangle(pen, x + from * across, row * down, (to - from) * across, down);
                from = to + 1;
            }
        cairo_fill(pen);
        cairo_restore(pen);
    }

    const Slip& slip_;
    node::Pages& pages_;
};

}  // namespace

void write_pdf(const Slip& slip, const std::string& path) {
    node::Pages pages(path, Sheet::width_of(slip), Sheet::height_of(slip));
    Sheet(slip, pages).draw();
    pages.finish();
}

}  // namespace paprsek::fiscal
