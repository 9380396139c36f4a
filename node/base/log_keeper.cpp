#include "node/base/log_keeper.h"

#include <optional>

#include "node/base/error.h"

namespace paprsek::node {

LogKeeper::LogKeeper(Database& database) : database_(database), own_pages_(database.integer("PRAGMA wal_autocheckpoint").value_or(1000)) {
    sqlite3_wal_hook(database_.handle(), &LogKeeper::committed, this);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

LogKeeper::~LogKeeper() { sqlite3_wal_autocheckpoint(database_.handle(), static_cast<int>(own_pages_)); }  // takes the hook's place

void LogKeeper::settle() {
    std::unique_lock lock(mutex_);
    const std::int64_t round = ++wanted_;
    wake_.notify_one();
    done_.wait(lock, [&] { return carried_ >= round; });
}

int LogKeeper::committed(void* self, sqlite3* handle, const char* schema, int pages) {
    auto& keeper = *static_cast<LogKeeper*>(self);
    keeper.pages_ = pages;
    // What it answers is not the commit's: that stands in the log.
    if (pages >= most_pages) sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (pages < begin_pages) return SQLITE_OK;
    const std::lock_guard lock(keeper.mutex_);
    // One round takes all that is there when it begins, so that a second one may wait, and no third.
    if (keeper.wanted_ < keeper.carried_ + 2) ++keeper.wanted_;
    keeper.wake_.notify_one();
    return SQLITE_OK;
}

void LogKeeper::run(const std::stop_token& stop) {
    std::optional<Database> own;
    while (!stop.stop_requested()) {
        std::int64_t round = 0;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [&] { return wanted_ > carried_; })) return;
            round = wanted_;
        }
        try {
            if (!own) own.emplace(database_.path());
            sqlite3_wal_checkpoint_v2(own->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        } catch (const Error&) {
            own.reset();  // the writer's next commit says what is wrong with the disk
        }
        const std::lock_guard lock(mutex_);
        carried_ = round;
        done_.notify_all();
    }
}

}  // namespace paprsek::node
