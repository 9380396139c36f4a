#include "node/referrals.h"

namespace paprsek::node {

ReferralTies referral_ties(Database& database, const CustomerRecord& customer) {
    ReferralTies ties;
    if (const auto referrer = customer.terms.referrer.empty() ? std::nullopt : customer_by_id(database, customer.terms.referrer)) {
        ties.referrer = referrer->texts.name;
        if (ties.referrer.empty() && referrer->number) ties.referrer = std::to_string(*referrer->number);
        if (ties.referrer.empty() && !referrer->terms.cards.empty()) ties.referrer = referrer->terms.cards.front();
    }
    ties.brought = database
                       .integer(
                           "SELECT count(*) FROM customer WHERE referrer IS NOT NULL AND (referrer = ?1 OR referrer IN "
                           "(SELECT alias FROM customer_alias WHERE customer = ?1))",
                           customer.terms.id)
                       .value_or(0);
    return ties;
}

std::vector<ReferralRow> referral_rows(Database& database, std::string_view of, int most) {
    std::vector<ReferralRow> list;
    auto rows = database.query(
        "SELECT id, referrer FROM customer WHERE referrer IS NOT NULL AND (?1 = '' OR id = ?1 OR referrer = ?1 OR referrer IN "
        "(SELECT alias FROM customer_alias WHERE customer = ?1)) ORDER BY referrer, number IS NULL, number, id LIMIT ?2",
        of, most);
    while (rows.step()) {
        auto brought = customer_by_id(database, rows.view(0)), referrer = customer_by_id(database, rows.view(1));
        if (!brought || !referrer) continue;
        ReferralRow row{std::move(*referrer), std::move(*brought), {}, {}};
        auto sums = database.query(
            "SELECT ifnull(sum(m.points), 0), ifnull(sum(m.spend), 0) FROM movement m JOIN receipt r ON r.seq = m.seq WHERE m.customer = ? AND m.kind = "
            "'referral' AND r.customer = ?",
            row.referrer.terms.id, row.customer.terms.id);
        if (sums.step()) {
            row.points = sums.decimal<Points>(0);
            row.spend = sums.decimal<Money>(1);
        }
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace paprsek::node
