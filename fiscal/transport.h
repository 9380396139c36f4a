// A line to a device: bytes out, bytes in, and the time by which they have to be there.
//
// Time is the line's own: milliseconds that only go forward. A line in memory moves it on when nothing more can come, so that
// tests of timeouts neither sleep nor race.
// Threads: a Transport belongs to one thread at a time.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace paprsek::fiscal {

/// The line is gone (cable, socket, device file). What was written last may have arrived or not.
struct LinkLost : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Bytes = std::basic_string<unsigned char>;
using ByteView = std::basic_string_view<unsigned char>;

class Transport {
public:
    virtual ~Transport() = default;
    virtual std::int64_t now_ms() = 0;
    /// All of `bytes`, or LinkLost: where the line takes nothing until `deadline_ms`, too.
    virtual void write(ByteView bytes, std::int64_t deadline_ms) = 0;
    /// Waits for at least one byte until `deadline_ms`; returns how many it put into `into`, 0 = the time has passed.
    /// Throws LinkLost.
    virtual std::size_t read(std::span<unsigned char> into, std::int64_t deadline_ms) = 0;
    /// Lets time pass, for a device that wants it.
    virtual void pause(int ms) = 0;
    /// "tcp:192.0.2.7:9100", for messages.
    virtual const std::string& address() const = 0;
};

/// The time of a line outside of memory.
inline std::int64_t steady_ms() { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Opens the line that an address names:
///   serial:/dev/ttyUSB0@9600   a serial port or any tty, 8N1, no flow control (speed 115200 where none is given)
///   tcp:HOST:PORT              raw bytes
///   file:/dev/usb/lp0          a device file; what cannot be read from answers nothing
///   cups:QUEUE                 a CUPS queue, raw; each write is a job, done when CUPS says so, and nothing answers
/// Throws as check_address(), and node::Error (operating) where it cannot be opened.
std::unique_ptr<Transport> open_transport(std::string_view address, int connect_ms = 2000);
/// Opens nothing. Throws node::Error (wrong usage) for what is no address of a device.
void check_address(std::string_view address);

}  // namespace paprsek::fiscal
