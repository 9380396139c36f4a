#include "ui/hq/policy_words.h"

#include <algorithm>
#include <functional>

#include "node/base/json.h"
#include "ui/policy_terms.h"
#include "ui/sentences.h"

namespace paprsek::ui {
namespace {

/// Lists of thousands of codes are not for reading.
constexpr std::size_t most_listed = 40;

template <class List, class Print>
std::string listed(const List& list, Print print) {
    std::string text;
    std::size_t count = 0;
    for (const auto& each : list) {
        if (count++ == most_listed) {
            text += ", " + fill_in(tr("and {} more"), {std::to_string(list.size() - most_listed)});
            break;
        }
        text += (text.empty() ? "" : ", ") + print(each);
    }
    return text;
}
std::string listed(const std::vector<std::string>& list) {
    return listed(list, [](const std::string& each) { return each; });
}

class Writer {
public:
    explicit Writer(std::string title) : section_{std::move(title), {}} {}
    /// What has the same label stands together.
    Writer& line(const std::string& label, const std::string& value) {
        const auto same = std::find_if(section_.lines.begin(), section_.lines.end(), [&](const PolicyLine& each) { return each.label == label; });
        if (same == section_.lines.end()) section_.lines.push_back({label, value});
        else same->value += "; " + value;
        return *this;
    }
    PolicySection done() { return std::move(section_); }

private:
    PolicySection section_;
};

const char* yes_no(bool yes) { return yes ? tr("yes") : tr("no"); }
const char* mode_name(node::Mode mode) { return mode == node::Mode::points ? tr("points") : tr("spend"); }
std::string when(const node::TimeWindow& window) { return days_text(window.days) + ", " + hours_text(window); }

PolicySection loyalty(const node::Policy& policy, const Words& words) {
    Writer out(tr("Points and spend"));
    out.line(tr("What customers collect"), policy.mode == node::Mode::points ? tr("points") : tr("spend, which gives levels of discount"));
    for (const auto& [day, mode] : policy.mode_by_day) out.line(tr("On some days"), std::string(day_name(static_cast<int>(day))) + ": " + mode_name(mode));
    out.line(tr("Products earn points by"),
             policy.earn == node::Earn::price ? tr("their price") : policy.earn == node::Earn::margin ? tr("their margin") : tr("nothing, unless set by hand"));
    out.line(tr("Counted from"),
             policy.points_from == node::PointsFrom::catalogue ? tr("the price of the catalogue, before discounts") : tr("what is paid, after discounts"));
    const auto coins = [&](node::Rate value) {  // an amount where it is one, else all its decimals
        constexpr std::int64_t hundredth = 10'000;
        return value.raw() % hundredth == 0 ? words.money(node::Money::of(value.raw() / hundredth)) : words.typed(value) + "\u00A0" + words.currency_sign();
    };
    out.line(tr("A point is worth"), coins(policy.point_value));
    out.line(tr("Redeemed points are"), policy.redemption_is == node::RedemptionIs::discount ? tr("a discount") : tr("a payment"));
    out.line(tr("Points expire"),
             policy.points_expire_months
                 ? fill_in(tr_n("{} month after the last purchase", "{} months after the last purchase", *policy.points_expire_months),
                           {std::to_string(*policy.points_expire_months)})
                 : std::string(tr("never")));
    out.line(tr("Whoever brought a customer gets"),
             !policy.referral ? std::string(tr("nothing"))
                              : fill_in(policy.referral->of_spend ? tr("{} of that customer's spend") : tr("{} of that customer's points"),
                                        {words.percent(policy.referral->share)}));
    for (const node::Multiplier& each : policy.multipliers) out.line(fill_in(tr("Points × {}"), {words.typed(each.factor)}), when(each.window));
    return out.done();
}

PolicySection discounts(const node::Policy& policy, const Words& words) {
    Writer out(tr("Discounts"));
    for (const node::Level& each : policy.levels) out.line(fill_in(tr("From a spend of {}"), {words.money(each.spend)}), words.percent(each.discount));
    for (const node::TimeDiscount& each : policy.time_discounts)
        out.line(fill_in(tr("{} for everybody"), {words.percent(each.discount)}), when(each.window));
    if (!policy.excluded_groups.empty()) out.line(tr("Groups without points and discounts"), listed(policy.excluded_groups));
    if (!policy.excluded_products.empty()) out.line(tr("Products without points and discounts"), listed(policy.excluded_products));
    if (policy.levels.empty() && policy.time_discounts.empty()) out.line(tr("Levels and hours"), tr("none"));
    return out.done();
}

PolicySection programmes(const node::Policy& policy, const Words& words) {
    Writer out(tr("Programmes of cards"));
    for (const node::Programme& each : policy.programmes) {
        std::string text = fill_in(tr("discount {}"), {words.percent(each.discount)});
        if (!each.card_ranges.empty())
            text += "; " + fill_in(tr("cards {}"), {listed(each.card_ranges, [](const auto& range) { return range.first + "–" + range.second; })});
        if (!each.excluded_groups.empty()) text += "; " + fill_in(tr("not for {}"), {listed(each.excluded_groups)});
        if (each.valid_from) text += "; " + fill_in(tr("from {}"), {words.date(*each.valid_from)});
        if (each.valid_to) text += "; " + fill_in(tr("to {}"), {words.date(*each.valid_to)});
        out.line(each.name, text);
    }
    if (policy.programmes.empty()) out.line(tr("Programmes"), tr("none"));
    return out.done();
}

PolicySection customers(const node::Policy& policy) {
    return Writer(tr("Customers at the till"))
        .line(tr("A card that nobody has makes a customer"), yes_no(policy.allow_customer_by_card))
        .line(tr("The cashier is told of a new customer"), yes_no(policy.alert_new_customer))
        .line(tr("A new customer's details are asked for"), yes_no(policy.demand_details))
        .line(tr("A customer's balances are hidden"), yes_no(policy.hide_customer_info))
        .done();
}

std::string counts_as(node::TenderKind kind) {
    return tender_label(std::string(kind == node::TenderKind::cash      ? "cash"
                                    : kind == node::TenderKind::card    ? "card"
                                    : kind == node::TenderKind::account ? "account"
                                                                        : "voucher"));
}

PolicySection money(const node::Policy& policy, const Words& words) {
    Writer out(tr("Money and tax"));
    out.line(tr("Cash is rounded to"), policy.cash_rounding.is_zero() ? std::string(tr("not at all")) : words.money(policy.cash_rounding));
    for (const node::VatRate& each : policy.vat)
        out.line(fill_in(tr("VAT group {}"), {each.group}),
                 words.percent(each.rate) + (each.from ? " " + fill_in(tr("from {}"), {words.date(*each.from)}) : std::string()));
    for (const node::TenderRule& each : policy.tenders) {
        std::string text = fill_in(tr("counts as: {}"), {counts_as(each.counts_as)});
        text += std::string("; ") + (each.change ? tr("change is given") : tr("no change is given"));
        text += std::string("; ") + (each.drawer ? tr("opens the drawer") : tr("leaves the drawer shut"));
        out.line(fill_in(tr("Payment: {}"), {tender_label(each.name)}), text);
    }
    out.line(tr("A count may differ without approval by"), policy.difference_limit ? words.money(*policy.difference_limit) : std::string(tr("any amount")));
    out.line(tr("A shift has to be open for every sale"), yes_no(policy.demand_shift));
    return out.done();
}

PolicySection roles(const node::Policy& policy) {
    Writer out(tr("Who may do what"));
    for (const node::Role& each : policy.roles) {
        std::string may = each.may == node::Permissions::all() ? tr("everything") : "";
        if (may.empty())
            for (const node::PermissionEntry& entry : node::permission_table())
                if (each.may.has(entry.permission)) may += (may.empty() ? "" : ", ") + say(std::string(entry.act));
        out.line(role_name(each.name), may.empty() ? tr("nothing") : may);
    }
    return out.done();
}

PolicySection branches(const node::Policy& policy, const Words& words) {
    Writer out(tr("Branches"));
    const bool rights = policy.offline.spend == node::SpendBy::right;
    out.line(tr("Points and credit without a network"), rights ? tr("by rights that HQ hands out") : tr("by an allowance"));
    if (rights) out.line(tr("HQ keeps in reserve"), words.percent(policy.offline.reserve));
    const auto most = [&](const std::optional<node::Money>& amount) { return amount ? words.money(*amount) : std::string(tr("any amount")); };
    out.line(tr("At most for a customer until HQ has confirmed"), most(policy.offline.per_customer));
    out.line(tr("At most a day until HQ has confirmed"), most(policy.offline.per_day));
    for (const node::BranchList& each : policy.price_lists)
        out.line(fill_in(tr("Price list {}"), {each.name}),
                 fill_in(tr("branches {}"), {listed(each.branches, [](int branch) { return std::to_string(branch); })}));
    for (const node::BranchTables& plan : policy.tables)
        for (const node::Area& area : plan.areas)
            out.line(fill_in(tr("Tables of branch {}"), {std::to_string(plan.branch)}), area.name + ": " + listed(area.tables));
    return out.done();
}

PolicySection codes(const node::Policy& policy) {
    Writer out(tr("Codes with a weight, price or number inside"));
    for (const node::BarcodeRule& each : policy.barcode_rules)
        out.line(each.pattern, each.name + (each.unit.empty() ? "" : ", " + each.unit) +
                                   (each.priority == 0 ? std::string() : ", " + fill_in(tr("priority {}"), {std::to_string(each.priority)})));
    if (policy.barcode_rules.empty()) out.line(tr("Rules"), tr("none"));
    return out.done();
}

/// Names of the document that differ: for what no line tells.
std::string other_keys(const node::Policy& now, const node::Policy& then) {
    const node::Json a = node::Json::parse(node::policy_json(now)), b = node::Json::parse(node::policy_json(then));
    std::string keys;
    for (const auto& [key, value] : b.items())
        if (!a.contains(key) || a[key] != value) keys += (keys.empty() ? "" : ", ") + key;
    for (const auto& [key, value] : a.items())
        if (!b.contains(key)) keys += (keys.empty() ? "" : ", ") + key;
    return keys;
}

}  // namespace

std::vector<PolicySection> policy_sections(const node::Policy& policy, const Words& words) {
    return {loyalty(policy, words), discounts(policy, words), programmes(policy, words), customers(policy),
            money(policy, words),   roles(policy),            branches(policy, words),   codes(policy)};
}

std::vector<PolicyChanges> policy_changes(const node::Policy& now, const node::Policy& then, const Words& words) {
    const auto before = policy_sections(now, words), after = policy_sections(then, words);
    std::vector<PolicyChanges> changes;
    for (std::size_t s = 0; s < before.size(); ++s) {
        PolicyChanges section{before[s].title, {}};
        const auto value = [](const PolicySection& of, const std::string& label) {
            const auto found = std::find_if(of.lines.begin(), of.lines.end(), [&](const PolicyLine& each) { return each.label == label; });
            return found == of.lines.end() ? std::string() : found->value;
        };
        for (const PolicyLine& line : before[s].lines)
            if (std::string other = value(after[s], line.label); other != line.value) section.lines.push_back({line.label, line.value, std::move(other)});
        for (const PolicyLine& line : after[s].lines)
            if (value(before[s], line.label).empty()) section.lines.push_back({line.label, "", line.value});
        if (!section.lines.empty()) changes.push_back(std::move(section));
    }
    if (changes.empty())
        if (const std::string keys = other_keys(now, then); !keys.empty()) changes.push_back({tr("Also different"), {{tr("In the file"), "", keys}}});
    return changes;
}

}  // namespace paprsek::ui
