#include "schema/fact.h"

#include <sodium.h>

#include <cassert>

namespace paprsek::schema {
namespace {

template <std::size_t Bytes>
void update_big_endian(crypto_generichash_state& state, std::uint64_t value) {
    unsigned char bytes[Bytes];
    for (std::size_t i = 0; i < Bytes; ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * (Bytes - 1 - i)));
    crypto_generichash_update(&state, bytes, Bytes);
}

void update_text(crypto_generichash_state& state, std::string_view text) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

}  // namespace

Hash genesis(std::string_view node) {
    Hash hash;
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, hash.size());
    update_text(state, "paprsek ledger 1\n");
    update_text(state, node);
    crypto_generichash_final(&state, hash.data(), hash.size());
    return hash;
}

Hash chain(const Hash& previous, std::int64_t seq, std::int64_t at, std::string_view kind, std::string_view body) {
    assert(seq > 0 && kind.size() <= max_kind_bytes && body.size() <= max_body_bytes);
    Hash hash;
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, hash.size());
    crypto_generichash_update(&state, previous.data(), previous.size());
    update_big_endian<8>(state, static_cast<std::uint64_t>(seq));
    update_big_endian<8>(state, static_cast<std::uint64_t>(at));
    update_big_endian<4>(state, kind.size());
    update_text(state, kind);
    update_big_endian<4>(state, body.size());
    update_text(state, body);
    crypto_generichash_final(&state, hash.data(), hash.size());
    return hash;
}

std::string to_hex(const Hash& hash) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * hash.size());
    for (const unsigned char byte : hash) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

bool from_hex(std::string_view text, Hash& hash) {
    Hash bytes;
    if (text.size() != 2 * bytes.size()) return false;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        bytes[i] = static_cast<unsigned char>(high * 16 + low);
    }
    hash = bytes;
    return true;
}

}  // namespace paprsek::schema
