// What the tests of sync/ share: two identities, and a till's sales as a real shop would have them.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/error.h"
#include "node/facts.h"
#include "schema/fact.h"
#include "sync/bundle.h"
#include "sync/keys.h"
#include "sync/message.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::sync::test {

using paprsek::test::SeededRandom;
using paprsek::test::TemporaryFolder;

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

/// The products of make_sales(), by code.
using Assortment = std::map<std::string, node::ProductRow>;
Assortment assortment(std::uint64_t seed);

/// The facts as a bundle from branch to HQ, which holds those of `before` and has named these products.
Bytes bundle_of(Pair& pair, const std::vector<schema::Fact>& facts, const std::vector<schema::Fact>& before = {}, const Assortment& products = {});

}  // namespace paprsek::sync::test
