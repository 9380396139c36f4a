// Randomness that repeats from a seed.
#pragma once
#include <cstdint>
#include <random>

#include "node/base/random.h"

namespace paprsek::test {

class SeededRandom final : public node::Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void fill(std::span<unsigned char> bytes) override {
        for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(engine_());
    }
    std::uint64_t next() { return engine_(); }
    /// 0 … bound − 1.
    std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(bound)); }

private:
    std::mt19937_64 engine_;
};

}  // namespace paprsek::test
