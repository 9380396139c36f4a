#include "fiscal/simulator/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "node/base/error.h"

namespace paprsek::fiscal::simulator {
namespace {

[[noreturn]] void failed(const std::string& where) { node::fail(where, std::strerror(errno)); }

}  // namespace

Server::Server(const std::string& where) {
    if (where == "pty") {
        pty_ = true;
        client_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (client_ < 0 || ::grantpt(client_) != 0 || ::unlockpt(client_) != 0) failed(where);
        std::array<char, 128> name;
        if (::ptsname_r(client_, name.data(), name.size()) != 0) failed(where);
        // Held open, so that a till that hangs up does not end the line.
        slave_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        termios raw{};
        if (slave_ < 0 || ::tcgetattr(slave_, &raw) != 0) failed(where);
        ::cfmakeraw(&raw);
        ::tcsetattr(slave_, TCSANOW, &raw);
        address_ = std::string("serial:") + name.data();
        return;
    }
    const auto colon = where.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    unsigned port = 0;
    const bool good = where.starts_with("tcp:") && colon > 3 &&
                      std::from_chars(where.data() + colon + 1, where.data() + where.size(), port).ptr == where.data() + where.size() && port < 65'536 &&
                      ::inet_pton(AF_INET, where.substr(4, colon - 4).c_str(), &address.sin_addr) == 1;
    if (!good) throw node::Error(node::Exit::usage, where, "is no place for a device", "pty, or tcp:127.0.0.1:9100");
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    listen_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listen_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (listen_ < 0 || ::bind(listen_, plain, size) != 0 || ::listen(listen_, 4) != 0 || ::getsockname(listen_, plain, &size) != 0) failed(where);
    address_ = where.substr(0, colon + 1) + std::to_string(ntohs(address.sin_port));
}

Server::~Server() {
    for (const int file : {listen_, client_, slave_})
        if (file >= 0) ::close(file);
}

void Server::drop_client() {
    if (pty_) {
        ::tcflush(slave_, TCIOFLUSH);
        return;
    }
    if (client_ >= 0) ::close(client_);
    client_ = -1;
}

void Server::run(Endpoint& endpoint, const std::function<bool()>& stop, const std::function<void(const std::string&)>& command) {
    std::string typed;
    bool input = true;
    while (!stop()) {
        const auto next = endpoint.next_at();
        const std::int64_t wait = next ? std::clamp<std::int64_t>(*next - steady_ms(), 0, 200) : 200;
        std::array<pollfd, 3> files{pollfd{listen_, POLLIN, 0}, pollfd{client_, POLLIN, 0}, pollfd{input ? 0 : -1, POLLIN, 0}};
        if (::poll(files.data(), files.size(), static_cast<int>(wait)) < 0 && errno != EINTR) failed(address_);
        std::array<unsigned char, 512> bytes;
        if (files[0].revents) {
            if (const int fresh = ::accept4(listen_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); fresh >= 0) {
                drop_client();  // one till at a time: the newest
                client_ = fresh;
                const int yes = 1;
                ::setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                endpoint.new_line();
                continue;
            }
        }
        if (files[1].revents) {
            const ssize_t count = ::read(client_, bytes.data(), bytes.size());
            for (ssize_t i = 0; i < count; ++i) endpoint.receive(bytes[static_cast<std::size_t>(i)], steady_ms());
            if (!pty_ && (count == 0 || (count < 0 && errno != EAGAIN))) drop_client();
        }
        if (files[2].revents) {
            const ssize_t count = ::read(0, bytes.data(), bytes.size());
            if (count <= 0) input = false;
            for (ssize_t i = 0; i < count; ++i) {
                const char c = static_cast<char>(bytes[static_cast<std::size_t>(i)]);
                if (c != '\n') {
                    typed += c;
                    continue;
                }
                command(typed);
                typed.clear();
            }
        }
        if (endpoint.take_line_drop()) drop_client();
        Bytes out;
        for (auto at = endpoint.next_at(); at && *at <= steady_ms(); at = endpoint.next_at()) out += endpoint.send();
        if (client_ >= 0 && !out.empty() && ::write(client_, out.data(), out.size()) < 0 && errno != EAGAIN) drop_client();
    }
}

}  // namespace paprsek::fiscal::simulator
