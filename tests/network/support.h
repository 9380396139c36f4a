// A chain on 127.0.0.1: an HQ with its server, branches with ledgers on disk, and a way to break what lies between them.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "hq/headquarters.h"
#include "hq/server.h"
#include "node/node.h"
#include "node/reports.h"
#include "node/script.h"
#include "sync/agent.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace paprsek::test {

inline constexpr const char* roll = "8594001021239";
inline constexpr const char* regular_customer = "2900000000018";

/// An HQ with a small catalogue.
class HqFolder {
public:
    HqFolder();
    const std::string& path() const { return path_; }
    std::string file(const std::string& name) const { return folder_.file(name); }
    std::unique_ptr<hq::Headquarters> open() const;
    /// Replaces a folder by a copy of another, in which no program runs.
    static void copy(const std::string& from, const std::string& to);
    /// Adds branch `number` with till 1 and invites it.
    std::string invite(int number, const std::string& url) const;

private:
    TemporaryFolder folder_;
    std::string path_;
};

class RunningServer {
public:
    explicit RunningServer(const HqFolder& folder, const hq::ServerLimits& limits = {}, const std::string& certificate = {}, const std::string& key = {});
    ~RunningServer();
    std::string url() const { return server_->scheme() + "://" + server_->address(); }
    std::uint16_t port() const { return static_cast<std::uint16_t>(std::stoi(server_->address().substr(server_->address().rfind(':') + 1))); }

private:
    std::unique_ptr<hq::Server> server_;
    std::thread thread_;
};

/// A branch's till 1 with its ledger in `folder`.
class Branch {
public:
    Branch(const std::string& folder, int number);
    node::Node& node() { return *node_; }
    const std::string& folder() const { return folder_; }
    void sell(const std::string& customer = {});
    std::int64_t facts() { return node_->ledger().head().seq; }
    std::int64_t confirmed() { return node_->hq_receipt().seq; }
    std::string points(const std::string& card);
    std::int64_t receipts() { return node_->database().integer("SELECT count(*) FROM receipt").value_or(0); }
    /// A copy of its disk, and that copy put in its place.
    void back_up(const std::string& folder);
    /// Behind the program's back, as a disk that is put back.
    void restore(const std::string& folder);
    /// As `paprsek restore` does it.
    void restore_knowingly(const std::string& folder);
    /// Another machine that begins with a copy of this one's disk.
    std::unique_ptr<Branch> cloned(const std::string& folder);

private:
    explicit Branch(const std::string& folder);
    void open();
    void close();
    std::string folder_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<node::Script> script_;
    std::size_t line_ = 0;
};

/// What HQ holds of a branch equals its ledger, fact for fact; both sides verify; `exceptions`: there may be some.
void check_equal(hq::Headquarters& headquarters, Branch& branch, bool exceptions = false);

/// Stands between a branch and its HQ and cuts each connection after so many bytes of one direction.
class CuttingProxy {
public:
    explicit CuttingProxy(std::uint16_t to);
    ~CuttingProxy();
    std::string url() const;
    /// −1: never.
    void cut_after(std::int64_t up, std::int64_t down);

private:
    void run();
    void carry(int client);
    std::uint16_t to_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::int64_t> up_ = -1, down_ = -1;
    std::atomic<bool> stopped_ = false;
    std::thread thread_;
};

struct RawAnswer {
    int status = 0;  ///< 0: the connection closed without an answer
    std::string text;
};
enum class AfterSending { wait, end };  ///< whether the sender says that no more bytes will come
/// Sends these very bytes to 127.0.0.1 and reads until the answer's end, or for at most five seconds.
RawAnswer raw_request(std::uint16_t port, const std::string& bytes, AfterSending after = AfterSending::wait);
/// POST /v1/exchange with this body, on a connection of its own.
RawAnswer post(std::uint16_t port, const std::string& body, const std::string& headers = {});
inline std::string text_of(const sync::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// A connected socket to 127.0.0.1; the caller closes it.
int connect_to(std::uint16_t port);

/// What a call throws ("what: why (hint)"); empty when nothing.
template <class Call>
std::string error_of(Call call) {
    try {
        call();
    } catch (const node::Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace paprsek::test
