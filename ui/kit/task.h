// Slow work beside the window: runs on its own thread, tells its progress, can be cancelled, and wakes the window when done.
#pragma once
#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace paprsek::ui {

// Makes the window look at its state again. From any thread.
void wake();

// What a worker tells the window. Thread-safe.
class Progress {
public:
    void steps(std::uint64_t done, std::uint64_t total) {
        done_ = done;
        total_ = total;
        wake();
    }
    bool cancelled() const { return cancelled_; }
    void cancel() { cancelled_ = true; }
    // From 0 to 1; nothing where the length of the work is not known.
    std::optional<float> share() const {
        const std::uint64_t total = total_;
        if (total == 0) return std::nullopt;
        return static_cast<float>(done_.load()) / static_cast<float>(total);
    }

private:
    std::atomic<std::uint64_t> done_{0};
    std::atomic<std::uint64_t> total_{0};
    std::atomic<bool> cancelled_{false};
};

// One piece of work at a time. Held and polled by the window's thread; the destructor cancels and waits.
// A worker's exception comes out of take().
template <class Result>
class Task {
public:
    Task() = default;
    Task(const Task&) = delete;
    Task& operator=(const Task&) = delete;
    ~Task() {
        if (progress_) progress_->cancel();
    }

    void start(std::function<Result(Progress&)> work) {
        if (thread_.joinable()) thread_.join();
        finished_ = false;
        error_ = nullptr;
        result_.reset();
        progress_ = std::make_unique<Progress>();
        thread_ = std::jthread([this, work = std::move(work)] {
            try {
                result_ = work(*progress_);
            } catch (...) {
                error_ = std::current_exception();
            }
            finished_ = true;
            wake();
        });
    }

    bool running() const { return progress_ != nullptr; }
    Progress* progress() { return progress_.get(); }

    // The result, once, when the work is done; nothing while it runs.
    std::optional<Result> take() {
        if (!progress_ || !finished_) return std::nullopt;
        thread_.join();
        progress_.reset();
        if (error_) std::rethrow_exception(error_);
        return std::move(result_);
    }

private:
    std::unique_ptr<Progress> progress_;
    std::optional<Result> result_;
    std::exception_ptr error_;
    std::atomic<bool> finished_{false};
    std::jthread thread_;  // last: joined before what it uses goes
};

}  // namespace paprsek::ui
