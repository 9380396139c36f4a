// Serial ports, sockets and device files by Boost.Asio: one class, for all of them read and write with a deadline.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/serial_port.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <thread>

#include "fiscal/escpos/cups_transport.h"
#include "fiscal/transport.h"
#include "node/base/error.h"

namespace paprsek::fiscal {
namespace {

namespace asio = boost::asio;
using Milliseconds = std::chrono::milliseconds;

/// What went wrong with a line, for somebody who can look at its cable; what nobody foresaw in the system's words.
std::string words_of(const boost::system::error_code& error) {
    using boost::system::errc::make_error_condition;
    namespace errc = boost::system::errc;
    struct Said {
        errc::errc_t error;
        const char* words;
    };
    static constexpr Said said[] = {
        {errc::connection_refused, "nothing answers at this address"},
        {errc::timed_out, "no answer came in time"},
        {errc::host_unreachable, "the network does not lead there"},
        {errc::network_unreachable, "the network does not lead there"},
        {errc::network_down, "the network is down"},
        {errc::no_such_file_or_directory, "there is no such device"},
        {errc::no_such_device, "there is no such device"},
        {errc::no_such_device_or_address, "there is no such device"},
        {errc::permission_denied, "this user may not use the device"},
        {errc::operation_not_permitted, "this user may not use the device"},
        {errc::device_or_resource_busy, "another program uses the device"},
        {errc::io_error, "the device was pulled out or is broken"},
        {errc::connection_reset, "the device closed the line"},
        {errc::broken_pipe, "the device closed the line"},
        {errc::inappropriate_io_control_operation, "it is no serial line"},
    };
    if (error == asio::error::eof) return "the device closed the line";
    if (error == asio::error::operation_aborted) return "the device takes nothing";
    if (error == asio::error::host_not_found || error == asio::error::host_not_found_try_again || error == asio::error::no_data)
        return "no device of this name is known";
    for (const Said& each : said)
        if (error == make_error_condition(each.error)) return each.words;
    return error.message();
}

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

template <class Stream>
class AsioTransport final : public Transport {
public:
    AsioTransport(std::unique_ptr<asio::io_context> context, Stream stream, std::string address)
        : context_(std::move(context)), stream_(std::move(stream)), address_(std::move(address)) {}

    std::int64_t now_ms() override { return steady_ms(); }
    const std::string& address() const override { return address_; }
    void pause(int ms) override { std::this_thread::sleep_for(Milliseconds(ms)); }

    void write(ByteView bytes, std::int64_t deadline_ms) override {
        boost::system::error_code error = asio::error::would_block;
        asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()), [&](boost::system::error_code code, std::size_t) { error = code; });
        run(deadline_ms);
        if (error) lost(error);
    }

    std::size_t read(std::span<unsigned char> into, std::int64_t deadline_ms) override {
        boost::system::error_code error = asio::error::would_block;
        std::size_t count = 0;
        stream_.async_read_some(asio::buffer(into.data(), into.size()), [&](boost::system::error_code code, std::size_t read) {
            error = code;
            count = read;
        });
        run(deadline_ms);
        if (error == asio::error::operation_aborted) return 0;
        if (error) lost(error);
        return count;
    }

private:
    /// Until the one operation is done; past the deadline it is cancelled, so that its buffer is nobody's any more.
    void run(std::int64_t deadline_ms) {
        context_->restart();
        context_->run_for(Milliseconds(std::max<std::int64_t>(0, deadline_ms - steady_ms())));
        if (context_->stopped()) return;
        boost::system::error_code ignored;
        stream_.cancel(ignored);
        context_->run();
    }
    [[noreturn]] void lost(const boost::system::error_code& error) {
        throw LinkLost(address_ + ": " + words_of(error));
    }

    std::unique_ptr<asio::io_context> context_;
    Stream stream_;
    std::string address_;
};

[[noreturn]] void cannot_open(const std::string& address, const std::string& why) {
    node::fail(address, "cannot be opened: " + why, "check the cable, and that the device is switched on");
}

unsigned serial_speed(std::string_view rest, const std::string& address) {
    unsigned speed = 115'200;
    const auto at = rest.find('@');
    if (at == std::string_view::npos) return speed;
    const std::string_view digits = rest.substr(at + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), speed);
    if (error != std::errc{} || end != digits.data() + digits.size() || speed < 1200 || speed > 115'200)
        throw node::Error(node::Exit::usage, address, "has no speed after the @", "1200 to 115200, as in serial:/dev/ttyUSB0@9600");
    return speed;
}

/// Where the port of "HOST:PORT" begins.
std::size_t port_colon(std::string_view rest, const std::string& address) {
    const auto colon = rest.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size())
        throw node::Error(node::Exit::usage, address, "has no port", "write it as tcp:192.0.2.7:9100");
    return colon;
}

std::unique_ptr<Transport> open_serial(std::string_view rest, const std::string& address) {
    const unsigned speed = serial_speed(rest, address);
    rest = rest.substr(0, rest.find('@'));
    auto context = std::make_unique<asio::io_context>(1);
    asio::serial_port port(*context);
    boost::system::error_code error;
    port.open(std::string(rest), error);
    const auto set = [&](auto option) {
        if (!error) port.set_option(option, error);
    };
    using Port = asio::serial_port_base;
    set(Port::baud_rate(speed));
    set(Port::character_size(8));
    set(Port::parity(Port::parity::none));
    set(Port::stop_bits(Port::stop_bits::one));
    set(Port::flow_control(Port::flow_control::none));
    if (error) cannot_open(address, words_of(error));
    return std::make_unique<AsioTransport<asio::serial_port>>(std::move(context), std::move(port), address);
}

std::unique_ptr<Transport> open_tcp(std::string_view rest, const std::string& address, int connect_ms) {
    const std::size_t colon = port_colon(rest, address);
    auto context = std::make_unique<asio::io_context>(1);
    asio::ip::tcp::resolver resolver(*context);
    boost::system::error_code error;
    const auto found = resolver.resolve(std::string(rest.substr(0, colon)), std::string(rest.substr(colon + 1)), error);
    if (error) cannot_open(address, words_of(error));
    asio::ip::tcp::socket socket(*context);
    error = asio::error::timed_out;
    asio::async_connect(socket, found, [&](boost::system::error_code code, const asio::ip::tcp::endpoint&) { error = code; });
    context->run_for(Milliseconds(connect_ms));
    if (!context->stopped()) {
        socket.close();
        context->run();
        error = asio::error::timed_out;
    }
    if (error) cannot_open(address, words_of(error));
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    return std::make_unique<AsioTransport<asio::ip::tcp::socket>>(std::move(context), std::move(socket), address);
}

std::unique_ptr<Transport> open_file(std::string_view rest, const std::string& address) {
    const std::string path(rest);
    int file = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0) file = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0) cannot_open(address, words_of(last_error()));
    auto context = std::make_unique<asio::io_context>(1);
    asio::posix::stream_descriptor descriptor(*context);
    boost::system::error_code error;
    descriptor.assign(file, error);  // epoll takes no plain file
    if (error) {
        ::close(file);
        cannot_open(address, "it is a plain file, not a device");
    }
    return std::make_unique<AsioTransport<asio::posix::stream_descriptor>>(std::move(context), std::move(descriptor), address);
}

/// "tcp" and "192.0.2.7:9100".
std::pair<std::string_view, std::string_view> parts_of(std::string_view address) {
    const auto colon = address.find(':');
    return {address.substr(0, colon), colon == std::string_view::npos ? std::string_view{} : address.substr(colon + 1)};
}

}  // namespace

void check_address(std::string_view address) {
    const auto [scheme, rest] = parts_of(address);
    const std::string whole(address);
    if (scheme == "tcp") port_colon(rest, whole);
    else if (scheme == "serial" && !rest.empty()) serial_speed(rest, whole);
    else if (rest.empty() || (scheme != "file" && scheme != "cups"))
        throw node::Error(node::Exit::usage, whole, "is no address of a device",
                          "such as serial:/dev/ttyUSB0@9600, tcp:192.0.2.7:9100, file:/dev/usb/lp0 or cups:QUEUE");
}

std::unique_ptr<Transport> open_transport(std::string_view address, int connect_ms) {
    check_address(address);
    const auto [scheme, rest] = parts_of(address);
    const std::string whole(address);
    if (scheme == "serial") return open_serial(rest, whole);
    if (scheme == "tcp") return open_tcp(rest, whole, connect_ms);
    return scheme == "file" ? open_file(rest, whole) : open_cups(std::string(rest), whole);
}

}  // namespace paprsek::fiscal
