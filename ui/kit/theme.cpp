#include "ui/kit/theme.h"

namespace paprsek::ui {
namespace {

constexpr Theme light{
        .name = ThemeName::light,
        .background = Color::hex(0xE9EDF2),
        .surface = Color::hex(0xFFFFFF),
        .sunken = Color::hex(0xF5F7FA),
        .line = Color::hex(0xDCE2E9),
        .ink = Color::hex(0x131B2A),
        .ink_soft = Color::hex(0x55617A),
        .ink_faint = Color::hex(0x717D92),
        .accent = Color::hex(0x2E5BE0),
        .on_accent = Color::hex(0xFFFFFF),
        .accent_soft = Color::hex(0xE6EDFF),
        .go = Color::hex(0x12804C),
        .on_go = Color::hex(0xFFFFFF),
        .go_soft = Color::hex(0xDFF4E8),
        .warn = Color::hex(0x9A5B00),
        .warn_soft = Color::hex(0xFFF1D6),
        .danger = Color::hex(0xD22F36),
        .on_danger = Color::hex(0xFFFFFF),
        .danger_soft = Color::hex(0xFDE7E7),
        .strip = Color::hex(0x121C30),
        .on_strip = Color::hex(0xFFFFFF),
        .on_strip_soft = Color::hex(0xA9B6CC),
        .strip_line = Color::hex(0x2B3853),
        .brand = Color::hex(0xFFB224),
        .shadow = Color{18, 28, 48, 18},
};

constexpr Theme dark{
        .name = ThemeName::dark,
        .background = Color::hex(0x0D121A),
        .surface = Color::hex(0x171F2B),
        .sunken = Color::hex(0x1C2533),
        .line = Color::hex(0x2B3647),
        .ink = Color::hex(0xEEF2F8),
        .ink_soft = Color::hex(0xA7B3C6),
        .ink_faint = Color::hex(0x8491A8),
        .accent = Color::hex(0x7C9CFF),
        .on_accent = Color::hex(0x0B1430),
        .accent_soft = Color::hex(0x24345F),
        .go = Color::hex(0x35C07C),
        .on_go = Color::hex(0x04170D),
        .go_soft = Color::hex(0x16382A),
        .warn = Color::hex(0xF5B94A),
        .warn_soft = Color::hex(0x3B2E14),
        .danger = Color::hex(0xFF6B6E),
        .on_danger = Color::hex(0x2A0507),
        .danger_soft = Color::hex(0x43202A),
        .strip = Color::hex(0x080C13),
        .on_strip = Color::hex(0xFFFFFF),
        .on_strip_soft = Color::hex(0x9AA8BF),
        .strip_line = Color::hex(0x263044),
        .brand = Color::hex(0xFFB224),
        .shadow = Color{0, 0, 0, 90},
};

constexpr Theme contrast_theme{
        .name = ThemeName::contrast,
        .background = Color::hex(0x000000),
        .surface = Color::hex(0x000000),
        .sunken = Color::hex(0x141414),
        .line = Color::hex(0xFFFFFF),
        .ink = Color::hex(0xFFFFFF),
        .ink_soft = Color::hex(0xF0F0F0),
        .ink_faint = Color::hex(0xC8C8C8),
        .accent = Color::hex(0xFFE600),
        .on_accent = Color::hex(0x000000),
        .accent_soft = Color::hex(0x4A4400),
        .go = Color::hex(0x3BFF8F),
        .on_go = Color::hex(0x000000),
        .go_soft = Color::hex(0x003D1C),
        .warn = Color::hex(0xFFC400),
        .warn_soft = Color::hex(0x3D2F00),
        .danger = Color::hex(0xFF7A7A),
        .on_danger = Color::hex(0x000000),
        .danger_soft = Color::hex(0x4D0000),
        .strip = Color::hex(0x000000),
        .on_strip = Color::hex(0xFFFFFF),
        .on_strip_soft = Color::hex(0xF0F0F0),
        .strip_line = Color::hex(0xFFFFFF),
        .brand = Color::hex(0xFFE600),
        .shadow = Color{0, 0, 0, 0},
};

}  // namespace

Color mix(Color a, Color b, float share) {
    const auto channel = [share](std::uint8_t from, std::uint8_t to) {
        return static_cast<std::uint8_t>(static_cast<float>(from) + (static_cast<float>(to) - static_cast<float>(from)) * share);
    };
    return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b), channel(a.a, b.a)};
}

std::optional<ThemeName> theme_from(std::string_view name) {
    if (name == "light") return ThemeName::light;
    if (name == "dark") return ThemeName::dark;
    if (name == "contrast") return ThemeName::contrast;
    return std::nullopt;
}

ThemeName next_theme(ThemeName name) {
    switch (name) {
        case ThemeName::light: return ThemeName::dark;
        case ThemeName::dark: return ThemeName::contrast;
        case ThemeName::contrast: return ThemeName::light;
    }
    return ThemeName::light;
}

const Theme& theme(ThemeName name) {
    switch (name) {
        case ThemeName::light: return light;
        case ThemeName::dark: return dark;
        case ThemeName::contrast: return contrast_theme;
    }
    return light;
}

}  // namespace paprsek::ui
