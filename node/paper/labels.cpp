#include "node/paper/labels.h"

#include <zint.h>

#include <algorithm>
#include <memory>

#include "node/base/error.h"
#include "node/codes.h"
#include "node/paper/canvas.h"

namespace paprsek::node {
namespace {

constexpr int labels_across = 3, labels_down = 8;
constexpr int label_width = Pages::a4_short / labels_across, label_height = Pages::a4_long / labels_down;
constexpr int padding = 10, bars_height = 28;
constexpr std::size_t max_labels = 10'000;

/// EAN modules are 0.33 mm wide by the standard; a tenth of a point less fits the label and is well within its tolerance.
constexpr int module_hundredths = 90;
constexpr int quiet_modules = 11;

using Symbol = std::unique_ptr<zint_symbol, decltype(&ZBarcode_Delete)>;

Symbol symbol_of(const Label& label) {
    const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (label.code.empty() || !std::all_of(label.code.begin(), label.code.end(), plain))
        refuse("label of " + label.name, "its code " + label.code + " cannot be a barcode", "use digits and Latin letters without marks");
    Symbol symbol(ZBarcode_Create(), &ZBarcode_Delete);
    if (!symbol) throw std::bad_alloc();
    std::string code = label.code;
    const bool ean = has_gtin_length(code) && code.size() != 14 && gtin_check_digit_ok(code);
    symbol->symbology = ean ? BARCODE_EANX : BARCODE_CODE128;
    if (ean && code.size() == 12) code.insert(code.begin(), '0');  // UPC-A is the EAN-13 with a zero before it
    if (ean) code.pop_back();  // the encoder tells EAN-8 from EAN-13 by 7 and 12 digits, and adds the check digit itself
    symbol->show_hrt = 0;
    symbol->height = 50;
    const auto* bytes = reinterpret_cast<const unsigned char*>(code.data());
    if (ZBarcode_Encode_and_Buffer_Vector(symbol.get(), bytes, static_cast<int>(code.size()), 0) >= ZINT_ERROR || !symbol->vector)
        refuse("label of " + label.name, "its code " + label.code + " is too long for a barcode");
    return symbol;
}

/// Bars alone: from the leftmost on, stretched to the module's width. Returns how wide they are.
void draw_bars(Pages& pages, const Symbol& symbol, int x, int y, int width) {
    cairo_t* cairo = pages.cairo();
    const int modules = symbol->width;
    const int bars = modules * module_hundredths / 100;
    auto left = symbol->vector->rectangles->x, right = left;
    for (const zint_vector_rect* bar = symbol->vector->rectangles; bar; bar = bar->next) {
        left = std::min(left, bar->x);
        right = std::max(right, bar->x + bar->width);
    }
    const int wide = std::min(bars, width - 2 * quiet_modules * module_hundredths / 100);
    const auto scale = static_cast<decltype(left)>(wide) / (right - left);
    const auto start = static_cast<decltype(left)>(x + (width - wide) / 2);
    for (const zint_vector_rect* bar = symbol->vector->rectangles; bar; bar = bar->next)
        cairo_rectangle(cairo, start + (bar->x - left) * scale, y, bar->width * scale, bars_height);
    cairo_fill(cairo);
}

}  // namespace

void write_labels(const std::vector<Label>& labels, const std::string& path) {
    if (labels.size() > max_labels) refuse(path, "would hold more than 10000 labels", "print them in parts");
    Pages pages(path, Pages::a4_short, Pages::a4_long);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const int place = static_cast<int>(i % (labels_across * labels_down));
        if (i && place == 0) pages.next_page();
        const int x = place % labels_across * label_width + padding, y = place / labels_across * label_height + padding;
        const int width = label_width - 2 * padding;
        const Symbol symbol = symbol_of(labels[i]);
        pages.text(x, y, width, labels[i].name, "Inter 8", Pages::Align::left, 2);
        pages.text(x, y + 24, width, labels[i].price, "Inter Bold 14", Pages::Align::right);
        draw_bars(pages, symbol, x, y + 47, width);
        pages.text(x, y + 47 + bars_height + 1, width, labels[i].code, "Inter 7", Pages::Align::centre);
    }
    pages.finish();
}

}  // namespace paprsek::node
