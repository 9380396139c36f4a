// The chain's policy: every setting of prices, loyalty and tax, as one JSON document (DESIGN.md "Policy JSON").
// Parsing checks everything, so that the rules of node/pricing.h never meet a wrong value.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/clock.h"
#include "node/base/decimal.h"
#include "node/codes.h"
#include "node/facts.h"
#include "node/permissions.h"

namespace paprsek::node {

/// Weekdays and a time of day, by the branch's wall clock. No days = every day. [from, to) in minutes; from > to runs past
/// midnight and belongs to its first day.
struct TimeWindow {
    unsigned days = 0x7f;  ///< bit 0 = Monday
    int from = 0;
    int to = 1440;

    bool contains(LocalTime time) const;
};

enum class Mode { points, cumulative };
enum class Earn { price, margin, none };
enum class PointsFrom { catalogue, net };
enum class RedemptionIs { discount, payment };

struct Multiplier {
    TimeWindow window;
    Rate factor;
};
struct Level {
    Money spend;
    Rate discount;
};
struct TimeDiscount {
    TimeWindow window;
    Rate discount;
};
struct Programme {
    std::string name;
    Rate discount;
    std::vector<std::pair<std::string, std::string>> card_ranges;  ///< both ends included, compared with codes of equal length
    std::vector<std::string> excluded_groups;                      ///< folded
    std::optional<Date> valid_from, valid_to;                      ///< both days included

    bool holds(std::string_view card) const;
    bool valid_on(Date date) const;
};
struct ReferralShare {
    Rate share;            ///< percent
    bool of_spend = false; ///< else of the points awarded
};
struct VatRate {
    std::string group;
    Rate rate;
    std::optional<Date> from;
};
/// What bounds points and credit spent at an enrolled branch (PRODUCT S8).
enum class SpendBy { allowance, right };
struct Offline {
    SpendBy spend = SpendBy::allowance;
    std::optional<Money> per_customer, per_day;      ///< caps until HQ has confirmed; they bind under rights too
    Rate reserve = Rate::of(50'000'000);             ///< rights: percent of a balance that HQ keeps for whoever asks
};

/// A price list and the branches that sell by it; a branch has one at most.
struct BranchList {
    std::string name;
    std::vector<int> branches;
};

/// The tables of a restaurant as a window draws them, by area.
struct Area {
    std::string name;
    std::vector<std::string> tables;
    friend bool operator==(const Area&, const Area&) = default;
};
struct BranchTables {
    int branch = 0;
    std::vector<Area> areas;
};

/// A way to pay. cash, card, account and voucher are always there; a policy may add to them and say how they behave.
struct TenderRule {
    std::string name;
    TenderKind counts_as = TenderKind::voucher;
    bool change = false;  ///< more than is due may be given: what is over goes back in cash
    bool drawer = true;   ///< the drawer opens
};

struct Policy {
    std::int64_t version = 0;
    Mode mode = Mode::points;
    std::map<Weekday, Mode> mode_by_day;
    Rate point_value = Rate::of(50'000);
    Earn earn = Earn::price;
    PointsFrom points_from = PointsFrom::catalogue;
    RedemptionIs redemption_is = RedemptionIs::discount;
    std::vector<Multiplier> multipliers;
    std::vector<Level> levels;  ///< by rising spend
    std::vector<TimeDiscount> time_discounts;
    std::vector<std::string> excluded_groups;    ///< folded
    std::vector<std::string> excluded_products;  ///< normalised codes
    std::vector<Programme> programmes;
    std::optional<ReferralShare> referral;
    bool allow_customer_by_card = true;
    bool alert_new_customer = false;
    bool demand_details = false;
    bool hide_customer_info = false;
    Money cash_rounding;
    std::vector<VatRate> vat;
    std::optional<int> points_expire_months;
    std::vector<BarcodeRule> barcode_rules;
    Offline offline;
    std::vector<TenderRule> tenders;
    std::vector<Role> roles;                 ///< the administrator's first
    std::optional<Money> difference_limit;   ///< a count that is further from the books needs approval; nothing = no limit
    std::vector<BranchList> price_lists;     ///< which branches sell by a price list (node/price_list.h)
    std::vector<BranchTables> tables;        ///< of branches whose plan the chain keeps; a branch has one at most
    bool demand_shift = false;               ///< nothing is booked without an open shift

    /// The price list that a branch sells by; empty = none.
    std::string price_list_of(int branch) const;
    /// The plan of tables that the chain keeps for a branch, or nullptr.
    const std::vector<Area>* tables_of(int branch) const;
    /// The tender of a name, or nullptr.
    const TenderRule* tender(std::string_view name) const;
    Mode mode_on(Weekday day) const;
    /// The rate of a group on a day: of the rows that have begun, the latest. Nothing for a group that is not known.
    std::optional<Rate> vat_rate(std::string_view group, Date day) const;
    std::vector<std::string> vat_groups() const;
};

/// The policy of a new node: cash rounding and VAT by currency, the rest as DESIGN.md names it.
Policy default_policy(std::string_view currency);
/// Checks a whole document; what is left out keeps the currency's default. Throws Error (refused) naming `what` and the key.
/// Not `strict`: keys that are not known are passed over, as a branch must with the policy of a newer HQ.
Policy parse_policy(std::string_view json, std::string_view currency, const std::string& what, std::int64_t version = 0, bool strict = true);
/// The document again: canonical JSON with every key.
std::string policy_json(const Policy& policy);

}  // namespace paprsek::node
