// What the tests of sync/ share: repeatable randomness, two identities, and a till's sales as a real shop would have them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/error.h"
#include "node/facts.h"
#include "schema/fact.h"
#include "sync/bundle.h"
#include "sync/keys.h"
#include "sync/message.h"

namespace paprsek::sync::test {

/// SplitMix64: the same bytes for the same seed, everywhere.
class SeededRandom final : public node::Random {
public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<unsigned char> bytes) override {
        for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(next());
    }
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound)); }

private:
    std::uint64_t state_;
};

/// A branch, HQ and the keys that they know of each other.
struct Pair {
    SeededRandom random{7};
    node::NodeName name{3, 1};
    Identity branch = Identity::make(random);
    Identity hq = Identity::make(random);
};

/// What a call was refused with ("what: why (hint)"); empty when it was not refused. Other errors are let through.
template <class Call>
std::string refusal(Call call) {
    try {
        call();
    } catch (const node::Error& error) {
        if (error.exit() != node::Exit::refused) throw;
        return error.what();
    }
    return {};
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// `count` facts of node 3.1 from seq 1: sales of three lines from an assortment of 3,000 products of which some sell far
/// more often, two fifths to one of 800 customers, over days with a rush at noon.
std::vector<schema::Fact> make_sales(int count, std::uint64_t seed);

/// The facts as a bundle from branch to HQ.
Bytes bundle_of(Pair& pair, const std::vector<schema::Fact>& facts);

}  // namespace paprsek::sync::test
