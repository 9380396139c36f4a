#include "sync/wellformed.h"

#include <algorithm>
#include <cstdint>

#include "schema/fact.h"

namespace paprsek::sync {
namespace {

/// Bytes of the UTF-8 character that begins at `at` with a byte ≥ 0x80; 0 where there is none (cut, overlong, a surrogate).
std::size_t character_bytes(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + size > text.size()) return 0;
    const unsigned char second = byte(at + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    for (std::size_t i = at + 1; i < at + size; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    return size;
}

}  // namespace

bool well_formed_object(std::string_view text, int deepest) {
    if (text.size() < 2 || text.front() != '{') return false;
    std::uint64_t objects = 0;  // one bit a level: whether it is an object (else an array)
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20) return false;
        if (c >= 0x80) {
            const std::size_t size = quoted ? character_bytes(text, i) : 0;
            if (size == 0) return false;
            i += size;
            continue;
        }
        ++i;
        if (quoted) {
            if (c == '"') quoted = false;
            if (c == '\\') {
                if (i == text.size() || static_cast<unsigned char>(text[i]) < 0x20 || static_cast<unsigned char>(text[i]) >= 0x80) return false;
                ++i;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest || depth > 64) return false;
            objects = objects << 1 | (c == '{');
        } else if (c == '}' || c == ']') {
            if ((objects & 1) != (c == '}')) return false;
            objects >>= 1;
            if (--depth == 0) return i == text.size();
        }
    }
    return false;
}

bool well_formed_kind(std::string_view text) {
    return !text.empty() && text.size() <= schema::max_kind_bytes && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    });
}

}  // namespace paprsek::sync
