// The packing of a bundle of facts (BUNDLE.md "Format 2"): lines of fields parted by tabs, most of them numbers and canonical JSON. What
// follows from what was said before costs next to nothing: the price and name of a product that was sold before, the sum that is
// paid, the number after the last. The text comes back byte for byte, whatever it holds.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/files.h"

namespace paprsek::sync {

/// What is packed or unpacked at once: some 150 MiB of memory at most.
inline constexpr std::size_t max_record_bytes = 32u << 20;

/// Lines that both sides hold, without their "\n": learnt after the first line and before the second, they are not said again.
using Lines = std::vector<std::string>;
/// Finds them by the text's first line; nothing: they are not held here.
using FindLines = std::function<std::optional<Lines>(std::string_view first_line)>;

/// `text`: lines that each end with "\n". Nothing where it would not come back byte for byte, which is tried: it is longer than
/// max_record_bytes, or a line longer than max_line_bytes (sync/bundle.h). Another format has to do then.
std::optional<Bytes> pack_records(std::string_view text, std::span<const std::string> known = {});
/// The text of `bytes` bytes that was packed; nothing where `packed` is none such. Any bytes may come.
std::optional<std::string> unpack_records(BytesView packed, std::size_t bytes);

struct Unpacked {
    std::string text;
    bool whole = true;  ///< false: the first line alone, for what the others were packed by is not held here
};
/// The same of what was packed by known lines. What `find` throws goes through.
std::optional<Unpacked> unpack_records(BytesView packed, std::size_t bytes, const FindLines& find);

}  // namespace paprsek::sync
