#include "sync/http_transport.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <cassert>
#include <mutex>

#include "node/base/error.h"
#include "node/base/json.h"
#include "sync/bundle.h"

namespace paprsek::sync {
namespace {

constexpr int poll_ms = 200;  ///< how often `go_on` is asked
constexpr long whole_seconds = 1800;  ///< 128 MiB in half an hour: a line slower than 75 kB/s carries sticks

struct EasyDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiDeleter {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

void add(HeaderList& list, const std::string& header) {
    curl_slist* longer = curl_slist_append(list.get(), header.c_str());
    assert(longer);
    static_cast<void>(list.release());
    list.reset(longer);
}

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
    Bytes& body = *static_cast<Bytes*>(user);
    const std::size_t bytes = size * count;
    if (body.size() + bytes > max_bundle_bytes) return 0;  // curl then ends with CURLE_WRITE_ERROR
    body.insert(body.end(), data, data + bytes);
    return bytes;
}

class HttpTransport final : public Transport {
public:
    HttpTransport(const std::string& url, HttpOptions options) : options_(std::move(options)) {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        if (!url.starts_with("http://") && !url.starts_with("https://"))
            node::refuse("HQ's address " + url, "is no address that this program can call", "such as https://hq.example:8443 or http://127.0.0.1:8080");
        const std::size_t hash = url.find('#');
        address_ = url.substr(0, hash);
        while (address_.ends_with('/')) address_.pop_back();
        if (hash != std::string::npos) pin_ = url.substr(hash + 1);
        if (!pin_.empty() && !pin_.starts_with("sha256//"))
            node::refuse("HQ's address " + url, "names a key that is none", "it ends with #sha256// and 44 letters");
        multi_.reset(curl_multi_init());
        easy_.reset(curl_easy_init());
        assert(multi_ && easy_);
    }

    std::optional<Bytes> exchange(BytesView up, const Patience& patience) override {
        HeaderList headers;
        // What curl would add by itself says nothing here: an exchange with nothing new is to be a few hundred bytes.
        for (const char* header : {"Accept:", "Expect:", "Content-Type: application/octet-stream"}) add(headers, header);
        if (patience.hold.count() > 0) add(headers, fmt::format("Prefer: wait={}", patience.hold.count()));
        Bytes body;
        std::array<char, CURL_ERROR_SIZE> sentence{};
        prepare(up, patience, headers.get(), body, sentence.data());
        const auto code = perform(patience);
        if (!code) return std::nullopt;
        if (*code != CURLE_OK) raise(*code, sentence.data());
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        if (status != 200) raise_answer(status, body);
        return body;
    }

    bool can_listen() const override { return true; }
    const std::string& address() const override { return address_; }

private:
    template <class Value>
    void set(CURLoption option, Value value) {
        const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
        if (code != CURLE_OK) node::fail(address_, fmt::format("cannot be called: {}", curl_easy_strerror(code)));
    }

    void prepare(BytesView up, const Patience& patience, curl_slist* headers, Bytes& body, char* sentence) {
        curl_easy_reset(easy_.get());  // keeps connections and TLS sessions
        set(CURLOPT_ERRORBUFFER, sentence);
        set(CURLOPT_URL, (address_ + "/v1/exchange").c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(up.size()));
        set(CURLOPT_POSTFIELDS, reinterpret_cast<const char*>(up.data()));
        set(CURLOPT_HTTPHEADER, headers);
        set(CURLOPT_WRITEFUNCTION, &receive);
        set(CURLOPT_WRITEDATA, static_cast<void*>(&body));
        set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(max_bundle_bytes));
        set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect.count()));
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>((options_.stall + patience.hold).count()));
        set(CURLOPT_TIMEOUT, whole_seconds);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
        if (!pin_.empty()) {
            // The invitation names HQ's very key: no authority need vouch for it, and none can for another.
            set(CURLOPT_PINNEDPUBLICKEY, pin_.c_str());
            set(CURLOPT_SSL_VERIFYPEER, 0L);
            set(CURLOPT_SSL_VERIFYHOST, 0L);
        }
    }

    /// Nothing when `go_on` gave up; the connection is then closed, so that HQ hears of it.
    std::optional<CURLcode> perform(const Patience& patience) {
        struct Attached {
            CURLM* multi;
            CURL* easy;
            Attached(CURLM* m, CURL* e) : multi(m), easy(e) { curl_multi_add_handle(multi, easy); }
            ~Attached() { curl_multi_remove_handle(multi, easy); }
        } attached(multi_.get(), easy_.get());
        for (;;) {
            // Before the first step as well: over a connection that is kept, HQ may have answered when that returns.
            if (patience.go_on && !patience.go_on()) return std::nullopt;
            int running = 0;
            const CURLMcode code = curl_multi_perform(multi_.get(), &running);
            if (code != CURLM_OK) node::fail(address_, fmt::format("cannot be called: {}", curl_multi_strerror(code)));
            int left = 0;
            while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left))
                if (message->msg == CURLMSG_DONE) return message->data.result;
            curl_multi_poll(multi_.get(), nullptr, 0, poll_ms, nullptr);
        }
    }

    [[noreturn]] void raise(CURLcode code, const char* sentence) const {
        const std::string detail = *sentence ? sentence : curl_easy_strerror(code);
        switch (code) {
            case CURLE_COULDNT_RESOLVE_HOST: node::fail(address_, "its name is not found", "is the network up? selling goes on; files can be carried");
            case CURLE_COULDNT_CONNECT: node::fail(address_, "does not answer", "is the network up, and does HQ's server run?");
            case CURLE_OPERATION_TIMEDOUT: node::fail(address_, "did not answer in time", "it is tried again by itself; nothing is lost");
            case CURLE_PEER_FAILED_VERIFICATION:
            case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
                node::refuse(address_, "does not prove to be HQ: " + detail, "ask HQ for a new invitation, or name its authority by --ca");
            case CURLE_SSL_CACERT_BADFILE: node::refuse(options_.ca_file, "cannot be read as certificates", "name a PEM file");
            case CURLE_SSL_CONNECT_ERROR: node::fail(address_, "no secure connection: " + detail, "does HQ's address begin with https, and is it HQ?");
            case CURLE_URL_MALFORMAT: node::refuse("HQ's address " + address_, "is none", "ask HQ for a new invitation");
            case CURLE_WRITE_ERROR:
            case CURLE_FILESIZE_EXCEEDED: node::fail(address_, fmt::format("answers with more than {} bytes", max_bundle_bytes), "is it HQ?");
            default: node::fail(address_, "the connection broke: " + detail, "it is tried again by itself; nothing is lost");
        }
    }

    /// HQ's own sentence where there is one.
    [[noreturn]] void raise_answer(long status, const Bytes& body) const {
        std::string what = address_, why = fmt::format("answers with status {}", status), hint = "is it HQ?";
        const node::Json json = node::Json::parse(body.begin(), body.end(), nullptr, false);
        if (json.is_object()) {
            const auto text = [&](const char* key, std::string& into) {
                const auto found = json.find(key);
                if (found != json.end() && found->is_string()) into = found->get<std::string>().substr(0, 1000);
            };
            text("what", what);
            text("why", why);
            text("hint", hint);
        }
        const bool passes = status == 408 || status == 429 || status >= 500 || !json.is_object();
        throw node::Error(passes ? node::Exit::operating : node::Exit::refused, what, why, hint);
    }

    HttpOptions options_;
    std::string address_, pin_;
    std::unique_ptr<CURLM, MultiDeleter> multi_;
    std::unique_ptr<CURL, EasyDeleter> easy_;
};

}  // namespace

std::unique_ptr<Transport> http_transport(const std::string& url, const HttpOptions& options) { return std::make_unique<HttpTransport>(url, options); }

}  // namespace paprsek::sync
