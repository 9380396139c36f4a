#include "ui/till/background.h"

namespace paprsek::ui {

Background::~Background() {
    {
        const std::lock_guard lock(mutex_);
        pieces_.clear();
    }
    thread_.request_stop();
}

void Background::post(Work work, std::function<bool()> wanted, std::function<void(std::exception_ptr)> failed) {
    {
        const std::lock_guard lock(mutex_);
        pieces_.push_back({std::move(work), std::move(wanted), std::move(failed)});
    }
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    waiting_.notify_one();
}

void Background::run(const std::stop_token& stop) {
    std::unique_ptr<node::Node> branch;
    for (;;) {
        Piece piece;
        {
            std::unique_lock lock(mutex_);
            if (!waiting_.wait(lock, stop, [this] { return !pieces_.empty(); })) return;
            piece = std::move(pieces_.front());
            pieces_.pop_front();
        }
        if (!piece.wanted()) continue;
        try {
            if (!branch) branch = node::Node::open(folder_, node::system_clock(), node::system_random());
        } catch (...) {
            piece.failed(std::current_exception());
            continue;
        }
        piece.work(*branch);
    }
}

}  // namespace paprsek::ui
