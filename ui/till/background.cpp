#include "ui/till/background.h"

#include <malloc.h>

#include "ui/till/open_beside.h"

namespace paprsek::ui {

Background::~Background() {
    {
        const std::lock_guard lock(mutex_);
        pieces_.clear();
        if (branch_ != nullptr) sqlite3_interrupt(branch_->database().handle());
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

void Background::drop_unwanted() {
    const std::lock_guard lock(mutex_);
    if (branch_ != nullptr && !running_()) sqlite3_interrupt(branch_->database().handle());
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
            if (!branch) branch = open_beside(folder_);
        } catch (...) {
            piece.failed(std::current_exception());
            continue;
        }
        {
            const std::lock_guard lock(mutex_);
            running_ = piece.wanted;
            branch_ = branch.get();
        }
        if (piece.wanted()) piece.work(*branch);
        const std::lock_guard lock(mutex_);
        branch_ = nullptr;
        // A report over years is seldom: what it took goes back.
        if (!pieces_.empty()) continue;
        sqlite3_db_release_memory(branch->database().handle());
        ::malloc_trim(0);
    }
}

}  // namespace paprsek::ui
