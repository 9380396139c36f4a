#include "fiscal/receipt/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "node/base/text.h"

namespace paprsek::fiscal {
namespace {

constexpr std::size_t digits_of_seq = 8;
constexpr std::int64_t greatest_seq = 99'999'999;

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    if (!node::all_digits(text) || std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
    return value;
}

std::string small(std::string_view text) {
    std::string letters(text);
    for (char& c : letters)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return letters;
}

bool is_hexadecimal(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<ProofCode> parse_digits(std::string_view text) {
    const auto branch = number(text.substr(0, 4)), till = number(text.substr(4, 2)), seq = number(text.substr(6, digits_of_seq)),
               head = number(text.substr(14));
    if (!branch || !till || !seq || !head || *head > 0xffff'ffff || *seq < 1) return std::nullopt;
    return ProofCode{{static_cast<int>(*branch), static_cast<int>(*till)}, {}, *seq, fmt::format("{:08x}", *head)};
}

}  // namespace

std::string proof_text(std::string_view name, std::int64_t seq, std::string_view hash) {
    return fmt::format("{}:{}:{}", name, seq, node::upper(hash.substr(0, 16)));
}

std::optional<std::string> proof_digits(node::NodeName node, std::int64_t seq, std::string_view hash) {
    std::uint32_t head = 0;
    const std::string_view digits = hash.substr(0, 8);
    if (digits.size() < 8 || std::from_chars(digits.data(), digits.data() + 8, head, 16).ptr != digits.data() + 8) return std::nullopt;
    if (seq < 1 || seq > greatest_seq || node.branch < 0 || node.branch > 9999 || node.till < 0 || node.till > 99) return std::nullopt;
    return fmt::format("{:04}{:02}{:08}{:010}", node.branch, node.till, seq, head);
}

std::optional<ProofCode> parse_proof(std::string_view text) {
    text = node::trim(text);
    if (text.size() > 100) return std::nullopt;
    if (text.size() == 24 && node::all_digits(text)) return parse_digits(text);
    const auto first = text.find(':'), second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    ProofCode code;
    code.name = text.substr(0, first);
    const auto seq = number(text.substr(first + 1, second - first - 1));
    code.head = small(text.substr(second + 1));
    const auto node = node::parse_node_name(text.substr(0, text.find_first_of("-/")));
    if (!seq || *seq < 1 || !node || code.head.size() != 16 || !is_hexadecimal(code.head)) return std::nullopt;
    code.node = *node;
    code.seq = *seq;
    return code;
}

}  // namespace paprsek::fiscal
