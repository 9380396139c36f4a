#include "hq/server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include "hq/headquarters.h"
#include "hq/traffic.h"
#include "node/base/error.h"
#include "sync/bundle.h"

namespace paprsek::hq {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;
using Answer = http::response<http::string_body>;

constexpr std::int64_t recompute_slice = 2000;  ///< facts a tick
constexpr Monotonic tick{200};          ///< how soon a held answer notices that something changed
constexpr Monotonic metrics_age{5'000}; ///< counting exceptions takes the store: not for every scrape
constexpr Monotonic drain_time{2'000};
constexpr std::size_t drain_bytes = 16u << 20;
constexpr int checkers = 2;

Monotonic now() { return std::chrono::duration_cast<Monotonic>(std::chrono::steady_clock::now().time_since_epoch()); }

/// Becomes the answer {what, why, hint} with a status that says what kind of fault it is.
struct Refused {
    http::status status;
    std::string what, why, hint;
    std::chrono::seconds retry{0};
};

[[noreturn]] void refuse(http::status status, std::string what, std::string why, std::string hint = {}, std::chrono::seconds retry = std::chrono::seconds(0)) {
    throw Refused{status, std::move(what), std::move(why), std::move(hint), retry};
}

/// Runs `work` on a thread of `pool`; the caller goes on where it was.
template <class Work>
awaitable<std::invoke_result_t<Work&>> there(Work work) {
    co_return work();
}
template <class Work>
awaitable<std::invoke_result_t<Work&>> on(asio::thread_pool& pool, Work work) {
    auto task = there(std::move(work));
    co_return co_await asio::co_spawn(pool, std::move(task), use_awaitable);
}

/// What a bundle says of itself; refuses what is none.
sync::BundleHeader header_of(const std::string& body, const std::string& what) {
    try {
        return sync::read_header(sync::bytes_of(body), what);
    } catch (const node::Error& error) {
        refuse(http::status::bad_request, error.subject(), error.why(), error.hint());
    }
}

/// "ADDRESS:PORT", "[::1]:8080".
tcp::endpoint endpoint_of(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    unsigned port = 0;
    std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const char* end = text.data() + text.size();
    const bool number = colon != std::string::npos && std::from_chars(text.data() + colon + 1, end, port).ptr == end && text.size() > colon + 1 && port < 65536;
    ErrorCode error;
    const auto address = asio::ip::make_address(host, error);
    if (!number || error)
        throw node::Error(node::Exit::usage, "--listen " + text, "is no address and port", "such as 127.0.0.1:8080, 0.0.0.0:8443 or [::1]:8080");
    return {address, static_cast<unsigned short>(port)};
}

}  // namespace

struct Server::Inside {
    struct Guest;     ///< counts as long as a connection lives
    struct Reserved;  ///< memory for a body, given back when it goes

    Inside(const std::string& folder, const ServerOptions& options, node::Clock& clock, node::Random& random);

    void start_tls(const ServerOptions& options);
    awaitable<void> accept();
    awaitable<void> watch();
    awaitable<void> welcome(tcp::socket socket, asio::ip::address address);
    template <class Stream>
    awaitable<void> converse(Stream& stream, bool local);
    template <class Stream>
    awaitable<bool> receive(Stream& stream, beast::flat_buffer& buffer, Parser& parser, Reserved& reserved, Monotonic header_time);
    template <class Stream>
    awaitable<void> drain(Stream& stream, beast::flat_buffer& buffer);
    awaitable<Answer> answer(int socket, const Parser& parser, bool local);
    awaitable<Answer> exchange(int socket, const http::request<http::string_body>& request);
    awaitable<void> hold(int socket, node::NodeName name, std::int64_t seen, std::chrono::seconds longest);
    awaitable<Answer> metrics();
    awaitable<node::NodeName> identify(const std::string& body);
    awaitable<sync::PublicKey> key_of(const sync::BundleHeader& header);
    awaitable<MergeReport> merge(const std::string& body, const std::string& what, bool enrolment);
    awaitable<Reply> reply(node::NodeName name);
    void welcome_again(node::NodeName name);
    std::chrono::milliseconds time_for(std::uint64_t bytes) const {
        return limits.body_time + std::chrono::milliseconds(bytes * 1000 / limits.bytes_a_second);
    }
    [[noreturn]] void fail(const char* doing, const std::exception& error) {
        fault = error.what();
        refuse(http::status::internal_server_error, "HQ", fmt::format("could not {}: {}", doing, fault),
               "its disk or database needs a look; nothing is lost at the branch");
    }
    void begin_to_stop();

    ServerLimits limits;
    std::unique_ptr<Headquarters> merging, replying;  ///< each for its own pool of one thread
    std::optional<asio::ssl::context> tls;
    Traffic traffic;
    std::uint64_t bytes_in_flight = 0;
    std::map<asio::ip::address, int> guests;
    std::set<tcp::socket*> idle;                      ///< between two requests: closed when the server stops
    std::map<node::NodeName, sync::PublicKey> keys;
    std::map<node::NodeName, Bucket> visits;
    std::map<node::NodeName, std::uint64_t> holds;    ///< the latest of each node; an older one has been given up
    Bucket enrolments{20, 100, now()};
    std::vector<NodeStatus> nodes;
    std::optional<Monotonic> nodes_at;
    std::int64_t version = 0;                         ///< of the state, at the last tick
    bool merged = true;                               ///< facts may wait to be computed again (hq/recompute.h)
    std::string fault;                                ///< of the store, at the last work; empty: none
    bool stopping = false;
    // In this order, so that what still runs or waits at the end goes before what it uses.
    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    asio::steady_timer ticker{io}, patience{io};
    asio::signal_set signals{io};
    asio::thread_pool merger{1}, replier{1}, checker{checkers};
};

struct Server::Inside::Guest {
    Guest(Inside& the_inside, const asio::ip::address& the_address) : inside(the_inside), address(the_address) {
        ++inside.traffic.connections;
        ++inside.guests[address];
    }
    ~Guest() {
        --inside.traffic.connections;
        if (--inside.guests[address] == 0) inside.guests.erase(address);
    }
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    Inside& inside;
    asio::ip::address address;
};

struct Server::Inside::Reserved {
    explicit Reserved(Inside& the_inside) : inside(the_inside) {}
    ~Reserved() { inside.bytes_in_flight -= bytes; }
    Reserved(const Reserved&) = delete;
    Reserved& operator=(const Reserved&) = delete;
    Inside& inside;
    std::uint64_t bytes = 0;
};

Server::Inside::Inside(const std::string& folder, const ServerOptions& options, node::Clock& clock, node::Random& random)
    : limits(options.limits), merging(Headquarters::open(folder, clock, random)), replying(Headquarters::open(folder, clock, random)) {
    const tcp::endpoint endpoint = endpoint_of(options.listen);
    start_tls(options);
    if (!tls && !endpoint.address().is_loopback())
        node::refuse("--listen " + options.listen, "is reached from outside, and without a certificate only this machine is served",
                     "give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS");
    ErrorCode error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) node::fail("--listen " + options.listen, error.message(), "is another server running there?");
    version = replying->version();
}

void Server::Inside::start_tls(const ServerOptions& options) {
    if (options.certificate.empty() != options.key.empty())
        throw node::Error(node::Exit::usage, "TLS", "needs a certificate and its key", "give both --tls-cert and --tls-key");
    if (options.certificate.empty()) return;
    tls.emplace(asio::ssl::context::tls_server);
    ErrorCode error;
    tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 | asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    tls->use_certificate_chain_file(options.certificate, error);
    if (error) node::refuse(options.certificate, "is no certificate in PEM form: " + error.message());
    tls->use_private_key_file(options.key, asio::ssl::context::pem, error);
    if (error) node::refuse(options.key, "is not the key of that certificate: " + error.message());
}

// ------------------------------------------------------------------------------------------------------ connections

awaitable<void> Server::Inside::accept() {
    while (!stopping) {
        ErrorCode error;
        tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(use_awaitable, error));
        if (stopping) co_return;
        if (error) {  // as out of file descriptors: the next may be luckier
            asio::steady_timer pause(io, tick);
            co_await pause.async_wait(asio::redirect_error(use_awaitable, error));
            continue;
        }
        ++traffic.connections_made;
        const auto peer = socket.remote_endpoint(error);
        const auto from = guests.find(peer.address());
        const bool crowd = !peer.address().is_loopback() && from != guests.end() && from->second >= limits.connections_an_address;
        if (error || crowd || traffic.connections >= limits.connections) {
            ++traffic.connections_refused;
            continue;
        }
        socket.set_option(tcp::no_delay(true), error);
        asio::co_spawn(io, welcome(std::move(socket), peer.address()), asio::detached);
    }
}

awaitable<void> Server::Inside::welcome(tcp::socket socket, asio::ip::address address) {
    const Guest guest(*this, address);
    try {
        if (!tls) {
            Plain stream(std::move(socket));
            co_await converse(stream, address.is_loopback());
            co_return;
        }
        Secure stream(std::move(socket), *tls);
        beast::get_lowest_layer(stream).expires_after(limits.header_time);
        co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
        co_await converse(stream, address.is_loopback());
        beast::get_lowest_layer(stream).expires_after(limits.header_time);
        ErrorCode ignored;
        co_await stream.async_shutdown(asio::redirect_error(use_awaitable, ignored));
    } catch (const std::exception&) {
        ++traffic.cut;  // its own connection, and nothing else
    }
}

/// Request after request, until one side ends it.
template <class Stream>
awaitable<void> Server::Inside::converse(Stream& stream, bool local) {
    beast::flat_buffer buffer(limits.header_bytes + limits.stranger_bytes);
    auto& lowest = beast::get_lowest_layer(stream);
    bool keep = true;
    for (bool first = true; keep && !stopping; first = false) {
        Answer answered;
        Reserved reserved(*this);
        auto parser = std::make_unique<Parser>();
        try {
            if (!co_await receive(stream, buffer, *parser, reserved, first ? limits.header_time : limits.idle_time)) co_return;
            answered = co_await answer(lowest.socket().native_handle(), *parser, local);
        } catch (const Refused& refused) {
            const node::Json json = {{"what", refused.what}, {"why", refused.why}, {"hint", refused.hint}};
            answered = Answer(refused.status, 11, json.dump(-1, ' ', false, node::Json::error_handler_t::replace));
            answered.set(http::field::content_type, "application/json");
            if (refused.retry.count() > 0) answered.set(http::field::retry_after, std::to_string(refused.retry.count()));
        }
        // Of a body that was not read to its end, nobody knows where the next request begins.
        keep = parser->is_done() && parser->get().keep_alive() && !stopping;
        answered.keep_alive(keep);
        answered.prepare_payload();
        ++traffic.answers[answered.result_int()];
        traffic.bytes_out += answered.body().size();
        lowest.expires_after(time_for(answered.body().size()));
        co_await http::async_write(stream, answered, use_awaitable);
        if (!parser->is_done()) co_await drain(stream, buffer);
    }
}

/// Lets the other side hear the refusal before the connection goes: closing while it still sends would take the answer away.
template <class Stream>
awaitable<void> Server::Inside::drain(Stream& stream, beast::flat_buffer& buffer) {
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_after(drain_time);
    ErrorCode error;
    if constexpr (std::is_same_v<Stream, Plain>) lowest.socket().shutdown(tcp::socket::shutdown_send, error);
    for (std::size_t bytes = 0; !error && bytes < drain_bytes;) {
        buffer.clear();
        bytes += co_await stream.async_read_some(buffer.prepare(limits.header_bytes), asio::redirect_error(use_awaitable, error));
    }
}

/// One request, whole, within its bounds; false when the other side has gone instead of asking.
template <class Stream>
awaitable<bool> Server::Inside::receive(Stream& stream, beast::flat_buffer& buffer, Parser& parser, Reserved& reserved, Monotonic header_time) {
    auto& lowest = beast::get_lowest_layer(stream);
    parser.header_limit(limits.header_bytes);
    parser.body_limit(sync::max_bundle_bytes);
    ErrorCode error;
    lowest.expires_after(header_time);
    idle.insert(&lowest.socket());
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
    idle.erase(&lowest.socket());
    if (error == http::error::end_of_stream || (error && stopping)) co_return false;
    if (error == http::error::body_limit)
        refuse(http::status::payload_too_large, "the request", fmt::format("is longer than {} bytes", sync::max_bundle_bytes), "send less at a time");
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        refuse(http::status::request_header_fields_too_large, "the request", fmt::format("its header is longer than {} bytes", limits.header_bytes));
    if (error.category() == http::make_error_code(http::error::bad_method).category())
        refuse(http::status::bad_request, "the request", "is not HTTP: " + error.message());
    if (error) throw boost::system::system_error(error);

    if (parser.is_done()) co_return true;
    if (!parser.content_length()) refuse(http::status::length_required, "the request", "does not say how long it is", "send Content-Length");
    const std::uint64_t length = *parser.content_length();
    if (bytes_in_flight + length > limits.bytes_in_flight)
        refuse(http::status::service_unavailable, "HQ", "is receiving as much as it can", "it is tried again by itself", std::chrono::seconds(5));
    bytes_in_flight += reserved.bytes = length;
    // Its own deadline, for a byte now and then would move that of each read.
    lowest.expires_after(time_for(length));
    bool known = length <= limits.stranger_bytes;
    while (!parser.is_done()) {
        // A bundle's header comes first; it has to name a node that has joined, before the rest is taken in.
        if (!known && parser.get().body().size() >= sync::max_header_bytes + 20) {
            sync::BundleHeader header;
            try {
                header = sync::read_clear_header(sync::bytes_of(parser.get().body()), length, "the request");
            } catch (const node::Error& refused) {
                refuse(http::status::bad_request, refused.subject(), refused.why(), refused.hint());
            }
            if (header.kind != sync::BundleKind::facts)
                refuse(http::status::payload_too_large, "the request", fmt::format("is longer than {} bytes and holds no facts", limits.stranger_bytes));
            co_await key_of(header);
            known = true;
        }
        co_await http::async_read_some(stream, buffer, parser, use_awaitable);
    }
    traffic.bytes_in += length;
    co_return true;
}

// ---------------------------------------------------------------------------------------------------------- answers

awaitable<Answer> Server::Inside::answer(int socket, const Parser& parser, bool local) {
    const auto& request = parser.get();
    const std::string target(request.target());
    const bool get = request.method() == http::verb::get;
    if (target == "/v1/exchange") {
        if (request.method() != http::verb::post) refuse(http::status::method_not_allowed, target, "takes POST");
        co_return co_await exchange(socket, request);
    }
    if (target != "/healthz" && target != "/metrics")
        refuse(http::status::not_found, target.substr(0, 100), "is not here", "POST /v1/exchange, GET /healthz, GET /metrics");
    if (!get) refuse(http::status::method_not_allowed, target, "takes GET");
    if (target == "/healthz") {
        if (!fault.empty()) refuse(http::status::service_unavailable, "HQ", fault, "see its log");
        Answer answer(http::status::ok, 11, "{\"ok\":true}");
        answer.set(http::field::content_type, "application/json");
        co_return answer;
    }
    // Figures of the chain are for those who run it: for this machine, and not for what a proxy passes on.
    if (!local || request.count("Forwarded") || request.count("X-Forwarded-For")) refuse(http::status::forbidden, target, "is for HQ's own machine");
    co_return co_await metrics();
}

awaitable<Answer> Server::Inside::metrics() {
    if (!nodes_at || now() - *nodes_at > metrics_age) {
        nodes_at = now();
        nodes = co_await on(replier, [this] { return replying->branches(); });
    }
    Answer answer(http::status::ok, 11, print_metrics(traffic, nodes));
    answer.set(http::field::content_type, "text/plain; version=0.0.4");
    co_return answer;
}

/// The key of the node that the header names, if it fits; refuses a stranger.
awaitable<sync::PublicKey> Server::Inside::key_of(const sync::BundleHeader& header) {
    const auto fits = [&](const sync::PublicKey& key) { return sync::fingerprint(key) == header.sender_key; };
    const auto held = keys.find(header.from);
    if (held != keys.end() && fits(held->second)) co_return held->second;
    const node::NodeName name = header.from;
    const std::optional<sync::PublicKey> key = co_await on(replier, [this, name] { return replying->key_of(name); });
    if (!key) refuse(http::status::forbidden, "node " + node::print(name), "has not joined this HQ", "join with an invitation: paprsek enroll");
    if (!fits(*key)) refuse(http::status::forbidden, "node " + node::print(name), "is known here by another key", "ask HQ for a new invitation and join again");
    keys.insert_or_assign(name, *key);
    co_return *key;
}

void Server::Inside::welcome_again(node::NodeName name) {
    Bucket& bucket = visits.try_emplace(name, limits.exchanges_a_second, limits.burst, now()).first->second;
    if (!bucket.take(now()))
        refuse(http::status::too_many_requests, "node " + node::print(name), "comes too often", "it is tried again by itself", bucket.wait());
}

/// Whose bundle of facts it is, by its signature.
awaitable<node::NodeName> Server::Inside::identify(const std::string& body) {
    const sync::BundleHeader header = header_of(body, "the request");
    const sync::PublicKey key = co_await key_of(header);
    const bool genuine = co_await on(checker, [&body, key] { return sync::signed_by(sync::bytes_of(body), key); });
    if (!genuine) refuse(http::status::forbidden, "the request", fmt::format("is not signed by node {}, or was changed on the way", node::print(header.from)));
    co_return header.from;
}

awaitable<MergeReport> Server::Inside::merge(const std::string& body, const std::string& what, bool enrolment) {
    try {
        const MergeReport report = co_await on(merger, [this, &body, &what] { return merging->import(body, what); });
        fault.clear();
        merged = true;
        co_return report;
    } catch (const node::Error& error) {
        if (error.exit() == node::Exit::refused)
            refuse(enrolment ? http::status::forbidden : http::status::unprocessable_entity, error.subject(), error.why(), error.hint());
        fail("take it in", error);
    } catch (const std::exception& error) {
        fail("take it in", error);
    }
}

awaitable<Reply> Server::Inside::reply(node::NodeName name) {
    try {
        const std::size_t most = limits.reply_text;
        co_return co_await on(replier, [this, name, most] { return replying->export_reply(name, {}, most); });
    } catch (const node::Error& error) {
        if (error.exit() == node::Exit::refused) refuse(http::status::forbidden, error.subject(), error.why(), error.hint());
        fail("answer", error);
    } catch (const std::exception& error) {
        fail("answer", error);
    }
}

/// "Prefer: wait=50" (RFC 7240).
std::chrono::seconds wait_of(const http::request<http::string_body>& request) {
    const auto field = request["Prefer"];
    constexpr std::string_view name = "wait=";
    int seconds = 0;
    if (field.starts_with(boost::string_view(name.data(), name.size()))) std::from_chars(field.data() + name.size(), field.data() + field.size(), seconds);
    return std::chrono::seconds(std::max(0, seconds));
}

awaitable<Answer> Server::Inside::exchange(int socket, const http::request<http::string_body>& request) {
    const Monotonic started = now();
    const std::string& body = request.body();
    const sync::BundleHeader header = header_of(body, "the request");
    const bool enrolment = header.kind == sync::BundleKind::enrolment;
    if (enrolment) {
        if (!enrolments.take(now()))
            refuse(http::status::too_many_requests, "HQ", "is asked by too many who want to join", "try again in a minute", enrolments.wait());
    } else if (header.kind == sync::BundleKind::facts) {
        welcome_again(co_await identify(body));
    }
    const std::string what = "the bundle of node " + node::print(header.from);
    const MergeReport report = co_await merge(body, what, enrolment);
    traffic.facts += static_cast<std::uint64_t>(report.new_facts);
    traffic.exceptions += report.exceptions.size();
    if (enrolment) ++traffic.enrolments;
    Reply down = co_await reply(report.node);
    Monotonic spent = now() - started;
    // Held back only where it would tell nothing: no facts came, and the node knows our receipt and our state.
    const bool nothing = !enrolment && report.outcome == Merged::nothing && header.last < header.first && report.facts_now == header.first - 1 &&
                         down.rows == 0 && down.facts == 0 && !down.more;
    const std::chrono::seconds wait = std::min(wait_of(request), limits.longest_hold);
    if (nothing && wait.count() > 0 && !stopping) {
        co_await hold(socket, report.node, down.through, wait);
        const Monotonic again = now();
        down = co_await reply(report.node);
        spent += now() - again;
    }
    ++traffic.exchanges;
    traffic.rows += static_cast<std::uint64_t>(down.rows);
    traffic.exchange_seconds += std::chrono::duration<double>(spent).count();
    Answer answer(http::status::ok, 11, std::move(down.bytes));
    answer.set(http::field::content_type, "application/octet-stream");
    co_return answer;
}

/// Until the state moves beyond `seen`, the node hangs up, or time is over.
awaitable<void> Server::Inside::hold(int socket, node::NodeName name, std::int64_t seen, std::chrono::seconds longest) {
    const Monotonic until = now() + longest;
    const std::uint64_t mine = ++holds[name];
    // Anything to be read is the end of the connection, or of this side's patience.
    const auto quiet = [socket] {
        char byte = 0;
        return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
    };
    ++traffic.held_answers;
    ++traffic.holding;
    asio::steady_timer timer(io);
    ErrorCode ignored;
    while (!stopping && version <= seen && holds[name] == mine && now() < until && quiet()) {
        timer.expires_after(tick);
        co_await timer.async_wait(asio::redirect_error(use_awaitable, ignored));
    }
    --traffic.holding;
}

// ------------------------------------------------------------------------------------------------ beginning and end

/// Looks whether the state moved, also by another process, while somebody waits for it.
awaitable<void> Server::Inside::watch() {
    ErrorCode ignored;
    while (!stopping) {
        ticker.expires_after(tick);
        co_await ticker.async_wait(asio::redirect_error(use_awaitable, ignored));
        if (stopping) continue;
        try {
            // What waits to be computed again, while nobody brings anything: a slice, then whoever came meanwhile.
            if (std::exchange(merged, false) && co_await on(merger, [this] { return merging->recompute(recompute_slice).left; })) merged = true;
            if (traffic.holding == 0) continue;
            version = co_await on(replier, [this] { return replying->version(); });
        } catch (const node::Error& error) {
            fault = error.what();
        }
    }
}

void Server::Inside::begin_to_stop() {
    if (stopping) return;
    stopping = true;
    ErrorCode ignored;
    signals.cancel(ignored);
    acceptor.close(ignored);
    ticker.cancel();
    for (tcp::socket* socket : idle) socket->cancel(ignored);
    // What is not done by then is sent again by its branch.
    patience.expires_after(limits.stop_time);
    patience.async_wait([this](ErrorCode error) {
        if (!error) io.stop();
    });
    asio::co_spawn(io, [](Inside& inside) -> awaitable<void> {
        asio::steady_timer timer(inside.io);
        while (inside.traffic.connections > 0) {
            timer.expires_after(std::chrono::milliseconds(10));
            co_await timer.async_wait(use_awaitable);
        }
        inside.patience.cancel();
    }(*this), asio::detached);
}

Server::Server(const std::string& folder, const ServerOptions& options, node::Clock& clock, node::Random& random)
    : inside_(std::make_unique<Inside>(folder, options, clock, random)) {}

Server::~Server() = default;

std::string Server::address() const {
    const tcp::endpoint bound = inside_->acceptor.local_endpoint();
    return fmt::format("{}:{}", bound.address().is_v6() ? "[" + bound.address().to_string() + "]" : bound.address().to_string(), bound.port());
}

std::string Server::scheme() const { return inside_->tls ? "https" : "http"; }

void Server::run(bool on_signals) {
    Inside& inside = *inside_;
    if (on_signals) {
        inside.signals.add(SIGTERM);
        inside.signals.add(SIGINT);
        inside.signals.async_wait([&inside](ErrorCode error, int) {
            if (!error) inside.begin_to_stop();
        });
    }
    asio::co_spawn(inside.io, inside.accept(), asio::detached);
    asio::co_spawn(inside.io, inside.watch(), asio::detached);
    inside.io.run();
    inside.merger.join();
    inside.replier.join();
    inside.checker.join();
}

void Server::stop() {
    asio::post(inside_->io, [this] { inside_->begin_to_stop(); });
}

}  // namespace paprsek::hq
