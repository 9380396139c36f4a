// What screens read beside the window: one worker thread with a node of its own on the same folder, so that no frame waits for a
// query, however long the ledger is.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "node/node.h"
#include "ui/kit/task.h"

namespace paprsek::ui {

/// Work in its order, one piece after another. post() and drop_unwanted() from the window's thread; the destructor drops what has not
/// begun, breaks off the query that is under way, and waits.
class Background {
public:
    using Work = std::function<void(node::Node&)>;

    explicit Background(std::string folder) : folder_(std::move(folder)) {}
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// `wanted` is asked on the worker's thread before the work begins; `failed` takes what opening the node throws.
    void post(Work work, std::function<bool()> wanted, std::function<void(std::exception_ptr)> failed);
    /// Breaks off the query that is under way where it is not wanted any more: the next one would wait for it.
    void drop_unwanted();

private:
    struct Piece {
        Work work;
        std::function<bool()> wanted;
        std::function<void(std::exception_ptr)> failed;
    };
    void run(const std::stop_token& stop);

    std::string folder_;
    std::mutex mutex_;
    std::condition_variable_any waiting_;
    std::deque<Piece> pieces_;
    std::function<bool()> running_;        ///< whether what is under way is wanted; empty: nothing is
    node::Node* branch_ = nullptr;         ///< whose query it is
    std::jthread thread_;  // last: joined before what it uses goes; begun with the first work
};

/// A screen's question and its newest answer. Asking again drops an answer that is still to come; the last one stays until then.
template <class Result>
class Reading {
public:
    explicit Reading(Background& background) : background_(background) {}
    ~Reading() { drop(); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void ask(std::function<Result(node::Node&)> query) {
        drop();
        slot_ = std::make_shared<Slot>();
        background_.post(
            [slot = slot_, query = std::move(query)](node::Node& branch) {
                try {
                    slot->put(query(branch), nullptr);
                } catch (...) {
                    slot->put(std::nullopt, std::current_exception());
                }
            },
            [slot = slot_] { return !slot->dropped; }, [slot = slot_](std::exception_ptr error) { slot->put(std::nullopt, std::move(error)); });
    }

    /// On the window's thread, from tick(): true where an answer came. Throws what the query threw, once.
    bool poll() {
        if (!slot_ || !slot_->done) return false;
        const std::shared_ptr<Slot> slot = std::exchange(slot_, nullptr);
        if (slot->error) std::rethrow_exception(slot->error);
        result_ = std::move(slot->result);
        return true;
    }

    bool waiting() const { return slot_ != nullptr; }
    bool answered() const { return result_.has_value(); }
    const Result& result() const { return *result_; }
    Result& result() { return *result_; }

private:
    /// Written by the worker until `done`, read by the window after it.
    struct Slot {
        std::atomic<bool> done{false}, dropped{false};
        std::optional<Result> result;
        std::exception_ptr error;

        void put(std::optional<Result> answer, std::exception_ptr failure) {
            result = std::move(answer);
            error = std::move(failure);
            done = true;
            wake();
        }
    };
    void drop() {
        if (!slot_) return;
        slot_->dropped = true;
        slot_.reset();
        background_.drop_unwanted();
    }

    Background& background_;
    std::shared_ptr<Slot> slot_;
    std::optional<Result> result_;
};

}  // namespace paprsek::ui
