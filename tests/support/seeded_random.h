// Randomness that repeats from a seed.
#pragma once
#include <random>

#include "node/base/random.h"

namespace paprsek::test {

class SeededRandom final : public node::Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void fill(std::span<unsigned char> bytes) override {
        for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(engine_());
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace paprsek::test
