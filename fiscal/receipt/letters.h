// Text as paper takes it: one letter a cell.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace paprsek::fiscal {

/// Composed (NFC), without control characters, every kind of blank as ' ', marks that stand on no letter dropped; bytes that are
/// no UTF-8 become '?'. One element takes one place.
std::u32string letters_of(std::string_view text);
std::string utf8_of(std::u32string_view letters);

/// Broken between words into lines of at most `places` (≥ 1) letters; a word that is longer is cut. At least one line.
std::vector<std::u32string> wrap(std::u32string_view letters, std::size_t places);

}  // namespace paprsek::fiscal
