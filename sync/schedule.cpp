#include <algorithm>

#include "sync/agent.h"

namespace paprsek::sync {

void Schedule::booked(Monotonic now) {
    if (failures_ > 0) return;  // the network is away; another sale does not bring it back
    if (!first_booked_) first_booked_ = now;
    last_booked_ = now;
}

Monotonic Schedule::due() const {
    if (!first_booked_) return due_;
    return std::min({due_, *last_booked_ + rhythm_.settle, *first_booked_ + rhythm_.settle_most});
}

void Schedule::wanted(Monotonic now) { due_ = now; }

void Schedule::succeeded(Monotonic now) {
    failures_ = 0;
    first_booked_.reset();
    due_ = now + rhythm_.every;
    listen_from_.reset();
    if (rhythm_.listen.count() > 0) listen_from_ = now + rhythm_.quiet;
}

void Schedule::listened(Monotonic started, Monotonic now, bool news) {
    succeeded(now);
    if (!news && now - started < rhythm_.listen / 2 && now - started < rhythm_.every / 2) listen_from_.reset();
}

void Schedule::failed(Monotonic now, double jitter) {
    Monotonic pause = rhythm_.retry_first;
    for (int i = 0; i < failures_ && pause < rhythm_.retry_most; ++i) pause *= 2;
    pause = std::min(pause, rhythm_.retry_most);
    ++failures_;
    // Between half of it and the whole.
    due_ = now + pause / 2 + Monotonic(static_cast<Monotonic::rep>(static_cast<double>(pause.count()) / 2 * jitter));
    first_booked_.reset();
    listen_from_.reset();
}

Decision Schedule::next(Monotonic now) const {
    if (now >= due()) return {Step::exchange, now};
    // Facts wait to be sent: HQ's answer would come too late to listen for.
    if (!listen_from_ || first_booked_) return {Step::rest, due()};
    if (now < *listen_from_) return {Step::rest, std::min(due_, *listen_from_)};
    // Not only the rest of the minute: listening is an exchange too, and counts as one.
    return {Step::listen, now + rhythm_.listen};
}

}  // namespace paprsek::sync
