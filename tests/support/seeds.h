// Properties over long histories, each drawn from a seed: the same seeds every time, and a fresh one. The seed of a failure is printed.
#pragma once
#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace paprsek::test {

/// PAPRSEK_SEED=N plays that one alone.
template <class Property>
void for_seeds(std::uint64_t count, Property property) {
    const auto play = [&](std::uint64_t seed) {
        CAPTURE(seed);
        property(seed);
    };
    if (const char* wanted = std::getenv("PAPRSEK_SEED")) return play(std::stoull(wanted));
    for (std::uint64_t seed = 1; seed <= count; ++seed) play(seed);
    play(std::random_device{}());
}

}  // namespace paprsek::test
