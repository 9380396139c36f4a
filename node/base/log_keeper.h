// Carries a database's log over into the database itself, beside the one who writes: SQLite would do it within the commit that fills
// the log, and on a ledger of years that one sale would wait for thousands of pages all over the file.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "node/base/database.h"

namespace paprsek::node {

/// From its construction to its destruction `database` does not carry over by itself, unless the keeper stays behind by most_pages.
/// Destroy it before `database`. Threads: constructed and destroyed on the thread that owns `database`; it has a thread and a
/// connection of its own. Whatever it meets, nothing is lost: the log holds what it has not carried over.
class LogKeeper {
public:
    static constexpr int begin_pages = 200;  ///< some sales: little enough that a commit beside it hardly waits for the disk
    static constexpr int most_pages = 20'000;

    explicit LogKeeper(Database& database);
    ~LogKeeper();
    LogKeeper(const LogKeeper&) = delete;
    LogKeeper& operator=(const LogKeeper&) = delete;

    /// Pages that were in the log after the last commit.
    int log_pages() const { return pages_; }
    /// Waits until what was committed before the call is carried over, as far as readers let it; for tests.
    void settle();

private:
    static int committed(void* self, sqlite3* handle, const char* schema, int pages);
    void run(const std::stop_token& stop);

    Database& database_;
    std::int64_t own_pages_;  ///< at which the database carried over before
    std::atomic<int> pages_ = 0;
    std::mutex mutex_;
    std::condition_variable_any wake_, done_;
    std::int64_t wanted_ = 0, carried_ = 0;  ///< rounds
    std::jthread thread_;  // last: joined before what it uses goes
};

}  // namespace paprsek::node
