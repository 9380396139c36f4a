#include "ui/kit/picture.h"

#include <GL/gl.h>

#include <algorithm>

namespace paprsek::ui {

Picture::Picture(int width, int height, const std::function<std::span<const unsigned char>(int)>& row) : width_(width), height_(height) {
    std::vector<unsigned char> dots;
    for (int top = 0; top < height; top += strip_rows) {
        const int rows = std::min(strip_rows, height - top);
        dots.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows) * 4, 255);
        std::size_t at = 0;
        for (int y = 0; y < rows; ++y) {
            const std::span<const unsigned char> bits = row(top + y);
            for (int x = 0; x < width; ++x, at += 4) {
                if ((bits[static_cast<std::size_t>(x / 8)] & (0x80 >> (x % 8))) != 0) dots[at] = dots[at + 1] = dots[at + 2] = 0x1B;
            }
        }
        unsigned texture = 0;
        glGenTextures(1, &texture);
        glBindTexture(GL_TEXTURE_2D, texture);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, rows, 0, GL_RGBA, GL_UNSIGNED_BYTE, dots.data());
        strips_.push_back(texture);
    }
}

Picture::~Picture() {
    if (!strips_.empty()) glDeleteTextures(static_cast<int>(strips_.size()), strips_.data());
}

}  // namespace paprsek::ui
