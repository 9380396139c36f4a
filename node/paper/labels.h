// Shelf labels with a price and a barcode that a scanner reads (T15), on sheets of 3 × 8 for A4.
#pragma once
#include <string>
#include <vector>

#include "node/base/decimal.h"

namespace paprsek::node {

struct Label {
    std::string name;
    std::string price;  ///< as it is printed, with the currency
    std::string code;   ///< EAN-13, EAN-8 and UPC-A with a right check digit as such, any other as Code 128
};

/// At most 10,000 labels. Throws Error: refused for a code that no barcode can carry (it names the product), operating where the disk refuses.
void write_labels(const std::vector<Label>& labels, const std::string& path);

}  // namespace paprsek::node
