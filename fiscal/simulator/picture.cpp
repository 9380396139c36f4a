#include "fiscal/simulator/picture.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "fiscal/datecs/fields.h"
#include "fiscal/receipt/letters.h"

namespace paprsek::fiscal::simulator {
namespace {

constexpr int cell_width = 12, cell_height = 26;

struct Style {
    bool bold = false, middle = false;
    int down = 1;
};

bool marked(const std::string& line) { return line.starts_with("***") && line.ends_with("***"); }

/// Head and last lines stand in the middle, the sum is tall: as devices print by themselves, whatever the till sends.
Style style_of(const std::string& line, std::size_t number, const Settings& settings) {
    if (number < settings.header.size() && line == settings.header[number]) return {number == 0, true, 1};
    if (line.starts_with("TOTAL ")) return {true, false, 2};
    if (line.starts_with("Z REPORT") || line == "X REPORT") return {true, true, 2};
    if (marked(line)) return {true, true, 1};
    if (line.starts_with("FISCAL RECEIPT") || line == "NON-FISCAL RECEIPT") return {true, true, 1};
    if (line.starts_with("operator ") || line.ends_with(settings.serial)) return {false, true, 1};
    return {};
}

// ------------------------------------------------------------------------------------------------ the strip

constexpr int side = 34;        ///< white paper beside the print
constexpr int head = 30, foot = 44;
constexpr int around = 26;      ///< of the counter
constexpr double tooth = 7;     ///< of the torn edge

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Pen = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

/// The outline of the strip, with the teeth of the tear-off edge above and below.
void outline(cairo_t* pen, double x, double y, double width, double height) {
    const int teeth = std::max(1, static_cast<int>(std::round(width / (2 * tooth))));
    const double step = width / teeth;
    cairo_new_path(pen);
    cairo_move_to(pen, x, y + tooth);
    for (int i = 0; i < teeth; ++i) {
        cairo_line_to(pen, x + (i + 0.5) * step, y);
        cairo_line_to(pen, x + (i + 1) * step, y + tooth);
    }
    cairo_line_to(pen, x + width, y + height - tooth);
    for (int i = teeth; i > 0; --i) {
        cairo_line_to(pen, x + (i - 0.5) * step, y + height);
        cairo_line_to(pen, x + (i - 1) * step, y + height - tooth);
    }
    cairo_close_path(pen);
}

std::string png_bytes(cairo_surface_t* picture) {
    std::string bytes;
    cairo_surface_write_to_png_stream(
        picture,
        [](void* into, const unsigned char* data, unsigned int size) {
            static_cast<std::string*>(into)->append(reinterpret_cast<const char*>(data), size);
            return CAIRO_STATUS_SUCCESS;
        },
        &bytes);
    return bytes;
}

Surface mask_of(const Bitmap& dots, int height) {
    Surface mask(cairo_image_surface_create(CAIRO_FORMAT_A8, std::max(1, dots.width()), std::max(1, height)), &cairo_surface_destroy);
    unsigned char* bytes = cairo_image_surface_get_data(mask.get());
    const int stride = cairo_image_surface_get_stride(mask.get());
    cairo_surface_flush(mask.get());
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < dots.width(); ++x)
            if (dots.at(x, y)) bytes[y * stride + x] = 0xFF;
    cairo_surface_mark_dirty(mask.get());
    return mask;
}

}  // namespace

Bitmap dots_of(const Document& document, const Settings& settings) {
    const Lettering lettering(cell_width, cell_height);
    const int width = settings.profile.columns * cell_width;
    Bitmap paper(width, 0);
    std::size_t number = 0;
    std::string_view text = document.text;
    if (text.ends_with('\n')) text.remove_suffix(1);
    for (const std::string& line : datecs::split_at(text, '\n')) {
        const Style style = style_of(line, number++, settings);
        std::u32string letters = letters_of(line);
        letters.resize(std::min(letters.size(), static_cast<std::size_t>(settings.profile.columns)));
        const int top = paper.height();
        paper.grow_to(top + cell_height * style.down);
        const int left = style.middle ? (width - static_cast<int>(letters.size()) * cell_width) / 2 : 0;
        paper.draw(lettering.draw(letters, style.bold, 1, style.down), left, top);
    }
    return paper;
}

std::string picture_of(const Bitmap& dots) {
    const int printed = std::min(dots.height(), longest_png - 2 * around - head - foot);
    const int width = dots.width() + 2 * side, height = printed + head + foot;
    const Surface picture(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width + 2 * around, height + 2 * around), &cairo_surface_destroy);
    const Pen pen(cairo_create(picture.get()), &cairo_destroy);
    cairo_set_source_rgb(pen.get(), 0.78, 0.79, 0.80);
    cairo_paint(pen.get());
    // The shadow: the strip some times, each a little larger and fainter.
    for (int blur = 10; blur > 0; blur -= 2) {
        outline(pen.get(), around - blur + 3.0, around - blur + 6.0, width + 2.0 * blur - 2, height + 2.0 * blur - 4);
        cairo_set_source_rgba(pen.get(), 0, 0, 0, 0.035);
        cairo_fill(pen.get());
    }
    outline(pen.get(), around, around, width, height);
    // Paper that was on a roll is not even: a little darker at its sides.
    cairo_pattern_t* sheet = cairo_pattern_create_linear(around, 0, around + width, 0);
    cairo_pattern_add_color_stop_rgb(sheet, 0, 0.945, 0.94, 0.925);
    cairo_pattern_add_color_stop_rgb(sheet, 0.08, 0.985, 0.98, 0.965);
    cairo_pattern_add_color_stop_rgb(sheet, 0.92, 0.985, 0.98, 0.965);
    cairo_pattern_add_color_stop_rgb(sheet, 1, 0.945, 0.94, 0.925);
    cairo_set_source(pen.get(), sheet);
    cairo_fill(pen.get());
    cairo_pattern_destroy(sheet);
    const Surface mask = mask_of(dots, printed);
    cairo_set_source_rgb(pen.get(), 0.17, 0.17, 0.20);
    cairo_mask_surface(pen.get(), mask.get(), around + side, around + head);
    return png_bytes(picture.get());
}

}  // namespace paprsek::fiscal::simulator
