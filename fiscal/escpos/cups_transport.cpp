#include "fiscal/escpos/cups_transport.h"

#include <cups/cups.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "node/base/error.h"

namespace paprsek::fiscal {
namespace {

using Http = std::unique_ptr<http_t, decltype(&httpClose)>;
using IppAnswer = std::unique_ptr<ipp_t, decltype(&ippDelete)>;

constexpr int connect_ms = 3'000, poll_ms = 100;

std::string uri_of(const std::string& queue) {
    char uri[1024];
    httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof uri, "ipp", nullptr, "localhost", 0, "/printers/%s", queue.c_str());
    return uri;
}

/// A question about the queue or one of its jobs; nothing where CUPS does not answer it.
IppAnswer ask(http_t* http, ipp_op_t what, const std::string& queue, int job, const char* attribute) {
    ipp_t* request = ippNewRequest(what);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri_of(queue).c_str());
    if (job) ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, cupsUser());
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", nullptr, attribute);
    return {cupsDoRequest(http, request, ("/printers/" + queue).c_str()), &ippDelete};
}

int number_in(const IppAnswer& answer, const char* attribute) {
    if (!answer || ippGetStatusCode(answer.get()) > IPP_STATUS_OK_CONFLICTING) return 0;
    ipp_attribute_t* found = ippFindAttribute(answer.get(), attribute, IPP_TAG_ENUM);
    return found ? ippGetInteger(found, 0) : 0;
}

class CupsTransport final : public Transport {
public:
    CupsTransport(Http http, std::string queue, std::string address) : http_(std::move(http)), queue_(std::move(queue)), address_(std::move(address)) {}

    std::int64_t now_ms() override { return steady_ms(); }
    const std::string& address() const override { return address_; }
    void pause(int ms) override { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }
    std::size_t read(std::span<unsigned char>, std::int64_t) override { return 0; }

    void write(ByteView bytes, std::int64_t deadline_ms) override {
        const int job = cupsCreateJob(http_.get(), queue_.c_str(), "receipt", 0, nullptr);
        if (job == 0) lost();
        bool sent = cupsStartDocument(http_.get(), queue_.c_str(), job, "receipt", CUPS_FORMAT_RAW, 1) == HTTP_STATUS_CONTINUE;
        sent = sent && cupsWriteRequestData(http_.get(), reinterpret_cast<const char*>(bytes.data()), bytes.size()) == HTTP_STATUS_CONTINUE;
        sent = cupsFinishDocument(http_.get(), queue_.c_str()) <= IPP_STATUS_OK_CONFLICTING && sent;
        if (!sent) {
            const std::string why = cupsLastErrorString();
            cupsCancelJob2(http_.get(), queue_.c_str(), job, 1);
            throw LinkLost(address_ + ": " + why);
        }
        wait_for(job, deadline_ms);
    }

private:
    [[noreturn]] void lost() const { throw LinkLost(address_ + ": " + cupsLastErrorString()); }

    void wait_for(int job, std::int64_t deadline_ms) {
        for (bool waits = true; waits; pause(poll_ms)) {
            switch (number_in(ask(http_.get(), IPP_OP_GET_JOB_ATTRIBUTES, queue_, job, "job-state"), "job-state")) {
                case IPP_JSTATE_COMPLETED:
                    return;
                case IPP_JSTATE_CANCELED:
                    throw LinkLost(fmt::format("{}: somebody cancelled job {}", address_, job));
                case IPP_JSTATE_ABORTED:
                    throw LinkLost(fmt::format("{}: CUPS gave job {} up", address_, job));
                default:
                    break;
            }
            if (now_ms() >= deadline_ms) break;
            pause(poll_ms);
        }
        cupsCancelJob2(http_.get(), queue_.c_str(), job, 1);
        throw LinkLost(fmt::format("{}: job {} was not printed in time, and is cancelled", address_, job));
    }

    Http http_;
    std::string queue_, address_;
};

}  // namespace

std::unique_ptr<Transport> open_cups(const std::string& queue, const std::string& address) {
    Http http(httpConnect2(cupsServer(), ippPort(), nullptr, AF_UNSPEC, cupsEncryption(), 1, connect_ms, nullptr), &httpClose);
    if (!http) node::fail(address, fmt::format("cannot be reached: no CUPS at {}", cupsServer()), "is the service cups running?");
    const int state = number_in(ask(http.get(), IPP_OP_GET_PRINTER_ATTRIBUTES, queue, 0, "printer-state"), "printer-state");
    if (state == 0) node::fail(address, fmt::format("is no queue: {}", cupsLastErrorString()), "lpstat -p lists them");
    if (state == IPP_PSTATE_STOPPED) node::fail(address, "is stopped", "cupsenable " + queue + " starts it again");
    return std::make_unique<CupsTransport>(std::move(http), queue, address);
}

}  // namespace paprsek::fiscal
