// A simulated device at the end of a real line: a pseudo-terminal or a TCP port, in real time.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "fiscal/transport.h"

namespace paprsek::fiscal::simulator {

/// Whatever reads and says bytes. Times in milliseconds that only go forward.
class Endpoint {
public:
    virtual ~Endpoint() = default;
    virtual void receive(unsigned char byte, std::int64_t now_ms) = 0;
    virtual std::optional<std::int64_t> next_at() = 0;  ///< when it has a byte to say
    virtual unsigned char send() = 0;
    virtual void new_line() {}
    virtual bool take_line_drop() { return false; }  ///< true once: the cable is pulled
};

class Server {
public:
    /// "pty" or "tcp:127.0.0.1:9100" (port 0 = any). Throws node::Error.
    explicit Server(const std::string& where);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// As a till's setting names it: "serial:/dev/pts/4", "tcp:127.0.0.1:40123".
    const std::string& address() const { return address_; }
    /// Serves until `stop` says so. `command` gets each line of standard input.
    void run(Endpoint& endpoint, const std::function<bool()>& stop, const std::function<void(const std::string&)>& command);

private:
    void drop_client();
    std::string address_;
    int listen_ = -1, client_ = -1, slave_ = -1;
    bool pty_ = false;
};

}  // namespace paprsek::fiscal::simulator
