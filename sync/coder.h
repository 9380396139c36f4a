// An adaptive binary arithmetic coder: a bit costs as little as its model could foresee it. The same calls pack, unpack and learn, so
// that what describes a text is written once (sync/record_coder.cpp). BUNDLE.md "Format 2" is the specification.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "sync/files.h"

namespace paprsek::sync {

/// How likely the next bit is a 1, in 1/65,536, learnt from those before: the n-th one counts 1/(n + 1.5), at most `limit` of them.
struct BitModel {
    std::uint16_t one = 1u << 15;
    std::uint16_t seen = 0;

    static constexpr unsigned most_seen = 255;
    void learn(bool bit, unsigned limit = most_seen) {
        const std::int32_t difference = (bit ? 65'535 : 0) - static_cast<std::int32_t>(one);
        one = static_cast<std::uint16_t>(one + static_cast<std::int32_t>(std::int64_t{difference} * shares[seen] >> 16));
        if (seen < limit) ++seen;
    }

private:
    /// 65,536 ÷ (n + 1.5), rounded down: no division for each bit.
    static constexpr auto shares = [] {
        std::array<std::uint16_t, most_seen + 1> table{};
        for (std::uint32_t n = 0; n < table.size(); ++n) table[n] = static_cast<std::uint16_t>(131'072 / (2 * n + 3));
        return table;
    }();
};

class Coder {
public:
    /// Learns from what it is given, and writes nothing, until pack() or unpack().
    Coder() = default;
    void pack() { mode_ = Mode::pack; }
    /// Reads `packed`, which must live as long.
    void unpack(BytesView packed);
    bool unpacking() const { return mode_ == Mode::unpack; }
    /// Learns again, and leaves what is packed as it is, until resume().
    void pause() { paused_ = std::exchange(mode_, Mode::learn); }
    void resume() { mode_ = paused_; }

    /// The bit that was packed; `bit` itself when packing or learning. `one`: its likelihood of being 1, from 1 to 65,535.
    [[gnu::always_inline]] bool code(bool bit, unsigned one) {
        if (mode_ == Mode::learn) return bit;
        const std::uint32_t middle = low_ + static_cast<std::uint32_t>(std::uint64_t{high_ - low_} * one >> 16);
        if (mode_ == Mode::unpack) bit = value_ <= middle;
        if (bit)
            high_ = middle;
        else
            low_ = middle + 1;
        while ((low_ ^ high_) >> 24 == 0) shift();
        return bit;
    }
    bool code(BitModel& model, bool bit) {
        // No bit is taken for certain.
        bit = code(bit, std::clamp<unsigned>(model.one, least, 65'536 - least));
        model.learn(bit);
        return bit;
    }

    /// What was packed; call once, at the end.
    Bytes finish();
    /// Unpacking: whether all was read, and nothing beyond it.
    bool at_end() const { return position_ == packed_.size() + padding; }
    /// Unpacking: more was read than there is, so that what comes means nothing any more.
    bool beyond_end() const { return position_ > packed_.size() + padding; }

private:
    enum class Mode { learn, pack, unpack };
    static constexpr unsigned least = 16;
    static constexpr std::size_t padding = 3;  ///< zero bytes that are read behind the packed ones
    void shift();
    std::uint8_t next_byte();
    Mode mode_ = Mode::learn, paused_ = Mode::learn;
    std::uint32_t low_ = 0, high_ = 0xFFFF'FFFF, value_ = 0;
    Bytes out_;
    BytesView packed_;
    std::size_t position_ = 0;
};

}  // namespace paprsek::sync
