// Text for devices that know one byte a letter: the code page, and the letter without its mark where the page has none.
#pragma once
#include <string>
#include <string_view>

#include "fiscal/profile.h"

namespace paprsek::fiscal {

/// `text` (UTF-8, any normal form) as bytes of `encoding`: letters that it lacks lose their marks (ă → a, ș → s), what has no
/// like becomes "?", control characters become blanks. Never more than `max_bytes`.
std::string device_text(std::string_view text, Encoding encoding, std::size_t max_bytes);
/// Back to UTF-8, for what a device says.
std::string text_of_device(std::string_view bytes, Encoding encoding);

}  // namespace paprsek::fiscal
