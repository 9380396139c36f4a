// Colour tokens and measures of the look. Widgets and screens name a token, never a colour of their own.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace paprsek::ui {

struct Color {
    std::uint8_t r = 0;
    std::uint8_t g = 0;
    std::uint8_t b = 0;
    std::uint8_t a = 255;

    // 0xRRGGBB
    static constexpr Color hex(std::uint32_t rgb) {
        return {static_cast<std::uint8_t>(rgb >> 16 & 0xFF), static_cast<std::uint8_t>(rgb >> 8 & 0xFF),
                        static_cast<std::uint8_t>(rgb & 0xFF), 255};
    }
    constexpr Color alpha(float share) const { return {r, g, b, static_cast<std::uint8_t>(share * static_cast<float>(a))}; }
};

// `share` of `b` in `a`, from 0 to 1.
Color mix(Color a, Color b, float share);

enum class ThemeName { light, dark, contrast };
std::optional<ThemeName> theme_from(std::string_view name);
// Light, dark, high contrast, and round again.
ThemeName next_theme(ThemeName name);

struct Theme {
    ThemeName name;
    Color background;   // behind everything
    Color surface;      // cards, panels
    Color sunken;       // zebra rows, fields at rest
    Color line;         // hairlines and borders
    Color ink;          // text
    Color ink_soft;     // second rank text
    Color ink_faint;    // placeholders, disabled text
    Color accent;       // focus, selection, main actions
    Color on_accent;
    Color accent_soft;  // background of what is selected
    Color go;           // pay, done
    Color on_go;
    Color go_soft;
    Color warn;         // waits, attention
    Color warn_soft;
    Color danger;       // errors, void, unknown code, the head of a recognised customer
    Color on_danger;
    Color danger_soft;
    Color strip;        // title strip and total, dark in every theme
    Color on_strip;
    Color on_strip_soft;
    Color strip_line;
    Color brand;        // the ray in the logo
    Color shadow;
};

const Theme& theme(ThemeName name);

// Spacing scale and corner radii, in logical units.
namespace space {
inline constexpr float xs = 4;
inline constexpr float s = 8;
inline constexpr float m = 12;
inline constexpr float l = 16;
inline constexpr float xl = 24;
}  // namespace space
namespace radius {
inline constexpr float small = 6;
inline constexpr float control = 9;
inline constexpr float card = 14;
}  // namespace radius

}  // namespace paprsek::ui
