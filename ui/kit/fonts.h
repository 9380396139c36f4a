// The type scale, and its glyphs in Dear ImGui's atlas.
#pragma once
#include <array>
#include <string>

struct ImFont;

namespace paprsek::ui {

enum class Type { caption, caption_strong, body, strong, title, figure, total };
inline constexpr int type_count = 7;

enum class IconSize { small, medium, large };
inline constexpr int icon_size_count = 3;

class Fonts {
public:
    // Rebuilds the atlas of the current ImGui context for a scale (physical pixels per logical unit). Between frames only.
    // Throws std::runtime_error where no usable font file is installed, naming the packages.
    void load(float scale);

    ImFont& face(Type type) const { return *faces_[static_cast<std::size_t>(type)]; }
    ImFont& icons(IconSize size) const { return *icons_[static_cast<std::size_t>(size)]; }

private:
    std::array<ImFont*, type_count> faces_{};
    std::array<ImFont*, icon_size_count> icons_{};
};

}  // namespace paprsek::ui
