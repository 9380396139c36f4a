// HQ's server: the exchange by network (sync/EXCHANGE.md). The bytes are those of the files; this adds a way, not a meaning.
//
// Threads: one for all sockets (run()'s caller), one that merges with a Headquarters of its own, one that writes replies with
// another, two that check signatures. A branch that is slow, broken or hostile costs its own connection and nothing else:
// whoever has not proven to be a node of this chain gets no large body and no turn at the store.
// Durable: an exchange is answered after what it brought is on the disk.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "node/base/clock.h"
#include "node/base/random.h"

namespace paprsek::hq {

/// Bounds, each with what it protects from. Tests tighten them.
struct ServerLimits {
    std::uint64_t stranger_bytes = 64u << 10;        ///< of a body whose sender has not joined
    std::uint64_t bytes_in_flight = 512u << 20;      ///< of all bodies that are being received: memory
    std::size_t reply_text = 12u << 20;              ///< rows of one answer: some 40,000, so that others wait a fraction of a second
    std::uint32_t header_bytes = 8u << 10;
    std::chrono::milliseconds header_time{10'000};   ///< for the request's header, from its first byte or the connection's start
    std::chrono::milliseconds body_time{30'000};     ///< for a body or an answer, and …
    std::uint64_t bytes_a_second = 16u << 10;        ///< … as much more as this speed takes
    std::chrono::milliseconds idle_time{65'000};     ///< of an open connection between two requests
    std::chrono::seconds longest_hold{60};           ///< of an answer with nothing new
    int connections = 512;
    int connections_an_address = 256;                ///< loopback excepted, where a proxy stands
    double exchanges_a_second = 5;                   ///< of one node, in the long run …
    double burst = 60;                               ///< … and at once
    std::chrono::seconds stop_time{10};              ///< for requests at hand after stop()
};

struct ServerOptions {
    std::string listen = "127.0.0.1:8080";  ///< ADDRESS:PORT, IPv6 in brackets; port 0: any free one
    std::string certificate, key;           ///< PEM files, both or none; without them plain HTTP on loopback only
    ServerLimits limits;
};

class Server {
public:
    /// Opens the HQ and binds. Throws Error: refused for a folder that is no HQ, an address that is none, or a plain one beyond
    /// loopback; operating when the port is taken or a certificate does not fit.
    Server(const std::string& folder, const ServerOptions& options, node::Clock& clock, node::Random& random);
    ~Server();

    /// "127.0.0.1:41234", with the port that was bound.
    std::string address() const;
    /// "http" or "https".
    std::string scheme() const;

    /// Serves until stop(), or until SIGTERM or SIGINT where `on_signals`; requests at hand are answered first. Once.
    void run(bool on_signals = false);
    /// Any thread. Returns at once.
    void stop();

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// "sha256//…": what an address in an invitation names after # so that the certificate in this PEM file needs no authority.
/// Throws Error (refused).
std::string pin_of_certificate(const std::string& file);

}  // namespace paprsek::hq
