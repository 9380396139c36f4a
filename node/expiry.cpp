#include "node/expiry.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>

#include "node/facts.h"
#include "node/loyalty_facts.h"

namespace paprsek::node {
namespace {

using Moved = PointsMovement::Kind;

std::chrono::year_month_day calendar(Date date) { return std::chrono::sys_days{std::chrono::days{date.days}}; }

/// What refunds and undone resets change of the movements that they name, as if those had been booked so.
void settle_reversals(std::vector<PointsMovement>& movements) {
    const auto reverses = [](const PointsMovement& each) { return each.kind == Moved::refund || each.kind == Moved::restored; };
    if (std::none_of(movements.begin(), movements.end(), reverses)) return;
    std::map<std::pair<Moved, std::string>, std::size_t> named;
    for (std::size_t i = 0; i < movements.size(); ++i)
        if (movements[i].kind == Moved::receipt || movements[i].kind == Moved::reset) named.emplace(std::pair(movements[i].kind, movements[i].document), i);
    for (PointsMovement& movement : movements) {
        if (movement.kind != Moved::refund && movement.kind != Moved::restored) continue;
        const auto original = named.find({movement.kind == Moved::refund ? Moved::receipt : Moved::reset, movement.document});
        if (original == named.end()) {
            // Of a receipt that is not known here, or none: it gives and takes like any other movement.
            movement.kind = Moved::earned;
            movement.points += movement.taken;
            movement.taken = Points{};
            continue;
        }
        PointsMovement& changed = movements[original->second];
        changed.points += movement.points;
        changed.taken -= movement.taken;
        movement.points = movement.taken = Points{};
    }
}

}  // namespace

Date last_good_day(Date earned, int months) {
    const auto day = calendar(earned);
    const auto month = std::chrono::year_month{day.year(), day.month()} + std::chrono::months{months};
    const auto last = std::chrono::year_month_day{month.year(), month.month(), day.day()};
    const std::chrono::sys_days result =
        last.ok() ? std::chrono::sys_days{last}
                  : std::chrono::sys_days{std::chrono::year_month_day_last{month.year(), std::chrono::month_day_last{month.month()}}};
    return {static_cast<std::int32_t>(result.time_since_epoch().count())};
}

Date expired_through(Date today, int months) {
    // Lots of more than 31 days a month are gone, those of less than 27 are good.
    Date gone{today.days - 31 * months - 31}, good{today.days - 27 * months + 31};
    while (good.days - gone.days > 1) {
        const Date middle{gone.days + (good.days - gone.days) / 2};
        (last_good_day(middle, months) < today ? gone : good) = middle;
    }
    return gone;
}

void PointLots::move(const PointsMovement& movement) {
    if (movement.kind == Moved::expired) return expire(-movement.points, movement.through.value_or(Date{}));
    if (movement.points > Points{}) add(movement.points, movement.at, movement.kind != Moved::paid_in);
    if (movement.points < Points{}) take(-movement.points, movement.at);
    if (movement.taken > Points{}) take(movement.taken, movement.at);
}

void PointLots::add(Points points, Instant at, bool expires) {
    const Points covered = std::min(points, missing_);
    missing_ -= covered;
    points -= covered;
    if (points.is_zero()) return;
    const Date day = zone_->local(at).date;
    if (!lots_.empty() && lots_.back().day == day && lots_.back().expires == expires)
        lots_.back().points += points;
    else
        lots_.push_back({day, points, expires});
}

/// Of those that are good the oldest first; then, for a till honoured it all the same, of those that are not, booked or not yet;
/// what is over is missing.
void PointLots::take(Points points, Instant at) {
    const Date through = expired_through(zone_->local(at).date, months_);
    for (const bool good : {true, false})
        for (auto lot = lots_.begin(); lot != lots_.end() && !points.is_zero(); ++lot)
            if ((!lot->expires || through < lot->day) == good) take_from(*lot, points);
    drop_empty();
    const Points honoured = std::min(points, expired_);
    expired_ -= honoured;
    owed_ += honoured;
    missing_ += points - honoured;
}

/// A booked expiry. What it took beyond the lots of its days is owed; a giving back pays that.
void PointLots::expire(Points points, Date through) {
    if (points <= Points{}) {
        owed_ += points;
        return;
    }
    const Points booked = points;
    for (Lot& lot : lots_)
        if (lot.expires && lot.day <= through) take_from(lot, points);
    drop_empty();
    expired_ += booked - points;
    owed_ += points;
}

void PointLots::drop_empty() {
    while (!lots_.empty() && lots_.front().points.is_zero()) lots_.pop_front();
    if (std::any_of(lots_.begin(), lots_.end(), [](const Lot& lot) { return lot.points.is_zero(); }))
        std::erase_if(lots_, [](const Lot& lot) { return lot.points.is_zero(); });
}

void PointLots::take_from(Lot& lot, Points& points) {
    const Points taken = std::min(points, lot.points);
    lot.points -= taken;
    points -= taken;
}

Expiry PointLots::as_of(Date through) const {
    Expiry expiry;
    expiry.due = -owed_;
    std::map<Date, Points> coming;
    for (const Lot& lot : lots_) {
        if (!lot.expires) continue;
        if (lot.day <= through)
            expiry.due += lot.points;
        else
            coming[last_good_day(lot.day, months_)] += lot.points;
    }
    for (const auto& [day, points] : coming) expiry.coming.push_back({day, points});
    return expiry;
}

std::string PointLots::text() const {
    std::string text = fmt::format("{} {} {}", missing_.raw(), expired_.raw(), owed_.raw());
    for (const Lot& lot : lots_) text += fmt::format(" {} {} {}", lot.day.days, lot.points.raw(), lot.expires ? 1 : 0);
    return text;
}

std::optional<PointLots> PointLots::parse(std::string_view text, int months, const TimeZone& zone) {
    std::vector<std::int64_t> numbers;
    for (const char *at = text.data(), *end = at + text.size(); at < end; ++at) {
        const auto [rest, error] = std::from_chars(at, end, numbers.emplace_back());
        if (error != std::errc{} || (rest != end && *rest != ' ')) return std::nullopt;
        at = rest;
    }
    if (numbers.size() < 3 || numbers.size() % 3 != 0) return std::nullopt;
    for (const std::int64_t number : numbers)
        if (number > Points::max_value || number < -Points::max_value) return std::nullopt;
    PointLots lots(months, zone);
    lots.missing_ = Points::of(numbers[0]);
    lots.expired_ = Points::of(numbers[1]);
    lots.owed_ = Points::of(numbers[2]);
    for (std::size_t i = 3; i < numbers.size(); i += 3) {
        if (numbers[i] != static_cast<std::int32_t>(numbers[i])) return std::nullopt;
        lots.lots_.push_back({{static_cast<std::int32_t>(numbers[i])}, Points::of(numbers[i + 1]), numbers[i + 2] != 0});
    }
    return lots;
}

PointLots lots_of(std::vector<PointsMovement> movements, int months, const TimeZone& zone) {
    settle_reversals(movements);
    PointLots lots(months, zone);
    for (const PointsMovement& movement : movements) lots.move(movement);
    return lots;
}

Expiry expiry_of(std::vector<PointsMovement> movements, int months, Date through, const TimeZone& zone) {
    return lots_of(std::move(movements), months, zone).as_of(through);
}

bool MovementRow::changes_the_past() const { return kind == "refund" || kind == "restored" || (kind == "referral" && points < Points{}); }

bool MovementRow::needs_body() const {
    return kind == "refund" || kind == "reset" || kind == "restored" || kind == "expiry" || (kind == "referral" && points < Points{});
}

std::vector<PointsMovement> points_movements(const std::vector<MovementRow>& rows) {
    std::vector<PointsMovement> movements;
    std::map<std::int64_t, std::size_t> receipt_of;  // by fact
    for (const MovementRow& row : rows) {
        if (row.kind == "sale" || row.kind == "redemption") {
            const auto [known, added] = receipt_of.emplace(row.fact, movements.size());
            if (added) movements.push_back({Moved::receipt, row.at, {}, {}, row.receipt, {}});
            PointsMovement& receipt = movements[known->second];
            (row.kind == "sale" ? receipt.points : receipt.taken) += row.kind == "sale" ? row.points : -row.points;
            continue;
        }
        PointsMovement movement{Moved::earned, row.at, row.points, {}, {}, {}};
        if (row.kind == "deposit") movement.kind = Moved::paid_in;
        if (row.kind == "referral") {
            movement.kind = row.points < Points{} ? Moved::refund : Moved::receipt;
            movement.document = row.points < Points{} ? parse_receipt(schema::kind::refund, row.body).refund_of : row.receipt;
        }
        if (row.kind == "refund") {
            const ReceiptFact refund = parse_receipt(schema::kind::refund, row.body);
            movement.kind = Moved::refund;
            movement.points = -refund.points();
            movement.taken = refund.taken;
            movement.document = refund.refund_of;
        }
        if (row.kind == "reset" || row.kind == "restored") {
            movement.kind = row.kind == "reset" ? Moved::reset : Moved::restored;
            movement.document = parse_balances(row.kind == "reset" ? schema::kind::balances_reset : schema::kind::balances_restored, row.body).batch;
        }
        if (row.kind == "expiry") {
            movement.kind = Moved::expired;
            movement.through = parse_date(parse_balances(schema::kind::points_expired, row.body).through);
        }
        movements.push_back(std::move(movement));
    }
    return movements;
}

}  // namespace paprsek::node
