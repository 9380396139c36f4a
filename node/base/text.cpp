#include "node/base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

namespace paprsek::node {
namespace {

std::optional<std::string> map(std::string_view text, int options) {
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii && !(options & UTF8PROC_CASEFOLD)) return std::string(text);
    if (ascii) {
        std::string lower(text);
        for (char& c : lower)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        return lower;
    }
    utf8proc_uint8_t* result = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &result,
                                   static_cast<utf8proc_option_t>(options));
    if (size < 0) return std::nullopt;
    std::string mapped(reinterpret_cast<const char*>(result), static_cast<std::size_t>(size));
    std::free(result);
    return mapped;
}

}  // namespace

std::optional<std::string> nfc(std::string_view text) { return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

std::string fold(std::string_view text) {
    return map(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_COMPAT).value_or("");
}

std::string_view trim(std::string_view text) {
    const auto blank_front = [&]() -> std::size_t {
        if (text.empty()) return 0;
        const char c = text.front();
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return 1;
        return text.starts_with("\xC2\xA0") ? 2 : 0;
    };
    const auto blank_back = [&]() -> std::size_t {
        if (text.empty()) return 0;
        const char c = text.back();
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') return 1;
        return text.ends_with("\xC2\xA0") ? 2 : 0;
    };
    while (const auto n = blank_front()) text.remove_prefix(n);
    while (const auto n = blank_back()) text.remove_suffix(n);
    return text;
}

std::string upper(std::string_view text) {
    std::string raised(text);
    for (char& c : raised)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return raised;
}

std::string with_capital(std::string_view text) {
    utf8proc_int32_t letter = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const utf8proc_ssize_t size = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &letter);
    if (size <= 0) return std::string(text);
    utf8proc_uint8_t raised[4];
    const utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_totitle(letter), raised);
    return std::string(reinterpret_cast<const char*>(raised), static_cast<std::size_t>(written)).append(text.substr(static_cast<std::size_t>(size)));
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace paprsek::node
