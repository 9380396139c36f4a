#include "fiscal/datecs/frame.h"

#include <cassert>

namespace paprsek::fiscal::datecs {
namespace {

constexpr unsigned char begin_mark = 0x01, end_mark = 0x03, status_mark = 0x04, body_end = 0x05;
constexpr std::size_t max_frame = 1024;

void put_nibbles(Bytes& bytes, std::size_t value) {
    for (int shift = 12; shift >= 0; shift -= 4) bytes += static_cast<unsigned char>(0x30 + ((value >> shift) & 0xF));
}

std::optional<std::size_t> nibbles(ByteView bytes, std::size_t at) {
    std::size_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        if (bytes[i] < 0x30 || bytes[i] > 0x3F) return std::nullopt;
        value = value * 16 + (bytes[i] - 0x30u);
    }
    return value;
}

std::size_t sum_of(ByteView bytes) {
    std::size_t sum = 0;
    for (const unsigned char byte : bytes) sum += byte;
    return sum & 0xFFFF;
}

/// `frame` without its marks: LEN … 05 B1…B4.
std::optional<Message> decode(Form form, Reader::Side side, ByteView frame) {
    const bool x = form == Form::x, reply = side == Reader::Side::host;
    const std::size_t head = x ? 9 : 3, status = reply ? (x ? 8 : 6) : 0, tail = status + (reply ? 1 : 0) + 1;
    if (frame.size() < head + tail + 4) return std::nullopt;
    const ByteView body = frame.substr(0, frame.size() - 4);
    const auto bcc = nibbles(frame, frame.size() - 4);
    if (!bcc || *bcc != sum_of(body) || body.back() != body_end) return std::nullopt;
    const auto length = x ? nibbles(body, 0) : std::optional<std::size_t>(body[0]);
    if (!length || *length != body.size() + 0x20) return std::nullopt;
    Message message;
    message.sequence = body[x ? 4 : 1];
    const auto command = x ? nibbles(body, 5) : std::optional<std::size_t>(body[2]);
    if (!command || message.sequence < first_sequence) return std::nullopt;
    message.command = static_cast<int>(*command);
    if (reply) {
        if (body[body.size() - tail] != status_mark) return std::nullopt;
        for (std::size_t i = body.size() - tail + 1; i + 1 < body.size(); ++i) {
            if (body[i] < 0x80) return std::nullopt;
            message.status.push_back(body[i]);
        }
    }
    message.data.assign(body.begin() + static_cast<std::ptrdiff_t>(head), body.end() - static_cast<std::ptrdiff_t>(tail));
    return message;
}

}  // namespace

Bytes encode(Form form, const Message& message) {
    const std::size_t status = message.status.empty() ? 0 : message.status.size() + 1;
    Bytes body;
    if (form == Form::x) {
        put_nibbles(body, 0x20 + 4 + 1 + 4 + message.data.size() + status + 1);
        body += message.sequence;
        put_nibbles(body, static_cast<std::size_t>(message.command));
    } else {
        const std::size_t length = 0x20 + 3 + message.data.size() + status + 1;
        assert(length <= 0xFF);
        body += static_cast<unsigned char>(length);
        body += message.sequence;
        body += static_cast<unsigned char>(message.command);
    }
    body.append(message.data.begin(), message.data.end());
    if (status) {
        body += status_mark;
        body.append(message.status.begin(), message.status.end());
    }
    body += body_end;
    Bytes bytes(1, begin_mark);
    bytes += body;
    put_nibbles(bytes, sum_of(body));
    bytes += end_mark;
    return bytes;
}

void Reader::feed(ByteView bytes) { pending_.append(bytes); }

Reader::Event Reader::close_frame() {
    Event event;
    if (auto message = decode(form_, side_, frame_)) event = {Kind::message, std::move(*message)};
    inside_ = false;
    frame_.clear();
    return event;
}

std::optional<Reader::Event> Reader::next() {
    std::size_t used = 0;
    std::optional<Event> event;
    while (used < pending_.size() && !event) {
        const unsigned char byte = pending_[used];
        if (!inside_) {
            ++used;
            if (byte == begin_mark)
                inside_ = true;
            else if (byte == nak || byte == syn)
                event = Event{byte == nak ? Kind::not_taken : Kind::busy, {}};
            else
                ++noise_;
        } else if (byte == begin_mark || byte == nak || byte == syn || frame_.size() > max_frame) {
            event = Event{};  // cut off; this byte begins something new
            inside_ = false;
            frame_.clear();
        } else {
            ++used;
            if (byte == end_mark)
                event = close_frame();
            else
                frame_ += byte;
        }
    }
    pending_.erase(0, used);
    return event;
}

}  // namespace paprsek::fiscal::datecs
