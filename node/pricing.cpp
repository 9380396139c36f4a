#include "node/pricing.h"

#include <algorithm>
#include <cassert>

#include "node/base/text.h"
#include "node/share.h"

namespace paprsek::node {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) { return std::find(list.begin(), list.end(), text) != list.end(); }

bool any_group_in(const Product& product, const std::vector<std::string>& groups) {
    return std::any_of(product.groups.begin(), product.groups.end(), [&](const auto& group) { return contains(groups, group); });
}

/// A discount that competes with others: the highest wins and is told.
struct Best {
    Reason reason{Why::unit_price, {}, {}};
    void offer(Why why, const std::string& subject, Rate percent) {
        if (percent > reason.figure) reason = {why, subject, percent};
    }
};

bool holds(const Programme& programme, const CustomerTerms& customer) {
    return contains(customer.programmes, programme.name) ||
           std::any_of(customer.cards.begin(), customer.cards.end(), [&](const auto& card) { return programme.holds(card); });
}

/// Rule 3, the part that belongs to the customer.
Best base_discount(const Policy& policy, const Product& product, const CustomerTerms& customer, LocalTime time) {
    Best best;
    best.offer(Why::fixed_discount, {}, customer.discount);
    for (const Programme& programme : policy.programmes) {
        // What cannot win is not looked at, and what is quickly told comes first.
        if (programme.discount <= best.reason.figure || !programme.valid_on(time.date) || !holds(programme, customer)) continue;
        if (!any_group_in(product, programme.excluded_groups)) best.offer(Why::programme_discount, programme.name, programme.discount);
    }
    if (!customer.dealer.empty())
        for (const DealerDiscount& dealer : product.dealers)
            if (fold(dealer.dealer) == fold(customer.dealer)) best.offer(Why::dealer_discount, customer.dealer, dealer.percent);
    if (policy.mode_on(weekday_of(time.date)) == Mode::cumulative)
        for (const Level& level : policy.levels)
            if (customer.spend >= level.spend) best.offer(Why::level_discount, print(level.spend), level.discount);
    return best;
}

/// Rule 3 for a line that may be discounted.
Rate discount_percent(const Policy& policy, const LineInput& input, const CustomerTerms* customer, LocalTime time, std::vector<Reason>& why) {
    Rate percent;
    if (input.product) {
        if (customer) {
            const Best base = base_discount(policy, *input.product, *customer, time);
            percent = base.reason.figure;
            if (!percent.is_zero()) why.push_back(base.reason);
        }
        Best hour;
        for (const TimeDiscount& discount : policy.time_discounts)
            if (discount.discount > hour.reason.figure && discount.window.contains(time)) hour.offer(Why::time_discount, {}, discount.discount);
        if (!hour.reason.figure.is_zero()) {
            why.push_back(hour.reason);
            percent += hour.reason.figure;
        }
    }
    if (input.manual_discount && !input.manual_discount->is_zero()) {
        why.push_back({Why::manual_discount, {}, *input.manual_discount});
        percent += *input.manual_discount;
    }
    if (percent > hundred_percent) {
        percent = hundred_percent;
        why.push_back({Why::capped, {}, percent});
    }
    return percent;
}

/// a × b, or Overflow. One bit is left for the doubling of a remainder in rounding.
Wide multiplied(Wide a, Wide b) {
    Wide product = 0;
    if (__builtin_mul_overflow(a, b * 2, &product)) throw Overflow();
    return product / 2;
}

/// round(points × quantity × factor)
Points scaled(Points points, Quantity quantity, Rate factor) {
    return Points::of_wide(divide_rounded(multiplied(Wide{points.raw()} * quantity.raw(), factor.raw()), Wide{1000} * 1'000'000));
}

Points zero_or(Points points) { return points < Points{} ? Points{} : points; }

/// Rule 4, before the multiplier, by the catalogue: points of one piece.
Points points_of_piece(const Policy& policy, const Product& product, std::vector<Reason>& why) {
    if (product.points) {
        why.push_back({Why::points_of_product, {}, {}});
        return *product.points;
    }
    switch (policy.earn) {
        case Earn::price: why.push_back({Why::points_of_price, {}, {}}); return Points::of(product.price.raw());
        case Earn::margin:
            why.push_back({Why::points_of_margin, {}, {}});
            return product.cost ? zero_or(Points::of((product.price - *product.cost).raw())) : Points{};
        case Earn::none: return {};
    }
    return {};
}

/// The policy's option: points from what was paid instead of from the catalogue.
Points points_from_net(const Policy& policy, const Product& product, const BookedLine& line, Rate factor, std::vector<Reason>& why) {
    // Hundredths for the whole line as a fraction, so that rounding happens once. A product's own points fall as its price does.
    Wide points = 0, whole = 1;
    if (product.points) {
        why.push_back({Why::points_of_product, {}, {}});
        if (line.gross.is_zero()) return {};
        points = multiplied(Wide{product.points->raw()} * line.quantity.raw(), line.net.raw());
        whole = Wide{1000} * line.gross.raw();
    } else if (policy.earn == Earn::price) {
        why.push_back({Why::points_of_price, {}, {}});
        points = line.net.raw();
    } else if (policy.earn == Earn::margin && product.cost) {
        why.push_back({Why::points_of_margin, {}, {}});
        points = std::max<Wide>(0, Wide{line.net.raw()} * 1000 - Wide{product.cost->raw()} * line.quantity.raw());
        whole = 1000;
    }
    return Points::of_wide(divide_rounded(multiplied(points, factor.raw()), whole * 1'000'000));
}

Points line_points(const Policy& policy, const Product& product, const BookedLine& line, LocalTime time, std::vector<Reason>& why) {
    if (policy.mode_on(weekday_of(time.date)) != Mode::points) {
        why.push_back({Why::no_points_mode, {}, {}});
        return {};
    }
    std::optional<Rate> factor;
    for (const Multiplier& multiplier : policy.multipliers)
        if ((!factor || multiplier.factor > *factor) && multiplier.window.contains(time)) factor = multiplier.factor;
    const Points points = policy.points_from == PointsFrom::net ? points_from_net(policy, product, line, factor.value_or(one), why)
                                                                : scaled(points_of_piece(policy, product, why), line.quantity, factor.value_or(one));
    if (factor) why.push_back({Why::multiplier, {}, *factor});
    return points;
}

}  // namespace

bool is_excluded(const Policy& policy, const Product& product) {
    if (product.excluded || any_group_in(product, policy.excluded_groups)) return true;
    return !policy.excluded_products.empty() &&
           std::any_of(product.codes.begin(), product.codes.end(), [&](const auto& code) { return contains(policy.excluded_products, code); });
}

BookedTerms booked_terms(const Policy& policy, const TimeZone& zone, const CustomerTerms& customer, const std::vector<Instant>& entered) {
    BookedTerms booked{customer.discount, customer.dealer, {}, {}};
    for (const Programme& programme : policy.programmes)
        if (holds(programme, customer)) booked.programmes.push_back(programme.name);
    if (policy.levels.empty()) return booked;
    const bool counts = std::any_of(entered.begin(), entered.end(),
                                    [&](Instant at) { return policy.mode_on(weekday_of(zone.local(at).date)) == Mode::cumulative; });
    if (counts)
        for (const Level& level : policy.levels)
            if (customer.spend >= level.spend) booked.level = std::max(booked.level, level.spend);
    return booked;
}

CustomerTerms terms_of(const BookedTerms& booked) {
    CustomerTerms terms;
    terms.discount = booked.discount;
    terms.dealer = booked.dealer;
    terms.spend = booked.level;
    terms.programmes = booked.programmes;
    return terms;
}

PricedLine price_line(const Policy& policy, const TimeZone& zone, const LineInput& input, const CustomerTerms* customer) {
    PricedLine priced;
    BookedLine& line = priced.line;
    line.code = input.code;
    line.name = input.name;
    line.vat = input.vat;
    line.price = input.price;
    line.quantity = input.quantity;
    line.gross = times(input.price, input.quantity);
    priced.why.push_back({input.price_embedded ? Why::embedded_price : input.price_typed ? Why::typed_price : Why::unit_price, {}, {}});
    if (input.product) {
        if (input.price_typed && input.price != input.product->price) line.list = input.product->price;
        line.product = input.product->key;
        line.cost = input.product->cost ? times(*input.product->cost, input.quantity) : Money{};
        line.excluded = is_excluded(policy, *input.product);
    }
    if (line.excluded) {
        priced.why.push_back({Why::excluded, {}, {}});
        if (input.manual_discount && !input.manual_discount->is_zero()) priced.why.push_back({Why::manual_ignored, {}, *input.manual_discount});
        line.net = line.paid = line.gross;
        return priced;
    }
    const LocalTime time = zone.local(input.entered);
    priced.percent = discount_percent(policy, input, customer, time, priced.why);
    line.discount = percent_of(line.gross, priced.percent);
    line.by_hand = input.manual_discount.value_or(Rate{});
    line.net = line.paid = line.gross - line.discount;
    if (input.product && customer) line.points = line_points(policy, *input.product, line, time, priced.why);
    return priced;
}

Redeemable redeemable(const Policy& policy, const std::vector<PricedLine>& lines, const CustomerTerms& customer) {
    Redeemable result;
    result.available = customer.points;
    Money payable;
    for (const PricedLine& priced : lines) {
        result.available += priced.line.points;
        if (!priced.line.product.empty() && !priced.line.excluded) payable += priced.line.net;
    }
    result.worth = worth(result.available, policy.point_value);
    result.most = std::max(Money{}, std::min(payable, result.worth));
    return result;
}

Settled settle(Money due, const std::vector<Tender>& tenders, Money cash_rounding, const CustomerTerms* customer, const std::vector<TenderRule>& rules) {
    const auto may_exceed = [&](const Tender& tender) {
        const auto rule = std::find_if(rules.begin(), rules.end(), [&](const TenderRule& each) { return each.name == tender.shown(); });
        return rule != rules.end() && rule->change;
    };
    Settled settled;
    settled.pay = tenders;
    Money cash, account, others, exceeding;
    for (const Tender& tender : tenders) {
        switch (tender.with) {
            case TenderKind::cash: cash += tender.amount; break;
            case TenderKind::account: account += tender.amount; break;
            case TenderKind::card:
            case TenderKind::voucher: (may_exceed(tender) ? exceeding : others) += tender.amount; break;
        }
    }
    const auto fault = [&](PayFault what) {
        settled.fault = what;
        return settled;
    };
    if (!account.is_zero()) {
        if (!customer) return fault(PayFault::no_account_customer);
        if (!customer->charge) return fault(PayFault::account_not_allowed);
    }
    if (account + others > due) return fault(PayFault::over_tender);
    if (!account.is_zero() && !customer->limit.is_zero() && customer->debt + account > customer->limit) return fault(PayFault::account_limit);

    const Money rest = due - account - others - exceeding;
    settled.cash_due = rounded_to(rest, cash_rounding);
    if (tenders.empty() && !settled.cash_due.is_zero()) {
        cash = settled.cash_due;
        settled.pay = {{TenderKind::cash, cash}};
    }
    if (cash < settled.cash_due) return fault(PayFault::too_little);
    settled.rounding = settled.cash_due - rest;
    settled.change = cash - settled.cash_due;
    return settled;
}

std::optional<Referral> referral_of(const Policy& policy, const CustomerTerms& customer, Points points, Money net) {
    if (!policy.referral || customer.referrer.empty()) return std::nullopt;
    Referral referral{customer.referrer, {}, {}};
    if (policy.referral->of_spend)
        referral.spend = percent_of(net, policy.referral->share);
    else
        referral.points = percent_of(points, policy.referral->share);
    if (referral.points.is_zero() && referral.spend.is_zero()) return std::nullopt;
    return referral;
}

std::map<std::string, Rate> rates_of(const Policy& policy, const std::vector<BookedLine>& lines, Date day) {
    std::map<std::string, Rate> rates;
    for (const BookedLine& line : lines)
        if (!rates.contains(line.vat)) rates[line.vat] = policy.vat_rate(line.vat, day).value_or(Rate{});
    return rates;
}

namespace {

/// What of an original line has gone back so far.
struct Returned {
    Quantity quantity;
    Money gross, net, paid, cost;
    Points points;

    void add(const BookedLine& line) {
        quantity += line.quantity;
        gross += line.gross;
        net += line.net;
        paid += line.paid;
        cost += line.cost;
        points += line.points;
    }
};

bool serves(const BookedLine& line, const RefundRequest& request) {
    if (!request.text.empty()) return line.code.empty() && line.name == request.text;
    if (!request.product.empty() && line.product == request.product) return true;
    return normalise_code(line.code) == request.code;
}

/// `quantity` of an original line goes back: value × returned so far ÷ quantity, less what went before.
BookedLine give_back(const BookedLine& original, int number, const Returned& before, Quantity quantity) {
    const std::int64_t part = (before.quantity + quantity).raw(), whole = original.quantity.raw();
    const auto back = [&](auto value, auto gone) { return decltype(value)::of(proportion(value.raw(), part, whole)) - gone; };
    BookedLine line = original;
    line.original = number;
    line.list.reset();  // what was done by hand was done in the sale
    line.by_hand = {};
    line.quantity = quantity;
    line.gross = back(original.gross, before.gross);
    line.net = back(original.net, before.net);
    line.paid = back(original.paid, before.paid);
    line.cost = back(original.cost, before.cost);
    line.points = back(original.points, before.points);
    line.discount = line.gross - line.net;
    return line;
}

template <class D>
D back_by(D value, std::int64_t part, std::int64_t whole, D gone) {
    return whole > 0 ? D::of(proportion(value.raw(), part, whole)) - gone : D{};
}

}  // namespace

Refund refund(const ReceiptFact& original, const std::vector<ReceiptFact>& before, const std::vector<RefundRequest>& requests) {
    assert(!original.refund);
    Refund result;
    ReceiptFact& fact = result.fact;
    fact.refund = true;
    fact.customer = original.customer;
    fact.card = original.card;
    fact.stock = original.stock;
    fact.redemption_is_payment = original.redemption_is_payment;
    fact.policy = original.policy;

    std::vector<Returned> returned(original.lines.size());
    Points taken_before, referred_points_before, points_so_far;
    Money share_so_far, referred_spend_before, net_so_far;
    for (const ReceiptFact& earlier : before) {
        for (const BookedLine& line : earlier.lines)
            if (line.original >= 1 && static_cast<std::size_t>(line.original) <= returned.size())
                returned[static_cast<std::size_t>(line.original - 1)].add(line);
        taken_before += earlier.taken;
        share_so_far += earlier.redeemed;
        points_so_far += earlier.points();
        net_so_far += earlier.net();
        if (earlier.referral) {
            referred_points_before += earlier.referral->points;
            referred_spend_before += earlier.referral->spend;
        }
    }
    for (std::size_t i = 0; i < requests.size(); ++i) {
        Quantity wanted = requests[i].quantity;
        bool known = false;
        for (std::size_t n = 0; n < original.lines.size() && wanted > Quantity{}; ++n) {
            if (!serves(original.lines[n], requests[i])) continue;
            known = true;
            const Quantity quantity = std::min(wanted, original.lines[n].quantity - returned[n].quantity);
            if (quantity <= Quantity{}) continue;
            fact.lines.push_back(give_back(original.lines[n], static_cast<int>(n + 1), returned[n], quantity));
            returned[n].add(fact.lines.back());
            result.request_of.push_back(i);
            wanted -= quantity;
        }
        if (!known || wanted > Quantity{}) {
            result.fault = known ? RefundFault::more_than_left : RefundFault::unknown_line;
            result.fault_request = i;
            return result;
        }
    }
    for (const BookedLine& line : fact.lines) {
        fact.redeemed += line.net - line.paid;
        const auto rate = original.rates.find(line.vat);
        fact.rates[line.vat] = rate == original.rates.end() ? Rate{} : rate->second;
    }
    fact.taken = back_by(original.taken, (share_so_far + fact.redeemed).raw(), original.redeemed.raw(), taken_before);
    if (original.referral) {
        const Referral& referral = *original.referral;
        Referral back{referral.customer, {}, {}};
        back.points = back_by(referral.points, (points_so_far + fact.points()).raw(), original.points().raw(), referred_points_before);
        back.spend = back_by(referral.spend, (net_so_far + fact.net()).raw(), original.net().raw(), referred_spend_before);
        if (!back.points.is_zero() || !back.spend.is_zero()) fact.referral = back;
    }
    return result;
}

}  // namespace paprsek::node
