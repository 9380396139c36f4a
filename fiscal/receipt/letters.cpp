#include "fiscal/receipt/letters.h"

#include <algorithm>

#include "node/base/text.h"

namespace paprsek::fiscal {
namespace {

/// Of valid UTF-8: the letter at `at`, which moves behind it.
char32_t next_letter(std::string_view text, std::size_t& at) {
    const auto byte = [&] { return static_cast<unsigned char>(text[at++]); };
    const unsigned char first = byte();
    if (first < 0x80) return first;
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    char32_t letter = first & (0x3Fu >> more);
    for (int i = 0; i < more && at < text.size(); ++i) letter = letter << 6 | (byte() & 0x3Fu);
    return letter;
}

bool is_blank(char32_t letter) { return letter == U'\t' || letter == 0xA0 || (letter >= 0x2000 && letter <= 0x200A) || letter == 0x202F || letter == 0x3000; }

/// What takes no place: controls, joiners, marks of direction, combining marks that did not compose, selectors of variants.
bool is_nothing(char32_t letter) {
    return letter < 0x20 || (letter >= 0x7F && letter < 0xA0) || letter == 0xAD || (letter >= 0x300 && letter <= 0x36F) ||
           (letter >= 0x200B && letter <= 0x200F) || (letter >= 0x2028 && letter <= 0x202E) || (letter >= 0x2060 && letter <= 0x206F) ||
           (letter >= 0xFE00 && letter <= 0xFE0F) || letter == 0xFEFF;
}

}  // namespace

std::u32string letters_of(std::string_view text) {
    const auto composed = node::nfc(text);
    std::u32string letters;
    if (!composed) {
        for (const char c : text) letters += static_cast<unsigned char>(c) < 0x80 ? static_cast<char32_t>(c) : U'?';
        std::erase_if(letters, is_nothing);
        return letters;
    }
    letters.reserve(composed->size());
    for (std::size_t at = 0; at < composed->size();) {
        const char32_t letter = next_letter(*composed, at);
        if (is_blank(letter) || letter == U'\n')
            letters += U' ';
        else if (!is_nothing(letter))
            letters += letter;
    }
    return letters;
}

std::string utf8_of(std::u32string_view letters) {
    std::string text;
    text.reserve(letters.size());
    for (const char32_t letter : letters) {
        if (letter < 0x80) {
            text += static_cast<char>(letter);
            continue;
        }
        const int more = letter >= 0x10000 ? 3 : letter >= 0x800 ? 2 : 1;
        const char32_t head = more == 3 ? 0xF0 : more == 2 ? 0xE0 : 0xC0;
        text += static_cast<char>(head | letter >> (6 * more));
        for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (letter >> (6 * i) & 0x3F));
    }
    return text;
}

std::vector<std::u32string> wrap(std::u32string_view letters, std::size_t places) {
    std::vector<std::u32string> lines;
    while (letters.size() > places) {
        // A blank right behind the last place is as good as one within.
        const std::size_t blank = letters.substr(0, places + 1).find_last_of(U' ');
        const bool whole_word = blank != std::u32string_view::npos && blank > 0;
        std::u32string line(letters.substr(0, whole_word ? blank : places));
        line.erase(line.find_last_not_of(U' ') + 1);
        letters.remove_prefix(whole_word ? blank + 1 : places);
        while (!letters.empty() && letters.front() == U' ') letters.remove_prefix(1);
        if (!line.empty()) lines.push_back(std::move(line));
    }
    std::u32string last(letters);
    last.erase(last.find_last_not_of(U' ') + 1);
    if (!last.empty() || lines.empty()) lines.push_back(std::move(last));
    return lines;
}

}  // namespace paprsek::fiscal
