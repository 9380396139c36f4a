// Exchange with HQ from the till's window, by network: worked by keys, judged by the ledger and its history of exchanges.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <thread>

#include "hq/headquarters.h"
#include "hq/server.h"
#include "sync/history.h"
#include "tests/ui/shop.h"

namespace {

using namespace paprsek;
using test::demo_data;
using test::Display;
using test::eventually;
using test::roll;
using test::Window;
namespace place = test::place;

constexpr node::NodeName till_one{1, 1};

/// An HQ, and a till that has joined it by file and knows its address.
struct Chain : test::Shop {
    Chain() {
        std::filesystem::remove_all(folder);
        auto headquarters = hq::Headquarters::create(scratch.file("hq"), {"Test", "CZK", "Europe/Prague"}, node::system_clock(), node::system_random());
        headquarters->import_catalogue(demo_data("groups.csv"));
        headquarters->import_catalogue(demo_data("products.csv"));
        headquarters->add_branch(till_one, "Branch");
    }
    void join(const std::string& url) const {
        const auto headquarters = hq::Headquarters::open(scratch.file("hq"), node::system_clock(), node::system_random());
        auto branch = node::Node::create(folder, {till_one, "Paprsek test", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
        const auto answer = sync::accept_invitation(*branch, headquarters->invite(till_one, url), "invitation");
        headquarters->import({reinterpret_cast<const char*>(answer.data()), answer.size()}, "answer");
        sync::apply_down(*branch, sync::bytes_of(headquarters->export_reply(till_one).bytes), "reply");
    }
    std::vector<sync::Exchange> exchanges() const {
        const auto branch = open();
        return sync::exchanges(*branch);
    }
    bool all_at_hq() const {
        const auto branch = open();
        return branch->hq_receipt().seq == branch->ledger().head().seq;
    }
};

class Serving {
public:
    explicit Serving(const Chain& chain)
        : server_(std::make_unique<hq::Server>(chain.scratch.file("hq"), hq::ServerOptions{.listen = "127.0.0.1:0", .certificate = {}, .key = {}, .limits = {}},
                                               node::system_clock(), node::system_random())),
          thread_([this] { server_->run(); }) {
        // The window is this process's child and would hold the listening socket open for it.
        for (int fd = 3; fd < 256; ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    ~Serving() { stop(); }
    std::string url() const { return server_->scheme() + "://" + server_->address(); }
    void stop() {
        if (!server_) return;
        server_->stop();
        thread_.join();
        server_.reset();
    }

private:
    std::unique_ptr<hq::Server> server_;
    std::thread thread_;
};

/// Takes every call and answers none.
class Silent {
public:
    Silent() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), length) == 0);
        REQUIRE(listen(socket_, 8) == 0);
        REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
        port_ = ntohs(address.sin_port);
    }
    ~Silent() { close(socket_); }
    Silent(const Silent&) = delete;
    Silent& operator=(const Silent&) = delete;
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    int socket_;
    int port_ = 0;
};

void sell_roll(Window& window) {
    window.scan(roll);
    window.keys({place::f12, place::enter}, 40);
}

}  // namespace

TEST_CASE("S5: Enter synchronises now; where HQ is away that is said, noted, and the till sells on") {
    const Chain shop;
    Serving server(shop);
    shop.join(server.url());
    const Display display("us");
    Window window(shop.program());
    sell_roll(window);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK_FALSE(shop.all_at_hq());
    window.keys({place::f7, place::enter}, 200);
    REQUIRE(eventually([&] { return shop.all_at_hq(); }));
    REQUIRE(eventually([&] { return shop.exchanges().size() == 1; }));
    CHECK(shop.exchanges()[0].road == sync::Road::network);
    CHECK(shop.exchanges()[0].ending == sync::Ending::well);
    CHECK(shop.exchanges()[0].confirmed > 0);

    server.stop();
    sell_roll(window);  // F12 leads from the screen to the payment
    REQUIRE(eventually([&] { return shop.sales().size() == 2; }));
    window.keys({place::f7, place::enter}, 200);
    REQUIRE(eventually([&] { return shop.exchanges().size() == 2; }));
    CHECK(shop.exchanges()[0].ending == sync::Ending::failed);
    CHECK(shop.exchanges()[0].why == "does not answer");
    window.keys({place::down, place::escape}, 80);  // the list is walked through, and left
    sell_roll(window);
    CHECK(eventually([&] { return shop.sales().size() == 3; }));
    CHECK_FALSE(shop.all_at_hq());
}

TEST_CASE("S1, U6: an HQ that never answers holds up no sale, and Esc stops the waiting for it") {
    const Chain shop;
    const Silent hq;
    shop.join(hq.url());
    const Display display("us");
    Window window(shop.program());
    window.keys({place::f7, place::enter}, 200);
    sell_roll(window);
    REQUIRE(eventually([&] { return shop.sales().size() == 1; }));
    CHECK(shop.exchanges().empty());  // it still waits
    window.keys({place::f7, place::escape}, 200);
    REQUIRE(eventually([&] { return shop.exchanges().size() == 1; }));
    CHECK(shop.exchanges()[0].ending == sync::Ending::stopped);
    window.key(place::escape);
    sell_roll(window);
    CHECK(eventually([&] { return shop.sales().size() == 2; }));
}

TEST_CASE("S5: a shop that stands alone joins a chain from its own screen, and its answer lies beside the invitation") {
    const Chain shop;
    const std::string home = shop.scratch.file("home");
    std::filesystem::create_directory(home);
    {
        node::Node::create(shop.folder, {till_one, "Paprsek test", "CZK", "Europe/Prague", "cs"}, node::system_clock(), node::system_random());
        const auto headquarters = hq::Headquarters::open(shop.scratch.file("hq"), node::system_clock(), node::system_random());
        std::ofstream(home + "/invitation.json") << headquarters->invite(till_one, "");
    }
    const test::Home at(home);
    const Display display("us");
    Window window(shop.program());
    window.key(place::f7);
    window.key(31);  // I
    test::read_in();
    window.key(place::enter);
    REQUIRE(eventually([&] { return std::filesystem::exists(home + "/invitation.json.answer"); }));
    const auto branch = shop.open();
    REQUIRE(branch->enrolment());
    CHECK(branch->enrolment()->hq_name == "Test");
}
