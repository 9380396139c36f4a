// The little of UTF-8 that drawing and editing need. Malformed bytes are taken one at a time, as U+FFFD.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace paprsek::ui {

inline bool utf8_continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The index after the character that begins at `at`.
inline std::size_t utf8_next(std::string_view text, std::size_t at) {
    if (at >= text.size()) return text.size();
    ++at;
    while (at < text.size() && utf8_continues(text[at])) ++at;
    return at;
}

// The index at which the character before `at` begins.
inline std::size_t utf8_previous(std::string_view text, std::size_t at) {
    if (at == 0) return 0;
    --at;
    while (at > 0 && utf8_continues(text[at])) --at;
    return at;
}

inline char32_t utf8_decode(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t length = utf8_next(text, at) - at;
    const unsigned first = byte(at);
    if (length == 1 && first < 0x80U) return first;
    if (length == 2 && (first & 0xE0U) == 0xC0U) return (first & 0x1FU) << 6 | (byte(at + 1) & 0x3FU);
    if (length == 3 && (first & 0xF0U) == 0xE0U) return (first & 0x0FU) << 12 | (byte(at + 1) & 0x3FU) << 6 | (byte(at + 2) & 0x3FU);
    if (length == 4 && (first & 0xF8U) == 0xF0U)
        return (first & 0x07U) << 18 | (byte(at + 1) & 0x3FU) << 12 | (byte(at + 2) & 0x3FU) << 6 | (byte(at + 3) & 0x3FU);
    return 0xFFFD;
}

inline void utf8_append(std::string& text, char32_t c) {
    const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

}  // namespace paprsek::ui
