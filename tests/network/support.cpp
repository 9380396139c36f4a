#include "tests/network/support.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>

#include "node/rights.h"
#include "sync/files.h"

namespace paprsek::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool send_all(int socket, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t sent = ::send(socket, data, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

}  // namespace

HqFolder::HqFolder() : path_(folder_.file("hq")) {
    auto headquarters = hq::Headquarters::create(path_, {"Chain", "CZK", "Europe/Prague"}, node::system_clock(), node::system_random());
    const std::string csv = file("products.csv");
    sync::write_atomically(csv, sync::bytes_of("code,name,group,price,vat,cost,points,dealer_discounts\n8594001021239,Rohlík,,2.90,B,2.00,3,\n"));
    headquarters->import_catalogue(csv);
}

void HqFolder::copy(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

std::unique_ptr<hq::Headquarters> HqFolder::open() const { return hq::Headquarters::open(path_, node::system_clock(), node::system_random()); }

std::string HqFolder::invite(int number, const std::string& url) const {
    const auto headquarters = open();
    headquarters->add_branch({number, 1}, "Shop " + std::to_string(number));
    return headquarters->invite({number, 1}, url);
}

RunningServer::RunningServer(const HqFolder& folder, const hq::ServerLimits& limits, const std::string& certificate, const std::string& key) {
    hq::ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.certificate = certificate;
    options.key = key;
    options.limits = limits;
    server_ = std::make_unique<hq::Server>(folder.path(), options, node::system_clock(), node::system_random());
    thread_ = std::thread([this] { server_->run(); });
}

RunningServer::~RunningServer() {
    server_->stop();
    thread_.join();
}

Branch::Branch(const std::string& folder, int number)
    : folder_(folder),
      node_(node::Node::create(folder, {{number, 1}, "Shop " + std::to_string(number), "CZK", "Europe/Prague", "cs"}, node::system_clock(),
                               node::system_random())),
      script_(std::make_unique<node::Script>(*node_, node::system_clock())) {}

Branch::Branch(const std::string& folder) : folder_(folder) { open(); }

void Branch::open() {
    node_ = node::Node::open(folder_, node::system_clock(), node::system_random());
    script_ = std::make_unique<node::Script>(*node_, node::system_clock());
}

void Branch::close() {
    script_.reset();
    node_.reset();
}

void Branch::back_up(const std::string& folder) {
    close();
    HqFolder::copy(folder_, folder);
    open();
}

void Branch::restore(const std::string& folder) {
    close();
    HqFolder::copy(folder, folder_);
    open();
}

void Branch::restore_knowingly(const std::string& folder) {
    restore(folder);
    node::Transaction transaction(node_->database());
    node_->set_setting(node::restored_setting, std::string(node::fresh_restore));
    transaction.commit();
}

std::unique_ptr<Branch> Branch::cloned(const std::string& folder) {
    back_up(folder);
    return std::unique_ptr<Branch>(new Branch(folder));
}

void Branch::sell(const std::string& customer) {
    node::Json line = {{"lines", {{{"code", roll}, {"qty", "2"}}}}};
    if (!customer.empty()) line["customer"] = customer;
    const node::Json answer = node::Json::parse(script_->play(line.dump(), ++line_).json);
    if (answer.contains("refused")) throw std::runtime_error(answer.dump());
}

std::string Branch::points(const std::string& card) {
    for (const node::Json& row : node::report(*node_, "customers", {}))
        for (const node::Json& each : row["cards"])
            if (each == card) return row["points"].get<std::string>();
    return {};
}

void check_equal(hq::Headquarters& headquarters, Branch& branch, bool exceptions) {
    const node::Verification ours = node::verify(branch.node().database(), branch.node().info().node);
    CHECK_MESSAGE(ours.ok(), (ours.faults.empty() ? "" : ours.faults[0]));
    const hq::Verification theirs = headquarters.verify();
    CHECK_MESSAGE(theirs.ok(), (theirs.faults.empty() ? "" : theirs.faults[0]));
    for (const hq::NodeStatus& status : headquarters.branches()) {
        if (status.node != branch.node().info().node) continue;
        CHECK(status.facts == branch.facts());
        CHECK(status.head == schema::to_hex(branch.node().ledger().head().hash));
        CHECK(status.gaps.empty());
        CHECK((exceptions || status.exceptions == 0));
    }
    for (const hq::CustomerBalance& customer : headquarters.customers("", 1000))
        for (const std::string& card : customer.cards) CHECK(branch.points(card) == node::print(customer.points));
}

// ------------------------------------------------------------------------------------------------------------- sockets

int connect_to(std::uint16_t port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(made);
        return -1;
    }
    return made;
}

RawAnswer raw_request(std::uint16_t port, const std::string& bytes, AfterSending after) {
    RawAnswer answer;
    const int socket = connect_to(port);
    if (socket < 0) return answer;
    send_all(socket, bytes.data(), bytes.size());
    if (after == AfterSending::end) ::shutdown(socket, SHUT_WR);
    std::array<char, 65536> buffer{};
    for (pollfd each{socket, POLLIN, 0}; ::poll(&each, 1, 5000) > 0;) {
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got <= 0) break;
        answer.text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(socket);
    if (answer.text.starts_with("HTTP/1.1 ")) answer.status = std::stoi(answer.text.substr(9, 3));
    return answer;
}

RawAnswer post(std::uint16_t port, const std::string& body, const std::string& headers) {
    return raw_request(port,
                       fmt::format("POST /v1/exchange HTTP/1.1\r\nHost: hq\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n", headers, body.size()) + body);
}

CuttingProxy::CuttingProxy(std::uint16_t to) : to_(to), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    const bool good = ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0 && ::listen(listener_, 16) == 0 &&
                      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    if (!good) throw std::runtime_error("no port for the proxy");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

CuttingProxy::~CuttingProxy() {
    stopped_ = true;
    thread_.join();
    ::close(listener_);
}

std::string CuttingProxy::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void CuttingProxy::cut_after(std::int64_t up, std::int64_t down) {
    up_ = up;
    down_ = down;
}

void CuttingProxy::run() {
    while (!stopped_) {
        pollfd each{listener_, POLLIN, 0};
        if (::poll(&each, 1, 20) <= 0) continue;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0) carry(client);
    }
}

/// One connection at a time: a branch has no more.
void CuttingProxy::carry(int client) {
    const int server = connect_to(to_);
    std::int64_t up = up_, down = down_;
    std::array<char, 4096> buffer{};
    for (bool open = server >= 0; open && !stopped_;) {
        std::array<pollfd, 2> both = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (::poll(both.data(), both.size(), 20) <= 0) continue;
        for (std::size_t side = 0; side < 2 && open; ++side) {
            if (!both[side].revents) continue;
            std::int64_t& left = side == 0 ? up : down;
            const std::size_t most = left < 0 ? buffer.size() : std::min(buffer.size(), static_cast<std::size_t>(left));
            const ssize_t got = most ? ::recv(both[side].fd, buffer.data(), most, 0) : 0;
            open = got > 0 && send_all(both[1 - side].fd, buffer.data(), static_cast<std::size_t>(got));
            if (left >= 0) left -= std::max<ssize_t>(got, 0);
            if (left == 0) open = false;
        }
    }
    ::close(client);
    if (server >= 0) ::close(server);
}

}  // namespace paprsek::test
