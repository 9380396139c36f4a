#include "ui/till/beside.h"

#include <utility>

#include "sync/agent.h"
#include "ui/till/open_beside.h"

namespace paprsek::ui {

void Beside::begin(const std::string& folder, node::Till::Hands hands, Job job) {
    if (running()) return;
    job_ = std::move(job);
    task_.start([folder, hands = std::move(hands), command = job_.command](Progress& progress) mutable {
        const auto branch = open_beside(folder);
        node::Till session(*branch, node::Keep::at_payment);
        session.take_hands(std::move(hands));
        Left left;
        left.outcome = command(session, *branch, progress);
        left.hands = session.hands();
        return left;
    });
}

bool Beside::follow() {
    std::optional<Left> left;
    try {
        left = task_.take();
    } catch (...) {
        const Job job = std::exchange(job_, {});
        if (job.threw) job.threw();
        throw;
    }
    if (!left) return false;
    const Job job = std::exchange(job_, {});  // the next one may be begun by what this one tells
    job.ended(left->outcome, std::move(left->hands));
    return true;
}

std::function<bool(std::int64_t, std::int64_t)> making_way(Progress& progress) {
    return [&progress](std::int64_t done, std::int64_t total) {
        progress.steps(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total));
        return sync::make_way(done, total) && !progress.cancelled();
    };
}

}  // namespace paprsek::ui
