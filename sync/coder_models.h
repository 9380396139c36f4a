// What packed lines are made of (sync/record_coder.cpp): numbers, letters, digits, and texts that came before. BUNDLE.md "Format 2" is the
// specification.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/coder.h"

namespace paprsek::sync {

// ----------------------------------------------------------------------------------------------------------------- numbers

/// A number, its hundreds by how many bits they have.
struct NumberModel {
    BitModel negative;
    std::array<BitModel, 64> width;                     ///< of the hundreds
    std::array<std::array<BitModel, 8>, 64> leading;    ///< the three bits after the first
    std::array<std::array<BitModel, 128>, 2> hundredth; ///< of numbers below 100, and of others
};

/// A value below `size`, a power of two, bit by bit.
template <std::size_t size>
unsigned tree(Coder& coder, std::array<BitModel, size>& models, unsigned value) {
    unsigned place = 1;
    for (unsigned bit = size / 2; bit; bit /= 2) place = place * 2 + (coder.code(models[place], value & bit) ? 1 : 0);
    return place - static_cast<unsigned>(size);
}

inline std::int64_t code_number(Coder& coder, NumberModel& model, std::int64_t value) {
    const bool negative = coder.code(model.negative, value < 0);
    const std::uint64_t size = static_cast<std::uint64_t>(value < 0 ? ~value : value);
    std::uint64_t high = size / 100;
    const unsigned width = tree(coder, model.width, static_cast<unsigned>(std::bit_width(high)));
    std::uint64_t read = width ? 1 : 0;
    unsigned context = 1;
    for (unsigned bit = width ? width - 1 : 0; bit-- > 0;) {
        const bool wanted = high >> bit & 1;
        const bool one = context < 8 ? coder.code(model.leading[width][context], wanted) : coder.code(wanted, 1u << 15);
        context = context * 2 + (one ? 1 : 0);
        read = read * 2 + (one ? 1 : 0);
    }
    const std::uint64_t low = tree(coder, model.hundredth[width > 0], static_cast<unsigned>(size % 100));
    const auto result = static_cast<std::int64_t>(read * 100 + low);
    return negative ? ~result : result;
}

// ------------------------------------------------------------------------------------------------------------------- texts

/// Likelihoods as the logarithm of their odds, in 1/256: 65,536 ÷ (1 + e^−x) at every half, straight lines between them.
class Odds {
public:
    static constexpr std::int32_t most = 12 * 256 - 1;
    Odds() {
        std::size_t filled = 0;
        for (std::int32_t x = -most; x <= most; ++x)
            while (filled <= likelihood(x) / 16) table_[filled++] = static_cast<std::int16_t>(x);
        std::fill(table_.begin() + static_cast<std::ptrdiff_t>(filled), table_.end(), static_cast<std::int16_t>(most));
    }
    /// Of a likelihood in 1/65,536.
    std::int32_t of(unsigned likelihood) const { return table_[likelihood / 16]; }
    static unsigned likelihood(std::int32_t odds) {
        static constexpr std::array<std::uint32_t, 49> halves = {
            0, 1, 1, 2, 3, 5, 8, 13, 22, 36, 60, 98, 162, 267, 439, 720, 1'179, 1'921, 3'108, 4'971, 7'812, 11'955, 17'625, 24'743, 32'768,
            40'793, 47'911, 53'581, 57'724, 60'565, 62'428, 63'615, 64'357, 64'816, 65'097, 65'269, 65'374, 65'438, 65'476, 65'500, 65'514,
            65'523, 65'528, 65'531, 65'533, 65'534, 65'535, 65'535, 65'536};
        const auto at = static_cast<std::uint32_t>(std::clamp(odds, -most, most) + 12 * 256);
        return (halves[at / 128] * (128 - at % 128) + halves[at / 128 + 1] * (at % 128)) / 128;
    }

private:
    std::array<std::int16_t, 4096> table_{};
};

/// Letters, each foreseen from the up to five before it. Which of these contexts foresees best is learnt as well.
class Speller {
public:
    static constexpr unsigned char end = '\n';

    /// `scope`: 0 or 1, kinds of text that have no letters in common.
    void begin(std::uint32_t scope) {
        scope_ = scope;
        before_ = 0;
        find_contexts();
    }
    unsigned char letter(Coder& coder, unsigned char wanted) {
        find_models(0);
        const unsigned high = half(coder, wanted >> 4);
        find_models(high + 1);
        const auto letter = static_cast<unsigned char>(high << 4 | half(coder, wanted & 15));
        before_ = before_ << 8 | letter;
        find_contexts();
        return letter;
    }

private:
    static constexpr std::array<int, 4> lengths = {1, 2, 3, 5};
    static constexpr std::size_t orders = lengths.size();
    static constexpr int table_bits = 18;
    static constexpr std::int32_t one = 1 << 16;
    using Weights = std::array<std::array<std::int32_t, orders>, orders + 1>;
    static Weights first_weights() {
        Weights weights;
        for (auto& each : weights) each.fill(one / 3);
        return weights;
    }

    unsigned half(Coder& coder, unsigned wanted) {
        unsigned place = 1;
        for (int shift = 3; shift >= 0; --shift) place = place * 2 + (bit(coder, place, wanted >> shift & 1) ? 1 : 0);
        return place & 15;
    }
    bool bit(Coder& coder, unsigned place, bool wanted) {
        std::array<std::int32_t, orders> odds;
        std::size_t longest = 0;
        for (std::size_t i = 0; i < orders; ++i) {
            const BitModel& model = models_[i][place];
            odds[i] = odds_.of(model.one);  // 0 of what has seen nothing
            longest = model.seen ? i + 1 : longest;
        }
        auto& weights = weights_[scope_][longest];
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < orders; ++i) sum += std::int64_t{weights[i]} * odds[i];
        const unsigned likelihood = std::clamp<unsigned>(Odds::likelihood(static_cast<std::int32_t>(sum >> 16)), 32, 65'536 - 32);
        const bool result = coder.code(wanted, likelihood);
        const std::int32_t error = (result ? 65'536 : 0) - static_cast<std::int32_t>(likelihood);
        for (std::size_t i = 0; i < orders; ++i) {
            weights[i] = std::clamp(weights[i] + (odds[i] * error >> 14), -8 * one, 8 * one);
            models_[i][place].learn(result, 60);
        }
        return result;
    }
    void find_contexts() {
        for (std::size_t i = 0; i < orders; ++i) {
            const std::uint64_t letters = before_ & ((std::uint64_t{1} << (8 * lengths[i])) - 1);
            contexts_[i] = (letters * 0x9E37'79B9'7F4A'7C15u + (scope_ * orders + i) * 0xD1B5'4A32'D192'ED03u) * 0x9E37'79B9'7F4A'7C15u;
        }
    }
    /// Of the half of a letter: fifteen bits that lie together.
    void find_models(unsigned half) {
        for (std::size_t i = 0; i < orders; ++i)
            models_[i] = &table_[((contexts_[i] + half * 0xA24B'AED4'963E'E407u) * 0x9E37'79B9'7F4A'7C15u >> (64 - table_bits + 4)) * 16];
    }
    Odds odds_;
    std::vector<BitModel> table_ = std::vector<BitModel>(std::size_t{1} << table_bits);
    std::array<Weights, 2> weights_ = {first_weights(), first_weights()};  ///< by scope
    std::uint64_t before_ = 0;
    std::uint32_t scope_ = 0;
    std::array<std::uint64_t, orders> contexts_{};
    std::array<BitModel*, orders> models_{};
};

/// Texts of digits alone, such as codes and numbers of cards: as long as they begin like the last one, by that; then by their places.
class DigitSpeller {
public:
    static constexpr std::size_t most = 63;
    static bool fits(std::string_view text) {
        return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    }
    /// Nothing of the packed bytes is certain: also what is no digit may come.
    std::string spell(Coder& coder, std::string_view text) {
        std::string digits(tree(coder, length_, static_cast<unsigned>(text.size())), '0');
        bool same = true;
        for (std::size_t i = 0; i < digits.size(); ++i) {
            const std::size_t place = std::min(i, places - 1);
            const char wanted = i < text.size() ? text[i] : '0';
            same = same && i < last_.size() && coder.code(same_[place], wanted == last_[i]);
            digits[i] = same ? last_[i] : static_cast<char>('0' + tree(coder, digit_[place], static_cast<unsigned>(wanted - '0')));
        }
        return last_ = digits;
    }

private:
    static constexpr std::size_t places = 16;
    std::string last_;
    std::array<BitModel, most + 1> length_;
    std::array<BitModel, places> same_;
    std::array<std::array<BitModel, 16>, places> digit_;
};

/// The texts that have stood under one key, and how often.
class Dictionary {
public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;  ///< no text's
    std::uint32_t find(std::string_view text) const {
        const auto found = ids_.find(text);
        return found == ids_.end() ? none : found->second;
    }
    std::uint32_t add(std::string_view text) {
        const auto id = static_cast<std::uint32_t>(texts_.size());
        ids_.emplace(texts_.emplace_back(text), id);
        // What a Fenwick tree's new node sums up: those before it that it covers, and itself.
        std::uint32_t sum = 1;
        for (std::uint32_t step = 1, at = id + 1; !(at & step); step *= 2) sum += sums_[at - step];
        sums_.push_back(sum);
        ++total_;
        return id;
    }
    std::string_view text(std::uint32_t id) const { return texts_[id]; }
    std::size_t size() const { return texts_.size(); }
    /// One of those that stand here, by how often each was met.
    std::uint32_t choose(Coder& coder, std::uint32_t wanted) {
        std::uint32_t place = 0;
        std::uint64_t all = total_;
        for (auto step = static_cast<std::uint32_t>(std::bit_floor(size())); step; step /= 2) {
            if (place + step > size()) continue;
            const std::uint64_t left = sums_[place + step], right = all - left;
            bool above = wanted >= place + step;
            if (right == 0)
                above = false;
            else if (left == 0)
                above = true;
            else
                above = coder.code(above, static_cast<unsigned>(std::clamp<std::uint64_t>(right * 65'536 / all, 1, 65'535)));
            if (above) place += step;
            all = above ? right : left;
        }
        count(place);
        return place;
    }
    BitModel known, of_digits;  ///< of the next text
    DigitSpeller digits;

private:
    void count(std::uint32_t id) {
        for (std::uint32_t at = id + 1; at <= size(); at += at & (~at + 1)) ++sums_[at];
        ++total_;
    }
    std::deque<std::string> texts_;
    std::unordered_map<std::string_view, std::uint32_t> ids_;
    std::vector<std::uint32_t> sums_ = {0};  ///< a Fenwick tree, from 1
    std::uint64_t total_ = 0;
};

}  // namespace paprsek::sync
