// Expiry of points (PRODUCT L18): which points are due to expire, by a customer's movements alone. Pure functions.
//
// Every movement that brings points makes a lot; whatever takes points takes the oldest lot first. A lot of day D (local to who
// books the expiry) is good through the day with the same number `months` later, or the month's last day where there is none such,
// and expires at the local midnight that ends it. Points that were paid in (deposits) do not expire.
//
// What a refund gives or takes back was never earned or spent: it changes the lot and the redemption of its sale. What a till honoured
// after the expiry, not knowing of it, was not expired. So what is due is a difference to what is booked, and may be a giving back: a
// fact that comes late from an offline branch sets it right, and nothing expires twice.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/clock.h"
#include "node/base/decimal.h"

namespace paprsek::node {

/// A movement of points, oldest first, as a fact books it.
struct PointsMovement {
    enum class Kind {
        earned,    ///< a lot when positive, else it takes
        paid_in,   ///< a lot that does not expire
        receipt,   ///< a sale's: points and redemption are given back by its refunds
        refund,
        reset, restored,
        expired
    };
    Kind kind = Kind::earned;
    Instant at;
    Points points;           ///< as it moved the balance; of a receipt what it awarded
    Points taken;            ///< receipt: for the redemption; refund: of it given back
    std::string document;    ///< receipt: its name; refund: of its receipt; reset and restored: the batch
    std::optional<Date> through;  ///< expired: lots up to this day
};

struct Expiry {
    Points due;              ///< to be taken now; below zero: to be given back
    /// What expires next, by its last good day.
    struct Coming {
        Date last_day;
        Points points;
    };
    std::vector<Coming> coming;
};

/// The last day on which a lot of `earned` is good.
Date last_good_day(Date earned, int months);
/// Lots of this day and before have expired when `today` begins.
Date expired_through(Date today, int months);

/// A customer's lots after some movements, to go on from with later ones.
class PointLots {
public:
    /// `zone` must live as long.
    PointLots(int months, const TimeZone& zone) : months_(months), zone_(&zone) {}
    /// The next movement; a refund or an undone reset only where nothing is known of what it changes.
    void move(const PointsMovement& movement);
    /// When all lots through that day have expired.
    Expiry as_of(Date through) const;

    /// As it is kept, and read again; nothing where the text does not have that form.
    std::string text() const;
    static std::optional<PointLots> parse(std::string_view text, int months, const TimeZone& zone);

private:
    struct Lot {
        Date day;
        Points points;
        bool expires;
    };
    void add(Points points, Instant at, bool expires);
    void take(Points points, Instant at);
    void expire(Points points, Date through);
    void drop_empty();
    static void take_from(Lot& lot, Points& points);
    int months_;
    const TimeZone* zone_;
    std::deque<Lot> lots_;
    Points missing_;  ///< taken beyond all lots
    Points expired_;  ///< booked
    Points owed_;     ///< booked as expired, and not to have been
};
/// All movements, in the order of their instants; of one instant, as booked.
PointLots lots_of(std::vector<PointsMovement> movements, int months, const TimeZone& zone);

/// When all lots through that day have expired. Movements in the order of their instants; of one instant, as booked.
Expiry expiry_of(std::vector<PointsMovement> movements, int months, Date through, const TimeZone& zone);

/// A row of the table of movements, as branch and HQ keep it.
struct MovementRow {
    Instant at;
    std::int64_t fact = 0;   ///< names the fact among the customer's
    std::string kind;        ///< of node::Movement
    Points points;
    std::string receipt;     ///< of a sale: its number, "3.1-000017"
    bool needs_body() const;
    /// Refunds and undone resets change movements of before: lots that were reckoned without them are no use any more.
    bool changes_the_past() const;
    std::string body = {};   ///< where needs_body()
};
/// Throws Error (refused) where a body does not have the form.
std::vector<PointsMovement> points_movements(const std::vector<MovementRow>& rows);

}  // namespace paprsek::node
