#include "ui/kit/screenshot.h"

#include <GL/gl.h>
#include <stb/stb_image_write.h>

#include <stdexcept>
#include <vector>

namespace paprsek::ui {

void clear_framebuffer(int width, int height) {
    glViewport(0, 0, width, height);
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
}

void save_framebuffer(const std::filesystem::path& file, int width, int height) {
    constexpr int channels = 3;
    const auto row = static_cast<std::size_t>(width) * channels;
    std::vector<unsigned char> upside_down(row * static_cast<std::size_t>(height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, upside_down.data());
    std::vector<unsigned char> upright;
    upright.reserve(upside_down.size());
    for (auto end = upside_down.end(); end != upside_down.begin(); end -= static_cast<std::ptrdiff_t>(row))
        upright.insert(upright.end(), end - static_cast<std::ptrdiff_t>(row), end);
    if (stbi_write_png(file.c_str(), width, height, channels, upright.data(), static_cast<int>(row)) == 0)
        throw std::runtime_error("screenshot: " + file.string() + " cannot be written (is the folder there, and writable?)");
}

}  // namespace paprsek::ui
