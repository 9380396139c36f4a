// The open receipt as it lies in the ledger's file, so that it survives kill and power cut (T6), and who keeps it there beside the till.
#pragma once
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "node/base/database.h"
#include "node/draft.h"

namespace paprsek::node {

/// What was in hand when the till ended; nothing where that was paid or put aside. Throws Error on a text that is no receipt.
std::optional<Draft> read_open_receipt(Database& database);
/// Within the caller's transaction. An empty draft takes it away.
void keep_open_receipt(Database& database, const Draft& draft);

/// Writes the open receipt beside the one who enters it, so that no scan waits for the disk, nor for another program that writes. It is
/// written as a whole each time: of several that wait only the last one is.
/// Threads: constructed, called and destroyed on one thread; it has a thread and a connection of its own. The destructor waits until
/// what was given is written.
class OpenReceiptKeeper {
public:
    /// `path`: the ledger's file. `told` is called on the keeper's thread whenever nothing waits any more, written or failed.
    explicit OpenReceiptKeeper(std::string path, std::function<void()> told = {});
    ~OpenReceiptKeeper();
    OpenReceiptKeeper(const OpenReceiptKeeper&) = delete;
    OpenReceiptKeeper& operator=(const OpenReceiptKeeper&) = delete;

    /// Copies it; putting a receipt of many lines into words is the keeper's work, too.
    void keep(const Draft& draft);
    /// True where what was given last is durable. Throws the Error of a write that failed, once: the disk then holds one that was given
    /// before.
    bool kept();
    /// Waits until nothing waits to be written; kept() tells how it went.
    void wait();

private:
    void run(const std::stop_token& stop);
    void write(const Draft& draft);
    bool idle() const { return !waiting_ && !writing_; }

    const std::string path_;
    const std::function<void()> told_;
    std::mutex mutex_;
    std::condition_variable_any wake_, done_;
    std::optional<Draft> waiting_;
    bool writing_ = false;
    std::exception_ptr failed_;
    std::optional<Database> own_;  ///< the thread's
    std::jthread thread_;  // last: joined before what it uses goes
};

}  // namespace paprsek::node
