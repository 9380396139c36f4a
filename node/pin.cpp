#include "node/pin.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "node/base/error.h"
#include "node/base/text.h"

namespace paprsek::node {
namespace {

constexpr std::size_t salt_bytes = crypto_pwhash_argon2id_SALTBYTES, hash_bytes = 32;
constexpr std::uint64_t most_passes = 16;
constexpr std::size_t most_memory = 256u << 20;
constexpr std::string_view algorithm = "argon2id";

constexpr int free_failures = 2;
constexpr std::int64_t longest_wait_ms = 5 * 60'000, forgotten_after_ms = 15 * 60'000;

using Digest = std::array<unsigned char, hash_bytes>;
using Salt = std::array<unsigned char, salt_bytes>;

Digest derive(std::string_view pin, const Salt& salt, const PinCost& cost) {
    Digest digest;
    if (crypto_pwhash_argon2id(digest.data(), digest.size(), pin.data(), pin.size(), salt.data(), cost.passes, cost.memory,
                               crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
        fail("PIN", "there is not enough memory to check it", "close other programs");
    return digest;
}

template <class Bytes>
std::string hex(const Bytes& bytes) {
    std::string text;
    for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

template <class Bytes>
bool from_hex(std::string_view text, Bytes& bytes) {
    std::size_t length = 0;
    return text.size() == 2 * bytes.size() && sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &length, nullptr) == 0 &&
           length == bytes.size();
}

template <class Number>
bool from_digits(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

/// 0 = the failures are forgotten.
int failures_at(const PinAttempts& attempts, Instant now) { return now.ms - attempts.last.ms >= forgotten_after_ms ? 0 : attempts.failures; }

}  // namespace

bool is_pin(std::string_view text) { return all_digits(text) && text.size() >= 4 && text.size() <= 12; }

std::string hash_pin(std::string_view pin, const PinCost& cost, Random& random) {
    Salt salt;
    random.fill(salt);
    return fmt::format("{},{},{},{},{}", algorithm, cost.passes, cost.memory, hex(salt), hex(derive(pin, salt, cost)));
}

bool pin_fits(std::string_view pin, std::string_view hash) {
    std::vector<std::string_view> parts;
    for (std::string_view rest = hash;;) {
        const auto comma = rest.find(',');
        parts.push_back(rest.substr(0, comma));
        if (comma == std::string_view::npos || parts.size() > 5) break;
        rest.remove_prefix(comma + 1);
    }
    PinCost cost;
    Salt salt;
    Digest wanted;
    if (parts.size() != 5 || parts[0] != algorithm || !from_digits(parts[1], cost.passes) || !from_digits(parts[2], cost.memory)) return false;
    if (cost.passes < crypto_pwhash_argon2id_OPSLIMIT_MIN || cost.passes > most_passes || cost.memory < crypto_pwhash_argon2id_MEMLIMIT_MIN ||
        cost.memory > most_memory)
        return false;
    if (!from_hex(parts[3], salt) || !from_hex(parts[4], wanted)) return false;
    const Digest is = derive(pin, salt, cost);
    return sodium_memcmp(is.data(), wanted.data(), is.size()) == 0;
}

std::int64_t pin_wait_ms(const PinAttempts& attempts, Instant now) {
    const int failures = failures_at(attempts, now);
    if (failures <= free_failures) return 0;
    const std::int64_t wait = std::min<std::int64_t>(longest_wait_ms, std::int64_t{1000} << std::min(failures - free_failures - 1, 20));
    return std::max<std::int64_t>(0, wait - std::max<std::int64_t>(0, now.ms - attempts.last.ms));
}

PinAttempts one_more(const PinAttempts& attempts, Instant now) { return {std::min(failures_at(attempts, now) + 1, 1000), now}; }

}  // namespace paprsek::node
