// A policy in plain words, section by section, and what another one would change.
#pragma once
#include <string>
#include <vector>

#include "node/policy.h"
#include "ui/words.h"

namespace paprsek::ui {

struct PolicyLine {
    std::string label, value;
};
struct PolicySection {
    std::string title;
    std::vector<PolicyLine> lines;  ///< each label once
};
std::vector<PolicySection> policy_sections(const node::Policy& policy, const Words& words);

struct PolicyChange {
    std::string label, now, then;  ///< empty: nothing is said of it
};
struct PolicyChanges {
    std::string title;
    std::vector<PolicyChange> lines;
};
/// The sections in which the two differ.
std::vector<PolicyChanges> policy_changes(const node::Policy& now, const node::Policy& then, const Words& words);

}  // namespace paprsek::ui
