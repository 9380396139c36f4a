// Black and white dots: logos, barcodes, letters that a printer does not have, the picture of a strip of paper.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paprsek::fiscal {

class Bitmap {
public:
    /// Both ends of what a picture may be; a strip of 57,600 dots is 7.2 m of paper.
    static constexpr int max_width = 4096, max_height = 57'600;

    Bitmap() = default;
    /// White.
    Bitmap(int width, int height);

    int width() const { return width_; }
    int height() const { return height_; }
    bool empty() const { return width_ == 0 || height_ == 0; }
    bool at(int x, int y) const;
    void set(int x, int y, bool black = true);
    /// Black dots, each `across` × `down` dots large; what lies outside is cut off.
    void draw(const Bitmap& other, int x, int y, int across = 1, int down = 1);
    void invert(int x, int y, int width, int height);
    /// White rows below; never beyond max_height.
    void grow_to(int height);

    int bytes_a_row() const { return (width_ + 7) / 8; }
    /// The leftmost dot is the highest bit; bits behind the last dot are 0.
    std::span<const unsigned char> row(int y) const;
    std::span<unsigned char> row(int y);

    friend bool operator==(const Bitmap&, const Bitmap&) = default;

private:
    int width_ = 0, height_ = 0;
    std::vector<unsigned char> bytes_;
};

/// Rows beyond it do not go into a PNG.
inline constexpr int longest_png = 32'000;
/// A PNG in black and white, with `margin` white dots around.
std::string png_of(const Bitmap& bitmap, int margin = 0);
/// A PNG from outside as dots: white where it is transparent, greys by error diffusion, made smaller where it is wider than `max_width`.
/// Throws Error (refused) naming `what` on bytes that are no PNG or a picture above 4096 × 4096.
Bitmap read_png(std::string_view bytes, const std::string& what, int max_width);

/// Writes letters in cells of one size: the same letters on paper, in a PDF and in a picture. Threads: one.
class Lettering {
public:
    /// In dots. `font` is a family of even letters.
    Lettering(int cell_width, int cell_height, const char* font = "DejaVu Sans Mono");
    ~Lettering();
    Lettering(const Lettering&) = delete;
    Lettering& operator=(const Lettering&) = delete;

    /// One line as dots, its cells `across` × `down` times as large.
    Bitmap draw(std::u32string_view letters, bool bold = false, int across = 1, int down = 1) const;
    int cell_width() const { return cell_width_; }
    int cell_height() const { return cell_height_; }

private:
    struct Inside;
    int cell_width_, cell_height_;
    Inside* inside_;
};

}  // namespace paprsek::fiscal
