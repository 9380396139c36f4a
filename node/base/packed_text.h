// Texts that are seldom read, packed by zstd with a dictionary of their like.
//
// SQL: unpacked(bytes, dictionary) is the text. Bytes that are damaged, or would unpack to more than max_packed_text, give the empty
// text: whoever holds it against a hash finds the damage by name, and one damaged row does not keep the others from being read.
#pragma once
#include <sqlite3.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace paprsek::node {

inline constexpr std::size_t max_packed_text = 1u << 20;

/// A dictionary of what the samples have in common; empty where there are too few of them to tell.
std::string dictionary_of(std::span<const std::string> samples);

class TextPacker {
public:
    explicit TextPacker(const std::string& dictionary);
    ~TextPacker();
    /// Of at most max_packed_text bytes (asserted).
    std::string pack(std::string_view text);
    std::string unpack(std::string_view bytes);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// Gives a connection the function unpacked(). Database does so for every one.
void register_unpacked(sqlite3* database);

}  // namespace paprsek::node
