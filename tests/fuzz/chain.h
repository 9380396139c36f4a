// A small chain that fuzz targets start from anew for each input: an HQ and a branch that has joined it and sold, made once and
// copied (in memory), so that an input always meets the same state.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "hq/headquarters.h"
#include "node/node.h"
#include "sync/keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::fuzz {

inline std::string text_of(const sync::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

class Chain {
public:
    static Chain& get();

    /// The branch as it was; the one given before is gone.
    node::Node& fresh_branch();
    /// HQ as it was; the one given before is gone.
    hq::Headquarters& fresh_headquarters();

    node::ManualClock& clock() { return clock_; }
    test::SeededRandom& random() { return random_; }
    const sync::Identity& branch_identity() const { return *branch_identity_; }
    const sync::Identity& hq_identity() const { return *hq_identity_; }

private:
    Chain();
    test::TemporaryFolder folder_;
    node::ManualClock clock_;
    test::SeededRandom random_{1};
    std::unique_ptr<sync::Identity> branch_identity_, hq_identity_;
    std::unique_ptr<node::Node> branch_;
    std::unique_ptr<hq::Headquarters> headquarters_;
};

}  // namespace paprsek::fuzz
