// Text from outside: valid UTF-8, in Unicode's composed form (NFC), folded for searching, raised.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace paprsek::node {

/// The text in NFC, or nothing when it is not UTF-8.
std::optional<std::string> nfc(std::string_view text);
/// Lower case without marks: "Kůň Ţară" → "kun tara". Not UTF-8 → empty.
std::string fold(std::string_view text);
/// Leading and trailing blanks, tabs, line ends and no-break spaces taken off.
std::string_view trim(std::string_view text);
/// ASCII letters raised; the rest as it is (codes compare without case).
std::string upper(std::string_view text);
/// The first letter raised, whatever alphabet it is of: "řada" → "Řada". Not UTF-8 → as it is.
std::string with_capital(std::string_view text);
bool all_digits(std::string_view text);  ///< false for an empty text

}  // namespace paprsek::node
