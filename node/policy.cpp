#include "node/policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "node/base/error.h"
#include "node/base/json.h"
#include "node/base/text.h"
#include "node/parked.h"
#include "node/price_list.h"

namespace paprsek::node {
namespace {

constexpr std::size_t max_list = 10'000;

const Json& list_of(Fields& fields, const char* key) {
    const Json& list = fields.get(key);
    if (!list.is_array()) fields.refuse_field(key, "is not a list in brackets");
    if (list.size() > max_list) fields.refuse_field(key, fmt::format("has more than {} entries", max_list));
    return list;
}

/// Calls `take` with the Fields of each object of a list; the place is named "policy.json multipliers[2]".
template <class Take>
void each(Fields& fields, const char* key, Take take) {
    if (!fields.has(key)) return;
    std::size_t index = 0;
    for (const Json& item : list_of(fields, key)) {
        Fields entry(item, fmt::format("{} {}[{}]", fields.what(), key, ++index), fields.strict());
        take(entry);
        entry.done();
    }
}

std::vector<std::string> texts(Fields& fields, const char* key) {
    std::vector<std::string> list;
    if (!fields.has(key)) return list;
    for (const Json& item : list_of(fields, key)) {
        if (!item.is_string()) fields.refuse_field(key, "is not a list of texts");
        list.push_back(item.get<std::string>());
    }
    return list;
}

std::vector<std::string> folded_names(std::vector<std::string> list) {
    for (std::string& text : list) text = fold(trim(text));
    return list;
}

Weekday weekday(Fields& fields, const char* key, std::string_view name) {
    const auto found = std::find(day_names.begin(), day_names.end(), name);
    if (found == day_names.end()) fields.refuse_field(key, fmt::format("names the day \"{}\"", name), "days are mon tue wed thu fri sat sun");
    return static_cast<Weekday>(found - day_names.begin());
}

int minute_of(Fields& fields, const char* key, int fallback) {
    const auto text = fields.optional_text(key);
    if (!text) return fallback;
    const bool form = text->size() == 5 && (*text)[2] == ':' && all_digits(text->substr(0, 2)) && all_digits(text->substr(3));
    const int minute = form ? std::stoi(text->substr(0, 2)) * 60 + std::stoi(text->substr(3)) : -1;
    if (minute < 0 || minute > 1440 || std::stoi(text->substr(3)) > 59) fields.refuse_field(key, "is not a time of day", "write it as \"08:30\"");
    return minute;
}

TimeWindow window_of(Fields& fields) {
    TimeWindow window;
    const auto days = texts(fields, "days");
    if (!days.empty()) window.days = 0;
    for (const std::string& day : days) window.days |= 1u << static_cast<unsigned>(weekday(fields, "days", day));
    window.from = minute_of(fields, "from", 0);
    window.to = minute_of(fields, "to", 1440);
    if (window.from == window.to) fields.refuse_field("to", "is the same as \"from\"", "leave both out for the whole day");
    return window;
}

Rate percent(Fields& fields, const char* key) {
    const Rate rate = fields.decimal<Rate>(key);
    if (rate < Rate{} || rate > hundred_percent) fields.refuse_field(key, "is not between 0 and 100 percent");
    return rate;
}

Money not_negative(Fields& fields, const char* key) {
    const Money money = fields.decimal<Money>(key);
    if (money < Money{}) fields.refuse_field(key, "is below zero");
    return money;
}

std::optional<Date> date_of(Fields& fields, const char* key) {
    const auto text = fields.optional_text(key);
    if (!text) return std::nullopt;
    const auto date = parse_date(*text);
    if (!date) fields.refuse_field(key, "is not a day", "write it as \"2026-03-31\"");
    return date;
}

template <class E>
E choice(Fields& fields, const char* key, E fallback, std::initializer_list<std::pair<std::string_view, E>> names) {
    const auto text = fields.optional_text(key);
    if (!text) return fallback;
    std::string known;
    for (const auto& [name, value] : names) {
        if (name == *text) return value;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    fields.refuse_field(key, fmt::format("is \"{}\"", *text), "it can be " + known);
}

Mode mode_of(Fields& fields, const char* key, Mode fallback) {
    return choice<Mode>(fields, key, fallback, {{"points", Mode::points}, {"cumulative", Mode::cumulative}});
}

void read_programmes(Fields& fields, Policy& policy) {
    if (fields.has("programmes")) policy.programmes.clear();
    each(fields, "programmes", [&](Fields& entry) {
        Programme programme;
        programme.name = entry.text("name");
        if (trim(programme.name).empty()) entry.refuse_field("name", "is empty");
        for (const Programme& other : policy.programmes)
            if (other.name == programme.name) entry.refuse_field("name", "stands twice");
        programme.discount = entry.has("discount") ? percent(entry, "discount") : Rate{};
        if (entry.has("card_ranges"))
            for (const Json& range : list_of(entry, "card_ranges")) {
                if (!range.is_array() || range.size() != 2 || !range[0].is_string() || !range[1].is_string())
                    entry.refuse_field("card_ranges", "is not a list of pairs of codes", R"(write [["6400000000000","6409999999999"]])");
                // Not normalised: of two ends with 12 digits only one may happen to be a UPC-A.
                auto from = upper(trim(range[0].get_ref<const std::string&>())), to = upper(trim(range[1].get_ref<const std::string&>()));
                if (from.empty() || from.size() != to.size() || from > to)
                    entry.refuse_field("card_ranges", "has a range whose ends differ in length or order");
                programme.card_ranges.emplace_back(std::move(from), std::move(to));
            }
        programme.excluded_groups = folded_names(texts(entry, "excluded_groups"));
        programme.valid_from = date_of(entry, "valid_from");
        programme.valid_to = date_of(entry, "valid_to");
        if (programme.valid_from && programme.valid_to && *programme.valid_to < *programme.valid_from)
            entry.refuse_field("valid_to", "lies before \"valid_from\"");
        policy.programmes.push_back(std::move(programme));
    });
}

void read_vat(Fields& fields, Policy& policy) {
    if (!fields.has("vat")) return;
    policy.vat.clear();
    each(fields, "vat", [&](Fields& entry) {
        VatRate rate;
        rate.group = entry.text("group");
        if (rate.group.empty() || rate.group.size() > 4 || trim(rate.group) != rate.group) entry.refuse_field("group", "is not a letter such as \"A\"");
        rate.rate = percent(entry, "rate");
        rate.from = date_of(entry, "from");
        for (const VatRate& other : policy.vat)
            if (other.group == rate.group && other.from == rate.from) entry.refuse_field("group", "stands twice with the same day");
        policy.vat.push_back(std::move(rate));
    });
    if (policy.vat.empty()) fields.refuse_field("vat", "has no group");
}

void read_rules(Fields& fields, Policy& policy) {
    if (fields.has("multipliers")) policy.multipliers.clear();
    each(fields, "multipliers", [&](Fields& entry) {
        const Rate factor = entry.decimal<Rate>("factor");
        if (factor < Rate{} || factor > Rate::of(1'000'000'000)) entry.refuse_field("factor", "is not between 0 and 1000");
        policy.multipliers.push_back({window_of(entry), factor});
    });
    if (fields.has("levels")) policy.levels.clear();
    each(fields, "levels", [&](Fields& entry) { policy.levels.push_back({not_negative(entry, "spend"), percent(entry, "discount")}); });
    std::stable_sort(policy.levels.begin(), policy.levels.end(), [](const Level& a, const Level& b) { return a.spend < b.spend; });
    for (std::size_t i = 1; i < policy.levels.size(); ++i)
        if (policy.levels[i].spend == policy.levels[i - 1].spend) fields.refuse_field("levels", "has two levels at the same spend");
    if (fields.has("time_discounts")) policy.time_discounts.clear();
    each(fields, "time_discounts", [&](Fields& entry) { policy.time_discounts.push_back({window_of(entry), percent(entry, "discount")}); });
    if (fields.has("barcode_rules")) policy.barcode_rules.clear();
    each(fields, "barcode_rules", [&](Fields& entry) {
        BarcodeRule rule;
        rule.name = entry.text("name");
        rule.pattern = entry.text("pattern");
        rule.unit = entry.optional_text("unit").value_or("");
        rule.priority = entry.has("priority") ? entry.integer("priority") : 0;
        if (const auto fault = fault_of(rule); !fault.empty()) entry.refuse_field("pattern", fault);
        policy.barcode_rules.push_back(std::move(rule));
    });
}

Json window_json(const TimeWindow& window) {
    Json json = Json::object();
    if (window.days != 0x7f) {
        json["days"] = Json::array();
        for (std::size_t day = 0; day < 7; ++day)
            if (window.days & (1u << day)) json["days"].push_back(day_names[day]);
    }
    if (window.from != 0) json["from"] = fmt::format("{:02}:{:02}", window.from / 60, window.from % 60);
    if (window.to != 1440) json["to"] = fmt::format("{:02}:{:02}", window.to / 60, window.to % 60);
    return json;
}

/// What the policy says of a tender that is always there is how it behaves; the rest are the policy's own.
void read_tenders(Fields& fields, Policy& policy) {
    std::set<std::string> seen;
    each(fields, "tenders", [&](Fields& entry) {
        const std::string name = entry.text("name");
        if (name.empty() || trim(name) != name || name.size() > 40) entry.refuse_field("name", "is no name of at most 40 bytes", "such as \"meal_voucher\"");
        if (!seen.insert(name).second) entry.refuse_field("name", "stands twice");
        const auto built_in = parse_tender(name);
        const auto kind = built_in ? *built_in : TenderKind::voucher;
        const auto counts_as = choice<TenderKind>(entry, "counts_as", kind, {{"card", TenderKind::card}, {"voucher", TenderKind::voucher},
                                                  {"cash", TenderKind::cash}, {"account", TenderKind::account}});
        if (built_in ? counts_as != kind : counts_as == TenderKind::cash || counts_as == TenderKind::account)
            entry.refuse_field("counts_as", fmt::format("is \"{}\"", print(counts_as)),
                               built_in ? "this tender counts as itself" : "a tender of your own counts as card or voucher");
        TenderRule rule;
        if (const TenderRule* before = policy.tender(name)) rule = *before;
        rule.name = name;
        rule.counts_as = counts_as;
        rule.change = entry.flag("change", rule.change);
        rule.drawer = entry.flag("drawer", rule.drawer);
        if (rule.change != (kind == TenderKind::cash) && built_in && kind != TenderKind::voucher)
            entry.refuse_field("change", rule.change ? "cannot be given on it" : "is always given on cash");
        const auto same = std::find_if(policy.tenders.begin(), policy.tenders.end(), [&](const TenderRule& known) { return known.name == name; });
        if (same == policy.tenders.end())
            policy.tenders.push_back(rule);
        else
            *same = rule;
    });
}

void read_roles(Fields& fields, Policy& policy) {
    if (!fields.has("roles")) return;
    policy.roles = {default_roles().front()};
    const auto known_permissions = Permissions::all().names();
    each(fields, "roles", [&](Fields& entry) {
        Role role;
        role.name = entry.text("name");
        if (role.name.empty() || trim(role.name) != role.name || role.name.size() > 40) entry.refuse_field("name", "is no name of at most 40 bytes");
        for (const std::string& name : texts(entry, "may")) {
            const auto permission = parse_permission(name);
            // A newer headquarters may name what this till has no notion of: it does not allow it then.
            if (!permission && entry.strict())
                entry.refuse_field("may", fmt::format("names the permission \"{}\"", name), fmt::format("it can be {}", fmt::join(known_permissions, ", ")));
            if (permission) role.may.add(*permission);
        }
        if (role.name == administrator_role) {
            if (!(role.may == Permissions::all()) && entry.strict()) entry.refuse_field("may", "takes something from the administrator, who may everything");
            return;
        }
        for (const Role& other : policy.roles)
            if (other.name == role.name) entry.refuse_field("name", "stands twice");
        policy.roles.push_back(std::move(role));
    });
}

void read_price_lists(Fields& fields, Policy& policy) {
    std::set<std::string> names;
    std::set<int> taken;
    each(fields, "price_lists", [&](Fields& entry) {
        BranchList list{entry.text("name"), {}};
        if (!is_price_list_name(list.name)) entry.refuse_field("name", "is no name of at most 40 bytes without @ and |");
        if (!names.insert(list.name).second) entry.refuse_field("name", "stands twice");
        for (const Json& branch : list_of(entry, "branches")) {
            if (!branch.is_number_integer() || branch < 1 || branch > 9999) entry.refuse_field("branches", "is not a list of numbers from 1 to 9999");
            list.branches.push_back(branch.get<int>());
            if (!taken.insert(list.branches.back()).second)
                entry.refuse_field("branches", fmt::format("names branch {}, which has a list already", list.branches.back()));
        }
        policy.price_lists.push_back(std::move(list));
    });
}

void read_tables(Fields& fields, Policy& policy) {
    std::set<int> branches;
    each(fields, "tables", [&](Fields& entry) {
        const std::int64_t branch = entry.integer("branch");
        if (branch < 1 || branch > 9999) entry.refuse_field("branch", "is no number from 1 to 9999");
        if (!branches.insert(static_cast<int>(branch)).second) entry.refuse_field("branch", "has a plan of tables already");
        policy.tables.push_back({static_cast<int>(branch), areas_of(entry.get("areas"), entry.what() + " areas")});
    });
}

std::string_view mode_name(Mode mode) { return mode == Mode::points ? "points" : "cumulative"; }

Json date_json(const std::optional<Date>& date) { return date ? Json(print(*date)) : Json(nullptr); }

Json programmes_json(const Policy& policy) {
    Json list = Json::array();
    for (const Programme& programme : policy.programmes) {
        Json ranges = Json::array();
        for (const auto& [from, to] : programme.card_ranges) ranges.push_back(Json::array({from, to}));
        list.push_back({{"name", programme.name}, {"discount", print(programme.discount)}, {"card_ranges", ranges},
                        {"excluded_groups", programme.excluded_groups}, {"valid_from", date_json(programme.valid_from)},
                        {"valid_to", date_json(programme.valid_to)}});
    }
    return list;
}

}  // namespace

bool TimeWindow::contains(LocalTime time) const {
    const auto on = [&](Weekday day) { return (days >> static_cast<unsigned>(day) & 1u) != 0; };
    if (from < to) return time.minute >= from && time.minute < to && on(weekday_of(time.date));
    // Past midnight: the evening belongs to its own day, the morning to the day before.
    if (time.minute >= from) return on(weekday_of(time.date));
    return time.minute < to && on(weekday_of(Date{time.date.days - 1}));
}

namespace {

/// Most cards are told by their first digit, and a receipt asks this thousands of times.
inline bool is_in(std::string_view code, const std::pair<std::string, std::string>& range) {
    return code.size() == range.first.size() && !code.empty() && code.front() >= range.first.front() && code.front() <= range.second.front() &&
           code >= range.first && code <= range.second;
}

}  // namespace

bool Programme::holds(std::string_view card) const {
    for (const auto& range : card_ranges)
        if (is_in(card, range)) return true;
    // A card of 12 digits that is a UPC-A is kept as an EAN-13 with a leading zero.
    if (card.size() != 13 || card.front() != '0' || !gtin_check_digit_ok(card)) return false;
    return std::any_of(card_ranges.begin(), card_ranges.end(), [&](const auto& range) { return is_in(card.substr(1), range); });
}

bool Programme::valid_on(Date date) const { return (!valid_from || date >= *valid_from) && (!valid_to || date <= *valid_to); }

Mode Policy::mode_on(Weekday day) const {
    const auto found = mode_by_day.find(day);
    return found == mode_by_day.end() ? mode : found->second;
}

std::optional<Rate> Policy::vat_rate(std::string_view group, Date day) const {
    const VatRate* best = nullptr;
    for (const VatRate& rate : vat) {
        if (rate.group != group || (rate.from && *rate.from > day)) continue;
        if (!best || !best->from || (rate.from && *rate.from > *best->from)) best = &rate;
    }
    if (!best)  // Before the first dated row of a known group its earliest rate is the best there is.
        for (const VatRate& rate : vat)
            if (rate.group == group && (!best || *rate.from < *best->from)) best = &rate;
    return best ? std::optional(best->rate) : std::nullopt;
}

const std::vector<Area>* Policy::tables_of(int branch) const {
    for (const BranchTables& plan : tables)
        if (plan.branch == branch) return &plan.areas;
    return nullptr;
}

const TenderRule* Policy::tender(std::string_view name) const {
    const auto found = std::find_if(tenders.begin(), tenders.end(), [&](const TenderRule& rule) { return rule.name == name; });
    return found == tenders.end() ? nullptr : &*found;
}

std::string Policy::price_list_of(int branch) const {
    for (const BranchList& list : price_lists)
        if (std::find(list.branches.begin(), list.branches.end(), branch) != list.branches.end()) return list.name;
    return {};
}

std::vector<std::string> Policy::vat_groups() const {
    std::vector<std::string> groups;
    for (const VatRate& rate : vat)
        if (std::find(groups.begin(), groups.end(), rate.group) == groups.end()) groups.push_back(rate.group);
    return groups;
}

Policy default_policy(std::string_view currency) {
    Policy policy;
    policy.barcode_rules = {{"weight", "28IIII0WWWWWK", "g", 10}, {"weight", "29IIII0WWWWWK", "g", 10}};
    // A shop's own labels: its article's number in ten digits.
    for (char second = '0'; second <= '7'; ++second) policy.barcode_rules.push_back({"in-store", std::string("2") + second + "IIIIIIIIIIK", "", 0});
    policy.tenders = {{"cash", TenderKind::cash, true, true},
                      {"card", TenderKind::card, false, false},
                      {"account", TenderKind::account, false, false},
                      {"voucher", TenderKind::voucher, false, true}};
    policy.roles = default_roles();
    const auto percent_of_group = [](const char* group, std::int64_t whole) { return VatRate{group, Rate::of(whole * 1'000'000), std::nullopt}; };
    if (currency == "CZK") {
        policy.cash_rounding = Money::of(100);
        policy.vat = {percent_of_group("A", 21), percent_of_group("B", 12), percent_of_group("C", 0)};
    } else if (currency == "RON") {
        policy.vat = {percent_of_group("A", 21), percent_of_group("B", 11), percent_of_group("C", 0)};
    } else {
        policy.vat = {percent_of_group("A", 20), percent_of_group("B", 10), percent_of_group("C", 0)};
    }
    return policy;
}

Policy parse_policy(std::string_view json, std::string_view currency, const std::string& what, std::int64_t version, bool strict) {
    const Json document = parse_json(json, what, 4u << 20);
    Fields fields(document, what, strict);
    Policy policy = default_policy(currency);
    policy.version = version;
    policy.mode = mode_of(fields, "mode", policy.mode);
    if (fields.has("mode_by_day")) {
        Fields days(fields.get("mode_by_day"), what + " mode_by_day", strict);
        for (std::size_t day = 0; day < day_names.size(); ++day)
            if (days.has(day_names[day].data())) policy.mode_by_day[static_cast<Weekday>(day)] = mode_of(days, day_names[day].data(), Mode::points);
        days.done();
    }
    if (const auto value = fields.optional_decimal<Rate>("point_value")) policy.point_value = *value;
    if (policy.point_value <= Rate{} || policy.point_value > Rate::of(1'000'000'000)) fields.refuse_field("point_value", "is not above 0 and at most 1000");
    policy.earn = choice<Earn>(fields, "earn", policy.earn, {{"price", Earn::price}, {"margin", Earn::margin}, {"none", Earn::none}});
    policy.points_from = choice<PointsFrom>(fields, "points_from", policy.points_from, {{"catalogue", PointsFrom::catalogue}, {"net", PointsFrom::net}});
    policy.redemption_is =
        choice<RedemptionIs>(fields, "redemption_is", policy.redemption_is, {{"discount", RedemptionIs::discount}, {"payment", RedemptionIs::payment}});
    read_rules(fields, policy);
    policy.excluded_groups = folded_names(texts(fields, "excluded_groups"));
    for (const std::string& code : texts(fields, "excluded_products")) {
        const std::string normal = normalise_code(code);
        if (normal.empty()) fields.refuse_field("excluded_products", "holds an empty or unreadable code");
        policy.excluded_products.push_back(normal);
    }
    read_programmes(fields, policy);
    if (fields.has("referral")) {
        Fields referral(fields.get("referral"), what + " referral", strict);
        policy.referral = ReferralShare{percent(referral, "share"), choice<bool>(referral, "of", false, {{"points", false}, {"spend", true}})};
        referral.done();
    }
    policy.allow_customer_by_card = fields.flag("allow_customer_by_card", policy.allow_customer_by_card);
    policy.alert_new_customer = fields.flag("alert_new_customer", policy.alert_new_customer);
    policy.demand_details = fields.flag("demand_details", policy.demand_details);
    policy.hide_customer_info = fields.flag("hide_customer_info", policy.hide_customer_info);
    if (fields.has("cash_rounding")) policy.cash_rounding = not_negative(fields, "cash_rounding");
    read_vat(fields, policy);
    if (fields.has("points_expire_months")) {
        const auto months = fields.integer("points_expire_months");
        if (months < 1 || months > 1200) fields.refuse_field("points_expire_months", "is not between 1 and 1200");
        policy.points_expire_months = static_cast<int>(months);
    }
    if (fields.has("offline")) {
        Fields offline(fields.get("offline"), what + " offline", strict);
        policy.offline.spend = choice<SpendBy>(offline, "spend", policy.offline.spend, {{"allowance", SpendBy::allowance}, {"rights", SpendBy::right}});
        if (offline.has("reserve")) {
            policy.offline.reserve = percent(offline, "reserve");
            if (policy.offline.spend != SpendBy::right)
                offline.refuse_field("reserve", "means nothing without rights", "set \"spend\" to \"rights\" or leave it out");
        }
        if (offline.has("per_customer")) policy.offline.per_customer = not_negative(offline, "per_customer");
        if (offline.has("per_day")) policy.offline.per_day = not_negative(offline, "per_day");
        offline.done();
    }
    read_tenders(fields, policy);
    read_roles(fields, policy);
    read_price_lists(fields, policy);
    read_tables(fields, policy);
    if (fields.has("difference_limit")) policy.difference_limit = not_negative(fields, "difference_limit");
    policy.demand_shift = fields.flag("demand_shift", policy.demand_shift);
    fields.done();
    return policy;
}

std::string policy_json(const Policy& policy) {
    Json json;
    json["mode"] = mode_name(policy.mode);
    json["mode_by_day"] = Json::object();
    for (const auto& [day, mode] : policy.mode_by_day) json["mode_by_day"][std::string(day_names[static_cast<std::size_t>(day)])] = mode_name(mode);
    json["point_value"] = print(policy.point_value);
    json["earn"] = policy.earn == Earn::price ? "price" : policy.earn == Earn::margin ? "margin" : "none";
    json["points_from"] = policy.points_from == PointsFrom::catalogue ? "catalogue" : "net";
    json["redemption_is"] = policy.redemption_is == RedemptionIs::discount ? "discount" : "payment";
    json["multipliers"] = Json::array();
    for (const Multiplier& multiplier : policy.multipliers) {
        json["multipliers"].push_back(window_json(multiplier.window));
        json["multipliers"].back()["factor"] = print(multiplier.factor);
    }
    json["levels"] = Json::array();
    for (const Level& level : policy.levels) json["levels"].push_back({{"spend", print(level.spend)}, {"discount", print(level.discount)}});
    json["time_discounts"] = Json::array();
    for (const TimeDiscount& discount : policy.time_discounts) {
        json["time_discounts"].push_back(window_json(discount.window));
        json["time_discounts"].back()["discount"] = print(discount.discount);
    }
    json["excluded_groups"] = policy.excluded_groups;
    json["excluded_products"] = policy.excluded_products;
    json["programmes"] = programmes_json(policy);
    json["referral"] = policy.referral ? Json{{"share", print(policy.referral->share)}, {"of", policy.referral->of_spend ? "spend" : "points"}} : Json(nullptr);
    json["allow_customer_by_card"] = policy.allow_customer_by_card;
    json["alert_new_customer"] = policy.alert_new_customer;
    json["demand_details"] = policy.demand_details;
    json["hide_customer_info"] = policy.hide_customer_info;
    json["cash_rounding"] = print(policy.cash_rounding);
    json["vat"] = Json::array();
    for (const VatRate& rate : policy.vat) {
        json["vat"].push_back({{"group", rate.group}, {"rate", print(rate.rate)}});
        if (rate.from) json["vat"].back()["from"] = print(*rate.from);
    }
    json["points_expire_months"] = policy.points_expire_months ? Json(*policy.points_expire_months) : Json(nullptr);
    json["barcode_rules"] = Json::array();
    for (const BarcodeRule& rule : policy.barcode_rules) {
        json["barcode_rules"].push_back({{"name", rule.name}, {"pattern", rule.pattern}, {"priority", rule.priority}});
        if (!rule.unit.empty()) json["barcode_rules"].back()["unit"] = rule.unit;
    }
    json["offline"] = {{"spend", policy.offline.spend == SpendBy::right ? "rights" : "allowance"}};
    if (policy.offline.spend == SpendBy::right) json["offline"]["reserve"] = print(policy.offline.reserve);
    if (policy.offline.per_customer) json["offline"]["per_customer"] = print(*policy.offline.per_customer);
    if (policy.offline.per_day) json["offline"]["per_day"] = print(*policy.offline.per_day);
    json["tenders"] = Json::array();
    for (const TenderRule& tender : policy.tenders)
        json["tenders"].push_back({{"name", tender.name}, {"counts_as", print(tender.counts_as)}, {"change", tender.change}, {"drawer", tender.drawer}});
    json["roles"] = Json::array();
    for (const Role& role : policy.roles) json["roles"].push_back({{"name", role.name}, {"may", role.may.names()}});
    json["difference_limit"] = policy.difference_limit ? Json(print(*policy.difference_limit)) : Json(nullptr);
    json["demand_shift"] = policy.demand_shift;
    if (!policy.price_lists.empty()) json["price_lists"] = Json::array();  // left out where there is none, as older versions write it
    for (const BranchList& list : policy.price_lists) json["price_lists"].push_back({{"name", list.name}, {"branches", list.branches}});
    for (const BranchTables& plan : policy.tables) json["tables"].push_back({{"branch", plan.branch}, {"areas", areas_json(plan.areas)}});
    return canonical(json);
}

}  // namespace paprsek::node
