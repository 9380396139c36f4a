// The two OpenGL calls that are ours: clearing, and reading the picture back.
#pragma once
#include <filesystem>

namespace paprsek::ui {

void clear_framebuffer(int width, int height);

// Saves what has been drawn as PNG. Throws std::runtime_error where the file cannot be written.
void save_framebuffer(const std::filesystem::path& file, int width, int height);

}  // namespace paprsek::ui
