// Code pages of receipt printers: which letter each byte from 80 on stands for.
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace paprsek::fiscal {

struct CodePage {
    std::string_view name;        ///< "CP852"
    std::u16string_view letters;  ///< of bytes 80 to FF; U+FFFD where the page has none
};

/// Every page that is known. CP437, the first, is what a printer starts with.
std::span<const CodePage> code_pages();
/// nullptr where there is none of this name.
const CodePage* find_code_page(std::string_view name);

/// Nothing where the page lacks the letter.
std::optional<unsigned char> byte_of(const CodePage& page, char32_t letter);
char32_t letter_of(const CodePage& page, unsigned char byte);

/// What stands for a letter that a page lacks and means the same on paper: ș with a comma is ş with a cedilla there (no old page has
/// the former), a typographic quote is a straight one. The letter itself where nothing does.
char32_t stand_in(char32_t letter);

}  // namespace paprsek::fiscal
