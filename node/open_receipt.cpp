#include "node/open_receipt.h"

#include <utility>

#include "node/base/error.h"

namespace paprsek::node {

std::optional<Draft> read_open_receipt(Database& database) {
    const auto body = database.text("SELECT body FROM open_receipt WHERE slot = 0");
    return body ? std::optional(parse_draft(*body)) : std::nullopt;
}

void keep_open_receipt(Database& database, const Draft& draft) {
    if (draft.empty()) database.run("DELETE FROM open_receipt WHERE slot = 0");
    else database.run("INSERT OR REPLACE INTO open_receipt (slot, body) VALUES (0, ?)", draft_json(draft));
}

OpenReceiptKeeper::OpenReceiptKeeper(std::string path, std::function<void()> told) : path_(std::move(path)), told_(std::move(told)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

OpenReceiptKeeper::~OpenReceiptKeeper() { wait(); }

void OpenReceiptKeeper::keep(const Draft& draft) {
    Draft copy = draft;
    const std::lock_guard lock(mutex_);
    waiting_ = std::move(copy);
    wake_.notify_one();
}

bool OpenReceiptKeeper::kept() {
    const std::lock_guard lock(mutex_);
    if (!idle()) return false;
    if (failed_) std::rethrow_exception(std::exchange(failed_, nullptr));
    return true;
}

void OpenReceiptKeeper::wait() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return idle(); });
}

void OpenReceiptKeeper::write(const Draft& draft) {
    if (!own_) own_.emplace(path_);
    Transaction transaction(*own_);
    keep_open_receipt(*own_, draft);
    transaction.commit();
}

void OpenReceiptKeeper::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [&] { return waiting_.has_value(); })) {
        const Draft draft = *std::exchange(waiting_, std::nullopt);
        writing_ = true;
        lock.unlock();
        std::exception_ptr failed;
        try {
            write(draft);
        } catch (const Error&) {
            failed = std::current_exception();
            own_.reset();
        }
        lock.lock();
        writing_ = false;
        failed_ = failed;  // a whole receipt that was written makes good for one before it that was not
        if (waiting_) continue;
        done_.notify_all();
        if (!told_) continue;
        lock.unlock();
        told_();
        lock.lock();
    }
}

}  // namespace paprsek::node
