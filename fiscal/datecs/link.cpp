#include "fiscal/datecs/link.h"

#include <algorithm>
#include <array>

namespace paprsek::fiscal::datecs {

void Link::send(const Bytes& bytes) {
    // At the slowest speed of all (1200 baud) the longest frame takes 2 s.
    transport_.write(bytes, transport_.now_ms() + 5'000);
    traffic_.bytes_out += static_cast<std::int64_t>(bytes.size());
}

/// What is still there belongs to older requests.
void Link::drain() {
    std::array<unsigned char, 256> buffer;
    for (std::size_t rounds = 0; rounds < 64; ++rounds) {
        const std::size_t count = transport_.read(buffer, transport_.now_ms());
        if (!count) break;
        traffic_.strange += static_cast<std::int64_t>(count);
    }
    reader_.forget();
}

Link::Heard Link::listen(int command, Message& reply) {
    const std::int64_t give_up = transport_.now_ms() + patience_.busy_ms;
    std::int64_t deadline = transport_.now_ms() + patience_.reply_ms;
    std::array<unsigned char, 512> buffer;
    for (;;) {
        while (auto event = reader_.next()) {
            switch (event->kind) {
                case Reader::Kind::not_taken:
                    return Heard::not_taken;
                case Reader::Kind::damaged:
                    return Heard::damaged;
                case Reader::Kind::busy:
                    deadline = std::min(give_up, transport_.now_ms() + patience_.reply_ms);
                    break;
                case Reader::Kind::message:
                    if (event->message.sequence == sequence_ && event->message.command == command) {
                        reply = std::move(event->message);
                        return Heard::reply;
                    }
                    ++traffic_.strange;  // late or doubled: of a request before
            }
        }
        const std::size_t count = transport_.read(buffer, deadline);
        if (!count) return Heard::silence;
        traffic_.bytes_in += static_cast<std::int64_t>(count);
        reader_.feed({buffer.data(), count});
        // A frame at the slowest speed takes longer than the silence that ends the waiting.
        if (transport_.now_ms() < give_up) deadline = std::max(deadline, std::min(give_up, transport_.now_ms() + patience_.reply_ms));
    }
}

Link::Exchange Link::ask(int command, const std::string& data, Changes changes) {
    sequence_ = after(sequence_);
    const Bytes bytes = encode(form_, {command, sequence_, data, {}});
    drain();
    ++traffic_.requests;
    Heard heard = Heard::silence;
    bool replied = false;  // damaged, but a reply: it may have been done
    for (int attempt = 0; attempt < patience_.tries; ++attempt) {
        if (attempt) ++traffic_.repeated;
        send(bytes);
        Exchange exchange;
        heard = listen(command, exchange.reply);
        if (heard == Heard::reply) {
            exchange.outcome = Outcome::answered;
            return exchange;
        }
        replied = replied || heard == Heard::damaged;
        if (heard == Heard::silence && changes == Changes::something) break;
    }
    return {heard == Heard::not_taken && !replied ? Outcome::not_taken : Outcome::silent, {}};
}

}  // namespace paprsek::fiscal::datecs
