#include "sync/coder.h"

#include <cassert>
#include <utility>

namespace paprsek::sync {

void Coder::unpack(BytesView packed) {
    mode_ = Mode::unpack;
    packed_ = packed;
    position_ = 0;
    for (int i = 0; i < 4; ++i) value_ = value_ << 8 | next_byte();
}

std::uint8_t Coder::next_byte() {
    const std::size_t at = position_++;
    return at < packed_.size() ? packed_[at] : 0;
}

void Coder::shift() {
    if (mode_ == Mode::pack)
        out_.push_back(static_cast<std::uint8_t>(high_ >> 24));
    else
        value_ = value_ << 8 | next_byte();
    low_ <<= 8;
    high_ = high_ << 8 | 0xFF;
}

Bytes Coder::finish() {
    assert(mode_ == Mode::pack);
    // One byte lies between the two, which differ in their first: zeros are read behind it.
    out_.push_back(static_cast<std::uint8_t>((low_ >> 24) + (low_ << 8 != 0 ? 1 : 0)));
    return std::move(out_);
}

}  // namespace paprsek::sync
