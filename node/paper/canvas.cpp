#include "node/paper/canvas.h"

#include <cairo-pdf.h>

#include <cstdio>

#include "node/base/error.h"

namespace paprsek::node {

Pages::Pages(std::string path, int width, int height) : path_(std::move(path)), part_(path_ + ".part") {
    surface_ = cairo_pdf_surface_create(part_.c_str(), width, height);
    cairo_ = cairo_create(surface_);
    layout_ = pango_cairo_create_layout(cairo_);
    if (cairo_status(cairo_) != CAIRO_STATUS_SUCCESS) {
        const std::string why = cairo_status_to_string(cairo_status(cairo_));
        g_object_unref(layout_);
        cairo_destroy(cairo_);
        cairo_surface_destroy(surface_);
        fail(path_, "cannot be written: " + why, "does its folder exist?");
    }
}

Pages::~Pages() {
    g_object_unref(layout_);
    cairo_destroy(cairo_);
    cairo_surface_destroy(surface_);
    if (!part_.empty()) std::remove(part_.c_str());
}

void Pages::lay_out(const std::string& words, const std::string& font) {
    PangoFontDescription* description = pango_font_description_from_string(font.c_str());
    pango_layout_set_font_description(layout_, description);
    pango_font_description_free(description);
    pango_layout_set_text(layout_, words.data(), static_cast<int>(words.size()));
}

int Pages::text(int x, int y, int width, const std::string& words, const std::string& font, Align align, int lines) {
    lay_out(words, font);
    pango_layout_set_width(layout_, width * PANGO_SCALE);
    pango_layout_set_height(layout_, -lines);
    pango_layout_set_wrap(layout_, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout_, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(layout_, align == Align::left ? PANGO_ALIGN_LEFT : align == Align::right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER);
    cairo_move_to(cairo_, x, y);
    pango_cairo_show_layout(cairo_, layout_);
    int height = 0;
    pango_layout_get_pixel_size(layout_, nullptr, &height);
    return height;
}

int Pages::width_of(const std::string& words, const std::string& font) {
    lay_out(words, font);
    pango_layout_set_width(layout_, -1);
    int width = 0;
    pango_layout_get_pixel_size(layout_, &width, nullptr);
    return width + 1;
}

void Pages::line(int x, int y, int width) {
    cairo_set_line_width(cairo_, 0.6);
    cairo_move_to(cairo_, x, y);
    cairo_line_to(cairo_, x + width, y);
    cairo_stroke(cairo_);
}

void Pages::set_size(int width, int height) { cairo_pdf_surface_set_size(surface_, width, height); }

void Pages::next_page() { cairo_show_page(cairo_); }

void Pages::finish() {
    cairo_surface_finish(surface_);
    const cairo_status_t status = cairo_surface_status(surface_);
    if (status != CAIRO_STATUS_SUCCESS) fail(path_, std::string("cannot be written: ") + cairo_status_to_string(status), "is the disk full?");
    if (std::rename(part_.c_str(), path_.c_str()) != 0) fail(path_, "cannot be written", "is it a folder?");
    part_.clear();
}

}  // namespace paprsek::node
