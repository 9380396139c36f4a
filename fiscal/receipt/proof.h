// The code at the end of every slip: the fact that it was printed from, and the head of that fact's hash. The hash covers all
// facts before it, so nobody can make a slip up whose code headquarters would confirm (`paprsek-hq prove`).
//
//   3.1-000017:41:9F86D081884C7D65    name of the document, seq of its fact, first 8 bytes of the hash; in a QR
//   000301000000412673594497          branch (4 digits), till (2), seq (8), first 4 bytes of the hash as a number (10); in bars
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/facts.h"

namespace paprsek::fiscal {

struct ProofCode {
    node::NodeName node;
    std::string name;  ///< "3.1-000017" or, of what has no number, "3.1/41"; empty in the form of digits
    std::int64_t seq = 0;
    std::string head;  ///< of the hash, hexadecimal, small letters: 16 or 8 digits

    bool is_of(const schema::Hash& hash) const { return schema::to_hex(hash).starts_with(head); }
    friend bool operator==(const ProofCode&, const ProofCode&) = default;
};

/// `hash` is hexadecimal, 64 digits.
std::string proof_text(std::string_view name, std::int64_t seq, std::string_view hash);
/// Nothing where the numbers do not fit: a seq above 99,999,999.
std::optional<std::string> proof_digits(node::NodeName node, std::int64_t seq, std::string_view hash);
/// Either form, as scanned or typed; nothing for any other text.
std::optional<ProofCode> parse_proof(std::string_view text);

}  // namespace paprsek::fiscal
