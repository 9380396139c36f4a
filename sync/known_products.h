// Products that a bundle of facts is packed by (BUNDLE.md "Format 4"): rows of HQ's state that the branch holds and HQ can look up.
#pragma once
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/state.h"

namespace paprsek::sync {

/// What a reader can be made to look up for one bundle.
inline constexpr std::size_t max_known_products = 1000;
/// Of all their codes: they stand in the text's first line, beside what else it says.
inline constexpr std::size_t max_known_codes_bytes = 24u << 10;
/// Of the lines that the packing learns from them.
inline constexpr std::size_t max_product_lines_bytes = 1u << 20;

/// As the first line names them; none: no codes.
struct KnownProducts {
    std::vector<std::string> codes;  ///< ascending
    std::string digest;              ///< ProductWriter::digest() of the sender
};

/// Adds the codes that the lines of a fact name, as long as max_known_products and max_known_codes_bytes allow. `body` is canonical JSON.
class SoldCodes {
public:
    void add(std::string_view body);
    /// Takes away those that `text`, facts or lines of them, names as well.
    void remove(std::string_view text);
    const std::set<std::string, std::less<>>& codes() const { return codes_; }

private:
    std::set<std::string, std::less<>> codes_;
    std::size_t bytes_ = 0;
};

/// Products as the lines that the packing learns: as if they had been sold together. The same codes and rows give the same lines.
class ProductWriter {
public:
    /// In the order of their codes. False, and nothing is added, beyond the bounds above.
    bool add(std::string_view code, const node::ProductRow& row);
    const std::vector<std::string>& codes() const { return codes_; }
    std::vector<std::string> lines() const;
    /// Tells in 8 letters whether both sides mean the same rows. It proves nothing: that the facts came out right, their hashes prove.
    std::string digest() const;

private:
    std::vector<std::string> codes_;
    std::vector<std::string> products_;  ///< JSON
    std::size_t codes_bytes_ = 0, bytes_ = 0;
};

}  // namespace paprsek::sync
