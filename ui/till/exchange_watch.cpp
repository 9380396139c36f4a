#include "ui/till/exchange_watch.h"

#include "node/base/error.h"

namespace paprsek::ui {
namespace {

const char* well_text(ExchangeKind kind) {
    switch (kind) {
        case ExchangeKind::exported: return tr("The file is whole. Take the stick to HQ.");
        case ExchangeKind::imported: return tr("HQ's reply is in.");
        case ExchangeKind::joined: return tr("Joined. HQ has to have the answer now.");
        case ExchangeKind::network: return tr("Exchanged with HQ.");
    }
    return "";
}

void tell(Desk& desk, const ExchangeDone& done) {
    if (done.stopped) desk.toasts.show(Tone::neutral, Icon::ban, tr("Stopped. Nothing is lost; do it again when you like."));
    else if (done.differs) desk.toasts.show(Tone::danger, Icon::warning, tr("HQ holds something else than this till."));
    else desk.toasts.show(Tone::go, Icon::check, well_text(done.kind));
}

}  // namespace

void begin_exchange(Desk& desk, const char* doing, std::function<ExchangeDone(Progress&)> work) {
    ExchangeJob& job = *desk.exchange;
    if (job.work.running()) return;
    job.fault.clear();
    job.done.reset();
    job.doing = doing;
    job.work.start(std::move(work));
}

bool follow_exchange(Desk& desk) {
    ExchangeJob& job = *desk.exchange;
    try {
        auto done = job.work.take();
        if (!done) return false;
        job.done = std::move(done);
        tell(desk, *job.done);
    } catch (const node::Error& error) {
        job.fault = fault_text(error.why(), error.hint());
        desk.toasts.show(Tone::danger, Icon::warning, tr("The exchange with HQ failed."));
    }
    ++job.told;
    desk.refresh_status();
    // Also where it failed half way: what one message brought stays.
    if (job.done && job.done->rows == 0) return true;
    desk.guarded([&] { desk.till.refresh(); });
    desk.goods_changed = true;
    return true;
}

}  // namespace paprsek::ui
