// Products that a bundle of facts is packed by (BUNDLE.md "Format 4"): rows of HQ's state that the branch holds and HQ can look up.
#pragma once
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/state.h"

namespace paprsek::sync {

/// What a reader can be made to look up for one bundle.
inline constexpr std::size_t max_known_products = 1000;
/// Of the lines that the packing learns from them.
inline constexpr std::size_t max_product_lines_bytes = 1u << 20;
/// Fewer are not worth the looking up: to name them takes as long as to say them.
inline constexpr std::size_t fewest_known_products = 8;

/// As the first line names them; none: no places.
struct KnownProducts {
    std::vector<std::int64_t> places;  ///< ascending: of their codes among all of the state, from 0
    std::string digest;                ///< ProductWriter::digest() of the sender
};

/// The codes that the lines of facts name, max_known_products at most.
class SoldCodes {
public:
    /// `body` is canonical JSON.
    void add(std::string_view body);
    /// Takes away those that `text`, facts or lines of them, names as well.
    void remove(std::string_view text);
    const std::set<std::string, std::less<>>& codes() const { return codes_; }

private:
    std::set<std::string, std::less<>> codes_;
};

/// Products as the lines that the packing learns: as if they had been sold together. The same codes and rows give the same lines.
class ProductWriter {
public:
    /// In the order of their places. False, and nothing is added, beyond the bounds above.
    bool add(std::int64_t place, std::string_view code, const node::ProductRow& row);
    const std::vector<std::int64_t>& places() const { return places_; }
    std::vector<std::string> lines() const;
    /// Tells in 8 letters whether both sides mean the same rows. It proves nothing: that the facts came out right, their hashes prove.
    std::string digest() const;

private:
    std::vector<std::int64_t> places_;
    std::vector<std::string> products_;  ///< JSON
    std::size_t bytes_ = 0;
};

}  // namespace paprsek::sync
