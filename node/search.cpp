#include "node/search.h"

#include "node/base/text.h"

namespace paprsek::node {
namespace {

/// Length of a punctuation or blank at the start of `text`; 0 for a letter or digit. Beyond ASCII only the Latin-1 and
/// general punctuation blocks count.
std::size_t separator_length(std::string_view text) {
    const auto c = static_cast<unsigned char>(text[0]);
    const auto next = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0u;
    if (c < 0x80) {
        const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return word ? 0 : 1;
    }
    if (c == 0xC2) return 2;
    if (c == 0xE2 && (next == 0x80 || next == 0x81)) return 3;
    return 0;
}

}  // namespace

std::string search_text(std::string_view text) {
    const std::string folded = fold(text);
    std::string words;
    bool gap = false;
    for (std::size_t i = 0; i < folded.size();) {
        const std::size_t skip = separator_length(std::string_view(folded).substr(i));
        if (skip > 0) {
            gap = !words.empty();
            i += skip;
            continue;
        }
        if (gap) words += ' ';
        gap = false;
        words += folded[i++];
    }
    return words;
}

std::string search_query(std::string_view text) {
    std::string query;
    const std::string words = search_text(text);
    for (std::size_t start = 0; start < words.size();) {
        std::size_t end = words.find(' ', start);
        if (end == std::string::npos) end = words.size();
        if (!query.empty()) query += ' ';
        query += '"' + words.substr(start, end - start) + "\"*";
        start = end + 1;
    }
    return query;
}

}  // namespace paprsek::node
