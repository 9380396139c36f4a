#include "ui/kit/picture.h"

#include <GL/gl.h>
#include <GL/glext.h>

#include <algorithm>
#include <array>

#include "ui/kit/glyph_texture.h"

namespace paprsek::ui {

Picture::Picture(int width, int height, const std::function<std::span<const unsigned char>(int)>& row) : width_(width), height_(height) {
    // Paper knows grey alone: a byte a dot where that can be, for what takes long here is fresh memory.
    static constexpr std::array<GLint, 4> grey = {GL_RED, GL_RED, GL_RED, GL_ONE};
    const bool bytes = can_swizzle();
    const std::size_t channels = bytes ? 1 : 4;
    std::vector<unsigned char> dots;
    for (int top = 0; top < height; top += strip_rows) {
        const int rows = std::min(strip_rows, height - top);
        dots.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows) * channels, 255);
        std::size_t at = 0;
        for (int y = 0; y < rows; ++y) {
            const std::span<const unsigned char> bits = row(top + y);
            for (int x = 0; x < width; ++x, at += channels) {
                if ((bits[static_cast<std::size_t>(x / 8)] & (0x80 >> (x % 8))) == 0) continue;
                std::fill_n(dots.begin() + static_cast<std::ptrdiff_t>(at), std::min<std::size_t>(channels, 3), 0x1B);
            }
        }
        unsigned texture = 0;
        glGenTextures(1, &texture);
        glBindTexture(GL_TEXTURE_2D, texture);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
        if (bytes) glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, grey.data());
        glTexImage2D(GL_TEXTURE_2D, 0, bytes ? GL_R8 : GL_RGBA, width, rows, 0, bytes ? GL_RED : GL_RGBA, GL_UNSIGNED_BYTE, dots.data());
        strips_.push_back(texture);
    }
}

Picture::~Picture() {
    if (!strips_.empty()) glDeleteTextures(static_cast<int>(strips_.size()), strips_.data());
}

}  // namespace paprsek::ui
