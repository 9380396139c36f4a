// The sections of the loyalty settings that are one form each: the system, the days of the week, the options.
#include <algorithm>
#include <charconv>

#include "ui/kit/form.h"
#include "ui/till/loyalty_sections.h"

namespace paprsek::ui {
namespace {

constexpr node::Rate one = node::Rate::of(1'000'000);

std::optional<int> whole_number(const std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// A form that is the whole section.
class FormSection : public LoyaltySection {
public:
    FormSection(Desk& desk, Draft& draft, int columns) : desk_(desk), draft_(draft), columns_(columns) {}

    bool key(const KeyPress& press) override {
        if (!draft_.editable) return false;
        if (press.enter()) return form_.key(pressed(GLFW_KEY_TAB));
        const bool used = form_.key(press);
        if (used) store();
        return used;
    }
    void draw(Ui& ui, Rect rect) override {
        if (form_.draw(ui, rect.cut_top(form_.height(columns_), space::l), columns_, draft_.editable) && draft_.editable) store();
        ui.canvas.paragraph(rect.cut_top(66), sentence(), Type::caption, ui.theme.ink_soft);
    }

protected:
    virtual std::string sentence() const = 0;

    Desk& desk_;
    Draft& draft_;
    Form form_;
    int columns_;
};

// ------------------------------------------------------------------------------------------------ the system (L5, L6, L7, L14, L18)

class SystemSection final : public FormSection {
public:
    SystemSection(Desk& desk, Draft& draft) : FormSection(desk, draft, 2) {}

    void load() override {
        const node::Policy& policy = draft_.policy;
        form_.clear();
        form_.add_choice(tr("Customers collect"), {tr("points"), tr("spend, for discounts")}, policy.mode == node::Mode::points ? 0 : 1);
        form_.add_text(tr("One point is worth"), {.accepts = TextField::Accepts::amount, .length_max = 12, .suffix = desk_.words.currency_sign()},
                       desk_.words.typed(policy.point_value));
        form_.add_choice(tr("A product gives points"), {tr("by its price"), tr("by its margin"), tr("set by hand")}, static_cast<std::size_t>(policy.earn));
        form_.add_choice(tr("Points are counted from"), {tr("the catalogue"), tr("what is paid")}, policy.points_from == node::PointsFrom::catalogue ? 0 : 1);
        form_.add_choice(tr("Paying by points is"), {tr("a lower price"), tr("a payment")}, policy.redemption_is == node::RedemptionIs::discount ? 0 : 1);
        form_.add_text(tr("Points expire after (months)"), {.accepts = TextField::Accepts::digits, .length_max = 4, .placeholder = tr("never")},
                       policy.points_expire_months ? std::to_string(*policy.points_expire_months) : std::string());
        form_.focus(mode);
    }

    std::string store() override {
        if (form_.empty()) return {};
        node::Policy& policy = draft_.policy;
        policy.mode = form_.chosen(mode) == 0 ? node::Mode::points : node::Mode::cumulative;
        policy.earn = static_cast<node::Earn>(form_.chosen(earn));
        policy.points_from = form_.chosen(from) == 0 ? node::PointsFrom::catalogue : node::PointsFrom::net;
        policy.redemption_is = form_.chosen(redemption) == 0 ? node::RedemptionIs::discount : node::RedemptionIs::payment;
        const auto worth = Words::parse_typed<node::Rate>(form_.text(value));
        if (!worth || *worth <= node::Rate{}) return tr("A point needs a value above zero.");
        policy.point_value = *worth;
        policy.points_expire_months.reset();
        if (form_.text(expire).empty()) return {};
        const auto months = whole_number(form_.text(expire));
        if (!months || *months < 1 || *months > 1200) return tr("Points expire after 1 to 1200 months, or never.");
        policy.points_expire_months = months;
        return {};
    }

    std::vector<Action> actions() override {
        if (!draft_.editable) return {};
        return {{tr("E-wallet"), Icon::money, GLFW_KEY_W, [this] { preset(true); }, true},
                {tr("Usual points"), Icon::gift, GLFW_KEY_G, [this] { preset(false); }, true},
                {tr("Points of goods"), Icon::tags, GLFW_KEY_P, [this] { desk_.open(PanelName::goods_points); }, true}};
    }

private:
    enum Field : std::size_t { mode, value, earn, from, redemption, expire };

    /// L14: money paid in, one point a unit, spent as a payment. Or points by price, each worth 0.05.
    void preset(bool wallet) {
        node::Policy& policy = draft_.policy;
        policy.mode = node::Mode::points;
        policy.earn = wallet ? node::Earn::none : node::Earn::price;
        policy.point_value = wallet ? one : node::Policy{}.point_value;
        policy.redemption_is = wallet ? node::RedemptionIs::payment : node::RedemptionIs::discount;
        load();
    }

    std::string sentence() const override {
        if (draft_.policy.mode == node::Mode::cumulative)
            return tr("Spend grows with every purchase, and the discount with it. Points that were collected before can still be spent.");
        const auto hundred = node::Rate::of(100'000'000);
        const node::Rate back = node::Rate::of(draft_.policy.point_value.raw() * 100);
        if (draft_.policy.earn == node::Earn::none) return tr("Nothing is collected: points come from what is paid in, or are set by hand with the goods.");
        if (draft_.policy.earn == node::Earn::price && back <= hundred)
            return fill_in(tr("{} of every purchase comes back as points, which may pay for the same receipt already."), {desk_.words.percent(back)});
        return tr("Points may pay the same receipt that earns them.");
    }
};

// ------------------------------------------------------------------------------------------------ days of the week (L5)

class WeekdaysSection final : public FormSection {
public:
    WeekdaysSection(Desk& desk, Draft& draft) : FormSection(desk, draft, 2) {}

    void load() override {
        form_.clear();
        for (int day = 0; day < 7; ++day) {
            const auto found = draft_.policy.mode_by_day.find(static_cast<node::Weekday>(day));
            const std::size_t chosen = found == draft_.policy.mode_by_day.end() ? 0 : found->second == node::Mode::points ? 1 : 2;
            form_.add_choice(day_name(day), {tr("as usual"), tr("points"), tr("spend")}, chosen);
        }
        form_.focus(0);
    }

    std::string store() override {
        if (form_.empty()) return {};
        draft_.policy.mode_by_day.clear();
        for (int day = 0; day < 7; ++day) {
            const std::size_t chosen = form_.chosen(static_cast<std::size_t>(day));
            if (chosen != 0) draft_.policy.mode_by_day[static_cast<node::Weekday>(day)] = chosen == 1 ? node::Mode::points : node::Mode::cumulative;
        }
        return {};
    }

private:
    std::string sentence() const override { return tr("A day may collect otherwise than the rest of the week."); }
};

// ------------------------------------------------------------------------------------------------ options (L3, L2, L15)

class OptionsSection final : public FormSection {
public:
    OptionsSection(Desk& desk, Draft& draft) : FormSection(desk, draft, 2) {}

    void load() override {
        const node::Policy& policy = draft_.policy;
        form_.clear();
        form_.add_flag(tr("A new card makes a customer, without a question"), policy.allow_customer_by_card);
        form_.add_flag(tr("Tell the cashier of a new customer"), policy.alert_new_customer);
        form_.add_flag(tr("A new customer needs name, phone, address"), policy.demand_details);
        form_.add_flag(tr("Hide the customer's figures in the title bar"), policy.hide_customer_info);
        const std::size_t chosen = !policy.referral ? 0 : policy.referral->of_spend ? 2 : 1;
        form_.add_choice(tr("Whoever brought a customer gets a share"), {tr("no share"), tr("of points"), tr("of spend")}, chosen);
        form_.add_text(tr("The share"), {.accepts = TextField::Accepts::amount, .length_max = 8, .suffix = "%"},
                       policy.referral ? desk_.words.typed(policy.referral->share) : std::string());
        form_.focus(by_card);
    }

    std::string store() override {
        if (form_.empty()) return {};
        node::Policy& policy = draft_.policy;
        policy.allow_customer_by_card = form_.flag(by_card);
        policy.alert_new_customer = form_.flag(alert);
        policy.demand_details = form_.flag(details);
        policy.hide_customer_info = form_.flag(hide);
        policy.referral.reset();
        if (form_.chosen(referral) == 0) return {};
        const auto percent = form_.text(share).empty() ? node::Rate{} : Words::parse_typed<node::Rate>(form_.text(share));
        if (!percent || *percent > node::hundred_percent) return tr("The share is between 0 and 100 percent.");
        policy.referral = node::ReferralShare{*percent, form_.chosen(referral) == 2};
        return {};
    }

private:
    enum Field : std::size_t { by_card, alert, details, hide, referral, share };
    std::string sentence() const override {
        return tr("One level: who brought a customer gets a share of what that customer earns, by itself. Refunds take it back.");
    }
};

}  // namespace

std::unique_ptr<LoyaltySection> make_system_section(Desk& desk, Draft& draft) { return std::make_unique<SystemSection>(desk, draft); }
std::unique_ptr<LoyaltySection> make_weekdays_section(Desk& desk, Draft& draft) { return std::make_unique<WeekdaysSection>(desk, draft); }
std::unique_ptr<LoyaltySection> make_options_section(Desk& desk, Draft& draft) { return std::make_unique<OptionsSection>(desk, draft); }

}  // namespace paprsek::ui
