#include "fiscal/receipt/bitmap.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <memory>

#include "fiscal/receipt/letters.h"
#include "node/base/error.h"

namespace paprsek::fiscal {
namespace {

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Pen = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

Surface surface(cairo_format_t format, int width, int height) {
    Surface made(cairo_image_surface_create(format, width, height), &cairo_surface_destroy);
    if (cairo_surface_status(made.get()) != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
    return made;
}

const unsigned char* dot_row(cairo_surface_t* picture, int y) {
    return cairo_image_surface_get_data(picture) + static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(picture);
}

/// How light a dot is, 0–255, on white paper.
std::vector<int> light_of(cairo_surface_t* picture, int width, int height) {
    std::vector<int> light;
    light.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const unsigned char* dot = dot_row(picture, y) + 4 * x;  // premultiplied blue, green, red, alpha (little endian)
            light.push_back((dot[0] * 114 + dot[1] * 587 + dot[2] * 299) / 1000 + 255 - dot[3]);
        }
    return light;
}

/// Floyd and Steinberg's: what a dot is too light or too dark goes to its neighbours.
Bitmap diffused(std::vector<int> light, int width, int height) {
    Bitmap bitmap(width, height);
    const auto add = [&](int x, int y, int value) {
        if (x >= 0 && x < width && y < height) light[static_cast<std::size_t>(y * width + x)] += value;
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const int value = light[static_cast<std::size_t>(y * width + x)];
            const bool black = value < 128;
            bitmap.set(x, y, black);
            const int rest = value - (black ? 0 : 255);
            add(x + 1, y, rest * 7 / 16);
            add(x - 1, y + 1, rest * 3 / 16);
            add(x, y + 1, rest * 5 / 16);
            add(x + 1, y + 1, rest / 16);
        }
    return bitmap;
}

}  // namespace

Bitmap::Bitmap(int width, int height) : width_(width), height_(height) {
    assert(width >= 0 && width <= max_width && height >= 0 && height <= max_height);
    bytes_.resize(static_cast<std::size_t>(bytes_a_row()) * static_cast<std::size_t>(height));
}

std::span<const unsigned char> Bitmap::row(int y) const {
    assert(y >= 0 && y < height_);
    const auto size = static_cast<std::size_t>(bytes_a_row());
    return std::span(bytes_).subspan(static_cast<std::size_t>(y) * size, size);
}

std::span<unsigned char> Bitmap::row(int y) {
    assert(y >= 0 && y < height_);
    const auto size = static_cast<std::size_t>(bytes_a_row());
    return std::span(bytes_).subspan(static_cast<std::size_t>(y) * size, size);
}

bool Bitmap::at(int x, int y) const {
    assert(x >= 0 && x < width_);
    return row(y)[static_cast<std::size_t>(x / 8)] >> (7 - x % 8) & 1;
}

void Bitmap::set(int x, int y, bool black) {
    assert(x >= 0 && x < width_);
    unsigned char& byte = row(y)[static_cast<std::size_t>(x / 8)];
    const auto bit = static_cast<unsigned char>(0x80 >> x % 8);
    byte = static_cast<unsigned char>(black ? byte | bit : byte & ~bit);
}

void Bitmap::draw(const Bitmap& other, int x, int y, int across, int down) {
    const int rows = std::min(other.height(), std::max(0, (height_ - y + down - 1) / down)), columns = other.width();
    for (int from_y = 0; from_y < rows; ++from_y) {
        const std::span<const unsigned char> dots = other.row(from_y);
        for (int from_x = 0; from_x < columns; ++from_x) {
            if (dots[static_cast<std::size_t>(from_x / 8)] == 0) {
                from_x |= 7;  // eight white ones
                continue;
            }
            if (!other.at(from_x, from_y)) continue;
            for (int to_y = std::max(0, y + from_y * down); to_y < std::min(height_, y + (from_y + 1) * down); ++to_y)
                for (int to_x = std::max(0, x + from_x * across); to_x < std::min(width_, x + (from_x + 1) * across); ++to_x) set(to_x, to_y);
        }
    }
}

void Bitmap::invert(int x, int y, int width, int height) {
    for (int each_y = std::max(0, y); each_y < std::min(height_, y + height); ++each_y)
        for (int each_x = std::max(0, x); each_x < std::min(width_, x + width); ++each_x) set(each_x, each_y, !at(each_x, each_y));
}

void Bitmap::grow_to(int height) {
    height_ = std::max(height_, std::min(height, max_height));
    bytes_.resize(static_cast<std::size_t>(bytes_a_row()) * static_cast<std::size_t>(height_));
}

std::string png_of(const Bitmap& bitmap, int margin) {
    // Cairo draws up to 32,767 dots.
    const int width = bitmap.width() + 2 * margin, height = std::min(bitmap.height(), longest_png) + 2 * margin;
    const Surface picture = surface(CAIRO_FORMAT_A8, std::max(width, 1), std::max(height, 1));
    unsigned char* dots = cairo_image_surface_get_data(picture.get());
    const int stride = cairo_image_surface_get_stride(picture.get());
    cairo_surface_flush(picture.get());
    for (int y = 0; y < bitmap.height() && y + margin < height; ++y)
        for (int x = 0; x < bitmap.width(); ++x)
            if (bitmap.at(x, y)) dots[(y + margin) * stride + x + margin] = 0xFF;
    cairo_surface_mark_dirty(picture.get());
    const Surface sheet = surface(CAIRO_FORMAT_RGB24, std::max(width, 1), std::max(height, 1));
    const Pen pen(cairo_create(sheet.get()), &cairo_destroy);
    cairo_set_source_rgb(pen.get(), 1, 1, 1);
    cairo_paint(pen.get());
    cairo_set_source_rgb(pen.get(), 0, 0, 0);
    cairo_mask_surface(pen.get(), picture.get(), 0, 0);
    std::string bytes;
    cairo_surface_write_to_png_stream(
        sheet.get(),
        [](void* into, const unsigned char* data, unsigned int size) {
            static_cast<std::string*>(into)->append(reinterpret_cast<const char*>(data), size);
            return CAIRO_STATUS_SUCCESS;
        },
        &bytes);
    return bytes;
}

Bitmap read_png(std::string_view bytes, const std::string& what, int max_width) {
    constexpr int most = 4096;
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
        return value;
    };
    if (bytes.size() < 24 || !bytes.starts_with("\x89PNG\r\n\x1a\n")) node::refuse(what, "is no PNG picture", "save the logo as PNG");
    if (number(16) == 0 || number(20) == 0 || number(16) > most || number(20) > most)
        node::refuse(what, "is larger than 4096 by 4096 dots", "make it smaller: paper has some 500 dots across");
    std::string_view left = bytes;
    const Surface picture(cairo_image_surface_create_from_png_stream(
                              [](void* from, unsigned char* data, unsigned int size) {
                                  auto& rest = *static_cast<std::string_view*>(from);
                                  if (rest.size() < size) return CAIRO_STATUS_READ_ERROR;
                                  std::memcpy(data, rest.data(), size);
                                  rest.remove_prefix(size);
                                  return CAIRO_STATUS_SUCCESS;
                              },
                              &left),
                          &cairo_surface_destroy);
    if (cairo_surface_status(picture.get()) != CAIRO_STATUS_SUCCESS) node::refuse(what, "is a damaged PNG picture", "save it again");
    const int wide = cairo_image_surface_get_width(picture.get()), high = cairo_image_surface_get_height(picture.get());
    const int width = std::min(wide, max_width), height = std::max(1, high * width / wide);
    const Surface sheet = surface(CAIRO_FORMAT_ARGB32, width, height);
    const Pen pen(cairo_create(sheet.get()), &cairo_destroy);
    cairo_scale(pen.get(), static_cast<double>(width) / wide, static_cast<double>(height) / high);
    cairo_set_source_surface(pen.get(), picture.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(pen.get()), CAIRO_FILTER_GOOD);
    cairo_paint(pen.get());
    cairo_surface_flush(sheet.get());
    return diffused(light_of(sheet.get(), width, height), width, height);
}

struct Lettering::Inside {
    Surface scratch = surface(CAIRO_FORMAT_A8, 1, 1);
    Pen pen{cairo_create(scratch.get()), &cairo_destroy};
    PangoLayout* layout = pango_cairo_create_layout(pen.get());
    std::string font;
    Inside() {
        // Sizes that were rounded to the dots of one scale would not fit another.
        cairo_font_options_t* exact = cairo_font_options_create();
        cairo_font_options_set_hint_metrics(exact, CAIRO_HINT_METRICS_OFF);
        cairo_font_options_set_hint_style(exact, CAIRO_HINT_STYLE_NONE);
        pango_cairo_context_set_font_options(pango_layout_get_context(layout), exact);
        cairo_font_options_destroy(exact);
    }
    ~Inside() { g_object_unref(layout); }
};

Lettering::Lettering(int cell_width, int cell_height, const char* font) : cell_width_(cell_width), cell_height_(cell_height), inside_(new Inside) {
    assert(cell_width > 0 && cell_height > 0);
    inside_->font = font;
}
Lettering::~Lettering() { delete inside_; }

Bitmap Lettering::draw(std::u32string_view letters, bool bold, int across, int down) const {
    const int cell_wide = cell_width_ * across, cell_high = cell_height_ * down;
    letters = letters.substr(0, static_cast<std::size_t>(Bitmap::max_width / cell_wide));
    Bitmap line(static_cast<int>(letters.size()) * cell_wide, cell_high);
    if (line.empty()) return line;
    const Surface picture = surface(CAIRO_FORMAT_A8, line.width(), line.height());
    const Pen pen(cairo_create(picture.get()), &cairo_destroy);
    PangoFontDescription* description = pango_font_description_from_string((inside_->font + (bold ? " Bold 40" : " 40")).c_str());
    pango_layout_set_font_description(inside_->layout, description);
    pango_font_description_free(description);
    pango_layout_set_text(inside_->layout, "M", 1);
    int advance = 1, tall = 1;
    pango_layout_get_size(inside_->layout, &advance, &tall);
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (letters[i] == U' ') continue;
        const std::string letter = utf8_of(letters.substr(i, 1));
        pango_layout_set_text(inside_->layout, letter.data(), static_cast<int>(letter.size()));
        int own = advance;
        pango_layout_get_size(inside_->layout, &own, nullptr);
        cairo_save(pen.get());
        cairo_rectangle(pen.get(), static_cast<double>(i) * cell_wide, 0, cell_wide, cell_high);
        cairo_clip(pen.get());
        cairo_translate(pen.get(), static_cast<double>(i) * cell_wide, 0);
        // A letter of another font may be broader than the cell: it is made narrower. The layout is not told of the scale, for Pango
        // would choose other widths then.
        cairo_scale(pen.get(), static_cast<double>(cell_wide) * PANGO_SCALE / std::max(advance, own), static_cast<double>(cell_high) * PANGO_SCALE / tall);
        pango_cairo_show_layout(pen.get(), inside_->layout);
        cairo_restore(pen.get());
    }
    cairo_surface_flush(picture.get());
    for (int y = 0; y < line.height(); ++y)
        for (int x = 0; x < line.width(); ++x)
            if (dot_row(picture.get(), y)[x] >= 0x60) line.set(x, y);
    return line;
}

}  // namespace paprsek::fiscal
