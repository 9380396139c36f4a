// PINs: kept as Argon2id only, and guarded by delays that grow with wrong ones (T11). Pure functions but for the randomness of
// the salt, which is passed in; what a hash costs is passed in too, so that tests are quick.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "node/base/clock.h"
#include "node/base/random.h"

namespace paprsek::node {

/// What one hash takes: passes over so many bytes of memory. The default takes some 30 ms of a till's PC.
struct PinCost {
    std::uint64_t passes = 2;
    std::size_t memory = 19u << 20;
};
/// As little as the algorithm allows; for tests alone.
inline constexpr PinCost least_pin_cost{1, 8192};

/// 4 to 12 digits.
bool is_pin(std::string_view text);

/// "argon2id,PASSES,MEMORY,SALT,HASH", salt and hash in hexadecimal.
std::string hash_pin(std::string_view pin, const PinCost& cost, Random& random);
/// Compares in constant time. A text that is no such hash, or asks for more than 16 passes or 256 MiB, fits nothing.
bool pin_fits(std::string_view pin, std::string_view hash);

/// Wrong PINs in a row at one till. They are forgotten after 15 quiet minutes, and by nothing else: a right PIN in between would
/// let whoever has one try all the others.
struct PinAttempts {
    int failures = 0;
    Instant last;
};
/// How long after wrong PINs the next one is looked at: two are free, then 1 s, 2 s, 4 s … up to 5 min. A clock that stands
/// before the last one begins the wait anew, so that it ends on any clock.
std::int64_t pin_wait_ms(const PinAttempts& attempts, Instant now);
/// One more wrong PIN at `now`.
PinAttempts one_more(const PinAttempts& attempts, Instant now);

}  // namespace paprsek::node
