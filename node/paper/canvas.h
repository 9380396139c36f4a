// Pages of a PDF by Cairo, texts on them by Pango, so that every letter of Czech and Romanian is right. Lengths are points (1/72 inch).
#pragma once
#include <pango/pangocairo.h>

#include <string>

namespace paprsek::node {

class Pages {
public:
    enum class Align { left, right, centre };
    static constexpr int a4_short = 595, a4_long = 842;

    /// Beside `path`; finish() renames. Throws Error (operating).
    Pages(std::string path, int width, int height);
    ~Pages();
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;

    /// `font` as Pango reads it: "Inter 9", "Inter Bold 14". Returns the height of what was drawn; a text too wide for `width` ends in "…",
    /// after as many lines as `lines` says.
    int text(int x, int y, int width, const std::string& words, const std::string& font, Align align = Align::left, int lines = 1);
    /// How wide the text would be on one line.
    int width_of(const std::string& words, const std::string& font);
    void line(int x, int y, int width);
    void next_page();
    /// Of the page at hand, before anything is drawn on it.
    void set_size(int width, int height);
    /// For what draws more than texts and lines.
    cairo_t* cairo() { return cairo_; }
    /// The file is there, whole, when it returns.
    void finish();

private:
    void lay_out(const std::string& words, const std::string& font);
    std::string path_, part_;
    cairo_surface_t* surface_ = nullptr;
    cairo_t* cairo_ = nullptr;
    PangoLayout* layout_ = nullptr;
};

}  // namespace paprsek::node
