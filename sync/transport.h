// How a bundle gets to HQ and HQ's reply comes back: by network (sync/http_transport.h) or in a folder that somebody carries.
// The bytes are the same; the exchange above does not know which it is.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "node/node.h"
#include "sync/files.h"

namespace paprsek::sync {

/// How long an answer is worth waiting for.
struct Patience {
    /// HQ may hold back an answer with nothing new for as long, and answers as soon as its state changes (long-poll).
    std::chrono::seconds hold{0};
    /// Asked at least every 250 ms while the transport waits; false gives up at once. May be empty.
    std::function<bool()> go_on = {};
};

/// Threads: one thread at a time. Keeps connections open between calls.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    /// Brings `up` (a bundle for HQ) there and returns what HQ answered: bytes not looked at yet, at most
    /// max_bundle_bytes. Nothing: there is no answer by now, since `go_on` gave up or since it has to be carried here first.
    /// Whether HQ took `up` is then unknown; sending it again is always right.
    /// Throws Error: refused with HQ's own sentence when HQ refused it, operating when HQ is not reached, is too busy or
    /// answers with no bundle. `hint` says what a person can do.
    virtual std::optional<Bytes> exchange(BytesView up, const Patience& patience) = 0;
    /// Whether HQ can hold an answer back until something changes.
    virtual bool can_listen() const = 0;
    /// Where HQ is, for messages; without secrets.
    virtual const std::string& address() const = 0;
};

/// A folder on a stick or a shared disk. exchange() writes NODE-to-hq.bundle and takes hq-to-NODE.bundle (the names that
/// `export` and `paprsek-hq export` give in a folder), deleting it, so that each reply is taken once.
std::unique_ptr<Transport> folder_transport(const std::string& folder);

struct HttpOptions {
    std::string ca_file;                          ///< PEM certificates that HQ's must go back to; empty: the system's
    std::chrono::seconds connect{10};             ///< until HQ answers the call at all
    std::chrono::seconds stall{60};               ///< without a single byte, beyond Patience::hold
};

/// By the url of an invitation: http://HOST:PORT, https://HOST:PORT[#sha256//BASE64 of HQ's public key], file:///FOLDER.
/// Throws Error (refused) on another one.
std::unique_ptr<Transport> make_transport(const std::string& url, const HttpOptions& options = {});

/// To the HQ that the node belongs to. Throws Error (refused) where it belongs to none, or exchanges by file.
std::unique_ptr<Transport> transport_to_hq(node::Node& node, const HttpOptions& options = {});

}  // namespace paprsek::sync
