// A line on its way into or out of the packing (sync/record_coder.cpp): canonical JSON as a tree of values, every byte accounted for.
#pragma once
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "sync/coder_models.h"

namespace paprsek::sync {

inline constexpr std::size_t max_nodes = 600'000;  ///< of a line
inline constexpr int max_depth = 32;

enum class Type : std::uint8_t { integer, text, object, array, literal };

/// A value of the line at hand.
struct Node {
    std::string_view key;   ///< within an object; of what is unpacked with all that stands before the value
    std::string_view text;  ///< of a text (as it stands between its quotes) or literal
    std::int64_t number = 0;
    std::uint32_t id = Dictionary::none;  ///< of a text, where it is remembered
    std::uint32_t first = Dictionary::none, next = Dictionary::none;
    Type type = Type::literal;
};

/// Reads canonical JSON: objects with ascending keys, no blanks. Whatever else is left to be packed as it is.
class Parser {
public:
    Parser(std::string_view text, std::vector<Node>& nodes) : text_(text), nodes_(nodes) {}
    /// The index of the node; nothing where the text is not such an object.
    std::optional<std::uint32_t> object() {
        if (text_.empty() || text_[0] != '{') return std::nullopt;
        const std::uint32_t node = value(0);
        return node == Dictionary::none || at_ != text_.size() ? std::nullopt : std::optional(node);
    }

private:
    bool take(char c) {
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool quoted(std::string_view& text) {
        if (!take('"')) return false;
        const std::size_t begin = at_;
        for (; at_ < text_.size() && text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\') ++at_;
        if (at_ >= text_.size()) return false;
        text = text_.substr(begin, at_++ - begin);
        return true;
    }
    std::uint32_t value(int depth) {
        if (depth > max_depth || nodes_.size() >= max_nodes || at_ == text_.size()) return Dictionary::none;
        const auto node = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
        const char c = text_[at_];
        if (c == '{' || c == '[') {
            nodes_[node].type = c == '{' ? Type::object : Type::array;
            return members(node, c == '{', depth) ? node : Dictionary::none;
        }
        if (c == '"') {
            nodes_[node].type = Type::text;
            return quoted(nodes_[node].text) ? node : Dictionary::none;
        }
        const std::size_t begin = at_;
        while (at_ < text_.size() && !std::strchr(",}]", text_[at_])) ++at_;
        const std::string_view word = text_.substr(begin, at_ - begin);
        if (word.empty() || word.find_first_of("\"{[:") != std::string_view::npos) return Dictionary::none;
        nodes_[node].text = word;
        if (const auto number = integer(word)) {
            nodes_[node].type = Type::integer;
            nodes_[node].number = *number;
        }
        return node;
    }
    bool members(std::uint32_t node, bool object, int depth) {
        ++at_;
        std::uint32_t last = Dictionary::none;
        std::string_view before;
        for (const char end = object ? '}' : ']'; !take(end);) {
            if (last != Dictionary::none && !take(',')) return false;
            std::string_view key;
            if (object && (!quoted(key) || !take(':') || (last != Dictionary::none && key <= before))) return false;
            const std::uint32_t member = value(depth + 1);
            if (member == Dictionary::none) return false;
            nodes_[member].key = before = key;
            (last == Dictionary::none ? nodes_[node].first : nodes_[last].next) = member;
            last = member;
        }
        return true;
    }

public:
    /// A number as it would be printed again.
    static std::optional<std::int64_t> integer(std::string_view text) {
        std::int64_t value = 0;
        if (text.empty() || text.size() > 20) return std::nullopt;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const std::size_t first = text[0] == '-' ? 1 : 0;
        if (error != std::errc{} || end != text.data() + text.size() || (text[first] == '0' && text.size() > 1)) return std::nullopt;
        return value;
    }

private:
    std::string_view text_;
    std::vector<Node>& nodes_;
    std::size_t at_ = 0;
};

}  // namespace paprsek::sync
