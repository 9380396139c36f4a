#include "fiscal/simulator/wire.h"

#include <algorithm>
#include <array>

namespace paprsek::fiscal::simulator {

std::string_view print(ByteFault fault) {
    static constexpr std::array names = {"none", "cut", "restart", "drop", "twice", "delay", "corrupt", "killed"};
    return names.at(static_cast<std::size_t>(fault));
}

class Wire::End final : public Transport {
public:
    End(Wire& wire, std::int64_t connection) : wire_(wire), connection_(connection) {}

    std::int64_t now_ms() override { return wire_.now_ms; }
    const std::string& address() const override { return address_; }
    void pause(int ms) override { wire_.now_ms += ms; }

    void write(ByteView bytes, std::int64_t) override {
        check();
        for (unsigned char byte : bytes) {
            const Fate fate = wire_.fate(byte);
            check();
            if (fate == Fate::delay) wire_.now_ms += 2'000;
            for (int times = fate == Fate::drop ? 0 : fate == Fate::twice ? 2 : 1; times > 0; --times) wire_.machine_.receive(byte, wire_.now_ms);
        }
    }

    std::size_t read(std::span<unsigned char> into, std::int64_t deadline_ms) override {
        check();
        std::size_t count = 0;
        while (count + 1 < into.size()) {
            const bool held = !wire_.held_.empty();
            const auto at = held ? std::optional(wire_.held_until_) : wire_.machine_.next_at();
            if (!at || *at > (count ? wire_.now_ms : std::max(deadline_ms, wire_.now_ms))) break;
            wire_.now_ms = std::max(wire_.now_ms, *at);
            if (held) {
                into[count++] = wire_.held_.front();
                wire_.held_.erase(0, 1);
                continue;
            }
            unsigned char byte = wire_.machine_.send();
            const Fate fate = wire_.fate(byte);
            check();
            if (fate == Fate::delay) {
                wire_.held_ += byte;
                wire_.held_until_ = wire_.now_ms + 2'000;
            }
            if (fate == Fate::pass || fate == Fate::twice) into[count++] = byte;
            if (fate == Fate::twice) into[count++] = byte;
        }
        if (wire_.machine_.take_line_drop()) wire_.connection_++;
        check();
        if (!count) wire_.now_ms = std::max(wire_.now_ms, deadline_ms);
        return count;
    }

private:
    void check() const {
        if (wire_.connection_ != connection_) throw LinkLost("the line was cut");
    }
    Wire& wire_;
    std::int64_t connection_;
    std::string address_ = "memory";
};

Wire::Fate Wire::fate(unsigned char& byte) {
    if (passed++ != fault_at) return Fate::pass;
    switch (fault) {
        case ByteFault::none:
            return Fate::pass;
        case ByteFault::cut:
            ++connection_;
            return Fate::drop;
        case ByteFault::restart:
            machine_.restart(now_ms);
            return Fate::drop;
        case ByteFault::drop:
            return Fate::drop;
        case ByteFault::twice:
            return Fate::twice;
        case ByteFault::delay:
            return Fate::delay;
        case ByteFault::corrupt:
            byte ^= 0x04;
            return Fate::pass;
        case ByteFault::killed:
            throw Killed{};
    }
    return Fate::pass;
}

std::unique_ptr<Transport> Wire::open() {
    machine_.new_line();
    held_.clear();
    return std::make_unique<End>(*this, ++connection_);
}

}  // namespace paprsek::fiscal::simulator
