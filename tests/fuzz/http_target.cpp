// What comes in at the server's socket: the server answers in HTTP or hangs up, and goes on serving.
#include <cassert>
#include <string>

#include "tests/fuzz/targets.h"
#include "tests/network/support.h"

namespace paprsek::fuzz {
namespace {

hq::ServerLimits quick_limits() {
    hq::ServerLimits limits;
    limits.header_time = std::chrono::milliseconds(50);
    limits.body_time = std::chrono::milliseconds(50);
    limits.idle_time = std::chrono::milliseconds(50);
    return limits;
}

}  // namespace

void http(std::string_view bytes) {
    static const test::HqFolder folder;
    static const test::RunningServer server(folder, quick_limits());
    static int count = 0;
    // Cut off where a whole request would hold the connection open.
    const test::RawAnswer answer = test::raw_request(server.port(), std::string(bytes), test::AfterSending::end);
    assert(answer.text.empty() || answer.text.starts_with("HTTP/1."));
    if (++count % 100 == 1) assert(test::raw_request(server.port(), "GET /healthz HTTP/1.1\r\nHost: hq\r\nConnection: close\r\n\r\n").status == 200);
}

}  // namespace paprsek::fuzz
