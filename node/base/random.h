// Randomness, passed in so that a simulation repeats exactly from its seed.
#pragma once
#include <cstddef>
#include <span>

namespace paprsek::node {

class Random {
public:
    virtual ~Random() = default;
    /// Fills all of `bytes`. Never fails.
    virtual void fill(std::span<unsigned char> bytes) = 0;
};

/// The operating system's generator (libsodium); any thread.
Random& system_random();

}  // namespace paprsek::node
