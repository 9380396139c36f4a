// Points and discounts (L5–L14, L17, L18): one draft of the policy, section by section. Saved whole, by the same function as
// `paprsek policy NODE --set`; what is wrong is told at its field. In a chain headquarters keeps the policy: shown, not changed.
#include "node/base/error.h"
#include "ui/faults.h"
#include "ui/kit/list.h"
#include "ui/till/loyalty_sections.h"
#include "ui/till/people.h"
#include "ui/till/screens.h"

namespace paprsek::ui {
namespace {

struct LoyaltyEntry {
    const char* label;
    Icon icon;
    std::unique_ptr<LoyaltySection> (*make)(Desk&, Draft&);
};

constexpr LoyaltyEntry loyalty_entries[] = {
    {mark("System"), Icon::cog, make_system_section},
    {mark("Days of the week"), Icon::list, make_weekdays_section},
    {mark("Points multiplied"), Icon::star, make_multipliers_section},
    {mark("Discounts by spend"), Icon::level_up, make_levels_section},
    {mark("Discounts by time"), Icon::clock, make_time_discounts_section},
    {mark("Calendar"), Icon::history, make_calendar_section},
    {mark("Excluded goods"), Icon::ban, make_excluded_section},
    {mark("Programmes"), Icon::id_card, make_programmes_section},
    {mark("Dealers"), Icon::tags, make_dealers_section},
    {mark("Options"), Icon::check_circle, make_options_section},
    {mark("Preview"), Icon::search, make_preview_section},
};
constexpr int entry_count = static_cast<int>(std::size(loyalty_entries));

class LoyaltyPanel final : public Panel {
public:
    explicit LoyaltyPanel(Desk& desk) : desk_(desk) {
        draft_.editable = !desk.node.enrolment().has_value();
        read();
        for (const LoyaltyEntry& entry : loyalty_entries) sections_.push_back(entry.make(desk, draft_));
        sections_[0]->load();
    }

    bool unsaved() const override { return changed(); }
    Cover cover() const override { return Cover::whole; }
    bool settled() const override { return section().settled(); }
    bool tick() override { return section().tick(); }
    bool scan(const std::string& text) override { return section().scan(text); }

    bool key(const KeyPress& press) override {
        if (question_.key(press)) return true;
        problem_.clear();  // told until the next key
        if (press.is(GLFW_KEY_PAGE_DOWN) || press.is(GLFW_KEY_PAGE_UP)) {
            turn((shown_ + (press.key == GLFW_KEY_PAGE_DOWN ? 1 : entry_count - 1)) % entry_count);
            return true;
        }
        if (section().key(press)) return true;
        if (press.is(GLFW_KEY_ESCAPE) && changed()) {
            ask_leave();
            return true;
        }
        return act_by_key(actions(), press);
    }

    void draw(Ui& ui, Rect area) override {
        bool closed = false;
        const std::string below = !draft_.editable ? std::string(tr("Headquarters keeps these for the whole chain: here they can be read"))
                                  : changed()      ? std::string(tr("Changed, not saved yet: F3 saves all of it"))
                                                   : std::string(tr("Currently in force"));
        Rect inside = sheet(ui, area, {Icon::gift, tr("Points and discounts"), below, "Esc"}, closed);
        if (closed) {
            if (changed())
                ask_leave();
            else
                desk_.back();
        }
        const Rect foot = inside.cut_bottom(46, space::m);
        if (question_.open())
            question_.draw(ui, foot);
        else
            draw_actions(ui, foot, actions());
        if (!problem_.empty()) notice(ui, inside.cut_bottom(44, space::m), Tone::danger, Icon::warning, problem_);
        Rect tabs = inside.cut_left(206, space::l);
        ui.canvas.text(tabs.cut_bottom(20), tr("PgUp and PgDn turn the pages"), Type::caption, ui.theme.ink_faint);
        const float height = std::min(42.0F, tabs.h / static_cast<float>(entry_count));
        for (int i = 0; i < entry_count; ++i) {
            const Button look{.label = tr(loyalty_entries[i].label),
                              .icon = loyalty_entries[i].icon,
                              .look = ButtonLook::quiet,
                              .selected = i == shown_,
                              .type = Type::body,
                              .align = Align::left};
            if (button(ui, tabs.cut_top(height).inset(0, 1), look)) turn(i);
        }
        section().draw(ui, inside);
    }

private:
    LoyaltySection& section() const { return *sections_[static_cast<std::size_t>(shown_)]; }

    void read() {
        draft_.policy = desk_.node.policy();
        in_force_ = node::policy_json(draft_.policy);
    }

    bool changed() const { return draft_.editable && node::policy_json(draft_.policy) != in_force_; }

    void turn(int to) {
        if (!stored()) return;
        shown_ = to;
        section().load();
    }

    /// What is typed in the section goes into the draft; false where it cannot.
    bool stored() {
        problem_ = draft_.editable ? section().store() : std::string();
        return problem_.empty();
    }

    std::vector<Action> actions() {
        std::vector<Action> list = section().actions();
        if (!draft_.editable) return list;
        list.push_back({tr("Undo changes"), Icon::undo, GLFW_KEY_F5, [this] { discard(); }});
        list.push_back({tr("Save all"), Icon::check, GLFW_KEY_F3, [this] { save(); }, false, Tone::accent, ButtonLook::solid});
        return list;
    }

    void discard() {
        read();
        problem_.clear();
        section().load();
    }

    void save() {
        if (!stored()) return;
        if (!changed()) {
            desk_.toasts.show(Tone::neutral, Icon::info_circle, tr("Nothing was changed."));
            return;
        }
        const auto command = [this] {
            if (auto outcome = desk_.till.demand(node::Permission::change_policy); !outcome.ok()) return outcome;
            try {
                desk_.node.set_policy(node::policy_json(draft_.policy), tr("The settings"));
            } catch (const node::Error& error) {
                if (error.exit() != node::Exit::refused) throw;
                problem_ = error_text(error);
                return node::Outcome{};
            }
            desk_.till.refresh();
            return node::Outcome{};
        };
        desk_.act(command, [this] {
            if (!problem_.empty()) return;
            read();
            section().load();
            desk_.toasts.show(Tone::go, Icon::check, tr("Saved: it holds from the next line on"));
        });
    }

    void ask_leave() {
        question_.ask_leave([this] {
            discard();
            desk_.back();
        });
    }

    Desk& desk_;
    Draft draft_;
    std::string in_force_;
    std::string problem_;
    std::vector<std::unique_ptr<LoyaltySection>> sections_;
    int shown_ = 0;
    Question question_;
};

}  // namespace

std::unique_ptr<Panel> make_loyalty_panel(Desk& desk) { return std::make_unique<LoyaltyPanel>(desk); }

}  // namespace paprsek::ui
