// The sections of the loyalty settings (loyalty_panel.cpp). Each edits its part of one policy draft; the panel saves the draft whole.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "node/policy.h"
#include "ui/kit/actions.h"
#include "ui/policy_terms.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

/// The policy as it is being edited.
struct Draft {
    node::Policy policy;
    bool editable = true;  ///< else headquarters keeps it: shown, not changed
};

class LoyaltySection {
public:
    virtual ~LoyaltySection() = default;
    /// What was typed goes into the draft. The sentence where something is wrong; its field has the focus then.
    virtual std::string store() { return {}; }
    /// The draft was read anew.
    virtual void load() {}
    virtual std::vector<Action> actions() { return {}; }
    /// False leaves the key to the panel.
    virtual bool key(const KeyPress&) { return false; }
    virtual bool scan(const std::string&) { return false; }
    virtual bool tick() { return false; }
    virtual bool settled() const { return true; }
    virtual void draw(Ui& ui, Rect rect) = 0;
};

std::unique_ptr<LoyaltySection> make_system_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_weekdays_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_options_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_multipliers_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_levels_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_time_discounts_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_excluded_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_programmes_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_dealers_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_calendar_section(Desk& desk, Draft& draft);
std::unique_ptr<LoyaltySection> make_preview_section(Desk& desk, Draft& draft);

}  // namespace paprsek::ui
