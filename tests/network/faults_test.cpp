// What broken lines, broken clients and strangers can do to an HQ: nothing.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "sync/http_transport.h"
#include "tests/network/support.h"

namespace paprsek::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// An HQ that serves, and branch 1 that has joined by network.
struct Joined {
    explicit Joined(const hq::ServerLimits& limits = {}) : server(hq, limits), branch(hq.file("one"), 1) {
        const auto direct = transport();
        sync::join(branch.node(), hq.invite(1, server.url()), "invitation", *direct);
    }
    std::unique_ptr<sync::Transport> transport() const { return sync::http_transport(server.url()); }
    sync::ExchangeReport exchange() {
        const auto direct = transport();
        return sync::exchange_now(branch.node(), *direct);
    }
    /// A bundle of `bytes` random bytes that calls itself the branch's.
    static std::string forged(const std::string& genuine, std::size_t bytes) {
        std::string text = genuine.substr(0, std::min<std::size_t>(genuine.size(), 400));
        text.resize(bytes, 'x');
        for (int i = 0; i < 8; ++i) text[static_cast<std::size_t>(8 + i)] = static_cast<char>(bytes >> (8 * (7 - i)));
        return text;
    }
    HqFolder hq;
    RunningServer server;
    Branch branch;
};

TEST_CASE("connections cut after any number of bytes, in either direction, lose and double nothing") {
    Joined chain;
    CuttingProxy proxy(chain.server.port());
    // A connection of its own each time, for the proxy bounds them when they are made.
    const auto exchange = [&] { sync::exchange_now(chain.branch.node(), *sync::http_transport(proxy.url())); };
    int cut = 0, whole = 0;
    for (int i = 0; i < 60; ++i) {
        chain.branch.sell(i % 3 ? regular_customer : "");
        const std::int64_t bytes = i < 20 ? i * 7 : (i - 19) * 40;
        proxy.cut_after(i % 2 ? bytes : -1, i % 2 ? -1 : bytes);
        const std::string error = error_of(exchange);
        ++(error.empty() ? whole : cut);
    }
    CHECK(cut >= 20);
    CHECK(whole >= 5);
    proxy.cut_after(-1, -1);
    exchange();
    CHECK(chain.branch.confirmed() == chain.branch.facts());
    check_equal(*chain.hq.open(), chain.branch);
}

TEST_CASE("requests that come twice, late and in another order") {
    Joined chain;
    std::vector<std::string> requests;
    for (int i = 0; i < 12; ++i) {
        chain.branch.sell(regular_customer);
        requests.push_back(text_of(sync::make_up(chain.branch.node())->bytes));
        if (i % 4 == 3) chain.exchange();
    }
    for (int i = 11; i >= 0; --i) CHECK(post(chain.server.port(), requests[static_cast<std::size_t>(i)]).status == 200);
    for (const std::string& request : requests) CHECK(post(chain.server.port(), request).status == 200);
    chain.exchange();
    check_equal(*chain.hq.open(), chain.branch);
}

TEST_CASE("an exchange with nothing new is one round trip of at most 600 bytes each way") {
    Joined chain;
    chain.branch.sell(regular_customer);
    chain.exchange();
    const auto report = chain.exchange();
    CHECK(report.trips == 1);
    CHECK_FALSE(report.news());
    MESSAGE(fmt::format("nothing new: {} bytes up, {} down", report.up_bytes, report.down_bytes));
    CHECK(report.up_bytes <= 600);
    CHECK(report.down_bytes <= 600);
}

TEST_CASE("an answer is held until the state changes, also by another process") {
    Joined chain;
    chain.exchange();
    const auto transport = chain.transport();
    sync::ExchangeOptions listening;
    listening.patience.hold = 20s;
    std::thread change([&] {
        std::this_thread::sleep_for(300ms);
        chain.hq.open()->set_policy(R"({"point_value":"0.10"})", "policy");
    });
    const auto start = Clock::now();
    const auto report = sync::exchange_now(chain.branch.node(), *transport, listening);
    change.join();
    CHECK(report.rows == 1);
    CHECK(Clock::now() - start > 250ms);
    CHECK(Clock::now() - start < 5s);
    // A sale breaks it off.
    listening.patience.go_on = [&] { return Clock::now() - start < 1500ms; };
    CHECK_FALSE(sync::exchange_now(chain.branch.node(), *transport, listening).answered);
    CHECK(chain.exchange().answered);
}

TEST_CASE("the agent sends a sale by itself") {
    Joined chain;
    const auto transport = chain.transport();
    sync::Rhythm rhythm;
    rhythm.settle = rhythm.quiet = 20ms;
    std::atomic<std::int64_t> confirmed = 0;
    const std::string folder = chain.branch.folder();
    std::unique_ptr<node::Node> own = node::Node::open(folder, node::system_clock(), node::system_random());
    sync::Agent agent(*own, *transport, [&](const sync::AgentEvent& event) {
        if (event.report) confirmed = event.report->receipt;
    }, rhythm);
    std::thread thread([&] { agent.run(); });
    chain.branch.sell(regular_customer);
    for (int i = 0; i < 500 && confirmed < chain.branch.facts(); ++i) std::this_thread::sleep_for(20ms);
    CHECK(confirmed == chain.branch.facts());
    agent.stop();
    thread.join();
}

TEST_CASE("garbage is answered with a sentence, and others do not notice") {
    Joined chain;
    const std::uint16_t port = chain.server.port();
    CHECK(post(port, "").status == 400);
    CHECK(post(port, "PAPRSEK").status == 400);
    CHECK(post(port, std::string(1000, '\0')).status == 400);
    CHECK(raw_request(port, "\r\n\r\n\x01\x02 nonsense\r\n\r\n").status == 400);
    CHECK(raw_request(port, "GET /admin HTTP/1.1\r\nConnection: close\r\n\r\n").status == 404);
    CHECK(raw_request(port, "GET /v1/exchange HTTP/1.1\r\nConnection: close\r\n\r\n").status == 405);
    CHECK(raw_request(port, "POST /v1/exchange HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n").status == 411);
    CHECK(raw_request(port, "POST /v1/exchange HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n").status == 413);
    CHECK(raw_request(port, "GET /healthz HTTP/1.1\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n").status == 431);
    CHECK(raw_request(port, "GET /metrics HTTP/1.1\r\nX-Forwarded-For: 10.0.0.1\r\nConnection: close\r\n\r\n").status == 403);
    CHECK(raw_request(port, "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n").text.find("paprsek_node_facts{node=\"1.1\"} ") != std::string::npos);
    CHECK(raw_request(port, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n").status == 200);

    const std::string genuine = text_of(sync::make_up(chain.branch.node())->bytes);
    SeededRandom random(3);
    for (int i = 0; i < 60; ++i) {
        std::string changed = genuine;
        changed[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(changed.size())))] ^= static_cast<char>(1 + random.below(255));
        const RawAnswer answer = post(port, changed);
        CHECK((answer.status == 400 || answer.status == 403 || answer.status == 422));
        CHECK(answer.text.find("\"why\"") != std::string::npos);
    }
    CHECK(chain.exchange().answered);
    check_equal(*chain.hq.open(), chain.branch);
}

TEST_CASE("strangers: another key, an unknown node, a used or older invitation") {
    Joined chain;
    const std::uint16_t port = chain.server.port();
    SUBCASE("another key signs as our node") {
        Branch thief(chain.hq.file("thief"), 1);
        const sync::Invitation invitation{{1, 1}, std::string(64, '0'), "Chain", sync::Identity::load(chain.hq.path()).public_key(), {}, "CZK"};
        const std::string answer = text_of(sync::accept_invitation(thief.node(), sync::print(invitation), "forged"));
        CHECK(post(port, answer).status == 403);
        CHECK(post(port, text_of(sync::make_up(thief.node())->bytes)).status == 403);
    }
    SUBCASE("an invitation is good once") {
        const std::string invitation = chain.hq.invite(2, chain.server.url());
        Branch rightful(chain.hq.file("two"), 2), thief(chain.hq.file("thief"), 2);
        const auto transport = chain.transport();
        CHECK(sync::join(rightful.node(), invitation, "invitation", *transport).answered);
        CHECK(sync::join(rightful.node(), invitation, "invitation", *transport).answered);
        CHECK(error_of([&] { sync::join(thief.node(), invitation, "invitation", *transport); }).find("no open invitation") != std::string::npos);
    }
    SUBCASE("a long body needs a known sender") {
        const std::string genuine = text_of(sync::make_up(chain.branch.node())->bytes);
        CHECK(post(port, Joined::forged(genuine, 3 << 20)).status == 403);  // known by name, but not signed
        std::string stranger = Joined::forged(genuine, 3 << 20);
        stranger.replace(stranger.find("\"from\":\"1.1\""), 12, "\"from\":\"9.9\"");
        CHECK(post(port, stranger).status == 403);
        CHECK(post(port, std::string(3 << 20, 'x')).status == 400);
    }
    CHECK(chain.exchange().answered);
}

TEST_CASE("slow clients are cut, and hold up nobody") {
    hq::ServerLimits limits;
    limits.header_time = 300ms;
    limits.body_time = 400ms;
    limits.bytes_a_second = 1u << 20;
    Joined chain(limits);
    std::vector<int> slow;
    for (int i = 0; i < 50; ++i) {
        slow.push_back(connect_to(chain.server.port()));
        const std::string start = i % 2 ? "POST /v1/exch" : "POST /v1/exchange HTTP/1.1\r\nContent-Length: 5000\r\n\r\nPAPR";
        ::send(slow.back(), start.data(), start.size(), MSG_NOSIGNAL);
    }
    const auto start = Clock::now();
    chain.branch.sell();
    CHECK(chain.exchange().answered);
    CHECK(Clock::now() - start < 2s);
    for (const int socket : slow) {
        char byte = 0;
        timeval patience{5, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        CHECK(::recv(socket, &byte, 1, 0) == 0);
        ::close(socket);
    }
}

TEST_CASE("too many connections, and a node that comes too often") {
    hq::ServerLimits limits;
    limits.connections = 8;
    limits.exchanges_a_second = 0.5;
    limits.burst = 5;
    Joined chain(limits);
    std::vector<int> guests;
    for (int i = 0; i < 20; ++i) guests.push_back(connect_to(chain.server.port()));
    std::this_thread::sleep_for(100ms);
    CHECK(raw_request(chain.server.port(), "GET /healthz HTTP/1.1\r\n\r\n").status == 0);
    for (const int socket : guests) ::close(socket);
    std::this_thread::sleep_for(100ms);
    std::string error;
    for (int i = 0; i < 10 && error.empty(); ++i) error = error_of([&] { chain.exchange(); });
    CHECK(error.find("comes too often") != std::string::npos);
}

TEST_CASE("TLS: by authority, by the key that the invitation names, and not by anything else") {
    HqFolder hq;
    const std::string certificate = hq.file("cert.pem"), key = hq.file("key.pem"), other = hq.file("other.pem");
    const auto make = [&](const std::string& cert, const std::string& its_key) {
        return std::system(
            fmt::format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=hq -addext subjectAltName=IP:127.0.0.1 "
                        "-keyout '{}' -out '{}' >/dev/null 2>&1",
                        its_key, cert)
                .c_str());
    };
    REQUIRE(make(certificate, key) == 0);
    REQUIRE(make(other, hq.file("other-key.pem")) == 0);
    RunningServer server(hq, {}, certificate, key);
    Branch branch(hq.file("one"), 1);
    const std::string pin = "#" + hq::pin_of_certificate(certificate), wrong = "#" + hq::pin_of_certificate(other);
    const auto pinned = sync::make_transport(server.url() + pin);
    CHECK(sync::join(branch.node(), hq.invite(1, server.url() + pin), "invitation", *pinned).answered);
    sync::HttpOptions by_authority;
    by_authority.ca_file = certificate;
    CHECK(sync::exchange_now(branch.node(), *sync::make_transport(server.url(), by_authority)).answered);
    CHECK(error_of([&] { sync::exchange_now(branch.node(), *sync::make_transport(server.url() + wrong)); }).find("does not prove to be HQ") !=
          std::string::npos);
    CHECK(error_of([&] { sync::exchange_now(branch.node(), *sync::make_transport(server.url())); }).find("does not prove to be HQ") != std::string::npos);
    by_authority.ca_file = other;
    CHECK(error_of([&] { sync::exchange_now(branch.node(), *sync::make_transport(server.url(), by_authority)); }).find("does not prove to be HQ") !=
          std::string::npos);
    CHECK_FALSE(error_of([&] { sync::exchange_now(branch.node(), *sync::make_transport("http" + server.url().substr(5))); }).empty());
}

TEST_CASE("plain HTTP is for this machine alone") {
    HqFolder hq;
    hq::ServerOptions options;
    options.listen = "0.0.0.0:0";  // refused before anything is bound
    CHECK(error_of([&] { hq::Server(hq.path(), options, node::system_clock(), node::system_random()); }).find("only this machine is served") !=
          std::string::npos);
    options.listen = "localhost";
    CHECK(error_of([&] { hq::Server(hq.path(), options, node::system_clock(), node::system_random()); }).find("is no address and port") != std::string::npos);
    CHECK(error_of([&] { sync::http_transport("http://127.0.0.1:1")->exchange(sync::bytes_of("x"), {}); }).find("does not answer") != std::string::npos);
}

}  // namespace
}  // namespace paprsek::test
