// Datecs frames, classic and X: what lies between 01 and 03, its length, checksum and status.
//
//   classic  01 LEN SEQ CMD DATA [04 S0…S5] 05 B1…B4 03     LEN: one byte, 20 + bytes from LEN to 05
//   X        01 L1…L4 SEQ C1…C4 DATA [04 S0…S7] 05 B1…B4 03  LEN and CMD: four nibbles, each + 30
//
// The part in brackets is in replies only. B1…B4: sum of all bytes from LEN to 05, as nibbles. Beside frames a device sends 15
// ("not understood") and 16 ("busy"); anything else outside a frame is noise.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fiscal/transport.h"

namespace paprsek::fiscal::datecs {

enum class Form { classic, x };

inline constexpr unsigned char nak = 0x15, syn = 0x16;
inline constexpr unsigned char first_sequence = 0x20, last_sequence = 0x7F;
/// 20 … 7F and around.
constexpr unsigned char after(unsigned char sequence) {
    return sequence < first_sequence || sequence >= last_sequence ? first_sequence : static_cast<unsigned char>(sequence + 1);
}

struct Message {
    int command = 0;
    unsigned char sequence = first_sequence;
    std::string data;                   ///< bytes as on the wire
    std::vector<unsigned char> status;  ///< of a reply: 6 bytes, X 8; of a request none
};

/// `max_data` bytes of data at most, asserted: what goes into a message is cut to size before.
Bytes encode(Form form, const Message& message);

/// Cuts what comes in into frames. Bytes may come in any portions.
class Reader {
public:
    enum class Side { host, device };  ///< which side reads: a host reads replies
    Reader(Form form, Side side) : form_(form), side_(side) {}

    enum class Kind { message, damaged, not_taken, busy };
    struct Event {
        Kind kind = Kind::damaged;
        Message message;
    };
    void feed(ByteView bytes);
    /// What has come whole; nothing = more bytes are needed. Noise between frames is passed over.
    std::optional<Event> next();
    void forget() {
        pending_.clear();
        inside_ = false;
    }
    std::size_t noise() const { return noise_; }  ///< bytes that belonged to nothing

private:
    Event close_frame();
    Form form_;
    Side side_;
    Bytes pending_;
    Bytes frame_;
    bool inside_ = false;
    std::size_t noise_ = 0;
};

}  // namespace paprsek::fiscal::datecs
